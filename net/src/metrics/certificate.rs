//! How long the certificate of the port is still good for, as a metric. Absent without TLS; the source is given at the start.

use std::sync::OnceLock;

use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;

use super::list::{Labels, List};

type Source = Box<dyn Fn() -> Option<i64> + Send + Sync>;

/// See the module.
pub struct Certificate {
    expiry: Family<Labels, Gauge>,
    source: OnceLock<Source>,
}

impl Certificate {
    pub(super) fn registered(list: &mut List) -> Self {
        let expiry = list.add(
            "tls_certificate_expiry_seconds",
            "Seconds until the certificate of the port ends, negative when it has; absent without TLS",
            Family::default(),
        );
        Self { expiry, source: OnceLock::new() }
    }

    /// Where to read the seconds that are left. The first source given stays.
    pub fn watch(&self, source: impl Fn() -> Option<i64> + Send + Sync + 'static) {
        let _ = self.source.set(Box::new(source));
    }

    pub(super) fn read(&self) {
        if let Some(remaining_s) = self.source.get().and_then(|source| source()) {
            self.expiry.get_or_create(&[("certificate", "server")]).set(remaining_s);
        }
    }
}
