//! As many sessions as a node must carry at least are in and play at the same time (NFR-005, T067).
//! What is shown is that everything is right; how fast it is, `cargo xtask perf steady` and `crowd`
//! measure and hold against the floor.

use std::sync::Arc;
use std::time::{Duration, Instant};

use hyper::{Method, StatusCode};
use sqlx::{Connection as _, SqliteConnection};
use tilemud_schema::{Ack, AckStatus, Direction, Encoding, ErrorCode, Seq, ServerMessage};
use tilemud_support::player::{DEADLINE, Player, call, token, try_bootstrap_as};
use tilemud_support::process::{Process, database};
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use crate::storm::Crowd;

const SESSIONS: usize = 500;

/// The same as a setting.
const SESSIONS_TEXT: &str = "500";

/// Nobody is sent away for having waited for the others, however slow the machine is.
const FLAGS: [&str; 4] = ["--max-sessions", SESSIONS_TEXT, "--inactivity-timeout-s", "7200"];

/// Steps of each, sent without waiting for answers, within one second's burst of the limit.
const STEPS: usize = 8;

/// What one does comes again that much later where the store was away.
const ROUNDS_EVERY: Duration = Duration::from_secs(2);

/// Joins, waits for all others, walks to and fro and says one thing. How many of its intents were
/// acknowledged.
async fn plays(url: String, number: usize, crowd: Arc<Crowd>, everyone_is_in: Arc<Barrier>) -> usize {
    let encoding = if number.is_multiple_of(2) { Encoding::Postcard } else { Encoding::Json };
    let mut player = {
        let _turn = crowd.turn().await;
        let name = format!("Walker {number}");
        let bearer = token(&url, &name).await;
        crowd.come_in(&url, &bearer, &name, encoding, None, None).await.0
    };
    waits(&everyone_is_in, &mut player).await;
    let began = Instant::now();
    let mut acknowledged = 0;
    // Paced as a client paces its attempts; nothing is synchronised by this.
    let mut rounds = tokio::time::interval(ROUNDS_EVERY);
    loop {
        rounds.tick().await;
        let first = player.seq;
        for step in 0..STEPS {
            player.step(Direction::ALL[(number + step) % Direction::ALL.len()]).await;
        }
        player.say("Here").await;
        let answers = answers_until_quiet(&mut player).await;
        let in_order: Vec<Seq> = (first..player.seq).collect();
        let answered: Vec<Seq> = answers.iter().map(|(seq, _)| *seq).collect();
        assert_eq!(answered, in_order, "each is answered once and in order");
        acknowledged += answers.iter().filter(|(_, answer)| answer.is_ok()).count();
        // A store that was away for a moment has taken nothing: it is all done again.
        if !answers.contains(&(player.seq - 1, Err(ErrorCode::Unavailable))) {
            break;
        }
        assert!(began.elapsed() < DEADLINE, "the store does not come back");
        rounds.reset();
    }
    // Nobody leaves before everybody has been answered: all of them play at the same time.
    waits(&everyone_is_in, &mut player).await;
    acknowledged
}

/// Waits for all others, and reads meanwhile: whoever does not is silent, and sent away for it.
async fn waits(everyone: &Barrier, player: &mut Player) {
    let mut together = std::pin::pin!(everyone.wait());
    let mut is_together = false;
    while !is_together {
        // A message that has begun is read to its end.
        let mut message = std::pin::pin!(player.next());
        tokio::select! {
            _ = &mut together => {
                is_together = true;
                message.await;
            }
            _ = &mut message => {}
        }
    }
}

/// All answers to intents until the server has answered a question that was sent after them.
async fn answers_until_quiet(player: &mut Player) -> Vec<(Seq, Result<(), ErrorCode>)> {
    let mut answers = Vec::new();
    let last = player.seq - 1;
    while answers.last().is_none_or(|(seq, _)| *seq != last) {
        note(player.next().await, &mut answers);
    }
    player.connection.send(&tilemud_schema::ClientMessage::Heartbeat { nonce: 7 }).await;
    loop {
        match player.next().await {
            ServerMessage::Heartbeat { nonce: 7, .. } => return answers,
            message => note(message, &mut answers),
        }
    }
}

fn note(message: ServerMessage, answers: &mut Vec<(Seq, Result<(), ErrorCode>)>) {
    match message {
        ServerMessage::Ack(Ack::Intents { acks, .. }) => {
            assert!(acks.iter().all(|ack| ack.status == AckStatus::Applied), "{acks:?}");
            answers.extend(acks.iter().map(|ack| (ack.seq, Ok(()))));
        }
        ServerMessage::Error { seq: Some(seq), error } => {
            assert!([ErrorCode::MoveBlocked, ErrorCode::Unavailable].contains(&error.code), "{error:?}");
            answers.push((seq, Err(error.code)));
        }
        _ => {}
    }
}

/// Waits for all players. One that fails before ends the test, instead of being waited for; those
/// that have met and are done before this is noticed are counted.
async fn meet(everyone: &Barrier, players: &mut JoinSet<usize>) -> usize {
    let mut acknowledged = 0;
    let mut met = std::pin::pin!(everyone.wait());
    loop {
        tokio::select! {
            biased;
            _ = &mut met => return acknowledged,
            Some(ended) = players.join_next() => acknowledged += ended.expect("one did not get so far"),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t067_five_hundred_sessions_play_at_once_and_each_action_is_acknowledged_once_and_stored_once() {
    let data = tempfile::tempdir().unwrap();
    let server = Process::start(data.path(), &FLAGS);
    let crowd = Arc::new(Crowd::default());
    let everyone_is_in = Arc::new(Barrier::new(SESSIONS + 1));
    let mut players: JoinSet<_> = (0..SESSIONS)
        .map(|number| plays(server.url.clone(), number, Arc::clone(&crowd), Arc::clone(&everyone_is_in)))
        .collect();
    let mut acknowledged = meet(&everyone_is_in, &mut players).await;

    let (status, health) = call(&server.url, Method::GET, "/api/health", None, None).await;
    assert_eq!((status, &health["capacity"]["active_sessions"]), (StatusCode::OK, &SESSIONS.into()), "{health}");
    let bearer = token(&server.url, "One too many").await;
    let refusal = try_bootstrap_as(&server.url, &bearer, "One too many", None).await.unwrap_err();
    assert_eq!(refusal["code"], "CAPACITY_FULL");

    acknowledged += meet(&everyone_is_in, &mut players).await;
    acknowledged += players.join_all().await.into_iter().sum::<usize>();
    assert!(acknowledged >= 2 * SESSIONS, "hardly anybody could move: {acknowledged}");
    assert_eq!(server.terminate().code(), Some(0));
    let mut store = SqliteConnection::connect(&format!("sqlite:{}", database(data.path()).display())).await.unwrap();
    let rows: i64 = sqlx::query_scalar("SELECT count(*) FROM action_events").fetch_one(&mut store).await.unwrap();
    assert_eq!(rows, i64::try_from(acknowledged).unwrap(), "what is stored is what was acknowledged");
}
