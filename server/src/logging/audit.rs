//! `tilemud logs audit`: reads log files and names every line with content that a log must not hold
//! (FR-014, NFR-007, T072). Only reads, and does not repeat the content.
//!
//! It knows the lines this program writes, JSON and text, and takes any other file line by line:
//! values of fields whose names say that they hold a name, something said, an address or a secret;
//! and, anywhere, words that are addresses, signed tokens, tickets or passwords. Names and speech
//! in the middle of a sentence cannot be recognised.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Write};
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::content::{REDACTED, bare, is_address, is_forbidden, is_operators, is_separator, is_signed_token};

/// Findings that are printed; the rest is counted.
const PRINTED_MAX: u64 = 100;

/// Longest line that is checked as one, bytes; the rest is checked as further lines.
const LINE_BYTES_MAX: u64 = 1024 * 1024;

/// Length of a ticket or reconnect token: 32 bytes in base64.
const SECRET_CHARS: usize = 43;

/// What an audit came to.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Audited {
    /// Lines that hold what they must not.
    pub findings: u64,
    pub lines: u64,
    pub files: u64,
}

/// Why a folder cannot be audited.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// It or something in it cannot be read.
    #[error("{path} cannot be read: {reason}; name a folder with log files that this user may read")]
    Unreadable {
        path: PathBuf,
        /// What the system says.
        reason: io::Error,
    },
    #[error("there are no log files in {path}; name the folder given to --log-dir")]
    Empty { path: PathBuf },
    /// A file that is not text as it is.
    #[error("{path} is compressed; unpack it first")]
    Compressed { path: PathBuf },
}

/// Reads every file under a folder, or one file, and writes a line to `out` for each finding, and a
/// summary.
///
/// # Errors
/// [`AuditError`]; what was found before has been written.
pub fn audit(folder: &Path, out: &mut impl Write) -> Result<Audited, AuditError> {
    let mut audited = Audited::default();
    let mut files = Vec::new();
    collect(folder, &mut files)?;
    files.sort();
    if files.is_empty() {
        return Err(AuditError::Empty { path: folder.to_owned() });
    }
    for path in files {
        let failed = |reason| AuditError::Unreadable { path: path.clone(), reason };
        if path
            .extension()
            .is_some_and(|extension| ["gz", "xz", "zst", "bz2"].iter().any(|packed| extension == *packed))
        {
            return Err(AuditError::Compressed { path });
        }
        audited.files += 1;
        let mut file = BufReader::new(File::open(&path).map_err(failed)?);
        let (mut bytes, mut number) = (Vec::new(), 0_u64);
        while read_line(&mut file, &mut bytes).map_err(failed)? {
            number += 1;
            audited.lines += 1;
            if let Some(finding) = finding(&String::from_utf8_lossy(&bytes)) {
                audited.findings += 1;
                if audited.findings <= PRINTED_MAX {
                    // Whoever reads it may have gone; the exit code says it too.
                    let _ = writeln!(out, "{}:{number}: {finding}", path.display());
                }
            }
        }
    }
    if audited.findings > PRINTED_MAX {
        let _ = writeln!(out, "and {} more", audited.findings - PRINTED_MAX);
    }
    let Audited { findings, lines, files } = audited;
    let _ = writeln!(out, "{findings} of {lines} lines in {files} files hold what a log must not");
    Ok(audited)
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<(), AuditError> {
    let failed = |reason| AuditError::Unreadable { path: path.to_owned(), reason };
    if !std::fs::metadata(path).map_err(failed)?.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    for entry in std::fs::read_dir(path).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        // A link to a folder may lead back here.
        let is_link = entry.file_type().map_err(failed)?.is_symlink();
        if !(is_link && entry.path().is_dir()) {
            collect(&entry.path(), files)?;
        }
    }
    Ok(())
}

fn read_line(file: &mut BufReader<File>, bytes: &mut Vec<u8>) -> io::Result<bool> {
    bytes.clear();
    Ok(io::Read::take(file, LINE_BYTES_MAX).read_until(b'\n', bytes)? > 0)
}

