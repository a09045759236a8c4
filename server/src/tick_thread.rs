//! The tick thread: the only one that touches the world (rule 2).
//!
//! At a fixed rate it drains the mailbox, runs one tick and hands the output to the persistence
//! stage. The world may run ahead of the store by [`RUN_AHEAD_TICKS_MAX`] ticks. Beyond that it
//! stands still: with a slow store the mailbox waits (back pressure), with a store that is away the
//! intents are refused with UNAVAILABLE.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crossbeam_channel::{Sender, TrySendError};
use tilemud_net::committed::Release;
use tilemud_net::edge::Edge;
use tilemud_net::limits::MAILBOX_LEN_MAX;
use tilemud_net::mailbox::MailboxDrain;
use tilemud_schema::ErrorCode;
use tilemud_sim::Sim;
use tilemud_sim::api::{Input, Refusal, TickOutput};

/// Ticks the world may be ahead of the store.
pub const RUN_AHEAD_TICKS_MAX: usize = 8;

/// Ticks that are caught up one after the other; if more are due they are skipped, not piled up.
const CATCH_UP_TICKS_MAX: u32 = 4;

/// The world and its two ends.
pub struct TickThread {
    /// The world.
    pub sim: Sim,
    /// Where inputs come from.
    pub mailbox: MailboxDrain,
    /// To the persistence stage; bounded by [`RUN_AHEAD_TICKS_MAX`].
    pub outputs: Sender<TickOutput>,
    /// Straight to the fan-out, for refusals that have nothing to commit.
    pub refusals: Sender<Release>,
    /// Set by the persistence stage.
    pub store_away: Arc<AtomicBool>,
    /// Ends the loop after one last tick.
    pub stop: Arc<AtomicBool>,
    /// For metrics and health.
    pub edge: Arc<Edge>,
    /// Ticks per second.
    pub tick_hz: u32,
}

impl TickThread {
    /// Runs until stopped or until the stage is gone.
    pub fn run(mut self) {
        let period = Duration::from_secs(1) / self.tick_hz;
        let mut due = Instant::now() + period;
        let mut inputs = Vec::new();
        let mut held: Option<TickOutput> = None;
        loop {
            let stopping = self.stop.load(Ordering::Acquire);
            if !stopping {
                std::thread::sleep(due.saturating_duration_since(Instant::now()));
            }
            if let Some(output) = held.take() {
                held = match self.hand_over(output) {
                    Ok(held) => held,
                    Err(StageGone) => return,
                };
            }
            if held.is_none() {
                match self.tick(&mut inputs, period) {
                    Ok(held_back) => held = held_back,
                    Err(StageGone) => return,
                }
                if stopping && held.is_none() {
                    return;
                }
            } else {
                self.stand_still(&mut inputs);
                if stopping {
                    // The stage is trying to commit what is before this; it ends the wait by its own rules.
                    if let Some(output) = held.take() {
                        let _ = self.outputs.send(output);
                    }
                    return;
                }
            }
            due = self.next_due(due, period);
        }
    }

    fn tick(&mut self, inputs: &mut Vec<Input>, period: Duration) -> Result<Option<TickOutput>, StageGone> {
        let started = Instant::now();
        self.edge.metrics.mailbox_depth(self.mailbox.len() as u64);
        self.mailbox.drain_into(inputs);
        let output = self.sim.tick(inputs);
        let took = started.elapsed();
        self.edge.health.note_tick(output.tick);
        self.edge.metrics.tick(took, took > period);
        self.edge.metrics.pipeline_depth(self.outputs.len() as u64);
        self.hand_over(output)
    }

    /// Gives an output to the stage, or back when the world is too far ahead.
    fn hand_over(&self, output: TickOutput) -> Result<Option<TickOutput>, StageGone> {
        match self.outputs.try_send(output) {
            Ok(()) => Ok(None),
            Err(TrySendError::Full(output)) => Ok(Some(output)),
            Err(TrySendError::Disconnected(_)) => Err(StageGone),
        }
    }

    /// A tick in which the world stands still.
    fn stand_still(&mut self, inputs: &mut Vec<Input>) {
        if !self.store_away.load(Ordering::Acquire) {
            return;
        }
        // What is not an intent stays in `inputs` for the next real tick; when that gets long, the
        // mailbox is left to fill up, and readers wait.
        if inputs.len() < MAILBOX_LEN_MAX {
            self.mailbox.drain_into(inputs);
        }
        let answers = self.sim.refuse(inputs, &Refusal::from(ErrorCode::Unavailable));
        if !answers.is_empty() {
            let _ = self.refusals.send(Release::Refused(answers));
        }
    }

    fn next_due(&self, due: Instant, period: Duration) -> Instant {
        let now = Instant::now();
        let next = due + period;
        if now > next + period * CATCH_UP_TICKS_MAX {
            self.edge.metrics.ticks_skipped();
            now
        } else {
            next
        }
    }
}

/// The persistence stage has ended.
struct StageGone;
