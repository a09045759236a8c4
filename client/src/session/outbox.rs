//! Numbers the player's intents and keeps each until the server has answered it (FR-007, FR-018).
//!
//! Bounded: with [`UNANSWERED_MAX`] waiting, new intents are refused, so a silent server cannot
//! grow the client. Knows nothing of sockets; the session machine sends what this returns.

use std::collections::VecDeque;

use tilemud_schema::{ClientMessage, Intent, Seq};

/// Most intents waiting for an answer: three seconds of running.
pub const UNANSWERED_MAX: usize = 24;

/// An intent that was sent, or will be after the resume, and has no answer yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Unanswered {
    pub seq: Seq,
    /// What it asks for.
    pub intent: Intent,
    /// When the player gave it, seconds.
    pub given_at_s: f64,
}

impl Unanswered {
    fn message(&self) -> ClientMessage {
        ClientMessage::Intent { seq: self.seq, intent: self.intent.clone() }
    }
}

/// The numbered, unanswered intents of one session, oldest first.
#[derive(Debug, Clone, Default)]
pub struct Outbox {
    last_seq: Seq,
    waiting: VecDeque<Unanswered>,
}

impl Outbox {
    /// Gives `intent` the next number and the message to send; `None` when too many wait.
    pub fn push(&mut self, intent: Intent, now_s: f64) -> Option<ClientMessage> {
        if self.is_full() {
            return None;
        }
        self.last_seq += 1;
        let entry = Unanswered { seq: self.last_seq, intent, given_at_s: now_s };
        let message = entry.message();
        self.waiting.push_back(entry);
        Some(message)
    }

    /// Takes out the intent that `seq` answers; `None` when it was answered before.
    pub fn answer(&mut self, seq: Seq) -> Option<Unanswered> {
        let index = self.waiting.binary_search_by_key(&seq, |entry| entry.seq).ok()?;
        self.waiting.remove(index)
    }

    /// Starts over for a fresh session whose last consumed number is `last_seq`. Returns the
    /// intents that stay unanswered.
    pub fn restart(&mut self, last_seq: Seq) -> Vec<Unanswered> {
        self.last_seq = last_seq;
        self.waiting.drain(..).collect()
    }

    /// The same session resumes: returns what to send again, in order.
    pub fn resume(&mut self, last_seq: Seq) -> Vec<ClientMessage> {
        self.last_seq = self.last_seq.max(last_seq);
        self.waiting.iter().map(Unanswered::message).collect()
    }

    /// The server expects `expected` next: gives the waiting intents that it has not taken numbers
    /// from there without a gap, and returns what to send again.
    pub fn renumber_from(&mut self, expected: Seq) -> Vec<ClientMessage> {
        let mut next = expected;
        let mut again = Vec::new();
        for entry in self.waiting.iter_mut().filter(|entry| entry.seq >= expected) {
            entry.seq = next;
            next += 1;
            again.push(entry.message());
        }
        self.last_seq = next - 1;
        again
    }

    /// The oldest number without an answer.
    #[must_use]
    pub fn oldest(&self) -> Option<Seq> {
        self.waiting.front().map(|entry| entry.seq)
    }

    /// The number the next intent will get, once one has been given.
    #[must_use]
    pub fn next_seq(&self) -> Option<Seq> {
        (self.last_seq > 0).then_some(self.last_seq + 1)
    }

    /// All that wait, oldest first.
    pub fn waiting(&self) -> impl Iterator<Item = &Unanswered> {
        self.waiting.iter()
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.waiting.len()
    }

    /// Whether no more fit.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.waiting.len() >= UNANSWERED_MAX
    }

    /// Whether everything was answered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use tilemud_schema::Direction;

    use super::*;

    fn step() -> Intent {
        Intent::Move { direction: Direction::East }
    }

    fn seqs(messages: &[ClientMessage]) -> Vec<Seq> {
        let seq = |message: &ClientMessage| match message {
            ClientMessage::Intent { seq, .. } => *seq,
            other => panic!("no intent: {other:?}"),
        };
        messages.iter().map(seq).collect()
    }

    #[test]
    fn numbers_start_at_one_and_have_no_gaps() {
        let mut outbox = Outbox::default();
        let sent: Vec<_> = (0..3).filter_map(|_| outbox.push(step(), 0.0)).collect();
        assert_eq!(seqs(&sent), [1, 2, 3]);
        assert_eq!(outbox.oldest(), Some(1));
    }

    #[test]
    fn an_answer_is_taken_once() {
        let mut outbox = Outbox::default();
        outbox.push(step(), 0.0);
        assert!(outbox.answer(1).is_some());
        assert!(outbox.answer(1).is_none());
        assert!(outbox.is_empty());
    }

    #[test]
    fn a_full_outbox_refuses_without_using_up_a_number() {
        let mut outbox = Outbox::default();
        for _ in 0..UNANSWERED_MAX {
            assert!(outbox.push(step(), 0.0).is_some());
        }
        assert!(outbox.push(step(), 0.0).is_none());
        outbox.answer(1);
        let next = outbox.push(step(), 0.0).expect("room again");
        assert_eq!(seqs(&[next]), [UNANSWERED_MAX as Seq + 1]);
    }

    #[test]
    fn resume_sends_again_from_the_oldest_unanswered() {
        let mut outbox = Outbox::default();
        (0..4).for_each(|_| drop(outbox.push(step(), 0.0)));
        outbox.answer(1);
        outbox.answer(3);
        assert_eq!(seqs(&outbox.resume(3)), [2, 4]);
        assert_eq!(seqs(&[outbox.push(step(), 0.0).expect("room")]), [5]);
    }

    #[test]
    fn a_gap_is_closed_by_new_numbers() {
        let mut outbox = Outbox::default();
        (0..5).for_each(|_| drop(outbox.push(step(), 0.0)));
        (1..=2).for_each(|seq| drop(outbox.answer(seq)));
        outbox.answer(4);
        assert_eq!(seqs(&outbox.renumber_from(3)), [3, 4]);
        assert_eq!(seqs(&[outbox.push(step(), 0.0).expect("room")]), [5]);
    }
}
