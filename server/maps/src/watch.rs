//! Tells when the files of a map have changed: by the names, lengths and times of all files in its
//! folders that a map can use. Looking again and again works on every file system, and a missing
//! tileset that appears is seen as well.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash as _, Hasher as _};
use std::path::{Path, PathBuf};

/// What maps, tilesets, templates, pictures and sounds end with.
const ENDINGS: [&str; 19] = [
    "tmx", "tmj", "tsx", "tsj", "tx", "tj", "js", "json", "gz", "png", "jpg", "jpeg", "webp", "bmp", "gif", "ogg",
    "mp3", "flac", "wav",
];

/// Files that are looked at; a change of further ones is not noticed.
const FILES_MAX: usize = 4_096;

/// Folders below folders that are looked into.
const DEPTH_MAX: usize = 8;

/// Looks at folders. Begins with what is there, which is no change.
#[derive(Debug)]
pub struct Watch {
    folders: Vec<PathBuf>,
    /// As of the last look.
    seen: u64,
    /// As of the last change that was told.
    told: u64,
}

impl Watch {
    #[must_use]
    pub fn new(folders: Vec<PathBuf>) -> Self {
        let seen = state(&folders);
        Self { folders, seen, told: seen }
    }

    /// Whether something has changed since the last change that was told, and stood still since the
    /// last look: a program may be in the middle of writing.
    pub fn look(&mut self) -> bool {
        let now = state(&self.folders);
        let stands_still = now == self.seen;
        self.seen = now;
        let is_news = stands_still && now != self.told;
        if is_news {
            self.told = now;
        }
        is_news
    }
}

fn state(folders: &[PathBuf]) -> u64 {
    let mut files = Vec::new();
    for folder in folders {
        let folder = if folder == Path::new("") { Path::new(".") } else { folder };
        collect(folder, DEPTH_MAX, &mut files);
    }
    files.sort();
    let mut hasher = DefaultHasher::new();
    for path in files {
        path.hash(&mut hasher);
        let Ok(metadata) = path.metadata() else { continue };
        metadata.len().hash(&mut hasher);
        metadata.modified().ok().hash(&mut hasher);
    }
    hasher.finish()
}

fn collect(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) {
    let Ok(entries) = folder.read_dir() else { return };
    for entry in entries.flatten() {
        let (path, is_folder) = (entry.path(), entry.file_type().is_ok_and(|kind| kind.is_dir()));
        if is_folder && depth > 0 {
            collect(&path, depth - 1, files);
        } else if !is_folder && files.len() < FILES_MAX && is_of_a_map(&path) {
            files.push(path);
        }
    }
}

fn is_of_a_map(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str()).map(str::to_ascii_lowercase);
    ending.is_some_and(|ending| ENDINGS.contains(&&*ending))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_change_is_told_once_when_it_stands_still() {
        let folder = tempfile::tempdir().expect("a folder");
        let map = folder.path().join("map.tmx");
        fs::write(&map, "one").expect("written");
        let mut watch = Watch::new(vec![folder.path().to_owned()]);
        assert!(!watch.look() && !watch.look(), "nothing has changed");

        fs::write(&map, "longer").expect("written");
        assert!(!watch.look(), "somebody may still be writing");
        fs::write(&map, "longest by far").expect("written");
        assert!(!watch.look(), "and was");
        assert!(watch.look());
        assert!(!watch.look(), "told");

        fs::create_dir(folder.path().join("tiles")).expect("a folder");
        fs::write(folder.path().join("tiles/new.PNG"), "a picture").expect("written");
        assert!(!watch.look() && watch.look(), "a new file, deeper");
        fs::write(folder.path().join("tilemud.db"), "not of a map").expect("written");
        assert!(!watch.look() && !watch.look());
        fs::remove_file(&map).expect("removed");
        assert!(!watch.look() && watch.look(), "one that is gone");
    }
}
