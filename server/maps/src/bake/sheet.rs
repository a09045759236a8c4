//! The sheet of a baked map: every different tile once, and the PNG files of all of them. Pictures
//! are not held but drawn again for the files, as those of all tiles may be hundreds of megabytes.

use std::io;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use sha2::{Digest as _, Sha256};
use tilemud_schema::rest::{TileAnimation, TileFrame, TileInfo};

use super::compose::Composer;
use super::stacks::{NOTHING, Stacks};

/// Longest edge of a file, pixels; every graphics card takes it.
pub const SHEET_EDGE_MAX: u32 = 4096;
/// Most files: 256 MiB on the graphics card.
const SHEETS_MAX: usize = 4;

/// What makes two tiles different.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Kind {
    /// Number of its picture.
    block: u32,
    solid: bool,
    label: u32,
    /// Not zero for tiles that no place of the map has at first.
    apart: u32,
    /// Not zero for tiles that move: the number of what they show.
    moves: u32,
}

/// What is apart because it is only a picture of tiles that move.
const FRAME: u32 = u32::MAX;

/// Why a stack got no tile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Full {
    /// The files have no more room.
    Sheet,
    /// Too many pixels lie over one another.
    Drawing,
}

/// Tiles of a map, by id.
pub struct Sheet {
    edge: u32,
    /// A stack that each picture shows, and when it does, milliseconds.
    blocks: Vec<(u32, u64)>,
    /// Pictures by their hash.
    by_hash: FxHashMap<[u8; 32], u32>,
    /// From id 1 on.
    tiles: Vec<Kind>,
    ids: FxHashMap<Kind, u16>,
    by_stack: FxHashMap<(u32, bool), u16>,
    /// Whether tiles may move.
    may_move: bool,
    /// What tiles that move show: pictures, each for how long.
    moves: FxHashMap<Vec<(u32, u32)>, u32>,
    animations: Vec<TileAnimation>,
}

impl Sheet {
    /// For tiles of `edge` pixels, which all stand still unless they may move.
    pub fn new(edge: u32, may_move: bool) -> Self {
        Self {
            edge,
            may_move,
            moves: FxHashMap::default(),
            animations: Vec::new(),
            blocks: Vec::new(),
            by_hash: FxHashMap::default(),
            tiles: Vec::new(),
            ids: FxHashMap::default(),
            by_stack: FxHashMap::default(),
        }
    }

    /// Tiles along the longest edge of a file.
    fn along(&self) -> usize {
        (SHEET_EDGE_MAX / self.edge.max(1)).max(1) as usize
    }

    /// How many tiles there can be.
    pub fn tiles_max(&self) -> usize {
        (self.along() * self.along() * SHEETS_MAX).min(usize::from(u16::MAX))
    }

    /// The tile of a stack; 0 if nothing of it can be seen and nobody has to be kept out.
    pub fn tile(&mut self, composer: &mut Composer<'_>, stacks: &Stacks, stack: u32, solid: bool) -> Result<u16, Full> {
        if stack == NOTHING {
            return Ok(0);
        }
        if let Some(id) = self.by_stack.get(&(stack, solid)) {
            return Ok(*id);
        }
        let id = self.laid(composer, stacks, stack, solid, 0)?;
        self.by_stack.insert((stack, solid), id);
        Ok(id)
    }

    /// The tile of a stack that was made one.
    pub fn known(&self, stack: u32, solid: bool) -> u16 {
        self.by_stack.get(&(stack, solid)).copied().unwrap_or(0)
    }

    fn laid(
        &mut self,
        composer: &mut Composer<'_>,
        stacks: &Stacks,
        stack: u32,
        solid: bool,
        apart: u32,
    ) -> Result<u16, Full> {
        let mut shows: Vec<(u32, u32)> = Vec::new();
        for (start, ms) in composer.moments(stacks, stack) {
            let pixels = composer.draw(stacks, stack, start).ok_or(Full::Drawing)?;
            let block = self.block(&pixels, (stack, start))?;
            match shows.last_mut() {
                Some((same, all)) if *same == block => *all = all.saturating_add(ms),
                _ => shows.push((block, ms)),
            }
            if !self.may_move {
                break;
            }
        }
        let [(block, _), ..] = shows[..] else { return Err(Full::Drawing) };
        let label = stacks.label_of(stack);
        if shows.len() == 1 {
            return self.kind(Kind { block, solid, label, apart, moves: 0 });
        }
        let number = self.moves.len() as u32 + 1;
        let moves = *self.moves.entry(shows.clone()).or_insert(number);
        let known = self.tiles.len();
        let id = self.kind(Kind { block, solid, label, apart, moves })?;
        if self.tiles.len() > known {
            let mut frames = Vec::with_capacity(shows.len());
            for (picture, ms) in shows {
                let frame = Kind { block: picture, solid: false, label: 0, apart: FRAME, moves: 0 };
                let tile = if picture == block { id } else { self.kind(frame)? };
                frames.push(TileFrame { tile, ms });
            }
            self.animations.push(TileAnimation { tile: id, frames });
        }
        Ok(id)
    }

