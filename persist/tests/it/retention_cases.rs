//! The cases that every durable store must pass when it forgets what is old.

use std::slice;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tilemud_persist::Store;
use tilemud_persist::store::StoredMap;
use tilemud_persist::store::{
    Batch, CharacterProfile, NEWCOMER_DAYS_KEPT, ProfileWrite, SessionRecord, StoredSnapshot,
};
use tilemud_schema::{ActionEvent, CharacterState, MapChange, MapId, Position, SessionId, TickRecord, Timestamp};
use uuid::Uuid;

use crate::deeds::{Log, NOON, character, hero};
use crate::place::Place;

const KEEP_DAYS: u16 = 30;

fn day(number: i64) -> Timestamp {
    NOON.plus_millis(number * 24 * 3_600 * 1_000)
}

/// Ticks of one event each, with their records.
fn batch_at(log: &Log, ticks: std::ops::RangeInclusive<u64>, at: Timestamp) -> Batch {
    let events: Vec<ActionEvent> = ticks.clone().map(|tick| log.step(tick, tick, 5)).collect();
    let records = ticks.clone().map(|tick| TickRecord { tick, ..TickRecord::default() }).collect();
    Batch { tick: *ticks.end(), persisted_at: Some(at), events, records, ..Batch::default() }
}

async fn snapshot_at(store: &dyn Store, tick: u64) {
    snapshot_of(store, tick, NOON).await;
}

async fn snapshot_of(store: &dyn Store, tick: u64, taken_at: Timestamp) {
    store.save_snapshot(&StoredSnapshot { tick, taken_at, data: vec![1] }).await.unwrap();
}

async fn logged_ticks(store: &dyn Store) -> Vec<u64> {
    store.read_log(0, 100_000).await.unwrap().iter().map(|tick| tick.record.tick).collect()
}

pub async fn what_is_older_than_it_has_to_be_kept_is_deleted(place: &Place) {
    let store = place.open().await;
    let log = Log::of(&hero(&*store).await);
    store.commit(&batch_at(&log, 1..=3, day(0))).await.unwrap();
    store.commit(&batch_at(&log, 4..=6, day(1))).await.unwrap();
    snapshot_at(&*store, 6).await;

    let report = store.retain(day(30), KEEP_DAYS).await.unwrap();
    assert_eq!((report.rows_deleted, report.ticks_deleted), (0, 0), "30 days old is not older than 30 days");
    let report = store.retain(day(30).plus_millis(1), KEEP_DAYS).await.unwrap();
    assert_eq!((report.rows_deleted, report.ticks_deleted), (3, 3));
    assert_eq!(logged_ticks(&*store).await, [4, 5, 6]);
    assert!(store.find_action(log.session_id, 3).await.unwrap().is_none());
    assert!(store.find_action(log.session_id, 4).await.unwrap().is_some());
    let report = store.retain(day(30).plus_millis(1), KEEP_DAYS).await.unwrap();
    assert_eq!((report.rows_deleted, report.ticks_deleted), (0, 0));
}

pub async fn a_snapshot_goes_with_the_log_that_would_be_played_on_it(place: &Place) {
    let store = place.open().await;
    let log = Log::of(&hero(&*store).await);
    for (first, number) in [(1, 0), (11, 1), (21, 2)] {
        snapshot_of(&*store, first - 1, day(number)).await;
        store.commit(&batch_at(&log, first..=first + 2, day(number))).await.unwrap();
    }
    // Taken of a tick before the last of its day; and of the last, written when the next day had
    // begun.
    snapshot_of(&*store, 12, day(1)).await;
    snapshot_of(&*store, 13, day(2)).await;
    snapshot_of(&*store, 23, day(2)).await;
    let kept = async |now| {
        let report = store.retain(now, KEEP_DAYS).await.unwrap();
        (report.snapshots_deleted, store.snapshot_ticks().await.unwrap(), logged_ticks(&*store).await)
    };
    let all = [1, 2, 3, 11, 12, 13, 21, 22, 23];
    assert_eq!(kept(day(30)).await, (0, vec![0, 10, 12, 13, 20, 23], all.to_vec()));
    assert_eq!(kept(day(31)).await, (1, vec![10, 12, 13, 20, 23], all[3..].to_vec()));
    assert_eq!(kept(day(32)).await, (2, vec![13, 20, 23], all[6..].to_vec()));
    assert_eq!(kept(day(32)).await, (0, vec![13, 20, 23], all[6..].to_vec()));
    assert_eq!(kept(day(400)).await, (2, vec![23], vec![]), "the newest one is what a start needs");
}

