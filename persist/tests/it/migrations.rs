//! A database of an earlier version is brought up to date with everything in it.

use std::collections::BTreeMap;
use std::sync::Arc;

use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor, PgConnection, Row};
use tilemud_persist::store::Batch;
use tilemud_schema::{
    CharacterState, Direction, Intent, IntentOutcome, ItemStack, Performed, Position, SessionId, Stats, TickRecord,
    UserId,
};
use uuid::Uuid;

use crate::deeds::{Log, batch, hero, standing_at};
use crate::place::Place;

/// The last version in which the log had its payload as `jsonb` and its wide indexes.
const BEFORE_NARROW_LOG: i64 = 3;

/// The last versions in which a profile had a column for each of its fields; in Postgres and in
/// SQLite.
const BEFORE_DOCUMENT: [i64; 2] = [6, 5];

const OF_A_DAY: Uuid = Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_0001);
const OF_NO_DAY: Uuid = Uuid::from_u128(0x0199_ffff_0000_7000_8000_0000_0000_0001);

async fn made_at(version: i64) -> (Place, PgConnection) {
    let place = Place::postgres().await;
    let mut connection = place.postgres_connection().await;
    sqlx::migrate!("../migrations/postgres").run_to(version, &mut connection).await.unwrap();
    let day = "CREATE TABLE action_events_20250901 (LIKE action_events INCLUDING ALL);
         ALTER TABLE action_events ATTACH PARTITION action_events_20250901
             FOR VALUES FROM ('01990000-0000-0000-0000-000000000000') TO ('01995265-c000-0000-0000-000000000000')";
    sqlx::raw_sql(day).execute(&mut connection).await.unwrap();
    (place, connection)
}

/// A step each of two sessions in one tick, written as this program did then.
async fn write_as_before(connection: &mut PgConnection) {
    for (order, session) in [OF_A_DAY, OF_NO_DAY].into_iter().enumerate() {
        let insert = format!(
            "INSERT INTO action_events VALUES ('meadow', '{session}', 7, '{}', 'user', '{}', 'move',
                 '{{\"direction\":\"east\",\"to\":{{\"x\":4,\"y\":-{order}}}}}', now(), 1, {order})",
            Uuid::now_v7(),
            Uuid::now_v7()
        );
        connection.execute(AssertSqlSafe(insert)).await.unwrap();
    }
    connection.execute("INSERT INTO world_ticks VALUES ('meadow', 1, 0, 0, 0, NULL, NULL, 2, now())").await.unwrap();
}

/// Columns, indexes and rules of the log, partition by partition.
async fn shape(connection: &mut PgConnection) -> Vec<String> {
    let statement = "
        SELECT format('%s %s %s %s', table_name, column_name, data_type, is_nullable) AS part
            FROM information_schema.columns WHERE table_name LIKE 'action_events%'
        UNION ALL SELECT pg_get_indexdef(indexrelid) FROM pg_index JOIN pg_class ON pg_class.oid = indrelid
            WHERE relname LIKE 'action_events%'
        UNION ALL SELECT conrelid::regclass || pg_get_constraintdef(oid) FROM pg_constraint
            WHERE conrelid::regclass::text LIKE 'action_events%' ORDER BY 1";
    sqlx::query(statement).fetch_all(connection).await.unwrap().iter().map(|row| row.get("part")).collect()
}

#[tokio::test]
async fn a_log_with_rows_from_before_it_was_narrow_is_read_and_written_on() {
    let (place, mut connection) = made_at(BEFORE_NARROW_LOG).await;
    write_as_before(&mut connection).await;
    let store = place.open().await;
    let log = Log::of(&hero(&*store).await);
    let record = TickRecord { tick: 2, ..TickRecord::default() };
    let newer = Log { session_id: SessionId(OF_A_DAY), ..log };
    let written = Batch { records: vec![record], ..batch(2, vec![newer.step(8, 2, 5)]) };
    store.commit(&written).await.unwrap();

    let ticks = store.read_log(0, 100).await.unwrap();
    let steps: Vec<_> = ticks.iter().flat_map(|tick| &tick.events).collect();
    let step = |x, y| Performed {
        intent: Intent::Move { direction: Direction::East },
        outcome: IntentOutcome::Move { to: Position { x, y } },
    };
    let expected = [(OF_A_DAY, 7, step(4, 0)), (OF_NO_DAY, 7, step(4, -1)), (OF_A_DAY, 8, step(5, -4))];
    assert_eq!(steps.len(), expected.len());
    for (event, (session, seq, performed)) in steps.into_iter().zip(expected) {
        assert_eq!((event.session_id.0, event.sequence_number, &event.performed), (session, seq, &performed));
    }
}

