//! Watches the keys of the identity provider and reports to the health whether there are any.

use std::sync::Arc;
use std::time::Duration;

use tilemud_schema::rest::DependencyStatus;
use tilemud_vitals::health::Provider;
use tokio::time::{Instant, MissedTickBehavior};
use tokio_util::sync::CancellationToken;

use super::{Authenticator, ProviderKeys};

/// How often it is looked whether there are keys.
const IDENTITY_POLL: Duration = Duration::from_secs(1);

/// Watches the keys of the identity provider until shutdown, and fetches them while there are none:
/// without keys there is no sign-in that would start a fetch.
pub async fn watch_keys(auth: Authenticator, provider: Arc<Provider>, stop: CancellationToken) {
    let mut interval = tokio::time::interval(IDENTITY_POLL);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = interval.tick() => {}
            () = stop.cancelled() => return,
        }
        let Some(keys) = auth.look_after_keys() else { return };
        let now = Instant::now();
        // Where others can still sign in, play goes on.
        let without = match auth.dev_issuer() {
            Some(_) => DependencyStatus::Degraded,
            None => DependencyStatus::Unavailable,
        };
        match keys {
            ProviderKeys::Current => provider.note(|track| track.works(now, Duration::ZERO)),
            ProviderKeys::Old { reason } => provider.note(|track| {
                track.fails(now, DependencyStatus::Degraded, format!("{reason}; the keys at hand are used on").into())
            }),
            ProviderKeys::None { reason } => {
                provider
                    .note(|track| track.fails(now, without, format!("{reason}; nobody can sign in with it").into()));
            }
        }
    }
}
