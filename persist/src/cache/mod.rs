//! The cache as the rest of the server sees it: profiles of characters that are offline or
//! elsewhere, presence, and reconnect tokens. Never the truth: every caller must go on without it
//! (FR-006), and every entry may vanish at any moment.
//!
//! Entries come from the durable store and sessions; they go to Redis, where other processes find
//! them, or stay in this process.

mod breaker;
mod call_timeout;
mod failure;
mod in_process;
mod interface;
mod profile_reader;
mod redis_address;
mod redis_cache;

use std::sync::Arc;

pub use self::call_timeout::CallTimeout;
pub use self::failure::CacheError;
pub use self::interface::{Cache, CachedProfile, CachedSession, PRESENCE_TTL, PROFILE_TTL, TokenChange};
pub use self::profile_reader::{PROFILE_AGE_MAX_MS, ProfileReader, ProfileSource};
use crate::access::Access;

/// Opens the cache of a world: the Redis at the URL, or without a URL one inside this process.
/// Connects only when it is first used, so a Redis that is down does not keep a server from
/// starting. No call takes longer than `timeout`. To be called inside a tokio runtime.
///
/// # Errors
/// [`CacheError::UnsupportedUrl`].
pub fn open(redis_url: Option<&str>, world: &str, timeout: CallTimeout) -> Result<Arc<dyn Cache>, CacheError> {
    open_with(redis_url.map(Access::from).as_ref(), world, timeout)
}

/// [`open`] with all connection settings of Redis.
///
/// # Errors
/// As [`open`].
pub fn open_with(redis: Option<&Access<'_>>, world: &str, timeout: CallTimeout) -> Result<Arc<dyn Cache>, CacheError> {
    match redis {
        Some(access) => Ok(Arc::new(redis_cache::RedisCache::open(access, world, timeout)?)),
        None => Ok(Arc::new(in_process::InProcessCache::default())),
    }
}
