//! Both encodings carry the same messages, take nothing else, and survive anything.

use proptest::prelude::*;
use tilemud_schema::codec::{decode_client, decode_server, encode_client};
use tilemud_schema::limits::INBOUND_FRAME_BYTES_MAX;
use tilemud_schema::{
    Action, ChatChannel, ClientMessage, DecodeError, Direction, Emote, Encoding, EntityId, ErrorCode, Hello, InView,
    Intent, SessionId,
};
use uuid::Uuid;

fn action() -> impl Strategy<Value = Action> {
    let item = "[a-z_]{1,12}";
    prop_oneof![
        any::<u64>().prop_map(|id| Action::Take { item: EntityId(id) }),
        (item, any::<Option<u32>>()).prop_map(|(item, quantity)| Action::Drop { item: item.into(), quantity }),
        (item, any::<Option<u64>>()).prop_map(|(item, id)| Action::Use { item: item.into(), target: id.map(EntityId) }),
        (item, any::<u32>(), any::<u64>()).prop_map(|(item, quantity, to)| Action::Give {
            item: item.into(),
            quantity,
            to: EntityId(to)
        }),
        (any::<i32>(), any::<i32>()).prop_map(|(x, y)| Action::Open { x, y }),
        (item, any::<i32>(), any::<i32>()).prop_map(|(item, x, y)| Action::Place { item: item.into(), x, y }),
    ]
}

fn message() -> impl Strategy<Value = ClientMessage> {
    let direction = prop::sample::select(Direction::ALL.to_vec());
    let channel = prop::sample::select(vec![ChatChannel::Say, ChatChannel::Zone, ChatChannel::Whisper]);
    prop_oneof![
        (any::<u128>(), ".{0,40}", any::<Option<u64>>(), any::<Option<u64>>()).prop_map(|(id, text, tick, seq)| {
            ClientMessage::Hello(Hello {
                session_id: SessionId(Uuid::from_u128(id)),
                ticket: text.clone(),
                client_version: text,
                last_tick: tick,
                oldest_unanswered_seq: seq,
                next_seq: seq,
            })
        }),
        (any::<u64>(), direction)
            .prop_map(|(seq, direction)| ClientMessage::Intent { seq, intent: Intent::Move { direction } }),
        (any::<u64>(), channel, ".{0,280}", any::<Option<String>>()).prop_map(|(seq, channel, text, to)| {
            ClientMessage::Intent { seq, intent: Intent::Chat { channel, text: text.into(), to: to.map(Into::into) } }
        }),
        (any::<u64>(), prop::collection::vec(action(), 0..16))
            .prop_map(|(seq, steps)| ClientMessage::Intent { seq, intent: Intent::Action { steps } }),
        (any::<u64>(), prop::sample::select(Emote::ALL.to_vec()))
            .prop_map(|(seq, emote)| ClientMessage::Intent { seq, intent: Intent::Emote { emote } }),
        any::<u64>().prop_map(|nonce| ClientMessage::Heartbeat { nonce }),
        Just(ClientMessage::Resync {}),
        Just(ClientMessage::Logout {}),
    ]
}

proptest! {
    #[test]
    fn every_message_survives_both_encodings(message in message()) {
        for encoding in Encoding::ALL {
            let mut bytes = Vec::new();
            encode_client(encoding, &message, &mut bytes);
            prop_assume!(bytes.len() <= INBOUND_FRAME_BYTES_MAX);
            prop_assert_eq!(&decode_client(encoding, &bytes).unwrap(), &message);
        }
    }

    #[test]
    fn bytes_after_a_message_are_refused(message in message(), extra in 1_u8..) {
        for encoding in Encoding::ALL {
            let mut bytes = Vec::new();
            encode_client(encoding, &message, &mut bytes);
            bytes.push(extra);
            // White space after JSON is part of JSON.
            prop_assume!(encoding == Encoding::Postcard || !extra.is_ascii_whitespace());
            prop_assert!(decode_client(encoding, &bytes).is_err());
        }
    }

    #[test]
    fn arbitrary_bytes_are_read_or_refused_but_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..512)) {
        for encoding in Encoding::ALL {
            let _ = decode_client(encoding, &bytes);
            let _ = decode_server(encoding, &bytes, &mut InView::default());
        }
    }
}

/// Old recordings and clients in other languages know the messages by these numbers.
#[test]
fn postcard_numbers_messages_and_fields_in_this_order() {
    let intent = |seq, intent| ClientMessage::Intent { seq, intent };
    let hello = Hello {
        session_id: SessionId(Uuid::from_u128(1)),
        ticket: "t".to_owned(),
        client_version: "v".to_owned(),
        last_tick: None,
        oldest_unanswered_seq: Some(3),
        next_seq: None,
    };
    let mut greeting = vec![0, 16];
    greeting.extend(Uuid::from_u128(1).as_bytes());
    greeting.extend([1, b't', 1, b'v', 0, 1, 3, 0]);
    let whisper = Intent::Chat { channel: ChatChannel::Whisper, text: "hi".into(), to: Some("Bo".into()) };
    for (message, expected) in [
        (ClientMessage::Hello(hello), &greeting[..]),
        (intent(200, Intent::Move { direction: Direction::West }), &[1, 200, 1, 3]),
        (intent(2, whisper), &[2, 2, 2, 2, b'h', b'i', 1, 2, b'B', b'o']),
        (intent(3, Intent::Action { steps: vec![Action::Open { x: 1, y: -1 }] }), &[3, 3, 1, 4, 2, 1]),
        (ClientMessage::Heartbeat { nonce: 5 }, &[4, 5]),
        (ClientMessage::Resync {}, &[5]),
        (ClientMessage::Logout {}, &[6]),
        (intent(9, Intent::Emote { emote: Emote::Cry }), &[7, 9, 7]),
    ] {
        let mut bytes = Vec::new();
        encode_client(Encoding::Postcard, &message, &mut bytes);
        assert_eq!(bytes, expected, "{message:?}");
        assert_eq!(decode_client(Encoding::Postcard, &bytes).unwrap(), message);
    }
}

