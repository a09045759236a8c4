//! The world of the demo: the real one, on the built-in map, and two strangers in it who wander and
//! talk.
//!
//! They do the same at the same ticks in every run, so that pictures and tests are repeatable.
//! Knows no connections; the messages of a tick are returned to the demo.

use std::sync::{Arc, OnceLock};

use tilemud_schema::rest::{Area, Run, Sign, Tileset, WorldMap};
use tilemud_schema::sprites::Sprites;
use tilemud_schema::{
    CharacterId, CharacterState, ChatChannel, Direction, Intent, Position, Seq, SessionId, StateDelta, Stats, Tick,
    UserId,
};
use tilemud_sim::api::{Answer, Attached, CellId, Identity, Input, PendingIntent, SessionKey, TickOutput, View};
use tilemud_sim::limits::{CHUNK_SIZE, HEALTH_MAX};
use tilemud_sim::{Map, Sim, SimConfig};
use uuid::Uuid;

use super::handmade;
use super::scenario::Scenario;

/// Where the picture of the tiles is.
pub(super) const TILES: &str = "/demo.png";

/// Where the music of the village would be.
const MUSIC: &str = "/demo.wav";

/// Name, look and place, counted from where newcomers appear.
const STRANGERS: [(&str, &str, (i32, i32)); 2] = [("Mira", "traveller_2", (4, 4)), ("Bran", "traveller_3", (-4, 2))];

/// Where the player stands who is indoors, counted from there too.
const INDOORS: (i32, i32) = (0, -15);

const LINES: [&str; 3] =
    ["Lovely evening, isn't it?", "Has anyone seen my lantern? I left it by the well.", "Hello there!"];

/// What the player gets of a tick.
pub(super) struct Advanced {
    /// The answer to a hello.
    pub(super) attached: Option<Attached>,
    pub(super) answers: Vec<Answer>,
    /// Nothing when nothing is to be seen.
    pub(super) delta: Option<StateDelta>,
}

pub(super) struct World {
    map: Arc<Map>,
    sim: Sim,
    inputs: Vec<Input>,
    /// Numbers of what the strangers did last.
    seqs: [Seq; STRANGERS.len()],
    tick: Tick,
    /// The player's session, and the chunk it looks from.
    player: Option<(SessionKey, CellId)>,
    place: Position,
    /// Where the player comes in.
    home: Position,
    sessions: u64,
    areas: Vec<Area>,
    signs: Vec<Sign>,
    sprites: Option<Sprites>,
}

impl World {
    pub(super) fn new(scenario: Scenario) -> Self {
        static BUILT_IN: OnceLock<Arc<Map>> = OnceLock::new();
        let map = BUILT_IN.get_or_init(|| Arc::new(Map::built_in())).clone();
        let mut world = Self {
            sim: Sim::new(map.clone(), SimConfig::default()),
            place: map.spawn,
            home: map.spawn,
            map,
            inputs: Vec::new(),
            seqs: [0; STRANGERS.len()],
            tick: 0,
            player: None,
            sessions: 0,
            areas: Vec::new(),
            signs: Vec::new(),
            sprites: None,
        };
        if scenario == Scenario::Indoors {
            let Position { x, y } = world.map.spawn;
            world.home = Position { x: x + INDOORS.0, y: y + INDOORS.1 };
            (world.place, world.areas) = (world.home, village(world.home));
        }
        if scenario == Scenario::Handmade {
            (world.signs, world.sprites) = (handmade::signs(world.home), Some(handmade::sprites()));
        }
        for (name, look, (x, y)) in STRANGERS {
            let Position { x: home_x, y: home_y } = world.map.spawn;
            world.join(name, look, Position { x: home_x + x, y: home_y + y }, CharacterState::default());
        }
        world
    }

    pub(super) fn tick(&self) -> Tick {
        self.tick
    }

    /// Where the player stands.
    pub(super) fn place(&self) -> Position {
        self.place
    }

    /// The tileset's picture, a PNG.
    pub(super) fn tiles(&self) -> &[u8] {
        &self.map.tileset.images[0]
    }

    /// The map as in GET /api/map, with its tiles.
    pub(super) fn map(&self) -> WorldMap {
        let Map { name, width, height, tiles, ground, canopy, tileset, spawn, warps, .. } = (*self.map).clone();
        let (areas, signs, sprites) = (self.areas.clone(), self.signs.clone(), self.sprites.clone());
        let tileset = Tileset {
            image: TILES.to_owned(),
            more_images: Vec::new(),
            tile_size: tileset.tile_size,
            columns: tileset.columns,
            tiles: tileset.tiles,
            animations: tileset.animations,
        };
        WorldMap {
            name,
            width,
            height,
            chunk_size: CHUNK_SIZE,
            tiles,
            ground,
            canopy,
            sections: None,
            tileset,
            spawn,
            warps,
            areas,
            signs,
            sprites,
        }
    }

    /// The player comes in, if not there yet.
    pub(super) fn enter(&mut self, name: &str) {
        if self.player.is_none() {
            self.place = self.home;
            let session = self.join(name, "traveller_1", self.place, self.past());
            self.player = Some((session, CellId::default()));
        }
    }

    pub(super) fn leave(&mut self) {
        self.inputs.extend(self.player.take().map(|(session, _)| Input::Leave { session }));
    }

