//! Deletes old rows from Postgres. The log is deleted by whole partitions, one for each day on
//! which sessions began, which are made ahead here; rows from before there were partitions are in
//! the default one and are deleted bit by bit, as are those of a day that other worlds have a part
//! in: each world deletes its own rows, and the last one drops the partition.
//!
//! Making and dropping partitions needs locks that block commits, so both give up after
//! [`LOCK_TIMEOUT`] until the next run.

use async_trait::async_trait;
use sqlx::postgres::PgRow;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, Row};
use tilemud_schema::Timestamp;

use super::rows::Timestamptz;
use super::shard::Tidied;
use super::{PostgresStore, Query, SLOW_TIMEOUT, within};
use crate::sql;
use crate::store::{ClockJump, ClockSigns, Retention, RetentionReport, StoreError, newcomers_kept_from};

/// Days that get a partition ahead of time, today included.
const DAYS_AHEAD: i64 = 3;

/// Longest wait for a lock. A commit may wait behind it for as long.
const LOCK_TIMEOUT: &str = "SET LOCAL lock_timeout = '200ms'";

/// Longest scan of the default partition for rows of a new one. Commits wait for it too.
const ATTACH_TIMEOUT: &str = "SET LOCAL statement_timeout = '1s'";

/// Rows of one transaction.
const ROWS_PER_TURN: i64 = 2_000;

/// For how long partitions that were looked after are left alone, microseconds: less than a day, so
/// that it is done once a day, and longer than the worlds of a process take one after the other.
const TIDY_FOR_US: u64 = 12 * 3_600 * 1_000_000;

const DAY_US: i64 = 24 * 3_600 * 1_000_000;

/// SQLSTATE of a lock that was not granted in time, a statement that took too long, a deadlock,
/// rows of the new partition in the default one, and a table that has this name already.
const NOT_NOW: [&str; 5] = ["55P03", "57014", "40P01", "23514", "42P07"];

const PARTITIONS: &str = "
    SELECT child.relname FROM pg_inherits JOIN pg_class AS child ON child.oid = inhrelid
    WHERE inhparent = 'action_events'::regclass ORDER BY child.relname";

const DEFAULT_PARTITION: &str = "action_events_default";

/// Oldest events of a partition first. Events after one that is young enough are young enough too.
fn events_of(partition: &str) -> String {
    format!(
        "DELETE FROM {partition} WHERE ctid = ANY (ARRAY(
             SELECT ctid FROM (
                 SELECT ctid, persisted_at FROM {partition}
                 WHERE world_id = $1 AND tick <= $2 ORDER BY tick LIMIT $3) AS oldest
             WHERE persisted_at < $4))"
    )
}

const TICKS: &str = "
    DELETE FROM world_ticks WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM (
            SELECT ctid, persisted_at FROM world_ticks WHERE world_id = $1 AND tick <= $2 ORDER BY tick LIMIT $3) AS oldest
        WHERE persisted_at < $4))";

/// Snapshots from which the log has become incomplete. Expired rows come first in the log, so few
/// rows are read.
const SNAPSHOTS: &str = "
    DELETE FROM world_snapshots WHERE world_id = $1 AND tick < $2 AND tick < (
        SELECT MAX(tick) FROM world_ticks WHERE world_id = $1 AND tick <= $2 AND tick < COALESCE(
            (SELECT tick FROM world_ticks WHERE world_id = $1 AND persisted_at >= $3 ORDER BY tick LIMIT 1),
            9223372036854775807))";

const SESSIONS: &str = "
    DELETE FROM sessions WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM sessions WHERE world_id = $1 AND token_expires_at < $2 ORDER BY token_expires_at LIMIT $3))";

