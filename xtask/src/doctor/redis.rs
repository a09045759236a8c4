//! Whether a Redis answers PING under the given URL, spoken in its own line protocol. Reads and
//! writes no key.

use std::io::{BufRead, BufReader};
use std::time::Duration;

use super::address::{Address, Stream, decoded};
use super::diagnostic::Diagnostic;
use super::given::Given;
use super::tls::TlsStream;

/// How a problem begins when nothing was heard.
const SILENT: &str = "it does not answer";

/// Logs in if there is a password, then sends PING.
pub fn check(given: &Given<'_>, wait: Duration) -> Result<String, Diagnostic> {
    let url = given.url.as_str();
    let file = ["redis+unix://", "unix://"].iter().find_map(|scheme| url.strip_prefix(scheme));
    if let Some(file) = file {
        let (path, query) = file.split_once('?').unwrap_or((file, ""));
        let asked = |key: &str| query.split('&').find_map(|pair| pair.strip_prefix(key)).map(decoded);
        let password = given.password.clone().or_else(|| asked("pass="));
        let stream = &mut BufReader::new(Address::connect_file(path, wait)?);
        return ping(stream, &asked("user=").unwrap_or_default(), password.as_deref())
            .map(|()| format!("Redis answers at {path}"));
    }
    let address = Address::parse(url, 6379)?;
    let password = given.password.as_deref().or(address.password.as_deref());
    // A plain connection tells an unreachable host in plain words.
    let stream = address.connect(wait)?;
    let place = format!("{}:{}", address.host, address.port);
    if address.scheme != "rediss" {
        return ping(&mut BufReader::new(stream), &address.user, password)
            .map(|()| format!("Redis answers at {place}"));
    }
    if url.contains('#') {
        return Err(Diagnostic::new(
            "a URL with # asks for no check of the certificate",
            "leave out # and what follows it",
        ));
    }
    drop(stream);
    let mut stream = BufReader::new(TlsStream::connect(&address, &given.authorities_file()?, wait)?);
    match ping(&mut stream, &address.user, password) {
        Err(diagnostic) if diagnostic.problem.starts_with(SILENT) => Err(stream.into_inner().failure()),
        outcome => outcome.map(|()| format!("Redis answers at {place} over TLS, with a certificate that is believed")),
    }
}

fn ping(stream: &mut BufReader<impl Stream>, user: &str, password: Option<&str>) -> Result<(), Diagnostic> {
    if let Some(password) = password {
        let login = if user.is_empty() { vec!["AUTH", password] } else { vec!["AUTH", user, password] };
        let answer = ask(stream, &login)?;
        if answer != "+OK" {
            return Err(Diagnostic::new(
                format!("it refuses the login: {answer}"),
                "correct the user in the URL, and the password there or in --redis-password-file",
            ));
        }
    }
    match ask(stream, &["PING"])?.as_str() {
        "+PONG" => Ok(()),
        answer if answer.starts_with("-NOAUTH") => Err(Diagnostic::new(
            "it asks for a password",
            "give --redis-password-file, or put it in the URL: redis://:password@host:port",
        )),
        answer => Err(Diagnostic::new(format!("it answers PING with {answer:?}"), "is that address really a Redis?")),
    }
}

fn ask(stream: &mut BufReader<impl Stream>, words: &[&str]) -> Result<String, Diagnostic> {
    let mut request = format!("*{}\r\n", words.len());
    for word in words {
        request.push_str(&format!("${}\r\n{word}\r\n", word.len()));
    }
    let lost = |error: std::io::Error| Diagnostic::new(format!("{SILENT}: {error}"), "is that address really a Redis?");
    stream.get_mut().write_all(request.as_bytes()).map_err(lost)?;
    let mut line = String::new();
    if stream.read_line(&mut line).map_err(lost)? == 0 {
        return Err(lost(std::io::ErrorKind::UnexpectedEof.into()));
    }
    Ok(line.trim_end().to_owned())
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;
    use std::net::TcpListener;

    use tilemud_persist::testing::{CertificateAuthority, RedisServer};

    use super::*;

    /// A listener that answers every request of one connection with the given lines, one by one.
    fn answering(lines: &'static [&'static str]) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            let (stream, _) = listener.accept().unwrap();
            let mut stream = BufReader::new(stream);
            for answer in lines {
                let mut count = String::new();
                stream.read_line(&mut count).unwrap();
                let words: usize = count.trim_start_matches('*').trim().parse().unwrap();
                for _ in 0..words * 2 {
                    stream.read_line(&mut String::new()).unwrap();
                }
                stream.get_mut().write_all(format!("{answer}\r\n").as_bytes()).unwrap();
            }
        });
        address.to_string()
    }

    #[test]
    fn answer_to_ping_decides() {
        let wait = Duration::from_secs(2);
        let problem =
            |url: String| check(&Given { url, ..Given::default() }, wait).err().map(|diagnostic| diagnostic.problem);
        assert_eq!(problem(format!("redis://{}", answering(&["+PONG"]))), None);
        assert_eq!(problem(format!("redis://:secret@{}", answering(&["+OK", "+PONG"]))), None);
        let wrong = problem(format!("redis://:wrong@{}", answering(&["-WRONGPASS invalid"]))).unwrap();
        assert!(wrong.contains("WRONGPASS") && !wrong.contains(":wrong@"), "{wrong}");
        let locked = problem(format!("redis://{}", answering(&["-NOAUTH Authentication required."]))).unwrap();
        assert!(locked.contains("asks for a password"), "{locked}");
    }

    #[test]
    fn a_redis_over_tls_is_tried_with_its_certificate_and_its_password() {
        let authority = CertificateAuthority::new();
        let (_server, port) =
            RedisServer::start_encrypted(&authority.issue("localhost", 30), &["--requirepass", "s3cret"]);
        let known = [authority.path()];
        let told = |host: &str, password: Option<&str>, authorities| {
            let url = format!("rediss://{host}:{port}");
            let outcome =
                check(&Given { url, password: password.map(str::to_owned), authorities }, Duration::from_secs(60));
            outcome.unwrap_or_else(|diagnostic| diagnostic.problem)
        };
        for (host, password, authorities, fragment) in [
            ("localhost", Some("s3cret"), &known[..], "over TLS"),
            (":s3cret@localhost", None, &known, "over TLS"),
            ("localhost", None, &known, "asks for a password"),
            ("localhost", Some("other"), &known, "refuses the login"),
            ("localhost", Some("s3cret"), &[], "certificate is not believed"),
            ("127.0.0.1", Some("s3cret"), &known, "certificate is not believed"),
        ] {
            let told = told(host, password, authorities);
            assert!(told.contains(fragment) && !told.contains("s3cret"), "{host} {password:?}: {told}");
        }
        let plain = RedisServer::start_with(&["--requirepass", "s3cret"]);
        let given =
            |password: &str| Given { url: plain.url(), password: Some(password.to_owned()), ..Given::default() };
        assert!(check(&given("s3cret"), Duration::from_secs(60)).is_ok());
        assert!(check(&given("other"), Duration::from_secs(60)).is_err());
    }
}
