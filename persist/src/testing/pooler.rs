//! A private PgBouncer before a Postgres of a test.

use std::path::PathBuf;
use std::process::Command;

use super::certificates::free_port;
use super::postgres_server::{as_owner, folder_of, owner};
use super::server_process::{Recipe, ServerProcess};

const MISSING: &str = "this test needs PgBouncer, which is not installed: \
     run `apt-get install pgbouncer` as root (`cargo xtask test` does it)";

const PID_FILE: &str = "pid";
const QUIT_SIGNAL: &str = "KILL";

pub struct Pooler {
    _process: ServerProcess,
    port: u16,
}

impl Pooler {
    /// Starts one in front of the server whose socket is in `folder`, with this `pool_mode` and
    /// further lines of its configuration.
    ///
    /// # Panics
    /// When PgBouncer is not installed, saying how to install it, and when it does not start.
    #[must_use]
    pub fn start(postgres: &super::PostgresServer, pool_mode: &str, further: &str) -> Self {
        let (port, owner) = (free_port(), owner());
        let folder = folder_of("tilemud-pool", PID_FILE, QUIT_SIGNAL, owner);
        let text = format!(
            "[databases]\n* = host={} port=5432 user=postgres\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\n\
             unix_socket_dir =\nauth_type = any\npool_mode = {pool_mode}\npidfile = {PID_FILE}\nmax_client_conn = 200\n{further}\n",
            postgres.folder().display()
        );
        std::fs::write(folder.path().join("pgbouncer.ini"), text).expect("a file can be written");
        let program = program();
        let recipe = Recipe {
            command: Box::new(move |folder| {
                let mut command: Command = as_owner(&program, folder, owner);
                command.arg("pgbouncer.ini");
                command
            }),
            ready: "process up",
            pid_file: PID_FILE,
            quit_signal: QUIT_SIGNAL,
        };
        Self { _process: ServerProcess::start(folder, recipe), port }
    }

    /// The URL of a database behind it.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }
}

fn program() -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain([PathBuf::from("/usr/sbin")]);
    folders.map(|folder| folder.join("pgbouncer")).find(|file| file.exists()).expect(MISSING)
}
