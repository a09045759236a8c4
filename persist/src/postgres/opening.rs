//! The first connection to Postgres: database and server, encryption, a check whether this program
//! can work with it, and the diagnostics when it cannot.

use std::fmt;
use std::io;
use std::str::FromStr;
use std::time::Duration;

use rustls::AlertDescription;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgSslMode};
use sqlx::{ConnectOptions, Connection as _, Error};
use tokio::time::timeout;

use super::deadlines::{CALL_TIMEOUT, within};
use super::parameters::{self, Variables};
use crate::access::Access;
use crate::authorities::{certificate_problem, tls_error};
use crate::diagnostic::{Diagnostic, in_one_line, system_words};
use crate::store::StoreError;

/// Oldest supported version, as in `server_version_num`.
const VERSION_MIN: u32 = 120_000;

/// Connections beside the writing one. They answer bootstraps and duplicates, a few round trips
/// each.
pub(super) const CONNECTIONS_MAX: u32 = 8;
/// Writing connections of several worlds at most, each of which commits one batch at a time.
pub(super) const WRITERS_MAX: u32 = 4;
/// Connections for what takes long, and as many for those that read the log.
pub(super) const SLOW_CONNECTIONS_MAX: u32 = 2;
/// All of them, of a server with one world.
const CONNECTIONS_OF_ALL: u32 = 1 + CONNECTIONS_MAX + 2 * SLOW_CONNECTIONS_MAX;

/// Attempts to find out whether two connections share one behind a pooler.
const POOLER_TRIES: u32 = 3;

/// SQLSTATE: the database is starting, stopping, full of connections: later it may work.
const LATER: [&str; 6] = ["57P01", "57P02", "57P03", "53300", "53400", "25006"];

const NO_SESSIONS_REMEDY: &str = "connect to Postgres itself, or give this user a pool with pool_mode = session: statements \
     that are prepared, time limits and the lock of a migration belong to a session";

/// The database, for messages; without a password.
#[derive(Debug, Clone)]
pub(super) struct Place {
    user: String,
    server: String,
    database: String,
    pub(super) is_remote: bool,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "database {:?} at {} as user {:?}", self.database, self.server, self.user)
    }
}

impl Place {
    fn of(options: &PgConnectOptions) -> Self {
        let user = options.get_username().to_owned();
        let host = options.get_host();
        let is_loopback = host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|host| host.is_loopback());
        Self {
            database: options.get_database().unwrap_or(&user).to_owned(),
            server: match options.get_socket() {
                Some(folder) => format!("{}/.s.PGSQL.{}", folder.display(), options.get_port()),
                None if host.contains(':') => format!("[{host}]:{}", options.get_port()),
                None => format!("{host}:{}", options.get_port()),
            },
            user,
            is_remote: !is_socket(options) && !is_loopback,
        }
    }
}

/// Whether it is a socket of this machine: in the URL, or the folder of one as PGHOST has it.
fn is_socket(options: &PgConnectOptions) -> bool {
    options.get_socket().is_some() || options.get_host().starts_with('/')
}

/// Selects the authorities of the system, as in libpq.
const SYSTEM_ROOTS: &str = "sslrootcert=system";

/// What to connect with, and to where.
pub(super) fn options(access: &Access<'_>) -> Result<(PgConnectOptions, Place), StoreError> {
    options_with(access, &|name| std::env::var_os(name))
}

