//! Reading and writing the files of the bundle, and the names that tell builds apart.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::workspace;

/// The first 16 hex digits of the SHA-256: enough to tell builds apart in a file name.
pub fn short_hash(bytes: &[u8]) -> String {
    hex::encode(&Sha256::digest(bytes)[..8])
}

pub fn read(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).with_context(|| format!("cannot read {}", workspace::shown(path)))
}

/// Leaves an equal file alone, so that its time stays and cargo does not rebuild the server for
/// nothing.
pub fn write_if_changed(path: &Path, content: &[u8]) -> Result<()> {
    if std::fs::read(path).is_ok_and(|present| present == content) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).with_context(|| format!("cannot create {}", workspace::shown(folder)))?;
    }
    std::fs::write(path, content).with_context(|| format!("cannot write {}", workspace::shown(path)))
}

/// Removes what an earlier build left, so that the server never carries two bundles.
pub fn remove_others(dist: &Path, keep: &[PathBuf]) -> Result<()> {
    for entry in std::fs::read_dir(dist)? {
        let path = entry?.path();
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if path.is_dir() {
            remove_others(&path, keep)?;
        } else if !hidden && !keep.contains(&path) {
            std::fs::remove_file(&path).with_context(|| format!("cannot remove {}", workspace::shown(&path)))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_an_earlier_build_are_removed_and_hidden_files_stay() {
        let dist = tempfile::tempdir().unwrap();
        for name in ["old-1.wasm", "new-2.wasm", ".gitkeep"] {
            std::fs::write(dist.path().join(name), b"x").unwrap();
        }
        remove_others(dist.path(), &[dist.path().join("new-2.wasm")]).unwrap();
        assert!(!dist.path().join("old-1.wasm").exists());
        assert!(dist.path().join("new-2.wasm").exists());
        assert!(dist.path().join(".gitkeep").exists());
    }

    #[test]
    fn equal_content_keeps_the_file_untouched() {
        let dist = tempfile::tempdir().unwrap();
        let path = dist.path().join("index.html");
        write_if_changed(&path, b"one").unwrap();
        let old = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000);
        std::fs::File::options().write(true).open(&path).unwrap().set_modified(old).unwrap();
        write_if_changed(&path, b"one").unwrap();
        assert_eq!(path.metadata().unwrap().modified().unwrap(), old);
        write_if_changed(&path, b"two").unwrap();
        assert_ne!(path.metadata().unwrap().modified().unwrap(), old);
    }

    #[test]
    fn names_differ_when_contents_differ() {
        assert_eq!(short_hash(b"").len(), 16);
        assert_ne!(short_hash(b"a"), short_hash(b"b"));
    }
}
