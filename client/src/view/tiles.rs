//! The tileset's pictures as textures: one page each, or several where one is larger than the
//! graphics card takes. Layers of tiles are gathered into one mesh for each page. The pictures come
//! from the server; nothing is drawn here.

use egui::{ColorImage, Context, Mesh, Painter, Rect, Shape, TextureHandle, TextureOptions, pos2};
use tilemud_schema::rest::Tileset;

/// Tiles are taken a hair inside their edges, so that rounding never shows the neighbour.
const HAIR: f32 = 0.02;

/// The textures of all tiles.
#[derive(Default)]
pub struct TileSheet {
    pages: Vec<TextureHandle>,
    layout: Layout,
}

/// How the tiles lie on the pages.
#[derive(Default)]
struct Layout {
    /// Tiles along an edge of a page.
    per_page: usize,
    pictures: Vec<Picture>,
    /// Width and height of each page, pixels.
    sizes: Vec<[usize; 2]>,
}

/// How a picture is cut into pages.
struct Picture {
    /// Its first page, and how many are side by side.
    first: usize,
    across: usize,
    /// Whole tiles of it, to the right and down.
    tiles: (usize, usize),
}

impl TileSheet {
    /// Cuts one more picture, which goes on below those before, into as few pages as the graphics
    /// card takes.
    ///
    /// # Errors
    /// Not even one tile fits on it.
    pub fn add(&mut self, ctx: &Context, tileset: &Tileset, image: &ColorImage) -> Result<(), String> {
        let parts = self.layout.add(ctx.input(|input| input.max_texture_side), tileset, image)?;
        self.pages.extend(parts.into_iter().map(|part| ctx.load_texture("tileset", part, TextureOptions::NEAREST)));
        Ok(())
    }
}

impl Layout {
    /// The pages of one more picture for a card that takes `side` pixels on an edge.
    fn add(&mut self, side: usize, tileset: &Tileset, image: &ColorImage) -> Result<Vec<ColorImage>, String> {
        let edge = tileset.tile_size as usize;
        let per_page = side.checked_div(edge).unwrap_or(0);
        if per_page == 0 {
            return Err(format!("a tile has {edge} pixels on an edge, and the graphics card takes {side}"));
        }
        let [width, height] = image.size;
        // What is left beside the last whole tiles is no tile.
        let tiles = (width / edge, height / edge);
        let across = tiles.0.div_ceil(per_page);
        let page = |number: usize| {
            let (column, row) = (number % across * per_page, number / across * per_page);
            let size = [(tiles.0 - column).min(per_page) * edge, (tiles.1 - row).min(per_page) * edge];
            image.region_by_pixels([column * edge, row * edge], size)
        };
        let parts: Vec<ColorImage> = (0..across * tiles.1.div_ceil(per_page)).map(page).collect();
        self.per_page = per_page;
        self.pictures.push(Picture { first: self.sizes.len(), across, tiles });
        self.sizes.extend(parts.iter().map(|part| part.size));
        Ok(parts)
    }

    /// Page and place of tile `id`; `None` for nothing and for ids past the end.
    fn place(&self, tileset: &Tileset, id: u16) -> Option<(usize, Rect)> {
        let index = usize::from(id).checked_sub(1)?;
        let columns = tileset.columns as usize;
        let (column, mut row) = (index.checked_rem(columns)?, index / columns);
        let picture = self.pictures.iter().find(|picture| {
            let is_in = row < picture.tiles.1;
            row -= if is_in { 0 } else { picture.tiles.1 };
            is_in
        })?;
        if column >= picture.tiles.0 {
            return None;
        }
        let number = picture.first + row / self.per_page * picture.across + column / self.per_page;
        let [width, height] = self.sizes.get(number)?.map(|pixels| pixels as f32);
        let edge = tileset.tile_size as f32;
        let (x, y) = ((column % self.per_page) as f32 * edge, (row % self.per_page) as f32 * edge);
        let place = Rect::from_min_max(
            pos2((x + HAIR) / width, (y + HAIR) / height),
            pos2((x + edge - HAIR) / width, (y + edge - HAIR) / height),
        );
        Some((number, place))
    }
}

/// One layer of tiles on the screen.
pub struct Layer<'a> {
    sheet: &'a TileSheet,
    tileset: &'a Tileset,
    meshes: Vec<Mesh>,
}

