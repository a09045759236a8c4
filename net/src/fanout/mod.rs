//! The fan-out: turns committed ticks into frames in outboxes. The only reader of what the
//! persistence stage releases, so whatever a client is shown is durable (rule 1).
//!
//! Runs on its own thread and does no IO: it encodes each cell's delta once per encoding, shares
//! the bytes between all sessions of the cell, and queues. Duplicates whose record is no longer in
//! memory are looked up by tasks of the network runtime.

mod answers;
mod body;

use std::sync::Arc;

use crossbeam_channel::Receiver;
use rustc_hash::FxHashMap;
use tilemud_schema::{Ack, CloseCode, Encoding, ErrorCode, Resume, ServerMessage, StateDelta, Tick};
use tilemud_sim::api::{
    Answer, Attached, CellDelta, CellId, Input, Outcome, PrivateDelta, SessionKey, TickOutput, View,
};
use tokio::runtime::Handle;
use tokio::sync::Semaphore;

use self::answers::AnswerBook;
use self::body::CellBody;
use crate::committed::{CommittedTick, Release, Undone};
use crate::connection::frame::OutFrame;
use crate::connection::outbox::{Outbox, Queue};
use crate::edge::Edge;
use crate::limits::DUPLICATE_LOOKUPS_MAX;
use crate::session::Session;

/// The fan-out thread's state.
pub struct Fanout {
    edge: Arc<Edge>,
    runtime: Handle,
    lookups: Arc<Semaphore>,
    seats: FxHashMap<SessionKey, Seat>,
    cells: FxHashMap<CellId, Vec<SessionKey>>,
}

/// What the fan-out knows of a session in the world.
struct Seat {
    session: Arc<Session>,
    cell: CellId,
    /// The connection as of the last attach; gone when it has closed.
    outbox: Option<Arc<Outbox>>,
    answers: AnswerBook,
    /// The tick of the last delta.
    delta_tick: Tick,
}

impl Fanout {
    /// A fan-out for the sessions of `edge`; lookups run on `runtime`.
    #[must_use]
    pub fn new(edge: Arc<Edge>, runtime: Handle) -> Self {
        Self {
            edge,
            runtime,
            lookups: Arc::new(Semaphore::new(DUPLICATE_LOOKUPS_MAX)),
            seats: FxHashMap::default(),
            cells: FxHashMap::default(),
        }
    }

    /// Runs until the persistence stage has ended and everything it released is queued.
    pub fn run(mut self, released: &Receiver<Release>) {
        while let Ok(release) = released.recv() {
            match release {
                Release::Tick(tick) => self.tick(&tick),
                Release::Refused(refused) => self.refuse(&refused),
                Release::Undone(undone) => self.undo(&undone),
            }
        }
    }

    fn tick(&mut self, committed: &CommittedTick) {
        let output = &committed.output;
        self.edge.note_released(output.tick);
        for delta in &output.private {
            if let Some(attached) = delta.attached {
                self.attach(output.tick, delta, attached);
            }
        }
        for group in output.answers.chunk_by(|a, b| a.session == b.session) {
            self.answer(Some(committed), group);
        }
        let mut bodies: Vec<CellBody<'_>> = output.cells.iter().map(CellBody::new).collect();
        for delta in &output.private {
            self.private(output, &mut bodies, delta);
        }
        for body in &mut bodies {
            self.shared(output.tick, body);
        }
        self.mark_the_second(output.tick);
        for (key, _) in &output.departed {
            self.depart(*key);
        }
    }

    /// Answers intents outside a tick.
    fn refuse(&mut self, answers: &[Answer]) {
        for group in answers.chunk_by(|a, b| a.session == b.session) {
            self.answer(None, group);
        }
    }

    /// Answers what never became true, and lets everyone come back to the world as it is: their entities are new ones.
    fn undo(&mut self, undone: &Undone) {
        let is_undone = |answer: &&Answer| matches!(&answer.outcome, Outcome::Refused(refusal) if refusal.code == ErrorCode::ActionAtomicRollback);
        self.edge.metrics.intents_failed(undone.answers.iter().filter(is_undone).count() as u64);
        self.refuse(&undone.answers);
        for seat in self.seats.values_mut() {
            if let Some(outbox) = seat.outbox.take() {
                outbox.close(CloseCode::ShuttingDown);
            }
        }
        for key in &undone.departed {
            self.depart(*key);
        }
    }

    /// Seats a session and answers its hello.
    fn attach(&mut self, tick: Tick, delta: &PrivateDelta, attached: Attached) {
        let Some(session) = self.edge.registry.get(delta.session) else { return };
        let handshake = session.take_handshake();
        session.note_seq(attached.last_seq);
        let seat = self.seats.entry(delta.session).or_insert_with(|| Seat {
            session,
            cell: CellId::default(),
            outbox: None,
            answers: AnswerBook::default(),
            delta_tick: 0,
        });
        // Without a connection it has gone again; the next one attaches anew.
        let Some((Some(outbox), reconnect, resumed)) = handshake else { return };
        let resume = match (resumed, attached.is_delta) {
            (false, _) => Resume::Fresh,
            (true, true) => Resume::Delta,
            (true, false) => Resume::Snapshot,
        };
        let identity = &seat.session.identity;
        if resumed {
            self.edge.metrics.reconnect_success();
            let reconnects = seat.session.note_reconnect();
            tracing::debug!(user_id = %identity.user_id, reconnects, ?resume, "session back");
        }
        self.edge.metrics.connect_success();
        self.edge.log_session("session live", identity, if resumed { "resumed" } else { "fresh" });
        let ack = ServerMessage::Ack(Ack::Handshake {
            session_id: seat.session.identity.session_id,
            entity_id: attached.entity_id,
            version: self.edge.accepted().version.clone(),
            tick,
            tick_hz: self.edge.settings.tick_hz,
            last_seq: attached.last_seq,
            resume,
            reconnect,
        });
        outbox.reliable(OutFrame::message(outbox.encoding, &ack));
        seat.outbox = Some(outbox);
    }

