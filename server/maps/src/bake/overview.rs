//! A picture of a whole baked map, for its builder: as players see it, what blocks tinted red and
//! the place where characters begin green.

use tilemud_sim::Map;

use super::sheet::encode_rows;
use crate::pictures::{DECODED_BYTES_MAX, Decoded, decode};

/// Longest edge of the picture, pixels.
const EDGE_MAX: u32 = 4096;
/// Pixels of a tile along an edge that are looked at for one of the picture.
const SAMPLES_MAX: u32 = 4;
/// How much of the tint is seen, of 255.
const TINT: u32 = 90;

/// The PNG file of it; `None` if a sheet of the map is no picture.
#[must_use]
pub fn overview(map: &Map) -> Option<Vec<u8>> {
    let edge = map.tileset.tile_size.max(1);
    let sheets = map
        .tileset
        .images
        .iter()
        .map(|image| decode(image, None, DECODED_BYTES_MAX))
        .collect::<Result<Vec<_>, _>>()
        .ok()?;
    let longest = u32::try_from(map.width.max(map.height)).ok()?.max(1);
    let pixels = (EDGE_MAX / longest).clamp(1, edge);
    let (width, height) = (u32::try_from(map.width).ok()?, u32::try_from(map.height).ok()?);
    let size = (width.checked_mul(pixels)?, height.checked_mul(pixels)?);
    encode_rows(size.0, size.1, usize::MAX, |y, row| {
        for (x, pixel) in (0..size.0).zip(row.chunks_exact_mut(4)) {
            let (column, line) = ((x / pixels) as i32, (y / pixels) as i32);
            let color = color(map, &sheets, (column, line), (x % pixels, y % pixels), pixels);
            pixel.copy_from_slice(&tinted(map, (column, line), color));
        }
    })
    .ok()
}

/// The mean colour of a part of a cell.
fn color(map: &Map, sheets: &[Decoded], (column, line): (i32, i32), at: (u32, u32), pixels: u32) -> [u8; 3] {
    let edge = map.tileset.tile_size;
    let Some(cell) = map.index(column, line) else { return [0; 3] };
    let (ground, tile) = (map.ground[cell], map.tiles[cell]);
    let layers = [ground, if tile == ground { 0 } else { tile }, map.canopy[cell]];
    let (left, top) = (at.0 * edge / pixels, at.1 * edge / pixels);
    let along = (edge / pixels).max(1);
    let step = along.div_ceil(SAMPLES_MAX);
    let (mut sums, mut count) = ([0_u32; 3], 0);
    for dy in (0..along).step_by(step as usize) {
        for dx in (0..along).step_by(step as usize) {
            let mut seen = [0_u32; 3];
            for tile in layers.into_iter().filter(|tile| *tile != 0) {
                let (index, columns) = (u32::from(tile) - 1, map.tileset.columns.max(1));
                let x = index % columns * edge + left + dx;
                let y = index / columns * edge + top + dy;
                let over = pixel(sheets, x, y);
                for (seen, over_part) in seen.iter_mut().zip(over) {
                    *seen = mix(*seen, over_part.into(), over[3].into());
                }
            }
            sums.iter_mut().zip(seen).for_each(|(sum, seen)| *sum += seen);
            count += 1;
        }
    }
    sums.map(|sum| (sum / count.max(1)) as u8)
}

/// The pixel of pictures that lie one below another; nothing outside.
fn pixel(sheets: &[Decoded], x: u32, mut y: u32) -> [u8; 4] {
    for sheet in sheets {
        if y < sheet.height {
            return sheet.pixel(x, y);
        }
        y -= sheet.height;
    }
    [0; 4]
}

fn tinted(map: &Map, (x, y): (i32, i32), color: [u8; 3]) -> [u8; 4] {
    let tint = if (map.spawn.x, map.spawn.y) == (x, y) {
        Some([0, 255, 0])
    } else {
        map.is_solid(x, y).then_some([255, 0, 0])
    };
    let [red, green, blue] =
        tint.map_or(color, |tint| [0, 1, 2].map(|part| mix(color[part].into(), tint[part], TINT) as u8));
    [red, green, blue, 255]
}

/// A colour over another; `opacity` of 255.
fn mix(under: u32, over: u32, opacity: u32) -> u32 {
    (over * opacity + under * (255 - opacity) + 127) / 255
}
