//! What each step of an action does and when it is refused; all steps happen or none.

use std::sync::Arc;

use tilemud_schema::{Action, Details, Effect, EntityId, EntityKind, ErrorCode, Intent, ItemStack};
use tilemud_sim::api::{Input, Outcome, Refusal, SessionKey, TickOutput};
use tilemud_sim::limits::{HEALTH_MAX, INVENTORY_STACK_MAX, INVENTORY_STACKS_MAX};
use tilemud_sim::map_art::{APPLE_HEALS, CRATE, FLOOR};
use tilemud_sim::{Map, Sim};

use crate::players::{Client, character, identity, intent, walk};
use crate::{outcomes, sim, tick};

/// A small world with players, each with a client that follows it.
pub struct Yard {
    pub sim: Sim,
    clients: Vec<Client>,
    seqs: Vec<u64>,
}

impl Yard {
    /// Players 1, 2, ... at these places, with this in their bags.
    pub fn new(art: &[&str], players: &[(i32, i32)], bag: &[(&str, u32)]) -> Self {
        Self::with_health(art, players, bag, HEALTH_MAX)
    }

    pub fn with_health(art: &[&str], players: &[(i32, i32)], bag: &[(&str, u32)], health: i32) -> Self {
        Self::of(sim(Map::from_art(art)), players, bag, health)
    }

    pub fn of(sim: Sim, players: &[(i32, i32)], bag: &[(&str, u32)], health: i32) -> Self {
        let mut yard = Self { sim, clients: Vec::new(), seqs: Vec::new() };
        let joins = players.iter().zip(1..).map(|(place, number)| joining(number, *place, bag, health));
        let joins: Vec<Input> = joins.collect();
        yard.clients.resize_with(players.len(), Client::default);
        yard.seqs.resize(players.len(), 0);
        yard.tick(joins);
        yard
    }

    pub fn tick(&mut self, inputs: Vec<Input>) -> TickOutput {
        let output = tick(&mut self.sim, inputs);
        for (client, number) in self.clients.iter_mut().zip(1..) {
            client.receive(SessionKey(number), &output);
        }
        output
    }

    /// An action of a player for the next tick.
    pub fn action(&mut self, number: u64, steps: Vec<Action>) -> Input {
        let seq = &mut self.seqs[number as usize - 1];
        *seq += 1;
        intent(number, *seq, Intent::Action { steps })
    }

    /// One player acts; what became of it.
    pub fn act(&mut self, number: u64, steps: Vec<Action>) -> (TickOutput, Outcome) {
        let action = self.action(number, steps);
        let output = self.tick(vec![action]);
        let outcome = outcomes(&output).remove(0);
        (output, outcome)
    }

    pub fn applied(&mut self, number: u64, steps: Vec<Action>) -> TickOutput {
        let (output, outcome) = self.act(number, steps);
        assert_eq!(outcome, Outcome::Applied { event: 0 });
        output
    }

    pub fn refused(&mut self, number: u64, step: Action) -> ErrorCode {
        let before = self.sim.snapshot();
        let (output, outcome) = self.act(number, vec![step]);
        assert!(output.events.is_empty() && output.profiles.is_empty() && output.cells.is_empty());
        assert_eq!(output.record.hashes, before.hashes);
        match outcome {
            Outcome::Refused(Refusal { code, details: None }) => code,
            other => panic!("refused with a code of its own: {other:?}"),
        }
    }

    fn walk(&mut self, number: u64, direction: tilemud_schema::Direction) -> Outcome {
        let seq = &mut self.seqs[number as usize - 1];
        *seq += 1;
        let step = walk(number, *seq, direction);
        outcomes(&self.tick(vec![step])).remove(0)
    }

    pub fn client(&self, number: u64) -> &Client {
        &self.clients[number as usize - 1]
    }

    pub fn bag(&self, number: u64) -> Vec<(String, u32)> {
        let held = self.client(number).own.inventory.clone();
        let state = self.sim.profile(SessionKey(number)).expect("in the world");
        assert_eq!(held, state.inventory, "the client holds what the world says");
        held.iter().map(|stack| (stack.item.to_string(), stack.quantity)).collect()
    }

    /// The only entity of a kind at a place, as player 1 sees it.
    pub fn at(&self, x: i32, y: i32, kind: EntityKind) -> EntityId {
        let mut found = self.client(1).entities.values().filter(|it| (it.kind, it.x, it.y) == (kind, x, y));
        let id = found.next().unwrap_or_else(|| panic!("no {kind:?} at {x}, {y}")).id;
        assert!(found.next().is_none(), "more than one {kind:?} at {x}, {y}");
        id
    }

