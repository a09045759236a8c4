//! PROXY headers byte by byte, from real sockets where how they arrive matters.

use proptest::prelude::*;
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};

use super::*;

/// A header of version 2.
fn v2(command: u8, family: u8, body: &[u8]) -> Vec<u8> {
    let len = u16::try_from(body.len()).unwrap();
    [SIGNATURE_V2, &[command, family], &len.to_be_bytes(), body].concat()
}

const PLAYER_V4: [u8; 12] = [203, 0, 113, 9, 10, 0, 0, 1, 0x12, 0x34, 0x01, 0xbb];

fn says(address: &str, secure: Option<bool>) -> Preamble {
    Preamble { address: Some(address.parse().unwrap()), secure }
}

/// Two ends of a connection.
async fn pair() -> (TcpStream, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (near, far) = tokio::join!(TcpStream::connect(address), listener.accept());
    (near.unwrap(), far.unwrap().0)
}

/// What is read when these pieces arrive one after the other, and what is left on the stream.
async fn read_pieces(pieces: &[&[u8]]) -> (io::Result<Preamble>, Vec<u8>) {
    let (mut near, mut far) = pair().await;
    near.set_nodelay(true).unwrap();
    let write = async {
        for piece in pieces {
            // A peer that is hung up on cannot write on.
            let _ = near.write_all(piece).await;
            tokio::task::yield_now().await;
        }
        let _ = near.shutdown().await;
    };
    let ((), preamble) = tokio::join!(write, read(&mut far));
    let mut rest = Vec::new();
    let _ = far.read_to_end(&mut rest).await;
    (preamble, rest)
}

const REQUEST: &[u8] = b"GET / HTTP/1.1\r\n\r\n";

#[tokio::test]
async fn a_header_is_taken_off_and_the_request_behind_it_is_left() {
    for (header, said) in [
        (b"PROXY TCP4 203.0.113.9 10.0.0.1 4660 443\r\n".to_vec(), says("203.0.113.9", None)),
        (b"PROXY TCP6 2001:db8::9 ::1 4660 443\r\n".to_vec(), says("2001:db8::9", None)),
        (b"PROXY UNKNOWN\r\n".to_vec(), Preamble::default()),
        (b"PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n".to_vec(), Preamble::default()),
        (v2(0x21, 0x11, &PLAYER_V4), says("203.0.113.9", None)),
        (v2(0x20, 0x11, &PLAYER_V4), Preamble::default()),
        (v2(0x20, 0, b""), Preamble::default()),
    ] {
        let (one_piece, rest) = read_pieces(&[&[&header[..], REQUEST].concat()]).await;
        assert_eq!((one_piece.unwrap(), rest.as_slice()), (said, REQUEST), "{header:?}");
        let bytes: Vec<&[u8]> = header.chunks(1).chain([REQUEST]).collect();
        let (byte_by_byte, rest) = read_pieces(&bytes).await;
        assert_eq!((byte_by_byte.unwrap(), rest.as_slice()), (said, REQUEST), "{header:?}");
    }
}

#[tokio::test]
async fn what_begins_otherwise_is_left_alone() {
    for bytes in [REQUEST, b"POST /x HTTP/1.1\r\n\r\n", b"", b"\x16\x03\x01\x02\x00", b"\r\n\r\nGET / HTTP/1.1\r\n\r\n"]
    {
        let (said, rest) = read_pieces(&[bytes]).await;
        assert_eq!((said.unwrap(), rest.as_slice()), (Preamble::default(), bytes), "{bytes:?}");
    }
}

#[tokio::test]
async fn headers_that_are_none_end_the_connection() {
    let long = [b"PROXY TCP4 ".as_slice(), &[b'1'; 200]].concat();
    for header in [
        b"PROXY TCP4 203.0.113.9 10.0.0.1 4660\r\n".to_vec(),
        b"PROXY TCP4 2001:db8::9 ::1 4660 443\r\n".to_vec(),
        b"PROXY TCP5 203.0.113.9 10.0.0.1 4660 443\r\n".to_vec(),
        b"PROXY TCP4 203.0.113.9 10.0.0.1 4660 65536\r\n".to_vec(),
        b"PROXY \xff\xfe\r\n".to_vec(),
        long,
        v2(0x11, 0x11, &PLAYER_V4),
        v2(0x2f, 0x11, &PLAYER_V4),
        v2(0x21, 0x11, &PLAYER_V4[..11]),
        v2(0x21, 0x21, &[0; 35]),
        [SIGNATURE_V2, &[0x21, 0x11, 0xff, 0xff]].concat(),
    ] {
        let (said, _) = read_pieces(&[&header]).await;
        assert_eq!(said.unwrap_err().kind(), io::ErrorKind::InvalidData, "{header:?}");
    }
}

#[test]
fn additions_say_whether_the_player_is_encrypted() {
    let with = |additions: &[u8]| parse_v2(0x21, 0x11, &[&PLAYER_V4, additions].concat());
    let authority = [0x02, 0, 3, b'a', b'.', b'b'];
    assert_eq!(with(&authority).unwrap(), says("203.0.113.9", None));
    assert_eq!(
        with(&[&authority[..], &[TLV_SSL, 0, 5, 1, 0, 0, 0, 0]].concat()).unwrap(),
        says("203.0.113.9", Some(true))
    );
    assert_eq!(with(&[TLV_SSL, 0, 5, 0, 0, 0, 0, 1]).unwrap(), says("203.0.113.9", Some(false)));
    assert!(with(&[TLV_SSL, 0, 9, 1]).is_err() && with(&[TLV_SSL, 0]).is_err());
    assert_eq!(parse_v2(0x21, 0x31, &[0; 216]).unwrap(), Preamble::default(), "a socket of the proxy's own machine");
    let mut v6 = [0; 36];
    v6[..2].copy_from_slice(&[0x20, 0x01]);
    assert_eq!(parse_v2(0x21, 0x21, &v6).unwrap(), says("2001::", None));
}

proptest! {
    #[test]
    fn no_bytes_break_the_parsers(command: u8, family: u8, body in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = parse_v2(command, family, &body);
        let _ = parse_v1(&body);
    }
}
