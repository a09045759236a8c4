//! GET /api/character/{id}: one's own character, nobody else's (FR-013).

use hyper::{HeaderMap, StatusCode};
use tilemud_schema::{CharacterId, ErrorCode};

use super::reply::{self, Reply};
use super::session::user;
use crate::auth::User;
use crate::edge::Edge;
use crate::error::ApiError;
use crate::proxy::Visitor;
use crate::session::{Realm, as_of_now, newest};
use crate::visitors::Class;

/// The whole profile for its owner. Anyone else's, and one that does not exist, look the same.
pub(super) async fn profile(
    edge: &Edge,
    realm: &Realm,
    visitor: &Visitor,
    id: &str,
    headers: &HeaderMap,
) -> Result<Reply, ApiError> {
    let user = user(edge, realm, visitor, Class::Call, headers).await?;
    asked_for(realm, id, &user).await.map_err(|error| error.of(&user.user_id))
}

async fn asked_for(realm: &Realm, id: &str, user: &User) -> Result<Reply, ApiError> {
    let id: uuid::Uuid = id.parse().map_err(|_| ApiError::field(ErrorCode::Malformed, "id", "a UUID is expected"))?;
    let character_id = CharacterId(id);
    if let Some(session) = realm.registry.find_user(&user.user_id)
        && session.identity.character_id == character_id
    {
        return Ok(reply::json(StatusCode::OK, &session.character()));
    }
    let load = || realm.profile(character_id);
    let (profile, live) = newest(realm, &user.user_id, load).await?;
    let profile = profile.filter(|profile| profile.user_id == user.user_id).ok_or(ErrorCode::Forbidden)?;
    Ok(reply::json(StatusCode::OK, &as_of_now(realm, &profile, live.as_deref())))
}
