//! The one place where the server builds a wire error and the log line that goes with it.

use std::num::NonZeroU64;
use std::sync::Arc;

use hyper::StatusCode;
use tilemud_persist::diagnostic::in_one_line;
use tilemud_persist::store::StoreError;
use tilemud_schema::{Details, ErrorCategory, ErrorCode, Seq, SessionId, UserId, WireError};
use tilemud_sim::api::{Identity, Refusal};
use uuid::Uuid;

use crate::journal::{CROWD, Mark};

/// A refusal on its way to a client: what the client sees, and what only the log sees.
#[derive(Debug, thiserror::Error)]
#[error("{code}")]
pub struct ApiError {
    pub code: ErrorCode,
    /// For people, where it says more than the default message of the code.
    pub message: Option<Box<str>>,
    pub details: Option<Details>,
    /// Internal cause; for the log only.
    pub cause: Option<Box<dyn std::error::Error + Send + Sync>>,
    /// The refused user, where known; for the log only.
    pub who: Option<Box<Who>>,
    /// The HTTP status, where it is another than the code's.
    pub status: Option<StatusCode>,
    /// The mark of its address, where the address is the reason; for the log only.
    pub visitor: Option<NonZeroU64>,
}

/// Whom a refusal is for.
#[derive(Debug, Clone)]
pub struct Who {
    user_id: UserId,
    session_id: Option<SessionId>,
}

impl From<&UserId> for Who {
    fn from(user_id: &UserId) -> Self {
        Self { user_id: user_id.clone(), session_id: None }
    }
}

impl From<&Identity> for Who {
    fn from(identity: &Identity) -> Self {
        Self { user_id: identity.user_id.clone(), session_id: Some(identity.session_id) }
    }
}

impl ApiError {
    #[must_use]
    pub fn with_details(code: ErrorCode, details: Details) -> Self {
        Self { details: Some(details), ..Self::from(code) }
    }

    /// A field of a request is not acceptable.
    #[must_use]
    pub fn field(code: ErrorCode, field: &str, reason: impl Into<String>) -> Self {
        Self::with_details(code, Details::Field { field: field.to_owned(), reason: reason.into() })
    }

    /// With an internal cause.
    #[must_use]
    pub fn caused(code: ErrorCode, cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self { cause: Some(cause.into()), ..Self::from(code) }
    }

    /// In these words for people.
    #[must_use]
    pub fn saying(self, message: impl Into<String>) -> Self {
        Self { message: Some(message.into().into()), ..self }
    }

    /// For this user or session.
    #[must_use]
    pub fn of(self, who: impl Into<Who>) -> Self {
        Self { who: Some(Box::new(who.into())), ..self }
    }

    /// With this HTTP status.
    #[must_use]
    pub fn answered(self, status: StatusCode) -> Self {
        Self { status: Some(status), ..self }
    }

    /// Adds the mark of the refused address.
    #[must_use]
    pub fn at(self, visitor: NonZeroU64) -> Self {
        Self { visitor: Some(visitor), ..self }
    }

    /// The error shape, and the line of the log that its correlation id leads to.
    #[must_use]
    pub fn into_wire(self) -> WireError {
        let mut wire = WireError::new(self.code, Uuid::new_v4(), self.details.map(bounded));
        if let Some(message) = self.message {
            wire.message = cut(message.into(), MESSAGE_CHARS_MAX);
        }
        log(&wire, None, self.cause.as_deref(), self.visitor, || self.who.map(|who| *who));
        wire
    }
}

impl From<ErrorCode> for ApiError {
    fn from(code: ErrorCode) -> Self {
        Self { code, message: None, details: None, cause: None, who: None, status: None, visitor: None }
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        Self::from(Arc::new(error))
    }
}

impl From<Arc<StoreError>> for ApiError {
    fn from(error: Arc<StoreError>) -> Self {
        let code = match &*error {
            // Fenced, gone: this server is on its way out, by a drain or because it has lost the
            // world; the next can be asked.
            StoreError::Unavailable(_) | StoreError::Fenced | StoreError::Gone { .. } => ErrorCode::Unavailable,
            StoreError::NameTaken => return Self::from(ErrorCode::NameTaken),
            _ => ErrorCode::Internal,
        };
        Self::caused(code, error)
    }
}

/// Longest message, reason and version of an error, characters. They may repeat what a client sent,
/// so they are cut before they are sent back or logged.
const MESSAGE_CHARS_MAX: usize = 600;
const REASON_CHARS_MAX: usize = 300;
pub(crate) const VERSION_CHARS_MAX: usize = 64;

fn bounded(mut details: Details) -> Details {
    match &mut details {
        Details::Field { field, reason } => {
            *field = cut(std::mem::take(field), VERSION_CHARS_MAX);
            *reason = cut(std::mem::take(reason), REASON_CHARS_MAX);
        }
        Details::Version { received, .. } => *received = cut(std::mem::take(received), VERSION_CHARS_MAX),
        _ => {}
    }
    details
}

/// A text cut to this many characters.
pub(crate) fn cut(mut text: String, chars_max: usize) -> String {
    if let Some((at, _)) = text.char_indices().nth(chars_max) {
        text.truncate(at);
    }
    text
}

/// The wire error of an intent that the world, a limit or an outage has refused.
#[must_use]
pub fn refusal(refusal: &Refusal, seq: Seq, of: &Identity) -> WireError {
    let mut wire = WireError::new(refusal.code, Uuid::new_v4(), refusal.details.clone().map(bounded));
    if let Some(Details::Rollback { cause: ErrorCode::Internal, .. }) = wire.details {
        wire.message = "The server could not store this, so it was taken back; try again.".to_owned();
    }
    log(&wire, Some(seq), None, None, || Some(of.into()));
    wire
}

/// One line for each refusal (FR-020): at debug for refusals by the rules of the world, which are
/// part of play; at info for versions, limits, sign-in and the shape of requests; as a warning for
/// a known fault of the server.
fn log(
    wire: &WireError,
    seq: Option<Seq>,
    cause: Option<&(dyn std::error::Error + Send + Sync + 'static)>,
    visitor: Option<NonZeroU64>,
    who: impl FnOnce() -> Option<Who>,
) {
    let is_ours = matches!(wire.code.category(), ErrorCategory::Dependency | ErrorCategory::Internal);
    let (limit, field) = match &wire.details {
        Some(Details::Limit { limit, .. }) => (Some(limit.as_str()), None),
        Some(Details::Field { field, .. }) => (None, Some(field.as_str())),
        _ => (None, None),
    };
    macro_rules! line {
        ($level:ident $(, target: $target:expr)?) => {{
            let who = who();
            let user_id = who.as_ref().map(|who| tracing::field::display(&who.user_id));
            let session = who.as_ref().and_then(|who| who.session_id).map(Mark).map(tracing::field::display);
            let visitor = visitor.map(|mark| format!("{mark:016x}"));
            let cause = cause.map(|cause| in_one_line(cause));
            let (code, correlation_id) = (wire.code, wire.correlation_id);
            tracing::$level!(
                $(target: $target,)? %code, %correlation_id, user_id, session, visitor, seq, limit, field, cause, "request refused"
            );
        }};
    }
    if is_ours && cause.is_some() {
        line!(warn);
    } else if is_ours {
        // In an outage everybody is refused, over and over.
        line!(info, target: CROWD);
    } else if wire.code.http_status().is_some() {
        line!(info);
    } else if tracing::enabled!(tracing::Level::DEBUG) {
        line!(debug);
    }
}
