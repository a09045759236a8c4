//! The pictures: the tiles from the server (cut in [`super::tiles`]), the figures that come with
//! the client. Decodes PNG into textures that keep their pixels sharp.

use std::collections::BTreeMap;

use egui::{Color32, ColorImage, Context, Rect, TextureHandle, TextureOptions, pos2};
use serde::Deserialize;
use tilemud_schema::{Direction, Entity, EntityKind};

use super::tiles::TileSheet;

/// Largest picture accepted, pixels: 256 MiB of memory.
const PIXELS_MAX: u64 = 64 * 1024 * 1024;
/// Figures are taken a hair inside their edges, so that rounding never shows the neighbour.
const HAIR: f32 = 0.02;

/// Tiles walked with one stride: two steps and the stand between them.
const STRIDE_TILES: f64 = 2.0;

const SPRITES_PNG: &[u8] = include_bytes!("../../assets/sprites.png");
const SPRITES_JSON: &[u8] = include_bytes!("../../assets/sprites.json");

/// The directory of the sprite sheet.
#[derive(Debug, Deserialize)]
struct Directory {
    frame_w: u32,
    frame_h: u32,
    directions: Vec<Direction>,
    looks: BTreeMap<String, Look>,
}

/// Where a look's first frame is, pixels.
#[derive(Debug, Clone, Copy, Deserialize)]
struct Look {
    x: u32,
    y: u32,
    kind: LookKind,
}

/// A character has a row per direction and a column per step; a door is closed, then open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum LookKind {
    Character,
    Item,
    Door,
}

/// How an entity is seen at this moment.
#[derive(Debug, Clone, Copy)]
pub struct Pose {
    /// Which way it looks.
    pub facing: Direction,
    /// Tiles walked so far, while it walks.
    pub stride: Option<f64>,
}

/// The textures of the world.
pub struct Pictures {
    tiles: Option<TileSheet>,
    sprites: TextureHandle,
    directory: Directory,
}

impl Pictures {
    /// The figures that come with the client; the tileset follows from the server.
    #[must_use]
    pub fn new(ctx: &Context) -> Self {
        // Both files are part of the build, and a test reads them.
        let directory = serde_json::from_slice(SPRITES_JSON).expect("the sprite directory is well-formed");
        let image = decode(SPRITES_PNG).expect("the sprite sheet is a PNG");
        Self { tiles: None, sprites: ctx.load_texture("sprites", image, TextureOptions::NEAREST), directory }
    }

    /// Takes the tiles.
    pub fn load_tiles(&mut self, sheet: TileSheet) {
        self.tiles = Some(sheet);
    }

    /// The tiles.
    #[must_use]
    pub fn tiles(&self) -> Option<&TileSheet> {
        self.tiles.as_ref()
    }

    /// The texture of all figures.
    pub fn sprites(&self) -> &TextureHandle {
        &self.sprites
    }

    /// Width and height of a figure, pixels.
    #[must_use]
    pub fn frame_size(&self) -> (f32, f32) {
        (self.directory.frame_w as f32, self.directory.frame_h as f32)
    }

    /// Where in the sheet an entity's picture is.
    #[must_use]
    pub fn frame(&self, entity: &Entity, pose: Pose) -> Rect {
        let look = self.directory.look(entity);
        let (column, row) = match look.kind {
            LookKind::Character => {
                let row = self.directory.directions.iter().position(|it| *it == pose.facing).unwrap_or(0);
                let beat = pose.stride.map_or(0, |tiles| (tiles / STRIDE_TILES * 4.0) as u64 % 4);
                ([1, 0, 2, 0][beat as usize] * u32::from(pose.stride.is_some()), row as u32)
            }
            LookKind::Item => (0, 0),
            LookKind::Door => (u32::from(entity.open == Some(true)), 0),
        };
        let (w, h) = (self.directory.frame_w, self.directory.frame_h);
        let [width, height] = self.sprites.size();
        let min = ((look.x + column * w) as f32, (look.y + row * h) as f32);
        let (width, height) = (width as f32, height as f32);
        Rect::from_min_max(
            pos2((min.0 + HAIR) / width, (min.1 + HAIR) / height),
            pos2((min.0 + w as f32 - HAIR) / width, (min.1 + h as f32 - HAIR) / height),
        )
    }
}

impl Directory {
    /// The look an entity names; if it is not known, one of its kind, the same for the same name.
    fn look(&self, entity: &Entity) -> Look {
        if let Some(look) = self.looks.get(&*entity.look) {
            return *look;
        }
        let kind = match entity.kind {
            EntityKind::Player | EntityKind::Npc => LookKind::Character,
            EntityKind::Item => LookKind::Item,
            EntityKind::Door => LookKind::Door,
        };
        let fitting: Vec<Look> = self.looks.values().filter(|look| look.kind == kind).copied().collect();
        let hash =
            entity.name.bytes().fold(2_166_136_261_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(16_777_619));
        fitting.get(hash as usize % fitting.len().max(1)).copied().unwrap_or(Look { x: 0, y: 0, kind })
    }
}

