//! Plays samples through the browser's Web Audio. A page may make no noise before its player has
//! touched it; until then the browser keeps silent, and so it does where there is no such thing.

use web_sys::AudioContext;

use super::RATE_HZ;

/// The page's way to the speakers, from the first noise on.
#[derive(Debug, Default)]
pub struct Device {
    context: Option<AudioContext>,
}

impl Device {
    pub fn play(&mut self, samples: &[f32]) {
        if self.context.is_none() {
            self.context = AudioContext::new().ok();
        }
        let Some(context) = &self.context else { return };
        // Not being heard is no reason to bother the player.
        drop(start(context, samples));
    }
}

fn start(context: &AudioContext, samples: &[f32]) -> Result<(), wasm_bindgen::JsValue> {
    // It is suspended if it was made before the player's first touch.
    drop(context.resume()?);
    let buffer = context.create_buffer(1, samples.len() as u32, RATE_HZ as f32)?;
    buffer.copy_to_channel(samples, 0)?;
    let source = context.create_buffer_source()?;
    source.set_buffer(Some(&buffer));
    source.connect_with_audio_node(&context.destination())?;
    source.start()
}
