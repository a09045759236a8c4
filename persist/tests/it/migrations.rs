//! A Postgres database of an earlier version is brought up to date with everything in it.

use sqlx::{AssertSqlSafe, Executor, PgConnection, Row};
use tilemud_schema::{Direction, Intent, IntentOutcome, Performed, Position, SessionId, TickRecord};
use uuid::Uuid;

use crate::deeds::{Log, batch, hero};
use crate::place::Place;

/// The last version in which the log had its payload as `jsonb` and its wide indexes.
const BEFORE_NARROW_LOG: i64 = 3;

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
    let written = tilemud_persist::store::Batch { records: vec![record], ..batch(2, vec![newer.step(8, 2, 5)]) };
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
