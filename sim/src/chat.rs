//! Voices: who hears and sees what happens once. Effects of deeds reach everyone who sees the place; `say` reaches the sessions
//! within earshot, `zone` the world, `whisper` one character; the speaker always hears itself. A whisper that cannot be kept
//! for its listener is refused before it is written down.

use std::sync::Arc;

use bevy_ecs::prelude::*;
use bevy_ecs::system::SystemParam;
use tilemud_schema::{ChatChannel, Details, Effect, ErrorCode, EventPayload, Position};

use crate::api::Refusal;
use crate::body::Scene;
use crate::departure::{Leaving, Roll};
use crate::limits::EARSHOT;
use crate::movement::distance;
use crate::presence::Occupant;
use crate::session::{Attention, Session};

/// What everybody in the world hears in this tick.
#[derive(Resource, Debug, Default)]
pub struct Zone {
    /// In order.
    pub lines: Vec<Arc<Effect>>,
}

/// Adds voices to a world.
pub fn install(world: &mut World) {
    world.init_resource::<Zone>();
}

/// The ears of the sessions.
#[derive(SystemParam)]
pub struct Voices<'w, 's> {
    roll: Res<'w, Roll>,
    leaving: Res<'w, Leaving>,
    zone: ResMut<'w, Zone>,
    attention: ResMut<'w, Attention>,
    sessions: Query<'w, 's, &'static mut Session>,
}

impl Voices<'_, '_> {
    /// Whether nobody hears anything: a replay runs.
    #[must_use]
    pub fn is_unheard(&self) -> bool {
        self.attention.is_off
    }

    /// Sees to it that a session gets something of its own in this tick.
    pub fn notice(&mut self, entity: Entity) {
        if let Ok(mut session) = self.sessions.get_mut(entity) {
            self.attention.notice(&mut session, entity);
        }
    }

    /// Lets everyone perceive an effect who sees the place of it.
    pub fn perceive(&mut self, scene: &Scene, place: Position, effect: Effect) {
        if self.attention.is_off {
            return;
        }
        let (effect, grid) = (Arc::new(effect), scene.chunks.grid());
        for cell in grid.cells(grid.view(grid.cell_of(place))) {
            for Occupant { entity, .. } in scene.chunks.occupants(cell) {
                if let Ok(mut session) = self.sessions.get_mut(*entity) {
                    session.hear(&self.zone, effect.clone());
                    self.attention.notice(&mut session, *entity);
                }
            }
        }
    }
}

/// Says something.
///
/// # Errors
/// TARGET_AWAY when the listener of a whisper is not in the world, is about to leave it, or cannot be told more now.
pub fn speak(
    scene: &mut Scene,
    voices: &mut Voices,
    speaker: Entity,
    channel: ChatChannel,
    text: Arc<str>,
    to: Option<Arc<str>>,
) -> Result<EventPayload, Refusal> {
    let face = scene.face(speaker).ok_or(ErrorCode::SessionNotFound)?;
    let (from, id, place) = (face.0.name.clone(), face.0.id, face.position());
    let effect = Arc::new(Effect::Chat { channel, from, id: Some(id), text: text.clone() });
    let Voices { roll, leaving, zone, attention, sessions } = voices;
    let is_unheard = attention.is_off;
    let mut tell = |entity: Entity, session: &mut Session| {
        if attention.is_off {
            return;
        }
        session.hear(zone, effect.clone());
        attention.notice(session, entity);
    };
    match channel {
        // Words leave no trace in the world: a replay has no need of them.
        ChatChannel::Say | ChatChannel::Zone if is_unheard => {}
        ChatChannel::Say => {
            let grid = scene.chunks.grid();
            for cell in grid.cells(grid.view(grid.cell_of(place))) {
                for occupant in scene.chunks.occupants(cell) {
                    if distance(occupant.position(), place) <= EARSHOT.unsigned_abs()
                        && let Ok(mut session) = sessions.get_mut(occupant.entity)
                    {
                        tell(occupant.entity, &mut session);
                    }
                }
            }
        }
        ChatChannel::Zone => {
            // Told once for everybody: who is in the world is known to whoever delivers it.
            zone.lines.push(effect);
        }
        ChatChannel::Whisper => {
            let can_hear = |listener: &Entity| {
                let session = sessions.get(*listener).ok();
                session.is_some_and(|session| {
                    (*listener == speaker || !session.is_full) && !leaving.sessions.contains(&session.key)
                })
            };
            let listener = to.as_deref().and_then(|name| roll.find(name)).filter(can_hear);
            let listener = listener.ok_or_else(|| unheard(to.as_deref().unwrap_or_default()))?;
            for entity in [Some(speaker), (listener != speaker).then_some(listener)].into_iter().flatten() {
                if let Ok(mut session) = sessions.get_mut(entity) {
                    tell(entity, &mut session);
                }
            }
        }
    }
    Ok(EventPayload::Chat { channel, text, to })
}

fn unheard(to: &str) -> Refusal {
    let details = Details::Unheard { to: to.to_owned(), lines: 1 };
    Refusal { code: ErrorCode::TargetAway, details: Some(details) }
}