/// A profile as a program wrote it that counted nothing: with the hashes over what it wrote.
const PROFILE_BEFORE: &str = r#"INSERT INTO character_profiles (world_id, character_id, user_id, display_name,
        display_name_folded, look, position_x, position_y, health, inventory, stats, projected_tick, created_at, updated_at,
        name_rule, written_body, written_inventory, written_stats)
    VALUES ('meadow', '01990000-0000-7000-8000-000000000001', 'user-ann', 'Ann', 'ann', 'ranger', 12, -5, 83,
        '[{"item": "apple", "quantity": 3}]', '{"luck": -1, "strength": 7}', 5, '2026-01-01T00:00:00.000000Z',
        '2026-01-01T00:00:00.000000Z', 0, BODY, INVENTORY, STATS)"#;

/// FNV-1a of what that program took for the JSON of a part.
fn hash_before(json: &str) -> i64 {
    let start = 0xcbf2_9ce4_8422_2325_u64;
    json.bytes().fold(start, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)).cast_signed()
}

fn profile_before() -> String {
    PROFILE_BEFORE
        .replace("BODY", &hash_before("[[12,-5],83]").to_string())
        .replace("INVENTORY", &hash_before(r#"[{"item":"apple","quantity":3}]"#).to_string())
        .replace("STATS", &hash_before(r#"{"luck":-1,"strength":7}"#).to_string())
}

async fn profile_of_before_is_read_and_counted_on(place: &Place) {
    let store = place.open().await;
    let ann = store.find_character(&UserId("user-ann".into())).await.unwrap().unwrap();
    let named = Arc::new(BTreeMap::from([("luck".into(), -1), ("strength".into(), 7)]));
    let state = CharacterState {
        display_name: "Ann".into(),
        look: "ranger".into(),
        position: Some(Position { x: 12, y: -5 }),
        health: 83,
        stats: Stats { named, ..Stats::default() },
        inventory: Arc::new(vec![ItemStack { item: "apple".into(), quantity: 3 }]),
        ..CharacterState::default()
    };
    assert_eq!(ann.state, state);
    assert_eq!(store.changed_by_hand().await.unwrap(), [], "nobody has changed it");
    let mut write = standing_at(&ann, 6, 13);
    write.state.stats.steps = 1;
    write.state.camp = Some(Position { x: 3, y: 3 });
    let written = write.state.clone();
    store.commit(&Batch { profiles: vec![write], ..batch(6, Vec::new()) }).await.unwrap();
    assert_eq!(store.load_character(ann.character_id).await.unwrap().unwrap().state, written);
    assert_eq!(store.changed_by_hand().await.unwrap(), []);
}

#[tokio::test]
async fn a_profile_from_before_anything_was_counted_is_read_and_counted_on_in_postgres() {
    let (place, mut connection) = made_at(BEFORE_DOCUMENT[0]).await;
    connection.execute(AssertSqlSafe(profile_before())).await.unwrap();
    profile_of_before_is_read_and_counted_on(&place).await;
}

#[tokio::test]
async fn a_profile_from_before_anything_was_counted_is_read_and_counted_on_in_the_embedded_store() {
    let place = Place::sqlite();
    let file = std::path::Path::new(place.url.strip_prefix("sqlite:").unwrap());
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file).create_if_missing(true);
    let mut connection = options.connect().await.unwrap();
    sqlx::migrate!("../migrations/sqlite").run_to(BEFORE_DOCUMENT[1], &mut connection).await.unwrap();
    connection.execute(AssertSqlSafe(profile_before())).await.unwrap();
    connection.close().await.unwrap();
    profile_of_before_is_read_and_counted_on(&place).await;
}

#[tokio::test]
async fn a_migrated_log_is_like_a_new_one() {
    let (place, mut connection) = made_at(BEFORE_NARROW_LOG).await;
    write_as_before(&mut connection).await;
    let before = shape(&mut connection).await;
    place.open().await;
    let migrated = shape(&mut connection).await;
    let newest = sqlx::migrate!("../migrations/postgres").iter().map(|migration| migration.version).max().unwrap();
    let (_fresh, mut connection) = made_at(newest).await;
    assert_eq!(migrated, shape(&mut connection).await);
    assert_ne!(migrated, before);
}
