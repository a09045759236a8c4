//! A player who keeps to the protocol page, whatever happens to the server: many intents under way
//! at a time, back with its token after a loss, what was not answered sent again in order.
//! Everything it is told goes into its account.

use std::collections::BTreeSet;
use std::sync::MutexGuard;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use hyper::{Method, StatusCode};
use serde_json::{Value, json};
use tilemud_schema::rest::BootstrapResponse;
use tilemud_schema::{
    Ack, AckStatus, ClientMessage, CloseCode, DegradedEvent, Dependency, DependencyChange, Encoding, ErrorCode, Hello,
    Intent, Resume, Seq, ServerMessage, WireError,
};
use tilemud_support::player::try_exchange;
use tokio::sync::watch;
use tokio::time::{Interval, MissedTickBehavior, interval};

use crate::account::{Account, Wrong};
use crate::chance::Chance;
use crate::crowd::{Mode, Orders, Progress, SharedAccount};
use crate::deeds;
use crate::line::{Arrival, Line};

/// Intents without an answer at a time.
const UNDER_WAY_MAX: usize = 16;

/// Between two intents: about 100 a second.
const PACE: Duration = Duration::from_millis(10);

/// Between two attempts to come in.
const ATTEMPTS: Duration = Duration::from_millis(50);

/// Old intents that are repeated in a check.
const REPEATS: usize = 3;

pub struct Client {
    number: usize,
    encoding: Encoding,
    confidant: String,
    account: SharedAccount,
    chance: Chance,
    /// Which old intents are repeated depends on when; that must not change the deeds.
    repeats: Chance,
    orders: watch::Receiver<Orders>,
    progress: watch::Sender<Progress>,
    bearer: Option<String>,
    token: Option<String>,
    /// A handshake of its session was answered.
    is_established: bool,
    drops_seen: u32,
    check: Check,
}

/// How far a check is.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Check {
    /// Answers are waited for.
    Settling,
    /// A full delta is.
    Looking,
    /// Answers to repeats are.
    Repeating(BTreeSet<Seq>),
    /// The round is done.
    Done(u32),
}

/// Why a connection is not used any more.
enum Parting {
    Lost,
    Over,
}

/// A connection, and the life of the server that it goes to.
struct Seat {
    line: Line,
    life: u32,
}

impl Client {
    pub fn new(
        number: usize,
        account: SharedAccount,
        confidant: String,
        mut chance: Chance,
        orders: watch::Receiver<Orders>,
        progress: watch::Sender<Progress>,
    ) -> Self {
        let repeats = Chance::new(chance.below(u64::MAX), 0);
        Self {
            number,
            encoding: Encoding::ALL[number % Encoding::ALL.len()],
            confidant,
            account,
            chance,
            repeats,
            orders,
            progress,
            bearer: None,
            token: None,
            is_established: false,
            drops_seen: 0,
            check: Check::Settling,
        }
    }

    /// Plays until everybody goes home.
    pub async fn run(mut self) {
        let mut attempts = calm(ATTEMPTS);
        loop {
            attempts.tick().await;
            let orders = self.orders.borrow_and_update().clone();
            if orders.is_over {
                return;
            }
            let Some(url) = orders.url else {
                if self.orders.changed().await.is_err() {
                    return;
                }
                continue;
            };
            let seat = match self.come_in(&url, orders.life).await {
                Ok(Some(seat)) => seat,
                Ok(None) => continue,
                Err(error) => {
                    self.note(format!("not in: {error:#}"));
                    continue;
                }
            };
            self.tell(|progress| {
                progress.reconnects += 1;
                if progress.life == seat.life {
                    progress.live.insert(self.number);
                }
            });
            let parting = self.play(seat).await;
            self.tell(|progress| progress.live.retain(|number| *number != self.number));
            if matches!(parting, Parting::Over) {
                return;
            }
        }
    }

