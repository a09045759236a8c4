//! `tilemud backup`, `verify` and `restore`: a world as one file, from and into either database,
//! at its end or at an earlier time. A file is an image ([`copies`]), compressed with gzip. Works
//! on images in a scratch folder, which goes when it is done.

use std::fs::File;
use std::io::{BufRead as _, BufReader, BufWriter, ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result};
use flate2::Compression;
use flate2::bufread::GzDecoder;
use flate2::write::GzEncoder;
use rustix::fs::{CWD, RenameFlags, renameat_with};
use rustix::io::Errno;
use tempfile::TempDir;
use tilemud_persist::OpenMode;
use tilemud_persist::copies::{self, Copied};
use tilemud_persist::diagnostic::{in_one_line, system_words};
use tilemud_persist::store::{Batch, LEASE_LASTS, Snapshots, Store};
use tilemud_schema::Timestamp;
use tilemud_sim::{Map, WorldSnapshot};

use super::opening::{Reach, world_id};
use super::preparation::load_world;
use crate::config::{BackupOrder, Config, RestoreOrder, SetWrong};
use crate::engine::lease::Candidate;
use crate::engine::recovery::{Recovery, RecoveryError};
use crate::engine::replay::{self, Verified};
use crate::engine::{maps, rewind};
use crate::failure::NOT_OPENED;

/// A folder for images.
struct Scratch {
    folder: TempDir,
}

impl Scratch {
    fn new() -> Result<Self> {
        Ok(Self { folder: tempfile::tempdir().context("the world cannot be unpacked (TMPDIR says where to)")? })
    }

    fn beside(file: &Path) -> Result<Self> {
        let parent = folder_of(file);
        let folder = tempfile::Builder::new().prefix(".tilemud-copy-").tempdir_in(parent).map_err(|error| {
            let problem = format!("nothing can be written to {}: {}", parent.display(), system_words(&error));
            SetWrong::new("FILE", problem, "name a folder that this user may write, with room for the unpacked world")
        })?;
        Ok(Self { folder })
    }

    /// Where an image may be made.
    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The images of several files as one.
    async fn unpack(&self, files: &[PathBuf]) -> Result<(PathBuf, Copied)> {
        let image = self.path("image.db");
        let mut found = None;
        for (number, file) in files.iter().enumerate() {
            let path = if number == 0 { image.clone() } else { self.path(&format!("later-{number}.db")) };
            unpack(file, &path)?;
            let read = match number {
                0 => copies::read(&path).await,
                _ => copies::add(&image, &path).await,
            };
            let copied = read.map_err(|error| unusable(file, &in_one_line(&error)))?;
            if copied.base.is_some() {
                let problem = format!("{} was made with --since and is not whole", file.display());
                return Err(SetWrong::new("FILE", problem, "name the backup before it first").into());
            }
            found = Some(copied);
        }
        Ok((image, found.context("no backup is named")?))
    }
}

/// Moves what is finished to its place, which nobody may have taken meanwhile.
fn put(finished: &Path, file: &Path) -> Result<()> {
    let moved = match renameat_with(CWD, finished, CWD, file, RenameFlags::NOREPLACE) {
        // A file system that cannot tell.
        Err(Errno::INVAL | Errno::NOSYS) => std::fs::rename(finished, file),
        moved => moved.map_err(std::io::Error::from),
    };
    match moved {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(taken(file)),
        moved => moved.with_context(|| format!("{} cannot be written", file.display())),
    }
}

fn taken(file: &Path) -> anyhow::Error {
    SetWrong::new("FILE", format!("{} is there already", file.display()), "name a file that is not there yet").into()
}

fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn unusable(file: &Path, why: &str) -> anyhow::Error {
    let problem = format!("{} cannot be used: {why}", file.display());
    SetWrong::new("FILE", problem, "name a file that `tilemud backup` has made, as it was made").into()
}

/// `tilemud backup`.
///
/// # Errors
/// What is wrong with the place, the store, or the copy that was made.
pub async fn backup(config: &Config, order: &BackupOrder) -> Result<()> {
    let file = &order.file;
    if file.symlink_metadata().is_ok() {
        return Err(taken(file));
    }
    let map = load_world(config)?;
    let reach = Reach::of(config)?;
    let scratch = Scratch::beside(file)?;
    let base = match &order.since {
        None => None,
        Some(since) => {
            let path = scratch.path("base.db");
            unpack(since, &path)?;
            let base = copies::read(&path).await.map_err(|error| unusable(since, &in_one_line(&error)))?;
            std::fs::remove_file(&path)?;
            Some(base)
        }
    };
    let image = scratch.path("image.db");
    let access = reach.access(OpenMode::Read);
    let copied = copies::copy_out(&access, world_id(config, &map), &image, base.as_ref()).await.context(NOT_OPENED)?;
    let packed = scratch.path("packed");
    pack(&image, &packed).with_context(|| format!("{} cannot be written", file.display()))?;
    // What is verified is what was written.
    let verified = if base.is_none() {
        unpack(&packed, &scratch.path("again.db"))?;
        Some(verify_image(&scratch.path("again.db"), &copied, &map).await?)
    } else {
        None
    };
    let bytes = std::fs::metadata(&packed)?.len();
    put(&packed, file)?;
    File::open(folder_of(file)).and_then(|folder| folder.sync_all())?;
    println!("{}: {}, {bytes} bytes", file.display(), described(&copied));
    match verified {
        Some(verified) => println!("{}", said(&verified)),
        None => println!("it goes on from the backup before; `tilemud verify` with both verifies it"),
    }
    Ok(())
}

