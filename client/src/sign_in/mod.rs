//! Signing in at the server's provider: authorization code with PKCE (RFC 6749, RFC 7636), as a public client of a
//! native app or of a page (FR-001).
//!
//! Pure: [`offers`] keeps how the server lets players sign in, [`flow`] makes the address the player's browser goes to
//! and judges what comes back, [`problem`] says it in words. Where the player comes back to and the random bytes come
//! from the connector; the [session](crate::session) decides when any of this happens. The access token is never
//! written anywhere; in the browser, `page` keeps what a sign-in under way needs across the page's absence.

pub mod flow;
pub mod offers;
#[cfg(target_arch = "wasm32")]
pub mod page;
pub mod problem;
pub mod secret;

pub use flow::{Access, Pending, Wish};
pub use offers::Offers;
pub use problem::Problem;
pub use secret::Entropy;

#[cfg(test)]
mod tests;

/// The host of an address, with its port if it names one: what a player knows a provider by.
#[must_use]
pub fn host_of(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    authority.rsplit('@').next().unwrap_or_default()
}

/// Whether the player's browser may be sent there, or a code: https, or plain http on this machine. Anything else a
/// server names (a file, a script) is not an address of a provider.
#[must_use]
pub fn may_visit(address: &str) -> bool {
    if !address.bytes().all(|byte| byte.is_ascii_graphic()) || address.contains('#') {
        return false;
    }
    match address.split_once("://") {
        Some(("https", _)) => !host_of(address).is_empty(),
        Some(("http", _)) => is_loopback(host_of(address)),
        _ => false,
    }
}

fn is_loopback(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    name == "localhost" || name.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}
