//! The PROXY protocol, versions 1 and 2 (HAProxy's specification): what a trusted peer may send
//! before everything else, also before TLS, to say for whom it connects. Reads exactly the header
//! and nothing of the rest of the stream. A stream that begins with something else is left as it
//! is.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;

/// What a header of version 2 begins with; no request and no TLS record does.
const SIGNATURE_V2: &[u8] = b"\r\n\r\n\0\r\nQUIT\n";

/// What a header of version 1 begins with.
const SIGNATURE_V1: &[u8] = b"PROXY ";

/// Longest header of version 1, with its line end, bytes.
const V1_BYTES_MAX: usize = 107;

/// Fixed part of a header of version 2, bytes.
const V2_HEAD_BYTES: usize = 16;

/// Longest variable part that is accepted, bytes; real ones have a few hundred with client
/// certificates in them.
const V2_BODY_BYTES_MAX: usize = 4_096;

/// Wait for the rest of a header that came in pieces.
const PIECE_WAIT: Duration = Duration::from_millis(5);

/// Additions of version 2: the player's end is encrypted.
const TLV_SSL: u8 = 0x20;

/// What the header says; nothing by default.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Preamble {
    /// For whom the peer connects; `None` is for itself.
    pub address: Option<IpAddr>,
    /// Whether the player's end is encrypted, if it says so.
    pub secure: Option<bool>,
}

/// Takes the header off the stream, if one is there.
///
/// # Errors
/// The stream fails, or what began like a header is none.
///
/// # Cancel safety
/// Not cancel safe: part of a header may be lost.
pub async fn read(stream: &mut TcpStream) -> io::Result<Preamble> {
    let mut seen = [0; V1_BYTES_MAX];
    loop {
        let count = stream.peek(&mut seen).await?;
        let seen = &seen[..count];
        if seen.starts_with(SIGNATURE_V2) {
            return read_v2(stream).await;
        }
        if seen.starts_with(SIGNATURE_V1) {
            if let Some(end) = seen.windows(2).position(|pair| pair == b"\r\n") {
                let mut line = vec![0; end + 2];
                stream.read_exact(&mut line).await?;
                return parse_v1(&line[..end]).map_err(bad);
            }
            if count == V1_BYTES_MAX {
                return Err(bad("the line does not end"));
            }
        } else if count == 0 || !(SIGNATURE_V1.starts_with(seen) || SIGNATURE_V2.starts_with(seen)) {
            return Ok(Preamble::default());
        }
        // A look does not tell when more has come; headers come in one piece all but always.
        tokio::time::sleep(PIECE_WAIT).await;
    }
}

async fn read_v2(stream: &mut TcpStream) -> io::Result<Preamble> {
    let mut head = [0; V2_HEAD_BYTES];
    stream.read_exact(&mut head).await?;
    let body_bytes = usize::from(u16::from_be_bytes([head[14], head[15]]));
    if body_bytes > V2_BODY_BYTES_MAX {
        return Err(bad("it is too long"));
    }
    let mut body = vec![0; body_bytes];
    stream.read_exact(&mut body).await?;
    parse_v2(head[12], head[13], &body).map_err(bad)
}

fn bad(problem: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, problem)
}

/// Parses a whole header; `None` when the bytes do not begin as one. For tests and fuzzing.
///
/// # Errors
/// The problem, in words.
#[cfg(feature = "testing")]
pub fn parsed(header: &[u8]) -> Result<Preamble, &'static str> {
    if let Some([version, family, high, low, body @ ..]) = header.strip_prefix(SIGNATURE_V2) {
        let len = usize::from(u16::from_be_bytes([*high, *low]));
        return parse_v2(*version, *family, body.get(..len).ok_or("it is cut off")?);
    }
    if header.starts_with(SIGNATURE_V1) { parse_v1(header) } else { Ok(Preamble::default()) }
}

/// `PROXY TCP4 192.0.2.1 192.0.2.2 4711 443`, without the line end.
fn parse_v1(line: &[u8]) -> Result<Preamble, &'static str> {
    let line = std::str::from_utf8(line).map_err(|_| "it is not ASCII")?;
    let mut words = line.split(' ').skip(1);
    let family = words.next().unwrap_or_default();
    if family == "UNKNOWN" {
        return Ok(Preamble::default());
    }
    let rest: Vec<&str> = words.collect();
    let [source, target, source_port, target_port] = rest[..] else { return Err("it has not the right parts") };
    let parsed = |text: &str| text.parse::<IpAddr>().ok().filter(|it| it.is_ipv4() == (family == "TCP4"));
    let is_port = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()) && text.parse::<u16>().is_ok();
    match (family, parsed(source), parsed(target)) {
        ("TCP4" | "TCP6", Some(source), Some(_)) if is_port(source_port) && is_port(target_port) => {
            Ok(Preamble { address: Some(source), secure: None })
        }
        _ => Err("it has not the right parts"),
    }
}

fn parse_v2(version_and_command: u8, family: u8, body: &[u8]) -> Result<Preamble, &'static str> {
    let local = match version_and_command {
        0x20 => true,
        0x21 => false,
        _ => return Err("its version or command is unknown"),
    };
    let (address, addresses_bytes) = match family {
        0x11 | 0x12 => (body.first_chunk::<4>().map(|bytes| IpAddr::from(Ipv4Addr::from(*bytes))), 12),
        0x21 | 0x22 => (body.first_chunk::<16>().map(|bytes| IpAddr::from(Ipv6Addr::from(*bytes))), 36),
        0x31 | 0x32 => (None, 216),
        _ => (None, 0),
    };
    // A proxy's own connection, to see whether we are well.
    if local {
        return Ok(Preamble::default());
    }
    let additions = body.get(addresses_bytes..).ok_or("it is shorter than its addresses")?;
    // Of a family that is not known, nothing is.
    let secure = if addresses_bytes > 0 || family == 0 { encrypted(additions)? } else { None };
    Ok(Preamble { address, secure })
}

/// Whether the player's end is encrypted, from the additions: type, length, value each.
fn encrypted(mut additions: &[u8]) -> Result<Option<bool>, &'static str> {
    while let [kind, high, low, rest @ ..] = additions {
        let len = usize::from(u16::from_be_bytes([*high, *low]));
        let (value, rest) = rest.split_at_checked(len).ok_or("an addition is cut off")?;
        if *kind == TLV_SSL {
            return Ok(value.first().map(|client| client & 1 == 1));
        }
        additions = rest;
    }
    if additions.is_empty() { Ok(None) } else { Err("an addition is cut off") }
}

#[cfg(test)]
mod tests;
