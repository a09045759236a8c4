//! The one place where the server builds a wire error and the log line that goes with it.

use std::sync::Arc;

use tilemud_persist::store::StoreError;
use tilemud_schema::{Details, ErrorCode, WireError};
use tilemud_sim::api::Refusal;
use uuid::Uuid;

/// A refusal on its way to a client: what the client sees, and what only the log sees.
#[derive(Debug, thiserror::Error)]
#[error("{code}")]
pub struct ApiError {
    /// The code.
    pub code: ErrorCode,
    /// For people, where there is something better to say than what the code says anyway.
    pub message: Option<String>,
    /// For programs.
    pub details: Option<Details>,
    /// Internal cause; for the log only.
    pub cause: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl ApiError {
    /// With details.
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
        Self { message: Some(message.into()), ..self }
    }

    /// The error shape; logs the internal cause, if any, under the same correlation id.
    #[must_use]
    pub fn into_wire(self) -> WireError {
        let mut wire = WireError::new(self.code, Uuid::new_v4(), self.details);
        if let Some(message) = self.message {
            wire.message = message;
        }
        if let Some(cause) = self.cause {
            tracing::warn!(code = %wire.code, correlation_id = %wire.correlation_id, cause = %Chain(&*cause), "request refused");
        }
        wire
    }
}

impl From<ErrorCode> for ApiError {
    fn from(code: ErrorCode) -> Self {
        Self { code, message: None, details: None, cause: None }
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
            // Fenced: this server is on its way out, by a drain or because another one has the world; that one can be asked.
            StoreError::Unavailable(_) | StoreError::Fenced => ErrorCode::Unavailable,
            StoreError::NameTaken => return Self::from(ErrorCode::NameTaken),
            _ => ErrorCode::Internal,
        };
        Self::caused(code, error)
    }
}

/// The wire error of a refused intent.
#[must_use]
pub fn refusal(refusal: &Refusal) -> WireError {
    WireError::new(refusal.code, Uuid::new_v4(), refusal.details.clone())
}

/// Prints an error and what caused it.
struct Chain<'a>(&'a (dyn std::error::Error + 'static));

impl std::fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)?;
        let mut source = self.0.source();
        while let Some(error) = source {
            write!(f, ": {error}")?;
            source = error.source();
        }
        Ok(())
    }
}
