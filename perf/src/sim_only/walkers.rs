//! The world of `perf sim-only` and what its players want: everything follows from the seed, so
//! that every run is the same.

use std::collections::BTreeMap;
use std::sync::Arc;

use tilemud_schema::{CharacterId, CharacterState, Intent, ItemStack, Position, SessionId, Stats, UserId};
use tilemud_sim::Map;
use tilemud_sim::api::{Identity, Input, PendingIntent, SessionKey};
use uuid::Uuid;

use crate::course::{self, Course, Walk};
use crate::furniture::furniture;

/// Edge of the map, tiles.
const EDGE: i32 = 512;

/// Edge of the square in which a crowd stands, tiles. It begins at a chunk's corner, in the middle
/// of the map.
const CROWD_EDGE: i32 = 32;

/// How large the world is, and how fast it goes.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// Everybody walks.
    pub players: usize,
    /// Items, NPCs that wander, and doors.
    pub entities: usize,
    /// All players in one square.
    pub is_crowd: bool,
    /// Moves per second and player.
    pub moves_per_s: f64,
    /// Ticks of a second.
    pub tick_hz: u32,
    /// Ticks between two deltas of the neighbours.
    pub delta_every: u32,
    /// Chooses the world and the ways of the players.
    pub seed: u64,
}

/// The players and their next moves.
pub struct Walkers {
    course: Course,
    corner: i32,
    /// Ticks between two moves of a player.
    every: usize,
    players: Vec<Player>,
    tick: usize,
}

/// Where a player is within the square of the course, and its last move.
struct Player {
    position: Position,
    walk: Walk,
    seq: u64,
}

impl Walkers {
    #[must_use]
    pub fn new(size: Size) -> Self {
        let edge = if size.is_crowd { CROWD_EDGE } else { EDGE };
        let course = Course::new(size.seed, edge);
        let player = |number| Player { position: course.start(number), walk: course.walk(number), seq: 0 };
        let players = (0..size.players).map(player).collect();
        let every = (f64::from(size.tick_hz) / size.moves_per_s).round().max(1.0) as usize;
        Self { course, corner: (EDGE - edge) / 2, every, players, tick: 0 }
    }

    /// What lets them all come in.
    #[must_use]
    pub fn joins(&self) -> Vec<Input> {
        let places = self
            .players
            .iter()
            .map(|Player { position: Position { x, y }, .. }| Position { x: x + self.corner, y: y + self.corner });
        places.enumerate().map(|(player, place)| join(player as u64, place)).collect()
    }

    /// The moves of the next tick: each player's come at even distances, those of all players are
    /// spread evenly.
    pub fn moves(&mut self, inputs: &mut Vec<Input>) {
        let first = self.tick % self.every;
        self.tick += 1;
        for (number, player) in self.players.iter_mut().enumerate().skip(first).step_by(self.every) {
            player.seq += 1;
            let direction = self.course.way(&mut player.walk, player.position);
            player.position = course::moved(player.position, direction);
            inputs.push(Input::Intent(PendingIntent {
                session: SessionKey(number as u64 + 1),
                connection: 0,
                seq: player.seq,
                intent: Intent::Move { direction },
                outcome: None,
            }));
        }
    }
}

/// An open map with everything that is not a player.
#[must_use]
pub fn map(size: Size) -> Map {
    Map { objects: furniture(size.seed, EDGE, size.entities), ..Map::open("field", EDGE, EDGE) }
}

fn join(number: u64, position: Position) -> Input {
    Input::Join {
        session: SessionKey(number + 1),
        identity: Arc::new(Identity {
            session_id: SessionId(Uuid::from_u64_pair(1, number)),
            user_id: UserId(format!("user-{number}").into()),
            character_id: CharacterId(Uuid::from_u64_pair(2, number)),
        }),
        character: Box::new(CharacterState {
            display_name: format!("Person {number}").into(),
            look: "traveller_1".into(),
            position: Some(position),
            health: 100,
            stats: Stats { named: Arc::new(BTreeMap::from([("strength".into(), 5)])), ..Stats::default() },
            inventory: Arc::new(vec![ItemStack { item: "apple".into(), quantity: 3 }]),
            ..CharacterState::default()
        }),
        last_seq: 0,
    }
}
