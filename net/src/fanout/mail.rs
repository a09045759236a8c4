//! Effects for one session, mostly chat, that are not known to have arrived. It keeps them in order
//! from their commit until the client has them, across lost connections, dropped deltas and
//! rollbacks of the world, so that an acknowledged line is heard once or reported as missed. Filled
//! and emptied by the fan-out; knows no socket.
//!
//! Three queues: effects for this player alone (direct) do not wait behind lines that others hear
//! as well (common), and those do not wait behind what is no words (noise), because anybody can
//! make any amount of it. A frame takes at most [`EFFECTS_PER_FRAME_MAX`] of the last two, lines
//! first, and [`NOISE_PER_FRAME_MAX`] noises; the rest comes with the next ticks. The effects of a
//! frame are in the order in which they happened.
//!
//! The `last_tick` of an attach says which effects the client has. Without it, the answers to pings
//! sent behind the effects do.
//!
//! Bounds: [`DIRECT_MAX`], [`COMMON_MAX`] and [`NOISE_MAX`] effects, [`DIRECT_BYTES_MAX`] and
//! [`COMMON_BYTES_MAX`] bytes of text. Full: sent effects are dropped first. Then the direct queue
//! takes nothing more, and the speaker is notified; the common queue drops its oldest, and the
//! player is notified how many lines are missing; the noise drops its oldest.

use std::collections::VecDeque;
use std::sync::Arc;

use tilemud_schema::{ChatChannel, Effect, EntityId, Tick};

use crate::limits::{
    COMMON_BYTES_MAX, COMMON_MAX, DIRECT_BYTES_MAX, DIRECT_MAX, DIRECT_WAITING_MAX, EFFECTS_PER_FRAME_MAX,
    HEARD_KEPT_TICKS, NOISE_KEPT_TICKS, NOISE_MAX, NOISE_PER_FRAME_MAX,
};

/// The queues of a session.
#[derive(Debug, Default)]
pub(super) struct Mail {
    direct: Queue,
    common: Queue,
    noise: Queue,
    /// Dropped lines that were not reported to the player yet.
    missed: u32,
    /// Those that were reported in a frame that may not have arrived.
    missed_reported: Reported,
    /// Up to here, frames are known to have arrived.
    arrived: Tick,
    /// How much was pushed.
    pushed: u64,
}

#[derive(Debug, Default)]
struct Queue {
    entries: VecDeque<Entry>,
    /// How many of them, from the front, are in frames.
    sent: usize,
    bytes: usize,
    /// Lines dropped after they were sent, before it was known whether they arrived, and the newest
    /// frame they were in.
    dropped: Reported,
}

#[derive(Debug)]
struct Entry {
    effect: Arc<Effect>,
    /// The tick in which it happened; once it is in a frame, the tick of the frame.
    tick: Tick,
    /// Its place in the order in which things happened, over all queues.
    number: u64,
}

#[derive(Debug, Default, Clone, Copy)]
struct Reported {
    lines: u32,
    tick: Tick,
}

impl Mail {
    /// Adds the effects of a tick. Returns the direct ones for which there is no room.
    pub(super) fn push(&mut self, tick: Tick, effect: Arc<Effect>, own: Option<EntityId>) -> Result<(), Arc<Effect>> {
        let is_direct = match &*effect {
            Effect::Chat { channel, .. } => *channel == ChatChannel::Whisper,
            Effect::Damage { id, .. } | Effect::Heal { id, .. } => Some(*id) == own,
            _ => false,
        };
        let bytes = bytes_of(&effect);
        self.pushed += 1;
        let number = self.pushed;
        if is_direct {
            if !self.direct.make_room(bytes, DIRECT_MAX, DIRECT_BYTES_MAX, self.arrived) {
                return Err(effect);
            }
            self.direct.push(Entry { effect, tick, number });
        } else if is_line(&effect) {
            while !self.common.make_room(bytes, COMMON_MAX, COMMON_BYTES_MAX, self.arrived) {
                self.missed += self.common.drop_oldest();
            }
            self.common.push(Entry { effect, tick, number });
        } else {
            while !self.noise.make_room(bytes, NOISE_MAX, usize::MAX, self.arrived) {
                self.noise.drop_oldest();
            }
            self.noise.push(Entry { effect, tick, number });
        }
        Ok(())
    }

    /// Lines for this player could not be kept, and their speaker cannot be notified.
    pub(super) fn note_missed(&mut self, lines: u32) {
        self.missed = self.missed.saturating_add(lines);
    }

    /// The effects for the frame of a tick, in the order in which they happened.
    pub(super) fn take(&mut self, tick: Tick, effects: &mut Vec<Arc<Effect>>) {
        if self.missed > 0 {
            effects.push(Arc::new(Effect::Missed { lines: self.missed }));
            let before = if self.missed_reported.tick > self.arrived { self.missed_reported.lines } else { 0 };
            self.missed_reported = Reported { lines: before + self.missed, tick };
            self.missed = 0;
        }
        let lines = self.common.take(tick, EFFECTS_PER_FRAME_MAX);
        let noise_max = NOISE_PER_FRAME_MAX.min(EFFECTS_PER_FRAME_MAX - lines.len());
        let others = in_order(lines, self.noise.take(tick, noise_max));
        let all = in_order(self.direct.take(tick, usize::MAX), others);
        effects.extend(all.map(|entry| Arc::clone(&entry.effect)));
    }

    /// Whether something waits for a frame.
    pub(super) fn is_waiting(&self) -> bool {
        self.direct.is_waiting() || self.common.is_waiting() || self.noise.is_waiting() || self.missed > 0
    }

