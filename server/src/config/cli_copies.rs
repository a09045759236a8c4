//! The command line of copies of a world: `tilemud backup`, `verify` and `restore`.

use std::path::PathBuf;

use clap::builder::PathBufValueParser;
use clap::{Arg, ArgMatches, Command};

use super::chosen::{BackupOrder, RestoreOrder};
use super::values;

/// The three commands; `of_store` are the flags of all commands for a store.
pub(super) fn commands(of_store: &[Arg]) -> [Command; 3] {
    let backup = Command::new("backup")
        .about("Copies a world into one file, also beside a running server, and verifies the copy")
        .long_about(
            "Copies all that the store has of a world, as of one moment, into FILE: a store of SQLite, compressed with gzip, \
             from SQLite as from Postgres. Only reads the store, also beside a running server, whose players notice nothing. \
             Then plays the log of the copy again and holds every tick against its recorded hashes. FILE must not be there yet; \
             it is complete or not there. It holds what players say, in clear: only this user may read it.\n\nEnds with 0 \
             when the copy is verified, with 2 for what is set wrong, else with 1.",
        )
        .arg(path("file", "FILE", "Where to").required(true))
        .arg(
            path("since", "BACKUP", "Copies of the log only what is newer than this backup; the two are put back together")
                .long("since"),
        )
        .args(of_store);
    let verify = Command::new("verify")
        .about("Plays the log of a backup again and holds every tick against its recorded hashes")
        .long_about(
            "Plays the log of a backup again, from its oldest snapshot on, and holds every tick against the hashes recorded with \
             it. Needs no store and no server. Of a backup that was made with --since, name those before it first. Ends with 0 \
             when everything is as recorded, else with 1 or, when a file is no backup, with 2.",
        )
        .arg(backups())
        .args(of_store);
    let restore = Command::new("restore")
        .about("Puts a world from a backup into a store, as it was then or at an earlier time")
        .long_about(
            "Puts a world from a backup into a store, SQLite or Postgres, whichever it was made from, after it is verified. \
             Writes over nothing: a store that has a world of this name is refused, and --world-id NAME puts the world into it \
             under another name, beside the old one. --until puts back what was committed up to a time; what came after is not \
             in the restored world. Nobody is in it until its server starts.\n\nEnds with 0 when all is there, with 2 for what \
             is set wrong, else with 1; in these two cases nothing is changed.",
        )
        .arg(backups())
        .arg(
            Arg::new("until")
                .long("until")
                .value_name("TIME")
                .value_parser(|text: &str| values::with_remedy(values::time(text)))
                .help("As of which time, like 2026-12-01T18:30:00Z [default: the end of the backup]"),
        )
        .args(of_store);
    [backup, verify, restore]
}

fn path(name: &'static str, value: &'static str, help: &'static str) -> Arg {
    Arg::new(name).value_name(value).value_parser(PathBufValueParser::new()).help(help)
}

fn backups() -> Arg {
    path("file", "FILE", "A backup, and behind it those made with --since, in their order").required(true).num_args(1..)
}

pub(super) fn backup(matches: &ArgMatches) -> BackupOrder {
    BackupOrder {
        file: matches.get_one::<PathBuf>("file").cloned().unwrap_or_default(),
        since: matches.get_one("since").cloned(),
    }
}

pub(super) fn restore(matches: &ArgMatches) -> RestoreOrder {
    RestoreOrder { files: files(matches), until: matches.get_one("until").copied() }
}

/// What was given as FILE...
pub(super) fn files(matches: &ArgMatches) -> Vec<PathBuf> {
    matches.get_many("file").into_iter().flatten().cloned().collect()
}
