//! A player: numbers intents, sends again what was not answered, comes back when its connection
//! goes, and at times does what no client should. What it is told is held against the disk there
//! and then, and kept in the story of its session.

use std::net::IpAddr;
use std::rc::Rc;
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use tilemud_net::simulated;
use tilemud_schema::{
    Ack, AckStatus, Action, ChatChannel, ClientMessage, CloseCode, Effect, Emote, Encoding, ErrorCode, Hello, Intent,
    Resume, Seq, ServerMessage, SessionId, StateDelta,
};
use tilemud_support::story::{self, Story};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until, timeout};

use crate::life::Life;
use crate::plan::{Deed, Dice, What};
use crate::store::pass;
use crate::wire::{Came, Line, frame};
use crate::world::{World, count, name_of, user_of};

/// A client that hears nothing for so long takes its connection for lost; the server says something
/// every second.
const SILENCE: Duration = Duration::from_secs(4);

/// A bootstrap that takes longer is given up.
const PATIENCE: Duration = Duration::from_secs(6);

/// What a player is told to do.
pub enum Order {
    Do(What),
    /// To behave, to get everything answered, and to say so.
    Finish,
}

pub struct Player {
    world: Rc<World>,
    pub number: usize,
    name: String,
    dice: Dice,
    orders: mpsc::UnboundedReceiver<Order>,
    /// Its sessions; it plays the last.
    pub stories: Vec<Story>,
    token: Option<String>,
    /// It has done on this connection what no client should.
    misbehaved: bool,
    /// Whether a handshake of the session has been answered.
    was_in: bool,
    finishing: bool,
    asked_for_all: bool,
    is_done: bool,
    words: u32,
    /// Connections that a newer one replaces.
    old: Vec<Line>,
    /// Up to where it has sent again since a gap, and from where.
    sent_again: Option<(Seq, Seq)>,
    newest_applied: Seq,
}

/// What a connection ended in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Over,
    /// Another one is wanted at once; this one is still there.
    Again,
}

impl Player {
    pub fn new(world: &Rc<World>, number: usize, orders: mpsc::UnboundedReceiver<Order>) -> Self {
        Self {
            world: Rc::clone(world),
            number,
            name: name_of(number),
            dice: Dice::new(world.plan.seed, 100 + number as u64),
            orders,
            stories: Vec::new(),
            token: None,
            misbehaved: false,
            was_in: false,
            finishing: false,
            asked_for_all: false,
            is_done: false,
            words: 0,
            old: Vec::new(),
            sent_again: None,
            newest_applied: 0,
        }
    }

    /// Plays until it has finished; itself then, with all it was told.
    pub async fn run(mut self) -> Result<Self> {
        while !self.is_done {
            let outcome = self.visit().await;
            outcome.with_context(|| format!("{} in session {}", self.name, self.stories.len().saturating_sub(1)))?;
            let waits = if self.old.is_empty() { 20 + self.dice.below(150) } else { 1 };
            pass(waits).await;
        }
        Ok(self)
    }

    /// One connection, from the bootstrap to its end.
    async fn visit(&mut self) -> Result<()> {
        let Some(life) = self.world.current() else {
            while let Ok(order) = self.orders.try_recv() {
                self.while_away(order);
            }
            self.old.clear();
            return Ok(());
        };
        let Some(mut line) = self.connect(&life).await? else { return Ok(()) };
        match self.play(&life, &mut line).await? {
            End::Over => self.old.clear(),
            End::Again => self.old.push(line),
        }
        Ok(())
    }

    fn while_away(&mut self, order: Order) {
        match order {
            Order::Do(What::Act { deeds, .. }) if !self.stories.is_empty() => {
                deeds.iter().for_each(|deed| drop(self.number_deed(*deed)));
            }
            Order::Do(_) => {}
            Order::Finish => self.finishing = true,
        }
    }

    fn story(&mut self) -> &mut Story {
        self.stories.last_mut().expect("there is one after the first bootstrap")
    }

