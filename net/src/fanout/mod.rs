//! The fan-out: turns committed ticks into frames in outboxes. The only reader of what the
//! persistence stage releases, so whatever a client is shown is durable (rule 1).
//!
//! Runs on its own thread: it encodes each cell's delta once per encoding, shares the bytes between
//! all sessions of the cell, queues them, and writes to sockets as far as that goes without
//! waiting. Duplicates whose record is no longer in memory are looked up by tasks of the network
//! runtime.

mod answer_book;
mod answers;
mod body;
mod delivery;
mod mail;
mod prefetch;
mod send_order;
mod subscriber_mail;
mod subscribers;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, TryRecvError};
use tilemud_schema::{Ack, CloseCode, Effect, Encoding, ErrorCode, Resume, ServerMessage, Tick, WorldEvent};
use tilemud_sim::api::{Answer, Attached, Outcome, RecycledOutput, SessionDelta, SessionKey, TickOutput, View};
use tilemud_vitals::clock;
use tilemud_vitals::health::Health;
use tilemud_vitals::process::Cause;
use tilemud_vitals::pulse::{BEAT_EVERY, Part, Pulse};
use tokio::runtime::Handle;
use tokio::sync::Semaphore;

use self::body::{Body, SessionPart};
use self::send_order::SendOrder;
use self::subscriber_mail::{deliver_notices, follow_up, queue_own, recall, send_if_full, take_effects};
use self::subscribers::{Pending, Subscriber, SubscriberId, Subscribers};
use crate::committed::{CommittedTick, Release, Undone};
use crate::journal;
use crate::limits::DUPLICATE_LOOKUPS_MAX;
use crate::outbox::frame::OutFrame;
use crate::session::{Bring, Handshake, Realm, ServedMap};
use crate::versions::Versions;

/// The fan-out thread's state.
pub struct Fanout {
    realm: Arc<Realm>,
    versions: Arc<Versions>,
    runtime: Handle,
    lookups: Arc<Semaphore>,
    subscribers: Subscribers,
    send_order: SendOrder,
    /// The lines of the zone since the start, for sessions from before it that come back.
    early: VecDeque<(Tick, Arc<Effect>)>,
    /// Subscribers that get something with the next frame.
    owing: Vec<SubscriberId>,
    /// Effects of the frame that is being made; empty between frames.
    effects: Vec<Arc<Effect>>,
    /// When its last turn began.
    turned: Duration,
}

/// Whether the world may be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Shows,
    /// Not before the store has confirmed the lease.
    Waits,
    /// Never again: it is another server's.
    Over,
}

/// How often it looks whether the lease is confirmed.
const STAND_BY_LOOK: Duration = Duration::from_millis(5);

/// A turn takes less than this, however many are served.
const SUSPENDED_AFTER: Duration = Duration::from_secs(3);

impl Fanout {
    /// A fan-out for the sessions of `realm`; lookups run on `runtime`.
    #[must_use]
    pub fn new(realm: Arc<Realm>, versions: Arc<Versions>, runtime: Handle) -> Self {
        Self {
            realm,
            versions,
            runtime,
            lookups: Arc::new(Semaphore::new(DUPLICATE_LOOKUPS_MAX)),
            subscribers: Subscribers::default(),
            send_order: SendOrder::default(),
            early: VecDeque::new(),
            owing: Vec::new(),
            effects: Vec::new(),
            turned: clock::since_boot(),
        }
    }

    /// Runs until the persistence stage has ended and everything it released is sent or queued, or
    /// the world is lost. Ticks it is done with go back to the world, for their memory.
    pub fn run(mut self, released: &Receiver<Release>, recycled: &Sender<RecycledOutput>) {
        loop {
            if self.was_suspended() && !self.stand_by() {
                return;
            }
            let next = if self.send_order.is_done() {
                released.recv_timeout(BEAT_EVERY).map_err(|error| match error {
                    RecvTimeoutError::Timeout => TryRecvError::Empty,
                    RecvTimeoutError::Disconnected => TryRecvError::Disconnected,
                })
            } else {
                released.try_recv()
            };
            pulse(&self.realm).beat();
            match next {
                Ok(Release::Tick(_)) if !self.stand_by() => return,
                Ok(release) => self.take(release, released, recycled),
                Err(TryRecvError::Disconnected) if self.send_order.is_done() => return,
                Err(_) => {}
            }
            self.send_some();
        }
    }

