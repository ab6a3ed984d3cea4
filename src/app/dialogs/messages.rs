//! [`Messages`]: everything that was told since the program started, the newest first.

use egui::{Context, Role, ScrollArea, WidgetInfo};

use super::super::fonts;
use super::super::theme::Theme;
use super::super::window::Shared;
use super::form;
use super::sheet::{self, Head};
use crate::session::NoticeKind;

/// The messages, while they are shown.
#[derive(Debug)]
pub struct Messages;

impl Messages {
    pub fn frame(&self, context: &Context, shared: &mut Shared) -> bool {
        let head = Head { name: "messages", title: "Messages", width: 620.0, first: None, closable: true };
        let errors = shared.toasts.has_errors();
        let (pressed, escaped) = sheet::show(context, &head, |sheet| {
            let theme = sheet.theme;
            let most = (sheet.ui.ctx().content_rect().height() - 200.0).clamp(96.0, 460.0);
            ScrollArea::vertical().max_height(most).auto_shrink([false, true]).show(sheet.ui, |ui| {
                if shared.toasts.history().next().is_none() {
                    form::words(ui, "Nothing was told yet. What is told here goes away by itself; errors stay until they are dismissed", theme.secondary);
                }
                for (at, notice) in shared.toasts.history() {
                    row(ui, at, notice.kind, &notice.sentence, theme);
                }
            });
            let others: &[&str] = if errors { &["Dismiss errors"] } else { &[] };
            sheet.foot(("Close", true), others)
        });
        match pressed {
            Some(1) => {
                shared.toasts.dismiss_errors();
                true
            }
            Some(_) => false,
            None => !escaped,
        }
    }
}

fn row(ui: &mut egui::Ui, at: jiff::Timestamp, kind: NoticeKind, sentence: &str, theme: &Theme) {
    let colour = match kind {
        NoticeKind::Error => theme.error,
        NoticeKind::Done | NoticeKind::Refused => theme.text,
    };
    let time = at.to_zoned(jiff::tz::TimeZone::system()).strftime("%H:%M:%S").to_string();
    let row = ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 12.0;
        ui.add(egui::Label::new(
            egui::RichText::new(&time).font(fonts::regular(13.0)).line_height(Some(19.0)).color(theme.secondary),
        ));
        ui.vertical(|ui| form::words(ui, sentence, colour));
    });
    row.response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("{time} {sentence}")));
    ui.add_space(8.0);
}
