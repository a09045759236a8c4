//! Test only: what a WebSocket may be sent and how it must answer, case by case (RFC 6455, 5 to 8),
//! in the order in which the suite of Autobahn has them: framing, pings, reserved bits, opcodes,
//! fragments, UTF-8, closes. Each case is sent at once and a byte at a time; the reader and the
//! writer are the real ones.

use std::sync::Arc;

use tilemud_schema::Encoding;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::echo::echo;
use super::frame_reader::masked;
use super::reader::Reader;
use crate::outbox::Outbox;
use crate::outbox::writer;

const TEXT: u8 = 0x81;
const BINARY: u8 = 0x82;
const PING: u8 = 0x89;
const PONG: u8 = 0x8a;
const CLOSE: u8 = 0x88;
/// The same that is not the last of its message, and what follows it.
const TEXT_BEGINS: u8 = 0x01;
const BINARY_BEGINS: u8 = 0x02;
const GOES_ON: u8 = 0x00;
const ENDS: u8 = 0x80;

/// A masked frame with this first byte.
pub(super) fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let len = match payload.len() {
        len @ 0..=125 => vec![0x80 | len as u8],
        len @ 126..=0xffff => [&[0x80 | 126], &(len as u16).to_be_bytes()[..]].concat(),
        len => [&[0x80 | 127], &(len as u64).to_be_bytes()[..]].concat(),
    };
    masked(first, &len, payload)
}

/// What came back: each frame as its first byte and its payload, the codes of closes instead of
/// their reasons.
fn frames_of(mut bytes: &[u8]) -> Vec<(u8, Vec<u8>)> {
    let mut frames = Vec::new();
    while let [first, len, rest @ ..] = bytes {
        let (len, rest) = match len {
            126 => (usize::from(u16::from_be_bytes([rest[0], rest[1]])), &rest[2..]),
            127 => panic!("nothing so long is ever sent"),
            // A mask would be a fault of ours.
            len => (usize::from(*len), rest),
        };
        let payload = &rest[..len];
        frames.push((*first, payload[..if *first == CLOSE { len.min(2) } else { len }].to_vec()));
        bytes = &rest[len..];
    }
    assert!(bytes.is_empty(), "half a frame: {bytes:x?}");
    frames
}

/// Sends all of it, `chunk` bytes at a time, and hears all that comes back.
async fn answers(bytes: &[u8], chunk: usize) -> Vec<(u8, Vec<u8>)> {
    let (client, server) = tokio::io::duplex(chunk);
    let (read, write) = tokio::io::split(server);
    let outbox = Arc::new(Outbox::new(Encoding::Json, 40, Arc::default()));
    let writing = tokio::spawn(writer::run(write, Arc::clone(&outbox)));
    let echoing = tokio::spawn(echo(Reader::new(Box::new(read), Arc::clone(&outbox)), outbox));
    let (mut hears, mut says) = tokio::io::split(client);
    let saying = async {
        // Whoever has had enough does not hear the rest.
        let _ = says.write_all(bytes).await;
        let _ = says.shutdown().await;
    };
    let mut answer = Vec::new();
    let (_, heard) = tokio::join!(saying, hears.read_to_end(&mut answer));
    heard.unwrap();
    echoing.await.unwrap();
    writing.await.unwrap();
    frames_of(&answer)
}

struct Case {
    name: String,
    sent: Vec<u8>,
    expected: Vec<(u8, Vec<u8>)>,
}

#[derive(Default)]
struct Cases(Vec<Case>);

impl Cases {
    /// These frames are answered with those, and the close that follows with its like.
    fn good(&mut self, name: impl Into<String>, frames: &[Vec<u8>], answers: &[(u8, &[u8])]) {
        let sent = [frames.concat(), frame(CLOSE, &1000_u16.to_be_bytes())].concat();
        let answers = answers.iter().map(|(first, payload)| (*first, payload.to_vec()));
        let expected = answers.chain([(CLOSE, 1000_u16.to_be_bytes().to_vec())]).collect();
        self.0.push(Case { name: name.into(), sent, expected });
    }

