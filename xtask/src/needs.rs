//! What a machine must have besides Rust before every test can run, how to see whether it is there,
//! and which Debian package brings it. `doctor` reports it, `test` installs it. Looks only; changes
//! nothing.

use std::path::{Path, PathBuf};
use std::process::Command;

/// One thing the tests need.
pub struct Need {
    /// As a person would call it.
    pub name: &'static str,
    /// Debian packages that bring it.
    pub packages: &'static [&'static str],
    /// What goes without it.
    pub used_for: &'static str,
    probe: Probe,
}

enum Probe {
    /// A program on PATH.
    Program(&'static str),
    /// A program on PATH, or where Debian keeps those that a machine's administrator starts.
    ServerProgram(&'static str),
    /// A program on PATH, or where Debian keeps each version's server programs.
    PostgresProgram(&'static str),
    /// A shared library known to the dynamic linker.
    Library(&'static str),
    /// A file in any of these places.
    AnyFile(&'static [&'static str]),
}

/// Where Debian puts the server programs that it leaves off PATH, one folder per major version
/// below.
const POSTGRES_ROOT: &str = "/usr/lib/postgresql";

/// Everything the tests need, in the order in which it is reported.
pub const NEEDS: &[Need] = &[
    need("postgres", Probe::PostgresProgram("postgres"), &["postgresql"], "tests of the Postgres store"),
    need("initdb", Probe::PostgresProgram("initdb"), &["postgresql"], "private databases for tests"),
    need("sqlite3", Probe::Program("sqlite3"), &["sqlite3"], "tests of backups of the embedded store"),
    need("redis-server", Probe::Program("redis-server"), &["redis-server"], "tests of the Redis cache"),
    need("nginx", Probe::ServerProgram("nginx"), &["nginx-light"], "tests behind a proxy"),
    need("haproxy", Probe::ServerProgram("haproxy"), &["haproxy"], "tests behind a proxy"),
    need("caddy", Probe::ServerProgram("caddy"), &["caddy"], "tests behind a proxy"),
    need("openssl", Probe::Program("openssl"), &["openssl"], "certificates of tests behind a proxy"),
    need("pgbouncer", Probe::ServerProgram("pgbouncer"), &["pgbouncer"], "tests of a pooler before Postgres"),
    need("chromium", Probe::Program("chromium"), &["chromium"], "browser tests"),
    need("node", Probe::Program("node"), &["nodejs"], "browser tests"),
    need("npm", Probe::Program("npm"), &["npm"], "browser tests"),
    need("python3", Probe::Program("python3"), &["python3"], "the bot of docs/bot.py and its test"),
    need("pip3", Probe::Program("pip3"), &["python3-pip"], "cargo deny, installed as a program"),
    need("c++", Probe::Program("c++"), &["g++"], "libFuzzer, in the long run"),
    need("valgrind", Probe::Program("valgrind"), &["valgrind"], "the count of instructions of a tick"),
    need("Xvfb", Probe::Program("Xvfb"), &["xvfb"], "the native client's test"),
    need("xdotool", Probe::Program("xdotool"), &["xdotool"], "the native client's test"),
    need("libGL", Probe::Library("libGL.so.1"), &["libgl1"], "the native client"),
    need("libEGL", Probe::Library("libEGL.so.1"), &["libegl1"], "the native client"),
    need(
        "software OpenGL",
        Probe::AnyFile(&[
            "/usr/lib/x86_64-linux-gnu/dri/swrast_dri.so",
            "/usr/lib/aarch64-linux-gnu/dri/swrast_dri.so",
        ]),
        &["libgl1-mesa-dri"],
        "the native client without a graphics card",
    ),
    need(
        "software Vulkan",
        Probe::AnyFile(&[
            "/usr/share/vulkan/icd.d/lvp_icd.x86_64.json",
            "/usr/share/vulkan/icd.d/lvp_icd.aarch64.json",
            "/usr/share/vulkan/icd.d/lvp_icd.json",
        ]),
        &["mesa-vulkan-drivers"],
        "pictures of the client's states",
    ),
    need("libxkbcommon-x11", Probe::Library("libxkbcommon-x11.so.0"), &["libxkbcommon-x11-0"], "the native client"),
    need("libXcursor", Probe::Library("libXcursor.so.1"), &["libxcursor1"], "the native client"),
    need("libXi", Probe::Library("libXi.so.6"), &["libxi6"], "the native client"),
    need("libXrandr", Probe::Library("libXrandr.so.2"), &["libxrandr2"], "the native client"),
    need("libX11-xcb", Probe::Library("libX11-xcb.so.1"), &["libx11-xcb1"], "the native client"),
];

const fn need(name: &'static str, probe: Probe, packages: &'static [&'static str], used_for: &'static str) -> Need {
    Need { name, packages, used_for, probe }
}

impl Need {
    /// Where it was found, if it is there.
    pub fn found(&self) -> Option<PathBuf> {
        match self.probe {
            Probe::Program(name) => program(name),
            Probe::ServerProgram(name) => program(name).or_else(|| server_program(name)),
            Probe::PostgresProgram(name) => program(name).or_else(|| postgres_program(Path::new(POSTGRES_ROOT), name)),
            Probe::Library(name) => library(name),
            Probe::AnyFile(places) => places.iter().map(PathBuf::from).find(|path| path.exists()),
        }
    }
}

/// The Debian packages behind everything that is missing, each once.
pub fn missing_packages() -> Vec<&'static str> {
    missing_among(NEEDS.iter())
}

/// The Debian packages behind what is missing of the needs with these names.
pub fn missing_for(names: &[&str]) -> Vec<&'static str> {
    missing_among(NEEDS.iter().filter(|need| names.contains(&need.name)))
}

fn missing_among(needs: impl Iterator<Item = &'static Need>) -> Vec<&'static str> {
    let mut packages: Vec<&str> = Vec::new();
    for package in needs.filter(|need| need.found().is_none()).flat_map(|need| need.packages) {
        if !packages.contains(package) {
            packages.push(package);
        }
    }
    packages
}

/// The line that installs `packages` on Debian.
pub fn install_line(packages: &[&str]) -> String {
    format!("sudo apt-get update && sudo apt-get install --yes --no-install-recommends {}", packages.join(" "))
}

/// A program on PATH.
pub fn program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// A program that Debian leaves off the PATH of everybody but root.
fn server_program(name: &str) -> Option<PathBuf> {
    Some(Path::new("/usr/sbin").join(name)).filter(|file| file.is_file())
}

/// A server program of the newest Postgres below `root`.
fn postgres_program(root: &Path, name: &str) -> Option<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = std::fs::read_dir(root)
        .ok()?
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let version = path.file_name()?.to_str()?.parse().ok()?;
            Some((version, path.join("bin").join(name)))
        })
        .filter(|(_, program)| program.is_file())
        .collect();
    versions.sort();
    versions.pop().map(|(_, program)| program)
}

