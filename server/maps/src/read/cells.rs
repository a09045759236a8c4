//! The cells of a tile layer or of a chunk of it, in whichever way they are stored. Unpacks at most
//! as many as there should be.

use std::io::{self, BufRead as _, BufReader, Read};

use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use base64::engine::{DecodePaddingMode, Engine as _};
use flate2::read::{GzDecoder, ZlibDecoder};
use ruzstd::decoding::StreamingDecoder;

use super::tree::Element;
use crate::problem::shown;

/// Tiled pads, others do not.
pub(super) const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// What a zstd decoder may keep of what it has unpacked, bytes. Encoders take no more for layers
/// that are smaller, whatever their level.
const WINDOW_LEN_MIN: u64 = 8 << 20;

/// Why cells cannot be read, and what to do.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unreadable {
    pub(super) what: String,
    pub(super) remedy: &'static str,
    /// Index of the cell, where it is one.
    pub(super) cell: Option<usize>,
}

const SAVE_AGAIN: &str = "the file was cut or edited by hand, save it again from Tiled";

/// Reads `count` cells of a `data` or `chunk` element. Encoding and compression are those of the
/// data element in both cases.
///
/// # Errors
/// They are in no form that Tiled writes, or are not so many.
pub(super) fn read(
    element: &Element<'_>,
    encoding: &str,
    compression: &str,
    count: usize,
) -> Result<Vec<u32>, Unreadable> {
    match encoding {
        // Cells that are elements have become text in the same form.
        "" | "csv" => csv(&element.text, count),
        "base64" => packed(&element.text, compression, count),
        other => Err(Unreadable {
            what: format!("is stored in the encoding {}, which is not known", shown(other)),
            remedy: "choose another under Map > Map Properties > Tile Layer Format and save",
            cell: None,
        }),
    }
}

/// `found` is `None` when nobody has looked how many more there are.
fn miscounted(found: Option<usize>, count: usize) -> Unreadable {
    let what = match found {
        Some(found) => format!("holds {found} of {count} cells"),
        None => format!("unpacks to more than the {count} cells it has"),
    };
    Unreadable { what, remedy: SAVE_AGAIN, cell: None }
}

fn csv(text: &str, count: usize) -> Result<Vec<u32>, Unreadable> {
    let text = text.trim();
    // Some programs have a comma behind the last one too.
    let text = text.strip_suffix(',').unwrap_or(text);
    let mut cells = Vec::with_capacity(count.min(text.len() / 2 + 1));
    if !text.is_empty() {
        for cell in text.split(',') {
            let cell = cell.trim();
            if cells.len() == count {
                return Err(miscounted(Some(text.split(',').count()), count));
            }
            cells.push(number(cell).ok_or_else(|| Unreadable {
                what: format!("{} is no tile number", shown(cell)),
                remedy: SAVE_AGAIN,
                cell: Some(cells.len()),
            })?);
        }
    }
    if cells.len() == count { Ok(cells) } else { Err(miscounted(Some(cells.len()), count)) }
}

/// Some programs write the numbers of turned tiles as if they had a sign. One with the bit that no
/// program sets is none.
fn number(text: &str) -> Option<u32> {
    let signed = || text.parse::<i32>().ok().map(|number| number as u32).filter(|number| number & UNUSED == 0);
    text.parse().ok().or_else(signed)
}

/// Turns tiles of hexagonal maps, which are not played in.
const UNUSED: u32 = 1 << 28;

