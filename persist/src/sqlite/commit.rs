//! Writes a batch to SQLite in one transaction, many rows a statement. Called with the writing
//! connection only.

use sqlx::{AssertSqlSafe, Connection, SqliteConnection};
use tilemud_schema::{ActionEvent, CharacterId, TickRecord, Timestamp};

use super::lease;
use super::own::{Own, Part};
use super::rows::{json, parsed, text_of_uuid};
use crate::column::{count_column, now, seq_column, tick_column};
use crate::document::document;
use crate::store::{Batch, CommitReport, ProfileWrite, StoreError};
use crate::versions::Versions;
use crate::written::Written;

/// Rows of one statement, largest first. Few sizes, so that all their statements stay prepared; a
/// statement of 512 events has 5,632 of the 32,766 parameters SQLite allows, one of 512 profiles
/// 6,146.
const ROWS_PER_STATEMENT: [usize; 4] = [512, 64, 8, 1];

/// All of the batch, or nothing.
pub(super) async fn write(
    connection: &mut SqliteConnection,
    own: &Own,
    batch: &Batch,
) -> Result<CommitReport, StoreError> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    let part = write_part(&mut transaction, own, batch).await?;
    transaction.commit().await?;
    Ok(part.note(own, batch))
}

/// All of the batch within a transaction.
pub(super) async fn write_part(
    transaction: &mut SqliteConnection,
    own: &Own,
    batch: &Batch,
) -> Result<Part, StoreError> {
    let world = &*own.world;
    let written_at = batch.persisted_at.unwrap_or_else(now);
    let persisted_at = written_at.to_string();
    let mut report = CommitReport::default();
    let renewed = lease::check(transaction, world, own.epoch(), &own.lease).await?;
    for events in portions(&batch.events) {
        insert_events(transaction, world, &persisted_at, events).await?;
    }
    for records in portions(&batch.records) {
        insert_records(transaction, world, &persisted_at, batch, records).await?;
    }
    for profiles in portions(&batch.profiles) {
        let changed = changed_elsewhere(transaction, world, written_at, profiles, &own.versions).await?;
        report.profiles_changed_elsewhere.extend(changed);
        update_profiles(transaction, world, &persisted_at, profiles).await?;
    }
    sqlx::query(
        "INSERT INTO world_state (world_id, last_tick, updated_at) VALUES (?1, ?2, ?3)
         ON CONFLICT (world_id) DO UPDATE SET
             last_tick = MAX(last_tick, excluded.last_tick), updated_at = excluded.updated_at",
    )
    .bind(world)
    .bind(tick_column(batch.tick)?)
    .bind(&persisted_at)
    .execute(transaction)
    .await?;
    Ok(Part::new(report, renewed, written_at))
}

/// Whether the newest record of the batch, or else its newest event, is stored.
pub(super) async fn is_stored(
    connection: &mut SqliteConnection,
    world: &str,
    batch: &Batch,
) -> Result<bool, StoreError> {
    let query = if let Some(record) = batch.records.last() {
        let query = "SELECT 1 FROM world_ticks WHERE world_id = ?1 AND tick = ?2
             AND (hash_characters, hash_objects, hash_tiles) = (?3, ?4, ?5)";
        let hashes = [record.hashes.characters, record.hashes.objects, record.hashes.tiles];
        let query = sqlx::query(query).bind(world).bind(tick_column(record.tick)?);
        hashes.into_iter().fold(query, |query, hash| query.bind(hash.cast_signed()))
    } else if let Some(event) = batch.events.last() {
        let query = "SELECT 1 FROM action_events
             WHERE world_id = ?1 AND session_id = ?2 AND sequence_number = ?3 AND action_id = ?4";
        sqlx::query(query)
            .bind(world)
            .bind(text_of_uuid(event.session_id.0))
            .bind(seq_column(event.sequence_number)?)
            .bind(text_of_uuid(event.action_id.0))
    } else {
        return Ok(false);
    };
    Ok(query.fetch_optional(connection).await?.is_some())
}

async fn insert_events(
    connection: &mut SqliteConnection,
    world: &str,
    persisted_at: &str,
    events: &[ActionEvent],
) -> Result<(), StoreError> {
    let rows = repeated("(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", events.len());
    let statement = format!(
        "INSERT INTO action_events (world_id, session_id, sequence_number, action_id, user_id, character_id,
             action_type, payload, persisted_at, tick, tick_order)
         VALUES {rows}
         ON CONFLICT (world_id, session_id, sequence_number)
         DO UPDATE SET tick_order = -1 WHERE action_events.action_id <> excluded.action_id"
    );
    let mut query = sqlx::query(AssertSqlSafe(statement));
    for event in events {
        query = query
            .bind(world)
            .bind(text_of_uuid(event.session_id.0))
            .bind(seq_column(event.sequence_number)?)
            .bind(text_of_uuid(event.action_id.0))
            .bind(&*event.user_id.0)
            .bind(text_of_uuid(event.character_id.0))
            .bind(event.performed.action_type())
            .bind(json(&event.performed)?)
            .bind(persisted_at)
            .bind(tick_column(event.tick)?)
            .bind(i64::from(event.tick_order));
    }
    query.execute(connection).await?;
    Ok(())
}