fn library(name: &str) -> Option<PathBuf> {
    let known = ["/sbin/ldconfig", "ldconfig"].iter().find_map(|tool| Command::new(tool).arg("-p").output().ok())?;
    let known = String::from_utf8_lossy(&known.stdout).into_owned();
    known
        .lines()
        .filter(|line| line.trim_start().starts_with(&format!("{name} ")))
        .find_map(|line| line.split_once("=> ").map(|(_, path)| PathBuf::from(path.trim())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn newest_postgres_is_taken_and_folders_without_the_program_are_passed_over() {
        let root = tempfile::tempdir().unwrap();
        for (version, has_program) in [("9", true), ("15", true), ("17", false)] {
            let bin = root.path().join(version).join("bin");
            std::fs::create_dir_all(&bin).unwrap();
            if has_program {
                std::fs::write(bin.join("postgres"), b"").unwrap();
            }
        }
        assert_eq!(postgres_program(root.path(), "postgres"), Some(root.path().join("15/bin/postgres")));
        assert_eq!(postgres_program(root.path(), "initdb"), None);
    }

    #[test]
    fn install_line_is_one_that_can_be_pasted() {
        let line = install_line(&["xvfb", "chromium"]);
        assert!(line.starts_with("sudo apt-get update && sudo apt-get install"));
        assert!(line.ends_with("xvfb chromium"));
    }
}
