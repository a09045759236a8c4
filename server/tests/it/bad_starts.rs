//! Starts that cannot work, of the real binary: each ends with the right code and says once what is
//! wrong, where, and what to do; and looking after a store that is not there makes none.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;
use tilemud_persist::testing::{CertificateAuthority, PostgresServer};
use tilemud_support::process::{Process, command};

/// What a start said, on one line for each line, and how it ended.
struct Ended {
    code: Option<i32>,
    said: String,
}

fn ended(mut command: Command) -> Ended {
    let Output { status, stdout, stderr } = command.stdin(Stdio::null()).output().unwrap();
    assert!(stdout.is_empty(), "{command:?}: {}", String::from_utf8_lossy(&stdout));
    Ended { code: status.code(), said: String::from_utf8_lossy(&stderr).into_owned() }
}

/// Starts a server that ends with 2 and says all of this, each once.
fn refused(command: Command, fragments: &[&str]) {
    let shown = format!("{command:?}");
    let Ended { code, said } = ended(command);
    assert_eq!(code, Some(2), "{shown}: {said}");
    for fragment in fragments {
        assert_eq!(said.matches(fragment).count(), 1, "{shown}: {fragment:?} once in:\n{said}");
    }
    assert!(!said.contains("hunter2") && !said.contains("at line"), "{shown}: {said}");
}

fn text(data: &Path, flags: &[&str]) -> Command {
    command(data, &[&["--log-format", "text"], flags].concat())
}

fn tilemud(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tilemud"));
    command.args(args).args(["--log-filter", "error"]);
    command
}

#[test]
fn what_was_set_wrong_is_named_with_its_remedy_and_ends_with_2() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    let data = path("data");
    let data = Path::new(&data);
    write("file", "");
    write("map.tmx", "<map/>");
    write("no_keys.json", "{}");
    write("empty", "\n");
    std::fs::create_dir(folder.path().join("letters")).unwrap();
    write("letters/tilemud.db", &"this is a letter and no database ".repeat(50));
    let authority = CertificateAuthority::new();
    let [first, second] = [authority.issue("a.example", 30), authority.issue("b.example", 30)];
    let [cert, key, other] = [&first.cert, &first.key, &second.key].map(|file| file.display().to_string());
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    let oidc = ["--oidc-audience", "game", "--oidc-issuer"];
    let keys = [&oidc[..], &["https://id.example", "--oidc-jwks-file"]].concat();

    for (flags, fragments) in [
        (vec!["--world", &path("nope.tmx")], vec!["error: --world", "nope.tmx", "is not there", "remedy: "]),
        (vec!["--world", &path("map.tmx")], vec!["error: --world", "remedy: "]),
        (
            vec!["--tls-cert", &cert, "--tls-key", &other],
            vec!["--tls-cert", "--tls-key", &cert, &other, "do not belong together"],
        ),
        (vec!["--tls-cert", &path("none.pem"), "--tls-key", &key], vec!["--tls-cert", "none.pem cannot be read"]),
        (vec!["--tls-ca", &path("none.pem")], vec!["error: --tls-ca", "none.pem cannot be read", "remedy: "]),
        (vec!["--tls-ca", &path("file")], vec!["error: --tls-ca", "no certificate"]),
        ([&keys[..], &[&path("none.json")]].concat(), vec!["error: --oidc-jwks-file", "none.json", "remedy: "]),
        ([&keys[..], &[&path("no_keys.json")]].concat(), vec!["error: --oidc-jwks-file", "no_keys.json", "remedy: "]),
        ([&oidc[..], &["nonsense"]].concat(), vec!["error: --oidc-issuer", "\"nonsense\"", "remedy: "]),
        ([&oidc[..], &["http://id.example"]].concat(), vec!["error: --oidc-issuer", "https address", "remedy: "]),
        (
            vec!["--database-url", &format!("sqlite:{}", path("letters/tilemud.db"))],
            vec!["letters/tilemud.db is not a database", "restore a backup"],
        ),
        (vec!["--database-url", &format!("sqlite:{}", path("letters"))], vec!["is a folder, not a database"]),
        (
            vec!["--database-url", &format!("sqlite:{}", path("file/a.db"))],
            vec!["a file where a folder should be", "--data-dir", "remedy: "],
        ),
        (vec!["--database-url", "postgres://me:hunter2@127.0.0.1/x?sslmode=perhaps"], vec!["is none of disable"]),
        (
            vec!["--database-url", "postgres://me:hunter2@127.0.0.1/x?sslmode=verify-ca&sslrootcert=/none.pem"],
            vec!["sslrootcert", "/none.pem cannot be read"],
        ),
        (
            vec!["--database-password-file", &path("none")],
            vec!["error: --database-password-file", "cannot be read", "remedy: "],
        ),
        (
            vec!["--database-password-file", &path("empty")],
            vec!["error: --database-password-file", "is empty", "remedy: "],
        ),
        (vec!["--redis-url", "rediss://me:hunter2@cache/#insecure"], vec!["error: --redis-url", "--tls-ca"]),
        (vec!["--redis-url", "redis://me:hunter2@cache:port"], vec!["error: --redis-url"]),
        (vec!["--max-sessions", "100000"], vec!["error: --max-sessions: 100000 sessions need", "remedy: raise"]),
        (vec!["--log-dir", &path("file")], vec!["logs cannot be written to"]),
    ] {
        refused(text(data, &flags), &fragments);
    }
    // The last of two flags does not win, so these begin without the first.
    for (listen, fragments) in [
        (&*taken, ["error: --listen", "another program has this port", "remedy: "]),
        ("192.0.2.1:0", ["error: --listen", "does not have the address 192.0.2.1", "remedy: "]),
    ] {
        let data = data.to_str().unwrap();
        let flags = ["serve", "--dev-issuer-anywhere", "--log-format", "text", "--listen", listen, "--data-dir", data];
        refused(tilemud(&[&flags[..], &["--dev-issuer"]].concat()), &fragments);
    }
    assert!(!folder.path().join("data/tilemud.db").exists(), "the port is looked at before a world is made");
}

