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
    /// The client's build is not the server's.
    Version,
    /// There is no room for now.
    Capacity,
    /// More was asked than a limit allows.
    RateLimit,
    /// The request itself, or a rule of the game.
    Validation,
    /// A fault of the server itself.
    Internal,
    /// Something we need is down.
    Dependency,
    /// Order of numbers, or all-or-nothing.
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
            /// All of them, in the order of the page.
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
    /// There is no bearer token.
    AuthTokenMissing, Auth, Some(401), false, "An access token is required.";
    /// Not a token we accept.
    AuthTokenInvalid, Auth, Some(401), false, "The access token is not valid.";
    /// A good token that is too old.
    AuthTokenExpired, Auth, Some(401), false, "The access token has expired.";
    /// It belongs to somebody else.
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
    /// It is not a message or body of the contract.
    Malformed, Validation, Some(400), false, "The message could not be read.";
    /// Over the size limit.
    PayloadTooLarge, Validation, Some(413), false, "The message is too large.";
    /// Readable, but not allowed; details name the field.
    IntentInvalid, Validation, Some(422), false, "The request is not valid.";
    /// Somebody has this display name.
    NameTaken, Validation, Some(409), false, "This name is taken.";
    /// Something is in the way.
    MoveBlocked, Validation, None, false, "Something is in the way.";
    /// It is further away than hands reach.
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
    /// A fault of the server itself.
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
        /// With RATE_LIMITED: which limit, and for how long.
        Limit {
            /// The name of the limit, such as `move` or `sign_in`.
            limit: String,
            /// When to try again, milliseconds.
            retry_after_ms: u64,
        },
        /// With CAPACITY_FULL and UNAVAILABLE: when to come again.
        Retry {
            /// When to try again, milliseconds.
            retry_after_ms: u64,
        },
        /// With SEQ_OUT_OF_ORDER: both numbers.
        Sequence {
            /// The next number the server takes.
            expected: Seq,
            /// The number that came.
            received: Seq,
        },
        /// With UPDATE_REQUIRED: both versions.
        Version {
            /// The version the server accepts.
            expected: String,
            /// The version the client named.
            received: String,
        },
        /// With ACTION_ATOMIC_ROLLBACK: which step, and why.
        Rollback {
            /// Index of the failed step, from 0.
            failed_step: u32,
            /// Why that step failed.
            cause: ErrorCode,
        },
        /// With INTENT_INVALID and MALFORMED: what is wrong. With ACTION_NOT_ALLOWED: which rule of
        /// the map says no.
        Field {
            /// The field at fault.
            field: String,
            /// What is wrong with it.
            reason: String,
        },
        /// With TARGET_AWAY: who did not hear how much.
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
    /// What it is; new codes may be added.
    pub code: ErrorCode,
    /// The family the code belongs to.
    pub category: ErrorCategory,
    /// In words, for people.
    pub message: String,
    /// Whether trying again may help.
    pub retryable: bool,
    /// Names this occurrence in the server's log.
    pub correlation_id: Uuid,
    /// What a program needs to react.
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
