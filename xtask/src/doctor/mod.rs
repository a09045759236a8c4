//! Says what is reachable and what is missing, each with the exact command that mends it (T001).
//! Changes nothing.

mod address;
mod diagnostic;
mod given;
mod postgres;
mod redis;
mod tls;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use self::diagnostic::Diagnostic;
use self::given::{Given, secret};
use crate::{needs, toolchain};

/// How long a given database or cache may take to answer.
const ANSWER_WAIT: Duration = Duration::from_secs(3);

/// Options of `cargo xtask doctor`.
#[derive(clap::Args)]
pub struct Options {
    /// A Postgres to try, as the server would get it:
    /// postgres://user:password@host:port/database?sslmode=...
    #[arg(long, env = "TILEMUD_DATABASE_URL", hide_env_values = true)]
    database_url: Option<String>,
    /// File that holds --database-url
    #[arg(long, env = "TILEMUD_DATABASE_URL_FILE")]
    database_url_file: Option<PathBuf>,
    /// Password of the database user
    #[arg(long, env = "TILEMUD_DATABASE_PASSWORD", hide_env_values = true)]
    database_password: Option<String>,
    /// File that holds --database-password
    #[arg(long, env = "TILEMUD_DATABASE_PASSWORD_FILE")]
    database_password_file: Option<PathBuf>,
    /// A Redis to try, as the server would get it: redis://host:port, rediss://... (TLS) or
    /// redis+unix:///SOCKET
    #[arg(long, env = "TILEMUD_REDIS_URL", hide_env_values = true)]
    redis_url: Option<String>,
    /// File that holds --redis-url
    #[arg(long, env = "TILEMUD_REDIS_URL_FILE")]
    redis_url_file: Option<PathBuf>,
    /// Password of the cache
    #[arg(long, env = "TILEMUD_REDIS_PASSWORD", hide_env_values = true)]
    redis_password: Option<String>,
    /// File that holds --redis-password
    #[arg(long, env = "TILEMUD_REDIS_PASSWORD_FILE")]
    redis_password_file: Option<PathBuf>,
    /// Further certificate authorities, PEM file or folder; repeatable
    #[arg(long, env = "TILEMUD_TLS_CA", value_delimiter = ',')]
    tls_ca: Vec<PathBuf>,
}

/// One line of the report.
struct Finding {
    name: String,
    /// What is there, or what is missing and how to mend it.
    outcome: Result<String, Diagnostic>,
}

/// Prints the report.
///
/// # Errors
/// Never; what is missing is told by the exit code 1.
pub fn run(options: &Options) -> anyhow::Result<ExitCode> {
    println!("To build and play");
    let mut all_well = report(&build_findings());
    println!("\nTo run every test (`cargo xtask test` installs these on Debian as root)");
    all_well &= report(&test_findings());
    println!("\nStores");
    all_well &= report(&store_findings(options));
    println!();
    if all_well {
        println!("Everything is there.");
        return Ok(ExitCode::SUCCESS);
    }
    let missing = needs::missing_packages();
    if !missing.is_empty() {
        println!("All that the tests miss, in one go:\n  {}", needs::install_line(&missing));
    }
    println!("Something is missing; the lines marked MISSING say what to do.");
    Ok(ExitCode::FAILURE)
}

fn report(findings: &[Finding]) -> bool {
    for finding in findings {
        match &finding.outcome {
            Ok(detail) => println!("  ok       {:<18} {detail}", finding.name),
            Err(diagnostic) => {
                println!("  MISSING  {:<18} {}", finding.name, diagnostic.problem);
                println!("           {:<18} -> {}", "", diagnostic.remedy);
            }
        }
    }
    findings.iter().all(|finding| finding.outcome.is_ok())
}

fn build_findings() -> Vec<Finding> {
    let rustc = std::process::Command::new("rustc").arg("--version").current_dir(crate::workspace::root()).output();
    let rust = match rustc {
        Ok(output) if output.status.success() => Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned()),
        _ => Err(Diagnostic::new("rustc does not run here", "install Rust with rustup: https://rustup.rs")),
    };
    let wasm = if toolchain::has_wasm_target() {
        Ok(toolchain::WASM_TARGET.to_owned())
    } else {
        Err(Diagnostic::new("not installed (`cargo xtask play` adds it)", toolchain::ADD_WASM_TARGET))
    };
    vec![Finding { name: "Rust".into(), outcome: rust }, Finding { name: "wasm target".into(), outcome: wasm }]
}

fn test_findings() -> Vec<Finding> {
    needs::NEEDS
        .iter()
        .map(|need| Finding {
            name: need.name.into(),
            outcome: need.found().map(|path| path.display().to_string()).ok_or_else(|| {
                Diagnostic::new(format!("needed for {}", need.used_for), needs::install_line(need.packages))
            }),
        })
        .collect()
}

fn store_findings(options: &Options) -> Vec<Finding> {
    let database = options.database().and_then(|given| match given {
        None => Ok("none given: the embedded SQLite in --data-dir".to_owned()),
        Some(given) if given.url.starts_with("sqlite:") => Ok("the embedded SQLite".to_owned()),
        Some(given) => postgres::check(&given, ANSWER_WAIT),
    });
    let cache = options.cache().and_then(|given| match given {
        None => Ok("none given: the in-process cache".to_owned()),
        Some(given) => redis::check(&given, ANSWER_WAIT),
    });
    vec![Finding { name: "database".into(), outcome: database }, Finding { name: "cache".into(), outcome: cache }]
}

impl Options {
    fn database(&self) -> Result<Option<Given<'_>>, Diagnostic> {
        let url = secret("database-url", self.database_url.as_deref(), self.database_url_file.as_deref())?;
        let password =
            secret("database-password", self.database_password.as_deref(), self.database_password_file.as_deref())?;
        Ok(url.map(|url| Given { url, password, authorities: &self.tls_ca }))
    }

    fn cache(&self) -> Result<Option<Given<'_>>, Diagnostic> {
        let url = secret("redis-url", self.redis_url.as_deref(), self.redis_url_file.as_deref())?;
        let password = secret("redis-password", self.redis_password.as_deref(), self.redis_password_file.as_deref())?;
        Ok(url.map(|url| Given { url, password, authorities: &self.tls_ca }))
    }
}
