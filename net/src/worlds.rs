//! The worlds of the process: where each is found, and how it is for whoever asks. The first is the
//! game's own address; where there are several, each is below `/w/` and its id as well.

use std::fmt::Write as _;
use std::sync::Arc;

use tilemud_schema::ErrorCode;
use tilemud_schema::rest::{ListedWorld, WorldState};
use tracing::Span;

use crate::error::ApiError;
use crate::session::Realm;

/// What the paths of worlds begin with.
const BELOW: &str = "/w/";

/// A world, and where it is found.
pub struct World {
    pub id: String,
    pub realm: Arc<Realm>,
    /// In which what is logged of it stands.
    pub span: Span,
    /// Below that of the game, without a slash at its end; empty for the only one.
    path: String,
}

/// All of them, one at least.
pub struct Worlds {
    all: Vec<World>,
    has_paths: bool,
}

impl World {
    /// What to call it in an answer.
    #[must_use]
    pub fn listed(&self) -> ListedWorld {
        let health = &self.realm.health;
        let state = match (health.why_it_has_ended(), health.is_available()) {
            (Some(_), _) => WorldState::Ended,
            (None, true) => WorldState::Open,
            (None, false) => WorldState::Paused,
        };
        ListedWorld {
            id: self.id.clone(),
            name: self.realm.map().summary.name.clone(),
            path: format!("{}/", self.path),
            players: u32::try_from(self.realm.registry.live()).unwrap_or(u32::MAX),
            state,
        }
    }

    /// Below the address of the game, without a slash at its end.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// Refuses what is asked of a world that has ended while others go on.
    ///
    /// # Errors
    /// UNAVAILABLE, with the reason.
    pub(crate) fn check(&self) -> Result<(), ApiError> {
        match self.realm.health.why_it_has_ended() {
            Some(reason) => Err(ApiError::from(ErrorCode::Unavailable).saying(reason)),
            None => Ok(()),
        }
    }
}

impl Worlds {
    /// The only world of a process.
    #[must_use]
    pub fn only(id: &str, realm: Arc<Realm>) -> Self {
        let only = World { id: id.to_owned(), realm, span: Span::none(), path: String::new() };
        Self { all: vec![only], has_paths: false }
    }

    /// Several, with the spans of their logs. The first is at the game's own address, too.
    ///
    /// # Panics
    /// When there is none.
    #[must_use]
    pub fn several(worlds: impl IntoIterator<Item = (String, Arc<Realm>, Span)>) -> Self {
        let at = |(id, realm, span): (String, Arc<Realm>, Span)| World {
            path: format!("{BELOW}{}", encoded(&id)),
            id,
            realm,
            span,
        };
        let all: Vec<_> = worlds.into_iter().map(at).collect();
        assert!(!all.is_empty(), "a process runs a world");
        Self { all, has_paths: true }
    }

    /// The one at the game's own address.
    #[must_use]
    pub fn first(&self) -> &World {
        &self.all[0]
    }

    /// All, in their order.
    #[must_use]
    pub fn all(&self) -> &[World] {
        &self.all
    }

    /// Whether each has a path of its own.
    pub(crate) fn have_paths(&self) -> bool {
        self.has_paths
    }

    /// The one with the id that a segment of a path names.
    pub(crate) fn named(&self, segment: &str) -> Option<&World> {
        let id = decoded(segment)?;
        self.all.iter().find(|world| world.id == id)
    }

    /// What a path below that of the game means.
    pub(crate) fn route<'a>(&'a self, path: &'a str) -> Route<'a> {
        let whole = Route { world: Some(self.first()), path, is_root: true };
        let Some(rest) = path.strip_prefix(BELOW).filter(|_| self.has_paths) else { return whole };
        let (segment, below) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        match self.named(segment) {
            Some(world) => Route { world: Some(world), path: below, is_root: false },
            None => Route { world: None, path, is_root: false },
        }
    }
}

/// Which world a path leads to, and what of it is asked for.
#[derive(Clone, Copy)]
pub(crate) struct Route<'a> {
    /// `None` where there is none.
    pub(crate) world: Option<&'a World>,
    /// Below the world's own; `""` is that of the world without its slash.
    pub(crate) path: &'a str,
    /// Whether it is that of the game, which stands for all of them.
    pub(crate) is_root: bool,
}

/// As one segment of a path (RFC 3986, 2.3).
fn encoded(id: &str) -> String {
    let mut segment = String::with_capacity(id.len());
    for byte in id.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            segment.push(char::from(byte));
        } else {
            // A String takes everything.
            let _ = write!(segment, "%{byte:02X}");
        }
    }
    // These two would mean a folder.
    match &*segment {
        "." | ".." => segment.replace('.', "%2E"),
        _ => segment,
    }
}

/// The text of a segment; `None` when it is none.
fn decoded(segment: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let digits = [rest.next()?, rest.next()?];
                hex::decode(digits).ok()?[0]
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_comes_back_from_its_segment_and_is_one_segment() {
        for (id, segment) in [
            ("harbour", "harbour"),
            ("First Light", "First%20Light"),
            ("a/b?c#d", "a%2Fb%3Fc%23d"),
            ("Übersee", "%C3%9Cbersee"),
            ("100%", "100%25"),
            ("..", "%2E%2E"),
            ("a.b-c_d~1", "a.b-c_d~1"),
        ] {
            assert_eq!(encoded(id), segment);
            assert_eq!(decoded(segment).as_deref(), Some(id));
        }
        assert_eq!(decoded("First%20light").as_deref(), Some("First light"));
        for broken in ["%", "%2", "%zz", "%FF", "a%"] {
            assert_eq!(decoded(broken), None, "{broken}");
        }
    }
}
