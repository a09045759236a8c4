//! What is built, given and taken must not be turned against others; and what was accepted once is
//! done again by a replay, whatever is asked of deeds since.

use std::sync::Arc;

use tilemud_schema::{Action, EntityId, EntityKind, ErrorCode, Position};
use tilemud_sim::Customs;
use tilemud_sim::api::{Outcome, SessionKey, TickOutput};
use tilemud_sim::limits::{HEALTH_MAX, INVENTORY_STACK_MAX, INVENTORY_STACKS_MAX};
use tilemud_sim::map::ItemInfo;
use tilemud_sim::map_art::{CRATE, FIRE};
use tilemud_sim::{Map, Sim, SimConfig};

use crate::actions::{SPAWN, WALLS, Yard, bag, drop_some, give, joining, place};
use crate::players::leave;
use crate::replays::log;

/// A map on which a fire can be built, and rows that are far enough from where new characters
/// appear.
fn site(rows: &[&str]) -> Map {
    let rows: Vec<&str> = [SPAWN, WALLS].into_iter().chain(rows.iter().copied()).collect();
    let mut map = Map::from_art(&rows);
    map.items.insert("torch".into(), ItemInfo { name: "torch".into(), heals: 0, places: Some(FIRE) });
    map
}

fn position(yard: &Yard, number: u64) -> Position {
    yard.sim.profile(SessionKey(number)).and_then(|state| state.position).expect("in the world")
}

/// That the log of these ticks leads to the same world, on the same map and by other customs.
fn is_done_again(map: &Map, outputs: &[TickOutput]) {
    for customs in [Customs::NONE, Customs { gifts: false, ..Customs::default() }] {
        let mut again = Sim::new(Arc::new(map.clone()), SimConfig { customs, ..SimConfig::default() });
        for tick in log(outputs) {
            assert_eq!(again.replay(&tick), Ok(()));
        }
    }
}

#[test]
fn somebody_on_whose_place_something_was_built_wakes_up_beside_it() {
    for (thing, tile) in [("crate", CRATE), ("torch", FIRE)] {
        let map = site(&["............", "....#......."]);
        let sim = Sim::new(Arc::new(map.clone()), SimConfig::default());
        let things = [("crate", 9), ("torch", 9)];
        let mut yard = Yard::of(sim, &[(3, 2)], &things, HEALTH_MAX);
        assert_eq!(yard.applied(1, vec![place(thing, 4, 2)]).cells.get(0).tiles[0].tile, tile);
        let woken = yard.tick(vec![joining(2, (4, 2), &[], HEALTH_MAX)]);
        assert_eq!(position(&yard, 2), Position { x: 5, y: 2 }, "{thing}: beside it, not in it and not behind a wall");
        assert_eq!(
            woken.record.arrivals[0].state.position,
            Some(Position { x: 5, y: 2 }),
            "so a replay needs no rule for it"
        );
        assert_eq!(woken.profiles.len(), 1, "it is saved");
        for _ in 0..60 {
            yard.tick(Vec::new());
        }
        assert_eq!(yard.sim.profile(SessionKey(2)).map(|state| state.health), Some(HEALTH_MAX));
    }
}

#[test]
fn somebody_who_is_walled_in_while_away_wakes_up_where_new_characters_appear() {
    let map = site(&["#...........", "...........#", "............"]);
    let sim = Sim::new(Arc::new(map), SimConfig::default());
    let mut yard = Yard::of(sim, &[(1, 3)], &[("crate", 9)], HEALTH_MAX);
    for (x, y) in [(0, 3), (1, 2), (0, 4), (1, 4)] {
        yard.applied(1, vec![place("crate", x, y)]);
    }
    yard.tick(vec![joining(2, (0, 3), &[], HEALTH_MAX)]);
    assert_eq!(position(&yard, 2), Position { x: 1, y: 3 }, "where the builder stands");
    yard.tick(vec![joining(3, (0, 4), &[], HEALTH_MAX)]);
    assert_eq!(position(&yard, 3).y, 0);
}

#[test]
fn a_fire_of_the_map_itself_is_where_one_has_gone_to() {
    let mut yard = Yard::new(&["@..f..", "######"], &[(0, 0)], &[]);
    yard.tick(vec![joining(2, (3, 0), &[], HEALTH_MAX)]);
    assert_eq!(position(&yard, 2), Position { x: 3, y: 0 });
}

