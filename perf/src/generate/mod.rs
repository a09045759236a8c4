//! `perf generate`: open-loop load over real WebSockets, from a process of its own with one thread.
//!
//! Every session's moves are due at times fixed in advance, whatever the server does. Latency
//! counts from the due time, so a stall of the server (or of this program, see `generator_lag`)
//! shows in every move it delayed instead of hiding in fewer of them. What it measures it also
//! checks: each move is acknowledged once and in order, and a sample of sessions holds what the
//! server says is there.
//!
//! One line on standard output says when all are in, when the measured time begins and when it
//! ends, so that whoever started this program can read clocks and memory then; the results go to a
//! file.

mod compare;
pub mod door;
mod entrance;
pub mod frames;
pub mod freshness;
pub mod link;
mod messages;
mod plan;
mod queue;
mod session;
pub mod tally;
mod traffic;
mod view;

use std::collections::BTreeMap;
use std::io::Write as _;
use std::net::SocketAddr;
use std::ops::Range;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use clap::{Args, ValueEnum};
use rustc_hash::FxHashMap;
use tilemud_schema::{EntityId, Tick};

use self::freshness::Sightings;
use self::link::{Buffer, Poll};
use self::plan::{Plan, SECOND_NS};
use self::queue::Entrance;
use self::session::{Session, Stage};
use self::tally::{Counts, Results, Tally, pairs};
use crate::course::{Course, RIVALS_SEED};

/// Load on a running tilemud server with the development issuer on; `perf run` starts it with what
/// it needs
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// Address of the server
    #[arg(long)]
    server: SocketAddr,
    /// What the sessions do
    #[arg(long, value_enum, default_value_t = Behaviour::Load)]
    behaviour: Behaviour,
    /// Sessions
    #[arg(long)]
    sessions: usize,
    /// Tiles of a side of the map, which is open
    #[arg(long)]
    edge: i32,
    /// Chooses where sessions start, which way they go and when
    #[arg(long, default_value_t = RIVALS_SEED)]
    seed: u64,
    /// Moves per second and session; 0 is none
    #[arg(long, default_value_t = 2.0)]
    moves_per_s: f64,
    /// Seconds of the same load before, not measured
    #[arg(long, default_value_t = 10)]
    warmup_s: u64,
    /// Seconds that are measured
    #[arg(long, default_value_t = 20)]
    seconds: u64,
    /// Moves under way at once, of a session that sends back to back
    #[arg(long, default_value_t = 48)]
    window: usize,
    /// Sessions that keep what they see
    #[arg(long, default_value_t = 16)]
    sample: usize,
    /// File for the results, JSON
    #[arg(long)]
    results: PathBuf,
}

/// What the sessions do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Behaviour {
    /// Each move at its time
    Load,
    /// The same, then all connections are cut at once and everybody comes back
    Storm,
    /// As many moves as are acknowledged, with a window of them under way
    Burst,
}

/// Longest wait without a look at the clock.
const WAIT_MAX: Duration = Duration::from_millis(20);

/// Time for everybody to come in.
const ENTRANCE_TIMEOUT_NS: u64 = 180 * SECOND_NS;

/// Time for the answers that are due after the last move.
const LAST_ANSWERS_NS: u64 = 15 * SECOND_NS;

/// Seconds everybody goes on moving after a storm.
const AFTER_STORM_S: u64 = 5;

/// Tokens of doors, beyond those of sessions.
const DOOR_TOKENS: u64 = 1 << 32;

fn token_of_door(door: usize) -> u64 {
    DOOR_TOKENS + door as u64
}

/// The whole of it.
struct Generator {
    options: Options,
    course: Course,
    address: SocketAddr,
    authority: String,
    clock: Instant,
    poll: Poll,
    sessions: Vec<Session>,
    entrance: Entrance,
    entities: FxHashMap<EntityId, usize>,
    sightings: Sightings,
    tally: Tally,
    /// Moves due in this time are measured.
    measured_ns: Range<u64>,
    live: usize,
    dead: usize,
    tick_hz: u64,
    newest_acked: Tick,
    cut_ns: u64,
    /// Acknowledged moves are followed by others at once.
    fills_up: bool,
    /// Full deltas are held against what is held.
    compares: bool,
    compared: usize,
    payload: Vec<u8>,
    out: Vec<u8>,
    tokens: Vec<u64>,
}

/// Runs the load and writes the results; faults are part of them.
///
/// # Errors
/// When the server does not answer as a server of this build.
pub fn run(options: &Options) -> Result<()> {
    ensure!(options.sessions > 0 && options.window > 0 && options.edge >= 2, "there is nobody, or nowhere to go");
    ensure!((0.0..=1_000.0).contains(&options.moves_per_s), "--moves-per-s must be 0 to 1000");
    let results = Generator::new(options)?.run()?;
    std::fs::write(&options.results, serde_json::to_vec(&results)?).context("writing the results")
}

/// Tells whoever started this program how far it is.
fn tell(line: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    Ok(out.flush()?)
}

