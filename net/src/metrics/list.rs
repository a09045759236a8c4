//! The registry while it is filled.

use prometheus_client::registry::{Metric, Registry};

/// The one label of a family.
pub(super) type Labels = [(&'static str, &'static str); 1];

/// The registry while it is filled.
pub(super) struct List(pub(super) Registry);

impl List {
    pub(super) fn add<M: Metric + Clone>(&mut self, name: &str, help: &str, metric: M) -> M {
        self.0.register(name, help, metric.clone());
        metric
    }
}
