//! The state of one network address: its connections, and the budgets of those without a session.

use std::collections::BTreeMap;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::bucket::Bucket;

/// Burst of requests and frames, as seconds' worth of the rate.
const BURST_S: u32 = 1;

/// Burst of connections, as seconds' worth: everybody behind an address may come back at once.
const CONNECTS_BURST_S: u32 = 2;

#[derive(Debug, Default)]
pub(super) struct Address {
    /// Connections without a session, by when they last earned their place, each with what ends it.
    pub(super) strangers: BTreeMap<u64, CancellationToken>,
    /// Connections on which a session is live.
    pub(super) live: usize,
    /// Until when it counts as known, because sessions were live on it.
    pub(super) known_until: Option<Instant>,
    connects: Option<Bucket>,
    requests: Option<Bucket>,
    frames: Option<Bucket>,
    handshakes: Option<Bucket>,
}

impl Address {
    /// 1 for a known one.
    pub(super) fn class(&self) -> usize {
        usize::from(self.live > 0 || self.known_until.is_some())
    }

    /// Whether it was known for long enough.
    pub(super) fn must_be_forgotten(&self, now: Instant) -> bool {
        self.known_until.is_some_and(|until| until <= now)
    }

    pub(super) fn forget(&mut self) {
        self.known_until = None;
    }

    /// Whether nothing need be remembered of it.
    pub(super) fn is_empty(&self, now: Instant) -> bool {
        let rests = |bucket: &Option<Bucket>| bucket.is_none_or(|bucket| bucket.is_full(now));
        let is_here = self.live > 0 || !self.strangers.is_empty();
        !is_here
            && self.known_until.is_none_or(|until| until <= now)
            && rests(&self.connects)
            && rests(&self.requests)
            && rests(&self.frames)
            && rests(&self.handshakes)
    }

    pub(super) fn connects(&mut self, per_s: u32) -> &mut Bucket {
        self.connects
            .get_or_insert_with(|| Bucket::with_burst(per_s, per_s.saturating_mul(CONNECTS_BURST_S), Instant::now()))
    }

    pub(super) fn handshakes(&mut self, per_s: u32) -> &mut Bucket {
        self.handshakes
            .get_or_insert_with(|| Bucket::with_burst(per_s, per_s.saturating_mul(CONNECTS_BURST_S), Instant::now()))
    }

    pub(super) fn requests(&mut self, per_s: u32) -> &mut Bucket {
        self.requests.get_or_insert_with(|| Bucket::with_burst(per_s, per_s.saturating_mul(BURST_S), Instant::now()))
    }

    pub(super) fn frames(&mut self, per_s: u32) -> &mut Bucket {
        self.frames.get_or_insert_with(|| Bucket::with_burst(per_s, per_s.saturating_mul(BURST_S), Instant::now()))
    }
}
