//! Store URLs taken apart, and a stream to where they point. Never prints a password.

use std::io::{Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

use super::diagnostic::Diagnostic;

/// The parts of `scheme://user:password@host:port/path?query` that a reachability check needs.
#[derive(Debug, PartialEq, Eq)]
pub struct Address {
    /// Before `://`.
    pub scheme: String,
    /// User name, decoded; empty when there is none.
    pub user: String,
    pub password: Option<String>,
    /// Host name or address; empty for a socket file.
    pub host: String,
    /// Port, or the default of the scheme.
    pub port: u16,
    /// After the host, without its slash.
    pub path: String,
    /// The folder of a Unix socket.
    pub socket_folder: Option<String>,
}

/// A connected stream of either kind.
pub trait Stream: Read + Write {}
impl<S: Read + Write> Stream for S {}

impl Address {
    pub fn parse(url: &str, default_port: u16) -> Result<Self, Diagnostic> {
        let bad = |what: &str| {
            Diagnostic::new(format!("the URL {what}"), "write it as scheme://user:password@host:port/name")
        };
        let (scheme, rest) = url.split_once("://").ok_or_else(|| bad("has no scheme://"))?;
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let (login, place) =
            authority.rsplit_once('@').map_or((None, authority), |(login, place)| (Some(login), place));
        let (user, password) =
            match login.map(|login| login.split_once(':').map_or((login, None), |(u, p)| (u, Some(p)))) {
                Some((user, password)) => (decoded(user), password.map(decoded)),
                None => (String::new(), None),
            };
        let (host, port) = match place.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => {
                (host, port.parse().map_err(|_| bad("has a port that is not a number"))?)
            }
            _ => (place, default_port),
        };
        let asked = |key: &str| query.split('&').find_map(|pair| pair.strip_prefix(key));
        // The folder of a socket may stand in the place of the host as well, with its slashes
        // written as %2F.
        let in_place = Some(decoded(host)).filter(|host| host.starts_with('/'));
        let socket_folder = asked("host=").map(decoded).or(in_place);
        let port = asked("port=").and_then(|port| port.parse().ok()).unwrap_or(port);
        Ok(Self {
            scheme: scheme.to_owned(),
            user,
            password,
            host: host.trim_matches(['[', ']']).to_owned(),
            port,
            path: decoded(path),
            socket_folder,
        })
    }

    pub fn connect(&self, wait: Duration) -> Result<Box<dyn Stream>, Diagnostic> {
        let host = if self.host.is_empty() { "localhost" } else { &self.host };
        let place = format!("{host}:{}", self.port);
        let remedy = || format!("start it, or correct the address; nothing answers at {place}");
        let candidates = (host, self.port)
            .to_socket_addrs()
            .map_err(|error| Diagnostic::new(format!("{host} cannot be resolved: {error}"), "correct the host name"))?;
        let mut last = String::from("no address");
        for candidate in candidates {
            match TcpStream::connect_timeout(&candidate, wait) {
                Ok(stream) => return timed(stream, wait).map_err(|error| Diagnostic::new(error, remedy())),
                Err(error) => last = error.to_string(),
            }
        }
        Err(Diagnostic::new(format!("not reachable at {place}: {last}"), remedy()))
    }

    /// Connects to the socket file at `path`.
    #[cfg(unix)]
    pub fn connect_file(path: &str, wait: Duration) -> Result<Box<dyn Stream>, Diagnostic> {
        let stream = std::os::unix::net::UnixStream::connect(path)
            .and_then(|stream| stream.set_read_timeout(Some(wait)).map(|()| stream))
            .map_err(|error| {
                Diagnostic::new(format!("not reachable at {path}: {error}"), "start it, or correct the path")
            })?;
        Ok(Box::new(stream))
    }

    /// There are no socket files on this system.
    #[cfg(not(unix))]
    pub fn connect_file(path: &str, _wait: Duration) -> Result<Box<dyn Stream>, Diagnostic> {
        Err(Diagnostic::new(format!("{path} is a Unix socket"), "give a TCP address"))
    }
}

fn timed(stream: TcpStream, wait: Duration) -> Result<Box<dyn Stream>, String> {
    stream.set_read_timeout(Some(wait)).map_err(|error| error.to_string())?;
    Ok(Box::new(stream))
}

/// Percent-decoding, leaving anything malformed as it stands.
pub fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let byte = tail.get(..2).and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        match byte {
            Some(byte) if first == b'%' => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            _ => {
                bytes.push(first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn url_is_taken_apart_with_defaults_and_percent_signs() {
        let address = Address::parse("postgres://ann:p%40ss@db.example:6432/tiles?sslmode=disable", 5432)
            .unwrap_or_else(|diagnostic| panic!("{}", diagnostic.problem));
        assert_eq!((address.user.as_str(), address.password.as_deref()), ("ann", Some("p@ss")));
        assert_eq!((address.host.as_str(), address.port, address.path.as_str()), ("db.example", 6432, "tiles"));

        let address =
            Address::parse("redis://[::1]", 6379).unwrap_or_else(|diagnostic| panic!("{}", diagnostic.problem));
        assert_eq!((address.host.as_str(), address.port), ("::1", 6379));

        let address = Address::parse("postgres:///tiles?host=%2Frun%2Fpg&port=5433", 5432)
            .unwrap_or_else(|t| panic!("{}", t.problem));
        assert_eq!((address.port, address.socket_folder.as_deref()), (5433, Some("/run/pg")));
        let address = Address::parse("postgres://ann@%2Frun%2Fpg:5433/tiles", 5432)
            .unwrap_or_else(|diagnostic| panic!("{}", diagnostic.problem));
        assert_eq!((address.port, address.socket_folder.as_deref()), (5433, Some("/run/pg")));
    }

    #[test]
    fn bad_url_is_told_with_a_remedy() {
        for url in ["localhost", "redis://host:port"] {
            let diagnostic = Address::parse(url, 1).err().unwrap();
            assert!(diagnostic.remedy.contains("scheme://"), "{url}: {}", diagnostic.remedy);
        }
    }

    #[test]
    fn nobody_listening_is_told_with_the_place() {
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let address =
            Address::parse(&format!("redis://{free}"), 1).unwrap_or_else(|diagnostic| panic!("{}", diagnostic.problem));
        let diagnostic = address.connect(Duration::from_secs(1)).err().unwrap();
        assert!(diagnostic.problem.contains(&free.to_string()));
    }
}
