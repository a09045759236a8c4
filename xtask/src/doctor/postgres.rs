//! Whether a Postgres answers under the given URL. With `psql` installed the check is a real query;
//! without it, the first message of the wire protocol tells whether a Postgres is there and what it
//! thinks of the user and database.

use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use super::address::{Address, Stream, decoded};
use super::diagnostic::Diagnostic;
use super::given::Given;
use crate::needs;

/// Version 3.0 of the frontend/backend protocol.
const PROTOCOL_VERSION: i32 = 196_608;

/// No message before the end of the login is longer; a longer one is not from a Postgres.
const MESSAGE_BYTES_MAX: usize = 16 * 1024;

/// Asks whether TLS is spoken; sent in place of a start-up message.
const TLS_REQUEST: [u8; 8] = [0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f];

/// What `sslmode` may be.
const MODES: [&str; 6] = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"];

/// Asks for the authorities of the system.
const SYSTEM_ROOTS: &str = "system";

/// The parameters of the URL that have to do with TLS, as the server takes them.
#[derive(Debug, PartialEq, Eq)]
struct Encryption {
    /// One of [`MODES`].
    mode: &'static str,
    root: Option<String>,
}

/// Asks for the version with psql if that is there, else sends the first message of the protocol.
pub fn check(given: &Given<'_>, wait: Duration) -> Result<String, Diagnostic> {
    let url = given.url.as_str();
    if !(url.starts_with("postgres://") || url.starts_with("postgresql://")) {
        return Err(Diagnostic::new("not a postgres:// URL", "give postgres://user:password@host:port/database"));
    }
    let address = Address::parse(url, 5432)?;
    let encryption = Encryption::of(url, !given.authorities.is_empty())?;
    // First the probe: it tells an unreachable host in plain words, and never waits long.
    let probed = probe(&address, encryption.mode, wait)?;
    match needs::program("psql") {
        Some(psql) => query(&psql, given, &address, &encryption, wait),
        None => Ok(probed),
    }
}

impl Encryption {
    fn of(url: &str, has_authorities: bool) -> Result<Self, Diagnostic> {
        let query = url.split_once('?').map_or("", |(_, query)| query);
        let asked = |keys: &[&str]| {
            let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
            pairs.find(|(key, _)| keys.contains(key)).map(|(_, value)| decoded(value))
        };
        let mode = asked(&["sslmode", "ssl-mode"]).unwrap_or_else(|| "prefer".to_owned());
        let mode = *MODES.iter().find(|known| **known == mode).ok_or_else(|| {
            Diagnostic::new(
                format!("sslmode={mode} of --database-url is none"),
                format!("give one of {}", MODES.join(", ")),
            )
        })?;
        let root = asked(&["sslrootcert", "ssl-root-cert", "ssl-ca"]);
        if let Some(file) = root.as_deref().filter(|root| *root != SYSTEM_ROOTS)
            && let Err(error) = std::fs::File::open(file)
        {
            let problem = format!("sslrootcert of --database-url: {file} cannot be read: {error}");
            return Err(Diagnostic::new(problem, "name a readable PEM file"));
        }
        let wants_system = root.as_deref() == Some(SYSTEM_ROOTS);
        let has_root = root.is_some() && !wants_system;
        let mode = match mode {
            "require" if has_root => "verify-ca",
            "require" if wants_system => "verify-full",
            // Without an authority of one's own, anybody's public certificate would do.
            "verify-ca" if !has_root && !has_authorities => "verify-full",
            mode => mode,
        };
        Ok(Self { mode, root: root.filter(|_| has_root) })
    }

    fn is_checked(&self) -> bool {
        self.mode.starts_with("verify")
    }
}

