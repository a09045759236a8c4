//! Writes a batch to Postgres and brings profiles up to the log. Called with the writing connection only.
//!
//! A batch is one statement, so it is a transaction by itself, takes one round trip, and stays prepared whatever its
//! size: rows travel as one array per column.

use sqlx::PgConnection;
use sqlx::types::Json;

use super::rows::Timestamptz;
use crate::column::{now, seq_column, tick_column};
use crate::store::{Batch, StoreError};

const WRITE: &str = "
    WITH logged AS (
        INSERT INTO action_events AS stored (world_id, session_id, sequence_number, action_id, user_id, character_id,
            action_type, payload, persisted_at, tick, tick_order)
        SELECT $1, event.* FROM UNNEST($4::uuid[], $5::bigint[], $6::uuid[], $7::text[], $8::uuid[], $9::text[],
            $10::jsonb[], $11::timestamptz[], $12::bigint[], $13::integer[]) AS event
        ON CONFLICT (world_id, session_id, sequence_number)
        DO UPDATE SET tick_order = -1 WHERE stored.action_id <> excluded.action_id
    ), projected AS (
        UPDATE character_profiles AS profile SET
            position_x = newer.position_x, position_y = newer.position_y, health = newer.health,
            inventory = COALESCE(newer.inventory, profile.inventory),
            stats = COALESCE(newer.stats, profile.stats),
            projected_tick = newer.tick, updated_at = $3
        FROM UNNEST($14::uuid[], $15::integer[], $16::integer[], $17::integer[], $18::jsonb[], $19::jsonb[],
            $20::bigint[]) AS newer (character_id, position_x, position_y, health, inventory, stats, tick)
        WHERE profile.world_id = $1 AND profile.character_id = newer.character_id
            AND profile.projected_tick <= newer.tick
    )
    INSERT INTO world_state AS state (world_id, last_tick, updated_at) VALUES ($1, $2, $3)
    ON CONFLICT (world_id) DO UPDATE SET
        last_tick = GREATEST(state.last_tick, excluded.last_tick), updated_at = excluded.updated_at";

/// All of the batch, or nothing.
pub(super) async fn write(connection: &mut PgConnection, world: &str, batch: &Batch) -> Result<(), StoreError> {
    let Batch { tick, persisted_at, events, profiles } = batch;
    let seqs: Vec<i64> = events.iter().map(|event| seq_column(event.sequence_number)).collect::<Result<_, _>>()?;
    let ticks: Vec<i64> = events.iter().map(|event| tick_column(event.tick)).collect::<Result<_, _>>()?;
    let watermarks: Vec<i64> = profiles.iter().map(|profile| tick_column(profile.tick)).collect::<Result<_, _>>()?;
    let orders: Vec<i32> = events
        .iter()
        .map(|event| i32::try_from(event.tick_order).map_err(|error| StoreError::Rejected(error.into())))
        .collect::<Result<_, _>>()?;
    let time_of = |event: &tilemud_schema::ActionEvent| Timestamptz(persisted_at.unwrap_or(event.persisted_at));
    sqlx::query(WRITE)
        .bind(world)
        .bind(tick_column(*tick)?)
        .bind(Timestamptz(persisted_at.unwrap_or_else(now)))
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
        .bind(profiles.iter().map(|profile| profile.character_id.0).collect::<Vec<_>>())
        .bind(profiles.iter().map(|profile| profile.position.x).collect::<Vec<_>>())
        .bind(profiles.iter().map(|profile| profile.position.y).collect::<Vec<_>>())
        .bind(profiles.iter().map(|profile| profile.health).collect::<Vec<_>>())
        .bind(profiles.iter().map(|profile| profile.inventory.as_deref().map(Json)).collect::<Vec<_>>())
        .bind(profiles.iter().map(|profile| profile.stats.as_deref().map(Json)).collect::<Vec<_>>())
        .bind(watermarks)
        .execute(connection)
        .await?;
    Ok(())
}

/// Puts the newest logged position of every character into its profile where the log is ahead. Looks each character
/// up in the index by character instead of reading the log, whose length is a month.
pub(super) async fn catch_up_profiles(connection: &mut PgConnection, world: &str) -> Result<u64, StoreError> {
    let done = sqlx::query(
        "UPDATE character_profiles AS profile SET
             position_x = newest.position_x, position_y = newest.position_y,
             projected_tick = newest.tick, updated_at = newest.persisted_at
         FROM (
             SELECT behind.character_id, event.* FROM character_profiles AS behind
             CROSS JOIN LATERAL (
                 SELECT (payload #>> '{to,x}')::integer AS position_x, (payload #>> '{to,y}')::integer AS position_y,
                     tick, persisted_at
                 FROM action_events
                 WHERE world_id = behind.world_id AND character_id = behind.character_id
                     AND tick > behind.projected_tick AND action_type = 'move'
                 ORDER BY tick DESC, tick_order DESC LIMIT 1) AS event
             WHERE behind.world_id = $1) AS newest
         WHERE profile.world_id = $1 AND profile.character_id = newest.character_id",
    )
    .bind(world)
    .execute(connection)
    .await?;
    Ok(done.rows_affected())
}
