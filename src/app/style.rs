//! egui's own style for the two themes: what menus, fields and buttons look like. The parts that we paint take colours from
//! [`Theme`] directly.

use egui::style::WidgetVisuals;
use egui::{Color32, Context, CornerRadius, FontFamily, FontId, Margin, Shadow, Stroke, TextStyle, vec2};

use super::theme::Theme;

/// Sets both themes' styles.
pub fn apply(context: &Context) {
    // Where the system does not say which it likes, the page is light.
    context.options_mut(|options| options.fallback_theme = egui::Theme::Light);
    for theme in [egui::Theme::Light, egui::Theme::Dark] {
        context.style_mut_of(theme, |style| set(style, Theme::of(theme)));
    }
}

fn set(style: &mut egui::Style, theme: &Theme) {
    let font = |size| FontId::new(size, FontFamily::Proportional);
    style.text_styles = [
        (TextStyle::Heading, FontId::new(13.0, FontFamily::Name("semibold".into()))),
        (TextStyle::Body, font(13.0)),
        (TextStyle::Button, font(13.0)),
        (TextStyle::Small, font(12.0)),
        (TextStyle::Monospace, font(12.0)),
    ]
    .into();
    // Nothing moves by itself, for anyone: that is what reduced motion asks for.
    style.animation_time = 0.0;
    style.scroll_animation = egui::style::ScrollAnimation::none();
    style.interaction.selectable_labels = false;
    style.interaction.tooltip_delay = 0.3;
    style.spacing.item_spacing = vec2(8.0, 4.0);
    style.spacing.button_padding = vec2(10.0, 4.0);
    style.spacing.interact_size = vec2(28.0, 28.0);
    style.spacing.menu_margin = Margin::same(6);
    style.spacing.window_margin = Margin::same(16);
    style.spacing.tooltip_width = 320.0;
    style.spacing.scroll.bar_width = 6.0;
    style.spacing.scroll.floating = true;

    let visuals = &mut style.visuals;
    visuals.dark_mode = theme.dark;
    visuals.override_text_color = None;
    visuals.weak_text_color = Some(theme.secondary);
    visuals.hyperlink_color = theme.accent;
    visuals.faint_bg_color = theme.hover;
    visuals.extreme_bg_color = theme.page;
    visuals.text_edit_bg_color = Some(theme.page);
    visuals.code_bg_color = theme.hover;
    visuals.warn_fg_color = theme.warning;
    visuals.error_fg_color = theme.error;
    visuals.panel_fill = theme.panel;
    visuals.window_fill = raised(theme);
    visuals.window_stroke = Stroke::new(1.0, theme.hairline);
    visuals.window_corner_radius = CornerRadius::same(8);
    visuals.menu_corner_radius = CornerRadius::same(6);
    visuals.popup_shadow = Shadow::NONE;
    visuals.window_shadow = shadow(theme);
    visuals.selection.bg_fill = theme.accent.gamma_multiply(if theme.dark { 0.34 } else { 0.22 });
    visuals.selection.stroke = Stroke::new(1.0, theme.text);
    visuals.text_cursor.stroke = Stroke::new(1.5, theme.text);
    visuals.text_cursor.blink = false;
    visuals.disabled_alpha = 0.55;
    visuals.interact_cursor = None;

    let widget = |fill: Color32, stroke: Color32, text: Color32| WidgetVisuals {
        bg_fill: fill,
        weak_bg_fill: fill,
        bg_stroke: Stroke::new(1.0, stroke),
        corner_radius: CornerRadius::same(6),
        fg_stroke: Stroke::new(1.0, text),
        expansion: 0.0,
    };
    let widgets = &mut visuals.widgets;
    widgets.noninteractive = widget(theme.panel, theme.hairline, theme.text);
    widgets.inactive = widget(theme.panel, theme.hairline, theme.text);
    widgets.hovered = widget(theme.hover, theme.hairline, theme.text);
    widgets.active = widget(theme.hover, theme.accent, theme.text);
    widgets.open = widget(theme.hover, theme.hairline, theme.text);
}

/// Of the palette and dialogs; nothing else has one.
pub fn shadow(theme: &Theme) -> Shadow {
    let strength = if theme.dark { 110 } else { 38 };
    Shadow { offset: [0, 8], blur: 28, spread: 0, color: Color32::from_black_alpha(strength) }
}

/// Behind menus, palette and dialogs: lighter than what they lie on.
pub fn raised(theme: &Theme) -> Color32 {
    if theme.dark { theme.panel } else { theme.page }
}
