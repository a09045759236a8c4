//! The one connection that writes. It is lent to one caller at a time and comes back only after success:
//! after an error, a panic or a dropped call it is thrown away, with whatever transaction was open on it,
//! and the next caller gets a new one. So no caller ever inherits a connection in an unknown state.

use sqlx::{ConnectOptions, Connection};
use tokio::sync::{Mutex, MutexGuard};

use crate::store::StoreError;

/// Owner of the writing connection.
pub(crate) struct Writer<C: Connection> {
    options: C::Options,
    idle: Mutex<Option<C>>,
}

/// The writing connection in the hands of one caller.
pub(crate) struct Lent<'a, C> {
    idle: MutexGuard<'a, Option<C>>,
    /// The connection.
    pub(crate) connection: C,
}

impl<C: Connection> Writer<C> {
    pub(crate) fn new(options: C::Options) -> Self {
        Self { options, idle: Mutex::new(None) }
    }

    /// Waits for its turn, and connects if there is no connection.
    pub(crate) async fn lend(&self) -> Result<Lent<'_, C>, StoreError>
    where
        C::Options: ConnectOptions<Connection = C>,
    {
        let mut idle = self.idle.lock().await;
        let connection = match idle.take() {
            Some(connection) => connection,
            None => self.options.connect().await?,
        };
        Ok(Lent { idle, connection })
    }
}

impl<C> Lent<'_, C> {
    /// Gives the connection back for the next caller; to be called only when all went well.
    pub(crate) fn give_back(mut self) {
        *self.idle = Some(self.connection);
    }
}
