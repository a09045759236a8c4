//! Mutates inputs from a seed: the same seed gives the same inputs everywhere. Knows nothing of
//! their format but the words of a dictionary. Used without coverage; libFuzzer has its own
//! mutations.

/// Most changes made to one input.
const CHANGES_MAX: u64 = 6;

/// Numbers and bytes at which readers go wrong.
const NUMBERS: [&str; 10] = [
    "0",
    "-1",
    "65536",
    "2147483648",
    "-2147483649",
    "18446744073709551615",
    "18446744073709551616",
    "1e999",
    "NaN",
    "00",
];

/// Words that mean something to one reader or another.
pub(crate) const WORDS: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    "[[[[[[[[",
    "{\"a\":",
    ",",
    ":",
    "\"",
    "\\u0000",
    "\\ud800",
    "null",
    "true",
    "\0",
    "\r\n",
    "\n",
    " ",
    "\t",
    ";",
    "=",
    "/",
    "..",
    "%00",
    "://",
    "@",
    "<",
    ">",
    "<data encoding=\"csv\">",
    "</data>",
    "\u{feff}",
    "\u{202e}",
    "\u{301}",
    "\u{1f468}\u{200d}\u{1f469}",
    "\u{fb01}",
    "\u{130}",
    "type",
    "payload",
    "steps",
    "do",
    "item",
    "seq",
    "tick",
    "for=",
    "PROXY ",
];

/// Words that readers of maps stumble over.
pub(crate) const WORDS_OF_TILED: &[&str] = &[
    "0",
    "-1",
    "1",
    "4096",
    "4097",
    "65536",
    "2147483647",
    "4294967295",
    "18446744073709551616",
    "1e9",
    "1e308",
    "NaN",
    "-inf",
    "<",
    ">",
    "/>",
    "\"",
    "'",
    "&",
    "&#0;",
    "&#x10ffff;",
    "]]>",
    "<!--",
    "-->",
    "<![CDATA[",
    "<?",
    "?>",
    "<map>",
    "</map>",
    "<group>",
    "<layer>",
    "<data>",
    "<chunk/>",
    "<tile gid=\"1\"/>",
    "<tileset source=\"t.tsx\"/>",
    "template=\"a.tx\"",
    "encoding=\"base64\"",
    "compression=\"zstd\"",
    "infinite=\"1\"",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "null",
    "\\u0000",
    "\0",
    "\n",
    "\u{feff}",
    "\u{202e}",
    "UTF-16",
    "../",
    "\n=== t.tsx\n",
    "\n=== a.tx\n",
    "a.tx",
    "map.tmx",
];

/// A stream of numbers (SplitMix64).
#[derive(Debug, Clone)]
pub struct Chance(u64);

impl Chance {
    /// The stream of a seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`, which is not 0.
    fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    fn of<'a, T: ?Sized>(&mut self, all: &[&'a T]) -> &'a T {
        all[self.below(all.len())]
    }
}

/// A new input of at most `len_max` bytes: one of `corpus`, changed in a few places, also by some
/// of the `words`.
#[must_use]
pub fn mutated(corpus: &[Vec<u8>], words: &[&str], len_max: usize, chance: &mut Chance) -> Vec<u8> {
    let mut input = match corpus.len() {
        0 => Vec::new(),
        len => corpus[chance.below(len)].clone(),
    };
    for _ in 0..=chance.next() % CHANGES_MAX {
        change(&mut input, words, corpus, chance);
    }
    input.truncate(len_max);
    input
}

fn change(input: &mut Vec<u8>, words: &[&str], corpus: &[Vec<u8>], chance: &mut Chance) {
    let at = chance.below(input.len() + 1);
    let end = (at + 1 + chance.below(32)).min(input.len());
    match chance.below(11) {
        0 if at < input.len() => input[at] ^= 1 << chance.below(8),
        1 if at < input.len() => input[at] = [0, 1, 0x7f, 0x80, 0xff, b'0', b'"'][chance.below(7)],
        2 => drop(input.drain(at.min(end)..end)),
        3 => {
            let again = input[at.min(end)..end].to_vec();
            input.splice(at..at, again);
        }
        4 => insert(input, at, chance.of(words).as_bytes()),
        5 => {
            // A number in place of a number, where there is one.
            let digits = input[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
            input.splice(at..at + digits, chance.of(&NUMBERS).bytes());
        }
        6 if !corpus.is_empty() => {
            let other = &corpus[chance.below(corpus.len())];
            let from = chance.below(other.len() + 1);
            input.truncate(at);
            input.extend_from_slice(&other[from..]);
        }
        7 => input.truncate(at),
        8 => insert(input, at, &chance.next().to_le_bytes()[..1 + chance.below(8)]),
        9 => {
            // The same over and over, until a bound is reached.
            let piece = input[at.min(end)..end].to_vec();
            let times = 1 << chance.below(9);
            input.splice(at..at, piece.repeat(times));
        }
        _ => insert(input, at, &vec![0xff; 1 + chance.below(9)]),
    }
}

fn insert(input: &mut Vec<u8>, at: usize, bytes: &[u8]) {
    input.splice(at..at, bytes.iter().copied());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_inputs_and_none_is_too_long() {
        let corpus = [b"{\"type\":\"resync\"}".to_vec(), vec![1, 2, 3]];
        let run = |seed| {
            let mut chance = Chance::new(seed);
            (0..500).map(|_| mutated(&corpus, WORDS, 200, &mut chance)).collect::<Vec<_>>()
        };
        assert_eq!(run(1), run(1));
        assert_ne!(run(1), run(2));
        assert!(run(3).iter().all(|input| input.len() <= 200));
        assert!(mutated(&[], WORDS, 10, &mut Chance::new(4)).len() <= 10);
    }
}