/// What a line holds that it must not, if it does.
fn finding(line: &str) -> Option<String> {
    match serde_json::from_str(line) {
        Ok(Value::Object(fields)) => in_value("", &Value::Object(fields)),
        _ => in_text("", line),
    }
}

fn in_value(field: &str, value: &Value) -> Option<String> {
    match value {
        Value::Null | Value::Bool(_) => None,
        Value::String(text) if text.is_empty() || text == REDACTED => None,
        Value::Object(fields) => fields.iter().find_map(|(field, value)| in_value(field, value)),
        Value::Array(values) => values.iter().find_map(|value| in_value(field, value)),
        _ if is_forbidden(field) => Some(in_field(field)),
        Value::String(text) => in_text(field, text),
        Value::Number(_) => None,
    }
}

/// `field` is empty where the text is not the value of one.
fn in_text(field: &str, text: &str) -> Option<String> {
    let told = |what: &str| if field.is_empty() { what.to_owned() } else { format!("{what} in the field {field}") };
    let is_named = |name: &str| !name.is_empty() && is_forbidden(name);
    let mut before = "";
    for word in text.split(is_space) {
        if before.rsplit('=').next().is_some_and(|last| last.eq_ignore_ascii_case("bearer"))
            && is_like_a_token(bare(word))
            && !word.contains(REDACTED)
        {
            return Some(told("an access token"));
        }
        // `name=value` of a text line.
        if let Some((name, value)) = word.split_once('=')
            && is_named(name.rsplit(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default())
            && !value.is_empty()
            && !value.contains(REDACTED)
        {
            return Some(in_field(name));
        }
        if has_password(word) {
            return Some(told("an address with a password"));
        }
        before = word;
    }
    text.split(is_separator).map(bare).find_map(|word| {
        if is_address(word) && !is_operators(field) {
            Some(told("a network address"))
        } else if is_signed_token(word) {
            Some(told("a signed token"))
        } else if is_secret(word) {
            Some(told("a ticket or reconnect token"))
        } else {
            None
        }
    })
}

fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '"' | '\'' | '`' | ',' | ';' | '(' | ')' | '{' | '}')
}

fn in_field(field: &str) -> String {
    let last = field.rsplit('_').next().unwrap_or(field);
    let what = match last {
        "name" | "nick" => "a name",
        "chat" | "text" => "what somebody said",
        "ip" | "addr" | "address" | "peer" | "remote" => "a network address",
        "id" => "a session id",
        _ => "a secret",
    };
    format!("{what} in the field {field}")
}

/// Not a word of a sentence about tokens.
fn is_like_a_token(word: &str) -> bool {
    word.len() >= 8 && word.contains(|c: char| c.is_ascii_digit() || c == '.')
}

/// `scheme://user:password@host`.
fn has_password(word: &str) -> bool {
    let Some((_, rest)) = word.split_once("://") else { return false };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let Some((user, _)) = authority.rsplit_once('@') else { return false };
    user.split_once(':').is_some_and(|(_, password)| !password.is_empty() && password != REDACTED)
}

