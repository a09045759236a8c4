//! The world of the floods of actions, and what attackers do in it: a blind alley, so that
//! everybody who walks east comes to its end, where a pile of planks lies and a door and a place to
//! build on are in reach that nobody can stand on.

use std::path::{Path, PathBuf};

use anyhow::Result;
use tilemud_schema::limits::ACTION_STEPS_MAX;
use tilemud_schema::{Action, ClientMessage, Direction, EntityId, Intent, Seq};

/// `#` is wall; the pile lies where the alley ends, the door is below that corner, the site above.
const ROWS: [&str; 3] = ["###############.#", "#..............##", "###############.#"];

/// Steps that lead to its end from wherever one begins.
const WAY_IN: Seq = 14;

const SITE: (i32, i32) = (15, 0);
const DOOR: (i32, i32) = (15, 2);

/// Objects are numbered as they stand in the map.
const PILE: EntityId = EntityId(2);

const KIND: &str = "planks";

/// Pixels of a tile.
const TILE: i32 = 16;

/// Writes it, and returns the path of its map.
///
/// # Errors
/// When the folder takes no files.
pub fn write(folder: &Path) -> Result<PathBuf> {
    let map = folder.join("alley.tmx");
    std::fs::write(&map, tmx())?;
    std::fs::write(folder.join("alley.png"), png())?;
    Ok(map)
}

