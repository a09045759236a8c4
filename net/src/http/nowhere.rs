//! The answer for unknown paths: a page for people with a link to the game, and the error shape for
//! programs.

use bytes::Bytes;
use hyper::header::{ACCEPT, CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderValue};
use hyper::{HeaderMap, StatusCode};
use tilemud_schema::ErrorCode;

use super::reply::{self, Reply};
use crate::error::ApiError;

/// Most `..` in the link of the page; browsers stop at the root anyway.
const STEPS_UP_MAX: usize = 64;

/// 404, as a page or as an error. `path` is the path below that of the game.
pub(super) fn nothing_here(path: &str, headers: &HeaderMap) -> Reply {
    let mut reply = if wants_page(headers) {
        let page = PAGE.replace("{{HOME}}", &way_home(path));
        let mut reply = reply::bytes(StatusCode::NOT_FOUND, "text/html; charset=utf-8", Bytes::from(page));
        let policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        reply.headers_mut().insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
        reply.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        reply
    } else {
        let error = ApiError::field(ErrorCode::Malformed, "path", "there is nothing here");
        reply::error(error.saying("There is nothing at this address."))
    };
    *reply.status_mut() = StatusCode::NOT_FOUND;
    reply
}

/// Browsers name HTML when a person goes somewhere; programs and the page's own requests do not, or
/// name JSON as well.
fn wants_page(headers: &HeaderMap) -> bool {
    let weight = |wanted: &str| {
        let lines = headers.get_all(ACCEPT).iter().filter_map(|line| line.to_str().ok());
        let offers = lines.flat_map(|line| line.split(','));
        let weights = offers.filter_map(|offer| {
            let mut parts = offer.split(';').map(str::trim);
            parts.next().filter(|kind| kind.eq_ignore_ascii_case(wanted))?;
            let quality = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
            Some(quality.map_or(1.0, |quality| quality.parse::<f32>().unwrap_or(0.0)))
        });
        weights.fold(0.0, f32::max)
    };
    let page = weight("text/html").max(weight("application/xhtml+xml"));
    page > 0.0 && page > weight("application/json")
}

/// The relative URL from a path to the game, so that it is right under any path prefix of a proxy.
fn way_home(path: &str) -> String {
    let steps = path.bytes().filter(|byte| *byte == b'/').count().saturating_sub(1);
    match steps {
        0 => "./".to_owned(),
        steps => "../".repeat(steps.min(STEPS_UP_MAX)),
    }
}

const PAGE: &str = r##"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="theme-color" content="#10131c">
<title>Nothing here - TileMUD</title>
<style>
  body { margin: 0; min-height: 100vh; display: grid; place-content: center; justify-items: center; gap: 18px;
    padding: 0 24px; box-sizing: border-box; text-align: center; background: #10131c; color: #9ea2b2;
    font: 17px/1.5 system-ui, sans-serif; }
  h1 { margin: 0; color: #f6be62; font-size: 30px; font-weight: 600; }
  p { margin: 0; max-width: 30em; }
  #tiles { display: grid; grid-template-columns: repeat(5, 18px); gap: 5px; }
  #tiles i { width: 18px; height: 18px; border-radius: 4px; background: #1a1e2b; }
  #tiles i.path { background: linear-gradient(#ffe296, #f6be62); }
  #tiles i.gap { background: none; border: 2px dashed #3a4054; box-sizing: border-box; }
  a { display: inline-block; margin-top: 6px; padding: 10px 22px; border-radius: 10px; background: #f6be62; color: #10131c;
    font-weight: 600; text-decoration: none; }
  a:hover, a:focus-visible { background: #ffe296; }
  a:focus-visible { outline: 3px solid #d6683a; outline-offset: 3px; }
</style>
</head>
<body>
<div id="tiles" aria-hidden="true"><i></i><i></i><i></i><i></i><i></i><i class="path"></i><i class="path"></i><i
  class="path"></i><i class="gap"></i><i></i><i></i><i></i><i></i><i></i><i></i></div>
<h1>The path ends here</h1>
<p>There is nothing at this address. It may have been mistyped, or what was here has gone.</p>
<a href="{{HOME}}">Back to the world</a>
</body>
</html>
"##;

#[cfg(test)]
mod tests {
    use super::*;

    fn accepting(accept: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        if !accept.is_empty() {
            headers.insert(ACCEPT, HeaderValue::from_str(accept).unwrap());
        }
        headers
    }

    #[test]
    fn people_get_a_page_and_programs_the_error_shape() {
        for (accept, page) in [
            ("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8", true),
            ("TEXT/HTML", true),
            ("application/json;q=0.5, text/html", true),
            ("", false),
            ("*/*", false),
            ("application/json", false),
            ("application/json, text/html;q=0.9, */*", false),
            ("text/html;q=0", false),
            ("text/html;q=x", false),
            ("text/htmlx", false),
        ] {
            let reply = nothing_here("/a", &accepting(accept));
            assert_eq!(reply.status(), StatusCode::NOT_FOUND);
            let kind = reply.headers()[hyper::header::CONTENT_TYPE].to_str().unwrap();
            assert_eq!(kind.starts_with("text/html"), page, "{accept:?} gives {kind}");
        }
    }

    #[test]
    fn the_way_back_leads_to_the_game_from_any_depth_under_any_path() {
        for (path, way) in
            [("/a", "./"), ("/a/", "../"), ("/a/b", "../"), ("/a/b/c", "../../"), ("", "./"), ("/a//b", "../../")]
        {
            assert_eq!(way_home(path), way, "{path}");
        }
        assert!(way_home(&"/".repeat(60_000)).len() < 1_000);
    }
}