impl Generator {
    fn new(options: &Options) -> Result<Self> {
        let course = Course::new(options.seed, options.edge);
        let stride = options.sessions.div_ceil(options.sample.max(1)).max(1);
        let session = |index: usize| {
            let is_sampled = options.sample > 0 && index.is_multiple_of(stride);
            Session::new(course.start(index), course.walk(index), is_sampled)
        };
        Ok(Self {
            sessions: (0..options.sessions).map(session).collect(),
            options: options.clone(),
            course,
            address: options.server,
            authority: options.server.to_string(),
            clock: Instant::now(),
            poll: Poll::new()?,
            entrance: Entrance::default(),
            entities: FxHashMap::default(),
            sightings: Sightings::default(),
            tally: Tally::default(),
            measured_ns: 0..0,
            live: 0,
            dead: 0,
            tick_hz: 1,
            newest_acked: 0,
            cut_ns: 0,
            fills_up: false,
            compares: false,
            compared: 0,
            payload: Vec::new(),
            out: Vec::new(),
            tokens: Vec::new(),
        })
    }

    fn run(mut self) -> Result<Results> {
        let mut buffer = Buffer::default();
        let connected_in_ns = self.bring_in(&mut buffer)?;
        tell("connected")?;
        let [warmup_ns, seconds_ns] = [self.options.warmup_s, self.options.seconds].map(|seconds| seconds * SECOND_NS);
        let mut back_in_ns = None;
        let window = match self.options.behaviour {
            Behaviour::Load => self.drive(warmup_ns, seconds_ns, true, &mut buffer)?,
            Behaviour::Burst => self.burst(warmup_ns, seconds_ns, &mut buffer)?,
            Behaviour::Storm => {
                self.drive(0, warmup_ns + seconds_ns, false, &mut buffer)?;
                let (window, took_ns) = self.storm(&mut buffer)?;
                back_in_ns = Some(took_ns);
                self.drive(0, AFTER_STORM_S * SECOND_NS, false, &mut buffer)?;
                window
            }
        };
        self.await_answers(&mut buffer)?;
        self.compare(&mut buffer)?;
        Ok(self.results(&window, connected_in_ns, back_in_ns))
    }