/// Root may take any port and write any folder; somebody else may not.
#[test]
fn what_this_user_may_not_do_is_named_with_the_user() {
    let folder = tempfile::tempdir().unwrap();
    if std::fs::metadata("/proc/self").map(|me| std::os::unix::fs::MetadataExt::uid(&me)).unwrap() != 0 {
        // Then the folders of the system are enough.
        let flags =
            ["serve", "--dev-issuer", "--log-format", "text", "--listen", "127.0.0.1:0", "--data-dir", "/proc/none"];
        return refused(tilemud(&flags), &["/proc/none", "remedy: "]);
    }
    use std::os::unix::fs::PermissionsExt as _;
    use std::os::unix::process::CommandExt as _;
    let open = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(folder.path(), open.clone()).unwrap();
    let program = folder.path().join("tilemud");
    std::fs::copy(env!("CARGO_BIN_EXE_tilemud"), &program).unwrap();
    let locked = folder.path().join("locked");
    std::fs::create_dir(&locked).unwrap();
    std::fs::set_permissions(&locked, open).unwrap();
    std::fs::write(locked.join("tilemud.db"), "").unwrap();
    let database = format!("sqlite:{}", locked.join("tilemud.db").display());
    let nobody = |flags: &[&str]| {
        let mut command = Command::new(&program);
        command.args([
            "serve",
            "--log-format",
            "text",
            "--oidc-audience",
            "game",
            "--oidc-issuer",
            "https://id.invalid",
        ]);
        command.args(flags).uid(65_534).gid(65_534).current_dir(folder.path());
        command
    };
    let elsewhere = locked.join("deeper").display().to_string();
    for (flags, fragments) in [
        (vec!["--listen", "127.0.0.1:0", "--database-url", &database], ["user nobody", "--data-dir"]),
        (vec!["--listen", "127.0.0.1:0", "--data-dir", &elsewhere], ["user nobody", "Permission denied"]),
        (vec!["--listen", "127.0.0.1:80", "--data-dir", &elsewhere], ["below 1024", "CAP_NET_BIND_SERVICE"]),
    ] {
        let is_lowered = std::fs::read_to_string("/proc/sys/net/ipv4/ip_unprivileged_port_start")
            .is_ok_and(|first| first.trim().parse::<u32>().is_ok_and(|first| first <= 80));
        if !(is_lowered && flags[1].ends_with(":80")) {
            refused(nobody(&flags), &fragments);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_may_not_be_used_is_told_once_in_either_form() {
    let postgres = PostgresServer::shared();
    let data = tempfile::tempdir().unwrap();
    let missing = postgres.url("no_such_database");
    let stranger = postgres.url("postgres").replace("postgres@", "stranger:hunter2@");
    refused(
        text(data.path(), &["--database-url", &missing]),
        &["there is no database \"no_such_database\"", "as user \"postgres\"", "CREATE DATABASE"],
    );
    refused(
        text(data.path(), &["--database-url", &stranger]),
        &["role \"stranger\" does not exist", "create the role"],
    );
    let json = command(data.path(), &["--database-url", &missing, "--log-format", "json"]);
    refused(json, &["there is no database", "CREATE DATABASE", "\"remedy\""]);
    // Whatever is kept out of the log, the end of the program is told.
    let mut silent = Command::new(env!("CARGO_BIN_EXE_tilemud"));
    silent.args(["serve", "--dev-issuer", "--listen", "127.0.0.1:0", "--log-format", "json", "--log-filter", "off"]);
    silent.args(["--database-url", &missing, "--data-dir"]).arg(data.path());
    refused(silent, &["there is no database"]);
}

#[test]
fn looking_after_a_world_that_is_not_there_makes_none() {
    let folder = tempfile::tempdir().unwrap();
    let mistyped = folder.path().join("mistyped");
    for verb in ["replay", "retain"] {
        refused(tilemud(&[verb, "--data-dir", mistyped.to_str().unwrap()]), &["there is no store at"]);
    }
    assert!(!mistyped.exists());
}

#[test]
fn variables_of_kubernetes_and_empty_ones_do_not_stop_a_start() {
    let data = tempfile::tempdir().unwrap();
    let mut command = command(data.path(), &["--log-format", "json"]);
    command.envs([
        ("TILEMUD_PORT", "tcp://10.0.0.1:8080"),
        ("TILEMUD_SERVICE_HOST", "10.0.0.1"),
        ("TILEMUD_PORT_8080_TCP_ADDR", "10.0.0.1"),
        ("TILEMUD_DB_SERVICE_PORT_PSQL", "5432"),
        ("TILEMUD_REDIS_URL", ""),
        ("TILEMUD_WORLD", " "),
    ]);
    let log = data.path().join("said");
    command.stderr(std::fs::File::create(&log).unwrap());
    assert_eq!(Process::run(command).terminate().code(), Some(0));
    let said = std::fs::read_to_string(log).unwrap();
    for (name, times) in
        [("TILEMUD_PORT,", 1), ("TILEMUD_DB_SERVICE_PORT_PSQL", 1), ("TILEMUD_REDIS_URL", 1), ("enableServiceLinks", 1)]
    {
        assert_eq!(said.matches(name).count(), times, "{name} in:\n{said}");
    }
}

#[test]
fn passwords_come_from_files_and_a_file_that_all_can_read_is_told() {
    use std::os::unix::fs::PermissionsExt as _;
    let data: TempDir = tempfile::tempdir().unwrap();
    let file = data.path().join("url");
    std::fs::write(&file, format!("sqlite:{}\n", data.path().join("other.db").display())).unwrap();
    for (mode, is_told) in [(0o600, false), (0o644, true)] {
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
        let mut command =
            command(data.path(), &["--database-url-file", file.to_str().unwrap(), "--log-format", "text"]);
        let log = data.path().join("said");
        command.stderr(std::fs::File::create(&log).unwrap());
        assert_eq!(Process::run(command).terminate().code(), Some(0));
        let said = std::fs::read_to_string(log).unwrap();
        assert_eq!(said.contains("everybody can read"), is_told, "{said}");
    }
    assert!(data.path().join("other.db").exists() && !data.path().join("tilemud.db").exists());
}

#[test]
fn open_files_bound_the_connections_and_too_few_are_refused() {
    let data = tempfile::tempdir().unwrap();
    let with_limit = |limit: &str| {
        let flags = text(data.path(), &[]);
        let mut command = Command::new("/bin/sh");
        command
            .args(["-c", &format!("ulimit -n {limit}; exec \"$0\" \"$@\"")])
            .arg(flags.get_program())
            .args(flags.get_args());
        command
    };
    refused(
        with_limit("300"),
        &["--max-sessions: 1000 sessions need 1144 open files", "may have 300", "allow 156 sessions"],
    );
    for (limit, is_told) in [("2000", true), ("9000", false)] {
        let mut command = with_limit(limit);
        let log = data.path().join("said");
        command.stderr(std::fs::File::create(&log).unwrap());
        assert_eq!(Process::run(command).terminate().code(), Some(0));
        let said = std::fs::read_to_string(log).unwrap();
        assert_eq!(said.contains("allows 1888 connections, fewer than the 4256"), is_told, "{said}");
    }
}

#[test]
fn a_certificate_that_has_expired_or_soon_will_or_is_not_valid_yet_is_warned_of() {
    let authority = CertificateAuthority::new();
    for (begins, days, fragment) in [
        (-400, -3, Some("has expired")),
        (-400, 5, Some("expires soon")),
        (2, 60, Some("is not valid yet")),
        (-400, 30, None),
    ] {
        let data = tempfile::tempdir().unwrap();
        let files = authority.issue_from("localhost", begins, days);
        let (cert, key) = (files.cert.display().to_string(), files.key.display().to_string());
        let mut command = command(data.path(), &["--log-format", "text", "--tls-cert", &cert, "--tls-key", &key]);
        let log = data.path().join("said");
        command.stderr(std::fs::File::create(&log).unwrap());
        assert_eq!(Process::run(command).terminate().code(), Some(0));
        let said = std::fs::read_to_string(log).unwrap();
        match fragment {
            Some(fragment) => assert!(said.contains(fragment) && said.contains(&cert), "{days}: {said}"),
            None => assert!(!said.contains("certificate"), "{said}"),
        }
    }
}
