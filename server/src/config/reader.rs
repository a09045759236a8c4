//! Typed access to the merged texts.

use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};

use super::error::ConfigError;
use super::place::{Given, Place, Values};
use super::settings::{Shape, find};

/// Longest time that can be set, seconds.
pub(super) const SECONDS_MAX: u64 = 7 * 24 * 3600;

/// Typed access to the merged texts.
pub(super) struct Reader<'a> {
    pub(super) values: &'a Values,
}

impl Reader<'_> {
    pub(super) fn given(&self, name: &str) -> Option<&Given> {
        debug_assert!(find(name).is_some(), "{name} is in the table");
        self.values.get(name)
    }

    pub(super) fn place(&self, name: &'static str) -> Place {
        self.given(name).map_or(Place::Default(name), |given| given.place.clone())
    }

    pub(super) fn text(&self, name: &'static str) -> Result<Option<String>, ConfigError> {
        let Some(Given { place, texts }) = self.given(name) else { return Ok(None) };
        match texts.as_slice() {
            [text] if !text.trim().is_empty() => Ok(Some(text.clone())),
            [_] => Err(ConfigError::value(place, "is empty", "give it a value, or leave it out")),
            _ => Err(ConfigError::value(place, "takes one value", "give it once")),
        }
    }

    pub(super) fn path(&self, name: &'static str) -> Result<Option<PathBuf>, ConfigError> {
        Ok(self.text(name)?.map(PathBuf::from))
    }

    pub(super) fn paths(&self, name: &'static str) -> Result<Vec<PathBuf>, ConfigError> {
        let Some(Given { place, texts }) = self.given(name) else { return Ok(Vec::new()) };
        if texts.iter().any(|text| text.trim().is_empty()) {
            return Err(ConfigError::value(place, "is empty", "give it a value, or leave it out"));
        }
        Ok(texts.iter().map(PathBuf::from).collect())
    }

    pub(super) fn secret(&self, name: &'static str) -> Result<Option<SecretString>, ConfigError> {
        debug_assert!(find(name).is_some_and(|setting| setting.shape == Shape::Secret), "{name} is marked as a secret");
        Ok(self.text(name)?.map(SecretString::from))
    }

    /// On (for ever), off, or seconds.
    pub(super) fn patience(&self, name: &'static str) -> Result<Option<Duration>, ConfigError> {
        let text = self.text(name)?;
        if let Some(seconds) = text.as_deref().and_then(|text| text.parse::<u64>().ok()) {
            return match seconds {
                0 => Ok(None),
                1..=SECONDS_MAX => Ok(Some(Duration::from_secs(seconds))),
                _ => {
                    let problem = format!("{seconds} is not a number of seconds up to {SECONDS_MAX}");
                    Err(ConfigError::value(&self.place(name), problem, "give fewer, or true for as long as it takes"))
                }
            };
        }
        match text.as_deref() {
            None | Some("false" | "off" | "no") => Ok(None),
            Some("true" | "on" | "yes") => Ok(Some(Duration::MAX)),
            Some(other) => {
                let problem = format!("{other:?} is neither a number of seconds nor true or false");
                Err(ConfigError::value(&self.place(name), problem, "give seconds, true or false"))
            }
        }
    }

    pub(super) fn number<T>(&self, name: &'static str, allowed: RangeInclusive<T>) -> Result<T, ConfigError>
    where
        T: FromStr + PartialOrd + std::fmt::Display,
    {
        let text = self.text(name)?.unwrap_or_default();
        text.parse().ok().filter(|number| allowed.contains(number)).ok_or_else(|| {
            let (least, most) = (allowed.start(), allowed.end());
            let problem = format!("{text:?} is not a whole number from {least} to {most}");
            ConfigError::value(&self.place(name), problem, format!("give a number from {least} to {most}"))
        })
    }

    pub(super) fn switch(&self, name: &'static str) -> Result<bool, ConfigError> {
        match self.text(name)?.as_deref() {
            None | Some("false" | "0" | "off" | "no") => Ok(false),
            Some("true" | "1" | "on" | "yes") => Ok(true),
            Some(other) => {
                let problem = format!("{other:?} is neither true nor false");
                Err(ConfigError::value(&self.place(name), problem, "give true or false"))
            }
        }
    }

    /// A URL with one of these beginnings. The message never repeats it: it may hold a password.
    pub(super) fn url(&self, name: &'static str, beginnings: &[&str]) -> Result<Option<SecretString>, ConfigError> {
        let Some(url) = self.secret(name)? else { return Ok(None) };
        let fits = |beginning: &&str| {
            url.expose_secret().strip_prefix(*beginning).is_some_and(|rest| !rest.trim_start_matches('/').is_empty())
        };
        if beginnings.iter().any(fits) {
            return Ok(Some(url));
        }
        let problem = "is not an address this program can use";
        Err(ConfigError::value(&self.place(name), problem, format!("begin it with {}", beginnings.join(" or "))))
    }

    pub(super) fn address(&self, name: &'static str) -> Result<Option<SocketAddr>, ConfigError> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        let address = text.parse().map_err(|_| {
            let problem = format!("{text:?} is not an IP address and port");
            let remedy =
                "write it like 127.0.0.1:8080, [::1]:8080 or 0.0.0.0:8080 (names such as localhost do not work)";
            ConfigError::value(&self.place(name), problem, remedy)
        });
        address.map(Some)
    }
}
