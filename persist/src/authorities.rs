//! The certificate authorities that this program trusts as a client: of Postgres, Redis, the
//! identity provider. The one place that collects them and makes a TLS configuration of them.
//!
//! They are the system's (or those of SSL_CERT_FILE and SSL_CERT_DIR instead), those the operator
//! named, and the public ones that are built in, for containers without any, where the library
//! allows it. Read once, at the start.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{CertificateError, ClientConfig, RootCertStore};

use crate::diagnostic::Diagnostic;

/// Characters of a line of PEM (RFC 7468, 2).
const PEM_LINE_CHARS: usize = 64;

/// Endings of files in a folder of authorities.
const ENDINGS: [&str; 4] = ["pem", "crt", "cer", "0"];

/// Why what the operator named cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum AuthoritiesError {
    /// It cannot be read.
    #[error("{path} cannot be read: {source}")]
    Read { path: PathBuf, source: std::io::Error },
    /// It is no certificate.
    #[error("{path} holds no certificate in PEM form")]
    Pem { path: PathBuf },
}

#[derive(Debug, Clone)]
pub struct Authorities {
    certificates: Vec<CertificateDer<'static>>,
    /// Whether some of them were named, besides the system's.
    has_own: bool,
}

impl Authorities {
    /// The system's and those in `paths`, which are PEM files or folders of such.
    ///
    /// # Errors
    /// [`AuthoritiesError`], naming the file.
    pub fn with(paths: &[PathBuf]) -> Result<Self, AuthoritiesError> {
        let mut certificates = Vec::new();
        for path in paths {
            certificates.extend(read(path)?);
        }
        let system = rustls_native_certs::load_native_certs();
        for error in system.errors {
            tracing::warn!(%error, "an authority of the system could not be read (see SSL_CERT_FILE and SSL_CERT_DIR)");
        }
        certificates.extend(system.certs);
        // Some that systems carry are of forms that are not used any more.
        certificates.retain(|certificate| RootCertStore::empty().add(certificate.clone()).is_ok());
        Ok(Self { certificates, has_own: !paths.is_empty() })
    }

    #[must_use]
    pub fn of_the_system() -> Self {
        Self::with(&[]).unwrap_or(Self { certificates: Vec::new(), has_own: false })
    }

    /// The TLS configuration towards an identity provider.
    ///
    /// # Errors
    /// What rustls answers.
    pub fn client_config(&self) -> Result<ClientConfig, rustls::Error> {
        let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        roots.add_parsable_certificates(self.certificates.iter().cloned());
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
        Ok(builder.with_root_certificates(roots).with_no_client_auth())
    }

    /// Whether somebody has named authorities of their own.
    pub(crate) const fn has_own(&self) -> bool {
        self.has_own
    }

    /// All of them for libraries that take text; `None` when there is none and the built-in ones
    /// are to be used.
    pub(crate) fn pem(&self) -> Option<Vec<u8>> {
        (!self.certificates.is_empty()).then(|| {
            self.certificates.iter().fold(Vec::new(), |mut text, certificate| {
                text.extend_from_slice(b"-----BEGIN CERTIFICATE-----\n");
                for line in STANDARD.encode(certificate).as_bytes().chunks(PEM_LINE_CHARS) {
                    text.extend_from_slice(line);
                    text.push(b'\n');
                }
                text.extend_from_slice(b"-----END CERTIFICATE-----\n");
                text
            })
        })
    }
}

