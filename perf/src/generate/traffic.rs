//! What goes over the realtime connections: moves out, and everything the server says in.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Result;
use tilemud_schema::codec::{decode_server, encode_client};
use tilemud_schema::{ClientMessage, Direction, Encoding, InView, Intent, ServerMessage, StateDelta};

use super::Generator;
use super::frames::{self, Frame};
use super::freshness::Seen;
use super::link::{Buffer, Read};
use super::messages::{self, DELTA_HEAD_BYTES_MAX, is_state_delta};
use super::session::Stage;
use crate::course::moved;

impl Generator {
    /// Something came on a session's connection, or it takes bytes again.
    pub(super) fn on_session(&mut self, session: usize, buffer: &mut Buffer) -> Result<()> {
        let known = &mut self.sessions[session];
        let Some(link) = &mut known.link else { return Ok(()) };
        if link.is_stalled() {
            link.flush(&self.poll)?;
        }
        let mut bytes = match link.read(buffer) {
            Read::Bytes(bytes) => bytes,
            Read::Nothing => return Ok(()),
            Read::End => {
                self.lost(session, "the connection ended");
                return Ok(());
            }
        };
        let now_ns = self.now_ns();
        if self.sessions[session].stage == Stage::Upgrading {
            self.upgraded(session, &mut bytes)?;
        }
        if self.sessions[session].stage != Stage::Upgrading {
            self.on_bytes(session, &mut bytes, now_ns)?;
        }
        if let Some(link) = &mut self.sessions[session].link {
            link.keep(bytes);
        }
        Ok(())
    }

    fn on_bytes(&mut self, session: usize, bytes: &mut &[u8], now_ns: u64) -> Result<()> {
        loop {
            let known = &mut self.sessions[session];
            if known.link.is_none() {
                *bytes = &[];
                return Ok(());
            }
            // Nobody looks into the deltas of sessions outside the sample.
            let is_counted_only = known.view.is_none();
            let passed_over = |head: &[u8]| is_counted_only && is_state_delta(head[0]);
            let Ok(frame) = known.cutter.next(bytes, DELTA_HEAD_BYTES_MAX, passed_over) else {
                self.lost(session, "the stream is not frames");
                continue;
            };
            let Some(frame) = frame else { return Ok(()) };
            self.tally.counts.frames += 1;
            self.tally.counts.bytes += frame.wire_bytes as u64;
            known.frames += 1;
            self.on_frame(session, &frame, now_ns)?;
        }
    }

