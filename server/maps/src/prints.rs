//! A hash of the picture of each tile, by which the tiles of an edited map are found again: baking
//! numbers them in the order in which it meets them.

use tilemud_sim::map::MapTileset;

use crate::pictures::{DECODED_BYTES_MAX, Decoded, decode};

/// The hashes of a tileset, by tile id; empty if its picture cannot be read. They are stored with
/// worlds, so they stay the same from one version of this program to the next.
#[must_use]
pub fn prints(tileset: &MapTileset) -> Vec<u64> {
    let (size, columns) = (tileset.tile_size, tileset.columns.max(1));
    if tileset.images.is_empty() {
        return Vec::new();
    }
    // The nothing tile is in no picture.
    let mut prints = vec![0];
    for (image, number) in tileset.images.iter().zip(1..) {
        // One after the other, as they are large.
        let Ok(picture) = decode(image, None, DECODED_BYTES_MAX) else { return Vec::new() };
        let left = u32::try_from(tileset.tiles.len().saturating_sub(prints.len())).unwrap_or(0);
        let is_last = number == tileset.images.len();
        let here = if is_last { left } else { left.min(picture.height / size.max(1) * columns) };
        prints.extend((0..here).map(|index| print(&picture, index % columns * size, index / columns * size, size)));
    }
    prints
}

/// FNV-1a over the pixels, four bytes at a time.
fn print(picture: &Decoded, left: u32, top: u32, size: u32) -> u64 {
    let places = (top..top + size).flat_map(|y| (left..left + size).map(move |x| (x, y)));
    places.fold(0xcbf2_9ce4_8422_2325, |hash, (x, y)| {
        let pixel = u64::from(u32::from_le_bytes(picture.pixel(x, y)));
        (hash ^ pixel).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use tilemud_sim::Map;

    use super::*;

    #[test]
    fn tiles_of_one_picture_have_one_print_and_others_have_others() {
        let tileset = Map::built_in().tileset;
        let prints = prints(&tileset);
        assert_eq!(prints.len(), tileset.tiles.len());
        let picture = decode(&tileset.images[0], None, DECODED_BYTES_MAX).expect("a picture");
        let size = tileset.tile_size;
        let pixels = |index: u32| {
            let (left, top) = (index % tileset.columns * size, index / tileset.columns * size);
            let places = (0..size * size).map(move |at| (left + at % size, top + at / size));
            places.map(|(x, y)| picture.pixel(x, y)).collect::<Vec<_>>()
        };
        let by_pixels: BTreeMap<_, _> =
            prints[1..].iter().zip(0..).map(|(print, index)| (pixels(index), *print)).collect();
        let different: BTreeSet<_> = by_pixels.values().collect();
        assert!(different.len() == by_pixels.len() && different.len() > 1_000, "{}", different.len());
        assert!(prints[1..].iter().zip(0..).all(|(print, index)| by_pixels[&pixels(index)] == *print));
        assert_eq!(super::prints(&tileset), prints);
        assert_eq!(super::prints(&MapTileset { images: Vec::new(), ..tileset.clone() }), [0; 0]);
        assert_eq!(super::prints(&MapTileset { images: vec![[1, 2, 3].into()], ..tileset }), [0; 0]);
    }
}