    /// A tile of its own for a stack that players may place.
    pub fn placed(
        &mut self,
        composer: &mut Composer<'_>,
        stacks: &Stacks,
        stack: u32,
        solid: bool,
    ) -> Result<u16, Full> {
        let apart = self.tiles.len() as u32 + 1;
        self.laid(composer, stacks, stack, solid, apart)
    }

    fn kind(&mut self, kind: Kind) -> Result<u16, Full> {
        if let Some(id) = self.ids.get(&kind) {
            return Ok(*id);
        }
        if self.tiles.len() >= self.tiles_max() {
            return Err(Full::Sheet);
        }
        self.tiles.push(kind);
        // At most as many as a u16 holds.
        let id = self.tiles.len() as u16;
        self.ids.insert(kind, id);
        Ok(id)
    }

    /// The number of a picture, which is that of a stack at a time.
    fn block(&mut self, pixels: &[u8], shown: (u32, u64)) -> Result<u32, Full> {
        let hash = Sha256::digest(pixels).into();
        if let Some(known) = self.by_hash.get(&hash) {
            return Ok(*known);
        }
        if self.blocks.len() >= self.tiles_max() {
            return Err(Full::Sheet);
        }
        let number = self.blocks.len() as u32;
        self.by_hash.insert(hash, number);
        self.blocks.push(shown);
        Ok(number)
    }

    /// Tiles that move.
    pub fn animations(&self) -> &[TileAnimation] {
        &self.animations
    }

    /// Tiles in a row: about as many as there are rows, if all are in one file.
    pub fn columns(&self) -> u32 {
        ((self.tiles.len() as f64).sqrt().ceil() as u32).clamp(1, self.along() as u32)
    }

    /// What the tiles are, by id.
    pub fn infos(&self, stacks: &Stacks) -> Vec<TileInfo> {
        // There is nothing to stand on.
        let nothing = TileInfo { id: 0, name: "nothing".to_owned(), solid: true };
        let infos = self.tiles.iter().zip(1_u16..).map(|(tile, id)| {
            let class = &stacks.labels()[tile.label as usize].class;
            let name = if class.is_empty() { format!("tile {id}") } else { class.clone() };
            TileInfo { id, name, solid: tile.solid }
        });
        std::iter::once(nothing).chain(infos).collect()
    }

    /// The tiles that hurt, with how much.
    pub fn damage(&self, stacks: &Stacks) -> std::collections::BTreeMap<u16, i32> {
        let damage = |tile: &Kind| stacks.labels()[tile.label as usize].damage;
        self.tiles.iter().zip(1_u16..).map(|(tile, id)| (id, damage(tile))).filter(|(_, damage)| *damage > 0).collect()
    }

    /// The PNG files, which are one picture when each is put below the one before.
    ///
    /// # Errors
    /// The encoder does not take them, or they have more bytes than they may.
    pub fn encode(
        &self,
        composer: &mut Composer<'_>,
        stacks: &Stacks,
        len_max: usize,
    ) -> Result<Vec<Arc<[u8]>>, png::EncodingError> {
        let mut left = len_max;
        let (columns, edge) = (self.columns() as usize, self.edge as usize);
        let rows: Vec<&[Kind]> = if self.tiles.is_empty() { vec![&[]] } else { self.tiles.chunks(columns).collect() };
        let file = |rows: &[&[Kind]]| {
            let mut drawn = Vec::new();
            let file = encode_rows((columns * edge) as u32, (rows.len() * edge) as u32, left, |y, row| {
                let (number, line) = (y as usize / edge, y as usize % edge * edge * 4);
                if line == 0 {
                    let shown = rows[number].iter().map(|tile| self.blocks[tile.block as usize]);
                    drawn = shown.map(|(stack, ms)| composer.draw_again(stacks, stack, ms)).collect();
                }
                row.fill(0);
                for (place, pixels) in row.chunks_exact_mut(edge * 4).zip(&drawn) {
                    place.copy_from_slice(&pixels[line..line + edge * 4]);
                }
            })?;
            left = left.saturating_sub(file.len());
            Ok(file.into())
        };
        rows.chunks(self.along()).map(file).collect()
    }
}

/// A PNG file of red, green, blue and opacity whose rows are asked for one by one, so that it is
/// never there as a whole.
///
/// # Errors
/// The encoder does not take it, or it has more than `len_max` bytes.
pub fn encode_rows(
    width: u32,
    height: u32,
    len_max: usize,
    mut draw: impl FnMut(u32, &mut [u8]),
) -> Result<Vec<u8>, png::EncodingError> {
    use std::io::Write as _;
    let mut file = Bounded { bytes: Vec::new(), len_max };
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Fast);
    let mut writer = encoder.write_header()?;
    let mut stream = writer.stream_writer()?;
    let mut row = vec![0; width as usize * 4];
    for y in 0..height {
        draw(y, &mut row);
        stream.write_all(&row)?;
    }
    stream.finish()?;
    writer.finish()?;
    Ok(file.bytes)
}

/// Takes at most so many bytes.
struct Bounded {
    bytes: Vec<u8>,
    len_max: usize,
}

impl io::Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + bytes.len() > self.len_max {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
