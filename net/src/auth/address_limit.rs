//! The limit on sign-ins and connects per network address, before any of their work is done.
//!
//! A token bucket per address (IPv6: per /64, what one subscriber has). The number of buckets is
//! bounded: full buckets are forgotten, and when there is still no room, addresses not yet known
//! share one bucket, so that a flood from many addresses slows newcomers but neither grows memory
//! nor locks out those already known. Addresses never leave this module.

use std::collections::HashMap;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use governor::clock::{Clock, DefaultClock, Reference as _};
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::keyed::{HashMapStateStore, ShrinkableKeyedStateStore};
use governor::state::{InMemoryState, NotKeyed, StateStore};
use governor::{Quota, RateLimiter};
use parking_lot::Mutex;

use crate::proxy::subscriber;

/// Time between two removals of buckets that are full again.
const SWEEP_INTERVAL: Duration = Duration::from_secs(10);

/// The same while there is no room for a new address.
const SWEEP_INTERVAL_FULL: Duration = Duration::from_secs(1);

/// How much one address may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AddressLimitConfig {
    /// Sustained rate, per second.
    pub per_second: NonZeroU32,
    /// How many at once after a quiet time.
    pub burst: NonZeroU32,
    /// Most addresses remembered at a time.
    pub addresses_max: usize,
    /// Whether this machine's own addresses are counted too.
    pub count_loopback: bool,
}

impl Default for AddressLimitConfig {
    /// Generous, since a whole household or campus may share an address.
    fn default() -> Self {
        const PER_SECOND: NonZeroU32 = NonZeroU32::new(50).expect("50 is not 0");
        const BURST: NonZeroU32 = NonZeroU32::new(200).expect("200 is not 0");
        Self { per_second: PER_SECOND, burst: BURST, addresses_max: 65_536, count_loopback: true }
    }
}

pub struct AddressLimiter<C: Clock = DefaultClock> {
    limiter: RateLimiter<IpAddr, BoundedBuckets, C, NoOpMiddleware<C::Instant>>,
    buckets: BoundedBuckets,
    /// In which one attempt comes back.
    interval: Nanos,
    clock: C,
    count_loopback: bool,
    addresses_max: usize,
    last_sweep: Mutex<C::Instant>,
}

impl AddressLimiter {
    /// A limiter on the machine's clock.
    #[must_use]
    pub fn new(config: AddressLimitConfig) -> Self {
        Self::with_clock(config, DefaultClock::default())
    }
}

impl AddressLimiter {
    /// A limiter for rare operations: this many an hour, all of which may come at once.
    #[must_use]
    pub fn per_hour(count: NonZeroU32) -> Self {
        Self::per_hour_with_clock(count, DefaultClock::default())
    }
}

impl<C: Clock + Clone> AddressLimiter<C> {
    /// [`AddressLimiter::per_hour`] on another clock.
    #[must_use]
    pub fn per_hour_with_clock(count: NonZeroU32, clock: C) -> Self {
        Self::with_quota(Quota::per_hour(count), AddressLimitConfig::default(), clock)
    }

    /// A limiter on another clock.
    #[must_use]
    pub fn with_clock(config: AddressLimitConfig, clock: C) -> Self {
        Self::with_quota(Quota::per_second(config.per_second).allow_burst(config.burst), config, clock)
    }

    fn with_quota(quota: Quota, config: AddressLimitConfig, clock: C) -> Self {
        let buckets = BoundedBuckets::new(config.addresses_max);
        let last_sweep = Mutex::new(clock.now());
        Self {
            limiter: RateLimiter::new(quota, buckets.clone(), clock.clone()),
            buckets,
            interval: quota.replenish_interval().into(),
            clock,
            count_loopback: config.count_loopback,
            addresses_max: config.addresses_max,
            last_sweep,
        }
    }

    /// Counts one attempt of this address.
    ///
    /// # Errors
    /// Milliseconds, at least 1, until the next attempt can succeed.
    pub fn check(&self, ip: IpAddr) -> Result<(), u64> {
        if !self.count_loopback && ip.to_canonical().is_loopback() {
            return Ok(());
        }
        self.sweep();
        self.limiter.check_key(&subscriber(ip)).map_err(|refused| {
            let wait = refused.wait_time_from(self.clock.now());
            u64::try_from(wait.as_nanos().div_ceil(1_000_000)).unwrap_or(u64::MAX).max(1)
        })
    }

    /// Takes back one attempt of this address that was counted and came to nothing.
    pub fn give_back(&self, ip: IpAddr) {
        let earlier = |at: Option<Nanos>| {
            let at = at.ok_or(())?;
            Ok(((), Nanos::from(at.as_u64().saturating_sub(self.interval.as_u64()))))
        };
        // A bucket that was forgotten meanwhile is full.
        let _: Result<(), ()> = self.buckets.measure_and_replace(&subscriber(ip), earlier);
    }

    #[must_use]
    pub fn addresses(&self) -> usize {
        self.limiter.len()
    }

    fn sweep(&self) {
        let interval = if self.addresses() < self.addresses_max { SWEEP_INTERVAL } else { SWEEP_INTERVAL_FULL };
        let now = self.clock.now();
        let mut last = self.last_sweep.lock();
        if now.duration_since(*last) >= Nanos::from(interval) {
            *last = now;
            drop(last);
            self.limiter.retain_recent();
        }
    }
}

/// The buckets, at most a given number. Addresses for which there is no room share `overflow`.
#[derive(Clone)]
struct BoundedBuckets {
    // The standard hasher, keyed at random: addresses are chosen by others.
    known: Arc<HashMapStateStore<IpAddr>>,
    overflow: Arc<InMemoryState>,
    len_max: usize,
}

impl BoundedBuckets {
    fn new(len_max: usize) -> Self {
        Self { known: Arc::new(HashMapStateStore::new(HashMap::default())), overflow: Arc::default(), len_max }
    }
}

impl StateStore for BoundedBuckets {
    type Key = IpAddr;

    fn measure_and_replace<T, F, E>(&self, key: &IpAddr, measure: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        let mut known = self.known.lock();
        if let Some(bucket) = known.get(key) {
            return bucket.measure_and_replace(&NotKeyed::NonKey, measure);
        }
        if known.len() >= self.len_max {
            return self.overflow.measure_and_replace(&NotKeyed::NonKey, measure);
        }
        known.entry(*key).or_default().measure_and_replace(&NotKeyed::NonKey, measure)
    }
}

impl ShrinkableKeyedStateStore<IpAddr> for BoundedBuckets {
    fn retain_recent(&self, drop_below: Nanos) {
        self.known.retain_recent(drop_below);
    }

    fn shrink_to_fit(&self) {
        self.known.shrink_to_fit();
    }

    fn len(&self) -> usize {
        self.known.len()
    }

    fn is_empty(&self) -> bool {
        self.known.is_empty()
    }
}
