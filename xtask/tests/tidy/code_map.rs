//! The code map, held against the sources: within a crate no module imports itself by way of
//! others, and between crates only what the table in docs/architecture.md allows is used.

use std::collections::{BTreeMap, BTreeSet};

use super::circles::{Edges, circles, rooms};
use super::modules::{Modules, Path, Target};
use super::{assert_none, tree};

/// Where the table is.
const MAP: &str = "docs/architecture.md";

/// Parts of a crate, each of which knows only those before it.
const ORDERED: &[(&str, &[&str])] = &[
    ("sim", &["api", "world", "intake", "rules", "views", "history", "schedule"]),
    ("server", &["config", "failure", "logging", "engine", "process"]),
];

/// A crate's row of the map.
#[derive(Debug, PartialEq, Eq)]
struct Row {
    folder: String,
    /// Folders of the crates it may use, with the one module it may use of them where it is not
    /// all.
    allowed: BTreeMap<String, Option<String>>,
}

/// The rows of the table of crates: folder, what it owns, what it depends on.
fn rows(text: &str) -> Vec<Row> {
    let table = text.split("## Code map").nth(1).unwrap_or_default().split("\n## ").next().unwrap_or_default();
    let mut rows: Vec<Row> = Vec::new();
    for line in table.lines().filter(|line| line.starts_with("| [")) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [name, _, depends] = cells[..] else { continue };
        let folder = name.split(['[', ']']).nth(1).unwrap_or_default().to_owned();
        let allowed = match depends {
            "nothing of ours" | "" => BTreeMap::new(),
            "all of the above" => rows.iter().map(|row| (row.folder.clone(), None)).collect(),
            listed => listed.split(", ").map(|part| dependency(part, &rows)).collect(),
        };
        rows.push(Row { folder, allowed });
    }
    rows
}

/// `sim (its `api` only)` or `sim`; a crate in a folder of another one goes by its own name.
fn dependency(part: &str, rows: &[Row]) -> (String, Option<String>) {
    let (name, rest) = part.split_once(' ').unwrap_or((part, ""));
    let full = rows.iter().map(|row| &row.folder).find(|folder| folder.rsplit('/').next() == Some(name));
    let module = rest.strip_prefix("(its `").and_then(|rest| rest.strip_suffix("` only)"));
    (full.map_or_else(|| name.to_owned(), Clone::clone), module.map(str::to_owned))
}

/// The crate that is called so in the code: `tilemud_names` is in schema/names.
fn folder_of(name: &str, rows: &[Row]) -> Option<String> {
    let short = name.strip_prefix("tilemud_")?;
    rows.iter().map(|row| row.folder.clone()).find(|folder| folder.rsplit('/').next() == Some(short))
}

/// Imports of other crates of ours that the crate's row does not allow.
fn beyond(row: &Row, imports: &BTreeSet<(Path, Target)>, rows: &[Row]) -> BTreeSet<String> {
    let mut complaints = BTreeSet::new();
    for (_, target) in imports {
        let Target::Elsewhere(path) = target else { continue };
        let Some(folder) = path.first().and_then(|name| folder_of(name, rows)) else { continue };
        let is_allowed = match row.allowed.get(&folder) {
            None => folder == row.folder,
            Some(None) => true,
            Some(Some(module)) => path.get(1) == Some(module),
        };
        if !is_allowed {
            complaints.insert(format!("{}: {}", row.folder, path.join("::")));
        }
    }
    complaints
}

/// Circles of files, and circles of folders in which no file is in one.
fn in_circles(folder: &str, edges: &Edges) -> Vec<String> {
    let shown = |path: &Path| if path.is_empty() { "crate".to_owned() } else { path.join("::") };
    let mut complaints = Vec::new();
    for circle in circles(edges).into_iter().chain(rooms(edges).into_values().flatten()) {
        let way: Vec<String> = circle.shortest.iter().map(shown).collect();
        let more = circle.members.len().saturating_sub(way.len() - 1);
        complaints.push(format!("{folder}: {} import each other, and {more} more modules", way.join(" -> ")));
    }
    complaints
}

