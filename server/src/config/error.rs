//! Why the start stops at the configuration. Every refusal names the place and the remedy; no
//! message repeats a value that may hold a password.

use std::fmt;

use tilemud_persist::Diagnostic;

use super::place::Place;

/// The configuration cannot be used, or there is something to print instead of serving.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A message of clap: help, version, or a bad command line.
    #[error("{0}")]
    Usage(clap::Error),
    /// A value that cannot be used.
    #[error("error: {place}: {}\n  remedy: {}", .diagnostic.problem, .diagnostic.remedy)]
    Value {
        /// Where it was given.
        place: Place,
        diagnostic: Diagnostic,
    },
    /// Values that contradict each other, or a required setting that is missing.
    #[error("error: {}\n  remedy: {}", .0.problem, .0.remedy)]
    Rule(Diagnostic),
}

impl ConfigError {
    pub(super) fn at(place: &Place, diagnostic: Diagnostic) -> Self {
        Self::Value { place: place.clone(), diagnostic }
    }

    pub(super) fn value(place: &Place, problem: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::at(place, Diagnostic::new(problem, remedy))
    }

    pub(super) fn rule(problem: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::Rule(Diagnostic::new(problem, remedy))
    }

    /// 0 for help and version, 2 for a bad configuration.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(usage) => u8::from(usage.use_stderr()) * 2,
            Self::Value { .. } | Self::Rule(_) => 2,
        }
    }

    /// Writes help and version to standard output, refusals to standard error.
    pub fn print(&self) {
        match self {
            // A closed output is no reason for another error.
            Self::Usage(usage) => drop(usage.print()),
            Self::Value { .. } | Self::Rule(_) => eprintln!("{self}"),
        }
    }
}

/// A setting is wrong: the start ends with 2.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct SetWrong(#[source] Diagnostic);

impl SetWrong {
    /// `place` is where it was set.
    pub fn new(place: impl fmt::Display, problem: impl fmt::Display, remedy: impl Into<String>) -> Self {
        Self(Diagnostic::new(format!("{place}: {problem}"), remedy))
    }
}
