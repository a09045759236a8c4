//! The cases that every durable store must pass as the keeper of a world: its log as whole ticks,
//! its snapshots, and the projection of its characters.

use std::sync::Arc;

use tilemud_persist::StoreError;
use tilemud_persist::store::{
    Batch, ClockJump, ClockSigns, SNAPSHOT_DAYS_KEPT, SNAPSHOTS_KEPT, StoredMap, StoredSnapshot, WordCount,
};
use tilemud_schema::{
    Action, Arrival, CharacterId, CharacterState, ChatChannel, EntityId, Intent, IntentOutcome, ItemStack, LoggedEvent,
    LoggedTick, MapChange, MapId, Performed, Position, SessionId, Stats, TickRecord, UserId, WorldHashes,
};
use uuid::Uuid;

use crate::deeds::{Log, NOON, batch, hero, named, position_of, standing_at};
use crate::place::Place;

fn record(tick: u64) -> TickRecord {
    // The highest bit is set: the column has no unsigned numbers.
    let hashes = WorldHashes { characters: u64::MAX - tick, objects: tick, tiles: 1 << 63 };
    TickRecord { tick, hashes, ..TickRecord::default() }
}

fn arrival() -> Arrival {
    Arrival {
        session_id: SessionId(Uuid::now_v7()),
        user_id: UserId("user-1".into()),
        character_id: CharacterId(Uuid::now_v7()),
        state: CharacterState {
            display_name: "Zo\u{eb}".into(),
            look: "ranger".into(),
            position: Some(Position { x: -3, y: 7 }),
            camp: Some(Position { x: 4, y: -4 }),
            health: 80,
            stats: Stats { deaths: 2, ..named("luck", -1) },
            inventory: Arc::new(vec![ItemStack { item: "torch".into(), quantity: 2 }]),
        },
    }
}

fn snapshot(tick: u64, size: usize) -> StoredSnapshot {
    let data = (0..size).map(|index| u8::try_from((index + index / 251) % 256).unwrap()).collect();
    StoredSnapshot { tick, taken_at: NOON, data }
}

pub async fn the_committed_tick_is_that_of_the_newest_record(place: &Place) {
    let store = place.open().await;
    assert_eq!(store.committed_tick().await.unwrap(), 0);
    store.commit(&Batch { records: vec![record(3), record(8)], ..batch(6_000, Vec::new()) }).await.unwrap();
    assert_eq!((store.committed_tick().await.unwrap(), store.last_tick().await.unwrap()), (8, 6_000));
}

pub async fn the_first_arrival_of_a_session_is_found(place: &Place) {
    let store = place.open().await;
    let (one, other) = (arrival(), arrival());
    let came = |tick, arrivals: &[&Arrival]| TickRecord {
        arrivals: arrivals.iter().copied().cloned().collect(),
        ..record(tick)
    };
    let records = vec![came(3, &[&other]), record(4), came(5, &[&other, &one]), came(9, &[&one])];
    store.commit(&Batch { records, ..batch(9, Vec::new()) }).await.unwrap();
    for (after, found) in [(0, Some(5)), (4, Some(5)), (5, Some(9)), (9, None)] {
        assert_eq!(store.arrival(one.session_id, after).await.unwrap(), found, "after {after}");
    }
    assert_eq!(store.arrival(SessionId(Uuid::now_v7()), 0).await.unwrap(), None);
}

pub async fn ticks_are_read_back_whole_and_in_order(place: &Place) {
    let store = place.open().await;
    let who = hero(&*store).await;
    let logs = [Log::of(&who), Log::of(&who)];
    let step = Performed {
        intent: Intent::Action { steps: vec![Action::Take { item: EntityId(8) }] },
        outcome: IntentOutcome::Action {},
    };
    // The order within a tick is neither that of sessions nor that of time.
    let mut events = vec![logs[1].step(1, 7, 5), logs[0].chat(1, 7), logs[0].event(2, 7, step), logs[1].step(2, 9, -6)];
    (0..).zip(&mut events).for_each(|(order, event)| event.tick_order = order % 3);
    let ticks: Vec<LoggedTick> = [7, 8, 9]
        .map(|tick| {
            let mut record = record(tick);
            if tick == 8 {
                (record.arrivals, record.departures) = (vec![arrival(), arrival()], vec![who.character_id]);
            }
            if tick == 9 {
                record.map_change = Some(MapChange { from: MapId([7; 32]), to: MapId([0xfe; 32]) });
            }
            let of_tick = events.iter().filter(|event| event.tick == tick);
            let events = of_tick.map(|event| LoggedEvent {
                session_id: event.session_id,
                sequence_number: event.sequence_number,
                performed: event.performed.clone(),
            });
            LoggedTick::whole(record, events.collect())
        })
        .into();
    let records = ticks.iter().map(|tick| tick.record.clone()).collect();
    store.commit(&Batch { records, ..batch(9, events) }).await.unwrap();

    assert_eq!(store.read_log(0, 1_000).await.unwrap(), ticks);
    assert_eq!(store.read_log(7, 1_000).await.unwrap(), ticks[1..]);
    assert_eq!(store.read_log(9, 1_000).await.unwrap(), []);
    // A store that may only read sees the same.
    assert_eq!(place.open_reader("meadow").await.read_log(8, 1).await.unwrap(), ticks[2..]);
    assert_eq!(place.open_reader("harbour").await.read_log(0, 1_000).await.unwrap(), []);
}

