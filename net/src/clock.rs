//! Wall-clock time for stamps that leave the server. Durations are measured with tokio's clock
//! instead, which tests can pause.

use tilemud_schema::Timestamp;

/// The current time in UTC.
#[must_use]
pub fn now() -> Timestamp {
    #[cfg(feature = "testing")]
    if let Some(now) = crate::simulated::simulated_now() {
        return now;
    }
    Timestamp::from_micros(jiff::Timestamp::now().as_microsecond())
}
