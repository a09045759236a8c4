//! The rate limits of one player. They belong to the user, so a new connection or session finds the
//! buckets as they were left.
//!
//! The table forgets a user when all buckets are full again and unused, so that being forgotten
//! gains nothing. It is bounded; while it is full, users who are not in it share one allowance,
//! which slows only them.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use tilemud_names::folded;
use tilemud_schema::{ChatChannel, Intent, PerClass, UserId};
use tokio::time::Instant;

use crate::bucket::Bucket;
use crate::limits::{ALLOWANCES_MAX, LISTENERS_MAX, PINGS_PER_SECOND_MAX, USER_CALLS_BURST_S, WHISPER_BURST_S};
use crate::settings::WorldSettings;

/// Number of users at which those with full buckets are first looked for.
const SWEEP_FROM: usize = 1_024;

/// Time between two sweeps of a full table.
const SWEEP_INTERVAL: Duration = Duration::from_secs(1);

/// How much of everything there is for a user.
#[derive(Debug, Clone, Copy)]
struct Rates {
    intents: PerClass<u32>,
    whispers: u32,
    messages: u32,
    calls: u32,
}

/// The buckets of one user.
#[derive(Debug)]
pub(crate) struct Allowance {
    rates: Rates,
    buckets: Mutex<Buckets>,
}

#[derive(Debug)]
struct Buckets {
    intents: PerClass<Bucket>,
    /// Messages of all kinds: intents, repeats and gaps among them, heartbeats, resyncs, and what
    /// cannot be read.
    messages: Bucket,
    pings: Bucket,
    /// HTTP calls with the user's token.
    calls: Bucket,
    /// By folded name of the listener. Full buckets are forgotten when another one is needed.
    whispers: HashMap<String, Bucket>,
}

/// A refusal: which limit, and how long to wait.
pub(crate) type TooSoon = (&'static str, Duration);

impl Allowance {
    fn new(rates: Rates, now: Instant) -> Self {
        let buckets = Buckets {
            intents: PerClass::of(|class| Bucket::new(rates.intents[class], now)),
            messages: Bucket::new(rates.messages, now),
            pings: Bucket::new(PINGS_PER_SECOND_MAX, now),
            calls: Bucket::with_burst(rates.calls, rates.calls.saturating_mul(USER_CALLS_BURST_S), now),
            whispers: HashMap::new(),
        };
        Self { rates, buckets: Mutex::new(buckets) }
    }

    /// Counts an intent.
    ///
    /// # Errors
    /// When it is too soon for it.
    pub(crate) fn intent(&self, intent: &Intent, now: Instant) -> Result<(), TooSoon> {
        let mut buckets = self.buckets.lock();
        let class = intent.class();
        buckets.intents[class].take(now).map_err(|wait| (class.limit().name, wait))?;
        match intent {
            Intent::Chat { channel: ChatChannel::Whisper, to: Some(to), .. } => {
                let whisper = buckets.whisper(folded(to), self.rates.whispers, now);
                whisper.map_err(|wait| ("whisper", wait))
            }
            _ => Ok(()),
        }
    }

    /// Counts a message of any kind.
    ///
    /// # Errors
    /// How long to read nothing more.
    pub(crate) fn message(&self, now: Instant) -> Result<(), Duration> {
        self.buckets.lock().messages.take(now)
    }

    /// Counts a WebSocket ping.
    ///
    /// # Errors
    /// When there were too many.
    pub(crate) fn ping(&self, now: Instant) -> Result<(), Duration> {
        self.buckets.lock().pings.take(now)
    }

    /// Counts an HTTP call.
    ///
    /// # Errors
    /// When it is too soon for it.
    pub(crate) fn call(&self, now: Instant) -> Result<(), TooSoon> {
        self.buckets.lock().calls.take(now).map_err(|wait| ("user", wait))
    }

    fn is_full(&self, now: Instant) -> bool {
        let Buckets { intents, messages, pings, calls, whispers } = &mut *self.buckets.lock();
        intents.values_mut().chain([messages, pings, calls]).chain(whispers.values_mut()).all(|it| it.is_full(now))
    }
}

impl Buckets {
    fn whisper(&mut self, to: String, per_s: u32, now: Instant) -> Result<(), Duration> {
        if self.whispers.len() >= LISTENERS_MAX && !self.whispers.contains_key(&to) {
            self.whispers.retain(|_, bucket| !bucket.is_full(now));
            if self.whispers.len() >= LISTENERS_MAX {
                // So many cannot be talked with; one of them is full again before long.
                return Err(Duration::from_secs(1));
            }
        }
        let burst = per_s.saturating_mul(WHISPER_BURST_S);
        self.whispers.entry(to).or_insert_with(|| Bucket::with_burst(per_s, burst, now)).take(now)
    }
}

/// The allowances of all users.
#[derive(Debug)]
pub(crate) struct Allowances {
    rates: Rates,
    table: Mutex<Table>,
    users_max: usize,
}

#[derive(Debug)]
struct Table {
    users: HashMap<UserId, Arc<Allowance>>,
    sweep_at: usize,
    swept: Instant,
    overflow: Arc<Allowance>,
}

impl Allowances {
    pub(crate) fn new(settings: &WorldSettings) -> Self {
        let rates = Rates {
            intents: settings.intents_per_s,
            whispers: settings.whisper_per_s,
            messages: settings.inbound_per_s(),
            calls: settings.user_call_per_s,
        };
        Self::with_users_max(rates, ALLOWANCES_MAX)
    }

    fn with_users_max(rates: Rates, users_max: usize) -> Self {
        let now = Instant::now();
        let overflow = Arc::new(Allowance::new(rates, now));
        let table = Table { users: HashMap::new(), sweep_at: SWEEP_FROM.min(users_max), swept: now, overflow };
        Self { rates, table: Mutex::new(table), users_max }
    }

    /// The allowance of a user.
    pub(crate) fn of(&self, user_id: &UserId, now: Instant) -> Arc<Allowance> {
        let mut table = self.table.lock();
        if let Some(known) = table.users.get(user_id) {
            return Arc::clone(known);
        }
        table.make_room(self.users_max, now);
        if table.users.len() >= self.users_max {
            return Arc::clone(&table.overflow);
        }
        let allowance = Arc::new(Allowance::new(self.rates, now));
        table.users.insert(user_id.clone(), Arc::clone(&allowance));
        allowance
    }
}

impl Table {
    /// Forgets users whose buckets are full again, now and then.
    fn make_room(&mut self, users_max: usize, now: Instant) {
        let is_full = self.users.len() >= users_max;
        if self.users.len() < self.sweep_at || is_full && now.saturating_duration_since(self.swept) < SWEEP_INTERVAL {
            return;
        }
        self.swept = now;
        self.users.retain(|_, allowance| Arc::strong_count(allowance) > 1 || !allowance.is_full(now));
        self.sweep_at = (2 * self.users.len()).clamp(SWEEP_FROM, users_max.max(SWEEP_FROM)).min(users_max);
    }
}

#[cfg(test)]
mod tests;