pub async fn the_newest_words_to_all_or_to_one_are_read_back_in_order(place: &Place) {
    let store = place.open().await;
    let log = Log::of(&hero(&*store).await);
    let words = |seq, tick, channel, text: &str, to: Option<&str>| {
        log.event(
            seq,
            tick,
            Performed {
                intent: Intent::Chat { channel, text: text.into(), to: to.map(Into::into) },
                outcome: IntentOutcome::Chat {},
            },
        )
    };
    let events = vec![
        words(1, 3, ChatChannel::Zone, "first", None),
        log.step(2, 4, 5),
        log.chat(3, 4),
        words(4, 5, ChatChannel::Whisper, "psst \"you\"", Some("Bob")),
        words(5, 5, ChatChannel::Zone, "last", None),
    ];
    let records = (3..=5).map(record).collect();
    store.commit(&Batch { records, ..batch(5, events) }).await.unwrap();
    for (records, tick) in [(1, 4), (2, 3), (3, 0)] {
        assert_eq!(store.tick_before(records).await.unwrap(), tick, "{records} records");
    }
    let expected = [(3, "first", None), (5, "psst \"you\"", Some("Bob")), (5, "last", None)];
    for (after, lines_max, from) in [(0, 10, 0), (2, 3, 0), (0, 2, 1), (3, 10, 1), (5, 10, 3)] {
        let read = store.read_words(after, lines_max).await.unwrap();
        let read: Vec<_> = read.iter().map(|line| (line.tick, &*line.text, line.to.as_deref())).collect();
        assert_eq!(read, expected[from..], "after {after}, at most {lines_max}");
    }
    assert_eq!(&*store.read_words(0, 1).await.unwrap()[0].from, "Hero");
    for (after, to_all, whispered) in [(0, 2, 1), (3, 1, 1), (5, 0, 0)] {
        assert_eq!(store.count_words(after).await.unwrap(), WordCount { to_all, whispered }, "after {after}");
    }
    assert_eq!(place.open_reader("harbour").await.read_words(0, 10).await.unwrap(), []);
}

pub async fn a_page_of_the_log_ends_at_the_tick_that_reaches_its_size(place: &Place) {
    let store = place.open().await;
    let log = Log::of(&hero(&*store).await);
    // Tick t has t events.
    let mut seq = 0..;
    let mut events = Vec::new();
    for tick in 1..=5 {
        events.extend((0..tick).map(|_| log.step(seq.next().unwrap(), tick, 5)));
    }
    store.commit(&Batch { records: (1..=5).map(record).collect(), ..batch(5, events) }).await.unwrap();
    for (after, events_max, expected) in [
        (0, 0, vec![1]),
        (0, 1, vec![1]),
        (0, 2, vec![1, 2]),
        (0, 3, vec![1, 2]),
        (0, 4, vec![1, 2, 3]),
        (2, 2, vec![3]),
        (2, 7, vec![3, 4]),
        (2, 8, vec![3, 4, 5]),
    ] {
        let page = store.read_log(after, events_max).await.unwrap();
        assert!(page.iter().all(|tick| tick.events.len() == usize::try_from(tick.record.tick).unwrap()));
        let ticks: Vec<u64> = page.iter().map(|tick| tick.record.tick).collect();
        assert_eq!(ticks, expected, "after {after}, at most {events_max}");
    }
}

