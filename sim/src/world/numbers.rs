//! The sequence numbers of a session: which is next, which is a repeat, which leaves a gap.

use tilemud_schema::Seq;

use crate::limits::SEQ_MAX;

/// The verdict of the sequence rules on a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It was the next one and is consumed now.
    Consumed,
    /// It was consumed before.
    Duplicate,
    /// Numbers before it are missing; it is not consumed.
    OutOfOrder {
        /// The next one.
        expected: Seq,
    },
    /// Numbers before it are missing, and it is of an earlier connection than the newest. That one
    /// sends it again.
    Late,
}

/// What the numbers of a session are judged by.
#[derive(Debug, Clone, Copy)]
pub struct Numbers {
    /// The last one consumed.
    pub last: Seq,
    /// The newest connection.
    connection: u64,
    /// Up to this number the connection leaves out what was answered.
    resent_to: Seq,
}

impl Numbers {
    /// The numbers of a session whose last consumed one is this.
    #[must_use]
    pub fn after(last: Seq) -> Self {
        Self { last: last.min(SEQ_MAX), connection: 0, resent_to: 0 }
    }

    /// Applies what a connection says when it attaches; see
    /// [`Input::Attach`](crate::api::Input::Attach). Idempotent.
    pub fn attach(&mut self, connection: u64, oldest_unanswered: Option<Seq>, next: Option<Seq>) {
        let answered = oldest_unanswered.unwrap_or_default().saturating_sub(1);
        self.last = self.last.max(answered).min(SEQ_MAX);
        if connection >= self.connection {
            self.connection = connection;
            self.resent_to = next.unwrap_or_default();
        }
    }

    /// The arguments of the newest [`Numbers::attach`]: the connection, and up to where it leaves
    /// out what was answered.
    #[must_use]
    pub fn attached(&self) -> (u64, Seq) {
        (self.connection, self.resent_to)
    }

    /// Whether a connection is the newest, as far as known.
    #[must_use]
    pub fn is_newest(&self, connection: u64) -> bool {
        connection >= self.connection
    }

    /// Judges a number and consumes it if it is the next one. Up to `resent_to` a number is the
    /// next one although others are left out: an earlier process answered those without storing
    /// that it did.
    pub fn judge(&mut self, connection: u64, seq: Seq) -> Verdict {
        let is_late = connection < self.connection;
        #[cfg(feature = "flaws")]
        if crate::flaws::is_in(crate::flaws::Flaw::DedupOff) && (1..=self.last).contains(&seq) {
            return Verdict::Consumed;
        }
        if seq <= self.last {
            Verdict::Duplicate
        } else if (seq == self.last + 1 || seq <= self.resent_to && !is_late) && seq <= SEQ_MAX {
            self.last = seq;
            Verdict::Consumed
        } else if is_late {
            Verdict::Late
        } else {
            Verdict::OutOfOrder { expected: self.last + 1 }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_number_is_consumed_once() {
        let mut numbers = Numbers::after(4);
        assert_eq!(numbers.judge(0, 5), Verdict::Consumed);
        assert_eq!(numbers.judge(0, 5), Verdict::Duplicate);
        assert_eq!(numbers.last, 5);
    }

    #[test]
    fn a_gap_consumes_nothing_and_names_the_next_number() {
        let mut numbers = Numbers::after(4);
        assert_eq!(numbers.judge(0, 6), Verdict::OutOfOrder { expected: 5 });
        numbers.attach(1, None, Some(5));
        assert_eq!(numbers.judge(1, 6), Verdict::OutOfOrder { expected: 5 });
        assert_eq!(numbers.judge(1, Seq::MAX), Verdict::OutOfOrder { expected: 5 });
        assert_eq!(numbers.last, 4);
    }

    #[test]
    fn numbers_that_no_store_can_hold_are_never_consumed() {
        let mut numbers = Numbers::after(Seq::MAX);
        numbers.attach(1, Some(Seq::MAX), Some(Seq::MAX));
        assert_eq!(numbers.judge(1, SEQ_MAX + 1), Verdict::OutOfOrder { expected: SEQ_MAX + 1 });
        assert_eq!(numbers.last, SEQ_MAX);
    }

    #[test]
    fn what_is_left_out_of_what_is_sent_again_is_no_gap_and_stays_consumed() {
        let mut numbers = Numbers::after(4);
        numbers.attach(1, None, Some(11));
        let verdicts = [5, 8, 8, 7, 11, 13, 12].map(|seq| numbers.judge(1, seq));
        let (consumed, duplicate) = (Verdict::Consumed, Verdict::Duplicate);
        let gap = Verdict::OutOfOrder { expected: 12 };
        assert_eq!(verdicts, [consumed, consumed, duplicate, duplicate, consumed, gap, consumed]);
    }

    #[test]
    fn a_gap_of_an_earlier_connection_is_nobodys_and_what_the_later_one_says_of_gaps_is_not_said_for_it() {
        let mut numbers = Numbers::after(0);
        numbers.attach(1, None, None);
        assert_eq!([1, 2, 4].map(|seq| numbers.judge(1, seq))[2], Verdict::OutOfOrder { expected: 3 });
        numbers.attach(2, Some(1), Some(6));
        assert_eq!([4, 5, 1].map(|seq| numbers.judge(1, seq)), [Verdict::Late, Verdict::Late, Verdict::Duplicate]);
        assert_eq!(numbers.judge(1, 3), Verdict::Consumed);
        numbers.attach(1, None, Some(9));
        assert_eq!([3, 4, 7].map(|seq| numbers.judge(2, seq))[2], Verdict::OutOfOrder { expected: 5 });
    }
}
