//! What the stage asks the store before it lets something out.

use tilemud_persist::store::LEASE_LASTS;
use tilemud_persist::testing::{CommitFailure, GatedStore};
use tilemud_sim::Map;
use tilemud_vitals::metrics::Metrics;
use tilemud_vitals::process::Process;
use tilemud_vitals::tenure::Tenure;

use super::*;
use crate::engine::recovery::Recovery;
use crate::engine::{lease, world};

/// A stage whose next ticks need no reservation, its store, and the folder of that.
async fn stage() -> (Stage, Arc<GatedStore>, tempfile::TempDir) {
    let data = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite:{}", data.path().join("world.db").display());
    let store = GatedStore::new(tilemud_persist::open(&url, "meadow").await.expect("a store"));
    lease::Candidate::new(LEASE_LASTS).take(&*store).await.expect("the lease");
    let map = Arc::new(Map::open("meadow", 4, 4));
    let health = Arc::new(Health::notifying(Process::default(), Tenure::of_lease(LEASE_LASTS), |_| ()));
    let recovery = Arc::new(Recovery {
        store: store.clone(),
        config: world::config(&map, 1, true),
        map: Arc::new(map.into()),
        ticks_per_second: 20,
        stamps: Arc::default(),
        is_named: true,
    });
    let stage = Stage {
        store: store.clone(),
        stamps: Arc::clone(&recovery.stamps),
        metrics: Arc::clone(&Metrics::default().world(0).engine),
        runtime: Handle::current(),
        rollback: Arc::default(),
        map: Arc::clone(&recovery.map),
        snapshots: Snapshots::new(recovery, Handle::current(), health.process.clone()),
        health,
        projection: Projection::default(),
        slowness: Arc::default(),
        reserved: TICKS_RESERVED,
        undone: None,
    };
    (stage, store, data)
}

/// A tick in which nothing happened.
fn nothing(tick: Tick) -> FromWorld {
    FromWorld::Tick(Box::new(Ticked {
        output: TickOutput { tick, ..TickOutput::default() },
        snapshot: None,
        map: None,
    }))
}

#[tokio::test]
async fn a_tick_in_which_nothing_happened_waits_for_the_lease_when_that_was_not_confirmed_in_time() {
    let (mut stage, store, _data) = stage().await;
    let (_world, no_more) = crossbeam_channel::unbounded();
    let (release, released) = crossbeam_channel::unbounded();
    stage.turn(nothing(1), &no_more, &release).await.expect("it is committed");
    assert_eq!((store.committed(), released.len()), (1, 1), "the store was asked");
    stage.turn(nothing(2), &no_more, &release).await.expect("it is let out");
    assert_eq!((store.committed(), released.len()), (1, 2), "the lease was confirmed a moment ago");
}

#[tokio::test]
async fn an_owner_that_was_followed_unawares_lets_nothing_out() {
    let (mut stage, store, _data) = stage().await;
    let (_world, no_more) = crossbeam_channel::unbounded();
    let (release, released) = crossbeam_channel::unbounded();
    store.fail_next(1, CommitFailure::Fenced);
    let outcome = stage.turn(nothing(1), &no_more, &release).await;
    assert!(matches!(outcome, Err(StageError::Lost(StoreError::Fenced))), "{outcome:?}");
    assert_eq!(released.len(), 0);
}
