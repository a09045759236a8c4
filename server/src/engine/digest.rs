//! What is served of a map, named by its content and packed.

use std::io::Write as _;

use bytes::Bytes;
use sha2::{Digest as _, Sha256};

/// Of these bytes, as it stands in paths and `ETag`s.
pub fn fingerprint(bytes: &[u8]) -> String {
    short(&Sha256::digest(bytes))
}

/// The same of a hash.
pub fn short(hash: &[u8]) -> String {
    hex::encode(&hash[..8])
}

pub fn gzip(bytes: &[u8]) -> Bytes {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    // Writing into memory cannot fail.
    encoder.write_all(bytes).expect("a vector takes all bytes");
    Bytes::from(encoder.finish().expect("a vector takes all bytes"))
}
