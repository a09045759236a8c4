//! A picture as colours; what is clear is nothing.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

pub struct Picture {
    pub width: u32,
    pub height: u32,
    pixels: Vec<Option<[u8; 3]>>,
}

impl Picture {
    /// Reads a palette PNG whose first colour is clear.
    pub fn read(path: &Path) -> Self {
        let file = BufReader::new(File::open(path).expect("the picture is there"));
        let mut reader = png::Decoder::new(file).read_info().expect("a PNG");
        let mut bytes = vec![0; reader.output_buffer_size().expect("a size")];
        let frame = reader.next_frame(&mut bytes).expect("a picture");
        let palette = reader.info().palette.clone().expect("a palette");
        let color = |index: &u8| {
            let at = usize::from(*index) * 3;
            (*index != 0).then(|| [palette[at], palette[at + 1], palette[at + 2]])
        };
        let pixels = bytes[..frame.buffer_size()].iter().map(color).collect();
        Self { width: frame.width, height: frame.height, pixels }
    }

    pub fn get(&self, x: u32, y: u32) -> Option<[u8; 3]> {
        self.pixels[(y * self.width + x) as usize]
    }

    pub fn part(&self, x: u32, y: u32, width: u32, height: u32) -> Vec<Option<[u8; 3]>> {
        (y..y + height).flat_map(|y| (x..x + width).map(move |x| (x, y))).map(|(x, y)| self.get(x, y)).collect()
    }

    pub fn is_clear(&self, x: u32, y: u32, width: u32, height: u32) -> bool {
        self.part(x, y, width, height).iter().all(Option::is_none)
    }
}
