//! Where the time of a tick goes. The world has no clock, so it only says which phase has just
//! ended; the caller takes the time.

use bevy_ecs::prelude::*;

use crate::api::TickPhase;

/// Is called as each phase of a tick ends. Cannot change anything in the world.
pub trait TickProbe: Send + Sync + 'static {
    fn tick_begins(&mut self);

    /// All of a phase is done; the next one begins.
    fn phase_ended(&mut self, phase: TickPhase);
}

/// The probe of a world, if it has one.
#[derive(Resource, Default)]
pub(crate) struct Probe(pub(crate) Option<Box<dyn TickProbe>>);

/// Between a phase and the next one.
#[derive(SystemSet, Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct EndOf(TickPhase);

/// Puts the phases of a tick in order, with a call of the probe after each.
pub fn install(world: &mut World, schedule: &mut Schedule) {
    world.init_resource::<Probe>();
    for phase in TickPhase::ALL {
        schedule.configure_sets((phase, EndOf(phase)).chain());
        schedule.add_systems((move |probe: ResMut<Probe>| say_end(phase, probe)).in_set(EndOf(phase)));
    }
    for phases in TickPhase::ALL.windows(2) {
        schedule.configure_sets((EndOf(phases[0]), phases[1]).chain());
    }
}

fn say_end(phase: TickPhase, mut probe: ResMut<Probe>) {
    if let Some(probe) = &mut probe.0 {
        probe.phase_ended(phase);
    }
}

/// Says that a tick begins.
pub(crate) fn say_begin(world: &mut World) {
    if let Some(probe) = &mut world.resource_mut::<Probe>().0 {
        probe.tick_begins();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Sender, channel};
    use std::sync::{Arc, Mutex};

    use super::*;
    use crate::map::Map;
    use crate::sim::{Sim, SimConfig};

    struct Sent(Mutex<Sender<Option<TickPhase>>>);

    impl Sent {
        fn note(&self, what: Option<TickPhase>) {
            self.0.lock().expect("one thread").send(what).expect("somebody listens");
        }
    }

    impl TickProbe for Sent {
        fn tick_begins(&mut self) {
            self.note(None);
        }

        fn phase_ended(&mut self, phase: TickPhase) {
            self.note(Some(phase));
        }
    }

    #[test]
    fn each_phase_of_each_tick_is_told_in_order() {
        let mut sim = Sim::new(Arc::new(Map::open("field", 32, 32)), SimConfig::default());
        let (sender, sent) = channel();
        sim.set_probe(Box::new(Sent(Mutex::new(sender))));
        for _ in 0..2 {
            let _ = sim.tick(&mut Vec::new());
            let tick: Vec<_> = sent.try_iter().collect();
            assert_eq!(tick[0], None);
            assert!(tick[1..].iter().copied().eq(TickPhase::ALL.map(Some)), "{tick:?}");
        }
    }
}