/// Whether it has the form of a ticket or token; ids and hashes in logs are hexadecimal.
fn is_secret(word: &str) -> bool {
    word.len() == SECRET_CHARS
        && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        && word.bytes().any(|byte| byte.is_ascii_uppercase())
        && word.bytes().any(|byte| byte.is_ascii_lowercase())
        && word.bytes().any(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_with_a_token_an_address_a_name_or_something_said_is_found_and_not_repeated() {
        let ticket = "rFjN0x2yQ5Zk8aLw3TtB7vHcE1sMdU9oGp6iKX4nYqA";
        for (line, expected) in [
            (r#"{"message":"a","cause":"from 203.0.113.7:4711"}"#.to_owned(), "a network address in the field cause"),
            (r#"{"message":"seen at [2001:db8::17]:443"}"#.to_owned(), "a network address in the field message"),
            (r#"{"message":"a","display_name":"Annabel"}"#.to_owned(), "a name in the field display_name"),
            (r#"{"message":"a","chat":"hello"}"#.to_owned(), "what somebody said in the field chat"),
            (r#"{"message":"a","payload":{"text":"hello"}}"#.to_owned(), "what somebody said in the field text"),
            (r#"{"message":"a","peer_ip":["x"]}"#.to_owned(), "a network address in the field peer_ip"),
            (r#"{"message":"a","session_id":"0190"}"#.to_owned(), "a session id in the field session_id"),
            (r#"{"message":"a","pin_secret":7}"#.to_owned(), "a secret in the field pin_secret"),
            (format!(r#"{{"message":"the ticket {ticket}"}}"#), "a ticket or reconnect token in the field message"),
            (r#"{"message":"eyJhbGciOiJFUzI1NiJ9.eyJzdWIi.c2ln"}"#.to_owned(), "a signed token in the field message"),
            ("2026-11-28 INFO x: header=Bearer abc.def.7".to_owned(), "an access token"),
            ("2026-11-28 INFO x: seen display_name=Annabel".to_owned(), "a name in the field display_name"),
            ("2026-11-28 INFO x: seen peer 10.0.0.1".to_owned(), "a network address"),
            ("postgres://game:hunter2@db/tilemud is away".to_owned(), "an address with a password"),
        ] {
            assert_eq!(finding(&line).as_deref(), Some(expected), "{line}");
        }
    }

    #[test]
    fn what_a_log_may_hold_is_no_finding() {
        for line in [
            r#"{"timestamp":"2026-11-28T20:00:00.123456Z","level":"INFO","target":"tilemud_net::journal","version":"0.1.0+9f3c2a1b","instance":"6f9619ff8b86d011b42d00c04fc964ff","message":"session live","user_id":"9e107d9d372bb6826bd81d3542a419d6","session":"9f3c2a1b9f3c2a1b","reconnects":3,"close_code":null}"#,
            r#"{"message":"a","place":"Postgres at 10.0.0.7:5432/tilemud","listening":"127.0.0.1:9000"}"#,
            r#"{"message":"request refused","display_name":"[redacted]","correlation_id":"0190a5d0-0000-4000-8000-000000000001","text":""}"#,
            r#"{"message":"refused by [redacted] and [redacted]:443","keys":3,"context":"a::b::c"}"#,
            "2026-11-28T20:00:00Z  INFO tilemud: display_name=[redacted] header=Bearer [redacted] 12:30:45 tick=20",
            r#"{"message":"request refused","cause":"no bearer token"}"#,
            "postgres://game@db/tilemud postgres://game:[redacted]@db/tilemud 1.5 ms",
            "",
            "\u{fffd}\u{fffd} not text",
        ] {
            assert_eq!(finding(line), None, "{line}");
        }
    }

    #[test]
    fn a_folder_is_read_to_the_last_file_and_what_cannot_be_read_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let error = audit(dir.path(), &mut Vec::new()).unwrap_err().to_string();
        assert!(error.contains("there are no log files") && error.contains("--log-dir"), "{error}");
        let missing = dir.path().join("nowhere");
        let error = audit(&missing, &mut Vec::new()).unwrap_err().to_string();
        assert!(error.contains("nowhere") && error.contains("No such file"), "{error}");

        std::fs::create_dir(dir.path().join("old")).unwrap();
        std::fs::write(dir.path().join("old/tilemud.2026-01-01.log"), "fine\nseen 10.0.0.1").unwrap();
        std::fs::write(dir.path().join("tilemud.2026-01-02.log"), "{\"message\":\"fine\"}\n").unwrap();
        let mut out = Vec::new();
        let audited = audit(dir.path(), &mut out).unwrap();
        assert_eq!(audited, Audited { findings: 1, lines: 3, files: 2 });
        let out = String::from_utf8(out).unwrap();
        assert!(out.contains("old/tilemud.2026-01-01.log:2: a network address"), "{out}");
        assert!(!out.contains("10.0.0.1"), "{out}");

        std::fs::write(dir.path().join("tilemud.2026-01-03.log.gz"), "x").unwrap();
        assert!(matches!(audit(dir.path(), &mut Vec::new()), Err(AuditError::Compressed { .. })));
    }
}
