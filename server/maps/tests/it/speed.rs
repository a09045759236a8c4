//! How long a large map takes.

use std::time::Instant;

use tilemud_maps::drawing::{Content, FLIP_HORIZONTALLY};

use crate::drawings::{drawing, good, layer};

/// 512 x 512 cells on six layers, about as many different stacks as the largest real map has.
#[test]
#[ignore = "a measurement, of an optimised build"]
fn a_large_map_is_baked_within_a_second() {
    let mut drawing = drawing(512, 512);
    for number in 0..6_u32 {
        let cell = |index: u32| {
            let hash = (index / 3 + index / 512 * 7).wrapping_mul(0x9e37_79b1).rotate_left(number * 5) >> 20;
            let is_there = number == 0 || hash % 7 == number;
            if is_there { 1 + hash % 16 | if hash & 64 != 0 { FLIP_HORIZONTALLY } else { 0 } } else { 0 }
        };
        let mut layer = layer("tiles", Content::Tiles((0..512 * 512).map(cell).collect()));
        layer.offset = (f64::from(number), -f64::from(number));
        drawing.layers.push(layer);
    }
    let start = Instant::now();
    let baked = good(&drawing);
    println!("{}\n{} ms with all", baked.report, start.elapsed().as_millis());
    assert!(baked.report.ms < 1_000, "{} ms", baked.report.ms);
}