    /// These frames are answered with those, and then the connection is failed with this code,
    /// whatever follows.
    fn bad(&mut self, name: impl Into<String>, frames: &[Vec<u8>], answers: &[(u8, &[u8])], code: u16) {
        let sent = [frames.concat(), frame(TEXT, b"never heard"), frame(PING, b"never heard")].concat();
        let answers = answers.iter().map(|(first, payload)| (*first, payload.to_vec()));
        let expected = answers.chain([(CLOSE, code.to_be_bytes().to_vec())]).collect();
        self.0.push(Case { name: name.into(), sent, expected });
    }
}

/// 1: text and bytes of every length class up to the limit. 2: pings and pongs.
fn framing_and_pings(cases: &mut Cases) {
    for len in [0, 1, 124, 125, 126, 127, 128, 255, 256, 4_000, 4_095, 4_096] {
        let text = vec![b'*'; len];
        cases.good(format!("1.1 text of {len}"), &[frame(TEXT, &text)], &[(TEXT, &text)]);
        let bytes = vec![0xfe; len];
        cases.good(format!("1.2 bytes of {len}"), &[frame(BINARY, &bytes)], &[(BINARY, &bytes)]);
    }
    // Beyond the suite: a length has one form, the shortest (5.2).
    for (len, wide) in [(0, false), (5, false), (125, false), (0, true), (5, true), (200, true), (4_096, true)] {
        let payload = vec![b'*'; len];
        let head = if wide {
            [&[0xff], &(len as u64).to_be_bytes()[..]].concat()
        } else {
            [&[0xfe], &(len as u16).to_be_bytes()[..]].concat()
        };
        for first in [TEXT, BINARY, PING] {
            cases.bad(format!("{len} bytes in a longer form"), &[masked(first, &head, &payload)], &[], 1002);
        }
    }
    let blob: Vec<u8> = (0..125).map(|at| 0xff - at as u8).collect();
    for payload in [&b""[..], b"Hello, world!", &[0, 0xff, 0xfe, 0xfd, 0xfc, 0xfb, 0, 0xff], &blob] {
        cases.good(format!("2.1 to 2.4 ping of {}", payload.len()), &[frame(PING, payload)], &[(PONG, payload)]);
    }
    cases.bad("2.5 ping of 126", &[frame(PING, &[0xfe; 126])], &[], 1002);
    cases.good("2.7 pong nobody asked for", &[frame(PONG, b"")], &[]);
    cases.good("2.8 the same with a payload", &[frame(PONG, b"unsolicited")], &[]);
    let after_a_pong = [frame(PONG, b"unsolicited"), frame(PING, b"asked")];
    cases.good("2.9 a ping after such a pong", &after_a_pong, &[(PONG, b"asked")]);
    let texts: Vec<Vec<u8>> = (0..10).map(|number| format!("payload {number}").into_bytes()).collect();
    let pings: Vec<_> = texts.iter().map(|text| frame(PING, text)).collect();
    let pongs: Vec<_> = texts.iter().map(|text| (PONG, text.as_slice())).collect();
    cases.good("2.10 and 2.11 ten pings", &pings, &pongs);
}

