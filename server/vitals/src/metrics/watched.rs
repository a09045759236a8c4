//! Figures that somebody else keeps, read whenever the page is made: how long the certificate of the port is still good for
//! (absent without TLS), and how many log lines were lost. The sources are given at the start.

use std::sync::OnceLock;
use std::sync::atomic::Ordering;

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;

use super::list::{Labels, List};

type Source<T> = OnceLock<Box<dyn Fn() -> T + Send + Sync>>;

pub struct Watched {
    certificate_expiry: Family<Labels, Gauge>,
    certificate: Source<Option<i64>>,
    log_lines_dropped: Counter,
    log_lines: Source<u64>,
}

impl Watched {
    pub(super) fn registered(list: &mut List) -> Self {
        Self {
            certificate_expiry: list.add(
                "tls_certificate_expiry_seconds",
                "Seconds until the certificate of the port ends, negative when it has; absent without TLS",
            ),
            certificate: OnceLock::new(),
            log_lines_dropped: list.add("log_lines_dropped", "Log lines lost because the writer was behind"),
            log_lines: OnceLock::new(),
        }
    }

    /// Where to read the seconds that are left of the certificate. The first source given stays.
    pub fn certificate(&self, source: impl Fn() -> Option<i64> + Send + Sync + 'static) {
        let _ = self.certificate.set(Box::new(source));
    }

    /// Where to read how many log lines were lost so far. The first source given stays.
    pub fn log_lines_dropped(&self, source: impl Fn() -> u64 + Send + Sync + 'static) {
        // A second source would make the counter go back.
        let _ = self.log_lines.set(Box::new(source));
    }

    pub(super) fn read(&self) {
        if let Some(remaining_s) = self.certificate.get().and_then(|source| source()) {
            self.certificate_expiry.get_or_create(&[("certificate", "server")]).set(remaining_s);
        }
        if let Some(source) = self.log_lines.get() {
            self.log_lines_dropped.inner().fetch_max(source(), Ordering::Relaxed);
        }
    }
}
