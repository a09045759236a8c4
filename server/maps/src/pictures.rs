//! Decodes the pictures of a map, within bounds, and cuts tiles out of them. Gets bytes, gives
//! pixels; what is missing or broken becomes a picture that nobody overlooks.

use std::io::Cursor;

use image::{ColorType, ImageDecoder as _, ImageReader, Limits};

use crate::files::is_lfs;

/// Most bytes that a decoded picture takes: 4096 x 4096 pixels of four bytes.
pub const DECODED_BYTES_MAX: u64 = 64 << 20;
/// What a decoder may take beside the picture that it gives.
const DECODER_BYTES_MAX: u64 = 16 << 20;

/// Why a picture cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// Neither PNG nor JPEG, WebP, BMP or GIF.
    #[error("it is no PNG, JPEG, WebP, BMP or GIF")]
    Format,
    /// One that there is no decoder for.
    #[error("it is of a format that is not read, those that are: PNG, JPEG, WebP, BMP and GIF")]
    OtherFormat,
    #[error("it is empty")]
    Empty,
    #[error("it is not the picture itself, but a note of Git LFS on where it is")]
    Lfs,
    #[error("it has {width} x {height} pixels, 16 million in all are possible")]
    TooLarge { width: u32, height: u32 },
    #[error("it has {width} x {height} pixels, for which there is no room beside the cells of so large a map")]
    NoRoom { width: u32, height: u32 },
    /// Cut off, or never a whole picture.
    #[error("it is broken: {0}")]
    Broken(String),
}

/// A picture as its file holds it; pixels are converted one by one, so that there is no second
/// copy of it.
#[derive(Debug)]
pub struct Decoded {
    pub width: u32,
    pub height: u32,
    color: ColorType,
    bytes: Vec<u8>,
    color_key: Option<[u8; 3]>,
}

/// Pixels row by row: red, green, blue, opacity, not multiplied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pixels {
    pub width: u32,
    pub height: u32,
    pub rgba: Vec<u8>,
}

/// A rectangle of a picture, pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    pub x: u32,
    pub y: u32,
    pub width: u32,
    pub height: u32,
}

/// Decodes a picture whose size is fit, and which takes at most so many bytes. `color_key` is the
/// colour that stands for nothing.
///
/// # Errors
/// It is no picture, too large or broken.
pub fn decode(bytes: &[u8], color_key: Option<[u8; 3]>, len_max: u64) -> Result<Decoded, PictureError> {
    if bytes.is_empty() {
        return Err(PictureError::Empty);
    }
    if is_lfs(bytes) {
        return Err(PictureError::Lfs);
    }
    let broken = |error: image::ImageError| match error {
        image::ImageError::Unsupported(error)
            if matches!(error.kind(), image::error::UnsupportedErrorKind::Format(_)) =>
        {
            PictureError::OtherFormat
        }
        error => PictureError::Broken(error.to_string()),
    };
    let reader = || {
        let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format();
        reader.ok().filter(|reader| reader.format().is_some()).ok_or(PictureError::Format)
    };
    // The header alone is read first: a decoder may take memory for what the header claims.
    let (width, height) = reader()?.into_dimensions().map_err(broken)?;
    let too_large = PictureError::TooLarge { width, height };
    if width == 0 || height == 0 {
        return Err(PictureError::Broken("it has no pixels".to_owned()));
    }
    if u64::from(width) * u64::from(height) * 4 > DECODED_BYTES_MAX {
        return Err(too_large);
    }
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(DECODED_BYTES_MAX + DECODER_BYTES_MAX);
    let mut reader = reader()?;
    reader.limits(limits);
    let decoder = reader.into_decoder().map_err(broken)?;
    // Sixteen bits a colour take twice as much.
    if decoder.total_bytes() > DECODED_BYTES_MAX || decoder.dimensions() != (width, height) {
        return Err(too_large);
    }
    if decoder.total_bytes() > len_max {
        return Err(PictureError::NoRoom { width, height });
    }
    let color = decoder.color_type();
    let mut pixels = vec![0; usize::try_from(decoder.total_bytes()).map_err(|_| too_large)?];
    decoder.read_image(&mut pixels).map_err(broken)?;
    Ok(Decoded { width, height, color, bytes: pixels, color_key })
}

