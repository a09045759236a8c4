//! What stands in front of the server and whose pages may play: from texts to values. Only what is given is looked at.

use tilemud_net::authority::Origin;
use tilemud_net::proxy::{self, AddressRange, ForwardedHeader, PublicUrl};

use super::error::ConfigError;
use super::reader::Reader;

/// `--allowed-origin`.
pub(super) fn origins(read: &Reader<'_>) -> Result<Vec<Origin>, ConfigError> {
    let Some(given) = read.given("allowed-origin") else { return Ok(Vec::new()) };
    let parsed = given.texts.iter().map(|text| {
        text.parse().map_err(|error| {
            let problem = format!("{text:?} is not an origin: {error}");
            let remedy = "give scheme and host as a browser sends them, e.g. https://play.example.org, without a path";
            ConfigError::value(&given.place, problem, remedy)
        })
    });
    parsed.collect()
}

/// `--trusted-proxy`, `--forwarded-header` and `--public-url`.
pub(super) fn proxies(read: &Reader<'_>) -> Result<proxy::Settings, ConfigError> {
    Ok(proxy::Settings { trusted: trusted(read)?, header: forwarded_header(read)?, public_url: public_url(read)? })
}

fn forwarded_header(read: &Reader<'_>) -> Result<ForwardedHeader, ConfigError> {
    match read.text("forwarded-header")?.as_deref() {
        None | Some("either") => Ok(ForwardedHeader::Either),
        Some("x-forwarded") => Ok(ForwardedHeader::XForwarded),
        Some("forwarded") => Ok(ForwardedHeader::Forwarded),
        Some(other) => {
            let problem = format!("{other:?} is none of the headers a proxy may write");
            let remedy = "give forwarded (RFC 7239), x-forwarded (X-Forwarded-For and the like) or either";
            Err(ConfigError::value(&read.place("forwarded-header"), problem, remedy))
        }
    }
}

fn trusted(read: &Reader<'_>) -> Result<Vec<AddressRange>, ConfigError> {
    let Some(given) = read.given("trusted-proxy") else { return Ok(Vec::new()) };
    let parsed = given.texts.iter().map(|text| {
        text.parse().map_err(|error| {
            let problem = format!("{text:?} is neither an address nor a range: {error}");
            let remedy = "give the proxy's address as the server sees it, e.g. 127.0.0.1, 10.0.0.0/8 or fd00::/8 (names do not work)";
            ConfigError::value(&given.place, problem, remedy)
        })
    });
    parsed.collect()
}

fn public_url(read: &Reader<'_>) -> Result<Option<PublicUrl>, ConfigError> {
    let Some(text) = read.text("public-url")? else { return Ok(None) };
    let parsed = text.parse().map_err(|error| {
        let problem = format!("{text:?} is not an address players can open: {error}");
        let remedy = "give it as in a browser's address bar, e.g. https://play.example.org/ or https://example.org/game/, \
                      the path of letters, digits, - . _ ~ and single slashes";
        ConfigError::value(&read.place("public-url"), problem, remedy)
    });
    parsed.map(Some)
}
