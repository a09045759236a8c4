//! People: one body drawn in three views and three steps, dressed from a wardrobe. West is east in
//! a mirror. The sheet they are put on comes from `sprites`.

use super::canvas::Canvas;
use super::palette::{DUSK, EARTH, GOLD, INK, Ink, LEAF, PLUM, ROSE, RUST, SKIN, SLATE, STONE, WATER};

/// Width of a frame, pixels.
pub const FRAME_WIDTH: i32 = 16;
/// Height of a frame, pixels.
pub const FRAME_HEIGHT: i32 = 24;

/// What somebody wears on the head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Head {
    Short,
    Long,
    Hat([Ink; 2]),
    Beard,
}

/// One person's colours, each ramp from dark to light.
#[derive(Debug, Clone, Copy)]
pub struct Person {
    /// The name of the look.
    pub look: &'static str,
    head: Head,
    hair: [Ink; 3],
    skin: usize,
    cloth: [Ink; 3],
    legs: [Ink; 2],
    belt: Ink,
    apron: bool,
}

const BROWN: [Ink; 3] = [EARTH[0], EARTH[1], EARTH[2]];
const STRAW: [Ink; 3] = [EARTH[3], EARTH[4], EARTH[5]];
const RAVEN: [Ink; 3] = [INK, DUSK, PLUM];
const COPPER: [Ink; 3] = [RUST[0], RUST[1], RUST[2]];
const SILVER: [Ink; 3] = [STONE[2], STONE[4], EARTH[6]];
const BLUE_LEGS: [Ink; 2] = [DUSK, SLATE[0]];
const BROWN_LEGS: [Ink; 2] = [EARTH[0], EARTH[1]];
const GREY_LEGS: [Ink; 2] = [STONE[0], STONE[1]];

pub const PEOPLE: [Person; 12] = [
    person("traveller_1", Head::Short, BROWN, 3, [RUST[0], RUST[1], RUST[2]], BLUE_LEGS, GOLD, false),
    person("traveller_2", Head::Long, STRAW, 3, [WATER[0], WATER[1], WATER[2]], BROWN_LEGS, EARTH[5], false),
    person(
        "traveller_3",
        Head::Hat([LEAF[0], LEAF[1]]),
        COPPER,
        3,
        [LEAF[1], LEAF[2], LEAF[4]],
        BROWN_LEGS,
        EARTH[1],
        false,
    ),
    person("traveller_4", Head::Long, RAVEN, 2, [SLATE[0], SLATE[1], SLATE[2]], GREY_LEGS, ROSE[1], false),
    person("traveller_5", Head::Short, RAVEN, 0, [EARTH[3], GOLD, EARTH[6]], BROWN_LEGS, RUST[1], false),
    person("traveller_6", Head::Long, COPPER, 3, [ROSE[0], ROSE[1], ROSE[2]], GREY_LEGS, EARTH[6], false),
    person(
        "traveller_7",
        Head::Hat([RUST[0], RUST[1]]),
        BROWN,
        1,
        [STONE[2], STONE[3], STONE[4]],
        BLUE_LEGS,
        RUST[1],
        false,
    ),
    person("traveller_8", Head::Short, SILVER, 2, [WATER[1], WATER[3], WATER[4]], BLUE_LEGS, EARTH[1], false),
    person("villager_1", Head::Long, BROWN, 3, [LEAF[1], LEAF[2], LEAF[3]], BROWN_LEGS, EARTH[5], true),
    person("villager_2", Head::Beard, SILVER, 3, [EARTH[0], EARTH[1], EARTH[2]], GREY_LEGS, EARTH[4], false),
    person(
        "villager_3",
        Head::Hat([EARTH[3], EARTH[5]]),
        RAVEN,
        1,
        [RUST[1], RUST[2], RUST[3]],
        BROWN_LEGS,
        EARTH[6],
        true,
    ),
    person("villager_4", Head::Beard, COPPER, 2, [DUSK, SLATE[0], SLATE[1]], BROWN_LEGS, STONE[3], false),
];