impl Decoded {
    /// The pixel there; nothing outside.
    #[must_use]
    pub fn pixel(&self, x: u32, y: u32) -> [u8; 4] {
        if x >= self.width || y >= self.height {
            return [0; 4];
        }
        let size = usize::from(self.color.bytes_per_pixel());
        let at = (y as usize * self.width as usize + x as usize) * size;
        let Some(bytes) = self.bytes.get(at..at + size) else { return [0; 4] };
        let wide = |index: usize| u16::from_ne_bytes([bytes[index * 2], bytes[index * 2 + 1]]).to_be_bytes()[0];
        let pixel = match self.color {
            ColorType::L8 => [bytes[0], bytes[0], bytes[0], 255],
            ColorType::La8 => [bytes[0], bytes[0], bytes[0], bytes[1]],
            ColorType::Rgb8 => [bytes[0], bytes[1], bytes[2], 255],
            ColorType::Rgba8 => [bytes[0], bytes[1], bytes[2], bytes[3]],
            ColorType::L16 => [wide(0), wide(0), wide(0), 255],
            ColorType::La16 => [wide(0), wide(0), wide(0), wide(1)],
            ColorType::Rgb16 => [wide(0), wide(1), wide(2), 255],
            ColorType::Rgba16 => [wide(0), wide(1), wide(2), wide(3)],
            // None of the formats above is decoded into anything else.
            _ => [255, 0, 255, 255],
        };
        let is_nothing = pixel[3] == 0 || self.color_key.is_some_and(|key| pixel[..3] == key);
        if is_nothing { [0; 4] } else { pixel }
    }

    /// A part of it, drawn `width` x `height` pixels large; where the part leaves the picture there
    /// is nothing.
    #[must_use]
    pub fn part(&self, part: Part, width: u32, height: u32) -> Pixels {
        let source = |to: u32, from: u32, at: u32| (u64::from(at) * u64::from(from) / u64::from(to.max(1))) as u32;
        Pixels::draw(width, height, |x, y| {
            let (dx, dy) = (source(width, part.width, x), source(height, part.height, y));
            self.pixel(part.x.saturating_add(dx), part.y.saturating_add(dy))
        })
    }

    /// All of it, as a part.
    #[must_use]
    pub fn whole(&self) -> Part {
        Part { x: 0, y: 0, width: self.width, height: self.height }
    }
}

impl Pixels {
    /// Asks for every pixel, row by row.
    pub fn draw(width: u32, height: u32, mut pixel: impl FnMut(u32, u32) -> [u8; 4]) -> Self {
        let mut rgba = Vec::with_capacity(width as usize * height as usize * 4);
        for y in 0..height {
            for x in 0..width {
                rgba.extend_from_slice(&pixel(x, y));
            }
        }
        Self { width, height, rgba }
    }

    /// The pixel there; nothing outside.
    #[must_use]
    pub fn pixel(&self, x: i64, y: i64) -> [u8; 4] {
        let (Ok(x), Ok(y)) = (u32::try_from(x), u32::try_from(y)) else { return [0; 4] };
        if x >= self.width || y >= self.height {
            return [0; 4];
        }
        let at = (y as usize * self.width as usize + x as usize) * 4;
        self.rgba.get(at..at + 4).and_then(|pixel| pixel.try_into().ok()).unwrap_or([0; 4])
    }

    /// What stands for a picture that is not there: a chequer of magenta and black.
    #[must_use]
    pub fn placeholder(width: u32, height: u32) -> Self {
        let square = (width.min(height) / 4).max(1);
        Self::draw(width, height, |x, y| {
            if (x / square + y / square).is_multiple_of(2) { [255, 0, 255, 255] } else { [0, 0, 0, 255] }
        })
    }
}

#[cfg(test)]
mod tests {
    use image::{ExtendedColorType, ImageFormat};

    use super::*;

    /// Four pixels: red, green, blue, white.
    const FOUR: [u8; 12] = [255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255];