/// 3: reserved bits. 4: opcodes nobody has given a meaning to.
fn reserved(cases: &mut Cases) {
    let before = frame(TEXT, b"Hello");
    let said: [(u8, &[u8]); 1] = [(TEXT, b"Hello")];
    for bits in 1..8 {
        for (what, first) in [("text", TEXT), ("bytes", BINARY), ("ping", PING), ("pong", PONG), ("close", CLOSE)] {
            let name = format!("3 {what} with reserved bits {bits:03b}");
            cases.bad(&name, &[frame(first | bits << 4, b"")], &[], 1002);
            cases.bad(name + " after a text", &[before.clone(), frame(first | bits << 4, b"\x03\xe8")], &said, 1002);
        }
    }
    for opcode in [3, 4, 5, 6, 7, 0xb, 0xc, 0xd, 0xe, 0xf] {
        for payload in [&b""[..], b"payload"] {
            cases.bad(format!("4 opcode {opcode:x}"), &[frame(0x80 | opcode, payload)], &[], 1002);
            let frames = [before.clone(), frame(0x80 | opcode, payload)];
            cases.bad(format!("4 opcode {opcode:x} after a text"), &frames, &said, 1002);
        }
        cases.bad(format!("4 opcode {opcode:x}, not the last"), &[frame(opcode, b"")], &[], 1002);
    }
    // 5.1 of the RFC: whoever masks nothing is no client.
    for first in [TEXT, BINARY, PING, PONG, CLOSE] {
        cases.bad(format!("frame {first:x} without a mask"), &[vec![first, 0]], &[], 1002);
    }
}

/// 5: fragments.
fn fragments(cases: &mut Cases) {
    let (one, two): (&[u8], &[u8]) = (b"fragment1", b"fragment2");
    let whole = [one, two].concat();
    let begins = frame(TEXT_BEGINS, one);
    for control in [PING, PONG, CLOSE] {
        let split = [frame(control & 0x7f, one), frame(ENDS, two)];
        cases.bad(format!("5.1 and 5.2 control frame {control:x} in two"), &split, &[], 1002);
    }
    cases.good("5.3 text in two", &[begins.clone(), frame(ENDS, two)], &[(TEXT, &whole)]);
    let bytes = [frame(BINARY_BEGINS, one), frame(ENDS, two)];
    cases.good("5.4 bytes in two", &bytes, &[(BINARY, &whole)]);
    let ping = frame(PING, b"ping payload");
    let between = [begins.clone(), ping, frame(ENDS, two)];
    cases.good("5.6 a ping in between", &between, &[(PONG, b"ping payload"), (TEXT, &whole)]);
    for first in [GOES_ON, ENDS] {
        let frames = [frame(first, b"non-continuation payload"), frame(TEXT, b"Hello, world!")];
        cases.bad(format!("5.9 to 5.14 nothing goes on, {first:x}"), &frames, &[], 1002);
    }
    let after = [begins.clone(), frame(ENDS, two), frame(GOES_ON, b"fragment3"), frame(ENDS, b"fragment4")];
    cases.bad("5.15 a message, and then nothing goes on", &after, &[(TEXT, &whole)], 1002);
    for first in [GOES_ON, ENDS] {
        let frames = [frame(first, b"fragment1"), begins.clone(), frame(ENDS, two)];
        cases.bad(format!("5.16 and 5.17 nothing goes on before a message, {first:x}"), &frames, &[], 1002);
    }
    for first in [TEXT_BEGINS, TEXT, BINARY_BEGINS, BINARY] {
        let frames = [begins.clone(), frame(first, two)];
        cases.bad(format!("5.18 a message begins within another, {first:x}"), &frames, &[], 1002);
    }
    let five: Vec<Vec<u8>> = (1..=5).map(|number| format!("fragment{number}").into_bytes()).collect();
    let joined = five.concat();
    let in_five = [
        frame(TEXT_BEGINS, &five[0]),
        frame(GOES_ON, &five[1]),
        frame(PING, b"pongme 1!"),
        frame(GOES_ON, &five[2]),
        frame(GOES_ON, &five[3]),
        frame(PING, b"pongme 2!"),
        frame(ENDS, &five[4]),
    ];
    let heard: [(u8, &[u8]); 3] = [(PONG, b"pongme 1!"), (PONG, b"pongme 2!"), (TEXT, &joined)];
    cases.good("5.19 and 5.20 five fragments with two pings", &in_five, &heard);
    let empty = [frame(TEXT_BEGINS, b""), frame(GOES_ON, b""), frame(ENDS, b"")];
    cases.good("6.1 three fragments of nothing", &empty, &[(TEXT, b"")]);
    let middle = [frame(TEXT_BEGINS, b""), frame(GOES_ON, b"middle"), frame(ENDS, b"")];
    cases.good("6.1 one of three says something", &middle, &[(TEXT, b"middle")]);
    let auto: Vec<u8> = vec![b'*'; 4_096];
    let mut pieces: Vec<Vec<u8>> = auto.chunks(1_300).map(|piece| frame(GOES_ON, piece)).collect();
    pieces[0][0] = TEXT_BEGINS;
    pieces.push(frame(ENDS, b""));
    cases.good("10.1 a message in fragments of 1,300", &pieces, &[(TEXT, &auto)]);
}

