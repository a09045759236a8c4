//! The pictures of a map's tiles: most maps have one, those with very many tiles up to four.

use std::sync::Arc;

use tilemud_schema::rest::Tileset;

/// The PNG files of one map, in their order, each once it is here.
#[derive(Debug, Clone, Default)]
pub struct TilePictures {
    files: Vec<(String, Option<Arc<[u8]>>)>,
}

impl TilePictures {
    /// Those of a tileset, none of which is here.
    #[must_use]
    pub fn of(tileset: &Tileset) -> Self {
        Self { files: tileset.images().map(|path| (path.clone(), None)).collect() }
    }

    /// Takes over those that another map has too.
    pub fn adopt(&mut self, known: &Self) {
        for (path, file) in self.files.iter_mut().filter(|(_, file)| file.is_none()) {
            *file = known.files.iter().find(|(known, _)| known == path).and_then(|(_, file)| file.clone());
        }
    }

    /// Whether all are here, and there are any.
    #[must_use]
    pub fn are_here(&self) -> bool {
        !self.files.is_empty() && self.missing().is_none()
    }

    /// The address of the first one that is not here.
    #[must_use]
    pub fn missing(&self) -> Option<&str> {
        self.files.iter().find(|(_, file)| file.is_none()).map(|(path, _)| path.as_str())
    }

    /// Takes the file of the first one that is not here.
    pub fn take(&mut self, body: &[u8]) {
        if let Some((_, file)) = self.files.iter_mut().find(|(_, file)| file.is_none()) {
            *file = Some(body.into());
        }
    }

    /// The files that are here, from above to below.
    pub fn files(&self) -> impl Iterator<Item = &[u8]> {
        self.files.iter().filter_map(|(_, file)| file.as_deref())
    }
}