/// What the statements above would delete.
const PLAN: &str = "
    WITH newest AS (SELECT MAX(tick) AS tick FROM world_snapshots WHERE world_id = $1),
    old AS (SELECT MAX(ticks.tick) AS tick, COUNT(*) AS count FROM world_ticks AS ticks, newest
        WHERE world_id = $1 AND ticks.tick <= newest.tick AND persisted_at < $2)
    SELECT
        old.count AS ticks,
        (SELECT COUNT(*) FROM world_snapshots AS snapshot, newest
            WHERE world_id = $1 AND snapshot.tick < newest.tick AND snapshot.tick < old.tick) AS snapshots,
        (SELECT COUNT(*) FROM sessions WHERE world_id = $1 AND token_expires_at < $3) AS sessions
    FROM old";

/// A day, and the partition of the sessions that began on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Day(i64);

impl Day {
    fn of(time: Timestamp) -> Self {
        Self(time.as_micros().div_euclid(DAY_US))
    }

    /// The name of its partition, `action_events_20261124`.
    fn partition(self) -> Option<String> {
        let start = jiff::Timestamp::from_microsecond(self.0.checked_mul(DAY_US)?).ok()?;
        let date = start.to_zoned(jiff::tz::TimeZone::UTC).date();
        Some(format!("action_events_{:04}{:02}{:02}", date.year(), date.month(), date.day()))
    }

    /// The day of a partition; `None` for the default one and others this program did not make.
    fn of_partition(name: &str) -> Option<Self> {
        let digits = name.strip_prefix("action_events_")?;
        let (year, month, day) = (digits.get(..4)?, digits.get(4..6)?, digits.get(6..8)?);
        let date = jiff::civil::Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()?;
        let start = date.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp();
        let day = Self(start.as_microsecond().div_euclid(DAY_US));
        (day.partition()? == name).then_some(day)
    }

    /// The smallest UUID v7 of the day: 48 bits of milliseconds come first.
    fn first_session(self) -> String {
        let digits = format!("{:012x}", self.0.saturating_mul(DAY_US / 1_000));
        format!("{}-{}-0000-0000-000000000000", &digits[..8], &digits[8..])
    }
}

#[async_trait]
impl Retention for PostgresStore {
    async fn retain(&self, now: Timestamp, keep_days: u16) -> Result<RetentionReport, StoreError> {
        // Needs no lease: what goes is needed by no holder, and an operator may clean up beside a
        // running server.
        let mut report = RetentionReport::default();
        let oldest = Timestamp::from_micros(now.as_micros().saturating_sub(DAY_US * i64::from(keep_days)));
        let shared = self.tidied(now, oldest, &mut report).await?;
        let recovered_from = self.recovered_from(&self.world).await?;
        if let Some(tick) = recovered_from {
            report.snapshots_deleted += self.delete_incomplete(&self.world, tick, oldest).await?;
            for partition in shared.iter().map(String::as_str).chain([DEFAULT_PARTITION]) {
                let statement = events_of(partition);
                let old = || {
                    let query = sqlx::query(AssertSqlSafe(statement.clone())).persistent(false).bind(&*self.world);
                    query.bind(tick).bind(ROWS_PER_TURN).bind(Timestamptz(oldest))
                };
                report.rows_deleted += self.delete_in_turns(old).await?;
            }
            let old = || self.query(TICKS).bind(tick).bind(ROWS_PER_TURN).bind(Timestamptz(oldest));
            report.ticks_deleted = self.delete_in_turns(old).await?;
        }
        let expired = || self.query(SESSIONS).bind(Timestamptz(now)).bind(ROWS_PER_TURN);
        report.sessions_deleted = self.delete_in_turns(expired).await?;
        report.newcomers_deleted = self.forget_newcomers(newcomers_kept_from(now, keep_days)).await?;
        Ok(report)
    }