/// Decodes a PNG of any colour type.
///
/// # Errors
/// It is none, or too large; in words for the player.
pub fn decode(png: &[u8]) -> Result<ColorImage, String> {
    let damaged = |_| "it is no PNG, or a damaged one".to_owned();
    let mut decoder = png::Decoder::new(std::io::Cursor::new(png));
    decoder.set_transformations(png::Transformations::normalize_to_color8() | png::Transformations::ALPHA);
    let (width, height) = decoder.read_header_info().map_err(damaged).map(|info| (info.width, info.height))?;
    if u64::from(width) * u64::from(height) > PIXELS_MAX {
        return Err(format!("it has {width} x {height} pixels, and at most {PIXELS_MAX} in all are possible"));
    }
    let mut reader = decoder.read_info().map_err(damaged)?;
    let size = [width as usize, height as usize];
    let mut bytes = vec![0; reader.output_buffer_size().ok_or("it is too large")?];
    let frame = reader.next_frame(&mut bytes).map_err(damaged)?;
    let bytes = &bytes[..frame.buffer_size()];
    let pixels: Vec<Color32> = match frame.color_type {
        png::ColorType::Rgba => bytes
            .as_chunks::<4>()
            .0
            .iter()
            .map(|[r, g, b, a]| Color32::from_rgba_unmultiplied(*r, *g, *b, *a))
            .collect(),
        png::ColorType::GrayscaleAlpha => {
            bytes.as_chunks::<2>().0.iter().map(|[l, a]| Color32::from_rgba_unmultiplied(*l, *l, *l, *a)).collect()
        }
        other => return Err(format!("its colours are of a kind that is not known here ({other:?})")),
    };
    if pixels.len() != size[0] * size[1] {
        return Err("it is cut off".to_owned());
    }
    Ok(ColorImage::new(size, pixels))
}

#[cfg(test)]
mod tests {
    use tilemud_schema::EntityId;

    use super::*;

    fn entity(kind: EntityKind, name: &str, look: &str) -> Entity {
        let (name, look) = (name.into(), look.into());
        Entity { id: EntityId(1), kind, name, x: 0, y: 0, look, health: None, open: None, away: None }
    }

    #[test]
    fn the_sheet_holds_every_frame_its_directory_names() {
        let directory: Directory = serde_json::from_slice(SPRITES_JSON).expect("the directory");
        let sheet = decode(SPRITES_PNG).expect("the sheet");
        assert_eq!(directory.directions.len(), 4);
        for (name, look) in &directory.looks {
            let (columns, rows) = match look.kind {
                LookKind::Character => (3, 4),
                LookKind::Item => (1, 1),
                LookKind::Door => (2, 1),
            };
            let (right, bottom) = (look.x + columns * directory.frame_w, look.y + rows * directory.frame_h);
            assert!(right as usize <= sheet.size[0] && bottom as usize <= sheet.size[1], "{name} leaves the sheet");
        }
    }

    #[test]
    fn an_unknown_look_is_the_same_one_for_the_same_name_and_of_the_right_kind() {
        let pictures = Pictures::new(&Context::default());
        let look = |entity: &Entity| pictures.directory.look(entity);
        let stranger = entity(EntityKind::Player, "Mira", "never heard of");
        assert_eq!((look(&stranger).x, look(&stranger).y), (look(&stranger).x, look(&stranger).y));
        assert_eq!(look(&stranger).kind, LookKind::Character);
        assert_eq!(look(&entity(EntityKind::Item, "thing", "?")).kind, LookKind::Item);
        assert_eq!(look(&entity(EntityKind::Door, "door", "?")).kind, LookKind::Door);
        let names = ["Mira", "Tom", "Bran", "Ada", "Finn", "Runa"];
        let looks: std::collections::BTreeSet<_> = names
            .map(|name| look(&entity(EntityKind::Player, name, "?")))
            .map(|look| (look.x, look.y))
            .into_iter()
            .collect();
        assert!(looks.len() > 2, "everybody looks alike");
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        assert!(decode(b"not a png").is_err());
        assert!(decode(&SPRITES_PNG[..SPRITES_PNG.len() / 2]).is_err());
        let mut huge = Vec::new();
        let encoder = png::Encoder::new(&mut huge, 40_000, 40_000);
        drop(encoder.write_header().expect("a header"));
        assert!(decode(&huge).expect_err("too large").contains("40000 x 40000"));
    }
}
