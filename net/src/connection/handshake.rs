//! The first message: hello, within five seconds, with a good ticket and the right version.

use std::sync::Arc;
use std::time::Duration;

use tilemud_schema::limits::HELLO_TIMEOUT_MS;
use tilemud_schema::{ClientMessage, CloseCode, ErrorCode, Hello, ServerMessage};
use tilemud_sim::api::{CharacterState, Input};
use tokio::time::Instant;

use super::frame::OutFrame;
use super::outbox::Outbox;
use super::reader::{Inbound, Reader};
use crate::edge::Edge;
use crate::error::ApiError;
use crate::session::{Connected, Secret, SecretHash, Session};

/// Runs the handshake. On an error the connection ends with the code, or without a word when the peer has gone.
pub(super) async fn run(
    edge: &Arc<Edge>,
    reader: &mut Reader,
    outbox: &Arc<Outbox>,
) -> Result<Connected, Option<CloseCode>> {
    // The reader is dropped with the connection when the time is up, so cancelling it mid-frame does no harm.
    let deadline = Duration::from_millis(HELLO_TIMEOUT_MS);
    let hello = match tokio::time::timeout(deadline, reader.next()).await {
        Err(_) => return Err(Some(CloseCode::HandshakeTimeout)),
        Ok(Inbound::Message(ClientMessage::Hello(hello))) => hello,
        Ok(Inbound::Message(_) | Inbound::Malformed(_)) => {
            let error = ApiError::field(ErrorCode::Malformed, "type", "the first message must be hello");
            outbox.reliable(error_frame(outbox, error));
            return Err(Some(CloseCode::Protocol));
        }
        Ok(Inbound::End(code)) => return Err(code),
    };
    if hello.client_version != edge.settings.version {
        edge.metrics.version_reject();
        tracing::info!(received = %hello.client_version.escape_debug(), "version rejected");
        let expected = edge.settings.version.clone();
        let mismatch = ServerMessage::VersionMismatch { expected, received: hello.client_version };
        outbox.reliable(OutFrame::message(outbox.encoding, &mismatch));
        return Err(Some(CloseCode::Version));
    }
    let opened = open(edge, &hello, outbox).await;
    let connected = opened.map_err(|error| {
        let code = match error.code {
            ErrorCode::Unavailable => CloseCode::ShuttingDown,
            ErrorCode::CapacityFull => CloseCode::Capacity,
            _ => CloseCode::Authentication,
        };
        outbox.reliable(error_frame(outbox, error));
        Some(code)
    })?;
    let attach = Input::Attach {
        session: connected.session.key,
        last_tick: hello.last_tick,
        oldest_unanswered_seq: hello.oldest_unanswered_seq,
    };
    edge.mailbox.push(attach).await.map_err(|_| Some(CloseCode::ShuttingDown))?;
    Ok(connected)
}

async fn open(edge: &Edge, hello: &Hello, outbox: &Arc<Outbox>) -> Result<Connected, ApiError> {
    let presented = SecretHash::of(&hello.ticket);
    let session = edge.registry.take_ticket(hello.session_id, presented, Instant::now())?;
    // A character that is just leaving the world must have left, or its newest state would be missed.
    edge.registry.wait_for_departure(session.identity.character_id).await;
    let token = Secret::new();
    let hash = token.hash();
    let grant = edge.save_token(&session, token).await?;
    let character = character_state(edge, &session).await?;
    let connected = edge.registry.connect(&session, hash, grant, outbox, Instant::now())?;
    if connected.must_join {
        let join = Input::Join {
            session: session.key,
            identity: Arc::clone(&session.identity),
            character: Box::new(character),
            last_seq: session.last_seq(),
        };
        edge.mailbox.push(join).await.map_err(|error| ApiError::caused(ErrorCode::Unavailable, error))?;
    }
    Ok(connected)
}

async fn character_state(edge: &Edge, session: &Session) -> Result<CharacterState, ApiError> {
    let profile = edge
        .store
        .load_character(session.identity.character_id)
        .await?
        .ok_or_else(|| ApiError::caused(ErrorCode::Internal, "the character of a session is gone"))?;
    Ok(CharacterState {
        display_name: profile.display_name,
        look: profile.look,
        position: profile.position,
        health: profile.health,
        stats: profile.stats,
        inventory: profile.inventory,
    })
}

/// An error that answers no particular intent.
pub(super) fn error_frame(outbox: &Outbox, error: ApiError) -> OutFrame {
    OutFrame::message(outbox.encoding, &ServerMessage::Error { seq: None, error: error.into_wire() })
}