    /// Whether the direct queue is so full that further whispers should be refused.
    pub(super) fn is_full(&self) -> bool {
        let waiting = self.direct.entries.len() - self.direct.sent;
        waiting >= DIRECT_WAITING_MAX || self.direct.bytes >= DIRECT_BYTES_MAX / 4 * 3 && waiting > 0
    }

    /// Frames up to `arrived` have arrived. Their effects are kept for a while, because the client
    /// may have received a frame without applying it.
    pub(super) fn confirm(&mut self, arrived: Tick, now: Tick) {
        self.arrived = self.arrived.max(arrived);
        let forgotten = self.arrived.min(now.saturating_sub(HEARD_KEPT_TICKS));
        for queue in [&mut self.direct, &mut self.common, &mut self.noise] {
            queue.forget_sent(forgotten);
            if queue.dropped.tick <= self.arrived {
                queue.dropped = Reported::default();
            }
        }
    }

    /// Frames from `since` on were dropped before they left.
    pub(super) fn take_back(&mut self, since: Tick) {
        for queue in [&mut self.direct, &mut self.common, &mut self.noise] {
            queue.take_back(since);
        }
        self.untell(since);
    }

    /// The player attached again: what the client does not have is sent again.
    pub(super) fn resume(&mut self, last_tick: Option<Tick>, now: Tick) {
        // A tick that is yet to come says nothing.
        let held = last_tick.filter(|tick| *tick < now).unwrap_or(self.arrived);
        for queue in [&mut self.direct, &mut self.common, &mut self.noise] {
            queue.forget_sent(held);
            queue.take_back(held + 1);
            let dropped = std::mem::take(&mut queue.dropped);
            if dropped.tick > held {
                self.missed += dropped.lines;
            }
        }
        self.untell(held + 1);
        self.arrived = held;
        // What is not words is of no use later.
        self.noise.forget_old(now.saturating_sub(NOISE_KEPT_TICKS));
    }

    /// The whispers of others that are not known to have arrived, when no session is left to hear
    /// them.
    pub(super) fn unheard(&mut self) -> impl Iterator<Item = Arc<Effect>> + use<> {
        let arrived = self.arrived;
        let Queue { entries, sent, .. } = std::mem::take(&mut self.direct);
        let open = entries.into_iter().enumerate().filter(move |(place, entry)| *place >= sent || entry.tick > arrived);
        open.map(|(_, entry)| entry.effect).filter(|effect| is_line(effect))
    }

    fn untell(&mut self, since: Tick) {
        if self.missed_reported.tick >= since {
            self.missed += std::mem::take(&mut self.missed_reported).lines;
        }
    }
}

impl Queue {
    fn push(&mut self, entry: Entry) {
        self.bytes += bytes_of(&entry.effect);
        self.entries.push_back(entry);
    }

    fn is_waiting(&self) -> bool {
        self.sent < self.entries.len()
    }

    /// Makes room by dropping sent effects, oldest first. Returns whether there is room now.
    fn make_room(&mut self, bytes: usize, count_max: usize, bytes_max: usize, arrived: Tick) -> bool {
        while self.entries.len() >= count_max || self.bytes + bytes > bytes_max {
            if self.sent == 0 {
                return self.entries.is_empty();
            }
            let tick = self.entries[0].tick;
            let lines = self.drop_oldest();
            if tick > arrived {
                self.dropped = Reported { lines: self.dropped.lines + lines, tick };
            }
        }
        true
    }

    /// How many lines that were: one, or none.
    fn drop_oldest(&mut self) -> u32 {
        let Some(Entry { effect, .. }) = self.entries.pop_front() else { return 0 };
        self.sent = self.sent.saturating_sub(1);
        self.bytes -= bytes_of(&effect);
        u32::from(is_line(&effect))
    }

    /// Puts this many into the frame of a tick.
    fn take(&mut self, tick: Tick, count_max: usize) -> impl ExactSizeIterator<Item = &Entry> {
        let begin = self.sent;
        self.sent = begin.saturating_add(count_max).min(self.entries.len());
        self.entries.range_mut(begin..self.sent).for_each(|entry| entry.tick = tick);
        self.entries.range(begin..self.sent)
    }

    fn take_back(&mut self, since: Tick) {
        while self.sent > 0 && self.entries[self.sent - 1].tick >= since {
            self.sent -= 1;
        }
    }

    fn forget_sent(&mut self, up_to: Tick) {
        while self.sent > 0 && self.entries[0].tick <= up_to {
            self.drop_oldest();
        }
    }

    fn forget_old(&mut self, up_to: Tick) {
        let Self { entries, sent, bytes, .. } = self;
        let mut place = 0;
        let sent_before = *sent;
        entries.retain(|Entry { effect, tick, .. }| {
            let is_old = *tick <= up_to;
            if is_old {
                *bytes -= bytes_of(effect);
                *sent -= usize::from(place < sent_before);
            }
            place += 1;
            !is_old
        });
    }
}

/// Two parts of a frame as one, in the order in which things happened.
fn in_order<'a>(
    one: impl Iterator<Item = &'a Entry>,
    other: impl Iterator<Item = &'a Entry>,
) -> impl Iterator<Item = &'a Entry> {
    let (mut one, mut other) = (one.peekable(), other.peekable());
    std::iter::from_fn(move || match (one.peek(), other.peek()) {
        (Some(first), Some(second)) if second.number < first.number => other.next(),
        (None, _) => other.next(),
        _ => one.next(),
    })
}

fn is_line(effect: &Effect) -> bool {
    matches!(effect, Effect::Chat { .. })
}

fn bytes_of(effect: &Effect) -> usize {
    size_of::<Entry>()
        + match effect {
            Effect::Chat { text, .. } => text.len(),
            _ => 0,
        }
}

#[cfg(test)]
mod tests;
