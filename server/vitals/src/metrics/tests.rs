//! Each update shows under its documented name, and the derived values follow from what was
//! recorded.

use tilemud_schema::CloseCode;
use tilemud_sim::api::TickPhase;
use tokio::time::Instant;

use super::*;

/// The value of the line that begins with `name` and a space.
fn value(text: &str, name: &str) -> f64 {
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.unwrap_or_else(|| panic!("{name} is not in:\n{text}")).parse().expect("a number")
}

#[test]
fn the_required_names_are_there_from_the_start() {
    let text = Metrics::default().render();
    for name in [
        "connect_attempts_total",
        "connect_success_total",
        "reconnect_attempts_total",
        "reconnect_success_total",
        "version_reject_total",
        "action_latency_ms_count",
        "action_latency_ms_sum",
        "action_latency_ms_bucket{le=\"200.0\"}",
        "latency_p95",
        "state_refresh_forced_total",
        "active_sessions_gauge",
    ] {
        assert_eq!(value(&text, name), 0.0, "{name}");
    }
    assert_eq!(value(&text, "cache_hit_ratio"), 1.0);
    assert!(text.contains("# TYPE action_latency_ms histogram\n"));
    assert!(text.contains("# TYPE connect_attempts counter\n"));
    assert!(text.ends_with("# EOF\n"));
    assert!(!text.contains("_total_total"));
}

#[test]
fn every_update_shows_under_its_own_name() {
    let metrics = Metrics::default();
    metrics.network.connect_attempts.inc();
    metrics.network.connect_attempts.inc();
    metrics.world(0).sessions.connect_success.inc();
    metrics.world(0).sessions.reconnect_attempt(true);
    metrics.world(0).sessions.reconnect_success(true);
    metrics.network.version_reject(false);
    metrics.network.version_reject(true);
    metrics.network.signed_in_attempts.inc();
    for code in [Some(CloseCode::Protocol), Some(CloseCode::LoggedOut), Some(CloseCode::Protocol), None] {
        metrics.network.realtime_closed(code);
    }
    metrics.world(0).sessions.active_sessions(17);
    metrics.world(0).sessions.intent_applied(Instant::now(), None);
    metrics.world(0).sessions.intents_refused.inc();
    metrics.world(0).sessions.intents_refused.inc();
    metrics.world(0).sessions.intents_duplicate.inc();
    metrics.world(0).sessions.intents_failed.inc_by(4);
    let judged = metrics.judged_worlds().next().expect("there is one world");
    judged.alert(Alert::LatencyHigh, true);
    judged.availability(Some(0.5));
    metrics.world(0).sessions.state_refresh_forced.inc();
    for _ in 0..3 {
        metrics.world(0).sessions.cache_hits.inc();
    }
    metrics.world(0).sessions.cache_misses.inc();
    metrics.world(0).engine.tick(Duration::from_micros(700), false);
    metrics.world(0).engine.tick(Duration::from_millis(70), true);
    metrics.world(0).engine.ticks_skipped.inc();
    metrics.world(0).engine.tick_phase(TickPhase::Diff, Duration::from_nanos(1_500));
    metrics.world(0).engine.fanout(Duration::from_micros(900));
    metrics.world(0).engine.mailbox_depth.set(5);
    metrics.world(0).engine.pipeline_depth.set(2);
    metrics.world(0).engine.commit(Duration::from_micros(300), 40);
    metrics.network.frames_sent(3, 400);
    metrics.network.outbox_overflows.inc();
    let text = metrics.render();
    for (name, expected) in [
        ("connect_attempts_total", 2.0),
        ("connect_success_total", 1.0),
        ("reconnect_attempts_total", 1.0),
        ("reconnect_success_total", 1.0),
        ("version_reject_total", 2.0),
        ("version_reject_signed_in_total", 1.0),
        ("signed_in_attempts_total", 1.0),
        ("realtime_closes_total{code=\"4007\"}", 2.0),
        ("realtime_closes_total{code=\"4010\"}", 1.0),
        ("realtime_closes_total{code=\"none\"}", 1.0),
        ("realtime_closes_total{code=\"4001\"}", 0.0),
        ("active_sessions_gauge", 17.0),
        ("intents_total{outcome=\"applied\"}", 1.0),
        ("intents_total{outcome=\"refused\"}", 2.0),
        ("intents_total{outcome=\"duplicate\"}", 1.0),
        ("intents_total{outcome=\"failed\"}", 4.0),
        ("alert_active{alert=\"latency_p95_high\"}", 1.0),
        ("alert_active{alert=\"availability_low\"}", 0.0),
        ("availability", 0.5),
        ("action_latency_ms_count", 0.0),
        ("state_refresh_forced_total", 1.0),
        ("cache_hit_ratio", 0.75),
        ("tick_duration_us_count", 2.0),
        ("tick_duration_us_bucket{le=\"1000.0\"}", 1.0),
        ("tick_overruns_total", 1.0),
        ("tick_phase_us_bucket{le=\"2.0\",phase=\"diff\"}", 1.0),
        ("tick_phase_us_sum{phase=\"diff\"}", 1.5),
        ("tick_phase_us_count{phase=\"emit\"}", 0.0),
        ("fanout_duration_us_sum", 900.0),
        ("ticks_skipped_total", 1.0),
        ("mailbox_depth", 5.0),
        ("pipeline_depth", 2.0),
        ("commit_duration_us_sum", 300.0),
        ("commit_batch_events_sum", 40.0),
        ("frames_sent_total", 3.0),
        ("bytes_sent_total", 400.0),
        ("outbox_overflows_total", 1.0),
    ] {
        assert_eq!(value(&text, name), expected, "{name}");
    }
    assert_eq!(metrics.world(0).engine.tick_overruns.get(), 1);
}

