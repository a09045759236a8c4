//! The address of the game's page, and the addresses beside it: everything in the page's own folder
//! goes through the same proxies as the page. Only builds texts.

/// The folder the page lies in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    /// Like `https://play.example/game`, without a slash at its end.
    folder: String,
}

impl Home {
    /// Of the page at this origin and path, as the browser has them.
    #[must_use]
    pub fn new(origin: &str, path: &str) -> Self {
        let folder = path.rfind('/').map_or("", |at| &path[..at]);
        Self { folder: format!("{origin}{folder}") }
    }

    /// Of a path at the server; whole addresses stay as they are.
    #[must_use]
    pub fn address(&self, path: &str) -> String {
        if path.contains("://") { path.to_owned() } else { format!("{}/{}", self.folder, path.trim_start_matches('/')) }
    }

    /// Of the page itself: where a provider sends players back to, which must be registered there.
    #[must_use]
    pub fn page(&self) -> String {
        format!("{}/", self.folder)
    }

    /// Of the realtime channel; encrypted where the page is.
    #[must_use]
    pub fn realtime(&self) -> String {
        format!("{}/ws", self.folder.replacen("http", "ws", 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_lies_beside_the_page() {
        for (origin, path, folder) in [
            ("https://play.example", "/", "s://play.example"),
            ("https://play.example", "/index.html", "s://play.example"),
            ("https://play.example:8443", "/game/", "s://play.example:8443/game"),
            ("https://play.example", "/a/b/index.html", "s://play.example/a/b"),
            ("http://127.0.0.1:8080", "/", "://127.0.0.1:8080"),
        ] {
            let home = Home::new(origin, path);
            assert_eq!(home.page(), format!("http{folder}/"));
            assert_eq!(home.realtime(), format!("ws{folder}/ws"));
            assert_eq!(home.address("/api/world"), format!("http{folder}/api/world"));
            assert_eq!(home.address("world/1.png"), format!("http{folder}/world/1.png"));
            assert_eq!(home.address("https://id.example/token"), "https://id.example/token");
        }
    }
}
