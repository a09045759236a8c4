//! The address players use, as the operator named it: scheme, host and the path below which the
//! game lives. Only parses.

use std::fmt;
use std::str::FromStr;

use crate::authority::Origin;

/// Longest path a game lives under, bytes.
const PREFIX_BYTES_MAX: usize = 256;

/// Where players find the game.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl {
    origin: Origin,
    prefix: Prefix,
}

/// The path below which the game lives, without a slash at its end; empty when it has a host for
/// itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Prefix(String);

/// A text that is no address of a game, or no path.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadUrl(String);

impl PublicUrl {
    /// Scheme, host and port.
    #[must_use]
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    #[must_use]
    pub fn prefix(&self) -> &Prefix {
        &self.prefix
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}/", self.origin, self.prefix)
    }
}

impl FromStr for PublicUrl {
    type Err = BadUrl;

    fn from_str(text: &str) -> Result<Self, BadUrl> {
        if text.contains(['?', '#']) {
            return Err(BadUrl("it has a query or a fragment".to_owned()));
        }
        let authority_at = text.find("://").map_or(0, |at| at + 3);
        let path_at = text[authority_at..].find('/').map_or(text.len(), |at| authority_at + at);
        let (origin, path) = text.split_at(path_at);
        let origin = origin.parse::<Origin>().map_err(|error| BadUrl(error.to_string()))?;
        Ok(Self { origin, prefix: path.parse()? })
    }
}

impl Prefix {
    /// Without a slash at the end.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The path of a request below it; `None` when the request is for something else. `""` is the
    /// game's own address without its slash.
    #[must_use]
    pub fn strip<'a>(&self, path: &'a str) -> Option<&'a str> {
        let rest = path.strip_prefix(self.as_str())?;
        (!self.0.is_empty() && (rest.is_empty() || rest.starts_with('/'))).then_some(rest)
    }
}

impl fmt::Display for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Prefix {
    type Err = BadUrl;

    fn from_str(text: &str) -> Result<Self, BadUrl> {
        let path = text.strip_suffix('/').unwrap_or(text);
        if path.is_empty() {
            return Ok(Self::default());
        }
        let fits = path.len() <= PREFIX_BYTES_MAX
            && path.strip_prefix('/').is_some_and(|path| path.split('/').all(is_segment));
        if fits { Ok(Self(path.to_owned())) } else { Err(BadUrl("its path is not plain".to_owned())) }
    }
}

/// Whether a segment of a path is literal: no `.` or `..`, no percent-encoding.
fn is_segment(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    !matches!(text, "" | "." | "..") && text.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_games_are_read_with_and_without_a_path() {
        for (text, shown) in [
            ("https://play.example", "https://play.example/"),
            ("https://play.example/", "https://play.example/"),
            ("HTTPS://Play.Example:443/Game", "https://play.example/Game/"),
            ("https://x/game/", "https://x/game/"),
            ("http://x:8080/a/b-c_d.~1/", "http://x:8080/a/b-c_d.~1/"),
            ("https://[2001:db8::1]:8443/game", "https://[2001:db8::1]:8443/game/"),
        ] {
            assert_eq!(text.parse::<PublicUrl>().map(|it| it.to_string()).as_deref(), Ok(shown), "{text}");
        }
        for text in [
            "",
            "/",
            "play.example",
            "https://",
            "https:///game",
            "wss://x",
            "ftp://x",
            "https://x/?a",
            "https://x/#a",
            "https://u:p@x/",
            "https://x//",
            "https://x//game",
            "https://x/../game",
            "https://x/./game",
            "https://x/a//b",
            "https://x/a%2fb",
            "https://x/a b",
            "https://x:0/",
            "https://é/",
            "https://x/é",
        ] {
            assert!(text.parse::<PublicUrl>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_path_is_taken_off_whole_or_not_at_all() {
        let prefix: Prefix = "/game/".parse().unwrap();
        for (path, rest) in [
            ("/game/ws", Some("/ws")),
            ("/game/", Some("/")),
            ("/game", Some("")),
            ("/games/ws", None),
            ("/ws", None),
            ("/Game/ws", None),
            ("/a/game/ws", None),
        ] {
            assert_eq!(prefix.strip(path), rest, "{path}");
        }
        assert_eq!(Prefix::default().strip("/ws"), None, "there is nothing to take off");
    }
}
