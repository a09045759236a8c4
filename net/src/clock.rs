//! Wall-clock time for stamps that leave the server. Durations are measured with tokio's clock
//! instead, which tests can pause.

use tilemud_schema::Timestamp;

/// The current time in UTC.
#[must_use]
pub fn now() -> Timestamp {
    Timestamp::from_micros(jiff::Timestamp::now().as_microsecond())
}
