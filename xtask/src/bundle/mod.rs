//! The web bundle: from the client's sources to the files in client/dist that the server carries
//! inside it.
//!
//! Owns names, precompression and the cache of earlier results (under the target folder); never
//! changes what the client does. Data comes from the wasm that cargo built and from
//! client/web/index.html, and goes to client/dist.

mod bind;
mod compress;
mod files;
mod size;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};

use self::files::{read, remove_others, short_hash, write_if_changed};
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_gets_the_hashed_names_and_a_page_without_marks_is_refused() {
        let page = filled_page("import init from '{{JS}}'; init('{{WASM}}')", "a-1.js", "a-2.wasm").unwrap();
        assert_eq!(page, "import init from './a-1.js'; init('./a-2.wasm')");
        assert!(filled_page("no marks", "a", "b").unwrap_err().to_string().contains("{{JS}}"));
    }
}
