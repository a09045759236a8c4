//! Signing in at the server's provider: authorization code with PKCE (RFC 6749, RFC 7636), as a
//! public client of a native app or of a page (FR-001).
//!
//! Pure: [`offers`] keeps the server's ways to sign in, [`flow`] builds the authorization address
//! and checks the answer, [`problem`] has the texts for failures. The connector provides the
//! redirect address and random bytes; the [session](crate::session) decides when any of this
//! happens. The access token is never stored; in the browser, `page` stores what a sign-in in
//! progress needs while the page is away.

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

/// The host of an address, with its port if it names one: the provider's name for the player.
#[must_use]
pub fn host_of(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    authority.rsplit('@').next().unwrap_or_default()
}

/// Whether the player's browser may be sent there, or a code: https, or plain http on this machine.
/// Anything else a server names (a file, a script) is not an address of a provider.
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
