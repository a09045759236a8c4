//! Whether a Redis answers PING under the given URL, spoken in its own line protocol. Reads and writes no key.

use std::io::{BufRead, BufReader, Write};
use std::time::Duration;

use super::Trouble;
use super::address::{Address, Stream};

/// Logs in if the URL says so, then sends PING.
pub fn check(url: &str, wait: Duration) -> Result<String, Trouble> {
    let file = ["redis+unix://", "unix://"].iter().find_map(|scheme| url.strip_prefix(scheme));
    if let Some(file) = file {
        let path = file.split('?').next().unwrap_or(file);
        return ping(Address::connect_file(path, wait)?, "", None).map(|()| format!("Redis answers at {path}"));
    }
    let address = Address::parse(url, 6379)?;
    if address.scheme == "rediss" {
        address.connect(wait)?;
        return Ok(format!(
            "{}:{} is reachable; rediss:// (TLS) is not spoken by this check",
            address.host, address.port
        ));
    }
    let stream = address.connect(wait)?;
    ping(stream, &address.user, address.password.as_deref())?;
    Ok(format!("Redis answers at {}:{}", address.host, address.port))
}

fn ping(stream: Box<dyn Stream>, user: &str, password: Option<&str>) -> Result<(), Trouble> {
    let mut stream = BufReader::new(stream);
    if let Some(password) = password {
        let login = if user.is_empty() { vec!["AUTH", password] } else { vec!["AUTH", user, password] };
        let answer = ask(&mut stream, &login)?;
        if answer != "+OK" {
            return Err(Trouble::new(
                format!("it refuses the login: {answer}"),
                "correct user and password in the URL",
            ));
        }
    }
    match ask(&mut stream, &["PING"])?.as_str() {
        "+PONG" => Ok(()),
        answer if answer.starts_with("-NOAUTH") => {
            Err(Trouble::new("it asks for a password", "put it in the URL: redis://:password@host:port"))
        }
        answer => Err(Trouble::new(format!("it answers PING with {answer:?}"), "is that address really a Redis?")),
    }
}

fn ask(stream: &mut BufReader<Box<dyn Stream>>, words: &[&str]) -> Result<String, Trouble> {
    let mut request = format!("*{}\r\n", words.len());
    for word in words {
        request.push_str(&format!("${}\r\n{word}\r\n", word.len()));
    }
    let lost =
        |error: std::io::Error| Trouble::new(format!("it does not answer: {error}"), "is that address really a Redis?");
    stream.get_mut().write_all(request.as_bytes()).map_err(lost)?;
    let mut line = String::new();
    stream.read_line(&mut line).map_err(lost)?;
    Ok(line.trim_end().to_owned())
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

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
        let problem = |url: String| check(&url, wait).err().map(|trouble| trouble.problem);
        assert_eq!(problem(format!("redis://{}", answering(&["+PONG"]))), None);
        assert_eq!(problem(format!("redis://:secret@{}", answering(&["+OK", "+PONG"]))), None);
        let wrong = problem(format!("redis://:wrong@{}", answering(&["-WRONGPASS invalid"]))).unwrap();
        assert!(wrong.contains("WRONGPASS") && !wrong.contains(":wrong@"), "{wrong}");
        let locked = problem(format!("redis://{}", answering(&["-NOAUTH Authentication required."]))).unwrap();
        assert!(locked.contains("asks for a password"), "{locked}");
    }
}
