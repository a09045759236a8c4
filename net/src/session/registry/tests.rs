//! The table under joins, reconnects and time, without sockets or a world.

use std::sync::Arc;
use std::time::Duration;

use tilemud_schema::rest::{Character, SessionStatus};
use tilemud_schema::{CharacterId, CharacterState, Encoding, ErrorCode, ReconnectGrant, SessionId, Timestamp, UserId};
use tilemud_sim::api::Identity;
use tokio::time::Instant;
use uuid::Uuid;

use super::*;

const TICKET_TTL: Duration = Duration::from_secs(30);
const WINDOW: Duration = Duration::from_secs(60);
const INACTIVITY: Duration = Duration::from_secs(600);

fn registry(max_sessions: usize) -> Registry {
    sharing(max_sessions, &Capacity::default())
}

fn sharing(max_sessions: usize, capacity: &Capacity) -> Registry {
    let settings =
        Settings { max_sessions, inactivity_timeout: INACTIVITY, reconnect_window: WINDOW, ticket_ttl: TICKET_TTL };
    Registry::new(settings, capacity.clone())
}

fn hash(mark: u64) -> SecretHash {
    SecretHash::of(&mark.to_string())
}

fn issued(mark: u64) -> Issued {
    Issued { ticket: hash(mark), token: hash(mark + 500) }
}

/// A new session of user `user`, who always plays the same character.
fn new_session(user: u64) -> NewSession {
    let character_id = CharacterId(Uuid::from_u128(u128::from(user)));
    let identity =
        Identity { session_id: SessionId(Uuid::now_v7()), user_id: UserId(user.to_string().into()), character_id };
    let character = Character {
        character_id,
        state: CharacterState { display_name: user.to_string().into(), health: 100, ..CharacterState::default() },
    };
    NewSession { identity: Arc::new(identity), character }
}

fn grant() -> ReconnectGrant {
    ReconnectGrant { token: String::new(), expires_at: Timestamp::from_micros(0), issued_at: None }
}

fn user(number: u64) -> UserId {
    UserId(number.to_string().into())
}

/// A table and what tests do with it.
struct Desk {
    registry: Registry,
    now: Instant,
}

impl Desk {
    fn new(max_sessions: usize) -> Self {
        Self { registry: registry(max_sessions), now: Instant::now() }
    }

    fn later(&mut self, by: Duration) {
        self.now += by;
    }

    fn bootstrap(&self, user: u64, mark: u64) -> Result<Arc<Session>, ErrorCode> {
        let entrant = self.registry.insert(new_session(user), issued(mark), self.now);
        entrant.map(|entrant| entrant.session).map_err(|error| error.code)
    }

    /// The handshake with the ticket of `mark`, handing out the token `next`.
    fn shake(&self, session: &Session, mark: u64, next: u64) -> Result<(Connected, Arc<Outbox>), ErrorCode> {
        let opening =
            self.registry.take_ticket(session.identity.session_id, hash(mark), self.now).map_err(|error| error.code)?;
        let outbox = Arc::new(Outbox::new(Encoding::Postcard, 40, Arc::default()));
        let connected = self.registry.connect(&opening, hash(next), grant(), &outbox, self.now);
        Ok((connected.map_err(|error| error.code)?.expect("nobody leaves meanwhile"), outbox))
    }

    /// A user who is in, by a bootstrap and a handshake with marks made of the user's number.
    fn join(&self, user: u64) -> (Arc<Session>, Connected) {
        let session = self.bootstrap(user, user).unwrap();
        let (connected, _) = self.shake(&session, user, user + 1_000).unwrap();
        (session, connected)
    }

    fn status(&self, session: &Session) -> Option<SessionStatus> {
        self.registry.find(session.identity.session_id).map(|(_, status)| status)
    }

    fn expire(&self) -> Vec<SessionKey> {
        self.registry.expire(self.now).into_iter().map(|departure| departure.session.key).collect()
    }
}