pub async fn a_repeated_record_has_no_effect_and_another_outcome_of_the_tick_is_rejected(place: &Place) {
    let store = place.open().await;
    let log = Log::of(&hero(&*store).await);
    let once = Batch { records: vec![record(3)], ..batch(3, vec![log.step(1, 3, 5)]) };
    store.commit(&once).await.unwrap();
    store.commit(&once).await.unwrap();
    let before = store.read_log(0, 1_000).await.unwrap();
    assert_eq!(before.len(), 1);

    let mut other = record(3);
    other.hashes.tiles += 1;
    let other = Batch { records: vec![other, record(4)], ..batch(4, vec![log.step(2, 4, 6)]) };
    let refusal = store.commit(&other).await.unwrap_err();
    assert!(matches!(refusal, StoreError::Rejected(_)), "{refusal:?}");
    assert_eq!(store.read_log(0, 1_000).await.unwrap(), before);
    assert_eq!(store.last_seq(log.session_id).await.unwrap(), 1);
    store.commit(&Batch { records: vec![record(4)], ..batch(4, vec![log.step(2, 4, 6)]) }).await.unwrap();
    assert_eq!(store.committed_tick().await.unwrap(), 4);
}

pub async fn a_snapshot_is_read_back_as_it_was_saved(place: &Place) {
    let store = place.open().await;
    assert_eq!(store.newest_snapshot().await.unwrap(), None);
    assert_eq!(store.snapshot(1).await.unwrap(), None);
    for (tick, size) in [(1, 0), (2, 1), (3, 256 * 1024), (4, 1_000_003)] {
        store.save_snapshot(&snapshot(tick, size)).await.unwrap();
        assert_eq!(store.newest_snapshot().await.unwrap(), Some(snapshot(tick, size)));
    }
    assert_eq!(store.snapshot(1).await.unwrap(), Some(snapshot(1, 0)));
    assert_eq!(store.snapshot(5).await.unwrap(), None);
    let reader = place.open_reader("meadow").await;
    assert_eq!(reader.newest_snapshot().await.unwrap(), Some(snapshot(4, 1_000_003)));
    assert_eq!(place.open_reader("harbour").await.newest_snapshot().await.unwrap(), None);
}

pub async fn the_newest_snapshots_and_the_first_of_each_day_are_kept(place: &Place) {
    let store = place.open().await;
    for tick in [10, 20, 30, 40, 50, 60] {
        store.save_snapshot(&snapshot(tick, 600_000)).await.unwrap();
    }
    assert_eq!(store.snapshot_ticks().await.unwrap(), [10, 30, 40, 50, 60]);
    assert_eq!(store.snapshot_ticks().await.unwrap().len(), SNAPSHOTS_KEPT + 1);
    // One that comes late does not push out a newer one.
    store.save_snapshot(&snapshot(15, 10)).await.unwrap();
    assert_eq!(store.snapshot_ticks().await.unwrap(), [10, 30, 40, 50, 60]);
    assert_eq!(store.snapshot(10).await.unwrap(), Some(snapshot(10, 600_000)));
    assert_eq!(store.newest_snapshot().await.unwrap(), Some(snapshot(60, 600_000)));

    let of_day = |tick, day: i64| {
        let taken_at = NOON.plus_millis(day * 24 * 3_600 * 1_000);
        StoredSnapshot { taken_at, ..snapshot(tick, 10) }
    };
    for (tick, day) in [(100, 1), (110, 1), (120, 1), (200, 3), (210, 3), (220, 3), (230, 3)] {
        store.save_snapshot(&of_day(tick, day)).await.unwrap();
    }
    assert_eq!(store.snapshot_ticks().await.unwrap(), [10, 100, 200, 210, 220, 230]);
    // However long it goes on, there is an end of them.
    for day in 4_i64..40 {
        store.save_snapshot(&of_day(1_000 * day.cast_unsigned(), day)).await.unwrap();
    }
    let kept = store.snapshot_ticks().await.unwrap();
    assert_eq!(kept, (9..40).map(|day| 1_000 * day).collect::<Vec<u64>>());
    assert_eq!(kept.len(), SNAPSHOT_DAYS_KEPT);
}

pub async fn a_snapshot_of_the_same_tick_is_replaced(place: &Place) {
    let store = place.open().await;
    store.save_snapshot(&snapshot(7, 700_000)).await.unwrap();
    store.save_snapshot(&snapshot(7, 300)).await.unwrap();
    assert_eq!(store.newest_snapshot().await.unwrap(), Some(snapshot(7, 300)));
    assert_eq!(store.snapshot_ticks().await.unwrap(), [7]);
}

