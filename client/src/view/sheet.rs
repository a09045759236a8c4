//! The pictures: the tiles from the server (cut in [`super::tiles`]), the figures that come with
//! the client, and those of the world's own, which go before them. Decodes PNG into textures that
//! keep their pixels sharp.

use std::collections::BTreeMap;

use egui::{Color32, ColorImage, Context, Rect, TextureHandle, TextureId, TextureOptions, Vec2, pos2, vec2};
use serde::Deserialize;
use tilemud_schema::sprites::{Look, LookKind, Sprites};
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

impl From<&Sprites> for Directory {
    fn from(sprites: &Sprites) -> Self {
        let Sprites { image: _, frame_w, frame_h, directions, looks } = sprites.clone();
        // Of a server that says so, none is without extent.
        Self { frame_w: frame_w.max(1), frame_h: frame_h.max(1), directions, looks }
    }
}

/// A sprite sheet.
struct Sheet {
    texture: TextureHandle,
    directory: Directory,
}

/// The picture of an entity at this moment.
#[derive(Debug, Clone, Copy)]
pub struct Frame {
    pub texture: TextureId,
    /// Where in the texture it is.
    pub uv: Rect,
    /// Width and height, pixels.
    pub size: Vec2,
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
    sprites: Sheet,
    /// The figures of the world's own, which are asked first.
    own: Option<Sheet>,
}

impl Pictures {
    /// The figures that come with the client; the tileset follows from the server.
    #[must_use]
    pub fn new(ctx: &Context) -> Self {
        // Both files are part of the build, and a test reads them.
        let directory = serde_json::from_slice(SPRITES_JSON).expect("the sprite directory is well-formed");
        let image = decode(SPRITES_PNG).expect("the sprite sheet is a PNG");
        let texture = ctx.load_texture("sprites", image, TextureOptions::NEAREST);
        Self { tiles: None, sprites: Sheet { texture, directory }, own: None }
    }

