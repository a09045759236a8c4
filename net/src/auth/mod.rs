//! Sign-in: from the `Authorization` header of a request to a [`User`], or a refusal (FR-001,
//! NFR-006).
//!
//! Access tokens are JWTs of one external OIDC provider and, when asked for, of the development
//! issuer. A token passes through `bearer` (shape), `keyring` (the issuer's keys), `keys`
//! (signature), `kind` (an access token and nothing else) and `claims` (issuer, audience, times,
//! subject), in that order. Tokens and subjects never reach a log or an error: reasons are fixed
//! strings, and a user is known by a hash from here on. Sessions, tickets and reconnect tokens are
//! not made here. `address_limit` is the per-address limit that stands before all of it.

mod address_limit;
mod bearer;
mod claims;
mod clock;
mod dev_issuer;
mod error;
mod former;
mod keyring;
mod keys;
mod kind;
mod limits;
mod player_client;
mod provider;
mod sign_in;
#[cfg(feature = "testing")]
pub mod testing;
mod user;
mod watch;

use std::future::Future;
use std::path::PathBuf;
use std::sync::Arc;

use arc_swap::ArcSwapOption;
use rustls::ClientConfig;
use tilemud_persist::Authorities;
use tilemud_persist::diagnostic::in_one_line;
use tilemud_persist::store::{CharacterProfile, StoreError};
use tilemud_schema::UserId;

pub use address_limit::{AddressLimitConfig, AddressLimiter};
pub use clock::{AuthClock, SystemClock};
pub use dev_issuer::{DEV_AUDIENCE, DEV_ISSUER, DEV_TOKEN_TTL_S, DevIssuer};
pub use error::{AuthError, AuthSetupError};
pub use keyring::ProviderKeys;
pub use limits::{CLOCK_LEEWAY_S, KEYS_AGE_MAX, REFRESH_INTERVAL, TOKEN_BYTES_MAX};
pub use player_client::PlayerClient;
pub use user::User;
pub use watch::watch_keys;

use bearer::UnverifiedToken;
use former::Former;
use keyring::Keyring;
use keys::KeySet;
use provider::{Discovery, Endpoints, FetchError, KeyFile, KeySource};

/// Whose tokens are accepted. At least one issuer must be set.
#[derive(Debug, Default)]
pub struct AuthConfig {
    pub oidc: Option<OidcConfig>,
    /// The development issuer, when it was asked for.
    pub dev_issuer: Option<DevIssuer>,
}

/// An external OIDC provider.
#[derive(Debug, Clone)]
pub struct OidcConfig {
    /// Exactly as in `iss` and in the provider's discovery document.
    pub issuer: String,
    /// What `aud` must name.
    pub audience: String,
    /// Keys from this file instead of from discovery.
    pub jwks_file: Option<PathBuf>,
}

/// Why the provider did not give its keys.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct ProviderAway(FetchError);

impl ProviderAway {
    /// Whether waiting may help. It does not when the setting and the provider name different
    /// issuers.
    #[must_use]
    pub const fn may_mend(&self) -> bool {
        !matches!(self.0, FetchError::OtherIssuer { .. })
    }
}

/// Checks access tokens; cheap to clone.
#[derive(Clone)]
pub struct Authenticator {
    inner: Arc<Inner>,
    player_client: Option<Arc<PlayerClient>>,
    former: Arc<Former>,
}

struct Inner {
    provider: Option<Provider>,
    dev: Option<(DevIssuer, Arc<KeySet>)>,
    clock: Arc<dyn AuthClock>,
}

struct Provider {
    issuer: String,
    audience: String,
    ring: Arc<Keyring>,
    endpoints: Arc<ArcSwapOption<Endpoints>>,
}

impl std::fmt::Debug for Authenticator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Authenticator")
            .field("issuer", &self.inner.provider.as_ref().map(|provider| &provider.issuer))
            .field("dev_issuer", &self.inner.dev.is_some())
            .finish()
    }
}

impl Authenticator {
    /// Sets sign-in up. Reaches no network: a provider that is down does not keep the server from
    /// starting.
    ///
    /// # Errors
    /// When the configuration cannot work: no issuer, an address we would not fetch from, a bad key
    /// file.
    pub fn new(config: AuthConfig) -> Result<Self, AuthSetupError> {
        Self::with_clock(config, Arc::new(SystemClock::default()))
    }

