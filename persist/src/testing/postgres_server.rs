//! A private Postgres that a test may stop, pause and kill. It listens on a socket in its own
//! folder only.

use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor};

use super::certificates::{CertificateFiles, free_port, hand_over};
use super::server_process::{Recipe, ServerProcess};
use super::watched_folder::WatchedFolder;

const MISSING: &str = "this test needs Postgres, which is not installed: \
     run `apt-get install postgresql` as root (`cargo xtask test` does it)";

const PID_FILE: &str = "data/postmaster.pid";
/// Immediate shutdown: without a last checkpoint, like a crash.
const QUIT_SIGNAL: &str = "QUIT";

/// User and group to run as, when it is not our own.
pub(super) type Owner = Option<(u32, u32)>;

/// A running Postgres with a data folder of its own.
pub struct PostgresServer {
    process: ServerProcess,
    /// The port it listens on beside its socket.
    port: Option<u16>,
    databases_made: AtomicU32,
}

impl PostgresServer {
    /// Makes and starts a server, in about half a second. It does not wait for the disk
    /// (`fsync=off`): its data survives the death of its processes, not that of the machine.
    ///
    /// # Panics
    /// When Postgres is not installed, saying how to install it, and when it does not start, with
    /// its own words.
    #[must_use]
    pub fn start() -> Self {
        Self::start_with_fsync(false)
    }

    /// Like [`Self::start`], waiting for the disk as a real server does; for measurements.
    #[must_use]
    pub fn start_durable() -> Self {
        Self::start_with_fsync(true)
    }

    /// Like [`Self::start`], listening on a port of this machine as well. There it wants TLS with
    /// this certificate, and the password `secret` of the user `player`.
    ///
    /// # Panics
    /// As [`Self::start`].
    #[must_use]
    pub fn start_encrypted(certificate: &CertificateFiles) -> Self {
        Self::start_as(false, Some(certificate))
    }

    /// The one server that the tests of this process share. A test that stops its server has to
    /// start its own.
    #[must_use]
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<PostgresServer> = OnceLock::new();
        SHARED.get_or_init(Self::start)
    }

    fn start_with_fsync(fsync: bool) -> Self {
        Self::start_as(fsync, None)
    }

    fn start_as(fsync: bool, certificate: Option<&CertificateFiles>) -> Self {
        let port = certificate.map(|_| free_port());
        let (programs, owner) = (programs(), owner());
        let folder = folder_of("tilemud-pg", PID_FILE, QUIT_SIGNAL, owner);
        copy_of_new_data(&programs, owner, &folder);
        if let Some(CertificateFiles { cert, key }) = certificate {
            let data = folder.path().join("data");
            hand_over(cert, &data.join("server.crt"), owner);
            hand_over(key, &data.join("server.key"), owner);
            let rules = folder.path().join("rules");
            std::fs::write(&rules, "local all all trust\nhostssl all all 127.0.0.1/32 scram-sha-256\n")
                .expect("a file");
            hand_over(&rules, &data.join("pg_hba.conf"), owner);
        }
        let recipe = Recipe {
            command: Box::new(move |folder| {
                let mut command = as_owner(&programs.join("postgres"), folder, owner);
                command.arg("-D").arg(folder.join("data"));
                command.arg("-c").arg(format!("unix_socket_directories={}", folder.display()));
                command.args(["-c", "max_connections=300"]);
                match port {
                    None => command.args(["-c", "listen_addresses="]),
                    // The name of its socket has the number, too.
                    Some(port) => command
                        .args(["-c", "listen_addresses=127.0.0.1", "-c", "ssl=on", "-c"])
                        .arg(format!("port={port}")),
                };
                if fsync {
                    // A recovery then waits in one call for what it else waits for file by file, a
                    // thousand times.
                    command.args(["-c", "fsync=on", "-c", "recovery_init_sync_method=syncfs"]);
                } else {
                    command.args(["-c", "fsync=off", "-c", "shared_buffers=64MB"]);
                }
                command
            }),
            // "connections" or "read-only connections".
            ready: "database system is ready to accept",
            pid_file: PID_FILE,
            quit_signal: QUIT_SIGNAL,
        };
        Self { process: ServerProcess::start(folder, recipe), port, databases_made: AtomicU32::new(0) }
    }

    /// The URL of a database of this server.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        let socket_folder = self.process.folder().display().to_string().replace('/', "%2F");
        format!("postgres://postgres@{socket_folder}:{}/{database}", self.port.unwrap_or(5432))
    }

    /// The port of [`Self::start_encrypted`].
    ///
    /// # Panics
    /// When it was started otherwise.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port.expect("started with a certificate")
    }

    /// Where its socket is.
    pub(super) fn folder(&self) -> &Path {
        self.process.folder()
    }

    /// Runs one statement in a database.
    ///
    /// # Panics
    /// When the server does not do it.
    pub async fn execute(&self, database_url: &str, statement: &str) {
        let options: PgConnectOptions = database_url.parse().expect("our own URL can be parsed");
        let mut connection = options.connect().await.expect("the server accepts connections");
        connection.execute(AssertSqlSafe(statement.to_owned())).await.expect("a good statement");
    }

    /// Makes an empty database that no other test has, and returns its URL.
    ///
    /// # Panics
    /// When the server is not running.
    pub async fn create_database(&self) -> String {
        let name = format!("test_{}", self.databases_made.fetch_add(1, Ordering::Relaxed));
        let options: PgConnectOptions = self.url("postgres").parse().expect("our own URL can be parsed");
        let mut connection = options.connect().await.expect("the server accepts connections");
        let statement = AssertSqlSafe(format!("CREATE DATABASE {name}"));
        connection.execute(statement).await.expect("a new name is free");
        connection.close().await.expect("a working connection can be closed");
        self.url(&name)
    }

    /// Shuts it down in good order: transactions in progress are ended, connections closed, all is
    /// written.
    pub fn stop(&self) {
        self.process.end("INT");
    }

    /// Kills all of its processes with SIGKILL, and waits until they are gone.
    pub fn kill(&self) {
        self.process.end("KILL");
    }

    /// Pauses all of its processes (SIGSTOP): connections stay open and nothing answers.
    pub fn pause(&self) {
        self.process.signal_all("STOP");
    }

    /// Lets it go on after [`Self::pause`].
    pub fn resume(&self) {
        self.process.signal_all("CONT");
    }

    /// Starts it after [`Self::stop`] or [`Self::kill`], with the same URL, and waits until it is
    /// ready.
    pub fn start_again(&self) {
        self.process.start_again();
    }

    /// Starts it after [`Self::stop`] as a standby without a primary: it answers reads and refuses
    /// writes until `pg_promote()` is called.
    ///
    /// # Panics
    /// As [`Self::start`].
    pub fn start_again_as_standby(&self) {
        let signal = self.folder().join("data/standby.signal");
        std::fs::write(&signal, b"").expect("a file can be written");
        if let Some((user, group)) = owner() {
            std::os::unix::fs::chown(signal, Some(user), Some(group)).expect("root may give away its file");
        }
        self.process.start_again();
    }

    /// Starts it after [`Self::stop`] or [`Self::kill`]. False when it is still starting, or
    /// recovering, after `patience`: it goes on then, and may be killed in the midst of it.
    pub fn start_again_within(&self, patience: Duration) -> bool {
        self.process.start_again_within(patience)
    }
}