    pub fn has(&self, x: i32, y: i32, kind: EntityKind) -> bool {
        self.client(1).entities.values().any(|it| (it.kind, it.x, it.y) == (kind, x, y))
    }

    pub fn player(&self, number: u64) -> EntityId {
        let name = format!("Player {number}");
        self.client(1).entities.values().find(|entity| *entity.name == *name).expect("seen").id
    }
}

pub fn joining(number: u64, place: (i32, i32), bag: &[(&str, u32)], health: i32) -> Input {
    let stacks = bag.iter().map(|(item, quantity)| ItemStack { item: (*item).into(), quantity: *quantity });
    let state = tilemud_schema::CharacterState {
        health,
        inventory: Arc::new(stacks.collect()),
        ..character(number, Some(place))
    };
    Input::Join { session: SessionKey(number), identity: identity(number), character: Box::new(state), last_seq: 0 }
}

pub fn drop_one(item: &str) -> Action {
    Action::Drop { item: item.into(), quantity: None }
}

pub fn drop_some(item: &str, quantity: u32) -> Action {
    Action::Drop { item: item.into(), quantity: Some(quantity) }
}

fn use_up(item: &str, target: Option<EntityId>) -> Action {
    Action::Use { item: item.into(), target }
}

pub fn give(item: &str, quantity: u32, to: EntityId) -> Action {
    Action::Give { item: item.into(), quantity, to }
}

pub fn place(item: &str, x: i32, y: i32) -> Action {
    Action::Place { item: item.into(), x, y }
}

/// A row where new characters appear, and one that keeps them from the rows below.
pub const SPAWN: &str = "@...........................................................";
pub const WALLS: &str = "############################################################";

pub fn bag(content: &[(&str, u32)]) -> Vec<(String, u32)> {
    content.iter().map(|(item, quantity)| ((*item).to_owned(), *quantity)).collect()
}

#[test]
fn what_is_taken_is_in_the_bag_and_gone_from_the_world_for_everyone() {
    let mut yard = Yard::new(&["@.i.."], &[(1, 0), (4, 0)], &[]);
    let apple = yard.at(2, 0, EntityKind::Item);
    let steps = vec![Action::Take { item: apple }];
    let output = yard.applied(1, steps.clone());
    assert_eq!(yard.bag(1), bag(&[("apple", 1)]));
    assert!(!yard.has(2, 0, EntityKind::Item));
    assert_eq!(yard.client(1).entities, yard.client(2).entities);
    assert_eq!(output.events[0].performed.intent, Intent::Action { steps });
    assert_eq!(output.profiles[0].state.inventory.len(), 1, "it is saved");
    let sound = Effect::Sound { x: 2, y: 0, name: "take".into() };
    assert_eq!((&yard.client(1).heard, &yard.client(2).heard), (&vec![sound.clone()], &vec![sound]));
}

#[test]
fn what_is_dropped_lies_where_one_stands_and_joins_what_lies_there() {
    let mut yard = Yard::new(&["@...."], &[(1, 0), (3, 0)], &[("apple", 5), ("coin", 2)]);
    yard.applied(1, vec![drop_one("apple")]);
    let apples = yard.at(1, 0, EntityKind::Item);
    assert_eq!(yard.client(2).entities[&apples].look, "apple".into());
    yard.applied(1, vec![drop_some("apple", 3)]);
    assert_eq!(yard.at(1, 0, EntityKind::Item), apples, "one heap a kind");
    assert_eq!(yard.bag(1), bag(&[("apple", 1), ("coin", 2)]));
    yard.applied(1, vec![drop_some("coin", 2)]);
    yard.applied(1, vec![Action::Take { item: apples }]);
    assert_eq!(yard.bag(1), bag(&[("apple", 5)]));
    assert_eq!(yard.client(1).entities, yard.client(2).entities);
}

#[test]
fn food_heals_whom_it_is_used_on_and_is_gone() {
    let mut yard = Yard::with_health(&["@...."], &[(1, 0), (2, 0)], &[("apple", 3)], 80);
    yard.applied(1, vec![use_up("apple", None)]);
    assert_eq!(yard.client(1).own.health, 80 + APPLE_HEALS);
    let heal = Effect::Heal { id: yard.player(1), amount: APPLE_HEALS };
    assert!(yard.client(2).heard.contains(&heal), "it is seen by others");
    assert_eq!(yard.client(2).entities[&yard.player(1)].health, Some(80 + APPLE_HEALS));
    yard.applied(1, vec![use_up("apple", Some(yard.player(2)))]);
    assert_eq!(yard.client(2).own.health, 80 + APPLE_HEALS);
    yard.applied(1, vec![use_up("apple", Some(yard.player(1)))]);
    assert_eq!(yard.client(1).own.health, HEALTH_MAX, "never more than full");
    assert_eq!(yard.bag(1), []);
}

