//! [`Task`]: long work on a thread of its own, with progress and cancel.

use std::fmt;
use std::sync::mpsc::{Receiver, TryRecvError, channel};
use std::time::Duration;

use egui::{CornerRadius, Rect, Sense, Ui, pos2, vec2};

use super::theme::Theme;
use super::window::Waker;
use super::{fonts, parts};
use crate::store::Job;

/// Work that another thread does for the window.
pub struct Task<T> {
    job: Job,
    answer: Receiver<T>,
    /// When it was first seen, by the clock of the frames.
    since: Option<f64>,
}

/// Work that is done sooner shows nothing of itself, in seconds.
const PATIENCE: f64 = 0.2;

impl<T> fmt::Debug for Task<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Task").field("progress", &self.job.progress()).finish_non_exhaustive()
    }
}

impl<T: Send + 'static> Task<T> {
    /// Begins. The window is woken when the answer is there.
    pub fn start(waker: &Waker, work: impl FnOnce(&Job) -> T + Send + 'static) -> Self {
        let (sender, answer) = channel();
        let job = Job::default();
        let (shared, wake) = (job.clone(), waker.wake());
        std::thread::spawn(move || {
            let done = work(&shared);
            // Nobody may wait for it any more.
            let _ = sender.send(done);
            wake();
        });
        Self { job, answer, since: None }
    }

    /// The answer, once. `Err`: the work broke off.
    pub fn poll(&self) -> Option<Result<T, &'static str>> {
        match self.answer.try_recv() {
            Ok(answer) => Some(Ok(answer)),
            Err(TryRecvError::Empty) => None,
            Err(TryRecvError::Disconnected) => {
                Some(Err("Something went wrong inside the program. Nothing was changed"))
            }
        }
    }

    pub fn cancel(&self) {
        self.job.cancel();
    }

    pub fn is_cancelled(&self) -> bool {
        self.job.is_cancelled()
    }

    /// How far it is: done, of how many.
    pub fn progress(&self) -> (u64, u64) {
        self.job.progress()
    }

    /// It takes long enough to say so. Keeps the frames coming while it runs.
    pub fn is_long(&mut self, ui: &Ui) -> bool {
        let now = ui.input(|input| input.time);
        let long = now - *self.since.get_or_insert(now) >= PATIENCE;
        ui.ctx().request_repaint_after(Duration::from_millis(100));
        long
    }

    /// How far it is, as a bar. What is not counted, or not yet, is said in words alone.
    pub fn bar(&self, ui: &mut Ui, words: &str, theme: &Theme) {
        let (done, total) = self.job.progress();
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 34.0), Sense::hover());
        let share = if total == 0 { 0.0 } else { (done as f32 / total as f32).clamp(0.0, 1.0) };
        let percent = if total == 0 { String::new() } else { format!("{:.0} %", (share * 100.0).floor()) };
        let words = if self.is_cancelled() { "Cancelling…" } else { words };
        let at = pos2(rect.left(), rect.top() + 10.0);
        parts::text(ui, at, words, fonts::regular(13.0), theme.text, rect.width() - 60.0);
        let galley = parts::line(ui, &percent, fonts::regular(12.0), theme.secondary, 60.0);
        parts::put(ui.painter(), pos2(rect.right() - galley.size().x, rect.top() + 10.0), galley);
        let track = Rect::from_min_size(pos2(rect.left(), rect.bottom() - 6.0), vec2(rect.width(), 4.0));
        ui.painter().rect_filled(track, CornerRadius::same(2), theme.hairline);
        let filled = Rect::from_min_size(track.min, vec2(track.width() * share, track.height()));
        ui.painter().rect_filled(filled, CornerRadius::same(2), theme.accent);
        response.widget_info(|| {
            egui::WidgetInfo::labeled(egui::Role::ProgressIndicator, true, format!("{words} {percent}"))
        });
    }
}
