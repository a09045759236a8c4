//! One session as the generator knows it: its connection, the moves that are under way, and what
//! opens its way in.

use std::collections::VecDeque;

use tilemud_schema::{Direction, EntityId, Hello, Position, ReconnectGrant, Seq, SessionId, Tick};

use super::frames::Cutter;
use super::freshness::Moves;
use super::link::Link;
use super::view::View;
use crate::course::Walk;

/// How far in it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    Out,
    /// Its bootstrap is under way.
    AtDoor,
    /// It asked for the realtime channel.
    Upgrading,
    Greeting,
    Live,
}

#[derive(Debug)]
pub struct Session {
    /// How far in it is.
    pub stage: Stage,
    pub link: Option<Link>,
    /// How far the stream of that is cut.
    pub cutter: Cutter,
    pub book: Book,
    /// Where its character stands once all moves are made.
    pub position: Position,
    /// The numbers its next ways are drawn from.
    pub walk: Walk,
    /// Its entity in the world.
    pub entity: Option<EntityId>,
    /// Its newest acknowledged moves.
    pub moves: Moves,
    /// Newest tick it was told of.
    pub tick: Option<Tick>,
    pub frames: u64,
    /// What it sees, when it is one of the sample.
    pub view: Option<Box<View>>,
    /// What opens its way in.
    pub pass: Box<Pass>,
}

/// What opens a session's way in, and when it went it.
#[derive(Debug, Default)]
pub struct Pass {
    /// Access token of its user.
    pub access_token: Option<String>,
    /// The session and the ticket of its last bootstrap.
    pub ticket: Option<(SessionId, String)>,
    /// The newest token to come back with.
    pub reconnect_token: Option<String>,
    /// It was live before.
    pub is_back: bool,
    /// When its first request went out.
    pub began_ns: u64,
    /// When its hello went out.
    pub greeted_ns: u64,
    /// Ways in that led nowhere, in a row.
    pub failures: u32,
}

impl Session {
    /// Not connected, with a character at `position`.
    #[must_use]
    pub fn new(position: Position, walk: Walk, is_sampled: bool) -> Self {
        Self {
            stage: Stage::Out,
            link: None,
            cutter: Cutter::default(),
            book: Book::default(),
            position,
            walk,
            entity: None,
            moves: Moves::default(),
            tick: None,
            frames: 0,
            view: is_sampled.then(Box::default),
            pass: Box::default(),
        }
    }

    pub fn cut(&mut self) {
        self.link = None;
        self.cutter = Cutter::default();
        self.stage = Stage::Out;
    }

    /// The first message of a connection; `None` without a ticket.
    #[must_use]
    pub fn hello(&mut self) -> Option<Hello> {
        let (session_id, ticket) = self.pass.ticket.take()?;
        Some(Hello {
            session_id,
            ticket,
            client_version: tilemud_schema::version().to_owned(),
            last_tick: self.pass.is_back.then_some(self.tick).flatten(),
            oldest_unanswered_seq: self.pass.is_back.then(|| self.book.answered + 1),
            next_seq: self.pass.is_back.then(|| self.book.sent + 1),
        })
    }

    /// Keeps the newest token.
    pub fn granted(&mut self, reconnect: ReconnectGrant) {
        self.pass.reconnect_token = Some(reconnect.token);
    }
}

/// The moves of a session: every one is to be answered once and in order.
#[derive(Debug, Default)]
pub struct Book {
    /// Number of the newest move sent.
    pub sent: Seq,
    /// All up to here are answered.
    pub answered: Seq,
    /// Moves up to here were sent a second time, and may be acknowledged as duplicates.
    resent: Seq,
    under_way: VecDeque<Move>,
}

/// A move under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Move {
    pub seq: Seq,
    pub direction: Direction,
    /// When it was to be sent.
    pub due_ns: u64,
}

impl Book {
    /// Enters a move that is sent now.
    pub fn send(&mut self, direction: Direction, due_ns: u64) -> Move {
        self.sent += 1;
        let entered = Move { seq: self.sent, direction, due_ns };
        self.under_way.push_back(entered);
        entered
    }

    /// An answer came: the move it is for.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn answer(&mut self, seq: Seq, is_duplicate: bool) -> Result<Move, &'static str> {
        if seq <= self.answered {
            return Err("answered twice");
        }
        if seq > self.sent {
            return Err("answered without having been sent");
        }
        if is_duplicate && seq > self.resent {
            return Err("called a duplicate without being one");
        }
        // Whatever was passed over stays unanswered.
        while let Some(entered) = self.under_way.pop_front_if(|entered| entered.seq <= seq) {
            if entered.seq == seq {
                let in_order = seq == self.answered + 1;
                self.answered = seq;
                return if in_order { Ok(entered) } else { Err("answered before an earlier one") };
            }
        }
        Err("answered twice")
    }

    /// Moves without an answer, oldest first.
    pub fn under_way(&self) -> impl Iterator<Item = &Move> {
        self.under_way.iter()
    }

    /// How many those are.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.under_way.len()
    }

    /// All under way are sent again.
    pub fn resend(&mut self) {
        self.resent = self.sent;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn book(moves: Seq) -> Book {
        let mut book = Book::default();
        for number in 1..=moves {
            assert_eq!(book.send(Direction::East, number * 10).seq, number);
        }
        book
    }

    #[test]
    fn every_move_is_answered_once_and_in_order() {
        let mut book = book(3);
        assert_eq!(book.answer(1, false), Ok(Move { seq: 1, direction: Direction::East, due_ns: 10 }));
        assert!(book.answer(1, false).is_err(), "twice");
        assert!(book.answer(4, false).is_err(), "never sent");
        assert_eq!(book.answer(2, false).map(|entered| entered.due_ns), Ok(20));
        assert_eq!((book.answered, book.waiting()), (2, 1));
    }

    #[test]
    fn an_answer_that_overtakes_is_told_and_so_is_the_one_it_overtook() {
        let mut book = book(3);
        assert!(book.answer(2, false).is_err());
        assert!(book.answer(1, false).is_err());
        assert!(book.answer(3, false).is_ok());
    }

    #[test]
    fn only_what_was_sent_again_may_be_a_duplicate() {
        let mut book = book(2);
        assert!(book.answer(1, true).is_err());
        book.resend();
        book.send(Direction::West, 99);
        assert!(book.answer(1, true).is_ok() && book.answer(2, false).is_ok());
        assert!(book.answer(3, true).is_err());
    }
}
