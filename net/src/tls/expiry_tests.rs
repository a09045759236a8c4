//! When a certificate ends, and what is said of it.

use std::fmt::Write as _;

use rcgen::{CertificateParams, KeyPair};
use tracing::field::{Field, Visit};
use tracing::span;

use super::*;

/// A certificate that ends in a year.
fn ending(year: i32, key: &KeyPair) -> String {
    let mut params = CertificateParams::new(["play.example.test".to_owned()]).unwrap();
    params.not_before = rcgen::date_time_ymd(2010, 1, 1);
    params.not_after = rcgen::date_time_ymd(year, 1, 1);
    params.self_signed(key).unwrap().pem()
}

/// Keeps levels and messages.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<String>>>);

impl tracing::Subscriber for Lines {
    fn enabled(&self, _: &tracing::Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &tracing::Event<'_>) {
        let mut line = Message(event.metadata().level().to_string());
        event.record(&mut line);
        self.0.lock().push(line.0);
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

struct Message(String);

impl Visit for Message {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        if field.name() == "message" {
            let _ = write!(self.0, " {value:?}");
        }
    }
}

/// What is said of a chain, and whether its certificate is good by the metric.
fn said_of(years: &[i32]) -> (Vec<String>, bool) {
    let (folder, own) = (tempfile::tempdir().unwrap(), KeyPair::generate().unwrap());
    let (cert, key) = (folder.path().join("cert.pem"), folder.path().join("key.pem"));
    std::fs::write(&cert, years.iter().map(|year| ending(*year, &own)).collect::<String>()).unwrap();
    std::fs::write(&key, own.serialize_pem()).unwrap();
    let tls = acceptor(&cert, &key).unwrap();
    let lines = Lines::default();
    tracing::subscriber::with_default(lines.clone(), || tls.warn_of_expiry());
    let said = std::mem::take(&mut *lines.0.lock());
    (said, tls.expires_in_s().unwrap() > 0)
}

#[test]
fn an_old_certificate_further_up_the_chain_is_mentioned_and_the_servers_own_is_warned_of() {
    let (good, old) = (4_000, 2_020);
    assert_eq!(said_of(&[good, good]), (Vec::new(), true));
    let (said, is_good) = said_of(&[good, good, old]);
    assert!(is_good, "browsers take it");
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].starts_with("INFO a certificate further up"), "{said:?}");
    let (said, is_good) = said_of(&[old, good]);
    assert!(!is_good && said.len() == 1 && said[0].starts_with("WARN the TLS certificate has expired"), "{said:?}");
}
