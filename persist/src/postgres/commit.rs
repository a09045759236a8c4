//! Writes a batch to Postgres. Called with the writing connection only.
//!
//! A batch is one statement, so it is a transaction by itself, takes one round trip, and stays
//! prepared whatever its size: rows travel as one array per column. There are three such
//! statements, because empty parts would cost a small batch much of its time, and the check for
//! repeated actions a third of the time of every row.

use std::sync::atomic::{AtomicI64, Ordering};

use sqlx::postgres::{PgArguments, PgRow};
use sqlx::types::{Json, Uuid};
use sqlx::{PgConnection, Postgres, Row};
use tilemud_schema::{ActionEvent, CharacterId, Timestamp};

use super::array::{JsonText, column};
use super::lease;
use super::rows::Timestamptz;
use crate::column::{count_column, now, seq_column, tick_column};
use crate::document::document;
use crate::store::{Batch, CommitReport, StoreError};
use crate::versions::Versions;
use crate::written as hashes;

/// The statement for a batch: `$on_repeat` says what to do about actions that are stored already,
/// `$projection` what there is beside the log, `$changed` which characters were changed elsewhere.
///
/// `held` locks the row of the lease before anything is written. All parts see the tables as they
/// were before, so `changed` finds the version that `projected` replaces. Functions that return
/// rows are in the list of columns, where their rows are passed on one by one; in `FROM` they would
/// all be put aside first.
macro_rules! write_statement {
    ($on_repeat:expr, $projection:expr, $changed:expr) => {
        concat!(
            "WITH held AS (
                UPDATE world_leases SET renewed_at = GREATEST(clock_timestamp(), renewed_at + interval '1 microsecond')
                WHERE world_id = $1 AND epoch = $2 AND renewed_at >= COALESCE($20, renewed_at) RETURNING renewed_at
            ), writer AS (
                SELECT FROM held
                UNION ALL SELECT WHERE $2 IS NULL AND NOT EXISTS (SELECT FROM world_leases WHERE world_id = $1)
            ), logged AS (
                INSERT INTO action_events AS stored (world_id, session_id, sequence_number, action_id, user_id,
                    character_id, action_type, payload, persisted_at, tick, tick_order)
                SELECT $1, UNNEST($4::uuid[]), UNNEST($5::bigint[]), UNNEST($6::uuid[]), UNNEST($7::text[]),
                    UNNEST($8::uuid[]), UNNEST($9::text[]), UNNEST($10::json[]), $3, UNNEST($11::bigint[]),
                    UNNEST($12::integer[])
                WHERE EXISTS (SELECT FROM writer) ",
            $on_repeat,
            "), recorded AS (
                INSERT INTO world_ticks AS stored (world_id, tick, hash_characters, hash_objects, hash_tiles, arrivals,
                    departures, events, persisted_at, map_change)
                SELECT $1, UNNEST($13::bigint[]), UNNEST($14::bigint[]), UNNEST($15::bigint[]), UNNEST($16::bigint[]),
                    UNNEST($17::jsonb[]), UNNEST($18::jsonb[]), UNNEST($19::integer[]), $3, UNNEST($21::jsonb[])
                WHERE EXISTS (SELECT FROM writer)
                ON CONFLICT (world_id, tick) DO UPDATE SET events = -1
                WHERE (stored.hash_characters, stored.hash_objects, stored.hash_tiles)
                    <> (excluded.hash_characters, excluded.hash_objects, excluded.hash_tiles)
            )",
            $projection,
            "SELECT EXISTS (SELECT FROM writer) AS is_writer, (SELECT renewed_at FROM held) AS renewed_at, ",
            $changed,
            " AS changed"
        )
    };
}

macro_rules! projection {
    () => {
        ", newer AS (
            SELECT * FROM UNNEST($23::uuid[], $24::integer[], $25::integer[], $26::integer[], $27::jsonb[], $28::jsonb[],
                $29::jsonb[], $30::bigint[], $31::timestamptz[], $32::bigint[], $33::bigint[], $34::bigint[], $35::bigint[])
                AS newer (character_id, position_x, position_y, health, inventory, stats, state, tick, version,
                    written_body, written_inventory, written_stats, written_state)
            WHERE EXISTS (SELECT FROM writer)
        ), changed AS (
            SELECT profile.character_id FROM newer JOIN character_profiles AS profile
                ON profile.world_id = $1 AND profile.character_id = newer.character_id
            WHERE profile.updated_at <> newer.version AND profile.updated_at <> $3
        ), projected AS (
            UPDATE character_profiles AS profile SET
                position_x = newer.position_x, position_y = newer.position_y, health = newer.health,
                inventory = newer.inventory, stats = newer.stats, state = newer.state,
                written_body = newer.written_body, written_inventory = newer.written_inventory,
                written_stats = newer.written_stats, written_state = newer.written_state,
                projected_tick = newer.tick, updated_at = $3
            FROM newer
            WHERE profile.world_id = $1 AND profile.character_id = newer.character_id
                AND profile.projected_tick <= newer.tick
        ), reserved AS (
            INSERT INTO world_state AS state (world_id, last_tick, updated_at)
            SELECT $1, $22, $3 WHERE EXISTS (SELECT FROM writer)
            ON CONFLICT (world_id) DO UPDATE SET
                last_tick = GREATEST(state.last_tick, excluded.last_tick), updated_at = excluded.updated_at
        ) "
    };
}

