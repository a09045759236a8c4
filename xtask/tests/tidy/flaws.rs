//! Programs that are built to be used have no flaws on purpose: the feature that builds them in is
//! asked for by tests alone, in any profile, so that tests can be optimised.

use super::{assert_none, tree};

const FEATURE: &str = "\"flaws\"";

/// Where a manifest has anything but its tests built with flaws.
fn has_flaws(manifest: &str) -> Vec<&str> {
    let mut section = "";
    let mut wrong = Vec::new();
    for line in manifest.lines().map(str::trim).filter(|line| !line.starts_with('#')) {
        if line.starts_with('[') {
            section = line;
        }
        // What the feature of one crate needs of another is asked for by nobody yet.
        let is_passed_on = section == "[features]" && line.starts_with("flaws = ");
        let is_asked_for = line.contains(FEATURE) || line.contains("/flaws\"");
        if is_asked_for && section != "[dev-dependencies]" && !is_passed_on {
            wrong.push(line);
        }
    }
    wrong
}

#[test]
fn only_tests_are_built_with_flaws() {
    let mut complaints = Vec::new();
    for file in tree::files(&["toml"]) {
        complaints.extend(has_flaws(&file.text).iter().map(|line| format!("{}: {line}", file.path)));
    }
    assert_none(&complaints);
}

#[test]
fn a_program_with_flaws_is_found() {
    let fine =
        "[features]\nflaws = [\"sim/flaws\"]\n[dev-dependencies]\nown = { path = \".\", features = [\"flaws\"] }\n";
    assert!(has_flaws(fine).is_empty());
    for wrong in [
        "[features]\ndefault = [\"flaws\"]",
        "[features]\nwhole = [\"sim/flaws\"]",
        "[dependencies]\nsim = { workspace = true, features = [\"flaws\"] }",
        "[dependencies.sim]\nfeatures = [\"flaws\"]",
        "[dev-dependencies]\n[workspace.dependencies]\nsim = { path = \"sim\", features = [\"flaws\"] }",
    ] {
        assert_eq!(has_flaws(wrong).len(), 1, "{wrong}");
    }
}
