//! The web client inside the binary: the files of client/dist as they were at build time,
//! precompressed by the bundle step. A server built without a bundle answers `/` with a page that
//! says how to make one. Never reads a disk at run time.

use std::borrow::Cow;
use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use rust_embed::{EmbeddedFile, RustEmbed};
use sha2::{Digest as _, Sha256};
use tilemud_net::assets::{Asset, Assets, accepts};

/// The bundle; empty when there was none.
#[derive(RustEmbed)]
#[folder = "../client/dist"]
#[allow_missing = true]
struct Dist;

const PAGE: &str = "index.html";

/// Files whose name holds a hash of their content never change.
const CACHE_FOREVER: &str = "public, max-age=31536000, immutable";

/// Everything else is revalidated on each use, which the ETag makes cheap.
const CACHE_CHECKED: &str = "no-cache";

/// The files of client/dist.
#[derive(Debug, Clone, Copy, Default)]
pub struct EmbeddedAssets;

impl Assets for EmbeddedAssets {
    fn find(&self, path: &str, accept_encoding: &str) -> Option<Asset> {
        find(path, accept_encoding)
    }
}

/// The file at this path of a URL, compressed as the header's value allows.
#[must_use]
pub fn find(path: &str, accept_encoding: &str) -> Option<Asset> {
    let name = match path.strip_prefix('/')? {
        "" => PAGE,
        name => name,
    };
    // The compressed twins are encodings of a file, not files; hidden files are none of a visitor's
    // business.
    if name.ends_with(".br") || name.ends_with(".gz") || name.split('/').any(|part| part.starts_with('.')) {
        return None;
    }
    match best_file(name, accept_encoding) {
        Some((file, encoding)) => Some(asset(name, file, encoding)),
        None if name == PAGE => Some(page_without_bundle()),
        None => None,
    }
}

fn best_file(name: &str, accept_encoding: &str) -> Option<(EmbeddedFile, Option<&'static str>)> {
    for (suffix, encoding) in [(".br", "br"), (".gz", "gzip")] {
        if accepts(accept_encoding, encoding)
            && let Some(file) = Dist::get(&format!("{name}{suffix}"))
        {
            return Some((file, Some(encoding)));
        }
    }
    Some((Dist::get(name)?, None))
}

fn asset(name: &str, file: EmbeddedFile, content_encoding: Option<&'static str>) -> Asset {
    let hash = file.metadata.sha256_hash();
    Asset {
        bytes: match file.data {
            Cow::Borrowed(bytes) => Bytes::from_static(bytes),
            Cow::Owned(bytes) => Bytes::from(bytes),
        },
        content_type: content_type(name),
        content_encoding,
        cache_control: if is_hashed(name) { CACHE_FOREVER } else { CACHE_CHECKED },
        etag: format!("\"{}\"", hex::encode(&hash[..16])),
        content_security_policy: name.ends_with(".html").then(|| POLICY.as_str()),
    }
}

/// Whether a name is like `tilemud-0123456789abcdef.wasm`.
fn is_hashed(name: &str) -> bool {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    stem.rsplit_once('-').is_some_and(|(_, hash)| hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" => "application/json",
        "png" => "image/png",
        "svg" => "image/svg+xml",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// The page's policy: its own files, its own inline script by hash, WebAssembly, and its own
/// server; the edge adds the realtime channel.
static POLICY: LazyLock<String> = LazyLock::new(|| {
    let page = Dist::get(PAGE);
    let page = page.as_ref().map_or("", |page| std::str::from_utf8(&page.data).unwrap_or_default());
    policy(page)
});

fn policy(page: &str) -> String {
    let scripts: String = inline_scripts(page).map(|script| format!(" '{}'", script_hash(script))).collect();
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{scripts}; style-src 'self' 'unsafe-inline'; \
         img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; \
         manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
}

fn script_hash(script: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(script)))
}

/// The texts between `<script ...>` and `</script>`; the page is ours and well-formed.
fn inline_scripts(page: &str) -> impl Iterator<Item = &str> {
    page.split("<script").skip(1).filter_map(|rest| {
        let (_, script) = rest.split_once('>')?;
        let (script, _) = script.split_once("</script>")?;
        (!script.is_empty()).then_some(script)
    })
}

