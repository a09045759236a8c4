//! The two encodings of the same types: postcard in binary frames, JSON in text frames. What comes
//! all the time is packed closer than postcard has it; a first byte that is the number of no other
//! message tells.
//!
//! JSON wraps a message as `{"type": ..., "payload": ...}` and leaves an absent field out instead
//! of writing `null`. Bytes that come after a message are an error in both.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::error::Category;
use serde_json::{Map, Value};

use crate::envelope::Envelope;
use crate::limits::INBOUND_FRAME_BYTES_MAX;
use crate::wire::in_view::InView;
use crate::wire::{acks, state_delta};
use crate::{Ack, ClientMessage, ServerMessage, keys};

/// How messages are laid out in frames, chosen by WebSocket subprotocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// `tilemud.postcard`: postcard in binary frames.
    Postcard,
    /// `tilemud.json`: JSON in text frames.
    Json,
}

impl Encoding {
    /// Both, the preferred one first.
    pub const ALL: [Self; 2] = [Self::Postcard, Self::Json];

    /// The WebSocket subprotocol name (RFC 6455, 1.9).
    #[must_use]
    pub const fn subprotocol(self) -> &'static str {
        match self {
            Self::Postcard => "tilemud.postcard",
            Self::Json => "tilemud.json",
        }
    }

    /// The first encoding the client offers that this server knows. `offered` is the header's
    /// comma-separated list.
    #[must_use]
    pub fn negotiate(offered: &str) -> Option<Self> {
        offered
            .split(',')
            .map(str::trim)
            .find_map(|name| Self::ALL.into_iter().find(|known| known.subprotocol() == name))
    }
}

/// Why bytes are not a message.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// More than [`INBOUND_FRAME_BYTES_MAX`] bytes from a client.
    #[error("{bytes} bytes are more than the {INBOUND_FRAME_BYTES_MAX} allowed")]
    TooLarge {
        /// How many bytes came.
        bytes: usize,
    },
    /// Not postcard of a known message.
    #[error("not a postcard message: {0}")]
    Postcard(#[source] postcard::Error),
    /// Not JSON of a known message.
    #[error("not a JSON message: {0}")]
    Json(#[source] serde_json::Error),
    /// A message, and then something else.
    #[error("{bytes} bytes after the message")]
    Trailing {
        /// How many are left over.
        bytes: usize,
    },
    /// Not `{"type": ..., "payload": ...}`.
    #[error("expected an object with a string \"type\" and an object \"payload\"")]
    Envelope,
}

/// Reads a client message of at most [`INBOUND_FRAME_BYTES_MAX`] bytes.
///
/// # Errors
/// [`DecodeError`] for anything that is not exactly one message.
pub fn decode_client(encoding: Encoding, bytes: &[u8]) -> Result<ClientMessage, DecodeError> {
    if bytes.len() > INBOUND_FRAME_BYTES_MAX {
        return Err(DecodeError::TooLarge { bytes: bytes.len() });
    }
    if encoding == Encoding::Json {
        keys::are_unique(bytes).map_err(DecodeError::Json)?;
    }
    decode(encoding, bytes)
}

/// Reads a server message that comes over a connection, of which `in_view` is all that is to be
/// kept between two of them.
///
/// # Errors
/// [`DecodeError`] for anything that is not exactly one message.
pub fn decode_server(encoding: Encoding, bytes: &[u8], in_view: &mut InView) -> Result<ServerMessage, DecodeError> {
    match bytes.first().filter(|_| encoding == Encoding::Postcard) {
        Some(first) if acks::begins(*first) => acks::read(bytes).map(ServerMessage::Ack),
        Some(first) if state_delta::begins(*first) => state_delta::read(bytes, in_view).map(ServerMessage::StateDelta),
        _ => return decode(encoding, bytes),
    }
    .map_err(DecodeError::Postcard)
}

/// Appends a client message to `out`.
pub fn encode_client(encoding: Encoding, message: &ClientMessage, out: &mut Vec<u8>) {
    encode(encoding, message, out);
}

/// Appends a server message to `out`, as anybody understands it.
pub fn encode_server(encoding: Encoding, message: &ServerMessage, out: &mut Vec<u8>) {
    match (encoding, message) {
        (Encoding::Postcard, ServerMessage::StateDelta(delta)) => state_delta::write(delta, out),
        (Encoding::Postcard, ServerMessage::Ack(Ack::Intents { tick, acks })) if !acks.is_empty() => {
            acks::write(*tick, acks, out);
        }
        _ => encode(encoding, message, out),
    }
}

/// JSON of a REST body or event payload: an absent field is left out, never `null`.
#[must_use]
pub fn to_json<T: Serialize>(body: &T) -> Vec<u8> {
    // The schema's types have string keys and no failing serializers, so this cannot fail.
    let value = to_json_value(body);
    serde_json::to_vec(&value).expect("a JSON value serializes")
}

/// As [`to_json`], as a value.
#[must_use]
pub fn to_json_value<T: Serialize>(body: &T) -> Value {
    let mut value = serde_json::to_value(body).expect("schema types serialize to JSON");
    strip_nulls(&mut value);
    value
}

fn encode<T: Serialize>(encoding: Encoding, message: &T, out: &mut Vec<u8>) {
    match encoding {
        Encoding::Postcard => {
            let taken = std::mem::take(out);
            *out = postcard::to_extend(message, taken).expect("schema types serialize to postcard");
        }
        Encoding::Json => {
            let Value::Object(tagged) = to_json_value(message) else { unreachable!("messages have payloads") };
            let (kind, payload) = tagged.into_iter().next().expect("an enum serializes to one key");
            let envelope = Map::from_iter([("type".to_owned(), Value::String(kind)), ("payload".to_owned(), payload)]);
            serde_json::to_writer(out, &envelope).expect("a vector takes all bytes");
        }
    }
}

fn decode<T: DeserializeOwned>(encoding: Encoding, bytes: &[u8]) -> Result<T, DecodeError> {
    match encoding {
        Encoding::Postcard => match postcard::take_from_bytes(bytes).map_err(DecodeError::Postcard)? {
            (message, []) => Ok(message),
            (_, rest) => Err(DecodeError::Trailing { bytes: rest.len() }),
        },
        Encoding::Json => {
            // A list would be taken for the fields in their order.
            if !bytes.trim_ascii_start().starts_with(b"{") {
                return Err(DecodeError::Envelope);
            }
            let envelope: Envelope<'_> = serde_json::from_slice(bytes).map_err(|error| match error.classify() {
                Category::Data => DecodeError::Envelope,
                Category::Io | Category::Syntax | Category::Eof => DecodeError::Json(error),
            })?;
            let message = envelope.message().ok_or(DecodeError::Envelope)?;
            T::deserialize(message).map_err(DecodeError::Json)
        }
    }
}

fn strip_nulls(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|_, field| !field.is_null());
            fields.values_mut().for_each(strip_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(strip_nulls),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
