//! All players are dropped at once and come back at once. The time it takes is printed, not
//! asserted: it is the machine's as much as ours. What each gets is asserted.

use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use tilemud_schema::{ChatChannel, ClientMessage, Effect, Encoding, Intent, Resume, Tick};
use tilemud_sim::limits::RESUME_TICKS;
use tilemud_support::player::{Player, token, try_bootstrap_as};
use tilemud_support::process::Local;
use tokio::sync::{Barrier, Semaphore, SemaphorePermit, mpsc};
use tokio::task::JoinSet;

use crate::world::meadow;

const PLAYERS: usize = 500;

/// The first backoff step, and one second.
const GOAL: Duration = Duration::from_secs(2);

/// New characters are made by so many at a time: the storm is about those who come back.
const JOINING_AT_ONCE: usize = 16;

/// Wait before the second attempt. It doubles with each, as that of a client does: five hundred
/// that come again without end would be a flood of their own.
const RETRY: Duration = Duration::from_millis(200);

const DOUBLINGS_MAX: u32 = 4;

/// Somebody comes in within this time.
const PATIENCE: Duration = Duration::from_secs(60);

const BELL: &str = "All in";

/// Joins, waits for the bell, and drops; then comes back when all have dropped. How long that took,
/// what came, and whether the ring still had what was missed, and how often it was refused.
async fn drop_and_return(
    url: String,
    number: usize,
    joined: mpsc::UnboundedSender<()>,
    all_dropped: Arc<Barrier>,
    crowd: Arc<Crowd>,
) -> (Duration, Resume, bool, u32) {
    let name = format!("Storm {number}");
    let (bearer, mut player) = {
        let _turn = crowd.turn().await;
        let bearer = token(&url, &name).await;
        let player = crowd.come_in(&url, &bearer, &name, Encoding::Postcard, None, None).await.0;
        (bearer, player)
    };
    joined.send(()).expect("somebody counts");
    // The count ends when all have been counted or have failed.
    drop(joined);
    let heard = |effect: &Effect| matches!(effect, Effect::Chat { text, .. } if &**text == BELL);
    player.delta_where(|delta| delta.effects.iter().any(heard)).await;
    let (reconnect_token, session_id, last_tick) = (player.reconnect_token.clone(), player.session_id(), player.tick);
    drop(player);
    all_dropped.wait().await;

    let started = Instant::now();
    let (mut back, refusals) =
        crowd.come_in(&url, &bearer, &name, Encoding::Postcard, Some(&reconnect_token), Some(last_tick)).await;
    assert_eq!(back.session_id(), session_id);
    let handshake_tick = back.tick;
    if back.resume == Resume::Delta {
        back.delta().await;
    }
    let took = started.elapsed();
    (took, back.resume, handshake_tick - last_tick <= RESUME_TICKS, refusals)
}

/// Many who come in. New characters are made by so many at a time; whoever is refused comes again,
/// and the crowd has hung when nobody at all comes in for long.
pub struct Crowd {
    door: Semaphore,
    came_in: Mutex<Instant>,
}

impl Default for Crowd {
    fn default() -> Self {
        Self { door: Semaphore::new(JOINING_AT_ONCE), came_in: Mutex::new(Instant::now()) }
    }
}

impl Crowd {
    /// Waits for a place at the door.
    pub async fn turn(&self) -> SemaphorePermit<'_> {
        self.door.acquire().await.expect("the door stays open")
    }

    /// Bootstraps and shakes hands as a client does: what may be tried again is tried again. Also
    /// how often it had to be.
    pub async fn come_in(
        &self,
        url: &str,
        bearer: &str,
        name: &str,
        encoding: Encoding,
        reconnect_token: Option<&str>,
        last_tick: Option<Tick>,
    ) -> (Player, u32) {
        self.patiently(|| async {
            let boot = try_bootstrap_as(url, bearer, name, reconnect_token).await.map_err(|refusal| {
                assert_eq!(refusal["retryable"], true, "{refusal}");
                refusal.to_string()
            })?;
            Player::try_enter(url, boot, encoding, last_tick, None, None).await
        })
        .await
    }

    /// Tries again as a client does, until it is let in; also how often it was refused.
    pub async fn patiently<T, F: Future<Output = Result<T, String>>>(
        &self,
        mut attempt: impl FnMut() -> F,
    ) -> (T, u32) {
        let mut refusals = 0;
        // Paced as a client paces its attempts; nothing is synchronised by this.
        let mut attempts = tokio::time::interval(RETRY);
        loop {
            attempts.tick().await;
            match attempt().await {
                Ok(done) => {
                    *self.came_in.lock() = Instant::now();
                    return (done, refusals);
                }
                Err(refusal) => assert!(self.came_in.lock().elapsed() < PATIENCE, "nobody comes in: {refusal}"),
            }
            attempts.reset_after(RETRY * (1 << refusals.min(DOUBLINGS_MAX)));
            refusals += 1;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_hundred_dropped_at_once_all_come_back_by_deltas_while_the_ring_has_them() {
    let server = Local::plain(meadow(), &[]).await;
    let all_dropped = Arc::new(Barrier::new(PLAYERS));
    let crowd = Arc::new(Crowd::default());
    let (joined, mut counting) = mpsc::unbounded_channel();
    let mut players: JoinSet<_> = (0..PLAYERS)
        .map(|number| {
            let (url, joined) = (server.url.clone(), joined.clone());
            drop_and_return(url, number, joined, Arc::clone(&all_dropped), Arc::clone(&crowd))
        })
        .collect();
    drop(joined);
    for _ in 0..PLAYERS {
        counting.recv().await.expect("everybody joins");
    }
    // Comes last: whoever waits for the others without reading is silent, and sent away for it.
    let bearer = token(&server.url, "Ringer").await;
    let (mut ringer, _) = crowd.come_in(&server.url, &bearer, "Ringer", Encoding::Postcard, None, None).await;
    let bell = Intent::Chat { channel: ChatChannel::Zone, text: BELL.into(), to: None };
    ringer.connection.send(&ClientMessage::Intent { seq: ringer.seq, intent: bell }).await;
    let mut times = Vec::new();
    let (mut deltas, mut refusals) = (0, 0);
    // Whoever fails first ends it: the others would wait for them at the barrier.
    while let Some(player) = players.join_next().await {
        let (took, resume, is_in_ring, refused) = player.unwrap();
        assert_eq!(resume, if is_in_ring { Resume::Delta } else { Resume::Snapshot });
        deltas += usize::from(resume == Resume::Delta);
        refusals += refused;
        times.push(took);
    }
    times.sort_unstable();
    println!(
        "{PLAYERS} sessions live again: half within {:?}, 99 of 100 within {:?}, all within {:?} (goal {GOAL:?}); \
         {deltas} by deltas; {refusals} had to try again",
        times[PLAYERS / 2],
        times[PLAYERS * 99 / 100],
        times[PLAYERS - 1]
    );
}
