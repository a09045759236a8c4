//! The web bundle: from the client's sources to the files in client/dist that the server carries inside it.
//!
//! Owns names, precompression and the cache of earlier results (under the target folder); never changes what the client
//! does. Data comes from the wasm that cargo built and from client/web/index.html, and goes to client/dist.

mod bind;
mod compress;
mod size;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};
use sha2::{Digest, Sha256};

use crate::{cargo, progress, toolchain, workspace};

/// Options of `cargo xtask web`.
#[derive(clap::Args)]
pub struct Options {
    /// Only print the sizes; do not fail when the bundle outgrew the recorded size.
    #[arg(long)]
    allow_growth: bool,
}

/// Builds the bundle and holds its size against the recorded one (T071).
///
/// # Errors
/// When a build step fails or the bundle is too large.
pub fn run(options: &Options) -> Result<ExitCode> {
    let sizes = build()?;
    println!("{sizes}");
    if !options.allow_growth {
        size::check(&sizes)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Builds the web client and writes client/dist. Quick when nothing changed since the last time.
///
/// # Errors
/// When the target is missing, the build fails, or files cannot be written.
pub fn build() -> Result<size::Sizes> {
    toolchain::ensure_wasm_target()?;
    progress::announce("building the web client (two to three minutes the first time)");
    cargo::run(&["build", "--profile", "web", "--target", toolchain::WASM_TARGET, "--package", "tilemud-web"])?;
    let wasm = workspace::target().join(toolchain::WASM_TARGET).join("web/tilemud_web.wasm");
    let template = workspace::at("client/web/index.html");
    assemble(&wasm, &template, &workspace::at("client/dist"), &workspace::target().join("web-bundle"))
}

/// Checks the size of the bundle in client/dist without building anything.
///
/// # Errors
/// When it outgrew the recorded size.
pub fn check_size(sizes: &size::Sizes) -> Result<()> {
    size::check(sizes)
}

/// Turns the built wasm and the page template into the files of `dist`.
fn assemble(wasm: &Path, template: &Path, dist: &Path, cache: &Path) -> Result<size::Sizes> {
    let built = read(wasm)?;
    let page = String::from_utf8(read(template)?).context("client/web/index.html is not UTF-8")?;
    let bound = bind::bound_module(&built, cache)?;

    let wasm_name = format!("tilemud-{}.wasm", short_hash(&bound.wasm));
    let script = bind::with_wasm_name(&bound.script, &wasm_name)?;
    let script_name = format!("tilemud-{}.js", short_hash(script.as_bytes()));
    let mut files = BTreeMap::new();
    files.insert("index.html".to_owned(), filled_page(&page, &script_name, &wasm_name)?.into_bytes());
    files.insert(script_name, script.into_bytes());
    files.insert(wasm_name, bound.wasm);
    for (name, bytes) in bound.snippets {
        files.insert(name, bytes);
    }

    let mut sizes = size::Sizes::default();
    let mut keep = Vec::new();
    for (name, bytes) in &files {
        let packed = compress::packed(bytes, name, cache)?;
        sizes.add(bytes.len(), packed.gzip.len(), packed.brotli.len());
        for (suffix, content) in [("", bytes), (".br", &packed.brotli), (".gz", &packed.gzip)] {
            let path = dist.join(format!("{name}{suffix}"));
            write_if_changed(&path, content)?;
            keep.push(path);
        }
    }
    remove_others(dist, &keep)?;
    Ok(sizes)
}

/// The page with the names of the script and of the module in place of its two marks.
fn filled_page(template: &str, script_name: &str, wasm_name: &str) -> Result<String> {
    for mark in ["{{JS}}", "{{WASM}}"] {
        ensure!(template.contains(mark), "client/web/index.html has no {mark} to put the built file's name in");
    }
    Ok(template.replace("{{JS}}", &format!("./{script_name}")).replace("{{WASM}}", &format!("./{wasm_name}")))
}

/// The first 16 hex digits of the SHA-256: enough to tell builds apart in a file name.
fn short_hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

fn read(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).with_context(|| format!("cannot read {}", workspace::shown(path)))
}

/// Leaves an equal file alone, so that its time stays and cargo does not rebuild the server for nothing.
fn write_if_changed(path: &Path, content: &[u8]) -> Result<()> {
    if std::fs::read(path).is_ok_and(|present| present == content) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).with_context(|| format!("cannot create {}", workspace::shown(folder)))?;
    }
    std::fs::write(path, content).with_context(|| format!("cannot write {}", workspace::shown(path)))
}

/// Removes what an earlier build left, so that the server never carries two bundles.
fn remove_others(dist: &Path, keep: &[PathBuf]) -> Result<()> {
    for entry in std::fs::read_dir(dist)? {
        let path = entry?.path();
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if path.is_dir() {
            remove_others(&path, keep)?;
        } else if !hidden && !keep.contains(&path) {
            std::fs::remove_file(&path).with_context(|| format!("cannot remove {}", workspace::shown(&path)))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_gets_the_hashed_names_and_a_page_without_marks_is_refused() {
        let page = filled_page("import init from '{{JS}}'; init('{{WASM}}')", "a-1.js", "a-2.wasm").unwrap();
        assert_eq!(page, "import init from './a-1.js'; init('./a-2.wasm')");
        assert!(filled_page("no marks", "a", "b").unwrap_err().to_string().contains("{{JS}}"));
    }

    #[test]
    fn files_of_an_earlier_build_are_removed_and_hidden_files_stay() {
        let dist = tempfile::tempdir().unwrap();
        for name in ["old-1.wasm", "new-2.wasm", ".gitkeep"] {
            std::fs::write(dist.path().join(name), b"x").unwrap();
        }
        remove_others(dist.path(), &[dist.path().join("new-2.wasm")]).unwrap();
        assert!(!dist.path().join("old-1.wasm").exists());
        assert!(dist.path().join("new-2.wasm").exists());
        assert!(dist.path().join(".gitkeep").exists());
    }

    #[test]
    fn equal_content_keeps_the_file_untouched() {
        let dist = tempfile::tempdir().unwrap();
        let path = dist.path().join("index.html");
        write_if_changed(&path, b"one").unwrap();
        let old = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000);
        std::fs::File::options().write(true).open(&path).unwrap().set_modified(old).unwrap();
        write_if_changed(&path, b"one").unwrap();
        assert_eq!(path.metadata().unwrap().modified().unwrap(), old);
        write_if_changed(&path, b"two").unwrap();
        assert_ne!(path.metadata().unwrap().modified().unwrap(), old);
    }

    #[test]
    fn names_differ_when_contents_differ() {
        assert_eq!(short_hash(b"").len(), 16);
        assert_ne!(short_hash(b"a"), short_hash(b"b"));
    }
}
