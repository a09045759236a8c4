//! Writes to the cache who plays which character, for operators and other processes, and renews the
//! reconnect tokens of those players there. Polls the table of sessions, so that nothing waits for
//! a slow cache, and catches up by itself. Never read back here, because the table of sessions is
//! the truth.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tilemud_persist::cache::{CacheError, PRESENCE_TTL};
use tilemud_schema::{CharacterId, SessionId};
use tokio::time::{Instant, MissedTickBehavior};

use super::realm::Realm;
use super::state::Session;

/// How often the table is looked at.
const SWEEP: Duration = Duration::from_secs(1);

/// How often a presence is renewed: three times before it would expire.
const REPEAT: Duration = Duration::from_secs(PRESENCE_TTL.as_secs() / 3);

pub async fn run(realm: Arc<Realm>) {
    let mut announced = HashMap::new();
    let mut interval = tokio::time::interval(SWEEP);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            biased;
            _ = interval.tick() => {}
            () = realm.health.process.stopping() => return,
        }
        if let Err(error) = sweep(&realm, &mut announced).await {
            tracing::debug!(%error, "presence waits for the cache");
        }
    }
}

/// Character and session as announced, and when.
type Announced = HashMap<CharacterId, (SessionId, Instant)>;

async fn sweep(realm: &Realm, announced: &mut Announced) -> Result<(), CacheError> {
    let now = Instant::now();
    let all = realm.registry.all();
    let present: HashMap<CharacterId, &Session> =
        all.iter().map(|session| (session.identity.character_id, &**session)).collect();
    let gone: Vec<_> = announced.iter().filter(|(character, _)| !present.contains_key(character)).collect();
    let gone: Vec<_> = gone.into_iter().map(|(character, (session, _))| (*character, *session)).collect();
    for (character_id, session_id) in gone {
        realm.cache.clear_presence(character_id, session_id).await?;
        announced.remove(&character_id);
    }
    for (character_id, session) in present {
        let session_id = session.identity.session_id;
        let is_known = announced
            .get(&character_id)
            .is_some_and(|(known, at)| *known == session_id && now.duration_since(*at) < REPEAT);
        if !is_known {
            realm.cache.set_presence(character_id, session_id).await?;
            realm.tokens.keep(session, None);
            announced.insert(character_id, (session_id, now));
        }
    }
    Ok(())
}
