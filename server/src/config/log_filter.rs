//! Checks `--log-filter`. The filter library accepts any word as a part of the program, so a
//! misspelt level would silence the log; here it is refused.

use tilemud_persist::Diagnostic;
use tracing_subscriber::EnvFilter;

use super::nearest::nearest;

/// What to write instead.
const REMEDY: &str = "give off, error, warn, info, debug or trace, or pairs such as info,tilemud_net=debug";

const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];

/// The parts of this program that write lines, and the libraries whose warnings are let through.
const PARTS: [&str; 23] = [
    "tilemud",
    "tilemud_net",
    "tilemud_persist",
    "tilemud_schema",
    "tilemud_server",
    "tilemud_sim",
    "tilemud_vitals",
    "bevy_ecs",
    "fastwebsockets",
    "hyper",
    "hyper_rustls",
    "hyper_util",
    "jsonwebtoken",
    "log",
    "mio",
    "redis",
    "rustls",
    "sqlx",
    "sqlx_core",
    "sqlx_postgres",
    "sqlx_sqlite",
    "tokio",
    "tokio_util",
];

/// The filter, when it means something.
pub(super) fn filter(text: &str) -> Result<String, Diagnostic> {
    check(text).map(|()| text.to_owned()).map_err(|problem| Diagnostic::new(problem, REMEDY))
}

fn check(filter: &str) -> Result<(), String> {
    EnvFilter::builder().parse(filter).map_err(|error| format!("{filter:?}: {error}"))?;
    for directive in directives(filter) {
        let is_level = is_level(directive) || directive.parse::<u8>().is_ok_and(|number| number < 6);
        if directive.contains(['=', '[']) || is_level || part_of(directive) {
            continue;
        }
        let meant =
            nearest(&directive.to_ascii_lowercase(), LEVELS.iter().chain(&PARTS).map(|name| (*name).to_owned()));
        let meant = meant.map_or_else(String::new, |meant| format!("; did you mean {meant}?"));
        return Err(format!("{directive:?} is neither a level nor a part of this program{meant}"));
    }
    // A doubt would be a line of the log that they leave nothing of.
    let doubts = doubts(filter);
    let is_nothing_left = !doubts.is_empty() && doubts.len() == directives(filter).count();
    if is_nothing_left { Err(format!("nothing would be logged: {}", doubts.join("; "))) } else { Ok(()) }
}

/// What is allowed and most likely not meant.
pub(super) fn doubts(filter: &str) -> Vec<String> {
    let unknown = |directive: &&str| {
        let target = directive.split(['=', '[']).next().unwrap_or_default();
        directive.contains('=') && !target.is_empty() && !part_of(target)
    };
    let told = |directive: &str| {
        let target = directive.split(['=', '[']).next().unwrap_or_default();
        let meant = nearest(target, PARTS.iter().map(|name| (*name).to_owned()));
        let meant = meant.map_or_else(String::new, |meant| format!("; did you mean {meant}?"));
        format!("no part of this program is called {target:?}, so {directive:?} does nothing{meant}")
    };
    directives(filter).filter(unknown).map(told).collect()
}

fn directives(filter: &str) -> impl Iterator<Item = &str> {
    filter.split(',').map(str::trim).filter(|directive| !directive.is_empty())
}

fn is_level(text: &str) -> bool {
    LEVELS.iter().any(|level| level.eq_ignore_ascii_case(text))
}

fn part_of(target: &str) -> bool {
    PARTS.contains(&target.split("::").next().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_level_is_refused_and_an_unknown_part_doubted() {
        for filter in
            ["info", "OFF", "info,tilemud_net=debug", "tilemud_net", "warn,tilemud_net::http[x]=trace", "3", "debug,"]
        {
            assert_eq!(check(filter), Ok(()), "{filter}");
            assert!(doubts(filter).is_empty(), "{filter}");
        }
        for (filter, fragment) in [
            ("infoo", "\"infoo\" is neither a level nor a part of this program; did you mean info?"),
            ("tilemud_net=debug,warning", "\"warning\" is neither"),
            ("verbose", "\"verbose\" is neither"),
            ("tilemud_nett", "did you mean tilemud_net?"),
            ("9", "\"9\" is neither"),
            ("tilemud_net=loud", "tilemud_net=loud"),
            ("a=b=c", "a=b=c"),
            ("tilemud_nett=debug", "nothing would be logged: no part of this program is called \"tilemud_nett\""),
            ("tilemud_nett=debug,nonsense=info", "did you mean tilemud_net?"),
        ] {
            let problem = check(filter).expect_err(filter);
            assert!(problem.contains(fragment), "{filter}: {problem}");
        }
        let doubts = doubts("info,tilemud_nett=debug,nonsense=trace");
        assert!(doubts[0].contains("did you mean tilemud_net?"), "{doubts:?}");
        assert!(doubts[1].contains("\"nonsense\"") && doubts.len() == 2, "{doubts:?}");
    }
}
