//! When each move is due, and sending it then. A few driver tasks own the write halves; nothing is ever awaited per session, so a
//! session that does not take its bytes delays nobody else's moves.

use std::io::ErrorKind;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use tilemud_schema::{ClientMessage, Direction, MoveIntent, Seq};
use tokio::net::tcp::OwnedWriteHalf;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::Options;
use crate::socket::append_frame;
use crate::tally::Tally;

/// Bytes that may wait for a socket. More: the session's moves are no longer sent, and count as unanswered.
const REMAINDER_BYTES_MAX: usize = 4 * 1024;

/// One in this many moves takes a new direction, so that players spread over the map.
const TURN_ONE_IN: u32 = 12;

/// The times of all moves, known before the first is sent.
#[derive(Debug)]
pub struct Plan {
    sessions: usize,
    moves_per_s: f64,
    warmup: Duration,
    measured: Duration,
    seed: u64,
    start: OnceLock<Instant>,
}

impl Plan {
    /// The plan of these options; it begins with [`Plan::begin`].
    pub fn new(options: &Options) -> Self {
        Self {
            sessions: options.sessions,
            moves_per_s: options.moves_per_s,
            warmup: Duration::from_secs(options.warmup_s),
            measured: Duration::from_secs(options.seconds),
            seed: options.seed,
            start: OnceLock::new(),
        }
    }

    /// Fixes the time of the first move.
    pub fn begin(&self, start: Instant) {
        // Only called once; a second time would change nothing.
        let _ = self.start.set(start);
    }

    /// Warm-up and measured time.
    pub fn total(&self) -> Duration {
        self.warmup + self.measured
    }

    /// When move `seq` (from 1) of a session is due. Sessions take turns, evenly spread over a move's interval.
    pub fn due(&self, session: usize, seq: Seq) -> Option<Instant> {
        let interval = 1.0 / self.moves_per_s;
        let turn = session as f64 / self.sessions as f64;
        Some(*self.start.get()? + Duration::from_secs_f64(((seq - 1) as f64 + turn) * interval))
    }

    /// Whether something at this time is measured.
    pub fn is_measured(&self, at: Instant) -> bool {
        self.start.get().is_some_and(|start| {
            let from = *start + self.warmup;
            at >= from && at < from + self.measured
        })
    }

    /// Whether the last move is still to come.
    fn is_over(&self, at: Instant) -> bool {
        self.start.get().is_some_and(|start| at >= *start + self.total())
    }
}

/// How far a session is; shared by its two halves.
#[derive(Debug, Default)]
pub struct Progress {
    /// Moves sent.
    pub sent: AtomicU64,
    /// Moves answered.
    pub answered: AtomicU64,
    /// The way is blocked: time for another direction.
    pub is_blocked: AtomicBool,
}

/// The sending half of a session.
pub struct Seat {
    /// Its place in the plan.
    pub index: usize,
    /// How far it is.
    pub progress: Arc<Progress>,
    socket: OwnedWriteHalf,
    remainder: Vec<u8>,
    heading: Direction,
    is_broken: bool,
}

impl Seat {
    /// A session that is live and has sent nothing.
    pub fn new(index: usize, socket: OwnedWriteHalf, progress: Arc<Progress>) -> Self {
        Self { index, progress, socket, remainder: Vec::new(), heading: Direction::North, is_broken: false }
    }

    /// Whether answers are still due.
    pub fn is_waiting(&self) -> bool {
        !self.is_broken && self.progress.answered.load(Ordering::Relaxed) < self.progress.sent.load(Ordering::Relaxed)
    }

    fn send(&mut self, rng: &mut ChaCha8Rng, tally: &Tally) {
        if self.progress.is_blocked.swap(false, Ordering::Relaxed) || rng.random_ratio(1, TURN_ONE_IN) {
            self.heading = Direction::ALL[rng.random_range(0..Direction::ALL.len())];
        }
        let seq = self.progress.sent.fetch_add(1, Ordering::Relaxed) + 1;
        let was_waiting = !self.remainder.is_empty();
        append_frame(
            &ClientMessage::Move(MoveIntent { seq, direction: self.heading }),
            rng.random(),
            &mut self.remainder,
        );
        match self.socket.try_write(&self.remainder) {
            Ok(written) => drop(self.remainder.drain(..written)),
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(_) => self.is_broken = true,
        }
        if was_waiting || !self.remainder.is_empty() {
            Tally::count(&tally.stalled_sends);
        }
        self.is_broken |= self.remainder.len() > REMAINDER_BYTES_MAX;
    }
}

/// Sends every move at its time; gives the seats back when the last is sent.
pub async fn drive(plan: &Arc<Plan>, seats: Vec<Seat>, drivers: usize, tally: &Arc<Tally>) -> Vec<Seat> {
    let mut shares: Vec<Vec<Seat>> = (0..drivers).map(|_| Vec::new()).collect();
    for seat in seats {
        shares[seat.index % drivers].push(seat);
    }
    let mut tasks = JoinSet::new();
    for (driver, share) in shares.into_iter().enumerate() {
        let rng = ChaCha8Rng::seed_from_u64(plan.seed.wrapping_mul(1_000_003).wrapping_add(driver as u64));
        tasks.spawn(drive_share(Arc::clone(plan), share, rng, Arc::clone(tally)));
    }
    tasks.join_all().await.into_iter().flatten().collect()
}

async fn drive_share(plan: Arc<Plan>, mut share: Vec<Seat>, mut rng: ChaCha8Rng, tally: Arc<Tally>) -> Vec<Seat> {
    for seat in &mut share {
        seat.heading = Direction::ALL[rng.random_range(0..Direction::ALL.len())];
    }
    for seq in 1.. {
        for seat in &mut share {
            let Some(due) = plan.due(seat.index, seq) else { return share };
            if plan.is_over(due) {
                return share;
            }
            if due > Instant::now() {
                tokio::time::sleep_until(due).await;
            }
            if seat.is_broken {
                continue;
            }
            seat.send(&mut rng, &tally);
            if plan.is_measured(due) {
                tally.lag(due.elapsed());
            }
        }
        // Behind or not, the readers on this thread get their turn.
        tokio::task::yield_now().await;
    }
    share
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;
    use crate::Command;

    #[tokio::test]
    async fn moves_are_due_at_even_intervals_whatever_happens() {
        let line = ["perf", "load", "--sessions", "4", "--moves-per-s", "2", "--warmup-s", "1"];
        let Command::Load(options) = Command::parse_from(line) else { panic!("it is a load") };
        let plan = Plan::new(&options);
        assert_eq!(plan.due(0, 1), None);
        let start = Instant::now();
        plan.begin(start);
        let offset = |session, seq| plan.due(session, seq).unwrap() - start;
        assert_eq!(offset(0, 1), Duration::ZERO);
        assert_eq!(offset(1, 1), Duration::from_millis(125));
        assert_eq!(offset(3, 1), Duration::from_millis(375));
        assert_eq!(offset(0, 2), Duration::from_millis(500));
        assert!(!plan.is_measured(start) && plan.is_measured(start + Duration::from_secs(1)));
        assert!(!plan.is_measured(start + plan.total()));
    }
}
