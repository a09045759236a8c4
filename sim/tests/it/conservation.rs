//! Whatever people do with things, none is made and none is lost; and it can all be done again.

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;
use tilemud_schema::{Action, Direction, EntityId, EntityKind, Intent, ItemKind};
use tilemud_sim::api::{Input, SessionKey, TickOutput};
use tilemud_sim::limits::HEALTH_MAX;
use tilemud_sim::map::Spawner;
use tilemud_sim::{Map, Sim, SimConfig, WorldSnapshot};

use crate::actions::joining;
use crate::players::{Client, intent, leave, walk};
use crate::replays::log;
use crate::{SECOND, cases};

const ART: [&str; 6] = ["......i.", ".@..D.f.", "...###c.", "..i...r.", ".W..c..i", "........"];
const PLAYERS: u64 = 4;
const BAG: [(&str, u32); 4] = [("apple", 6), ("coin", 998), ("crate", 2), ("rug", 1)];

/// What one player does in one tick.
#[derive(Debug, Clone)]
enum Deed {
    Act(Vec<Action>),
    Walk(Direction),
    /// Leaves, or comes back with what it left with.
    Leave,
}

/// Steps on few things in a narrow yard, so that many of them succeed and many meet.
fn step() -> impl Strategy<Value = Action> {
    let kind = prop::sample::select(vec!["apple", "coin", "crate", "rug", "gold"]);
    let kind = kind.prop_map(|kind: &str| -> ItemKind { kind.into() });
    let thing = || (1..30u64).prop_map(EntityId);
    let place = || (0..8i32, 0..6i32);
    let some = prop_oneof![4 => 1..4u32, 1 => Just(0), 1 => Just(u32::MAX)];
    prop_oneof![
        4 => thing().prop_map(|item| Action::Take { item }),
        4 => (kind.clone(), prop::option::of(some.clone())).prop_map(|(item, quantity)| Action::Drop { item, quantity }),
        2 => (kind.clone(), prop::option::of(thing())).prop_map(|(item, target)| Action::Use { item, target }),
        3 => (kind.clone(), some, thing()).prop_map(|(item, quantity, to)| Action::Give { item, quantity, to }),
        1 => place().prop_map(|(x, y)| Action::Open { x, y }),
        1 => place().prop_map(|(x, y)| Action::Close { x, y }),
        5 => (kind, place()).prop_map(|(item, (x, y))| Action::Place { item, x, y }),
        3 => place().prop_map(|(x, y)| Action::Remove { x, y }),
    ]
}

fn deeds() -> impl Strategy<Value = Vec<(u64, Deed)>> {
    let act = prop_oneof![3 => prop::collection::vec(step(), 1), 1 => prop::collection::vec(step(), 2..5)];
    let deed = prop_oneof![
        8 => act.prop_map(Deed::Act),
        4 => (0..4usize).prop_map(|direction| Deed::Walk(Direction::ALL[direction])),
        1 => Just(Deed::Leave),
    ];
    prop::collection::vec((1..=PLAYERS, deed), 0..6)
}

#[derive(Default)]
struct Player {
    seq: u64,
    client: Client,
    is_in: bool,
}

fn sum<'a>(stacks: impl IntoIterator<Item = (&'a str, u32)>) -> BTreeMap<String, u64> {
    let mut sums = BTreeMap::new();
    for (kind, quantity) in stacks {
        *sums.entry(kind.to_owned()).or_default() += u64::from(quantity);
    }
    sums
}

/// All things there are: in bags, on the ground, built in, and with those who are not in the world.
fn census(sim: &Sim, away: &BTreeMap<u64, Vec<(String, u32)>>, eaten: &[ItemKind]) -> BTreeMap<String, u64> {
    let (snapshot, map) = (sim.snapshot(), Map::from_art(&ART));
    let objects = snapshot.objects.iter().filter(|object| object.face.kind == EntityKind::Item);
    let lying = objects.map(|object| (&*object.face.look, object.quantity.expect("items are counted")));
    let bags = snapshot.characters.iter().flat_map(|it| it.state.inventory.iter());
    let built = snapshot.tiles.iter().map(|tile| (&**map.item_of_tile(tile.tile).expect("built of an item"), 1));
    let away = away.values().flatten().map(|(kind, quantity)| (kind.as_str(), *quantity));
    let eaten = eaten.iter().map(|kind| (&**kind, 1));
    sum(lying.chain(bags.map(|stack| (&*stack.item, stack.quantity))).chain(built).chain(away).chain(eaten))
}

fn eaten(output: &TickOutput) -> impl Iterator<Item = ItemKind> {
    let steps = output.events.iter().filter_map(|event| match &event.performed.intent {
        Intent::Action { steps } => Some(steps.iter()),
        _ => None,
    });
    steps.flatten().filter_map(|step| match step {
        Action::Use { item, .. } => Some(item.clone()),
        _ => None,
    })
}

/// Things that the world has made since an earlier snapshot.
fn made(before: &WorldSnapshot, now: &WorldSnapshot) -> Vec<(String, u32)> {
    let things =
        |snapshot: &WorldSnapshot| snapshot.spawners.iter().flat_map(|it| it.things.clone()).collect::<Vec<_>>();
    let (old, new) = (things(before), things(now));
    let made = now.objects.iter().filter(|object| new.contains(&object.face.id) && !old.contains(&object.face.id));
    made.map(|object| (object.face.look.to_string(), object.quantity.expect("items are counted"))).collect()
}

