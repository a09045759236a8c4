//! Places for connections: how many there may be in all and of one network address, and which is
//! ended when none is left.
//!
//! A connection is a stranger until a session is live on it; connections with sessions are bounded
//! elsewhere and are never ended here. When an address (IPv6: a /64) has more strangers than
//! allowed, the one that was quiet the longest is ended; when every place is taken, that of the
//! address with most strangers. One whose request is under way counts as not quiet at all. So an
//! address with many connections loses some, and one with a single connection gets in. A quarter of
//! all places is only for addresses from which somebody plays or played until just now, so that no
//! number of other addresses keeps those players out; what their strangers hold beyond it they give
//! up to newcomers, so that a few of them keep nobody out either.
//! The listener asks for a place, the router reports for whom a proxy asks and when a request is
//! answered, the realtime connection when a session is live. Reads no socket; the ended
//! connection's own task closes it.

mod address;
mod bounds;

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use self::address::Address;
pub use self::bounds::Bounds;
use crate::limits::{ADDRESSES_KNOWN_MAX, STRANGER_FRAMES_PER_CONNECT, STRANGERS_PER_ADDRESS_MIN};
use crate::paced::Pace;
use crate::proxy::subscriber;

/// Time between two removals of addresses that can be forgotten.
const SWEEP_INTERVAL: Duration = Duration::from_secs(1);

/// In the number of an entry whose request is under way, so that all others count as older.
const UNDER_WAY: u64 = 1 << 63;

#[derive(Debug)]
pub struct Places {
    bounds: Bounds,
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    /// The number of the newest entry; older ones have been quiet for longer.
    newest: u64,
    /// Connections on which a session is live.
    live: usize,
    /// Those without, of addresses not known and of known ones.
    strangers: [usize; 2],
    addresses: HashMap<IpAddr, Address>,
    /// Addresses with strangers, ordered by their number and by the longest quiet time, in the same
    /// two classes.
    by_number: [BTreeSet<(usize, Reverse<u64>, IpAddr)>; 2],
    /// The shared budget of addresses for which there is no room.
    rest: Address,
    swept: Option<Instant>,
}

/// Why a connection had to give way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Crowded {
    /// Its address had too many.
    Address,
    /// All places were taken.
    Everywhere,
}

impl Crowded {
    /// A fixed word for it, for metrics and the log.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Everywhere => "full",
        }
    }
}

/// The place of one connection, given back when dropped.
#[derive(Debug)]
pub(crate) struct Place {
    places: Arc<Places>,
    at: Mutex<At>,
    gives_way: CancellationToken,
    pace: Arc<Pace>,
}

/// Where a place is counted.
#[derive(Debug, Clone, Copy)]
struct At {
    /// The trusted proxy of the connection, when it serves one visitor after the other.
    proxy: Option<IpAddr>,
    address: IpAddr,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Stranger(u64),
    Live,
    /// It was given back.
    Gone,
}

impl Places {
    /// None of them taken.
    #[must_use]
    pub fn new(bounds: Bounds) -> Self {
        Self { bounds, inner: Mutex::default() }
    }

    /// Whether one more connection of this address is accepted, because opening connections costs
    /// more than any request.
    pub(crate) fn may_connect(&self, peer: IpAddr) -> bool {
        let (rate, now) = (self.bounds.requests_per_s, Instant::now());
        let mut inner = self.inner.lock();
        let connects = inner.of(subscriber(peer), now).connects(rate);
        // Who is refused owes nothing for it.
        connects.owe(0, now).is_zero() && {
            connects.owe(1, now);
            true
        }
    }

