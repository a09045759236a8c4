//! The parameters of a Postgres URL and the variables that stand in for them, checked before the
//! library reads them: it passes over those it does not know, and has their values logged.

use std::ffi::OsString;

use crate::diagnostic::{Diagnostic, nearest};
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

/// How a parameter begins that sets one of the database.
const OPTION: &str = "options[";

const MODES: [&str; 6] = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"];

/// Variables of the environment, by name.
pub(super) type Variables<'a> = &'a dyn Fn(&str) -> Option<OsString>;

/// Refuses parameters that nobody reads. Their values are not repeated, nor are names that resemble
/// no known one: what follows a `?` may be the rest of a password.
pub(super) fn check_keys(query: &str) -> Result<(), StoreError> {
    for (key, _) in form_urlencoded::parse(query.as_bytes()) {
        if KEYS.contains(&&*key) || (key.starts_with(OPTION) && key.ends_with(']')) {
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
    Ok(())
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

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(checked: Result<(), StoreError>) -> String {
        let Err(StoreError::SetWrong(diagnostic)) = checked else { panic!("{checked:?}") };
        format!("{}; {}", diagnostic.problem, diagnostic.remedy)
    }

    #[test]
    fn a_misspelt_parameter_is_named_with_the_right_one_and_without_its_value() {
        for (query, known) in [
            ("sslMode=s3cret", "sslmode"),
            ("sslmode=require&ssl_mode=s3cret", "ssl-mode"),
            ("ssl%4Dode=s3cret", "sslmode"),
            ("passwd=s3cret", "password"),
            ("sslrootcrt=s3cret", "sslrootcert"),
        ] {
            let said = refusal(check_keys(query));
            assert!(said.contains(&format!("did you mean {known}?")) && !said.contains("s3cret"), "{said}");
        }
        let said = refusal(check_keys("s3cret@db.internal/game"));
        assert!(said.contains("sslmode") && said.contains("%3F") && !said.contains("s3cret"), "{said}");
    }

    #[test]
    fn every_parameter_that_is_read_is_taken() {
        for key in KEYS {
            check_keys(&format!("{key}=1")).unwrap();
        }
        check_keys("options[search_path]=a&options%5Bjit%5D=off&&sslmode=disable").unwrap();
        check_keys("").unwrap();
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
}