fn page_without_bundle() -> Asset {
    Asset {
        bytes: Bytes::from_static(NO_BUNDLE.as_bytes()),
        content_type: "text/html; charset=utf-8",
        content_encoding: None,
        cache_control: "no-store",
        etag: "\"no-bundle\"".to_owned(),
        content_security_policy: Some(POLICY.as_str()),
    }
}

const NO_BUNDLE: &str = r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>TileMUD</title>
<style>
  body { margin: 0; min-height: 100vh; display: grid; place-content: center; background: #10131c; color: #9ea2b2;
    font: 16px/1.6 system-ui, sans-serif; }
  main { max-width: 34em; padding: 2em; }
  h1 { color: #f6be62; font-size: 1.4em; }
  code { background: #1a1e2b; color: #ffe296; padding: .15em .4em; border-radius: 4px; }
  a { color: #ffe296; }
</style>
</head>
<body>
<main>
<h1>The server is up; the web client is not in it</h1>
<p>This server was built before the web client. To build both and play:</p>
<p><code>cargo xtask play</code></p>
<p>To build only the client and then the server with it:</p>
<p><code>cargo xtask web &amp;&amp; cargo build --release --bin tilemud</code></p>
<p>The native client and bots can connect now. How the server is doing: <a href="/api/health">/api/health</a>.</p>
</main>
</body>
</html>
"#;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_is_there_with_or_without_a_bundle() {
        let page = find("/", "").unwrap();
        assert_eq!(page.content_type, "text/html; charset=utf-8");
        assert!(page.bytes.starts_with(b"<!doctype html>"));
        assert!(page.cache_control != CACHE_FOREVER && page.etag.starts_with('"') && page.etag.ends_with('"'));
        let policy = page.content_security_policy.unwrap();
        assert!(policy.contains("'wasm-unsafe-eval'") && policy.contains("connect-src 'self';"), "{policy}");
        assert_eq!(find("/index.html", "").unwrap().bytes, page.bytes);
    }

    #[test]
    fn every_file_of_the_bundle_is_served_in_the_best_encoding_asked_for() {
        for name in Dist::iter().filter(|name| !name.starts_with('.')) {
            let path = format!("/{name}");
            if name.ends_with(".br") || name.ends_with(".gz") {
                assert!(find(&path, "").is_none(), "{name} is an encoding, not a file");
                continue;
            }
            let plain = find(&path, "").unwrap();
            assert_eq!(plain.content_encoding, None);
            assert_ne!(plain.content_type, "application/octet-stream", "{name}");
            if Dist::get(&format!("{name}.br")).is_some() {
                let packed = find(&path, "gzip, deflate, br").unwrap();
                assert_eq!(packed.content_encoding, Some("br"));
                assert_ne!(packed.etag, plain.etag);
            }
        }
    }

    #[test]
    fn nothing_outside_the_bundle_is_found() {
        for path in ["", "index.html", "/none.js", "/../Cargo.toml", "/.gitkeep", "/index.html.br", "//etc/passwd"] {
            assert!(find(path, "br").is_none(), "{path}");
        }
    }

    #[test]
    fn only_names_with_a_hash_are_kept_forever() {
        assert!(is_hashed("tilemud-0123456789abcdef.wasm") && is_hashed("tilemud-0123456789ABCDEF.js"));
        assert!(!is_hashed("index.html") && !is_hashed("tilemud-0123.js") && !is_hashed("tile-0123456789abcdeg.js"));
    }

    #[test]
    fn inline_scripts_are_allowed_by_their_hash_and_others_are_not() {
        let policy = policy("<script src=\"a.js\"></script><script type=\"module\">alert(1)</script>");
        // printf %s 'alert(1)' | openssl dgst -sha256 -binary | base64
        assert!(policy.contains("'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='"), "{policy}");
        assert_eq!(policy.matches("sha256-").count(), 1);
        assert!(!policy.contains("script-src 'self' 'unsafe-inline'"));
    }
}