    /// A place for a connection that was just accepted, and why another one was ended for it.
    /// `None` when no connection can be ended.
    pub(crate) fn admit(self: &Arc<Self>, peer: IpAddr, is_proxy: bool) -> Option<(Arc<Place>, Option<Crowded>)> {
        let address = subscriber(peer);
        let gives_way = CancellationToken::new();
        let mut inner = self.inner.lock();
        let made_room = inner.make_room(&self.bounds, address, is_proxy)?;
        let number = inner.newest();
        inner.insert(address, number, &gives_way);
        let at = At { proxy: is_proxy.then_some(address), address, state: State::Stranger(number) };
        let place = Place { places: Arc::clone(self), at: Mutex::new(at), gives_way, pace: Arc::default() };
        Some((Arc::new(place), made_room))
    }

    /// How long a request of this address has to wait for its turn.
    ///
    /// # Errors
    /// When to come again: so many are waiting that one more would wait for too long.
    fn turn(&self, address: IpAddr) -> Result<Duration, Duration> {
        let (rate, now) = (self.bounds.requests_per_s, Instant::now());
        self.inner.lock().of(subscriber(address), now).requests(rate).turn(now)
    }

    /// The same for a TLS handshake, which costs as much as many requests.
    fn handshake_turn(&self, address: IpAddr) -> Result<Duration, Duration> {
        let (rate, now) = (self.bounds.handshakes_per_s(), Instant::now());
        self.inner.lock().of(subscriber(address), now).handshakes(rate).turn(now)
    }

    /// The wait until this address may send this many more frames without a session.
    pub(crate) fn stranger_frames(&self, address: IpAddr, frames: u32) -> Duration {
        let rate = self.bounds.connects_per_s.saturating_mul(STRANGER_FRAMES_PER_CONNECT);
        let now = Instant::now();
        self.inner.lock().of(subscriber(address), now).frames(rate).owe(frames, now)
    }

    #[cfg(test)]
    fn counts(&self) -> (usize, usize) {
        let inner = self.inner.lock();
        (inner.strangers.iter().sum(), inner.live)
    }
}

impl Inner {
    /// Ends a connection if there is no room for a stranger of this address.
    fn make_room(&mut self, bounds: &Bounds, address: IpAddr, is_proxy: bool) -> Option<Option<Crowded>> {
        let now = Instant::now();
        self.forget_some(now);
        self.reclass(address, now);
        let (own, class) = self.addresses.get(&address).map_or((0, 0), |it| (it.strangers.len(), it.class()));
        if !is_proxy && own >= bounds.strangers_per_address {
            self.end_oldest_of(address);
            return Some(Some(Crowded::Address));
        }
        let is_full = self.strangers[0] + self.strangers[1] + self.live >= bounds.connections;
        if class == 0 && self.strangers[0] >= bounds.unknown_max().min(bounds.connections.saturating_sub(self.live)) {
            let (_, _, most) = *self.by_number[0].last()?;
            self.end_oldest_of(most);
            return Some(Some(Crowded::Everywhere));
        }
        if !is_full {
            return Some(None);
        }
        // Strangers of known addresses hold more than what is theirs alone: newcomers come in at
        // the cost of the address with most of them, and so does whoever has many already.
        let is_beyond = self.strangers[1] > bounds.connections - bounds.unknown_max();
        let is_one_of_few = class == 1 && own < STRANGERS_PER_ADDRESS_MIN;
        let classes = match class {
            _ if is_beyond && !is_one_of_few => &self.by_number[1..],
            0 => &self.by_number[..1],
            // Those who are not known give way first.
            _ => &self.by_number[..],
        };
        let (_, _, most) = *classes.iter().find_map(|class| class.last())?;
        self.end_oldest_of(most);
        Some(Some(Crowded::Everywhere))
    }

    fn newest(&mut self) -> u64 {
        self.newest += 1;
        self.newest
    }

    fn insert(&mut self, address: IpAddr, number: u64, gives_way: &CancellationToken) {
        self.change(address, |it| drop(it.strangers.insert(number, gives_way.clone())));
    }

    fn remove(&mut self, address: IpAddr, number: u64) {
        self.change(address, |it| drop(it.strangers.remove(&number)));
    }