/// Imports from a part to one that comes after it.
fn upward(folder: &str, parts: &[&str], edges: &Edges) -> Vec<String> {
    let place = |path: &Path| parts.iter().position(|part| path.first().is_some_and(|first| first == part));
    let mut complaints = Vec::new();
    for (from, tos) in edges {
        for to in tos {
            if let (Some(below), Some(above)) = (place(from), place(to))
                && below < above
            {
                complaints.push(format!(
                    "{folder}: {} imports {}, which comes after it",
                    from.join("::"),
                    to.join("::")
                ));
            }
        }
    }
    complaints
}

fn modules_of(folder: &str) -> Modules {
    let read = |path: &str| std::fs::read_to_string(tree::root().join(path)).ok();
    let root = format!("{folder}/src/lib.rs");
    let root = if read(&root).is_some() { root } else { format!("{folder}/src/main.rs") };
    Modules::read(&root, &read)
}

fn rows_of_the_map() -> Vec<Row> {
    let rows = rows(&std::fs::read_to_string(tree::root().join(MAP)).expect("the map can be read"));
    assert!(rows.len() >= 9, "the table of crates is not found in {MAP}: {rows:?}");
    rows
}

fn has_sources(row: &Row) -> bool {
    tree::root().join(&row.folder).join("src").exists()
}

#[test]
fn no_modules_import_each_other_in_a_circle() {
    let mut complaints = Vec::new();
    for row in rows_of_the_map().iter().filter(|row| has_sources(row)) {
        complaints.extend(in_circles(&row.folder, &modules_of(&row.folder).edges()));
    }
    assert_none(&complaints);
}

#[test]
fn parts_of_a_crate_know_only_those_before_them() {
    let complaints = ORDERED.iter().flat_map(|(folder, parts)| upward(folder, parts, &modules_of(folder).edges()));
    assert_none(&complaints.collect::<Vec<_>>());
}