/// A way over fire, of one rug, on which the second player stands; the first can take it away.
fn bridge() -> (Map, Yard) {
    let map = site(&["............", "....f......."]);
    let sim = Sim::new(Arc::new(map.clone()), SimConfig::default());
    let mut yard = Yard::of(sim, &[(3, 3)], &[("rug", 2)], HEALTH_MAX);
    yard.applied(1, vec![place("rug", 4, 3)]);
    (map, yard)
}

#[test]
fn a_bridge_over_fire_is_not_taken_away_from_under_anybody() {
    let (_, mut yard) = bridge();
    let remove = || Action::Remove { x: 4, y: 3 };
    yard.tick(vec![joining(2, (4, 3), &[], HEALTH_MAX)]);
    assert_eq!(position(&yard, 2), Position { x: 4, y: 3 });
    assert_eq!(yard.refused(1, remove()), ErrorCode::MoveBlocked);
    yard.applied(1, vec![place("rug", 3, 2), Action::Remove { x: 3, y: 2 }]);
    yard.tick(vec![leave(2)]);
    yard.applied(1, vec![remove()]);
}

#[test]
fn somebody_who_fell_asleep_on_a_bridge_over_fire_wakes_up_beside_it_when_it_is_gone() {
    let (_, mut yard) = bridge();
    yard.tick(vec![joining(2, (4, 3), &[], HEALTH_MAX)]);
    yard.tick(vec![leave(2)]);
    yard.applied(1, vec![Action::Remove { x: 4, y: 3 }]);
    let woken = yard.tick(vec![joining(2, (4, 3), &[], HEALTH_MAX)]);
    let place = position(&yard, 2);
    assert_ne!(place, Position { x: 4, y: 3 }, "not in the fire");
    assert_eq!(woken.record.arrivals[0].state.position, Some(place), "so a replay needs no rule for it");
    for _ in 0..60 {
        yard.tick(Vec::new());
    }
    assert_eq!(yard.sim.profile(SessionKey(2)).map(|state| state.health), Some(HEALTH_MAX));
}

#[test]
fn a_bridge_that_was_taken_away_from_under_somebody_once_is_taken_away_again_by_a_replay() {
    let map = site(&["............", "....f......."]);
    let customs = Customs { keeps_covers: false, ..Customs::default() };
    let mut sim = Sim::new(Arc::new(map.clone()), SimConfig { customs, ..SimConfig::default() });
    let joins = vec![joining(1, (3, 3), &[("rug", 1)], HEALTH_MAX), joining(2, (5, 3), &[], HEALTH_MAX)];
    let mut outputs = vec![crate::tick(&mut sim, joins)];
    let west = tilemud_schema::Intent::Move { direction: tilemud_schema::Direction::West };
    let built = tilemud_schema::Intent::Action { steps: vec![place("rug", 4, 3)] };
    let removed = tilemud_schema::Intent::Action { steps: vec![Action::Remove { x: 4, y: 3 }] };
    for (player, seq, deed) in [(1, 1, built), (2, 1, west), (1, 2, removed)] {
        let output = crate::tick(&mut sim, vec![crate::players::intent(player, seq, deed)]);
        assert_eq!(crate::outcomes(&output), [Outcome::Applied { event: 0 }]);
        outputs.push(output);
    }
    is_done_again(&map, &outputs);
}

#[test]
fn nothing_is_built_under_anybody_on_doors_or_close_to_where_new_characters_appear() {
    let mut yard = Yard::new(
        &[
            "@...........",
            "............",
            "............",
            "............",
            "............",
            "............",
            "............",
            "......D.....",
        ],
        &[(6, 6), (7, 6)],
        &[("crate", 9), ("rug", 9)],
    );
    let refused = |yard: &mut Yard, x, y| yard.refused(1, place("crate", x, y));
    assert_eq!(refused(&mut yard, 7, 6), ErrorCode::MoveBlocked, "under somebody");
    assert_eq!(refused(&mut yard, 6, 6), ErrorCode::MoveBlocked, "under oneself");
    assert_eq!(refused(&mut yard, 6, 7), ErrorCode::MoveBlocked, "on a door");
    // New characters appear on the 49 tiles that are nearest by steps, up to eight or nine from the
    // corner.
    assert_eq!(refused(&mut yard, 5, 5), ErrorCode::ActionNotAllowed);
    yard.applied(1, vec![place("rug", 5, 5)]);
}

