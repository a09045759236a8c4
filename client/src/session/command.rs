//! What the session machine wants done; the game carries it out.

use tilemud_schema::ClientMessage;

use crate::http::{CallId, HttpRequest};
use crate::sign_in::Pending;

/// What the machine wants done.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Start an HTTP exchange.
    Http {
        /// Names it in the answer.
        id: CallId,
        request: HttpRequest,
    },
    /// Open the realtime channel.
    OpenSocket {
        /// Names it in what follows.
        id: CallId,
        url: String,
    },
    /// Make a way back from the provider.
    MakeWayBack {
        /// Names the sign-in in what follows.
        id: CallId,
    },
    /// Send the player to the provider.
    Visit {
        id: CallId,
        /// What there is to know about it.
        pending: Pending,
    },
    /// Nobody is waited for any more.
    StopWaiting,
    Send(ClientMessage),
    /// End the realtime channel.
    CloseSocket,
    /// A session starts from nothing: forget the surroundings of an earlier one.
    Forget,
    /// The ETag of the map that is played on; fetch it if the held copy is another.
    World(String),
}
