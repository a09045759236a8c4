//! The wait before each reconnect attempt, and between the attempts behind the card that follows
//! the last of them (FR-008). Pure: randomness comes from the caller.

pub const ATTEMPTS_MAX: u32 = 5;

/// Longest wait before each attempt, seconds.
const STEPS_S: [f64; ATTEMPTS_MAX as usize] = [1.0, 2.0, 4.0, 8.0, 16.0];

/// Shortest and longest wait between attempts after RETRY_LIMIT_REACHED, seconds.
const BEHIND_S: (f64, f64) = (15.0, 30.0);

/// The wait before the next attempt behind the card, seconds.
#[must_use]
pub fn behind_s(random: f64) -> f64 {
    BEHIND_S.0 + (BEHIND_S.1 - BEHIND_S.0) * random.clamp(0.0, 1.0)
}

/// The wait before attempt number `attempt` (from 1) in seconds, with full jitter: `random` in
/// `0.0..1.0` picks a moment within the whole step, so that a thousand clients dropped together
/// come back spread out. `None` when there is no such attempt.
#[must_use]
pub fn delay_s(attempt: u32, random: f64) -> Option<f64> {
    let step = STEPS_S.get(usize::try_from(attempt.checked_sub(1)?).ok()?)?;
    Some(step * random.clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jitter_covers_the_whole_step_and_steps_double() {
        for (attempt, step) in [(1, 1.0), (2, 2.0), (3, 4.0), (4, 8.0), (5, 16.0)] {
            assert_eq!(delay_s(attempt, 0.0), Some(0.0));
            assert_eq!(delay_s(attempt, 0.5), Some(step / 2.0));
            assert_eq!(delay_s(attempt, 1.0), Some(step));
        }
    }

    #[test]
    fn behind_the_card_the_waits_are_spread_over_15_to_30_seconds() {
        assert_eq!([0.0, 0.5, 1.0].map(behind_s), [15.0, 22.5, 30.0]);
    }

    #[test]
    fn there_is_no_attempt_zero_and_none_after_the_fifth() {
        assert_eq!(delay_s(0, 0.5), None);
        assert_eq!(delay_s(6, 0.5), None);
    }
}
