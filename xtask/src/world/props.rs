//! What people put into a landscape: well, stalls, lamps, fences, barrels, boats. Single pictures;
//! where they stand is the layout's business.

use super::canvas::{Canvas, pick};
use super::palette::{DUSK, EARTH, GOLD, INK, Ink, LEAF, PLUM, ROSE, RUST, SLATE, STONE, WATER};

/// The well on the square: two tiles wide, roof and all; the lower tile row is the basin.
pub fn well() -> Canvas {
    let mut well = Canvas::new(32, 44);
    well.shade(17, 39, 15, 4, PLUM);
    well.ellipse(16, 32, 14, 9, INK);
    well.rect(2, 30, 28, 7, INK);
    well.ellipse(16, 36, 13, 6, STONE[1]);
    well.rect(3, 30, 26, 6, STONE[2]);
    for x in 3..29 {
        for y in 30..41 {
            if well.get(x, y) != INK && well.get(x, y) != 0 {
                let row = (y - 30) / 4;
                let joint = (x + row * 3) % 6 == 0 || (y - 30) % 4 == 3;
                let tone = if x < 12 {
                    3
                } else if x < 22 {
                    2
                } else {
                    1
                };
                well.put(x, y, STONE[if joint { 0 } else { tone }]);
            }
        }
    }
    well.ellipse(16, 29, 13, 6, STONE[4]);
    well.ellipse(16, 29, 10, 4, WATER[0]);
    well.ellipse(17, 30, 7, 2, WATER[2]);
    well.rect(13, 30, 4, 1, WATER[4]);
    for x in [3, 26] {
        well.rect(x, 10, 3, 21, EARTH[1]);
        well.rect(x, 10, 1, 21, EARTH[3]);
    }
    well.rect(6, 17, 20, 2, EARTH[2]);
    well.rect(15, 19, 1, 8, EARTH[5]);
    well.frame(13, 24, 6, 5, EARTH[0], EARTH[3]);
    for y in 0..14 {
        for x in 0..32 {
            let inset = (5 - y).max(0);
            if x < inset || x >= 32 - inset {
                continue;
            }
            let tone = if y < 5 {
                3
            } else if y % 4 == 3 {
                0
            } else if (x + y / 4 * 3) % 6 == 5 {
                1
            } else {
                2
            };
            well.put(x, y, RUST[tone]);
        }
    }
    well.rect(0, 13, 32, 1, INK);
    well.rect(5, 0, 22, 1, RUST[3]);
    well
}

/// A market stall three tiles wide: striped awning above, counter with goods below.
pub fn stall(stripe: [Ink; 2], goods: [Ink; 3]) -> Canvas {
    let mut stall = Canvas::new(52, 38);
    stall.shade(28, 35, 24, 3, PLUM);
    for x in [2, 48] {
        stall.rect(x, 8, 2, 29, EARTH[1]);
        stall.rect(x, 8, 1, 29, EARTH[3]);
    }
    stall.frame(3, 22, 46, 14, INK, EARTH[2]);
    stall.rect(4, 23, 44, 5, EARTH[4]);
    stall.rect(4, 28, 44, 1, EARTH[1]);
    for x in (8..48).step_by(8) {
        stall.rect(x, 29, 1, 6, EARTH[1]);
    }
    for tray in 0..3 {
        let left = 6 + tray * 14;
        stall.frame(left, 20, 12, 7, EARTH[0], EARTH[1]);
        for i in 0..9 {
            let (x, y) = (left + 1 + i % 5 * 2 + i / 5, 20 + i / 5 * 3);
            stall.rect(x, y, 2, 2, goods[tray as usize]);
            stall.put(x, y, EARTH[6]);
        }
    }
    for x in 0..52 {
        let band = x / 6 % 2;
        let inset = i32::from(!(2..50).contains(&x)) * 2;
        for y in inset..15 {
            let ink = match y {
                ..=2 if band == 0 => EARTH[6],
                _ if band == 0 && y > 10 => stripe[0],
                _ if band == 0 => stripe[1],
                _ if y > 10 => EARTH[5],
                _ => EARTH[6],
            };
            stall.put(x, y, ink);
        }
        let scallop = 15 + i32::from(x % 6 > 0 && x % 6 < 5) * 2;
        for y in 15..scallop {
            stall.put(x, y, if band == 0 { stripe[0] } else { EARTH[4] });
        }
        stall.put(x, scallop, INK);
    }
    stall
}

