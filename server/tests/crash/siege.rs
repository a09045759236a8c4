//! A run: players act, processes are hit when the schedule says, everything starts again, and what
//! everybody was told is checked before the next blow that leaves time for it.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result, ensure};
use tilemud_schema::Timestamp;

use crate::account::Wrong;
use crate::audit::Audit;
use crate::crowd::{Crowd, Mode, PLAYERS};
use crate::figures::Figures;
use crate::log;
use crate::schedule::{Blow, Moment, Target};
use crate::stand::{Stand, StoreKind};

/// Acknowledgements that show that play goes on.
const SIGNS_OF_LIFE: u64 = 1;

/// Faults that a failure is told with; the rest is in a file.
const FAULTS_SHOWN: usize = 10;

/// The processes, the players, and what is known.
pub struct Siege {
    stand: Stand,
    crowd: Crowd,
    audit: Audit,
    figures: Figures,
    rounds: u32,
    server_started: Option<Instant>,
    /// What everybody saw when they began to rest; nobody has done anything since.
    at_rest: Option<Vec<Vec<String>>>,
}

/// Lays siege to a server on this store. The figures, and what went wrong if anything did.
pub async fn lay(kind: StoreKind, seed: u64, blows: &[Blow]) -> (Figures, Result<()>) {
    let began = Instant::now();
    let mut siege = Siege {
        stand: Stand::new(kind).await,
        crowd: Crowd::gather(seed),
        audit: Audit::default(),
        figures: Figures { seed, ..Figures::default() },
        rounds: 0,
        server_started: None,
        at_rest: None,
    };
    let mut outcome = siege.all(blows).await;
    siege.count();
    siege.figures.took = began.elapsed();
    if let Err(error) = outcome {
        outcome = Err(error.context(siege.history()));
    }
    let Siege { crowd, figures, .. } = siege;
    crowd.go_home().await;
    (figures, outcome)
}

impl Siege {
    async fn all(&mut self, blows: &[Blow]) -> Result<()> {
        for (number, blow) in blows.iter().enumerate() {
            self.note(&format!("---- blow {number}: {blow:?}"));
            self.strike(blow).await.with_context(|| format!("blow {number}, {blow:?}"))?;
        }
        self.note("---- after all blows");
        self.ready().await?;
        self.everybody_is_back().await?;
        self.check().await?;
        self.play();
        // They play on until the goodbye.
        self.stand.drain_server()?;
        let rows = log::read(self.stand.store_url(), self.audit.newest_tick).await?;
        self.audit.take_in(rows, &self.crowd.accounts);
        let rows = log::read(self.stand.store_url(), 0).await?;
        self.audit.examine_all(&rows, &self.crowd.accounts);
        self.verdict()
    }

    async fn strike(&mut self, blow: &Blow) -> Result<()> {
        match blow.moment {
            Moment::Starting(patience) if !self.stand.has_server() => {
                self.server_started = Some(Instant::now());
                // One that gets ready sooner is hit as soon as it is; nobody has found it yet.
                let url = self.stand.start_server(Some(patience)).await?;
                self.figures.starting += u32::from(url.is_none());
                self.crowd.orders.send_modify(|orders| orders.url = url);
            }
            Moment::Returning(players) => {
                self.ready().await?;
                self.crowd.wait_until("players come back", |now| now.live.len() >= players).await?;
                self.figures.returning += u32::from(self.crowd.now(|now| now.live.len()) < PLAYERS);
            }
            Moment::Starting(_) => self.ready().await?,
            Moment::Playing(acks) => {
                self.ready().await?;
                self.everybody_is_back().await?;
                self.check().await?;
                self.play();
                let before = self.crowd.now(|now| now.acks);
                self.crowd.wait_until("acknowledgements arrive", |now| now.acks >= before + acks).await?;
            }
            Moment::Resting => {
                self.ready().await?;
                self.everybody_is_back().await?;
                self.check().await?;
                // Only now has everybody come to rest, and is shown how that looks.
                self.check().await?;
                self.at_rest = Some(self.views());
            }
        }
        *self.figures.hits.entry(blow.target).or_default() += 1;
        match blow.target {
            Target::Server => self.kill_server(),
            Target::Both => {
                if blow.server_first {
                    self.kill_server();
                    self.stand.kill_postgres();
                } else {
                    self.stand.kill_postgres();
                    self.kill_server();
                }
                self.figures.recoveries_hit += u32::from(blow.again_after.is_some());
                self.stand.start_postgres(blow.again_after);
            }
            Target::Drain => {
                self.note_restart();
                self.crowd.orders.send_modify(|orders| orders.url = None);
                self.stand.drain_server()?;
            }
            Target::Postgres => self.take_postgres_away(blow).await?,
        }
        Ok(())
    }

    fn kill_server(&mut self) {
        self.note_restart();
        self.stand.kill_server();
        self.crowd.orders.send_modify(|orders| orders.url = None);
        self.note("---- the server is gone");
    }