fn packed(text: &str, compression: &str, count: usize) -> Result<Vec<u32>, Unreadable> {
    let broken = |error: io::Error| Unreadable {
        what: format!(
            "is broken {}: {}",
            if compression.is_empty() { "base64" } else { compression },
            shown(&error.to_string())
        ),
        remedy: SAVE_AGAIN,
        cell: None,
    };
    let letters = Letters { text: text.as_bytes() };
    let mut bytes = BufReader::new(base64::read::DecoderReader::new(letters, &BASE64));
    // Some programs say one and write the other.
    let compression = match (compression, bytes.fill_buf().unwrap_or_default()) {
        ("zlib", [0x1f, 0x8b, ..]) => "gzip",
        ("gzip", [0x78, ..]) => "zlib",
        (said, _) => said,
    };
    match compression {
        "" => take(bytes, count).map_err(broken)?,
        "zlib" => take(ZlibDecoder::new(bytes), count).map_err(broken)?,
        "gzip" => take(GzDecoder::new(bytes), count).map_err(broken)?,
        "zstd" => {
            let window = (count as u64 * 4).next_power_of_two().max(WINDOW_LEN_MIN);
            let decoder = StreamingDecoder::new_with_max_window_size(bytes, window);
            take(decoder.map_err(|error| broken(io::Error::other(error)))?, count).map_err(broken)?
        }
        other => {
            return Err(Unreadable {
                what: format!("is compressed with {}, which is not known", shown(other)),
                remedy: "choose another under Map > Map Properties > Tile Layer Format and save",
                cell: None,
            });
        }
    }
    .map_err(|found| miscounted(found, count))
}

/// As many cells as there should be; else how many there are, if it was looked.
fn take(bytes: impl Read, count: usize) -> io::Result<Result<Vec<u32>, Option<usize>>> {
    let mut bytes = BufReader::new(bytes);
    // What is claimed is not there yet, so memory comes as it is filled.
    let mut cells = Vec::with_capacity(count.min(1 << 16));
    loop {
        let mut cell = [0; 4];
        let mut len = 0;
        while len < cell.len() {
            match bytes.read(&mut cell[len..])? {
                0 if len == 0 && cells.len() == count => return Ok(Ok(cells)),
                0 => return Ok(Err(Some(cells.len()).filter(|found| *found < count))),
                read => len += read,
            }
        }
        if cells.len() == count {
            return Ok(Err(None));
        }
        cells.push(u32::from_le_bytes(cell));
    }
}

/// Base64 without the blanks that stand around and in it.
struct Letters<'a> {
    text: &'a [u8],
}

impl Read for Letters<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut len = 0;
        while let ([first, rest @ ..], true) = (self.text, len < buffer.len()) {
            self.text = rest;
            if !first.is_ascii_whitespace() {
                buffer[len] = *first;
                len += 1;
            }
        }
        Ok(len)
    }
}

/// The bytes of a text in base64.
pub(super) fn base64(text: &str) -> Option<Vec<u8>> {
    let letters: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    BASE64.decode(letters).ok()
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;

    fn read_text(text: &str, encoding: &str, compression: &str, count: usize) -> Result<Vec<u32>, String> {
        let element = Element { text: Cow::Borrowed(text), ..Element::default() };
        read(&element, encoding, compression, count).map_err(|error| error.what)
    }

    #[test]
    fn cells_are_read_in_every_form() {
        let cells = Ok(vec![1, 2, 0x8000_0003, 0]);
        assert_eq!(read_text("1, 2,\r\n2147483651,0\n", "csv", "", 4), cells);
        assert_eq!(read_text("1,2,2147483651,0,", "", "", 4), cells);
        assert_eq!(read_text("\n  AQAAAAIA AAADAACA\nAAAAAA==\n ", "base64", "", 4), cells);
        assert_eq!(read_text("AQAAAAIAAAADAACAAAAAAA", "base64", "", 4), cells);
        assert_eq!(read_text("1, 2, -2147483645, 0", "csv", "", 4), Ok(vec![1, 2, 0x8000_0003, 0]));
        assert_eq!(read_text("", "csv", "", 0), Ok(vec![]));
    }

    #[test]
    fn broken_cells_are_told_by_place() {
        assert_eq!(read_text("1,x,3", "csv", "", 3), Err("\"x\" is no tile number".to_owned()));
        assert_eq!(read_text("1,,3", "csv", "", 3), Err("\"\" is no tile number".to_owned()));
        assert_eq!(read_text("1,-1,3", "csv", "", 3), Err("\"-1\" is no tile number".to_owned()));
        assert_eq!(read_text("1,2", "csv", "", 3), Err("holds 2 of 3 cells".to_owned()));
        assert_eq!(read_text("1,2,3,4,5", "csv", "", 3), Err("holds 5 of 3 cells".to_owned()));
        assert_eq!(read_text("AQAAAAIA", "base64", "", 1), Err("unpacks to more than the 1 cells it has".to_owned()));
    }
}
