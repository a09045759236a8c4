//! stub
#![allow(missing_docs)]
use std::time::Duration;
#[derive(Debug, Default)]
pub struct Metrics;
impl Metrics {
    pub fn frames_sent(&self, _: u64, _: u64) {}
    pub fn reconnect_attempt(&self) {}
    pub fn reconnect_success(&self) {}
    pub fn connect_attempt(&self) {}
    pub fn connect_success(&self) {}
    pub fn version_reject(&self) {}
    pub fn active_sessions(&self, _: u64) {}
    pub fn outbox_overflow(&self) {}
    pub fn intent_applied(&self, _: Option<Duration>) {}
    pub fn intent_refused(&self) {}
    pub fn intent_duplicate(&self) {}
    pub fn tick_p99_us(&self) -> u64 {
        0
    }
    pub fn tick_overruns(&self) -> u64 {
        0
    }
    pub fn render(&self) -> String {
        String::new()
    }
    pub fn tick(&self, _: Duration, _: bool) {}
    pub fn ticks_skipped(&self) {}
    pub fn mailbox_depth(&self, _: u64) {}
    pub fn pipeline_depth(&self, _: u64) {}
    pub fn commit(&self, _: Duration, _: u64) {}
}
