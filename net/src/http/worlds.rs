//! The list of the worlds, and what is told of one.

use hyper::StatusCode;
use tilemud_schema::rest::{WorldInfo, WorldList};

use super::reply::{self, Reply};
use crate::worlds::Worlds;

/// GET /api/worlds
pub(super) fn list(worlds: &Worlds) -> Reply {
    let worlds = worlds.all().iter().map(|world| world.listed()).collect();
    reply::json(StatusCode::OK, &WorldList { worlds })
}

/// GET /api/world/{id}; `None` when there is none of this id.
pub(super) fn one(worlds: &Worlds, segment: &str) -> Option<Reply> {
    let world = worlds.named(segment)?;
    let info = WorldInfo { listed: world.listed(), map: world.realm.map().summary.clone() };
    Some(reply::json(StatusCode::OK, &info))
}