/// Texts that are UTF-8, those that are not, and those that are the beginning of one.
fn texts() -> (Vec<Vec<u8>>, Vec<Vec<u8>>) {
    let chars = [
        0x0, 0x7f, 0x80, 0x7ff, 0x800, 0xfff, 0x1000, 0xd7ff, 0xe000, 0xfdd0, 0xfeff, 0xfffd, 0xfffe, 0xffff, 0x1_0000,
        0x1_ffff, 0x3_ffff, 0x4_0000, 0xf_ffff, 0x10_0000, 0x10_ffff,
    ];
    let mut good: Vec<Vec<u8>> =
        chars.iter().filter_map(|code| char::from_u32(*code)).map(|char| char.to_string().into_bytes()).collect();
    good.push("\u{3ba}\u{1f79}\u{3c3}\u{3bc}\u{3b5}, all of it".as_bytes().to_vec());
    good.push("e\u{301} \u{1f468}\u{200d}\u{1f469} \u{202e}".as_bytes().to_vec());
    let mut bad: Vec<Vec<u8>> = vec![
        b"\xed\xa0\x80".to_vec(),
        b"\xed\xaf\xbf".to_vec(),
        b"\xed\xb0\x80".to_vec(),
        b"\xed\xbf\xbf".to_vec(),
        b"\xed\xa0\x80\xed\xb0\x80".to_vec(),
        b"\xed\xaf\xbf\xed\xbf\xbf".to_vec(),
        b"\xf4\x90\x80\x80".to_vec(),
        b"\xf7\xbf\xbf\xbf".to_vec(),
        b"\xf8\x88\x80\x80\x80".to_vec(),
        b"\xfc\x84\x80\x80\x80\x80".to_vec(),
        b"\xc0\xaf".to_vec(),
        b"\xc1\xbf".to_vec(),
        b"\xe0\x80\xaf".to_vec(),
        b"\xe0\x9f\xbf".to_vec(),
        b"\xf0\x80\x80\xaf".to_vec(),
        b"\xf0\x8f\xbf\xbf".to_vec(),
        b"\xc0\x80".to_vec(),
    ];
    bad.extend((0x80..=0xbf).step_by(7).map(|byte| vec![byte]));
    bad.extend([0xc0, 0xc1].into_iter().chain(0xf5..=0xff).map(|byte| vec![byte]));
    for whole in ["\u{3ba}", "\u{800}", "\u{ffff}", "\u{10000}", "\u{10ffff}"] {
        let bytes = whole.as_bytes();
        bad.extend((1..bytes.len()).map(|end| bytes[..end].to_vec()));
    }
    (good, bad)
}

