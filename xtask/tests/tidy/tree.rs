//! The files of the checkout as the rules see them: what people wrote, never what tools made.

use std::path::{Path, PathBuf};

/// Folders that hold what tools made or fetched.
const MADE_BY_TOOLS: &[&str] = &["target", "node_modules", "dist", "tilemud-data", "__pycache__"];

pub struct TextFile {
    /// Relative to the root, with forward slashes.
    pub path: String,
    pub text: String,
}

/// The root of the checkout.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the crate folder has a parent").to_path_buf()
}

/// Every file below the root with one of these extensions, in order of path.
pub fn files(extensions: &[&str]) -> Vec<TextFile> {
    let mut found = Vec::new();
    walk(&root(), "", extensions, &mut found);
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn walk(folder: &Path, prefix: &str, extensions: &[&str], found: &mut Vec<TextFile>) {
    for entry in std::fs::read_dir(folder).expect("a folder of the checkout can be listed") {
        let path = entry.expect("a folder of the checkout can be listed").path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.starts_with('.') || MADE_BY_TOOLS.contains(&name.as_str()) {
            continue;
        }
        let relative = format!("{prefix}{name}");
        if path.is_dir() {
            walk(&path, &format!("{relative}/"), extensions, found);
        } else if extensions.iter().any(|wanted| path.extension().is_some_and(|is| is == *wanted)) {
            let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{relative}: {error}"));
            found.push(TextFile { path: relative, text });
        }
    }
}

#[test]
fn walk_finds_this_file_and_nothing_that_tools_made() {
    let files = files(&["rs"]);
    assert!(files.iter().any(|file| file.path == "xtask/tests/tidy/tree.rs"));
    assert!(files.iter().all(|file| !file.path.starts_with("target/")));
}
