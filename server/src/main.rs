//! `tilemud serve`: reads the configuration, starts logging, runs the server, and says how it ended.
//!
//! Exit codes: 0 after a drain, 2 for a bad configuration, 1 for anything else.

use std::process::ExitCode;

use tilemud_net::tls::TlsError;
use tilemud_server::config::{Config, ConfigError};
use tilemud_server::{logging, serve};
use tilemud_sim::map::MapError;

// Many small, short-lived buffers from several threads are what this server allocates.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let config = match load() {
        Ok(config) => config,
        Err(error) => {
            error.print();
            return ExitCode::from(error.exit_code());
        }
    };
    let _logging = match logging::start(&config.log) {
        Ok(logging) => logging,
        Err(error) => {
            eprintln!("error: {error:#}");
            return ExitCode::from(2);
        }
    };
    match run(config) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(error = format!("{error:#}"), "the server ends");
            eprintln!("error: {error:#}");
            // A map or certificate that cannot be used is something the operator set.
            let set_wrong = error.chain().any(|cause| cause.is::<MapError>() || cause.is::<TlsError>());
            if set_wrong { ExitCode::from(2) } else { ExitCode::FAILURE }
        }
    }
}

fn load() -> Result<Config, ConfigError> {
    Config::load(std::env::args_os(), std::env::vars_os(), |path| std::fs::read_to_string(path))
}

fn run(config: Config) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().thread_name("tilemud-net").build()?;
    runtime.block_on(serve::serve(config, load))
}
