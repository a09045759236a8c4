//! Circles of a graph of modules, and of the rooms that folders are.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::modules::Path;

pub(super) type Edges = BTreeMap<Path, BTreeSet<Path>>;

/// Modules of which each imports each, by way of others.
pub(super) struct Circle {
    pub(super) members: BTreeSet<Path>,
    /// The shortest way around, the first module repeated at its end.
    pub(super) shortest: Vec<Path>,
}

/// Every circle, each module in one at most.
pub(super) fn circles(edges: &Edges) -> Vec<Circle> {
    let reach: BTreeMap<&Path, BTreeSet<&Path>> = edges.keys().map(|from| (from, reachable(edges, from))).collect();
    let mut seen = BTreeSet::new();
    let mut circles = Vec::new();
    for (from, reached) in &reach {
        if !reached.contains(from) || seen.contains(from) {
            continue;
        }
        let members: BTreeSet<Path> = reached
            .iter()
            .filter(|to| reach.get(*to).is_some_and(|back| back.contains(from)))
            .map(|path| (*path).clone())
            .collect();
        seen.extend(reached.iter().filter(|path| members.contains(**path)).copied());
        let ways = members.iter().filter_map(|member| way_around(edges, member));
        let shortest = ways.min_by_key(Vec::len).unwrap_or_default();
        circles.push(Circle { members, shortest });
    }
    circles
}

/// Circles between the children of one module, what is below a child counted as the child.
pub(super) fn rooms(edges: &Edges) -> BTreeMap<Path, Vec<Circle>> {
    let mut folded: BTreeMap<Path, Edges> = BTreeMap::new();
    for (from, tos) in edges {
        for to in tos {
            let shared = from.iter().zip(to).take_while(|(one, other)| one == other).count();
            if from.len() > shared && to.len() > shared {
                let room = |path: &Path| path[..=shared].to_vec();
                let inner = folded.entry(from[..shared].to_vec()).or_default();
                inner.entry(room(from)).or_default().insert(room(to));
            }
        }
    }
    folded.into_iter().map(|(parent, edges)| (parent, circles(&edges))).filter(|(_, found)| !found.is_empty()).collect()
}

fn reachable<'a>(edges: &'a Edges, from: &Path) -> BTreeSet<&'a Path> {
    let mut reached = BTreeSet::new();
    let mut waiting: Vec<&Path> = edges.get(from).into_iter().flatten().collect();
    while let Some(path) = waiting.pop() {
        if reached.insert(path) {
            waiting.extend(edges.get(path).into_iter().flatten());
        }
    }
    reached
}

fn way_around(edges: &Edges, start: &Path) -> Option<Vec<Path>> {
    let mut waiting = VecDeque::from([vec![start.clone()]]);
    let mut seen = BTreeSet::new();
    while let Some(way) = waiting.pop_front() {
        for to in edges.get(way.last()?).into_iter().flatten() {
            let longer = [way.as_slice(), std::slice::from_ref(to)].concat();
            if to == start {
                return Some(longer);
            }
            if seen.insert(to) {
                waiting.push_back(longer);
            }
        }
    }
    None
}