#[test]
fn capacity_is_exact_when_many_join_at_once() {
    const THREADS: u64 = 8;
    const JOINS: u64 = 100;
    let desk = Desk::new(250);
    let admitted: usize = std::thread::scope(|scope| {
        let join = |thread: u64| {
            let desk = &desk;
            scope.spawn(move || {
                (0..JOINS).filter(|join| desk.bootstrap(thread * JOINS + join, thread * JOINS + join).is_ok()).count()
            })
        };
        let threads: Vec<_> = (0..THREADS).map(join).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert_eq!((admitted, desk.registry.live()), (250, 250));
    assert_eq!(desk.bootstrap(10_000, 1).unwrap_err(), ErrorCode::CapacityFull);
}

#[test]
fn a_user_holds_one_place_however_often_they_come() {
    let desk = Desk::new(2);
    let (first, _) = desk.join(1);
    let waiting = desk.bootstrap(1, 11).unwrap();
    let newest = desk.bootstrap(1, 12).unwrap();
    assert_eq!(desk.registry.live(), 1);
    assert_eq!(desk.status(&waiting), None, "the newer bootstrap takes its place");
    desk.join(2);
    assert_eq!(desk.bootstrap(3, 3).unwrap_err(), ErrorCode::CapacityFull);
    desk.shake(&newest, 12, 13).unwrap();
    assert_eq!(desk.registry.live(), 2);
    assert_eq!(desk.status(&first), Some(SessionStatus::Terminating));
}

#[test]
fn a_place_is_free_as_soon_as_its_session_ends() {
    let mut desk = Desk::new(1);
    let (session, _) = desk.join(1);
    desk.registry.end(session.key, End::LoggedOut, desk.now).unwrap();
    let never_came = desk.bootstrap(2, 2).unwrap();
    desk.later(TICKET_TTL);
    assert_eq!(desk.expire(), [never_came.key]);
    let (idle, _) = desk.join(3);
    desk.later(INACTIVITY);
    assert_eq!(desk.expire(), [idle.key]);
    desk.join(4);
    for key in [session.key, idle.key] {
        desk.registry.departed(key);
    }
    assert_eq!(desk.registry.live(), 1);
}

#[test]
fn only_activity_keeps_a_connected_session() {
    let mut desk = Desk::new(9);
    let (session, _) = desk.join(1);
    desk.later(INACTIVITY - Duration::from_secs(1));
    session.touch(desk.now);
    desk.later(INACTIVITY - Duration::from_secs(1));
    assert!(desk.expire().is_empty());
    desk.later(Duration::from_secs(1));
    assert_eq!(desk.expire(), [session.key]);
    assert_eq!(desk.status(&session), Some(SessionStatus::Terminating));
    assert!(desk.expire().is_empty(), "once");
    desk.registry.departed(session.key);
    assert_eq!(desk.status(&session), None);
}

#[test]
fn a_lost_connection_may_come_back_until_the_window_is_over() {
    let mut desk = Desk::new(9);
    let (session, connected) = desk.join(1);
    desk.later(Duration::from_secs(5));
    assert!(desk.registry.disconnected(session.key, connected.connection, desk.now));
    desk.later(WINDOW - Duration::from_millis(1));
    assert!(desk.expire().is_empty());
    let (held, next) = (hash(1_001), issued(21));
    assert!(desk.registry.find_token(&user(1), held).is_some());
    desk.registry.present(session.key, held, next, desk.now).unwrap();
    desk.later(TICKET_TTL - Duration::from_millis(1));
    assert!(desk.expire().is_empty(), "its ticket is still out");
    let (back, _) = desk.shake(&session, 21, 22).unwrap();
    assert!(!back.must_join);
    assert_eq!(desk.status(&session), Some(SessionStatus::Active));

    desk.registry.disconnected(session.key, back.connection, desk.now);
    desk.later(WINDOW);
    assert_eq!(desk.expire(), [session.key]);
    assert!(desk.registry.find_token(&user(1), hash(22)).is_none(), "the token ends with the session");
    assert!(desk.registry.present(session.key, hash(22), issued(23), desk.now).is_none());
}

#[test]
fn an_old_connection_that_ends_late_does_not_disturb_the_new_one() {
    let desk = Desk::new(9);
    let (session, old) = desk.join(1);
    desk.registry.present(session.key, hash(1_001), issued(21), desk.now).unwrap();
    let (new, _) = desk.shake(&session, 21, 22).unwrap();
    assert!(!desk.registry.disconnected(session.key, old.connection, desk.now));
    assert_eq!(desk.status(&session), Some(SessionStatus::Active));
    assert!(desk.registry.disconnected(session.key, new.connection, desk.now));
}

#[test]
fn a_token_of_another_user_or_none_finds_nothing() {
    let desk = Desk::new(9);
    let (_, _) = desk.join(1);
    desk.join(2);
    assert!(desk.registry.find_token(&user(1), hash(1_001)).is_some());
    assert!(desk.registry.find_token(&user(2), hash(1_001)).is_none());
    assert!(desk.registry.find_token(&user(3), hash(1_001)).is_none());
    assert!(desk.registry.find_token(&user(1), hash(7)).is_none());
}

#[test]
fn of_two_who_present_a_token_at_once_only_the_newer_gets_in() {
    let desk = Desk::new(9);
    let (session, _) = desk.join(1);
    desk.registry.present(session.key, hash(1_001), issued(21), desk.now).unwrap();
    desk.registry.present(session.key, hash(1_001), issued(22), desk.now).unwrap();
    assert_eq!(desk.shake(&session, 21, 31).unwrap_err(), ErrorCode::TicketInvalid);
    desk.shake(&session, 22, 32).unwrap();
    assert!(desk.registry.find_token(&user(1), hash(1_001)).is_none(), "used up");
}

#[test]
fn a_presentation_that_comes_late_costs_the_newer_one_its_ticket_and_not_its_session() {
    let desk = Desk::new(9);
    let (session, _) = desk.join(1);
    desk.registry.present(session.key, hash(1_001), issued(21), desk.now).unwrap();
    // Its player has given it up before, and has the answer to the other.
    desk.registry.present(session.key, hash(1_001), issued(22), desk.now).unwrap();
    assert_eq!(desk.shake(&session, 21, 31).unwrap_err(), ErrorCode::TicketInvalid);
    assert!(desk.registry.find_token(&user(1), hash(521)).is_some());
    desk.registry.present(session.key, hash(521), issued(23), desk.now).unwrap();
    desk.shake(&session, 23, 33).unwrap();
}

#[test]
fn a_handshake_between_two_presentations_is_replaced_by_the_second() {
    let desk = Desk::new(9);
    let (session, _) = desk.join(1);
    desk.registry.present(session.key, hash(1_001), issued(21), desk.now).unwrap();
    let opening = desk.registry.take_ticket(session.identity.session_id, hash(21), desk.now).unwrap();
    // The second comes before the first handshake is done.
    desk.registry.present(session.key, hash(1_001), issued(22), desk.now).unwrap();
    let older = Arc::new(Outbox::new(Encoding::Postcard, 40, Arc::default()));
    desk.registry.connect(&opening, hash(31), grant(), &older, desk.now).unwrap();
    let (_, newer) = desk.shake(&session, 22, 32).unwrap();
    assert!(older.is_closing() && !newer.is_closing());
    let good = |mark| desk.registry.find_token(&user(1), hash(mark)).is_some();
    assert_eq!([1_001, 521, 31, 522, 32].map(good), [false, false, false, true, true]);
}

#[test]
fn a_ticket_is_good_once_in_time_and_for_its_session() {
    let mut desk = Desk::new(9);
    let (one, two) = (desk.bootstrap(1, 1).unwrap(), desk.bootstrap(2, 2).unwrap());
    let take = |desk: &Desk, session: &Session, mark| {
        desk.registry.take_ticket(session.identity.session_id, hash(mark), desk.now).map(drop).map_err(|e| e.code)
    };
    assert_eq!(take(&desk, &one, 2), Err(ErrorCode::TicketInvalid));
    assert_eq!(take(&desk, &one, 1), Ok(()));
    assert_eq!(take(&desk, &one, 1), Err(ErrorCode::TicketInvalid));
    desk.later(TICKET_TTL);
    assert_eq!(take(&desk, &two, 2), Err(ErrorCode::TicketInvalid));
}

#[test]
fn a_session_of_before_the_start_comes_back_once_and_within_the_window() {
    let mut desk = Desk::new(9);
    let restore = |desk: &Desk, session_id, mark| {
        let new = new_session(1);
        let identity = Identity { session_id, user_id: user(1), character_id: new.identity.character_id };
        let new = NewSession { identity: Arc::new(identity), ..new };
        desk.registry.restore(new, hash(mark), desk.now).unwrap().map(|entrant| entrant.session)
    };
    let id = SessionId(Uuid::now_v7());
    let first = restore(&desk, id, 1).unwrap();
    let again = restore(&desk, id, 1).unwrap();
    assert!(Arc::ptr_eq(&first, &again), "one session, whoever asks");
    desk.registry.present(first.key, hash(1), issued(21), desk.now).unwrap();
    desk.shake(&first, 21, 22).unwrap();
    assert!(desk.registry.present(first.key, hash(1), issued(23), desk.now).is_none(), "used up");
    desk.registry.end(first.key, End::LoggedOut, desk.now).unwrap();
    desk.registry.departed(first.key);
    assert!(restore(&desk, id, 22).is_none(), "it has ended, though its record may still be stored");
    desk.later(WINDOW + Duration::from_secs(1));
    assert!(restore(&desk, SessionId(Uuid::now_v7()), 9).is_none(), "too late");
}

#[tokio::test]
async fn a_leaving_character_is_waited_for() {
    let desk = Desk::new(9);
    let (session, _) = desk.join(1);
    desk.registry.end(session.key, End::TimeUp, desk.now).unwrap();
    let mut waiting = std::pin::pin!(desk.registry.wait_for_departure(&session));
    assert!(futures_util::poll!(&mut waiting).is_pending());
    desk.registry.departed(session.key);
    waiting.await;
}

#[tokio::test]
async fn what_was_loaded_of_a_character_before_it_left_with_another_session_lets_nobody_in() {
    for is_gone_by_then in [false, true] {
        let desk = Desk::new(9);
        let (before, _) = desk.join(1);
        let session = desk.bootstrap(1, 11).unwrap();
        let opening = desk.registry.take_ticket(session.identity.session_id, hash(11), desk.now).unwrap();
        let outbox = Arc::new(Outbox::new(Encoding::Postcard, 40, Arc::default()));
        let connect = || desk.registry.connect(&opening, hash(12), grant(), &outbox, desk.now).unwrap();
        // Nobody is leaving yet, and the character is loaded.
        desk.registry.wait_for_departure(&session).await;
        desk.registry.end(before.key, End::LoggedOut, desk.now).unwrap();
        if is_gone_by_then {
            desk.registry.departed(before.key);
        }
        assert!(connect().is_none());
        desk.registry.departed(before.key);
        assert!(connect().is_none(), "it was not loaded anew");
        desk.registry.wait_for_departure(&session).await;
        assert!(connect().is_some_and(|connected| connected.must_join));
    }
}

/// Who fell silent and who spoke again by now, and how many are asked for a sign of life.
fn look(desk: &Desk) -> (Vec<(SessionKey, bool)>, usize) {
    let (asked, turns) = desk.registry.look_after(desk.now);
    (turns.iter().map(|turn| (turn.session.key, turn.is_silent)).collect(), asked.len())
}

#[tokio::test(start_paused = true)]
async fn a_connection_without_a_sign_of_life_is_away_after_ten_seconds_and_gone_after_the_window() {
    let mut desk = Desk::new(1);
    let (session, _) = desk.join(1);
    let mut asked = 0;
    for _ in 0..39 {
        desk.later(Duration::from_millis(250));
        let (turns, pings) = look(&desk);
        asked += pings;
        assert!(turns.is_empty());
    }
    assert_eq!((asked, desk.status(&session)), (3, Some(SessionStatus::Active)));
    desk.later(Duration::from_millis(250));
    assert_eq!(look(&desk).0, [(session.key, true)]);
    assert_eq!(desk.status(&session), Some(SessionStatus::Reconnecting));
    assert_eq!(desk.bootstrap(2, 2).unwrap_err(), ErrorCode::CapacityFull, "it may come back");
    desk.later(WINDOW);
    assert_eq!((look(&desk).0.len(), desk.expire()), (0, vec![session.key]));
    desk.bootstrap(2, 2).unwrap();
}

#[tokio::test(start_paused = true)]
async fn whoever_only_answers_pings_is_never_away() {
    let mut desk = Desk::new(1);
    let session = desk.bootstrap(1, 1).unwrap();
    let (_, outbox) = desk.shake(&session, 1, 2).unwrap();
    for _ in 0..240 {
        desk.later(Duration::from_millis(250));
        let (turns, asked) = look(&desk);
        assert!(turns.is_empty());
        if asked > 0 {
            outbox.liveness().note_heard(desk.now);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_process_that_stood_still_takes_nobody_for_lost() {
    let mut desk = Desk::new(1);
    let session = desk.bootstrap(1, 1).unwrap();
    let _connected = desk.shake(&session, 1, 2).unwrap();
    desk.later(SILENT_AFTER * 2);
    desk.registry.hear_all(desk.now);
    assert!(look(&desk).0.is_empty());
    desk.later(SILENT_AFTER);
    assert_eq!(look(&desk).0, [(session.key, true)], "whoever then says nothing is");
    desk.registry.hear_all(desk.now);
    assert!(look(&desk).0.is_empty(), "whoever was away before stays so");
}

#[tokio::test(start_paused = true)]
async fn a_silent_connection_that_is_heard_again_is_back_without_a_reconnect() {
    let mut desk = Desk::new(1);
    let session = desk.bootstrap(1, 1).unwrap();
    let (connected, outbox) = desk.shake(&session, 1, 2).unwrap();
    desk.later(SILENT_AFTER);
    assert_eq!(look(&desk).0, [(session.key, true)]);
    desk.later(WINDOW / 2);
    outbox.liveness().note_heard(desk.now);
    assert_eq!(look(&desk).0, [(session.key, false)]);
    assert_eq!(desk.status(&session), Some(SessionStatus::Active));
    desk.later(SILENT_AFTER);
    assert_eq!(look(&desk).0, [(session.key, true)]);
    // It is closed at last; that it was away is known already.
    assert!(!desk.registry.disconnected(session.key, connected.connection, desk.now));
    assert!(look(&desk).0.is_empty());
    desk.later(WINDOW);
    assert_eq!(desk.expire(), [session.key]);
}

#[test]
fn worlds_share_their_places_and_give_them_back() {
    let (capacity, now) = (Capacity::default(), Instant::now());
    let [one, other] = [(); 2].map(|()| sharing(2, &capacity));
    let insert = |registry: &Registry, user| registry.insert(new_session(user), issued(user), now);
    let first = insert(&one, 1).unwrap();
    insert(&one, 1).expect("who holds a place does not need a second one");
    insert(&other, 1).expect("in another world they do, and there is one");
    assert_eq!(insert(&one, 2).unwrap_err().code, ErrorCode::CapacityFull);
    assert_eq!(insert(&other, 2).unwrap_err().code, ErrorCode::CapacityFull);
    assert_eq!((one.live(), other.live()), (1, 1));
    drop(first);
    other.clear();
    assert_eq!((one.live(), other.live()), (1, 0));
    insert(&one, 2).expect("a world that has ended holds none");
    assert_eq!(insert(&other, 3).unwrap_err().code, ErrorCode::CapacityFull);
}
