//! The distribution in the text form that HdrHistogram's plotters read, in milliseconds.

use std::fmt::Write as _;

use hdrhistogram::Histogram;

/// Steps in each half of what is left to 100 %.
const TICKS_PER_HALF: u32 = 5;

/// The text of a histogram of microseconds.
pub fn text(times: &Histogram<u64>) -> String {
    let mut text = format!("{:>12} {:>14} {:>10} {:>14}\n\n", "Value", "Percentile", "TotalCount", "1/(1-Percentile)");
    let mut total = 0;
    for step in times.iter_quantiles(TICKS_PER_HALF) {
        total += step.count_since_last_iteration();
        let (value, quantile) = (step.value_iterated_to() as f64 / 1e3, step.quantile_iterated_to());
        let rest = if quantile < 1.0 { format!("{:14.2}", 1.0 / (1.0 - quantile)) } else { String::new() };
        // A String takes everything.
        let _ = writeln!(text, "{value:12.3} {quantile:2.12} {total:10} {rest}");
    }
    let (mean, deviation, max) = (times.mean() / 1e3, times.stdev() / 1e3, times.max() as f64 / 1e3);
    let _ = writeln!(text, "#[Mean    = {mean:12.3}, StdDeviation   = {deviation:12.3}]");
    let _ = writeln!(text, "#[Max     = {max:12.3}, Total count    = {:12}]", times.len());
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_distribution_ends_with_all_values() {
        let mut times = Histogram::new_with_bounds(1, 1_000_000, 3).unwrap();
        for micros in 1..=1_000 {
            times.record(micros).unwrap();
        }
        let text = text(&times);
        let last = text.lines().rfind(|line| !line.starts_with('#')).unwrap();
        let fields: Vec<_> = last.split_whitespace().collect();
        assert_eq!((fields[0], fields[1], fields[2]), ("1.000", "1.000000000000", "1000"));
        assert!(text.contains("Total count    =         1000]"));
    }
}
