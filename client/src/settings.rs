//! What the client remembers between runs: the name last signed in with. Local storage in the
//! browser, a file in the user's configuration folder natively; failures only mean forgetting.

#[cfg(not(target_arch = "wasm32"))]
mod place {
    use std::path::PathBuf;

    fn file() -> Option<PathBuf> {
        let base = std::env::var_os("XDG_CONFIG_HOME")
            .map(PathBuf::from)
            .or_else(|| std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".config")))?;
        Some(base.join("tilemud").join("name"))
    }

    pub fn load() -> Option<String> {
        std::fs::read_to_string(file()?).ok()
    }

    pub fn store(name: &str) {
        let Some(file) = file() else { return };
        let Some(folder) = file.parent() else { return };
        // Not being able to remember is no reason to bother the player.
        drop(std::fs::create_dir_all(folder).and_then(|()| std::fs::write(&file, name)));
    }
}

#[cfg(target_arch = "wasm32")]
mod place {
    const KEY: &str = "tilemud.name";

    fn storage() -> Option<web_sys::Storage> {
        web_sys::window()?.local_storage().ok().flatten()
    }

    pub fn load() -> Option<String> {
        storage()?.get_item(KEY).ok().flatten()
    }

    pub fn store(name: &str) {
        if let Some(storage) = storage() {
            // Private windows may refuse; then the name is asked for again.
            drop(storage.set_item(KEY, name));
        }
    }
}

/// The name used last time; empty when there is none.
#[must_use]
pub fn remembered_name() -> String {
    let name = place::load().unwrap_or_default();
    name.trim().chars().take(tilemud_schema::limits::DISPLAY_NAME_CHARS_MAX).collect()
}

/// Remembers a name for next time.
pub fn remember_name(name: &str) {
    place::store(name);
}
