//! How players get an access token. The token itself is the provider's, or the development
//! issuer's.

use hyper::StatusCode;

use super::reply::{self, Reply};
use crate::auth::Authenticator;

/// GET /api/sign-in
pub(super) async fn options(auth: &Authenticator) -> Reply {
    reply::json(StatusCode::OK, &auth.sign_in_options().await)
}
