//! Figures that other parts keep, read when the page is made: the remaining life of the port's
//! certificate (absent without TLS), and lost log lines. The sources are set at the start.

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

    /// Sets the source of the certificate's remaining seconds, once.
    pub fn certificate(&self, source: impl Fn() -> Option<i64> + Send + Sync + 'static) {
        let _ = self.certificate.set(Box::new(source));
    }

    /// Sets the source of the number of lost log lines, once.
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
