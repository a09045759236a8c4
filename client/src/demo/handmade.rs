//! What the builder of the handmade world has made: signs, and a figure of their own.

use tilemud_schema::Position;
use tilemud_schema::rest::Sign;
use tilemud_schema::sprites::{Look, LookKind, Sprites};

/// Where the picture of the figure is.
pub(super) const SPRITES: &str = "/demo_sprites.png";

/// Width and height of its frames, pixels: broad, so that one is told from those of the client.
const FRAME: (u32, u32) = (20, 26);

/// A sign beside the player, and one some steps to the east that the map has drawn.
pub(super) fn signs(Position { x, y }: Position) -> Vec<Sign> {
    let (name, text) = ("To the harbour".to_owned(), "Mind the step.\nFish is sold at dawn.".to_owned());
    let board = "Lost: one lantern. Ask Bran.".to_owned();
    vec![
        Sign { id: 1, x: x - 1, y, name, text, drawn: false },
        Sign { id: 2, x: x + 4, y, text: board, drawn: true, ..Sign::default() },
    ]
}

/// The figure takes the place of that of one of the strangers.
pub(super) fn sprites() -> Sprites {
    let look = Look { kind: LookKind::Character, x: 0, y: 0 };
    Sprites {
        image: SPRITES.to_owned(),
        frame_w: FRAME.0,
        frame_h: FRAME.1,
        directions: tilemud_schema::Direction::ALL.to_vec(),
        looks: [("traveller_2".to_owned(), look)].into(),
    }
}

/// Its picture, a PNG: a pillar of one colour for each frame.
pub(super) fn picture() -> Vec<u8> {
    let ((columns, rows), (width, height)) = (LookKind::Character.frames(), FRAME);
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, columns * width, rows * height);
    encoder.set_color(png::ColorType::Rgba);
    let pixel = |at: u32| {
        let (x, y) = (at % (columns * width), at / (columns * width));
        let is_edge = [x % width, y % height].contains(&0);
        if is_edge { [0; 4] } else { [90, (x / width * 60) as u8, (y / height * 60) as u8, 255] }
    };
    let pixels: Vec<u8> = (0..columns * width * rows * height).flat_map(pixel).collect();
    let written = encoder.write_header().and_then(|mut writer| writer.write_image_data(&pixels));
    written.expect("a vector takes all bytes");
    file
}
