//! The cases that every durable store must pass: characters, the log by intents, and sessions.

use std::slice;
use std::sync::Arc;

use tilemud_persist::StoreError;
use tilemud_persist::store::{Batch, CharacterProfile, KnownIssuer, NewCharacter, SessionRecord};
use tilemud_schema::{
    Action, ActionEvent, ActionId, CharacterState, EntityId, Intent, IntentOutcome, Performed, Position, SessionId,
    Stats, Timestamp,
};
use uuid::Uuid;

use crate::deeds::{Log, NOON, batch, character, hero, named, position_of, standing_at};
use crate::place::Place;

pub async fn a_batch_is_stored_and_can_be_found_by_its_intents(place: &Place) {
    let store = place.open().await;
    let log = Log::of(&hero(&*store).await);
    assert_eq!(store.last_seq(log.session_id).await.unwrap(), 0);
    let take = Performed {
        intent: Intent::Action { steps: vec![Action::Take { item: EntityId(8) }] },
        outcome: IntentOutcome::Action {},
    };
    let events = vec![log.step(1, 7, 5), log.chat(2, 7), log.event(3, 8, take)];
    let ids: Vec<ActionId> = events.iter().map(|event| event.action_id).collect();

    store.commit(&batch(8, events)).await.unwrap();

    assert_eq!(store.last_tick().await.unwrap(), 8);
    assert_eq!(store.last_seq(log.session_id).await.unwrap(), 3);
    for (seq, id) in (1..).zip(ids) {
        let stored = store.find_action(log.session_id, seq).await.unwrap().unwrap();
        assert_eq!((stored.action_id, stored.persisted_at), (id, NOON));
    }
    assert!(store.find_action(log.session_id, 4).await.unwrap().is_none());
    assert!(store.find_action(SessionId(Uuid::now_v7()), 1).await.unwrap().is_none());
}

pub async fn a_repeated_batch_has_no_effect(place: &Place) {
    let store = place.open().await;
    let who = hero(&*store).await;
    let log = Log::of(&who);
    let first = log.step(1, 3, 5);
    let id = first.action_id;
    let mut once = batch(3, vec![first]);
    once.profiles.push(standing_at(&who, 3, 5));

    store.commit(&once).await.unwrap();
    let after_one = store.load_character(who.character_id).await.unwrap();
    store.commit(&once).await.unwrap();

    assert_eq!(store.find_action(log.session_id, 1).await.unwrap().unwrap().action_id, id);
    assert_eq!(store.load_character(who.character_id).await.unwrap(), after_one);
    assert_eq!(store.last_tick().await.unwrap(), 3);
}

pub async fn a_batch_that_overlaps_a_stored_one_adds_only_what_is_new(place: &Place) {
    let store = place.open().await;
    let log = Log::of(&hero(&*store).await);
    let mut events = vec![log.step(1, 3, 5)];
    store.commit(&batch(3, events.clone())).await.unwrap();
    events.push(log.step(2, 4, 6));
    store.commit(&batch(4, events)).await.unwrap();
    assert_eq!(store.last_seq(log.session_id).await.unwrap(), 2);
}

pub async fn another_action_under_a_used_sequence_number_is_rejected_with_its_whole_batch(place: &Place) {
    let store = place.open().await;
    let who = hero(&*store).await;
    let log = Log::of(&who);
    let first = log.step(1, 3, 5);
    let id = first.action_id;
    store.commit(&batch(3, vec![first])).await.unwrap();

    let mut bad = batch(4, vec![log.step(2, 4, 6), log.step(1, 4, 7)]);
    bad.profiles.push(standing_at(&who, 4, 7));
    let refusal = store.commit(&bad).await.unwrap_err();

    assert!(matches!(refusal, StoreError::Rejected(_)), "{refusal:?}");
    assert_eq!(store.last_tick().await.unwrap(), 3);
    assert_eq!(store.last_seq(log.session_id).await.unwrap(), 1);
    assert_eq!(store.find_action(log.session_id, 1).await.unwrap().unwrap().action_id, id);
    assert_eq!(position_of(store.load_character(who.character_id).await.unwrap()), None);
    store.commit(&batch(4, vec![log.step(2, 4, 6)])).await.unwrap();
    assert_eq!(store.last_seq(log.session_id).await.unwrap(), 2);
}

pub async fn a_large_batch_is_stored_completely(place: &Place) {
    let store = place.open().await;
    let log = Log::of(&hero(&*store).await);
    let events: Vec<ActionEvent> = (1..=1_303).map(|seq| log.step(seq, 3, 5)).collect();
    let ids: Vec<ActionId> = events.iter().map(|event| event.action_id).collect();
    store.commit(&batch(3, events)).await.unwrap();
    assert_eq!(store.last_seq(log.session_id).await.unwrap(), 1_303);
    for seq in [1, 512, 513, 1_088, 1_302, 1_303] {
        let stored = store.find_action(log.session_id, seq).await.unwrap().unwrap();
        assert_eq!(stored.action_id, ids[usize::try_from(seq).unwrap() - 1]);
    }
}

