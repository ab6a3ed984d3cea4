//! [`Toasts`]: what there is to tell, for some seconds, at the foot of the page. Errors stay until they are dismissed.

use std::collections::VecDeque;
use std::time::Duration;

use egui::{Align2, Area, CornerRadius, Frame, Id, Margin, Order, Stroke, Ui, vec2};
use jiff::Timestamp;

use super::parts;
use super::theme::Theme;
use crate::session::{Notice, NoticeKind};

/// What is being told, oldest first, and what was told before.
#[derive(Debug, Default)]
pub struct Toasts {
    shown: VecDeque<Toast>,
    /// Everything since the program started, the newest last; bounded.
    told: VecDeque<(Timestamp, Notice)>,
    /// The present, where it stands still.
    now: Option<Timestamp>,
}

#[derive(Debug)]
struct Toast {
    notice: Notice,
    /// How long it is seen; `None` stays.
    seconds: Option<f64>,
    /// When it goes, by the clock of the frames; known from the first frame on.
    until: Option<f64>,
}

/// More are not seen at once; errors wait until there is room.
const MOST: usize = 4;
/// Messages that are kept.
const KEPT: usize = 500;

impl Toasts {
    /// With a present that stands still, for pictures; else the machine's.
    pub fn at(now: Option<Timestamp>) -> Self {
        Self { now, ..Self::default() }
    }

    pub fn tell(&mut self, notice: Notice) {
        let seconds = match notice.kind {
            NoticeKind::Error => None,
            NoticeKind::Done if notice.undo => Some(8.0),
            NoticeKind::Done | NoticeKind::Refused => Some(5.0),
        };
        // The same sentence again only begins anew.
        self.shown.retain(|toast| toast.notice.sentence != notice.sentence);
        self.told.push_back((self.now.unwrap_or_else(Timestamp::now), notice.clone()));
        if self.told.len() > KEPT {
            self.told.pop_front();
        }
        self.shown.push_back(Toast { notice, seconds, until: None });
        if self.shown.len() > MOST
            && let Some(oldest) = self.shown.iter().position(|toast| toast.seconds.is_some())
        {
            self.shown.remove(oldest);
        }
    }

    /// Everything that was told since the program started, the newest first.
    pub fn history(&self) -> impl Iterator<Item = (Timestamp, &Notice)> {
        self.told.iter().rev().map(|(at, notice)| (*at, notice))
    }

    pub fn has_errors(&self) -> bool {
        self.shown.iter().any(|toast| toast.seconds.is_none())
    }

    pub fn dismiss_errors(&mut self) {
        self.shown.retain(|toast| toast.seconds.is_some());
    }

    pub fn extend(&mut self, notices: impl IntoIterator<Item = Notice>) {
        notices.into_iter().for_each(|notice| self.tell(notice));
    }

    /// Nothing can be undone any more with these buttons: something else was done since.
    pub fn forget_undo(&mut self) {
        self.shown.iter_mut().for_each(|toast| toast.notice.undo = false);
    }

    /// The sentences, oldest first.
    pub fn sentences(&self) -> impl Iterator<Item = &str> {
        self.shown.iter().map(|toast| toast.notice.sentence.as_str())
    }

    /// Draws them. `true`: Undo was clicked.
    pub(super) fn frame(&mut self, ui: &mut Ui) -> bool {
        if self.shown.is_empty() {
            return false;
        }
        let theme = Theme::of(ui.ctx().theme());
        let (mut undo, mut dismissed) = (false, None);
        let area =
            Area::new(Id::unique("toasts")).order(Order::Foreground).anchor(Align2::CENTER_BOTTOM, vec2(0.0, -40.0));
        let shown = area.interactable(true).show(ui.ctx(), |ui| {
            ui.spacing_mut().item_spacing.y = 6.0;
            for (index, toast) in self.shown.iter().enumerate().take(MOST) {
                let (undone, closed) = toast.draw(ui, theme);
                undo |= undone;
                if closed || undone {
                    dismissed = Some(index);
                }
            }
        });
        if let Some(index) = dismissed {
            self.shown.remove(index);
            ui.ctx().request_repaint();
        }
        self.age(ui, shown.response.contains_pointer());
        undo
    }

    /// Takes those away whose time is over; under the pointer it stands still.
    fn age(&mut self, ui: &Ui, hovered: bool) {
        let now = ui.input(|input| input.time);
        for toast in &mut self.shown {
            let Some(seconds) = toast.seconds else { continue };
            let until = *toast.until.get_or_insert(now + seconds);
            if hovered {
                toast.until = Some(until.max(now + 2.0));
            }
        }
        self.shown.retain(|toast| toast.until.is_none_or(|until| until > now));
        if let Some(until) = self.shown.iter().filter_map(|toast| toast.until).min_by(f64::total_cmp) {
            ui.ctx().request_repaint_after(Duration::from_secs_f64((until - now).max(0.01)));
        }
    }
}

impl Toast {
    /// Whether Undo, or the cross, was clicked.
    fn draw(&self, ui: &mut Ui, theme: &Theme) -> (bool, bool) {
        let colour = match self.notice.kind {
            NoticeKind::Error => theme.error,
            NoticeKind::Done | NoticeKind::Refused => theme.text,
        };
        let frame = Frame::NONE
            .fill(super::style::raised(theme))
            .stroke(Stroke::new(1.0, if self.notice.kind == NoticeKind::Error { theme.error } else { theme.hairline }))
            .corner_radius(CornerRadius::same(6))
            .inner_margin(Margin::symmetric(14, 6));
        let inner = frame.show(ui, |ui| {
            ui.horizontal(|ui| {
                ui.set_max_width(560.0);
                let label = egui::Label::new(egui::RichText::new(&self.notice.sentence).color(colour)).wrap();
                ui.add(label);
                let undone = self.notice.undo && parts::link(ui, "Undo", theme).clicked();
                let closed = self.seconds.is_none() && parts::cross(ui, "Dismiss", theme).clicked();
                (undone, closed)
            })
            .inner
        });
        inner.inner
    }
}
