//! A tile that stands on an object layer, in its size and turned as it is.

use super::art::Art;
use super::stacks::{Piece, Turn, source, turn, turned};
use crate::drawing::Object;
use crate::pictures::Pixels;

/// Longest edge of a tile that an object enlarges, pixels.
const EDGE_MAX: f64 = 4096.0;

/// A tile in the size and direction of an object; its upper left corner counted from its place.
#[derive(Clone, Copy)]
pub struct Shaped {
    pub image: u32,
    pub turn: Turn,
    pub left: i64,
    pub top: i64,
}

/// The picture of a tile object; `None` if it would be too large.
pub fn shape(art: &mut Art, image: u32, gid: u32, object: &Object) -> Option<Shaped> {
    let picture = art.images.get(image as usize)?;
    let own = turned(turn(gid), (picture.width, picture.height));
    let edge = |said: f64, own: u32| if said.is_finite() && said >= 0.5 { said } else { f64::from(own) };
    let (width, height) = (edge(object.width, own.0), edge(object.height, own.1));
    let angle = if object.rotation.is_finite() { object.rotation.rem_euclid(360.0) } else { 0.0 };
    if angle == 0.0 && (width.round(), height.round()) == (f64::from(own.0), f64::from(own.1)) {
        return Some(Shaped { image, turn: turn(gid), left: 0, top: -i64::from(own.1) });
    }
    if width > EDGE_MAX || height > EDGE_MAX {
        return None;
    }
    // Exact for quarters, so that no pixel is lost to rounding.
    let (sin, cos) = match angle as u32 {
        90 if angle == 90.0 => (1.0, 0.0),
        180 if angle == 180.0 => (0.0, -1.0),
        270 if angle == 270.0 => (-1.0, 0.0),
        _ => angle.to_radians().sin_cos(),
    };
    let corners = [(0.0, 0.0), (width, 0.0), (0.0, -height), (width, -height)];
    let turned_corners = corners.map(|(x, y)| (x * cos - y * sin, x * sin + y * cos));
    let least = |part: fn(&(f64, f64)) -> f64| turned_corners.iter().map(part).fold(f64::INFINITY, f64::min);
    let most = |part: fn(&(f64, f64)) -> f64| turned_corners.iter().map(part).fold(f64::NEG_INFINITY, f64::max);
    // A hair, as a product of sine and length is not a whole number.
    let (left, top) = ((least(|at| at.0) + 1e-6).floor(), (least(|at| at.1) + 1e-6).floor());
    let (right, bottom) = ((most(|at| at.0) - 1e-6).ceil(), (most(|at| at.1) - 1e-6).ceil());
    let size = ((right - left).max(1.0) as u32, (bottom - top).max(1.0) as u32);
    let whole = Piece { image, turn: turn(gid), style: 0, label: 0, x: 0, y: 0 };
    let image = art.keep_redrawn(image, size, |original| {
        Pixels::draw(size.0, size.1, |x, y| {
            let (x, y) = (f64::from(x) + left + 0.5, f64::from(y) + top + 0.5);
            // Back to the object as it lies unturned, its lower left corner at 0, 0.
            let (x, y) = (x * cos + y * sin, y * cos - x * sin + height);
            let (x, y) = (x / width * f64::from(own.0), y / height * f64::from(own.1));
            let is_outside = x < 0.0 || y < 0.0 || x >= f64::from(own.0) || y >= f64::from(own.1);
            if is_outside {
                return [0; 4];
            }
            let (x, y) = source(&whole, original, x as i64, y as i64);
            original.pixel(x, y)
        })
    })?;
    Some(Shaped { image, turn: 0, left: left as i64, top: top as i64 })
}