pub async fn an_empty_batch_moves_the_tick_on(place: &Place) {
    let store = place.open().await;
    assert_eq!(store.last_tick().await.unwrap(), 0);
    store.commit(&Batch { tick: 41, ..Batch::default() }).await.unwrap();
    assert_eq!(store.last_tick().await.unwrap(), 41);
}

pub async fn the_last_tick_never_goes_back(place: &Place) {
    let store = place.open().await;
    store.commit(&batch(41, Vec::new())).await.unwrap();
    store.commit(&batch(40, Vec::new())).await.unwrap();
    assert_eq!(store.last_tick().await.unwrap(), 41);
}

pub async fn a_new_character_has_what_it_was_given_and_no_position(place: &Place) {
    let store = place.open().await;
    let new = character("user-1", "Zoë");
    assert!(store.find_character(&new.user_id).await.unwrap().is_none());

    let made = store.create_character(&new).await.unwrap();

    assert_eq!((made.character_id, &*made.state.display_name, made.state.position), (new.character_id, "Zoë", None));
    assert_eq!(made.state, new.state);
    assert!(made.updated_at > Timestamp::from_micros(0));
    assert_eq!(store.find_character(&new.user_id).await.unwrap().as_ref(), Some(&made));
    assert_eq!(store.load_character(new.character_id).await.unwrap(), Some(made));
}

pub async fn a_display_name_is_taken_whatever_its_case(place: &Place) {
    let store = place.open().await;
    for (number, (first, second)) in [("Zoe", "zOE"), ("Straße", "STRASSE"), ("É", "é")].into_iter().enumerate() {
        store.create_character(&character(&format!("first-{number}"), first)).await.unwrap();
        let refusal = store.create_character(&character(&format!("second-{number}"), second)).await.unwrap_err();
        assert!(matches!(refusal, StoreError::NameTaken), "{second}: {refusal:?}");
    }
    store.create_character(&character("third", "E")).await.unwrap();
}

pub async fn a_name_is_taken_by_one_that_looks_like_it(place: &Place) {
    let store = place.open().await;
    for (number, (first, second)) in
        [("Ian", "lan"), ("Pope", "\u{420}\u{43e}\u{440}\u{435}"), ("Eric", "\u{ff25}ric"), ("modem", "modern")]
            .into_iter()
            .enumerate()
    {
        store.create_character(&character(&format!("first-{number}"), first)).await.unwrap();
        let refusal = store.create_character(&character(&format!("second-{number}"), second)).await.unwrap_err();
        assert!(matches!(refusal, StoreError::NameTaken), "{second}: {refusal:?}");
    }
    // What was refused has left nothing behind that would keep others from a name.
    store.create_character(&character("third", "Lan")).await.unwrap();
    assert_eq!(store.names().await.unwrap().len(), 5);
}

pub async fn names_older_than_the_rule_stay_and_keep_others_from_theirs(place: &Place) {
    let store = place.open().await;
    for (user, name) in [("first", "Robin"), ("second", "Zoe"), ("third", "Ann")] {
        store.create_character(&character(user, name)).await.unwrap();
    }
    drop(store);
    // As a program before the rule left them, which took any name that differed in a letter.
    let older = "UPDATE character_profiles SET name_rule = 0;
         UPDATE character_profiles SET display_name = 'R\u{43e}bin' WHERE user_id = 'second';
         DELETE FROM character_name_keys;";
    if place.url.starts_with("sqlite:") {
        sqlx::raw_sql(older).execute(&mut place.sqlite_connection().await).await.unwrap();
    } else {
        sqlx::raw_sql(older).execute(&mut place.postgres_connection().await).await.unwrap();
    }

    let store = place.open().await;
    let names: Vec<_> = store.names().await.unwrap().into_iter().map(|it| it.display_name.to_string()).collect();
    assert_eq!(names, ["Robin", "R\u{43e}bin", "Ann"]);
    for name in ["ROBIN", "R\u{43e}bin", "ann", "\u{410}nn"] {
        let refusal = store.create_character(&character("fourth", name)).await.unwrap_err();
        assert!(matches!(refusal, StoreError::NameTaken), "{name}: {refusal:?}");
    }
    store.create_character(&character("fourth", "Zoe B")).await.unwrap();
}