/// A lamp post, one tile wide and two high.
pub fn lamp() -> Canvas {
    let mut lamp = Canvas::new(16, 34);
    lamp.shade(9, 31, 5, 2, PLUM);
    lamp.rect(7, 11, 3, 20, DUSK);
    lamp.rect(7, 11, 1, 20, STONE[2]);
    lamp.rect(5, 29, 7, 3, DUSK);
    lamp.rect(5, 29, 7, 1, STONE[2]);
    lamp.frame(4, 3, 9, 9, INK, GOLD);
    lamp.rect(6, 5, 4, 4, EARTH[6]);
    lamp.rect(5, 10, 7, 1, RUST[3]);
    lamp.rect(3, 2, 11, 2, DUSK);
    lamp.rect(6, 0, 5, 2, DUSK);
    lamp
}

/// A fence post with rails towards the neighbours that are fence too (north, east, south, west).
pub fn fence([north, east, south, west]: [bool; 4]) -> Canvas {
    let mut fence = Canvas::new(16, 20);
    let mut rail = |x: i32, width: i32| {
        for y in [8, 13] {
            fence.rect(x, y, width, 3, EARTH[3]);
            fence.rect(x, y, width, 1, EARTH[5]);
            fence.rect(x, y + 2, width, 1, EARTH[1]);
        }
    };
    if east {
        rail(8, 8);
    }
    if west {
        rail(0, 8);
    }
    if north {
        fence.rect(7, 0, 3, 9, EARTH[2]);
        fence.rect(7, 0, 1, 9, EARTH[4]);
    }
    if south {
        fence.rect(7, 14, 3, 6, EARTH[2]);
        fence.rect(7, 14, 1, 6, EARTH[4]);
    }
    fence.rect(6, 4, 5, 15, EARTH[1]);
    fence.rect(6, 5, 2, 13, EARTH[4]);
    fence.rect(8, 5, 2, 13, EARTH[3]);
    fence.rect(7, 3, 3, 2, EARTH[5]);
    fence.cut(0, 4, 16, 16)
}

/// A sign on a post.
pub fn signpost() -> Canvas {
    let mut sign = Canvas::new(16, 20);
    sign.shade(8, 18, 5, 1, LEAF[0]);
    sign.rect(7, 9, 2, 10, EARTH[1]);
    sign.frame(1, 2, 14, 9, EARTH[0], EARTH[4]);
    sign.rect(2, 3, 12, 1, EARTH[5]);
    sign.rect(3, 5, 9, 1, EARTH[1]);
    sign.rect(3, 7, 7, 1, EARTH[1]);
    sign
}

/// A board with notices, two tiles wide.
pub fn notice_board() -> Canvas {
    let mut board = Canvas::new(30, 26);
    board.shade(15, 24, 13, 1, PLUM);
    for x in [3, 24] {
        board.rect(x, 6, 3, 19, EARTH[1]);
        board.rect(x, 6, 1, 19, EARTH[3]);
    }
    board.frame(1, 4, 28, 14, EARTH[0], EARTH[2]);
    board.rect(0, 2, 30, 3, EARTH[3]);
    board.rect(0, 2, 30, 1, EARTH[4]);
    for (x, y, width, height, paper) in
        [(4, 7, 6, 8, EARTH[6]), (12, 6, 7, 6, EARTH[5]), (13, 13, 5, 4, ROSE[2]), (21, 7, 5, 7, EARTH[6])]
    {
        board.rect(x, y, width, height, paper);
        board.rect(x + 1, y + 2, width - 2, 1, STONE[2]);
        board.rect(x + 1, y + 4, width - 3, 1, STONE[2]);
        board.put(x + width / 2, y, RUST[1]);
    }
    board
}

