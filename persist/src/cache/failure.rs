//! Why a cache does not work: a short text safe for everybody, without the address and the server's
//! words, and a longer one for operators. Decides nothing.

use std::error::Error;
use std::io;

use redis::{ErrorKind, RedisError};

use crate::authorities::{certificate_problem, certificate_problem_in};
use crate::diagnostic::{in_one_line, system_words};
use crate::failure::NO_ANSWER;

/// Why a call of the cache failed. In every case the caller goes on without it.
#[derive(Debug, thiserror::Error)]
pub enum CacheError {
    /// It cannot be reached, does not answer in time, or answers with an error.
    #[error("the cache is unavailable")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// It took a value and does not have it.
    #[error("the cache does not keep what it is given")]
    Forgets,
    /// It failed several times in a row and is not called for a moment.
    #[error("the cache is not asked for a moment after failures")]
    NotAsked,
    /// The address is not one this program can use.
    #[error(
        "the cache URL cannot be used: it is not of the form redis://USER:PASSWORD@HOST:PORT/DB, rediss://... or \
         redis+unix:///SOCKET"
    )]
    UnsupportedUrl,
}

impl CacheError {
    /// Whether the answer was only late, which may be this process's own load.
    #[must_use]
    pub fn is_late(&self) -> bool {
        let Self::Unavailable(error) = self else { return false };
        error.is::<tokio::time::error::Elapsed>()
            || error.downcast_ref::<RedisError>().is_some_and(RedisError::is_timeout)
    }

    /// What is wrong, for players and probes. What the server itself said is for the log.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Unavailable(_) if self.is_late() => NO_ANSWER,
            Self::Unavailable(error) => match error.downcast_ref::<RedisError>() {
                Some(error) if error.is_connection_refusal() => "it refuses connections",
                Some(error) if error.kind() == ErrorKind::AuthenticationFailed => SIGN_IN,
                Some(error) if error.kind() == ErrorKind::Parse => "what answers is no Redis",
                Some(error) => error.code().map_or("it cannot be reached", code_reason),
                None => "it cannot be reached",
            },
            Self::Forgets => "it does not keep what it is given",
            Self::NotAsked => "it is left alone for a moment after failures",
            Self::UnsupportedUrl => "its address cannot be used",
        }
    }

    /// The reason, for an operator: what was refused, and by whom.
    #[must_use]
    pub fn causes(&self) -> String {
        match self {
            Self::Unavailable(source) => words(&**source),
            other => other.to_string(),
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

/// Why Redis did not do it.
fn words(error: &(dyn Error + 'static)) -> String {
    if error.is::<tokio::time::error::Elapsed>() {
        return "it does not answer in time".to_owned();
    }
    let Some(error) = error.downcast_ref::<RedisError>() else { return in_one_line(error) };
    if let Some(diagnostic) = certificate_problem(error).or_else(|| certificate_problem_in(&error.to_string())) {
        return format!("its certificate cannot be trusted: {}; {}", diagnostic.problem, diagnostic.remedy);
    }
    let said = error.detail().unwrap_or_default();
    let text = error.to_string();
    match error.code() {
        Some("NOAUTH") => return "it wants a password (--redis-password-file, or in --redis-url)".to_owned(),
        Some("WRONGPASS") => return "user or password is wrong (--redis-url, --redis-password-file)".to_owned(),
        Some("NOPERM") => return format!("its user may not do this (NOPERM {said})"),
        Some("READONLY") => return "it is a read-only replica; name the primary in --redis-url".to_owned(),
        _ => {}
    }
    // The library words a refused sign-in itself, whatever the server said.
    if error.kind() == ErrorKind::AuthenticationFailed {
        return "user or password is wrong (--redis-url, --redis-password-file)".to_owned();
    }
    let out_of_range = |text: &str| text.contains("DB index") || text.contains("database number");
    if out_of_range(said) || out_of_range(&text) {
        return "it has no database of the number in --redis-url".to_owned();
    }
    if error.kind() == ErrorKind::Parse {
        return "what answers at the address of --redis-url does not speak the protocol of Redis: another service (HTTP, \
                TLS) has this port; a Redis with TLS is rediss://"
            .to_owned();
    }
    if error.is_connection_refusal() {
        return "nothing listens at the address of --redis-url".to_owned();
    }
    if error.is_timeout() {
        return "it does not answer in time".to_owned();
    }
    match error.source().and_then(|source| source.downcast_ref::<io::Error>()) {
        Some(source) => system_words(source),
        None => text,
    }
}
