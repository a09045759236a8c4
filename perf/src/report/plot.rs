//! A picture of distributions: milliseconds over percentiles, on an axis where each further nine
//! takes the same room, as SVG. Written by hand: it is text, needs no font and no crate, and shows
//! the same everywhere.

use std::fmt::Write as _;

use hdrhistogram::Histogram;

#[derive(Debug)]
pub struct Curve {
    /// As the legend calls it.
    pub label: String,
    /// Microseconds.
    pub times_us: Histogram<u64>,
}

impl Curve {
    /// Adds what another measurement of the same has shown.
    pub fn add(&mut self, times_us: &Histogram<u64>) {
        for step in times_us.iter_recorded() {
            self.times_us.saturating_record_n(step.value_iterated_to(), step.count_at_value());
        }
    }

    fn ms(&self, quantile: f64) -> f64 {
        self.times_us.value_at_quantile(quantile) as f64 / 1e3
    }
}

#[derive(Debug)]
pub struct Plot {
    pub title: String,
    /// In the order of the legend.
    pub curves: Vec<Curve>,
}

const WIDTH: f64 = 1_000.0;
const HEIGHT: f64 = 560.0;
/// The field of the curves: left, top, right, bottom.
const FIELD: [f64; 4] = [76.0, 64.0, 970.0, 488.0];

/// Told apart also by those who see fewer colours (Okabe and Ito 2008).
const COLOURS: [&str; 7] = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#444444"];

/// Percentiles with a line of their own.
const PERCENTILES: [(f64, &str); 9] = [
    (0.0, "0"),
    (0.5, "50"),
    (0.9, "90"),
    (0.95, "95"),
    (0.99, "99"),
    (0.999, "99.9"),
    (0.999_9, "99.99"),
    (0.999_99, "99.999"),
    (0.999_999, "99.9999"),
];

/// Nines that are shown, however few or many were measured.
const NINES: [f64; 2] = [2.0, 6.0];

/// Above this ratio of the longest time to the shortest median, a linear axis would press the lower
/// curves flat.
const LINEAR_RATIO_MAX: f64 = 40.0;

/// Steps of a curve in each half of what is left to 100 %.
const STEPS_PER_HALF: u32 = 12;

/// The axis of times.
#[derive(Debug, PartialEq)]
struct Scale {
    /// Logarithmic, or linear from 0.
    is_log: bool,
    low_ms: f64,
    high_ms: f64,
    ticks_ms: Vec<f64>,
}

impl Scale {
    /// Holds times up to `longest_ms`, of which half are at least `median_ms` on every curve.
    fn new(shortest_ms: f64, median_ms: f64, longest_ms: f64) -> Self {
        let longest_ms = longest_ms.max(0.001);
        if longest_ms > median_ms.max(0.001) * LINEAR_RATIO_MAX {
            return Self::logarithmic(shortest_ms.max(median_ms / 100.0).max(0.001), longest_ms);
        }
        let step = round_step(longest_ms / 6.0);
        let count = (longest_ms / step).ceil().max(1.0);
        let ticks_ms = (0..=count as u32).map(|number| f64::from(number) * step).collect();
        Self { is_log: false, low_ms: 0.0, high_ms: count * step, ticks_ms }
    }

    fn logarithmic(shortest_ms: f64, longest_ms: f64) -> Self {
        let decades = shortest_ms.log10().floor() as i32..=longest_ms.log10().ceil() as i32;
        let steps = decades.flat_map(|decade| [1.0, 2.0, 5.0].map(|digit| digit * 10_f64.powi(decade)));
        let steps: Vec<f64> = steps.collect();
        let low = steps.iter().rposition(|step| *step <= shortest_ms).unwrap_or(0);
        let high = steps.iter().position(|step| *step >= longest_ms).unwrap_or(steps.len() - 1);
        let ticks_ms = steps[low..=high].to_vec();
        Self { is_log: true, low_ms: steps[low], high_ms: steps[high], ticks_ms }
    }

