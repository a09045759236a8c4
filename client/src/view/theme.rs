//! Colours, type and shapes of the whole client: night-blue panels, warm lamplight accent.

use egui::{Color32, CornerRadius, FontFamily, FontId, Frame, Margin, Shadow, Stroke, TextStyle, Vec2};

pub const NIGHT: Color32 = Color32::from_rgb(16, 19, 28);
pub const PANEL: Color32 = Color32::from_rgb(26, 30, 43);
pub const WELL: Color32 = Color32::from_rgb(15, 18, 27);
pub const EDGE: Color32 = Color32::from_rgb(66, 62, 70);
pub const LAMP: Color32 = Color32::from_rgb(246, 190, 98);
pub const PAPER: Color32 = Color32::from_rgb(240, 232, 214);
pub const MIST: Color32 = Color32::from_rgb(158, 162, 178);
pub const MOSS: Color32 = Color32::from_rgb(134, 205, 132);
pub const RUST: Color32 = Color32::from_rgb(240, 150, 90);
pub const EMBER: Color32 = Color32::from_rgb(235, 104, 92);
/// Links with the world: whispers, water, hints.
pub const SKY: Color32 = Color32::from_rgb(128, 190, 235);

/// A colour with another opacity, 0 to 1.
#[must_use]
pub fn fade(color: Color32, opacity: f32) -> Color32 {
    color.gamma_multiply(opacity.clamp(0.0, 1.0))
}

/// A panel over the world.
pub fn panel() -> Frame {
    Frame::new()
        .fill(fade(PANEL, 0.93))
        .stroke(Stroke::new(1.0, EDGE))
        .corner_radius(10)
        .inner_margin(Margin::symmetric(14, 12))
        .shadow(Shadow { offset: [0, 6], blur: 22, spread: 0, color: Color32::from_black_alpha(120) })
}

/// Sets colours, type and spacing.
pub fn install(ctx: &egui::Context) {
    ctx.set_theme(egui::Theme::Dark);
    ctx.all_styles_mut(|style| {
        style.text_styles =
            [(TextStyle::Small, 12.0), (TextStyle::Body, 15.0), (TextStyle::Button, 16.0), (TextStyle::Heading, 22.0)]
                .into_iter()
                .map(|(text, size)| (text, FontId::new(size, FontFamily::Proportional)))
                .chain([(TextStyle::Monospace, FontId::new(12.5, FontFamily::Monospace))])
                .collect();
        style.spacing.item_spacing = Vec2::new(8.0, 6.0);
        style.spacing.button_padding = Vec2::new(14.0, 7.0);
        style.interaction.selectable_labels = false;

        let visuals = &mut style.visuals;
        visuals.override_text_color = None;
        visuals.panel_fill = NIGHT;
        visuals.window_fill = PANEL;
        visuals.window_stroke = Stroke::new(1.0, EDGE);
        visuals.window_corner_radius = CornerRadius::same(10);
        visuals.extreme_bg_color = WELL;
        visuals.text_edit_bg_color = Some(WELL);
        visuals.selection.bg_fill = fade(LAMP, 0.35);
        visuals.selection.stroke = Stroke::new(1.0, LAMP);
        visuals.hyperlink_color = LAMP;
        let radius = CornerRadius::same(7);
        let shapes = [
            (&mut visuals.widgets.noninteractive, PANEL, EDGE, PAPER),
            (&mut visuals.widgets.inactive, Color32::from_rgb(46, 50, 66), EDGE, PAPER),
            (&mut visuals.widgets.hovered, Color32::from_rgb(60, 63, 80), LAMP, Color32::WHITE),
            (&mut visuals.widgets.active, Color32::from_rgb(78, 70, 66), LAMP, Color32::WHITE),
            (&mut visuals.widgets.open, Color32::from_rgb(46, 50, 66), EDGE, PAPER),
        ];
        for (widget, fill, edge, text) in shapes {
            widget.bg_fill = fill;
            widget.weak_bg_fill = fill;
            widget.bg_stroke = Stroke::new(1.0, edge);
            widget.fg_stroke = Stroke::new(1.0, text);
            widget.corner_radius = radius;
        }
    });
}

/// The button that matters most.
pub fn primary(text: &str) -> egui::Button<'static> {
    egui::Button::new(egui::RichText::new(text.to_owned()).color(Color32::from_rgb(44, 28, 10)).strong())
        .fill(LAMP)
        .stroke(Stroke::NONE)
}
