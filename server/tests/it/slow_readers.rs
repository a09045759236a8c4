//! Five hundred who hardly read, or not at all, cost only themselves: what is owed to all of them
//! together stays within its bound, each is sent away, and somebody who reads plays on meanwhile
//! (rule 3; NFR-006).

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tilemud_net::limits::{OWED_BYTES_MAX, OWED_SHARE_BYTES, UNSENT_BYTES_MAX};
use tilemud_schema::{Ack, CloseCode, Direction, Encoding, Seq, ServerMessage};
use tilemud_support::player::{Player, token, try_bootstrap_as, until};
use tilemud_support::process::Process;
use tokio::net::TcpStream;
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use crate::cache::metric;
use crate::hostile::{HEARTBEAT, Raw, TEXT, authority, frame};
use crate::storm::Crowd;

const SLOW: usize = 500;

/// All of them have a place, and nobody is sent away for having waited for the others.
const FLAGS: [&str; 4] = ["--max-sessions", "501", "--inactivity-timeout-s", "7200"];

/// What the kernel of a slow reader takes for it: as little as it may.
const RECEIVE_BUFFER_BYTES: usize = 2_048;

/// They are never silent, which alone would end them.
const HEARTBEAT_EVERY: Duration = Duration::from_secs(1);

/// What every second of them reads between two heartbeats: far less than what is sent.
const SIP_BYTES: usize = 64;

/// Comes in, or says why not.
async fn come_in(url: &str, bearer: &str, name: &str) -> Result<Raw, String> {
    let boot = try_bootstrap_as(url, bearer, name, None).await.map_err(|refusal| refusal.to_string())?;
    let socket = TcpStream::connect(authority(url)).await.map_err(|error| error.to_string())?;
    Raw::enter(socket, url, &boot).await.ok_or_else(|| "the connection ended before the handshake".to_owned())
}

/// Joins, reads until all are in, and then hardly or not at all, until the server has ended the
/// connection.
async fn hardly_reads(url: String, number: usize, crowd: Arc<Crowd>, everyone_is_in: Arc<Barrier>) {
    let mut raw = {
        let _turn = crowd.turn().await;
        let name = format!("Slow {number}");
        let bearer = token(&url, &name).await;
        crowd.patiently(|| come_in(&url, &bearer, &name)).await.0
    };
    let heartbeat = frame(true, TEXT, HEARTBEAT);
    let mut beats = tokio::time::interval(HEARTBEAT_EVERY);
    let mut together = std::pin::pin!(everyone_is_in.wait());
    loop {
        tokio::select! {
            _ = &mut together => break,
            is_open = raw.pass() => assert!(is_open, "whoever reads is not sent away"),
            _ = beats.tick() => raw.send(&heartbeat).await,
        }
    }
    raw.hold_at_most(RECEIVE_BUFFER_BYTES);
    // Paced as the behaviour that is shown, not to wait for anything.
    loop {
        beats.tick().await;
        let sips = number.is_multiple_of(2);
        if !raw.try_send(&heartbeat).await || (sips && !raw.sip(SIP_BYTES)) {
            return;
        }
    }
}

/// Walks to and fro for as long as any of them is there. The most that was owed to all of them, as
/// the metrics told.
async fn plays_on(player: &mut Player, url: &str, slow: &mut JoinSet<()>) -> f64 {
    let mut answers: BTreeMap<Seq, u32> = BTreeMap::new();
    let mut applied = 0;
    let first = player.seq;
    let mut owed_max = 0.0_f64;
    let mut ended = 0;
    while ended < SLOW {
        let seq = player.step(if player.seq.is_multiple_of(2) { Direction::East } else { Direction::West }).await;
        while !answers.contains_key(&seq) {
            match player.next().await {
                ServerMessage::Ack(Ack::Intents { acks, .. }) => {
                    applied += acks.len();
                    acks.iter().for_each(|ack| *answers.entry(ack.seq).or_default() += 1);
                }
                ServerMessage::Error { seq: Some(seq), .. } => *answers.entry(seq).or_default() += 1,
                _ => {}
            }
        }
        owed_max = owed_max.max(metric(url, "outbox_bytes").await);
        while let Some(outcome) = slow.try_join_next() {
            outcome.expect("a slow reader is sent away");
            ended += 1;
        }
    }
    assert!(applied > 0, "the world plays on");
    assert!(answers.keys().copied().eq(first..player.seq), "an answer is missing: {answers:?}");
    assert!(answers.values().all(|count| *count == 1), "an answer came twice: {answers:?}");
    owed_max
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_hundred_slow_readers_are_owed_no_more_than_the_bound_and_only_they_are_sent_away() {
    let data = tempfile::tempdir().unwrap();
    let server = Process::start(data.path(), &FLAGS);
    let mut reader = Player::join(&server.url, "Reader", Encoding::Json).await;
    let crowd = Arc::new(Crowd::default());
    let everyone_is_in = Arc::new(Barrier::new(SLOW + 1));
    let mut slow: JoinSet<_> = (0..SLOW)
        .map(|number| hardly_reads(server.url.clone(), number, Arc::clone(&crowd), Arc::clone(&everyone_is_in)))
        .collect();
    {
        let mut all_in = std::pin::pin!(everyone_is_in.wait());
        loop {
            tokio::select! {
                biased;
                _ = &mut all_in => break,
                failed = slow.join_next() => panic!("one did not get so far: {failed:?}"),
                _ = reader.next() => {}
            }
        }
    }
    let owed_max = plays_on(&mut reader, &server.url, &mut slow).await;
    // Who is above the share when the bound is reached gets no more; everybody keeps the share and
    // what the kernel has.
    let beyond = SLOW * (OWED_SHARE_BYTES + UNSENT_BYTES_MAX as usize);
    println!("{SLOW} slow readers were owed {:.1} MiB at most", owed_max / f64::from(1 << 20));
    assert!((1.0..=(OWED_BYTES_MAX + beyond) as f64).contains(&owed_max), "{owed_max}");
    let too_slow = format!("realtime_closes_total{{code=\"{}\"}}", u16::from(CloseCode::TooSlow));
    assert_eq!(metric(&server.url, &too_slow).await, SLOW as f64, "each was told why, and nobody else");
    until(async || metric(&server.url, "outbox_bytes").await == 0.0).await;
}