    /// From 0 at the bottom to 1 at the top.
    fn share(&self, ms: f64) -> f64 {
        let share = if self.is_log {
            (ms.max(self.low_ms) / self.low_ms).ln() / (self.high_ms / self.low_ms).ln()
        } else {
            ms / self.high_ms
        };
        share.clamp(0.0, 1.0)
    }
}

/// The smallest of 1, 2 and 5 times a power of ten that is at least this.
fn round_step(step: f64) -> f64 {
    let power = 10_f64.powf(step.log10().floor());
    [1.0, 2.0, 5.0, 10.0].map(|digit| digit * power).into_iter().find(|round| *round >= step * 0.999).unwrap_or(step)
}

/// How many nines a share has: 0.9 is one, 0.99 two.
fn nines(quantile: f64) -> f64 {
    -(1.0 - quantile).log10()
}

/// Text in an XML element.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

impl Plot {
    /// The picture as a file's text.
    pub fn svg(&self) -> String {
        let drawn = || self.curves.iter().filter(|curve| !curve.times_us.is_empty());
        let least = |quantile: f64| drawn().map(|curve| curve.ms(quantile)).fold(f64::INFINITY, f64::min);
        let longest = drawn().map(|curve| curve.ms(1.0)).fold(0.0, f64::max);
        let [shortest, median] = [least(0.0), least(0.5)].map(|ms| if ms.is_finite() { ms } else { 0.0 });
        let scale = Scale::new(shortest, median, longest);
        let most = drawn().map(|curve| curve.times_us.len()).max().unwrap_or(0);
        let nines_max = (most as f64).log10().ceil().clamp(NINES[0], NINES[1]);

        let mut svg = String::new();
        self.frame(&mut svg, &scale, nines_max);
        for (curve, colour) in drawn().zip(COLOURS.iter().cycle()) {
            line(&mut svg, curve, colour, &scale, nines_max);
        }
        let corner = legend_corner(&drawn().collect::<Vec<_>>(), &scale, nines_max);
        for (number, (curve, colour)) in drawn().zip(COLOURS.iter().cycle()).enumerate() {
            legend(&mut svg, curve, colour, corner, number);
        }
        svg.push_str("</svg>\n");
        svg
    }

    /// Everything but the curves. Writing to a String cannot fail, here as below.
    fn frame(&self, svg: &mut String, scale: &Scale, nines_max: f64) {
        let [left, top, right, bottom] = FIELD;
        let _ = writeln!(
            svg,
            r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" font-family="system-ui, 'DejaVu Sans', Helvetica, Arial, sans-serif" font-size="14" fill="#333">
<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>
<text x="{left}" y="38" font-size="20" font-weight="600" fill="#111">{}</text>"##,
            escaped(&self.title),
        );
        for ms in &scale.ticks_ms {
            let y = y(scale, *ms);
            let label = ms_label(*ms);
            let _ = writeln!(
                svg,
                r##"<path d="M{left} {y:.1}H{right}" stroke="#e4e4e4"/><text x="{:.1}" y="{:.1}" text-anchor="end">{label}</text>"##,
                left - 10.0,
                y + 5.0,
            );
        }
        for (quantile, label) in PERCENTILES.iter().filter(|(quantile, _)| nines(*quantile) < nines_max + 0.001) {
            let x = x(*quantile, nines_max);
            let _ = writeln!(
                svg,
                r##"<path d="M{x:.1} {top}V{bottom}" stroke="#e4e4e4"/><text x="{x:.1}" y="{:.1}" text-anchor="middle">{label}</text>"##,
                bottom + 22.0,
            );
        }
        let (middle_x, middle_y) = (f64::midpoint(left, right), f64::midpoint(top, bottom));
        let kind = if scale.is_log { ", logarithmic" } else { "" };
        let _ = writeln!(
            svg,
            r##"<path d="M{left} {top}V{bottom}H{right}" fill="none" stroke="#888"/>
<text x="{middle_x}" y="{:.1}" text-anchor="middle">percentile of the acknowledgements</text>
<text transform="translate(22 {middle_y}) rotate(-90)" text-anchor="middle">ms from the intended send to the acknowledgement{kind}</text>"##,
            bottom + 50.0,
        );
    }
}