#[test]
fn crates_use_of_each_other_what_the_map_allows() {
    let rows = rows_of_the_map();
    let mut complaints = BTreeSet::new();
    for row in rows.iter().filter(|row| has_sources(row)) {
        complaints.extend(beyond(row, &modules_of(&row.folder).imports(), &rows));
    }
    assert_none(&complaints.into_iter().collect::<Vec<_>>());
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A crate of made-up files below `a/src`.
    fn made_up(files: &[(&str, &str)]) -> Modules {
        let read = |path: &str| {
            let path = path.strip_prefix("a/src/")?;
            files.iter().find(|(name, _)| *name == path).map(|(_, text)| (*text).to_owned())
        };
        Modules::read("a/src/lib.rs", &read)
    }

    fn told(files: &[(&str, &str)]) -> String {
        in_circles("a", &made_up(files).edges()).join("; ")
    }

    #[test]
    fn a_circle_is_named_by_its_shortest_way() {
        let found = told(&[
            ("lib.rs", "mod one; mod three; mod two;"),
            ("one.rs", "use crate::two::Two;"),
            ("two.rs", "fn two() -> u8 { crate::three::count() }"),
            ("three.rs", "use {super::one::{self, One}, std::fmt}; pub fn count() -> u8 { 3 }"),
        ]);
        assert!(found.starts_with("a: one -> two -> three -> one import each other, and 0 more modules"), "{found}");
    }

    #[test]
    fn a_child_and_its_parent_are_a_circle_when_each_uses_what_the_other_says() {
        let parent = "mod child; pub struct Parent(child::Child);";
        let files = |child| [("lib.rs", "mod one;"), ("one/mod.rs", parent), ("one/child.rs", child)];
        assert_eq!(told(&files("pub struct Child;")), "");
        assert!(told(&files("use super::Parent; pub struct Child;")).contains("one -> one::child -> one"));
    }

    #[test]
    fn a_name_is_followed_to_where_it_is_said() {
        // The parent shows what its children say and uses none of it.
        let facade = "mod left; mod right; pub use left::Left; pub use right::Right;";
        let files = |right| {
            [
                ("lib.rs", "mod one;"),
                ("one/mod.rs", facade),
                ("one/left.rs", "pub struct Left;"),
                ("one/right.rs", right),
            ]
        };
        assert_eq!(told(&files("use super::Left; pub struct Right(Left);")), "");
        let files = [
            ("lib.rs", "mod one; mod two;"),
            ("one.rs", "use crate::two::Shown;"),
            ("two/mod.rs", "mod inner; pub use inner::Hidden as Shown;"),
            ("two/inner.rs", "pub struct Hidden(crate::one::One);"),
        ];
        assert!(told(&files).contains("one -> two::inner -> one"), "{}", told(&files));
    }

    #[test]
    fn folders_are_in_a_circle_though_none_of_their_files_is() {
        let found = told(&[
            ("lib.rs", "mod down; mod up;"),
            ("down/mod.rs", "mod floor; mod stairs;"),
            ("down/floor.rs", "pub struct Floor;"),
            ("down/stairs.rs", "use crate::up::roof::Roof;"),
            ("up/mod.rs", "pub mod roof;"),
            ("up/roof.rs", "pub struct Roof(crate::down::floor::Floor);"),
        ]);
        assert!(found.contains("down -> up -> down"), "{found}");
    }

    #[test]
    fn an_upward_import_is_told() {
        let files =
            [("lib.rs", "mod low; mod high;"), ("low.rs", "use crate::high::High;"), ("high.rs", "pub struct High;")];
        let edges = made_up(&files).edges();
        assert_eq!(upward("a", &["low", "high"], &edges), ["a: low imports high, which comes after it"]);
        assert_eq!(upward("a", &["high", "low"], &edges), Vec::<String>::new());
    }

    #[test]
    fn what_tests_import_does_not_count() {
        let tests =
            "pub struct One; #[cfg(test)] mod tests { use crate::two::Two; } #[cfg(test)] use crate::two::Three;";
        let files =
            [("lib.rs", "mod one; mod two;"), ("one.rs", tests), ("two.rs", "use crate::one::One; // crate::one")];
        assert_eq!(told(&files), "");
    }

    #[test]
    fn an_import_beyond_the_map_is_told() {
        let map = "# x\n## Code map\n\n| folder | owns | depends on |\n|---|---|---|\n| [low](l) | types | nothing of ours |\n\
                   | [low/b](l) | more | low |\n| [mid](l) | rules | low, b |\n| [a](l) | doors | b, mid (its `api` only) |\n\
                   | [top](l) | all | all of the above |\n\n## Threads\n| [x](l) | y | z |\n";
        let rows = rows(map);
        assert_eq!(rows.iter().map(|row| &*row.folder).collect::<Vec<_>>(), ["low", "low/b", "mid", "a", "top"]);
        assert_eq!(rows[4].allowed.len(), 4);
        let of =
            |text| beyond(&rows[3], &made_up(&[("lib.rs", text)]).imports(), &rows).into_iter().collect::<Vec<_>>();
        assert_eq!(
            of("use tilemud_b::B; use tilemud_mid::api::{self, Way}; use serde::Serialize;"),
            Vec::<String>::new()
        );
        assert_eq!(of("use tilemud_mid::{api, rules::Rule};"), ["a: tilemud_mid::rules::Rule"]);
        assert_eq!(of("fn up() { tilemud_top::run() }"), ["a: tilemud_top::run"]);
        assert_eq!(of("use tilemud_low::Low;"), ["a: tilemud_low::Low"]);
    }
}