/// `tilemud verify`.
///
/// # Errors
/// The first tick that differs, or what is wrong with a file.
pub async fn verify(config: &Config, files: &[PathBuf]) -> Result<()> {
    let scratch = Scratch::new()?;
    let (image, copied) = scratch.unpack(files).await?;
    let verified = verify_image(&image, &copied, &load_world(config)?).await?;
    println!("{}", described(&copied));
    println!("{}", said(&verified));
    Ok(())
}

/// `tilemud restore`.
///
/// # Errors
/// What is wrong with a file or the store, or that it has the world already; nothing is changed
/// then.
pub async fn restore(config: &Config, order: &RestoreOrder) -> Result<()> {
    let scratch = Scratch::new()?;
    let (image, mut copied) = scratch.unpack(&order.files).await?;
    let map = load_world(config)?;
    let mut verified = verify_image(&image, &copied, &map).await?;
    if let Some(until) = order.until {
        cut_back(&image, &copied, &map, until).await?;
        copied = Copied { made_at: until, ..copies::read(&image).await? };
        verified = verify_image(&image, &copied, &map).await?;
    }
    if let Some(name) = &config.world.id {
        copies::rename(&image, name).await?;
        copied.world.clone_from(name);
    }
    let reach = Reach::of(config)?;
    copies::copy_in(&reach.access(OpenMode::Create), &image).await.context("the world could not be put back")?;
    println!("{} is in {}", described(&copied), reach.place()?);
    println!("{}", said(&verified));
    Ok(())
}

/// Makes an image what it was at an earlier time.
async fn cut_back(image: &Path, copied: &Copied, map: &Arc<Map>, until: Timestamp) -> Result<()> {
    let cut = copies::cut_at(image, until).await?.map_err(|oldest| {
        let problem = format!("the backup does not reach back to {until}");
        let remedy = match oldest {
            Some(oldest) => format!("name a time from {oldest} on, or an earlier backup"),
            None => "it has no snapshot: leave --until out".to_owned(),
        };
        SetWrong::new("--until", problem, remedy)
    })?;
    let store = copies::open(image, &copied.world, OpenMode::Read).await?;
    let characters = match recovery(&store, map).await {
        Ok(recovery) => rewind::characters_at(&recovery, cut.snapshot, cut.tick).await,
        Err(error) => Err(error),
    };
    store.close().await;
    let profiles = characters.context("the world could not be brought back")?;
    copies::cut_back(image, cut).await?;
    let store = copies::open(image, &copied.world, OpenMode::Create).await?;
    let written = async {
        // Writing needs the lease, which nobody else can have of an image.
        Candidate::new(LEASE_LASTS).take(&*store).await?;
        let batch = Batch { tick: cut.tick, profiles, ..Batch::default() };
        store.commit(&batch).await?;
        store.release_lease().await?;
        anyhow::Ok(())
    };
    let written = written.await;
    store.close().await;
    written.context("the earlier time could not be written")
}

async fn verify_image(image: &Path, copied: &Copied, map: &Arc<Map>) -> Result<Verified> {
    let store = copies::open(image, &copied.world, OpenMode::Read).await?;
    let verified = match recovery(&store, map).await {
        Ok(recovery) => replay::verify(&recovery, &mut std::io::stderr()).await,
        Err(error) => Err(error.into()),
    };
    store.close().await;
    verified.context("the copy is not as it was recorded")
}

/// What an image is played with: on the map that is in it, or on `map` where an older version of
/// this program kept none.
async fn recovery(store: &Arc<dyn Store>, map: &Arc<Map>) -> Result<Recovery, RecoveryError> {
    let newest = Snapshots::newest_snapshot(&**store).await?;
    let on = newest.and_then(|newest| WorldSnapshot::decode(&newest.data).ok()?.provenance.map);
    let map = match on {
        Some(id) => maps::load(&**store, id, map).await?,
        None => Arc::clone(map),
    };
    Ok(Recovery::for_reading(store, map))
}

fn pack(image: &Path, file: &Path) -> std::io::Result<()> {
    let mut from = BufReader::new(File::open(image)?);
    let mut encoder = GzEncoder::new(BufWriter::new(File::create_new(file)?), Compression::default());
    std::io::copy(&mut from, &mut encoder)?;
    let mut written = encoder.finish()?;
    written.flush()?;
    written.get_ref().sync_all()
}

fn unpack(file: &Path, image: &Path) -> Result<()> {
    let from = File::open(file).map_err(|error| unusable(file, &system_words(&error)))?;
    let mut decoder = GzDecoder::new(BufReader::new(from));
    let mut to = File::create_new(image).context("the world cannot be unpacked")?;
    match std::io::copy(&mut decoder, &mut to) {
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::IsADirectory => return Err(unusable(file, "it is a folder")),
        Err(error)
            if matches!(error.kind(), ErrorKind::InvalidInput | ErrorKind::InvalidData | ErrorKind::UnexpectedEof) =>
        {
            return Err(unusable(file, "it is not compressed with gzip, or not whole"));
        }
        Err(error) => return Err(error).context("the world cannot be unpacked"),
    }
    if decoder.into_inner().fill_buf().is_ok_and(|rest| rest.is_empty()) {
        return Ok(());
    }
    Err(unusable(file, "there is more in it than one backup"))
}

fn described(copied: &Copied) -> String {
    let Copied { world, recorded, made_at, .. } = copied;
    format!("the world {world:?} up to tick {recorded}, as of {made_at}")
}

fn said(verified: &Verified) -> String {
    let Verified { from, to, replayed, .. } = verified;
    format!(
        "verified: ticks {from} to {to}, {} recorded ticks with {} events replayed; everything is as recorded",
        replayed.ticks, replayed.events
    )
}
