//! Stacks: what lies one over another in a cell, each different one once. A stack is a piece on top
//! of another stack, so that what the cells of a map share is held and looked up only once.

use rustc_hash::FxHashMap;

use crate::drawing::{FLIP_DIAGONALLY, FLIP_HORIZONTALLY, FLIP_VERTICALLY};
use crate::pictures::Pixels;

/// The stack without any piece.
pub const NOTHING: u32 = 0;

/// Most different pieces of a map; real ones have a few thousand.
const PIECES_MAX: usize = 200_000;
/// Most pixels that are looked at to see what a piece hides. Further pieces are taken to hide
/// nothing, which is as right and only slower.
const LOOKED_AT_MAX: u64 = 600_000_000;

/// How a picture is turned: bit 0 mirrored left to right, bit 1 top to bottom, bit 2 (first of all)
/// at the falling diagonal.
pub type Turn = u8;

/// Part of a picture as it lies in a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Piece {
    /// Index of its picture.
    pub image: u32,
    pub turn: Turn,
    /// Index of how its layer colours it.
    pub style: u16,
    /// Index of what its tile is.
    pub label: u32,
    /// Where the upper left corner of the picture is, pixels from that of the cell.
    pub x: i32,
    pub y: i32,
}

/// How a layer colours what is on it: factors of red, green, blue and opacity.
pub type Style = [f32; 4];

/// What a tile is, beside how it looks.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Label {
    pub class: String,
    /// Health points that standing there costs every second.
    pub damage: i32,
}

/// How much of a cell a piece hides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cover {
    Nothing,
    Some,
    All,
}

/// All pieces and stacks of a map.
pub struct Stacks {
    cell: (u32, u32),
    stacks_max: usize,
    pieces: Vec<(Piece, Cover)>,
    piece_ids: FxHashMap<Piece, u32>,
    /// What a stack lies on, and its uppermost piece.
    stacks: Vec<(u32, u32)>,
    stack_ids: FxHashMap<(u32, u32), u32>,
    styles: Vec<Style>,
    labels: Vec<Label>,
    label_ids: FxHashMap<Label, u32>,
    looked_at: u64,
}

impl Stacks {
    /// For cells of this size, and at most so many.
    pub fn new(cell: (u32, u32), stacks_max: usize) -> Self {
        Self {
            cell,
            stacks_max,
            pieces: Vec::new(),
            piece_ids: FxHashMap::default(),
            stacks: vec![(NOTHING, 0)],
            stack_ids: FxHashMap::default(),
            styles: Vec::new(),
            labels: vec![Label::default()],
            label_ids: FxHashMap::from_iter([(Label::default(), 0)]),
            looked_at: 0,
        }
    }

    /// How many different ones there can be.
    pub fn stacks_max(&self) -> usize {
        self.stacks_max
    }

    pub fn style(&mut self, style: Style) -> Option<u16> {
        let known = self.styles.iter().position(|known| *known == style);
        let index = known.unwrap_or_else(|| {
            self.styles.push(style);
            self.styles.len() - 1
        });
        u16::try_from(index).ok()
    }

    pub fn label(&mut self, label: Label) -> u32 {
        *self.label_ids.entry(label).or_insert_with_key(|label| {
            self.labels.push(label.clone());
            self.labels.len() as u32 - 1
        })
    }

