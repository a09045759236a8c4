//! What viewers have folded together out of deltas is what a full delta says: of players, doors and
//! things, of tiles, and of each viewer itself. With deltas of every tick and rarer ones, over the
//! borders of chunks, and for those who come back after as long as anything is remembered. A
//! brute-force look at the whole world is the oracle.

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;
use tilemud_schema::{
    Action, CharacterState, Direction, Entity, EntityId, EntityKind, Intent, ItemKind, Position, Seq, Tick,
};
use tilemud_sim::api::{Input, SessionKey, TickOutput, View};
use tilemud_sim::limits::{CHUNK_SIZE, REACH, RESUME_TICKS};
use tilemud_sim::{Map, Sim, SimConfig, WorldSnapshot};

use crate::actions::joining;
use crate::cases;
use crate::model::is_in_view;
use crate::players::{Client, attach, intent, leave, presence, resync, walk};

const PLAYERS: u64 = 5;
const BAG: [(&str, u32); 4] = [("apple", 9), ("coin", 7), ("crate", 4), ("rug", 3)];

/// How far around a corner of four chunks things are.
const CLUSTER: [&str; 8] =
    ["........", ".D.iD.f.", "...W....", ".f....c.", "..D.....", ".r...DW.", "....f...", "........"];

/// Chunks of the map in each direction: more than are seen at once.
const CHUNKS: i32 = 4;

/// What a player does before a tick.
#[derive(Debug, Clone)]
enum Deed {
    Walk(Direction, u64),
    /// Opens or closes the door within reach.
    Turn,
    /// Takes what lies within reach.
    Take,
    Drop(ItemKind),
    Eat,
    /// Feeds or gives to whoever is within reach.
    Hand(bool),
    /// Builds, or takes away again, beside itself.
    Build(ItemKind, Direction),
    Remove(Direction),
    /// Several at once, of which all happen or none.
    TakeAndDrop(ItemKind),
    Away(bool),
    Resync,
    /// Leaves, or comes in.
    Leave,
    /// Loses its connection, or comes back with what it holds, or with nothing.
    Connection(bool),
    /// Loses its connection, if it has one.
    Lose,
    /// Comes back with what it holds, if it is away.
    Return,
}

fn deed() -> impl Strategy<Value = Deed> {
    let direction = || (0..4usize).prop_map(|direction| Direction::ALL[direction]);
    let kind = || {
        prop::sample::select(vec!["apple", "coin", "crate", "rug"]).prop_map(|kind: &str| -> ItemKind { kind.into() })
    };
    prop_oneof![
        10 => (direction(), 1..5u64).prop_map(|(direction, steps)| Deed::Walk(direction, steps)),
        8 => Just(Deed::Turn),
        3 => Just(Deed::Take),
        3 => kind().prop_map(Deed::Drop),
        2 => Just(Deed::Eat),
        2 => any::<bool>().prop_map(Deed::Hand),
        2 => (kind(), direction()).prop_map(|(kind, direction)| Deed::Build(kind, direction)),
        2 => direction().prop_map(Deed::Remove),
        1 => kind().prop_map(Deed::TakeAndDrop),
        3 => any::<bool>().prop_map(Deed::Away),
        1 => Just(Deed::Resync),
        1 => Just(Deed::Leave),
        3 => any::<bool>().prop_map(Deed::Connection),
    ]
}

/// Ticks in which somebody does something.
fn busy(ticks_max: usize) -> impl Strategy<Value = Vec<Vec<(u64, Deed)>>> {
    prop::collection::vec(prop::collection::vec((1..=PLAYERS, deed()), 0..5), 1..ticks_max)
}

/// Somebody is without a connection for about as long as is remembered.
fn absence() -> impl Strategy<Value = Vec<Vec<(u64, Deed)>>> {
    let ticks = RESUME_TICKS as usize - 6..RESUME_TICKS as usize + 2;
    (1..=PLAYERS, busy(6), ticks).prop_map(|(number, mut meanwhile, ticks)| {
        meanwhile
            .iter_mut()
            .flatten()
            .for_each(|(other, _)| *other = if *other == number { number % PLAYERS + 1 } else { *other });
        meanwhile.resize(ticks, Vec::new());
        meanwhile[0].insert(0, (number, Deed::Lose));
        meanwhile[ticks - 1].push((number, Deed::Return));
        meanwhile
    })
}

fn play() -> impl Strategy<Value = Vec<Vec<(u64, Deed)>>> {
    prop::collection::vec(prop_oneof![3 => busy(20), 1 => absence()], 1..8).prop_map(|parts| parts.concat())
}

