//! All players of a run: what they are told to do, and how far they have come. They run as tasks of
//! their own; the siege talks to them through two watched values and never waits for anything else.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use tilemud_schema::Timestamp;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::account::Account;
use crate::chance::Chance;
use crate::client::Client;

/// Players of a run.
pub const PLAYERS: usize = 8;

/// Nothing that is waited for takes longer, unless it never happens.
const PATIENCE: Duration = Duration::from_secs(40);

/// What players are to do.
#[derive(Debug, Clone, Default)]
pub struct Orders {
    /// Where the server is, while there is one.
    pub url: Option<String>,
    pub life: u32,
    pub mode: Mode,
    /// Since when there has been no store at all.
    pub store_gone_since: Option<Timestamp>,
    /// Counts the times that connections were dropped, and whose were the last time.
    pub drops: u32,
    pub dropouts: Vec<usize>,
    /// Everybody may go home.
    pub is_over: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Mode {
    /// As much as they may.
    #[default]
    Play,
    /// They wait for their answers, look where they are, repeat something old, and then do nothing.
    /// The round is counted.
    Check(u32),
}

/// How far they have come.
#[derive(Debug, Default)]
pub struct Progress {
    pub intents: u64,
    pub acks: u64,
    /// The life of the server, and when its first acknowledgement came.
    pub life: u32,
    pub first_ack: Option<Instant>,
    /// Times that somebody was told that the store is away.
    pub unavailable: u64,
    pub reconnects: u64,
    pub delta_resumes: u64,
    pub repeats_confirmed: u64,
    /// How often which code was the answer to an intent.
    pub refusals: BTreeMap<String, u64>,
    /// Who has a connection in this life.
    pub live: BTreeSet<usize>,
    /// The newest check that each is done with.
    pub checked: BTreeMap<usize, u32>,
    /// Somebody has found something wrong.
    pub is_broken: bool,
}

/// The account of a player, shared with the audit.
#[derive(Clone)]
pub struct SharedAccount(Arc<Mutex<Account>>);

impl SharedAccount {
    pub fn lock(&self) -> MutexGuard<'_, Account> {
        // A player that panicked is told of anyway, with this account.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub struct Crowd {
    pub orders: watch::Sender<Orders>,
    pub progress: watch::Sender<Progress>,
    pub accounts: Vec<SharedAccount>,
    tasks: JoinSet<()>,
}

impl Crowd {
    /// Everybody waits for a server.
    pub fn gather(seed: u64) -> Self {
        let orders = watch::Sender::new(Orders::default());
        let progress = watch::Sender::new(Progress::default());
        let names: Vec<String> = (0..PLAYERS).map(|number| format!("Player {number}")).collect();
        let accounts: Vec<_> =
            names.iter().map(|name| SharedAccount(Arc::new(Mutex::new(Account::new(name))))).collect();
        let mut tasks = JoinSet::new();
        for (number, account) in accounts.iter().enumerate() {
            let confidant = names[(number + 1) % PLAYERS].clone();
            let chance = Chance::new(seed, number as u64 + 1);
            let client = Client::new(number, account.clone(), confidant, chance, orders.subscribe(), progress.clone());
            tasks.spawn(client.run());
        }
        Self { orders, progress, accounts, tasks }
    }

    /// Waits until this is true of how far they have come.
    pub async fn wait_until(&self, what: &str, mut is_so: impl FnMut(&Progress) -> bool) -> Result<()> {
        let mut progress = self.progress.subscribe();
        let waited = tokio::time::timeout(PATIENCE, progress.wait_for(|now| now.is_broken || is_so(now))).await;
        let is_broken =
            waited.with_context(|| format!("waited too long: {what}"))?.context("somebody plays")?.is_broken;
        ensure!(!is_broken, "somebody was told what may not be, while waiting: {what}");
        Ok(())
    }

    /// A number of how far they have come.
    pub fn now<T>(&self, look: impl FnOnce(&Progress) -> T) -> T {
        look(&self.progress.borrow())
    }

    pub async fn go_home(mut self) {
        self.orders.send_modify(|orders| orders.is_over = true);
        while self.tasks.join_next().await.is_some() {}
    }
}
