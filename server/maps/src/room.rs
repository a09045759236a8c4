//! How much memory the pictures of a map may take beside its cells, so that all of it together
//! stays below 256 MiB: the rest of a large map is nearly as much.

use tilemud_sim::Map;

use crate::drawing::{Content, Drawing};

/// Bytes for all that is there at any time while a map is baked; what the program takes itself
/// comes on top.
const BYTES_MAX: u64 = 216 << 20;
/// Most cells of a map whose stacks are counted in four bytes.
const FOUR_BYTES_CELLS_MAX: u64 = 4 << 20;
/// Most different stacks of a map, and of a larger one.
const STACKS_MAX: u64 = 800_000;
const STACKS_OF_LARGE_MAX: u64 = 1 << 16;
/// What each takes, with the slack of lists that grow, bytes.
const STACK_LEN: u64 = 48;
/// Most pixels of all tiles and pictures that a map shows.
const PIXELS_MAX: u64 = 12 << 20;
const PIXEL_LEN: u64 = 4;
/// Most bytes of the pictures that players get.
const SHEETS_LEN_MAX: u64 = 64 << 20;

/// What is left for pictures.
#[derive(Debug, Clone, Copy)]
pub struct Room {
    left: u64,
    is_large: bool,
}

impl Room {
    /// Beside the cells of this map.
    #[must_use]
    pub fn of(drawing: &Drawing) -> Self {
        let area = u64::from(drawing.width) * u64::from(drawing.height);
        let is_large = area > FOUR_BYTES_CELLS_MAX;
        let stored: u64 = drawing
            .layers
            .iter()
            .map(|layer| match &layer.content {
                Content::Tiles(cells) => cells.count() as u64 * 2,
                _ => 0,
            })
            .sum();
        // A stack below, one above and one of tall tiles, and whether it blocks.
        let of_cell = if is_large { 3 * 2 + 1 } else { 3 * 4 + 1 };
        let stacks = if is_large { STACKS_OF_LARGE_MAX } else { STACKS_MAX };
        Self { left: BYTES_MAX.saturating_sub(stored + area * of_cell + stacks * STACK_LEN), is_large }
    }

    /// Most different stacks; of a large map as many as two bytes count.
    #[must_use]
    pub fn stacks_max(self) -> usize {
        (if self.is_large { STACKS_OF_LARGE_MAX } else { STACKS_MAX }) as usize
    }

    /// Most pixels of all tiles and pictures that the map shows: half of what is left, as the
    /// pictures that players get are made of them.
    #[must_use]
    pub fn pixels_max(self) -> u64 {
        PIXELS_MAX.min(self.left / 2 / PIXEL_LEN)
    }

    /// Most bytes of a picture and its file beside so many pixels.
    #[must_use]
    pub fn picture_len_max(self, pixels: u64) -> u64 {
        self.left.saturating_sub(pixels * PIXEL_LEN)
    }

    /// Most bytes of the pictures that players get, one of which is there twice for a moment.
    #[must_use]
    pub fn sheets_len_max(self, pixels: u64) -> usize {
        SHEETS_LEN_MAX.min(self.picture_len_max(pixels) / 2) as usize
    }
}

/// Bytes that are left for another map, beside one that was read and made a world of.
#[must_use]
pub fn beside(drawing: &Drawing, map: &Map) -> usize {
    let cells = drawing.layers.iter().map(|layer| match &layer.content {
        Content::Tiles(cells) => cells.count() * 2,
        _ => 0,
    });
    let layers = (map.tiles.len() + map.ground.len() + map.canopy.len()) * 2;
    let pictures: usize = map.tileset.images.iter().map(|image| image.len()).sum();
    let music: usize = map.music.values().map(|file| file.len()).sum();
    (BYTES_MAX as usize).saturating_sub(cells.sum::<usize>() + layers + pictures + music)
}