impl<'a> Layer<'a> {
    /// Without any tile yet.
    pub fn new(sheet: &'a TileSheet, tileset: &'a Tileset) -> Self {
        Self { sheet, tileset, meshes: sheet.pages.iter().map(|page| Mesh::with_texture(page.id())).collect() }
    }

    /// The mesh that tile `id` goes into, and where on its texture it is.
    pub fn tile(&mut self, id: u16) -> Option<(&mut Mesh, Rect)> {
        let (number, place) = self.sheet.layout.place(self.tileset, id)?;
        Some((self.meshes.get_mut(number)?, place))
    }

    pub fn paint(self, painter: &Painter) {
        painter.extend(self.meshes.into_iter().filter(|mesh| !mesh.is_empty()).map(Shape::mesh));
    }
}

#[cfg(test)]
mod tests {
    use egui::Color32;

    use super::*;

    /// A picture of 5 x 3 tiles of 4 pixels, each tile in a colour of its own, and one column of
    /// pixels to spare.
    fn picture() -> (Tileset, ColorImage) {
        let (tiles, animations) = (Vec::new(), Vec::new());
        let tileset =
            Tileset { image: String::new(), more_images: Vec::new(), tile_size: 4, columns: 5, tiles, animations };
        let pixels = (0..12).flat_map(|y| (0..21).map(move |x| color(x / 4, y / 4))).collect();
        (tileset, ColorImage::new([21, 12], pixels))
    }

    fn color(column: usize, row: usize) -> Color32 {
        Color32::from_rgb(column as u8 * 10, row as u8 * 10, 7)
    }

    #[test]
    fn every_tile_is_found_whatever_the_card_takes() {
        let (tileset, image) = picture();
        for (side, pages) in [(2_048, 1), (20, 1), (19, 2), (12, 2), (11, 6), (7, 15), (4, 15)] {
            let mut layout = Layout::default();
            let parts = layout.add(side, &tileset, &image).expect("pages");
            assert_eq!(parts.len(), pages, "pages on a card that takes {side}");
            assert!(parts.iter().all(|part| part.size[0] <= side && part.size[1] <= side));
            for id in 1..=15_u16 {
                let (number, place) = layout.place(&tileset, id).expect("a place");
                let [width, height] = parts[number].size;
                let (x, y) = (place.center().x * width as f32, place.center().y * height as f32);
                let index = usize::from(id) - 1;
                let pixel = parts[number].pixels[y as usize * width + x as usize];
                assert_eq!(pixel, color(index % 5, index / 5), "tile {id} on a card that takes {side}");
            }
            assert!(layout.place(&tileset, 0).is_none() && layout.place(&tileset, 16).is_none());
        }
    }

    #[test]
    fn tiles_go_on_in_the_next_picture_where_one_ends() {
        let (tileset, image) = picture();
        let lower = ColorImage::new([20, 4], (0..80).map(|at| color(at % 20 / 4, 9)).collect());
        for side in [64, 8] {
            let mut layout = Layout::default();
            let mut parts = layout.add(side, &tileset, &image).expect("pages");
            parts.extend(layout.add(side, &tileset, &lower).expect("pages"));
            for id in 1..=20_u16 {
                let (number, place) = layout.place(&tileset, id).expect("a place");
                let [width, height] = parts[number].size;
                let (x, y) = (place.center().x * width as f32, place.center().y * height as f32);
                let index = usize::from(id) - 1;
                let row = if index < 15 { index / 5 } else { 9 };
                let pixel = parts[number].pixels[y as usize * width + x as usize];
                assert_eq!(pixel, color(index % 5, row), "tile {id} on a card that takes {side}");
            }
            assert!(layout.place(&tileset, 21).is_none());
        }
    }

    #[test]
    fn a_tile_larger_than_the_card_takes_is_told_and_a_picture_without_a_tile_has_no_pages() {
        let (tileset, image) = picture();
        let Err(problem) = Layout::default().add(3, &tileset, &image) else { panic!("it was taken") };
        assert!(problem.contains("4 pixels") && problem.contains("takes 3"), "{problem}");
        let mut layout = Layout::default();
        let parts = layout.add(64, &tileset, &ColorImage::new([2, 2], vec![Color32::WHITE; 4])).expect("no pages");
        assert!(parts.is_empty() && layout.place(&tileset, 1).is_none());
    }
}
