//! The parameters of a Postgres URL and the variables that stand in for them, checked before the
//! library reads them: it passes over those it does not know, and has their values logged.

use std::ffi::OsString;
use std::path::Path;

use crate::diagnostic::{Diagnostic, nearest, system_words};
use crate::store::StoreError;

/// Those that the library reads.
const KEYS: [&str; 18] = [
    "sslmode",
    "sslrootcert",
    "sslcert",
    "sslkey",
    "user",
    "password",
    "host",
    "hostaddr",
    "port",
    "dbname",
    "application_name",
    "options",
    "statement-cache-capacity",
    "ssl-mode",
    "ssl-root-cert",
    "ssl-ca",
    "ssl-cert",
    "ssl-key",
];

/// Those that other programs read: Postgres' own, and pools and libraries whose URLs providers hand
/// out. They are left out.
const KEYS_OF_OTHERS: [&str; 37] = [
    "channel_binding",
    "client_encoding",
    "connect_timeout",
    "connection_limit",
    "fallback_application_name",
    "gssdelegation",
    "gssencmode",
    "gsslib",
    "keepalives",
    "keepalives_count",
    "keepalives_idle",
    "keepalives_interval",
    "krbsrvname",
    "load_balance_hosts",
    "max_protocol_version",
    "min_protocol_version",
    "passfile",
    "pgbouncer",
    "pool_mode",
    "pool_timeout",
    "replication",
    "require_auth",
    "requirepeer",
    "schema",
    "service",
    "servicefile",
    "socket_timeout",
    "ssl_max_protocol_version",
    "ssl_min_protocol_version",
    "sslcertmode",
    "sslcompression",
    "sslcrl",
    "sslcrldir",
    "sslnegotiation",
    "sslsni",
    "target_session_attrs",
    "tcp_user_timeout",
];

/// How a parameter begins that sets one of the database.
const OPTION: &str = "options[";

/// The variables that name files of TLS, and the parameters that count instead.
const FILES: [(&str, &[&str]); 3] = [
    ("PGSSLROOTCERT", &["sslrootcert", "ssl-root-cert", "ssl-ca"]),
    ("PGSSLCERT", &["sslcert", "ssl-cert"]),
    ("PGSSLKEY", &["sslkey", "ssl-key"]),
];

const MODES: [&str; 6] = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"];

/// Variables of the environment, by name.
pub(super) type Variables<'a> = &'a dyn Fn(&str) -> Option<OsString>;

/// The parameters that the library reads. Those of other programs are left out with a warning, and
/// those that nobody reads refused. Values are not repeated, nor are names that resemble no known
/// one: what follows a `?` may be the rest of a password.
pub(super) fn known(query: &str) -> Result<String, StoreError> {
    let mut kept = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let Some((key, _)) = form_urlencoded::parse(pair.as_bytes()).next() else { continue };
        if KEYS.contains(&&*key) || (key.starts_with(OPTION) && key.ends_with(']')) {
            kept.push(pair);
            continue;
        }
        if KEYS_OF_OTHERS.contains(&&*key) {
            tracing::warn!(parameter = &*key, "a parameter of --database-url that other programs read does not count");
            continue;
        }
        let (problem, remedy) = match nearest(&key, KEYS.iter().map(|known| (*known).to_owned())) {
            Some(known) => {
                (format!("--database-url has the unknown parameter {key:?}"), format!("did you mean {known}?"))
            }
            None => (
                "--database-url has a parameter that is not known".to_owned(),
                format!("it may have {}; a ? in a password is written %3F", KEYS[..12].join(", ")),
            ),
        };
        return Err(StoreError::SetWrong(Diagnostic::new(problem, remedy)));
    }
    Ok(kept.join("&"))
}

/// Refuses a mode that the library would pass over.
pub(super) fn check_mode(variables: Variables<'_>) -> Result<(), StoreError> {
    let Some(mode) = variables("PGSSLMODE").filter(|mode| !mode.is_empty()) else { return Ok(()) };
    if mode.to_str().is_some_and(|mode| MODES.contains(&&*mode.to_ascii_lowercase())) {
        return Ok(());
    }
    let problem = "PGSSLMODE in the environment is no mode of TLS";
    Err(StoreError::SetWrong(Diagnostic::new(problem, format!("set it to one of {}", MODES.join(", ")))))
}

/// Whether an authority is named, in the URL or in the environment.
pub(super) fn names_root(query: &str, variables: Variables<'_>) -> bool {
    let (variable, keys) = FILES[0];
    form_urlencoded::parse(query.as_bytes()).any(|(key, _)| keys.contains(&&*key))
        || variables(variable).is_some_and(|path| !path.is_empty())
}

