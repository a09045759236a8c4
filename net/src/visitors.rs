//! Rate limits of network addresses, and their marks in the log.

use std::net::IpAddr;
use std::num::NonZeroU64;
use std::sync::Arc;

use tilemud_schema::{Details, ErrorCode};
use tilemud_vitals::metrics::NetworkMetrics;

use crate::auth::AddressLimiter;
use crate::error::ApiError;
use crate::places::Crowded;
use crate::proxy;

/// Classes of requests with limits per address, before the user is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Somebody whose token is good wants to come in.
    SignIn,
    /// A request with a bad token: counted apart, so that it costs others at the address nothing.
    BadSignIn,
    /// The same of another call that takes a token.
    BadCall,
    Connect,
    /// Something that is ready to be sent: a file of the web client, the map.
    File,
    /// Probes: counted apart, so that a flood does not make the server look dead.
    Probe,
    Call,
    /// A character of a user who had none.
    NewCharacter,
}

impl Class {
    pub const ALL: [Self; 8] = [
        Self::SignIn,
        Self::BadSignIn,
        Self::BadCall,
        Self::Connect,
        Self::File,
        Self::Probe,
        Self::Call,
        Self::NewCharacter,
    ];

    /// What its limit is called.
    const fn limit(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::BadSignIn | Self::BadCall => "bad_token",
            Self::Connect => "connect",
            Self::File => "file",
            Self::Probe => "probe",
            Self::Call => "call",
            Self::NewCharacter => "new_character",
        }
    }

    /// What it is when the token for it is not good.
    pub(crate) fn with_bad_token(self) -> Self {
        if self == Self::SignIn { Self::BadSignIn } else { Self::BadCall }
    }
}

/// Addresses from which somebody comes.
pub struct Visitors {
    limits: [Arc<AddressLimiter>; Class::ALL.len()],
    /// What addresses are called in the log.
    marks: proxy::Marks,
    metrics: Arc<NetworkMetrics>,
}

impl Visitors {
    /// Nobody has come yet.
    #[must_use]
    pub fn new(limit: impl Fn(Class) -> AddressLimiter, metrics: Arc<NetworkMetrics>) -> Self {
        Self { limits: Class::ALL.map(|class| Arc::new(limit(class))), marks: proxy::Marks::default(), metrics }
    }

    /// What an address is called in the log.
    pub(crate) fn mark(&self, address: IpAddr) -> NonZeroU64 {
        self.marks.of(address)
    }

    /// Counts something that an address does against its limit.
    ///
    /// # Errors
    /// RATE_LIMITED, with when to come again.
    pub(crate) fn count(&self, class: Class, address: IpAddr) -> Result<(), ApiError> {
        self.limits[class as usize]
            .check(address)
            .map_err(|retry_after_ms| self.limited(class, retry_after_ms, address))
    }

    /// The same of something that may come to nothing.
    ///
    /// # Errors
    /// As [`Self::count`].
    pub(crate) fn take(&self, class: Class, address: IpAddr) -> Result<Taken, ApiError> {
        self.count(class, address)?;
        Ok(Taken { limit: Arc::clone(&self.limits[class as usize]), address })
    }

    /// RATE_LIMITED for an address that asks for more than a limit allows.
    pub(crate) fn limited(&self, class: Class, retry_after_ms: u64, address: IpAddr) -> ApiError {
        let limit = class.limit();
        self.metrics.rate_limited.count(limit);
        let details = Details::Limit { limit: limit.to_owned(), retry_after_ms };
        ApiError::with_details(ErrorCode::RateLimited, details).at(self.mark(address))
    }

    /// A connection of this address took the place of another one, if `why` says so.
    pub(crate) fn made_room(&self, why: Option<Crowded>, address: IpAddr) {
        if let Some(why) = why {
            self.ended_early(why.word(), address);
        }
    }

    /// Counts a connection that was ended or slowed because of its address; logged in sums.
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

/// One of what an address may do. It was counted before it is known whether it comes to anything,
/// so that many at once do not pass the limit.
pub(crate) struct Taken {
    limit: Arc<AddressLimiter>,
    address: IpAddr,
}

impl Taken {
    /// It came to nothing.
    pub(crate) fn give_back(self) {
        self.limit.give_back(self.address);
    }
}
