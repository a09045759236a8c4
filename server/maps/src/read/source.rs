//! The text of a file: unpacked if it is compressed, and whatever its encoding, as UTF-8.

use std::io::Read as _;
use std::path::Path;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use flate2::read::MultiGzDecoder;

use crate::files::{FILE_LEN_MAX, FileError, LFS_REMEDY, is_lfs};

use super::ledger::{Full, Hold};
use super::tree::{Broken, SAVE_AGAIN};

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Xml,
    Json,
}

/// The text of a file and how it is written.
///
/// # Errors
/// It unpacks to too much, or is not in the encoding it should be.
pub(super) fn text(bytes: Vec<u8>, hold: &mut Hold<'_>) -> Result<(String, Form), Broken> {
    let bytes = unpack(bytes)?;
    if bytes.trim_ascii().is_empty() {
        let what = "is empty".to_owned();
        return Err(Broken { line: None, kind: "empty", what, remedy: "save the file again from Tiled" });
    }
    if is_lfs(&bytes) {
        let what = "is not the file itself, but a note of Git LFS on where it is".to_owned();
        return Err(Broken { line: None, kind: "git-lfs", what, remedy: LFS_REMEDY });
    }
    let encoding = encoding(&bytes)?;
    let text = if encoding == UTF_8 {
        hold.take(bytes.len()).map_err(too_large)?;
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").map(<[u8]>::to_vec).unwrap_or(bytes);
        String::from_utf8(bytes).map_err(|error| {
            let valid = error.utf8_error().valid_up_to();
            not_of(UTF_8, &error.as_bytes()[..valid])
        })?
    } else {
        // What the decoder may take at most.
        hold.take(bytes.len().saturating_mul(3)).map_err(too_large)?;
        let (text, _) = encoding.decode_with_bom_removal(&bytes);
        // Files of these encodings are rare; whether a broken one is told is not worth a second
        // copy.
        text.into_owned()
    };
    let text = without_wrapper(text);
    let form = if text.trim_start().starts_with(['{', '[']) { Form::Json } else { Form::Xml };
    Ok((text, form))
}

/// Maps that are saved as JavaScript hand their JSON, which begins a line, to a function.
fn without_wrapper(mut text: String) -> String {
    if !text.trim_start().starts_with("(function(name,data)") {
        return text;
    }
    if let Some(begin) = text.find("\n{") {
        text.drain(..=begin);
        let end = text.trim_end().trim_end_matches(';').trim_end_matches(')').len();
        text.truncate(end);
    }
    text
}

/// Why a file that was asked for cannot be read, as a sentence without its subject.
pub(super) fn unreadable(path: &Path, error: &FileError) -> String {
    format!("the file {} {error}", crate::problem::shown(&path.display().to_string()))
}

fn too_large(_: Full) -> Broken {
    let what = "is too large beside the other files of the map".to_owned();
    Broken { line: None, kind: "memory", what, remedy: "split the map into several" }
}

/// Files may be compressed with gzip as a whole.
fn unpack(bytes: Vec<u8>) -> Result<Vec<u8>, Broken> {
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return Ok(bytes);
    }
    let mut unpacked = Vec::new();
    let broken = |what: String| Broken { line: None, kind: "gzip", what, remedy: "save the map as .tmx from Tiled" };
    MultiGzDecoder::new(&bytes[..])
        .take(FILE_LEN_MAX as u64 + 1)
        .read_to_end(&mut unpacked)
        .map_err(|error| broken(format!("is broken gzip: {error}")))?;
    if unpacked.len() > FILE_LEN_MAX {
        return Err(broken(format!("unpacks to more than {} MiB", FILE_LEN_MAX >> 20)));
    }
    Ok(unpacked)
}

fn encoding(bytes: &[u8]) -> Result<&'static Encoding, Broken> {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return Ok(encoding);
    }
    match bytes {
        [b'<' | b'{', 0, ..] => return Ok(UTF_16LE),
        [0, b'<' | b'{', ..] => return Ok(UTF_16BE),
        _ => {}
    }
    let Some(label) = declared(bytes) else { return Ok(UTF_8) };
    match Encoding::for_label(label) {
        // One that can be read so far is none of these two.
        Some(encoding) if encoding == UTF_16LE || encoding == UTF_16BE => Ok(UTF_8),
        Some(encoding) => Ok(encoding),
        None => Err(Broken {
            line: Some(1),
            kind: "encoding",
            what: format!("is written in the encoding {}, which is not known", shown(label)),
            remedy: SAVE_AGAIN,
        }),
    }
}

fn shown(label: &[u8]) -> String {
    crate::problem::shown(&String::from_utf8_lossy(label))
}

/// The encoding that the first line of an XML file names.
fn declared(bytes: &[u8]) -> Option<&[u8]> {
    let head = bytes.get(..bytes.len().min(256))?;
    let head = head.strip_prefix(b"<?xml")?;
    let head = &head[..head.windows(2).position(|two| two == b"?>")?];
    let at = head.windows(8).position(|word| word == b"encoding")?;
    let value = head[at + 8..].trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
    let (quote, value) = value.split_first().filter(|(quote, _)| matches!(quote, b'"' | b'\''))?;
    Some(&value[..value.iter().position(|byte| byte == quote)?])
}

fn not_of(encoding: &'static Encoding, before: &[u8]) -> Broken {
    Broken {
        line: Some(1 + before.iter().filter(|byte| **byte == b'\n').count() as u32),
        kind: "encoding",
        what: format!("holds something that is not {}", encoding.name()),
        remedy: SAVE_AGAIN,
    }
}
