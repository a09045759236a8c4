//! Commands of the player from the views; the app applies them after drawing.

use tilemud_schema::{Action, Direction, Intent};

/// A wish of the player.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UiCommand {
    /// Sign in under this name.
    SignIn(String),
    /// Sign in at the provider; the name is for a new character and may be empty.
    SignInAtProvider(String),
    /// Try to connect again now.
    Retry,
    /// End the session.
    LogOut,
    /// Go to the sign-in form.
    Leave,
    /// Say this typed line.
    Say(String),
    /// This direction key is down, or none.
    Hold(Option<Direction>),
    /// A direction key went down.
    Tap(Direction),
    /// Walk to a tile.
    WalkTo((i32, i32)),
    /// Do something with what is around or carried.
    Do(Action),
    /// Ask for this.
    Want(Intent),
    /// Turn sound on or off.
    Sound(bool),
    /// Let music be so loud, percent.
    Music(u8),
    /// Get the current build.
    Reload,
}
