//! What network addresses may do, and how the log speaks of them.

use std::net::IpAddr;
use std::num::NonZeroU64;
use std::sync::Arc;

use tilemud_schema::{Details, ErrorCode};
use tilemud_vitals::metrics::NetworkMetrics;

use crate::auth::AddressLimiter;
use crate::error::ApiError;
use crate::proxy;

/// How often one network address may do what costs us before we know who it is.
pub struct AddressLimits {
    /// Bootstraps with a good token.
    pub sign_in: AddressLimiter,
    /// Bootstraps with a token that is none, or not good: apart, so that they cost nobody else at the address anything.
    pub bad_sign_in: AddressLimiter,
    /// The same of other calls that take a token.
    pub bad_call: AddressLimiter,
    pub connect: AddressLimiter,
    /// Files of the web client and of the world.
    pub file: AddressLimiter,
    /// Questions how the server is, apart from all else so that a flood does not make it look dead.
    pub probe: AddressLimiter,
    pub call: AddressLimiter,
    /// Characters of users who had none.
    pub new_character: AddressLimiter,
}

/// Addresses from which somebody comes.
pub struct Visitors {
    pub(crate) limits: AddressLimits,
    /// What addresses are called in the log.
    marks: proxy::Marks,
    metrics: Arc<NetworkMetrics>,
}

impl Visitors {
    /// Nobody has come yet.
    #[must_use]
    pub fn new(limits: AddressLimits, metrics: Arc<NetworkMetrics>) -> Self {
        Self { limits, marks: proxy::Marks::default(), metrics }
    }

    /// What an address is called in the log.
    pub(crate) fn mark(&self, address: IpAddr) -> NonZeroU64 {
        self.marks.of(address)
    }

    /// Counts something that an address does against a limit.
    ///
    /// # Errors
    /// RATE_LIMITED, with when to come again.
    pub(crate) fn count(&self, limiter: &AddressLimiter, limit: &'static str, address: IpAddr) -> Result<(), ApiError> {
        limiter.check(address).map_err(|retry_after_ms| {
            self.metrics.rate_limited.count(limit);
            let details = Details::Limit { limit: limit.to_owned(), retry_after_ms };
            ApiError::with_details(ErrorCode::RateLimited, details).at(self.mark(address))
        })
    }

    /// A connection was ended, or slowed down, for what its address did: counted, and logged in sums.
    pub(crate) fn ended_early(&self, cause: &'static str, address: IpAddr) {
        self.metrics.ended_early(cause);
        let visitor = self.mark(address);
        tracing::info!(
            event = "ended_early",
            reason = cause,
            visitor,
            "connection ended for what it takes from others"
        );
    }
}