pub async fn issuers_are_remembered_in_order_with_where_they_have_moved(place: &Place) {
    let store = place.open().await;
    let known =
        |issuer: &str, to: Option<&str>| KnownIssuer { issuer: issuer.to_owned(), linked_to: to.map(Into::into) };
    assert_eq!(store.issuers().await.unwrap(), []);
    store.note_issuer(&known("https://old.test", None)).await.unwrap();
    store.note_issuer(&known("https://new.test/", None)).await.unwrap();
    store.note_issuer(&known("https://old.test", Some("https://new.test/"))).await.unwrap();
    let expected = [known("https://old.test", Some("https://new.test/")), known("https://new.test/", None)];
    assert_eq!(store.issuers().await.unwrap(), expected);
    assert_eq!(place.open_reader("another").await.issuers().await.unwrap(), []);
}

pub async fn a_user_who_already_has_a_character_gets_that_one(place: &Place) {
    let store = place.open().await;
    let first = store.create_character(&character("user-1", "Zoe")).await.unwrap();
    assert_eq!(store.create_character(&character("user-1", "Zoe")).await.unwrap(), first);
    assert_eq!(store.create_character(&character("user-1", "Other")).await.unwrap(), first);
}

pub async fn simultaneous_creations_for_one_user_make_one_character(place: &Place) {
    let store = place.open().await;
    let tasks: Vec<_> = (0..12)
        .map(|_| {
            let store = Arc::clone(&store);
            tokio::spawn(async move { store.create_character(&character("user-1", "Zoe")).await.unwrap() })
        })
        .collect();
    let mut made = Vec::new();
    for task in tasks {
        made.push(task.await.unwrap());
    }
    assert!(made.iter().all(|profile| *profile == made[0]), "{made:?}");
}

pub async fn simultaneous_claims_to_a_name_are_won_by_one_user(place: &Place) {
    let store = place.open().await;
    let tasks: Vec<_> = (0..12)
        .map(|number| {
            let store = Arc::clone(&store);
            let claim = character(&format!("user-{number}"), if number % 2 == 0 { "Zoe" } else { "ZOE" });
            tokio::spawn(async move { store.create_character(&claim).await })
        })
        .collect();
    let mut won = 0;
    for task in tasks {
        match task.await.unwrap() {
            Ok(_) => won += 1,
            Err(refusal) => assert!(matches!(refusal, StoreError::NameTaken), "{refusal:?}"),
        }
    }
    assert_eq!(won, 1);
}

pub async fn a_profile_write_replaces_the_state_of_its_character_and_of_no_other(place: &Place) {
    let store = place.open().await;
    let made = hero(&*store).await;
    let other = store.create_character(&character("user-2", "Other")).await.unwrap();

    let mut first = batch(5, Vec::new());
    first.profiles.push(standing_at(&made, 5, 11));
    store.commit(&first).await.unwrap();
    let moved = store.load_character(made.character_id).await.unwrap().unwrap();
    let state = CharacterState { position: Some(Position { x: 11, y: 2 }), health: 90, ..made.state.clone() };
    let expected = CharacterProfile { state, updated_at: NOON, ..made.clone() };
    assert_eq!(moved, expected);

    let mut second = batch(6, Vec::new());
    let mut write = standing_at(&made, 6, 12);
    write.state.inventory = Arc::default();
    write.state.stats = Stats { steps: 70_000, messages: 3, ..named("luck", -1) };
    write.state.camp = Some(Position { x: -7, y: 0 });
    let state = write.state.clone();
    second.profiles.push(write);
    store.commit(&second).await.unwrap();
    let robbed = store.load_character(made.character_id).await.unwrap().unwrap();
    assert_eq!(robbed.state, state);
    assert_eq!(store.load_character(other.character_id).await.unwrap(), Some(other));
}

pub async fn an_older_profile_write_does_not_undo_a_newer_one(place: &Place) {
    let store = place.open().await;
    let made = hero(&*store).await;
    for (tick, x) in [(9, 90), (7, 70)] {
        let mut write = batch(tick, Vec::new());
        write.profiles.push(standing_at(&made, tick, x));
        store.commit(&write).await.unwrap();
    }
    let position = position_of(store.load_character(made.character_id).await.unwrap());
    assert_eq!(position, Some(Position { x: 90, y: 2 }));
}

pub async fn a_session_is_found_by_its_newest_token_and_the_one_before(place: &Place) {
    let store = place.open().await;
    let made = hero(&*store).await;
    let first = SessionRecord {
        session_id: SessionId(Uuid::now_v7()),
        user_id: made.user_id.clone(),
        character_id: made.character_id,
        token_hash: [1; 32],
        previous_token_hash: None,
        token_expires_at: NOON,
        started_at: NOON.plus_millis(-60_000),
    };
    let rotated = |newest, before| SessionRecord {
        token_hash: [newest; 32],
        previous_token_hash: Some([before; 32]),
        token_expires_at: NOON.plus_millis(5_000),
        ..first.clone()
    };
    let found = async |hash| store.find_session(&[hash; 32]).await.unwrap();
    store.save_sessions(slice::from_ref(&first)).await.unwrap();
    assert_eq!(found(1).await, Some(first.clone()));
    let second = rotated(2, 1);
    store.save_sessions(slice::from_ref(&second)).await.unwrap();
    assert_eq!((found(1).await, found(2).await), (Some(second.clone()), Some(second)));
    let third = rotated(3, 2);
    store.save_sessions(slice::from_ref(&third)).await.unwrap();
    assert_eq!((found(1).await, found(2).await, found(3).await), (None, Some(third.clone()), Some(third)));
}