async fn insert_records(
    connection: &mut SqliteConnection,
    world: &str,
    persisted_at: &str,
    batch: &Batch,
    records: &[TickRecord],
) -> Result<(), StoreError> {
    let rows = repeated("(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", records.len());
    let statement = format!(
        "INSERT INTO world_ticks AS stored (world_id, tick, hash_characters, hash_objects, hash_tiles, arrivals,
             departures, map_change, events, persisted_at)
         VALUES {rows}
         ON CONFLICT (world_id, tick) DO UPDATE SET events = -1
         WHERE (stored.hash_characters, stored.hash_objects, stored.hash_tiles)
             <> (excluded.hash_characters, excluded.hash_objects, excluded.hash_tiles)"
    );
    let mut query = sqlx::query(AssertSqlSafe(statement));
    for record in records {
        let TickRecord { tick, hashes, arrivals, departures, map_change } = record;
        query = query
            .bind(world)
            .bind(tick_column(*tick)?)
            .bind(hashes.characters.cast_signed())
            .bind(hashes.objects.cast_signed())
            .bind(hashes.tiles.cast_signed())
            .bind((!arrivals.is_empty()).then(|| json(arrivals)).transpose()?)
            .bind((!departures.is_empty()).then(|| json(departures)).transpose()?)
            .bind(map_change.as_ref().map(json).transpose()?)
            .bind(count_column(batch.events_of(*tick))?)
            .bind(persisted_at);
    }
    query.execute(connection).await?;
    Ok(())
}

/// Those whose stored version is neither the one this store knows nor this batch's own from an
/// earlier attempt.
async fn changed_elsewhere(
    connection: &mut SqliteConnection,
    world: &str,
    written_at: Timestamp,
    profiles: &[ProfileWrite],
    versions: &Versions,
) -> Result<Vec<CharacterId>, StoreError> {
    let known = versions.of(profiles.iter().map(|profile| profile.character_id));
    let rows = repeated("(?, ?)", profiles.len());
    let statement = format!(
        "WITH known (character_id, version) AS (VALUES {rows})
         SELECT profile.character_id FROM known JOIN character_profiles AS profile
             ON profile.world_id = ? AND profile.character_id = known.character_id
         WHERE profile.updated_at <> known.version AND profile.updated_at <> ?"
    );
    let mut query = sqlx::query(AssertSqlSafe(statement));
    for (profile, version) in profiles.iter().zip(known) {
        query = query.bind(text_of_uuid(profile.character_id.0)).bind(version.map(|version| version.to_string()));
    }
    let rows = query.bind(world).bind(written_at.to_string()).fetch_all(connection).await?;
    rows.iter().map(|row| Ok(CharacterId(parsed(row, "character_id")?))).collect()
}

async fn update_profiles(
    connection: &mut SqliteConnection,
    world: &str,
    persisted_at: &str,
    profiles: &[ProfileWrite],
) -> Result<(), StoreError> {
    let rows = repeated("(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", profiles.len());
    let statement = format!(
        "WITH newer (character_id, position_x, position_y, health, inventory, stats, state, tick, written_body,
             written_inventory, written_stats, written_state) AS (VALUES {rows})
         UPDATE character_profiles AS profile SET
             position_x = newer.position_x, position_y = newer.position_y, health = newer.health,
             inventory = newer.inventory, stats = newer.stats, state = newer.state,
             written_body = newer.written_body, written_inventory = newer.written_inventory,
             written_stats = newer.written_stats, written_state = newer.written_state,
             projected_tick = newer.tick, updated_at = ?
         FROM newer
         WHERE profile.world_id = ? AND profile.character_id = newer.character_id
             AND profile.projected_tick <= newer.tick"
    );
    let mut query = sqlx::query(AssertSqlSafe(statement));
    for ProfileWrite { character_id, state, tick } in profiles {
        let document = document(state);
        let written = Written::of(state, &document);
        query = query
            .bind(text_of_uuid(character_id.0))
            .bind(state.position.map(|position| position.x))
            .bind(state.position.map(|position| position.y))
            .bind(state.health)
            .bind(json(&state.inventory)?)
            .bind(json(&state.stats)?)
            .bind(json(&document)?)
            .bind(tick_column(*tick)?)
            .bind(written.body)
            .bind(written.inventory)
            .bind(written.stats)
            .bind(written.document);
    }
    query.bind(persisted_at).bind(world).execute(connection).await?;
    Ok(())
}

fn repeated(row: &str, times: usize) -> String {
    vec![row; times].join(", ")
}

/// Splits rows into chunks of the sizes of [`ROWS_PER_STATEMENT`].
fn portions<T>(mut rows: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let size = ROWS_PER_STATEMENT.into_iter().find(|size| *size <= rows.len())?;
        let (portion, rest) = rows.split_at(size);
        rows = rest;
        Some(portion)
    })
}

#[cfg(test)]
mod tests {
    use super::portions;

    #[test]
    fn portions_hold_every_row_once_and_in_order() {
        let rows: Vec<u32> = (0..1_105).collect();
        let sizes: Vec<usize> = portions(&rows).map(<[u32]>::len).collect();
        assert_eq!(sizes, [512, 512, 64, 8, 8, 1]);
        assert_eq!(portions(&rows).flatten().copied().collect::<Vec<_>>(), rows);
        assert_eq!(portions::<u32>(&[]).count(), 0);
    }
}