/// For a batch without repeats, profiles and a new reservation: nearly all of them.
const WRITE_LOG: &str = write_statement!("", "", "ARRAY[]::uuid[]");

/// For a batch that repeats nothing.
const WRITE: &str = write_statement!("", projection!(), "ARRAY(SELECT character_id FROM changed)");

/// For a batch that is partly stored already: the same actions are skipped, other actions with
/// their numbers violate a constraint.
const WRITE_AGAIN: &str = write_statement!(
    "ON CONFLICT (world_id, session_id, sequence_number)
     DO UPDATE SET tick_order = -1 WHERE stored.action_id <> excluded.action_id",
    projection!(),
    "ARRAY(SELECT character_id FROM changed)"
);

/// SQLSTATE of a key that is in the table already.
const UNIQUE_VIOLATION: &str = "23505";

/// State from one batch to the next.
#[derive(Default)]
pub(super) struct Written {
    /// The newest reserved tick that is surely stored.
    reserved: AtomicI64,
}

/// All of the batch, or nothing.
pub(super) async fn write(
    connection: &mut PgConnection,
    world: &str,
    lease: (Option<i64>, &lease::Own),
    batch: &Batch,
    versions: &Versions,
    written: &Written,
) -> Result<CommitReport, StoreError> {
    let writing = Writing::new(world, lease, batch)?;
    let is_log_only = batch.profiles.is_empty() && writing.reserved <= written.reserved.load(Ordering::Acquire);
    let first = if is_log_only { writing.log(WRITE_LOG) } else { writing.all(WRITE, versions) }
        .fetch_one(&mut *connection)
        .await;
    let row: PgRow = match first {
        // Without effect, as every statement that fails.
        Err(sqlx::Error::Database(answer)) if answer.code().as_deref() == Some(UNIQUE_VIOLATION) => {
            writing.all(WRITE_AGAIN, versions).fetch_one(&mut *connection).await?
        }
        other => other?,
    };
    if !row.try_get::<bool, _>("is_writer")? {
        // Somebody else has it, or this is no longer the database that it was.
        lease::check(connection, world, lease.0, lease.1).await?;
        return Err(StoreError::Fenced);
    }
    lease.1.note(row.try_get::<Option<Timestamptz>, _>("renewed_at")?.map(|renewed| renewed.0));
    written.reserved.fetch_max(writing.reserved, Ordering::AcqRel);
    versions.note_written(batch.profiles.iter().map(|profile| profile.character_id), writing.written_at);
    let changed: Vec<Uuid> = row.try_get("changed")?;
    Ok(CommitReport { profiles_changed_elsewhere: changed.into_iter().map(CharacterId).collect() })
}

type Statement<'a> = sqlx::query::Query<'a, Postgres, PgArguments>;

/// A batch of which all numbers are known to fit into their columns.
struct Writing<'a> {
    world: &'a str,
    /// The epoch and what is known of the lease; without an epoch there is none.
    lease: (Option<i64>, &'a lease::Own),
    batch: &'a Batch,
    /// Events ordered by session, so that neighbours in an index are written one after the other.
    /// This saves the database a third of its work in a large batch.
    events: Vec<&'a ActionEvent>,
    written_at: Timestamp,
    reserved: i64,
    /// Events of each record.
    counts: Vec<i32>,
}

