//! Brings sessions in, at first and after a cut: bootstrap at one of the doors, upgrade, hello. As
//! many at once as the doors and the bound on those under way allow, and as fast as the server
//! answers; who is put off comes again when the server said.

use std::cmp::Reverse;

use anyhow::{Result, bail, ensure};
use tilemud_schema::codec::encode_client;
use tilemud_schema::rest::{BootstrapRequest, BootstrapResponse, DevTokenRequest, DevTokenResponse};
use tilemud_schema::{Ack, ClientMessage, Encoding, Resume, ServerMessage};

use super::door;
use super::frames;
use super::link::{Buffer, Link, Read};
use super::queue::Door;
use super::session::Stage;
use super::{Generator, token_of_door};
use crate::course::user_name;

/// Bootstraps under way at once.
const DOORS: usize = 64;

/// Sessions between the bootstrap and the handshake's answer at most.
const UNDER_WAY_MAX: usize = 256;

/// Ways in that may lead nowhere before a session is given up.
const FAILURES_MAX: u32 = 20;

/// Before another try when a connection is closed in the handshake, milliseconds.
const RETRY_MS: u64 = 100;

impl Generator {
    /// Lets in as many as may be under way.
    ///
    /// # Errors
    /// When the server is gone.
    pub(super) fn let_in(&mut self) -> Result<()> {
        let now_ns = self.now_ns();
        while self.entrance.next_due_ns().is_some_and(|due_ns| due_ns <= now_ns) {
            if let Some(Reverse((_, session))) = self.entrance.put_off.pop() {
                self.entrance.queue(session);
            }
        }
        if self.entrance.doors.is_empty() {
            self.entrance.doors = (0..DOORS).map(|_| Door { link: None, session: None }).collect();
        }
        while self.entrance.under_way < UNDER_WAY_MAX && !self.entrance.waiting.is_empty() {
            let Some(door) = self.entrance.doors.iter().position(|door| door.session.is_none()) else { break };
            let Some(session) = self.entrance.waiting.pop_front() else { break };
            self.entrance.under_way += 1;
            self.entrance.doors[door].session = Some(session);
            self.sessions[session].stage = Stage::AtDoor;
            if self.sessions[session].pass.began_ns == 0 {
                self.sessions[session].pass.began_ns = now_ns;
            }
            self.ask(door)?;
        }
        Ok(())
    }

    /// Closes the doors, so that they cost the server nothing while it is measured.
    pub(super) fn shut_doors(&mut self) {
        self.entrance.doors.clear();
    }

    /// Sends the next request of the session at this door.
    fn ask(&mut self, door: usize) -> Result<()> {
        let Some(session) = self.entrance.doors[door].session else { return Ok(()) };
        let pass = &self.sessions[session].pass;
        let request = match &pass.access_token {
            None => {
                let user = user_name(self.options.seed, session);
                door::post(&self.authority, "/dev/token", None, &DevTokenRequest { user })
            }
            Some(access_token) => {
                let body = BootstrapRequest {
                    client_version: tilemud_schema::version().to_owned(),
                    reconnect_token: pass.reconnect_token.clone(),
                    ..BootstrapRequest::default()
                };
                door::post(&self.authority, "/api/session/bootstrap", Some(access_token), &body)
            }
        };
        let slot = &mut self.entrance.doors[door].link;
        let link = match slot {
            Some(link) => link,
            None => slot.insert(Link::open(self.address, token_of_door(door), &self.poll)?),
        };
        link.send(&request, &self.poll)?;
        Ok(())
    }

    /// Something came through a door.
    pub(super) fn at_door(&mut self, door: usize, buffer: &mut Buffer) -> Result<()> {
        let Some(Door { link: Some(link), session }) = self.entrance.doors.get_mut(door) else { return Ok(()) };
        if link.is_stalled() {
            link.flush(&self.poll)?;
        }
        let session = *session;
        let mut bytes = match link.read(buffer) {
            Read::Bytes(bytes) => bytes,
            Read::Nothing => return Ok(()),
            Read::End => {
                self.entrance.doors[door].link = None;
                return self.ask(door);
            }
        };
        let Some(reply) = door::reply(&mut bytes)? else {
            link.keep(bytes);
            return Ok(());
        };
        let Some(session) = session else { bail!("an answer that nobody asked for") };
        if self.sessions[session].pass.access_token.is_none() {
            match reply.accepted::<DevTokenResponse>()? {
                Ok(granted) => self.sessions[session].pass.access_token = Some(granted.access_token),
                Err(retry_ms) => return self.turn_away(door, session, retry_ms),
            }
            return self.ask(door);
        }
        match reply.accepted::<BootstrapResponse>()? {
            Ok(admitted) => {
                ensure!(admitted.version == tilemud_schema::version(), "the server is another build");
                let known = &mut self.sessions[session];
                known.pass.ticket = Some((admitted.session.session_id, admitted.realtime.ticket));
                known.granted(admitted.reconnect);
                let there = admitted.state.character.state.position.unwrap_or_default();
                if !known.pass.is_back && there != known.position {
                    let expected = known.position;
                    self.tally
                        .fault("not at its start", || format!("session {session} at {there:?}, not {expected:?}"));
                }
                self.entrance.doors[door].session = None;
                self.dial(session)?;
                self.let_in()
            }
            Err(retry_ms) => self.turn_away(door, session, retry_ms),
        }
    }

