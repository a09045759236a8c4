//! The command line: `tilemud serve` with a flag for every setting, the commands for a store with
//! those they need, and `--version`. Returns texts and does not interpret them.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::{OsStringValueParser, PathBufValueParser, Styles, styling::AnsiColor};
use clap::{Arg, ArgAction, ArgMatches, Command};
use tilemud_maps::bake::Options;
use tilemud_maps::check::Check;
use tilemud_maps::dialect::Dialect;

use super::chosen::{BackupOrder, ConfigOrder, LinkUsers, Order, PlanOrder, RestoreOrder};
use super::error::ConfigError;
use super::settings::{FILE_SUFFIX, SETTINGS, Setting, Shape};
use super::{cli_config, cli_copies};

/// What was given on the command line.
#[derive(Debug, Default)]
pub(super) struct Flags {
    pub(super) config: Option<OsString>,
    /// Flag name (without dashes) and what was given, in order.
    pub(super) given: Vec<(&'static Setting, Vec<OsString>)>,
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verb {
    Serve,
    Replay,
    Retain(Order),
    LogsAudit(PathBuf),
    MapCheck(Check),
    WorldNew(PathBuf),
    MapPlan(PlanOrder),
    Names,
    Link(LinkUsers),
    Export(String),
    Backup(BackupOrder),
    Verify(Vec<PathBuf>),
    Restore(RestoreOrder),
    Config(ConfigOrder),
}

/// Settings of the commands beside `serve`, by flag name. Their secrets may be in files too.
const OF_STORE: [&str; 10] = [
    "tls-ca",
    "data-dir",
    "database-url",
    "database-password",
    "world",
    "world-root",
    "dialect",
    "spawn",
    "world-id",
    "log-filter",
];
/// What retention needs to know besides.
const OF_RETAIN: [&str; 1] = ["keep-days"];

impl Verb {
    /// Whether the command reads a setting, from wherever it is set.
    pub(super) fn heeds(&self, setting: &str) -> bool {
        matches!(self, Self::Serve | Self::Config(_)) || is_of_store(setting)
    }
}

/// Whether the commands beside `serve` read a setting.
pub(super) fn is_of_store(name: &str) -> bool {
    OF_STORE.contains(&name) || OF_RETAIN.contains(&name) || name.starts_with("log-")
}

/// Reads the command line.
pub(super) fn parse(args: impl IntoIterator<Item = OsString>) -> Result<(Verb, Flags), ConfigError> {
    let matches = command().try_get_matches_from(args).map_err(ConfigError::Usage)?;
    // A subcommand is required, so the last arm is `serve`.
    let (verb, matches) = match matches.subcommand() {
        Some(("replay", matches)) => (Verb::Replay, matches),
        Some(("retain", matches)) => {
            let order = Order { dry_run: matches.get_flag("dry-run"), force: matches.get_flag("force") };
            (Verb::Retain(order), matches)
        }
        Some(("logs", matches)) => {
            // It has one subcommand, which is required, and that one an argument.
            let folder = matches.subcommand().and_then(|(_, matches)| matches.get_one::<PathBuf>("folder").cloned());
            return Ok((Verb::LogsAudit(folder.unwrap_or_default()), Flags::default()));
        }
        // It requires one of its two.
        Some(("map", matches)) => match matches.subcommand() {
            Some(("plan", matches)) => (Verb::MapPlan(map_plan(matches)), matches),
            other => {
                let check = other.map(|(_, matches)| map_check(matches));
                return Ok((Verb::MapCheck(check.unwrap_or_default()), Flags::default()));
            }
        },
        Some(("world", matches)) => {
            let folder = matches.subcommand().and_then(|(_, matches)| matches.get_one::<PathBuf>("folder"));
            return Ok((Verb::WorldNew(folder.cloned().unwrap_or_default()), Flags::default()));
        }
        Some(("backup", matches)) => (Verb::Backup(cli_copies::backup(matches)), matches),
        Some(("verify", matches)) => (Verb::Verify(cli_copies::files(matches)), matches),
        Some(("restore", matches)) => (Verb::Restore(cli_copies::restore(matches)), matches),
        Some(("config", matches)) => {
            let (order, matches) = cli_config::order(matches);
            (Verb::Config(order), matches)
        }
        // It requires its one subcommand.
        Some(("names", matches)) => (Verb::Names, matches.subcommand().map_or(matches, |(_, matches)| matches)),
        // It requires one of its two.
        Some(("users", matches)) => match matches.subcommand() {
            Some(("export", matches)) => {
                (Verb::Export(matches.get_one::<String>("character").cloned().unwrap_or_default()), matches)
            }
            other => {
                let matches = other.map_or(matches, |(_, matches)| matches);
                (Verb::Link(link(matches)), matches)
            }
        },
        Some((_, matches)) => (Verb::Serve, matches),
        None => return Ok((Verb::Serve, Flags::default())),
    };
    let given = SETTINGS.iter().filter_map(|setting| Some((setting, values(matches, setting.name)?))).collect();
    let config = values(matches, "config").and_then(|values| values.into_iter().next());
    Ok((verb, Flags { config, given }))
}

/// What was given for a flag; `None` also when the command does not have it.
fn values(matches: &ArgMatches, name: &str) -> Option<Vec<OsString>> {
    let given = matches.try_get_many::<OsString>(name).ok().flatten();
    given.map(|values| values.cloned().collect())
}

fn link(matches: &ArgMatches) -> LinkUsers {
    let text = |name: &str| matches.get_one::<String>(name).cloned().unwrap_or_default();
    LinkUsers { from: text("from-issuer"), to: text("to-issuer"), dry_run: matches.get_flag("dry-run") }
}

fn map_plan(matches: &ArgMatches) -> PlanOrder {
    PlanOrder { file: matches.get_one("file").cloned(), json: matches.get_flag("json") }
}

fn map_check(matches: &ArgMatches) -> Check {
    Check {
        files: cli_copies::files(matches),
        json: matches.get_flag("json"),
        strict: matches.get_flag("strict"),
        world_root: matches.get_one::<PathBuf>("world-root").cloned(),
        options: Options {
            dialect: matches.get_one::<Dialect>("dialect").copied().unwrap_or_default(),
            spawn: matches.get_one::<(i32, i32)>("spawn").copied(),
        },
        png: matches.get_one::<PathBuf>("png").cloned(),
    }
}

fn some_flags(names: &'static [&'static str]) -> impl Iterator<Item = Arg> {
    SETTINGS.iter().filter(|setting| names.contains(&setting.name.trim_end_matches(FILE_SUFFIX))).map(flag)
}

/// The whole command line, for parsing and for the help.
pub(super) fn command() -> Command {
    let styles = Styles::styled().header(AnsiColor::Green.on_default().bold()).literal(AnsiColor::Cyan.on_default());
    let config = Arg::new("config")
        .long("config")
        .value_name("FILE")
        .value_parser(OsStringValueParser::new())
        .help("TOML file; its keys are the flags' names with underscores, e.g. tick_hz = 20 [env: TILEMUD_CONFIG]");
    let of_serve: Vec<Arg> = std::iter::once(config.clone()).chain(SETTINGS.iter().map(flag)).collect();
    let serve = Command::new("serve")
        .about("Runs the server until SIGTERM or SIGINT")
        .long_about(
            "Runs the server until SIGTERM or SIGINT.\n\nEvery flag has an environment twin and a key in the file named by \
             --config; a flag wins over the environment, that over the file, that over the default.",
        )
        .after_long_help(EXAMPLES)
        .args(of_serve.clone());
    let replay = Command::new("replay")
        .about("Plays the log of a world again and holds every tick against its recorded hashes")
        .long_about(
            "Plays the log of a world again, from its oldest snapshot on, and holds every tick against the hashes recorded with \
             it. Only reads, also beside a running server. Progress goes to standard error. Ends with 0 when everything is as \
             recorded, else with 1 at the first tick that differs, naming what differs.",
        )
        .arg(config.clone())
        .args(some_flags(&OF_STORE));
    let retain = Command::new("retain")
        .about("Deletes what is older than --keep-days from the log and makes room for the days to come")
        .long_about(
            "Deletes what is older than --keep-days from the log of actions, and sessions that have expired; with Postgres, also \
             makes the partitions of the days to come. A running server does the same once a day. Never deletes what a \
             recovery needs. Says what it did.\n\nDeletes nothing and ends with 1 when the clock is ahead of the newest that is \
             known of the world by more than half of --keep-days (a day at least), or made such a jump within --keep-days.",
        )
        .arg(config.clone())
        .arg(Arg::new("dry-run").long("dry-run").action(ArgAction::SetTrue).help("Only says what would be deleted"))
        .arg(Arg::new("force").long("force").action(ArgAction::SetTrue).help("The clock is right, whatever it looks like"))
        .args(some_flags(&OF_STORE))
        .args(some_flags(&OF_RETAIN));
    let audit = Command::new("audit")
        .about("Names the lines of log files that hold tokens, addresses, names or what somebody said")
        .long_about(
            "Reads every file in a folder, such as that of --log-dir, and names each line that holds what a log must not: tokens, \
             tickets and passwords, network addresses, names, what somebody said. Does not repeat it. Only reads, also beside a \
             running server. Ends with 0 when there is nothing, with 1 when there is something, with 2 when the folder or a file \
             in it cannot be read.",
        )
        .arg(
            Arg::new("folder")
                .value_name("FOLDER")
                .required(true)
                .value_parser(PathBufValueParser::new())
                .help("Folder with log files, or one file"),
        );
    let logs = Command::new("logs")
        .about("Looks at log files")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
        .subcommand(audit);
    let check = Command::new("check")
        .about("Says all that is wrong or unusual in Tiled maps")
        .long_about(
            "Reads Tiled maps (.tmx, .tmj, .tmx.gz) as a server would, with their tilesets and templates, and says all that is \
             wrong or unusual: a line for each thing, with its place and what to change in Tiled, then what becomes of the map, \
             and one line for it. Only reads. Ends with 0 when every map can be used, with 1 when --strict is given and there are warnings, with 2 when \
             a map cannot be used.",
        )
        .arg(
            Arg::new("file")
                .value_name("FILE")
                .required(true)
                .num_args(1..)
                .value_parser(PathBufValueParser::new())
                .help("Maps to read"),
        )
        .arg(
            Arg::new("json")
                .long("json")
                .action(ArgAction::SetTrue)
                .help("For programs: one JSON object a line for each map"),
        )
        .arg(Arg::new("strict").long("strict").action(ArgAction::SetTrue).help("Warnings end it with 1"))
        .arg(
            Arg::new("world-root")
                .long("world-root")
                .value_name("DIR")
                .value_parser(PathBufValueParser::new())
                .help("Folder from which maps may use files, besides the one that each is in"),
        )
        .arg(
            Arg::new("dialect")
                .long("dialect")
                .value_name("auto|tilemud|tmw|stendhal|tuxemon|som")
                .value_parser(|text: &str| super::values::with_remedy(super::values::dialect(text)))
                .help("Whose conventions the maps keep [default: auto, finds out]"),
        )
        .arg(
            Arg::new("spawn")
                .long("spawn")
                .value_name("X,Y")
                .value_parser(|text: &str| super::values::with_remedy(super::values::cell(text)))
                .allow_hyphen_values(true)
                .help("Where characters begin if no object says so"),
        )
        .arg(
            Arg::new("png")
                .long("png")
                .value_name("FILE")
                .value_parser(PathBufValueParser::new())
                .help("Draws the map into this file, what blocks in red and where characters begin in green"),
        );
    let plan = Command::new("plan")
        .about("Says what an edited map would do to the stored world, before it is done")
        .long_about(
            "Says what a start of the server with an edited map would do to the stored world: which tiles and objects are other \
             ones, what of it stays as players have it, what goes, and who would have to stand elsewhere. FILE goes before \
             --world; a world that has another name than the map needs --world-id. Only reads, also beside a running server, \
             whose last second it may not know yet.",
        )
        .arg(
            Arg::new("file")
                .value_name("FILE")
                .value_parser(|text: &str| super::values::with_remedy(super::values::map(text)))
                .help("The edited map; that of --world, or the built-in one, if absent"),
        )
        .arg(
            Arg::new("json")
                .long("json")
                .action(ArgAction::SetTrue)
                .help("For programs: one JSON object, of each list the first thousand entries"),
        )
        .arg(config.clone())
        .args(some_flags(&OF_STORE));
    let map = Command::new("map")
        .about("Looks at maps")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(check)
        .subcommand(plan);
    let new = Command::new("new")
        .about("Writes a folder with a small world to change and all that is needed to paint it")
        .long_about(
            "Writes a folder for a builder: a small island to begin with, the built-in world, the tileset with its terrains, \
             stamps of houses and trees, templates of objects, and a project of Tiled that offers the properties of each class. \
             The folder is made; one that has files in it is refused. Ends with 0, or with 2 when the folder cannot be written.",
        )
        .arg(
            Arg::new("folder")
                .value_name("FOLDER")
                .required(true)
                .value_parser(PathBufValueParser::new())
                .help("Folder that is not there yet"),
        );
    let world = Command::new("world")
        .about("Makes worlds")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(new);
    let clashes = Command::new("clashes")
        .about("Lists names that look like an older one, and names that could not be chosen today, with their ids")
        .arg(config.clone())
        .args(some_flags(&OF_STORE));
    let names =
        Command::new("names").about("Looks at the names of a world").subcommand_required(true).subcommand(clashes);
    let issuer =
        |name: &'static str, help: &'static str| Arg::new(name).long(name).value_name("URL").required(true).help(help);
    let link = Command::new("link")
        .about("Makes the users of one issuer those of another, for a provider that has moved")
        .long_about(
            "Makes the users of one issuer those of another, for a provider that has moved: whoever signs in at the new one with \
             the subject they had at the old one plays the character they had. Servers heed it from their next start, as if \
             --oidc-issuer-alias were set. Users are stored only as hashes, so none is rewritten and nobody is listed.",
        )
        .arg(issuer("from-issuer", "Where they signed in, as in the tokens' iss"))
        .arg(issuer("to-issuer", "Where they sign in now, as in --oidc-issuer"))
        .arg(Arg::new("dry-run").long("dry-run").action(ArgAction::SetTrue).help("Only says what would be done"))
        .arg(config.clone())
        .args(some_flags(&OF_STORE));
    let of_store: Vec<Arg> = std::iter::once(config).chain(some_flags(&OF_STORE)).collect();
    let export = Command::new("export")
        .about("Writes all that the store has of one character to standard output, as JSON")
        .long_about(
            "Writes all that the store has of one character to standard output, as JSON: its profile, its sessions, how it came \
             into the world and what it did and said, by the names of tables and columns. Only reads, also beside a running \
             server. What others said to it is theirs, and not in it.",
        )
        .arg(Arg::new("character").value_name("NAME").required(true).help("Its name, or its id"))
        .args(of_store.clone());
    let users = Command::new("users")
        .about("Looks after who people are")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(link)
        .subcommand(export);
    Command::new("tilemud")
        .about("A persistent multiplayer tile world")
        .version(tilemud_schema::version())
        .styles(styles)
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
        .max_term_width(110)
        .subcommand(serve)
        .subcommand(replay)
        .subcommand(retain)
        .subcommands(cli_copies::commands(&of_store))
        .subcommand(cli_config::command(&of_serve))
        .subcommand(logs)
        .subcommand(map)
        .subcommand(world)
        .subcommand(names)
        .subcommand(users)
}

fn flag(setting: &'static Setting) -> Arg {
    let arg = Arg::new(setting.name)
        .long(setting.name)
        .value_name(setting.value)
        .value_parser(OsStringValueParser::new())
        .help(setting.help.clone())
        .long_help(format!("{} [env: {}]", setting.help, setting.variable()))
        .help_heading(setting.group);
    match setting.shape {
        Shape::Text | Shape::Secret | Shape::SecretFile => arg,
        // So that -1 is told to be out of range rather than an unknown flag.
        Shape::Number => arg.allow_negative_numbers(true),
        // `--dev-issuer` alone turns it on; `--dev-issuer=false` overrides the environment and the
        // file.
        Shape::Switch => {
            arg.num_args(0..=1).require_equals(true).default_missing_value("true").hide_possible_values(true)
        }
        Shape::List => arg.action(ArgAction::Append),
        // No command has values without a flag, so the number may stand behind a space.
        Shape::Patience => arg.num_args(0..=1).default_missing_value("true"),
    }
}

const EXAMPLES: &str = "\
Secrets: what may hold a password (--database-url, --database-password, --redis-url, --redis-password) may stand in a file
instead, named by the flag of the same name with -file behind it. The file holds nothing else; a line end at its end is cut.
That is also how Docker's and Kubernetes' secrets and the credentials of systemd are read.

Examples:
  tilemud serve --dev-issuer
      Local play on http://127.0.0.1:8080 with the embedded store
  tilemud serve --listen 0.0.0.0:443 --tls-cert fullchain.pem --tls-key privkey.pem \\
      --oidc-issuer https://id.example.org/realms/game --oidc-audience tilemud \\
      --database-url postgres://tilemud@db/tilemud --redis-url redis://cache
      A public server
  TILEMUD_DEV_ISSUER=true TILEMUD_TICK_HZ=10 tilemud serve
      The same settings from the environment
  tilemud serve --config tilemud.toml
      From a file: listen = \"0.0.0.0:8080\", allowed_origin = [\"https://play.example.org\"], ...

Exit codes: 0 after a drain on SIGTERM or SIGINT, and after a start that these have ended; 2 what was set is wrong, what it
names included (a port in use, a database that does not exist, a wrong password); 1 anything else.";
