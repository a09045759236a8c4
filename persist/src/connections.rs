//! A bounded set of connections to one database, used by one caller at a time. A connection comes
//! back only after success: after an error, a panic, a timeout or a dropped call it is thrown away,
//! with whatever was in progress on it, so no caller ever inherits a connection in an unknown
//! state.
//!
//! sqlx's own pool is not used because it waits, without a limit, for a connection to settle after
//! a dropped call: a database that hangs would keep all of its permits taken long after it is back.

use std::time::Duration;

use parking_lot::Mutex;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor};
use tokio::sync::{AcquireError, Semaphore, SemaphorePermit};
use tokio::time::timeout;

use crate::store::StoreError;

/// Longest wait for a permit.
pub(crate) const PERMIT_TIMEOUT: Duration = Duration::from_secs(2);
/// Longest wait for a new connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// Longest wait for an idle connection to show that it still works.
const TEST_TIMEOUT: Duration = Duration::from_secs(1);
/// Longest wait for calls under way, and then for each connection, at the end.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(2);

/// The set. Permits are given in order of arrival, except that [`Self::acquire_first`] overtakes
/// the waiting calls.
pub(crate) struct Connections<C: Connection> {
    options: C::Options,
    /// Said first on every connection.
    beginning: Option<String>,
    /// Whether a new connection may be made.
    condition: Option<Condition>,
    /// The queue of ordinary calls. Only its head waits for a permit.
    queue: Semaphore,
    permits: Semaphore,
    permits_max: u32,
    idle: Mutex<Vec<C>>,
}

type Condition = Box<dyn Fn() -> std::io::Result<()> + Send + Sync>;

/// A connection that one caller uses; thrown away on drop.
pub(crate) struct Acquired<'a, C: Connection> {
    owner: &'a Connections<C>,
    _permit: SemaphorePermit<'a>,
    pub(crate) connection: C,
}

impl<C> Connections<C>
where
    C: Connection,
    C::Options: ConnectOptions<Connection = C>,
    for<'c> &'c mut C: Executor<'c, Database = C::Database>,
{
    /// At most `permits` connections with these options; none is made yet.
    pub(crate) fn new(options: C::Options, permits: u32) -> Self {
        Self {
            options,
            beginning: None,
            condition: None,
            queue: Semaphore::new(1),
            permits: Semaphore::new(permits as usize),
            permits_max: permits,
            idle: Mutex::new(Vec::new()),
        }
    }

    /// Waits for the calls under way and closes all connections, one after the other; later calls
    /// fail.
    pub(crate) async fn close(&self) {
        let _all = timeout(CLOSE_TIMEOUT, self.permits.acquire_many(self.permits_max)).await;
        self.end();
        let idle = std::mem::take(&mut *self.idle.lock());
        for connection in idle {
            let _ = timeout(CLOSE_TIMEOUT, connection.close()).await;
        }
    }

    /// Drops all connections without a goodbye to the database, for the end of the process; later
    /// calls fail.
    pub(crate) fn abandon(&self) {
        self.end();
        self.idle.lock().drain(..).for_each(std::mem::forget);
    }

    fn end(&self) {
        self.queue.close();
        self.permits.close();
    }

    /// The same, with session settings for every new connection. They are no connection options,
    /// because poolers refuse to pass those on.
    pub(crate) fn beginning_with(self, statements: String) -> Self {
        Self { beginning: Some(statements), ..self }
    }

    /// The same, making a new connection only while the condition holds.
    pub(crate) fn only_while(self, condition: impl Fn() -> std::io::Result<()> + Send + Sync + 'static) -> Self {
        Self { condition: Some(Box::new(condition)), ..self }
    }

    /// A connection without a check. If the database was restarted meanwhile, its first use fails.
    pub(crate) async fn acquire(&self) -> Result<Acquired<'_, C>, StoreError> {
        let permit = self.permit().await?;
        self.acquired(permit, self.pop_idle()).await
    }

    /// The same, ahead of all waiting calls but one, so that a crowd of them causes no delay.
    pub(crate) async fn acquire_first(&self) -> Result<Acquired<'_, C>, StoreError> {
        let permit = within_timeout(self.permits.acquire()).await?;
        self.acquired(permit, self.pop_idle()).await
    }

    /// A connection that was checked with a round trip.
    pub(crate) async fn acquire_tested(&self) -> Result<Acquired<'_, C>, StoreError> {
        let permit = self.permit().await?;
        let mut idle = self.pop_idle();
        if let Some(connection) = &mut idle
            && !matches!(timeout(TEST_TIMEOUT, connection.ping()).await, Ok(Ok(())))
        {
            // The others are most likely as old and as dead; they are not tested one timeout after
            // the other.
            idle = None;
            self.idle.lock().clear();
        }
        self.acquired(permit, idle).await
    }

    fn pop_idle(&self) -> Option<C> {
        self.idle.lock().pop()
    }

    async fn permit(&self) -> Result<SemaphorePermit<'_>, StoreError> {
        within_timeout(async {
            let _head = self.queue.acquire().await?;
            self.permits.acquire().await
        })
        .await
    }

    async fn connect(&self) -> Result<C, sqlx::Error> {
        let mut connection = self.options.connect().await?;
        if let Some(statements) = &self.beginning {
            connection.execute(sqlx::raw_sql(AssertSqlSafe(statements.clone()))).await?;
        }
        Ok(connection)
    }

    async fn acquired<'a>(
        &'a self,
        permit: SemaphorePermit<'a>,
        idle: Option<C>,
    ) -> Result<Acquired<'a, C>, StoreError> {
        let connection = match idle {
            Some(connection) => connection,
            None => {
                self.condition.as_ref().map_or(Ok(()), |holds| holds()).map_err(unavailable)?;
                timeout(CONNECT_TIMEOUT, self.connect()).await.map_err(unavailable)??
            }
        };
        Ok(Acquired { owner: self, _permit: permit, connection })
    }
}