fn line(svg: &mut String, curve: &Curve, colour: &str, scale: &Scale, nines_max: f64) {
    let mut path = format!("M{:.1} {:.1}", x(0.0, nines_max), y(scale, curve.ms(0.0)));
    // Beyond so many nines there is nothing but the longest time.
    let last = nines((curve.times_us.len() as f64 - 0.5) / (curve.times_us.len() as f64)).min(nines_max);
    for step in curve.times_us.iter_quantiles(STEPS_PER_HALF) {
        let at = nines(step.quantile_iterated_to().min(1.0)).min(last);
        let _ =
            write!(path, "L{:.1} {:.1}", x_of_nines(at, nines_max), y(scale, step.value_iterated_to() as f64 / 1e3));
    }
    let _ = writeln!(
        svg,
        r##"<path d="{path}" fill="none" stroke="{colour}" stroke-width="2.5" stroke-linejoin="round"/>"##
    );
}

/// Room of the legend: its width, the height of a line, and its distance from the field's edge.
const LEGEND: [f64; 3] = [470.0, 24.0, 14.0];

/// Where the legend begins: above curves that rise late, below and to the right of those that are
/// high early.
fn legend_corner(curves: &[&Curve], scale: &Scale, nines_max: f64) -> (f64, f64) {
    let ([left, top, right, bottom], [width, line, gap]) = (FIELD, LEGEND);
    let height = line * curves.len() as f64;
    let (above, below) = ((left + gap, top + gap), (right - gap - width, bottom - gap - height));
    let y_at = |curve: &Curve, x: f64| {
        let nines = (x - left) / (right - left) * nines_max;
        y(scale, curve.ms(1.0 - 10_f64.powf(-nines)))
    };
    // A curve only rises: it is nearest to the legend above at that one's right end, to the one
    // below at its left end.
    let is_free_above = curves.iter().all(|curve| y_at(curve, above.0 + width) > above.1 + height);
    let is_free_below = curves.iter().all(|curve| y_at(curve, below.0) < below.1);
    if is_free_above || !is_free_below { above } else { below }
}

/// A line of the legend.
fn legend(svg: &mut String, curve: &Curve, colour: &str, corner: (f64, f64), number: usize) {
    let (left, y) = (corner.0, corner.1 + LEGEND[1] * (number as f64 + 0.7));
    let [p50, p95, p99] = [0.5, 0.95, 0.99].map(|quantile| super::table::figure(curve.ms(quantile)));
    let _ = writeln!(
        svg,
        r##"<path d="M{left} {:.1}h28" stroke="{colour}" stroke-width="4"/><text x="{}" y="{y:.1}" stroke="#fff" stroke-width="4" paint-order="stroke">{} <tspan fill="#777">p50 {p50}, p95 {p95}, p99 {p99} ms</tspan></text>"##,
        y - 5.0,
        left + 38.0,
        escaped(&curve.label),
    );
}

fn x(quantile: f64, nines_max: f64) -> f64 {
    x_of_nines(nines(quantile), nines_max)
}

fn x_of_nines(nines: f64, nines_max: f64) -> f64 {
    let [left, _, right, _] = FIELD;
    left + (right - left) * (nines / nines_max).clamp(0.0, 1.0)
}

fn y(scale: &Scale, ms: f64) -> f64 {
    let [_, top, _, bottom] = FIELD;
    bottom - (bottom - top) * scale.share(ms)
}

