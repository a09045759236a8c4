//! Observe: decides for every session which delta of its surroundings it gets in this tick. Most
//! get the delta of their cell. Those that need everything, that resume, or that went to another
//! cell get a view of their own.
//!
//! A full delta is expensive and a request for it (a resync, a gap) is cheap, so each session gets
//! at most one a second. Further requests wait and get one answer together when the second is over.
//! The full delta of a join or an attach is no request and never waits.

use bevy_ecs::prelude::*;
use tilemud_schema::Tick;

use crate::api::{CellId, TickPhase};
use crate::limits::RESUME_TICKS;
use crate::world::body::TilePosition;
use crate::world::chunks::Chunks;
use crate::world::clock::Clock;
use crate::world::session::{DirtySessions, Outlook, Session, ViewPoint};
use crate::world::viewers::{Roaming, Viewers, Waiting};

/// Adds views to a world that has [`Chunks`].
pub fn install(world: &mut World, schedule: &mut Schedule) {
    let viewers = Viewers::new(world.resource::<Chunks>().grid().len());
    world.insert_resource(viewers);
    world.init_resource::<Roaming>();
    schedule.add_systems(turn_views.in_set(TickPhase::Observe));
}

fn turn_views(
    clock: Res<Clock>,
    chunks: Res<Chunks>,
    mut viewers: ResMut<Viewers>,
    mut roaming: ResMut<Roaming>,
    mut dirty_sessions: ResMut<DirtySessions>,
    mut sessions: Query<(&mut Session, &TilePosition)>,
    (waiting, mut commands): (Query<(Entity, &Waiting)>, Commands),
) {
    if clock.is_due() {
        roaming.0.entities().iter().for_each(|entity| dirty_sessions.notice(*entity));
        roaming.0.clear();
    }
    for (entity, _) in waiting.iter().filter(|(_, waiting)| waiting.turn <= clock.tick) {
        commands.entity(entity).remove::<Waiting>();
        dirty_sessions.notice(entity);
    }
    let DirtySessions { noticed, sorted, .. } = &mut *dirty_sessions;
    for &entity in noticed.entities() {
        let Ok((mut session, position)) = sessions.get_mut(entity) else { continue };
        sorted.push((session.key, entity));
        let cell = chunks.grid().cell_of(position.tile);
        session.outlook = settle(&session, cell, &clock, &chunks);
        let is_wish = session.wants_all && session.view().is_some();
        if session.outlook != Outlook::Cell {
            if let Some(view) = session.view() {
                viewers.remove(view.cell);
            }
            viewers.add(cell);
            session.look_from(ViewPoint { tick: clock.tick, cell });
        }
        if is_wish && session.outlook == Outlook::All {
            session.full_sent = Some(clock.tick);
        } else if is_wish && !waiting.get(entity).is_ok_and(|(_, waiting)| waiting.turn > clock.tick) {
            commands.entity(entity).insert(Waiting { turn: next_turn(&session, &clock) });
        }
        let view = session.view().expect("a session is told everything in the tick it joins");
        let needs_own_later = !clock.is_due() && (view.cell != cell || view.tick > clock.last_due);
        if needs_own_later {
            roaming.0.insert(entity);
        }
    }
    sorted.sort_unstable();
}

fn settle(session: &Session, cell: CellId, clock: &Clock, chunks: &Chunks) -> Outlook {
    let Some(view) = session.view() else { return Outlook::All };
    if session.wants_all && (session.attach.is_some() || next_turn(session, clock) <= clock.tick) {
        return Outlook::All;
    }
    if let Some(request) = session.attach {
        let resume = request.last_tick.and_then(|last_tick| resume(session, last_tick, clock, chunks));
        return resume.unwrap_or(Outlook::All);
    }
    if clock.is_due() && (view.cell != cell || view.tick > clock.last_due) {
        let held = ViewPoint { tick: view.tick.max(clock.last_due), cell: view.cell };
        return Outlook::Since { held, missed: clock.tick - 1, is_resume: false };
    }
    Outlook::Cell
}

/// The first tick in which a request for a full delta may be fulfilled.
fn next_turn(session: &Session, clock: &Clock) -> Tick {
    session.full_sent.map_or(0, |tick| tick + u64::from(clock.second()))
}

/// The view a client holds that applied everything up to `last_tick`, if all that changed since is
/// on record.
fn resume(session: &Session, last_tick: Tick, clock: &Clock, chunks: &Chunks) -> Option<Outlook> {
    if last_tick >= clock.tick {
        return None;
    }
    let view = session.view_at(last_tick)?;
    let held = ViewPoint { tick: view.tick.max(clock.due_at_or_before(last_tick)), cell: view.cell };
    let is_recent = held.tick + RESUME_TICKS >= clock.tick;
    (is_recent && chunks.remembers(held.tick)).then_some(Outlook::Since { held, missed: last_tick, is_resume: true })
}
