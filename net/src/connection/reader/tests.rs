//! Whatever bytes come, the reader ends or makes messages of them: no panic is reachable from the
//! network, and what it keeps is bounded (DESIGN, rules 4 and 6). The same body serves property
//! tests and may serve a fuzzer.

use proptest::collection::vec;
use proptest::prelude::*;
use tilemud_schema::codec::encode_client;
use tilemud_schema::{Action, ChatChannel, Direction, Hello, Intent, SessionId};

use super::*;

/// Reads everything; the messages, how many things were none, and how it ended.
async fn read(encoding: Encoding, bytes: Vec<u8>) -> (Vec<ClientMessage>, usize, Option<CloseCode>) {
    let outbox = Arc::new(Outbox::new(encoding, 40, Arc::default()));
    let mut reader = Reader::new(Box::new(std::io::Cursor::new(bytes)), outbox);
    let (mut messages, mut malformed) = (Vec::new(), 0);
    loop {
        match reader.next().await {
            Inbound::Message(message) => {
                if let ClientMessage::Intent { mut intent, .. } = message.clone() {
                    let _ = shape(&mut intent);
                }
                messages.push(message);
            }
            Inbound::Malformed(error) => {
                malformed += 1;
                let _ = error.into_wire();
            }
            Inbound::End(ending) => return (messages, malformed, ending.code),
        }
        let kept = reader.partial.as_ref().map_or(0, |partial| partial.bytes.len());
        assert!(kept <= INBOUND_FRAME_BYTES_MAX, "{kept} bytes are kept");
        assert!(reader.frames.kept() < 24 * 1024, "{} bytes wait", reader.frames.kept());
    }
}

/// Runs a future of the reader; the clock stands still, so that limits do not depend on the
/// machine.
fn block_on<F: Future>(future: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(future)
}

/// A frame with every bit of its header free, and an honest length.
fn frame(first: u8, mask: Option<[u8; 4]>, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![first];
    let masked = if mask.is_some() { 0x80 } else { 0 };
    match payload.len() {
        len @ 0..=125 => bytes.push(masked | len as u8),
        len => {
            bytes.push(masked | 126);
            bytes.extend((len as u16).to_be_bytes());
        }
    }
    let key = mask.unwrap_or_default();
    bytes.extend(mask.into_iter().flatten());
    bytes.extend(payload.iter().zip(key.iter().cycle()).map(|(byte, key)| byte ^ key));
    bytes
}

fn messages() -> Vec<ClientMessage> {
    vec![
        ClientMessage::Hello(Hello {
            session_id: SessionId(uuid::Uuid::nil()),
            ticket: "ticket".to_owned(),
            client_version: "0.1.0+00000000".to_owned(),
            last_tick: Some(7),
            oldest_unanswered_seq: Some(u64::MAX),
            next_seq: Some(u64::MAX),
        }),
        ClientMessage::Intent { seq: 1, intent: Intent::Move { direction: Direction::West } },
        ClientMessage::Intent {
            seq: 2,
            intent: Intent::Chat { channel: ChatChannel::Whisper, text: "h\u{e9}llo".into(), to: Some("Ann".into()) },
        },
        ClientMessage::Intent {
            seq: 3,
            intent: Intent::Action { steps: vec![Action::Open { x: i32::MIN, y: 1 }; 16] },
        },
        ClientMessage::Heartbeat { nonce: u64::MAX },
        ClientMessage::Resync {},
        ClientMessage::Logout {},
    ]
}

fn encoded(encoding: Encoding, message: &ClientMessage) -> Vec<u8> {
    let mut bytes = Vec::new();
    encode_client(encoding, message, &mut bytes);
    bytes
}

fn opcode_of(encoding: Encoding) -> u8 {
    match encoding {
        Encoding::Postcard => 2,
        Encoding::Json => 1,
    }
}

fn encodings() -> impl Strategy<Value = Encoding> {
    prop_oneof![Just(Encoding::Postcard), Just(Encoding::Json)]
}

/// Payloads that are nearly messages: a message with some bytes changed, cut off, or with something
/// after it.
fn nearly_messages(encoding: Encoding) -> impl Strategy<Value = Vec<u8>> {
    let all: Vec<_> = messages().iter().map(|message| encoded(encoding, message)).collect();
    (proptest::sample::select(all), vec((any::<proptest::sample::Index>(), any::<u8>()), 0..4), vec(any::<u8>(), 0..3))
        .prop_map(|(mut bytes, changes, tail)| {
            for (at, byte) in changes {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            bytes.extend(tail);
            bytes
        })
}

proptest! {
    #[test]
    fn no_bytes_make_the_reader_panic(encoding in encodings(), bytes in vec(any::<u8>(), 0..3_000)) {
        block_on(read(encoding, bytes));
    }

    #[test]
    fn no_payload_makes_the_decoder_panic(encoding in encodings(), bytes in vec(any::<u8>(), 0..600)) {
        if let Ok(ClientMessage::Intent { intent, .. }) = decode_client(encoding, &bytes) {
            let _ = intent.check();
        }
    }

    #[test]
    fn no_frames_make_the_reader_panic(
        (encoding, frames) in encodings().prop_flat_map(|encoding| {
            let payload = prop_oneof![vec(any::<u8>(), 0..200), nearly_messages(encoding), vec(Just(b' '), 3_000..5_000)];
            let first = prop_oneof![
                Just(0x80 | opcode_of(encoding)), Just(opcode_of(encoding)), Just(0), Just(0x80), Just(0x89), any::<u8>(),
            ];
            let mask = prop_oneof![9 => any::<[u8; 4]>().prop_map(Some), 1 => Just(None)];
            (Just(encoding), vec((first, mask, payload), 0..20))
        }),
        cut in any::<proptest::sample::Index>(),
        is_cut in any::<bool>(),
    ) {
        let mut bytes: Vec<u8> = frames.iter().flat_map(|(first, mask, payload)| frame(*first, *mask, payload)).collect();
        if is_cut && !bytes.is_empty() {
            bytes.truncate(cut.index(bytes.len()));
        }
        block_on(read(encoding, bytes));
    }

    #[test]
    fn a_message_is_read_whatever_its_mask_and_however_it_is_cut_into_fragments(
        encoding in encodings(),
        message in proptest::sample::select(messages()),
        mask in any::<[u8; 4]>(),
        cuts in vec(any::<proptest::sample::Index>(), 0..5),
    ) {
        let payload = encoded(encoding, &message);
        let mut ends: Vec<_> = cuts.iter().map(|cut| cut.index(payload.len() + 1)).chain([payload.len()]).collect();
        ends.sort_unstable();
        let (mut bytes, mut start) = (Vec::new(), 0);
        for (number, end) in ends.iter().enumerate() {
            let opcode = if number == 0 { opcode_of(encoding) } else { 0 };
            let fin = if number + 1 == ends.len() { 0x80 } else { 0 };
            bytes.extend(frame(fin | opcode, Some(mask), &payload[start..*end]));
            start = *end;
        }
        let (messages, malformed, end) = block_on(read(encoding, bytes));
        prop_assert_eq!((messages, malformed, end), (vec![message], 0, None));
    }
}

#[test]
fn pings_are_answered_up_to_their_limit() {
    let pings = |count: usize| (0..count).flat_map(|_| frame(0x89, Some([9; 4]), b"ping")).collect::<Vec<u8>>();
    let limit = PINGS_PER_SECOND_MAX as usize;
    assert_eq!(block_on(read(Encoding::Json, pings(limit))).2, None);
    assert_eq!(block_on(read(Encoding::Json, pings(limit + 1))).2, Some(CloseCode::Protocol));
}
