//! The store with a gate, on which the tests of the ack gate stand.

use std::sync::Arc;

use tilemud_persist::StoreError;
use tilemud_persist::store::{Batch, CommitLog as _, Maintenance as _};
use tilemud_persist::testing::{CommitFailure, GatedStore};

use crate::place::Place;

fn tick(tick: u64) -> Batch {
    Batch { tick, ..Batch::default() }
}

#[tokio::test]
async fn a_commit_waits_at_the_closed_gate_and_goes_on_when_let_through() {
    let place = Place::sqlite();
    let gate = GatedStore::new(place.open().await);
    gate.commit(&tick(1)).await.unwrap();
    gate.close();
    let held = tokio::spawn({
        let gate = Arc::clone(&gate);
        async move {
            gate.commit(&tick(2)).await.unwrap();
            gate.commit(&tick(3)).await.unwrap();
        }
    });
    gate.wait_for_arrivals(2).await;
    assert_eq!((gate.committed(), gate.last_tick().await.unwrap()), (1, 1));

    gate.let_through(1);
    gate.wait_for_arrivals(3).await;
    assert_eq!((gate.committed(), gate.last_tick().await.unwrap()), (2, 2));

    gate.open();
    held.await.unwrap();
    assert_eq!((gate.arrived(), gate.committed(), gate.last_tick().await.unwrap()), (3, 3, 3));
}

#[tokio::test]
async fn ordered_failures_happen_in_order_and_then_commits_succeed() {
    let place = Place::sqlite();
    let gate = GatedStore::new(place.open().await);
    gate.fail_next(1, CommitFailure::Unavailable);
    gate.fail_next(1, CommitFailure::Rejected);
    gate.fail_next(1, CommitFailure::AnswerLost);
    assert!(matches!(gate.commit(&tick(1)).await, Err(StoreError::Unavailable(_))));
    assert!(matches!(gate.commit(&tick(1)).await, Err(StoreError::Rejected(_))));
    assert_eq!(gate.last_tick().await.unwrap(), 0);
    assert!(matches!(gate.commit(&tick(1)).await, Err(StoreError::Unavailable(_))));
    assert_eq!((gate.last_tick().await.unwrap(), gate.committed()), (1, 1));
    gate.commit(&tick(2)).await.unwrap();
    assert_eq!((gate.arrived(), gate.committed()), (4, 2));
}

#[tokio::test]
async fn a_store_that_is_down_fails_every_call_and_the_waiting_commits() {
    let place = Place::sqlite();
    let gate = GatedStore::new(place.open().await);
    gate.close();
    let held = tokio::spawn({
        let gate = Arc::clone(&gate);
        async move { gate.commit(&tick(1)).await }
    });
    gate.wait_for_arrivals(1).await;
    gate.go_down();
    assert!(matches!(held.await.unwrap(), Err(StoreError::Unavailable(_))));
    assert!(gate.ping().await.is_err() && gate.last_tick().await.is_err());
    gate.come_back();
    gate.open();
    gate.commit(&tick(1)).await.unwrap();
    assert_eq!(gate.last_tick().await.unwrap(), 1);
}
