//! Binds the built wasm to JavaScript with wasm-bindgen as a library, once per content: the result
//! is kept by hash.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use wasm_bindgen_cli_support::Bindgen;

use super::files::{read, short_hash};
use crate::progress::Step;

/// The name wasm-bindgen gives the module; the script refers to it and is then made to name the
/// hashed file.
const BOUND_WASM: &str = "tilemud_bg.wasm";

/// What wasm-bindgen makes of the built module.
pub struct Bound {
    pub wasm: Vec<u8>,
    /// The script that loads it.
    pub script: String,
    /// Further scripts the client's crates bring, by path relative to the first.
    pub snippets: BTreeMap<String, Vec<u8>>,
}

/// Binds `built`, or takes the earlier result for the same bytes from `cache`.
///
/// # Errors
/// When wasm-bindgen refuses the module or files cannot be written.
pub fn bound_module(built: &[u8], cache: &Path) -> Result<Bound> {
    let folder = cache.join(format!("bound-{}", short_hash(built)));
    if !folder.join("done").exists() {
        let step = Step::spinner("binding wasm to JavaScript");
        Bindgen::new()
            .input_bytes("tilemud", built.to_vec())
            .out_name("tilemud")
            .web(true)?
            .typescript(false)
            .remove_name_section(true)
            .remove_producers_section(true)
            .omit_default_module_path(false)
            .generate(&folder)
            .context("wasm-bindgen refused the module; its crate and wasm-bindgen-cli-support must be one version")?;
        std::fs::write(folder.join("done"), b"")?;
        step.done("done");
    }
    let mut snippets = BTreeMap::new();
    collect(&folder.join("snippets"), "snippets", &mut snippets)?;
    let script = String::from_utf8(read(&folder.join("tilemud.js"))?).context("the bound script is not UTF-8")?;
    Ok(Bound { wasm: read(&folder.join(BOUND_WASM))?, script, snippets })
}

/// The script with the hashed name of the module in place of wasm-bindgen's.
///
/// # Errors
/// When the script does not name the module, which would leave the page without it.
pub fn with_wasm_name(script: &str, wasm_name: &str) -> Result<String> {
    ensure!(script.contains(BOUND_WASM), "the bound script does not name {BOUND_WASM}");
    Ok(script.replace(BOUND_WASM, wasm_name))
}

fn collect(folder: &Path, prefix: &str, into: &mut BTreeMap<String, Vec<u8>>) -> Result<()> {
    if !folder.exists() {
        return Ok(());
    }
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = format!("{prefix}/{}", path.file_name().unwrap_or_default().to_string_lossy());
        if path.is_dir() {
            collect(&path, &name, into)?;
        } else {
            into.insert(name, read(&path)?);
        }
    }
    Ok(())
}