/// Clusters around the corners of chunks, so that few steps lead into other views.
fn map() -> Map {
    let edge = (CHUNK_SIZE * CHUNKS) as usize;
    let mut rows = vec![vec!['.'; edge]; edge];
    for (row, column) in (1..CHUNKS).flat_map(|row| (1..CHUNKS).map(move |column| (row, column))) {
        let [top, left] = [row, column].map(|chunk| (chunk * CHUNK_SIZE) as usize - CLUSTER.len() / 2);
        for (y, line) in CLUSTER.iter().enumerate() {
            for (x, mark) in line.chars().enumerate() {
                rows[top + y][left + x] = mark;
            }
        }
    }
    rows[0][0] = '@';
    let rows: Vec<String> = rows.iter().map(|row| row.iter().collect()).collect();
    Map::from_art(&rows.iter().map(String::as_str).collect::<Vec<_>>())
}

struct Player {
    key: u64,
    seq: Seq,
    client: Client,
    is_connected: bool,
    is_away: bool,
}

/// What the players do in one tick.
#[derive(Default)]
struct Plan {
    inputs: Vec<Input>,
    /// They are up to date after it, whatever tick it is.
    current: Vec<u64>,
    left: Vec<u64>,
}

struct Stage {
    sim: Sim,
    map: Arc<Map>,
    delta_every: u64,
    players: BTreeMap<u64, Player>,
    next_key: u64,
}

impl Stage {
    fn new(delta_every: u32) -> Self {
        let map = Arc::new(map());
        let config = SimConfig { delta_every, ..SimConfig::default() };
        let sim = Sim::new(Arc::clone(&map), config);
        Self { sim, map, delta_every: delta_every.into(), players: BTreeMap::new(), next_key: 1 }
    }

    fn tick(&mut self, deeds: &[(u64, Deed)]) {
        let (mut plan, world) = (Plan::default(), self.sim.snapshot());
        for (number, deed) in deeds {
            self.prepare(&world, *number, deed, &mut plan);
        }
        let Plan { mut inputs, mut current, .. } = plan;
        let output = self.sim.tick(&mut inputs);
        let world = self.sim.snapshot();
        for (number, player) in self.players.iter_mut().filter(|(_, player)| player.is_connected) {
            player.client.receive(SessionKey(player.key), &output);
            if is_told_all(player.key, &output) {
                current.push(*number);
            }
        }
        let is_due = output.tick.is_multiple_of(self.delta_every);
        for (number, player) in self.players.iter().filter(|(_, player)| player.is_connected) {
            self.check_own(player, output.tick);
            if is_due || current.contains(number) {
                self.check_view(player, &world, output.tick);
            }
        }
    }

    /// All viewers are told everything.
    fn end(&mut self) {
        let mut inputs: Vec<Input> = self.players.values().map(|player| attach(player.key, None)).collect();
        let output = self.sim.tick(&mut inputs);
        let world = self.sim.snapshot();
        for player in self.players.values_mut() {
            player.is_away = false;
            player.client.receive(SessionKey(player.key), &output);
        }
        self.players.values().for_each(|player| self.check_view(player, &world, output.tick));
    }

    /// What a deed puts into the tick.
    fn prepare(&mut self, world: &WorldSnapshot, number: u64, deed: &Deed, plan: &mut Plan) {
        let Plan { inputs, current, left } = plan;
        if left.contains(&number) {
            return;
        }
        let Some(player) = self.players.get_mut(&number) else {
            let (key, corner) = (self.next_key, CHUNK_SIZE * (1 + number as i32 % (CHUNKS - 1)));
            self.next_key += 1;
            let Input::Join { identity, character, last_seq, .. } = joining(number, (corner, corner), &BAG, 60) else {
                unreachable!("it joins");
            };
            inputs.push(Input::Join { session: SessionKey(key), identity, character, last_seq });
            inputs.push(attach(key, None));
            let client = Client::default();
            self.players.insert(number, Player { key, seq: 0, client, is_connected: true, is_away: false });
            current.push(number);
            return;
        };
        let key = player.key;
        let deed = match deed {
            Deed::Lose if player.is_connected => &Deed::Connection(true),
            Deed::Return if !player.is_connected => &Deed::Connection(true),
            Deed::Lose | Deed::Return => return,
            deed => deed,
        };
        match deed {
            Deed::Away(is_away) => {
                player.is_away = *is_away;
                inputs.push(presence(key, 0, *is_away));
                return;
            }
            Deed::Resync => return inputs.push(resync(key)),
            Deed::Leave => {
                self.players.remove(&number);
                left.push(number);
                return inputs.push(leave(key));
            }
            Deed::Connection(_) if player.is_connected => {
                player.is_connected = false;
                player.is_away = true;
                return inputs.push(presence(key, 0, true));
            }
            Deed::Connection(with_memory) => {
                let held = (*with_memory && player.client.tick > 0).then_some(player.client.tick);
                (player.is_connected, player.is_away) = (true, false);
                current.push(number);
                return inputs.push(attach(key, held));
            }
            Deed::Walk(direction, steps) => {
                for _ in 0..*steps {
                    player.seq += 1;
                    inputs.push(walk(key, player.seq, *direction));
                }
                return;
            }
            _ => {}
        }
        let Some(steps) = steps(world, number, deed) else { return };
        player.seq += 1;
        inputs.push(intent(key, player.seq, Intent::Action { steps }));
    }