    /// The server does not take it now.
    fn turn_away(&mut self, door: usize, session: usize, retry_ms: u64) -> Result<()> {
        self.entrance.doors[door].session = None;
        self.put_off(session, retry_ms);
        self.let_in()
    }

    fn put_off(&mut self, session: usize, retry_ms: u64) {
        self.sessions[session].cut();
        self.tally.counts.put_off += 1;
        self.entrance.under_way -= 1;
        self.entrance.put_off.push(Reverse((self.now_ns() + retry_ms * 1_000_000, session)));
    }

    /// Asks for the realtime channel.
    fn dial(&mut self, session: usize) -> Result<()> {
        let mut link = Link::open(self.address, session as u64, &self.poll)?;
        link.send(&door::upgrade(&self.authority), &self.poll)?;
        self.sessions[session].link = Some(link);
        self.sessions[session].stage = Stage::Upgrading;
        Ok(())
    }

    /// The answer to that came, or a part of it; what follows it is left in `bytes`.
    pub(super) fn upgraded(&mut self, session: usize, bytes: &mut &[u8]) -> Result<()> {
        let Some(reply) = door::reply(bytes)? else { return Ok(()) };
        match reply.status {
            101 => {}
            429 | 503 => {
                *bytes = &[];
                self.lost_in_handshake(session);
                return Ok(());
            }
            status => bail!("the upgrade was answered with {status}"),
        }
        let Some(hello) = self.sessions[session].hello() else { bail!("session {session} has no ticket") };
        let mut payload = Vec::new();
        encode_client(Encoding::Postcard, &ClientMessage::Hello(hello), &mut payload);
        let mut frame = Vec::new();
        frames::append(&payload, [session as u8, 7, 11, 13], &mut frame);
        let now_ns = self.now_ns();
        let known = &mut self.sessions[session];
        known.pass.greeted_ns = now_ns;
        known.stage = Stage::Greeting;
        if let Some(link) = &mut known.link {
            link.send(&frame, &self.poll)?;
        }
        Ok(())
    }

    /// The handshake is answered.
    pub(super) fn welcomed(&mut self, session: usize, ack: Ack, now_ns: u64) -> Result<()> {
        let Ack::Handshake { entity_id, last_seq, resume, reconnect, tick_hz, .. } = ack else { return Ok(()) };
        self.entrance.under_way -= 1;
        self.tick_hz = u64::from(tick_hz);
        let known = &mut self.sessions[session];
        known.stage = Stage::Live;
        known.granted(reconnect);
        known.entity = Some(entity_id);
        self.entities.insert(entity_id, session);
        self.live += 1;
        let pass = &mut known.pass;
        let came_in_ns = now_ns - pass.began_ns;
        (pass.began_ns, pass.failures) = (0, 0);
        if !pass.is_back {
            pass.is_back = true;
            self.tally.connect_us.saturating_record(came_in_ns / 1_000);
            if last_seq != 0 || resume != Resume::Fresh {
                self.tally.fault("not fresh", || format!("session {session}: {resume:?}, last seq {last_seq}"));
            }
            return Ok(());
        }
        let resumed_in_us = (now_ns - pass.greeted_ns) / 1_000;
        self.tally.resume_us.saturating_record(resumed_in_us);
        self.tally.back_us.saturating_record((now_ns - self.cut_ns) / 1_000);
        match resume {
            Resume::Delta => {
                self.tally.counts.by_delta += 1;
                self.tally.resume_delta_us.saturating_record(resumed_in_us);
            }
            Resume::Snapshot => self.tally.counts.by_snapshot += 1,
            Resume::Fresh => {
                self.tally.counts.by_fresh += 1;
                self.tally.fault("came back as another session", || format!("session {session}"));
            }
        }
        let (answered, sent) = (known.book.answered, known.book.sent);
        if last_seq < answered || last_seq > sent {
            self.tally
                .fault("lost its place", || format!("session {session}: {last_seq}, {answered} answered, {sent} sent"));
        }
        self.resend(session)
    }

    /// A connection ended before the session was live.
    pub(super) fn lost_in_handshake(&mut self, session: usize) {
        let pass = &mut self.sessions[session].pass;
        pass.failures += 1;
        if pass.failures < FAILURES_MAX {
            self.put_off(session, RETRY_MS);
        } else {
            self.sessions[session].cut();
            self.entrance.under_way -= 1;
            self.dead += 1;
            self.tally.fault("never got in", || format!("session {session}"));
        }
    }

    /// Whether a message in the handshake only says to come again.
    pub(super) fn is_put_off(message: &ServerMessage) -> bool {
        matches!(message, ServerMessage::Error { error, .. } if error.retryable)
            || matches!(message, ServerMessage::Degraded(_))
    }
}
