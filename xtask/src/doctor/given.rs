//! How a store is reached, put together from the same settings as the server's: a URL, a password
//! beside it, either from a file of its own, and further certificate authorities. Says what is
//! wrong with them; shows no secret.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::diagnostic::Diagnostic;
use crate::workspace;

/// Where Debian and others keep the authorities that the system believes.
const SYSTEM_AUTHORITIES: [&str; 3] =
    ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"];

/// A store to try.
#[derive(Default)]
pub struct Given<'a> {
    pub url: String,
    /// The password that is given beside it, which wins over the one in it.
    pub password: Option<String>,
    /// Authorities to believe beside those of the system.
    pub authorities: &'a [PathBuf],
}

/// A secret that may stand in a file: the options `--NAME` and `--NAME-file`.
pub fn secret(name: &str, direct: Option<&str>, file: Option<&Path>) -> Result<Option<String>, Diagnostic> {
    let Some(file) = file else { return Ok(direct.map(str::to_owned)) };
    if direct.is_some() {
        return Err(Diagnostic::new(format!("--{name} and --{name}-file are both given"), "keep one of the two"));
    }
    let text = std::fs::read_to_string(file).map_err(|error| {
        Diagnostic::new(
            format!("--{name}-file: {} cannot be read: {error}", file.display()),
            format!("name a readable file that holds --{name}"),
        )
    })?;
    let text = text.trim_end_matches(['\r', '\n']);
    if text.trim().is_empty() {
        return Err(Diagnostic::new(
            format!("--{name}-file: {} is empty", file.display()),
            format!("put --{name} into it"),
        ));
    }
    Ok(Some(text.to_owned()))
}

impl Given<'_> {
    /// All authorities there are, in one file as other programs want them.
    pub fn authorities_file(&self) -> Result<PathBuf, Diagnostic> {
        let mut all = String::new();
        let mut add = |file: &Path| {
            std::fs::read_to_string(file).map(|text| writeln!(all, "{}", text.trim()).unwrap_or_default()).map_err(
                |error| {
                    Diagnostic::new(
                        format!("--tls-ca: {} cannot be read: {error}", file.display()),
                        "name a readable PEM file, or a folder of such files",
                    )
                },
            )
        };
        if let Some(system) = SYSTEM_AUTHORITIES.iter().map(Path::new).find(|file| file.exists()) {
            add(system)?;
        }
        for path in self.authorities {
            if path.is_dir() {
                let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
                for file in entries.map(|entry| entry.path()).filter(|file| file.is_file()) {
                    add(&file)?;
                }
            } else {
                add(path)?;
            }
        }
        let joined = workspace::target().join(format!("doctor-authorities-{}.pem", std::process::id()));
        let told =
            |error| Diagnostic::new(format!("{} cannot be written: {error}", joined.display()), "make room there");
        std::fs::create_dir_all(workspace::target()).and_then(|()| std::fs::write(&joined, &all)).map_err(told)?;
        Ok(joined)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_stands_in_one_place_and_its_file_is_named_when_it_is_bad() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            path
        };
        let good = file("good", "s3cret\r\n");
        assert_eq!(secret("redis-password", None, Some(&good)).ok(), Some(Some("s3cret".to_owned())));
        assert_eq!(secret("redis-password", Some("direct"), None).ok(), Some(Some("direct".to_owned())));
        let empty = file("empty", " \n");
        for (direct, path, fragment) in [
            (Some("s3cret"), &good, "both given"),
            (None, &empty, "is empty"),
            (None, &folder.path().join("missing"), "cannot be read"),
        ] {
            let diagnostic = secret("redis-password", direct, Some(path)).err().unwrap();
            assert!(
                diagnostic.problem.contains(fragment) && diagnostic.problem.contains("--redis-password"),
                "{fragment}"
            );
            assert!(!diagnostic.problem.contains("s3cret"));
        }
    }
}
