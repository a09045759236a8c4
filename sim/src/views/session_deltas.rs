//! Diff: what only one session gets: changes of its own state, what it heard, the answer to an
//! attach, and a view of its own where the delta of its cell does not fit.

use std::sync::Arc;

use bevy_ecs::prelude::*;
use rustc_hash::FxHashMap;
use tilemud_schema::{Effect, SelfState};

use crate::api::{Attached, CellId, Deltas, SessionDelta, TickPhase, View};
use crate::limits::RECYCLED_EFFECTS_MAX;
use crate::reserve::{reserve_ahead, reserve_ahead_in_map};
use crate::views::diff::Sight;
use crate::world::body::Id;
use crate::world::character::CharacterParts;
use crate::world::clock::Clock;
use crate::world::session::{DirtySessions, Outlook, Session, ViewPoint};

/// The session deltas of the tick, ascending by session.
#[derive(Resource, Debug, Default)]
pub struct SessionDeltas {
    pub deltas: Vec<SessionDelta>,
    /// The views that they refer to.
    pub views: Deltas,
    /// Which of them is from which cell, and for what past (`None`: nothing is held).
    known: FxHashMap<(CellId, Option<Past>), usize>,
    /// Emptied lists of earlier ticks.
    recycled_effects: Vec<Vec<Arc<Effect>>>,
}

/// What a session held before, and whether it comes back with that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Past {
    held: ViewPoint,
    is_resume: bool,
}

impl SessionDeltas {
    /// Takes emptied deltas, to use their memory again.
    pub fn recycle(&mut self, mut deltas: Vec<SessionDelta>, views: Deltas) {
        for SessionDelta { effects, .. } in deltas.drain(..) {
            if effects.capacity() > 0 && self.recycled_effects.len() < RECYCLED_EFFECTS_MAX {
                self.recycled_effects.push(effects);
            }
        }
        self.deltas = deltas;
        self.views = views;
    }
}

/// Adds session deltas to a world.
pub fn install(world: &mut World, schedule: &mut Schedule) {
    world.init_resource::<SessionDeltas>();
    schedule.add_systems((diff_sessions.in_set(TickPhase::Diff), clear_dirty_sessions.in_set(TickPhase::Emit)));
}

fn diff_sessions(
    clock: Res<Clock>,
    dirty_sessions: Res<DirtySessions>,
    output: ResMut<SessionDeltas>,
    mut sight: Sight,
    mut sessions: Query<(&mut Session, CharacterParts)>,
    ids: Query<&Id>,
) {
    let SessionDeltas { deltas, views, known, recycled_effects } = output.into_inner();
    for &(key, entity) in &dirty_sessions.sorted {
        let Ok((mut session, character)) = sessions.get_mut(entity) else { continue };
        let Some(ViewPoint { cell, .. }) = session.view() else { continue };
        let last_tick = clock.tick - 1;
        let (own, view) = match session.outlook {
            Outlook::Cell => (character.own_changes(clock.since(last_tick)), View::Cell),
            Outlook::All => {
                let view = *known.entry((cell, None)).or_insert_with(|| {
                    sight.everything(cell, views.open());
                    views.close(cell, true)
                });
                (Some(character.own_state()), View::Own(view))
            }
            Outlook::Since { held, missed, is_resume } => {
                let view = *known.entry((cell, Some(Past { held, is_resume }))).or_insert_with(|| {
                    sight.since(held, cell, views.open());
                    // A connection that has just begun was told nothing of what its client holds.
                    if is_resume {
                        sight.name_all(cell, views.open());
                    }
                    views.close(cell, false)
                });
                (character.own_changes(clock.since(missed)), View::Own(view))
            }
        };
        let mut effects = Vec::new();
        let after_lines = std::mem::take(&mut session.heard_after);
        if !session.heard.is_empty() {
            effects = std::mem::replace(&mut session.heard, recycled_effects.pop().unwrap_or_default());
        }
        let attached = session.attach.and_then(|request| {
            Some(Attached {
                entity_id: ids.get(entity).ok()?.0,
                last_seq: session.numbers.last,
                last_tick: request.last_tick,
                is_delta: matches!(session.outlook, Outlook::Since { is_resume: true, .. }),
            })
        });
        if has_news(&own, &view, !effects.is_empty() || attached.is_some()) {
            deltas.push(SessionDelta { session: key, cell, own, view, effects, after_lines, attached });
        }
    }
    reserve_ahead_in_map(known);
    known.clear();
    views.reserve_ahead();
    if !deltas.is_empty() {
        reserve_ahead(deltas);
    }
}

fn has_news(own: &Option<SelfState>, view: &View, has_more: bool) -> bool {
    has_more || own.is_some() || *view != View::Cell
}

fn clear_dirty_sessions(mut dirty_sessions: ResMut<DirtySessions>, mut sessions: Query<&mut Session>) {
    for (_, entity) in &dirty_sessions.sorted {
        if let Ok(mut session) = sessions.get_mut(*entity) {
            session.wants_all &= session.outlook != Outlook::All;
            session.attach = None;
            session.outlook = Outlook::Cell;
        }
    }
    dirty_sessions.clear();
}