    /// A viewer's own state is never late.
    fn check_own(&self, player: &Player, tick: Tick) {
        let state = self.sim.profile(SessionKey(player.key)).expect("in the world");
        let (display_name, look) = Default::default();
        assert_eq!(player.client.own, CharacterState { display_name, look, ..state }, "tick {tick}");
    }

    fn check_view(&self, player: &Player, world: &WorldSnapshot, tick: Tick) {
        let from = player.client.own.position.expect("in the world");
        let is_seen = |x: i32, y: i32| is_in_view(from, Position { x, y });
        let objects = world.objects.iter().map(|object| object.face.clone());
        let people = world.characters.iter().map(|it| {
            let Position { x, y } = it.state.position.expect("in the world");
            let user: u64 = it.identity.user_id.0.trim_start_matches("user-").parse().expect("a number");
            Entity {
                id: it.id,
                kind: EntityKind::Player,
                name: it.state.display_name.clone(),
                x,
                y,
                look: it.state.look.clone(),
                health: Some(it.state.health),
                open: None,
                away: self.players[&user].is_away.then_some(true),
            }
        });
        let all = objects.chain(people).filter(|entity| is_seen(entity.x, entity.y));
        let expected: BTreeMap<EntityId, Entity> = all.map(|entity| (entity.id, entity)).collect();
        assert_eq!(player.client.entities, expected, "tick {tick}");
        let is_news = |(x, y): &(i32, i32), tile: u16| {
            is_seen(*x, *y) && self.map.tiles[self.map.index(*x, *y).expect("on it")] != tile
        };
        let held = player
            .client
            .tiles
            .iter()
            .filter(|(place, tile)| is_news(place, **tile))
            .map(|(place, tile)| (*place, *tile));
        let tiles = world.tiles.iter().filter(|it| is_seen(it.x, it.y)).map(|it| ((it.x, it.y), it.tile));
        assert_eq!(held.collect::<BTreeMap<_, _>>(), tiles.collect(), "tick {tick}");
    }
}

fn is_told_all(key: u64, output: &TickOutput) -> bool {
    let private = output.sessions.iter().find(|private| private.session == SessionKey(key));
    private.is_some_and(|private| matches!(private.view, View::Own(number) if output.views.get(number).full))
}

/// The steps of an action on what is within reach; `None` when there is nothing for it.
fn steps(world: &WorldSnapshot, number: u64, deed: &Deed) -> Option<Vec<Action>> {
    let name = format!("Player {number}");
    let me = world.characters.iter().find(|it| *it.state.display_name == *name)?;
    let at = me.state.position?;
    let is_near = |x: i32, y: i32| at.x.abs_diff(x).max(at.y.abs_diff(y)) <= REACH;
    let beside = |direction: &Direction| {
        let (dx, dy) = direction.step();
        (at.x + dx, at.y + dy)
    };
    let mut near = world.objects.iter().map(|object| &object.face).filter(|face| is_near(face.x, face.y));
    let neighbour = || {
        let others = world.characters.iter().filter(|it| it.id != me.id);
        others.filter(|it| it.state.position.is_some_and(|at| is_near(at.x, at.y))).map(|it| it.id).min()
    };
    let drop = |item: &ItemKind| Action::Drop { item: item.clone(), quantity: None };
    Some(match deed {
        Deed::Turn => {
            let door = near.find(|face| face.kind == EntityKind::Door)?;
            let (x, y) = (door.x, door.y);
            vec![if door.open? { Action::Close { x, y } } else { Action::Open { x, y } }]
        }
        Deed::Take => vec![Action::Take { item: near.find(|face| face.kind == EntityKind::Item)?.id }],
        Deed::TakeAndDrop(item) => {
            vec![Action::Take { item: near.find(|face| face.kind == EntityKind::Item)?.id }, drop(item)]
        }
        Deed::Drop(item) => vec![drop(item)],
        Deed::Eat => vec![Action::Use { item: "apple".into(), target: None }],
        Deed::Hand(true) => vec![Action::Use { item: "apple".into(), target: Some(neighbour()?) }],
        Deed::Hand(false) => vec![Action::Give { item: "coin".into(), quantity: 1, to: neighbour()? }],
        Deed::Build(item, direction) => {
            let (x, y) = beside(direction);
            vec![Action::Place { item: item.clone(), x, y }]
        }
        Deed::Remove(direction) => {
            let (x, y) = beside(direction);
            vec![Action::Remove { x, y }]
        }
        _ => return None,
    })
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn what_a_viewer_has_folded_out_of_deltas_is_what_a_full_one_says(play in play(), delta_every in 1..=7u32) {
        let mut stage = Stage::new(delta_every);
        for deeds in &play {
            stage.tick(deeds);
        }
        stage.end();
    }
}