fn options_with(access: &Access<'_>, variables: Variables<'_>) -> Result<(PgConnectOptions, Place), StoreError> {
    // The error of the parser is not passed on: it may quote the password.
    let bad = |what: &str| StoreError::UnsupportedUrl { what: what.to_owned() };
    let (base, query) = access.url.split_once('?').unwrap_or((access.url, ""));
    let known = parameters::known(query)?;
    parameters::check_mode(variables)?;
    let kept = known.split('&').filter(|pair| *pair != SYSTEM_ROOTS).collect::<Vec<_>>().join("&");
    let wants_system = query.split('&').any(|pair| pair == SYSTEM_ROOTS);
    let url = if query.is_empty() { base.to_owned() } else { format!("{base}?{kept}") };
    let mut options = PgConnectOptions::from_str(&url).map_err(|_| {
        bad("it is not of the form postgres://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=MODE&sslrootcert=FILE, or sslmode is \
             none of disable, allow, prefer, require, verify-ca and verify-full")
    })?;
    // The library keeps the brackets of a URL's IPv6 address, and looks it up as a name.
    if let Some(address) = options.get_host().strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        let address = address.to_owned();
        options = options.host(&address);
    }
    if let Some(password) = access.password {
        options = options.password(password);
    }
    let has_root = parameters::names_root(&kept, variables);
    let has_own = access.authorities.is_some_and(crate::Authorities::has_own);
    options = match options.get_ssl_mode() {
        // Nobody can listen in on a socket of this machine, and Postgres has no TLS there.
        _ if is_socket(&options) => options.ssl_mode(PgSslMode::Disable),
        // As Postgres' own programs do it: an authority that is named is meant to be looked at.
        PgSslMode::Require if has_root => options.ssl_mode(PgSslMode::VerifyCa),
        PgSslMode::Require if wants_system => options.ssl_mode(PgSslMode::VerifyFull),
        // Without an authority of one's own, anybody's public certificate would do.
        PgSslMode::VerifyCa if !has_root && !has_own => options.ssl_mode(PgSslMode::VerifyFull),
        _ => options,
    };
    let may_encrypt = !matches!(options.get_ssl_mode(), PgSslMode::Disable);
    parameters::check_files(&kept, may_encrypt, variables)?;
    if !has_root && let Some(authorities) = access.authorities.and_then(crate::Authorities::pem) {
        options = options.ssl_root_cert_from_pem(authorities);
    }
    let place = Place::of(&options);
    // Digits of floating point numbers, which there are none of; poolers refuse to be asked for
    // them.
    Ok((options.application_name("tilemud").extra_float_digits(None).disable_statement_logging(), place))
}

/// Makes the first connection, and finds the options for further ones.
pub(super) async fn connect(
    options: PgConnectOptions,
    place: &Place,
) -> Result<(PgConnection, PgConnectOptions), StoreError> {
    let modes: &[PgSslMode] = match options.get_ssl_mode() {
        PgSslMode::Allow => &[PgSslMode::Disable, PgSslMode::Require],
        PgSslMode::Prefer => &[PgSslMode::Prefer, PgSslMode::Disable],
        _ => &[],
    };
    let mut outcome = connect_once(&options).await;
    let mut options = options;
    for mode in modes.iter().skip(1) {
        let refused = matches!(&outcome, Err(Ok(error)) if wants_other_encryption(error));
        if !refused {
            break;
        }
        let other = options.clone().ssl_mode(*mode);
        let second = connect_once(&other).await;
        // If neither works, the first answer tells more.
        if second.is_ok() {
            (outcome, options) = (second, other);
        }
    }
    let connection = outcome.map_err(|failure| match failure {
        Ok(error) => refusal(&error, place),
        Err(late) => away(place, &format!("no answer within {} s", late.as_secs()), None),
    })?;
    Ok((connection, options))
}

/// `Err(Err(_))` is no answer within that time.
async fn connect_once(options: &PgConnectOptions) -> Result<PgConnection, Result<Error, Duration>> {
    match timeout(CALL_TIMEOUT, options.connect()).await {
        Ok(answer) => answer.map_err(Ok),
        Err(_) => Err(Err(CALL_TIMEOUT)),
    }
}

/// Whether a connection may have been refused because of its encryption or the lack of it.
fn wants_other_encryption(error: &Error) -> bool {
    match error {
        Error::Tls(_) => true,
        Error::Database(answer) => answer.code().as_deref() == Some("28000"),
        error => certificate_problem(error).is_some(),
    }
}

/// Finds out whether the server is one that this program can work with.
pub(super) async fn check(
    connection: &mut PgConnection,
    options: &PgConnectOptions,
    place: &Place,
) -> Result<(), StoreError> {
    if let Some(version) = connection.server_version_num()
        && version < VERSION_MIN
    {
        let (major, minor) = (version / 10_000, version % 10_000);
        let version = if major < 10 { format!("{major}.{}", minor / 100) } else { format!("{major}.{minor}") };
        let problem = format!("Postgres {version}; {} or newer is needed ({place})", VERSION_MIN / 10_000);
        return Err(StoreError::SetWrong(Diagnostic::new(problem, "use a newer Postgres")));
    }
    within(CALL_TIMEOUT, async {
        // Not through a statement that is kept: it would be the first thing that goes wrong behind
        // a pooler.
        let pid = async |connection: &mut PgConnection| {
            sqlx::query_scalar::<_, i32>("SELECT pg_backend_pid()").persistent(false).fetch_one(connection).await
        };
        let refused = |error: Error| refusal(&error, place);
        sqlx::raw_sql("BEGIN; COMMIT").execute(&mut *connection).await.map_err(refused)?;
        for _ in 0..POOLER_TRIES {
            let mut other = options.connect().await.map_err(refused)?;
            let pids = (pid(&mut *connection).await.map_err(refused)?, pid(&mut other).await.map_err(refused)?);
            // A connection that cannot be closed in good order is closed all the same.
            let _ = other.close().await;
            if pids.0 == pids.1 {
                let problem = format!(
                    "a pooler such as PgBouncer stands before the {place} and gives this server no session of its own"
                );
                return Err(StoreError::SetWrong(Diagnostic::new(problem, NO_SESSIONS_REMEDY)));
            }
        }
        if place.is_remote {
            warn_if_clear(connection, place).await;
        }
        Ok(())
    })
    .await
}

