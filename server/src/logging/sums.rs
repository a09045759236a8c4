//! Sums up repeated lines, so that neither players nor strangers can fill a log (NFR-007): of each
//! kind of line the first few of an interval are written, and at its end one line says how many
//! more there were.
//!
//! A kind is the place in the code with the values of the fields `code`, `event`, `reason` and
//! `limit`. Lines about a user count for that user alone, so that one player's repeats hide nothing
//! of another's; lines without a user are those of strangers and count together; lines of the
//! [`CROWD`], of which one user can cause many, count over all users. Lines at debug are not
//! summed. Has no clock: the caller ends the interval.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::fmt::{self, Write as _};
use std::hash::{BuildHasher as _, Hash as _, Hasher};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tilemud_net::journal::CROWD;
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Metadata};

/// How long an interval takes in a running process.
pub(super) const INTERVAL: Duration = Duration::from_secs(10);

/// Lines of a kind of strangers that are written in an interval.
const STRANGERS_MAX: u64 = 20;

/// The same: of one user.
const USER_MAX: u64 = 60;

/// The same: of the crowd.
const CROWD_MAX: u64 = 150;

/// Kinds that are counted in an interval. When there are more, further lines about users are
/// written: there are no more of those than players.
const KINDS_MAX: usize = 16_384;

/// Target of the lines that say how many more there were.
const TARGET: &str = "tilemud_server::logging::sums";

/// What was said in the current interval.
#[derive(Default)]
pub(super) struct Sums {
    kinds: Mutex<HashMap<u64, Kind>>,
    /// Randomly keyed, because clients choose part of what is hashed.
    hashes: RandomState,
}

struct Kind {
    lines: u64,
    lines_max: u64,
    /// Made when the first line is held back.
    held_back: Option<HeldBack>,
}

struct HeldBack {
    metadata: &'static Metadata<'static>,
    said: Said,
}

impl Sums {
    /// Whether a line is written; counts it.
    pub(super) fn passes(&self, event: &Event<'_>) -> bool {
        let metadata = event.metadata();
        if *metadata.level() > Level::INFO || metadata.target() == TARGET {
            return true;
        }
        let is_crowd = metadata.target() == CROWD;
        let mut key = Key { hasher: self.hashes.build_hasher(), has_user: false, is_crowd };
        metadata.callsite().hash(&mut key.hasher);
        event.record(&mut key);
        let lines_max = match (is_crowd, key.has_user) {
            (true, _) => CROWD_MAX,
            (false, true) => USER_MAX,
            (false, false) => STRANGERS_MAX,
        };
        let hash = key.hasher.finish();
        let mut kinds = self.kinds();
        // Kinds without a user are few: places in the code and fixed words.
        if key.has_user && !is_crowd && kinds.len() >= KINDS_MAX && !kinds.contains_key(&hash) {
            return true;
        }
        let kind = kinds.entry(hash).or_insert(Kind { lines: 0, lines_max, held_back: None });
        kind.lines += 1;
        if kind.lines <= kind.lines_max {
            return true;
        }
        kind.held_back.get_or_insert_with(|| {
            let mut said = Said { is_crowd, ..Said::default() };
            event.record(&mut said);
            HeldBack { metadata, said }
        });
        false
    }

    fn kinds(&self) -> MutexGuard<'_, HashMap<u64, Kind>> {
        // Counts are whole after each step, whoever panicked.
        self.kinds.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends the interval, which took this long: logs how many lines were held back, and starts the
    /// next.
    pub(super) fn turn(&self, interval: Duration) {
        let kinds = std::mem::take(&mut *self.kinds());
        let held_back = |kind: Kind| kind.held_back.map(|held_back| (kind.lines - kind.lines_max, held_back));
        let mut all: Vec<_> = kinds.into_values().filter_map(held_back).collect();
        all.sort_unstable_by_key(|(more, _)| std::cmp::Reverse(*more));
        for (more, HeldBack { metadata, said }) in all {
            say(more, interval, *metadata.level(), &said);
        }
    }
}

fn say(more: u64, interval: Duration, level: Level, said: &Said) {
    let (seconds, grouped) = (interval.as_secs().max(1), grouped(more));
    let Said { message, code, event, reason, limit, user_id, .. } = said;
    macro_rules! line {
        ($level:ident) => {
            tracing::$level!(
                target: TARGET, code, event, reason, limit, user_id, repeats = more, interval_s = seconds,
                "{grouped} more in {seconds} s: {message}"
            )
        };
    }
    match level {
        Level::ERROR => line!(error),
        Level::WARN => line!(warn),
        _ => line!(info),
    }
}

/// With commas, for people.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Fields that make a kind.
const KIND_FIELDS: [&str; 4] = ["code", "event", "reason", "limit"];

/// Hashes what makes the kind of a line.
struct Key<H> {
    hasher: H,
    has_user: bool,
    is_crowd: bool,
}

impl<H: Hasher> Visit for Key<H> {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let is_user = field.name() == "user_id";
        self.has_user |= is_user;
        if KIND_FIELDS.contains(&field.name()) || (is_user && !self.is_crowd) {
            field.name().hash(&mut self.hasher);
            // Hashing takes everything.
            let _ = write!(Into(&mut self.hasher), "{value:?}");
        }
    }
}

struct Into<'a, H>(&'a mut H);

impl<H: Hasher> fmt::Write for Into<'_, H> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.write(text.as_bytes());
        Ok(())
    }
}

/// What the first line that was held back said.
#[derive(Default)]
struct Said {
    message: String,
    code: Option<String>,
    event: Option<String>,
    reason: Option<String>,
    limit: Option<String>,
    user_id: Option<String>,
    is_crowd: bool,
}

impl Visit for Said {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.record_debug(field, &format_args!("{value}"));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let place = match field.name() {
            "message" => {
                self.message = super::content::cleaned(value);
                return;
            }
            "code" => &mut self.code,
            "event" => &mut self.event,
            "reason" => &mut self.reason,
            "limit" => &mut self.limit,
            "user_id" if !self.is_crowd => &mut self.user_id,
            _ => return,
        };
        *place = Some(super::content::cleaned(value));
    }
}

#[cfg(test)]
mod tests;
