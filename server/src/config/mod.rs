//! What the operator chose: flags, environment, configuration file and defaults, merged into one
//! [`Config`].
//!
//! [`Config`] has a field for everything that can be set; the flags, their help, the environment
//! twins and the file's keys follow from it ([`settings`]). [`source`] merges texts (flag over
//! environment over file over default) and keeps the place each came from; [`check`] has clap turn
//! them into a [`Config`], by what [`values`] may be, and enforces the rules between them. Nothing
//! here reads the environment or a file by itself: [`Config::load`] gets both as arguments. Nothing
//! here opens a path that a setting names.

mod check;
mod chosen;
mod cli;
mod cli_config;
mod cli_copies;
mod error;
mod file;
mod foreign;
mod intent_limits;
mod listing;
#[cfg(test)]
mod listing_tests;
mod log_filter;
mod nearest;
mod place;
mod settings;
mod source;
#[cfg(test)]
mod tests;
mod values;

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use chosen::ConfigOrder;
pub use chosen::{BackupOrder, Config, LinkUsers, LogConfig, Order, PlanOrder, RestoreOrder, Sources};
pub use error::{ConfigError, SetWrong};
pub use place::{Imprint, Place};
use tilemud_maps::check::Check;
pub use values::LogFormat;

/// What the program was asked to do.
#[derive(Debug)]
pub enum Command {
    Serve(Box<Config>),
    /// Verify a log.
    Replay(Box<Config>),
    /// Delete what is old.
    Retain(Box<Config>, Order),
    /// Look for what a log must not hold.
    LogsAudit(PathBuf),
    /// Say what is wrong with maps.
    MapCheck(Check),
    /// Write a folder for a builder.
    WorldNew(PathBuf),
    /// Say what an edited map would do to a world.
    MapPlan(Box<Config>, PlanOrder),
    /// List names that clash.
    Names(Box<Config>),
    /// Make the users of one issuer those of another.
    Link(Box<Config>, LinkUsers),
    /// Write all that is stored of a character, by its name or id.
    Export(Box<Config>, String),
    /// Copy a world into a file.
    Backup(Box<Config>, BackupOrder),
    /// Verify such a file.
    Verify(Box<Config>, Vec<PathBuf>),
    /// Put a world from such a file into a store.
    Restore(Box<Config>, RestoreOrder),
    /// Write a file to choose settings from, to standard output if it has no name.
    ConfigInit(Option<PathBuf>, String),
    /// Say what was found out about settings.
    ConfigSaid(String),
}

impl Command {
    /// Reads the command and its configuration. `args` includes the program's name; of `env` only
    /// names with `TILEMUD_` are read; `read_file` reads the file named by `--config`.
    ///
    /// # Errors
    /// [`ConfigError`], which also carries `--help` and `--version`; print it and leave with its
    /// exit code.
    pub fn load(
        args: impl IntoIterator<Item = OsString>,
        env: impl IntoIterator<Item = (OsString, OsString)>,
        read_file: impl Fn(&Path) -> io::Result<String>,
    ) -> Result<Self, ConfigError> {
        let (verb, flags) = cli::parse(args)?;
        // These need no setting, so none that is bad keeps them from looking.
        match verb {
            cli::Verb::LogsAudit(folder) => return Ok(Self::LogsAudit(folder)),
            cli::Verb::MapCheck(check) => return Ok(Self::MapCheck(check)),
            cli::Verb::WorldNew(folder) => return Ok(Self::WorldNew(folder)),
            cli::Verb::Config(ConfigOrder::Init(file)) => return Ok(Self::ConfigInit(file, listing::template())),
            _ => {}
        }
        let merged = source::merge(flags, env, read_file, |setting| verb.heeds(setting))?;
        Ok(match verb {
            cli::Verb::Serve => Self::Serve(check::server(merged)?),
            cli::Verb::Replay => Self::Replay(check::store(merged)?),
            cli::Verb::Retain(order) => Self::Retain(check::store(merged)?, order),
            cli::Verb::LogsAudit(folder) => Self::LogsAudit(folder),
            cli::Verb::MapCheck(check) => Self::MapCheck(check),
            cli::Verb::WorldNew(folder) => Self::WorldNew(folder),
            cli::Verb::MapPlan(plan) => {
                let mut config = check::store(merged)?;
                config.world.map = plan.file.clone().or(config.world.map);
                Self::MapPlan(config, plan)
            }
            cli::Verb::Names => Self::Names(check::store(merged)?),
            cli::Verb::Link(link) => Self::Link(check::store(merged)?, check::link(link)?),
            cli::Verb::Export(character) => Self::Export(check::store(merged)?, character),
            cli::Verb::Backup(order) => Self::Backup(check::store(merged)?, order),
            cli::Verb::Verify(files) => Self::Verify(check::store(merged)?, files),
            cli::Verb::Config(order) => Self::ConfigSaid(said(&order, merged)?),
            cli::Verb::Restore(order) => Self::Restore(check::store(merged)?, order),
        })
    }
}

impl Config {
    /// The configuration of `tilemud serve`; see [`Command::load`]. Another command is an error.
    ///
    /// # Errors
    /// As [`Command::load`].
    pub fn load(
        args: impl IntoIterator<Item = OsString>,
        env: impl IntoIterator<Item = (OsString, OsString)>,
        read_file: impl Fn(&Path) -> io::Result<String>,
    ) -> Result<Self, ConfigError> {
        match Command::load(args, env, read_file)? {
            Command::Serve(config) => Ok(*config),
            Command::Replay(_)
            | Command::Retain(..)
            | Command::Names(_)
            | Command::Link(..)
            | Command::MapCheck(_)
            | Command::WorldNew(_)
            | Command::MapPlan(..)
            | Command::Export(..)
            | Command::Backup(..)
            | Command::Verify(..)
            | Command::Restore(..)
            | Command::ConfigInit(..)
            | Command::ConfigSaid(_)
            | Command::LogsAudit(_) => {
                Err(ConfigError::rule("this is not how a server is started", "use `tilemud serve`"))
            }
        }
    }
}

/// What `tilemud config check` and `show` say.
fn said(order: &ConfigOrder, merged: source::Merged) -> Result<String, ConfigError> {
    let values = merged.values.clone();
    let config = check::server(merged)?;
    if *order == ConfigOrder::Show {
        return Ok(listing::effective(&values));
    }
    let notices = config.sources.notices.iter().map(|notice| format!("note: {notice}\n"));
    Ok(notices.chain(["these settings go together\n".to_owned()]).collect())
}