    /// Takes the figures of the world's own and their PNG, or that there are none.
    ///
    /// # Errors
    /// The picture cannot be drawn, in words for the player; there are none then.
    pub fn load_own(&mut self, ctx: &Context, own: Option<(&Sprites, &[u8])>) -> Result<(), String> {
        self.own = None;
        let Some((sprites, png)) = own else { return Ok(()) };
        let (image, side) = (decode(png)?, ctx.input(|input| input.max_texture_side));
        let [width, height] = image.size;
        if width > side || height > side {
            return Err(format!("it has {width} x {height} pixels, and the graphics card takes {side} on an edge"));
        }
        let texture = ctx.load_texture("sprites of the world", image, TextureOptions::NEAREST);
        self.own = Some(Sheet { texture, directory: sprites.into() });
        Ok(())
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

    /// Width and height of a figure that comes with the client, pixels.
    #[must_use]
    pub fn frame_size(&self) -> Vec2 {
        self.sprites.directory.frame_size()
    }

    /// An entity's picture.
    #[must_use]
    pub fn frame(&self, entity: &Entity, pose: Pose) -> Frame {
        let own = self.own.as_ref().and_then(|own| Some((own, *own.directory.looks.get(&*entity.look)?)));
        let (sheet, look) = own.unwrap_or_else(|| (&self.sprites, self.sprites.directory.look(entity)));
        sheet.frame(look, entity, pose)
    }
}

impl Sheet {
    fn frame(&self, look: Look, entity: &Entity, pose: Pose) -> Frame {
        let (column, row) = match look.kind {
            LookKind::Character => {
                let row = self.directory.directions.iter().position(|it| *it == pose.facing).unwrap_or(0);
                let beat = pose.stride.map_or(0, |tiles| (tiles / STRIDE_TILES * 4.0) as u64 % 4);
                ([1, 0, 2, 0][beat as usize] * u32::from(pose.stride.is_some()), row as u32)
            }
            LookKind::Item => (0, 0),
            LookKind::Door => (u32::from(entity.open == Some(true)), 0),
        };
        let (size, sheet) = (self.directory.frame_size(), self.texture.size_vec2());
        // Numbers of a server, of any size.
        let min = pos2(look.x as f32 + column as f32 * size.x, look.y as f32 + row as f32 * size.y);
        let place = Rect::from_min_size(min, size).shrink(HAIR);
        let uv = Rect::from_min_max(
            pos2(place.left() / sheet.x, place.top() / sheet.y),
            pos2(place.right() / sheet.x, place.bottom() / sheet.y),
        );
        Frame { texture: self.texture.id(), uv, size }
    }
}

impl Directory {
    fn frame_size(&self) -> Vec2 {
        vec2(self.frame_w as f32, self.frame_h as f32)
    }

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
            let (columns, rows) = look.kind.frames();
            let (right, bottom) = (look.x + columns * directory.frame_w, look.y + rows * directory.frame_h);
            assert!(right as usize <= sheet.size[0] && bottom as usize <= sheet.size[1], "{name} leaves the sheet");
        }
    }

    #[test]
    fn an_unknown_look_is_the_same_one_for_the_same_name_and_of_the_right_kind() {
        let pictures = Pictures::new(&Context::default());
        let look = |entity: &Entity| pictures.sprites.directory.look(entity);
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

    fn own() -> Sprites {
        let look = |kind, x, y| Look { kind, x, y };
        let looks = [
            ("traveller_1", look(LookKind::Character, 0, 0)),
            ("golem", look(LookKind::Character, 96, 0)),
            ("gate", look(LookKind::Door, 0, 160)),
            ("odd", look(LookKind::Character, u32::MAX, u32::MAX)),
        ];
        Sprites {
            image: "/world/1.png".to_owned(),
            frame_w: 32,
            frame_h: 40,
            directions: vec![Direction::East, Direction::West, Direction::North, Direction::South],
            looks: looks.map(|(name, look)| (name.to_owned(), look)).into(),
        }
    }

    /// A PNG of 192 x 200 pixels.
    fn picture() -> Vec<u8> {
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, 192, 200);
        encoder.set_color(png::ColorType::Rgba);
        encoder.write_header().expect("a header").write_image_data(&[90; 192 * 200 * 4]).expect("pixels");
        file
    }

    #[test]
    fn looks_of_the_world_go_before_those_of_the_client_which_stay_for_all_others() {
        let ctx = Context::default();
        let mut pictures = Pictures::new(&ctx);
        let pose = Pose { facing: Direction::West, stride: None };
        let of = |pictures: &Pictures, look: &str, kind| pictures.frame(&entity(kind, "Mira", look), pose);
        let before = of(&pictures, "traveller_1", EntityKind::Player);
        assert_eq!((before.size, before.texture), (vec2(16.0, 24.0), pictures.sprites.texture.id()));
        pictures.load_own(&ctx, Some((&own(), &picture()))).expect("it can be drawn");
        let own_texture = pictures.own.as_ref().expect("loaded").texture.id();
        assert_ne!(own_texture, before.texture);
        // The second row of a sheet whose rows are in another order, and its first column.
        let golem = of(&pictures, "golem", EntityKind::Npc);
        assert_eq!((golem.size, golem.texture), (vec2(32.0, 40.0), own_texture));
        let corner = |frame: Frame| (frame.uv.left() * 192.0, frame.uv.top() * 200.0);
        assert!((corner(golem).0 - 96.0).abs() < 0.1 && (corner(golem).1 - 40.0).abs() < 0.1, "{golem:?}");
        let replaced = of(&pictures, "traveller_1", EntityKind::Player);
        assert_eq!(replaced.texture, own_texture, "it takes the place of the one of the client");
        let open = Entity { open: Some(true), ..entity(EntityKind::Door, "Gate", "gate") };
        assert!((corner(pictures.frame(&open, pose)).0 - 32.0).abs() < 0.1);
        for other in ["traveller_2", "never heard of"] {
            assert_eq!(of(&pictures, other, EntityKind::Npc).texture, before.texture, "{other}");
        }
        assert_eq!(of(&pictures, "odd", EntityKind::Npc).texture, own_texture, "wherever a server says it is");

        let flat = Sprites { frame_w: 0, frame_h: 0, ..own() };
        pictures.load_own(&ctx, Some((&flat, &picture()))).expect("it can be drawn");
        assert_eq!(of(&pictures, "golem", EntityKind::Npc).size, vec2(1.0, 1.0));
        assert!(pictures.load_own(&ctx, Some((&own(), b"no picture"))).is_err());
        assert_eq!(of(&pictures, "golem", EntityKind::Npc).texture, before.texture, "without a picture");
        pictures.load_own(&ctx, Some((&own(), &picture()))).expect("it can be drawn");
        pictures.load_own(&ctx, None).expect("nothing to draw");
        assert_eq!(of(&pictures, "traveller_1", EntityKind::Player).texture, before.texture);
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
