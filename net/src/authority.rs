//! Hosts with ports, and origins, as headers and settings write them, normalised for comparison:
//! lower case, no default port. Only parses and compares.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

/// Longest host name (RFC 1035, 2.3.4), bytes.
const HOST_BYTES_MAX: usize = 255;

/// A host and, where one is named, a port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authority {
    /// In small letters; IPv6 addresses in brackets.
    pub host: String,
    /// As it was named; `None` is the scheme's own.
    pub port: Option<u16>,
}

/// A text that is no host, or no origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadAuthority(&'static str);

impl Authority {
    /// This machine, for whoever names none.
    #[must_use]
    pub fn localhost() -> Self {
        Self { host: "localhost".to_owned(), port: None }
    }

    /// The port a request to it goes to.
    #[must_use]
    pub fn port_or_default(&self, secure: bool) -> u16 {
        self.port.unwrap_or(default_port(secure))
    }

    /// The address, where it is one and no name.
    #[must_use]
    pub fn address(&self) -> Option<IpAddr> {
        let bare = self.host.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
        match bare {
            Some(text) => text.parse::<Ipv6Addr>().ok().map(|it| IpAddr::from(it).to_canonical()),
            None => self.host.parse::<Ipv4Addr>().ok().map(IpAddr::from),
        }
    }

    /// Whether it can only be this machine, whatever a name server says (RFC 6761, 6.3).
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        match self.address() {
            Some(address) => address.is_loopback(),
            None => self.host == "localhost" || self.host.ends_with(".localhost"),
        }
    }

    /// The same without a port that the scheme has anyway.
    #[must_use]
    pub fn for_scheme(mut self, secure: bool) -> Self {
        self.port = self.port.filter(|port| *port != default_port(secure));
        self
    }
}

impl fmt::Display for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.port {
            Some(port) => write!(f, "{}:{port}", self.host),
            None => f.write_str(&self.host),
        }
    }
}

impl FromStr for Authority {
    type Err = BadAuthority;

    fn from_str(text: &str) -> Result<Self, BadAuthority> {
        let (host, rest) = match text.strip_prefix('[') {
            Some(text) => {
                let (address, rest) = text.split_once(']').ok_or(BadAuthority("a bracket is not closed"))?;
                let address: Ipv6Addr =
                    address.parse().map_err(|_| BadAuthority("what stands in brackets is no IPv6 address"))?;
                (format!("[{address}]"), rest)
            }
            None => {
                let at = text.find(':').unwrap_or(text.len());
                let (name, rest) = text.split_at(at);
                // `play.example.` is `play.example` (RFC 1034, 3.1).
                let name = name.strip_suffix('.').unwrap_or(name);
                let fits = name.split('.').all(|label| !label.is_empty())
                    && name.len() <= HOST_BYTES_MAX
                    && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte));
                if !fits {
                    return Err(BadAuthority("there is no host name of letters, digits, dots and hyphens in it"));
                }
                (name.to_ascii_lowercase(), rest)
            }
        };
        let port = match rest.strip_prefix(':') {
            None if rest.is_empty() => None,
            // `host:` names no port (RFC 3986, 3.2.3).
            Some("") => None,
            Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                let port = digits.parse().ok().filter(|port| *port != 0);
                Some(port.ok_or(BadAuthority("the port is not a number from 1 to 65535"))?)
            }
            _ => return Err(BadAuthority("what follows the host is no port")),
        };
        Ok(Self { host, port })
    }
}

/// Scheme, host and port of a page (RFC 6454), of pages that come over HTTP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    secure: bool,
    authority: Authority,
}

impl Origin {
    /// Of a scheme and an authority.
    #[must_use]
    pub fn new(secure: bool, authority: Authority) -> Self {
        Self { secure, authority: authority.for_scheme(secure) }
    }

    /// Whether it is encrypted.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.secure
    }

    /// Host, and the port unless it is the scheme's own.
    #[must_use]
    pub fn authority(&self) -> &Authority {
        &self.authority
    }

    /// Whether a page from here and a request to this host go to the same place. The scheme is the
    /// page's: a server behind a proxy cannot know another.
    #[must_use]
    pub fn is_at(&self, host: &Authority) -> bool {
        let port = self.authority.port_or_default(self.secure);
        self.authority.host == host.host && port == host.port_or_default(self.secure)
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", if self.secure { "https" } else { "http" }, self.authority)
    }
}

