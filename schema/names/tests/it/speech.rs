//! Tables of what people say, and of what is left out of it.

use proptest::prelude::*;
use tilemud_names::{SpeechFault, said};

#[test]
fn what_people_write_is_said_as_it_was_written() {
    for text in [
        "Hello, is anybody here?",
        "  two  blanks stay ",
        "\u{a1}Hola! \u{bf}Qu\u{e9} tal?",
        "Bonjour\u{202f}! \u{ab}\u{a0}\u{e7}a va\u{a0}\u{bb}",
        "Nguye\u{302}\u{303}n Va\u{306}n",
        "\u{3b1}\u{314}\u{301}\u{345} polytonic",
        "\u{5e9}\u{5dc}\u{5d5}\u{5dd} \u{5e2}\u{5d5}\u{5dc}\u{5dd}",
        "\u{5e9}\u{5c1}\u{5b8}\u{5dc}\u{5d5}\u{5b9}\u{5dd}",
        // Hebrew and Arabic with Latin in them, and with direction marks as keyboards have them.
        "\u{5d0}\u{5e0}\u{5d9} \u{5d0}\u{5d5}\u{5d4}\u{5d1} C++\u{200f}!",
        "\u{645}\u{631}\u{62d}\u{628}\u{627} Ann\u{200e}, \u{643}\u{64a}\u{641}\u{61c}",
        "\u{627}\u{644}\u{644}\u{651}\u{64e}\u{647}\u{650}",
        // Persian with zero width non-joiners, and a joiner at the end of an abbreviation.
        "\u{645}\u{6cc}\u{200c}\u{62e}\u{648}\u{627}\u{647}\u{645}",
        "\u{647}\u{200d}. \u{634}",
        // Hindi, Sinhala and Malayalam with joiners; Thai; Burmese; Tibetan; Khmer.
        "\u{915}\u{94d}\u{200d}\u{937} \u{930}\u{94d}\u{200c}\u{92f}",
        "\u{dc1}\u{dca}\u{200d}\u{dbb}\u{dd3} \u{dbd}\u{d82}\u{d9a}\u{dcf}",
        "\u{e17}\u{e35}\u{e48}\u{e19}\u{e35}\u{e48}",
        "\u{1000}\u{103b}\u{103d}\u{1014}\u{103a}\u{102f}\u{1015}\u{103a}",
        "\u{f56}\u{f66}\u{f92}\u{fb2}\u{f74}\u{f56}\u{f66}",
        "\u{1781}\u{17d2}\u{1789}\u{17bb}\u{17c6}",
        // Hindi, Bengali and Kannada with all that one letter has, in halves; Arabic, and Thai.
        "\u{91c}\u{93c}\u{942}\u{901}\u{951} \u{9a1}\u{9bc}\u{9c7}\u{9be}\u{981}",
        "\u{cab}\u{cbc}\u{cc6}\u{cc2}\u{cd5}\u{c82}",
        "\u{627}\u{654}\u{651}\u{64e}\u{670} \u{e18}\u{e38}\u{e4c}",
        "\u{182e}\u{1823}\u{1829}\u{180b}\u{182d}\u{180e}\u{1820}",
        // Chinese, Japanese with a variant of a name's sign, Korean in either form.
        "\u{4f60}\u{597d}\u{ff0c}\u{3000}\u{4e16}\u{754c}",
        "\u{845b}\u{e0100}\u{57ce}\u{5e02} \u{6b04}\u{fe00}",
        "\u{c548}\u{b155} \u{1112}\u{1161}\u{11ab}",
        // Pictures: with selectors, with skin, a family, a profession, flags of countries and
        // regions, keycaps.
        "\u{2764}\u{fe0f} \u{263a}\u{fe0e}",
        "\u{1f44d}\u{1f3fd}",
        "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}\u{200d}\u{1f466}",
        "\u{1f469}\u{1f3fd}\u{200d}\u{1f680}",
        "\u{1f3f3}\u{fe0f}\u{200d}\u{1f308} \u{2764}\u{fe0f}\u{200d}\u{1f525}",
        "\u{1f1e9}\u{1f1ea}",
        "\u{1f3f4}\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f} wins",
        "\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}\u{1f3f4}\u{e0067}\u{e0062}\u{e0077}\u{e006c}\u{e0073}\u{e007f}",
        "\u{9089}\u{e0101}\u{845b}\u{e0100}\u{8fbb}\u{e0101}\u{6b04}\u{fe00}",
        "1\u{fe0f}\u{20e3} #\u{fe0f}\u{20e3}",
        // Newer than any table, and signs that stand around numbers.
        "\u{1fae9} \u{1faef}",
        "\u{600}\u{661}\u{662}",
        "\u{2211}\u{20d7} x\u{303}",
    ] {
        assert_eq!(said(text).as_deref(), Ok(text));
    }
}