    /// [`Self::new`] with the time under the caller's control.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn with_clock(config: AuthConfig, clock: Arc<dyn AuthClock>) -> Result<Self, AuthSetupError> {
        let client = Authorities::of_the_system().client_config().map_err(AuthSetupError::Tls)?;
        Self::over_with_clock(config, client, clock)
    }

    /// [`Self::new`], with the TLS configuration towards the provider.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn over(config: AuthConfig, client: ClientConfig) -> Result<Self, AuthSetupError> {
        Self::over_with_clock(config, client, Arc::new(SystemClock::default()))
    }

    fn over_with_clock(
        config: AuthConfig,
        client: ClientConfig,
        clock: Arc<dyn AuthClock>,
    ) -> Result<Self, AuthSetupError> {
        if config.oidc.is_none() && config.dev_issuer.is_none() {
            return Err(AuthSetupError::NoIssuer);
        }
        let provider = config.oidc.map(|oidc| Provider::new(oidc, client, &clock)).transpose()?;
        let dev = config.dev_issuer.map(|dev| {
            let keys = Arc::new(dev.keys());
            (dev, keys)
        });
        Ok(Self { inner: Arc::new(Inner { provider, dev, clock }), player_client: None, former: Arc::default() })
    }

    /// The user of the raw value of an `Authorization` header.
    ///
    /// # Errors
    /// [`AuthError`], with a code for the wire and a reason for the log.
    ///
    /// # Cancel safety
    /// Cancel safe; a fetch of keys that this started goes on for the others.
    pub async fn verify(&self, bearer: Option<&str>) -> Result<User, AuthError> {
        let token = UnverifiedToken::from_header(bearer)?;
        // The issuer named in the token only selects whose keys must have signed it; it must be
        // exactly one of ours.
        let audience = match (&self.inner.provider, &self.inner.dev) {
            (_, Some((_, keys))) if token.claims.iss == DEV_ISSUER => {
                token.check_signature(keys)?;
                DEV_AUDIENCE
            }
            // One that was issued before the provider moved is signed by the same provider.
            (Some(provider), _)
                if token.claims.iss == provider.issuer || self.former.issuers.contains(&token.claims.iss) =>
            {
                if let Err(error) = provider.check_signature(&token).await {
                    if matches!(error, AuthError::NoKeys(_)) {
                        // Nobody who comes with what could never be good is told to try again.
                        token.kind?;
                        token.claims.check(&provider.audience, self.inner.clock.unix_s())?;
                    }
                    return Err(error);
                }
                provider.audience.as_str()
            }
            (Some(provider), _) if same_but_for_a_slash(&token.claims.iss, &provider.issuer) => {
                return Err(AuthError::Invalid(
                    "another issuer: it differs from --oidc-issuer only by the slash at its end",
                ));
            }
            _ => return Err(AuthError::Invalid("another issuer")),
        };
        token.kind?;
        token.claims.check(audience, self.inner.clock.unix_s())?;
        let (issuer, former) = match &self.inner.provider {
            Some(provider) if token.claims.iss != DEV_ISSUER => (&provider.issuer, self.former.issuers.as_slice()),
            _ => (&token.claims.iss, [].as_slice()),
        };
        let former_ids = former.iter().map(|issuer| token.claims.user_id(issuer)).collect();
        Ok(User { user_id: token.claims.user_id(issuer), former_ids })
    }

    /// Treats the provider's users as those of these former issuers too.
    ///
    /// # Errors
    /// When one of them is no issuer, or the present one.
    pub fn with_former_issuers(self, issuers: Vec<String>) -> Result<Self, AuthSetupError> {
        let today = self.inner.provider.as_ref().map(|provider| provider.issuer.as_str());
        for issuer in &issuers {
            let reason = if today.is_none() {
                "a former issuer means nothing without one of today: set --oidc-issuer"
            } else if issuer.is_empty() || issuer == DEV_ISSUER {
                "it is empty or the development issuer's"
            } else if today == Some(issuer) {
                "it is the issuer of today; an alias is what the provider was known as before"
            } else {
                continue;
            };
            return Err(AuthSetupError::Issuer { issuer: issuer.clone(), reason });
        }
        Ok(Self { former: Arc::new(Former::new(issuers)), ..self })
    }

    /// The user under the id that has a character, where the provider has moved. `find` looks up a
    /// user's character.
    ///
    /// # Errors
    /// As `find`.
    ///
    /// # Cancel safety
    /// Cancel safe.
    pub async fn settled<F>(&self, user: User, find: impl Fn(UserId) -> F) -> Result<User, StoreError>
    where
        F: Future<Output = Result<Option<CharacterProfile>, StoreError>>,
    {
        self.former.settle(user, find).await
    }

    /// Fetches the provider's keys ahead of the first sign-in; failing is not an error.
    pub async fn warm_up(&self) {
        if let Some(provider) = &self.inner.provider {
            provider.ring.refreshed().await;
        }
    }

    /// Fetches the provider's keys now, without regard to the interval. Does nothing without a
    /// provider.
    ///
    /// # Errors
    /// Why it did not give them.
    pub async fn fetch_keys(&self) -> Result<(), ProviderAway> {
        match &self.inner.provider {
            Some(provider) => provider.ring.fetch_now().await.map_err(ProviderAway),
            None => Ok(()),
        }
    }

    /// Whether an external provider is set.
    #[must_use]
    pub fn has_provider(&self) -> bool {
        self.inner.provider.is_some()
    }

    /// Starts a fetch of the provider's keys if the last one failed and a retry is due. Returns the
    /// state of the keys, `None` without a provider. To be called inside a runtime.
    #[must_use]
    pub fn look_after_keys(&self) -> Option<ProviderKeys> {
        let provider = self.inner.provider.as_ref()?;
        provider.ring.look_after();
        Some(provider.ring.state())
    }

    /// The development issuer, when it is on.
    #[must_use]
    pub fn dev_issuer(&self) -> Option<&DevIssuer> {
        self.inner.dev.as_ref().map(|(dev, _)| dev)
    }
}

