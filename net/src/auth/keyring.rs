//! The keys we hold of one issuer, and when they are fetched again.
//!
//! A token that names an unknown key or does not verify starts a fetch. Keys that are too old are
//! fetched again before the next sign-in, so that a withdrawn key stops being valid. There is at
//! most one fetch at a time and one per [`REFRESH_INTERVAL`], whatever tokens arrive. When a fetch
//! fails, the present keys stay in use and the fetch is retried without a sign-in.

use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use parking_lot::Mutex;
use tokio::sync::watch;

use super::clock::AuthClock;
use super::keys::KeySet;
use super::limits::{KEYS_AGE_MAX, REFRESH_INTERVAL};
use super::provider::{FetchError, Fetched, KeySource};

/// Time between two attempts to get keys while there are none; nobody can sign in until then.
const RETRY_WITHOUT_KEYS: Duration = Duration::from_secs(2);

/// What there is to check tokens with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProviderKeys {
    /// Keys, as the last fetch found them.
    Current,
    /// Keys of an earlier fetch; the last one failed.
    Old {
        /// Why, in words safe for anybody.
        reason: &'static str,
    },
    /// No keys: nobody can sign in.
    None {
        /// Why, in words safe for anybody.
        reason: &'static str,
    },
}

/// Keys of one issuer, kept current.
pub(super) struct Keyring {
    keys: ArcSwap<KeySet>,
    source: KeySource,
    clock: Arc<dyn AuthClock>,
    refresh: Mutex<Refresh>,
}

#[derive(Default)]
struct Refresh {
    last_attempt: Option<Duration>,
    last_success: Option<Duration>,
    /// Why the latest completed fetch failed, if it did.
    failure: Option<&'static str>,
    /// How long the provider lets its keys be kept.
    lifetime: Option<Duration>,
    /// Closed when the running fetch has ended, with or without success.
    under_way: Option<watch::Receiver<()>>,
}

impl Keyring {
    /// Starts with `keys` (read at start-up from a file) or without any, to be fetched at the first
    /// sign-in.
    pub(super) fn new(source: KeySource, keys: Option<KeySet>, clock: Arc<dyn AuthClock>) -> Self {
        let last_success = keys.as_ref().map(|_| clock.monotonic());
        Self {
            keys: ArcSwap::from_pointee(keys.unwrap_or_default()),
            source,
            clock,
            refresh: Mutex::new(Refresh { last_success, ..Refresh::default() }),
        }
    }

    /// The keys to check a token that names `key_id` with, after a refresh when that may help.
    ///
    /// # Cancel safety
    /// Cancel safe: the fetch is its own task, so a caller that goes away neither stops it nor
    /// wastes the turn.
    pub(super) async fn keys_for(self: &Arc<Self>, key_id: Option<&str>) -> Arc<KeySet> {
        let keys = self.keys();
        if !keys.knows(key_id) {
            self.refreshed().await;
            return self.keys();
        }
        let (age, age_max) = self.age();
        if age >= age_max && !self.failed_last() {
            self.refreshed().await;
            return self.keys();
        }
        if age >= age_max / 2 {
            // Behind this sign-in, not before it.
            drop(self.start_refresh(REFRESH_INTERVAL));
        }
        keys
    }

    /// The keys at hand.
    pub(super) fn keys(&self) -> Arc<KeySet> {
        self.keys.load_full()
    }

    /// What is at hand.
    pub(super) fn state(&self) -> ProviderKeys {
        match (self.keys.load().len(), self.refresh.lock().failure) {
            (0, reason) => ProviderKeys::None { reason: reason.unwrap_or("the identity provider has no keys for us") },
            (_, Some(reason)) => ProviderKeys::Old { reason },
            (_, None) => ProviderKeys::Current,
        }
    }

    /// Starts a fetch if the last one failed and a retry is due.
    pub(super) fn look_after(self: &Arc<Self>) {
        let interval = match self.state() {
            ProviderKeys::Current => return,
            ProviderKeys::Old { .. } => REFRESH_INTERVAL,
            ProviderKeys::None { .. } => RETRY_WITHOUT_KEYS,
        };
        drop(self.start_refresh(interval));
    }

    /// Waits for a fetch to end: the one under way, or a new one if one is due.
    pub(super) async fn refreshed(self: &Arc<Self>) {
        if let Some(mut ended) = self.start_refresh(REFRESH_INTERVAL) {
            // Nothing is ever sent: this returns when the task drops its end.
            let _ = ended.changed().await;
        }
    }

    /// How old the keys are, and how old they may become.
    fn age(&self) -> (Duration, Duration) {
        let now = self.clock.monotonic();
        let refresh = self.refresh.lock();
        let age_max = refresh.lifetime.map_or(KEYS_AGE_MAX, |it| it.clamp(REFRESH_INTERVAL, KEYS_AGE_MAX));
        (refresh.last_success.map_or(Duration::MAX, |at| now.saturating_sub(at)), age_max)
    }

    /// Whether the latest fetch failed: then no sign-in waits for the next one.
    fn failed_last(&self) -> bool {
        self.refresh.lock().failure.is_some()
    }

    /// `None` when it is too soon for another fetch.
    fn start_refresh(self: &Arc<Self>, interval: Duration) -> Option<watch::Receiver<()>> {
        let mut refresh = self.refresh.lock();
        if let Some(running) = refresh.under_way.as_ref().filter(|running| running.has_changed().is_ok()) {
            return Some(running.clone());
        }
        let now = self.clock.monotonic();
        if refresh.last_attempt.is_some_and(|at| now.saturating_sub(at) < interval) {
            return None;
        }
        refresh.last_attempt = Some(now);
        let (ending, ended) = watch::channel(());
        refresh.under_way = Some(ended.clone());
        let ring = Arc::clone(self);
        tokio::spawn(async move {
            ring.fetch().await;
            drop(ending);
        });
        Some(ended)
    }

    /// Fetches without regard to the interval; for a start that waits for the provider.
    pub(super) async fn fetch_now(&self) -> Result<(), FetchError> {
        let mut lifetime = None;
        if let Some(Fetched { keys, lifetime: kept }) = self.source.fetch().await? {
            tracing::info!(keys = keys.len(), "sign-in keys refreshed");
            self.keys.store(Arc::new(keys));
            lifetime = kept;
        }
        let mut refresh = self.refresh.lock();
        (refresh.last_success, refresh.lifetime) = (Some(self.clock.monotonic()), lifetime);
        refresh.failure = None;
        Ok(())
    }

    async fn fetch(&self) {
        match self.fetch_now().await {
            Ok(()) => {}
            Err(error) => {
                let before = self.refresh.lock().failure.replace(error.reason());
                if before == Some(error.reason()) {
                    tracing::debug!(
                        error = &error as &dyn std::error::Error,
                        "sign-in keys could not be refreshed again"
                    );
                    return;
                }
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    keys_at_hand = self.keys.load().len(),
                    "sign-in keys could not be refreshed"
                );
            }
        }
    }
}
