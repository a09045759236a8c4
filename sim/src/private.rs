//! Diff: what only one session gets: changes of its private state, what it heard, the answer to an attach, and its
//! surroundings where the shared delta of its cell does not do.

use std::sync::Arc;

use bevy_ecs::prelude::*;
use rustc_hash::FxHashMap;
use tilemud_schema::{Effect, SelfState, StateDelta};

use crate::api::{Attached, CellId, PrivateDelta, View};
use crate::body::{Face, Stamps};
use crate::character::Character;
use crate::diff::{Change, Sight};
use crate::limits::{SPENT_EFFECTS_MAX, SPENT_VIEWS_MAX, VIEW_ROOM};
use crate::session::{Attention, Outlook, Session, ViewPoint};
use crate::tick::{Clock, TickPhase};

/// The private deltas of the tick, ascending by session.
#[derive(Resource, Debug, Default)]
pub struct PrivateDeltas {
    /// All of them.
    pub deltas: Vec<PrivateDelta>,
    /// Views made in this tick: from which cell, and what was held before (`None`: nothing).
    views: FxHashMap<(CellId, Option<ViewPoint>), Arc<StateDelta>>,
    /// Of earlier ticks, with empty lists and held by nobody else.
    spent_views: Vec<Arc<StateDelta>>,
    /// Of earlier ticks, empty.
    spent_effects: Vec<Vec<Arc<Effect>>>,
}

impl PrivateDeltas {
    /// Takes in emptied deltas, for their memory.
    pub fn reuse(&mut self, mut deltas: Vec<PrivateDelta>) {
        for PrivateDelta { view, effects, .. } in deltas.drain(..) {
            if let View::Own(view) = view
                && self.spent_views.len() < SPENT_VIEWS_MAX
            {
                self.spent_views.push(view);
            }
            if effects.capacity() > 0 && self.spent_effects.len() < SPENT_EFFECTS_MAX {
                self.spent_effects.push(effects);
            }
        }
        self.deltas = deltas;
    }
}

/// Adds private deltas to a world.
pub fn install(world: &mut World, schedule: &mut Schedule) {
    world.init_resource::<PrivateDeltas>();
    schedule.add_systems((diff_sessions.in_set(TickPhase::Diff), release_attention.in_set(TickPhase::Emit)));
}

fn diff_sessions(
    clock: Res<Clock>,
    attention: Res<Attention>,
    output: ResMut<PrivateDeltas>,
    mut sight: Sight,
    sessions: Query<(&Session, &Character, &Face, &Stamps)>,
) {
    let PrivateDeltas { deltas, views, spent_views, spent_effects } = output.into_inner();
    for &(key, entity) in attention.noticed() {
        // Those that left meanwhile get nothing more.
        let Ok((session, character, face, stamps)) = sessions.get(entity) else { continue };
        let Some(ViewPoint { cell, .. }) = session.view() else { continue };
        let last_tick = clock.tick - 1;
        let (own, view, missed) = match session.outlook {
            Outlook::Shared => (character.own_changes(face, stamps, last_tick), View::Shared, last_tick),
            Outlook::All => {
                let view = views.entry((cell, None));
                let view = view.or_insert_with(|| {
                    view_of(&clock, true, spent_views.pop(), |change| sight.everything(cell, change))
                });
                (Some(character.own_state(face)), View::Own(view.clone()), last_tick)
            }
            Outlook::Since { held, missed, .. } => {
                let view = views.entry((cell, Some(held)));
                let view = view.or_insert_with(|| {
                    view_of(&clock, false, spent_views.pop(), |change| {
                        change.enter.reserve(VIEW_ROOM);
                        change.leave.reserve(VIEW_ROOM);
                        sight.since(held, cell, change);
                    })
                });
                (character.own_changes(face, stamps, missed), View::Own(view.clone()), missed)
            }
        };
        let mut heard = session.heard_since(missed).peekable();
        let mut effects = if heard.peek().is_some() { spent_effects.pop().unwrap_or_default() } else { Vec::new() };
        effects.extend(heard.cloned());
        let attached = session.attach.map(|_| Attached {
            entity_id: face.0.id,
            last_seq: session.numbers.last,
            is_delta: matches!(session.outlook, Outlook::Since { is_resume: true, .. }),
        });
        if has_news(&own, &view, !effects.is_empty() || attached.is_some()) {
            deltas.push(PrivateDelta { session: key, cell, own, view, effects, attached });
        }
    }
    views.clear();
}

/// A view in the memory of a spent one.
fn view_of(clock: &Clock, full: bool, spent: Option<Arc<StateDelta>>, fill: impl FnOnce(Change)) -> Arc<StateDelta> {
    let mut view = spent.unwrap_or_default();
    let delta = Arc::make_mut(&mut view);
    (delta.tick, delta.full) = (clock.tick, full);
    fill(Change::from(delta));
    view
}

fn has_news(own: &Option<SelfState>, view: &View, has_more: bool) -> bool {
    has_more || own.is_some() || *view != View::Shared
}

fn release_attention(mut attention: ResMut<Attention>, mut sessions: Query<&mut Session>) {
    for (_, entity) in attention.noticed() {
        if let Ok(mut session) = sessions.get_mut(*entity) {
            session.is_noticed = false;
            session.wants_all = false;
            session.attach = None;
            session.outlook = Outlook::Shared;
        }
    }
    attention.clear();
}