    /// Bootstraps and says hello.
    async fn connect(&mut self, life: &Rc<Life>) -> Result<Option<Line>> {
        let asked = {
            pass(self.dice.below(20)).await;
            timeout(
                PATIENCE,
                simulated::bootstrap(&life.edge, self.address(), user_of(self.number), self.token.as_deref()),
            )
            .await
        };
        pass(self.dice.below(20)).await;
        let is_lost = !self.finishing && self.dice.once_in(15);
        let Ok(Ok(granted)) = asked else { return Ok(None) };
        if is_lost || life.is_over() {
            return Ok(None);
        }
        self.begin(granted.session_id)?;
        let known = self.story().newest_applied();
        ensure!(granted.last_seq >= known, "{known} was applied, and the bootstrap says {}", granted.last_seq);
        self.hold_token(granted.reconnect_token);
        let encoding = Encoding::ALL[self.number % 2];
        let line = Line::open(&life.edge, self.address(), encoding, &mut self.dice);
        let way = Rc::clone(&line.way);
        let life = Rc::clone(life);
        // The system closes the sockets of a process that dies.
        tokio::task::spawn_local(async move {
            let ended = life.ended.notified();
            if !life.is_over() {
                ended.await;
            }
            way.cut();
        });
        count(&self.world.figures.connects);
        let story = self.story();
        let held = (story.held.tick > 0).then_some(story.held.tick);
        let hello = Hello {
            session_id: granted.session_id,
            ticket: granted.ticket,
            client_version: tilemud_schema::version().to_owned(),
            last_tick: held,
            oldest_unanswered_seq: Some(story.oldest_unanswered()),
            next_seq: Some(story.next_seq),
        };
        self.world.note(|| format!("{} says hello, holds {held:?}, from {:?}", self.name, hello.oldest_unanswered_seq));
        line.send(&ClientMessage::Hello(hello));
        Ok(Some(line))
    }

    /// Where it comes from.
    fn address(&self) -> IpAddr {
        [10, 0, 0, self.number as u8].into()
    }

    fn hold_token(&mut self, token: String) {
        let session = self.story().id;
        self.world.tokens.borrow_mut().insert(self.number, (session, token.clone()));
        self.token = Some(token);
    }

    /// A bootstrap has led to this session.
    fn begin(&mut self, id: SessionId) -> Result<()> {
        if self.stories.last().is_some_and(|story| story.id == id) {
            return Ok(());
        }
        ensure!(self.stories.iter().all(|story| story.id != id), "an earlier session comes back");
        // One that never had a connection has nothing to come back to.
        ensure!(self.token.is_none() || !self.was_in, "the session is lost");
        self.was_in = false;
        if let Some(last) = self.stories.last_mut() {
            last.is_over = true;
        }
        self.stories.push(Story::new(id));
        Ok(())
    }

    /// Plays over a connection until it ends.
    async fn play(&mut self, life: &Life, line: &mut Line) -> Result<End> {
        (self.misbehaved, self.asked_for_all, self.sent_again, self.newest_applied) = (false, false, None, 0);
        let mut is_in = false;
        let mut silent_at = Instant::now() + SILENCE;
        loop {
            tokio::select! {
                biased;
                order = self.orders.recv() => match order {
                    Some(Order::Finish) => self.finishing = true,
                    Some(order) if !is_in => self.while_away(order),
                    Some(Order::Do(what)) => match self.obey(life, line, what).await? {
                        None => {}
                        Some(end) => return Ok(end),
                    },
                    None => bail!("nobody gives orders any more"),
                },
                came = line.next() => match came {
                    Came::End(code) => {
                        self.world.note(|| format!("{} connection ended: {code}", self.name));
                        ensure!(code != u16::from(CloseCode::Protocol) || self.misbehaved, "ended for nothing");
                        return Ok(End::Over);
                    }
                    Came::Message(message) => {
                        let message = *message;
                        silent_at = Instant::now() + SILENCE;
                        is_in |= matches!(message, ServerMessage::Ack(Ack::Handshake { .. }));
                        self.heed(life, line, message)?;
                    }
                },
                () = sleep_until(silent_at) => return Ok(End::Over),
            }
            if self.is_done {
                return Ok(End::Over);
            }
            if self.finishing && is_in && !self.asked_for_all && self.story().unanswered().is_empty() {
                self.asked_for_all = true;
                line.send(&ClientMessage::Resync {});
            }
        }
    }

