//! Whether a Postgres answers under the given URL. With `psql` installed the check is a real query; without it, the
//! first message of the wire protocol tells whether a Postgres is there and what it thinks of the user and database.

use std::io::Write;
use std::process::Command;
use std::time::Duration;

use super::Trouble;
use super::address::{Address, Stream};
use crate::needs;

/// Version 3.0 of the frontend/backend protocol.
const PROTOCOL_VERSION: i32 = 196_608;

/// No message before the end of the login is longer; a longer one is not from a Postgres.
const MESSAGE_BYTES_MAX: usize = 16 * 1024;

/// Asks for the version with psql if that is there, else knocks at the protocol.
pub fn check(url: &str, wait: Duration) -> Result<String, Trouble> {
    if !(url.starts_with("postgres://") || url.starts_with("postgresql://")) {
        return Err(Trouble::new("not a postgres:// URL", "give postgres://user:password@host:port/database"));
    }
    let address = Address::parse(url, 5432)?;
    // First the knock: it tells an unreachable host in plain words, and never waits long.
    let knocked = knock(&address, wait)?;
    match needs::program("psql") {
        Some(psql) => query(&psql, url, wait),
        None => Ok(knocked),
    }
}

fn query(psql: &std::path::Path, url: &str, wait: Duration) -> Result<String, Trouble> {
    let output = Command::new(psql)
        .args(["--no-psqlrc", "--no-password", "--tuples-only", "--no-align", "--command", "SHOW server_version", url])
        .env("PGCONNECT_TIMEOUT", wait.as_secs().to_string())
        .output()
        .map_err(|error| {
            Trouble::new(format!("psql does not run: {error}"), needs::install_line(&["postgresql-client"]))
        })?;
    if output.status.success() {
        return Ok(format!("Postgres {} accepts queries", String::from_utf8_lossy(&output.stdout).trim()));
    }
    let told = String::from_utf8_lossy(&output.stderr);
    let told = told.lines().next().unwrap_or("no message").to_owned();
    Err(Trouble::new(told, "correct user, password and database in the URL, or create them"))
}

/// Sends the start-up message and reads the first answer.
fn knock(address: &Address, wait: Duration) -> Result<String, Trouble> {
    let folder = address.socket_folder.as_deref().filter(|folder| folder.starts_with('/'));
    let (mut stream, place) = match folder {
        Some(folder) => {
            let file = format!("{folder}/.s.PGSQL.{}", address.port);
            (Address::connect_file(&file, wait)?, file)
        }
        None => (address.connect(wait)?, format!("{}:{}", address.host, address.port)),
    };
    stream
        .write_all(&startup_message(address))
        .map_err(|error| Trouble::new(format!("it hangs up: {error}"), "is that address really a Postgres?"))?;
    match first_answer(stream.as_mut())? {
        Answer::Accepted => Ok(format!("Postgres accepts the login at {place}")),
        Answer::AsksForPassword => {
            Ok(format!("a Postgres at {place} asks for the password (with psql installed it is tried too)"))
        }
        Answer::Refused(why) => Err(Trouble::new(why, "correct user and database in the URL, or create them")),
    }
}

enum Answer {
    Accepted,
    AsksForPassword,
    Refused(String),
}

fn startup_message(address: &Address) -> Vec<u8> {
    let user = if address.user.is_empty() { "postgres" } else { &address.user };
    let mut body = PROTOCOL_VERSION.to_be_bytes().to_vec();
    let mut pairs = vec![("user", user)];
    if !address.path.is_empty() {
        pairs.push(("database", &address.path));
    }
    for (key, value) in pairs {
        for text in [key, value] {
            body.extend_from_slice(text.as_bytes());
            body.push(0);
        }
    }
    body.push(0);
    let length = i32::try_from(body.len() + 4).unwrap_or(i32::MAX);
    [length.to_be_bytes().as_slice(), &body].concat()
}

fn first_answer(stream: &mut dyn Stream) -> Result<Answer, Trouble> {
    let strange = |what: String| Trouble::new(what, "is that address really a Postgres?");
    let mut head = [0_u8; 5];
    stream.read_exact(&mut head).map_err(|error| strange(format!("it does not answer: {error}")))?;
    let length = u32::from_be_bytes([head[1], head[2], head[3], head[4]]) as usize;
    if !(4..=MESSAGE_BYTES_MAX).contains(&length) {
        return Err(strange("it does not speak the Postgres protocol".into()));
    }
    let mut body = vec![0_u8; length - 4];
    stream.read_exact(&mut body).map_err(|error| strange(format!("it hangs up: {error}")))?;
    match head[0] {
        b'R' if body.starts_with(&[0, 0, 0, 0]) => Ok(Answer::Accepted),
        b'R' => Ok(Answer::AsksForPassword),
        b'E' => Ok(Answer::Refused(error_text(&body))),
        _ => Err(strange("it does not speak the Postgres protocol".into())),
    }
}

/// The message field of an error response: fields are a letter, text, zero.
fn error_text(body: &[u8]) -> String {
    body.split(|&byte| byte == 0).filter_map(|field| field.split_first()).find(|(kind, _)| **kind == b'M').map_or_else(
        || "it refuses without a reason".to_owned(),
        |(_, text)| String::from_utf8_lossy(text).into_owned(),
    )
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::net::TcpListener;

    use super::*;

    /// Knocks at a listener that answers the start-up message with `answer`.
    fn knocked(answer: &'static [u8]) -> Result<String, Trouble> {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("postgres://ann@{}/tiles", listener.local_addr().unwrap());
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut length = [0_u8; 4];
            stream.read_exact(&mut length).unwrap();
            let mut body = vec![0; u32::from_be_bytes(length) as usize - 4];
            stream.read_exact(&mut body).unwrap();
            stream.write_all(answer).unwrap();
            body
        });
        let outcome = knock(&Address::parse(&url, 5432)?, Duration::from_secs(2));
        assert_eq!(server.join().unwrap(), b"\x00\x03\x00\x00user\0ann\0database\0tiles\0\0");
        outcome
    }

    #[test]
    fn first_answer_decides() {
        let problem = |outcome: Result<String, Trouble>| outcome.err().map(|trouble| trouble.problem);
        assert_eq!(problem(knocked(b"R\0\0\0\x08\0\0\0\0")), None);
        let password = knocked(b"R\0\0\0\x08\0\0\0\x05").unwrap_or_else(|trouble| panic!("{}", trouble.problem));
        assert!(password.contains("asks for the password"));
        let refused = problem(knocked(b"E\0\0\0\x18SFATAL\0Mno such one\0\0")).unwrap();
        assert_eq!(refused, "no such one");
        let stranger = problem(knocked(b"HTTP/1.1 400 Bad Request\r\n")).unwrap();
        assert!(stranger.contains("does not speak"), "{stranger}");
    }
}