impl<C: Connection> Acquired<'_, C> {
    /// Returns the connection to the set; to be called only after success.
    pub(crate) fn release(self) {
        self.owner.idle.lock().push(self.connection);
    }
}

async fn within_timeout<'a>(
    permit: impl Future<Output = Result<SemaphorePermit<'a>, AcquireError>>,
) -> Result<SemaphorePermit<'a>, StoreError> {
    timeout(PERMIT_TIMEOUT, permit).await.map_err(unavailable)?.map_err(unavailable)
}

/// The error of a wait that took too long.
pub(crate) fn unavailable(error: impl std::error::Error + Send + Sync + 'static) -> StoreError {
    StoreError::Unavailable(Box::new(error))
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;
    use std::str::FromStr;

    use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
    use tokio::task::{LocalSet, yield_now};

    use super::*;

    const CROWD: usize = 20;

    /// FR-004: calls that the world waits for are not delayed by bootstraps.
    #[tokio::test]
    async fn what_goes_first_waits_for_one_of_a_crowd_at_most() {
        let options = SqliteConnectOptions::from_str("sqlite::memory:").unwrap();
        let set: Rc<Connections<SqliteConnection>> = Rc::new(Connections::new(options, 1));
        let held = set.acquire().await.unwrap();
        let served = Rc::new(Mutex::new(Vec::new()));
        let tasks = LocalSet::new();
        for number in 0..CROWD {
            let (set, served) = (Rc::clone(&set), Rc::clone(&served));
            tasks.spawn_local(async move {
                let acquired = set.acquire().await.unwrap();
                served.lock().push(Some(number));
                acquired.release();
            });
        }
        tasks.run_until(yield_now()).await;
        {
            let (set, served) = (Rc::clone(&set), Rc::clone(&served));
            tasks.spawn_local(async move {
                let acquired = set.acquire_first().await.unwrap();
                served.lock().push(None);
                acquired.release();
            });
        }
        tasks.run_until(yield_now()).await;
        assert!(served.lock().is_empty(), "the only permit is held");
        held.release();
        tasks.await;
        let in_order = (0..CROWD).map(Some);
        assert_eq!(
            served.lock().iter().copied().filter(Option::is_some).collect::<Vec<_>>(),
            in_order.collect::<Vec<_>>()
        );
        let place_of_first = served.lock().iter().position(Option::is_none).unwrap();
        assert!(place_of_first <= 1, "it was served after {place_of_first} of the crowd");
    }
}
