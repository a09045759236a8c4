//! How long to wait before each reconnect attempt (FR-008). Pure: chance comes from the caller.

/// Attempts before RETRY_LIMIT_REACHED.
pub const ATTEMPTS_MAX: u32 = 5;

/// Longest wait before each attempt, seconds.
const STEPS_S: [f64; ATTEMPTS_MAX as usize] = [1.0, 2.0, 4.0, 8.0, 16.0];

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
    fn there_is_no_attempt_zero_and_none_after_the_fifth() {
        assert_eq!(delay_s(0, 0.5), None);
        assert_eq!(delay_s(6, 0.5), None);
    }
}
