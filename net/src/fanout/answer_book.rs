//! What each intent was answered with, so that a repeat gets the same answer (FR-007).

use std::collections::VecDeque;

use tilemud_schema::{ActionId, Seq, Timestamp, WireError};

use crate::limits::ANSWERS_PER_SESSION_MAX;

/// The newest answers of one session, in order of sequence number.
#[derive(Debug, Default)]
pub(super) struct AnswerBook {
    answers: VecDeque<(Seq, Recorded)>,
}

#[derive(Debug, Clone)]
pub(super) enum Recorded {
    Applied {
        action_id: ActionId,
        persisted_at: Timestamp,
    },
    /// Boxed, because nearly all answers are the other kind.
    Refused(Box<WireError>),
}

impl AnswerBook {
    pub(super) fn record(&mut self, seq: Seq, answer: Recorded) {
        if self.answers.len() == ANSWERS_PER_SESSION_MAX {
            self.answers.pop_front();
        }
        // Nearly always the last; but refusals of an outage overtake the answers whose commit it
        // holds up.
        let place = self.answers.partition_point(|(recorded, _)| *recorded < seq);
        self.answers.insert(place, (seq, answer));
    }

    pub(super) fn find(&self, seq: Seq) -> Option<&Recorded> {
        let index = self.answers.binary_search_by_key(&seq, |(seq, _)| *seq).ok()?;
        self.answers.get(index).map(|(_, answer)| answer)
    }
}

#[cfg(test)]
mod tests {
    use tilemud_schema::ErrorCode;

    use super::*;
    use crate::error::ApiError;

    #[test]
    fn an_answer_is_found_though_a_later_one_was_given_before_it() {
        let mut book = AnswerBook::default();
        let refused = |code: ErrorCode| Recorded::Refused(Box::new(ApiError::from(code).into_wire()));
        for (seq, code) in [
            (1, ErrorCode::MoveBlocked),
            (4, ErrorCode::Unavailable),
            (5, ErrorCode::Unavailable),
            (2, ErrorCode::MoveBlocked),
        ] {
            book.record(seq, refused(code));
        }
        book.record(3, refused(ErrorCode::IntentInvalid));
        let codes = [1, 2, 3, 4, 5, 6].map(|seq| match book.find(seq) {
            Some(Recorded::Refused(error)) => Some(error.code),
            _ => None,
        });
        let (blocked, away) = (Some(ErrorCode::MoveBlocked), Some(ErrorCode::Unavailable));
        assert_eq!(codes, [blocked, blocked, Some(ErrorCode::IntentInvalid), away, away, None]);
    }
}
