//! Sound: synthesises the samples of each noise, so that there are no recordings, and plays them
//! and the world's music unless the player has turned sound off. A noise that cannot be played now
//! is dropped.

#[cfg_attr(target_arch = "wasm32", path = "web.rs")]
#[cfg_attr(not(target_arch = "wasm32"), path = "native.rs")]
mod device;
mod music;
#[cfg(not(target_arch = "wasm32"))]
mod wav;

use std::sync::Arc;

use music::Music;
pub use music::Piece;

/// Samples a second.
const RATE_HZ: u32 = 22_050;
/// Loudest sample, of 1.
const PEAK: f32 = 0.3;
/// Time a noise takes to swell, seconds: at once would be a click.
const ATTACK_S: f32 = 0.006;
/// Tiles at which a noise has half its loudness.
const HALF_TILES: f32 = 5.0;

/// Something to be heard.
#[derive(Debug, Clone, PartialEq)]
pub struct Noise {
    /// Which, as the server calls it.
    pub name: Arc<str>,
    /// How loud, 0 to 1.
    pub loudness: f32,
}

impl Noise {
    /// A noise at this distance, tiles.
    #[must_use]
    pub fn at(name: Arc<str>, tiles: i32) -> Self {
        Self { name, loudness: HALF_TILES / (HALF_TILES + tiles.max(0) as f32) }
    }
}

/// Plays noises, or keeps silent.
pub struct Speaker {
    device: device::Device,
    music: Music<device::Track>,
    /// Whether anything is to be heard.
    pub on: bool,
    /// How loud music is, percent.
    pub music_percent: u8,
}

impl Speaker {
    /// A speaker that is on or off. The device is opened with the first noise.
    #[must_use]
    pub fn new(on: bool, music_percent: u8) -> Self {
        Self { device: device::Device::default(), music: Music::default(), on, music_percent }
    }

    /// Whether music would be heard.
    #[must_use]
    pub fn plays_music(&self) -> bool {
        self.on && self.music_percent > 0
    }

    /// Lets this piece be heard, and no other, for so long.
    pub fn follow(&mut self, piece: Option<&Piece>, dt_s: f64) {
        // Loudness is heard by its square, more or less.
        let loudness = (f32::from(self.music_percent.min(100)) / 100.0).powi(2);
        let piece = piece.filter(|_| self.plays_music());
        self.music.follow(piece, loudness, dt_s, |file| self.device.begin(file));
    }

    /// The player does something.
    pub fn touched(&self) {
        self.device.touched();
    }

    /// Plays these at once.
    pub fn play(&mut self, noises: &[Noise]) {
        for noise in noises.iter().filter(|_| self.on) {
            self.device.play(&samples(noise));
        }
    }
}

/// How a noise is made.
#[derive(Debug, Clone, Copy)]
struct Tone {
    name: &'static str,
    /// Pitch at its start and at its end.
    from_hz: f32,
    to_hz: f32,
    seconds: f32,
    /// How much of it is a hiss, 0 to 1.
    hiss: f32,
}

const fn tone(name: &'static str, from_hz: f32, to_hz: f32, seconds: f32, hiss: f32) -> Tone {
    Tone { name, from_hz, to_hz, seconds, hiss }
}

const TONES: [Tone; 9] = [
    tone("take", 520.0, 880.0, 0.14, 0.0),
    tone("drop", 330.0, 150.0, 0.16, 0.2),
    tone("eat", 240.0, 180.0, 0.2, 0.7),
    tone("give", 600.0, 760.0, 0.2, 0.0),
    tone("door_open", 150.0, 230.0, 0.3, 0.4),
    tone("door_close", 210.0, 90.0, 0.22, 0.5),
    tone("place", 170.0, 110.0, 0.18, 0.6),
    tone("remove", 130.0, 210.0, 0.18, 0.6),
    tone("hurt", 300.0, 120.0, 0.24, 0.3),
];

/// For a noise that this client does not know: a short tick.
const UNKNOWN: Tone = tone("", 700.0, 600.0, 0.06, 0.1);

/// The samples of a noise, each from -1 to 1.
fn samples(noise: &Noise) -> Vec<f32> {
    let tone = TONES.iter().find(|tone| *tone.name == *noise.name).unwrap_or(&UNKNOWN);
    let count = (tone.seconds * RATE_HZ as f32) as usize;
    let (mut phase, mut seed) = (0.0_f32, 0x2545_f491_u32);
    let sample = |index: usize| {
        let (at, at_s) = (index as f32 / count as f32, index as f32 / RATE_HZ as f32);
        phase = (phase + (tone.from_hz + (tone.to_hz - tone.from_hz) * at) / RATE_HZ as f32).fract();
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let hiss = (seed >> 8) as f32 / (1 << 23) as f32 - 1.0;
        let pure = (phase * std::f32::consts::TAU).sin();
        let envelope = (at_s / ATTACK_S).min(1.0) * (1.0 - at).powi(2);
        (pure * (1.0 - tone.hiss) + hiss * tone.hiss) * envelope * PEAK * noise.loudness.clamp(0.0, 1.0)
    };
    (0..count).map(sample).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn loudest(samples: &[f32]) -> f32 {
        samples.iter().fold(0.0, |loudest, sample| loudest.max(sample.abs()))
    }

    #[test]
    fn every_noise_is_short_can_be_heard_and_begins_and_ends_softly() {
        for name in TONES.iter().map(|tone| tone.name).chain(["thunder"]) {
            let samples = samples(&Noise::at(name.into(), 0));
            assert!((0.05..0.5).contains(&(samples.len() as f32 / RATE_HZ as f32)), "{name}");
            assert!((0.5 * PEAK..=PEAK).contains(&loudest(&samples)), "{name} peaks at {}", loudest(&samples));
            let (head, tail) = (&samples[..4], &samples[samples.len() - 40..]);
            assert!(loudest(head) < 0.1 * PEAK && loudest(tail) < 0.1 * PEAK, "{name} clicks");
        }
    }

    #[test]
    fn what_is_far_away_is_softer() {
        let heard = |tiles| loudest(&samples(&Noise::at("take".into(), tiles)));
        assert!(heard(0) > 1.9 * heard(5) && heard(5) > heard(20) && heard(20) > 0.0);
        assert_eq!(Noise::at("take".into(), -3).loudness, 1.0);
    }

    #[test]
    fn a_speaker_that_is_off_opens_no_device() {
        let mut speaker = Speaker::new(false, 50);
        speaker.play(&[Noise::at("take".into(), 0)]);
        speaker.follow(Some(&Piece { path: "a".to_owned(), file: Arc::from([]) }), 0.1);
        assert!(!speaker.plays_music());
        assert!(!speaker.device.is_open());
    }
}
