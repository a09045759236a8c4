//! Draws what is above an entity for a time: speech bubbles, numbers that rise, pictures.

use std::sync::Arc;

use egui::{Align2, Color32, FontId, Galley, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, pos2, vec2};

use super::theme;
use crate::overhead::{Mark, Shown};

/// Widest speech bubble, points.
const BUBBLE_WIDTH: f32 = 230.0;
/// Size of a picture, points.
const PICTURE_SIZE: f32 = 30.0;
/// How far a number rises, points.
const RISE: f32 = 34.0;

/// Draws the marks of one entity around `head`; `top` is the upper edge of what stands there
/// already.
pub fn draw<'a>(
    painter: &Painter,
    screen: Rect,
    head: Pos2,
    top: f32,
    marks: impl Iterator<Item = &'a Mark>,
    now_s: f64,
) {
    let (mut top, mut picture) = (top - 4.0, None);
    for mark in marks {
        match &mark.shown {
            Shown::Words(text) => top = speech(painter, screen, pos2(head.x, top), text, fading(mark, now_s)),
            Shown::Number(number) => rising(painter, head, *number, mark, now_s),
            Shown::Picture(sign) => picture = Some((*sign, mark)),
        }
    }
    if let Some((sign, mark)) = picture {
        large(painter, pos2(head.x, top), sign, fading(mark, now_s));
    }
}

/// The colour of a change of health: of a number, and of the figure it belongs to.
pub fn health_color(number: i32) -> Color32 {
    if number < 0 { theme::EMBER } else { theme::MOSS }
}

/// How far something has come in, and its opacity, which also falls before its end; 0 to 1.
fn fading(mark: &Mark, now_s: f64) -> (f32, f32) {
    let come = ((now_s - mark.from_s) / 0.12).clamp(0.0, 1.0) as f32;
    (come, come.min(((mark.until_s - now_s) / 0.6).clamp(0.0, 1.0) as f32))
}

/// A bubble whose tail ends at `at`. Gives its upper edge.
fn speech(painter: &Painter, screen: Rect, at: Pos2, text: &Arc<str>, (come, opacity): (f32, f32)) -> f32 {
    let ink = theme::fade(Color32::from_rgb(38, 32, 30), opacity);
    let galley: Arc<Galley> = painter.layout(text.to_string(), FontId::proportional(14.5), ink, BUBBLE_WIDTH);
    let size = galley.size() + vec2(18.0, 12.0);
    let mut rect = Align2::CENTER_BOTTOM.anchor_size(at - vec2(0.0, 5.0 + 3.0 * come), size);
    // Words stay on the screen when their speaker is at its edge.
    let room = screen.shrink(6.0);
    rect = rect.translate(vec2(
        (room.left() - rect.left()).max(0.0) - (rect.right() - room.right()).max(0.0),
        (room.top() - rect.top()).max(0.0),
    ));
    let fill = theme::fade(Color32::from_rgb(250, 244, 230), opacity);
    let edge = Stroke::new(1.5, theme::fade(Color32::from_rgb(72, 58, 52), opacity));
    let tip_x = at.x.clamp(rect.left() + 12.0, rect.right() - 12.0);
    painter.rect(rect, 9, fill, edge, StrokeKind::Outside);
    let tail = vec![
        pos2(tip_x - 6.0, rect.bottom() - 0.5),
        pos2(tip_x + 6.0, rect.bottom() - 0.5),
        pos2(tip_x, rect.bottom() + 7.0),
    ];
    painter.add(Shape::convex_polygon(tail.clone(), fill, Stroke::NONE));
    painter.line_segment([tail[0] + vec2(0.0, 1.0), tail[2]], edge);
    painter.line_segment([tail[1] + vec2(0.0, 1.0), tail[2]], edge);
    painter.galley(rect.min + vec2(9.0, 6.0), galley, ink);
    rect.top() - 4.0
}

/// A number that rises beside the head, fast at first.
fn rising(painter: &Painter, head: Pos2, number: i32, mark: &Mark, now_s: f64) {
    let age = ((now_s - mark.from_s) / (mark.until_s - mark.from_s)).clamp(0.0, 1.0) as f32;
    let opacity = ((1.0 - age) * 2.5).min(1.0);
    let at = head + vec2(22.0, 18.0 - RISE * (1.0 - (1.0 - age).powi(2)));
    outlined(painter, at, &format!("{number:+}"), 19.0, theme::fade(health_color(number), opacity), opacity);
}

/// A picture that grows as it comes and stands above `at`.
fn large(painter: &Painter, at: Pos2, sign: &str, (come, opacity): (f32, f32)) {
    let size = PICTURE_SIZE * (0.6 + 0.4 * come);
    outlined(painter, at - vec2(0.0, size / 2.0), sign, size, theme::fade(theme::LAMP, opacity), opacity);
}

/// Text that can be read on any ground.
fn outlined(painter: &Painter, center: Pos2, text: &str, size: f32, color: Color32, opacity: f32) {
    let font = FontId::proportional(size);
    let dark = Color32::from_black_alpha((200.0 * opacity) as u8);
    for offset in [vec2(-1.0, 0.0), vec2(1.0, 0.0), vec2(0.0, -1.0), vec2(0.0, 1.5)] {
        painter.text(center + offset, Align2::CENTER_CENTER, text, font.clone(), dark);
    }
    painter.text(center, Align2::CENTER_CENTER, text, font, color);
}
