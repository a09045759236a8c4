//! When every move of a run is due, fixed before the first is sent, whatever the server does.

use crate::course::Course;

/// The times of all moves, in nanoseconds of the generator's clock.
#[derive(Debug, Clone)]
pub struct Plan {
    start_ns: u64,
    period_ns: u64,
    warmup_ns: u64,
    measured_ns: u64,
    phases_ns: Vec<u64>,
    order: Vec<u32>,
    cycle: u64,
    place: usize,
}

/// Seconds as the plan counts.
pub const SECOND_NS: u64 = 1_000_000_000;

impl Plan {
    /// Moves from `start_ns` on, `per_s` a second and session (0 is none), the first `warmup_ns` of
    /// them not measured.
    #[must_use]
    pub fn new(course: &Course, sessions: usize, per_s: f64, times_ns: [u64; 3]) -> Self {
        let [start_ns, warmup_ns, measured_ns] = times_ns;
        let period_ns = if per_s > 0.0 { (SECOND_NS as f64 / per_s) as u64 } else { u64::MAX / 4 };
        let phases_ns: Vec<u64> = if per_s > 0.0 {
            (0..sessions).map(|session| course.phase_ns(session, period_ns)).collect()
        } else {
            // Never due.
            vec![u64::MAX / 4; sessions]
        };
        let mut order: Vec<u32> = (0..u32::try_from(sessions).unwrap_or(u32::MAX)).collect();
        order.sort_by_key(|session| phases_ns[*session as usize]);
        Self { start_ns, period_ns, warmup_ns, measured_ns, phases_ns, order, cycle: 0, place: 0 }
    }

    /// When a session's move is due, counted from 0.
    #[must_use]
    pub fn due_ns(&self, session: usize, move_index: u64) -> u64 {
        self.start_ns + self.phases_ns[session] + move_index * self.period_ns
    }

    /// The next move that is not taken yet: when it is due, and whose it is.
    #[must_use]
    pub fn next(&self) -> Option<(u64, usize)> {
        let session = *self.order.get(self.place)? as usize;
        let due = self.due_ns(session, self.cycle);
        (due < self.end_ns()).then_some((due, session))
    }

    pub fn take(&mut self) {
        self.place += 1;
        if self.place == self.order.len() {
            self.place = 0;
            self.cycle += 1;
        }
    }

    /// When the measured time begins.
    #[must_use]
    pub fn measured_from_ns(&self) -> u64 {
        self.start_ns + self.warmup_ns
    }

    /// When it ends, and with it the moves.
    #[must_use]
    pub fn end_ns(&self) -> u64 {
        self.measured_from_ns() + self.measured_ns
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moves_are_due_once_a_period_in_order_of_time() {
        let course = Course::new(1, 64);
        let mut plan = Plan::new(&course, 50, 2.0, [1_000, SECOND_NS, 2 * SECOND_NS]);
        let (mut taken, mut last, mut measured) = (vec![0; 50], 0, 0);
        while let Some((due, session)) = plan.next() {
            assert!(due >= last, "time does not go back");
            assert_eq!(due, plan.due_ns(session, taken[session]));
            last = due;
            taken[session] += 1;
            measured += usize::from(due >= plan.measured_from_ns());
            plan.take();
        }
        assert_eq!(taken, vec![6; 50], "two a second for three seconds");
        assert_eq!(measured, 50 * 4);
        assert_eq!(plan.due_ns(7, 1) - plan.due_ns(7, 0), SECOND_NS / 2);
        assert_eq!((plan.measured_from_ns(), plan.end_ns()), (1_000 + SECOND_NS, 1_000 + 3 * SECOND_NS));
    }

    #[test]
    fn nobody_moves_at_rate_zero() {
        let plan = Plan::new(&Course::new(1, 64), 5, 0.0, [0, SECOND_NS, SECOND_NS]);
        assert_eq!(plan.next(), None);
        assert_eq!(plan.end_ns(), 2 * SECOND_NS);
    }
}