    /// Takes in what was released next; a tick only while the world may be shown.
    pub fn take(&mut self, release: Release, released: &Receiver<Release>, recycled: &Sender<RecycledOutput>) {
        match release {
            Release::Tick(tick) => {
                let started = Instant::now();
                self.tick(&tick, released);
                self.realm.metrics.engine.fanout(started.elapsed());
                // With enough of them on the way already, this one is dropped.
                let _ = recycled.try_send(tick.output.recycled());
            }
            Release::Refused(refused) => self.refuse(&refused),
            Release::Undone(undone) => self.undo(&undone),
        }
    }

    /// Whether the world may be shown. While its lease is not confirmed another server may show it;
    /// when this one is stopped, what was committed is told all the same.
    #[must_use]
    pub fn standing(&self) -> Standing {
        let Health { tenure, process, .. } = &*self.realm.health;
        match process.cause() {
            _ if tenure.holds() => Standing::Shows,
            Some(Cause::WorldLost(_)) => Standing::Over,
            _ if process.is_stopping() => Standing::Shows,
            _ => Standing::Waits,
        }
    }

    /// Waits until the world may be shown. False when it never may again.
    fn stand_by(&self) -> bool {
        loop {
            match self.standing() {
                Standing::Shows => return true,
                Standing::Over => return false,
                Standing::Waits => {
                    pulse(&self.realm).wait();
                    std::thread::sleep(STAND_BY_LOOK);
                }
            }
        }
    }

    /// Whether this thread did not run for longer than it waits for anything.
    fn was_suspended(&mut self) -> bool {
        let now = clock::since_boot();
        now.saturating_sub(std::mem::replace(&mut self.turned, now)) > SUSPENDED_AFTER
    }

    /// Sends some of what waits. False when more does.
    pub fn send_some(&mut self) -> bool {
        self.send_order.send_some(&mut self.subscribers, pulse(&self.realm));
        self.send_order.is_done()
    }

    fn tick(&mut self, committed: &CommittedTick, released: &Receiver<Release>) {
        let output = &committed.output;
        self.realm.note_released(output.tick);
        if let Some((map, bring)) = &committed.map {
            self.change_map(output.tick, map, *bring);
        }
        for delta in &output.sessions {
            if let Some(attached) = delta.attached {
                pulse(&self.realm).beat();
                self.attach(output.tick, delta, attached);
            }
        }
        for group in output.answers.chunk_by(|a, b| a.session == b.session) {
            self.answer(Some(committed), group);
        }
        for (key, _) in &output.departed {
            self.hand_over(*key);
        }
        let in_views: Vec<_> = output.cells.iter().map(|delta| self.subscribers.take_in_view(&delta)).collect();
        let of_cells = output.cells.iter().zip(&in_views);
        let mut bodies: Vec<Body<'_>> =
            of_cells.map(|(delta, in_view)| Body::of_cell(delta, in_view.as_ref())).collect();
        let mut views: Vec<Body<'_>> = output.views.iter().map(Body::of_view).collect();
        self.take_in(output);
        for delta in &output.sessions {
            pulse(&self.realm).beat();
            self.session_delta(output, &mut bodies, &mut views, delta);
        }
        self.send_owed(output, &mut bodies);
        let health = Arc::clone(&self.realm.health);
        if health.tenure.holds() {
            self.send_order.flush_urgent(&mut self.subscribers, pulse(&self.realm));
        }
        // With something of the tick before, or the next tick, waiting there is more to send than
        // time: what is only queued leaves together with what follows, and everybody gets a turn.
        let mut is_behind = !self.send_order.is_done();
        for (body, delta) in bodies.iter_mut().zip(output.cells.iter()) {
            is_behind |= !released.is_empty();
            let members = self.subscribers.take_members(delta.cell);
            for (place, id) in members.iter().enumerate() {
                pulse(&self.realm).beat();
                // This server may have been stopped just here.
                is_behind |= !health.tenure.holds();
                prefetch::ahead(place, members[place..].iter(), |id| self.subscribers.prefetch(*id));
                if let Some(subscriber) =
                    self.subscribers.get_mut(*id).filter(|subscriber| subscriber.delta_tick != output.tick)
                    && let Some(outbox) = &subscriber.outbox
                {
                    let frame = body.plain(outbox.encoding, output.tick);
                    subscriber.delta_tick = output.tick;
                    let (verdict, waits) = if is_behind || subscriber.pending != Pending::No {
                        (outbox.queue_delta(output.tick, false, frame.clone()), true)
                    } else {
                        outbox.deliver_delta(output.tick, frame)
                    };
                    follow_up(&self.realm.mailbox, subscriber, output.tick, verdict);
                    if waits {
                        self.send_order.rest(*id, subscriber);
                    }
                }
            }
            self.subscribers.put_back(delta.cell, members);
        }
        drop(bodies);
        for (delta, in_view) in output.cells.iter().zip(in_views) {
            self.subscribers.follow(&delta, in_view);
        }
        self.mark_the_second(output.tick);
        for (key, _) in &output.departed {
            self.depart(*key);
        }
    }

