//! A private Redis that a test may stop, pause and kill. It keeps nothing and listens on a socket
//! in its own folder only.

use std::path::PathBuf;
use std::process::Command;

use super::certificates::{CertificateFiles, free_port};
use super::server_process::{Recipe, ServerProcess};
use super::watched_folder::WatchedFolder;

const MISSING: &str = "this test needs Redis, which is not installed: \
     run `apt-get install redis-server` as root (`cargo xtask test` does it)";

const PID_FILE: &str = "pid";
/// It keeps nothing, so there is nothing to end in good order.
const QUIT_SIGNAL: &str = "KILL";

pub struct RedisServer {
    process: ServerProcess,
}

impl RedisServer {
    /// Starts an empty server.
    ///
    /// # Panics
    /// When Redis is not installed, saying how to install it, and when it does not start, with its
    /// own words.
    #[must_use]
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    /// Like [`Self::start`], listening with TLS on a port of this machine as well; the port.
    /// `further` are lines of its command line.
    ///
    /// # Panics
    /// As [`Self::start`].
    #[must_use]
    pub fn start_encrypted(certificate: &CertificateFiles, further: &[&str]) -> (Self, u16) {
        let port = free_port().to_string();
        let (cert, key) = (certificate.cert.display().to_string(), certificate.key.display().to_string());
        #[rustfmt::skip]
        let tls = ["--tls-port", &port, "--tls-cert-file", &cert, "--tls-key-file", &key, "--tls-auth-clients", "no"];
        (Self::start_with(&[&tls, further].concat()), port.parse().expect("a number"))
    }

    /// Like [`Self::start`], with more on its command line.
    ///
    /// # Panics
    /// As [`Self::start`].
    #[must_use]
    pub fn start_with(further: &[&str]) -> Self {
        let further: Vec<String> = further.iter().map(|word| (*word).to_owned()).collect();
        let program = program();
        let folder = WatchedFolder::new("tilemud-redis", PID_FILE, QUIT_SIGNAL);
        let recipe = Recipe {
            command: Box::new(move |folder| {
                let mut command = Command::new(&program);
                command.current_dir(folder).args(["--port", "0", "--save", "", "--appendonly", "no"]);
                command.arg("--unixsocket").arg(folder.join("socket"));
                command.arg("--pidfile").arg(folder.join(PID_FILE)).args(&further);
                command
            }),
            ready: "eady to accept connections",
            pid_file: PID_FILE,
            quit_signal: QUIT_SIGNAL,
        };
        Self { process: ServerProcess::start(folder, recipe) }
    }

    /// For [`crate::cache::open`].
    #[must_use]
    pub fn url(&self) -> String {
        format!("redis+unix://{}", self.process.folder().join("socket").display())
    }

    /// Everything in it, as text: the key and what is stored under it.
    ///
    /// # Panics
    /// When it does not answer.
    #[must_use]
    pub fn contents(&self) -> Vec<(String, String)> {
        let client = redis::Client::open(self.url()).expect("our own URL can be parsed");
        let mut connection = client.get_connection().expect("the server accepts connections");
        let keys: Vec<String> = redis::cmd("KEYS").arg("*").query(&mut connection).expect("a list of keys");
        let mut value = |key: &String| {
            let kind: String = redis::cmd("TYPE").arg(key).query(&mut connection).expect("a type");
            let read = if kind == "hash" { "HGETALL" } else { "GET" };
            let value: redis::Value = redis::cmd(read).arg(key).query(&mut connection).expect("a value");
            (key.clone(), format!("{value:?}"))
        };
        keys.iter().map(&mut value).collect()
    }

    /// Runs a command, which must succeed.
    ///
    /// # Panics
    /// When it does not.
    pub fn command(&self, words: &[&str]) {
        let client = redis::Client::open(self.url()).expect("our own URL can be parsed");
        let mut connection = client.get_connection().expect("the server accepts connections");
        let mut command = redis::cmd(words[0]);
        command.arg(&words[1..]).exec(&mut connection).expect("a command it takes");
    }

    /// Forgets everything.
    ///
    /// # Panics
    /// When it does not answer.
    pub fn flush(&self) {
        let client = redis::Client::open(self.url()).expect("our own URL can be parsed");
        let mut connection = client.get_connection().expect("the server accepts connections");
        redis::cmd("FLUSHALL").exec(&mut connection).expect("an empty server");
    }

    /// Shuts it down in good order.
    pub fn stop(&self) {
        self.process.end("TERM");
    }

    /// Kills it with SIGKILL.
    pub fn kill(&self) {
        self.process.end("KILL");
    }

    /// Pauses it (SIGSTOP): connections stay open and nothing answers.
    pub fn pause(&self) {
        self.process.signal_all("STOP");
    }

    /// Lets it go on after [`Self::pause`].
    pub fn resume(&self) {
        self.process.signal_all("CONT");
    }

    /// Starts it, empty, after [`Self::stop`] or [`Self::kill`], with the same URL, and waits until
    /// it is ready.
    pub fn start_again(&self) {
        self.process.start_again();
    }
}

fn program() -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).map(|folder| folder.join("redis-server")).find(|file| file.exists()).expect(MISSING)
}
