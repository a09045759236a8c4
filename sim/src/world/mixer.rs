//! A small stable hash.

/// A small stable hash: later builds must compute the hashes that earlier ones recorded, so it is
/// written out here. The finaliser is the one of splitmix64 (Steele, Lea, Flood: Fast splittable
/// pseudorandom number generators, 2014).
#[derive(Debug, Clone, Copy)]
pub struct Mixer(u64);

impl Mixer {
    /// Starts a hash; different purposes take different seeds.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(scramble(seed))
    }

    /// Goes on with a hash as [`Self::finish`] gave it.
    #[must_use]
    pub fn resume(hash: u64) -> Self {
        Self(hash)
    }

    /// Takes in a number.
    #[must_use]
    pub fn with(self, value: u64) -> Self {
        Self(scramble(self.0.rotate_left(5) ^ value))
    }

    /// Takes in a text and its length.
    #[must_use]
    pub fn with_text(self, text: &str) -> Self {
        self.with_bytes(text.as_bytes())
    }

    /// Takes in bytes and how many they are.
    #[must_use]
    pub fn with_bytes(self, bytes: &[u8]) -> Self {
        bytes.chunks(8).fold(self.with(bytes.len() as u64), |mixer, chunk| {
            mixer.with(chunk.iter().fold(0, |value, byte| value << 8 | u64::from(*byte)))
        })
    }

    #[must_use]
    pub fn finish(self) -> u64 {
        self.0
    }
}

fn scramble(value: u64) -> u64 {
    let mut z = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_of_texts_do_not_change_between_builds() {
        assert_eq!(Mixer::new(0).finish(), 0xe220_a839_7b1d_cdaf, "first output of splitmix64 for seed 0");
        assert_ne!(
            Mixer::new(1).with_text("ab").with_text("c").finish(),
            Mixer::new(1).with_text("a").with_text("bc").finish()
        );
    }
}
