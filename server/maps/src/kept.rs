//! Worlds that were made of maps before, kept by content: a start with the same files, options and
//! program gets the same world without baking it. What cannot be read or written here is as if it
//! were not there.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use tilemud_sim::Map;

use crate::bake::Options;
use crate::files::{FileError, Files};

/// Most worlds that are kept of one map, and of all.
const KEPT_MAX: usize = 4;
const KEPT_OF_ALL_MAX: usize = 256;
/// Digits that the names of all worlds of one map begin with.
const DIGITS_OF_MAP: usize = 16;
/// Most cells of one: what is written is in memory a second time while it is.
const CELLS_MAX: usize = 8 << 20;
const ENDING: &str = "baked";
const UNFINISHED: &str = "unfinished";
const HASH_BYTES: usize = 32;

/// A world as it was made.
#[derive(Debug, Clone, PartialEq)]
pub struct Made {
    pub map: Map,
    /// What was said of it, line by line.
    pub said: Vec<String>,
}

/// Where they are kept.
#[derive(Debug)]
pub struct Kept {
    folder: PathBuf,
    /// What tells this program from others; `None` when it does not know itself.
    program: Option<String>,
}

/// The files of a map, with what came of each that was asked for.
pub struct Asked<'f> {
    files: &'f dyn Files,
    seen: RefCell<BTreeMap<PathBuf, String>>,
}

/// All but the long lists, which follow it byte by byte.
#[derive(Serialize, Deserialize)]
struct Head {
    files: BTreeMap<PathBuf, String>,
    said: Vec<String>,
    /// Without layers, pictures and music.
    map: Map,
    cells: usize,
    images: Vec<usize>,
    music: Vec<(String, usize)>,
}

impl<'f> Asked<'f> {
    #[must_use]
    pub fn new(files: &'f dyn Files) -> Self {
        Self { files, seen: RefCell::default() }
    }
}

impl Files for Asked<'_> {
    fn read(&self, path: &Path) -> Result<Vec<u8>, FileError> {
        let outcome = self.files.read(path);
        self.seen.borrow_mut().entry(path.to_owned()).or_insert_with(|| told(&outcome));
        outcome
    }

    fn near(&self, path: &Path, file: &Path) -> Option<PathBuf> {
        self.files.near(path, file)
    }

    fn beside(&self, file: &Path) -> Vec<PathBuf> {
        self.files.beside(file)
    }
}

/// What came of asking for a file, in few bytes.
fn told(outcome: &Result<Vec<u8>, FileError>) -> String {
    match outcome {
        Ok(bytes) => hex::encode(Sha256::digest(bytes)),
        Err(error) => error.to_string(),
    }
}

impl Kept {
    /// Those in a folder that this program has made; another build may make others.
    #[must_use]
    pub fn new(folder: PathBuf) -> Self {
        let file = std::env::current_exe().and_then(fs::metadata).and_then(|it| Ok((it.len(), it.modified()?)));
        Self { folder, program: file.ok().map(|file| format!("{} {file:?}", tilemud_schema::version())) }
    }

    /// The world that was made of the map at this path, if all files are as they were then.
    #[must_use]
    pub fn find(&self, path: &Path, files: &dyn Files, options: &Options) -> Option<Made> {
        let map = files.read(path).ok()?;
        let bytes = fs::read(self.file(path, &map, options)?).ok()?;
        let (bytes, hash) = bytes.split_at_checked(bytes.len().checked_sub(HASH_BYTES)?)?;
        if Sha256::digest(bytes)[..] != *hash {
            return None;
        }
        let (len, bytes) = bytes.split_first_chunk::<8>()?;
        let (head, bytes) = bytes.split_at_checked(u64::from_le_bytes(*len).try_into().ok()?)?;
        let head: Head = serde_json::from_slice(head).ok()?;
        let is_same = |(path, seen): (&PathBuf, &String)| told(&files.read(path)) == *seen;
        head.files.iter().all(is_same).then(|| unpacked(head, bytes))?
    }

