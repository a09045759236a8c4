//! What keeps a cache from working, in words safe for anybody: no address, nothing of what the server wrote. Decides nothing.

use super::CacheError;
use crate::NO_ANSWER;

impl CacheError {
    /// Whether it is only known that no answer came in time: that may be our own load.
    #[must_use]
    pub fn is_late(&self) -> bool {
        let Self::Unavailable(error) = self else { return false };
        error.is::<tokio::time::error::Elapsed>()
            || error.downcast_ref::<redis::RedisError>().is_some_and(redis::RedisError::is_timeout)
    }

    /// What is wrong, for players and probes. What the server itself said is for the log.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Unavailable(_) if self.is_late() => NO_ANSWER,
            Self::Unavailable(error) => match error.downcast_ref::<redis::RedisError>() {
                Some(error) if error.is_connection_refusal() => "it refuses connections",
                Some(error) if error.kind() == redis::ErrorKind::AuthenticationFailed => SIGN_IN,
                Some(error) => error.code().map_or("it cannot be reached", code_reason),
                None => "it cannot be reached",
            },
            Self::Forgets => "it does not keep what it is given",
            Self::NotAsked => "it is left alone for a moment after failures",
            Self::UnsupportedUrl => "its address cannot be used",
        }
    }
}

const SIGN_IN: &str = "it refuses our sign-in";

/// By the word an error of Redis begins with.
fn code_reason(code: &str) -> &'static str {
    match code {
        "READONLY" => "it takes no writes: it is read-only",
        "OOM" => "its memory is full",
        "MISCONF" => "it takes no writes: it cannot save to its disk",
        "NOREPLICAS" => "it takes no writes: its replicas are away",
        "NOAUTH" | "WRONGPASS" => SIGN_IN,
        "NOPERM" => "our user may not use it",
        "LOADING" => "it is starting",
        "MASTERDOWN" => "its master is away",
        "CLUSTERDOWN" | "MOVED" | "ASK" | "TRYAGAIN" | "CROSSSLOT" => "its cluster does not serve us",
        _ => "it cannot work",
    }
}