/// `initdb` takes half a second of CPU, a copy of what it made much less; it runs once in a test
/// process.
fn copy_of_new_data(programs: &Path, owner: Owner, folder: &WatchedFolder) {
    static NEW_DATA: OnceLock<WatchedFolder> = OnceLock::new();
    let new_data = NEW_DATA.get_or_init(|| {
        let folder = folder_of("tilemud-pg", PID_FILE, QUIT_SIGNAL, owner);
        let mut command = as_owner(&programs.join("initdb"), folder.path(), owner);
        command.args(["--no-sync", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C", "--pgdata"]);
        run(command.arg("data"));
        folder
    });
    run(as_owner(Path::new("/bin/cp"), folder.path(), owner).arg("-R").arg(new_data.path().join("data")).arg("."));
}

/// A folder that a server of this account may write.
pub(super) fn folder_of(prefix: &str, pid_file: &str, quit_signal: &str, owner: Owner) -> WatchedFolder {
    let folder = WatchedFolder::new(prefix, pid_file, quit_signal);
    if let Some((user, group)) = owner {
        std::os::unix::fs::chown(folder.path(), Some(user), Some(group)).expect("root may give away its folder");
    }
    folder
}

fn run(command: &mut Command) {
    let output = command.stdin(Stdio::null()).output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(output.status.success(), "{command:?} failed:\n{}", String::from_utf8_lossy(&output.stderr));
}

pub(super) fn as_owner(program: &Path, folder: &Path, owner: Owner) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder);
    if let Some((user, group)) = owner {
        command.uid(user).gid(group);
    }
    command
}

/// The account to run as: Postgres refuses to be root, so root lends it the account its package
/// made.
pub(super) fn owner() -> Owner {
    use std::os::unix::fs::MetadataExt;
    if std::fs::metadata("/proc/self").expect("/proc can be read").uid() != 0 {
        return None;
    }
    let accounts = std::fs::read_to_string("/etc/passwd").expect("/etc/passwd can be read");
    let account = accounts.lines().find(|line| line.starts_with("postgres:")).expect(MISSING);
    let mut numbers = account.split(':').skip(2).map(|number| number.parse().expect("/etc/passwd holds numbers"));
    Some((numbers.next().expect("a user id"), numbers.next().expect("a group id")))
}

/// The folder of `initdb` and `postgres`; Debian keeps them out of the path, one folder per
/// version.
fn programs() -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let in_path = std::env::split_paths(&path).find(|folder| folder.join("initdb").exists());
    in_path.or_else(newest_debian_version).expect(MISSING)
}

fn newest_debian_version() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?.filter_map(|entry| Some(entry.ok()?.path()));
    versions
        .filter(|version| version.join("bin/initdb").exists() && version.join("bin/postgres").exists())
        .max_by_key(|version| version.file_name().and_then(|name| name.to_str()?.parse::<u32>().ok()))
        .map(|version| version.join("bin"))
}
