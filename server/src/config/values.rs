//! Parsers of settings: from texts to values, or to a diagnostic with what to write instead.

use std::fmt;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use secrecy::SecretString;
use tilemud_maps::dialect::Dialect;
use tilemud_net::authority::Origin;
use tilemud_net::proxy::{AddressRange, ForwardedHeader, PublicUrl};
use tilemud_persist::Diagnostic;
use tilemud_schema::Timestamp;

/// Longest time that can be set, seconds.
const SECONDS_MAX: u64 = 7 * 24 * 3600;

/// Highest rate per address that can be set, in effect no limit.
const ADDRESS_PER_S_MAX: NonZeroU32 = NonZeroU32::new(1_000_000).expect("a million is not 0");

/// Longest name of a world in a store, characters.
const WORLD_ID_CHARS_MAX: usize = 100;

/// Longest version that can be set, bytes.
const VERSION_BYTES_MAX: usize = 64;

/// The form of a log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// Text on a terminal, JSON otherwise.
    Auto,
    /// For people.
    Text,
    /// One JSON object per line.
    Json,
}

/// What is wrong with a value that is empty.
pub(super) fn empty() -> Diagnostic {
    Diagnostic::new("is empty", "give it a value, or leave it out")
}

/// A parser of values for clap. Its diagnostic repeats nothing of a text that may hold a password.
pub(super) trait Parse<T>: Fn(&str) -> Result<T, Diagnostic> + Clone + Send + Sync + 'static {}
impl<T, F: Fn(&str) -> Result<T, Diagnostic> + Clone + Send + Sync + 'static> Parse<T> for F {}

pub(super) fn number<T>(allowed: RangeInclusive<T>) -> impl Parse<T>
where
    T: FromStr + PartialOrd + fmt::Display + Clone + Send + Sync + 'static,
{
    move |text: &str| {
        text.parse().ok().filter(|number| allowed.contains(number)).ok_or_else(|| {
            let (least, most) = (allowed.start(), allowed.end());
            let problem = format!("{text:?} is not a whole number from {least} to {most}");
            Diagnostic::new(problem, format!("give a number from {least} to {most}"))
        })
    }
}

pub(super) fn seconds() -> impl Parse<u64> {
    number(1..=SECONDS_MAX)
}

pub(super) fn per_address() -> impl Parse<NonZeroU32> {
    number(NonZeroU32::MIN..=ADDRESS_PER_S_MAX)
}

pub(super) fn switch(text: &str) -> Result<bool, Diagnostic> {
    match text {
        "false" | "0" | "off" | "no" => Ok(false),
        "true" | "1" | "on" | "yes" => Ok(true),
        other => Err(Diagnostic::new(format!("{other:?} is neither true nor false"), "give true or false")),
    }
}

/// On (for ever), off (no time), or seconds.
pub(super) fn patience(text: &str) -> Result<Duration, Diagnostic> {
    match (text, text.parse()) {
        (_, Ok(seconds @ 0..=SECONDS_MAX)) => Ok(Duration::from_secs(seconds)),
        (_, Ok(seconds)) => {
            let problem = format!("{seconds} is not a number of seconds up to {SECONDS_MAX}");
            Err(Diagnostic::new(problem, "give fewer, or true for as long as it takes"))
        }
        ("false" | "off" | "no", _) => Ok(Duration::ZERO),
        ("true" | "on" | "yes", _) => Ok(Duration::MAX),
        (other, _) => {
            let problem = format!("{other:?} is neither a number of seconds nor true or false");
            Err(Diagnostic::new(problem, "give seconds, true or false"))
        }
    }
}

pub(super) fn path(text: &str) -> Result<PathBuf, Diagnostic> {
    if text.trim().is_empty() { Err(empty()) } else { Ok(text.into()) }
}

pub(super) fn address(text: &str) -> Result<SocketAddr, Diagnostic> {
    text.parse().map_err(|_| {
        let remedy = "write it like 127.0.0.1:8080, [::1]:8080 or 0.0.0.0:8080 (names such as localhost do not work)";
        Diagnostic::new(format!("{text:?} is not an IP address and port"), remedy)
    })
}

/// A URL with one of these beginnings.
pub(super) fn url(beginnings: &'static [&'static str]) -> impl Parse<SecretString> {
    |text: &str| {
        let fits = |beginning: &&str| {
            text.strip_prefix(*beginning).is_some_and(|rest| !rest.trim_start_matches('/').is_empty())
        };
        if beginnings.iter().any(fits) {
            return Ok(text.into());
        }
        let problem = "is not an address this program can use";
        Err(Diagnostic::new(problem, format!("begin it with {}", beginnings.join(" or "))))
    }
}

pub(super) fn redis_url(text: &str) -> Result<SecretString, Diagnostic> {
    let url = url(&["redis://", "rediss://", "redis+unix://", "unix://"])(text)?;
    if text.contains('#') {
        let problem = "has something behind a #, such as #insecure, and a certificate is never left unchecked";
        return Err(Diagnostic::new(
            problem,
            "leave that out, and name the authority of the certificate with --tls-ca",
        ));
    }
    Ok(url)
}