/// Plays, counts after every tick, and does it all again from the start and from the middle.
fn play_on(
    map: Map,
    ticks_per_second: u32,
    play: &[Vec<(u64, Deed)>],
    middle: prop::sample::Index,
) -> Result<(), TestCaseError> {
    let middle = middle.index(play.len());
    let map = Arc::new(map);
    let begin = || {
        let mut sim = Sim::new(map.clone(), SimConfig::default());
        sim.set_ticks_per_second(ticks_per_second);
        sim
    };
    let mut sim = begin();
    let mut players: BTreeMap<u64, Player> = (1..=PLAYERS).map(|number| (number, Player::default())).collect();
    let bag = BAG.iter().map(|(kind, quantity)| ((*kind).to_owned(), *quantity)).collect::<Vec<_>>();
    let mut away: BTreeMap<u64, Vec<(String, u32)>> = (1..=PLAYERS).map(|number| (number, bag.clone())).collect();
    let mut all = census(&sim, &away, &[]);
    let (mut all_eaten, mut outputs, mut snapshot) = (Vec::new(), Vec::new(), None);
    for (index, deeds) in play.iter().enumerate() {
        let mut inputs = Vec::new();
        for (number, deed) in deeds {
            let player = players.get_mut(number).expect("one of them");
            inputs.push(match deed {
                Deed::Leave if player.is_in => {
                    player.is_in = false;
                    leave(*number)
                }
                _ if !player.is_in && away.contains_key(number) => {
                    let bag = away.remove(number).expect("just looked");
                    *player = Player { is_in: true, ..Player::default() };
                    let bag: Vec<(&str, u32)> = bag.iter().map(|(kind, count)| (kind.as_str(), *count)).collect();
                    joining(*number, (*number as i32, 5), &bag, 40)
                }
                _ if !player.is_in => continue,
                Deed::Act(steps) => {
                    player.seq += 1;
                    intent(*number, player.seq, Intent::Action { steps: steps.clone() })
                }
                Deed::Walk(direction) => {
                    player.seq += 1;
                    walk(*number, player.seq, *direction)
                }
                Deed::Leave => unreachable!("it is in"),
            });
        }
        let before = sim.snapshot();
        let output = sim.tick(&mut { inputs });
        for (kind, quantity) in made(&before, &sim.snapshot()) {
            *all.entry(kind).or_default() += u64::from(quantity);
        }
        for (key, identity) in &output.departed {
            let profile = output.profiles.iter().rev().find(|profile| profile.identity == *identity);
            let bag = profile.map(|profile| profile.state.inventory.clone()).expect("the last word");
            let bag = bag.iter().map(|stack| (stack.item.to_string(), stack.quantity));
            away.insert(key.0, bag.collect());
        }
        all_eaten.extend(eaten(&output));
        prop_assert_eq!(&census(&sim, &away, &all_eaten), &all, "tick {}", output.tick);
        let everyone = players.iter_mut().filter(|(_, player)| player.is_in);
        let mut views = everyone.map(|(number, player)| {
            player.client.receive(SessionKey(*number), &output);
            (*number, &player.client)
        });
        // The yard is one chunk: all see the same.
        if let Some((_, first)) = views.next() {
            prop_assert!(views.all(|(_, other)| other.entities == first.entities));
            let things = sim.snapshot().objects.len() + sim.characters().len();
            prop_assert_eq!(first.entities.len(), things);
        }
        outputs.push(output);
        if index == middle {
            snapshot = Some(sim.snapshot());
        }
    }
    prop_assert!(sim.characters().iter().all(|(_, state)| (1..=HEALTH_MAX).contains(&state.health)));
    let (log, snapshot) = (log(&outputs), snapshot.expect("taken in the middle"));
    let mut again = begin();
    let stored = WorldSnapshot::decode(&snapshot.encode()).expect("what was encoded");
    let mut half = Sim::restore(map.clone(), SimConfig::default(), &stored).expect("of this map");
    for tick in &log {
        prop_assert_eq!(again.replay(tick), Ok(()));
        if tick.record.tick > snapshot.tick {
            prop_assert_eq!(half.replay(tick), Ok(()));
        }
    }
    if half.last_tick() == again.last_tick() {
        prop_assert_eq!(half.snapshot().encode(), again.snapshot().encode());
    }
    // Both go on like the original.
    for sim in [&mut again, &mut half] {
        while sim.last_tick() < outputs.len() as u64 {
            let tick = sim.tick(&mut Vec::<Input>::new());
            prop_assert_eq!(&tick.record.hashes, &outputs[tick.tick as usize - 1].record.hashes);
        }
    }
    Ok(())
}

/// A spawner of a rectangle, or of the place of an item.
pub fn spawner(kind: &str, (x, y): (i32, i32), (width, height): (i32, i32), number: u32, every_s: u32) -> Spawner {
    let (kind, name) = (kind.into(), kind.into());
    Spawner { kind, name, x, y, width, height, quantity: 1, number, every_s, is_place: false }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn nothing_is_made_or_lost_and_all_of_it_can_be_done_again(
        play in prop::collection::vec(deeds(), 1..60),
        middle in any::<prop::sample::Index>(),
    ) {
        play_on(Map::from_art(&ART), SECOND, &play, middle)?;
    }

    #[test]
    fn nothing_but_the_world_makes_things_where_they_come_back(
        play in prop::collection::vec(deeds(), 1..60),
        middle in any::<prop::sample::Index>(),
    ) {
        let mut map = Map::from_art(&ART);
        let place = |at, every_s| Spawner { is_place: true, ..spawner("apple", at, (1, 1), 1, every_s) };
        map.spawners = vec![place((6, 0), 1), place((2, 3), 4), place((7, 4), 9)];
        map.spawners.push(Spawner { quantity: 2, ..spawner("coin", (0, 0), (4, 3), 3, 2) });
        play_on(map, 2, &play, middle)?;
    }
}
