//! What the pretend server does, and the one session it has.

use tilemud_schema::SessionId;
use uuid::Uuid;

/// The one session there is.
pub const SESSION: SessionId = SessionId(Uuid::from_u128(0x51));

/// What the pretend server does, for showing each state of the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scenario {
    /// All is well.
    #[default]
    Play,
    /// The player is in the inn of a village.
    Indoors,
    /// The map has signs, and a figure of its own.
    Handmade,
    /// The cache is offline.
    Degraded,
    /// The store is offline while playing.
    Paused,
    /// The connection breaks, and the server is gone.
    Lost,
    /// Another player loses their connection.
    NeighbourAway,
    /// Another sign-in takes over.
    Replaced,
    /// The player was away for too long.
    Idle,
    /// No room.
    Full,
    /// Another build is needed.
    Outdated,
    /// The token is refused.
    Refused,
    /// The server is not there at all.
    Silent,
    /// Players sign in at a provider, whose page is answered after a while.
    Provider,
    /// Players sign in at a provider or by name.
    EitherWay,
    /// Players sign in at a provider, which does not let this one through.
    Denied,
    /// Players sign in at a provider, on a machine without a browser.
    NoBrowser,
    /// The provider has not been reached yet.
    ProviderDown,
    /// There is no way to sign in.
    NoWayIn,
}

impl Scenario {
    /// All of them with their names on the command line.
    pub const ALL: [(&'static str, Self); 19] = [
        ("play", Self::Play),
        ("indoors", Self::Indoors),
        ("handmade", Self::Handmade),
        ("degraded", Self::Degraded),
        ("paused", Self::Paused),
        ("lost", Self::Lost),
        ("neighbour-away", Self::NeighbourAway),
        ("replaced", Self::Replaced),
        ("idle", Self::Idle),
        ("full", Self::Full),
        ("outdated", Self::Outdated),
        ("refused", Self::Refused),
        ("silent", Self::Silent),
        ("provider", Self::Provider),
        ("either-way", Self::EitherWay),
        ("denied", Self::Denied),
        ("no-browser", Self::NoBrowser),
        ("provider-down", Self::ProviderDown),
        ("no-way-in", Self::NoWayIn),
    ];
}