#[test]
fn what_is_given_is_the_others_at_once() {
    let mut yard = Yard::new(&["@...."], &[(1, 0), (2, 0)], &[("apple", 3)]);
    let output = yard.applied(1, vec![give("apple", 2, yard.player(2))]);
    let gifts = |number| yard.sim.profile(SessionKey(number)).expect("in the world").stats.gifts_given;
    assert_eq!((gifts(1), gifts(2)), (1, 0), "however many things it was");
    assert_eq!((yard.bag(1), yard.bag(2)), (bag(&[("apple", 1)]), bag(&[("apple", 5)])));
    assert_eq!(output.profiles.len(), 2, "both are saved");
}

#[test]
fn an_open_door_lets_people_through_and_a_closed_one_does_not() {
    use tilemud_schema::Direction::East;
    let mut yard = Yard::new(&["@.D.."], &[(1, 0), (1, 0)], &[]);
    let blocked = Outcome::Refused(ErrorCode::MoveBlocked.into());
    assert_eq!(yard.walk(1, East), blocked);
    let door = yard.at(2, 0, EntityKind::Door);
    yard.applied(1, vec![Action::Open { x: 2, y: 0 }]);
    assert_eq!(yard.client(2).entities[&door].open, Some(true));
    assert_eq!(yard.walk(1, East), Outcome::Applied { event: 0 });
    assert_eq!(yard.refused(2, Action::Close { x: 2, y: 0 }), ErrorCode::MoveBlocked, "somebody stands in it");
    assert_eq!(yard.refused(1, Action::Close { x: 2, y: 0 }), ErrorCode::MoveBlocked, "not on one's own feet either");
    assert_eq!(yard.walk(1, East), Outcome::Applied { event: 0 });
    yard.applied(2, vec![Action::Close { x: 2, y: 0 }]);
    assert_eq!(yard.client(1).entities[&door].open, Some(false));
    assert_eq!(yard.walk(2, East), blocked);
}

#[test]
fn what_is_built_blocks_is_told_and_can_be_taken_by_anyone() {
    use tilemud_schema::Direction::East;
    let mut yard = Yard::new(&[SPAWN, WALLS, ".........."], &[(50, 2), (52, 2)], &[("crate", 1)]);
    let output = yard.applied(1, vec![place("crate", 51, 2)]);
    assert_eq!(output.cells.get(0).tiles, [tilemud_schema::TileChange { x: 51, y: 2, tile: CRATE }]);
    assert_eq!(yard.walk(1, East), Outcome::Refused(ErrorCode::MoveBlocked.into()));
    assert_eq!(yard.bag(1), []);
    let output = yard.applied(2, vec![Action::Remove { x: 51, y: 2 }]);
    assert_eq!(output.cells.get(0).tiles, [tilemud_schema::TileChange { x: 51, y: 2, tile: FLOOR }]);
    assert_eq!(yard.bag(2), bag(&[("crate", 2)]));
    assert_eq!(yard.walk(1, East), Outcome::Applied { event: 0 });
}