/// What has a form of its own.
fn formed<T: FromStr<Err: fmt::Display> + 'static>(is_not: &'static str, remedy: &'static str) -> impl Parse<T> {
    move |text: &str| {
        text.parse().map_err(|error| {
            let problem = match without_user(text) {
                Some(shown) => format!("{shown:?} is {is_not}: it has a user or password in it"),
                None => format!("{text:?} is {is_not}: {error}"),
            };
            Diagnostic::new(problem, remedy)
        })
    }
}

/// An address without the user and password that are in it, which are not repeated.
fn without_user(text: &str) -> Option<String> {
    let (scheme, rest) = text.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let (_, host) = authority.rsplit_once('@')?;
    Some(format!("{scheme}://{host}{}", &rest[authority.len()..]))
}

pub(super) fn origin() -> impl Parse<Origin> {
    formed(
        "not an origin",
        "give scheme and host as a browser sends them, e.g. https://play.example.org, without a path",
    )
}

pub(super) fn address_range() -> impl Parse<AddressRange> {
    formed(
        "neither an address nor a range",
        "give the proxy's address as the server sees it, e.g. 127.0.0.1, 10.0.0.0/8 or fd00::/8 (names do not work)",
    )
}

pub(super) fn public_url() -> impl Parse<PublicUrl> {
    formed(
        "not an address players can open",
        "give it as in a browser's address bar, e.g. https://play.example.org/ or https://example.org/game/, \
         the path of letters, digits, - . _ ~ and single slashes",
    )
}

pub(super) fn forwarded_header(text: &str) -> Result<ForwardedHeader, Diagnostic> {
    match text {
        "either" => Ok(ForwardedHeader::Either),
        "x-forwarded" => Ok(ForwardedHeader::XForwarded),
        "forwarded" => Ok(ForwardedHeader::Forwarded),
        other => Err(Diagnostic::new(
            format!("{other:?} is none of the headers a proxy may write"),
            "give forwarded (RFC 7239), x-forwarded (X-Forwarded-For and the like) or either",
        )),
    }
}

pub(super) fn log_format(text: &str) -> Result<LogFormat, Diagnostic> {
    match text {
        "auto" => Ok(LogFormat::Auto),
        "text" => Ok(LogFormat::Text),
        "json" => Ok(LogFormat::Json),
        other => Err(Diagnostic::new(format!("{other:?} is not a log format"), "give text, json or auto")),
    }
}

pub(super) fn map(text: &str) -> Result<PathBuf, Diagnostic> {
    let lower = text.to_ascii_lowercase();
    let name = lower.strip_suffix(".gz").unwrap_or(&lower);
    if [".tmx", ".tmj", ".json", ".xml"].iter().any(|ending| name.ends_with(ending)) {
        return Ok(text.into());
    }
    Err(Diagnostic::new(format!("{text} is not a Tiled map"), "name a .tmx, .tmj, .json or .xml file, or leave it out"))
}

pub(super) fn dialect(text: &str) -> Result<Dialect, Diagnostic> {
    text.parse().map_err(|problem: String| Diagnostic::new(problem, "give auto, or the game that the map was made for"))
}

/// A column and a row.
pub(super) fn cell(text: &str) -> Result<(i32, i32), Diagnostic> {
    let parts = text.split_once(',');
    let cell = parts.and_then(|(x, y)| Some((x.trim().parse().ok()?, y.trim().parse().ok()?)));
    cell.ok_or_else(|| {
        let remedy = "write it like 12,30, as the status bar of Tiled shows it";
        Diagnostic::new(format!("{text:?} is not a column and a row"), remedy)
    })
}

/// What is wrong with an argument that is no setting, in one text.
pub(super) fn with_remedy<T>(parsed: Result<T, Diagnostic>) -> Result<T, String> {
    parsed.map_err(|Diagnostic { problem, remedy }| format!("{problem}; {remedy}"))
}

pub(super) fn time(text: &str) -> Result<Timestamp, Diagnostic> {
    text.parse().map_err(|_| {
        let remedy = "write it like 2026-12-01T18:30:00Z, or with the distance to UTC, 2026-12-01T19:30:00+01:00";
        Diagnostic::new(format!("{text:?} is no time"), remedy)
    })
}

pub(super) fn world_id(text: &str) -> Result<String, Diagnostic> {
    if text.chars().count() <= WORLD_ID_CHARS_MAX && !text.chars().any(char::is_control) {
        return Ok(text.to_owned());
    }
    let remedy = format!("give at most {WORLD_ID_CHARS_MAX} characters that can be seen");
    Err(Diagnostic::new("is not the name of a world", remedy))
}

pub(super) fn version(text: &str) -> Result<String, Diagnostic> {
    if text.len() <= VERSION_BYTES_MAX && text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(text.to_owned());
    }
    let remedy = format!("write it as GET /api/version shows it, e.g. {}", tilemud_schema::version());
    Err(Diagnostic::new(format!("{text:?} is not a version"), remedy))
}

pub(super) fn reserved_name(text: &str) -> Result<String, Diagnostic> {
    if text.chars().any(char::is_alphanumeric) {
        return Ok(text.to_owned());
    }
    Err(Diagnostic::new(format!("{text:?} has no letter"), "give the name as a player would write it"))
}