#[test]
fn what_cannot_be_seen_or_turns_text_round_is_left_out() {
    for (text, left) in [
        // Every control of direction; marks of it where nothing runs from right to left.
        ("pay \u{202e}001\u{202c} now", "pay 001 now"),
        ("\u{202a}a\u{202b}b\u{202d}c\u{2066}d\u{2067}e\u{2068}f\u{2069}", "abcdef"),
        ("a\u{200e}b\u{200f}c\u{61c}", "abc"),
        ("\u{5d0}\u{202e}\u{5d1}\u{2067}", "\u{5d0}\u{5d1}"),
        ("\u{5d0}\u{200f}\u{200f}\u{200f}", "\u{5d0}\u{200f}"),
        // Nothing to see: zero width, soft hyphens, fillers, marks of byte order, formats of old,
        // invisible operators.
        ("a\u{200b}b\u{feff}c\u{2060}d\u{ad}e\u{34f}f", "abcdef"),
        ("a\u{115f}\u{1160}\u{3164}\u{ffa0}b\u{2061}\u{206a}\u{fff9}c\u{17b4}", "abc"),
        // Tags without a flag, and more of them than a flag has.
        ("a\u{e0001}\u{e0061}\u{e0062}", "a"),
        ("\u{1f3f4}\u{e0067}\u{e0062}\u{e0062}\u{e0062}\u{e0062}\u{e0062}\u{e0062}\u{e0062}", "\u{1f3f4}"),
        ("\u{1f3f4}\u{e0068}\u{e0069}\u{e0074} at ten", "\u{1f3f4} at ten"),
        ("\u{1f3f4}\u{e0067}\u{e0062}\u{e0041}\u{e007f}\u{e0041}x", "\u{1f3f4}x"),
        ("\u{1f3f4}\u{e007f}\u{1f3f4}\u{e0067}\u{e007f}", "\u{1f3f4}\u{1f3f4}"),
        // Flags that nobody has.
        (
            "\u{1f3f4}\u{e0068}\u{e0069}\u{e0074}\u{e007f}\u{1f3f4}\u{e0067}\u{e0062}\u{e0061}\u{e006e}\u{e0067}\u{e007f}",
            "\u{1f3f4}\u{1f3f4}",
        ),
        ("\u{1f3f4}\u{e0075}\u{e0073}\u{e0074}\u{e0078}\u{e007f}\u{e0067}\u{e007f}x", "\u{1f3f4}x"),
        ("\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e0061}\u{e007f}", "\u{1f3f4}"),
        // More variants of signs than names have.
        (
            "\u{845b}\u{e0100}\u{845b}\u{e01ef}\u{845b}\u{fe00}\u{845b}\u{e0102}\u{845b}\u{e0103}\u{845b}\u{fe01}",
            "\u{845b}\u{e0100}\u{845b}\u{e01ef}\u{845b}\u{fe00}\u{845b}\u{e0102}\u{845b}\u{845b}",
        ),
        // Joiners and selectors where they join and select nothing.
        ("a\u{200d}b\u{200c}c", "abc"),
        ("\u{200d}\u{5d0}\u{200d}\u{200d}\u{200d}", "\u{5d0}"),
        (" \u{fe0f}x\u{fe0f}\u{fe0f}\u{e0100}", " x"),
        // Messages in what is not seen: a selector behind every letter, direction marks by turns,
        // joiners by turns, where a script has none, and between a picture and a letter.
        ("d\u{e0101}\u{f6}\u{fe01}\u{5d0}\u{fe0f}\u{3042}\u{e0102}", "d\u{f6}\u{5d0}\u{3042}"),
        ("1\u{fe00}\u{2764}\u{fe01}\u{2764}\u{e0100}", "1\u{2764}\u{2764}"),
        ("\u{845b}\u{fe0f}\u{845b}\u{e0100}\u{e0101}\u{fe00}", "\u{845b}\u{845b}\u{e0100}"),
        ("a\u{180b}b\u{180e}\u{5d0}\u{180c}\u{1810}\u{180b}", "ab\u{5d0}\u{1810}"),
        ("\u{1820}\u{180b}\u{180c}\u{180e}\u{180e}\u{180b}\u{180e}", "\u{1820}\u{180b}\u{180e}"),
        ("\u{5d0}\u{200e}\u{200f}\u{200e}\u{61c}\u{5d1}", "\u{5d0}\u{200e}\u{5d1}"),
        ("\u{628}\u{200d}\u{200e}\u{200c}\u{200f}\u{200d}\u{628}", "\u{628}\u{200d}\u{200e}\u{628}"),
        ("\u{e9}\u{200d}\u{436}\u{200c}\u{4f60}\u{200d}\u{5d0}\u{200c}!", "\u{e9}\u{436}\u{4f60}\u{5d0}!"),
        ("\u{1f600}\u{200d}x\u{1f600}\u{200c}\u{1f600}\u{200d} ", "\u{1f600}x\u{1f600}\u{1f600} "),
        // Private characters, and what is none.
        ("a\u{e000}b\u{f8ff}c\u{fdd0}d\u{ffff}e\u{10ffff}", "abcde"),
        // A blank that is no space.
        ("a\u{2800}b", "a b"),
        ("a\u{fffc}b", "a b"),
        // Marks: with nothing to stand on, the same again and again, towers.
        ("\u{301}a \u{301}", "a "),
        ("\u{e01}\u{e47}\u{e47}\u{e47}\u{e47}\u{e47}", "\u{e01}\u{e47}"),
        ("\u{e01}\u{e47}\u{e48}\u{e47}\u{e48}\u{e47}", "\u{e01}\u{e47}\u{e48}\u{e47}"),
        ("\u{628}\u{64b}\u{64c}\u{64e}\u{64f}\u{651}\u{652}", "\u{628}\u{64b}\u{64c}\u{64e}\u{64f}"),
        ("\u{915}\u{901}\u{902}\u{951}\u{952}\u{953}\u{954}", "\u{915}\u{901}\u{902}\u{951}\u{952}"),
        ("Z\u{351}\u{36b}\u{343}\u{36a}\u{302}\u{36b}a", "Z\u{351}\u{36b}\u{343}a"),
        (
            "\u{5d0}\u{5b0}\u{5b1}\u{5b2}\u{5b3}\u{5b4}\u{5b5}\u{5b6}\u{5b7}",
            "\u{5d0}\u{5b0}\u{5b1}\u{5b2}\u{5b3}\u{5b4}\u{5b5}",
        ),
        ("\u{1f600}\u{20dd}\u{20de}\u{20df}\u{20e0}", "\u{1f600}\u{20dd}\u{20de}\u{20df}"),
    ] {
        assert_eq!(said(text).as_deref(), Ok(left), "{text:?}");
    }
}

