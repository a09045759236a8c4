//! Writes a batch to Postgres. Called with the writing connection only.
//!
//! A batch is one statement, so it is a transaction by itself, takes one round trip, and stays prepared whatever its
//! size: rows travel as one array per column.

use sqlx::types::{Json, Uuid};
use sqlx::{PgConnection, Row};
use tilemud_schema::{ActionEvent, CharacterId};

use super::rows::Timestamptz;
use crate::column::{count_column, now, seq_column, tick_column};
use crate::store::{Batch, CommitReport, StoreError};
use crate::versions::Versions;

/// `held` locks the row of the lease before anything is written. All parts see the tables as they were before, so `changed`
/// finds the version that `projected` replaces.
const WRITE: &str = "
    WITH held AS (
        UPDATE world_leases SET renewed_at = clock_timestamp() WHERE world_id = $1 AND epoch = $2 RETURNING epoch
    ), writer AS (
        SELECT FROM held
        UNION ALL SELECT WHERE $2 IS NULL AND NOT EXISTS (SELECT FROM world_leases WHERE world_id = $1)
    ), logged AS (
        INSERT INTO action_events AS stored (world_id, session_id, sequence_number, action_id, user_id, character_id,
            action_type, payload, persisted_at, tick, tick_order)
        SELECT $1, event.* FROM UNNEST($5::uuid[], $6::bigint[], $7::uuid[], $8::text[], $9::uuid[], $10::text[],
            $11::jsonb[], $12::timestamptz[], $13::bigint[], $14::integer[]) AS event
        WHERE EXISTS (SELECT FROM writer)
        ON CONFLICT (world_id, session_id, sequence_number)
        DO UPDATE SET tick_order = -1 WHERE stored.action_id <> excluded.action_id
    ), recorded AS (
        INSERT INTO world_ticks AS stored (world_id, tick, hash_characters, hash_objects, hash_tiles, arrivals, departures,
            events, persisted_at)
        SELECT $1, record.*, $4 FROM UNNEST($15::bigint[], $16::bigint[], $17::bigint[], $18::bigint[], $19::jsonb[],
            $20::jsonb[], $21::integer[]) AS record
        WHERE EXISTS (SELECT FROM writer)
        ON CONFLICT (world_id, tick) DO UPDATE SET events = -1
        WHERE (stored.hash_characters, stored.hash_objects, stored.hash_tiles)
            <> (excluded.hash_characters, excluded.hash_objects, excluded.hash_tiles)
    ), newer AS (
        SELECT * FROM UNNEST($22::uuid[], $23::integer[], $24::integer[], $25::integer[], $26::jsonb[], $27::jsonb[],
            $28::bigint[], $29::timestamptz[])
            AS newer (character_id, position_x, position_y, health, inventory, stats, tick, version)
        WHERE EXISTS (SELECT FROM writer)
    ), changed AS (
        SELECT profile.character_id FROM newer JOIN character_profiles AS profile
            ON profile.world_id = $1 AND profile.character_id = newer.character_id
        WHERE profile.updated_at <> newer.version AND profile.updated_at <> $4
    ), projected AS (
        UPDATE character_profiles AS profile SET
            position_x = newer.position_x, position_y = newer.position_y, health = newer.health,
            inventory = COALESCE(newer.inventory, profile.inventory),
            stats = COALESCE(newer.stats, profile.stats),
            projected_tick = newer.tick, updated_at = $4
        FROM newer
        WHERE profile.world_id = $1 AND profile.character_id = newer.character_id
            AND profile.projected_tick <= newer.tick
    ), reserved AS (
        INSERT INTO world_state AS state (world_id, last_tick, updated_at)
        SELECT $1, $3, $4 WHERE EXISTS (SELECT FROM writer)
        ON CONFLICT (world_id) DO UPDATE SET
            last_tick = GREATEST(state.last_tick, excluded.last_tick), updated_at = excluded.updated_at
    )
    SELECT EXISTS (SELECT FROM writer) AS is_writer, ARRAY(SELECT character_id FROM changed) AS changed";