fn query(
    psql: &Path,
    given: &Given<'_>,
    address: &Address,
    encryption: &Encryption,
    wait: Duration,
) -> Result<String, Diagnostic> {
    let mut command = Command::new(psql);
    command.args(["--no-psqlrc", "--no-password", "--tuples-only", "--no-align"]);
    command.args([
        "--command",
        "SHOW server_version",
        "--command",
        "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()",
    ]);
    // Not by the URL: other users of the machine can read a command line.
    let host =
        address.socket_folder.as_deref().unwrap_or(if address.host.is_empty() { "localhost" } else { &address.host });
    command.env("PGHOST", host).env("PGPORT", address.port.to_string()).env("PGSSLMODE", encryption.mode);
    command.env("PGCONNECT_TIMEOUT", wait.as_secs().to_string());
    for (name, value) in [("PGUSER", &address.user), ("PGDATABASE", &address.path)] {
        if !value.is_empty() {
            command.env(name, value);
        }
    }
    if let Some(password) = given.password.as_ref().or(address.password.as_ref()) {
        command.env("PGPASSWORD", password);
    }
    if let Some(root) = &encryption.root {
        command.env("PGSSLROOTCERT", root);
    } else if encryption.is_checked() {
        command.env("PGSSLROOTCERT", given.authorities_file()?);
    }
    let output = command.output().map_err(|error| {
        Diagnostic::new(format!("psql does not run: {error}"), needs::install_line(&["postgresql-client"]))
    })?;
    if output.status.success() {
        let told = String::from_utf8_lossy(&output.stdout);
        let (version, tls) = told.trim().split_once('\n').unwrap_or((told.trim(), "f"));
        let how = match (tls.trim() == "t", encryption.is_checked()) {
            (false, _) => "without TLS",
            (true, false) => "over TLS, whose certificate is not looked at",
            (true, true) => "over TLS, with a certificate that is believed",
        };
        return Ok(format!("Postgres {version} accepts queries, {how}"));
    }
    let told = String::from_utf8_lossy(&output.stderr);
    let told = told.lines().next().unwrap_or("no message").to_owned();
    let remedy = remedy(&told);
    Err(Diagnostic::new(told, remedy))
}

/// What to do about what a Postgres, or psql, has said.
fn remedy(told: &str) -> &'static str {
    if told.contains("certificate") {
        "name the authority that signed its certificate with sslrootcert=FILE in the URL or with --tls-ca, and the host as the \
         certificate does"
    } else if told.contains("no encryption") {
        "it wants TLS: leave out sslmode, or set sslmode=require"
    } else {
        "correct user and database in the URL, and the password there or in --database-password-file, or create them"
    }
}

