//! Reads and decodes the pictures of a map, one after another.

use std::path::Path;

use crate::drawing::{Picture, PictureSource};
use crate::files::{Files, LFS_REMEDY, read_near, taken_instead};
use crate::pictures::{Decoded, PictureError, decode};

/// Most bytes that are decoded for a map: a few seconds.
const DECODED_MAX: u64 = 1 << 30;
/// As how many of them a broken picture counts.
const BROKEN_COSTS: u64 = 8 << 20;

/// Opens pictures.
pub struct Opener<'a> {
    files: &'a dyn Files,
    /// Bytes that may still be decoded.
    left: u64,
}

impl<'a> Opener<'a> {
    pub fn new(files: &'a dyn Files) -> Self {
        Self { files, left: DECODED_MAX }
    }

    /// Reads and decodes a picture, or says what is wrong and what to do. Says as well if it was
    /// found elsewhere. With its file it may take so many bytes.
    pub fn open(
        &mut self,
        picture: &Picture,
        map: &Path,
        len_max: u64,
    ) -> Result<(Decoded, Option<String>), (String, String)> {
        let read;
        let mut elsewhere = None;
        let (name, bytes) = match &picture.source {
            PictureSource::File(path) => {
                let name = format!("the picture {}", path.display());
                match read_near(self.files, path, map) {
                    Ok((bytes, near)) => {
                        read = bytes;
                        elsewhere = near.map(|near| taken_instead(path, &near));
                    }
                    Err(error) => return Err((format!("{name} {error}"), error.remedy().into())),
                }
                (name, &read)
            }
            PictureSource::Inside(bytes) => ("the picture within the file".to_owned(), bytes),
        };
        if self.left == 0 {
            let what = format!("{name} is one too many: together they are too large");
            return Err((what, "use fewer or smaller pictures".to_owned()));
        }
        let mut left = self.left;
        let decoded = decode(bytes, picture.color_key, len_max.saturating_sub(bytes.len() as u64)).map_err(|error| {
            // It may have been decoded nearly to its end.
            left = left.saturating_sub(BROKEN_COSTS);
            let remedy = match error {
                PictureError::Lfs => LFS_REMEDY,
                PictureError::NoRoom { .. } => "use a smaller picture, or split the map",
                _ => "open it with an image editor and save it as PNG, or choose another in Tiled",
            };
            (format!("{name} cannot be used, {error}"), remedy.to_owned())
        });
        self.left = left;
        let decoded = decoded?;
        self.left = left.saturating_sub(u64::from(decoded.width) * u64::from(decoded.height) * 4);
        Ok((decoded, elsewhere))
    }
}
