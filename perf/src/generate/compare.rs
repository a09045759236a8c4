//! What the sampled sessions were shown, held against what is there, after the last move.

use anyhow::Result;

use super::Generator;
use super::link::Buffer;
use super::plan::SECOND_NS;
use super::session::{Session, Stage};

/// Time for the sample to be shown all there is.
const COMPARE_TIMEOUT_NS: u64 = 10 * SECOND_NS;

impl Generator {
    /// Holds what the sampled sessions hold against what the server says is there, and that against
    /// where everybody went.
    pub(super) fn compare(&mut self, buffer: &mut Buffer) -> Result<()> {
        // The mark of a quiet second comes after everything that was still to be shown.
        let shown = self.newest_acked + self.tick_hz;
        let deadline_ns = self.now_ns() + COMPARE_TIMEOUT_NS;
        let lags = |generator: &Self| {
            generator.sampled().any(|session| generator.sessions[session].tick.is_none_or(|tick| tick < shown))
        };
        while lags(self) && self.now_ns() < deadline_ns {
            self.pump(deadline_ns, buffer)?;
        }
        self.compares = true;
        let asked = self.ask_for_full()?;
        let deadline_ns = self.now_ns() + COMPARE_TIMEOUT_NS;
        while self.compared < asked && self.now_ns() < deadline_ns {
            self.pump(deadline_ns, buffer)?;
        }
        if self.compared < asked {
            let compared = self.compared;
            self.tally.fault("not compared", || format!("{compared} of {asked} sampled sessions got a full delta"));
        }
        for session in self.sampled().collect::<Vec<_>>() {
            let Some(view) = &self.sessions[session].view else { continue };
            let own = self.sessions[session].position;
            if view.position != Some(own) {
                self.tally
                    .fault("not where it went", || format!("session {session} at {:?}, not {own:?}", view.position));
            }
            for entity in view.entities() {
                let Some(&other) = self.entities.get(&entity.id) else { continue };
                let went = self.sessions[other].position;
                if (entity.x, entity.y) != (went.x, went.y) {
                    self.tally.fault("seen elsewhere", || format!("{other} by {session} at {entity:?}, not {went:?}"));
                }
            }
        }
        Ok(())
    }

    /// The live sessions that keep what they see.
    pub(super) fn sampled(&self) -> impl Iterator<Item = usize> {
        let live = |(index, session): (usize, &Session)| {
            (session.view.is_some() && session.stage == Stage::Live).then_some(index)
        };
        self.sessions.iter().enumerate().filter_map(live)
    }
}