/// Reads the files of TLS that the URL names, and where it names none and TLS may be spoken, those
/// of the environment: the library reads them when it connects, and an error would look like one of
/// the network.
pub(super) fn check_files(query: &str, may_encrypt: bool, variables: Variables<'_>) -> Result<(), StoreError> {
    for (variable, keys) in FILES {
        let mut is_named = false;
        for (key, path) in form_urlencoded::parse(query.as_bytes()).filter(|(key, _)| keys.contains(&&**key)) {
            is_named = true;
            check_file(&format!("{key} of --database-url"), Path::new(&*path))?;
        }
        let inherited = variables(variable).filter(|_| !is_named && may_encrypt);
        // The library takes the certificate itself as well.
        let is_path = |value: &OsString| !value.to_string_lossy().trim().starts_with("-----BEGIN");
        if let Some(path) = inherited.filter(is_path) {
            check_file(&format!("{variable} in the environment"), Path::new(&path))?;
        }
    }
    Ok(())
}

fn check_file(place: &str, path: &Path) -> Result<(), StoreError> {
    let Err(error) = std::fs::read(path) else { return Ok(()) };
    let problem = format!("{place}: {} cannot be read: {}", path.display(), system_words(&error));
    Err(StoreError::SetWrong(Diagnostic::new(problem, "name a readable PEM file")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal<T: std::fmt::Debug>(checked: Result<T, StoreError>) -> String {
        let Err(StoreError::SetWrong(diagnostic)) = checked else { panic!("{checked:?}") };
        format!("{}; {}", diagnostic.problem, diagnostic.remedy)
    }

    #[test]
    fn a_misspelt_parameter_is_named_with_the_right_one_and_without_its_value() {
        for (query, right) in [
            ("sslMode=s3cret", "sslmode"),
            ("sslmode=require&ssl_mode=s3cret", "ssl-mode"),
            ("ssl%4Dode=s3cret", "sslmode"),
            ("passwd=s3cret", "password"),
            ("sslrootcrt=s3cret", "sslrootcert"),
        ] {
            let said = refusal(known(query));
            assert!(said.contains(&format!("did you mean {right}?")) && !said.contains("s3cret"), "{said}");
        }
        let said = refusal(known("s3cret@db.internal/game"));
        assert!(said.contains("sslmode") && said.contains("%3F") && !said.contains("s3cret"), "{said}");
    }

    #[test]
    fn every_parameter_that_is_read_is_taken() {
        for key in KEYS {
            assert_eq!(known(&format!("{key}=1")).unwrap(), format!("{key}=1"));
        }
        let all = "options[search_path]=a&options%5Bjit%5D=off&sslmode=disable";
        assert_eq!(known(&all.replace("&sslmode", "&&sslmode")).unwrap(), all);
        assert_eq!(known("").unwrap(), "");
    }

    #[test]
    fn what_providers_write_for_other_programs_is_left_out() {
        let query = "channel_binding=require&sslmode=require&pgbouncer=true&connect_timeout=10&ssl%63rl=/a.crl";
        assert_eq!(known(query).unwrap(), "sslmode=require");
        assert!(KEYS_OF_OTHERS.is_sorted() && !KEYS_OF_OTHERS.iter().any(|key| KEYS.contains(key)));
    }

    #[test]
    fn a_mode_in_the_environment_that_is_none_is_refused() {
        let set = |value: &'static str| check_mode(&|name| (name == "PGSSLMODE").then(|| value.into()));
        for mode in ["", "verify-full", "REQUIRE"] {
            set(mode).unwrap();
        }
        check_mode(&|_| None).unwrap();
        let said = refusal(set("verify_full"));
        assert!(said.contains("PGSSLMODE") && said.contains("verify-full"), "{said}");
    }

    #[test]
    fn files_that_cannot_be_read_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let (missing, there) = (folder.path().join("a b.pem"), folder.path().join("there.pem"));
        std::fs::write(&there, "").unwrap();
        let set = |name: &'static str, path: &Path| {
            let path = OsString::from(path);
            move |asked: &str| (asked == name).then(|| path.clone())
        };
        for (variable, keys) in FILES {
            for key in keys {
                let missing_escaped = missing.display().to_string().replace(' ', "%20");
                for (path, shown) in
                    [(missing_escaped, &*missing), (folder.path().display().to_string(), folder.path())]
                {
                    let said = refusal(check_files(&format!("sslmode=allow&{key}={path}"), true, &|_| None));
                    assert!(said.contains(&format!("{key} of --database-url: {}", shown.display())), "{said}");
                }
                let query = format!("{key}={}", there.display());
                check_files(&query, true, &set(variable, folder.path())).unwrap();
            }
            let said = refusal(check_files("", true, &set(variable, folder.path())));
            assert!(said.contains(&format!("{variable} in the environment: {}", folder.path().display())), "{said}");
            check_files("", false, &set(variable, &missing)).unwrap();
            check_files("", true, &set(variable, Path::new("-----BEGIN CERTIFICATE-----\n-----END"))).unwrap();
        }
    }
}
