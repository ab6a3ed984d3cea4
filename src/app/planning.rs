//! Bulk work in the window: making the plan that the preview shows, taking in what a survey of the project finds while it runs, carrying
//! the plan out, and undoing what was large; each on a thread of its own.

use egui::Context;

use super::overlays::Equal;
use super::task::Task;
use super::view::Overlay;
use super::window::Shared;
use super::work::Work;
use crate::edit::Direction;
use crate::session::plan::Options;
use crate::session::step::Stepped;
use crate::session::{Command, Notice, NoticeKind, Outcome};
use crate::store::StoreError;

/// More than this is prepared on another thread.
const LARGE: usize = 1_000;

impl Work {
    /// Shows the preview for the document or the project. What was ticked in one that is open stays so.
    pub(super) fn begin_plan(
        &mut self,
        options: Option<Options>,
        project: bool,
        context: &Context,
        shared: &mut Shared,
    ) {
        let refused = |sentence: String, shared: &mut Shared| {
            shared.toasts.tell(Notice { kind: NoticeKind::Refused, sentence, undo: false });
        };
        let made = if project {
            self.session.plan_project(options).map(|(plan, survey)| (plan, Some(survey)))
        } else {
            self.session.plan(options).map(|plan| (plan, None))
        };
        let (plan, survey) = match made {
            Ok(made) => made,
            Err(sentence) => return refused(sentence, shared),
        };
        let before = match self.view.overlay.take() {
            Some(Overlay::Equal(before)) => Some(before),
            _ => None,
        };
        let equal = Equal::new(plan, survey, before, &shared.waker);
        self.open(Overlay::Equal(Box::new(equal)), context);
    }

    /// Carries out what the preview shows: a little at once, much on another thread.
    pub(super) fn mark_planned(&mut self, context: &Context, shared: &mut Shared) {
        let Some(Overlay::Equal(equal)) = &mut self.view.overlay else { return };
        let count = equal.count();
        if equal.is_empty() {
            self.close(context);
            return;
        }
        if count.mark + count.remove == 0 {
            let sentence = "Nothing is ticked".to_owned();
            shared.toasts.tell(Notice { kind: NoticeKind::Refused, sentence, undo: false });
            return;
        }
        if equal.is_busy() {
            return;
        }
        if !equal.is_project() && count.mark <= LARGE {
            let plan = equal.plan().clone();
            self.close(context);
            return self.run(Command::Apply(Box::new(plan)), shared);
        }
        equal.stop_looking();
        self.session.flush();
        let (schema, me) = (self.session.schema.clone(), self.session.annotator().clone());
        let ids = self.session.set_aside(count.mark);
        let plan = equal.plan().clone();
        match self.session.store().another() {
            Ok(store) => {
                let prepare = move |job: &crate::store::Job| plan.prepare(&*store, &schema, &me, ids, job);
                equal.preparing = Some(Task::start(&shared.waker, prepare));
            }
            Err(error) => shared.toasts.tell(failed(&error)),
        }
    }

    /// Takes in what the threads found. Called each frame; cheap.
    pub(super) fn follow_plan(&mut self, context: &Context, shared: &mut Shared) {
        let Some(Overlay::Equal(equal)) = &mut self.view.overlay else { return };
        if let Some(error) = equal.take_found() {
            shared.toasts.tell(failed(&error));
        }
        let Some(done) = equal.preparing.as_ref().and_then(Task::poll) else { return };
        equal.preparing = None;
        match done {
            Ok(Ok(marking)) => {
                self.close(context);
                self.run(Command::Commit(Box::new(marking)), shared);
            }
            Ok(Err(error)) => shared.toasts.tell(failed(&error)),
            Err(sentence) => {
                let sentence = sentence.to_owned();
                shared.toasts.tell(Notice { kind: NoticeKind::Error, sentence, undo: false });
            }
        }
    }
}

/// A large change on its way back.
pub type Stepping = (Direction, Task<Stepped>);

impl Work {
    /// Undoes or does again what is large on another thread. `false`: it is small.
    pub(super) fn begin_step(&mut self, direction: Direction, shared: &mut Shared) -> bool {
        let told = |sentence: &str, shared: &mut Shared| {
            let sentence = sentence.to_owned();
            shared.toasts.tell(Notice { kind: NoticeKind::Refused, sentence, undo: false });
        };
        if self.stepping.is_some() {
            told("A large change is on its way. One moment", shared);
            return true;
        }
        if self.session.is_saving_much() {
            told("A large change is still being saved. One moment", shared);
            return true;
        }
        if !self.session.is_large_step(direction) {
            return false;
        }
        match self.session.step_apart(direction) {
            Ok(step) => {
                self.stepping = Some((direction, Task::start(&shared.waker, move |_| step.run())));
                told(if direction == Direction::Undo { "Undoing…" } else { "Doing it again…" }, shared);
            }
            Err(error) => shared.toasts.tell(failed(&error)),
        }
        true
    }

    /// Takes in that a large change was undone. Called each frame; cheap.
    pub(super) fn follow_step(&mut self, shared: &mut Shared) {
        let Some((direction, done)) = self.stepping.as_ref().and_then(|(way, task)| Some((*way, task.poll()?))) else {
            return;
        };
        self.stepping = None;
        let outcome = match done {
            Ok(stepped) => self.session.stepped(direction, stepped),
            Err(sentence) => Outcome::error(sentence),
        };
        self.take(outcome, shared);
    }
}

fn failed(error: &StoreError) -> Notice {
    let kind = if *error == StoreError::Cancelled { NoticeKind::Refused } else { NoticeKind::Error };
    Notice { kind, sentence: error.to_string(), undo: false }
}
