//! How the program ends when it cannot go on: one message with problem, place and remedy, and the
//! exit code. Made from the chain of errors, each of which appears once.

use std::fmt;

use tilemud_maps::LoadError;
use tilemud_net::auth::AuthSetupError;
use tilemud_net::tls::TlsError;
use tilemud_persist::diagnostic::{Diagnostic, in_one_line};
use tilemud_persist::store::Unfit;
use tilemud_persist::{AuthoritiesError, CacheError, StoreError};

use crate::config::SetWrong;

/// The context of errors of opening the store.
pub(crate) const NOT_OPENED: &str = "the durable store could not be opened";

/// The last message of the program.
#[derive(Debug, PartialEq, Eq)]
pub struct Failure {
    /// What went wrong, with all its causes.
    pub problem: String,
    /// What to do, when that is known.
    pub remedy: Option<String>,
    /// Whether a setting must be corrected before another start makes sense.
    pub set_wrong: bool,
}

impl Failure {
    /// Of an error that ends the program.
    #[must_use]
    pub fn of(error: &anyhow::Error) -> Self {
        let whole: &(dyn std::error::Error + 'static) = error.as_ref();
        let mut set_wrong = false;
        // What is damaged while it is in use is nobody's setting.
        let is_start = whole.to_string() == NOT_OPENED;
        let remedy = Diagnostic::within(whole).map(|diagnostic| diagnostic.remedy.clone());
        for cause in error.chain() {
            let store = cause.downcast_ref::<StoreError>();
            set_wrong |= matches!(store, Some(StoreError::SetWrong(_) | StoreError::UnsupportedUrl { .. }))
                || matches!(store, Some(StoreError::Unfit { reason, .. }) if *reason != Unfit::Damaged || is_start)
                || matches!(cause.downcast_ref(), Some(CacheError::UnsupportedUrl))
                || cause.is::<SetWrong>()
                || cause.is::<LoadError>()
                || cause.is::<TlsError>()
                || cause.is::<AuthSetupError>()
                || cause.is::<AuthoritiesError>();
        }
        Self { problem: in_one_line(whole), remedy, set_wrong }
    }

    /// 2 for what was set wrong, 1 for anything else.
    #[must_use]
    pub const fn exit_code(&self) -> u8 {
        if self.set_wrong { 2 } else { 1 }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}", self.problem)?;
        self.remedy.as_ref().map_or(Ok(()), |remedy| write!(f, "\n  remedy: {remedy}"))
    }
}

#[cfg(test)]
mod tests {
    use anyhow::Context as _;

    use super::*;

    #[test]
    fn what_was_set_wrong_ends_with_2_and_every_cause_is_told_once() {
        let diagnostic = Diagnostic::new("there is no database \"game\"", "create it");
        let error = Err::<(), _>(StoreError::SetWrong(diagnostic.clone())).context("the store could not be opened");
        let failure = Failure::of(&error.unwrap_err());
        assert_eq!(failure.exit_code(), 2);
        assert_eq!(
            failure.to_string(),
            "error: the store could not be opened: there is no database \"game\"\n  remedy: create it"
        );
        let away = Err::<(), _>(StoreError::Unavailable(Box::new(diagnostic))).context("the store could not be opened");
        let failure = Failure::of(&away.unwrap_err());
        assert_eq!((failure.exit_code(), failure.remedy.as_deref()), (1, Some("create it")));
        let failure = Failure::of(&SetWrong::new("--listen", "the port is taken", "take another").into());
        assert_eq!(failure.to_string(), "error: --listen: the port is taken\n  remedy: take another");
        assert_eq!(Failure::of(&anyhow::anyhow!("a star fell")).exit_code(), 1);
    }
}