#[test]
fn each_step_that_cannot_be_done_is_refused_with_its_own_code() {
    use ErrorCode::{ActionNotAllowed, InventoryFull, ItemNotFound, MoveBlocked, TargetOutOfRange};
    // The first row is where new characters appear. Players at (5, 3), (6, 3) and, far away, (11,
    // 3).
    let art = [SPAWN, WALLS, "#...N#........", ".....i.D....ii", "....f........c"];
    let full: Vec<(String, u32)> = (0..INVENTORY_STACKS_MAX - 3).map(|n| (format!("thing {n}"), 1)).collect();
    let mut content: Vec<(&str, u32)> = full.iter().map(|(name, quantity)| (name.as_str(), *quantity)).collect();
    content.extend([("apple", INVENTORY_STACK_MAX), ("coin", 1), ("crate", 1)]);
    let mut yard = Yard::new(&art, &[(5, 3), (6, 3), (11, 3)], &content);
    let (apple, near, far) = (yard.at(5, 3, EntityKind::Item), yard.player(2), yard.player(3));
    let (npc, door) = (yard.at(4, 2, EntityKind::Npc), yard.at(7, 3, EntityKind::Door));
    let far_apple = yard.at(12, 3, EntityKind::Item);
    let take = |item| Action::Take { item };
    let (open, close) = (|x, y| Action::Open { x, y }, |x, y| Action::Close { x, y });
    let remove = |x, y| Action::Remove { x, y };
    let table = [
        (take(far_apple), TargetOutOfRange),
        (take(EntityId(9_999)), ItemNotFound),
        (take(near), ItemNotFound),
        (take(apple), InventoryFull),
        (drop_one("pear"), ItemNotFound),
        (drop_some("coin", 2), ItemNotFound),
        (drop_some("coin", 0), ActionNotAllowed),
        (use_up("pear", None), ItemNotFound),
        (use_up("coin", None), ActionNotAllowed),
        (use_up("apple", None), ActionNotAllowed),
        (use_up("apple", Some(npc)), ActionNotAllowed),
        (use_up("apple", Some(door)), ActionNotAllowed),
        (use_up("apple", Some(far)), TargetOutOfRange),
        (use_up("apple", Some(EntityId(9_999))), TargetOutOfRange),
        (give("apple", 1, near), InventoryFull),
        (give("coin", 0, near), ActionNotAllowed),
        (give("coin", 2, near), ItemNotFound),
        (give("coin", 1, far), TargetOutOfRange),
        (give("coin", 1, npc), ActionNotAllowed),
        (give("coin", 1, yard.player(1)), ActionNotAllowed),
        (open(7, 3), TargetOutOfRange),
        (open(4, 3), ActionNotAllowed),
        (open(i32::MIN, i32::MAX), TargetOutOfRange),
        (close(4, 3), ActionNotAllowed),
        (place("crate", 7, 3), TargetOutOfRange),
        (place("pear", 4, 3), ItemNotFound),
        (place("coin", 4, 3), ActionNotAllowed),
        (place("crate", 5, 2), MoveBlocked),
        (place("crate", 4, 2), MoveBlocked),
        (place("crate", 6, 3), MoveBlocked),
        (place("crate", 5, 3), MoveBlocked),
        (remove(5, 2), ActionNotAllowed),
        (remove(4, 3), ActionNotAllowed),
        (remove(9, 3), TargetOutOfRange),
    ];
    for (step, code) in table {
        let text = format!("{step:?}");
        assert_eq!(yard.refused(1, step), code, "{text}");
    }
    // Player 2 stands by the door, player 3 by items and a crate.
    assert_eq!(yard.refused(2, close(7, 3)), ActionNotAllowed, "it is closed");
    assert_eq!(yard.refused(2, place("crate", 7, 3)), MoveBlocked);
    assert_eq!(yard.refused(3, place("crate", 12, 3)), MoveBlocked, "something lies there");
    yard.applied(2, vec![place("crate", 6, 4)]);
    assert_eq!(yard.refused(1, place("crate", 6, 4)), ActionNotAllowed, "built upon already");
}

#[test]
fn nothing_that_blocks_is_built_where_new_characters_appear() {
    let mut yard = Yard::new(&["....", ".@..", "...."], &[(1, 1)], &[("crate", 1), ("rug", 1)]);
    assert_eq!(yard.refused(1, place("crate", 2, 1)), ErrorCode::ActionNotAllowed);
    yard.applied(1, vec![place("rug", 2, 1)]);
}

#[test]
fn whichever_step_fails_nothing_of_the_action_happened() {
    // One thing of everything an action can change.
    let good = [
        Action::Open { x: 7, y: 3 },
        drop_one("apple"),
        use_up("apple", None),
        place("rug", 5, 3),
        Action::Remove { x: 5, y: 3 },
        place("crate", 6, 2),
        drop_one("coin"),
        use_up("apple", None),
        Action::Close { x: 7, y: 3 },
        drop_some("apple", 2),
        Action::Open { x: 7, y: 3 },
        drop_one("coin"),
        place("rug", 5, 3),
        use_up("apple", None),
        drop_one("apple"),
        drop_one("apple"),
    ];
    let art = [SPAWN, WALLS, "..............", "......iD......"];
    let new_yard =
        || Yard::with_health(&art, &[(6, 3), (8, 3)], &[("apple", 9), ("coin", 4), ("crate", 1), ("rug", 1)], 10);
    for failing in 0..good.len() {
        let mut yard = new_yard();
        let (before, clients) = (yard.sim.snapshot(), [yard.client(1).clone(), yard.client(2).clone()]);
        let mut steps = good.to_vec();
        steps[failing] = Action::Take { item: EntityId(9_999) };
        let (output, outcome) = yard.act(1, steps);
        let details = Details::Rollback { failed_step: failing as u32, cause: ErrorCode::ItemNotFound };
        let refusal = Refusal { code: ErrorCode::ActionAtomicRollback, details: Some(details) };
        assert!(refusal.code.retryable());
        assert_eq!(outcome, Outcome::Refused(refusal));
        assert!(output.events.is_empty() && output.profiles.is_empty() && !output.is_durable());
        assert!(output.cells.is_empty() && output.sessions.is_empty(), "nothing of it is seen or heard");
        let after = tilemud_sim::WorldSnapshot { tick: before.tick, ..yard.sim.snapshot() };
        assert_eq!(after.encode(), before.encode(), "step {failing}");
        for (number, mut client) in (1..).zip(clients) {
            client.tick = output.tick;
            assert_eq!(*yard.client(number), client);
        }
    }
    let mut yard = new_yard();
    yard.applied(1, good.to_vec());
    assert_eq!(yard.bag(1), bag(&[("apple", 1), ("coin", 2)]));
    assert_eq!(yard.client(1).own.health, 10 + 3 * APPLE_HEALS);
    assert_eq!(yard.client(1).entities, yard.client(2).entities);
}

