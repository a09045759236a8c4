//! Things one can hold, and doors. Pictures of a frame's size, the thing at its foot.

use super::canvas::Canvas;
use super::characters::{FRAME_HEIGHT, FRAME_WIDTH};
use super::palette::{CLEAR, DUSK, EARTH, GOLD, INK, Ink, LEAF, ROSE, RUST, SLATE, STONE, WATER};

/// The letters all things are drawn with.
const INKS: [(char, Ink); 22] = [
    ('k', INK),
    ('r', RUST[1]),
    ('R', RUST[2]),
    ('o', RUST[3]),
    ('m', RUST[0]),
    ('l', LEAF[3]),
    ('L', LEAF[1]),
    ('w', EARTH[6]),
    ('y', EARTH[5]),
    ('t', EARTH[4]),
    ('n', EARTH[3]),
    ('e', EARTH[2]),
    ('E', EARTH[1]),
    ('g', GOLD),
    ('s', STONE[2]),
    ('S', STONE[4]),
    ('d', DUSK),
    ('b', WATER[2]),
    ('B', WATER[4]),
    ('v', SLATE[1]),
    ('V', SLATE[2]),
    ('p', ROSE[1]),
];

/// Look and picture of every item.
pub const ITEMS: [(&str, &[&str]); 12] = [
    (
        "apple",
        &[
            "......E...",
            ".....ELl..",
            "..kkkEkLk.",
            ".kRokRRRk.",
            "kRooRRRRrk",
            "kRoRRRRRrk",
            "kRRRRRRrrk",
            ".kRRRRrrk.",
            "..krkkrk..",
        ],
    ),
    ("bread", &["..kkkkkkk..", ".ktyytyytk.", "kteyteytenk", "ktntntntnnk", "knnennennEk", ".kkkkkkkkk."]),
    (
        "carrot",
        &[
            "......l.l.",
            ".....lLlL.",
            "...kkkLLl.",
            "..koRRkl..",
            ".koRRrk...",
            ".koRrk....",
            "koRrk.....",
            "kRrk......",
            ".kk.......",
        ],
    ),
    ("coin", &["..kkkk..", ".kgwwgk.", "kgwgggnk", "kgwgngnk", "kgwgngnk", "kggggnnk", ".kgnnnk.", "..kkkk.."]),
    (
        "fish",
        &["...kkkk....", ".kkbBBbk..k", "kbBBBbbbkbk", "kbkBbbvvbbk", "kBBbbvvvkbk", ".kkbvvk..kk", "...kkk....."],
    ),
    (
        "gem",
        &[
            "..kkkkk..",
            ".kVVwVvk.",
            "kVwVVvvvk",
            "kkkkkkkkk",
            "kVwVvvvdk",
            ".kVVvvdk.",
            "..kVvdk..",
            "...kdk...",
            "....k....",
        ],
    ),
    ("key", &["..kkk......", ".kggnk.....", "kgk.kgkkkkk", "kgk.kgggggk", ".kggnkkgkgk", "..kkk..k.k."]),
    (
        "lantern",
        &[
            "...kkk...",
            "..k...k..",
            "..kkkkk..",
            ".kssSssk.",
            ".kkkkkkk.",
            ".kowwgok.",
            ".kgwwwgk.",
            ".kggwggk.",
            ".koggook.",
            ".kkkkkkk.",
            ".kssssdk.",
            "..kkkkk..",
        ],
    ),
    (
        "mushroom",
        &[
            "..kkkkkk..",
            ".kRowRRrk.",
            "kRooRRwRrk",
            "kRwRRRRRrk",
            "kkkkkkkkkk",
            "...kwyk...",
            "...kwyk...",
            "...kkkk...",
        ],
    ),
    (
        "potion",
        &[
            "...kEEk...",
            "...kSSk...",
            "...kSsk...",
            "..kBSsbk..",
            ".kpwppprk.",
            "kpwpppprrk",
            "kpppppprrk",
            ".kpppprrk.",
            "..kkkkkk..",
        ],
    ),
    ("shell", &["...kkkk...", ".kkwpwpkk.", "kwpwpwpwpk", "kwpwpwpwpk", ".kpwpwpyk.", "..kpwpyk..", "...kkkk..."]),
    (
        "sword",
        &[
            ".........kk",
            "........kSk",
            ".......kSsk",
            "......kSsk.",
            ".....kSsk..",
            ".kk.kSsk...",
            ".kgkSsk....",
            "..kgsk.....",
            "..kEgk.....",
            ".kEkkgk....",
            "kgk..kk....",
            "kk.........",
        ],
    ),
];

/// One item as a frame.
pub fn item(rows: &[&str]) -> Canvas {
    let mut frame = Canvas::new(FRAME_WIDTH, FRAME_HEIGHT);
    let width = rows.iter().map(|row| row.len() as i32).max().unwrap_or(0);
    let (x, y) = ((FRAME_WIDTH - width) / 2, FRAME_HEIGHT - 3 - rows.len() as i32);
    frame.shade(FRAME_WIDTH / 2, FRAME_HEIGHT - 4, width / 3, 1, DUSK);
    frame.letters(x, y, rows, &INKS);
    frame
}

/// A house door, shut or open.
pub fn door(open: bool) -> Canvas {
    let mut door = Canvas::new(FRAME_WIDTH, FRAME_HEIGHT);
    if open {
        // The dark of the house behind, and the leaf seen from its edge.
        door.rect(1, 1, 14, 22, DUSK);
        door.rect(2, 3, 12, 20, INK);
        door.rect(4, 18, 9, 5, EARTH[0]);
        door.rect(5, 21, 9, 2, EARTH[1]);
        door.frame(0, 1, 5, 23, INK, EARTH[2]);
        door.rect(1, 2, 1, 21, EARTH[3]);
        door.rect(3, 12, 1, 2, GOLD);
        return door;
    }
    door.frame(0, 0, 16, 24, INK, EARTH[2]);
    for x in 1..15 {
        for y in 1..23 {
            let ink = match x % 4 {
                0 => EARTH[1],
                1 => EARTH[3],
                _ => EARTH[2],
            };
            door.put(x, y, ink);
        }
    }
    for y in [4, 18] {
        door.rect(1, y, 14, 2, STONE[1]);
        door.rect(1, y, 14, 1, STONE[2]);
    }
    door.frame(5, 7, 6, 6, EARTH[0], GOLD);
    door.rect(6, 8, 4, 2, EARTH[6]);
    door.rect(8, 8, 1, 4, EARTH[0]);
    door.rect(12, 14, 2, 2, GOLD);
    door.put(0, 0, CLEAR);
    door.put(15, 0, CLEAR);
    door
}
