//! Why the start stops at the configuration. Every refusal names the place and the remedy; no message repeats a value that may
//! hold a password.

use std::fmt;

use super::place::Place;

/// The configuration cannot be used, or there is something to print instead of serving.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// What clap has to say: help, version, or a bad command line.
    #[error("{0}")]
    Usage(clap::Error),
    /// A value that cannot be used.
    #[error("error: {place}: {problem}\n  remedy: {remedy}")]
    Value {
        /// Where it was given.
        place: Place,
        problem: String,
        remedy: String,
    },
    /// Values that are fine alone but not together, or something that must be set and is not.
    #[error("error: {problem}\n  remedy: {remedy}")]
    Rule { problem: String, remedy: String },
}

impl ConfigError {
    pub(super) fn value(place: &Place, problem: impl fmt::Display, remedy: impl fmt::Display) -> Self {
        Self::Value { place: place.clone(), problem: problem.to_string(), remedy: remedy.to_string() }
    }

    pub(super) fn rule(problem: impl fmt::Display, remedy: impl fmt::Display) -> Self {
        Self::Rule { problem: problem.to_string(), remedy: remedy.to_string() }
    }

    /// 0 for help and version, 2 for a bad configuration.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(usage) => u8::from(usage.use_stderr()) * 2,
            Self::Value { .. } | Self::Rule { .. } => 2,
        }
    }

    /// Writes help and version to standard output, refusals to standard error.
    pub fn print(&self) {
        match self {
            // A closed output is no reason for another error.
            Self::Usage(usage) => drop(usage.print()),
            Self::Value { .. } | Self::Rule { .. } => eprintln!("{self}"),
        }
    }
}

/// Something that was set is wrong: the start ends with 2.
#[derive(Debug, thiserror::Error)]
#[error("{problem}")]
pub struct SetWrong {
    /// The setting, and what is wrong.
    pub problem: String,
    pub remedy: String,
}

impl SetWrong {
    /// `place` is where it was set.
    pub fn new(place: impl fmt::Display, problem: impl fmt::Display, remedy: impl Into<String>) -> Self {
        Self { problem: format!("{place}: {problem}"), remedy: remedy.into() }
    }
}