    fn account(&self) -> MutexGuard<'_, Account> {
        self.account.lock()
    }

    fn note(&self, line: impl std::fmt::Display) {
        self.account().note(line);
    }

    fn tell(&self, change: impl FnOnce(&mut Progress)) {
        let is_broken = !self.account().faults.is_empty();
        self.progress.send_modify(|progress| {
            progress.is_broken |= is_broken;
            change(progress);
        });
    }

    /// Bootstraps and shakes hands. None when the server says that it cannot now; an error when it
    /// is gone.
    async fn come_in(&mut self, url: &str, life: u32) -> Result<Option<Seat>> {
        let Some(grant) = self.bootstrap(url).await? else { return Ok(None) };
        let mut line = Line::open(url, self.encoding).await?;
        let hello = {
            let account = self.account();
            Hello {
                session_id: grant.session.session_id,
                ticket: grant.realtime.ticket,
                client_version: tilemud_schema::version().to_owned(),
                last_tick: (account.held.tick > 0).then_some(account.held.tick),
                oldest_unanswered_seq: Some(account.oldest_unanswered()),
                next_seq: Some(account.next_seq),
            }
        };
        self.note(format!("-> {hello:?}"));
        line.send(&ClientMessage::Hello(hello)).await;
        let answer = loop {
            let message = line.next_message().await?;
            self.note(format!("<- {message:?}"));
            match message {
                // Everybody is told of the store, also those who are still on their way in.
                ServerMessage::Degraded(event) => self.told_of_dependency(&event),
                answer => break answer,
            }
        };
        let (last_seq, resume, tick) = match answer {
            ServerMessage::Ack(Ack::Handshake { last_seq, resume, tick, reconnect, .. }) => {
                self.token = Some(reconnect.token);
                (last_seq, resume, tick)
            }
            ServerMessage::Error { seq: None, error } => {
                self.not_now(&error);
                return Ok(None);
            }
            other => {
                self.account().fault(Wrong::Other, format!("instead of the answer to hello: {other:?}"));
                return Ok(None);
            }
        };
        self.is_established = true;
        self.check = Check::Settling;
        {
            let mut account = self.account();
            account.told_last_seq(last_seq, "handshake");
            if tick < account.held.tick {
                let what = format!("the handshake is in tick {tick}, after tick {}", account.held.tick);
                account.fault(Wrong::Other, what);
            }
        }
        self.tell(|progress| progress.delta_resumes += u64::from(resume == Resume::Delta));
        let mut seat = Seat { line, life };
        let from = self.account().oldest_unanswered();
        self.send_again(&mut seat, from).await;
        Ok(Some(seat))
    }

    async fn bootstrap(&mut self, url: &str) -> Result<Option<BootstrapResponse>> {
        let name = self.account().name.clone();
        if self.bearer.is_none() {
            let (status, body) = call(url, "/dev/token", None, json!({ "user": name })).await?;
            anyhow::ensure!(status == StatusCode::OK, "no access token: {body}");
            self.bearer = body["access_token"].as_str().map(str::to_owned);
        }
        let body = json!({
            "client_version": tilemud_schema::version(),
            "display_name": name,
            "reconnect_token": self.token,
        });
        let (status, body) = call(url, "/api/session/bootstrap", self.bearer.as_deref(), body).await?;
        self.note(format!("<- bootstrap {status} {body}"));
        if status != StatusCode::OK {
            let error: WireError = serde_json::from_value(body).context("an error of the known shape")?;
            self.not_now(&error);
            return Ok(None);
        }
        let grant: BootstrapResponse = serde_json::from_value(body)?;
        self.token = Some(grant.reconnect.token.clone());
        let id = grant.session.session_id;
        let mut account = self.account.lock();
        if account.session.is_some_and(|known| known != id) && self.is_established {
            account.fault(Wrong::Other, format!("the session is lost, and there is a fresh one: {id}"));
        }
        account.session = Some(id);
        if account.character.is_none() {
            account.character = Some(grant.state.character.character_id);
            account.start = grant.state.character.state.position.expect("always given");
        }
        account.told_last_seq(grant.session.last_sequence_number, "bootstrap");
        drop(account);
        Ok(Some(grant))
    }

    fn told_of_dependency(&self, event: &DegradedEvent) {
        let is_away = event.dependency == Dependency::Database && event.status == DependencyChange::Unavailable;
        self.tell(|progress| progress.unavailable += u64::from(is_away));
    }

    /// What the server says when it cannot let one in now.
    fn not_now(&self, error: &WireError) {
        if !matches!(error.code, ErrorCode::Unavailable | ErrorCode::RateLimited) {
            self.account().fault(Wrong::Other, format!("not let in: {error:?}"));
        }
        self.tell(|progress| progress.unavailable += u64::from(error.code == ErrorCode::Unavailable));
    }

    async fn play(&mut self, mut seat: Seat) -> Parting {
        let mut pace = calm(PACE);
        loop {
            let orders = self.orders.borrow_and_update().clone();
            if orders.is_over {
                return Parting::Over;
            }
            if orders.drops != self.drops_seen {
                self.drops_seen = orders.drops;
                if orders.dropouts.contains(&self.number) {
                    self.note("drops its connection");
                    return Parting::Lost;
                }
            }
            if let Mode::Check(round) = orders.mode {
                self.go_on_checking(&mut seat, round).await;
            } else {
                self.check = Check::Settling;
            }
            let may_act = orders.mode == Mode::Play && self.account().unanswered.len() < UNDER_WAY_MAX;
            tokio::select! {
                arrival = seat.line.next() => match arrival {
                    Arrival::Message(message) => self.heed(&mut seat, *message).await,
                    Arrival::End(code) => {
                        self.note(format!("the connection ended with {code}"));
                        if code != 0 && code != u16::from(CloseCode::ShuttingDown) {
                            self.account().fault(Wrong::Other, format!("the connection was ended with {code}"));
                        }
                        return Parting::Lost;
                    }
                    Arrival::Garbage(what) => {
                        self.account().fault(Wrong::Other, format!("not a message: {what}"));
                        self.tell(|_| ());
                        return Parting::Lost;
                    }
                },
                _ = pace.tick(), if may_act => self.act(&mut seat).await,
                changed = self.orders.changed() => if changed.is_err() {
                    return Parting::Over;
                },
            }
        }
    }

    async fn act(&mut self, seat: &mut Seat) {
        let (seq, intent) = {
            let mut account = self.account.lock();
            let intent = deeds::next(&account, &self.confidant, &mut self.chance);
            let seq = account.number(intent.clone());
            account.note(format!("-> {seq}: {intent:?}"));
            (seq, intent)
        };
        self.tell(|progress| progress.intents += 1);
        seat.line.send(&deeds::message(seq, &intent)).await;
    }

    /// Sends again, in order, what was not answered.
    async fn send_again(&self, seat: &mut Seat, from: Seq) {
        let again: Vec<(Seq, Intent)> = {
            let account = self.account();
            let to = account.unanswered.last().copied().unwrap_or(0);
            if to < from {
                return;
            }
            let numbers = account.intents.range(from..=to);
            numbers
                .filter(|(_, numbered)| numbered.acked.is_none() && numbered.refused.is_none())
                .map(|(seq, numbered)| (*seq, numbered.intent.clone()))
                .collect()
        };
        self.note(format!("-> again: {:?}", again.iter().map(|(seq, _)| *seq).collect::<Vec<_>>()));
        for (seq, intent) in again {
            seat.line.send(&deeds::message(seq, &intent)).await;
        }
    }

    async fn heed(&mut self, seat: &mut Seat, message: ServerMessage) {
        self.note(format!("<- {message:?}"));
        match message {
            ServerMessage::Ack(Ack::Intents { tick, acks }) => {
                let gone_since = self.orders.borrow().store_gone_since;
                for ack in &acks {
                    self.account().acknowledged(tick, ack);
                    if gone_since.is_some_and(|gone_since| ack.persisted_at > gone_since) {
                        self.account().fault(Wrong::Lost, format!("acknowledged without any store: {ack:?}"));
                    }
                    if let Check::Repeating(waiting) = &mut self.check
                        && ack.status == AckStatus::Duplicate
                        && waiting.remove(&ack.seq)
                    {
                        self.tell(|progress| progress.repeats_confirmed += 1);
                    }
                }
                self.tell(|progress| {
                    progress.acks += acks.len() as u64;
                    if progress.life == seat.life {
                        progress.first_ack.get_or_insert_with(Instant::now);
                    }
                });
            }
            ServerMessage::Error { seq: Some(seq), error } => self.refused(seq, &error),
            ServerMessage::StateDelta(delta) => {
                self.account().saw(&delta);
                if delta.full && self.check == Check::Looking {
                    self.repeat_some(seat).await;
                }
                self.tell(|_| ());
            }
            ServerMessage::Degraded(event) => self.told_of_dependency(&event),
            ServerMessage::Disconnect(_) | ServerMessage::Heartbeat { .. } => {}
            ServerMessage::Ack(Ack::Handshake { .. })
            | ServerMessage::Error { seq: None, .. }
            | ServerMessage::VersionMismatch { .. }
            | ServerMessage::World(_) => {
                self.account().fault(Wrong::Other, format!("not expected: {message:?}"));
                self.tell(|_| ());
            }
        }
    }

    fn refused(&self, seq: Seq, error: &WireError) {
        if error.code == ErrorCode::SeqOutOfOrder {
            // What is left out was named with the hello.
            self.account().fault(Wrong::Other, format!("{seq} is refused: {error:?}"));
        } else {
            self.account().refused(seq, error.code);
        }
        self.tell(|progress| {
            progress.unavailable += u64::from(error.code == ErrorCode::Unavailable);
            *progress.refusals.entry(error.code.to_string()).or_default() += 1;
        });
    }

    async fn go_on_checking(&mut self, seat: &mut Seat, round: u32) {
        match &self.check {
            Check::Settling if self.account().unanswered.is_empty() => {
                self.note(format!("looks where it is, in check {round}"));
                self.check = Check::Looking;
                seat.line.send(&ClientMessage::Resync {}).await;
            }
            Check::Repeating(waiting) if waiting.is_empty() => {
                self.check = Check::Done(round);
                self.tell(|progress| progress.checked.extend([(self.number, round)]));
            }
            Check::Done(before) if *before != round => self.check = Check::Settling,
            _ => {}
        }
    }

    /// Some of what was acknowledged, again: it must be told so, and with the original record.
    async fn repeat_some(&mut self, seat: &mut Seat) {
        let mut chosen = BTreeSet::new();
        let mut messages = Vec::new();
        {
            let account = self.account.lock();
            for _ in 0..REPEATS {
                let from = 1 + self.repeats.below(account.newest_acked.max(1));
                let acked = account.intents.range(from..).find(|(_, numbered)| numbered.acked.is_some());
                if let Some((seq, numbered)) = acked
                    && chosen.insert(*seq)
                {
                    messages.push(deeds::message(*seq, &numbered.intent));
                }
            }
        }
        self.note(format!("-> repeats {chosen:?}"));
        self.check = Check::Repeating(chosen);
        for message in messages {
            seat.line.send(&message).await;
        }
    }
}

/// An interval that does not catch up.
fn calm(period: Duration) -> Interval {
    let mut interval = interval(period);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    interval
}

async fn call(url: &str, path: &str, bearer: Option<&str>, body: Value) -> Result<(StatusCode, Value)> {
    let (status, _, body) = try_exchange(url, Method::POST, path, bearer, Some(body)).await?;
    Ok((status, serde_json::from_slice(&body).unwrap_or(Value::Null)))
}