    /// Does what it is told. Some when the connection is to be left.
    async fn obey(&mut self, life: &Life, line: &mut Line, what: What) -> Result<Option<End>> {
        self.world.note(|| format!("{}: {what:?}", self.name));
        match what {
            What::Act { deeds, .. } => {
                for deed in deeds {
                    let (seq, intent) = self.number_deed(deed);
                    self.send(life, line, seq, &intent);
                }
            }
            What::Repeat { back, times, .. } => {
                let seq = self.story().next_seq.saturating_sub(1 + back);
                let want = self.story().intents.get(&seq).and_then(|it| it.wants.last().cloned());
                if let Some(want) = want.filter(|_| seq > 0) {
                    (0..times).for_each(|_| self.send(life, line, seq, &want));
                }
            }
            What::Leap { ahead, .. } => {
                let seq = self.story().next_seq + ahead;
                let (_, intent) = self.intent(Deed::Say);
                self.story().intents.entry(seq).or_default().wants.push(intent.clone());
                self.send(life, line, seq, &intent);
            }
            What::Resync { .. } => line.send(&ClientMessage::Resync {}),
            What::Garbage { kind, .. } => self.rubbish(line, kind),
            What::Cut { bytes, up, .. } => line.way.cut_after(bytes, up),
            What::Freeze { ms, .. } => line.way.freeze(Instant::now() + Duration::from_millis(ms)),
            What::ReadSlowly { ms, bytes, .. } => line.way.slow_down(Instant::now() + Duration::from_millis(ms), bytes),
            What::Rejoin { .. } => return Ok(Some(End::Again)),
            What::Fresh { .. } => {
                self.token = None;
                return Ok(Some(End::Again));
            }
            What::Logout { .. } => {
                line.send(&ClientMessage::Logout {});
                (self.token, self.story().is_over) = (None, true);
                pass(self.dice.below(60)).await;
                return Ok(Some(End::Over));
            }
            What::StolenToken { .. } => self.steal(life).await?,
            _ => {}
        }
        Ok(None)
    }

    fn rubbish(&mut self, line: &Line, kind: u8) {
        self.misbehaved = true;
        let whole = frame(if line.encoding == Encoding::Json { 0x81 } else { 0x82 }, b"\xff nonsense");
        line.send_raw(match kind {
            0 => whole,
            1 => frame(0xc2, b"a reserved bit"),
            2 => vec![0x82, 3, 1, 2, 3],
            3 => (0..40).map(|_| self.dice.below(256) as u8).collect(),
            4 => frame(0x80, b"continues nothing"),
            _ => whole[..whole.len() / 2].to_vec(),
        });
        if kind == 5 {
            line.way.cut_after(0, true);
        }
    }

    /// Somebody else's token is worth nothing.
    async fn steal(&mut self, life: &Life) -> Result<()> {
        let victim = (self.number + 1) % self.world.plan.players;
        let stolen = self.world.tokens.borrow().get(&victim).cloned();
        let Some((session, token)) = stolen else { return Ok(()) };
        let asked =
            timeout(PATIENCE, simulated::bootstrap(&life.edge, self.address(), user_of(self.number), Some(&token)))
                .await;
        if let Ok(Ok(granted)) = asked {
            ensure!(granted.session_id != session, "a stolen token brings its session");
        }
        Ok(())
    }

    /// A deed as an intent; words are never said twice.
    fn intent(&mut self, deed: Deed) -> (String, Intent) {
        self.words += 1;
        let text = format!("{} {}", self.name, self.words);
        let chat = |channel, to| Intent::Chat { channel, text: text.as_str().into(), to };
        let intent = match deed {
            Deed::Walk(direction) => Intent::Move { direction },
            Deed::Say => chat(ChatChannel::Say, None),
            Deed::Shout => chat(ChatChannel::Zone, None),
            Deed::Whisper => {
                let to = name_of((self.number + 1) % self.world.plan.players);
                chat(ChatChannel::Whisper, Some(to.into()))
            }
            Deed::Wave => Intent::Emote { emote: Emote::Wave },
            Deed::Blank => Intent::Chat { channel: ChatChannel::Say, text: "  ".into(), to: None },
            Deed::UseNothing => Intent::Action { steps: vec![Action::Use { item: "nothing".into(), target: None }] },
        };
        (text, intent)
    }

    fn number_deed(&mut self, deed: Deed) -> (Seq, Intent) {
        let (_, intent) = self.intent(deed);
        count(&self.world.figures.intents);
        (self.story().number(intent.clone()), intent)
    }

    fn send(&mut self, life: &Life, line: &Line, seq: Seq, intent: &Intent) {
        self.world.note(|| format!("{} -> {seq} {intent:?}", self.name));
        line.send(&ClientMessage::Intent { seq, intent: intent.clone() });
        self.story().intents.entry(seq).or_default().sent_in.get_or_insert(life.number);
    }

