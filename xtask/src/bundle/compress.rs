//! Precompressed twins of the bundle's files. Brotli at full quality takes several seconds for the
//! module, so every result is kept by the hash of what went in and taken from there the next time.

use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use super::files::read;
use crate::progress::Step;

/// The largest the format allows without the large-window extension; browsers accept it.
const BROTLI_QUALITY: u32 = 11;
const BROTLI_WINDOW_LOG2: u32 = 24;

/// Written to the encoder at a time, so that the bar moves.
const PIECE_BYTES: usize = 64 * 1024;

/// One file in both encodings.
pub struct Packed {
    pub brotli: Vec<u8>,
    pub gzip: Vec<u8>,
}

/// Compresses `bytes`, or takes the earlier result for the same bytes from `cache`. `name` is only
/// shown.
///
/// # Errors
/// When the cache cannot be read or written.
pub fn packed(bytes: &[u8], name: &str, cache: &Path) -> Result<Packed> {
    let hash = hex::encode(Sha256::digest(bytes));
    let brotli = cached(&cache.join(format!("{hash}.br")), || brotli(bytes, name))?;
    let gzip = cached(&cache.join(format!("{hash}.gz")), || gzip(bytes))?;
    Ok(Packed { brotli, gzip })
}

fn cached(path: &Path, make: impl FnOnce() -> Result<Vec<u8>>) -> Result<Vec<u8>> {
    if path.exists() {
        return read(path);
    }
    let made = make()?;
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    // Renamed into place: a run that is interrupted leaves no half of a file to be taken for a
    // result.
    let unfinished = path.with_extension("unfinished");
    std::fs::write(&unfinished, &made).with_context(|| format!("cannot write {}", unfinished.display()))?;
    std::fs::rename(&unfinished, path)?;
    Ok(made)
}

fn brotli(bytes: &[u8], name: &str) -> Result<Vec<u8>> {
    let step = Step::bytes(&format!("compressing {name}"), bytes.len() as u64);
    let mut encoder = brotli::CompressorWriter::new(Vec::new(), PIECE_BYTES, BROTLI_QUALITY, BROTLI_WINDOW_LOG2);
    for piece in bytes.chunks(PIECE_BYTES) {
        encoder.write_all(piece)?;
        step.advance(piece.len() as u64);
    }
    let packed = encoder.into_inner();
    step.done(&format!("{} of {} bytes", packed.len(), bytes.len()));
    Ok(packed)
}

fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn both_encodings_unpack_to_what_went_in_and_the_second_time_comes_from_the_cache() {
        let cache = tempfile::tempdir().unwrap();
        let bytes: Vec<u8> = (0..200_000_u32).map(|n| (n / 7 % 251) as u8).collect();
        let first = packed(&bytes, "sample", cache.path()).unwrap();

        let mut back = Vec::new();
        brotli::Decompressor::new(first.brotli.as_slice(), 4096).read_to_end(&mut back).unwrap();
        assert_eq!(back, bytes);
        back.clear();
        flate2::read::GzDecoder::new(first.gzip.as_slice()).read_to_end(&mut back).unwrap();
        assert_eq!(back, bytes);

        for entry in std::fs::read_dir(cache.path()).unwrap() {
            std::fs::write(entry.unwrap().path(), b"from the cache").unwrap();
        }
        let again = packed(&bytes, "sample", cache.path()).unwrap();
        assert_eq!(again.brotli, b"from the cache");
        assert_eq!(again.gzip, b"from the cache");
    }
}