pub fn barrel() -> Canvas {
    let mut barrel = Canvas::new(16, 18);
    barrel.shade(9, 15, 7, 2, LEAF[0]);
    barrel.ellipse(8, 13, 6, 3, EARTH[0]);
    barrel.rect(2, 5, 13, 9, EARTH[0]);
    for x in 3..14 {
        let ink = [
            EARTH[2], EARTH[4], EARTH[3], EARTH[3], EARTH[2], EARTH[3], EARTH[3], EARTH[2], EARTH[2], EARTH[1],
            EARTH[1],
        ][(x - 3) as usize];
        barrel.rect(x, 4, 1, 11, ink);
    }
    for y in [6, 12] {
        barrel.rect(2, y, 13, 1, STONE[1]);
        barrel.rect(4, y, 3, 1, STONE[3]);
    }
    barrel.ellipse(8, 4, 6, 2, EARTH[1]);
    barrel.ellipse(8, 4, 5, 1, EARTH[4]);
    barrel
}

pub fn wooden_crate() -> Canvas {
    let mut picture = Canvas::new(16, 17);
    picture.shade(9, 15, 7, 1, LEAF[0]);
    picture.frame(1, 2, 14, 14, EARTH[0], EARTH[3]);
    picture.rect(2, 3, 12, 4, EARTH[4]);
    picture.rect(2, 7, 12, 1, EARTH[1]);
    for i in 0..7 {
        picture.rect(3 + i, 8 + i, 2, 1, EARTH[1]);
    }
    picture.rect(2, 8, 1, 7, EARTH[2]);
    picture.rect(13, 8, 1, 7, EARTH[2]);
    picture
}

/// A bench, two tiles wide.
pub fn bench() -> Canvas {
    let mut bench = Canvas::new(28, 15);
    bench.shade(14, 13, 13, 1, PLUM);
    bench.rect(1, 2, 26, 3, EARTH[3]);
    bench.rect(1, 2, 26, 1, EARTH[5]);
    bench.frame(0, 6, 28, 5, EARTH[0], EARTH[3]);
    bench.rect(1, 7, 26, 1, EARTH[4]);
    for x in [2, 24] {
        bench.rect(x, 4, 2, 3, EARTH[1]);
        bench.rect(x, 11, 2, 3, EARTH[1]);
    }
    bench
}

/// A bale of hay.
pub fn hay_bale() -> Canvas {
    let mut bale = Canvas::new(18, 16);
    bale.shade(9, 14, 8, 1, LEAF[0]);
    bale.frame(1, 3, 16, 11, EARTH[2], EARTH[4]);
    for x in 2..16 {
        for y in 4..13 {
            match pick(x, y / 2, 66, 6) {
                0 => bale.put(x, y, EARTH[3]),
                1 => bale.put(x, y, GOLD),
                2 => bale.put(x, y, EARTH[5]),
                _ => {}
            }
        }
    }
    bale.rect(2, 4, 14, 2, EARTH[5]);
    bale.rect(5, 3, 1, 11, EARTH[1]);
    bale.rect(12, 3, 1, 11, EARTH[1]);
    bale
}

/// A row of plants on a field; the tile stays walkable.
pub fn crops(kind: u32) -> Canvas {
    let mut crops = Canvas::new(16, 16);
    for i in 0..4 {
        let (x, y) = (3 + i % 2 * 8, 2 + i / 2 * 8);
        match kind % 3 {
            0 => crops.letters(
                x - 2,
                y,
                &[".lhl.", "lhhll", "dllld", ".ddd."],
                &[('l', LEAF[3]), ('h', LEAF[5]), ('d', LEAF[1])],
            ),
            1 => crops.letters(
                x - 1,
                y - 1,
                &["g.g", "Ggg", ".l.", ".l.", "ldl"],
                &[('g', EARTH[5]), ('G', GOLD), ('l', LEAF[4]), ('d', LEAF[2])],
            ),
            _ => crops.letters(
                x - 2,
                y,
                &["..l..", ".lll.", "loold", ".oOd.", "..d.."],
                &[('l', LEAF[3]), ('o', RUST[2]), ('O', RUST[3]), ('d', LEAF[1])],
            ),
        }
    }
    crops
}

