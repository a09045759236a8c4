//! The attackers, in a process of their own: brings all connections of a flood to where it begins,
//! says so, and floods until it is ended. The control goes the same way without what only a server
//! answers.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, TcpStream};
use std::process::ExitCode;
use std::sync::Barrier;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use socket2::SockRef;
use tilemud_schema::SessionId;

use super::floods::{Deed, Flood, Known, State, ping};
use crate::client::{Way, connect, framed, hello};

/// Threads that share the connections.
const THREADS: usize = 4;

/// Bytes that are offered at once when it is as fast as they are taken.
const POUR_BYTES: usize = 16 * 1024;

/// From one attempt of a connection to come back to the next.
const BACK_EVERY: Duration = Duration::from_millis(200);

/// From one look whether a silent connection is still held to the next.
const HELD_EVERY: Duration = Duration::from_millis(250);

/// When nothing could be done.
const IDLE: Duration = Duration::from_millis(1);

/// Time for all to come in before the flood begins; whoever has not by then goes on trying while it
/// lasts.
const BEGIN_PATIENCE: Duration = Duration::from_secs(20);

#[derive(Clone, Copy)]
struct Target {
    way: Way,
    is_sink: bool,
}

/// Floods until it is ended.
///
/// # Errors
/// When the flood cannot begin.
pub fn run(flood: &'static Flood, server: &str, sink: Option<&str>) -> Result<ExitCode> {
    let way = |to: &str| -> Result<Way> {
        Ok(Way { from: IpAddr::V4(Ipv4Addr::LOCALHOST), to: to.parse().context("an address")? })
    };
    let target = Target { way: way(sink.unwrap_or(server))?, is_sink: sink.is_some() };
    let known = known(flood, way(server)?)?;
    let is_ready = Barrier::new(THREADS + 1);
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let (known, is_ready) = (&known, &is_ready);
            scope.spawn(move || {
                let mut all: Vec<Attacker> = (thread..flood.connections)
                    .step_by(THREADS)
                    .map(|number| Attacker::new(number, flood, target))
                    .collect();
                let until = Instant::now() + BEGIN_PATIENCE;
                all.iter_mut().for_each(|attacker| attacker.begin(known, until));
                is_ready.wait();
                loop {
                    let has_done = all.iter_mut().map(|attacker| attacker.attack(known)).fold(false, |a, b| a | b);
                    if !has_done {
                        std::thread::sleep(IDLE);
                    }
                }
            });
        }
        is_ready.wait();
        println!("attacking");
    });
    Ok(ExitCode::SUCCESS)
}

/// What requests need to know. A server gives it before it is flooded, also for the control.
fn known(flood: &Flood, way: Way) -> Result<Known> {
    let authority = way.to.to_string();
    match flood.deed {
        Deed::Ask(_) => {
            let token = way.token("Attacker 0")?;
            let boot = way.bootstrap(&token, "Attacker 0")?;
            let character = boot.state.character.character_id.to_string();
            let session = boot.session.session_id.to_string();
            Ok(Known { authority, token, character, session, ..Known::default() })
        }
        _ => Ok(Known { authority, largest: "/api/world".to_owned(), ..Known::default() }),
    }
}

struct Attacker {
    number: usize,
    flood: &'static Flood,
    target: Target,
    token: Option<String>,
    stream: Option<TcpStream>,
    /// What is being sent, and how far it has come.
    pending: Vec<u8>,
    sent: usize,
    seq: u64,
    due: Instant,
}

impl Attacker {
    fn new(number: usize, flood: &'static Flood, target: Target) -> Self {
        let now = Instant::now();
        Self { number, flood, target, token: None, stream: None, pending: Vec::new(), sent: 0, seq: 0, due: now }
    }

    /// Comes in for the first time, however often it takes until then.
    fn begin(&mut self, known: &Known, until: Instant) {
        while Instant::now() < until && self.come_in(known).is_err() {
            std::thread::sleep(BACK_EVERY);
        }
    }