#[test]
fn what_has_nothing_to_see_or_would_leave_its_line_is_not_said() {
    for text in [
        "",
        " ",
        "\u{3000}\u{a0}",
        "\u{200b}",
        "\u{202e}\u{202c}",
        "\u{2800}\u{2800}",
        "\u{fffc}",
        "\u{3164}",
        "\u{ad}\u{feff}",
        "\u{301}\u{302}",
        "\u{200f}\u{200e}",
        "\u{fe0f}",
        "\u{e0061}\u{e007f}",
        "\u{e000}",
        "\u{200d}\u{200c} ",
    ] {
        assert_eq!(said(text), Err(SpeechFault::Nothing), "{text:?}");
    }
    for text in ["a\nb", "a\tb", "\u{0}", "a\u{85}b", "\u{7f}", "a\u{2028}b", "a\u{2029}b", "\u{9b}31m"] {
        assert_eq!(said(text), Err(SpeechFault::Control), "{text:?}");
    }
    assert_eq!(said(&"x".repeat(281)), Err(SpeechFault::TooLong));
    assert!(said(&"\u{1f600}".repeat(280)).is_ok());
}

proptest! {
    #[test]
    fn what_is_said_once_is_said_again_in_the_same_words(text in "\\PC{0,40}") {
        if let Ok(line) = said(&text) {
            prop_assert_eq!(said(&line), Ok(line));
        }
    }

    /// The same of what is hard to tell apart: letters of scripts with and without joiners,
    /// pictures, flags, and all that is not seen.
    #[test]
    fn of_what_is_not_seen_little_stays_and_that_stays(
        text in "([a\u{5d0}\u{628}\u{915}\u{94d}\u{1820}\u{845b}\u{301}\u{1f600}\u{2764}\u{1f3f4} ][\u{200b}-\u{200f}\u{61c}\u{fe00}\u{fe0f}\u{180b}\u{180e}\u{e0100}\u{e0061}\u{e007f}]{0,8}){1,4}"
    ) {
        if let Ok(line) = said(&text) {
            prop_assert_eq!(said(&line), Ok(line.clone()));
            let seen = |c: char| "a\u{5d0}\u{628}\u{915}\u{94d}\u{1820}\u{845b}\u{301}\u{1f600}\u{2764}\u{1f3f4} ".contains(c);
            // A selector, what sets a vowel apart, a joiner and a direction mark; or a flag's code.
            let longest = line.split(seen).map(|unseen| unseen.chars().count()).max();
            prop_assert!(longest <= Some(8), "{:?}", line);
            let is_code = line.contains('\u{e007f}');
            prop_assert!(is_code || longest <= Some(4), "{:?}", line);
        }
    }

    #[test]
    fn no_text_makes_it_panic_and_nothing_is_added(text in any::<String>()) {
        if let Ok(line) = said(&text) {
            prop_assert!(line.chars().count() <= text.chars().count());
        }
    }
}
