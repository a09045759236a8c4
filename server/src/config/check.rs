//! From merged texts to a [`Config`], and the rules between settings. [`values`](super::values)
//! says what each setting may be alone.

use std::error::Error as _;
use std::path::Path;

use clap::FromArgMatches as _;
use clap::error::{ContextKind, ContextValue};
use secrecy::ExposeSecret as _;
use tilemud_persist::{Backend, Diagnostic};

use super::chosen::{Config, LinkUsers, Network, SignIn, Sources, Storage, World};
use super::cli::is_of_store;
use super::error::ConfigError;
use super::log_filter;
use super::place::{Given, Imprint, Place, Values};
use super::settings::{FIELDS, SETTINGS, Shape};
use super::source::{self, Merged};
use super::values;

/// What `tilemud serve` needs.
pub(super) fn server(merged: Merged) -> Result<Box<Config>, ConfigError> {
    let values = merged.values.clone();
    let config = read(values.clone(), merged)?;
    let Config { network, storage, world, sign_in, .. } = &*config;
    let rules = Rules { values: &values };
    rules.network(network)?;
    rules.storage(storage)?;
    rules.world(world)?;
    // Last: a bad value is told before what is missing.
    rules.sign_in(sign_in, network)?;
    Ok(config)
}

/// The configuration of the commands for a store. They ignore bad values of settings that they do
/// not have.
pub(super) fn store(merged: Merged) -> Result<Box<Config>, ConfigError> {
    let mut values = source::defaults();
    values.extend(merged.values.clone().into_iter().filter(|(name, _)| is_of_store(name)));
    let config = read(values.clone(), merged)?;
    Rules { values: &values }.storage(&config.storage)?;
    Ok(config)
}

fn read(mut values: Values, merged: Merged) -> Result<Box<Config>, ConfigError> {
    let imprint = Imprint::of(&merged.values);
    for setting in SETTINGS.iter().filter(|setting| setting.shape != Shape::List) {
        if setting.shape == Shape::SecretFile {
            // What it holds has been read, or is overruled.
            values.remove(setting.name);
        }
        if let Some(given) = values.get(setting.name).filter(|given| given.texts.concat().trim().is_empty()) {
            return Err(ConfigError::at(&given.place, values::empty()));
        }
    }
    set_what_follows(&mut values);
    let flags = |(name, given): (&&str, &Given)| given.texts.iter().map(|text| format!("--{name}={text}")).collect();
    let flags: Vec<Vec<String>> = values.iter().map(flags).collect();
    // All defaults are among the values; one of clap's own would come back when a list is set to
    // nothing.
    let fields = FIELDS.clone().no_binary_name(true).mut_args(|field| field.default_values([""; 0]));
    let read = fields.try_get_matches_from(flags.concat()).and_then(|matches| Config::from_arg_matches(&matches));
    let mut config = read.map(Box::new).map_err(|error| refused(error, &values))?;
    let mut notices = merged.notices;
    notices.extend(log_filter::doubts(&config.log.filter).iter().map(|doubt| format!("--log-filter: {doubt}")));
    let places = merged.values.into_iter().map(|(name, given)| (name, given.place)).collect();
    config.imprint = imprint;
    config.sources = Sources { notices, secret_files: merged.secret_files, places };
    config.storage.wait = config.storage.wait.filter(|wait| !wait.is_zero());
    Ok(config)
}

/// Settings whose default follows from another setting.
fn set_what_follows(values: &mut Values) {
    let database = |folder: &str| format!("sqlite:{}", Path::new(folder).join("tilemud.db").display());
    for (name, of, text) in [
        ("database-url", "data-dir", &database as &dyn Fn(&str) -> String),
        ("delta-hz", "tick-hz", &|tick_hz: &str| tick_hz.to_owned()),
    ] {
        if let Some(Given { place, texts }) = values.get(of).cloned() {
            values.entry(name).or_insert_with(|| Given { place, texts: vec![text(&texts.concat())] });
        }
    }
}

/// The refusal of one of the values, with its place.
fn refused(error: clap::Error, values: &Values) -> ConfigError {
    let flag = match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(flag)) => flag.trim_start_matches('-').split(['=', ' ', '[']).next(),
        _ => None,
    };
    let given = flag.and_then(|name| values.get(name));
    match (given, error.source().and_then(|source| source.downcast_ref::<Diagnostic>())) {
        (Some(Given { place, .. }), Some(diagnostic)) => ConfigError::at(place, diagnostic.clone()),
        _ => ConfigError::Usage(error),
    }
}

/// What must hold between settings.
struct Rules<'a> {
    values: &'a Values,
}

