//! The registry while it is filled. Name and help of each metric stand beside its counter.

use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Metric, Registry};

/// The one label of a family.
pub(super) type Labels = [(&'static str, &'static str); 1];

/// The registry while it is filled.
#[derive(Default)]
pub(super) struct List(pub(super) Registry);

impl List {
    /// One whose metrics all have the label of this world.
    pub(super) fn of_world(world: &str) -> Self {
        Self(Registry::with_labels([("world".into(), world.to_owned().into())].into_iter()))
    }

    /// A counter, gauge or family of them.
    pub(super) fn add<M: Metric + Clone + Default>(&mut self, name: &str, help: &str) -> M {
        self.with(name, help, M::default())
    }

    pub(super) fn histogram(&mut self, name: &str, help: &str, bounds: impl IntoIterator<Item = f64>) -> Histogram {
        self.with(name, help, Histogram::new(bounds))
    }

    pub(super) fn with<M: Metric + Clone>(&mut self, name: &str, help: &str, metric: M) -> M {
        self.0.register(name, help, metric.clone());
        metric
    }
}