impl Provider {
    fn new(oidc: OidcConfig, client: ClientConfig, clock: &Arc<dyn AuthClock>) -> Result<Self, AuthSetupError> {
        let OidcConfig { issuer, audience, jwks_file } = oidc;
        if audience.is_empty() {
            return Err(AuthSetupError::NoAudience);
        }
        if issuer.is_empty() || issuer == DEV_ISSUER {
            let reason = "it is empty or the development issuer's";
            return Err(AuthSetupError::Issuer { issuer, reason });
        }
        let mut endpoints = Arc::default();
        let (source, keys) = match jwks_file {
            Some(path) => {
                let file = KeyFile::new(path.clone());
                let keys =
                    file.fetch().map_err(|error| AuthSetupError::KeyFile { path, reason: in_one_line(&error) })?;
                (KeySource::File(file), keys)
            }
            None => {
                let discovery = Discovery::new(&issuer, client)?;
                endpoints = discovery.endpoints();
                (KeySource::Discovery(Box::new(discovery)), None)
            }
        };
        Ok(Self { issuer, audience, endpoints, ring: Arc::new(Keyring::new(source, keys, Arc::clone(clock))) })
    }

    async fn check_signature(&self, token: &UnverifiedToken) -> Result<(), AuthError> {
        let key_id = token.key_id.as_deref();
        let keys = self.ring.keys_for(key_id).await;
        let checked = token.check_signature(&keys);
        if checked.is_ok() {
            return checked;
        }
        // A key that is not at hand while the provider cannot be asked: nothing is known against
        // the token.
        if let ProviderKeys::None { reason } | ProviderKeys::Old { reason } = self.ring.state()
            && !keys.knows(key_id)
        {
            return Err(AuthError::NoKeys(reason));
        }
        // A key replaced under its id, or one without an id, cannot be told from a forged
        // signature.
        self.ring.refreshed().await;
        let newer = self.ring.keys();
        // To look twice at the same keys would double what a forged token costs.
        if Arc::ptr_eq(&keys, &newer) { checked } else { token.check_signature(&newer) }
    }
}

/// Whether two issuers differ only in a slash at the end.
fn same_but_for_a_slash(one: &str, other: &str) -> bool {
    one != other && one.trim_end_matches('/') == other.trim_end_matches('/')
}
