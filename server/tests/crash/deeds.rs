//! What players do. A deed is drawn from the seed; what it is as an intent depends on what its
//! player sees just then.

use tilemud_schema::{Action, ChatChannel, ClientMessage, Direction, EntityKind, Intent, Position, Seq};

use crate::account::Account;
use crate::chance::Chance;

/// Steps from where it first stood that a player goes at most: where there are things and others.
const LEASH: i32 = 9;

#[derive(Debug, Clone, Copy)]
enum Deed {
    Walk(Direction),
    /// Towards the nearest thing that lies around.
    Seek,
    Say,
    Shout,
    Whisper,
    /// Words that are none: refused by their shape.
    Blank,
    Take,
    Drop,
    Use,
    /// Takes one thing and drops another, or neither.
    Swap,
    Door,
}

/// The next intent of a player.
pub fn next(account: &Account, confidant: &str, chance: &mut Chance) -> Intent {
    // Always as many numbers, whatever is seen, so that the next deed is drawn alike.
    let (kind, direction) = (chance.below(100), *chance.pick(&Direction::ALL));
    let deed = match kind {
        0..50 => Deed::Walk(direction),
        50..64 => Deed::Seek,
        64..72 => Deed::Say,
        72..75 => Deed::Shout,
        75..78 => Deed::Whisper,
        78..79 => Deed::Blank,
        79..87 => Deed::Take,
        87..93 => Deed::Drop,
        93..95 => Deed::Use,
        95..98 => Deed::Swap,
        _ => Deed::Door,
    };
    resolve(deed, account, confidant)
}

/// An intent as a message.
pub fn message(seq: Seq, intent: &Intent) -> ClientMessage {
    ClientMessage::Intent { seq, intent: intent.clone() }
}

fn resolve(deed: Deed, account: &Account, confidant: &str) -> Intent {
    let at = account.held.own.position.unwrap_or(account.start);
    // Never said twice: whoever hears it knows which intent it was.
    let text = format!("{} {}", account.name, account.next_seq).into();
    let action = |step: Option<Action>| Intent::Action { steps: vec![step.unwrap_or_else(use_nothing)] };
    match deed {
        Deed::Walk(direction) => Intent::Move { direction: leashed(direction, at, account.start) },
        Deed::Seek => Intent::Move { direction: towards_thing(account, at) },
        Deed::Say => Intent::Chat { channel: ChatChannel::Say, text, to: None },
        Deed::Shout => Intent::Chat { channel: ChatChannel::Zone, text, to: None },
        Deed::Whisper => Intent::Chat { channel: ChatChannel::Whisper, text, to: Some(confidant.into()) },
        Deed::Blank => Intent::Chat { channel: ChatChannel::Say, text: " ".into(), to: None },
        Deed::Take => action(take(account, at)),
        Deed::Drop => action(drop_some(account)),
        Deed::Use => action(carried(account).map(|item| Action::Use { item, target: None })),
        Deed::Swap => Intent::Action {
            steps: vec![drop_some(account).unwrap_or_else(use_nothing), take(account, at).unwrap_or_else(use_nothing)],
        },
        Deed::Door => action(door(account, at)),
    }
}

fn use_nothing() -> Action {
    Action::Use { item: "nothing".into(), target: None }
}

fn leashed(direction: Direction, at: Position, home: Position) -> Direction {
    match direction {
        Direction::East if at.x > home.x + LEASH => Direction::West,
        Direction::West if at.x < home.x - LEASH => Direction::East,
        Direction::South if at.y > home.y + LEASH => Direction::North,
        Direction::North if at.y < home.y - LEASH => Direction::South,
        free => free,
    }
}

fn distance(from: Position, x: i32, y: i32) -> i32 {
    (x - from.x).abs().max((y - from.y).abs())
}

fn nearest(account: &Account, at: Position, kind: EntityKind) -> Option<&tilemud_schema::Entity> {
    let of_kind = account.held.entities.values().filter(|entity| entity.kind == kind);
    of_kind.min_by_key(|entity| distance(at, entity.x, entity.y))
}

fn towards_thing(account: &Account, at: Position) -> Direction {
    let Some(thing) = nearest(account, at, EntityKind::Item) else {
        return leashed(Direction::North, at, account.start);
    };
    let (dx, dy) = (thing.x - at.x, thing.y - at.y);
    let direction = if dx.abs() > dy.abs() {
        if dx > 0 { Direction::East } else { Direction::West }
    } else if dy > 0 {
        Direction::South
    } else {
        Direction::North
    };
    leashed(direction, at, account.start)
}

fn take(account: &Account, at: Position) -> Option<Action> {
    nearest(account, at, EntityKind::Item).map(|thing| Action::Take { item: thing.id })
}

fn carried(account: &Account) -> Option<tilemud_schema::ItemKind> {
    account.held.own.inventory.as_ref()?.first().map(|stack| stack.item.clone())
}

fn drop_some(account: &Account) -> Option<Action> {
    carried(account).map(|item| Action::Drop { item, quantity: Some(1) })
}

fn door(account: &Account, at: Position) -> Option<Action> {
    let door = nearest(account, at, EntityKind::Door)?;
    let (x, y) = (door.x, door.y);
    Some(if door.open == Some(true) { Action::Close { x, y } } else { Action::Open { x, y } })
}
