//! Loads the map and prepares what clients are served of it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use tilemud_maps::bake::{Options, Report};
use tilemud_maps::kept::{Asked, Kept, Made};
use tilemud_maps::problem::Problems;
use tilemud_maps::{Disk, FileError, LoadError, World};
use tilemud_net::session::{Packed, ServedFile, ServedMap};
use tilemud_schema::codec::to_json;
use tilemud_schema::rest::{Tileset, WorldMap, WorldSummary};
use tilemud_schema::sprites::Sprites;
use tilemud_sim::Customs;
use tilemud_sim::SpawnTiles;
use tilemud_sim::limits::CHUNK_SIZE;
use tilemud_sim::{Map, SimConfig};

use super::digest::{fingerprint, gzip};
use super::sections::SectionBodies;

/// The random seed of every world; fixed, so that a log replays to the same world.
pub const SEED: u64 = 0x7469_6c65_6d75_6401;

/// The built-in world, or any Tiled map from disk. What is unusual in the map is logged once, here.
/// What was made of the same files before is taken from the folder `kept`, and kept there.
///
/// # Errors
/// [`LoadError`] says what to change in Tiled.
pub fn load(
    path: Option<&Path>,
    root: Option<&Path>,
    options: &Options,
    kept: Option<PathBuf>,
) -> Result<Arc<Map>, LoadError> {
    let Some(path) = path else { return Ok(with_prints(Map::built_in())) };
    let disk = || {
        Disk::new(path, root)
            .map_err(|error| LoadError::File { path: root.unwrap_or(path).to_owned(), error: FileError::Io(error) })
    };
    let (files, known) = (disk()?, disk()?);
    let kept = kept.map(Kept::new);
    if let Some(made) = kept.as_ref().and_then(|kept| kept.find(path, &known, options)) {
        made.said.iter().for_each(|line| tracing::warn!("{line}"));
        tracing::info!("the files of the map are as they were: the world is taken as it was made of them before");
        return Ok(Arc::new(made.map));
    }
    let mut problems = Problems::default();
    let asked = Asked::new(&files);
    let world = tilemud_maps::load(path, &asked, options, &mut problems)?;
    let said = said(&problems);
    said.iter().for_each(|line| tracing::warn!("{line}"));
    if let World::Baked(baked) = &world {
        log_baked(&baked.report);
    }
    let map = with_prints(world.into_map());
    if let Some(kept) = kept
        && let Err(error) = kept.keep(path, &asked, options, &Made { map: Map::clone(&map), said })
    {
        tracing::info!(%error, "the baked map cannot be kept for the next start");
    }
    Ok(map)
}

/// With what its tiles are found by in a later edit.
fn with_prints(mut map: Map) -> Arc<Map> {
    map.tileset.prints = tilemud_maps::prints(&map.tileset);
    Arc::new(map)
}

fn said(problems: &Problems) -> Vec<String> {
    let found = problems.found.iter().map(ToString::to_string);
    let more =
        problems.more.iter().map(|(kind, more)| format!("{more} further warnings of the kind {kind} about the map"));
    found.chain(more).collect()
}

fn log_baked(report: &Report) {
    tracing::info!(
        because = report.because,
        dialect = %report.dialect.name,
        tiles = report.tiles,
        blocked_percent = report.blocked_percent,
        spawn = format!("{}, {}: {}", report.spawn.x, report.spawn.y, report.spawn.why),
        took_ms = report.ms,
        "the map was baked; `tilemud map check` tells more"
    );
}

/// The configuration of a world on this map.
#[must_use]
pub fn config(map: &Map, delta_every: u32, gifts: bool) -> SimConfig {
    let customs = Customs { gifts, ..Customs::default() };
    SimConfig { world_name: map.name.clone(), delta_every, seed: SEED, first_tick: 1, customs }
}

/// Most tiles of a map that GET /api/world has all in one; a list of them is 4 MiB or so. Of larger
/// ones it says where the sections are, as GET /api/map does of all.
const WHOLE_TILES_MAX: usize = 1 << 20;

/// The answers of GET /api/world and GET /api/map, the map's pictures, music and sections, prepared
/// once, and where new characters appear.
#[must_use]
pub fn serve(map: &Arc<Map>) -> Arc<ServedMap> {
    let mut areas = map.areas.clone();
    let mut files = BTreeMap::new();
    let mut picture = |bytes: Bytes| {
        let path = format!("/world/{}.png", fingerprint(&bytes));
        files.insert(path.clone(), ServedFile { content_type: "image/png", bytes });
        path
    };
    let mut images = map.tileset.images.iter().map(|image| picture(Bytes::from_owner(Arc::clone(image))));
    let (image, more_images) = (images.next().unwrap_or_default(), images.collect());
    let sprites = map
        .sprites
        .as_ref()
        .map(|own| Sprites { image: picture(Bytes::from_owner(Arc::clone(&own.image))), ..own.sprites.clone() });
    for area in &mut areas {
        area.music = area.music.take().and_then(|name| {
            let bytes = map.music.get(&name)?;
            let kind = name.rsplit('.').next()?;
            let path = format!("/world/{}.{kind}", fingerprint(bytes));
            let bytes = Bytes::from_owner(Arc::clone(bytes));
            files.insert(path.clone(), ServedFile { content_type: sound_type(kind), bytes });
            Some(path)
        });
    }
    let (sections, places) = SectionBodies::of(map);
    let mut body = WorldMap {
        name: map.name.clone(),
        width: map.width,
        height: map.height,
        chunk_size: CHUNK_SIZE,
        tiles: Vec::new(),
        ground: Vec::new(),
        canopy: Vec::new(),
        sections: Some(places),
        tileset: Tileset {
            image,
            more_images,
            tile_size: map.tileset.tile_size,
            columns: map.tileset.columns,
            tiles: map.tileset.tiles.clone(),
            animations: map.tileset.animations.clone(),
        },
        spawn: map.spawn,
        warps: map.warps.clone(),
        areas,
        signs: map.signs.clone(),
        sprites,
    };
    let outline = packed(&body);
    let summary = WorldSummary {
        name: body.name.clone(),
        width: body.width,
        height: body.height,
        chunk_size: CHUNK_SIZE,
        // The paths of the sections say what is in them.
        etag: format!("\"{}\"", fingerprint(&outline.plain)),
    };
    let whole = if map.tiles.len() > WHOLE_TILES_MAX {
        outline.clone()
    } else {
        body.sections = None;
        (body.tiles, body.ground, body.canopy) = (map.tiles.clone(), map.ground.clone(), map.canopy.clone());
        packed(&body)
    };
    let spawn = SpawnTiles::of_map(map, SEED);
    Arc::new(ServedMap {
        summary,
        whole,
        outline,
        files,
        sections: Box::new(sections),
        place: Box::new(move |character| spawn.choose(character)),
    })
}

fn packed(body: &WorldMap) -> Packed {
    let plain = Bytes::from(to_json(body));
    Packed { gzip: gzip(&plain), plain }
}

/// What a sound is whose file ends so.
fn sound_type(ending: &str) -> &'static str {
    match ending {
        "ogg" => "audio/ogg",
        "mp3" => "audio/mpeg",
        "flac" => "audio/flac",
        _ => "audio/wav",
    }
}