    fn come_in(&mut self, known: &Known) -> Result<()> {
        let stream = self.reach()?;
        // Ports are not to run out: what is closed is forgotten at once.
        SockRef::from(&stream).set_linger(Some(Duration::ZERO))?;
        stream.set_nonblocking(true)?;
        self.stream = Some(stream);
        (self.sent, self.seq) = (0, 0);
        self.pending = match self.flood.deed {
            Deed::Pour(poured) => poured().0,
            Deed::Hold(held) => held(known).into_bytes(),
            _ => Vec::new(),
        };
        Ok(())
    }

    /// A connection in the state in which the flood begins.
    fn reach(&mut self) -> Result<TcpStream> {
        let way = self.target.way;
        if self.target.is_sink || self.flood.state == State::Open {
            return connect(way.from, way.to);
        }
        let name = format!("Attacker {}", self.number);
        if self.flood.state == State::Live && self.token.is_none() {
            self.token = Some(way.token(&name)?);
        }
        match (self.flood.state, &self.token) {
            (State::Live, Some(token)) => Ok(way.join(token, &name)?.stream),
            (State::Refused, _) => {
                let mut channel = way.upgrade()?;
                channel.send(&hello(SessionId(uuid::Uuid::nil()), "made up"))?;
                Ok(channel.stream)
            }
            _ => Ok(way.upgrade()?.stream),
        }
    }

    /// Does what is due; whether there was anything.
    fn attack(&mut self, known: &Known) -> bool {
        let now = Instant::now();
        if self.stream.is_none() {
            let is_due = now >= self.due;
            if is_due && self.come_in(known).is_err() {
                self.due = now + BACK_EVERY;
            }
            return is_due;
        }
        let is_lost = match self.flood.deed {
            Deed::Reopen => true,
            Deed::Hold(_) if self.sent == self.pending.len() && now < self.due => return false,
            Deed::Hold(_) => {
                self.due = now + HELD_EVERY;
                false
            }
            _ => false,
        };
        if is_lost || self.is_gone() {
            self.stream = None;
            self.due = if is_lost { now } else { now + BACK_EVERY };
            return true;
        }
        if self.sent == self.pending.len() && !self.next(known, now) {
            return false;
        }
        self.write()
    }

    /// What is to be sent next; whether there is anything.
    fn next(&mut self, known: &Known, now: Instant) -> bool {
        let many = |bytes: Vec<u8>| bytes.repeat((POUR_BYTES / bytes.len()).max(1));
        let next = match self.flood.deed {
            Deed::Pour(poured) => many(poured().1),
            Deed::Ask(asked) => many(asked(known).into_bytes()),
            Deed::Dribble(message) => framed(&message(self.seq)),
            Deed::Send { per_s, message, .. } if now >= self.due => {
                self.wait(per_s, now);
                self.seq += 1;
                framed(&message(self.seq))
            }
            Deed::Ping { per_s } if now >= self.due => {
                self.wait(per_s, now);
                ping()
            }
            Deed::Send { .. } | Deed::Ping { .. } | Deed::Hold(_) | Deed::Reopen => return false,
        };
        (self.pending, self.sent) = (next, 0);
        true
    }

    /// Until so many a second are due again.
    fn wait(&mut self, per_s: u32, now: Instant) {
        self.due = (self.due + Duration::from_secs(1) / per_s).max(now - BACK_EVERY);
    }

    fn write(&mut self) -> bool {
        let Some(stream) = &mut self.stream else { return false };
        let until = match self.flood.deed {
            Deed::Dribble(_) => self.sent + 1,
            _ => self.pending.len(),
        };
        match stream.write(&self.pending[self.sent..until]) {
            Ok(written) => {
                self.sent += written;
                written > 0
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => false,
            Err(_) => {
                self.stream = None;
                self.due = Instant::now() + BACK_EVERY;
                true
            }
        }
    }

    /// Reads what came, unless it is one that does not read; whether the other side has ended it.
    fn is_gone(&mut self) -> bool {
        let Some(stream) = &mut self.stream else { return true };
        if matches!(self.flood.deed, Deed::Hold(_) | Deed::Send { reads: false, .. }) {
            return !matches!(stream.take_error(), Ok(None));
        }
        match stream.read(&mut [0; 64 * 1024]) {
            Ok(0) => true,
            Ok(_) => false,
            Err(error) => error.kind() != ErrorKind::WouldBlock,
        }
    }
}