/// All of the batch, or nothing.
pub(super) async fn write(
    connection: &mut PgConnection,
    world: &str,
    epoch: Option<i64>,
    batch: &Batch,
    versions: &Versions,
) -> Result<CommitReport, StoreError> {
    let Batch { tick, persisted_at, events, profiles, records } = batch;
    let written_at = persisted_at.unwrap_or_else(now);
    let seqs: Vec<i64> = events.iter().map(|event| seq_column(event.sequence_number)).collect::<Result<_, _>>()?;
    let ticks: Vec<i64> = events.iter().map(|event| tick_column(event.tick)).collect::<Result<_, _>>()?;
    let watermarks: Vec<i64> = profiles.iter().map(|profile| tick_column(profile.tick)).collect::<Result<_, _>>()?;
    let orders: Vec<i32> = events
        .iter()
        .map(|event| i32::try_from(event.tick_order).map_err(|error| StoreError::Rejected(error.into())))
        .collect::<Result<_, _>>()?;
    let recorded: Vec<i64> = records.iter().map(|record| tick_column(record.tick)).collect::<Result<_, _>>()?;
    let counts: Vec<i32> =
        records.iter().map(|record| count_column(batch.events_of(record.tick))).collect::<Result<_, _>>()?;
    let time_of = |event: &ActionEvent| Timestamptz(persisted_at.unwrap_or(event.persisted_at));
    let known = versions.of(profiles.iter().map(|profile| profile.character_id));
    let row = sqlx::query(WRITE)
        .bind(world)
        .bind(epoch)
        .bind(tick_column(*tick)?)
        .bind(Timestamptz(written_at))
        .bind(events.iter().map(|event| event.session_id.0).collect::<Vec<_>>())
        .bind(seqs)
        .bind(events.iter().map(|event| event.action_id.0).collect::<Vec<_>>())
        .bind(events.iter().map(|event| &*event.user_id.0).collect::<Vec<_>>())
        .bind(events.iter().map(|event| event.character_id.0).collect::<Vec<_>>())
        .bind(events.iter().map(|event| event.payload.action_type().as_str()).collect::<Vec<_>>())
        .bind(events.iter().map(|event| Json(&event.payload)).collect::<Vec<_>>())
        .bind(events.iter().map(time_of).collect::<Vec<_>>())
        .bind(ticks)
        .bind(orders)
        .bind(recorded)
        .bind(records.iter().map(|record| record.hashes.characters.cast_signed()).collect::<Vec<_>>())
        .bind(records.iter().map(|record| record.hashes.objects.cast_signed()).collect::<Vec<_>>())
        .bind(records.iter().map(|record| record.hashes.tiles.cast_signed()).collect::<Vec<_>>())
        .bind(records.iter().map(|record| filled(&record.arrivals)).collect::<Vec<_>>())
        .bind(records.iter().map(|record| filled(&record.departures)).collect::<Vec<_>>())
        .bind(counts)
        .bind(profiles.iter().map(|profile| profile.character_id.0).collect::<Vec<_>>())
        .bind(profiles.iter().map(|profile| profile.position.x).collect::<Vec<_>>())
        .bind(profiles.iter().map(|profile| profile.position.y).collect::<Vec<_>>())
        .bind(profiles.iter().map(|profile| profile.health).collect::<Vec<_>>())
        .bind(profiles.iter().map(|profile| profile.inventory.as_deref().map(Json)).collect::<Vec<_>>())
        .bind(profiles.iter().map(|profile| profile.stats.as_deref().map(Json)).collect::<Vec<_>>())
        .bind(watermarks)
        .bind(known.into_iter().map(|version| version.map(Timestamptz)).collect::<Vec<_>>())
        .fetch_one(connection)
        .await?;
    if !row.try_get::<bool, _>("is_writer")? {
        return Err(StoreError::Fenced);
    }
    versions.note_written(profiles.iter().map(|profile| profile.character_id), written_at);
    let changed: Vec<Uuid> = row.try_get("changed")?;
    Ok(CommitReport { profiles_changed_elsewhere: changed.into_iter().map(CharacterId).collect() })
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
