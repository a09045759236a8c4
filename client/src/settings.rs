//! What the client remembers between runs: the name last signed in with, whether sound is on, and
//! how loud music is.
//! Local storage in the browser, a file each in the user's configuration folder natively. Failures
//! are ignored.

#[cfg(not(target_arch = "wasm32"))]
mod place {
    use std::path::PathBuf;

    fn file(key: &str) -> Option<PathBuf> {
        let base = std::env::var_os("XDG_CONFIG_HOME")
            .map(PathBuf::from)
            .or_else(|| std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".config")))?;
        Some(base.join("tilemud").join(key))
    }

    pub fn load(key: &str) -> Option<String> {
        std::fs::read_to_string(file(key)?).ok()
    }

    pub fn store(key: &str, value: &str) {
        let Some(file) = file(key) else { return };
        let Some(folder) = file.parent() else { return };
        // Not being able to remember is no reason to bother the player.
        drop(std::fs::create_dir_all(folder).and_then(|()| std::fs::write(&file, value)));
    }
}

#[cfg(target_arch = "wasm32")]
mod place {
    fn storage() -> Option<web_sys::Storage> {
        web_sys::window()?.local_storage().ok().flatten()
    }

    pub fn load(key: &str) -> Option<String> {
        storage()?.get_item(&format!("tilemud.{key}")).ok().flatten()
    }

    pub fn store(key: &str, value: &str) {
        if let Some(storage) = storage() {
            // Private windows may refuse; then it is as if nothing had been set.
            drop(storage.set_item(&format!("tilemud.{key}"), value));
        }
    }
}

const NAME: &str = "name";
const SOUND: &str = "sound";
const MUSIC: &str = "music";

/// How loud music is at first, percent.
pub const MUSIC_PERCENT: u8 = 60;

/// The name used last time; empty when there is none.
#[must_use]
pub fn remembered_name() -> String {
    let name = place::load(NAME).unwrap_or_default();
    name.trim().chars().take(tilemud_schema::limits::DISPLAY_NAME_CHARS_MAX).collect()
}

/// Remembers a name for next time.
pub fn remember_name(name: &str) {
    place::store(NAME, name);
}

/// Whether sound is on: unless it was turned off.
#[must_use]
pub fn is_sound_on() -> bool {
    place::load(SOUND).is_none_or(|value| value.trim() != "off")
}

/// Remembers whether sound is on.
pub fn remember_sound(on: bool) {
    place::store(SOUND, if on { "on" } else { "off" });
}

/// How loud music is, percent.
#[must_use]
pub fn music_percent() -> u8 {
    let percent = place::load(MUSIC).and_then(|value| value.trim().parse().ok());
    percent.filter(|percent| *percent <= 100).unwrap_or(MUSIC_PERCENT)
}

/// Remembers how loud music is.
pub fn remember_music(percent: u8) {
    place::store(MUSIC, &percent.to_string());
}