#[test]
fn a_client_message_over_the_limit_is_refused_before_it_is_read() {
    let bytes = vec![b' '; INBOUND_FRAME_BYTES_MAX + 1];
    for encoding in Encoding::ALL {
        assert!(matches!(decode_client(encoding, &bytes), Err(DecodeError::TooLarge { bytes: 4_097 })));
    }
}

#[test]
fn a_length_that_lies_is_refused() {
    // An action intent (variant 3) with seq 1 that claims 2^63 steps and has none.
    let bytes = [3, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f];
    assert!(decode_client(Encoding::Postcard, &bytes).is_err());
}

#[test]
fn too_many_steps_are_an_intent_with_its_number_that_is_refused() {
    for (encoding, steps) in Encoding::ALL.into_iter().flat_map(|encoding| [17, 40, 100].map(|steps| (encoding, steps)))
    {
        let steps = vec![Action::Open { x: 1, y: 2 }; steps];
        let mut bytes = Vec::new();
        encode_client(encoding, &ClientMessage::Intent { seq: 7, intent: Intent::Action { steps } }, &mut bytes);
        let Ok(ClientMessage::Intent { seq, intent }) = decode_client(encoding, &bytes) else { panic!("an intent") };
        assert_eq!((seq, intent.check().unwrap_err().0), (7, ErrorCode::IntentInvalid));
    }
}

#[test]
fn a_step_says_what_it_needs_in_any_order_and_nothing_of_another_kind() {
    let read = |step: &str| {
        let text = format!(r#"{{"payload":{{"steps":[{step}],"seq":1}},"type":"intent.action"}}"#);
        decode_client(Encoding::Json, text.as_bytes()).map_err(|error| error.to_string())
    };
    let step = |step| Ok(ClientMessage::Intent { seq: 1, intent: Intent::Action { steps: vec![step] } });
    assert_eq!(read(r#"{"item":5,"do":"take"}"#), step(Action::Take { item: EntityId(5) }));
    assert_eq!(
        read(r#"{"later":[{}],"do":"drop","item":"apple","quantity":null}"#),
        step(Action::Drop { item: "apple".into(), quantity: None })
    );
    for (text, word) in [
        (r#"{"do":"take","item":"apple"}"#, "item"),
        (r#"{"do":"drop","item":5}"#, "item"),
        (r#"{"do":"give","item":"apple","to":1}"#, "quantity"),
        (r#"{"do":"open","x":1}"#, "y"),
        (r#"{"do":"fly"}"#, "fly"),
        (r#"{"do":{"take":null},"item":5}"#, "identifier"),
        (r#"{"item":5}"#, "do"),
        (r#"{"do":"take","item":-1}"#, "item"),
        (r#"{"do":"take","do":"take","item":1}"#, "do"),
    ] {
        let error = read(text).unwrap_err();
        assert!(error.contains(word), "{text}: {error}");
    }
}

#[test]
fn a_message_with_a_key_twice_is_none_wherever_that_is() {
    for text in [
        r#"{"type":"resync","type":"resync","payload":{}}"#,
        r#"{"type":"resync","payload":{},"payload":{}}"#,
        r#"{"type":"heartbeat","payload":{"nonce":1,"nonce":2}}"#,
        r#"{"type":"heartbeat","payload":{"nonce":1,"later":1,"later":2}}"#,
        r#"{"type":"heartbeat","payload":{"nonce":1,"later":{"a":1,"\u0061":1}}}"#,
        r#"{"type":"intent.action","payload":{"seq":1,"steps":[{"do":"open","x":1,"y":1,"z":1,"z":1}]}}"#,
        r#"{"type":"resync","payload":{},"more":[{"a":1,"a":1}]}"#,
    ] {
        let error = decode_client(Encoding::Json, text.as_bytes()).unwrap_err().to_string();
        assert!(error.contains("an object has the key"), "{text}: {error}");
    }
    let once = r#"{"type":"heartbeat","payload":{"nonce":1,"later":[{"nonce":1},{"nonce":1}]}}"#;
    assert_eq!(decode_client(Encoding::Json, once.as_bytes()).unwrap(), ClientMessage::Heartbeat { nonce: 1 });
}

#[test]
fn the_first_known_subprotocol_offered_is_taken() {
    assert_eq!(Encoding::negotiate("mqtt, tilemud.json,tilemud.postcard"), Some(Encoding::Json));
    assert_eq!(Encoding::negotiate("tilemud.postcard"), Some(Encoding::Postcard));
    assert_eq!(Encoding::negotiate("Tilemud.json, x"), None);
    assert_eq!(Encoding::negotiate(""), None);
}
