//! The two decoders of messages, as the server reads clients and as clients read the server.

use tilemud_schema::codec::{decode_client, decode_server, encode_client, encode_server};
use tilemud_schema::limits::INBOUND_FRAME_BYTES_MAX;
use tilemud_schema::{ClientMessage, Encoding, EntityId, ErrorCode, InView};

use crate::memory::{MESSAGE_BYTES_MAX, peak};

/// How many a client has in view to which a server's message comes.
const PLACES: u64 = 40;

pub(crate) fn client_json(data: &[u8]) {
    client(Encoding::Json, data);
}

pub(crate) fn client_postcard(data: &[u8]) {
    client(Encoding::Postcard, data);
}

fn client(encoding: Encoding, data: &[u8]) {
    let (read, bytes) = peak(|| decode_client(encoding, data));
    assert!(bytes <= MESSAGE_BYTES_MAX, "{bytes} bytes were held for a message of {}", data.len());
    let message = match read {
        Ok(message) => message,
        Err(error) => {
            let (words, bytes) = peak(|| error.to_string());
            assert!(!words.is_empty() && bytes <= MESSAGE_BYTES_MAX, "{bytes} bytes for {words}");
            return;
        }
    };
    assert!(data.len() <= INBOUND_FRAME_BYTES_MAX, "more was read than may come");
    let mut again = Vec::new();
    encode_client(encoding, &message, &mut again);
    // A text may be written with fewer bytes than we write it with.
    if again.len() <= INBOUND_FRAME_BYTES_MAX {
        let read = decode_client(encoding, &again).expect("what was written can be read");
        assert_eq!(read, message);
    }
    if let ClientMessage::Intent { intent, .. } = message
        && let Err((code, _)) = intent.check()
    {
        assert_eq!(code, ErrorCode::IntentInvalid);
    }
}

pub(crate) fn server_json(data: &[u8]) {
    server(Encoding::Json, data);
}

pub(crate) fn server_postcard(data: &[u8]) {
    server(Encoding::Postcard, data);
}

fn server(encoding: Encoding, data: &[u8]) {
    // Somebody whom the server has told of a few already.
    let before = InView::of((1..=PLACES).map(|place| EntityId(3 * place)).collect());
    let mut in_view = before.clone();
    let Ok(message) = decode_server(encoding, data, &mut in_view) else {
        assert_eq!(in_view, before, "what cannot be read changes nothing");
        return;
    };
    let mut again = Vec::new();
    encode_server(encoding, &message, &mut again);
    let read = decode_server(encoding, &again, &mut InView::default()).expect("what was written can be read");
    assert_eq!(read, message);
}