    fn end_oldest_of(&mut self, address: IpAddr) {
        let mut ended = None;
        self.change(address, |it| ended = it.strangers.pop_first());
        if let Some((_, gives_way)) = ended {
            gives_way.cancel();
        }
    }

    /// Changes the state of an address, and the indexes with it.
    fn change(&mut self, address: IpAddr, change: impl FnOnce(&mut Address)) {
        let it = self.addresses.entry(address).or_default();
        let ranked = |it: &Address| {
            let oldest = it.strangers.first_key_value().map_or(0, |(number, _)| *number);
            (it.class(), (it.strangers.len(), Reverse(oldest), address))
        };
        let (was, before) = ranked(it);
        change(it);
        let (is, after) = ranked(it);
        self.by_number[was].remove(&before);
        self.strangers[was] -= before.0;
        self.strangers[is] += after.0;
        if after.0 > 0 {
            self.by_number[is].insert(after);
        }
    }

    /// Looks anew whether an address is a known one.
    fn reclass(&mut self, address: IpAddr, now: Instant) {
        if self.addresses.get(&address).is_some_and(|it| it.must_be_forgotten(now)) {
            self.change(address, Address::forget);
        }
    }

    /// The budget of an address: its own, or the shared one when too many are remembered and it has
    /// no connection.
    fn of(&mut self, address: IpAddr, now: Instant) -> &mut Address {
        self.forget_some(now);
        if self.addresses.len() >= ADDRESSES_KNOWN_MAX && !self.addresses.contains_key(&address) {
            &mut self.rest
        } else {
            self.addresses.entry(address).or_default()
        }
    }

    /// Holds no more addresses than it must.
    fn forget_some(&mut self, now: Instant) {
        let is_time = self.swept.is_none_or(|swept| now.saturating_duration_since(swept) >= SWEEP_INTERVAL);
        if self.addresses.len() < ADDRESSES_KNOWN_MAX || !is_time {
            return;
        }
        self.swept = Some(now);
        let all: Vec<IpAddr> = self.addresses.keys().copied().collect();
        all.into_iter().for_each(|address| self.reclass(address, now));
        self.addresses.retain(|_, it| !it.is_empty(now));
    }
}

impl Place {
    /// The whole connection is a visitor's, as its proxy has said before the first request; or that
    /// of one more proxy (`is_proxy`), behind which it serves one visitor after the other. Why
    /// another connection had to give way for it.
    pub(crate) fn came_for(&self, visitor: IpAddr, is_proxy: bool) -> Option<Crowded> {
        let visitor = subscriber(visitor);
        self.at.lock().proxy = is_proxy.then_some(visitor);
        self.move_to(visitor, !is_proxy, |_, inner| inner.newest())
    }

    /// Waits until it is the turn of a request of this visitor.
    ///
    /// # Errors
    /// When to come again: so many of its requests are waiting that one more would wait for too
    /// long.
    pub(crate) async fn turn(&self, visitor: IpAddr) -> Result<(), Duration> {
        wait_for(self.places.turn(visitor)).await
    }

    /// The same for the TLS handshake of whoever it is for, if that is known; a proxy that encrypts
    /// again does so for many.
    pub(crate) async fn handshake_turn(&self) -> Result<(), Duration> {
        let At { proxy, address, .. } = *self.at.lock();
        if proxy.is_some() {
            return Ok(());
        }
        wait_for(self.places.handshake_turn(address)).await
    }

    /// A request came for a visitor, who may be somebody else than the peer: a proxy's connections
    /// serve one after the other. Until it is answered, those that are silent give way before it.
    /// Why another connection had to give way.
    pub(crate) fn serves(&self, visitor: IpAddr) -> Option<Crowded> {
        let At { proxy, address, .. } = *self.at.lock();
        let Some(proxy) = proxy else {
            self.move_to(address, false, |number, _| number | UNDER_WAY);
            return None;
        };
        let address = subscriber(visitor);
        // What a proxy asks for itself is no visitor's.
        self.move_to(address, address != proxy, |_, inner| inner.newest() | UNDER_WAY)
    }

