//! The one door through which the files of a map are read. What a map names is somebody else's
//! choice, so only regular files inside its folder are opened, and only so many and so large ones.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Component, Path, PathBuf};
use std::sync::Mutex;

use rustix::fs::{Mode, OFlags};
use unicode_normalization::UnicodeNormalization as _;

/// Largest file, bytes; also the largest text that a compressed one unpacks to.
pub const FILE_LEN_MAX: usize = 64 << 20;
/// Different files of a map.
pub const FILES_MAX: usize = 4096;
/// Files of a folder among which one is looked for.
const FOLDER_FILES_MAX: usize = 10_000;
/// All different files of a map together, bytes.
pub const FILES_LEN_MAX: u64 = 256 << 20;

/// Gives the files of a map.
pub trait Files {
    /// The bytes of a file, at most [`FILE_LEN_MAX`] of them.
    ///
    /// # Errors
    /// [`FileError`] says why it cannot be read.
    fn read(&self, path: &Path) -> Result<Vec<u8>, FileError>;

    /// Which file may be meant by a path where there is none: of the same name in other letters, or
    /// of that name in the folder of `file`, which names it. It may be none that can be read.
    fn near(&self, path: &Path, file: &Path) -> Option<PathBuf>;

    /// The files in the folder of a file, by name.
    fn beside(&self, file: &Path) -> Vec<PathBuf>;
}

/// What is to be done about a file that was found elsewhere.
pub(crate) const CHOOSE_AGAIN: &str = "choose the file again in Tiled, and save";
/// And about one that is a note of Git LFS.
pub(crate) const LFS_REMEDY: &str = "get it with git lfs pull";

/// Reads a file that `file` names, or else the one that may be meant, whose path comes with it.
pub(crate) fn read_near(files: &dyn Files, path: &Path, file: &Path) -> Result<(Vec<u8>, Option<PathBuf>), FileError> {
    match files.read(path) {
        Ok(bytes) => Ok((bytes, None)),
        Err(error @ (FileError::Missing | FileError::Outside | FileError::OfWindows)) => {
            let near = files.near(path, file).and_then(|near| Some((files.read(&near).ok()?, Some(near))));
            near.ok_or(error)
        }
        Err(error) => Err(error),
    }
}

/// What is said of a file that was found elsewhere.
pub(crate) fn taken_instead(path: &Path, near: &Path) -> String {
    let shown = |path: &Path| crate::problem::shown(&path.display().to_string());
    format!("the file {} is not there, and {} is taken", shown(path), shown(near))
}

/// Why a file is not there.
fn missing(path: &Path) -> FileError {
    let is_drive = |part: Component<'_>| matches!(part.as_os_str().as_encoded_bytes(), [letter, b':'] if letter.is_ascii_alphabetic());
    if path.components().any(is_drive) { FileError::OfWindows } else { FileError::Missing }
}

/// A name by which two that are read alike are found: in small letters, composed of marks.
fn alike(name: &str) -> String {
    name.nfc().flat_map(char::to_lowercase).collect()
}

/// Whether a file is only a note on where Git LFS keeps it.
pub(crate) fn is_lfs(bytes: &[u8]) -> bool {
    bytes.starts_with(b"version https://git-lfs")
}

/// Why a file of a map cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    #[error("is not there")]
    Missing,
    #[error("lies outside of the folder of the map")]
    Outside,
    #[error("is a path of another computer, with Windows")]
    OfWindows,
    #[error("is no regular file")]
    NotRegular,
    #[error("is larger than {} MiB", FILE_LEN_MAX >> 20)]
    TooLarge,
    #[error("is one file too many: a map may use {FILES_MAX}, of {} MiB in all", FILES_LEN_MAX >> 20)]
    TooMany,
    #[error("cannot be read: {0}")]
    Io(#[from] io::Error),
}

impl FileError {
    /// What to do, as an order without its end.
    #[must_use]
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::Missing => "put the file there, or choose it again in Tiled",
            Self::Outside => {
                "move the file into the folder of the map, or name a folder that holds both with --world-root"
            }
            Self::OfWindows => "put the file into the folder of the map, and choose it again in Tiled",
            Self::NotRegular => "choose a file in Tiled, not a folder or a device",
            Self::TooLarge => "use a smaller file",
            Self::TooMany => "split the map, or put its pictures into fewer files",
            Self::Io(_) => "see that the server may read the file",
        }
    }
}

/// The files of a map on this machine.
#[derive(Debug)]
pub struct Disk {
    /// Canonical folders whose files may be read.
    roots: Vec<PathBuf>,
    /// Length of each different file that was read, by canonical path.
    read: Mutex<BTreeMap<PathBuf, u64>>,
}

