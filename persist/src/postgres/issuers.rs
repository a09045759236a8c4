//! The issuers whose users have played in a world, in Postgres.

use sqlx::Row as _;
use sqlx::postgres::PgRow;

use super::rows::Timestamptz;
use super::{CALL_TIMEOUT, PostgresStore, within};
use crate::column::now;
use crate::store::{KnownIssuer, StoreError};

impl PostgresStore {
    pub(super) async fn list_issuers(&self) -> Result<Vec<KnownIssuer>, StoreError> {
        let list = "SELECT issuer, linked_to FROM world_issuers WHERE world_id = $1 ORDER BY noted_at, issuer";
        let rows = within(CALL_TIMEOUT, async {
            let mut lent = self.others.lend_tested().await?;
            let rows = sqlx::query(list).bind(&*self.world).fetch_all(&mut lent.connection).await?;
            lent.give_back();
            Ok(rows)
        })
        .await?;
        let issuer =
            |row: &PgRow| Ok(KnownIssuer { issuer: row.try_get("issuer")?, linked_to: row.try_get("linked_to")? });
        rows.iter().map(issuer).collect()
    }

    pub(super) async fn write_issuer(&self, issuer: &KnownIssuer) -> Result<(), StoreError> {
        let query = self.query(
            "INSERT INTO world_issuers (world_id, issuer, linked_to, noted_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (world_id, issuer) DO UPDATE SET linked_to = excluded.linked_to",
        );
        self.write(query.bind(&issuer.issuer).bind(&issuer.linked_to).bind(Timestamptz(now()))).await?;
        Ok(())
    }
}
