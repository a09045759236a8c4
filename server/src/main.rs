//! `tilemud`: reads the configuration, starts logging, runs the server or a command for its store,
//! and reports how it ended.
//!
//! Exit codes: 0 after a drain, 2 for a wrong setting, 1 for anything else.

use std::env::{ArgsOs, VarsOs};
use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use rustix::fs::Mode;
use rustix::process::umask;
use tilemud_maps::check::{self, Check};
use tilemud_maps::kit;
use tilemud_server::config::{Command, Config, ConfigError};
use tilemud_server::failure::Failure;
use tilemud_server::logging;
use tilemud_server::process::{backup, panics, people, plan, serve, start, upkeep};

// Many small, short-lived buffers from several threads are what this server allocates.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // What players say and the keys of the server are nobody else's on this machine; SQLite and the
    // log make files by themselves.
    umask(Mode::RWXG | Mode::RWXO);
    let command = match load(Command::load) {
        Ok(command) => command,
        Err(error) => {
            error.print();
            return ExitCode::from(error.exit_code());
        }
    };
    let (log, sources) = match &command {
        Command::LogsAudit(folder) => return audit(folder),
        Command::MapCheck(order) => return check_maps(order),
        Command::WorldNew(folder) => return new_world(folder),
        Command::ConfigInit(file, text) => return write_settings(file.as_deref(), text),
        Command::ConfigSaid(text) => return say(text),
        Command::Serve(config)
        | Command::Replay(config)
        | Command::Retain(config, _)
        | Command::Names(config)
        | Command::MapPlan(config, _)
        | Command::Link(config, _)
        | Command::Export(config, _)
        | Command::Backup(config, _)
        | Command::Verify(config, _)
        | Command::Restore(config, _) => (&config.log, &config.sources),
    };
    let logging = match logging::start(log) {
        Ok(logging) => logging,
        Err(error) => {
            eprintln!("error: {error:#}");
            return ExitCode::from(2);
        }
    };
    panics::log();
    start::log_notices(sources);
    // What has panicked has been logged; whatever it was, it is no setting.
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| run(command)));
    match outcome.unwrap_or_else(|_| Err(anyhow::anyhow!("the program has panicked, see the log"))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let failure = Failure::of(&error);
            logging.report(&failure);
            ExitCode::from(failure.exit_code())
        }
    }
}

/// 0 when nothing was found, 1 when something was, 2 when the folder cannot be used.
fn audit(folder: &Path) -> ExitCode {
    match logging::audit::audit(folder, &mut std::io::stdout().lock()) {
        Ok(audited) => ExitCode::from(u8::from(audited.findings > 0)),
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

/// 0 when the folder is there, 2 when it cannot be written.
fn new_world(folder: &Path) -> ExitCode {
    match kit::write(folder) {
        Ok(world) => {
            let (world, folder) = (world.display(), folder.display());
            println!(
                "{folder} is written.\nOpen {folder}/{} in Tiled, then {world}.\nPlay it with: tilemud serve --dev-issuer \
                 --world {world} --data-dir {folder}/data",
                kit::PROJECT
            );
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error}\n  {}", error.remedy());
            ExitCode::from(2)
        }
    }
}

/// Writes to standard output; 0 when it takes it.
fn say(text: &str) -> ExitCode {
    ExitCode::from(u8::from(std::io::stdout().lock().write_all(text.as_bytes()).is_err()))
}

/// 0 when the file is there, 2 when it was there before or cannot be written.
fn write_settings(file: Option<&Path>, text: &str) -> ExitCode {
    let Some(file) = file else { return say(text) };
    match File::create_new(file).and_then(|mut written| written.write_all(text.as_bytes())) {
        Ok(()) => {
            println!("{0} is written. Start with it: tilemud serve --config {0}", file.display());
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!(
                "error: {} cannot be written: {error}\n  remedy: name a file that is not there yet",
                file.display()
            );
            ExitCode::from(2)
        }
    }
}

/// 0 when every map can be used, 1 when there are warnings that count, 2 when one cannot be used.
fn check_maps(order: &Check) -> ExitCode {
    match check::check(order, &mut std::io::stdout().lock()) {
        Ok(verdict) => ExitCode::from(verdict.exit_code()),
        Err(error) => {
            eprintln!("error: cannot write what was found: {error}");
            ExitCode::from(2)
        }
    }
}

/// How long running tasks may take at the end. Everything that must complete has completed by then.
const LAST_TASKS_GRACE: Duration = Duration::from_millis(200);

type ReadFile = fn(&Path) -> std::io::Result<String>;

/// Loads with what this process was started with.
fn load<T>(load: impl Fn(ArgsOs, VarsOs, ReadFile) -> Result<T, ConfigError>) -> Result<T, ConfigError> {
    load(std::env::args_os(), std::env::vars_os(), |path| std::fs::read_to_string(path))
}

/// Threads that read from connections, one for every two cores. The world, the persistence stage
/// and the fan-out have threads of their own that need as much, and on two cores a second reader
/// mostly finds that the first has read everything.
fn net_threads() -> usize {
    std::thread::available_parallelism().map_or(1, |cores| cores.get() / 2).max(1)
}

fn run(command: Command) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(net_threads())
        .enable_all()
        .thread_name("tilemud-net")
        .build()?;
    let outcome = runtime.block_on(async {
        match command {
            Command::Serve(config) => serve::serve(*config, || load(Config::load)).await,
            Command::Replay(config) => upkeep::replay(&config).await,
            Command::Retain(config, order) => upkeep::retain(&config, order).await,
            Command::Names(config) => people::clashes(&config).await,
            Command::MapPlan(config, order) => plan::plan(&config, &order).await,
            Command::Link(config, link) => people::link(&config, &link).await,
            Command::Export(config, character) => people::export(&config, &character).await,
            Command::Backup(config, order) => backup::backup(&config, &order).await,
            Command::Verify(config, files) => backup::verify(&config, &files).await,
            Command::Restore(config, order) => backup::restore(&config, &order).await,
            // Need neither logging nor a runtime, and have ended.
            Command::LogsAudit(_)
            | Command::MapCheck(_)
            | Command::WorldNew(_)
            | Command::ConfigInit(..)
            | Command::ConfigSaid(_) => Ok(()),
        }
    });
    // What still hangs (a name that is looked up, a world that is played again) does not hold up
    // the end.
    runtime.shutdown_timeout(LAST_TASKS_GRACE);
    outcome
}
