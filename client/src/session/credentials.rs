//! The credentials of the session: the issuer, tokens, a sign-in in progress.

use tilemud_schema::sign_in::ProviderSignIn;

use crate::http::Bearer;
use crate::sign_in::{Pending, flow};

/// Who vouches for the player.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Issuer {
    /// Nobody has signed in yet.
    #[default]
    Nobody,
    /// The server itself, by name, on a development server.
    Development,
    /// A provider.
    Provider(Box<ProviderSignIn>),
}

/// What the session holds of its issuer.
#[derive(Debug, Default)]
pub(super) struct Credentials {
    pub(super) issuer: Issuer,
    /// With the moment until which it is used.
    pub(super) token: Option<(Bearer, f64)>,
    /// It has not been refused yet; a new one that is refused is not fetched again.
    pub(super) token_is_new: bool,
    pub(super) refresh: Option<Bearer>,
    pub(super) silent: bool,
    /// The provider is asked without a form, because a token has expired during play.
    pub(super) renewing: bool,
    pub(super) pending: Option<Pending>,
    pub(super) no_browser: bool,
}

impl Credentials {
    pub(super) fn of(issuer: Issuer) -> Self {
        Self { issuer, ..Self::default() }
    }

    /// The access token, whatever its age.
    pub(super) fn bearer(&self) -> Option<Bearer> {
        self.token.as_ref().map(|(bearer, _)| bearer.clone())
    }

    /// The server does not take this token.
    pub(super) fn drop_token(&mut self) {
        self.token = None;
    }

    /// The player is gone; the next one signs in anew.
    pub(super) fn forget(&mut self) {
        *self = Self::of(std::mem::take(&mut self.issuer));
    }

    /// The sign-in under way is over.
    pub(super) fn give_up_visit(&mut self) {
        self.pending = None;
        self.no_browser = false;
    }

    /// Whether anyone has signed in at all.
    pub(super) fn has_issuer(&self) -> bool {
        self.issuer != Issuer::Nobody
    }

    pub(super) fn keep(&mut self, access: flow::Access, now_s: f64) {
        // Used up a little early, so that it does not expire on the way.
        self.token = Some((access.token, now_s + access.lifetime_s * 0.9));
        self.token_is_new = true;
        self.renewing = false;
        // Without a new one the old one stays good (RFC 6749, 6).
        self.refresh = access.refresh.or_else(|| self.refresh.take());
    }
}
