//! The one error shape, on REST and realtime alike (FR-020).

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Seq;

/// The family of an error, for clients that only need to know what to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ErrorCategory {
    /// Who you are, or what you may.
    Auth,
    /// Builds differ.
    Version,
    /// No room.
    Capacity,
    /// Too fast.
    RateLimit,
    /// The request itself, or a rule of the game.
    Validation,
    /// Our fault.
    Internal,
    /// Something we need is down.
    Dependency,
    /// Order or atomicity.
    Consistency,
}

macro_rules! error_codes {
    ($($(#[$meta:meta])* $code:ident, $category:ident, $http:expr, $retryable:literal, $message:literal;)*) => {
        /// Every error code; the category, HTTP status and whether to try again follow from it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
        pub enum ErrorCode {
            $($(#[$meta])* $code,)*
        }

        impl ErrorCode {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$code),*];

            /// The family it belongs to.
            #[must_use]
            pub const fn category(self) -> ErrorCategory {
                match self { $(Self::$code => ErrorCategory::$category,)* }
            }

            /// HTTP status, `None` for codes that only occur on the realtime channel.
            #[must_use]
            pub const fn http_status(self) -> Option<u16> {
                match self { $(Self::$code => $http,)* }
            }

            /// Whether the same request may succeed later.
            #[must_use]
            pub const fn retryable(self) -> bool {
                match self { $(Self::$code => $retryable,)* }
            }

            /// The message for people when the place that refuses has nothing better to say.
            #[must_use]
            pub const fn default_message(self) -> &'static str {
                match self { $(Self::$code => $message,)* }
            }
        }
    };
}

error_codes! {
    /// No bearer token.
    AuthTokenMissing, Auth, Some(401), false, "An access token is required.";
    /// Not a token we accept.
    AuthTokenInvalid, Auth, Some(401), false, "The access token is not valid.";
    /// Too old.
    AuthTokenExpired, Auth, Some(401), false, "The access token has expired.";
    /// Somebody else's.
    Forbidden, Auth, Some(403), false, "This belongs to another player.";
    /// Gone or never there.
    SessionNotFound, Auth, Some(401), false, "There is no such session.";
    /// Used, expired or unknown.
    TicketInvalid, Auth, Some(401), false, "The ticket is unknown, expired or already used.";
    /// Used, expired or unknown.
    ReconnectTokenInvalid, Auth, Some(401), false, "The reconnect token is unknown, expired or already used.";
    /// Builds differ; details name both.
    UpdateRequired, Version, Some(426), false, "This client does not match the server; please update.";
    /// The server is full; details say when to retry.
    CapacityFull, Capacity, Some(503), true, "The server is full.";
    /// Too fast; details say when to retry.
    RateLimited, RateLimit, Some(429), true, "Too many requests.";
    /// Not decodable.
    Malformed, Validation, Some(400), false, "The message could not be read.";
    /// Over the size limit.
    PayloadTooLarge, Validation, Some(413), false, "The message is too large.";
    /// Readable, but not allowed; details name the field.
    IntentInvalid, Validation, Some(422), false, "The request is not valid.";
    /// Somebody has this display name.
    NameTaken, Validation, Some(409), false, "This name is taken.";
    /// Something is in the way.
    MoveBlocked, Validation, None, false, "Something is in the way.";
    /// Too far.
    TargetOutOfRange, Validation, None, false, "That is out of reach.";
    /// Not there, or not yours.
    ItemNotFound, Validation, None, false, "There is no such item.";
    /// No room to carry it.
    InventoryFull, Validation, None, false, "There is no room to carry that.";
    /// The rules say no.
    ActionNotAllowed, Validation, None, false, "That cannot be done.";
    /// A gap in the sequence; details say what was expected.
    SeqOutOfOrder, Consistency, None, true, "A sequence number is missing.";
    /// A step failed, so nothing happened; details name the step.
    ActionAtomicRollback, Consistency, None, true, "A step failed, so nothing was done.";
    /// The durable store is down.
    Unavailable, Dependency, Some(503), true, "The world is paused: its store cannot be reached.";
    /// Who was spoken to is not here, or cannot be told more now; details say who.
    TargetAway, Validation, None, false, "Nobody of that name can hear you now.";
    /// Our fault.
    Internal, Internal, Some(500), true, "Something went wrong on the server.";
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

json_shaped_enum! {
    /// What a program needs to react, by kind of error.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub enum Details, "Details", json(untagged) {
        /// RATE_LIMITED.
        Limit {
            /// Which limit: `move`, `chat`, `action`, `connect`, `sign_in`.
            limit: String,
            /// When to try again, milliseconds.
            retry_after_ms: u64,
        },
        /// CAPACITY_FULL, UNAVAILABLE.
        Retry {
            /// When to try again, milliseconds.
            retry_after_ms: u64,
        },
        /// SEQ_OUT_OF_ORDER.
        Sequence {
            /// The next number the server takes.
            expected: Seq,
            /// The number that came.
            received: Seq,
        },
        /// UPDATE_REQUIRED.
        Version {
            /// The server's version.
            expected: String,
            /// The client's.
            received: String,
        },
        /// ACTION_ATOMIC_ROLLBACK.
        Rollback {
            /// Index of the failed step, from 0.
            failed_step: u32,
            /// Why it failed.
            cause: ErrorCode,
        },
        /// INTENT_INVALID, MALFORMED.
        Field {
            /// The field at fault.
            field: String,
            /// What is wrong with it.
            reason: String,
        },
        /// TARGET_AWAY.
        Unheard {
            /// Who was spoken to.
            to: String,
            /// How many lines did not reach them.
            lines: u32,
        },
    }
}

/// The error shape. Internal text never gets in here; `correlation_id` joins it to the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WireError {
    /// What happened.
    pub code: ErrorCode,
    /// Its family.
    pub category: ErrorCategory,
    /// For people.
    pub message: String,
    /// Whether trying again may help.
    pub retryable: bool,
    /// Names this occurrence in the server's log.
    pub correlation_id: Uuid,
    /// For programs.
    #[serde(default)]
    pub details: Option<Details>,
}

impl WireError {
    /// The one place where a wire error is built.
    #[must_use]
    pub fn new(code: ErrorCode, correlation_id: Uuid, details: Option<Details>) -> Self {
        Self {
            code,
            category: code.category(),
            message: code.default_message().to_owned(),
            retryable: code.retryable(),
            correlation_id,
            details,
        }
    }
}
