//! The first message: hello, within five seconds, with a good ticket and the right version.

use std::sync::Arc;
use std::time::Duration;

use tilemud_schema::limits::HELLO_TIMEOUT_MS;
use tilemud_schema::rest::SessionStatus;
use tilemud_schema::{CharacterState, ClientMessage, CloseCode, ErrorCode, Hello};
use tilemud_sim::api::Input;
use tokio::time::Instant;

use super::ending::{Ending, error_frame};
use super::reader::{Inbound, Reader};
use crate::error::ApiError;
use crate::journal::{self, Outdated};
use crate::limits::HANDSHAKE_WAIT_S;
use crate::outbox::Outbox;
use crate::places::Place;
use crate::session::{Connected, Opening, Realm, Secret, SecretHash, Session, Tokens};
use crate::versions::{self, Versions};

/// Runs the handshake. On an error the connection ends with its code, or without a word when the
/// peer has gone.
pub(super) async fn run(
    realm: &Arc<Realm>,
    versions: &Versions,
    reader: &mut Reader,
    outbox: &Arc<Outbox>,
    place: &Place,
) -> Result<Connected, Ending> {
    let deadline = Duration::from_millis(HELLO_TIMEOUT_MS);
    // It gives way only as long as nothing has begun that would have to be ended as well.
    let hello = tokio::select! {
        biased;
        hello = tokio::time::timeout(deadline, reader.next()) => hello,
        () = place.gives_way() => return Err(Ending::CROWDED),
    };
    let hello = match hello {
        Err(_) => return Err(Ending { code: Some(CloseCode::HandshakeTimeout), cause: "no hello in time" }),
        Ok(Inbound::Message(ClientMessage::Hello(hello))) => hello,
        Ok(Inbound::Message(_) | Inbound::Malformed(_)) => {
            let error = ApiError::field(ErrorCode::Malformed, "type", "the first message must be hello");
            outbox.send(error_frame(outbox, error));
            return Err(Ending::protocol("the first message is no hello"));
        }
        Ok(Inbound::End(ending)) => return Err(ending),
    };
    let accepted = versions.accepted();
    if hello.client_version != accepted.version {
        // Whoever has no ticket may say anything, as often as they like.
        let holder = realm.registry.ticket_holder(hello.session_id, SecretHash::of(&hello.ticket), Instant::now());
        let who = holder.as_ref().map_or(Outdated::Stranger, |session| Outdated::Session(&session.identity));
        versions.reject(who, &hello.client_version);
        outbox.send(versions::mismatch(outbox, &accepted.version, hello.client_version));
        return Err(Ending { code: Some(CloseCode::Version), cause: "another version" });
    }
    let connected = open(realm, &hello, outbox).await.map_err(|error| {
        let ending = Ending::refused(error.code);
        outbox.send(error_frame(outbox, error));
        ending
    })?;
    if let Some(earlier) = &connected.replaced {
        journal::ended(&earlier.identity, CloseCode::Replaced, CloseCode::Replaced.reason());
    }
    // The accepted version may have changed while nobody could yet see this connection.
    versions.end_if_outdated(&connected.session.identity, outbox, &hello.client_version);
    Ok(connected)
}

/// From a good ticket to a session that is active and asks the world for its state.
async fn open(realm: &Arc<Realm>, hello: &Hello, outbox: &Arc<Outbox>) -> Result<Connected, ApiError> {
    let opening = realm.registry.take_ticket(hello.session_id, SecretHash::of(&hello.ticket), Instant::now())?;
    let opened = connect(realm, hello, &opening, outbox).await;
    opened.map_err(|error| error.of(&*opening.session.identity))
}

async fn connect(
    realm: &Arc<Realm>,
    hello: &Hello,
    opening: &Opening,
    outbox: &Arc<Outbox>,
) -> Result<Connected, ApiError> {
    let session = &opening.session;
    let deadline = Instant::now() + Duration::from_secs(HANDSHAKE_WAIT_S);
    let late = |_| ApiError::caused(ErrorCode::Unavailable, "what was before this handshake has not been committed");
    // A handshake of this session that is not answered yet must be, or its answer would go to this
    // connection.
    let waits = async {
        let locked = session.tokens_lock.lock().await;
        session.wait_until_answered().await;
        locked
    };
    let _locked = tokio::time::timeout_at(deadline, waits).await.map_err(late)?;

    let token = Secret::new();
    let next = token.hash();
    let grant = realm.grant(token);
    let (connected, joins) = loop {
        // A character that is just leaving the world must have left, or its newest state would be
        // missed.
        let departure = realm.registry.wait_for_departure(session);
        tokio::time::timeout_at(deadline, departure).await.map_err(late)?;
        let joins = if opening.must_join { Some(character_state(realm, session).await?) } else { None };
        if opening.must_join {
            session.recall(realm, hello.last_tick).await?;
        }
        realm.store_tokens(session, &Tokens::rotated(opening.token, next)).await?;
        // Nobody reads it before the session is connected.
        session.wire.lock().held = hello.last_tick;
        match realm.registry.connect(opening, next, grant.clone(), outbox, Instant::now()) {
            Ok(Some(connected)) => break (connected, joins),
            // It began to leave while it was loaded.
            Ok(None) => {}
            Err(error) => {
                // The session ended meanwhile, and its record may have been deleted before it was
                // written again. One of before the start that was only superseded has not ended:
                // its token still leads to what is stored of it.
                let comes_back = {
                    let wire = session.wire.lock();
                    wire.superseded && wire.resumed
                };
                if !comes_back {
                    realm.forget_session(session);
                }
                return Err(error);
            }
        }
    };
    let stopped = |error| ApiError::caused(ErrorCode::Unavailable, error);
    if let (true, Some(character)) = (connected.must_join, joins) {
        let join = Input::Join {
            session: session.key,
            identity: Arc::clone(&session.identity),
            character: Box::new(character),
            last_seq: session.last_seq(),
        };
        realm.mailbox.push(join).await.map_err(stopped)?;
    }
    let attach = Input::Attach {
        session: session.key,
        connection: connected.connection,
        last_tick: hello.last_tick,
        oldest_unanswered_seq: hello.oldest_unanswered_seq,
        next_seq: hello.next_seq,
    };
    realm.mailbox.push(attach).await.map_err(stopped)?;
    if matches!(realm.registry.find(session.identity.session_id), Some((_, SessionStatus::Terminating))) {
        // It ended just now; the world may have been told before it had heard of the session, and
        // then it has to be told again.
        realm.mailbox.push(Input::Leave { session: session.key }).await.map_err(stopped)?;
    }
    Ok(connected)
}

async fn character_state(realm: &Realm, session: &Session) -> Result<CharacterState, ApiError> {
    let profile = realm
        .store
        .load_character(session.identity.character_id)
        .await?
        .ok_or_else(|| ApiError::caused(ErrorCode::Internal, "the character of a session is gone"))?;
    Ok(profile.state)
}