#[expect(clippy::too_many_arguments, reason = "one row of the wardrobe table above")]
const fn person(
    look: &'static str,
    head: Head,
    hair: [Ink; 3],
    skin: usize,
    cloth: [Ink; 3],
    legs: [Ink; 2],
    belt: Ink,
    apron: bool,
) -> Person {
    Person { look, head, hair, skin, cloth, legs, belt, apron }
}

/// Ways to face, in the order of the sheet's rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Facing {
    South,
    /// Away from the viewer.
    North,
    East,
    West,
}

impl Facing {
    /// In the order of the sheet's rows.
    pub const ALL: [Self; 4] = [Self::South, Self::North, Self::East, Self::West];
}

impl Person {
    /// One frame; step 0 stands, 1 and 2 walk.
    pub fn frame(&self, facing: Facing, step: usize) -> Canvas {
        if facing == Facing::West {
            return self.frame(Facing::East, step).mirrored();
        }
        let mut frame = Canvas::new(FRAME_WIDTH, FRAME_HEIGHT);
        let inks = self.inks();
        let side = usize::from(facing == Facing::East);
        frame.letters(0, 19, &LEGS[side][step], &inks);
        // A walking body rises by a pixel.
        let rise = i32::from(step != 0);
        if rise > 0 {
            frame.letters(0, 18, &LEGS[side][step][..1], &inks);
        }
        frame.letters(0, 12 - rise, &TORSO[side], &inks);
        if self.apron && facing != Facing::North {
            let (x, width) = if facing == Facing::East { (8, 3) } else { (6, 4) };
            frame.rect(x, 14 - rise, width, 5, EARTH[6]);
            frame.rect(x + width - 1, 15 - rise, 1, 4, EARTH[5]);
        }
        if side == 0 && step > 0 {
            // One hand swings forward, the other back.
            let (ahead, behind) = if step == 1 { (11, 4) } else { (4, 11) };
            frame.put(ahead, 16 - rise, self.cloth[1]);
            frame.put(ahead, 15 - rise, SKIN[self.skin]);
            frame.put(behind, 17 - rise, SKIN[self.skin]);
            frame.put(behind, 16 - rise, self.cloth[0]);
        }
        let (head, overlay) = match facing {
            Facing::South => (&HEAD_SOUTH, self.overlay(0)),
            Facing::North => (&HEAD_NORTH, self.overlay(1)),
            _ => (&HEAD_EAST, self.overlay(2)),
        };
        frame.letters(0, 1 - rise, head, &inks);
        for (y, rows) in overlay {
            frame.letters(0, y - rise, rows, &inks);
        }
        frame
    }

    fn overlay(&self, view: usize) -> Vec<(i32, &'static [&'static str])> {
        match self.head {
            Head::Short => Vec::new(),
            Head::Long => vec![(LONG[view].0, LONG[view].1)],
            Head::Hat(_) => vec![(1, &HAT)],
            Head::Beard if view == 1 => Vec::new(),
            Head::Beard => vec![(8, if view == 0 { &BEARD_SOUTH } else { &BEARD_EAST })],
        }
    }

    fn inks(&self) -> Vec<(char, Ink)> {
        let shade = if self.skin == 0 { EARTH[0] } else { SKIN[self.skin - 1] };
        let hat = if let Head::Hat(hat) = self.head { hat } else { [INK, INK] };
        vec![
            ('k', INK),
            ('g', self.hair[0]),
            ('h', self.hair[1]),
            ('H', self.hair[2]),
            ('s', SKIN[self.skin]),
            ('S', shade),
            ('e', INK),
            ('d', self.cloth[0]),
            ('c', self.cloth[1]),
            ('C', self.cloth[2]),
            ('P', self.legs[0]),
            ('p', self.legs[1]),
            ('b', EARTH[0]),
            ('B', self.belt),
            ('a', hat[0]),
            ('A', hat[1]),
        ]
    }
}

const HEAD_SOUTH: [&str; 11] = [
    ".....kkkkkk.....",
    "....kHHHhhhk....",
    "...kHHhhhhhhk...",
    "...kHhhhhhhhk...",
    "...khhhghhhhk...",
    "...khhsghsghk...",
    "...khssssssgk...",
    "...kksesseskk...",
    "...kssesseSSk...",
    "....kssssSSk....",
    ".....kSSSSk.....",
];

