//! Plays samples through a program that most desktops have: `aplay` or `pacat`, else `play` of SoX.
//! A library would need its headers to build the client. Without any of these programs the client
//! is silent. Of music it plays .wav files; to decode others it would need such libraries too.

use std::io::Write as _;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use super::wav::Wav;
use super::{RATE_HZ, music};

/// Noises that may wait; with more of them the newest are left out.
const WAITING_MAX: usize = 4;
/// How far music is written ahead of what is heard: little, so that it fades when it is to.
const AHEAD: Duration = Duration::from_millis(600);
/// Pieces of music are written in parts of a second.
const PARTS_PER_S: u32 = 20;

/// The way to the thread that plays.
#[derive(Debug, Default)]
pub struct Device {
    queue: Option<SyncSender<Vec<f32>>>,
}

impl Device {
    /// Plays these, unless too much waits already.
    pub fn play(&mut self, samples: &[f32]) {
        let queue = self.queue.get_or_insert_with(|| {
            let (queue, noises) = sync_channel(WAITING_MAX);
            // Without a thread there is no sound, which is no reason to bother the player.
            drop(std::thread::Builder::new().name("sound".to_owned()).spawn(move || play_all(&noises)));
            queue
        });
        drop(queue.try_send(samples.to_vec()));
    }

    /// Begins a piece of music in silence; `None` for a file that cannot be played here.
    pub fn begin(&mut self, file: &Arc<[u8]>) -> Option<Track> {
        let wav = Wav::read(file)?;
        let (loudness, ended) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicBool::new(false)));
        let track = Track { loudness: loudness.clone(), ended: ended.clone() };
        let play = move || play_over_and_over(&wav, &loudness, &ended);
        std::thread::Builder::new().name("music".to_owned()).spawn(play).ok()?;
        Some(track)
    }

    /// The player does something, which is nothing to a program.
    pub fn touched(&self) {}

    /// Whether anything has been played.
    #[cfg(test)]
    pub fn is_open(&self) -> bool {
        self.queue.is_some()
    }
}

/// A piece that a thread of its own plays.
#[derive(Debug)]
pub struct Track {
    /// The bits of a float.
    loudness: Arc<AtomicU32>,
    ended: Arc<AtomicBool>,
}

impl music::Track for Track {
    fn set_loudness(&self, loudness: f32) {
        self.loudness.store(loudness.clamp(0.0, 1.0).to_bits(), Ordering::Relaxed);
    }
}

impl Drop for Track {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::Relaxed);
    }
}

/// Plays one noise after the other, until there are no more or no program is there.
fn play_all(noises: &Receiver<Vec<f32>>) {
    while let Ok(samples) = noises.recv() {
        let Some(mut player) = start(RATE_HZ, 1) else { return };
        let bytes: Vec<u8> = samples.iter().flat_map(|sample| ((sample * 32_767.0) as i16).to_le_bytes()).collect();
        // A program that ends early, for want of a device, takes no more; the next noise tries
        // again.
        drop(player.stdin.take().map(|mut pipe| pipe.write_all(&bytes)));
        drop(player.wait());
    }
}

/// Plays a piece until it is ended or nobody takes it any more.
fn play_over_and_over(wav: &Wav, loudness: &AtomicU32, ended: &AtomicBool) {
    let Some(mut player) = start(wav.rate_hz, wav.channels) else { return };
    let Some(mut pipe) = player.stdin.take() else { return };
    let frames = (wav.rate_hz / PARTS_PER_S).max(1) as usize;
    let count = frames * usize::from(wav.channels);
    let (began, mut parts, mut from, mut level) = (Instant::now(), 0_u32, 0_usize, 0.0_f32);
    while !ended.load(Ordering::Relaxed) {
        let goal = f32::from_bits(loudness.load(Ordering::Relaxed));
        let bytes = part(wav, from, count, (level, goal));
        if pipe.write_all(&bytes).is_err() {
            break;
        }
        (level, from, parts) = (goal, (from + count) % wav.count(), parts.saturating_add(1));
        let written = Duration::from_secs(1) * parts / PARTS_PER_S;
        std::thread::sleep(written.saturating_sub(began.elapsed() + AHEAD));
    }
    drop(pipe);
    drop(player.wait());
}

/// So many samples from one on, as bytes, while their loudness goes from one to another.
fn part(wav: &Wav, from: usize, count: usize, (level, goal): (f32, f32)) -> Vec<u8> {
    let sample = |index: usize| {
        let loudness = level + (goal - level) * index as f32 / count as f32;
        (f32::from(wav.sample(from + index)) * loudness) as i16
    };
    (0..count).flat_map(|index| sample(index).to_le_bytes()).collect()
}

/// The first program that can be started, waiting for signed 16-bit samples.
fn start(rate_hz: u32, channels: u16) -> Option<Child> {
    let (rate, channels) = (rate_hz.to_string(), channels.to_string());
    let pacat_channels = format!("--channels={channels}");
    let programs: [(&str, &[&str]); 3] = [
        ("aplay", &["-q", "-t", "raw", "-f", "S16_LE", "-c", &channels, "-r", &rate, "-"]),
        ("pacat", &["--playback", "--format=s16le", &pacat_channels, "--rate", &rate]),
        ("play", &["-q", "-t", "raw", "-e", "signed", "-b", "16", "-c", &channels, "-r", &rate, "-"]),
    ];
    programs.iter().find_map(|(program, arguments)| {
        let mut command = Command::new(program);
        command.args(*arguments).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        command.spawn().ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_piece_goes_softly_from_one_loudness_to_another_and_on_at_its_begin() {
        let mut file = b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0".to_vec();
        file.extend([0x22, 0x56, 0, 0, 0, 0, 0, 0, 0, 0, 16, 0]);
        file.extend(b"data\x04\0\0\0\xe8\x03\xd0\x07");
        let wav = Wav::read(&Arc::from(file)).expect("a sound");
        let samples = |from, levels| {
            let bytes = part(&wav, from, 4, levels);
            bytes.chunks(2).map(|pair| i16::from_le_bytes([pair[0], pair[1]])).collect::<Vec<_>>()
        };
        assert_eq!(samples(0, (1.0, 1.0)), [1_000, 2_000, 1_000, 2_000]);
        assert_eq!(samples(1, (0.0, 1.0)), [0, 250, 1_000, 750]);
        assert_eq!(samples(0, (0.5, 0.0)), [500, 750, 250, 250]);
    }

    #[test]
    fn a_file_that_is_no_wav_is_not_begun() {
        assert!(Device::default().begin(&Arc::from(*b"OggS")).is_none());
    }
}