    fn now_ns(&self) -> u64 {
        u64::try_from(self.clock.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }

    /// Takes up what the sockets have, waiting for something at most until then.
    fn pump(&mut self, until_ns: u64, buffer: &mut Buffer) -> Result<()> {
        let mut until_ns = until_ns;
        if let Some(due_ns) = self.entrance.next_due_ns() {
            until_ns = until_ns.min(due_ns);
            if due_ns <= self.now_ns() {
                self.let_in()?;
            }
        }
        let wait = Duration::from_nanos(until_ns.saturating_sub(self.now_ns())).min(WAIT_MAX);
        let mut tokens = std::mem::take(&mut self.tokens);
        self.poll.wait(wait, &mut tokens)?;
        for &token in &tokens {
            match token.checked_sub(DOOR_TOKENS) {
                Some(door) => self.at_door(door as usize, buffer)?,
                None => self.on_session(token as usize, buffer)?,
            }
        }
        self.tokens = tokens;
        Ok(())
    }

    /// Brings everybody in who is out; the time until all were live.
    fn bring_in(&mut self, buffer: &mut Buffer) -> Result<u64> {
        let began_ns = self.now_ns();
        for session in 0..self.sessions.len() {
            if self.sessions[session].stage == Stage::Out {
                self.entrance.queue(session);
            }
        }
        self.let_in()?;
        let mut told_ns = began_ns;
        while self.live + self.dead < self.sessions.len() {
            let now_ns = self.now_ns();
            if now_ns - told_ns > SECOND_NS {
                told_ns = now_ns;
                tell(&format!("progress {} of {} live", self.live, self.sessions.len()))?;
            }
            ensure!(now_ns - began_ns < ENTRANCE_TIMEOUT_NS, "only {} of {} are live", self.live, self.sessions.len());
            self.pump(u64::MAX, buffer)?;
            // Who got in has made room.
            self.let_in()?;
        }
        let took_ns = self.now_ns() - began_ns;
        self.shut_doors();
        Ok(took_ns)
    }

    /// Every move at its time, for so long; the measured part of it is told.
    fn drive(&mut self, warmup_ns: u64, seconds_ns: u64, is_told: bool, buffer: &mut Buffer) -> Result<Window> {
        let start_ns = self.now_ns() + SECOND_NS / 5;
        let times_ns = [start_ns, warmup_ns, seconds_ns];
        let mut plan = Plan::new(&self.course, self.sessions.len(), self.options.moves_per_s, times_ns);
        if is_told {
            self.measured_ns = plan.measured_from_ns()..plan.end_ns();
        }
        let mut window = None;
        loop {
            let now_ns = self.now_ns();
            if window.is_none() && now_ns >= plan.measured_from_ns() {
                window = Some(self.open_window(is_told)?);
            }
            if now_ns >= plan.end_ns() {
                let mut window = window.map_or_else(|| self.open_window(is_told), Ok)?;
                self.close_window(&mut window, is_told)?;
                return Ok(window);
            }
            while let Some((due_ns, session)) = plan.next().filter(|(due_ns, _)| *due_ns <= now_ns) {
                self.send_move(session, due_ns)?;
                plan.take();
            }
            let next_ns = plan.next().map_or(u64::MAX, |(due_ns, _)| due_ns).min(plan.end_ns());
            let begins_ns = if window.is_none() { plan.measured_from_ns() } else { u64::MAX };
            self.pump(next_ns.min(begins_ns), buffer)?;
        }
    }

    /// Everybody sends back to back within their window.
    fn burst(&mut self, warmup_ns: u64, seconds_ns: u64, buffer: &mut Buffer) -> Result<Window> {
        let start_ns = self.now_ns();
        let (from_ns, end_ns) = (start_ns + warmup_ns, start_ns + warmup_ns + seconds_ns);
        self.measured_ns = from_ns..end_ns;
        self.fills_up = true;
        for session in 0..self.sessions.len() {
            self.fill_up(session, start_ns)?;
        }
        while self.now_ns() < from_ns {
            self.pump(from_ns, buffer)?;
        }
        let mut window = self.open_window(true)?;
        while self.now_ns() < end_ns {
            self.pump(end_ns, buffer)?;
        }
        self.close_window(&mut window, true)?;
        self.fills_up = false;
        Ok(window)
    }

    /// Cuts all connections at once and brings everybody back; the time that took.
    fn storm(&mut self, buffer: &mut Buffer) -> Result<(Window, u64)> {
        // What is under way now counts, through the storm, and so does what is due afterwards.
        self.measured_ns = self.now_ns().saturating_sub(SECOND_NS)..u64::MAX;
        let mut window = self.open_window(true)?;
        self.cut_ns = self.now_ns();
        for session in &mut self.sessions {
            session.cut();
        }
        (self.live, self.dead) = (0, 0);
        let cutting_ns = self.now_ns() - self.cut_ns;
        let took_ns = cutting_ns + self.bring_in(buffer)?;
        self.close_window(&mut window, true)?;
        Ok((window, took_ns))
    }

    /// Waits for the answers to what was sent; what never comes is counted with the time it has
    /// waited.
    fn await_answers(&mut self, buffer: &mut Buffer) -> Result<()> {
        let deadline_ns = self.now_ns() + LAST_ANSWERS_NS;
        let is_waiting = |session: &Session| session.stage == Stage::Live && session.book.waiting() > 0;
        while self.sessions.iter().any(is_waiting) && self.now_ns() < deadline_ns {
            self.pump(deadline_ns, buffer)?;
        }
        let now_ns = self.now_ns();
        for (index, session) in self.sessions.iter().enumerate() {
            for entered in session.book.under_way() {
                self.tally.fault("unanswered", || format!("session {index}, seq {}", entered.seq));
                if self.measured_ns.contains(&entered.due_ns) {
                    self.tally.ack_us.saturating_record(now_ns.saturating_sub(entered.due_ns) / 1_000);
                }
            }
        }
        Ok(())
    }

    fn open_window(&self, is_told: bool) -> Result<Window> {
        if is_told {
            tell("begin")?;
        }
        let frames = self.sessions.iter().map(|session| session.frames).collect();
        Ok(Window { from_ns: self.now_ns(), to_ns: 0, counts: self.tally.counts, frames })
    }

    fn close_window(&self, window: &mut Window, is_told: bool) -> Result<()> {
        if is_told {
            tell("end")?;
        }
        window.to_ns = self.now_ns();
        window.counts = self.tally.counts.since(&window.counts);
        for (frames, session) in window.frames.iter_mut().zip(&self.sessions) {
            *frames = session.frames - *frames;
        }
        Ok(())
    }

    fn results(&self, window: &Window, connected_in_ns: u64, back_in_ns: Option<u64>) -> Results {
        let seconds = |ns: u64| ns as f64 / SECOND_NS as f64;
        let measured_s = seconds(window.to_ns - window.from_ns);
        let rate = |frames: Option<&u64>| frames.copied().unwrap_or(0) as f64 / measured_s;
        let tally = &self.tally;
        let times = [
            ("ack", &tally.ack_us),
            ("generator_lag", &tally.lag_us),
            ("connect", &tally.connect_us),
            ("resume", &tally.resume_us),
            ("resume_delta", &tally.resume_delta_us),
            ("back", &tally.back_us),
        ];
        Results {
            seconds: measured_s,
            sessions: self.live,
            total: tally.counts,
            measured: window.counts,
            frames_per_s: (rate(window.frames.iter().min()), rate(window.frames.iter().max())),
            connected_in_s: seconds(connected_in_ns),
            back_in_s: back_in_ns.map(seconds),
            times_us: BTreeMap::from(times.map(|(name, times)| (name.to_owned(), pairs(times)))),
            sightings: self.sightings.settled().to_vec(),
            faults: tally.faults(),
        }
    }
}

struct Window {
    from_ns: u64,
    to_ns: u64,
    counts: Counts,
    frames: Vec<u64>,
}