    /// A request was answered: the connection has earned its place once more.
    pub(crate) fn has_answered(&self) {
        let At { proxy, address, .. } = *self.at.lock();
        self.move_to(proxy.unwrap_or(address), false, |_, inner| inner.newest());
    }

    /// It goes on as a realtime connection, which has earned nothing yet.
    pub(crate) fn goes_on(&self) {
        let address = self.at.lock().address;
        self.move_to(address, false, |number, _| number & !UNDER_WAY);
    }

    /// A session is live on it: it is not ended for others any more, and its address counts as
    /// known.
    pub(crate) fn live(&self) {
        let mut inner = self.places.inner.lock();
        let mut at = self.at.lock();
        if let State::Stranger(number) = at.state {
            inner.remove(at.address, number);
            inner.live += 1;
            inner.change(at.address, |it| it.live += 1);
            at.state = State::Live;
        }
    }

    /// The session is not on it any more.
    pub(crate) fn is_over(&self) {
        let mut inner = self.places.inner.lock();
        let mut at = self.at.lock();
        if at.state == State::Live {
            self.end_live(&mut inner, at.address);
            let number = inner.newest();
            inner.insert(at.address, number, &self.gives_way);
            at.state = State::Stranger(number);
        }
    }

    /// Whose connection it is, as far as is known.
    pub(crate) fn address(&self) -> IpAddr {
        self.at.lock().address
    }

    /// How fast its peer takes what it is sent.
    pub(crate) fn pace(&self) -> &Arc<Pace> {
        &self.pace
    }

    pub(crate) fn places(&self) -> &Places {
        &self.places
    }

    /// Waits until the connection must end for others.
    ///
    /// # Cancel safety
    /// Cancel safe.
    pub(crate) async fn gives_way(&self) {
        self.gives_way.cancelled().await;
    }

    fn move_to(
        &self,
        address: IpAddr,
        is_visitor: bool,
        renumbered: impl FnOnce(u64, &mut Inner) -> u64,
    ) -> Option<Crowded> {
        let mut inner = self.places.inner.lock();
        let mut at = self.at.lock();
        let State::Stranger(number) = at.state else { return None };
        // One that has to end holds nothing, and must not count once more until its task has
        // noticed.
        if self.gives_way.is_cancelled() {
            return None;
        }
        inner.remove(at.address, number);
        let own = inner.addresses.get(&address).map_or(0, |it| it.strangers.len());
        let is_over_share = is_visitor && own >= self.places.bounds.strangers_per_address;
        if is_over_share {
            inner.end_oldest_of(address);
        }
        let number = renumbered(number, &mut inner);
        inner.insert(address, number, &self.gives_way);
        *at = At { address, state: State::Stranger(number), ..*at };
        is_over_share.then_some(Crowded::Address)
    }

    fn end_live(&self, inner: &mut Inner, address: IpAddr) {
        let known_until = Instant::now() + self.places.bounds.known_for;
        inner.live -= 1;
        // Whoever is more than can be remembered comes back as one of all.
        let is_remembered = inner.addresses.len() <= ADDRESSES_KNOWN_MAX;
        inner.change(address, |it| {
            it.live -= 1;
            it.known_until = is_remembered.then_some(known_until);
        });
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut inner = self.places.inner.lock();
        let at = self.at.get_mut();
        let (address, state) = (at.address, std::mem::replace(&mut at.state, State::Gone));
        match state {
            State::Stranger(number) => inner.remove(address, number),
            State::Live => self.end_live(&mut inner, address),
            State::Gone => {}
        }
        if inner.addresses.get(&address).is_some_and(|it| it.is_empty(Instant::now())) {
            inner.addresses.remove(&address);
        }
    }
}

async fn wait_for(turn: Result<Duration, Duration>) -> Result<(), Duration> {
    let wait = turn?;
    if !wait.is_zero() {
        tokio::time::sleep(wait).await;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