pub async fn sessions_saved_together_are_found_as_the_last_of_each(place: &Place) {
    let store = place.open().await;
    let made = hero(&*store).await;
    let record = |session: u128, hash| SessionRecord {
        session_id: SessionId(Uuid::from_u128(session)),
        user_id: made.user_id.clone(),
        character_id: made.character_id,
        token_hash: [hash; 32],
        previous_token_hash: None,
        token_expires_at: NOON,
        started_at: NOON,
    };
    store.save_sessions(&[record(1, 11), record(2, 21), record(1, 12)]).await.unwrap();
    for (hash, expected) in [(11, None), (12, Some(record(1, 12))), (21, Some(record(2, 21)))] {
        assert_eq!(store.find_session(&[hash; 32]).await.unwrap(), expected);
    }
    // The second has the token of another session: nothing of the batch is there.
    store.save_sessions(&[record(3, 31), record(4, 21)]).await.unwrap_err();
    assert_eq!(store.find_session(&[31; 32]).await.unwrap(), None);
    store.save_sessions(&[]).await.unwrap();
}

pub async fn an_ended_session_is_not_found(place: &Place) {
    let store = place.open().await;
    let made = hero(&*store).await;
    let record = |hash| SessionRecord {
        session_id: SessionId(Uuid::now_v7()),
        user_id: made.user_id.clone(),
        character_id: made.character_id,
        token_hash: [hash; 32],
        previous_token_hash: None,
        token_expires_at: NOON,
        started_at: NOON,
    };
    let (ended, kept) = (record(1), record(2));
    store.save_sessions(slice::from_ref(&ended)).await.unwrap();
    store.save_sessions(slice::from_ref(&kept)).await.unwrap();
    store.end_session(ended.session_id).await.unwrap();
    store.end_session(ended.session_id).await.unwrap();
    assert_eq!(store.find_session(&[1; 32]).await.unwrap(), None);
    assert_eq!(store.find_session(&[2; 32]).await.unwrap(), Some(kept));
}

pub async fn everything_is_there_after_opening_again(place: &Place) {
    let store = place.open().await;
    let made = hero(&*store).await;
    let log = Log::of(&made);
    let mut write = batch(12, vec![log.step(1, 12, 5)]);
    write.profiles.push(standing_at(&made, 12, 5));
    store.commit(&write).await.unwrap();
    let before = store.load_character(made.character_id).await.unwrap();

    // Opened beside the first one, which is never closed: migrating twice is harmless.
    let again = place.open().await;

    assert_eq!(again.last_tick().await.unwrap(), 12);
    assert_eq!(again.last_seq(log.session_id).await.unwrap(), 1);
    assert_eq!(again.load_character(made.character_id).await.unwrap(), before);
    again.ping().await.unwrap();
}

pub async fn worlds_in_one_database_do_not_see_each_other(place: &Place) {
    let (meadow, harbour) = (place.open().await, place.open_world("harbour").await);
    let made = hero(&*meadow).await;
    let mut twin = NewCharacter { character_id: made.character_id, ..character("user-hero", "Hero") };
    twin.state.health = 1;
    assert_eq!(harbour.create_character(&twin).await.unwrap().state.health, 1);

    let log = Log::of(&made);
    let mut write = batch(12, vec![log.step(1, 12, 5)]);
    write.profiles.push(standing_at(&made, 12, 5));
    meadow.commit(&write).await.unwrap();

    assert_eq!(harbour.last_tick().await.unwrap(), 0);
    assert_eq!(harbour.last_seq(log.session_id).await.unwrap(), 0);
    assert_eq!(position_of(harbour.load_character(made.character_id).await.unwrap()), None);
}

pub async fn a_value_the_database_cannot_hold_is_rejected_and_the_store_goes_on(place: &Place) {
    let store = place.open().await;
    let log = Log::of(&hero(&*store).await);
    let refusal = store.commit(&batch(3, vec![log.step(u64::MAX >> 32, u64::MAX, 5)])).await.unwrap_err();
    assert!(matches!(refusal, StoreError::Rejected(_)), "{refusal:?}");
    store.commit(&batch(3, vec![log.step(1, 3, 5)])).await.unwrap();
    assert_eq!(store.last_seq(log.session_id).await.unwrap(), 1);
}
