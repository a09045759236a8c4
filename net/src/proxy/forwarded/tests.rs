//! What is believed of forwarded headers, as tables; and that no header makes anything worse than
//! its absence.

use proptest::prelude::*;

use super::*;
use crate::proxy::preamble::Preamble;
use crate::proxy::{AddressRange, PublicUrl};

const PEER: &str = "10.0.0.1";
/// All of whom a proxy says nothing that can be believed.
const NOBODY: &str = "0.0.0.0";
const LOCAL: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 9));

fn settings() -> Settings {
    let trusted = ["10.0.0.0/8", "fd00::/8"].map(|range| range.parse::<AddressRange>().unwrap());
    Settings { trusted: trusted.to_vec(), header: ForwardedHeader::Either, public_url: None }
}

fn headers(lines: &[(&'static str, &str)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in lines {
        headers.append(*name, value.parse().unwrap());
    }
    headers
}

fn visitor(peer: &str, preamble: Preamble, lines: &[(&'static str, &str)]) -> Visitor {
    let arrival = Arrival { peer: peer.parse().unwrap(), local: LOCAL, tls: false, preamble };
    Visitor::of(&settings(), &arrival, "inner:8080".parse().unwrap(), &headers(lines))
}

fn address_of(lines: &[(&'static str, &str)]) -> String {
    visitor(PEER, Preamble::default(), lines).address.to_string()
}

#[test]
fn what_the_proxy_is_known_not_to_write_may_be_the_players_own_and_is_not_read() {
    let x = [(FOR, "203.0.113.9"), (PROTO, "https"), (HOST, "x.example"), (PREFIX, "/x")];
    let element = [(FORWARDED, "for=198.51.100.7;proto=http;host=element.example")];
    let arrival = Arrival { peer: PEER.parse().unwrap(), local: LOCAL, tls: false, preamble: Preamble::default() };
    let seen = |header, lines: &[(&'static str, &str)]| {
        let settings = Settings { header, ..settings() };
        let visitor = Visitor::of(&settings, &arrival, "inner:8080".parse().unwrap(), &headers(lines));
        (visitor.address.to_string(), visitor.realtime_url(&settings, ""))
    };
    let is = |address: &str, url: &str| (address.to_owned(), url.to_owned());
    let both = [&x[..], &element].concat();
    let as_x = is("203.0.113.9", "wss://x.example/x/ws");
    let as_element = is("198.51.100.7", "ws://element.example/ws");
    let as_none = is(PEER, "ws://inner:8080/ws");
    for (header, lines, expected) in [
        (ForwardedHeader::XForwarded, &both[..], &as_x),
        (ForwardedHeader::XForwarded, &x, &as_x),
        (ForwardedHeader::XForwarded, &element, &as_none),
        (ForwardedHeader::Forwarded, &both, &as_element),
        (ForwardedHeader::Forwarded, &element, &as_element),
        (ForwardedHeader::Forwarded, &x, &as_none),
        // Rubbish in the one that is not read spoils nothing.
        (ForwardedHeader::XForwarded, &[&x[..], &[(FORWARDED, "\"")]].concat(), &as_x),
        (ForwardedHeader::Forwarded, &[&element[..], &[(FOR, "rubbish")]].concat(), &as_element),
    ] {
        assert_eq!(&seen(header, lines), expected, "{header:?} {lines:?}");
    }
    assert_eq!(seen(ForwardedHeader::Either, &both).0, NOBODY, "they argue");
}

#[test]
fn the_players_address_is_the_first_from_the_right_that_is_no_proxy() {
    for (line, address) in [
        ("203.0.113.9", "203.0.113.9"),
        ("203.0.113.9:51234", "203.0.113.9"),
        ("2001:db8::9", "2001:db8::9"),
        ("[2001:db8::9]:51234", "2001:db8::9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("198.51.100.1, 203.0.113.9", "203.0.113.9"),
        ("203.0.113.9, 10.2.2.2, 10.3.3.3", "203.0.113.9"),
        ("203.0.113.9,fd00::1 ,\t10.3.3.3", "203.0.113.9"),
        ("rubbish, 203.0.113.9", "203.0.113.9"),
        // All are proxies: the farthest is a player on the inner network.
        ("10.9.9.9, 10.2.2.2", "10.9.9.9"),
        // Rubbish where it counts.
        ("203.0.113.9, rubbish", NOBODY),
        ("203.0.113.9, unknown", NOBODY),
        ("203.0.113.9, rubbish, 10.2.2.2", NOBODY),
        ("999.1.1.1", NOBODY),
        ("203.0.113.9:port", NOBODY),
        ("", PEER),
        (",,", PEER),
    ] {
        assert_eq!(address_of(&[(FOR, line)]), address, "{line:?}");
    }
}

#[test]
fn several_lines_of_a_header_are_one_list() {
    assert_eq!(address_of(&[(FOR, "198.51.100.1"), (FOR, "203.0.113.9"), (FOR, "10.2.2.2")]), "203.0.113.9");
    let lines = [(FORWARDED, "for=198.51.100.1"), (FORWARDED, "for=203.0.113.9, for=10.2.2.2")];
    assert_eq!(address_of(&lines), "203.0.113.9");
}

#[test]
fn forwarded_is_read_as_its_rfc_writes_it() {
    for (line, address) in [
        ("for=203.0.113.9", "203.0.113.9"),
        ("For=\"203.0.113.9:4711\"", "203.0.113.9"),
        ("for=\"[2001:db8::9]\"", "2001:db8::9"),
        ("for=\"[2001:db8::9]:4711\"", "2001:db8::9"),
        ("for=\"[2001:db8::9]:_hidden\"", "2001:db8::9"),
        ("for=192.0.2.60;proto=http;by=203.0.113.43", "192.0.2.60"),
        ("proto=https ; FOR=203.0.113.9 ; secret=\"a,b;for=1.1.1.1\"", "203.0.113.9"),
        ("for=198.51.100.1, for=203.0.113.9;host=\"a\\\"b\", for=10.2.2.2", "203.0.113.9"),
        ("for=\"\\2\\0\\3.0.113.9\"", "203.0.113.9"),
        ("for=unknown", NOBODY),
        ("for=_hidden", NOBODY),
        ("proto=https", NOBODY),
        ("for=203.0.113.9;for=203.0.113.8", NOBODY),
        ("for=\"203.0.113.9", NOBODY),
        ("for", NOBODY),
        ("for=203.0.113.9, rubbish", NOBODY),
    ] {
        assert_eq!(address_of(&[(FORWARDED, line)]), address, "{line:?}");
    }
}

#[test]
fn two_headers_that_agree_are_believed_and_two_that_do_not_are_not() {
    assert_eq!(address_of(&[(FORWARDED, "for=203.0.113.9"), (FOR, "203.0.113.9")]), "203.0.113.9");
    // The player wrote the one that the proxy does not.
    assert_eq!(address_of(&[(FORWARDED, "for=198.51.100.1"), (FOR, "203.0.113.9")]), NOBODY);
    assert_eq!(address_of(&[(FORWARDED, "rubbish"), (FOR, "203.0.113.9")]), NOBODY);
    assert_eq!(address_of(&[(FORWARDED, "for=203.0.113.9"), (FOR, "unknown")]), NOBODY);
    // One of them does not speak of the player at all.
    assert_eq!(address_of(&[(FORWARDED, "proto=https;host=a"), (FOR, "203.0.113.9")]), "203.0.113.9");
    assert_eq!(address_of(&[(FORWARDED, "for=198.51.100.1, proto=https"), (FOR, "203.0.113.9")]), "203.0.113.9");
    assert_eq!(address_of(&[(FORWARDED, "proto=https, for=198.51.100.1"), (FOR, "203.0.113.9")]), NOBODY);
    assert_eq!(address_of(&[(FORWARDED, "proto=https"), (FOR, "unknown")]), NOBODY);
}

#[test]
fn what_a_proxy_asks_for_itself_is_told_from_what_it_passes_on_without_a_name() {
    for (lines, for_a_player) in [
        (&[][..], false),
        (&[("host", "a"), ("user-agent", "check")], false),
        (&[("x-real-ip", "203.0.113.9")], true),
        (&[(PROTO, "https")], true),
        (&[("via", "1.1 a")], true),
        (&[("origin", "https://a")], true),
        (&[("authorization", "Bearer a")], true),
    ] {
        assert_eq!(is_for_a_player(&headers(lines)), for_a_player, "{lines:?}");
        assert_eq!(address_of(lines), PEER);
    }
}

#[test]
fn strangers_are_not_believed_a_word() {
    let lines = [
        (FOR, "203.0.113.9"),
        (FORWARDED, "for=203.0.113.9;proto=https;host=evil.example"),
        (PROTO, "https"),
        (HOST, "evil.example"),
        (PREFIX, "/evil"),
    ];
    for stranger in ["192.0.2.1", "2001:db8::1"] {
        let visitor = visitor(stranger, Preamble::default(), &lines);
        assert_eq!((visitor.address.to_string().as_str(), visitor.secure), (stranger, false));
        assert_eq!((visitor.forwarded, visitor.prefix), (None, Prefix::default()));
    }
}

#[test]
fn a_preamble_names_the_player_and_lists_go_on_from_there() {
    let told = |address: &str| Preamble { address: Some(address.parse().unwrap()), secure: None };
    let lines = [(FOR, "198.51.100.1, 203.0.113.9")];
    // The player's own header is not a proxy's.
    assert_eq!(visitor(PEER, told("192.0.2.7"), &lines).address.to_string(), "192.0.2.7");
    // Another proxy of ours came through this one.
    assert_eq!(visitor(PEER, told("10.2.2.2"), &lines).address.to_string(), "203.0.113.9");
    assert_eq!(visitor(PEER, told("::ffff:192.0.2.7"), &[]).address.to_string(), "192.0.2.7");
    assert!(visitor(PEER, Preamble { address: None, secure: Some(true) }, &[]).secure);
}

/// The address in a player's bootstrap.
fn realtime(lines: &[(&'static str, &str)]) -> String {
    visitor(PEER, Preamble::default(), lines).realtime_url(&settings(), "")
}

#[test]
fn the_realtime_address_is_the_one_the_player_used() {
    for (lines, url) in [
        (&[][..], "ws://inner:8080/ws"),
        (&[(PROTO, "https")], "wss://inner:8080/ws"),
        (&[(PROTO, "HTTPS"), (HOST, "Play.Example")], "wss://play.example/ws"),
        (&[(PROTO, "https, http"), (HOST, "play.example:443, inner")], "wss://play.example/ws"),
        (&[(PROTO, "https"), (HOST, "play.example"), (PORT, "8443")], "wss://play.example:8443/ws"),
        (&[(PROTO, "https"), (HOST, "play.example"), (PORT, "443")], "wss://play.example/ws"),
        (&[(PROTO, "https"), (HOST, "play.example"), (PORT, "80")], "wss://play.example/ws"),
        (&[(PROTO, "http"), (HOST, "play.example"), (PORT, "443")], "ws://play.example/ws"),
        (&[(PROTO, "https"), (HOST, "play.example:8443"), (PORT, "1")], "wss://play.example:8443/ws"),
        // The port says the scheme where nothing else does.
        (&[(HOST, "play.example"), (PORT, "443")], "wss://play.example/ws"),
        (&[(HOST, "play.example"), (PORT, "80")], "ws://play.example/ws"),
        (&[(HOST, "play.example"), (PORT, "4433")], "ws://play.example:4433/ws"),
        (&[(PROTO, "https"), (HOST, "play.example"), (PREFIX, "/game/")], "wss://play.example/game/ws"),
        (&[(PROTO, "http"), (HOST, "play.example")], "ws://play.example/ws"),
        (&[(FORWARDED, "for=203.0.113.9;proto=https;host=\"play.example:8443\"")], "wss://play.example:8443/ws"),
        (
            &[(
                FORWARDED,
                "for=_a;host=other.example, for=203.0.113.9;host=play.example;proto=https, for=10.2.2.2;host=inner",
            )],
            "wss://play.example/ws",
        ),
        (&[(FORWARDED, "for=203.0.113.9, for=10.2.2.2;host=inner;proto=https")], "wss://inner/ws"),
        // Rubbish is as good as nothing.
        (&[(PROTO, "gopher"), (HOST, "a/b"), (PORT, "x"), (PREFIX, "//evil.example")], "ws://inner:8080/ws"),
        (&[(PROTO, "https"), (HOST, "<script>"), (PREFIX, "/a/../b")], "wss://inner:8080/ws"),
    ] {
        assert_eq!(realtime(lines), url, "{lines:?}");
    }
    let public = Settings { public_url: Some("https://x/game/".parse::<PublicUrl>().unwrap()), ..settings() };
    let said = visitor(PEER, Preamble::default(), &[(PROTO, "http"), (HOST, "other"), (PREFIX, "/other")]);
    assert_eq!(said.realtime_url(&public, ""), "wss://x/game/ws", "what the operator says counts more");
}

#[test]
fn the_path_of_the_game_is_taken_off_whoever_named_it_and_left_on_by_whoever() {
    let public = Settings { public_url: Some("https://x/game/".parse::<PublicUrl>().unwrap()), ..settings() };
    let plain = visitor(PEER, Preamble::default(), &[]);
    for (path, below) in
        [("/game/ws", "/ws"), ("/ws", "/ws"), ("/game", ""), ("/gamer", "/gamer"), ("/game/game/ws", "/game/ws")]
    {
        assert_eq!(plain.path_below(&public, path), below, "{path}");
        let told = visitor(PEER, Preamble::default(), &[(PREFIX, "/game")]);
        assert_eq!(told.path_below(&settings(), path), below, "{path}");
    }
    assert_eq!(plain.path_below(&settings(), "/game/ws"), "/game/ws");
}

#[test]
fn a_page_is_of_this_site_if_it_came_from_any_address_the_game_has() {
    let public =
        Settings { public_url: Some("https://play.example/game/".parse::<PublicUrl>().unwrap()), ..settings() };
    for (settings, lines, origin, same) in [
        (settings(), &[(FOR, "203.0.113.9")][..], "http://inner:8080", true),
        (settings(), &[(FOR, "203.0.113.9")], "http://inner:8081", false),
        // Without a word it may be anybody who has reached us past the proxy.
        (settings(), &[], "http://inner:8080", false),
        (settings(), &[(HOST, "play.example")], "https://play.example", true),
        (settings(), &[(HOST, "play.example:443")], "https://play.example", true),
        // The proxy's own port is not said, so it may be any.
        (settings(), &[(HOST, "play.example")], "https://play.example:8443", true),
        (settings(), &[(HOST, "play.example"), (PORT, "8443")], "https://play.example:8443", true),
        (settings(), &[(HOST, "play.example"), (PORT, "443")], "https://play.example:8443", false),
        (settings(), &[(HOST, "play.example:8443")], "https://play.example:9443", false),
        // The proxy's own port, and not the one that players use.
        (settings(), &[(HOST, "play.example"), (PORT, "8443"), (PROTO, "https")], "https://play.example", true),
        (settings(), &[(HOST, "play.example"), (PORT, "80"), (PROTO, "https")], "https://play.example", true),
        (settings(), &[(HOST, "play.example"), (PORT, "8080")], "http://play.example", true),
        (settings(), &[(HOST, "play.example:8443"), (PORT, "8443")], "https://play.example", false),
        (settings(), &[(HOST, "play.example"), (PORT, "8443")], "https://evil.example", false),
        (settings(), &[(HOST, "play.example")], "https://evil.example", false),
        (public.clone(), &[], "https://play.example", true),
        (public.clone(), &[], "http://play.example", false),
        (public, &[], "https://play.example:8443", false),
    ] {
        let visitor = visitor(PEER, Preamble::default(), lines);
        let origin: crate::authority::Origin = origin.parse().unwrap();
        assert_eq!(visitor.is_same_site(&settings, &origin), same, "{origin} with {lines:?}");
    }
    let stranger = visitor("192.0.2.1", Preamble::default(), &[(HOST, "play.example")]);
    assert!(!stranger.is_same_site(&settings(), &"https://play.example".parse().unwrap()));
}

#[test]
fn beside_a_public_url_no_name_that_a_trusted_proxy_passes_on_makes_a_page_the_servers_own() {
    let public = Settings { public_url: Some("https://play.example/".parse().unwrap()), ..settings() };
    let is_own = |host: &str, tls: bool, lines: &[(&'static str, &str)], origin: &str| {
        let arrival = Arrival { peer: PEER.parse().unwrap(), local: LOCAL, tls, preamble: Preamble::default() };
        let visitor = Visitor::of(&public, &arrival, host.parse().unwrap(), &headers(lines));
        visitor.is_same_site(&public, &origin.parse().unwrap())
    };
    let secure = [(FOR, "203.0.113.9"), (PROTO, "https")];
    let named = [(FOR, "203.0.113.9"), (PROTO, "https"), (HOST, "evil.example")];
    let element = [(FORWARDED, "for=203.0.113.9;host=evil.example;proto=https")];
    for (host, lines, origin) in [
        ("evil.example", &secure[..], "https://evil.example"),
        ("evil.example", &secure[..1], "http://evil.example"),
        ("evil.example", &secure, "https://evil.example:8443"),
        ("app:8080", &named, "https://evil.example"),
        ("app:8080", &element, "https://evil.example"),
        // The public name, and not the public address.
        ("play.example:8443", &secure, "https://play.example:8443"),
        ("play.example", &secure, "http://play.example"),
        ("play.example", &secure, "https://play.example:8443"),
    ] {
        for tls in [false, true] {
            assert!(!is_own(host, tls, lines, origin), "{origin} at {host}, {lines:?}, {tls}");
        }
    }
    // Without a word, a proxy that encrypts again is none whose visitors have seen our certificate.
    assert!(!is_own("evil.example", true, &[], "https://evil.example"));
    // Whatever a proxy makes of the host; and who has reached the server itself.
    for (host, lines, origin) in [
        ("app:8080", &secure[..], "https://play.example"),
        ("evil.example", &secure, "https://play.example"),
        ("app:8080", &named, "https://play.example"),
        ("play.example", &secure[..1], "https://play.example"),
        ("localhost:8080", &secure[..1], "http://localhost:8080"),
        ("10.0.0.9:8080", &secure[..1], "http://10.0.0.9:8080"),
    ] {
        assert!(is_own(host, false, lines, origin), "{origin} at {host}, {lines:?}");
    }
}

#[test]
fn the_servers_own_names_are_those_that_lead_nowhere_else() {
    let public = Settings { public_url: Some("https://play.example:8443/".parse().unwrap()), ..Settings::default() };
    for (host, tls, own) in [
        ("localhost:8080", false, true),
        ("127.0.0.1:8080", false, true),
        ("[::1]:8080", false, true),
        // Where the connection has arrived, and what a server that listens everywhere says of
        // itself.
        ("10.0.0.9:8080", false, true),
        ("[::ffff:10.0.0.9]:8080", false, true),
        ("0.0.0.0:8080", false, true),
        ("[::]:8080", false, true),
        // The public name, on whatever port.
        ("play.example:8080", false, true),
        ("10.0.0.8:8080", false, false),
        ("evil.example:8080", false, false),
        ("10.0.0.9.evil.example:8080", false, false),
        // A browser has found the name in our certificate.
        ("other.example:8080", true, true),
    ] {
        let arrival = Arrival { peer: "192.0.2.1".parse().unwrap(), local: LOCAL, tls, preamble: Preamble::default() };
        let visitor = Visitor::of(&public, &arrival, host.parse().unwrap(), &headers(&[]));
        let origin = format!("{}://{host}", if tls { "https" } else { "http" }).parse().unwrap();
        assert_eq!(visitor.is_same_site(&public, &origin), own, "{host}");
    }
}

proptest! {
    #[test]
    fn no_header_breaks_anything_and_what_is_believed_is_always_an_address(
        list in ".{0,60}", forwarded in "[a-z=;,\"\\\\\\[\\]:0-9. ]{0,80}", rest in proptest::collection::vec("[ -~]{0,40}", 4)
    ) {
        let mut headers = HeaderMap::new();
        let values = [FOR, FORWARDED, PROTO, HOST, PORT, PREFIX].into_iter();
        for (name, value) in values.zip([list, forwarded].into_iter().chain(rest)) {
            if let Ok(value) = hyper::header::HeaderValue::from_bytes(value.as_bytes()) {
                headers.append(name, value);
            }
        }
        let arrival = Arrival { peer: PEER.parse().unwrap(), local: LOCAL, tls: true, preamble: Preamble::default() };
        let visitor = Visitor::of(&settings(), &arrival, "inner:8080".parse().unwrap(), &headers);
        let url = visitor.realtime_url(&settings(), "");
        prop_assert!(url.parse::<hyper::Uri>().is_ok(), "{url}");
    }
}
