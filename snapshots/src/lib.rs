//! Nothing: this package only holds the snapshot tests in `tests/it` and their files, so that
//! `cargo insta review` finds them in one place.
