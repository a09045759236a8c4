//! The browser's side of a sign-in: the page goes to the provider and comes back as a new page.
//! This tab's session storage holds the sign-in meanwhile; the code is removed from the address bar
//! at once.
//!
//! No access token is ever stored. For a reload during play the page stores the session's
//! single-use reconnect token, which is useless to other users: after the reload the issuer
//! confirms the player without a form, and the session resumes.

use std::cell::RefCell;

use super::{Pending, flow};

/// The sign-in under way.
const PENDING_KEY: &str = "tilemud.sign-in";
/// The name of the player who is in the world.
const PLAYING_KEY: &str = "tilemud.playing";
/// What their session is resumed with.
const SESSION_KEY: &str = "tilemud.session";

thread_local! {
    /// What this page has noted.
    static NOTED: RefCell<Option<(String, String)>> = const { RefCell::new(None) };
}

/// What a page finds when it is loaded.
#[derive(Debug)]
pub enum Arrival {
    Fresh,
    /// The player came back from the provider with this query. Without a stored sign-in it was not
    /// requested here.
    Back(Option<Pending>, String),
    /// A page loaded again in the middle of play, under this name.
    Again(String),
}

/// Remembers the sign-in and leaves for the provider.
///
/// # Errors
/// Nothing can be remembered here, so there would be no way back.
pub fn leave(pending: &Pending) -> Result<(), String> {
    let storage = storage().ok_or("the browser stores nothing for this page")?;
    let text = serde_json::to_string(pending).map_err(|error| error.to_string())?;
    storage.set_item(PENDING_KEY, &text).map_err(|error| format!("{error:?}"))?;
    let window = web_sys::window().ok_or("no window")?;
    window.location().assign(&pending.page()).map_err(|error| format!("{error:?}"))
}

/// Returns how this page was opened, once: afterwards nothing of it is left in the storage or the
/// address bar.
#[must_use]
pub fn arrive() -> Arrival {
    let Some(window) = web_sys::window() else { return Arrival::Fresh };
    let query = window.location().search().unwrap_or_default();
    let (pending, playing) = (take(PENDING_KEY), take(PLAYING_KEY));
    if flow::is_answer(&query) {
        if let Ok(history) = window.history() {
            let address = window.location().pathname().unwrap_or_else(|_| "/".to_owned());
            // Without a history there is no address bar either.
            drop(history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&address)));
        }
        let pending = pending.and_then(|text| serde_json::from_str(&text).ok());
        return Arrival::Back(pending, query);
    }
    playing.map_or(Arrival::Fresh, Arrival::Again)
}

/// The reconnect token of the session that this tab had before a reload. It stays stored, because
/// the page may go to the provider and back first.
#[must_use]
pub fn session() -> Option<String> {
    storage()?.get_item(SESSION_KEY).ok().flatten()
}

/// Stores the player's name and reconnect token, or removes them. To be called whenever they may
/// have changed, also in a hidden page, because a replaced token is invalid.
pub fn note_playing(player: Option<(&str, &str)>) {
    let is_noted = NOTED.with_borrow_mut(|noted| {
        let before = noted.as_ref().map(|(name, token)| (name.as_str(), token.as_str()));
        let is_same = before == player;
        if !is_same {
            *noted = player.map(|(name, token)| (name.to_owned(), token.to_owned()));
        }
        is_same
    });
    if is_noted {
        return;
    }
    let Some(storage) = storage() else { return };
    // A browser that stores nothing only means signing in again after a reload.
    drop(match player {
        Some((name, token)) => storage.set_item(PLAYING_KEY, name).and_then(|()| storage.set_item(SESSION_KEY, token)),
        None => storage.remove_item(PLAYING_KEY).and_then(|()| storage.remove_item(SESSION_KEY)),
    });
}

fn take(key: &str) -> Option<String> {
    let storage = storage()?;
    let text = storage.get_item(key).ok().flatten()?;
    drop(storage.remove_item(key));
    Some(text)
}

fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.session_storage().ok().flatten()
}
