//! How much one connection may send: bytes, reads and frames that carry nothing. A connection that
//! sends more is read more slowly, so that its own socket backs up, or is ended; this is decided
//! before anything is decoded. It bounds the cost of receiving; limits on messages are elsewhere.
//! Before a session is known the budget is small, and all connections of an address share a second
//! one.

use std::sync::Arc;
use std::time::Duration;

use fastwebsockets::OpCode;
use tilemud_vitals::metrics::NetworkMetrics;
use tokio::time::Instant;

use super::in_frame::{Fault, InFrame};
use crate::bucket::Bucket;
use crate::limits::{INBOUND_PAUSE_MIN, STRANGER_BYTES_MAX, STRANGER_FRAMES_MAX};
use crate::places::Place;
use crate::settings::WorldSettings;

/// Average bytes of a message that the budget allows; most messages have a tenth of that.
const MESSAGE_BYTES: u32 = 1_024;

/// Seconds' worth that may come at once, because networks delay and then deliver in bursts.
const BURST_S: u32 = 2;

/// Rates per second, derived from the limits on messages.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rates {
    frames: u32,
    bytes: u32,
}

impl Rates {
    pub(super) fn of(settings: &WorldSettings) -> Self {
        let messages = settings.inbound_per_s();
        // Fragments of messages, and an answer to each tick's ping.
        let frames = messages.saturating_add(settings.tick_hz).saturating_mul(2);
        Self { frames, bytes: messages.saturating_mul(MESSAGE_BYTES) }
    }
}

#[derive(Debug)]
pub(super) struct Budget {
    bytes: Bucket,
    reads: Bucket,
    /// Frames that carry no message to its end.
    empties: Bucket,
    stranger: Option<Stranger>,
    waits_until: Option<Instant>,
    metrics: Arc<NetworkMetrics>,
}

/// What is left until a session is known.
#[derive(Debug)]
struct Stranger {
    place: Arc<Place>,
    frames: usize,
    bytes: usize,
}

impl Budget {
    /// Of a connection without a session.
    pub(super) fn stranger(rates: Rates, place: Arc<Place>, metrics: Arc<NetworkMetrics>, now: Instant) -> Self {
        let bucket = |per_s: u32| Bucket::with_burst(per_s, per_s.saturating_mul(BURST_S), now);
        let stranger = Stranger { place, frames: STRANGER_FRAMES_MAX, bytes: STRANGER_BYTES_MAX };
        Self {
            bytes: bucket(rates.bytes),
            reads: bucket(rates.frames),
            empties: bucket(rates.frames),
            stranger: Some(stranger),
            waits_until: None,
            metrics,
        }
    }

    /// From now on it is known whose connection it is.
    pub(super) fn welcome(&mut self) {
        self.stranger = None;
    }

    /// Counts bytes that were read.
    ///
    /// # Errors
    /// A flood.
    pub(super) fn read(&mut self, bytes: usize, now: Instant) -> Result<(), Fault> {
        if let Some(stranger) = &mut self.stranger {
            stranger.bytes = stranger.bytes.checked_sub(bytes).ok_or(Fault::Flood)?;
        }
        let bytes = self.bytes.owe(u32::try_from(bytes).unwrap_or(u32::MAX), now);
        let reads = self.reads.owe(1, now);
        self.wait(bytes.max(reads), now);
        Ok(())
    }

    /// A frame has come.
    ///
    /// # Errors
    /// A flood.
    pub(super) fn frame(&mut self, frame: &InFrame, now: Instant) -> Result<(), Fault> {
        let is_data = matches!(frame.opcode, OpCode::Text | OpCode::Binary | OpCode::Continuation);
        let is_empty = !is_data || !frame.fin || frame.payload.is_empty();
        if let Some(stranger) = &mut self.stranger {
            stranger.frames = stranger.frames.checked_sub(1).ok_or(Fault::Flood)?;
            if is_empty {
                let wait = stranger.place.places().stranger_frames(stranger.place.address(), 1);
                self.wait(wait, now);
            }
        }
        if is_empty && !self.empties.owe(1, now).is_zero() { Err(Fault::Flood) } else { Ok(()) }
    }

    /// How long to wait before the next read, so that few reads take what arrived meanwhile.
    pub(super) fn pause(&self, now: Instant) -> Duration {
        self.waits_until.map_or(Duration::ZERO, |until| until.saturating_duration_since(now))
    }

    fn wait(&mut self, wait: Duration, now: Instant) {
        if !wait.is_zero() {
            self.metrics.inbound_pauses.inc();
            self.waits_until = Some(now + wait.max(INBOUND_PAUSE_MIN));
        }
    }
}

#[cfg(test)]
mod tests;
