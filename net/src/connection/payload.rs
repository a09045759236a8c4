//! What RFC 6455 demands of payloads: UTF-8 in text, whole or in fragments (8.1), and what a close
//! frame may hold (5.5.1, 7.4). Only checks; the reader reads, answers and ends.

/// Whether `text` is UTF-8, or may become it with what follows. Looks only at what comes after the
/// first `checked` bytes, which moves on to the end of the last whole character. `is_whole`:
/// nothing follows.
pub(super) fn is_text(text: &[u8], checked: &mut usize, is_whole: bool) -> bool {
    match std::str::from_utf8(text.get(*checked..).unwrap_or_default()) {
        Ok(rest) => {
            *checked += rest.len();
            true
        }
        // Without a length of the fault, the end came within a character.
        Err(fault) if fault.error_len().is_none() && !is_whole => {
            *checked += fault.valid_up_to();
            true
        }
        Err(_) => false,
    }
}

/// The code to answer a close frame with: its own, or 1000 where it names none. `None` when it may
/// not be sent as it is: a code of one byte, a code that no endpoint may send, a reason that is not
/// UTF-8.
pub(super) fn close_answer(payload: &[u8]) -> Option<u16> {
    match payload {
        [] => Some(1000),
        [first, second, reason @ ..] => {
            let code = u16::from_be_bytes([*first, *second]);
            (may_be_sent(code) && std::str::from_utf8(reason).is_ok()).then_some(code)
        }
        [_] => None,
    }
}

/// The codes of RFC 6455, 7.4.1, those registered since (1012 to 1014), and those for libraries and
/// applications (7.4.2).
const fn may_be_sent(code: u16) -> bool {
    matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_judged_the_same_however_it_is_cut() {
        let mut texts: Vec<Vec<u8>> = ["", "a", "h\u{e9}llo", "\u{7ff}\u{800}\u{ffff}\u{10000}\u{10ffff}", "\u{0}"]
            .map(|text| text.as_bytes().to_vec())
            .to_vec();
        // Overlong, surrogate, beyond Unicode, a lone continuation, bytes that never occur, cut
        // within a character.
        let bad: [&[u8]; 9] = [
            b"a\xc0\xaf",
            b"\xe0\x80\xaf",
            b"\xf0\x80\x80\xaf",
            b"a\xed\xa0\x80",
            b"\xf4\x90\x80\x80",
            b"\x80",
            b"\xfe",
            b"\xff\xff",
            b"\xce\xba\xe1\xbd",
        ];
        texts.extend(bad.map(<[u8]>::to_vec));
        for text in texts {
            let is_utf_8 = std::str::from_utf8(&text).is_ok();
            for cut in 0..=text.len() {
                for second in cut..=text.len() {
                    let mut checked = 0;
                    let judged = is_text(&text[..cut], &mut checked, false)
                        && is_text(&text[..second], &mut checked, false)
                        && is_text(&text, &mut checked, true);
                    assert_eq!(judged, is_utf_8, "{text:x?} cut at {cut} and {second}");
                }
            }
        }
    }

    #[test]
    fn text_that_cannot_become_utf_8_is_known_at_once() {
        let mut checked = 0;
        assert!(is_text(b"\xce\xba\xf4", &mut checked, false));
        assert_eq!(checked, 2, "the character that is not whole is looked at again");
        assert!(!is_text(b"\xce\xba\xf4\x90", &mut checked, false));
    }

    #[test]
    fn a_close_is_answered_with_its_code_if_that_may_be_sent() {
        for code in 0..=u16::MAX {
            let may = (1000..=1003).contains(&code) || (1007..=1014).contains(&code) || (3000..5000).contains(&code);
            let payload = [&code.to_be_bytes()[..], b"bye"].concat();
            assert_eq!(close_answer(&payload), may.then_some(code), "{code}");
        }
        assert_eq!(close_answer(b""), Some(1000));
        assert_eq!(close_answer(b"\x03"), None);
        assert_eq!(close_answer(b"\x03\xe8\xce\xba\xe1"), None);
    }
}
