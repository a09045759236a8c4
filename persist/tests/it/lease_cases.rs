//! The cases that every durable store must pass so that a world has one writer.

use std::sync::Arc;

use tilemud_persist::store::{Batch, LeaseRequest, LeaseState, SessionRecord, StoredSnapshot, Superseded};
use tilemud_persist::{Store, StoreError};
use tilemud_schema::{CharacterId, SessionId, TickRecord, UserId};
use uuid::Uuid;

use crate::deeds::{Log, NOON, batch, character, position_of, standing_at};
use crate::place::Place;

const WORLD: &str = "meadow";

pub fn request(holder: &str) -> LeaseRequest {
    LeaseRequest { holder: holder.to_owned(), supersedes: None }
}

fn ended(held: &LeaseState) -> Option<Superseded> {
    Some(Superseded { epoch: held.epoch, renewed: None })
}

fn session() -> SessionRecord {
    SessionRecord {
        session_id: SessionId(Uuid::now_v7()),
        user_id: UserId("user-1".into()),
        character_id: CharacterId(Uuid::now_v7()),
        token_hash: *Uuid::new_v4().as_bytes().repeat(2).first_chunk().unwrap(),
        previous_token_hash: None,
        token_expires_at: NOON,
        started_at: NOON,
    }
}

fn is_fenced<T>(result: &Result<T, StoreError>) -> bool {
    matches!(result, Err(StoreError::Fenced))
}

async fn assert_can_only_read(store: &dyn Store) {
    let before = store.last_tick().await.unwrap();
    let log = Log::of(&store.create_character(&character("user-fenced", "Fenced")).await.unwrap());
    let records = vec![TickRecord { tick: before + 1, ..TickRecord::default() }];
    let profiles = vec![standing_at(&log.who, before + 1, 5)];
    let everything = Batch { records, profiles, ..batch(before + 1, vec![log.step(1, before + 1, 5)]) };
    assert!(is_fenced(&store.commit(&everything).await));
    assert!(store.committed_tick().await.unwrap() <= before);
    assert_eq!(store.last_seq(log.session_id).await.unwrap(), 0);
    assert_eq!(position_of(store.load_character(log.who.character_id).await.unwrap()), None);
    assert!(is_fenced(&store.settled(&Batch::default()).await));
    assert!(is_fenced(&store.save_snapshot(&StoredSnapshot { tick: 99, taken_at: NOON, data: vec![1] }).await));
    assert!(is_fenced(&store.save_sessions(&[session()]).await));
    assert!(is_fenced(&store.save_sessions(&[session(), session()]).await));
    assert!(is_fenced(&store.renew_lease().await));
    assert_eq!(store.last_tick().await.unwrap(), before);
    assert!(!store.snapshot_ticks().await.unwrap().contains(&99));
}

async fn assert_can_write(store: &dyn Store) {
    let next = store.last_tick().await.unwrap() + 1;
    store.commit(&batch(next, Vec::new())).await.unwrap();
    store.renew_lease().await.unwrap();
    store.save_snapshot(&StoredSnapshot { tick: next, taken_at: NOON, data: vec![1] }).await.unwrap();
    let session = session();
    store.save_sessions(std::slice::from_ref(&session)).await.unwrap();
    assert_eq!(store.find_session(&session.token_hash).await.unwrap(), Some(session));
}

pub async fn a_lease_is_held_against_others_until_it_is_given_back(place: &Place) {
    let [first, second] = [place.open_reader(WORLD).await, place.open_reader(WORLD).await];
    assert_eq!(first.lease().await.unwrap(), None);
    first.acquire_lease(&request("first")).await.unwrap();
    assert_can_write(&*first).await;

    let refusal = second.acquire_lease(&request("second")).await.unwrap_err();
    assert!(matches!(&refusal, StoreError::Held { holder } if holder == "first"), "{refusal:?}");
    let state = second.lease().await.unwrap().unwrap();
    assert_eq!((&*state.holder, state.epoch), ("first", 1));
    assert_can_write(&*first).await;

    first.release_lease().await.unwrap();
    assert_eq!(second.lease().await.unwrap(), None);
    assert_can_only_read(&*first).await;
    second.acquire_lease(&request("second")).await.unwrap();
    assert_can_write(&*second).await;
    // Giving back what another one has is without effect.
    first.release_lease().await.unwrap();
    assert_can_write(&*second).await;
}

