//! [`Sheet`]: the frame all dialogs have. In the middle, over a dimmed screen; the keys stay in it; Esc closes, Enter does the default.

use egui::{
    Align, Context, Frame, Id, Key, Layout, Margin, Modal, Modifiers, ScrollArea, Sense, Stroke, Ui, UiBuilder, vec2,
};

use super::super::style;
use super::super::theme::Theme;
use super::super::{fonts, parts};
use super::form;

/// A dialog's frame while it is drawn.
#[allow(missing_debug_implementations, reason = "egui’s Ui cannot be printed")]
pub struct Sheet<'u> {
    pub ui: &'u mut Ui,
    pub theme: &'static Theme,
    /// Enter was pressed and is meant for the default button, unless a field takes it first.
    pub enter: bool,
}

/// What a sheet is called and how wide it is.
#[derive(Clone, Copy, Debug)]
pub struct Head<'a> {
    /// Tells sheets apart; another one begins with the focus in its own first field.
    pub name: &'static str,
    pub title: &'a str,
    /// In points; less where the window is narrower.
    pub width: f32,
    /// What has the focus at first, and whenever nothing else has it.
    pub first: Option<Id>,
    pub closable: bool,
}

const MARGIN: f32 = 24.0;

/// Draws a sheet. The second value is `true` when Esc was pressed.
pub fn show<R>(context: &Context, head: &Head<'_>, contents: impl FnOnce(&mut Sheet<'_>) -> R) -> (R, bool) {
    let theme = Theme::of(context.theme());
    let id = Id::unique(("sheet", head.name));
    // A sheet is new when it was not there in the frame before.
    let frame = context.cumulative_frame_nr();
    let before: Option<u64> = context.data_mut(|data| data.get_temp(id));
    context.data_mut(|data| data.insert_temp(id, frame));
    let new = before.is_none_or(|before| before + 1 < frame);
    let popup = egui::Popup::is_any_open(context);
    let focused = context.memory(egui::Memory::focused);
    if let Some(first) = head.first
        && (new || (focused.is_none() && !popup))
    {
        context.memory_mut(|memory| memory.request_focus(first));
    }
    let in_field = focused.is_none() || new || context.text_edit_focused();
    let enter = context.input(|input| {
        input.key_pressed(Key::Enter) && !popup && (input.modifiers.command || (in_field && input.modifiers.is_none()))
    });
    // The pressed key that opened the sheet is not one for it.
    let enter = enter && !new;
    let escape =
        head.closable && !popup && !new && context.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Escape));

    let screen = context.content_rect();
    let width = head.width.min(screen.width() - 24.0);
    let dim = egui::Color32::from_black_alpha(if theme.dark { 110 } else { 44 });
    let frame = Frame::NONE
        .fill(theme.page)
        .stroke(Stroke::new(1.0, theme.hairline))
        .corner_radius(10)
        .shadow(style::shadow(theme))
        .inner_margin(Margin { left: MARGIN as i8, right: MARGIN as i8, top: 20, bottom: 20 });
    let shown = Modal::new(id).backdrop_color(dim).frame(frame).show(context, |ui| {
        ui.set_width(width - 2.0 * MARGIN);
        ui.spacing_mut().item_spacing = vec2(8.0, 0.0);
        title(ui, head.title, theme);
        ui.add_space(10.0);
        contents(&mut Sheet { ui, theme, enter })
    });
    (shown.inner, escape)
}

fn title(ui: &mut Ui, words: &str, theme: &Theme) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 24.0), Sense::hover());
    parts::text(ui, rect.left_center(), words, fonts::semibold(16.0), theme.text, rect.width());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Heading, true, words));
}

impl Sheet<'_> {
    /// What scrolls where the window is too small for it.
    pub fn body<R>(&mut self, contents: impl FnOnce(&mut Ui) -> R) -> R {
        let most = (self.ui.ctx().content_rect().height() - 168.0).max(96.0);
        let width = self.ui.available_width();
        // Rows and rings are drawn out to both sides, and must not be cut there. The height is that of the window, not what a sheet has
        // below it before it knows where its middle is: it would grow to its place over several frames.
        let mut wide = self.ui.available_rect_before_wrap().expand2(vec2(form::OUT, 0.0));
        wide.set_height(most);
        let mut child = self.ui.new_child(UiBuilder::new().max_rect(wide));
        let area = ScrollArea::vertical().max_height(most).auto_shrink([false, true]);
        let shown = area.show(&mut child, |ui| {
            let inside = Frame::NONE.inner_margin(Margin::symmetric(form::OUT as i8, 2));
            let shown = inside.show(ui, |ui| {
                ui.set_width(width);
                ui.spacing_mut().item_spacing = vec2(8.0, 0.0);
                contents(ui)
            });
            shown.inner
        });
        self.ui.allocate_rect(child.min_rect().shrink2(vec2(form::OUT, 0.0)), Sense::hover());
        shown.inner
    }

    /// One button that is not pressed by Enter: long work is not to be cancelled by an impatient hand.
    pub fn cancel(&mut self, words: &str, enabled: bool) -> bool {
        let theme = self.theme;
        self.ui.add_space(16.0);
        let size = vec2(self.ui.available_width(), 32.0);
        let layout = Layout::right_to_left(Align::Center);
        let button = |ui: &mut Ui| form::button(ui, words, form::Kind::Plain, enabled, theme).clicked();
        self.ui.allocate_ui_with_layout(size, layout, button).inner
    }

    /// The buttons, the default one at the right. `first` is the default: its words, its key, and whether it can be pressed. Returns the
    /// place of the one that was pressed: 0 for the default, then those of `others`.
    pub fn foot(&mut self, first: (&str, bool), others: &[&str]) -> Option<usize> {
        let theme = self.theme;
        self.ui.add_space(20.0);
        let enter = self.enter && first.1;
        let size = vec2(self.ui.available_width(), 32.0);
        let mut pressed = enter.then_some(0);
        self.ui.allocate_ui_with_layout(size, Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = 8.0;
            if form::button(ui, first.0, form::Kind::Default, first.1, theme).clicked() {
                pressed = Some(0);
            }
            for (index, words) in others.iter().enumerate() {
                if form::button(ui, words, form::Kind::Plain, true, theme).clicked() {
                    pressed = Some(index + 1);
                }
            }
        });
        pressed
    }
}