async fn warn_if_clear(connection: &mut PgConnection, place: &Place) {
    let asked = sqlx::query_scalar::<_, bool>("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()");
    if matches!(asked.persistent(false).fetch_optional(connection).await, Ok(Some(false))) {
        tracing::warn!(
            database = %place,
            "the connection to the database is not encrypted; switch TLS on there and add sslmode=verify-full to --database-url"
        );
    }
}

/// The diagnostic for an error of the first connection or of the migration.
pub(super) fn refusal(error: &Error, place: &Place) -> StoreError {
    if let Some(diagnostic) = certificate_problem(error) {
        let problem = format!("the certificate of the {place} cannot be trusted: {}", diagnostic.problem);
        return StoreError::SetWrong(Diagnostic::new(problem, diagnostic.remedy));
    }
    let wrong = |problem: String, remedy: &str| StoreError::SetWrong(Diagnostic::new(problem, remedy));
    if let Some(alert) = client_certificate_refusal(error) {
        return wrong(
            format!("the {place} does not take our certificate: {alert:?}"),
            "correct sslcert and sslkey of --database-url, or PGSSLCERT and PGSSLKEY, or the authority that the server believes",
        );
    }
    match error {
        Error::Database(answer) => {
            let said = answer.message();
            let code = answer.code().unwrap_or_default().into_owned();
            match code.as_str() {
                "28P01" => wrong(
                    format!("the password is wrong: {place}"),
                    "correct it in --database-url or --database-password-file",
                ),
                "28000" => wrong(
                    format!("the {place} may not be used: {said}"),
                    "create the role, or allow it in pg_hba.conf, or name another in --database-url",
                ),
                "3D000" => wrong(
                    format!("there is no {place}"),
                    "create it (CREATE DATABASE), or name another in --database-url",
                ),
                "42501" => wrong(
                    format!("the {place}: {said}"),
                    "let the user make tables there: GRANT CREATE ON SCHEMA public TO the user, or make it the owner of the database",
                ),
                // A pooler that does not pass on what a session is told at its start.
                "08P01" if said.contains("startup parameter") => wrong(
                    format!(
                        "a pooler such as PgBouncer stands before the {place} and refuses what is asked of a session: {said}"
                    ),
                    "remove the options from --database-url, or set ignore_startup_parameters in the pooler",
                ),
                "08P01" if said.contains("pooling mode") || said.contains("pool") => {
                    wrong(format!("a pooler such as PgBouncer stands before the {place}: {said}"), NO_SESSIONS_REMEDY)
                }
                code if LATER.contains(&code) || code.starts_with("08") => away(place, said, None),
                _ => StoreError::Rejected(Box::new(Diagnostic::new(
                    format!("the {place} refuses: {said} (code {code})"),
                    "see the log of the database",
                ))),
            }
        }
        Error::Tls(cause) if cause.to_string().contains("does not support TLS") => wrong(
            format!("TLS is asked for, and the server has none: {place}"),
            "switch ssl on at the server, or take sslmode out of --database-url",
        ),
        Error::Tls(_) => wrong(
            format!("TLS with the {place}: {}", in_one_line(error)),
            "see sslmode, sslrootcert, sslcert and sslkey of --database-url",
        ),
        Error::Configuration(_) => wrong(format!("{}: {place}", in_one_line(error)), "correct --database-url"),
        Error::Protocol(_) => wrong(
            format!("what answers is not Postgres: {place}"),
            "name the port of Postgres in --database-url (5432, unless it was changed)",
        ),
        Error::Io(cause) if cause.kind() == io::ErrorKind::PermissionDenied => wrong(
            format!("{} may not open the socket: {place}", crate::diagnostic::account()),
            "give it access, or connect over TCP with --database-url postgres://USER@HOST/DATABASE",
        ),
        Error::Io(cause) => away(place, &system_words(cause), Some(cause)),
        other => away(place, &in_one_line(other), None),
    }
}

