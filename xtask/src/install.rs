//! Puts on the machine what the tests need: Debian packages as root, and the browser driver from
//! npm. Anyone else gets the exact command to type. Starts no service: the tests run their own
//! private servers.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use crate::{needs, progress};

/// While this file is there and says no, Debian's packages do not start the services they bring.
const SERVICE_POLICY: &str = "/usr/sbin/policy-rc.d";

/// Installs every missing package, or says how.
///
/// # Errors
/// When something is missing and this is not Debian, or not root, or apt-get fails.
pub fn debian_packages() -> Result<()> {
    let missing = needs::missing_packages();
    if missing.is_empty() {
        return Ok(());
    }
    let line = needs::install_line(&missing);
    let what = missing.join(", ");
    ensure!(
        Path::new("/etc/debian_version").exists() && needs::program("apt-get").is_some(),
        "the tests need {what}, and this is not Debian. Install what brings the same (`cargo xtask doctor` says what \
         each is for); on Debian it would be:\n  {line}"
    );
    ensure!(is_root(), "the tests need {what}. Install them with:\n  {line}");

    progress::announce(&format!("installing {what}"));
    let _quiet = NoServices::while_installing()?;
    apt_get(&["update"])?;
    let install = ["install", "--yes", "--no-install-recommends"];
    apt_get(&[install.as_slice(), &missing].concat())?;
    let still = needs::missing_packages();
    ensure!(still.is_empty(), "apt-get installed {what}, yet this is still missing: {}", still.join(", "));
    Ok(())
}

fn apt_get(arguments: &[&str]) -> Result<()> {
    let status = Command::new("apt-get")
        .args(arguments)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .status()
        .context("apt-get did not start")?;
    ensure!(status.success(), "`apt-get {}` failed ({status}); its messages are above", arguments.join(" "));
    Ok(())
}

#[cfg(unix)]
fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

#[cfg(not(unix))]
fn is_root() -> bool {
    false
}

/// Keeps the packages' services from starting for as long as it lives.
struct NoServices {
    written: Option<PathBuf>,
}

impl NoServices {
    fn while_installing() -> Result<Self> {
        let policy = PathBuf::from(SERVICE_POLICY);
        if policy.exists() {
            return Ok(Self { written: None });
        }
        std::fs::write(&policy, "#!/bin/sh\nexit 101\n").with_context(|| format!("cannot write {SERVICE_POLICY}"))?;
        let guard = Self { written: Some(policy) };
        let status = Command::new("chmod").args(["755", SERVICE_POLICY]).status().context("chmod did not start")?;
        ensure!(status.success(), "chmod 755 {SERVICE_POLICY} failed");
        Ok(guard)
    }
}

impl Drop for NoServices {
    fn drop(&mut self) {
        if let Some(policy) = &self.written
            && let Err(error) = std::fs::remove_file(policy)
        {
            eprintln!("remove {} by hand: {error}", policy.display());
        }
    }
}

/// Installs `what`, the packages pinned in the folder's lock file, unless that very lock is
/// installed already.
///
/// # Errors
/// When npm fails.
pub fn node_packages(folder: &Path, what: &str) -> Result<()> {
    let lock = std::fs::read(folder.join("package-lock.json"))
        .with_context(|| format!("{} has no package-lock.json", folder.display()))?;
    let mark = folder.join("node_modules/.tilemud-lock");
    if std::fs::read(&mark).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    progress::announce(&format!("installing {what} from npm"));
    let status = Command::new("npm").args(["ci", "--no-audit", "--no-fund"]).current_dir(folder).status();
    match status {
        Ok(status) if status.success() => {}
        Ok(status) => bail!("`npm ci` in {} failed ({status}); its messages are above", folder.display()),
        Err(error) => return Err(error).context("npm did not start; install nodejs and npm"),
    }
    std::fs::write(&mark, lock)?;
    Ok(())
}
