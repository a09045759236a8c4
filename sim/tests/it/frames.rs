//! How large the state deltas of many players are in binary frames. Bytes are exact, whatever the machine.

use tilemud_schema::codec::encode_server;
use tilemud_schema::{Direction, Encoding, ServerMessage};
use tilemud_sim::api::{CellId, Input, SessionKey, View};
use tilemud_sim::{Map, Sim, TickOutput};

use crate::players::{attach, join, walk};
use crate::{SECOND, sim, tick};

/// As in `cargo xtask perf crowd` and `steady`.
const PLAYERS: u64 = 4_000;
const MOVES_PER_S: u64 = 2;

/// Ticks that are measured, and players whose frames are.
const TICKS: u64 = 20;
const SAMPLED: u64 = 40;

/// The state deltas of a player in a tick, as a frame without its header; nothing when it gets none.
fn frame(output: &TickOutput, player: u64, cell: &mut CellId) -> Option<usize> {
    let session_delta = output.sessions.iter().find(|delta| delta.session == SessionKey(player));
    if let Some(session_delta) = session_delta {
        *cell = session_delta.cell;
    }
    let cell_delta = match session_delta.map(|delta| &delta.view) {
        Some(View::Own(number)) => Some(output.views.get(*number)),
        _ => output.cells.find(*cell).map(|number| output.cells.get(number)),
    };
    if session_delta.is_none() && cell_delta.is_none() {
        return None;
    }
    let own = session_delta.and_then(|delta| delta.own.clone());
    let delta = cell_delta.unwrap_or_default().message(output.tick, own, Vec::new());
    let mut bytes = Vec::new();
    encode_server(Encoding::Postcard, &ServerMessage::StateDelta(delta), &mut bytes);
    Some(bytes.len())
}

/// Mean bytes of a frame, and of all frames of a second to one player, on a square map.
fn measured(side: i32) -> (usize, usize) {
    let mut sim: Sim = sim(Map::open("open", side, side));
    let mut draws = 7_u64;
    let mut draw = |below: u64| {
        draws = draws.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (draws >> 33) % below
    };
    let mut inputs = Vec::new();
    for player in 1..=PLAYERS {
        let (x, y) = (draw(side as u64) as i32, draw(side as u64) as i32);
        inputs.extend([join(player, x, y), attach(player, None)]);
    }
    let output = tick(&mut sim, inputs);
    let sampled: Vec<u64> = (1..=SAMPLED).map(|sample| sample * PLAYERS / SAMPLED).collect();
    let mut cells = vec![CellId::default(); sampled.len()];
    let (mut frames, mut bytes) = (0, 0);
    for (player, cell) in sampled.iter().zip(&mut cells) {
        frame(&output, *player, cell);
    }
    let mut seqs = vec![0; PLAYERS as usize];
    for turn in 0..TICKS {
        let movers = (1..=PLAYERS).filter(|player| player % (u64::from(SECOND) / MOVES_PER_S) == turn % 10);
        let mut walks: Vec<Input> = Vec::new();
        for player in movers {
            let seq = &mut seqs[player as usize - 1];
            *seq += 1;
            walks.push(walk(player, *seq, Direction::ALL[draw(4) as usize]));
        }
        let output = tick(&mut sim, walks);
        for (player, cell) in sampled.iter().zip(&mut cells) {
            if let Some(len) = frame(&output, *player, cell) {
                frames += 1;
                bytes += len;
            }
        }
    }
    let seconds_of_players = (SAMPLED * TICKS) as usize / SECOND as usize;
    (bytes / frames, bytes / seconds_of_players)
}

#[test]
fn a_frame_of_a_crowd_of_4000_has_fewer_than_600_bytes() {
    let (frame, _) = measured(32);
    println!("{frame} bytes a frame");
    assert!(frame < 600, "{frame}");
}

#[test]
fn whoever_sees_what_is_near_of_4000_gets_fewer_than_400_bytes_a_second() {
    let (_, second) = measured(512);
    println!("{second} bytes a second");
    assert!(second < 400, "{second}");
}