/// An error of the open store at `place`, with what to do where connections may be lacking: a start
/// opens one after the other.
pub(crate) fn explained(error: StoreError, place: &str) -> StoreError {
    let StoreError::Unavailable(cause) = &error else { return error };
    let refused = match cause.downcast_ref::<Error>() {
        Some(Error::Database(answer)) if answer.code().as_deref() == Some("53300") => answer.message().to_owned(),
        _ if cause.is::<tokio::time::error::Elapsed>() => "no answer, or no further connection, in time".to_owned(),
        _ => return error,
    };
    let remedy = format!(
        "a server has {CONNECTIONS_OF_ALL} connections at most, one with several worlds {}: look at the CONNECTION LIMIT of its user, at max_connections and at \
         default_pool_size of a pooler",
        CONNECTIONS_OF_ALL - 1 + WRITERS_MAX
    );
    StoreError::Unavailable(Box::new(Diagnostic::new(format!("{place}: {refused}"), remedy)))
}

/// What the server said against the certificate we showed it. It says so after the handshake, to
/// whoever reads first.
fn client_certificate_refusal(error: &Error) -> Option<AlertDescription> {
    let rustls::Error::AlertReceived(alert) = tls_error(error)? else { return None };
    let is_about_it = matches!(
        alert,
        AlertDescription::BadCertificate
            | AlertDescription::UnsupportedCertificate
            | AlertDescription::CertificateRevoked
            | AlertDescription::CertificateExpired
            | AlertDescription::CertificateUnknown
            | AlertDescription::CertificateRequired
            | AlertDescription::UnknownCA
            | AlertDescription::DecryptError
    );
    is_about_it.then_some(*alert)
}

/// A database that does not answer, or nothing where one should be.
pub(super) fn away(place: &Place, said: &str, cause: Option<&io::Error>) -> StoreError {
    let lookup = cause.is_some_and(|cause| cause.to_string().contains("lookup"));
    let remedy = if lookup {
        "is the name of the host under --database-url right, and can it be looked up here? --wait waits for it"
    } else {
        "is the database running and reachable under its --database-url? --wait waits for it"
    };
    StoreError::Unavailable(Box::new(Diagnostic::new(format!("the {place} is away: {said}"), remedy)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(url: &str) -> (PgConnectOptions, Place) {
        options(&url.into()).unwrap()
    }

    #[test]
    fn an_ipv6_address_is_no_name() {
        for (url, host, is_remote, server) in [
            ("postgres://player@[fd00::5]/game", "fd00::5", true, "[fd00::5]:5432"),
            ("postgres://player@[::1]:6000/game", "::1", false, "[::1]:6000"),
            ("postgres://player@db.internal/game", "db.internal", true, "db.internal:5432"),
        ] {
            let (options, place) = of(url);
            assert_eq!((options.get_host(), place.is_remote), (host, is_remote));
            assert_eq!(place.server, server);
        }
    }

    #[test]
    fn a_server_that_does_not_take_our_certificate_is_no_server_that_is_away() {
        let place = of("postgres://player@db.internal/game").1;
        let said = |alert| {
            let cause = io::Error::new(io::ErrorKind::InvalidData, rustls::Error::AlertReceived(alert));
            refusal(&Error::Io(cause), &place)
        };
        for alert in [AlertDescription::UnknownCA, AlertDescription::CertificateRequired] {
            let StoreError::SetWrong(diagnostic) = said(alert) else { panic!("{alert:?}") };
            assert!(diagnostic.remedy.contains("sslcert and sslkey"), "{diagnostic:?}");
        }
        assert!(matches!(said(AlertDescription::InternalError), StoreError::Unavailable(_)));
    }

    #[test]
    fn a_folder_as_the_host_is_a_socket_of_this_machine() {
        for (url, is_remote) in [
            ("postgres://player@%2Frun%2Fpostgresql/game", false),
            ("postgres://player@db.internal/game", true),
            ("postgres://player@localhost/game", false),
        ] {
            assert_eq!(of(url).1.is_remote, is_remote, "{url}");
        }
        let by_variable = PgConnectOptions::new_without_pgpass().host("/run/postgresql");
        assert!(is_socket(&by_variable) && !Place::of(&by_variable).is_remote);
    }

    #[tokio::test]
    async fn a_lack_of_connections_is_told_with_where_and_what_to_look_at() {
        let late = tokio::time::timeout(Duration::ZERO, std::future::pending::<()>()).await.expect_err("it never ends");
        let late = StoreError::Unavailable(Box::new(late));
        let StoreError::Unavailable(told) = explained(late, "Postgres at db/game") else { panic!("it is away") };
        assert!(told.to_string().contains("Postgres at db/game: no answer, or no further connection"), "{told}");
        let told = told.downcast_ref::<Diagnostic>().expect("a diagnostic");
        assert!(told.remedy.contains("13 connections") && told.remedy.contains("default_pool_size"), "{told:?}");
    }
}