    /// Serves another map, and tells everybody before the first delta with it.
    fn change_map(&mut self, tick: Tick, map: &Arc<ServedMap>, bring: Bring) {
        self.realm.serve(Arc::clone(map), bring);
        for (id, subscriber) in self.subscribers.iter_mut() {
            pulse(&self.realm).beat();
            tell_of_map(&self.realm, tick, subscriber);
            self.send_order.rest(id, subscriber);
        }
    }

    /// Answers intents outside a tick.
    fn refuse(&mut self, answers: &[Answer]) {
        for group in answers.chunk_by(|a, b| a.session == b.session) {
            self.answer(None, group);
        }
    }

    /// Answers rolled-back intents, and attaches everyone to the world again, because the rollback
    /// gave them new entities.
    fn undo(&mut self, undone: &Undone) {
        let is_undone = |answer: &&Answer| matches!(&answer.outcome, Outcome::Refused(refusal) if refusal.code == ErrorCode::ActionAtomicRollback);
        self.realm.metrics.sessions.intents_failed.inc_by(undone.answers.iter().filter(is_undone).count() as u64);
        self.refuse(&undone.answers);
        for (_, subscriber) in self.subscribers.iter_mut() {
            pulse(&self.realm).beat();
            // A world that has gone back has forgotten what it was told, or comes to it only now:
            // it is told again.
            if subscriber.is_full {
                subscriber.is_full = !subscriber.mail.is_full();
                send_if_full(&self.realm.mailbox, subscriber);
            }
            if let Some(outbox) = subscriber.outbox.take() {
                subscriber.mail.confirm(outbox.liveness().arrived(), 0);
                outbox.close(CloseCode::ShuttingDown);
            }
        }
        for key in &undone.departed {
            self.depart(*key);
        }
    }

    /// Subscribers a session and answers its hello.
    fn attach(&mut self, tick: Tick, delta: &SessionDelta, attached: Attached) {
        let Some(session) = self.realm.registry.get(delta.session) else { return };
        let handshake = session.take_handshake();
        session.note_seq(attached.last_seq);
        let id = self.subscribers.subscribe(session);
        let Some(subscriber) = self.subscribers.get_mut(id) else { return };
        subscriber.entity = Some(attached.entity_id);
        // Also when the connection has gone again: before anything newer comes into the mail.
        if let Some(past) = subscriber.session.take_past() {
            recall(subscriber, past, &self.early);
        }
        // Without a connection it has gone again; the next one attaches anew.
        let Some(Handshake { outbox: Some(outbox), grant: reconnect, resumed, held }) = handshake else { return };
        let resume = match (resumed, attached.is_delta) {
            (false, _) => Resume::Fresh,
            (true, true) => Resume::Delta,
            (true, false) => Resume::Snapshot,
        };
        let mut reconnects = 0;
        if resumed {
            self.realm
                .metrics
                .sessions
                .reconnect_success(self.realm.returning.settle(&subscriber.session.identity.user_id));
            reconnects = subscriber.session.note_reconnect();
        }
        self.realm.metrics.sessions.connect_success.inc();
        journal::live(&subscriber.session.identity, resume, reconnects);
        let ack = ServerMessage::Ack(Ack::Handshake {
            session_id: subscriber.session.identity.session_id,
            entity_id: attached.entity_id,
            version: self.versions.accepted().version.clone(),
            tick,
            tick_hz: self.realm.settings.tick_hz,
            last_seq: attached.last_seq,
            resume,
            reconnect,
        });
        outbox.queue(OutFrame::message(outbox.encoding, &ack));
        self.realm.health.each_degraded(|event| {
            outbox.queue(OutFrame::message(outbox.encoding, &ServerMessage::Degraded(event)));
        });
        if let Some(before) = subscriber.outbox.replace(outbox) {
            subscriber.mail.confirm(before.liveness().arrived(), tick);
            before.flush();
        }
        // It may have changed since the bootstrap.
        tell_of_map(&self.realm, tick, subscriber);
        subscriber.mail.resume(held, tick);
        deliver_notices(subscriber);
        self.send_order.urgent(id, subscriber);
    }