#[test]
fn a_later_step_sees_what_an_earlier_one_did() {
    let mut yard = Yard::new(&["@.i.."], &[(2, 0)], &[("apple", 1)]);
    let apple = yard.at(2, 0, EntityKind::Item);
    yard.applied(1, vec![drop_one("apple"), Action::Take { item: apple }, drop_some("apple", 2)]);
    assert_eq!(yard.bag(1), []);
    let heap = yard.at(2, 0, EntityKind::Item);
    assert_ne!(heap, apple, "the first heap was taken");
    let (_, outcome) = yard.act(1, vec![Action::Take { item: heap }, Action::Take { item: heap }]);
    let details = Details::Rollback { failed_step: 1, cause: ErrorCode::ItemNotFound };
    assert_eq!(
        outcome,
        Outcome::Refused(Refusal { code: ErrorCode::ActionAtomicRollback, details: Some(details) }),
        "nothing can be taken twice"
    );
    // Laid down and taken again at once: the number it would have had is used up.
    let next = EntityId(yard.sim.snapshot().next_entity);
    yard.applied(1, vec![Action::Take { item: heap }, drop_some("apple", 2), Action::Take { item: next }]);
    assert_eq!(yard.bag(1), bag(&[("apple", 2)]));
    assert_eq!(yard.sim.snapshot().next_entity, next.0 + 1);
    assert!(!yard.has(2, 0, EntityKind::Item));
}

#[test]
fn of_two_who_take_the_same_thing_at_once_one_gets_it() {
    let mut yard = Yard::new(&["@.i.."], &[(1, 0), (3, 0)], &[]);
    let steps = vec![Action::Take { item: yard.at(2, 0, EntityKind::Item) }];
    let both = vec![yard.action(2, steps.clone()), yard.action(1, steps)];
    let output = yard.tick(both);
    let late = Outcome::Refused(ErrorCode::ItemNotFound.into());
    assert_eq!(outcomes(&output), [Outcome::Applied { event: 0 }, late]);
    assert_eq!((yard.bag(1), yard.bag(2)), (bag(&[("apple", 1)]), bag(&[])));
}

#[test]
fn of_two_who_fill_one_bag_at_once_only_what_fits_is_given() {
    let mut yard = Yard::new(&["@...."], &[(1, 0), (2, 0), (3, 0)], &[("apple", INVENTORY_STACK_MAX / 2)]);
    let to = yard.player(2);
    let both = vec![yard.action(1, vec![give("apple", 400, to)]), yard.action(3, vec![give("apple", 400, to)])];
    let output = yard.tick(both);
    let full = Outcome::Refused(ErrorCode::InventoryFull.into());
    assert_eq!(outcomes(&output), [Outcome::Applied { event: 0 }, full]);
    assert_eq!(yard.bag(3), bag(&[("apple", INVENTORY_STACK_MAX / 2)]), "what did not fit was kept");
}

#[test]
fn a_sound_that_many_steps_make_is_heard_once() {
    let mut yard = Yard::new(&["@.D.."], &[(1, 0), (3, 0)], &[]);
    let (open, close) = (Action::Open { x: 2, y: 0 }, Action::Close { x: 2, y: 0 });
    yard.applied(1, (0..16).map(|step| if step % 2 == 0 { open.clone() } else { close.clone() }).collect());
    let heard = |name: &str| Effect::Sound { x: 2, y: 0, name: name.into() };
    assert_eq!(yard.client(2).heard, [heard("door_open"), heard("door_close")]);
}