pub async fn of_two_who_ask_at_the_same_time_one_gets_the_lease(place: &Place) {
    for round in 0..8 {
        let world = format!("world-{round}");
        let mut tasks = Vec::new();
        for name in ["one", "two", "three", "four"] {
            let store = place.open_reader(&world).await;
            tasks.push(tokio::spawn(async move {
                let outcome = store.acquire_lease(&request(name)).await;
                assert!(matches!(outcome, Ok(()) | Err(StoreError::Held { .. })), "{outcome:?}");
                (store, outcome.is_ok())
            }));
        }
        let mut winners = 0;
        for task in tasks {
            let (store, won) = task.await.unwrap();
            winners += usize::from(won);
            let commit = store.commit(&batch(1, Vec::new())).await;
            assert!(if won { commit.is_ok() } else { is_fenced(&commit) }, "{commit:?}");
        }
        assert_eq!(winners, 1);
    }
}

pub async fn who_lost_the_lease_cannot_write_any_more(place: &Place) {
    let [first, second] = [place.open_reader(WORLD).await, place.open_reader(WORLD).await];
    first.acquire_lease(&request("first")).await.unwrap();
    let supersedes = ended(&first.lease().await.unwrap().unwrap());
    second.acquire_lease(&LeaseRequest { supersedes, ..request("second") }).await.unwrap();
    assert_can_only_read(&*first).await;
    assert_can_write(&*second).await;
    // The same holder again is a new one too: the earlier self is fenced.
    let again = place.open_reader(WORLD).await;
    again.acquire_lease(&request("second")).await.unwrap();
    assert_can_only_read(&*second).await;
    assert_can_write(&*again).await;
}

pub async fn a_lease_that_was_renewed_since_it_was_looked_at_stays_and_a_silent_one_is_taken_whatever_the_clocks(
    place: &Place,
) {
    let [first, second] = [place.open_reader(WORLD).await, place.open_reader(WORLD).await];
    first.acquire_lease(&request("first")).await.unwrap();
    for (round, seconds) in [1, 3_600, 400 * 24 * 3_600].into_iter().enumerate() {
        // What the row says about the time is of a clock that nobody here knows.
        place.age_leases(-seconds).await;
        let seen = second.lease().await.unwrap().unwrap();
        let supersedes = Some(Superseded { epoch: seen.epoch, renewed: Some(seen.renewed) });
        let silent = LeaseRequest { supersedes, ..request("second") };
        // A commit, or a renewal without one, shows that the holder is there.
        if round % 2 == 0 {
            first.renew_lease().await.unwrap();
        } else {
            first.commit(&batch(1, Vec::new())).await.unwrap();
        }
        assert_ne!(second.lease().await.unwrap().unwrap().renewed, seen.renewed);
        assert!(matches!(second.acquire_lease(&silent).await, Err(StoreError::Held { .. })));
        assert!(matches!(second.acquire_lease(&request("second")).await, Err(StoreError::Held { .. })));
    }
    let seen = second.lease().await.unwrap().unwrap();
    let supersedes = Some(Superseded { epoch: seen.epoch, renewed: Some(seen.renewed) });
    second.acquire_lease(&LeaseRequest { supersedes, ..request("second") }).await.unwrap();
    assert_can_only_read(&*first).await;
    assert_can_write(&*second).await;
}

pub async fn a_database_put_back_to_an_older_state_is_gone_for_who_used_it(place: &Place) {
    let store = place.open_reader(WORLD).await;
    store.acquire_lease(&request("first")).await.unwrap();
    store.commit(&batch(1, Vec::new())).await.unwrap();
    store.renew_lease().await.unwrap();
    place.age_leases(3_600).await;
    for outcome in [
        store.commit(&batch(2, Vec::new())).await.map(drop),
        store.renew_lease().await,
        store.settled(&batch(2, Vec::new())).await.map(drop),
    ] {
        assert!(matches!(outcome, Err(StoreError::Gone { .. })), "{outcome:?}");
    }
    assert_eq!(store.last_tick().await.unwrap(), 1, "nothing was written");
}

pub async fn a_holder_known_to_have_ended_is_superseded_and_a_newer_one_is_not(place: &Place) {
    let [first, second, third] =
        [place.open_reader(WORLD).await, place.open_reader(WORLD).await, place.open_reader(WORLD).await];
    first.acquire_lease(&request("first")).await.unwrap();
    let supersedes = ended(&first.lease().await.unwrap().unwrap());
    second.acquire_lease(&LeaseRequest { supersedes, ..request("second") }).await.unwrap();
    // The third knows of the end of the first and not of the second.
    let refusal = third.acquire_lease(&LeaseRequest { supersedes, ..request("third") }).await;
    assert!(matches!(refusal, Err(StoreError::Held { .. })), "{refusal:?}");
    assert_can_write(&*second).await;
}

pub async fn a_store_without_the_lease_of_a_leased_world_can_only_read(place: &Place) {
    let [holder, other] = [place.open_reader(WORLD).await, place.open_reader(WORLD).await];
    holder.acquire_lease(&request("holder")).await.unwrap();
    assert_can_only_read(&*other).await;
    let shared: Arc<dyn Store> = holder;
    shared.release_lease().await.unwrap();
    assert_can_only_read(&*other).await;
}
