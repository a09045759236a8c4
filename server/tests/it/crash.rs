//! S8, T078: the server is killed with SIGKILL while players act; nothing acknowledged is lost.

use std::collections::BTreeMap;

use tilemud_schema::{Ack, ActionId, Direction, Encoding, Position, Seq, ServerMessage};
use tilemud_support::player::{Closed, Player};
use tilemud_support::process::Process;

use crate::traffic::Log;

/// What one player was told before the crash.
struct Told {
    name: String,
    acks: BTreeMap<Seq, ActionId>,
    /// Position after the newest acknowledged tick, and the tick.
    position: Position,
}

/// Walks back and forth, several steps in flight, until the connection breaks.
async fn act(mut player: Player, name: String, progress: tokio::sync::mpsc::UnboundedSender<usize>) -> Told {
    let mut acks = BTreeMap::new();
    let mut sent = 0_usize;
    loop {
        while player.seq <= player.last_seq + acks.len() as Seq + 4 {
            let direction = if (sent / 3).is_multiple_of(2) { Direction::East } else { Direction::West };
            player.step(direction).await;
            sent += 1;
        }
        match player.connection.next().await {
            Ok(message) => {
                player.note(&message);
                match message {
                    ServerMessage::Ack(Ack::Intents { acks: new, .. }) => {
                        acks.extend(new.into_iter().map(|ack| (ack.seq, ack.action_id)));
                        // The harness may have stopped listening.
                        let _ = progress.send(acks.len());
                    }
                    // Refused by a wall or the limit: consumed without effect.
                    ServerMessage::Error { seq: Some(_), .. } => player.last_seq += 1,
                    _ => {}
                }
            }
            Err(Closed(_)) => return Told { name, acks, position: player.position },
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s8_after_a_sigkill_every_acknowledged_step_is_there_and_positions_match() {
    const PLAYERS: usize = 8;
    const ACKS_BEFORE_KILL: usize = 30;
    let data = tempfile::tempdir().unwrap();
    let server = Process::start(data.path(), &[]);
    let (progress, mut progressed) = tokio::sync::mpsc::unbounded_channel();
    let mut players = Vec::new();
    for number in 0..PLAYERS {
        let name = format!("Walker {number}");
        let player = Player::join(&server.url, &name, Encoding::Postcard).await;
        players.push(tokio::spawn(act(player, name, progress.clone())));
    }
    // In the middle of traffic: some player has this many acks, all have steps in flight.
    while progressed.recv().await.expect("players act") < ACKS_BEFORE_KILL {}
    server.kill();
    let mut told = Vec::new();
    for player in players {
        told.push(player.await.unwrap());
    }

    let log = Log::read(data.path());
    let mut checked = 0;
    for player in &told {
        for (seq, action_id) in &player.acks {
            let row = log.rows.iter().find(|row| row.action_id == *action_id);
            let row = row.unwrap_or_else(|| panic!("{}: acknowledged step {seq} is lost", player.name));
            assert_eq!(row.sequence_number, *seq);
            checked += 1;
        }
    }
    assert!(checked >= ACKS_BEFORE_KILL, "only {checked} acks were checked");
    log.assert_unique();

    let server = Process::start(data.path(), &[]);
    for player in &told {
        let back = Player::join(&server.url, &player.name, Encoding::Postcard).await;
        let character_id = back.bootstrap.state.character.character_id;
        let logged = log.last_position(&character_id.to_string()).unwrap_or(player.position);
        assert_eq!(back.position, logged, "{} stands where the log ends", player.name);
    }
}