    /// A session's own delta: with its private state, its effects, or its own view.
    fn private(&mut self, output: &TickOutput, bodies: &mut [CellBody<'_>], delta: &PrivateDelta) {
        let Some(seat) = self.seats.get_mut(&delta.session) else { return };
        if seat.cell != delta.cell {
            leave_cell(&mut self.cells, seat.cell, delta.session);
            self.cells.entry(delta.cell).or_default().push(delta.session);
            seat.cell = delta.cell;
        }
        if let Some(own) = &delta.own {
            seat.session.commit_character(own);
        }
        seat.delta_tick = output.tick;
        let Some(outbox) = &seat.outbox else { return };
        let (full, frame) = match &delta.view {
            View::Own(view) => {
                let effects = delta.effects.iter().map(|effect| (**effect).clone()).collect();
                let message = StateDelta { tick: output.tick, own: delta.own.clone(), effects, ..(**view).clone() };
                (message.full, OutFrame::message(outbox.encoding, &ServerMessage::StateDelta(message)))
            }
            View::Shared => {
                let shared = bodies.binary_search_by_key(&delta.cell, |body| body.delta.cell);
                let frame = match shared {
                    Ok(index) => bodies[index].with_private(outbox.encoding, output.tick, delta),
                    Err(_) => CellBody::new(&CellDelta::default()).with_private(outbox.encoding, output.tick, delta),
                };
                (false, frame)
            }
        };
        queue_delta(&self.edge, seat, output.tick, full, frame);
    }

    /// A cell's delta, to all its sessions that have had none of their own this tick.
    fn shared(&mut self, tick: Tick, body: &mut CellBody<'_>) {
        let Some(members) = self.cells.get(&body.delta.cell) else { return };
        for key in members {
            let Some(seat) = self.seats.get_mut(key) else { continue };
            let Some(outbox) = &seat.outbox else { continue };
            if seat.delta_tick != tick {
                let frame = body.plain(outbox.encoding, tick);
                seat.delta_tick = tick;
                queue_delta(&self.edge, seat, tick, false, frame);
            }
        }
    }

    /// At least one frame a second carries the tick, so that a quiet world is not taken for a stalled one.
    fn mark_the_second(&mut self, tick: Tick) {
        let hz = u64::from(self.edge.settings.tick_hz);
        let mut marks: [Option<OutFrame>; 2] = [None, None];
        for seat in self.seats.values_mut().filter(|seat| seat.delta_tick + hz <= tick) {
            let Some(outbox) = &seat.outbox else { continue };
            let frame = marks[outbox.encoding as usize].get_or_insert_with(|| {
                let message = ServerMessage::StateDelta(StateDelta { tick, ..StateDelta::default() });
                OutFrame::message(outbox.encoding, &message)
            });
            let frame = frame.clone();
            seat.delta_tick = tick;
            queue_delta(&self.edge, seat, tick, false, frame);
        }
    }

    fn depart(&mut self, key: SessionKey) {
        if let Some(seat) = self.seats.remove(&key) {
            leave_cell(&mut self.cells, seat.cell, key);
            if !self.edge.shutdown.is_cancelled() {
                let _on_runtime = self.runtime.enter();
                self.edge.forget_session(seat.session.identity.session_id);
            }
        }
        self.edge.registry.departed(key);
    }
}

/// Queues a delta; if the connection has fallen behind, asks the world for a full one.
fn queue_delta(edge: &Edge, seat: &mut Seat, tick: Tick, full: bool, frame: OutFrame) {
    let Some(outbox) = &seat.outbox else { return };
    match outbox.delta(tick, full, frame) {
        Queue::Accepted => {}
        Queue::NeedsFull => {
            edge.metrics.outbox_overflow();
            if edge.mailbox.try_push(Input::Resync { session: seat.session.key }).is_err() {
                outbox.close(CloseCode::TooSlow);
            }
        }
        Queue::Closed => seat.outbox = None,
    }
}

fn leave_cell(cells: &mut FxHashMap<CellId, Vec<SessionKey>>, cell: CellId, key: SessionKey) {
    if let Some(members) = cells.get_mut(&cell) {
        if let Some(index) = members.iter().position(|member| *member == key) {
            members.swap_remove(index);
        }
        if members.is_empty() {
            cells.remove(&cell);
        }
    }
}

const _: () = assert!(Encoding::Postcard as usize == 0 && Encoding::Json as usize == 1);
