//! Deletes old rows from SQLite, a few at a time, so that commits run in between. Later rows use
//! the free space; the file does not shrink.

use async_trait::async_trait;
use sqlx::{Connection as _, Row};
use tilemud_schema::Timestamp;

use super::{Query, SqliteStore};
use crate::sql;
use crate::store::{ClockJump, ClockSigns, Retention, RetentionReport, StoreError, newcomers_kept_from};

/// Rows of one transaction: a few milliseconds.
const ROWS_PER_TURN: i64 = 500;

const DAY_MS: i64 = 24 * 3_600 * 1_000;

/// Oldest events first. Events after one that is young enough are young enough too.
const EVENTS: &str = "
    DELETE FROM action_events WHERE rowid IN (
        SELECT rowid FROM (
            SELECT rowid, persisted_at FROM action_events INDEXED BY action_events_by_tick
            WHERE world_id = ?1 AND tick <= ?2 ORDER BY tick, tick_order LIMIT ?3)
        WHERE persisted_at < ?4)";

const TICKS: &str = "
    DELETE FROM world_ticks WHERE rowid IN (
        SELECT rowid FROM (
            SELECT rowid, persisted_at FROM world_ticks WHERE world_id = ?1 AND tick <= ?2 ORDER BY tick LIMIT ?3)
        WHERE persisted_at < ?4)";

/// Snapshots from which the log has become incomplete. Expired rows come first in the log, so few
/// rows are read. The parts of these snapshots are deleted with the next save.
const SNAPSHOTS: &str = "
    DELETE FROM world_snapshots WHERE world_id = ?1 AND tick < ?2 AND tick < (
        SELECT MAX(tick) FROM world_ticks WHERE world_id = ?1 AND tick <= ?2 AND tick < COALESCE(
            (SELECT tick FROM world_ticks WHERE world_id = ?1 AND persisted_at >= ?4 ORDER BY tick LIMIT 1),
            9223372036854775807))";

const SESSIONS: &str = "
    DELETE FROM sessions WHERE rowid IN (
        SELECT rowid FROM sessions WHERE world_id = ?1 AND token_expires_at < ?2 ORDER BY token_expires_at LIMIT ?3)";

/// What the statements above would delete.
const PLAN: &str = "
    WITH newest AS (SELECT MAX(tick) AS tick FROM world_snapshots WHERE world_id = ?1),
    old AS (SELECT MAX(ticks.tick) AS tick, COUNT(*) AS count FROM world_ticks AS ticks, newest
        WHERE world_id = ?1 AND ticks.tick <= newest.tick AND persisted_at < ?2)
    SELECT
        (SELECT COUNT(*) FROM action_events AS event, newest
            WHERE world_id = ?1 AND event.tick <= newest.tick AND persisted_at < ?2) AS events,
        old.count AS ticks,
        (SELECT COUNT(*) FROM world_snapshots AS snapshot, newest
            WHERE world_id = ?1 AND snapshot.tick < newest.tick AND snapshot.tick < old.tick) AS snapshots,
        (SELECT COUNT(*) FROM sessions WHERE world_id = ?1 AND token_expires_at < ?3) AS sessions
    FROM old";

#[async_trait]
impl Retention for SqliteStore {
    async fn retain(&self, now: Timestamp, keep_days: u16) -> Result<RetentionReport, StoreError> {
        let newest = self.query("SELECT MAX(tick) AS tick FROM world_snapshots WHERE world_id = ?1");
        let recovered_from: Option<i64> =
            self.read(newest).await?.map(|row| row.try_get("tick")).transpose()?.flatten();
        let mut report = RetentionReport::default();
        if let Some(tick) = recovered_from {
            let oldest = now.plus_millis(-DAY_MS * i64::from(keep_days)).to_string();
            let old = |statement| self.query(statement).bind(tick).bind(ROWS_PER_TURN).bind(&*oldest);
            report.snapshots_deleted = self.delete_in_turns(|| old(SNAPSHOTS)).await?;
            report.rows_deleted = self.delete_in_turns(|| old(EVENTS)).await?;
            report.ticks_deleted = self.delete_in_turns(|| old(TICKS)).await?;
        }
        let newcomers_since = newcomers_kept_from(now, keep_days);
        let now = now.to_string();
        report.sessions_deleted = self.delete_in_turns(|| self.query(SESSIONS).bind(&*now).bind(ROWS_PER_TURN)).await?;
        report.newcomers_deleted = self.forget_newcomers(newcomers_since).await?;
        Ok(report)
    }

    async fn retention_plan(&self, now: Timestamp, keep_days: u16) -> Result<RetentionReport, StoreError> {
        let oldest = now.plus_millis(-DAY_MS * i64::from(keep_days)).to_string();
        let row = self.read(self.query(PLAN).bind(oldest).bind(now.to_string())).await?;
        let Some(row) = row else { return Ok(RetentionReport::default()) };
        let count = |column| Ok::<u64, StoreError>(row.try_get::<i64, _>(column)?.cast_unsigned());
        Ok(RetentionReport {
            rows_deleted: count("events")?,
            ticks_deleted: count("ticks")?,
            snapshots_deleted: count("snapshots")?,
            sessions_deleted: count("sessions")?,
            newcomers_deleted: self.count_newcomers(newcomers_kept_from(now, keep_days)).await?,
            ..RetentionReport::default()
        })
    }

    async fn clock_signs(&self) -> Result<ClockSigns, StoreError> {
        self.read_clock_signs().await
    }

    async fn note_clock_jump(&self, jump: ClockJump) -> Result<(), StoreError> {
        sql::note_clock_jump(self, jump).await
    }

    async fn forget_clock_jumps(&self) -> Result<(), StoreError> {
        sql::forget_clock_jumps(self).await
    }
}

impl SqliteStore {
    async fn delete_in_turns<'a>(&self, query: impl Fn() -> Query<'a>) -> Result<u64, StoreError> {
        let mut deleted = 0;
        loop {
            // A place per turn: commits that wait meanwhile are before the next one.
            let mut acquired = self.shard.writer().await?;
            let mut transaction = acquired.connection.begin_with("BEGIN IMMEDIATE").await?;
            // Needs no lease: what goes is needed by no holder, and an operator may clean up beside
            // a running server.
            let rows = query().execute(&mut *transaction).await?.rows_affected();
            transaction.commit().await?;
            acquired.release();
            deleted += rows;
            if rows < ROWS_PER_TURN.cast_unsigned() {
                return Ok(deleted);
            }
        }
    }
}