const HEAD_NORTH: [&str; 11] = [
    ".....kkkkkk.....",
    "....kHHHhhhk....",
    "...kHHhhhhhhk...",
    "...kHhhhhhhhk...",
    "...khhhhhhhhk...",
    "...khhhhhhhgk...",
    "...khhhhhhhgk...",
    "...khghhghhgk...",
    "...kkghghhgkk...",
    "....kggggggk....",
    ".....kSSSSk.....",
];

const HEAD_EAST: [&str; 11] = [
    ".....kkkkkk.....",
    "....kHHHhhhk....",
    "...kHHhhhhhhk...",
    "...kHhhhhhhhk...",
    "...khhhhhhghk...",
    "...khhhhhgssk...",
    "...khhhgssssk...",
    "...khhgsssesk...",
    "...kghSsssesk...",
    "....kgSssSSk....",
    ".....kkSSSk.....",
];

const TORSO: [[&str; 7]; 2] = [
    [
        "....kkCccdkk....",
        "...kcCccccddk...",
        "...kCkCccdkdk...",
        "...kckCccdkdk...",
        "...kskBBBBksk...",
        "...kkkCccdkkk...",
        "....kCccccdk....",
    ],
    [
        ".....kCccdk.....",
        "....kCccccdk....",
        "....kCkCckdk....",
        "....kCkcdkdk....",
        "....kBkssBBk....",
        "....kCckkcdk....",
        "....kCccccdk....",
    ],
];

const LEGS: [[[&str; 5]; 3]; 2] = [
    [
        ["....kppkkppk....", "....kppkkppk....", "....kPPkkPPk....", "....kbbkkbbk....", "....kkkkkkkk...."],
        ["....kppkkppk....", "....kppkkPPk....", "....kPPkkbbk....", "....kbbk.kkk....", "....kkkk........"],
        ["....kppkkppk....", "....kPPkkppk....", "....kbbkkPPk....", "....kkk.kbbk....", "........kkkk...."],
    ],
    [
        [".....kppppk.....", ".....kpPppk.....", ".....kPPPPk.....", ".....kbbbbbk....", ".....kkkkkkk...."],
        ["....kPPkkppk....", "...kPPk..kppk...", "...kPPk..kppk...", "..kbbk...kbbbk..", "..kkk....kkkkk.."],
        ["....kppkkPPk....", "...kppk..kPPk...", "...kppk..kPPk...", "..kbbk...kbbbk..", "..kkk....kkkkk.."],
    ],
];

const HAT: [&str; 6] = [
    "....kkkkkkkk....",
    "...kAAaaaaaak...",
    "...kAAaaaaaak...",
    ".kkkAaaaaaaakkk.",
    "kAAAAAaaaaaaaaak",
    ".kkkkkkkkkkkkkk.",
];

const BEARD_SOUTH: [&str; 5] =
    ["...kk......kk...", "...kgsesseSgk...", "....khhsshhk....", "....kHhhhhgk....", ".....kHhhgk....."];

const BEARD_EAST: [&str; 5] =
    ["................", "...........h....", "....k.Hhhhhk....", ".....kHhhhhk....", "......kHhgk....."];

/// Long hair seen from the front, the back and the side: first row, rows.
const LONG: [(i32, &[&str]); 3] = [
    (
        8,
        &[
            "...kh......gk...",
            "...kh......gk...",
            "...khk....kgk...",
            "...kHk....kgk...",
            "...khk....kgk...",
            "....k......k....",
        ],
    ),
    (
        8,
        &[
            "...khhhhhhhgk...",
            "...khghhghhgk...",
            "...khghhghhgk...",
            "...khghhghhgk...",
            "....kghhghgk....",
            ".....kkkkkk.....",
        ],
    ),
    (
        8,
        &[
            "...khhh.........",
            "...khhg.........",
            "...khhgk........",
            "...khhgk........",
            "...kghk.........",
            "....kk..........",
        ],
    ),
];
