//! Plays samples and music through the browser's Web Audio. A page may make no noise before its
//! player has touched it; until then the browser keeps silent, and so it does where there is no
//! such thing.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;

use js_sys::Uint8Array;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{AudioBuffer, AudioBufferSourceNode, AudioContext, AudioScheduledSourceNode, GainNode};

use super::{RATE_HZ, music};

/// The page's way to the speakers, from the first noise on.
#[derive(Debug, Default)]
pub struct Device {
    context: Option<AudioContext>,
}

impl Device {
    pub fn play(&mut self, samples: &[f32]) {
        let Some(context) = self.open() else { return };
        // Not being heard is no reason to bother the player.
        drop(start(context, samples));
    }

    /// Begins a piece of music in silence; `None` where there is no sound.
    pub fn begin(&mut self, file: &Arc<[u8]>) -> Option<Track> {
        Track::begin(self.open()?, file).ok()
    }

    /// The player does something: what was kept silent may be heard.
    pub fn touched(&self) {
        if let Some(context) = &self.context {
            drop(context.resume());
        }
    }

    fn open(&mut self) -> Option<&AudioContext> {
        if self.context.is_none() {
            self.context = AudioContext::new().ok();
        }
        self.context.as_ref()
    }
}

/// A piece of music, which the browser decodes.
#[derive(Debug)]
pub struct Track {
    source: AudioBufferSourceNode,
    gain: GainNode,
    ended: Rc<Cell<bool>>,
}

impl Track {
    fn begin(context: &AudioContext, file: &[u8]) -> Result<Self, JsValue> {
        drop(context.resume()?);
        let (gain, source) = (context.create_gain()?, context.create_buffer_source()?);
        gain.gain().set_value(0.0);
        gain.connect_with_audio_node(&context.destination())?;
        source.set_loop(true);
        source.connect_with_audio_node(&gain)?;
        let decoded = context.decode_audio_data(&Uint8Array::from(file).buffer())?;
        let (player, ended) = (source.clone(), Rc::new(Cell::new(false)));
        let is_over = ended.clone();
        spawn_local(async move {
            let Ok(buffer) = JsFuture::from(decoded).await else { return };
            if !is_over.get() {
                player.set_buffer(Some(buffer.unchecked_ref::<AudioBuffer>()));
                drop(player.start());
            }
        });
        Ok(Self { source, gain, ended })
    }
}

impl music::Track for Track {
    fn set_loudness(&self, loudness: f32) {
        self.gain.gain().set_value(loudness.clamp(0.0, 1.0));
    }
}

impl Drop for Track {
    fn drop(&mut self) {
        self.ended.set(true);
        drop(self.gain.disconnect());
        // One that has not begun cannot be stopped.
        drop(self.source.unchecked_ref::<AudioScheduledSourceNode>().stop());
    }
}

fn start(context: &AudioContext, samples: &[f32]) -> Result<(), JsValue> {
    // It is suspended if it was made before the player's first touch.
    drop(context.resume()?);
    let buffer = context.create_buffer(1, samples.len() as u32, RATE_HZ as f32)?;
    buffer.copy_to_channel(samples, 0)?;
    let source = context.create_buffer_source()?;
    source.set_buffer(Some(&buffer));
    source.connect_with_audio_node(&context.destination())?;
    source.start()
}