    /// Keeps a world that was made of the map at this path and what else was asked for. Of others
    /// the oldest go.
    ///
    /// # Errors
    /// It cannot be written; nothing is lost by that but time.
    pub fn keep(&self, path: &Path, files: &Asked<'_>, options: &Options, made: &Made) -> io::Result<()> {
        if made.map.tiles.len() > CELLS_MAX {
            return Ok(());
        }
        let file = files.files.read(path).ok().and_then(|map| self.file(path, &map, options));
        let Some(file) = file else { return Ok(()) };
        // As the store beside it: nobody else's.
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&self.folder)?;
        // Whole or not at all, whatever happens meanwhile.
        let unfinished = self.folder.join(UNFINISHED);
        let mut out = fs::File::options().write(true).create(true).truncate(true).mode(0o600).open(&unfinished)?;
        out.write_all(&packed(&files.seen.borrow(), made)?)?;
        out.sync_all()?;
        fs::rename(unfinished, &file)?;
        self.make_room(&file)
    }

    fn make_room(&self, newest: &Path) -> io::Result<()> {
        let of_map = |path: &Path| path.file_name()?.as_encoded_bytes().get(..DIGITS_OF_MAP).map(<[u8]>::to_vec);
        let mut kept: Vec<(SystemTime, PathBuf)> = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let path = entry?.path();
            if path.extension().is_some_and(|it| it == ENDING) && path != newest {
                kept.push((fs::metadata(&path)?.modified()?, path));
            }
        }
        kept.sort();
        let mut too_many = (kept.len() + 1).saturating_sub(KEPT_OF_ALL_MAX);
        let is_of_it = |path: &Path| of_map(path) == of_map(newest);
        let mut of_it = (kept.iter().filter(|(_, path)| is_of_it(path)).count() + 1).saturating_sub(KEPT_MAX);
        for (_, path) in &kept {
            let is_of_it = is_of_it(path);
            if too_many > 0 || (is_of_it && of_it > 0) {
                too_many = too_many.saturating_sub(1);
                of_it = of_it.saturating_sub(usize::from(is_of_it));
                fs::remove_file(path)?;
            }
        }
        Ok(())
    }

    fn file(&self, path: &Path, map: &[u8], options: &Options) -> Option<PathBuf> {
        let mut hash = Sha256::new();
        for part in [
            self.program.as_ref()?.as_bytes(),
            path.as_os_str().as_encoded_bytes(),
            format!("{options:?}").as_bytes(),
            map,
        ] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        let of_map = hex::encode(Sha256::digest(path.as_os_str().as_encoded_bytes()));
        let name = format!("{}{}.{ENDING}", &of_map[..DIGITS_OF_MAP], &hex::encode(hash.finalize())[..32]);
        Some(self.folder.join(name))
    }
}

fn packed(files: &BTreeMap<PathBuf, String>, made: &Made) -> io::Result<Vec<u8>> {
    let mut map = made.map.clone();
    let layers = [&mut map.tiles, &mut map.ground, &mut map.canopy].map(std::mem::take);
    let (images, music) = (std::mem::take(&mut map.tileset.images), std::mem::take(&mut map.music));
    let head = Head {
        files: files.clone(),
        said: made.said.clone(),
        map,
        cells: layers[0].len(),
        images: images.iter().map(|image| image.len()).collect(),
        music: music.iter().map(|(name, bytes)| (name.clone(), bytes.len())).collect(),
    };
    let head = serde_json::to_vec(&head).map_err(io::Error::other)?;
    let mut bytes = (head.len() as u64).to_le_bytes().to_vec();
    bytes.extend(head);
    for layer in &layers {
        bytes.extend(layer.iter().flat_map(|tile| tile.to_le_bytes()));
    }
    images.iter().for_each(|image| bytes.extend_from_slice(image));
    music.values().for_each(|file| bytes.extend_from_slice(file));
    let hash = Sha256::digest(&bytes);
    bytes.extend_from_slice(&hash);
    Ok(bytes)
}

