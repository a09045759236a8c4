//! Texts of people: names and settings.

use std::io;

use tilemud_names::{checked, folded, look_keys};
use tilemud_schema::limits::DISPLAY_NAME_CHARS_MAX;
use tilemud_server::config::Command;

pub(crate) fn names(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let fold = folded(&text);
    assert_eq!(folded(&fold), fold, "folding settles");
    let keys = look_keys(&text);
    assert!(!keys.is_disjoint(&look_keys(&fold)), "what is the same looks the same");
    let Ok(name) = checked(&text) else { return };
    assert_eq!(checked(&name).as_deref(), Ok(name.as_str()), "a name is accepted as it is");
    assert!((1..=DISPLAY_NAME_CHARS_MAX).contains(&name.chars().count()));
    assert_eq!(folded(&name), fold, "a name is found by what was typed for it");
    assert!(!look_keys(&name).is_disjoint(&keys), "a name looks like what was typed for it");
}

/// A configuration file, and flags and variables of the same text.
pub(crate) fn settings(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let from_file = ["tilemud", "serve", "--config", "tilemud.toml"].map(Into::into);
    judged(Command::load(from_file, [], |_| Ok(text.to_owned())));
    let variables = text.lines().filter_map(|line| line.split_once('=')).filter(|(key, _)| !key.contains('\0'));
    let variables =
        variables.map(|(key, value)| (format!("TILEMUD_{}", key.trim().to_uppercase()).into(), value.trim().into()));
    judged(Command::load(["tilemud", "serve"].map(Into::into), variables, no_file));
    let flags = text.lines().flat_map(|line| line.split_whitespace().map(Into::into));
    judged(Command::load(["tilemud".into(), "serve".into()].into_iter().chain(flags), [], no_file));
}

fn no_file(_: &std::path::Path) -> io::Result<String> {
    Err(io::ErrorKind::NotFound.into())
}

/// A refusal says what is wrong and what to do, and ends with 2; only help and version end with 0.
fn judged(loaded: Result<Command, tilemud_server::config::ConfigError>) {
    if let Err(error) = loaded {
        let words = error.to_string();
        let helps = error.exit_code() == 0;
        assert!(helps || (error.exit_code() == 2 && words.starts_with("error: ")), "{words}");
    }
}