pub async fn commits_get_in_front_of_a_large_snapshot(place: &Place) {
    let store = place.open().await;
    let large = snapshot(7, 24 * 1024 * 1024);
    let saved = tokio::spawn({
        let (store, large) = (Arc::clone(&store), large.clone());
        async move { store.save_snapshot(&large).await.unwrap() }
    });
    let mut commits = 0;
    while !saved.is_finished() {
        commits += 1;
        store.commit(&batch(commits, Vec::new())).await.unwrap();
    }
    saved.await.unwrap();
    assert!(commits > 3, "only {commits} commits while it was saved");
    assert_eq!(store.newest_snapshot().await.unwrap(), Some(large));
}

pub async fn a_profile_changed_elsewhere_is_reported_and_overwritten(place: &Place) {
    let store = place.open().await;
    let who = hero(&*store).await;
    let write = |tick: u64, at_ms: i64| {
        let x = i32::try_from(tick).unwrap();
        let profiles = vec![standing_at(&who, tick, x)];
        Batch { tick, persisted_at: Some(NOON.plus_millis(at_ms)), profiles, ..Batch::default() }
    };
    let first = write(1, 1_000);
    assert_eq!(store.commit(&first).await.unwrap().profiles_changed_elsewhere, []);
    assert_eq!(store.commit(&write(2, 2_000)).await.unwrap().profiles_changed_elsewhere, []);

    // Another process with the lease writes it, and this one gets the lease back.
    let other = place.open().await;
    other.commit(&write(3, 2_500)).await.unwrap();
    store.acquire_lease(&crate::lease_cases::request("test")).await.unwrap();

    let fourth = write(4, 3_000);
    assert_eq!(store.commit(&fourth).await.unwrap().profiles_changed_elsewhere, [who.character_id]);
    assert_eq!(position_of(store.load_character(who.character_id).await.unwrap()).unwrap().x, 4);
    // A repetition, and the next one, find what this store wrote itself.
    assert_eq!(store.commit(&fourth).await.unwrap().profiles_changed_elsewhere, []);
    assert_eq!(store.commit(&write(5, 4_000)).await.unwrap().profiles_changed_elsewhere, []);
}

pub async fn the_clock_is_judged_by_all_worlds_of_a_database(place: &Place) {
    let (meadow, harbour) = (place.open_reader("meadow").await, place.open_reader("harbour").await);
    assert_eq!(harbour.clock_signs().await.unwrap(), ClockSigns::default());
    meadow.commit(&batch(1, Vec::new())).await.unwrap();
    let jump = ClockJump { came_from: NOON, went_to: NOON.plus_millis(1) };
    meadow.note_clock_jump(jump).await.unwrap();
    let signs = harbour.clock_signs().await.unwrap();
    assert_eq!(signs, ClockSigns { newest_row: None, newest: Some(NOON), jumps: vec![jump] });
    assert_eq!(meadow.clock_signs().await.unwrap(), ClockSigns { newest_row: Some(NOON), ..signs });
    let harbour = place.open_world("harbour").await;
    assert!(meadow.clock_signs().await.unwrap().newest > Some(NOON), "a lease that is held tells the time as well");
    harbour.forget_clock_jumps().await.unwrap();
    assert_eq!(meadow.clock_signs().await.unwrap().jumps, []);
}

pub async fn a_map_is_stored_once_and_read_back_as_it_was_first_stored(place: &Place) {
    let store = place.open().await;
    let data = snapshot(1, 700_000).data;
    let map = StoredMap { id: MapId([9; 32]), stored_at: NOON, data };
    assert_eq!(store.map(map.id).await.unwrap(), None);
    store.save_map(&map).await.unwrap();
    store.save_map(&StoredMap { data: vec![1], ..map.clone() }).await.unwrap();
    assert_eq!(store.map(map.id).await.unwrap(), Some(map.data.clone()));
    assert_eq!(store.map(MapId([8; 32])).await.unwrap(), None);
    let reader = place.open_reader("meadow").await;
    assert_eq!(reader.map(map.id).await.unwrap(), Some(map.data.clone()));
    assert!(matches!(reader.save_map(&map).await, Err(StoreError::Fenced)), "only the holder of the lease writes");
    assert_eq!(place.open_reader("harbour").await.map(map.id).await.unwrap(), None);
}
