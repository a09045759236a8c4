//! The pictures: the tileset from the server, the figures that come with the client. Decodes PNG
//! into textures that keep their pixels sharp.

use egui::{Color32, ColorImage, Context, Rect, TextureHandle, TextureOptions, pos2};
use tilemud_schema::rest::Tileset;

/// Largest picture accepted, pixels on an edge.
const EDGE_MAX: u32 = 4096;

/// The textures of the world.
pub struct Pictures {
    tiles: Option<TextureHandle>,
}

impl Pictures {
    /// Only what comes with the client.
    #[must_use]
    pub fn new(_ctx: &Context) -> Self {
        Self { tiles: None }
    }

    /// Takes the tileset's PNG; a broken one leaves the world without pictures.
    pub fn load_tileset(&mut self, ctx: &Context, png: &[u8]) {
        if let Some(image) = decode(png) {
            self.tiles = Some(ctx.load_texture("tileset", image, TextureOptions::NEAREST));
        }
    }

    /// The tileset's texture.
    #[must_use]
    pub fn tiles(&self) -> Option<&TextureHandle> {
        self.tiles.as_ref()
    }
}

/// Where tile `id` is in a texture of `size` pixels; `None` for nothing and for ids past the end.
#[must_use]
pub fn tile_uv(tileset: &Tileset, size: [usize; 2], id: u16) -> Option<Rect> {
    let index = u32::from(id).checked_sub(1)?;
    let (column, row) = (index % tileset.columns, index / tileset.columns);
    let edge = tileset.tile_size as f32;
    let (width, height) = (size[0] as f32, size[1] as f32);
    let min = (column as f32 * edge, row as f32 * edge);
    if min.0 + edge > width || min.1 + edge > height {
        return None;
    }
    // A hair inside, so that rounding never shows the neighbour.
    let hair = 0.02;
    Some(Rect::from_min_max(
        pos2((min.0 + hair) / width, (min.1 + hair) / height),
        pos2((min.0 + edge - hair) / width, (min.1 + edge - hair) / height),
    ))
}

/// Decodes a PNG of any colour type; `None` when it is none or too large.
#[must_use]
pub fn decode(png: &[u8]) -> Option<ColorImage> {
    let mut decoder = png::Decoder::new(std::io::Cursor::new(png));
    decoder.set_transformations(png::Transformations::normalize_to_color8() | png::Transformations::ALPHA);
    let mut reader = decoder.read_info().ok()?;
    let (width, height) = (reader.info().width, reader.info().height);
    if width > EDGE_MAX || height > EDGE_MAX {
        return None;
    }
    let mut bytes = vec![0; reader.output_buffer_size()?];
    let frame = reader.next_frame(&mut bytes).ok()?;
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
        _ => return None,
    };
    let size = [usize::try_from(width).ok()?, usize::try_from(height).ok()?];
    (pixels.len() == size[0] * size[1]).then(|| ColorImage::new(size, pixels))
}