impl FromStr for Origin {
    type Err = BadAuthority;

    fn from_str(text: &str) -> Result<Self, BadAuthority> {
        let (scheme, authority) = text.split_once("://").ok_or(BadAuthority("it does not begin with a scheme"))?;
        let secure = match scheme.to_ascii_lowercase().as_str() {
            "https" => true,
            "http" => false,
            _ => return Err(BadAuthority("its scheme is neither https nor http")),
        };
        if authority.contains('/') {
            return Err(BadAuthority("an origin has no path, nor a slash at its end"));
        }
        Ok(Self::new(secure, authority.parse()?))
    }
}

pub(crate) const fn default_port(secure: bool) -> u16 {
    if secure { 443 } else { 80 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_read_as_headers_write_them() {
        for (text, shown) in [
            ("play.example", "play.example"),
            ("PLAY.Example:8443", "play.example:8443"),
            ("play.example.", "play.example"),
            ("play.example.:443", "play.example:443"),
            ("play.example:", "play.example"),
            ("127.0.0.1:80", "127.0.0.1:80"),
            ("[2001:DB8:0::1]:80", "[2001:db8::1]:80"),
            ("my_host-1", "my_host-1"),
        ] {
            assert_eq!(text.parse::<Authority>().map(|it| it.to_string()).as_deref(), Ok(shown), "{text}");
        }
        let long = "a".repeat(256);
        for text in [
            "", ".", "a..", ".a", "a..b", ":80", "a b", "a/b", "a@b", "a,b", "a:0", "a:65536", "a:+1", "a:8080:1",
            "[::1", "[::1]x", "[x]", "::1", "a?b", "é", &long,
        ] {
            assert!(text.parse::<Authority>().is_err(), "{text}");
        }
    }

    #[test]
    fn loopback_names_are_those_that_no_name_server_can_send_elsewhere() {
        for host in [
            "localhost",
            "LOCALHOST:8080",
            "localhost.",
            "a.localhost",
            "127.0.0.1",
            "127.9.9.9:1",
            "[::1]:8080",
            "[::ffff:127.0.0.1]",
        ] {
            assert!(host.parse::<Authority>().unwrap().is_loopback(), "{host}");
        }
        for host in [
            "localhost.evil.example",
            "evil-localhost",
            "localhost.localdomain",
            "127.0.0.1.evil.example",
            "127.1",
            "2130706433",
            "0x7f000001",
            "0.0.0.0",
            "10.0.0.1",
            "[::]",
            "[fe80::1]",
            "evil.example",
        ] {
            assert!(!host.parse::<Authority>().unwrap().is_loopback(), "{host}");
        }
    }

    #[test]
    fn default_ports_and_capital_letters_make_no_difference_and_everything_else_does() {
        for (origin, host, same) in [
            ("https://play.example", "play.example", true),
            ("https://play.example:443", "play.example", true),
            ("https://play.example", "play.example:443", true),
            ("http://play.example", "play.example:80", true),
            ("HTTPS://Play.Example", "PLAY.example", true),
            ("https://play.example:8443", "play.example:8443", true),
            ("https://[2001:db8::1]", "[2001:DB8::1]:443", true),
            ("http://play.example", "play.example:443", false),
            ("https://play.example", "play.example:80", false),
            ("https://play.example:8443", "play.example", false),
            ("https://play.example", "play.example:8443", false),
            ("https://play.example.evil.example", "play.example", false),
            ("https://evil-play.example", "play.example", false),
        ] {
            let (origin, host): (Origin, Authority) = (origin.parse().unwrap(), host.parse().unwrap());
            assert_eq!(origin.is_at(&host), same, "{origin} at {host}");
        }
    }

    #[test]
    fn what_is_no_origin_of_a_page_is_refused() {
        for text in [
            "",
            "null",
            "play.example",
            "//play.example",
            "ftp://a",
            "https://",
            "https://a/",
            "https://a b",
            "https://u@a",
        ] {
            assert!(text.parse::<Origin>().is_err(), "{text}");
        }
        assert_eq!("http://A:80".parse::<Origin>().unwrap().to_string(), "http://a");
    }
}