/// A scarecrow, one tile wide and two high.
pub fn scarecrow() -> Canvas {
    let mut figure = Canvas::new(16, 28);
    figure.shade(8, 26, 5, 1, EARTH[0]);
    figure.rect(7, 10, 2, 17, EARTH[1]);
    figure.rect(1, 12, 14, 2, EARTH[2]);
    figure.frame(4, 11, 8, 10, INK, SLATE[1]);
    figure.rect(5, 12, 2, 8, SLATE[2]);
    figure.rect(9, 16, 2, 2, RUST[2]);
    figure.frame(5, 4, 6, 7, INK, EARTH[5]);
    figure.put(6, 7, INK);
    figure.put(9, 7, INK);
    figure.rect(2, 4, 12, 1, EARTH[1]);
    figure.frame(4, 0, 8, 5, EARTH[0], EARTH[3]);
    figure.rect(0, 13, 2, 2, EARTH[5]);
    figure.rect(14, 13, 2, 2, EARTH[5]);
    figure
}

/// A rowing boat, two tiles long.
pub fn boat() -> Canvas {
    let mut boat = Canvas::new(34, 16);
    boat.ellipse(17, 11, 16, 4, WATER[0]);
    boat.ellipse(17, 8, 16, 6, EARTH[0]);
    boat.ellipse(17, 7, 15, 5, EARTH[3]);
    boat.ellipse(17, 7, 13, 4, EARTH[1]);
    boat.rect(9, 4, 3, 7, EARTH[4]);
    boat.rect(21, 4, 3, 7, EARTH[4]);
    boat.rect(3, 12, 28, 1, EARTH[2]);
    boat.rect(12, 1, 1, 13, EARTH[5]);
    boat.rect(11, 13, 3, 2, EARTH[5]);
    boat
}

pub fn campfire() -> Canvas {
    let mut fire = Canvas::new(16, 18);
    fire.ellipse(8, 13, 7, 3, DUSK);
    for (x, y) in [(1, 12), (3, 15), (7, 16), (11, 15), (13, 12), (4, 10), (10, 10)] {
        fire.rect(x, y, 3, 2, STONE[2]);
        fire.rect(x, y, 2, 1, STONE[4]);
    }
    fire.rect(4, 12, 8, 2, EARTH[1]);
    let flame = ["...r....", "..rr.r..", "..rgrr..", ".rrggr..", ".rgGgrr.", "rrgGGgr.", ".rgGGgr.", "..rgGr.."];
    fire.letters(4, 4, &flame, &[('r', RUST[2]), ('g', RUST[3]), ('G', GOLD)]);
    fire
}

/// A stone figure on a base, one tile wide and two high.
pub fn statue() -> Canvas {
    let mut statue = Canvas::new(18, 38);
    statue.shade(10, 35, 8, 2, PLUM);
    statue.frame(1, 26, 16, 10, INK, STONE[2]);
    statue.rect(2, 27, 14, 2, STONE[4]);
    statue.rect(11, 29, 5, 6, STONE[1]);
    let figure = [
        "......kk....",
        ".....kwwk...",
        "....kwwlmk..",
        "....kwlmmk..",
        ".....kmmk.k.",
        "...kkwlmkkgk",
        "..kwwwlmmkwk",
        "..kwlwlmmdmk",
        ".kwlkwlmmkmk",
        ".kwlkwlmdkmk",
        ".kllkwlmdkk.",
        "..kkkwlmdk..",
        "...kwwlmdk..",
        "...kwllmdk..",
        "..kwwllmmdk.",
        "..kwllmmmdk.",
        "..kwllmmddk.",
        ".kwwllmmdddk",
        ".kwlllmmmddk",
        ".kkkkkkkkkkk",
    ];
    let inks = [('k', INK), ('w', STONE[4]), ('l', STONE[3]), ('m', STONE[2]), ('d', STONE[1]), ('g', GOLD)];
    statue.letters(3, 7, &figure, &inks);
    statue.letters(2, 24, &["m.mm", ".m.m"], &[('m', LEAF[3])]);
    statue
}
