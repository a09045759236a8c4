//! `tilemud map plan`: what an edited map would do to a stored world, before it is done. Only
//! reads; may run beside a live server, whose last ticks it may then not know.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use serde::Serialize;
use tilemud_maps::problem::shown;
use tilemud_persist::OpenMode;
use tilemud_persist::store::Store;
use tilemud_schema::{CharacterId, MapId};
use tilemud_sim::{EditReport, PersonMoved, Sim, WorldSnapshot};

use super::opening::{is_named, open};
use crate::config::{Config, PlanOrder};
use crate::engine::edits::InLines;
use crate::engine::recovery::Recovery;
use crate::engine::stamps::Stamps;
use crate::engine::world;

/// Most entries of a list in a plan for programs.
const LIST_MAX: usize = 1_000;

/// What would become of a world.
#[derive(Debug, Serialize)]
struct Plan {
    /// The map that it is on.
    from: MapId,
    /// The edited one.
    to: MapId,
    /// Whether there is anything to do.
    is_edited: bool,
    /// How many entries each list has; those lists hold the first [`LIST_MAX`].
    counts: Counts,
    #[serde(flatten)]
    report: EditReport,
}

#[derive(Debug, Serialize)]
struct Counts {
    tiles_changed: usize,
    tiles_lost: usize,
    objects_added: usize,
    objects_removed: usize,
    objects_moved: usize,
    objects_changed: usize,
    piles_moved: usize,
    people_moved: usize,
}

impl Plan {
    fn new(from: MapId, to: MapId, mut report: EditReport) -> Self {
        let counts = Counts {
            tiles_changed: report.tiles_changed.len(),
            tiles_lost: report.tiles_lost.len(),
            objects_added: report.objects_added.len(),
            objects_removed: report.objects_removed.len(),
            objects_moved: report.objects_moved.len(),
            objects_changed: report.objects_changed.len(),
            piles_moved: report.piles_moved.len(),
            people_moved: report.people_moved.len(),
        };
        report.tiles_changed.truncate(LIST_MAX);
        report.tiles_lost.truncate(LIST_MAX);
        for objects in [
            &mut report.objects_added,
            &mut report.objects_removed,
            &mut report.objects_moved,
            &mut report.objects_changed,
        ] {
            objects.truncate(LIST_MAX);
        }
        report.piles_moved.truncate(LIST_MAX);
        report.people_moved.truncate(LIST_MAX);
        Self { from, to, is_edited: from != to, counts, report }
    }
}

/// `tilemud map plan`.
///
/// # Errors
/// A map or a store that cannot be used, or what keeps the log from being read.
pub async fn plan(config: &Config, order: &PlanOrder) -> Result<()> {
    let (store, map) = open(config, OpenMode::Read).await?;
    let recovery = Recovery {
        store: Arc::clone(&store),
        config: world::config(&map, 1, true),
        is_named: is_named(config, &map),
        map: Arc::new(map.into()),
        ticks_per_second: 1,
        stamps: Arc::new(Stamps::default()),
    };
    let found = find(&recovery).await;
    let names = store.names().await;
    store.close().await;
    let (from, report) = found?;
    let to = recovery.map.load().id();
    if order.json {
        println!("{}", serde_json::to_string(&Plan::new(from, to, report))?);
    } else {
        let names = names.context("the names of the characters could not be read")?;
        let names = names.into_iter().map(|named| (named.character_id, named.display_name)).collect();
        let file = config.world.map.as_deref().map(|file| shown(&file.to_string_lossy())).unwrap_or_default();
        print!("{}", InWords { file: &file, is_edited: from != to, report: &report, names: &names });
    }
    Ok(())
}

/// The map that the world is on, and what the edit would do.
async fn find(recovery: &Recovery) -> Result<(MapId, EditReport)> {
    let unread = "the snapshots could not be read";
    let Some(newest) = recovery.store.newest_snapshot().await.context(unread)? else {
        bail!("there is no snapshot of this world, so nothing has been played in it")
    };
    let world = WorldSnapshot::decode(&newest.data).with_context(|| format!("the snapshot of tick {}", newest.tick))?;
    if world.provenance.map.is_none() {
        bail!(
            "this world was stored by a version of this program that kept no map: start and stop the server once with the map \
             as it was, then ask again"
        );
    }
    let mut sim = recovery.peek().await.context("the world could not be brought back")?;
    let (from, map) = (sim.map_id(), recovery.map.load_full());
    if from == map.id() {
        return Ok((from, EditReport::default()));
    }
    recovery.check_map(&sim)?;
    let (_, mut report) = sim.edit(map);
    report.people_moved.extend(moved_later(&*recovery.store, &sim).await.context("the profiles could not be read")?);
    Ok((from, report))
}

/// Who is not in the world and will have to stand elsewhere when they come back.
async fn moved_later(store: &dyn Store, sim: &Sim) -> Result<Vec<PersonMoved>> {
    let present: Vec<_> = sim.characters().into_iter().map(|(identity, _)| identity.character_id).collect();
    let mut moved = Vec::new();
    for named in store.names().await? {
        let character = named.character_id;
        if present.contains(&character) {
            continue;
        }
        let Some(stored) = store.load_character(character).await?.and_then(|profile| profile.state.position) else {
            continue;
        };
        if let (from, Some(to)) = sim.refuge(stored) {
            moved.push(PersonMoved { character, from, to });
        }
    }
    Ok(moved)
}

struct InWords<'a> {
    file: &'a str,
    is_edited: bool,
    report: &'a EditReport,
    names: &'a BTreeMap<CharacterId, Arc<str>>,
}

/// What neither the store nor the merge knows of.
const ONLY_SHOWN: &str = "Signs, pictures, what is above the characters, and names, light and music of areas are shown as the file has them; the \
     store keeps none of them to compare with.";

impl fmt::Display for InWords<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.is_edited {
            return writeln!(
                f,
                "The world is on the map {} as it is: a start would change nothing that is played on. {ONLY_SHOWN}",
                self.file
            );
        }
        writeln!(f, "A start with {} would go on with this world so:", self.file)?;
        write!(f, "{}", InLines { report: self.report, names: self.names })?;
        writeln!(f, "{ONLY_SHOWN}")?;
        writeln!(f, "Nothing was changed. What players carry stays as it is.")
    }
}
