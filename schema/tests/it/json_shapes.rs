//! The JSON form of every message, as the protocol page fixes it.

use std::sync::Arc;

use serde_json::{Value, json};
use tilemud_schema::codec::{decode_client, decode_server, encode_client, encode_server};
use tilemud_schema::{
    Ack, AckStatus, Action, ActionId, ChatChannel, ClientMessage, CloseCode, DegradedEvent, Dependency,
    DependencyChange, Details, Effect, Emote, Encoding, Entity, EntityId, EntityKind, EntityUpdate, ErrorCode, InView,
    Intent, IntentAck, IntentOutcome, ItemStack, Performed, Position, ReconnectGrant, Resume, SelfState, ServerMessage,
    SessionId, StateDelta, Stats, TileChange, Timestamp, WireError,
};
use uuid::Uuid;

const ID: &str = "01a207f9-6644-777c-a2f1-d918240d8e93";

fn id() -> Uuid {
    ID.parse().unwrap()
}

/// Both directions: the message encodes to exactly this JSON, and the JSON decodes to the message.
fn check_server(message: &ServerMessage, expected: &Value) {
    let mut bytes = Vec::new();
    encode_server(Encoding::Json, message, &mut bytes);
    assert_eq!(&serde_json::from_slice::<Value>(&bytes).unwrap(), expected);
    assert_eq!(&decode_server(Encoding::Json, &bytes, &mut InView::default()).unwrap(), message);
}

fn check_client(json: &Value) -> ClientMessage {
    let message = decode_client(Encoding::Json, json.to_string().as_bytes()).unwrap();
    let mut bytes = Vec::new();
    encode_client(Encoding::Json, &message, &mut bytes);
    assert_eq!(&serde_json::from_slice::<Value>(&bytes).unwrap(), json);
    message
}

#[test]
fn client_messages_read_as_documented() {
    check_client(&json!({"type": "hello", "payload": {"session_id": ID, "ticket": "t", "client_version": "v"}}));
    check_client(&json!({"type": "hello", "payload": {
        "session_id": ID, "ticket": "t", "client_version": "v", "last_tick": 7, "oldest_unanswered_seq": 3, "next_seq": 5}}));
    for direction in ["north", "south", "east", "west"] {
        check_client(&json!({"type": "intent.move", "payload": {"seq": 1, "direction": direction}}));
    }
    check_client(&json!({"type": "intent.chat", "payload": {"seq": 2, "channel": "say", "text": "hi"}}));
    check_client(&json!({"type": "intent.chat", "payload": {"seq": 2, "channel": "zone", "text": "hi"}}));
    check_client(
        &json!({"type": "intent.chat", "payload": {"seq": 2, "channel": "whisper", "text": "hi", "to": "Bob"}}),
    );
    for emote in ["wave", "bow", "dance", "sit", "laugh", "point", "cheer", "cry"] {
        check_client(&json!({"type": "intent.emote", "payload": {"seq": 3, "emote": emote}}));
    }
    let unknown = r#"{"type": "intent.emote", "payload": {"seq": 3, "emote": "fly"}}"#;
    assert!(decode_client(Encoding::Json, unknown.as_bytes()).is_err());
    check_client(&json!({"type": "heartbeat", "payload": {"nonce": 9}}));
    check_client(&json!({"type": "resync", "payload": {}}));
    check_client(&json!({"type": "logout", "payload": {}}));
}

#[test]
fn an_emote_is_a_row_of_its_own_type() {
    let intent = Intent::Emote { emote: Emote::Bow };
    let bow = Performed { intent, outcome: IntentOutcome::Emote {} };
    let payload = r#"{"emote":"bow"}"#;
    assert_eq!((bow.action_type(), &*serde_json::to_string(&bow).unwrap()), ("emote", payload));
    assert_eq!(Performed::read("emote", payload).unwrap(), bow);
}

