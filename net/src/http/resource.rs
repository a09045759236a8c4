//! The resources, their paths and methods. One table for routing, for `Allow` and for other
//! origins.

use hyper::Method;

use crate::edge::Edge;
use crate::session::{Realm, SECTIONS};
use crate::visitors::Class;

/// Something that can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Resource<'a> {
    Realtime,
    Version,
    Health,
    SignIn,
    Live,
    Ready,
    Metrics,
    /// The list of the worlds.
    Worlds,
    /// One of them, by its id.
    OneWorld(&'a str),
    World,
    /// The world without its tiles.
    Map,
    /// A part of its tiles.
    Section(&'a str),
    Character(&'a str),
    Bootstrap,
    Logout,
    DevToken,
    /// A file of the web client, the tileset picture or music.
    File(&'a str),
}

impl<'a> Resource<'a> {
    /// By what an address is limited that asks for it.
    pub(super) fn class(self) -> Class {
        match self {
            Self::Bootstrap => Class::SignIn,
            Self::Realtime => Class::Connect,
            Self::File(_) | Self::World | Self::Map | Self::Section(_) => Class::File,
            Self::Live | Self::Ready | Self::Health => Class::Probe,
            Self::Version
            | Self::SignIn
            | Self::Metrics
            | Self::Worlds
            | Self::OneWorld(_)
            | Self::Character(_)
            | Self::Logout
            | Self::DevToken => Class::Call,
        }
    }

    /// The probe at this path, if there is one.
    pub(super) fn probe(path: &str) -> Option<Self> {
        match path {
            "/api/health" => Some(Self::Health),
            "/livez" => Some(Self::Live),
            "/readyz" => Some(Self::Ready),
            _ => None,
        }
    }

    /// What is at this path below that of a world.
    pub(super) fn at(edge: &Edge, realm: &Realm, path: &'a str) -> Option<Self> {
        if let Some(probe) = Self::probe(path) {
            return Some(probe);
        }
        Some(match path {
            "/ws" => Self::Realtime,
            "/api/version" => Self::Version,
            "/api/sign-in" => Self::SignIn,
            "/metrics" if !edge.settings.metrics_apart => Self::Metrics,
            "/api/worlds" => Self::Worlds,
            "/api/world" => Self::World,
            "/api/map" => Self::Map,
            "/api/session/bootstrap" => Self::Bootstrap,
            "/api/session/logout" => Self::Logout,
            "/dev/token" if edge.auth.dev_issuer().is_some() => Self::DevToken,
            path => {
                let one_of = |folder| path.strip_prefix(folder).filter(|id| !id.is_empty() && !id.contains('/'));
                if let Some(id) = one_of("/api/character/") {
                    Self::Character(id)
                } else if let Some(id) = one_of("/api/world/") {
                    Self::OneWorld(id)
                } else if path.starts_with(SECTIONS) && realm.map().sections.has(path) {
                    Self::Section(path)
                } else if realm.file(path).is_some() || edge.assets.find(path, "").is_some() {
                    Self::File(path)
                } else {
                    return None;
                }
            }
        })
    }

    /// Whether it is answered also where the world has ended.
    pub(super) fn outlives_world(self) -> bool {
        let is_of_process = matches!(self, Self::Version | Self::SignIn | Self::Metrics | Self::DevToken);
        is_of_process || matches!(self, Self::Live | Self::Ready | Self::Health | Self::Worlds | Self::OneWorld(_))
    }

    /// Whether it is only read.
    pub(super) fn is_read(self) -> bool {
        !matches!(self, Self::Bootstrap | Self::Logout | Self::DevToken)
    }

    /// Whether it needs a token. Then it is counted once the token was checked.
    pub(super) fn takes_token(self) -> bool {
        matches!(self, Self::Bootstrap | Self::Logout | Self::Character(_))
    }

    /// Whether it can be asked for with this method.
    pub(super) fn fits(self, method: &Method) -> bool {
        match *method {
            Method::GET | Method::HEAD => self.is_read(),
            Method::POST => !self.is_read(),
            _ => false,
        }
    }

    /// The methods it takes, as `Allow` names them.
    pub(super) fn allow(self) -> &'static str {
        if self.is_read() { "GET, HEAD, OPTIONS" } else { "POST, OPTIONS" }
    }
}
