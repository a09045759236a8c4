//! The way in over HTTP/1.1: a few connections that stay open, each with one request under way: a
//! development token, then the bootstrap. Only what this server answers is understood.

use anyhow::{Context as _, Result, bail, ensure};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tilemud_schema::codec::to_json;
use tilemud_schema::{Details, WireError};

/// Longest answer, bytes.
const ANSWER_BYTES_MAX: usize = 64 * 1024;

/// Milliseconds before another try when the server does not say.
const RETRY_MS: u64 = 250;

/// The bytes of a POST with a JSON body.
#[must_use]
pub fn post(authority: &str, path: &str, access_token: Option<&str>, body: &impl Serialize) -> Vec<u8> {
    let body = to_json(body);
    let authorization = access_token.map(|token| format!("Authorization: Bearer {token}\r\n")).unwrap_or_default();
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {authority}\r\nContent-Type: application/json\r\n{authorization}Content-Length: {}\r\n\r\n",
        body.len()
    );
    [head.into_bytes(), body].concat()
}

/// The bytes of a request to open the realtime channel. The key need not be a secret from anyone.
#[must_use]
pub fn upgrade(authority: &str) -> Vec<u8> {
    let protocol = tilemud_schema::Encoding::Postcard.subprotocol();
    format!(
        "GET /ws HTTP/1.1\r\nHost: {authority}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: {protocol}\r\n\r\n"
    )
    .into_bytes()
}

#[derive(Debug, PartialEq, Eq)]
pub struct Reply<'a> {
    pub status: u16,
    pub body: &'a [u8],
}

/// Cuts an answer off `bytes`, which is left with the rest; `None` when it is not all there.
///
/// # Errors
/// Anything but an HTTP/1.1 answer of bounded size.
pub fn reply<'a>(bytes: &mut &'a [u8]) -> Result<Option<Reply<'a>>> {
    let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else {
        ensure!(bytes.len() < ANSWER_BYTES_MAX, "an answer without end");
        return Ok(None);
    };
    let head = std::str::from_utf8(&bytes[..end]).context("the head of an answer is text")?;
    let mut lines = head.split("\r\n");
    let status = lines.next().and_then(|line| line.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok());
    let Some(status) = status else { bail!("not an HTTP/1.1 answer: {head}") };
    let length =
        lines.filter_map(|line| line.split_once(':')).find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    let length: usize = length.map_or(Ok(0), |(_, value)| value.trim().parse()).context("the length of an answer")?;
    ensure!(length < ANSWER_BYTES_MAX, "an answer of {length} bytes");
    let body = end + 4;
    if bytes.len() < body + length {
        return Ok(None);
    }
    let reply = Reply { status, body: &bytes[body..body + length] };
    *bytes = &bytes[body + length..];
    Ok(Some(reply))
}

impl Reply<'_> {
    /// The body of a good answer, or after how many milliseconds to try again.
    ///
    /// # Errors
    /// A refusal for good.
    pub fn accepted<T: DeserializeOwned>(&self) -> Result<Result<T, u64>> {
        match self.status {
            200 => Ok(Ok(serde_json::from_slice(self.body)?)),
            429 | 503 => Ok(Err(retry_after_ms(self.body))),
            status => bail!("answered {status}: {}", String::from_utf8_lossy(self.body)),
        }
    }
}

fn retry_after_ms(body: &[u8]) -> u64 {
    match serde_json::from_slice::<WireError>(body).ok().and_then(|error| error.details) {
        Some(Details::Limit { retry_after_ms, .. } | Details::Retry { retry_after_ms }) => {
            retry_after_ms.clamp(1, 5_000)
        }
        _ => RETRY_MS,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_cut_off_whole() {
        let one = "HTTP/1.1 200 OK\r\nContent-Length: 7\r\nx: y\r\n\r\n{\"a\":1}";
        let two = "HTTP/1.1 101 Switching Protocols\r\n\r\n";
        let both = [one, two, "rest"].concat();
        for cut in 0..one.len() {
            assert_eq!(reply(&mut &both.as_bytes()[..cut]).unwrap(), None, "{cut} bytes");
        }
        let mut bytes = both.as_bytes();
        assert_eq!(reply(&mut bytes).unwrap(), Some(Reply { status: 200, body: b"{\"a\":1}" }));
        assert_eq!(reply(&mut bytes).unwrap(), Some(Reply { status: 101, body: b"" }));
        assert_eq!(bytes, b"rest");
        assert!(reply(&mut &b"SSH-2.0\r\n\r\n"[..]).is_err());
    }

    #[test]
    fn who_is_put_off_is_told_how_long() {
        let error = |details| {
            to_json(&WireError::new(tilemud_schema::ErrorCode::RateLimited, uuid::Uuid::nil(), Some(details)))
        };
        let limit = error(Details::Limit { limit: "sign_in".to_owned(), retry_after_ms: 40 });
        let reply = Reply { status: 429, body: &limit };
        assert_eq!(reply.accepted::<serde_json::Value>().unwrap(), Err(40));
        assert_eq!(Reply { status: 503, body: b"" }.accepted::<serde_json::Value>().unwrap(), Err(RETRY_MS));
        assert!(Reply { status: 401, body: b"no" }.accepted::<serde_json::Value>().is_err());
    }
}