fn unpacked(head: Head, mut bytes: &[u8]) -> Option<Made> {
    let Head { said, mut map, cells, images, music, .. } = head;
    let mut take = |len: usize| {
        let (taken, rest) = bytes.split_at_checked(len)?;
        bytes = rest;
        Some(taken)
    };
    let mut layer = || {
        let pairs = take(cells.checked_mul(2)?)?.as_chunks::<2>().0;
        Some(pairs.iter().map(|pair| u16::from_le_bytes(*pair)).collect::<Vec<_>>())
    };
    (map.tiles, map.ground, map.canopy) = (layer()?, layer()?, layer()?);
    for len in images {
        map.tileset.images.push(take(len)?.into());
    }
    for (name, len) in music {
        map.music.insert(name, Arc::from(take(len)?));
    }
    bytes.is_empty().then_some(Made { map, said })
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    type Held = BTreeMap<PathBuf, Vec<u8>>;

    fn files() -> Held {
        BTreeMap::from([("w/map.tmx".into(), b"map".to_vec()), ("w/tiles.png".into(), b"tiles".to_vec())])
    }

    fn made() -> Made {
        let mut map = Map::built_in();
        map.music.insert("song.ogg".to_owned(), Arc::from(&b"la la"[..]));
        map.areas.push(tilemud_schema::rest::Area { name: "Square".to_owned(), no_build: true, ..Default::default() });
        Made { map, said: vec!["warning: w/map.tmx: it is odd; make it even".to_owned()] }
    }

    /// Asks for what a map uses, one file of which is not there.
    fn keep(kept: &Kept, files: &Held) {
        let asked = Asked::new(files);
        assert!(asked.read(Path::new("w/tiles.png")).is_ok());
        assert!(asked.read(Path::new("w/gone.png")).is_err());
        kept.keep(Path::new("w/map.tmx"), &asked, &Options::default(), &made()).expect("it is written");
    }

    fn find(kept: &Kept, files: &Held) -> Option<Made> {
        kept.find(Path::new("w/map.tmx"), files, &Options::default())
    }

    #[test]
    fn the_same_files_give_the_same_world_and_any_other_file_none() {
        let folder = tempfile::tempdir().expect("a folder");
        let kept = Kept::new(folder.path().join("maps"));
        let files = files();
        assert_eq!(find(&kept, &files), None);
        keep(&kept, &files);
        assert_eq!(find(&kept, &files), Some(made()));
        let mode = |path: &Path| fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
        let only = fs::read_dir(folder.path().join("maps")).expect("a folder").next().expect("one").expect("one");
        assert_eq!((mode(&folder.path().join("maps")), mode(&only.path())), (0o700, 0o600));
        let changes: [(&str, Option<&[u8]>); 4] = [
            ("w/map.tmx", Some(b"mop")),
            ("w/tiles.png", Some(b"tales")),
            ("w/tiles.png", None),
            ("w/gone.png", Some(b"here")),
        ];
        for (path, content) in changes {
            let mut other = files.clone();
            match content {
                Some(content) => other.insert(path.into(), content.to_vec()),
                None => other.remove(Path::new(path)),
            };
            assert_eq!(find(&kept, &other), None, "{path}");
        }
        let elsewhere = Options { spawn: Some((1, 2)), ..Options::default() };
        assert_eq!(kept.find(Path::new("w/map.tmx"), &files, &elsewhere), None);
        let newer = Kept { program: Some("another build".to_owned()), ..Kept::new(folder.path().join("maps")) };
        assert_eq!(find(&newer, &files), None);
    }

    #[test]
    fn what_is_torn_or_damaged_is_as_if_it_were_not_there() {
        let folder = tempfile::tempdir().expect("a folder");
        let kept = Kept::new(folder.path().to_owned());
        keep(&kept, &files());
        let file = fs::read_dir(folder.path()).expect("a folder").next().expect("a file").expect("a file").path();
        let whole = fs::read(&file).expect("bytes");
        for len in [0, 7, 40, whole.len() / 2, whole.len() - 1] {
            fs::write(&file, &whole[..len]).expect("written");
            assert_eq!(find(&kept, &files()), None, "{len} bytes of it");
        }
        let mut damaged = whole.clone();
        damaged[whole.len() / 2] ^= 1;
        fs::write(&file, damaged).expect("written");
        assert_eq!(find(&kept, &files()), None);
        fs::write(&file, whole).expect("written");
        assert!(find(&kept, &files()).is_some());
    }

    #[test]
    fn only_the_newest_of_each_map_are_kept() {
        let folder = tempfile::tempdir().expect("a folder");
        let kept = Kept::new(folder.path().to_owned());
        let other: Held = BTreeMap::from([("w/other.tmx".into(), b"map".to_vec())]);
        let at = Path::new("w/other.tmx");
        kept.keep(at, &Asked::new(&other), &Options::default(), &made()).expect("it is written");
        let edits: Vec<Held> = (0..=KEPT_MAX as u8)
            .map(|edit| files().into_iter().chain([("w/map.tmx".into(), vec![edit])]).collect())
            .collect();
        for (edit, age) in edits.iter().zip((0..=KEPT_MAX as u64).rev()) {
            keep(&kept, edit);
            // Each a day older than the next, as clocks may be coarse.
            let written = SystemTime::now() - std::time::Duration::from_secs(86_400 * age);
            let file = kept.file(Path::new("w/map.tmx"), &edit[Path::new("w/map.tmx")], &Options::default());
            let file = file.expect("a program knows itself");
            fs::File::options().append(true).open(file).and_then(|file| file.set_modified(written)).expect("a time");
        }
        let found: Vec<bool> = edits.iter().map(|edit| find(&kept, edit).is_some()).collect();
        assert_eq!(found, [false, true, true, true, true]);
        assert!(kept.find(at, &other, &Options::default()).is_some());
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), KEPT_MAX + 1);
    }
}