    /// The number of a piece, which shows these pictures one after another; `None` when there are
    /// too many.
    pub fn piece<'a>(&mut self, piece: Piece, mut pictures: impl Iterator<Item = &'a Pixels>) -> Option<u32> {
        if let Some(id) = self.piece_ids.get(&piece) {
            return Some(*id);
        }
        if self.pieces.len() >= PIECES_MAX {
            return None;
        }
        let id = self.pieces.len() as u32;
        let first = self.cover(&piece, pictures.next()?);
        // What it hides only at times is seen at others.
        let is_same = first == Cover::Some || pictures.all(|picture| self.cover(&piece, picture) == first);
        let cover = if is_same { first } else { Cover::Some };
        self.pieces.push((piece, cover));
        self.piece_ids.insert(piece, id);
        Some(id)
    }

    fn cover(&mut self, piece: &Piece, picture: &Pixels) -> Cover {
        let style = self.styles[usize::from(piece.style)];
        let (left, top, right, bottom) = within(piece, picture, self.cell);
        let area = (right - left).max(0) as u64 * (bottom - top).max(0) as u64;
        if area == 0 || style[3] <= 0.0 {
            return Cover::Nothing;
        }
        self.looked_at = self.looked_at.saturating_add(area);
        if self.looked_at > LOOKED_AT_MAX {
            return Cover::Some;
        }
        let (mut all, mut some) = (area == u64::from(self.cell.0) * u64::from(self.cell.1) && style[3] >= 1.0, false);
        for y in top..bottom {
            for x in left..right {
                let (from_x, from_y) = source(piece, picture, x, y);
                let opacity = picture.pixel(from_x, from_y)[3];
                all &= opacity == 255;
                some |= opacity != 0;
            }
            if some && !all {
                return Cover::Some;
            }
        }
        if all {
            Cover::All
        } else if some {
            Cover::Some
        } else {
            Cover::Nothing
        }
    }

    /// The stack with one more piece on top; `None` when there are too many.
    pub fn push(&mut self, stack: u32, piece: u32) -> Option<u32> {
        let below = match self.pieces[piece as usize].1 {
            Cover::Nothing => return Some(stack),
            Cover::Some => stack,
            // What it hides does not count, neither as a picture nor as what the place is.
            Cover::All => NOTHING,
        };
        if let Some(id) = self.stack_ids.get(&(below, piece)) {
            return Some(*id);
        }
        if self.stacks.len() >= self.stacks_max {
            return None;
        }
        let id = self.stacks.len() as u32;
        self.stacks.push((below, piece));
        self.stack_ids.insert((below, piece), id);
        Some(id)
    }

    /// The numbers of the pieces of a stack, the uppermost first.
    pub fn numbers(&self, stack: u32) -> Vec<u32> {
        let step = |at: u32| (at != NOTHING).then_some(at);
        let stacks = std::iter::successors(step(stack), |at| step(self.stacks[*at as usize].0));
        stacks.map(|at| self.stacks[at as usize].1).collect()
    }

    /// Whether a piece hides all that is below it in its cell.
    pub fn hides_all(&self, piece: u32) -> bool {
        self.pieces[piece as usize].1 == Cover::All
    }

    /// Whether it costs health to stand on a piece.
    pub fn hurts(&self, piece: u32) -> bool {
        self.labels[self.pieces[piece as usize].0.label as usize].damage > 0
    }

    /// The pieces of a stack, the uppermost first.
    pub fn pieces(&self, stack: u32) -> impl Iterator<Item = &Piece> {
        let step = |at: u32| (at != NOTHING).then_some(at);
        std::iter::successors(step(stack), move |at| step(self.stacks[*at as usize].0))
            .map(|at| &self.pieces[self.stacks[at as usize].1 as usize].0)
    }

    /// What the uppermost piece is that is anything, as an index.
    pub fn label_of(&self, stack: u32) -> u32 {
        self.pieces(stack).map(|piece| piece.label).find(|label| *label != 0).unwrap_or(0)
    }

    pub fn labels(&self) -> &[Label] {
        &self.labels
    }

    pub fn style_of(&self, piece: &Piece) -> Style {
        self.styles[usize::from(piece.style)]
    }
}

/// The pixels of the cell that a piece lies on: left, top, right, bottom.
pub fn within(piece: &Piece, picture: &Pixels, cell: (u32, u32)) -> (i64, i64, i64, i64) {
    let (width, height) = turned(piece.turn, (picture.width, picture.height));
    let (x, y) = (i64::from(piece.x), i64::from(piece.y));
    let (right, bottom) = ((x + i64::from(width)).min(cell.0.into()), (y + i64::from(height)).min(cell.1.into()));
    (x.max(0), y.max(0), right, bottom)
}

/// The pixel of the picture that lies at a pixel of the cell.
pub fn source(piece: &Piece, picture: &Pixels, x: i64, y: i64) -> (i64, i64) {
    let (width, height) = turned(piece.turn, (picture.width, picture.height));
    let (mut x, mut y) = (x - i64::from(piece.x), y - i64::from(piece.y));
    if piece.turn & 1 != 0 {
        x = i64::from(width) - 1 - x;
    }
    if piece.turn & 2 != 0 {
        y = i64::from(height) - 1 - y;
    }
    if piece.turn & 4 != 0 { (y, x) } else { (x, y) }
}

/// The size of a picture that is turned.
pub fn turned(turn: Turn, (width, height): (u32, u32)) -> (u32, u32) {
    if turn & 4 != 0 { (height, width) } else { (width, height) }
}

/// How a tile is turned.
pub fn turn(gid: u32) -> Turn {
    let bit = |flag: u32, bit: u8| if gid & flag != 0 { bit } else { 0 };
    bit(FLIP_HORIZONTALLY, 1) | bit(FLIP_VERTICALLY, 2) | bit(FLIP_DIAGONALLY, 4)
}