#[test]
fn a_pile_is_taken_as_far_as_there_is_room_and_the_rest_stays_for_others() {
    let map = site(&["......"]);
    let sim = Sim::new(Arc::new(map), SimConfig::default());
    let mut yard = Yard::of(sim, &[(2, 2), (2, 2)], &[("coin", 900)], HEALTH_MAX);
    yard.applied(1, vec![drop_some("coin", 900)]);
    yard.applied(2, vec![drop_some("coin", 900)]);
    let heap = yard.at(2, 2, EntityKind::Item);
    yard.applied(1, vec![Action::Take { item: heap }]);
    assert_eq!(yard.bag(1), bag(&[("coin", INVENTORY_STACK_MAX)]));
    assert_eq!(yard.refused(1, Action::Take { item: heap }), ErrorCode::InventoryFull, "no room at all");
    assert_eq!(yard.at(2, 2, EntityKind::Item), heap, "the same heap, smaller");
    yard.applied(2, vec![Action::Take { item: heap }]);
    let rest = 2 * 900 - INVENTORY_STACK_MAX;
    assert_eq!(yard.bag(2), bag(&[("coin", rest)]));
    assert!(!yard.has(2, 2, EntityKind::Item));
    // Within one action, of what it has laid down itself too.
    let next = EntityId(yard.sim.snapshot().next_entity);
    yard.applied(2, vec![drop_some("coin", 5), Action::Take { item: next }]);
    assert_eq!(yard.bag(2), bag(&[("coin", rest)]));
}

#[test]
fn without_room_for_another_kind_nothing_of_it_is_taken() {
    let full: Vec<(String, u32)> = (0..INVENTORY_STACKS_MAX).map(|n| (format!("thing {n}"), 1)).collect();
    let full: Vec<(&str, u32)> = full.iter().map(|(name, quantity)| (name.as_str(), *quantity)).collect();
    let mut yard = Yard::new(&["@.i.."], &[(1, 0)], &full);
    let apple = yard.at(2, 0, EntityKind::Item);
    assert_eq!(yard.refused(1, Action::Take { item: apple }), ErrorCode::InventoryFull);
}

#[test]
fn where_gifts_need_consent_things_change_hands_by_being_laid_down_and_picked_up() {
    let map = site(&["......"]);
    let customs = Customs { gifts: false, ..Customs::default() };
    let sim = Sim::new(Arc::new(map), SimConfig { customs, ..SimConfig::default() });
    let mut yard = Yard::of(sim, &[(2, 2), (3, 2)], &[("apple", 3)], HEALTH_MAX);
    let ben = yard.player(2);
    assert_eq!(yard.refused(1, give("apple", 1, ben)), ErrorCode::ActionNotAllowed);
    yard.applied(1, vec![drop_some("apple", 1)]);
    let heap = yard.at(2, 2, EntityKind::Item);
    yard.applied(2, vec![Action::Take { item: heap }]);
    assert_eq!(yard.bag(2), bag(&[("apple", 4)]));
}

#[test]
fn what_was_accepted_is_done_again_whatever_is_asked_of_deeds_since() {
    // New characters appear up to (24, 0).
    let map = Map::from_art(&[SPAWN, "."]);
    let mut sim = Sim::new(Arc::new(map.clone()), SimConfig { customs: Customs::NONE, ..SimConfig::default() });
    let things = [("crate", 3), ("apple", 2)];
    let joins = vec![joining(1, (26, 0), &things, HEALTH_MAX), joining(2, (27, 1), &[], HEALTH_MAX)];
    let mut outputs = vec![crate::tick(&mut sim, joins)];
    let seen = outputs[0].views.iter().flat_map(|view| view.enter.to_vec()).find(|it| &*it.name == "Player 2");
    let ben = seen.expect("seen").id;
    for (seq, step) in [(1, give("apple", 1, ben)), (2, place("crate", 25, 1))] {
        let intent = crate::players::intent(1, seq, tilemud_schema::Intent::Action { steps: vec![step] });
        let output = crate::tick(&mut sim, vec![intent]);
        assert_eq!(crate::outcomes(&output), [Outcome::Applied { event: 0 }]);
        outputs.push(output);
    }
    outputs.push(crate::tick(&mut sim, vec![leave(2)]));
    is_done_again(&map, &outputs);
}
