//! How players get an access token. The token itself is the provider's, or the development issuer's.

use hyper::StatusCode;

use super::reply::{self, Reply};
use crate::edge::Edge;

/// GET /api/sign-in
pub(super) async fn options(edge: &Edge) -> Reply {
    reply::json(StatusCode::OK, &edge.auth.sign_in_options().await)
}
