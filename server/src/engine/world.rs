//! Loads the map and prepares what clients are served of it.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use sha2::{Digest as _, Sha256};
use tilemud_maps::bake::{Options, Report};
use tilemud_maps::problem::Problems;
use tilemud_maps::{Disk, FileError, LoadError, World};
use tilemud_net::session::{ServedFile, ServedMap};
use tilemud_schema::codec::to_json;
use tilemud_schema::rest::{Tileset, WorldMap, WorldSummary};
use tilemud_schema::sprites::Sprites;
use tilemud_sim::Customs;
use tilemud_sim::SpawnTiles;
use tilemud_sim::limits::CHUNK_SIZE;
use tilemud_sim::{Map, SimConfig};

/// The random seed of every world; fixed, so that a log replays to the same world.
pub const SEED: u64 = 0x7469_6c65_6d75_6401;

/// The built-in world, or any Tiled map from disk. What is unusual in the map is logged once, here.
///
/// # Errors
/// [`LoadError`] says what to change in Tiled.
pub fn load(path: Option<&Path>, root: Option<&Path>, options: &Options) -> Result<Arc<Map>, LoadError> {
    let Some(path) = path else { return Ok(with_prints(Map::built_in())) };
    let files = Disk::new(path, root)
        .map_err(|error| LoadError::File { path: root.unwrap_or(path).to_owned(), error: FileError::Io(error) })?;
    let mut problems = Problems::default();
    let world = tilemud_maps::load(path, &files, options, &mut problems)?;
    log(&problems);
    if let World::Baked(baked) = &world {
        log_baked(&baked.report);
    }
    Ok(with_prints(world.into_map()))
}

/// With what its tiles are found by in a later edit.
fn with_prints(mut map: Map) -> Arc<Map> {
    map.tileset.prints = tilemud_maps::prints(&map.tileset);
    Arc::new(map)
}

fn log(problems: &Problems) {
    for problem in &problems.found {
        tracing::warn!("{problem}");
    }
    for (kind, more) in &problems.more {
        tracing::warn!(kind, more, "further warnings of this kind about the map");
    }
}

fn log_baked(report: &Report) {
    tracing::info!(
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

/// The answers of GET /api/world, its pictures and its music, prepared once, and where new
/// characters appear.
#[must_use]
pub fn serve(map: &Map) -> Arc<ServedMap> {
    let tileset_path = format!("/world/{}.png", fingerprint(&map.tileset.image));
    let mut areas = map.areas.clone();
    let picture = ServedFile { content_type: "image/png", bytes: Bytes::from(map.tileset.image.clone()) };
    let mut files = BTreeMap::from([(tileset_path.clone(), picture)]);
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
    let sprites = map.sprites.as_ref().map(|own| {
        let image = format!("/world/{}.png", fingerprint(&own.image));
        let bytes = Bytes::from_owner(Arc::clone(&own.image));
        files.insert(image.clone(), ServedFile { content_type: "image/png", bytes });
        Sprites { image, ..own.sprites.clone() }
    });
    let body = WorldMap {
        name: map.name.clone(),
        width: map.width,
        height: map.height,
        chunk_size: CHUNK_SIZE,
        tiles: map.tiles.clone(),
        ground: map.ground.clone(),
        canopy: map.canopy.clone(),
        tileset: Tileset {
            image: tileset_path,
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
    let json = Bytes::from(to_json(&body));
    let spawn = SpawnTiles::of_map(map, SEED);
    Arc::new(ServedMap {
        summary: WorldSummary {
            name: body.name,
            width: body.width,
            height: body.height,
            chunk_size: CHUNK_SIZE,
            etag: format!("\"{}\"", fingerprint(&json)),
        },
        json_gz: gzip(&json),
        json,
        files,
        place: Box::new(move |character| spawn.choose(character)),
    })
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

fn fingerprint(bytes: &[u8]) -> String {
    hex::encode(&Sha256::digest(bytes)[..8])
}

fn gzip(bytes: &[u8]) -> Bytes {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    // Writing into memory cannot fail.
    encoder.write_all(bytes).expect("a vector takes all bytes");
    Bytes::from(encoder.finish().expect("a vector takes all bytes"))
}