impl Disk {
    /// Gives the files in the folder of the map, and in `world_root` if there is one.
    ///
    /// # Errors
    /// One of the two folders is not there.
    pub fn new(map: &Path, world_root: Option<&Path>) -> io::Result<Self> {
        let folder = match map.parent() {
            Some(folder) if folder != Path::new("") => folder,
            _ => Path::new("."),
        };
        let roots = [Some(folder), world_root].into_iter().flatten().map(fs::canonicalize);
        Ok(Self { roots: roots.collect::<io::Result<_>>()?, read: Mutex::default() })
    }

    /// The file of this path, whichever case its letters have. Only looks into folders from which
    /// files may be read.
    fn in_any_case(&self, path: &Path) -> Option<PathBuf> {
        let mut found = PathBuf::new();
        for part in path.components() {
            let exact = found.join(part);
            if !matches!(part, Component::Normal(_)) || exact.exists() {
                found = exact;
                continue;
            }
            let folder = if found == Path::new("") { Path::new(".") } else { found.as_path() };
            let real =
                fs::canonicalize(folder).ok().filter(|real| self.roots.iter().any(|root| real.starts_with(root)))?;
            let wanted = alike(part.as_os_str().to_str()?);
            let names = fs::read_dir(real).ok()?.take(FOLDER_FILES_MAX).flatten().map(|entry| entry.file_name());
            let same = names.filter(|name| name.to_str().is_some_and(|name| alike(name) == wanted));
            found.push(same.min()?);
        }
        Some(found)
    }

    /// Counts a file that is to be read.
    fn admit(&self, path: PathBuf, len: u64) -> Result<(), FileError> {
        // A thread that panicked with it has left a number in it, nothing half done.
        let mut read = self.read.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if read.contains_key(&path) {
            return Ok(());
        }
        if read.len() >= FILES_MAX || read.values().sum::<u64>().saturating_add(len) > FILES_LEN_MAX {
            return Err(FileError::TooMany);
        }
        read.insert(path, len);
        Ok(())
    }
}

impl Files for Disk {
    fn read(&self, path: &Path) -> Result<Vec<u8>, FileError> {
        let real = fs::canonicalize(path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => missing(path),
            _ => FileError::Io(error),
        })?;
        if !self.roots.iter().any(|root| real.starts_with(root)) {
            return Err(FileError::Outside);
        }
        // Before it is opened: some devices do something as soon as they are.
        if !fs::metadata(&real)?.is_file() {
            return Err(FileError::NotRegular);
        }
        // Should it have become a FIFO or a link meanwhile, opening must neither wait nor follow.
        let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK | OFlags::NOFOLLOW | OFlags::NOCTTY;
        let file = File::from(rustix::fs::open(&real, flags, Mode::empty()).map_err(io::Error::from)?);
        let metadata = file.metadata()?;
        if !metadata.is_file() {
            return Err(FileError::NotRegular);
        }
        if metadata.len() > FILE_LEN_MAX as u64 {
            return Err(FileError::TooLarge);
        }
        self.admit(real, metadata.len())?;
        let mut bytes = Vec::with_capacity(metadata.len() as usize);
        file.take(FILE_LEN_MAX as u64 + 1).read_to_end(&mut bytes)?;
        if bytes.len() > FILE_LEN_MAX { Err(FileError::TooLarge) } else { Ok(bytes) }
    }

    fn near(&self, path: &Path, file: &Path) -> Option<PathBuf> {
        let beside = || self.in_any_case(&file.parent()?.join(path.file_name()?));
        self.in_any_case(path).or_else(beside)
    }

    fn beside(&self, file: &Path) -> Vec<PathBuf> {
        let folder = file.parent().unwrap_or(Path::new(""));
        let real = fs::canonicalize(if folder == Path::new("") { Path::new(".") } else { folder });
        let Ok(real) = real else { return Vec::new() };
        if !self.roots.iter().any(|root| real.starts_with(root)) {
            return Vec::new();
        }
        let entries = fs::read_dir(real).into_iter().flatten().take(FOLDER_FILES_MAX).flatten();
        let mut paths: Vec<_> = entries.map(|entry| folder.join(entry.file_name())).collect();
        paths.sort();
        paths
    }
}

/// Files that are compiled in or made up, by the paths they are asked for.
impl Files for BTreeMap<PathBuf, Vec<u8>> {
    fn read(&self, path: &Path) -> Result<Vec<u8>, FileError> {
        match self.get(path) {
            None => Err(missing(path)),
            Some(bytes) if bytes.len() > FILE_LEN_MAX => Err(FileError::TooLarge),
            Some(bytes) => Ok(bytes.clone()),
        }
    }

