//! What an edit of the map has done to a world, or would do, in words.

use std::collections::BTreeMap;
use std::fmt::{self, Display, Write as _};
use std::sync::Arc;

use tilemud_maps::problem::shown;
use tilemud_schema::{CharacterId, Tick};
use tilemud_sim::{Differences, EditReport, ObjectEdit, TileLoss};

/// Most entries of a list that are named; of further ones only the number is said.
const NAMED_MAX: usize = 20;

/// Logs what became of an edit: in one line what the builder did and what was kept because players
/// changed it, and as warnings what may not have been meant.
pub fn log(report: &EditReport, tick: Tick) {
    tracing::info!(
        tick,
        tiles_changed = report.tiles_changed.len(),
        built_tiles_kept = report.tiles_kept,
        built_tiles_gone = report.tiles_lost.len(),
        objects_added = report.objects_added.len(),
        objects_removed = report.objects_removed.len(),
        objects_moved = report.objects_moved.len(),
        objects_changed = report.objects_changed.len(),
        objects_kept = report.objects_kept,
        items_taken_kept = report.objects_taken,
        piles_moved = report.piles_moved.len(),
        people_moved = report.people_moved.len(),
        "the map was edited; the world goes on with it"
    );
    // Whoever changed that very tile has meant it.
    let unmeant = report.tiles_lost.iter().filter(|lost| lost.why != TileLoss::Changed);
    for lost in unmeant.clone().take(NAMED_MAX) {
        let why = why(lost.why);
        tracing::warn!(x = lost.at.x, y = lost.at.y, name = lost.name, "a tile that a player had built is gone: {why}");
    }
    let more = unmeant.count().saturating_sub(NAMED_MAX);
    if more > 0 {
        tracing::warn!(more, "further tiles that players had built are gone for such reasons");
    }
    if !report.people_moved.is_empty() {
        let people = report.people_moved.len();
        tracing::warn!(people, "nobody can stand any more where these characters stood; they stand beside it");
    }
    if !report.piles_moved.is_empty() {
        let piles = report.piles_moved.len();
        tracing::warn!(piles, "nothing can lie any more where players laid these down; they lie beside it");
    }
}

/// Why a tile that a player had built goes.
fn why(loss: TileLoss) -> &'static str {
    match loss {
        TileLoss::Changed => "the map has another tile there",
        TileLoss::BeyondTheEdge => "the map ends before it",
        TileLoss::Unknown => "the tileset has none like it",
        TileLoss::Door => "a door stands there",
        TileLoss::Warp => "a warp is there or leads there",
        TileLoss::Spawn => "new characters appear there",
    }
}

/// A report as lines for a terminal.
pub struct InLines<'a> {
    pub report: &'a EditReport,
    /// Of characters, as far as they are known.
    pub names: &'a BTreeMap<CharacterId, Arc<str>>,
}

impl Display for InLines<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { report, names } = self;
        let changed = &report.tiles_changed;
        list(f, "tiles changed on the map", changed.len(), changed.iter().map(|at| format!("{}, {}", at.x, at.y)))?;
        writeln!(f, "tiles built by players: {} stay, {} are as on the map now", report.tiles_kept, report.tiles_met)?;
        let lost = &report.tiles_lost;
        list(
            f,
            "tiles built by players that go",
            lost.len(),
            lost.iter().map(|lost| {
                let why = why(lost.why);
                format!("{} at {}, {}: {why}", shown(&lost.name), lost.at.x, lost.at.y)
            }),
        )?;
        writeln!(
            f,
            "objects that stay: {}, items that were taken and stay taken: {}",
            report.objects_kept, report.objects_taken
        )?;
        for (what, objects) in [
            ("added", &report.objects_added),
            ("removed", &report.objects_removed),
            ("moved", &report.objects_moved),
            ("changed", &report.objects_changed),
        ] {
            list(f, &format!("objects {what}"), objects.len(), objects.iter().map(object))?;
        }
        for (what, differences) in
            [("warps", report.warps), ("spawners", report.spawners), ("areas with rules", report.areas)]
        {
            let Differences { new, gone } = differences;
            if new + gone > 0 {
                writeln!(f, "{what} that are new or say something else: {new}, that are gone or did: {gone}")?;
            }
        }
        list(f, "items on the ground", report.items.len(), more_or_fewer(&report.items))?;
        let piles = &report.piles_moved;
        list(
            f,
            "what players laid down and has to lie elsewhere",
            piles.len(),
            piles.iter().map(|pile| {
                let (from, to) = (pile.from, pile.to);
                format!("{} from {}, {} to {}, {}", shown(&pile.name), from.x, from.y, to.x, to.y)
            }),
        )?;
        let people = &report.people_moved;
        list(
            f,
            "characters that have to stand elsewhere",
            people.len(),
            people.iter().map(|moved| {
                let (from, to) = (moved.from, moved.to);
                let who = names.get(&moved.character).map_or_else(|| moved.character.to_string(), |name| shown(name));
                format!("{who} from {}, {} to {}, {}", from.x, from.y, to.x, to.y)
            }),
        )
    }
}

fn object(object: &ObjectEdit) -> String {
    format!("{} (object {}) at {}, {}", shown(&object.name), object.object, object.at.x, object.at.y)
}

fn more_or_fewer<K: Display>(items: &BTreeMap<K, i64>) -> impl Iterator<Item = String> {
    items.iter().map(|(kind, count)| format!("{count:+} {}", shown(&kind.to_string())))
}

fn list(f: &mut fmt::Formatter<'_>, what: &str, count: usize, entries: impl Iterator<Item = String>) -> fmt::Result {
    let mut line = format!("{what}: {count}");
    for entry in entries.take(NAMED_MAX) {
        write!(line, "\n  {entry}")?;
    }
    if count > NAMED_MAX {
        write!(line, "\n  and {} more", count - NAMED_MAX)?;
    }
    writeln!(f, "{line}")
}
