//! HTTP requests and answers as values, exchanged by session, assets and sign-in with the
//! connector.

use std::fmt;

/// Identifies a request or a socket; chosen by the caller, never used twice.
pub type CallId = u64;

/// One HTTP request. A body makes it a POST.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpRequest {
    /// Path at the server, or a whole address.
    pub path: String,
    /// Access token, if the call needs one.
    pub bearer: Option<Bearer>,
    /// What is posted.
    pub body: Option<Body>,
}

impl HttpRequest {
    /// A GET without a token.
    pub fn get(path: impl Into<String>) -> Self {
        Self { path: path.into(), bearer: None, body: None }
    }
}

/// What a request posts; may hold secrets, so it is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Body {
    /// Its Content-Type.
    pub content_type: &'static str,
    /// All of it.
    pub bytes: Vec<u8>,
}

impl Body {
    /// JSON, encoded already.
    #[must_use]
    pub fn json(bytes: Vec<u8>) -> Self {
        Self { content_type: "application/json", bytes }
    }

    /// A form, encoded already.
    #[must_use]
    pub fn form(text: String) -> Self {
        Self { content_type: "application/x-www-form-urlencoded", bytes: text.into_bytes() }
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Body({}, {} bytes)", self.content_type, self.bytes.len())
    }
}

/// An access token; never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Bearer(pub String);

impl fmt::Debug for Bearer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Bearer(..)")
    }
}

/// What an HTTP server answered, whatever the status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpAnswer {
    /// HTTP status.
    pub status: u16,
    /// The ETag header.
    pub etag: Option<String>,
    /// The whole body.
    pub body: Vec<u8>,
}

/// No answer came; the text is for the diagnostics overlay.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unreachable(pub String);