    /// Postgres goes and comes back; the server has to find its way by itself.
    async fn take_postgres_away(&mut self, blow: &Blow) -> Result<()> {
        self.play();
        let told_before = self.crowd.now(|now| now.unavailable);
        self.stand.kill_postgres();
        self.note("---- Postgres is gone");
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?;
        let now = Timestamp::from_micros(i64::try_from(now.as_micros())?);
        self.crowd.orders.send_modify(|orders| {
            orders.store_gone_since = Some(now);
            orders.drops += 1;
            orders.dropouts.clone_from(&blow.dropouts);
        });
        if !blow.is_blip {
            self.crowd.wait_until("somebody is told UNAVAILABLE", |now| now.unavailable > told_before).await?;
        }
        self.figures.recoveries_hit += u32::from(blow.again_after.is_some());
        self.crowd.orders.send_modify(|orders| orders.store_gone_since = None);
        let back = self.stand.start_postgres(blow.again_after);
        self.note("---- Postgres is back");
        let acks = self.crowd.now(|now| now.acks);
        self.crowd.wait_until("play goes on with Postgres back", |now| now.acks >= acks + SIGNS_OF_LIFE).await?;
        self.figures.outages.push(back.elapsed());
        Ok(())
    }

    /// Sees to it that there is a server and that everybody knows it.
    async fn ready(&mut self) -> Result<()> {
        if self.stand.has_server() && self.crowd.orders.borrow().url.is_some() {
            return Ok(());
        }
        self.server_started = Some(Instant::now());
        let url = self.stand.start_server(None).await?;
        self.note("---- the server is ready");
        let life = self.crowd.orders.borrow().life + 1;
        self.crowd.progress.send_modify(|progress| {
            progress.life = life;
            progress.first_ack = None;
            progress.live.clear();
        });
        self.crowd.orders.send_modify(|orders| (orders.url, orders.life) = (url, life));
        Ok(())
    }

    async fn everybody_is_back(&self) -> Result<()> {
        self.crowd.wait_until("everybody comes back", |now| now.live.len() == PLAYERS).await
    }

    /// Everybody stops, and what they were told is held against the log.
    async fn check(&mut self) -> Result<()> {
        self.rounds += 1;
        let round = self.rounds;
        self.crowd.orders.send_modify(|orders| orders.mode = Mode::Check(round));
        let is_checked =
            |checked: &BTreeMap<usize, u32>| checked.values().filter(|done| **done == round).count() == PLAYERS;
        self.crowd.wait_until("everybody is answered and checks", |now| is_checked(&now.checked)).await?;
        let rows = log::read(self.stand.store_url(), self.audit.newest_tick).await?;
        self.audit.take_in(rows, &self.crowd.accounts);
        self.audit.examine(&self.crowd.accounts);
        if let Some(before) = self.at_rest.take() {
            self.figures.rests += 1;
            for (before, now) in before.iter().zip(&self.views()) {
                self.audit.compare_views(before, now);
            }
        }
        self.verdict()?;
        self.figures.checks += 1;
        Ok(())
    }

    fn views(&self) -> Vec<Vec<String>> {
        self.crowd.accounts.iter().map(|account| account.lock().still_view()).collect()
    }

    fn play(&mut self) {
        self.at_rest = None;
        self.crowd.orders.send_modify(|orders| orders.mode = Mode::Play);
    }

    fn verdict(&self) -> Result<()> {
        ensure!(self.audit.faults.is_empty(), "the log does not say what players were told");
        Ok(())
    }

    /// The server is about to go: notes how long it took to its first acknowledgement.
    fn note_restart(&mut self) {
        let started = self.server_started.take();
        let first = self.crowd.now(|now| now.first_ack);
        if let (Some(started), Some(first)) = (started, first)
            && first > started
        {
            self.figures.restarts.push(first - started);
        }
    }

    fn note(&self, line: &str) {
        for account in &self.crowd.accounts {
            account.lock().note(line);
        }
    }

    fn count(&mut self) {
        let figures = &mut self.figures;
        let told: Vec<_> = self.crowd.accounts.iter().flat_map(|account| account.lock().faults.clone()).collect();
        let all = || self.audit.faults.iter().chain(&told);
        let of = |wrong: Wrong| all().filter(|fault| fault.wrong == wrong).count();
        (figures.lost, figures.doubled, figures.otherwise_wrong) =
            (of(Wrong::Lost), of(Wrong::Doubled), of(Wrong::Other));
        (figures.acks, figures.refusals) = (self.audit.acks_checked, self.audit.refusals_checked);
        (figures.sightings, figures.words) = (self.audit.sightings_checked, self.audit.words_checked);
        self.crowd.now(|now| {
            (figures.intents, figures.repeats) = (now.intents, now.repeats_confirmed);
            (figures.reconnects, figures.delta_resumes) = (now.reconnects, now.delta_resumes);
            figures.refused_with.clone_from(&now.refusals);
        });
    }

    /// The faults, and where everybody's history and the words of the servers are.
    fn history(&self) -> String {
        let mut lines: Vec<String> = Vec::new();
        let mut faults: Vec<String> = self.audit.faults.iter().map(|fault| fault.what.clone()).collect();
        for account in &self.crowd.accounts {
            let account = account.lock();
            faults.extend(account.faults.iter().map(|fault| fault.what.clone()));
            lines.extend(account.history().cloned());
        }
        // Every line begins with when it was.
        lines.sort();
        let text = format!("{}\n{}\n{}", faults.join("\n"), lines.join("\n"), self.stand.server_logs());
        let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!(
            "crash-{:?}-{}.txt",
            self.stand.kind(),
            self.figures.seed
        ));
        let place = match std::fs::write(&file, text) {
            Ok(()) => format!("the whole history is in {}", file.display()),
            Err(error) => format!("the history could not be written: {error}"),
        };
        faults.truncate(FAULTS_SHOWN);
        format!("{}\n{place}", faults.join("\n"))
    }
}