#[test]
fn actions_read_as_documented() {
    let steps = json!([
        {"do": "take", "item": 5}, {"do": "drop", "item": "apple", "quantity": 2}, {"do": "drop", "item": "apple"},
        {"do": "use", "item": "key", "target": 7}, {"do": "give", "item": "coin", "quantity": 3, "to": 8},
        {"do": "open", "x": 1, "y": 2}, {"do": "close", "x": 1, "y": 2},
        {"do": "place", "item": "lamp", "x": 3, "y": 4}, {"do": "remove", "x": 3, "y": 4},
    ]);
    let message = check_client(&json!({"type": "intent.action", "payload": {"seq": 1, "steps": steps}}));
    let ClientMessage::Intent { intent: Intent::Action { steps }, .. } = message else { panic!("an action") };
    assert_eq!(steps[0], Action::Take { item: EntityId(5) });
    assert_eq!(steps[3], Action::Use { item: "key".into(), target: Some(EntityId(7)) });
}

#[test]
fn a_message_without_content_needs_no_payload_and_unknown_fields_are_passed_over() {
    for text in
        [r#"{"type":"resync"}"#, r#"{"type":"resync","payload":null}"#, r#"{"payload":{"later":1},"type":"resync"}"#]
    {
        assert_eq!(decode_client(Encoding::Json, text.as_bytes()).unwrap(), ClientMessage::Resync {});
    }
}

#[test]
fn acks_read_as_documented() {
    let handshake = Ack::Handshake {
        session_id: SessionId(id()),
        entity_id: EntityId(4),
        version: "0.1.0+00000000".to_owned(),
        tick: 10,
        tick_hz: 20,
        last_seq: 3,
        resume: Resume::Snapshot,
        reconnect: ReconnectGrant {
            token: "r".to_owned(),
            expires_at: Timestamp::from_micros(0),
            issued_at: Some(Timestamp::from_micros(2)),
        },
    };
    check_server(
        &ServerMessage::Ack(handshake),
        &json!({"type": "event.ack", "payload": {
            "reason": "handshake", "session_id": ID, "entity_id": 4, "version": "0.1.0+00000000", "tick": 10,
            "tick_hz": 20, "last_seq": 3, "resume": "snapshot",
            "reconnect": {"token": "r", "expires_at": "1970-01-01T00:00:00.000000Z",
                "issued_at": "1970-01-01T00:00:00.000002Z"}}}),
    );
    let ack = |seq, status, latency_ms| IntentAck {
        seq,
        status,
        action_id: ActionId(id()),
        persisted_at: Timestamp::from_micros(1),
        latency_ms,
    };
    check_server(
        &ServerMessage::Ack(Ack::Intents {
            tick: 11,
            acks: vec![ack(4, AckStatus::Applied, Some(31)), ack(2, AckStatus::Duplicate, None)],
        }),
        &json!({"type": "event.ack", "payload": {"reason": "intents", "tick": 11, "acks": [
            {"seq": 4, "status": "applied", "action_id": ID, "persisted_at": "1970-01-01T00:00:00.000001Z",
                "latency_ms": 31},
            {"seq": 2, "status": "duplicate", "action_id": ID, "persisted_at": "1970-01-01T00:00:00.000001Z"}]}}),
    );
}

#[test]
fn state_deltas_read_as_documented() {
    let delta = StateDelta {
        tick: 5,
        full: false,
        own: Some(SelfState {
            position: Some(Position { x: 1, y: 2 }),
            stats: Some(Stats { steps: 3, named: Arc::new([("luck".into(), -1)].into()), ..Stats::default() }),
            inventory: Some(Arc::new(vec![ItemStack { item: "apple".into(), quantity: 2 }])),
            ..SelfState::default()
        }),
        enter: vec![Entity {
            id: EntityId(9),
            kind: EntityKind::Door,
            name: "Gate".into(),
            x: 3,
            y: 4,
            look: "door".into(),
            health: None,
            open: Some(true),
            away: None,
        }],
        update: vec![
            EntityUpdate { x: Some(8), ..EntityUpdate::none(EntityId(2)) },
            EntityUpdate { away: Some(true), ..EntityUpdate::none(EntityId(3)) },
        ],
        leave: vec![EntityId(1)],
        tiles: vec![TileChange { x: 0, y: 0, tile: 3 }],
        effects: vec![
            Effect::Chat { channel: ChatChannel::Say, from: "Ann".into(), id: Some(EntityId(2)), text: "hi".into() },
            Effect::Damage { id: EntityId(2), amount: 3 },
            Effect::Heal { id: EntityId(2), amount: 1 },
            Effect::Sound { x: 1, y: 1, name: "door".into() },
            Effect::Missed { lines: 4 },
            Effect::Emote { id: EntityId(2), emote: Emote::Dance },
        ],
    };
    check_server(
        &ServerMessage::StateDelta(delta),
        &json!({"type": "event.state_delta", "payload": {
            "tick": 5, "full": false,
            "self": {"position": {"x": 1, "y": 2}, "stats": {"steps": 3, "luck": -1}, "inventory": [{"item": "apple", "quantity": 2}]},
            "enter": [{"id": 9, "kind": "door", "name": "Gate", "x": 3, "y": 4, "look": "door", "open": true}],
            "update": [{"id": 2, "x": 8}, {"id": 3, "away": true}], "leave": [1], "tiles": [{"x": 0, "y": 0, "tile": 3}],
            "effects": [
                {"type": "chat", "channel": "say", "from": "Ann", "id": 2, "text": "hi"},
                {"type": "damage", "id": 2, "amount": 3}, {"type": "heal", "id": 2, "amount": 1},
                {"type": "sound", "x": 1, "y": 1, "name": "door"}, {"type": "missed", "lines": 4},
                {"type": "emote", "id": 2, "emote": "dance"}]}}),
    );
    check_server(
        &ServerMessage::StateDelta(StateDelta { tick: 6, ..StateDelta::default() }),
        &json!({"type": "event.state_delta", "payload": {
            "tick": 6, "full": false, "enter": [], "update": [], "leave": [], "tiles": [], "effects": []}}),
    );
}

#[test]
fn the_other_events_read_as_documented() {
    check_server(
        &ServerMessage::Error { seq: Some(2), error: WireError::new(ErrorCode::MoveBlocked, id(), None) },
        &json!({"type": "event.error", "payload": {"seq": 2, "error": {
            "code": "MOVE_BLOCKED", "category": "VALIDATION", "message": "Something is in the way.",
            "retryable": false, "correlation_id": ID}}}),
    );
    let unheard = Details::Unheard { to: "Ann".to_owned(), lines: 2 };
    check_server(
        &ServerMessage::Error { seq: None, error: WireError::new(ErrorCode::TargetAway, id(), Some(unheard)) },
        &json!({"type": "event.error", "payload": {"error": {
            "code": "TARGET_AWAY", "category": "VALIDATION", "message": "Nobody of that name can hear you now.",
            "retryable": false, "correlation_id": ID, "details": {"to": "Ann", "lines": 2}}}}),
    );
    check_server(
        &ServerMessage::Degraded(DegradedEvent {
            dependency: Dependency::Cache,
            status: DependencyChange::Recovered,
            observed_at: Timestamp::from_micros(0),
            message: Some("back".to_owned()),
            at: Some(Timestamp::from_micros(1)),
        }),
        &json!({"type": "event.degraded", "payload": {
            "dependency": "cache", "status": "recovered", "observed_at": "1970-01-01T00:00:00.000000Z",
            "message": "back", "at": "1970-01-01T00:00:00.000001Z"}}),
    );
    check_server(
        &ServerMessage::VersionMismatch {
            expected: "a".to_owned(),
            received: "b".to_owned(),
            message: Some("update".to_owned()),
            disconnect_at: Some(Timestamp::from_micros(1)),
        },
        &json!({"type": "event.version_mismatch", "payload": {"expected": "a", "received": "b",
            "message": "update", "disconnect_at": "1970-01-01T00:00:00.000001Z"}}),
    );
    check_server(
        &ServerMessage::Heartbeat { nonce: 1, tick: 2 },
        &json!({"type": "event.heartbeat", "payload": {"nonce": 1, "tick": 2}}),
    );
    check_server(
        &ServerMessage::Disconnect(CloseCode::Replaced.into()),
        &json!({"type": "event.disconnect", "payload": {"code": 4005, "reason": "replaced",
            "message": "The same player has come in from elsewhere."}}),
    );
}