    fn file(format: ImageFormat) -> Vec<u8> {
        let mut file = Cursor::new(Vec::new());
        image::write_buffer_with_format(&mut file, &FOUR, 2, 2, ExtendedColorType::Rgb8, format).expect("a picture");
        file.into_inner()
    }

    #[test]
    fn the_formats_of_a_map_are_decoded() {
        for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP, ImageFormat::Bmp] {
            let picture = decode(&file(format), None, DECODED_BYTES_MAX).expect("a picture");
            assert_eq!((picture.width, picture.height), (2, 2), "{format:?}");
            assert_eq!(picture.pixel(1, 1)[3], 255, "{format:?}");
        }
        let picture = decode(&file(ImageFormat::Png), None, DECODED_BYTES_MAX).expect("a picture");
        assert_eq!(picture.pixel(0, 1), [0, 0, 255, 255]);
        assert_eq!(picture.pixel(2, 0), [0; 4], "outside there is nothing");
    }

    #[test]
    fn sixteen_bits_a_colour_become_eight() {
        let wide: Vec<u8> = [0x1234_u16, 0xff00, 0x0001, 0x8000].iter().flat_map(|value| value.to_ne_bytes()).collect();
        let mut file = Cursor::new(Vec::new());
        image::write_buffer_with_format(&mut file, &wide, 1, 1, ExtendedColorType::Rgba16, ImageFormat::Png)
            .expect("a picture");
        assert_eq!(
            decode(&file.into_inner(), None, DECODED_BYTES_MAX).expect("a picture").pixel(0, 0),
            [0x12, 0xff, 0x00, 0x80]
        );
    }

    #[test]
    fn the_colour_key_is_nothing() {
        let picture = decode(&file(ImageFormat::Png), Some([0, 255, 0]), DECODED_BYTES_MAX).expect("a picture");
        assert_eq!(picture.pixel(1, 0), [0; 4]);
        assert_eq!(picture.pixel(0, 0), [255, 0, 0, 255]);
    }

    #[test]
    fn a_part_is_scaled_and_may_leave_the_picture() {
        let picture = decode(&file(ImageFormat::Png), None, DECODED_BYTES_MAX).expect("a picture");
        let part = picture.part(Part { x: 1, y: 0, width: 2, height: 1 }, 4, 2);
        let green = [0, 255, 0, 255];
        assert_eq!(
            [part.pixel(0, 0), part.pixel(1, 1), part.pixel(2, 0), part.pixel(3, 1)],
            [green, green, [0; 4], [0; 4]]
        );
    }

    #[test]
    fn what_is_no_picture_is_told_and_what_claims_too_much_is_not_decoded() {
        assert!(matches!(decode(b"<map/>", None, DECODED_BYTES_MAX), Err(PictureError::Format)));
        assert_eq!(decode(b"", None, DECODED_BYTES_MAX).err(), Some(PictureError::Empty));
        assert_eq!(
            decode(b"version https://git-lfs.github.com/spec/v1\n", None, DECODED_BYTES_MAX).err(),
            Some(PictureError::Lfs)
        );
        assert_eq!(decode(b"P6\n1 1\n255\n\0\0\0", None, DECODED_BYTES_MAX).err(), Some(PictureError::OtherFormat));
        assert_eq!(decode(b"II*\0\x08\0\0\0\0\0", None, DECODED_BYTES_MAX).err(), Some(PictureError::OtherFormat));
        let whole = file(ImageFormat::Png);
        for length in 8..whole.len() - 12 {
            assert!(
                matches!(decode(&whole[..length], None, DECODED_BYTES_MAX), Err(PictureError::Broken(_))),
                "{length} bytes"
            );
        }
        let mut huge = b"BM".to_vec();
        huge.extend_from_slice(&[0; 12]);
        huge.extend_from_slice(&40_u32.to_le_bytes());
        for value in [9_000_u32, 9_000, 0x0018_0001, 0, 0, 0, 0, 0, 0] {
            huge.extend_from_slice(&value.to_le_bytes());
        }
        assert_eq!(
            decode(&huge, None, DECODED_BYTES_MAX).err(),
            Some(PictureError::TooLarge { width: 9_000, height: 9_000 })
        );
    }
}