/// A round number without the noise of its binary form.
fn ms_label(ms: f64) -> String {
    let text = format!("{ms:.4}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn curve(label: &str, times_us: impl IntoIterator<Item = u64>) -> Curve {
        let mut histogram = Histogram::new_with_bounds(1, 600_000_000, 3).unwrap();
        for micros in times_us {
            histogram.record(micros).unwrap();
        }
        Curve { label: label.to_owned(), times_us: histogram }
    }

    #[test]
    fn every_nine_takes_the_same_room() {
        let at = [0.0, 0.9, 0.99, 0.999].map(|quantile| x(quantile, 3.0));
        let third = (FIELD[2] - FIELD[0]) / 3.0;
        for (number, x) in at.into_iter().enumerate() {
            assert!((x - FIELD[0] - third * number as f64).abs() < 1e-6, "{at:?}");
        }
        assert!((x(1.0, 3.0) - FIELD[2]).abs() < 1e-6, "what is beyond the axis stands at its end");
    }

    #[test]
    fn a_narrow_range_is_linear_from_nothing_with_round_steps() {
        let scale = Scale::new(1.0, 28.0, 57.0);
        assert_eq!((scale.is_log, scale.low_ms, scale.high_ms), (false, 0.0, 60.0));
        assert_eq!(scale.ticks_ms, [0.0, 10.0, 20.0, 30.0, 40.0, 50.0, 60.0]);
        assert!((scale.share(30.0) - 0.5).abs() < 1e-9);
        assert_eq!(Scale::new(0.0, 0.0, 0.0).share(0.0), 0.0);
    }

    #[test]
    fn a_wide_range_is_logarithmic() {
        let scale = Scale::new(0.3, 0.5, 900.0);
        assert_eq!((scale.is_log, scale.low_ms, scale.high_ms), (true, 0.2, 1_000.0));
        assert!(scale.share(0.2).abs() < 1e-9 && (scale.share(1_000.0) - 1.0).abs() < 1e-9);
        assert!((scale.share(20.0) - scale.share(2.0) - scale.share(200.0) + scale.share(20.0)).abs() < 1e-9);
    }

    #[test]
    fn labels_are_short() {
        assert_eq!([0.2, 0.005, 50.0, 1_000.0, 2.5].map(ms_label), ["0.2", "0.005", "50", "1000", "2.5"]);
    }

    #[test]
    fn each_curve_is_a_line_inside_the_field_with_a_name() {
        let curves = vec![curve("a <b>", 1..50_000), curve("empty", []), curve("c", [80_000])];
        let svg = Plot { title: "R&D".to_owned(), curves }.svg();
        assert!(svg.contains(">R&amp;D<") && svg.contains("a &lt;b&gt; <tspan"), "{svg}");
        assert_eq!(svg.matches("stroke-linejoin").count(), 2, "nothing is drawn of an empty distribution");
        let paths = svg.lines().filter(|line| line.contains("stroke-linejoin"));
        let numbers =
            paths.flat_map(|line| line.split('"').nth(1).unwrap().split(['M', 'L'])).filter(|at| !at.is_empty());
        for point in numbers {
            let (x, y) = point.split_once(' ').unwrap();
            let (x, y): (f64, f64) = (x.parse().unwrap(), y.parse().unwrap());
            assert!((FIELD[0]..=FIELD[2]).contains(&x) && (FIELD[1]..=FIELD[3]).contains(&y), "{x} {y}");
        }
    }

    #[test]
    fn the_legend_keeps_out_of_the_way() {
        let scale = Scale::new(0.0, 30.0, 100.0);
        let (late, early) =
            (curve("late", (1..=1_000).map(|n| if n < 999 { 5_000 } else { 99_000 })), curve("early", [99_000]));
        let (above, below) = (legend_corner(&[&late], &scale, 3.0), legend_corner(&[&early], &scale, 3.0));
        assert!(above.0 < below.0 && above.1 < below.1, "{above:?} {below:?}");
        assert_eq!(legend_corner(&[&late, &early], &scale, 3.0).0, above.0, "nowhere is free");
    }

    #[test]
    fn more_of_the_same_is_added_to_a_curve() {
        let mut both = curve("a", [1_000, 2_000]);
        both.add(&curve("a", [2_000, 3_000]).times_us);
        assert_eq!((both.times_us.len(), both.times_us.count_at(2_000)), (4, 2));
    }
}