    /// Hands in something of the player's session.
    pub(super) fn want(&mut self, input: impl FnOnce(SessionKey) -> Input) {
        self.inputs.extend(self.player.map(|(session, _)| input(session)));
    }

    /// The first stranger's connection is lost.
    pub(super) fn lose_stranger(&mut self) {
        self.inputs.push(Input::Presence { session: SessionKey(1), connection: 0, away: true });
    }

    /// Runs one tick. Returns what the player gets of it.
    pub(super) fn advance(&mut self) -> Advanced {
        self.live();
        let output = self.sim.tick(&mut self.inputs);
        self.tick = output.tick;
        let Some((session, cell)) = &mut self.player else {
            return Advanced { attached: None, answers: Vec::new(), delta: None };
        };
        let session_delta = output.sessions.iter().find(|delta| delta.session == *session);
        if let Some(session_delta) = session_delta {
            *cell = session_delta.cell;
        }
        let delta = delta(&output, *session, *cell);
        let moved = session_delta.and_then(|delta| delta.own.as_ref()?.position);
        self.place = moved.unwrap_or(self.place);
        let answers = output.answers.iter().filter(|answer| answer.session == *session).cloned().collect();
        Advanced { attached: session_delta.and_then(|delta| delta.attached), answers, delta }
    }

    /// Past deeds of the player, so that the sheet has something to show.
    fn past(&self) -> CharacterState {
        let Position { x, y } = self.map.spawn;
        let named = Arc::new([("strength".into(), 7)].into());
        let stats = Stats { steps: 12_480, messages: 37, named, ..Stats::default() };
        CharacterState { camp: Some(Position { x: x + 9, y: y - 3 }), stats, ..CharacterState::default() }
    }

    fn join(&mut self, name: &str, look: &str, position: Position, past: CharacterState) -> SessionKey {
        self.sessions += 1;
        let (session, id) = (SessionKey(self.sessions), Uuid::from_u64_pair(1, self.sessions));
        let identity =
            Identity { session_id: SessionId(id), user_id: UserId(name.into()), character_id: CharacterId(id) };
        let character = CharacterState {
            display_name: name.into(),
            look: look.into(),
            position: Some(position),
            health: HEALTH_MAX,
            ..past
        };
        let (identity, character) = (Arc::new(identity), Box::new(character));
        self.inputs.push(Input::Join { session, identity, character, last_seq: 0 });
        session
    }

    /// What the strangers do in the next tick.
    fn live(&mut self) {
        let beat = self.tick + 1;
        for stranger in 0..STRANGERS.len() {
            let turn = beat + stranger as u64 * 7;
            if turn % 60 < 24 && turn.is_multiple_of(4) {
                let direction = Direction::ALL[(turn / 60 + stranger as u64) as usize % 4];
                self.stranger_wants(stranger, Intent::Move { direction });
            }
        }
        let round = (beat / 50) as usize;
        if beat % 50 == 20 {
            let text = LINES[round % LINES.len()].into();
            self.stranger_wants(round % STRANGERS.len(), Intent::Chat { channel: ChatChannel::Say, text, to: None });
        }
        if beat % 50 == 45 {
            let gestures = crate::gestures::all();
            self.stranger_wants(0, gestures[round % gestures.len()].intent.clone());
        }
    }

    fn stranger_wants(&mut self, stranger: usize, intent: Intent) {
        self.seqs[stranger] += 1;
        let (session, seq) = (SessionKey(stranger as u64 + 1), self.seqs[stranger]);
        self.inputs.push(Input::Intent(PendingIntent { session, connection: 0, seq, intent, outcome: None }));
    }
}

/// A village, and in it the inn in which the player stands.
fn village(place: Position) -> Vec<Area> {
    let rectangle = |x: i32, y: i32, width: i32, height: i32| {
        let rows = place.y + y..place.y + y + height;
        rows.map(|y| Run { x: place.x + x, y, width }).collect()
    };
    let inn = Area { name: "The Inn".to_owned(), light: Some(60), indoor: true, ..Area::default() };
    let village = Area { name: "First Light".to_owned(), music: Some(MUSIC.to_owned()), ..Area::default() };
    vec![Area { runs: rectangle(-20, -15, 40, 50), ..village }, Area { runs: rectangle(-5, -5, 11, 7), ..inn }]
}

/// The delta of a session, joined as in the fan-out.
fn delta(output: &TickOutput, session: SessionKey, cell: CellId) -> Option<StateDelta> {
    let session_delta = output.sessions.iter().find(|delta| delta.session == session);
    let cell_delta = output.cells.find(cell).map(|number| output.cells.get(number));
    if session_delta.is_none() && cell_delta.is_none() && output.zone.is_empty() {
        return None;
    }
    let delta = match session_delta.map(|delta| delta.view) {
        Some(View::Own(number)) => output.views.get(number),
        _ => cell_delta.unwrap_or_default(),
    };
    let effects = output.zone.iter().chain(session_delta.into_iter().flat_map(|delta| &delta.effects));
    let effects = effects.map(|effect| effect.as_ref().clone()).collect();
    Some(delta.message(output.tick, session_delta.and_then(|delta| delta.own.clone()), effects))
}