    /// The frame of a session delta: own state, effects, or a view of its own.
    fn session_delta<'a>(
        &mut self,
        output: &'a TickOutput,
        bodies: &mut [Body<'a>],
        views: &mut [Body<'a>],
        delta: &'a SessionDelta,
    ) {
        let Some(id) = self.subscribers.find(delta.session) else { return };
        self.subscribers.enter_cell(id, delta.cell);
        let Some(subscriber) = self.subscribers.get_mut(id) else { return };
        if let Some(own) = &delta.own {
            subscriber.session.commit_character(own);
        }
        subscriber.delta_tick = output.tick;
        let is_full = matches!(delta.view, View::Own(number) if views[number].is_full());
        take_effects(subscriber, output.tick, is_full, &mut self.effects);
        // What the frame of this tick takes does not wait.
        send_if_full(&self.realm.mailbox, subscriber);
        let Some(outbox) = &subscriber.outbox else { return };
        let part = SessionPart { own: delta.own.as_ref(), effects: &self.effects };
        let (full, frame) = match delta.view {
            View::Own(number) => {
                let body = &mut views[number];
                (body.is_full(), body.with_session_part(outbox.encoding, output.tick, &part))
            }
            View::Cell => {
                let frame = match output.cells.find(delta.cell) {
                    Some(number) => bodies[number].with_session_part(outbox.encoding, output.tick, &part),
                    None => Body::default().with_session_part(outbox.encoding, output.tick, &part),
                };
                (false, frame)
            }
        };
        let verdict = queue_own(outbox, output.tick, full, frame, &self.effects);
        self.effects.clear();
        follow_up(&self.realm.mailbox, subscriber, output.tick, verdict);
        self.send_order.urgent(id, subscriber);
        self.owe(id);
    }

    /// At least one frame a second carries the tick, so that a quiet world is not taken for a
    /// stalled one.
    fn mark_the_second(&mut self, tick: Tick) {
        let hz = u64::from(self.realm.settings.tick_hz);
        let mut marks: [Option<OutFrame>; 2] = [None, None];
        for (id, subscriber) in self.subscribers.iter_mut().filter(|(_, subscriber)| subscriber.delta_tick + hz <= tick)
        {
            pulse(&self.realm).beat();
            let Some(outbox) = &subscriber.outbox else { continue };
            let frame = marks[outbox.encoding as usize]
                .get_or_insert_with(|| Body::default().plain(outbox.encoding, tick).clone())
                .clone();
            subscriber.delta_tick = tick;
            let verdict = outbox.queue_delta(tick, false, frame);
            follow_up(&self.realm.mailbox, subscriber, tick, verdict);
            send_if_full(&self.realm.mailbox, subscriber);
            self.send_order.rest(id, subscriber);
        }
    }

    fn depart(&mut self, key: SessionKey) {
        pulse(&self.realm).beat();
        if let Some(mut subscriber) = self.subscribers.remove(key) {
            self.pass_on(&mut subscriber);
            if let Some(outbox) = &subscriber.outbox {
                outbox.flush();
            }
            if !self.realm.health.process.is_stopping() {
                let _on_runtime = self.runtime.enter();
                self.realm.forget_session(&subscriber.session);
            }
        }
        if let Some(session) = self.realm.registry.departed(key) {
            journal::ended(&session.identity, CloseCode::Replaced, CloseCode::Replaced.reason());
        }
    }
}

/// Tells a client of the map that is served, unless it knows of it.
fn tell_of_map(realm: &Realm, tick: Tick, subscriber: &Subscriber) {
    let Some(outbox) = &subscriber.outbox else { return };
    if !subscriber.session.note_map(realm.map_number()) {
        let etag = realm.map().summary.etag.clone();
        outbox.queue(OutFrame::message(outbox.encoding, &ServerMessage::World(WorldEvent { tick, etag })));
    }
}

/// Where the thread says that it moves: with everybody it does something for, because what a turn
/// takes grows with them.
fn pulse(realm: &Realm) -> &Pulse {
    realm.health.pulses.of(Part::Fanout)
}

const _: () = assert!(Encoding::Postcard as usize == 0 && Encoding::Json as usize == 1);
