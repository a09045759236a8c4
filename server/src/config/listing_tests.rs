//! What `tilemud config` writes can be read again, and says no secret.

use std::ffi::OsString;
use std::path::Path;

use super::settings::SETTINGS;
use super::{Command, ConfigError};

/// What a command of `tilemud config` says; `file` is the text of f.toml.
fn said(arguments: &[&str], env: &[(&str, &str)], file: &str) -> Result<String, ConfigError> {
    let arguments = ["tilemud", "config"].iter().chain(arguments).map(OsString::from);
    let env = env.iter().map(|(name, value)| (OsString::from(name), OsString::from(value)));
    let read = |path: &Path| match path.to_str() {
        Some("f.toml") => Ok(file.to_owned()),
        _ => Err(std::io::ErrorKind::NotFound.into()),
    };
    match Command::load(arguments, env, read)? {
        Command::ConfigInit(None, text) | Command::ConfigSaid(text) => Ok(text),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_file_to_choose_from_has_every_setting_at_its_default() {
    let template = said(&["init"], &[], "").unwrap();
    let show = |file: &str| said(&["show", "--config", "f.toml", "--dev-issuer"], &[], file).unwrap();
    assert!(template.lines().all(|line| line.is_empty() || line.starts_with('#')), "{template}");
    assert_eq!(show(&template), show(""));
    for setting in SETTINGS.iter() {
        let key = format!("# {} = ", setting.key());
        let line = template.lines().find(|line| line.starts_with(&key)).unwrap_or_else(|| panic!("{key}"));
        // Which is set by a flag here, because nobody could sign in else.
        if !setting.defaults.is_empty() && setting.name != "dev-issuer" {
            // With the # taken away it is what it was.
            let chosen = show(line.strip_prefix("# ").unwrap());
            let is_it =
                |it: &str| it.strip_suffix(&format!("  # from f.toml:1: {}", setting.key())) == line.strip_prefix("# ");
            assert!(chosen.lines().any(is_it), "{line} in\n{chosen}");
        }
    }
}

#[test]
fn what_is_shown_can_be_read_again_with_the_place_of_each_and_without_secrets() {
    let file = "tick_hz = 40\nallowed_origin = [\"https://a.example\"]\n";
    let env = [("TILEMUD_REDIS_URL", "redis://:hunter2@cache"), ("TILEMUD_WAIT", "30")];
    let flags = ["show", "--config", "f.toml", "--dev-issuer", "--data-dir", "it's \"here\""];
    let shown = said(&flags, &env, file).unwrap();
    for line in [
        "tick_hz = 40  # from f.toml:1: tick_hz",
        "allowed_origin = [\"https://a.example\"]  # from f.toml:2: allowed_origin",
        "# redis_url is set and not shown  # from TILEMUD_REDIS_URL",
        "wait = 30  # from TILEMUD_WAIT",
        "dev_issuer = true  # from --dev-issuer",
        "# listen = \"127.0.0.1:8080\"",
    ] {
        assert!(shown.lines().any(|it| it == line), "{line} in\n{shown}");
    }
    assert!(!shown.contains("hunter2"), "{shown}");
    // What follows from another setting, or is another one in the next version, is not pinned.
    assert!(
        !shown
            .lines()
            .any(|line| ["database_url", "delta_hz", "accept_version"].iter().any(|key| line.starts_with(key)))
    );
    for secret in [
        &["--redis-url", "redis+unix:///s?user=x&pass=hunter2&db=1"][..],
        &["--oidc-issuer", "https://u:hunter2@idp.example", "--oidc-audience", "a"],
        &["--database-url", "postgres://h/x?PASSWORD=hunter2"],
    ] {
        let shown = said(&[&["show", "--dev-issuer"], secret].concat(), &[], "");
        assert!(!shown.unwrap().contains("hunter2"), "{secret:?}");
    }
    let again = said(&["show", "--config", "f.toml"], &[], &shown).unwrap();
    let values = |text: &str| -> Vec<String> {
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        lines.map(|line| line.split("  # from").next().unwrap().to_owned()).collect()
    };
    assert_eq!(values(&again), values(&shown));
}

#[test]
fn settings_are_checked_without_a_start() {
    assert!(said(&["check", "--dev-issuer"], &[], "").unwrap().contains("go together"));
    let note = said(&["check", "--dev-issuer"], &[("TILEMUD_PORT", "tcp://10.0.0.1:80")], "").unwrap();
    assert!(note.contains("note: ") && note.contains("TILEMUD_PORT"), "{note}");
    for (arguments, why) in [
        (&["check"][..], "no token issuer is configured"),
        (&["check", "--dev-issuer", "--tick-hz", "0"], "--tick-hz"),
        (&["check", "--dev-issuer", "--tls-cert", "a"], "certificate and key go together"),
        (&["check", "--config", "nowhere.toml"], "cannot be read"),
    ] {
        let error = said(arguments, &[], "").unwrap_err();
        assert_eq!(error.exit_code(), 2);
        assert!(error.to_string().contains(why), "{error}");
    }
}