fn tmx() -> String {
    let tiles =
        ROWS.map(|row| row.chars().map(|mark| if mark == '#' { "2" } else { "1" }).collect::<Vec<_>>().join(","));
    let (width, height) = (ROWS[0].len(), ROWS.len());
    let object = |class: &str, (x, y): (i32, i32), properties: &str| {
        let (x, y) = (x * TILE + TILE / 2, y * TILE + TILE / 2);
        format!(r#"<object type="{class}" x="{x}" y="{y}"><properties>{properties}</properties><point/></object>"#)
    };
    let end = (i32::try_from(WAY_IN).unwrap_or(1), 1);
    let objects = [
        object("door", DOOR, r#"<property name="look" value="door"/>"#),
        object(
            "item",
            end,
            &format!(
                r#"<property name="look" value="{KIND}"/><property name="places" value="{KIND}"/><property name="quantity" type="int" value="1000000"/>"#
            ),
        ),
        object("spawn", (1, 1), ""),
    ];
    format!(
        r#"<map version="1.10" orientation="orthogonal" width="{width}" height="{height}" tilewidth="{TILE}" tileheight="{TILE}" infinite="0">
 <tileset firstgid="1" version="1.10" name="alley" tilewidth="{TILE}" tileheight="{TILE}" tilecount="3" columns="3">
  <image source="alley.png" width="48" height="16"/>
  <tile id="0" type="path"/>
  <tile id="1" type="wall"><properties><property name="solid" type="bool" value="true"/></properties></tile>
  <tile id="2" type="{KIND}"/>
 </tileset>
 <layer id="1" name="ground" width="{width}" height="{height}"><data encoding="csv">{}</data></layer>
 <objectgroup id="2" name="objects">{}</objectgroup>
</map>"#,
        tiles.join(",\n"),
        objects.join("")
    )
}

/// As much of a picture as a server looks at.
fn png() -> Vec<u8> {
    [b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".as_slice(), &48_u32.to_be_bytes(), &16_u32.to_be_bytes()].concat()
}

/// A step, by turns with what undoes it.
pub fn actions(seq: Seq) -> ClientMessage {
    let dropped = Action::Drop { item: KIND.into(), quantity: None };
    act(seq, || vec![if seq.is_multiple_of(2) { dropped } else { Action::Take { item: PILE } }])
}

/// A door that is opened and closed again, by everybody.
pub fn doors(seq: Seq) -> ClientMessage {
    act(seq, || door().to_vec())
}

/// Planks that are laid and taken up again, by everybody.
pub fn builds(seq: Seq) -> ClientMessage {
    act(seq, || site().to_vec())
}

/// As many steps as an action may have.
pub fn heavy_ok(seq: Seq) -> ClientMessage {
    act(seq, many)
}

/// The same, and the last one cannot be taken.
pub fn heavy(seq: Seq) -> ClientMessage {
    act(seq, || {
        let mut steps = many();
        if let Some(last) = steps.last_mut() {
            *last = Action::Take { item: EntityId(u64::MAX) };
        }
        steps
    })
}

fn door() -> [Action; 2] {
    let (x, y) = DOOR;
    [Action::Open { x, y }, Action::Close { x, y }]
}

fn site() -> [Action; 2] {
    let (x, y) = SITE;
    [Action::Place { item: KIND.into(), x, y }, Action::Remove { x, y }]
}

/// As many as an action may have, by turns at the door and the site.
fn many() -> Vec<Action> {
    (0..ACTION_STEPS_MAX / 2).flat_map(|turn| if turn % 2 == 0 { door() } else { site() }).collect()
}

/// First to the end of the alley, then as many planks as one can carry, then that.
fn act(seq: Seq, steps: impl FnOnce() -> Vec<Action>) -> ClientMessage {
    let intent = match seq {
        0..=WAY_IN => Intent::Move { direction: Direction::East },
        _ if seq == WAY_IN + 1 => Intent::Action { steps: vec![Action::Take { item: PILE }] },
        _ => Intent::Action { steps: steps() },
    };
    ClientMessage::Intent { seq, intent }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tilemud_schema::{CharacterId, CharacterState, ErrorCode, SessionId, UserId};
    use tilemud_sim::api::{Identity, Input, Outcome, PendingIntent, SessionKey};
    use tilemud_sim::{Map, Sim, SimConfig};
    use uuid::Uuid;

    use super::*;

    fn joining(number: u64) -> Input {
        let identity = Identity {
            session_id: SessionId(Uuid::from_u64_pair(1, number)),
            user_id: UserId("attacker".into()),
            character_id: CharacterId(Uuid::from_u64_pair(2, number)),
        };
        let character = CharacterState { display_name: format!("{number}").into(), health: 100, ..Default::default() };
        let (session, identity, character) = (SessionKey(number), Arc::new(identity), Box::new(character));
        Input::Join { session, identity, character, last_seq: 0 }
    }

    fn intent(number: u64, message: ClientMessage) -> Input {
        let ClientMessage::Intent { seq, intent } = message else { panic!("{message:?}") };
        Input::Intent(PendingIntent { session: SessionKey(number), connection: 0, seq, intent, outcome: None })
    }

    #[test]
    fn attackers_come_to_the_end_of_the_alley_and_what_they_do_there_is_done() {
        type Deed = fn(Seq) -> ClientMessage;
        let all: [(&str, Deed, bool); 5] = [
            ("actions", actions, true),
            ("doors", doors, true),
            ("builds", builds, true),
            ("heavy_ok", heavy_ok, true),
            ("heavy", heavy, false),
        ];
        for (name, message, is_done) in all {
            let folder = tempfile::tempdir().unwrap();
            let map = Map::from_tmx(&write(folder.path()).unwrap(), |path| std::fs::read(path)).unwrap();
            let mut sim = Sim::new(Arc::new(map), SimConfig::default());
            sim.tick(&mut (1..=8).map(joining).collect());
            for seq in 1..WAY_IN + 20 {
                let output = sim.tick(&mut (1..=8).map(|number| intent(number, message(seq))).collect());
                assert_eq!(output.answers.len(), 8);
                for outcome in output.answers.iter().map(|answer| &answer.outcome).filter(|_| seq > WAY_IN) {
                    match outcome {
                        Outcome::Applied { .. } => assert!(is_done || seq == WAY_IN + 1, "{name}, {seq}"),
                        Outcome::Refused(refusal) => {
                            assert!(!is_done && refusal.code == ErrorCode::ActionAtomicRollback, "{name}, {seq}");
                        }
                        other => panic!("{name}, {seq}: {other:?}"),
                    }
                }
            }
        }
    }
}