    fn near(&self, path: &Path, file: &Path) -> Option<PathBuf> {
        let lower = |path: &Path| alike(&path.to_string_lossy());
        let find = |path: &Path| self.keys().find(|known| lower(known) == lower(path)).cloned();
        find(path).or_else(|| find(&file.parent()?.join(path.file_name()?)))
    }

    fn beside(&self, file: &Path) -> Vec<PathBuf> {
        self.keys().filter(|known| known.parent() == file.parent()).cloned().collect()
    }
}

/// The path that `named` means in `file`: relative to its folder, without steps back and forth.
/// Tiled on Windows may write backslashes.
#[must_use]
pub fn resolve(file: &Path, named: &str) -> PathBuf {
    let named = named.trim().replace('\\', "/");
    let joined = file.parent().unwrap_or(Path::new("")).join(named);
    let mut path = PathBuf::new();
    for part in joined.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(path.components().next_back(), Some(Component::Normal(_))) => {
                path.pop();
            }
            part => path.push(part),
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use rustix::fs::{CWD, FileType, mknodat};

    use super::*;

    fn kind(result: Result<Vec<u8>, FileError>) -> String {
        result.map_or_else(|error| error.to_string(), |bytes| String::from_utf8(bytes).expect("text"))
    }

    #[test]
    fn only_regular_files_inside_the_folder_are_read() {
        let base = tempfile::tempdir().expect("a folder");
        let map = base.path().join("world/map.tmx");
        fs::create_dir(base.path().join("world")).expect("a folder");
        fs::create_dir(base.path().join("shared")).expect("a folder");
        for (name, text) in [("world/map.tmx", "map"), ("shared/t.tsx", "set"), ("secret", "secret")] {
            fs::write(base.path().join(name), text).expect("written");
        }
        symlink("map.tmx", base.path().join("world/within")).expect("a link");
        symlink("../secret", base.path().join("world/out")).expect("a link");
        symlink("/dev/zero", base.path().join("world/zero")).expect("a link");
        mknodat(CWD, base.path().join("world/fifo"), FileType::Fifo, Mode::RUSR, 0).expect("a FIFO");

        let files = Disk::new(&map, None).expect("opens");
        let read = |name: &str| kind(files.read(&resolve(&map, name)));
        assert_eq!(read("map.tmx"), "map");
        assert_eq!(read("within"), "map");
        assert_eq!(read("no.tsx"), "is not there");
        assert_eq!(read("map.tmx/no.tsx"), "is not there");
        for outside in ["../secret", "out", "zero", "/dev/zero", "/etc/passwd", "../shared/t.tsx", "..\\secret"] {
            assert_eq!(read(outside), "lies outside of the folder of the map", "{outside}");
        }
        for odd in ["fifo", "."] {
            assert_eq!(read(odd), "is no regular file", "{odd}");
        }

        let wider = Disk::new(&map, Some(base.path())).expect("opens");
        assert_eq!(kind(wider.read(&resolve(&map, "..\\shared\\t.tsx"))), "set");
        assert_eq!(kind(wider.read(&resolve(&map, "../secret"))), "secret");
        assert!(Disk::new(&map, Some(Path::new("/nowhere"))).is_err());
    }

    #[test]
    fn files_are_bounded_in_size_and_number() {
        let base = tempfile::tempdir().expect("a folder");
        let files = Disk::new(&base.path().join("map.tmx"), None).expect("opens");
        let large = File::create(base.path().join("large")).expect("a file");
        large.set_len(FILE_LEN_MAX as u64 + 1).expect("sparse");
        assert_eq!(kind(files.read(&base.path().join("large"))), "is larger than 64 MiB");
        for number in 0..=FILES_MAX {
            fs::write(base.path().join(number.to_string()), "").expect("written");
        }
        let read = |number: usize| files.read(&base.path().join(number.to_string()));
        assert!((0..FILES_MAX).all(|number| read(number).is_ok()));
        assert!(read(0).is_ok(), "the same again is not one more");
        assert!(matches!(read(FILES_MAX), Err(FileError::TooMany)));
    }

    #[test]
    fn paths_are_relative_to_the_file_that_names_them() {
        let map = Path::new("worlds/old/map.tmx");
        assert_eq!(resolve(map, "../t.tsx"), Path::new("worlds/t.tsx"));
        assert_eq!(resolve(map, ".\\art\\.\\t.png"), Path::new("worlds/old/art/t.png"));
        assert_eq!(resolve(map, "../../../t.tsx"), Path::new("../t.tsx"));
        assert_eq!(resolve(Path::new("map.tmx"), "t.tsx"), Path::new("t.tsx"));
        assert_eq!(resolve(map, "/t.tsx"), Path::new("/t.tsx"));
    }
}
