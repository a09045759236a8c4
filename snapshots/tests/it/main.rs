//! Snapshots of what goes to clients in small, named situations: one idea each.
//! `cargo insta review` shows what a change of the rules or of the wire did to them.

mod deltas;
mod stage;
