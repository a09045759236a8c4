//! Opens the player's own browser at an address (RFC 8252, 4.1), natively. Starts a program and
//! knows nothing about what the address means; no shell ever sees it.

use std::process::{Command, Stdio};

/// Opens the address in the first browser that can be started. Takes as long as that program does:
/// some end at once, some only with the browser.
///
/// # Errors
/// None of them could be started, or all said that they failed.
pub fn open(address: &str) -> std::io::Result<()> {
    let mut last = std::io::Error::other("no program is known that opens a browser here");
    for line in candidates(std::env::var("BROWSER").ok().as_deref(), address) {
        let Some((program, arguments)) = line.split_first() else { continue };
        let ended = Command::new(program)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        match ended {
            Ok(status) if status.success() => return Ok(()),
            Ok(status) => last = std::io::Error::other(format!("{program}: {status}")),
            Err(error) => last = error,
        }
    }
    Err(last)
}

/// What to start, best first: the player's choice in `BROWSER` (a list, each with `%s` for the
/// address or without), then what the platform has.
fn candidates(chosen: Option<&str>, address: &str) -> Vec<Vec<String>> {
    let chosen = chosen.unwrap_or_default().split(':').filter_map(|line| {
        let mut words: Vec<String> = line.split_whitespace().map(|word| word.replace("%s", address)).collect();
        if words.is_empty() {
            return None;
        }
        if !line.contains("%s") {
            words.push(address.to_owned());
        }
        Some(words)
    });
    let platform: &[&[&str]] = if cfg!(target_os = "macos") {
        &[&["open"]]
    } else if cfg!(windows) {
        &[&["rundll32", "url.dll,FileProtocolHandler"]]
    } else {
        &[&["xdg-open"], &["gio", "open"], &["wslview"]]
    };
    let platform = platform.iter().map(|words| words.iter().copied().chain([address]).map(str::to_owned).collect());
    chosen.chain(platform).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_players_choice_comes_before_the_platforms_and_gets_the_address_as_one_word() {
        let address = "https://id.example/auth?a=1&b=%24(x);y";
        let found = candidates(Some("firefox --new-window:open-%s -q::"), address);
        assert_eq!(found[0], ["firefox", "--new-window", address]);
        assert_eq!(found[1], [format!("open-{address}").as_str(), "-q"]);
        assert!(found.len() > 2 && found[2..].iter().all(|line| line.last().is_some_and(|last| last == address)));
        assert_eq!(candidates(None, address), found[2..]);
    }
}