    async fn retention_plan(&self, now: Timestamp, keep_days: u16) -> Result<RetentionReport, StoreError> {
        let oldest = Timestamp::from_micros(now.as_micros().saturating_sub(DAY_US * i64::from(keep_days)));
        let mut report = RetentionReport::default();
        for name in self.partitions_before(oldest).await? {
            match self.content(&name, oldest).await? {
                Content::Old => report.partitions_dropped += 1,
                Content::Shared => report.rows_deleted += self.count_old(&name, oldest).await?,
                Content::Needed => {}
            }
        }
        report.rows_deleted += self.count_old(DEFAULT_PARTITION, oldest).await?;
        let row = self.read(self.query(PLAN).bind(Timestamptz(oldest)).bind(Timestamptz(now))).await?;
        let Some(row) = row else { return Ok(report) };
        let count = |column| Ok::<u64, StoreError>(row.try_get::<i64, _>(column)?.cast_unsigned());
        report.ticks_deleted = count("ticks")?;
        report.snapshots_deleted = count("snapshots")?;
        report.sessions_deleted = count("sessions")?;
        report.newcomers_deleted = self.count_newcomers(newcomers_kept_from(now, keep_days)).await?;
        Ok(report)
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

impl PostgresStore {
    /// Looks after the partitions, unless one of the worlds that share them has just done so.
    /// Returns those that are due and stay, because worlds of others have rows in them.
    async fn tidied(
        &self,
        now: Timestamp,
        oldest: Timestamp,
        report: &mut RetentionReport,
    ) -> Result<Vec<String>, StoreError> {
        let mut janitor = self.shard.janitor.lock().await;
        let is_done = |tidied: &&Tidied| now.as_micros().abs_diff(tidied.at.as_micros()) < TIDY_FOR_US;
        if let Some(tidied) = janitor.as_ref().filter(is_done).filter(|_| self.shard.worlds.len() > 1) {
            return Ok(tidied.shared.clone());
        }
        self.make_partitions(Day::of(now), report).await?;
        for world in &self.shard.worlds {
            if let Some(tick) = self.recovered_from(world).await? {
                report.snapshots_deleted += self.delete_incomplete(world, tick, oldest).await?;
            }
        }
        // Only now: a snapshot whose log has gone must not be there.
        let shared = self.drop_partitions(oldest, report).await?;
        *janitor = Some(Tidied { at: now, shared: shared.clone() });
        Ok(shared)
    }

    /// The tick of the newest snapshot of a world.
    async fn recovered_from(&self, world: &str) -> Result<Option<i64>, StoreError> {
        let newest = sqlx::query("SELECT MAX(tick) AS tick FROM world_snapshots WHERE world_id = $1").bind(world);
        Ok(self.read(newest).await?.map(|row| row.try_get("tick")).transpose()?.flatten())
    }

    async fn delete_incomplete(&self, world: &str, tick: i64, oldest: Timestamp) -> Result<u64, StoreError> {
        self.write(sqlx::query(SNAPSHOTS).bind(world).bind(tick).bind(Timestamptz(oldest))).await
    }

    async fn delete_in_turns<'a>(&self, query: impl Fn() -> Query<'a>) -> Result<u64, StoreError> {
        let mut deleted = 0;
        loop {
            let rows = self.write(query()).await?;
            deleted += rows;
            if rows < ROWS_PER_TURN.cast_unsigned() {
                return Ok(deleted);
            }
        }
    }

    async fn partitions(&self) -> Result<Vec<String>, StoreError> {
        within(SLOW_TIMEOUT, async {
            let mut acquired = self.shard.slow.acquire_tested().await?;
            let rows = sqlx::query(PARTITIONS).fetch_all(&mut acquired.connection).await?;
            acquired.release();
            rows.iter().map(|row| Ok(row.try_get("relname")?)).collect()
        })
        .await
    }

    async fn make_partitions(&self, today: Day, report: &mut RetentionReport) -> Result<(), StoreError> {
        let there = self.partitions().await?;
        for day in (today.0..today.0 + DAYS_AHEAD).map(Day) {
            let Some(name) = day.partition() else { continue };
            if there.contains(&name) {
                continue;
            }
            let attach = format!(
                "CREATE TABLE {name} (LIKE action_events INCLUDING ALL);
                 ALTER TABLE action_events ATTACH PARTITION {name} FOR VALUES FROM ('{}') TO ('{}')",
                day.first_session(),
                Day(day.0 + 1).first_session()
            );
            if self.change([LOCK_TIMEOUT, ATTACH_TIMEOUT], attach).await? {
                report.partitions_made += 1;
            } else {
                report.partitions_left_out += 1;
            }
        }
        Ok(())
    }

    /// The partitions of days on which nothing can be young enough any more but what went on.
    async fn partitions_before(&self, oldest: Timestamp) -> Result<Vec<String>, StoreError> {
        let is_over = |name: &String| Day::of_partition(name).is_some_and(|day| day.0 < Day::of(oldest).0);
        Ok(self.partitions().await?.into_iter().filter(is_over).collect())
    }

    /// Returns those that are due and stay, because other worlds have rows in them.
    async fn drop_partitions(
        &self,
        oldest: Timestamp,
        report: &mut RetentionReport,
    ) -> Result<Vec<String>, StoreError> {
        let mut shared = Vec::new();
        for name in self.partitions_before(oldest).await? {
            match self.content(&name, oldest).await? {
                Content::Old => {}
                Content::Shared => {
                    shared.push(name);
                    continue;
                }
                Content::Needed => continue,
            }
            // A session of that day may still be going on: its events wait at the lock, so that
            // what is found is final.
            let drop = format!(
                "DO $$ BEGIN
                     LOCK TABLE {name} IN SHARE MODE;
                     IF NOT {} AND {} THEN DROP TABLE {name}; END IF;
                 END $$",
                is_shared_condition(&name, WORLDS_SETTING, self.shard.worlds.len()),
                is_old_condition(&name, WORLDS_SETTING, oldest)
            );
            if self.change([LOCK_TIMEOUT], drop).await? && !self.partitions().await?.contains(&name) {
                report.partitions_dropped += 1;
            } else {
                report.partitions_in_use += 1;
            }
        }
        Ok(shared)
    }

    /// Looks without a lock; this may take its time.
    async fn content(&self, partition: &str, oldest: Timestamp) -> Result<Content, StoreError> {
        let statement = format!(
            "SELECT {} AS is_shared, {} AS is_old",
            is_shared_condition(partition, "$1::text[]", self.shard.worlds.len()),
            is_old_condition(partition, "$1::text[]", oldest)
        );
        let query = sqlx::query(AssertSqlSafe(statement)).persistent(false).bind(&self.shard.worlds);
        let row = self.look(query).await?;
        Ok(match (row.try_get("is_shared")?, row.try_get("is_old")?) {
            (true, _) => Content::Shared,
            (false, true) => Content::Old,
            (false, false) => Content::Needed,
        })
    }

    /// How many rows of this world are old in it.
    async fn count_old(&self, partition: &str, oldest: Timestamp) -> Result<u64, StoreError> {
        let statement = format!(
            "SELECT COUNT(*) AS count FROM {partition} WHERE world_id = $1 AND persisted_at < '{oldest}'
                 AND tick <= (SELECT MAX(tick) FROM world_snapshots WHERE world_id = $1)"
        );
        let query = sqlx::query(AssertSqlSafe(statement)).persistent(false).bind(&*self.world);
        Ok(self.look(query).await?.try_get::<i64, _>("count")?.cast_unsigned())
    }

    /// The one row that a query has.
    async fn look(&self, query: Query<'_>) -> Result<PgRow, StoreError> {
        within(SLOW_TIMEOUT, async {
            let mut acquired = self.shard.slow.acquire_tested().await?;
            let row = query.fetch_one(&mut acquired.connection).await?;
            acquired.release();
            Ok(row)
        })
        .await
    }

    /// Alters tables in one transaction. False when a lock was not granted in time.
    async fn change<const N: usize>(&self, limits: [&'static str; N], change: String) -> Result<bool, StoreError> {
        within(SLOW_TIMEOUT, async {
            let mut acquired = self.shard.slow.acquire_tested().await?;
            match changed(&mut acquired.connection, &self.shard.worlds, limits, change).await {
                Ok(()) => {
                    acquired.release();
                    Ok(true)
                }
                Err(sqlx::Error::Database(answer))
                    if answer.code().is_some_and(|code| NOT_NOW.contains(&code.as_ref())) =>
                {
                    Ok(false)
                }
                Err(error) => Err(error.into()),
            }
        })
        .await
    }
}

/// What is in the partition of a day that is over.
enum Content {
    /// Only rows of these worlds, which nobody needs any more; or none.
    Old,
    /// Rows of other worlds, which are for those to judge.
    Shared,
    /// Rows of these worlds that are young, or that a recovery would read.
    Needed,
}

/// The worlds within a block of statements, which takes no parameters.
const WORLDS_SETTING: &str = "current_setting('tilemud.worlds')::text[]";

/// Whether it has rows of other worlds. `worlds` is an expression for an array of these, which are
/// so many.
fn is_shared_condition(partition: &str, worlds: &str, count: usize) -> String {
    // Ranges between one and the next, which the index knows; it knows no inequality.
    let world = |number: usize| format!("(SELECT (ARRAY(SELECT w FROM unnest({worlds}) AS w ORDER BY w))[{number}])");
    let ranges = (0..=count).map(|before| {
        let after = (before > 0).then(|| format!("world_id > {}", world(before)));
        let until = (before < count).then(|| format!("world_id < {}", world(before + 1)));
        let range: Vec<_> = after.into_iter().chain(until).collect();
        format!("EXISTS (SELECT FROM {partition} WHERE {})", range.join(" AND "))
    });
    format!("({})", ranges.collect::<Vec<_>>().join(" OR "))
}

/// Whether it has no rows younger than `oldest` and none that a recovery would read, if all of them
/// are of these worlds.
fn is_old_condition(partition: &str, worlds: &str, oldest: Timestamp) -> String {
    format!(
        "(NOT EXISTS (SELECT FROM {partition} WHERE persisted_at >= '{oldest}')
          AND NOT EXISTS (SELECT FROM unnest({worlds}) AS own (world) WHERE EXISTS (
              SELECT FROM {partition} WHERE world_id = own.world AND tick > COALESCE(
                  (SELECT MAX(tick) FROM world_snapshots WHERE world_id = own.world), -1))))"
    )
}

async fn changed<const N: usize>(
    connection: &mut PgConnection,
    worlds: &[String],
    limits: [&'static str; N],
    change: String,
) -> Result<(), sqlx::Error> {
    let mut transaction = connection.begin().await?;
    let setting = sqlx::query("SELECT set_config('tilemud.worlds', $1::text[]::text, TRUE)").bind(worlds);
    setting.execute(&mut *transaction).await?;
    for limit in limits {
        transaction.execute(limit).await?;
    }
    sqlx::raw_sql(AssertSqlSafe(change)).execute(&mut *transaction).await?;
    transaction.commit().await
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_day_has_the_sessions_that_began_on_it() {
        let day = Day::of("2026-11-24T23:59:59.999999Z".parse().unwrap());
        assert_eq!(day.partition().unwrap(), "action_events_20261124");
        assert_eq!(Day::of_partition("action_events_20261124"), Some(day));
        let [first, next]: [Uuid; 2] = [day, Day(day.0 + 1)].map(|day| day.first_session().parse().unwrap());
        let session = |seconds| Uuid::new_v7(uuid::Timestamp::from_unix_time(seconds, 0, 0, 0));
        let midnight = (day.0 * DAY_US / 1_000_000).cast_unsigned();
        assert!(session(midnight - 1) < first && session(midnight) >= first);
        assert!(session(midnight + 86_399) < next && session(midnight + 86_400) >= next);
    }

    #[test]
    fn tables_of_others_are_no_days() {
        for name in
            ["action_events_default", "action_events_2026112", "action_events_20261324", "action_events_20261124x"]
        {
            assert_eq!(Day::of_partition(name), None, "{name}");
        }
    }
}