impl Rules<'_> {
    /// Refuses the value of a setting.
    fn refuse(
        &self,
        name: &'static str,
        problem: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Result<(), ConfigError> {
        let place = self.values.get(name).map_or(Place::Default(name), |given| given.place.clone());
        Err(ConfigError::value(&place, problem, remedy))
    }

    fn network(&self, network: &Network) -> Result<(), ConfigError> {
        if network.metrics_listen == Some(network.listen) && network.listen.port() != 0 {
            return self.refuse("metrics-listen", "is the port of the players", "give another port, or leave it out");
        }
        let together = "certificate and key go together";
        match (&network.tls_cert, &network.tls_key) {
            (Some(_), None) => self.refuse("tls-cert", together, "set --tls-key as well, or remove it"),
            (None, Some(_)) => self.refuse("tls-key", together, "set --tls-cert as well, or remove it"),
            (Some(_), Some(_)) | (None, None) => Ok(()),
        }
    }

    fn storage(&self, storage: &Storage) -> Result<(), ConfigError> {
        let takes_password = Backend::of(storage.database_url.expose_secret()).is_ok_and(Backend::takes_password);
        if storage.database_password.is_some() && !takes_password {
            let remedy = "set --database-url postgres://... as well, or remove it";
            return self.refuse("database-password", "means nothing without Postgres", remedy);
        }
        if storage.redis_password.is_some() && storage.redis_url.is_none() {
            let remedy = "set --redis-url as well, or remove it";
            return self.refuse("redis-password", "means nothing without a Redis", remedy);
        }
        Ok(())
    }

    fn world(&self, world: &World) -> Result<(), ConfigError> {
        let of_one = [("world", world.map.is_some()), ("world-id", world.id.is_some())];
        for (name, is_set) in of_one {
            if is_set && world.several.is_some() {
                let problem = "means one world, and --worlds names several, whose maps say which worlds they are";
                return self.refuse(name, problem, "keep one of the two");
            }
        }
        if world.first.is_some() && world.several.is_none() {
            return self.refuse("first-world", "means nothing without --worlds", "set --worlds as well, or remove it");
        }
        if world.watch && world.map.is_none() && world.several.is_none() {
            let remedy = "name a map with --world, or several with --worlds, or leave it out";
            return self.refuse("watch", "the built-in world has no files", remedy);
        }
        let (tick_hz, delta_hz) = (world.tick_hz, world.delta_hz);
        if tick_hz.is_multiple_of(delta_hz) {
            return Ok(());
        }
        let fitting: Vec<_> = (1..=tick_hz).filter(|hz| tick_hz.is_multiple_of(*hz)).map(|hz| hz.to_string()).collect();
        let problem = format!("{delta_hz} does not divide the {tick_hz} ticks per second");
        self.refuse("delta-hz", problem, format!("give one of {}", fitting.join(", ")))
    }

    fn sign_in(&self, sign_in: &SignIn, network: &Network) -> Result<(), ConfigError> {
        let listen = network.listen;
        if sign_in.dev_issuer && !sign_in.dev_issuer_anywhere && !listen.ip().is_loopback() {
            return self.refuse(
                "dev-issuer",
                format!("the development issuer signs anyone in, and {listen} is not a loopback address"),
                "listen on 127.0.0.1, use --oidc-issuer instead, or say --dev-issuer-anywhere if that is what you want",
            );
        }
        if sign_in.oidc_issuer.is_some() && sign_in.oidc_audience.is_none() {
            return self.refuse("oidc-issuer", "an OIDC issuer needs an audience", "set --oidc-audience as well");
        }
        let orphan = [
            ("oidc-audience", sign_in.oidc_audience.is_some()),
            ("oidc-jwks-file", sign_in.oidc_jwks_file.is_some()),
            ("oidc-client-id", sign_in.oidc_client_id.is_some()),
            ("oidc-issuer-alias", !sign_in.oidc_issuer_aliases.is_empty()),
        ];
        if let Some((orphan, _)) = orphan.iter().find(|(_, is_set)| *is_set && sign_in.oidc_issuer.is_none()) {
            let remedy = "set --oidc-issuer as well, or remove it";
            return self.refuse(orphan, "means nothing without an OIDC issuer", remedy);
        }
        if sign_in.oidc_issuer.is_none() && !sign_in.dev_issuer {
            return Err(ConfigError::rule(
                "no token issuer is configured, so nobody could sign in",
                "set --oidc-issuer and --oidc-audience, or --dev-issuer for local play (TILEMUD_OIDC_ISSUER, \
                 TILEMUD_OIDC_AUDIENCE, TILEMUD_DEV_ISSUER in the environment)",
            ));
        }
        if sign_in.oidc_resource.is_some() && sign_in.oidc_client_id.is_none() {
            let remedy = "set --oidc-client-id as well, or remove it";
            return self.refuse("oidc-resource", "means nothing without a client for players", remedy);
        }
        if sign_in.oidc_client_id.is_some() && sign_in.oidc_jwks_file.is_some() {
            let problem = "needs the provider's discovery document, which is not read when its keys come from a file";
            return self.refuse("oidc-client-id", problem, "remove --oidc-jwks-file, or remove it");
        }
        for alias in &sign_in.oidc_issuer_aliases {
            let before = "give what stood in iss before the provider moved";
            if alias.trim().is_empty() {
                return self.refuse("oidc-issuer-alias", "is empty", before);
            }
            if sign_in.oidc_issuer.as_ref() == Some(alias) {
                return self.refuse("oidc-issuer-alias", "is the issuer of today", format!("{before}, or remove it"));
            }
        }
        Ok(())
    }
}

/// Checks what links the users of two issuers.
pub(super) fn link(link: LinkUsers) -> Result<LinkUsers, ConfigError> {
    for (flag, issuer) in [("--from-issuer", &link.from), ("--to-issuer", &link.to)] {
        if issuer.trim().is_empty() {
            return Err(ConfigError::rule(format!("{flag} is empty"), "give what stands in the tokens' iss"));
        }
    }
    if link.from == link.to {
        let problem = "--from-issuer and --to-issuer are the same";
        return Err(ConfigError::rule(problem, "give what stood in the tokens' iss before and what stands there now"));
    }
    Ok(link)
}
