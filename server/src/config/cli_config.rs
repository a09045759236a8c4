//! The command line of `tilemud config`.

use std::path::PathBuf;

use clap::builder::PathBufValueParser;
use clap::{Arg, ArgMatches, Command};

use super::chosen::ConfigOrder;

/// The command; `of_serve` are the flags of `tilemud serve`.
pub(super) fn command(of_serve: &[Arg]) -> Command {
    let init = Command::new("init")
        .about("Writes a configuration file with every setting in a comment, at its default")
        .long_about(
            "Writes a configuration file with every setting, what it means and its default, each in a comment: take away the # \
             before what is to be another value. Writes over nothing.",
        )
        .arg(
            Arg::new("file")
                .value_name("FILE")
                .value_parser(PathBufValueParser::new())
                .help("Where to, a file that is not there yet [default: standard output]"),
        );
    let check = Command::new("check")
        .about("Says whether these settings of `tilemud serve` go together")
        .long_about(
            "Reads flags, environment and file as `tilemud serve` would and says whether they go together, without starting \
             anything: no port is taken, and no map, certificate or database that they name is looked at. Ends with 0 when they do, else with 2 and the first that does not, \
             with its place and what to do.",
        )
        .args(of_serve);
    let show = Command::new("show")
        .about("Shows the settings that `tilemud serve` would have, and where each comes from")
        .long_about(
            "Shows the settings that `tilemud serve` would have with these flags, this environment and this file, as a \
             configuration file: what is no default has its place behind it. Passwords and what may hold one are not shown.",
        )
        .args(of_serve);
    Command::new("config")
        .about("Looks at settings")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
        .subcommand(init)
        .subcommand(check)
        .subcommand(show)
}

/// What is to be done, and the matches with the flags.
pub(super) fn order(matches: &ArgMatches) -> (ConfigOrder, &ArgMatches) {
    match matches.subcommand() {
        Some(("init", matches)) => (ConfigOrder::Init(matches.get_one::<PathBuf>("file").cloned()), matches),
        Some(("check", matches)) => (ConfigOrder::Check, matches),
        // It requires one of its three.
        other => (ConfigOrder::Show, other.map_or(matches, |(_, matches)| matches)),
    }
}