/// Sends the start-up message and reads the first answer.
fn probe(address: &Address, mode: &str, wait: Duration) -> Result<String, Diagnostic> {
    let folder = address.socket_folder.as_deref().filter(|folder| folder.starts_with('/'));
    let (mut stream, place) = match folder {
        Some(folder) => {
            let file = format!("{folder}/.s.PGSQL.{}", address.port);
            (Address::connect_file(&file, wait)?, file)
        }
        None => (address.connect(wait)?, format!("{}:{}", address.host, address.port)),
    };
    let hangs_up = |error| Diagnostic::new(format!("it hangs up: {error}"), "is that address really a Postgres?");
    if folder.is_none() && !["disable", "allow"].contains(&mode) {
        let mut answer = [0];
        stream.write_all(&TLS_REQUEST).and_then(|()| stream.read_exact(&mut answer)).map_err(hangs_up)?;
        match &answer {
            b"S" => {
                return Ok(format!("a Postgres at {place} speaks TLS (with psql installed the login is tried too)"));
            }
            b"N" if mode == "prefer" => {}
            b"N" => {
                return Err(Diagnostic::new(
                    format!("the Postgres at {place} does not speak TLS, and sslmode={mode} demands it"),
                    "switch it on there (ssl = on), or set sslmode=prefer",
                ));
            }
            _ => {
                return Err(Diagnostic::new(
                    "it does not speak the Postgres protocol",
                    "is that address really a Postgres?",
                ));
            }
        }
    }
    stream.write_all(&startup_message(address)).map_err(hangs_up)?;
    match first_answer(stream.as_mut())? {
        Answer::Accepted => Ok(format!("Postgres accepts the login at {place}")),
        Answer::AsksForPassword => {
            Ok(format!("a Postgres at {place} asks for the password (with psql installed it is tried too)"))
        }
        Answer::Refused(why) => {
            let remedy = remedy(&why);
            Err(Diagnostic::new(why, remedy))
        }
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

fn first_answer(stream: &mut dyn Stream) -> Result<Answer, Diagnostic> {
    let strange = |what: String| Diagnostic::new(what, "is that address really a Postgres?");
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

    use tilemud_persist::testing::{CertificateAuthority, PostgresServer};

    use super::*;

    /// Probes a listener that speaks no TLS and answers the start-up message with `answer`.
    fn probed(answer: &'static [u8]) -> Result<String, Diagnostic> {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("postgres://ann@{}/tiles", listener.local_addr().unwrap());
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = [0; 8];
            stream.read_exact(&mut request).unwrap();
            assert_eq!(request, TLS_REQUEST);
            stream.write_all(b"N").unwrap();
            let mut length = [0_u8; 4];
            stream.read_exact(&mut length).unwrap();
            let mut body = vec![0; u32::from_be_bytes(length) as usize - 4];
            stream.read_exact(&mut body).unwrap();
            stream.write_all(answer).unwrap();
            body
        });
        let outcome = probe(&Address::parse(&url, 5432)?, "prefer", Duration::from_secs(60));
        assert_eq!(server.join().unwrap(), b"\x00\x03\x00\x00user\0ann\0database\0tiles\0\0");
        outcome
    }

    #[test]
    fn first_answer_decides() {
        let problem = |outcome: Result<String, Diagnostic>| outcome.err().map(|diagnostic| diagnostic.problem);
        assert_eq!(problem(probed(b"R\0\0\0\x08\0\0\0\0")), None);
        let password = probed(b"R\0\0\0\x08\0\0\0\x05").unwrap_or_else(|diagnostic| panic!("{}", diagnostic.problem));
        assert!(password.contains("asks for the password"));
        let refused = problem(probed(b"E\0\0\0\x18SFATAL\0Mno such one\0\0")).unwrap();
        assert_eq!(refused, "no such one");
        let stranger = problem(probed(b"HTTP/1.1 400 Bad Request\r\n")).unwrap();
        assert!(stranger.contains("does not speak"), "{stranger}");
    }

    #[test]
    fn the_mode_is_the_one_that_the_server_takes() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let own = format!("&sslrootcert={}", file.path().display());
        for (query, has_authorities, mode) in [
            ("", false, "prefer"),
            ("?sslmode=disable", false, "disable"),
            ("?sslmode=require", true, "require"),
            (&format!("?sslmode=require{own}"), false, "verify-ca"),
            ("?sslmode=require&sslrootcert=system", false, "verify-full"),
            ("?sslmode=verify-ca", false, "verify-full"),
            ("?sslmode=verify-ca", true, "verify-ca"),
            (&format!("?sslmode=verify-ca{own}"), false, "verify-ca"),
        ] {
            let of = Encryption::of(&format!("postgres://localhost/tiles{query}"), has_authorities);
            assert_eq!(of.ok().map(|of| of.mode), Some(mode), "{query}");
        }
        for (query, fragment) in [("sslmode=maybe", "sslmode=maybe"), ("sslrootcert=/no/such.pem", "/no/such.pem")] {
            let diagnostic = Encryption::of(&format!("postgres://localhost/tiles?{query}"), false).err().unwrap();
            assert!(diagnostic.problem.contains(fragment), "{}", diagnostic.problem);
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_postgres_is_tried_in_every_mode_with_its_certificate_and_its_password() {
        let authority = CertificateAuthority::new();
        let server = PostgresServer::start_encrypted(&authority.issue("localhost", 30));
        server.execute(&server.url("postgres"), "CREATE ROLE player LOGIN PASSWORD 's3cret'").await;
        let known = [authority.path()];
        let own = format!("&sslrootcert={}", authority.path().display());
        let told = |host: &str, query: &str, password: &str, authorities| {
            let url = format!("postgres://player@{host}:{}/postgres?{query}", server.port());
            let given = Given { url, password: Some(password.to_owned()), authorities };
            check(&given, Duration::from_secs(60))
                .unwrap_or_else(|diagnostic| format!("{}: {}", diagnostic.problem, diagnostic.remedy))
        };
        for (host, query, password, authorities, fragment) in [
            ("localhost", "", "s3cret", &[][..], "over TLS, whose certificate is not looked at"),
            ("localhost", "sslmode=require", "s3cret", &[], "over TLS, whose certificate is not looked at"),
            ("localhost", "sslmode=verify-full", "s3cret", &known[..], "a certificate that is believed"),
            ("localhost", &format!("sslmode=verify-full{own}"), "s3cret", &[], "a certificate that is believed"),
            ("127.0.0.1", &format!("sslmode=require{own}"), "s3cret", &[], "a certificate that is believed"),
            ("127.0.0.1", "sslmode=verify-full", "s3cret", &known, "--tls-ca"),
            ("localhost", "sslmode=verify-full", "s3cret", &[], "--tls-ca"),
            ("localhost", "sslmode=disable", "s3cret", &[], "it wants TLS"),
            ("localhost", "sslmode=require", "other", &[], "--database-password-file"),
        ] {
            let told = told(host, query, password, authorities);
            assert!(told.contains(fragment) && !told.contains("s3cret"), "{host} {query}: {told}");
        }
        let socket = server.url("postgres");
        let given = Given { url: socket, ..Given::default() };
        assert!(check(&given, Duration::from_secs(60)).is_ok_and(|told| told.contains("without TLS")));
    }
}
