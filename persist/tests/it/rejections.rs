//! A batch with one thing in it that can never be stored is refused as a whole, and the next one is
//! stored.

use tilemud_persist::store::Batch;
use tilemud_persist::{Store, StoreError};
use tilemud_schema::{ActionEvent, ChatChannel, Intent, IntentOutcome, Performed, TickRecord, UserId};

use crate::deeds::{Log, batch, hero, position_of, standing_at};
use crate::place::Place;

/// A batch of three ticks with this event in the middle.
fn around(log: &Log, bad: ActionEvent) -> Batch {
    let records = (2..=4).map(|tick| TickRecord { tick, ..TickRecord::default() }).collect();
    let events = vec![log.step(2, 2, 5), bad, log.step(4, 4, 6)];
    Batch { records, profiles: vec![standing_at(&log.who, 4, 6)], ..batch(4, events) }
}

async fn assert_rejected_whole(store: &dyn Store, log: &Log, bad: ActionEvent) {
    let refusal = store.commit(&around(log, bad)).await.unwrap_err();
    assert!(matches!(refusal, StoreError::Rejected(_)), "{refusal:?}");
    assert_eq!((store.last_tick().await.unwrap(), store.committed_tick().await.unwrap()), (1, 1));
    assert_eq!(store.last_seq(log.session_id).await.unwrap(), 1);
    assert_eq!(position_of(store.load_character(log.who.character_id).await.unwrap()), None);
}

async fn log_of_one_tick(store: &dyn Store) -> Log {
    let log = Log::of(&hero(store).await);
    let records = vec![TickRecord { tick: 1, ..TickRecord::default() }];
    store.commit(&Batch { records, ..batch(1, vec![log.step(1, 1, 5)]) }).await.unwrap();
    log
}

fn text(log: &Log, text: &str) -> ActionEvent {
    log.event(
        3,
        3,
        Performed {
            intent: Intent::Chat { channel: ChatChannel::Say, text: text.into(), to: None },
            outcome: IntentOutcome::Chat {},
        },
    )
}

pub async fn one_used_sequence_number_spoils_a_batch_and_nothing_after_it(place: &Place) {
    let store = place.open().await;
    let log = log_of_one_tick(&*store).await;
    for _ in 0..3 {
        assert_rejected_whole(&*store, &log, log.step(1, 3, 9)).await;
    }
    store.commit(&around(&log, log.step(3, 3, 5))).await.unwrap();
    assert_eq!((store.committed_tick().await.unwrap(), store.last_seq(log.session_id).await.unwrap()), (4, 4));
}

#[tokio::test]
async fn one_text_that_postgres_cannot_hold_spoils_a_batch_and_nothing_after_it() {
    let place = Place::postgres().await;
    let store = place.open().await;
    let log = log_of_one_tick(&*store).await;
    for _ in 0..2 {
        let bad = ActionEvent { user_id: UserId("a\0b".into()), ..log.step(3, 3, 5) };
        assert_rejected_whole(&*store, &log, bad).await;
    }
    store.commit(&around(&log, text(&log, "ab"))).await.unwrap();
    assert_eq!(store.last_seq(log.session_id).await.unwrap(), 4);
}

pub async fn a_payload_holds_every_text(place: &Place) {
    let store = place.open().await;
    let log = log_of_one_tick(&*store).await;
    let odd = text(&log, "a\0b\n\u{1f409}\u{200f}\"\\");
    store.commit(&around(&log, odd.clone())).await.unwrap();
    assert_eq!(store.read_log(2, 1).await.unwrap()[0].events[0].performed, odd.performed);
}
