//! Who comes back finds everything as it was left (S2), on both stores, after a goodbye and after a
//! kill.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use tilemud_persist::store::NewCharacter;
use tilemud_persist::testing::PostgresServer;
use tilemud_schema::{
    Action, CharacterId, CharacterState, ClientMessage, Emote, Encoding, Intent, ItemStack, Stats, UserId,
};
use tilemud_sim::limits::RECOVERY_S;
use tilemud_support::player::{Player, bootstrap};
use tilemud_support::process::{Process, database};
use uuid::Uuid;

use crate::cache::WORLD;
use crate::stores::any_step;

/// The opaque id of the development issuer's Ann, who has never played on the store that is looked
/// at.
async fn user_id_of_ann() -> UserId {
    let data = tempfile::tempdir().unwrap();
    let server = Process::start(data.path(), &[]);
    UserId(bootstrap(&server.url, "Ann", None).await.session.user_id.0)
}

async fn finds_all_as_left(database_url: &str, flags: &[&str], data: &std::path::Path) {
    let character_id = CharacterId(Uuid::now_v7());
    let named = Arc::new(BTreeMap::from([("strength".into(), 7), ("luck".into(), -1)]));
    let ann = NewCharacter {
        character_id,
        user_id: user_id_of_ann().await,
        state: CharacterState {
            display_name: "Ann".into(),
            look: "ranger".into(),
            health: 80,
            inventory: Arc::new(vec![ItemStack { item: "apple".into(), quantity: 3 }]),
            stats: Stats { named: Arc::clone(&named), ..Stats::default() },
            ..CharacterState::default()
        },
    };
    tilemud_persist::open(database_url, WORLD).await.unwrap().create_character(&ann).await.unwrap();

    let server = Process::start(data, flags);
    let started = Instant::now();
    // Whoever was hurt recovers by one point in so many seconds, while in the world.
    let is_as_left =
        |health: i32| (80..=81 + i32::try_from(started.elapsed().as_secs() / RECOVERY_S).unwrap()).contains(&health);
    let mut ann = Player::join(&server.url, "Ann", Encoding::Json).await;
    let found = &ann.bootstrap.state.character;
    assert_eq!((found.character_id, &found.state.stats.named), (character_id, &named));
    assert!(is_as_left(found.state.health), "{}", found.state.health);
    any_step(&mut ann).await;
    let steps = vec![Action::Drop { item: "apple".into(), quantity: Some(2) }];
    ann.attempt(&Intent::Action { steps }).await.unwrap();
    any_step(&mut ann).await;
    ann.say_for_sure("Here I stay.").await;
    ann.attempt(&Intent::Emote { emote: Emote::Sit }).await.unwrap();
    ann.heartbeat(1).await;
    let left_at = ann.position;
    ann.connection.send(&ClientMessage::Logout {}).await;
    ann.connection.drain().await;

    let as_left = async |url: &str| {
        let mut back = Player::join(url, "Ann", Encoding::Json).await;
        let found = back.bootstrap.state.character.clone();
        assert_eq!((found.character_id, found.state.position), (character_id, Some(left_at)));
        assert!(is_as_left(found.state.health), "{}", found.state.health);
        assert_eq!(*found.state.inventory, [ItemStack { item: "apple".into(), quantity: 1 }]);
        assert_eq!(found.state.stats, Stats { steps: 2, messages: 1, named: Arc::clone(&named), ..Stats::default() });
        assert_eq!(found.state.camp, Some(left_at));
        back.heartbeat(2).await;
    };
    as_left(&server.url).await;
    server.kill();
    let server = Process::start(data, flags);
    as_left(&server.url).await;
    assert_eq!(server.terminate().code(), Some(0));
    let server = Process::start(data, flags);
    as_left(&server.url).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s2_who_comes_back_finds_position_health_inventory_and_stats_as_left_on_the_embedded_store() {
    let data = tempfile::tempdir().unwrap();
    finds_all_as_left(&format!("sqlite:{}", database(data.path()).display()), &[], data.path()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s2_who_comes_back_finds_position_health_inventory_and_stats_as_left_on_postgres() {
    let data = tempfile::tempdir().unwrap();
    let url = PostgresServer::shared().create_database().await;
    finds_all_as_left(&url, &["--database-url", &url], data.path()).await;
}