/// 6: UTF-8, in one frame, in two, and with a ping in between; each text by itself and among
/// others.
fn utf_8(cases: &mut Cases) {
    let (good, bad) = texts();
    for text in &good {
        for text in [text.clone(), [b"a", &text[..], b"z"].concat()] {
            cases.good(format!("6 good {text:x?}"), &[frame(TEXT, &text)], &[(TEXT, &text)]);
            for at in 0..=text.len() {
                let frames = [frame(TEXT_BEGINS, &text[..at]), frame(PING, b"p"), frame(ENDS, &text[at..])];
                cases.good(format!("6 good {text:x?} cut at {at}"), &frames, &[(PONG, b"p"), (TEXT, &text)]);
            }
        }
    }
    for text in &bad {
        for text in [text.clone(), [b"a", &text[..], b"z"].concat()] {
            cases.bad(format!("6 bad {text:x?}"), &[frame(TEXT, &text)], &[], 1007);
            for at in 0..=text.len() {
                let frames = [frame(TEXT_BEGINS, &text[..at]), frame(ENDS, &text[at..])];
                cases.bad(format!("6 bad {text:x?} cut at {at}"), &frames, &[], 1007);
            }
        }
        // Bytes may be anything.
        cases.good(format!("6 bytes {text:x?}"), &[frame(BINARY, text)], &[(BINARY, text)]);
        // What can no longer become a text is not waited for.
        if std::str::from_utf8(text).is_err_and(|fault| fault.error_len().is_some()) {
            cases.bad(format!("6 bad at once {text:x?}"), &[frame(TEXT_BEGINS, text)], &[], 1007);
        }
    }
}

/// 7: closes.
fn closes(cases: &mut Cases) {
    let close = |code: u16, reason: &[u8]| frame(CLOSE, &[&code.to_be_bytes()[..], reason].concat());
    let hello: (u8, &[u8]) = (TEXT, b"Hello World!");
    cases.bad("7.1 a text and a close", &[frame(TEXT, b"Hello World!"), close(1000, b"")], &[hello], 1000);
    cases.bad("7.1 two closes", &[close(1000, b""), close(1000, b"")], &[], 1000);
    cases.bad("7.1 a ping after the close", &[close(1000, b""), frame(PING, b"")], &[], 1000);
    cases.bad("7.1 a close within a message", &[frame(TEXT_BEGINS, b"fragment1"), close(1000, b"")], &[], 1000);
    cases.bad("7.3 nothing in it", &[frame(CLOSE, b"")], &[], 1000);
    cases.bad("7.3 one byte", &[frame(CLOSE, b"a")], &[], 1002);
    for reason in [&b""[..], b"Hello World!", &[b'*'; 123], "\u{3ba}\u{1f79}\u{3c3}\u{3bc}\u{3b5}".as_bytes()] {
        cases.bad(format!("7.3 a reason of {}", reason.len()), &[close(1000, reason)], &[], 1000);
    }
    cases.bad("7.3 a reason of 124", &[close(1000, &[b'*'; 124])], &[], 1002);
    for reason in texts().1 {
        cases.bad(format!("7.5 the reason {reason:x?}"), &[close(1000, &reason)], &[], 1002);
    }
    for code in
        (0..=u16::MAX).step_by(1_111).chain(990..1_030).chain([1_100, 2_000, 2_999, 3_000, 3_999, 4_000, 4_999, 5_000])
    {
        // RFC 6455, 7.4.1 and the registry that it begins.
        let is_known = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014].contains(&code);
        let answer = if is_known || (3_000..5_000).contains(&code) { code } else { 1002 };
        cases.bad(format!("7.7 and 7.9 code {code}"), &[close(code, b"")], &[], answer);
    }
}

#[tokio::test]
async fn every_case_of_rfc_6455_is_answered_to_the_letter_at_once_and_a_byte_at_a_time() {
    let mut cases = Cases::default();
    framing_and_pings(&mut cases);
    reserved(&mut cases);
    fragments(&mut cases);
    utf_8(&mut cases);
    closes(&mut cases);
    assert!(cases.0.len() >= 301, "only {} cases", cases.0.len());
    let mut wrong = Vec::new();
    for Case { name, sent, expected } in &cases.0 {
        for chunk in [1, 64 * 1024] {
            let heard = answers(sent, chunk).await;
            if heard != *expected {
                wrong.push(format!("{name}, {chunk} at a time: {heard:x?}, not {expected:x?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.0.len(), wrong.join("\n"));
}
