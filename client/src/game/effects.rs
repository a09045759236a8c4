//! Effects of a state delta: what happens once. Chat goes to the log and above the head, changes of
//! health above the head, noises to the sound.

use tilemud_schema::{ChatChannel, Effect};

use super::Game;
use crate::gestures;
use crate::overhead::{Overhead, Shown};
use crate::sound::Noise;

/// Noises kept for the next drawn frame; of more the newest are left out.
const NOISES_MAX: usize = 8;
/// Older noises than this are not played any more, seconds: nothing is drawn in a hidden tab.
const NOISE_S: f64 = 0.5;
/// What the player's own wounds sound like.
const HURT: &str = "hurt";

impl Game {
    pub(super) fn play(&mut self, effects: &[Effect]) {
        for effect in effects {
            match effect {
                Effect::Chat { channel, from, id, text } => {
                    self.talk.heard(from, *channel, text, self.now_s);
                    if let Some(id) = id.filter(|_| *channel == ChatChannel::Say) {
                        self.overhead.show(id, Shown::Words(text.clone()), self.now_s);
                    }
                }
                Effect::Damage { id, amount } => {
                    self.overhead.show(*id, Shown::Number(amount.saturating_neg()), self.now_s);
                    if self.session.entity_id() == Some(*id) {
                        self.make(Noise::at(HURT.into(), 0));
                    }
                }
                Effect::Heal { id, amount } => self.overhead.show(*id, Shown::Number(*amount), self.now_s),
                Effect::Sound { x, y, name } => {
                    let tiles = self.predicted().map_or(0, |at| (x - at.x).abs().max((y - at.y).abs()));
                    self.make(Noise::at(name.clone(), tiles));
                }
                other => self.log(other),
            }
        }
    }

    /// Logs effects that are neither chat nor noise.
    fn log(&mut self, effect: &Effect) {
        if let Effect::Missed { lines } = effect {
            self.talk.missed(*lines, self.now_s);
        } else if let Some((id, gesture)) = gestures::seen(effect)
            && let Some(entity) = self.surroundings.entities.get(&id)
        {
            self.talk.seen(&entity.name, gesture.phrase, self.now_s);
            self.overhead.show(id, Shown::Picture(gesture.sign), self.now_s);
        }
    }

    fn make(&mut self, noise: Noise) {
        self.noises.retain(|(at_s, _)| self.now_s - at_s < NOISE_S);
        if self.noises.len() < NOISES_MAX {
            self.noises.push((self.now_s, noise));
        }
    }

    /// What is to be heard with this frame.
    pub fn take_noises(&mut self) -> Vec<Noise> {
        let fresh = self.noises.drain(..).filter(|(at_s, _)| self.now_s - at_s < NOISE_S);
        fresh.map(|(_, noise)| noise).collect()
    }

    /// What is above somebody for a time.
    #[must_use]
    pub fn overhead(&self) -> &Overhead {
        &self.overhead
    }
}
