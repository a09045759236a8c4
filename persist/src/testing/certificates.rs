//! An authority of our own and certificates signed by it, as files in a folder.

use std::path::{Path, PathBuf};

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use tempfile::TempDir;

/// See the module; the files are gone when it is dropped.
pub struct CertificateAuthority {
    folder: TempDir,
    issuer: Issuer<'static, KeyPair>,
}

/// A certificate and its key.
#[derive(Debug, Clone)]
pub struct CertificateFiles {
    pub cert: PathBuf,
    pub key: PathBuf,
}

impl Default for CertificateAuthority {
    fn default() -> Self {
        Self::new()
    }
}

impl CertificateAuthority {
    /// A new authority that nobody knows yet.
    ///
    /// # Panics
    /// When there is no temporary folder.
    #[must_use]
    pub fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).expect("no names are good names");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, "TileMUD tests");
        let key = KeyPair::generate().expect("a key");
        let certificate = params.self_signed(&key).expect("a certificate");
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        std::fs::write(folder.path().join("ca.pem"), certificate.pem()).expect("a file can be written");
        Self { folder, issuer: Issuer::new(params, key) }
    }

    /// Its own certificate, PEM.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// A certificate for a host; `days` from now it ends, less than 0 for one that has ended.
    ///
    /// # Panics
    /// When the name is none.
    #[must_use]
    pub fn issue(&self, host: &str, days: i64) -> CertificateFiles {
        self.issue_from(host, -400, days)
    }

    /// The same with the day from now on which it begins.
    ///
    /// # Panics
    /// When the name is none.
    #[must_use]
    pub fn issue_from(&self, host: &str, begins: i64, days: i64) -> CertificateFiles {
        let mut params = CertificateParams::new([host.to_owned()]).expect("a name of a host");
        // Dates are given by day; the time of the day does not matter here.
        let now = jiff::Timestamp::now().as_second() / 86_400;
        let date = |day: i64| {
            let date =
                jiff::Timestamp::from_second(day * 86_400).expect("a day near today").to_zoned(jiff::tz::TimeZone::UTC);
            rcgen::date_time_ymd(i32::from(date.year()), date.month() as u8, date.day() as u8)
        };
        params.not_before = date(now + begins);
        params.not_after = date(now + days);
        let key = KeyPair::generate().expect("a key");
        let certificate = params.signed_by(&key, &self.issuer).expect("a certificate");
        let name = format!("{host}-{days}");
        let write = |ending: &str, text: String| {
            let path = self.folder.path().join(format!("{name}.{ending}"));
            std::fs::write(&path, text).expect("a file can be written");
            path
        };
        CertificateFiles { cert: write("pem", certificate.pem()), key: write("key", key.serialize_pem()) }
    }
}

/// A port of this machine that nobody has. Another program may take it before the caller does.
#[must_use]
pub(super) fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port is free");
    listener.local_addr().expect("it has an address").port()
}

/// Copies a file into the folder of a server, for its account alone.
pub(super) fn hand_over(from: &Path, to: &Path, owner: Option<(u32, u32)>) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::copy(from, to).expect("a file can be copied");
    std::fs::set_permissions(to, std::fs::Permissions::from_mode(0o600)).expect("its owner may say who reads it");
    if let Some((user, group)) = owner {
        std::os::unix::fs::chown(to, Some(user), Some(group)).expect("root may give away its file");
    }
}