pub async fn what_a_recovery_needs_is_never_deleted(place: &Place) {
    let store = place.open().await;
    let log = Log::of(&hero(&*store).await);
    store.commit(&batch_at(&log, 1..=6, day(0))).await.unwrap();
    store.retain(day(400), KEEP_DAYS).await.unwrap();
    assert_eq!(logged_ticks(&*store).await, [1, 2, 3, 4, 5, 6], "without a snapshot it is all of the log");

    snapshot_at(&*store, 2).await;
    snapshot_at(&*store, 4).await;
    let report = store.retain(day(400), KEEP_DAYS).await.unwrap();
    assert_eq!((report.rows_deleted, report.ticks_deleted), (4, 4));
    assert_eq!(logged_ticks(&*store).await, [5, 6]);
    assert_eq!(store.newest_snapshot().await.unwrap().unwrap().tick, 4);
    assert_eq!((store.committed_tick().await.unwrap(), store.last_tick().await.unwrap()), (6, 6));
}

pub async fn another_world_keeps_what_it_has(place: &Place) {
    let (meadow, harbour) = (place.open().await, place.open_world("harbour").await);
    let log = Log::of(&hero(&*meadow).await);
    for store in [&meadow, &harbour] {
        store.commit(&batch_at(&log, 1..=6, day(0))).await.unwrap();
        snapshot_at(&**store, 6).await;
    }
    assert_eq!(meadow.retain(day(40), KEEP_DAYS).await.unwrap().rows_deleted, 6);
    assert_eq!(logged_ticks(&*meadow).await, [] as [u64; 0]);
    assert_eq!(logged_ticks(&*harbour).await, [1, 2, 3, 4, 5, 6]);
}

pub async fn more_than_one_turn_of_rows_is_deleted(place: &Place) {
    let store = place.open().await;
    let log = Log::of(&hero(&*store).await);
    store.commit(&batch_at(&log, 1..=4_100, day(0))).await.unwrap();
    snapshot_at(&*store, 4_099).await;
    let report = store.retain(day(40), KEEP_DAYS).await.unwrap();
    assert_eq!((report.rows_deleted, report.ticks_deleted), (4_099, 4_099));
    assert_eq!(logged_ticks(&*store).await, [4_100]);
}

pub async fn sessions_are_deleted_when_their_token_has_expired(place: &Place) {
    let store = place.open().await;
    let who = hero(&*store).await;
    let session = |hash: u8, expires| SessionRecord {
        session_id: SessionId(Uuid::now_v7()),
        user_id: who.user_id.clone(),
        character_id: who.character_id,
        token_hash: [hash; 32],
        previous_token_hash: None,
        token_expires_at: expires,
        started_at: NOON,
    };
    store.save_sessions(&[session(1, day(5)), session(2, day(6))]).await.unwrap();
    assert_eq!(store.retain(day(5), KEEP_DAYS).await.unwrap().sessions_deleted, 0);
    assert_eq!(store.retain(day(6), KEEP_DAYS).await.unwrap().sessions_deleted, 1);
    assert!(store.find_session(&[1; 32]).await.unwrap().is_none());
    assert!(store.find_session(&[2; 32]).await.unwrap().is_some());
}

pub async fn an_operator_without_the_lease_can_clean_up(place: &Place) {
    let store = place.open().await;
    let log = Log::of(&hero(&*store).await);
    store.commit(&batch_at(&log, 1..=6, day(0))).await.unwrap();
    snapshot_at(&*store, 6).await;
    let reader = place.open_reader("meadow").await;
    reader.retain(day(40), KEEP_DAYS).await.unwrap();
    assert!(logged_ticks(&*store).await.len() < 6);
    store.commit(&batch_at(&log, 7..=7, day(40))).await.unwrap();
}

pub async fn commits_go_on_beside_retention(place: &Place) {
    let store = place.open().await;
    let log = Log::of(&hero(&*store).await);
    for first in (1..=20_000).step_by(5_000) {
        store.commit(&batch_at(&log, first..=first + 4_999, day(0))).await.unwrap();
    }
    snapshot_at(&*store, 20_000).await;
    let is_over = Arc::new(AtomicBool::new(false));
    let writer = tokio::spawn({
        let (store, is_over) = (Arc::clone(&store), Arc::clone(&is_over));
        async move {
            let mut tick = 20_000;
            while !is_over.load(Ordering::Acquire) {
                tick += 1;
                store.commit(&batch_at(&log, tick..=tick, day(40))).await.unwrap();
            }
            tick
        }
    });
    let report = store.retain(day(40), KEEP_DAYS).await.unwrap();
    is_over.store(true, Ordering::Release);
    let newest = writer.await.unwrap();
    assert_eq!((report.rows_deleted, report.ticks_deleted), (20_000, 20_000));
    assert!(newest > 20_010, "the writer had to stand by: {newest}");
    assert_eq!(logged_ticks(&*store).await, (20_001..=newest).collect::<Vec<_>>());
}

/// Days after the real now, by which characters are made.
fn later(days: i64) -> Timestamp {
    tilemud_schema::Timestamp::from_micros(jiff::Timestamp::now().as_microsecond())
        .plus_millis(days * 24 * 3_600 * 1_000)
}

