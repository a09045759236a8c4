//! What the operator chose, for a world and for the process around it.

use std::time::Duration;

use tilemud_schema::PerClass;

use crate::authority::Origin;
use crate::proxy;

/// What the operator chose for a world.
#[derive(Debug, Clone, Copy)]
pub struct WorldSettings {
    /// Ticks per second.
    pub tick_hz: u32,
    /// After how long without anybody in it no more ticks run; `None` is never.
    pub sleeps_after: Option<Duration>,
    /// Intents per second and player, by class.
    pub intents_per_s: PerClass<u32>,
    /// Whispers per second of one player to one other.
    pub whisper_per_s: u32,
    /// HTTP calls with a good token per second and player.
    pub user_call_per_s: u32,
}

/// What the operator chose for the process.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The version of this server.
    pub version: String,
    /// Origins besides the server's own whose pages may play.
    pub allowed_origins: Vec<Origin>,
    /// What stands in front of the server.
    pub proxies: proxy::Settings,
    /// Whether connections are encrypted at our own end.
    pub tls: bool,
    /// Whether the development issuer serves every machine, and not only this one.
    pub dev_issuer_anywhere: bool,
    /// How old the figures of GET /metrics may be. They are collected at most this often.
    pub metrics_good_for: Duration,
    /// Whether metrics have a port of their own, and are not served here.
    pub metrics_apart: bool,
}

impl WorldSettings {
    /// Inbound messages per second that a player may send before reading slows down.
    pub(crate) fn inbound_per_s(&self) -> u32 {
        2 * self.intents_per_s.values().sum::<u32>() + 20
    }
}
