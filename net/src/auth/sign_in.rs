//! What a client needs to sign players in, and which origin its page must be allowed to connect to
//! for that.
//!
//! The endpoints are those of the discovery document, kept by `provider.rs` from the same fetch as
//! the keys; nothing is fetched here but through the keyring, so never more often than it allows.

use std::sync::Arc;

use hyper::Uri;
use tilemud_schema::sign_in::{ProviderSignIn, SignInOptions};

use super::player_client::PlayerClient;
use super::{Authenticator, provider};

impl Authenticator {
    /// Offers players the sign-in at the provider. Means nothing without a provider whose discovery
    /// document is read.
    #[must_use]
    pub fn with_player_client(self, client: Option<PlayerClient>) -> Self {
        Self { player_client: client.map(Arc::new), ..self }
    }

    /// How players can sign in now. Asks a provider that has not been reached yet, if it is time
    /// to.
    ///
    /// # Cancel safety
    /// Cancel safe, as [`Authenticator::verify`] is.
    pub async fn sign_in_options(&self) -> SignInOptions {
        let development = self.dev_issuer().is_some();
        let (Some(at), Some(client)) = (&self.inner.provider, &self.player_client) else {
            return SignInOptions { development, ..SignInOptions::default() };
        };
        if at.endpoints.load().is_none() {
            at.ring.refreshed().await;
        }
        let provider = at.endpoints.load().as_ref().map(|endpoints| ProviderSignIn {
            issuer: at.issuer.clone(),
            authorization_endpoint: endpoints.authorization.clone(),
            token_endpoint: endpoints.token.clone(),
            client_id: client.client_id.clone(),
            scope: client.scope.clone(),
            resource: client.resource.clone(),
        });
        SignInOptions { development, provider_unavailable: provider.is_none(), provider }
    }

    /// The origin of the token endpoint, which the page exchanges its code at; `None` while players
    /// do not sign in there.
    #[must_use]
    pub fn token_origin(&self) -> Option<String> {
        self.player_client.as_ref()?;
        let endpoints = self.inner.provider.as_ref()?.endpoints.load_full()?;
        provider::origin(&endpoints.token.parse::<Uri>().ok()?)
    }
}
