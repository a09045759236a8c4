//! The honest player, in a process of its own: a few sessions that walk, and others that come in
//! one after the other. Says what it felt as a line of JSON.

use std::net::{IpAddr, Ipv4Addr};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use serde::{Deserialize, Serialize};
use tilemud_schema::{Ack, ClientMessage, Direction, Intent, ServerMessage};

use crate::client::Way;

/// Not the attackers' address.
pub const HONEST: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2));

/// What the sessions that walk are called, and the first of them.
const WALKER: &str = "Honest walker";
pub const WALKER_NAME: &str = "Honest walker 0";

const WALKERS: u64 = 4;

/// From one step of one to the next, and from one join to the next.
const STEP_EVERY: Duration = Duration::from_millis(110);
const JOIN_EVERY: Duration = Duration::from_millis(200);

/// What a step counts as whose session was lost, or could not come in.
const LOST: Duration = Duration::from_secs(5);

/// What was measured; microseconds.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Felt {
    pub ack_us: Vec<u64>,
    pub join_us: Vec<u64>,
    pub joins_failed: usize,
}

impl Felt {
    /// Takes another turn in.
    pub fn add(&mut self, other: Self) {
        self.ack_us.extend(other.ack_us);
        self.join_us.extend(other.join_us);
        self.joins_failed += other.joins_failed;
    }

    /// Within which this share of the steps was answered, milliseconds; `None` when none was.
    pub fn ack_ms(&self, quantile: f64) -> Option<f64> {
        at(&self.ack_us, quantile)
    }

    /// The same of the joins.
    pub fn join_ms(&self, quantile: f64) -> Option<f64> {
        at(&self.join_us, quantile)
    }
}

fn at(samples: &[u64], quantile: f64) -> Option<f64> {
    let mut sorted = samples.to_vec();
    sorted.sort_unstable();
    let index = ((sorted.len() as f64 * quantile).ceil() as usize).max(1) - 1;
    Some(*sorted.get(index)? as f64 / 1e3)
}

/// Plays for as long and says what it felt.
///
/// # Errors
/// When no session could come in at all before the measurement.
pub fn run(server: &str, time: Duration) -> Result<ExitCode> {
    let way = Way { from: HONEST, to: server.parse().context("the server's address")? };
    let until = Instant::now() + time;
    let felt = std::thread::scope(|scope| {
        let walkers: Vec<_> = (0..WALKERS).map(|number| scope.spawn(move || walk(way, number, until))).collect();
        let mut felt = come_in(way, until);
        for walker in walkers {
            felt.ack_us.extend(walker.join().expect("a walker does not panic"));
        }
        felt
    });
    println!("felt {}", serde_json::to_string(&felt)?);
    Ok(ExitCode::SUCCESS)
}

/// Steps of one session; how long each took to be answered. A session that is lost comes back, and
/// what it lost is late.
fn walk(way: Way, number: u64, until: Instant) -> Vec<u64> {
    let mut samples = Vec::new();
    // Not all in the same moment of a tick.
    std::thread::sleep(STEP_EVERY * number as u32 / WALKERS as u32 + Duration::from_millis(7 * number));
    while Instant::now() < until {
        if walk_until(way, number, until, &mut samples).is_err() {
            samples.push(micros(LOST));
            std::thread::sleep(STEP_EVERY);
        }
    }
    samples
}

fn walk_until(way: Way, number: u64, until: Instant, samples: &mut Vec<u64>) -> Result<()> {
    let name = format!("{WALKER} {number}");
    let mut channel = way.join(&way.token(&name)?, &name)?;
    for seq in 1.. {
        let sent = Instant::now();
        if sent >= until {
            break;
        }
        let direction = if seq % 2 == 0 { Direction::East } else { Direction::West };
        channel.send(&ClientMessage::Intent { seq, intent: Intent::Move { direction } })?;
        loop {
            match channel.next()? {
                ServerMessage::Ack(Ack::Intents { acks, .. }) if acks.iter().any(|ack| ack.seq == seq) => break,
                // Somebody stands there: an answer as well.
                ServerMessage::Error { seq: Some(answered), .. } if answered == seq => break,
                _ => {}
            }
        }
        samples.push(micros(sent.elapsed()));
        std::thread::sleep(STEP_EVERY.saturating_sub(sent.elapsed()));
    }
    Ok(())
}

/// Joins one after the other.
fn come_in(way: Way, until: Instant) -> Felt {
    let mut felt = Felt::default();
    let mut tokens = Vec::new();
    for number in 0.. {
        let began = Instant::now();
        if began >= until {
            break;
        }
        // A few people who come again and again.
        let user = number % 8;
        let name = format!("Honest guest {user}");
        if tokens.len() <= user
            && let Ok(token) = way.token(&name)
        {
            tokens.push(token);
        }
        let asked = Instant::now();
        match tokens.get(user).map(|token| way.join(token, &name)) {
            Some(Ok(_)) => felt.join_us.push(micros(asked.elapsed())),
            _ => felt.joins_failed += 1,
        }
        std::thread::sleep(JOIN_EVERY.saturating_sub(began.elapsed()));
    }
    felt
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_of_what_was_measured() {
        let felt = Felt { ack_us: (1..=100).map(|it| it * 1_000).collect(), ..Felt::default() };
        assert_eq!([0.5, 0.95, 0.99].map(|it| felt.ack_ms(it)), [Some(50.0), Some(95.0), Some(99.0)]);
        assert_eq!(felt.join_ms(0.5), None);
    }
}