/// What is wrong with a certificate, when that has caused the error.
#[must_use]
pub fn certificate_problem(error: &(dyn std::error::Error + 'static)) -> Option<Diagnostic> {
    match tls_error(error)? {
        rustls::Error::InvalidCertificate(problem) => Some(diagnostic(problem)),
        _ => None,
    }
}

/// The error of TLS that has caused another. Libraries wrap them into errors of sockets, some of
/// them twice.
pub(crate) fn tls_error<'a>(error: &'a (dyn std::error::Error + 'static)) -> Option<&'a rustls::Error> {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref() {
            return Some(error);
        }
        let inside = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        cause = inside.map(|inside| inside as &(dyn std::error::Error + 'static)).or_else(|| error.source());
    }
    None
}

/// The same from the text of an error, for libraries that keep only the text.
pub(crate) fn certificate_problem_in(words: &str) -> Option<Diagnostic> {
    let (_, said) = words.split_once("invalid peer certificate: ")?;
    let says = |word: &str| said.contains(word);
    let problem = if says("UnknownIssuer") || says("BadSignature") {
        CertificateError::UnknownIssuer
    } else if says("xpired") {
        CertificateError::Expired
    } else if says("not valid for name") || says("NotValidForName") {
        CertificateError::NotValidForName
    } else {
        return None;
    };
    Some(diagnostic(&problem))
}

/// The diagnostic for a certificate that is not trusted.
fn diagnostic(problem: &CertificateError) -> Diagnostic {
    match problem {
        // An authority of the same name and another key is unknown as well.
        CertificateError::UnknownIssuer | CertificateError::BadSignature => Diagnostic::new(
            "it is signed by an authority that is not known here",
            "name the authority with --tls-ca (for Postgres also with sslrootcert in --database-url)",
        ),
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            Diagnostic::new("it has expired", "renew it, or set the clock of this machine right")
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            Diagnostic::new("it is not valid yet", "set the clock of this machine right")
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => Diagnostic::new(
            "it is for another name of a host",
            "connect under the name in the certificate, or have one made for this name",
        ),
        other => Diagnostic::new(other.to_string(), "have it made anew"),
    }
}

fn read(path: &Path) -> Result<Vec<CertificateDer<'static>>, AuthoritiesError> {
    let unread = |source| AuthoritiesError::Read { path: path.into(), source };
    let mut certificates = Vec::new();
    if path.is_dir() {
        for entry in std::fs::read_dir(path).map_err(unread)? {
            let file = entry.map_err(unread)?.path();
            let fits = |ending: &str| ENDINGS.contains(&ending.to_ascii_lowercase().as_str());
            if file.extension().and_then(|ending| ending.to_str()).is_some_and(fits) && file.is_file() {
                certificates.extend(read_file(&file)?);
            }
        }
    } else {
        certificates = read_file(path)?;
    }
    if certificates.is_empty() { Err(AuthoritiesError::Pem { path: path.into() }) } else { Ok(certificates) }
}

fn read_file(path: &Path) -> Result<Vec<CertificateDer<'static>>, AuthoritiesError> {
    let text = std::fs::read(path).map_err(|source| AuthoritiesError::Read { path: path.into(), source })?;
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&text).collect();
    let found = found.map_err(|_| AuthoritiesError::Pem { path: path.into() })?;
    let usable = |certificate: &CertificateDer<'static>| RootCertStore::empty().add(certificate.clone()).is_ok();
    if found.is_empty() || !found.iter().any(usable) {
        return Err(AuthoritiesError::Pem { path: path.into() });
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn authority() -> String {
        let key = rcgen::KeyPair::generate().unwrap();
        rcgen::CertificateParams::new(Vec::new()).unwrap().self_signed(&key).unwrap().pem()
    }

    #[test]
    fn authorities_come_from_files_and_folders_and_a_bad_one_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("own.pem");
        std::fs::write(&file, format!("a word before\n{}{}", authority(), authority())).unwrap();
        std::fs::write(folder.path().join("README"), "not for us").unwrap();
        let system = Authorities::of_the_system().certificates.len();
        assert_eq!(Authorities::with(std::slice::from_ref(&file)).unwrap().certificates.len(), system + 2);
        assert_eq!(Authorities::with(&[folder.path().into()]).unwrap().certificates.len(), system + 2);
        let text = Authorities::with(&[file]).unwrap().pem().unwrap();
        assert_eq!(CertificateDer::pem_slice_iter(&text).map(Result::unwrap).count(), system + 2);

        let (none, key, empty) = ("none.pem", "key.pem", "empty");
        std::fs::write(folder.path().join(key), rcgen::KeyPair::generate().unwrap().serialize_pem()).unwrap();
        std::fs::create_dir(folder.path().join(empty)).unwrap();
        for (name, fragment) in
            [(none, "cannot be read"), (key, "holds no certificate"), (empty, "holds no certificate")]
        {
            let problem = Authorities::with(&[folder.path().join(name)]).unwrap_err().to_string();
            assert!(problem.contains(fragment) && problem.contains(name), "{problem}");
        }
    }
}
