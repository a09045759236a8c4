//! Plays samples through a program that most desktops have: `aplay` or `pacat`, else `play` of SoX.
//! A library would need its headers to build the client. Without any of these programs the client
//! is silent.

use std::io::Write as _;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use super::RATE_HZ;

/// Noises that may wait; with more of them the newest are left out.
const WAITING_MAX: usize = 4;

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

    /// Whether anything has been played.
    #[cfg(test)]
    pub fn is_open(&self) -> bool {
        self.queue.is_some()
    }
}

/// Plays one noise after the other, until there are no more or no program is there.
fn play_all(noises: &Receiver<Vec<f32>>) {
    while let Ok(samples) = noises.recv() {
        let Some(mut player) = start() else { return };
        let bytes: Vec<u8> = samples.iter().flat_map(|sample| ((sample * 32_767.0) as i16).to_le_bytes()).collect();
        // A program that ends early, for want of a device, takes no more; the next noise tries
        // again.
        drop(player.stdin.take().map(|mut pipe| pipe.write_all(&bytes)));
        drop(player.wait());
    }
}

/// The first program that can be started, waiting for signed 16-bit samples of one channel.
fn start() -> Option<Child> {
    let rate = RATE_HZ.to_string();
    let programs: [(&str, &[&str]); 3] = [
        ("aplay", &["-q", "-t", "raw", "-f", "S16_LE", "-c", "1", "-r", &rate, "-"]),
        ("pacat", &["--playback", "--format=s16le", "--channels=1", "--rate", &rate]),
        ("play", &["-q", "-t", "raw", "-e", "signed", "-b", "16", "-c", "1", "-r", &rate, "-"]),
    ];
    programs.iter().find_map(|(program, arguments)| {
        let mut command = Command::new(program);
        command.args(*arguments).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        command.spawn().ok()
    })
}
