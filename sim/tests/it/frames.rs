//! How large the frames of many players are in binary. Bytes are exact, whatever the machine.

use tilemud_schema::codec::encode_server;
use tilemud_schema::{
    Ack, AckStatus, ActionId, CharacterState, Direction, Effect, Encoding, IntentAck, Position, Seq, ServerMessage,
    Shared, SharedParts, Tick, Timestamp,
};
use tilemud_sim::api::{CellId, Delta, Input, SessionKey, View};
use tilemud_sim::{Map, Sim, TickOutput};
use uuid::Builder;

use crate::players::{InViews, attach, identity, walk};
use crate::{SECOND, sim, tick};

/// As in `cargo xtask perf crowd` and `steady`.
const PLAYERS: u64 = 4_000;
const MOVES_PER_S: u64 = 2;

/// Ticks that are measured, and players whose frames are.
const TICKS: u64 = 20;
const SAMPLED: u64 = 40;

/// Comes in with a character as `perf` makes them.
fn join(player: u64, x: i32, y: i32) -> Input {
    let character = CharacterState {
        display_name: format!("perf-1592594996-{player}").into(),
        look: "traveller_1".into(),
        position: Some(Position { x, y }),
        health: 100,
        ..CharacterState::default()
    };
    let character = Box::new(character);
    Input::Join { session: SessionKey(player), identity: identity(player), character, last_seq: 0 }
}

/// With the header of its frame (RFC 6455, 5.2).
fn framed(payload: usize) -> usize {
    payload + if payload < 126 { 2 } else { 4 }
}

/// The acknowledgement of a step, as a frame.
fn ack(tick: Tick, seq: Seq) -> usize {
    let at = Timestamp::from_micros(1_795_427_263_123_456);
    let id = Builder::from_unix_timestamp_millis(at.as_micros().cast_unsigned() / 1_000, &[7; 10]).into_uuid();
    let (status, latency_ms) = (AckStatus::Applied, Some(31));
    let acks = vec![IntentAck { seq, status, action_id: ActionId(id), persisted_at: at, latency_ms }];
    let mut bytes = Vec::new();
    encode_server(Encoding::Postcard, &ServerMessage::Ack(Ack::Intents { tick, acks }), &mut bytes);
    framed(bytes.len())
}

/// The state delta of a player in a tick, as a frame; nothing when it gets none.
fn frame(output: &TickOutput, in_views: &InViews, player: u64, cell: &mut CellId) -> Option<usize> {
    let session_delta = output.sessions.iter().find(|session_delta| session_delta.session == SessionKey(player));
    if let Some(session_delta) = session_delta {
        *cell = session_delta.cell;
    }
    let (cell_delta, held) = match session_delta.map(|session_delta| &session_delta.view) {
        Some(View::Own(number)) => (Some(output.views.get(*number)), None),
        _ => {
            let delta = output.cells.find(*cell).map(|number| output.cells.get(number));
            (delta, delta.and_then(|delta| in_views.before(&delta)))
        }
    };
    if session_delta.is_none() && cell_delta.is_none() {
        return None;
    }
    let own = session_delta.and_then(|session_delta| session_delta.own.as_ref());
    // Who is in view of a cell is told to the server alone.
    let Delta { full, enter, update, leave, tiles, .. } = cell_delta.unwrap_or_default();
    let parts = SharedParts::of(&Shared { full, enter, update, leave, tiles, in_view: &[] }, held);
    let mut bytes = Vec::new();
    parts.begin(output.tick, own, &[] as &[Effect], &mut bytes);
    Some(framed(bytes.len() + parts.bytes.len()))
}

/// Mean bytes of a delta's frame, and of all frames of a second to one player, on a square map.
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
    let mut in_views = InViews::default();
    in_views.follow(&output);
    let sampled: Vec<u64> = (1..=SAMPLED).map(|sample| sample * PLAYERS / SAMPLED).collect();
    let mut cells = vec![CellId::default(); sampled.len()];
    let (mut frames, mut bytes, mut bytes_of_acks) = (0, 0, 0);
    for (player, cell) in sampled.iter().zip(&mut cells) {
        frame(&output, &in_views, *player, cell);
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
        for answer in output.answers.iter().filter(|answer| sampled.contains(&answer.session.0)) {
            bytes_of_acks += ack(output.tick, answer.seq);
        }
        for (player, cell) in sampled.iter().zip(&mut cells) {
            if let Some(len) = frame(&output, &in_views, *player, cell) {
                frames += 1;
                bytes += len;
            }
        }
        in_views.follow(&output);
    }
    let seconds_of_players = (SAMPLED * TICKS) as usize / SECOND as usize;
    (bytes / frames, (bytes + bytes_of_acks) / seconds_of_players)
}

#[test]
fn a_frame_of_a_crowd_of_4000_has_fewer_than_450_bytes() {
    let (frame, _) = measured(32);
    println!("{frame} bytes a frame");
    assert!(frame < 450, "{frame}");
}

#[test]
fn whoever_sees_what_is_near_of_4000_gets_at_most_290_bytes_a_second() {
    let (_, second) = measured(512);
    println!("{second} bytes a second");
    assert!(second <= 290, "{second}");
}