    fn on_frame(&mut self, session: usize, frame: &Frame<'_>, now_ns: u64) -> Result<()> {
        match (frame.opcode, frame.payload.first()) {
            (frames::BINARY, Some(first)) if is_state_delta(*first) => {
                self.on_delta(session, frame.payload);
                Ok(())
            }
            (frames::BINARY, Some(first)) if messages::is_acks(*first) => self.on_acks(session, frame.payload, now_ns),
            // Nothing but deltas goes by what is in view.
            (frames::BINARY, _) => match decode_server(Encoding::Postcard, frame.payload, &mut InView::default()) {
                Ok(message) => self.on_message(session, message, now_ns),
                Err(error) => {
                    self.tally.fault("not decodable", || format!("session {session}: {error}"));
                    Ok(())
                }
            },
            // Whoever does not answer is taken for lost.
            (frames::PING, _) => {
                self.out.clear();
                frames::append_pong(frame.payload, &mut self.out);
                self.send_out(session)
            }
            (frames::CLOSE, _) => {
                let code = frame.payload.first_chunk().map_or(1005, |code| u16::from_be_bytes(*code));
                self.lost(session, &format!("closed with {code}"));
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn on_acks(&mut self, session: usize, payload: &[u8], now_ns: u64) -> Result<()> {
        let Some(mut acks) = messages::acks(payload) else {
            self.tally.fault("not decodable", || format!("session {session}: the head of acknowledgements"));
            return Ok(());
        };
        let tick = acks.tick;
        while let Some(acked) = acks.next() {
            let Ok(acked) = acked else {
                self.tally.fault("not decodable", || format!("session {session}: an acknowledgement"));
                return Ok(());
            };
            let known = &mut self.sessions[session];
            match known.book.answer(acked.seq, acked.is_duplicate) {
                Ok(answered) => {
                    if !acked.is_duplicate {
                        known.moves.note(tick);
                    }
                    self.newest_acked = self.newest_acked.max(tick);
                    self.tally.counts.acks += 1;
                    if self.measured_ns.contains(&answered.due_ns) {
                        self.tally.ack_us.saturating_record(now_ns.saturating_sub(answered.due_ns) / 1_000);
                    }
                }
                Err(problem) => {
                    self.tally.fault(problem, || format!("session {session}, seq {}, tick {tick}", acked.seq));
                }
            }
        }
        if self.fills_up { self.fill_up(session, now_ns) } else { Ok(()) }
    }

    fn on_delta(&mut self, session: usize, payload: &[u8]) {
        let known = &mut self.sessions[session];
        let Some((tick, is_full)) = messages::delta_head(payload, known.tick) else {
            self.tally.fault("not decodable", || format!("session {session}: the head of a delta"));
            return;
        };
        known.tick = Some(tick);
        let Some(view) = &mut known.view else { return };
        let read = decode_server(Encoding::Postcard, payload, &mut view.in_view);
        let Ok(ServerMessage::StateDelta(delta)) = read else {
            self.tally.fault("not decodable", || format!("session {session}: a delta of tick {tick}"));
            return;
        };
        if is_full && self.compares {
            self.compared += 1;
            if let Some(difference) = view.difference(&delta) {
                self.tally.fault("held something else than the server", || format!("session {session}: {difference}"));
            }
        }
        if let Err(problem) = view.apply(&delta) {
            self.tally.fault("a delta that does not fit", || format!("session {session}: {problem}"));
        }
        self.note_sighting(session, &delta);
    }

    /// Keeps one of the moves that a delta shows, for the freshness; a random one, as the order of
    /// ids is none of time.
    fn note_sighting(&mut self, session: usize, delta: &StateDelta) {
        if delta.full || delta.update.is_empty() {
            return;
        }
        let update = &delta.update[(delta.tick as usize).wrapping_mul(31) % delta.update.len()];
        let Some(&mover) = self.entities.get(&update.id) else { return };
        if mover == session || !update.is_move() {
            return;
        }
        let at_us = wall_us();
        if self.measured_ns.contains(&self.now_ns()) {
            self.sightings.push(Seen { mover, tick: delta.tick, at_us });
        }
        let sessions = &self.sessions;
        self.sightings.settle(at_us, |mover| &sessions[mover].moves);
    }

    fn on_message(&mut self, session: usize, message: ServerMessage, now_ns: u64) -> Result<()> {
        let stage = self.sessions[session].stage;
        match message {
            ServerMessage::Ack(ack) => self.welcomed(session, ack, now_ns),
            message if stage != Stage::Live && Self::is_put_off(&message) => Ok(()),
            ServerMessage::Error { seq: Some(seq), error } => {
                self.tally.fault("refused", || format!("session {session}, seq {seq}: {}", error.code));
                if let Err(problem) = self.sessions[session].book.answer(seq, false) {
                    self.tally.fault(problem, || format!("session {session}, seq {seq}, a refusal"));
                }
                Ok(())
            }
            // The close that follows says the rest.
            // A map is nothing to these sessions; the full delta after it is.
            ServerMessage::Disconnect(_) | ServerMessage::World(_) => Ok(()),
            other => {
                self.tally.fault("not expected", || format!("session {session}: {other:?}"));
                Ok(())
            }
        }
    }

    /// A connection ended that was not cut from here.
    fn lost(&mut self, session: usize, why: &str) {
        match self.sessions[session].stage {
            Stage::Upgrading | Stage::Greeting => self.lost_in_handshake(session),
            Stage::Live => {
                self.sessions[session].cut();
                self.live -= 1;
                self.dead += 1;
                self.tally.fault("lost", || format!("session {session}: {why}"));
            }
            Stage::Out | Stage::AtDoor => {}
        }
    }

    /// Sends the next move of a session, which was due then.
    pub(super) fn send_move(&mut self, session: usize, due_ns: u64) -> Result<()> {
        let known = &mut self.sessions[session];
        if known.stage != Stage::Live {
            return Ok(());
        }
        let direction = self.course.way(&mut known.walk, known.position);
        self.out.clear();
        self.append_move(session, direction, due_ns);
        self.send_out(session)?;
        if self.measured_ns.contains(&due_ns) {
            let lag_us = self.now_ns().saturating_sub(due_ns) / 1_000;
            self.tally.lag_us.saturating_record(lag_us);
        }
        Ok(())
    }

    /// Sends moves to and fro until as many are under way as the window takes; they are due when
    /// they are sent.
    pub(super) fn fill_up(&mut self, session: usize, now_ns: u64) -> Result<()> {
        self.out.clear();
        while self.sessions[session].book.waiting() < self.options.window {
            let known = &self.sessions[session];
            let direction = self.course.back_and_forth(known.book.sent + 1, known.position);
            self.append_move(session, direction, now_ns);
        }
        if self.out.is_empty() { Ok(()) } else { self.send_out(session) }
    }

    /// Sends again what a session that came back has no answer to.
    pub(super) fn resend(&mut self, session: usize) -> Result<()> {
        self.out.clear();
        let book = &mut self.sessions[session].book;
        book.resend();
        for entered in book.under_way() {
            append(entered.seq, entered.direction, &mut self.payload, &mut self.out);
        }
        if self.out.is_empty() { Ok(()) } else { self.send_out(session) }
    }

    /// Asks every sampled session's surroundings anew.
    pub(super) fn ask_for_full(&mut self) -> Result<usize> {
        let sampled: Vec<usize> = self.sampled().collect();
        for &session in &sampled {
            self.payload.clear();
            encode_client(Encoding::Postcard, &ClientMessage::Resync {}, &mut self.payload);
            self.out.clear();
            frames::append(&self.payload, [1, 2, 3, 4], &mut self.out);
            self.send_out(session)?;
        }
        Ok(sampled.len())
    }

    fn append_move(&mut self, session: usize, direction: Direction, due_ns: u64) {
        let known = &mut self.sessions[session];
        let entered = known.book.send(direction, due_ns);
        known.position = moved(known.position, direction);
        append(entered.seq, direction, &mut self.payload, &mut self.out);
        self.tally.counts.sent += 1;
    }

    fn send_out(&mut self, session: usize) -> Result<()> {
        if let Some(link) = &mut self.sessions[session].link
            && !link.send(&self.out, &self.poll)?
        {
            self.tally.counts.stalled += 1;
        }
        Ok(())
    }
}

/// Appends the frame of a move; its mask changes with its number.
fn append(seq: u64, direction: Direction, payload: &mut Vec<u8>, out: &mut Vec<u8>) {
    payload.clear();
    encode_client(Encoding::Postcard, &ClientMessage::Intent { seq, intent: Intent::Move { direction } }, payload);
    frames::append(payload, (seq as u32).wrapping_mul(0x9e37_79b9).to_le_bytes(), out);
}

/// Microseconds since the Unix epoch, as the server's clock says: it is the same machine's.
fn wall_us() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
}