    /// Sends again from a number on; in the place of what was refused stands what can have no
    /// effect.
    fn send_from(&mut self, life: &Life, line: &Line, from: Seq, all: bool) {
        let Some(newest) = self.story().unanswered().last().copied() else { return };
        for seq in from..=newest {
            let Some(numbered) = self.story().intents.get(&seq) else { continue };
            if !all && numbered.is_answered() {
                continue;
            }
            let want = if numbered.refusals.is_empty() { numbered.wants.last().cloned() } else { None };
            let want = want.unwrap_or_else(|| self.intent(Deed::Blank).1);
            let wants = &mut self.story().intents.entry(seq).or_default().wants;
            if !wants.contains(&want) {
                wants.push(want.clone());
            }
            self.send(life, line, seq, &want);
        }
    }

    /// Takes in a message.
    fn heed(&mut self, life: &Life, line: &Line, message: ServerMessage) -> Result<()> {
        self.world.note(|| format!("{} <- {message:?}", self.name));
        let known = story::Life {
            number: life.number,
            had_outage: life.had_outage.get() || life.edge.worlds.first().realm.health.is_store_away(),
            had_undo: life.had_undo.get(),
        };
        match message {
            ServerMessage::Ack(Ack::Handshake { session_id, last_seq, resume, reconnect, .. }) => {
                let story = self.story();
                ensure!(session_id == story.id, "the handshake names another session");
                let answered = story.newest_answered().min(story.oldest_unanswered() - 1);
                ensure!(last_seq >= answered, "{answered} was answered, the handshake says {last_seq}");
                ensure!(resume != Resume::Delta || story.held.tick > 0, "a delta resume of nothing");
                story.awaits_snapshot |= resume != Resume::Delta;
                self.hold_token(reconnect.token);
                self.was_in = true;
                self.send_from(life, line, 1, false);
            }
            ServerMessage::Ack(Ack::Intents { tick, acks }) => {
                for ack in acks {
                    if ack.status == AckStatus::Applied {
                        ensure!(ack.seq > self.newest_applied, "{} after {}", ack.seq, self.newest_applied);
                        self.newest_applied = ack.seq;
                    }
                    self.story().acknowledged(tick, &ack)?;
                    let session = self.story().id;
                    self.world.ensure_durable(session, &ack)?;
                }
            }
            ServerMessage::Error { seq: Some(seq), error } => {
                if let Some(from) = self.story().refused(&known, seq, &error)? {
                    let newest = self.story().unanswered().last().copied().unwrap_or(0);
                    // Each of several numbers after one gap is refused; sending again once is
                    // enough.
                    if self.sent_again.is_none_or(|(before, up_to)| before != from || seq > up_to) {
                        self.sent_again = Some((from, newest));
                        self.send_from(life, line, from, true);
                    }
                }
            }
            ServerMessage::Error { seq: None, error } => {
                let is_fine = error.code == ErrorCode::TargetAway || error.code == ErrorCode::Unavailable;
                ensure!(is_fine || self.misbehaved, "an error for nothing: {error:?}");
            }
            ServerMessage::StateDelta(delta) => self.see(&delta)?,
            ServerMessage::Heartbeat { .. } | ServerMessage::Degraded(_) | ServerMessage::Disconnect(_) => {}
            ServerMessage::VersionMismatch { .. } | ServerMessage::World(_) => bail!("{message:?}"),
        }
        Ok(())
    }

    /// Nothing is shown that is not in the log.
    fn see(&mut self, delta: &StateDelta) -> Result<()> {
        count(&self.world.figures.deltas);
        self.story().saw(delta)?;
        // Kept for the judge of the other model; here each is judged at once.
        self.story().sightings.clear();
        let world = Rc::clone(&self.world);
        for (name, position) in self.story().held.players() {
            let logged = world.place(name, delta.tick);
            ensure!(
                logged == Some(position),
                "{name} is shown at {position:?} in tick {}, in the log {logged:?}",
                delta.tick
            );
        }
        for effect in &delta.effects {
            if let Effect::Chat { text, .. } = effect {
                let said = world.database.disk.lock().said(text);
                ensure!(
                    said.is_some_and(|tick| tick <= delta.tick),
                    "{text:?} is heard in {}, said {said:?}",
                    delta.tick
                );
            }
        }
        if delta.full && self.asked_for_all && self.story().unanswered().is_empty() {
            self.is_done = true;
        }
        Ok(())
    }
}
