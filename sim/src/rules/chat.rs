//! Chat: `say` reaches the sessions within earshot, `zone` the world, `whisper` one character; the
//! speaker always hears itself. A whisper that cannot be kept for its listener is refused before it
//! becomes an event.

use std::sync::Arc;

use bevy_ecs::prelude::*;
use tilemud_schema::{ChatChannel, Details, Effect, ErrorCode, IntentOutcome};

use crate::api::Refusal;
use crate::limits::EARSHOT;
use crate::rules::audience::Audience;
use crate::rules::context::Context;
use crate::world::grid::distance;
use crate::world::record::Leave;
use crate::world::session::Session;

/// Says something.
///
/// # Errors
/// TARGET_AWAY when the listener of a whisper is not in the world, is about to leave it, or its
/// mail is full.
pub fn speak(
    context: &mut Context,
    speaker: Entity,
    channel: ChatChannel,
    text: &Arc<str>,
    to: Option<&str>,
) -> Result<IntentOutcome, Refusal> {
    let Context { scene, audience, characters, .. } = context;
    let (id, place) = scene.body(speaker).ok_or(ErrorCode::SessionNotFound)?;
    let character = characters.get(speaker).map_err(|_| ErrorCode::SessionNotFound)?;
    let from = character.own.display_name.clone();
    let effect = Arc::new(Effect::Chat { channel, from, id: Some(id), text: text.clone() });
    let Audience { character_index, leaving, zone, dirty_sessions, sessions } = audience;
    let is_unheard = dirty_sessions.is_off;
    let mut hear = |entity: Entity, session: &mut Session| {
        if dirty_sessions.is_off {
            return;
        }
        session.hear(zone, effect.clone());
        dirty_sessions.notice(entity);
    };
    match channel {
        // Words leave no trace in the world: a replay has no need of them.
        ChatChannel::Say | ChatChannel::Zone if is_unheard => {}
        ChatChannel::Say => {
            let grid = scene.chunks.grid();
            for cell in grid.cells(grid.view(grid.cell_of(place))) {
                for occupant in scene.chunks.occupants(cell) {
                    if distance(occupant.position, place) <= EARSHOT.unsigned_abs()
                        && let Ok(mut session) = sessions.get_mut(occupant.entity)
                    {
                        hear(occupant.entity, &mut session);
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
                    let is_leaving = leaving.iter_current_update_messages().any(|Leave(key)| *key == session.key);
                    (*listener == speaker || !session.is_full) && !is_leaving
                })
            };
            let listener = to.and_then(|name| character_index.find(name)).filter(can_hear);
            let listener = listener.ok_or_else(|| unheard(to.unwrap_or_default()))?;
            for entity in [Some(speaker), (listener != speaker).then_some(listener)].into_iter().flatten() {
                if let Ok(mut session) = sessions.get_mut(entity) {
                    hear(entity, &mut session);
                }
            }
        }
    }
    context.count(speaker, |stats| &mut stats.messages);
    Ok(IntentOutcome::Chat {})
}

fn unheard(to: &str) -> Refusal {
    let details = Details::Unheard { to: to.to_owned(), lines: 1 };
    Refusal { code: ErrorCode::TargetAway, details: Some(details) }
}