impl<'a> Writing<'a> {
    fn new(world: &'a str, lease: (Option<i64>, &'a lease::Own), batch: &'a Batch) -> Result<Self, StoreError> {
        for event in &batch.events {
            seq_column(event.sequence_number)?;
            tick_column(event.tick)?;
            i32::try_from(event.tick_order).map_err(|error| StoreError::Rejected(error.into()))?;
        }
        batch.records.iter().try_for_each(|record| tick_column(record.tick).map(drop))?;
        batch.profiles.iter().try_for_each(|profile| tick_column(profile.tick).map(drop))?;
        let counts = batch.records.iter().map(|record| count_column(batch.events_of(record.tick)));
        // Sorted beside their keys, because most of an event is far away from it in memory; those
        // of a session are in order.
        let mut keyed: Vec<_> = batch.events.iter().map(|event| (event.session_id.0.as_u128(), event)).collect();
        keyed.sort_by_key(|(session, _)| *session);
        let events = keyed.into_iter().map(|(_, event)| event).collect();
        Ok(Self {
            world,
            lease,
            batch,
            events,
            written_at: batch.persisted_at.unwrap_or_else(now),
            reserved: tick_column(batch.tick)?,
            counts: counts.collect::<Result<_, _>>()?,
        })
    }

    fn log(&self, statement: &'static str) -> Statement<'_> {
        let (events, records) = (&self.events, &self.batch.records);
        sqlx::query(statement)
            .bind(self.world)
            .bind(self.lease.0)
            .bind(Timestamptz(self.written_at))
            .bind(column(events, |event| event.session_id.0))
            .bind(column(events, |event| event.sequence_number.cast_signed()))
            .bind(column(events, |event| event.action_id.0))
            .bind(column(events, |event| &*event.user_id.0))
            .bind(column(events, |event| event.character_id.0))
            .bind(column(events, |event| event.performed.action_type()))
            .bind(column(events, |event| JsonText(&event.performed)))
            .bind(column(events, |event| event.tick.cast_signed()))
            .bind(column(events, |event| event.tick_order.cast_signed()))
            .bind(column(records, |record| record.tick.cast_signed()))
            .bind(column(records, |record| record.hashes.characters.cast_signed()))
            .bind(column(records, |record| record.hashes.objects.cast_signed()))
            .bind(column(records, |record| record.hashes.tiles.cast_signed()))
            .bind(column(records, |record| filled(&record.arrivals)))
            .bind(column(records, |record| filled(&record.departures)))
            .bind(&*self.counts)
            .bind(self.lease.1.renewed().map(Timestamptz))
            .bind(column(records, |record| record.map_change.map(Json)))
    }

    fn all(&self, statement: &'static str, versions: &Versions) -> Statement<'_> {
        let profiles = &self.batch.profiles;
        let documents: Vec<_> = profiles.iter().map(|profile| document(&profile.state)).collect();
        let hashed = profiles.iter().zip(&documents);
        let written: Vec<_> = hashed.map(|(profile, document)| hashes::Written::of(&profile.state, document)).collect();
        let known = versions.of(profiles.iter().map(|profile| profile.character_id));
        self.log(statement)
            .bind(self.reserved)
            .bind(column(profiles, |profile| profile.character_id.0))
            .bind(column(profiles, |profile| profile.state.position.map(|position| position.x)))
            .bind(column(profiles, |profile| profile.state.position.map(|position| position.y)))
            .bind(column(profiles, |profile| profile.state.health))
            .bind(column(profiles, |profile| Json(&*profile.state.inventory)))
            .bind(column(profiles, |profile| Json(&profile.state.stats)))
            .bind(documents.into_iter().map(Json).collect::<Vec<_>>())
            .bind(column(profiles, |profile| profile.tick.cast_signed()))
            .bind(known.into_iter().map(|version| version.map(Timestamptz)).collect::<Vec<_>>())
            .bind(written.iter().map(|written| written.body).collect::<Vec<_>>())
            .bind(written.iter().map(|written| written.inventory).collect::<Vec<_>>())
            .bind(written.iter().map(|written| written.stats).collect::<Vec<_>>())
            .bind(written.iter().map(|written| written.document).collect::<Vec<_>>())
    }
}

fn filled<T>(list: &[T]) -> Option<Json<&[T]>> {
    (!list.is_empty()).then_some(Json(list))
}

/// Whether the newest record of the batch, or else its newest event, is stored.
pub(super) async fn is_stored(connection: &mut PgConnection, world: &str, batch: &Batch) -> Result<bool, StoreError> {
    let query = if let Some(record) = batch.records.last() {
        let query = "SELECT FROM world_ticks WHERE world_id = $1 AND tick = $2
             AND (hash_characters, hash_objects, hash_tiles) = ($3, $4, $5)";
        let hashes = [record.hashes.characters, record.hashes.objects, record.hashes.tiles];
        let query = sqlx::query(query).bind(world).bind(tick_column(record.tick)?);
        hashes.into_iter().fold(query, |query, hash| query.bind(hash.cast_signed()))
    } else if let Some(event) = batch.events.last() {
        let query = "SELECT FROM action_events
             WHERE world_id = $1 AND session_id = $2 AND sequence_number = $3 AND action_id = $4";
        sqlx::query(query)
            .bind(world)
            .bind(event.session_id.0)
            .bind(seq_column(event.sequence_number)?)
            .bind(event.action_id.0)
    } else {
        return Ok(false);
    };
    Ok(query.fetch_optional(connection).await?.is_some())
}
