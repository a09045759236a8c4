//! A field with a few people on it, and the messages a tick sends each of them, as the JSON of the
//! wire. Ids are made from the number of the player, so nothing needs to be redacted.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map as JsonMap, Value, json};
use tilemud_schema::{
    Action, CharacterId, CharacterState, ChatChannel, Direction, Intent, Position, Seq, ServerMessage, SessionId,
    StateDelta, Stats, UserId, codec,
};
use tilemud_sim::api::{CellId, Delta, Identity, Input, Outcome, PendingIntent, SessionKey, TickOutput, View};
use tilemud_sim::{Map, Sim, SimConfig};
use uuid::Uuid;

const NAMES: [&str; 3] = ["Anna", "Ben", "Cleo"];

/// The field, and who is where in it.
pub struct Stage {
    sim: Sim,
    inputs: Vec<Input>,
    seqs: BTreeMap<u64, Seq>,
    cells: BTreeMap<u64, CellId>,
}

impl Stage {
    /// People 1, 2, ... (Anna, Ben, Cleo) on a map, at these places, told everything already.
    pub fn new(map: Map, people: &[(i32, i32)]) -> Self {
        let sim = Sim::new(Arc::new(map), SimConfig::default());
        let mut stage = Self { sim, inputs: Vec::new(), seqs: BTreeMap::new(), cells: BTreeMap::new() };
        for (number, (x, y)) in (1..).zip(people) {
            stage.join(number, *x, *y);
        }
        stage.tick();
        stage
    }

    /// Somebody joins with the next tick.
    pub fn join(&mut self, number: u64, x: i32, y: i32) {
        self.seqs.insert(number, 0);
        self.inputs.push(Input::Join {
            session: SessionKey(number),
            identity: Arc::new(Identity {
                session_id: SessionId(Uuid::from_u64_pair(1, number)),
                user_id: UserId(format!("user-{number}").into()),
                character_id: CharacterId(Uuid::from_u64_pair(2, number)),
            }),
            character: Box::new(CharacterState {
                display_name: NAMES[number as usize - 1].into(),
                look: "hero".into(),
                position: Some(Position { x, y }),
                health: 100,
                stats: Stats { named: Arc::new(BTreeMap::from([("strength".into(), 5)])), ..Stats::default() },
                ..CharacterState::default()
            }),
            last_seq: 0,
        });
    }

    /// Somebody walks with the next tick.
    pub fn walk(&mut self, number: u64, direction: Direction) {
        self.intend(number, Intent::Move { direction });
    }

    /// Somebody speaks with the next tick.
    pub fn say(&mut self, number: u64, text: &str) {
        self.intend(number, Intent::Chat { channel: ChatChannel::Say, text: text.into(), to: None });
    }

    /// Somebody acts with the next tick.
    pub fn act(&mut self, number: u64, steps: &[Action]) {
        self.intend(number, Intent::Action { steps: steps.to_vec() });
    }

    /// Somebody leaves with the next tick.
    pub fn leave(&mut self, number: u64) {
        self.inputs.push(Input::Leave { session: SessionKey(number) });
    }

    /// What the next tick sends to each session, and what it answers.
    pub fn tick(&mut self) -> Value {
        let output = self.sim.tick(&mut self.inputs);
        for session_delta in &output.sessions {
            self.cells.insert(session_delta.session.0, session_delta.cell);
        }
        for (session, _) in &output.departed {
            self.cells.remove(&session.0);
        }
        let mut told: JsonMap<String, Value> = JsonMap::new();
        for (number, cell) in &self.cells {
            let name = NAMES[*number as usize - 1];
            told.insert(
                format!("{name} gets"),
                delta_for(SessionKey(*number), *cell, &output).unwrap_or("nothing".into()),
            );
        }
        for answer in &output.answers {
            let name = NAMES[answer.session.0 as usize - 1];
            told.insert(format!("{name}'s intent {}", answer.seq), fate(&answer.outcome, &output));
        }
        Value::Object(told)
    }

    fn intend(&mut self, number: u64, intent: Intent) {
        let seq = self.seqs.entry(number).or_default();
        *seq += 1;
        self.inputs.push(Input::Intent(PendingIntent {
            session: SessionKey(number),
            connection: 0,
            seq: *seq,
            intent,
            outcome: None,
        }));
    }
}

/// The delta of a session as the fan-out puts it together.
fn delta_for(session: SessionKey, cell: CellId, output: &TickOutput) -> Option<Value> {
    let session_delta = output.sessions.iter().find(|delta| delta.session == session);
    let cell_delta = output.cells.iter().find(|delta| delta.cell == cell);
    let Delta { full, enter, update, leave, tiles, .. } = match (session_delta.map(|delta| delta.view), cell_delta) {
        (Some(View::Own(number)), _) => output.views.get(number),
        (_, Some(cell_delta)) => cell_delta,
        (Some(_), None) => Delta::default(),
        (None, None) => return None,
    };
    let (enter, update, leave, tiles) = (enter.to_vec(), update.to_vec(), leave.to_vec(), tiles.to_vec());
    let mut delta = StateDelta { tick: output.tick, full, enter, update, leave, tiles, ..StateDelta::default() };
    if let Some(session_delta) = session_delta {
        delta.own = session_delta.own.clone();
        delta.effects = session_delta.effects.iter().map(|effect| effect.as_ref().clone()).collect();
    }
    let mut message = codec::to_json_value(&ServerMessage::StateDelta(delta));
    let fields = message["event.state_delta"].as_object_mut()?;
    fields.retain(|_, value| value.as_array().is_none_or(|list| !list.is_empty()));
    Some(message["event.state_delta"].take())
}

fn fate(outcome: &Outcome, output: &TickOutput) -> Value {
    match outcome {
        Outcome::Applied { event } => codec::to_json_value(&output.events[*event].performed),
        Outcome::Refused(refusal) => match &refusal.details {
            None => codec::to_json_value(&refusal.code),
            Some(details) => {
                json!({ "code": codec::to_json_value(&refusal.code), "details": codec::to_json_value(details) })
            }
        },
        Outcome::Duplicate => "duplicate".into(),
        Outcome::OutOfOrder { expected } => format!("out of order, expected {expected}").into(),
    }
}