#[test]
fn percentiles_of_the_last_minute_are_derived() {
    let metrics = Metrics::default();
    assert_eq!(metrics.world(0).sessions.latency_p95_ms(), None);
    for ms in 1..=100 {
        metrics.world(0).sessions.intent_applied(Instant::now(), Some(Duration::from_millis(ms)));
        metrics.world(0).engine.tick(Duration::from_micros(10 * ms), false);
    }
    let p95 = value(&metrics.render(), "latency_p95");
    assert!((94.0..=96.0).contains(&p95), "{p95}");
    assert_eq!(value(&metrics.render(), "action_latency_ms_bucket{le=\"50.0\"}"), 50.0);
    let p99 = metrics.world(0).engine.tick_p99_us();
    assert!((980..=1_000).contains(&p99), "{p99}");
}

#[test]
fn lost_log_lines_are_read_from_their_source() {
    let metrics = Metrics::default();
    metrics.watched.log_lines_dropped(|| 12);
    assert_eq!(value(&metrics.render(), "log_lines_dropped_total"), 12.0);
    assert_eq!(value(&metrics.render(), "log_lines_dropped_total"), 12.0);
}

#[test]
fn metrics_of_several_worlds_name_the_world_under_one_heading_each() {
    let metrics = Metrics::of_worlds(["harbour", "a \"mill\""]);
    metrics.world(1).sessions.connect_success.inc();
    metrics.world(1).sessions.rate_limited.count("move");
    metrics.network.connect_attempts.inc();
    metrics.network.rate_limited.count("call");
    let judged: Vec<_> = metrics.judged_worlds().collect();
    judged[0].alert(Alert::LatencyHigh, true);
    judged[0].alert(Alert::VersionRejectsHigh, true);
    metrics.judged().expect("the process has several").alert(Alert::VersionRejectsHigh, true);
    let text = metrics.page(Duration::ZERO, |number| 10 + number as u64);
    let text = std::str::from_utf8(&text).expect("text");
    for (name, expected) in [
        ("connect_success_total{world=\"harbour\"}", 0.0),
        ("connect_success_total{world=\"a \\\"mill\\\"\"}", 1.0),
        ("active_sessions_gauge{world=\"harbour\"}", 10.0),
        ("active_sessions_gauge{world=\"a \\\"mill\\\"\"}", 11.0),
        ("connect_attempts_total", 1.0),
        ("rate_limited_total{limit=\"call\"}", 1.0),
        ("rate_limited_total{world=\"a \\\"mill\\\"\",limit=\"move\"}", 1.0),
        ("alert_active{world=\"harbour\",alert=\"latency_p95_high\"}", 1.0),
        ("alert_active{alert=\"version_rejects_high\"}", 1.0),
    ] {
        assert_eq!(value(text, name), expected, "{name}");
    }
    let headings: Vec<_> = text.lines().filter_map(|line| line.strip_prefix("# HELP ")?.split(' ').next()).collect();
    let mut once = headings.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!(once.len(), headings.len(), "each has one heading: {headings:?}");
    assert!(text.ends_with("# EOF\n") && text.matches("# EOF").count() == 1);
    assert!(!text.contains("{world=\"harbour\",alert=\"version_rejects_high\"}"), "that is of the process");
}

#[test]
fn the_page_on_metrics_lists_every_metric() {
    let page = include_str!("../../../../docs/metrics.md");
    let text = Metrics::default().render();
    let names: Vec<_> = text.lines().filter_map(|line| line.strip_prefix("# HELP ")?.split(' ').next()).collect();
    assert!(names.len() > 20, "{names:?}");
    for name in names {
        assert!(page.contains(&format!("`{name}`")), "{name} is not in docs/metrics.md");
    }
}