pub async fn characters_that_never_entered_are_forgotten_with_their_names_and_no_others(place: &Place) {
    let store = place.open().await;
    let make = async |user: &str, name: &str| store.create_character(&character(user, name)).await.unwrap();
    let (only_came, entered) = (make("came", "Robin").await, make("entered", "Hero").await);
    let (on_the_way, did) = (make("on the way", "Ann").await, make("did", "Ben").await);
    let write = |who: &CharacterProfile| ProfileWrite {
        character_id: who.character_id,
        state: CharacterState { position: Some(Position { x: 1, y: 1 }), ..who.state.clone() },
        tick: 1,
    };
    let mut batch = batch_at(&Log::of(&did), 1..=1, day(0));
    batch.profiles = vec![write(&entered)];
    store.commit(&batch).await.unwrap();
    let session = SessionRecord {
        session_id: SessionId(Uuid::now_v7()),
        user_id: on_the_way.user_id.clone(),
        character_id: on_the_way.character_id,
        token_hash: [1; 32],
        previous_token_hash: None,
        token_expires_at: later(100),
        started_at: NOON,
    };
    store.save_sessions(slice::from_ref(&session)).await.unwrap();
    // Another world's are its own.
    let other = place.open_world("elsewhere").await;
    other.create_character(&character("came", "Robin")).await.unwrap();

    let kept = i64::from(NEWCOMER_DAYS_KEPT);
    assert_eq!(store.retain(later(kept - 1), KEEP_DAYS).await.unwrap().newcomers_deleted, 0);
    // Asked for again, it is kept from then on; those who have entered need no such thing.
    assert!(store.renew_newcomer(only_came.character_id).await.unwrap());
    assert!(!store.renew_newcomer(entered.character_id).await.unwrap());
    assert_eq!(store.retention_plan(later(kept + 1), KEEP_DAYS).await.unwrap().newcomers_deleted, 1);
    assert_eq!(store.retain(later(kept + 1), KEEP_DAYS).await.unwrap().newcomers_deleted, 1);
    assert!(store.load_character(only_came.character_id).await.unwrap().is_none());
    for who in [&entered, &on_the_way, &did] {
        assert!(store.load_character(who.character_id).await.unwrap().is_some(), "{}", who.state.display_name);
    }
    assert!(other.find_character(&only_came.user_id).await.unwrap().is_some());
    assert!(!store.renew_newcomer(only_came.character_id).await.unwrap());
    // The name is free, and so is its look; the user starts anew.
    make("somebody else", "R\u{43e}bin").await;
    assert_ne!(make("came", "Robin Two").await.character_id, only_came.character_id);
}

pub async fn more_newcomers_than_one_turn_takes_are_forgotten(place: &Place) {
    let store = place.open().await;
    for number in 0..250 {
        store.create_character(&character(&format!("user {number}"), &format!("Name {number}"))).await.unwrap();
    }
    let report = store.retain(later(30), KEEP_DAYS).await.unwrap();
    assert_eq!(report.newcomers_deleted, 250);
    assert_eq!(store.names().await.unwrap(), []);
}

pub async fn maps_go_that_are_old_and_that_neither_a_snapshot_nor_the_log_names(place: &Place) {
    let store = place.open().await;
    let other = place.open_world("harbour").await;
    let id = |number: u8| MapId([number; 32]);
    for store in [&store, &other] {
        for number in 1..=5 {
            let stored_at = day(i64::from(number));
            store.save_map(&StoredMap { id: id(number), stored_at, data: vec![number] }).await.unwrap();
        }
    }
    let change = Some(MapChange { from: id(2), to: id(3) });
    let record = |tick, map_change| TickRecord { tick, map_change, ..TickRecord::default() };
    let records = vec![record(1, None), record(2, change), record(3, None)];
    store.commit(&Batch { tick: 3, persisted_at: Some(day(5)), records, ..Batch::default() }).await.unwrap();
    snapshot_at(&*store, 3).await;

    assert_eq!(store.unneeded_maps(&[], day(1)).await.unwrap(), [], "none is older");
    assert_eq!(store.unneeded_maps(&[], day(5)).await.unwrap(), [id(1), id(4)]);
    assert_eq!(store.unneeded_maps(&[id(1)], day(5)).await.unwrap(), [id(4)]);
    // One that the world is about to go on with is as new.
    assert!(store.renew_map(id(4), day(6)).await.unwrap() && !store.renew_map(id(9), day(6)).await.unwrap());
    let reader = place.open_reader("meadow").await;
    assert!(!reader.renew_map(id(1), day(6)).await.unwrap(), "only the holder of the lease says so");
    assert_eq!(store.forget_maps(&[id(1), id(4)], day(5)).await.unwrap(), 1);
    let kept = async |store: &dyn Store| {
        let mut kept = Vec::new();
        for number in 1..=5 {
            kept.extend(store.map(id(number)).await.unwrap().into_iter().flatten());
        }
        kept
    };
    assert_eq!(kept(&*store).await, [2, 3, 4, 5]);
    assert_eq!(kept(&*other).await, [1, 2, 3, 4, 5], "another world keeps its own");
    // Once the log does not name them any more.
    store.retain(day(60), KEEP_DAYS).await.unwrap();
    assert_eq!(store.unneeded_maps(&[id(5)], day(60)).await.unwrap(), [id(2), id(3), id(4)]);
}
