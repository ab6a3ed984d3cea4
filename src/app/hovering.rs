//! What is seen while files are held over the window: where they would go.

use egui::{Color32, Id, LayerId, Order, Shape, Stroke, Ui, pos2};

use super::fonts;
use super::theme::Theme;

use crate::text::wording;

/// Covers the window while files are held over it. `open`: a project is open, and they would go into it.
pub fn show(ui: &Ui, open: bool, theme: &Theme) {
    let count = ui.input(|input| input.raw.hovered_files.len());
    if count == 0 {
        return;
    }
    let screen = ui.ctx().content_rect();
    let painter = ui.ctx().layer_painter(LayerId::new(Order::Tooltip, Id::unique("files over the window")));
    painter.rect_filled(screen, 0.0, theme.page.gamma_multiply(0.9));
    let frame = screen.shrink(20.0);
    let corners = [frame.left_top(), frame.right_top(), frame.right_bottom(), frame.left_bottom(), frame.left_top()];
    painter.extend(Shape::dashed_line(&corners, Stroke::new(1.5, theme.accent), 7.0, 6.0));
    let words = |y: f32, words: &str, font, colour: Color32| {
        let galley = painter.layout_no_wrap(words.to_owned(), font, colour);
        painter.galley(pos2(frame.center().x - galley.size().x / 2.0, frame.center().y + y), galley, colour);
    };
    let title = if open { "Drop to import" } else { "Drop to open, or to make a project" };
    words(-24.0, title, fonts::semibold(18.0), theme.text);
    let what = if count == 1 {
        "1 file or folder".to_owned()
    } else {
        format!("{} files and folders", wording::thousands(count as u64))
    };
    words(6.0, &what, fonts::regular(13.0), theme.secondary);
}
