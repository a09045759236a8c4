//! One text of several: the samples of a metric that several registries have stand together under
//! one heading, as the format asks for (OpenMetrics 1.0, "MetricFamily").

use std::collections::HashMap;

/// Begins the heading of a metric.
const HELP: &str = "# HELP ";

/// The metrics of all texts, in the order in which they first come.
pub(super) fn together(texts: &[String]) -> String {
    let mut families: Vec<String> = Vec::new();
    let mut places: HashMap<&str, usize> = HashMap::new();
    for block in texts.iter().flat_map(|text| blocks(text)) {
        let name = block[HELP.len()..].split(' ').next().unwrap_or_default();
        match places.get(name) {
            None => {
                places.insert(name, families.len());
                families.push(block.to_owned());
            }
            Some(place) => {
                let samples = block.split_inclusive('\n').filter(|line| !line.starts_with("# "));
                samples.for_each(|line| families[*place].push_str(line));
            }
        }
    }
    families.concat()
}

/// From one heading to the next.
fn blocks(text: &str) -> impl Iterator<Item = &str> {
    let starts = text.match_indices(HELP).map(|(at, _)| at).filter(|at| *at == 0 || text[..*at].ends_with('\n'));
    let starts: Vec<usize> = starts.chain([text.len()]).collect();
    (1..starts.len()).map(move |index| &text[starts[index - 1]..starts[index]])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_of_one_metric_stand_under_one_heading() {
        let text = |world: &str| {
            format!(
                "# HELP a First.\n# TYPE a counter\na_total{{w=\"{world}\"}} 1\n# HELP b # HELP\n# TYPE b gauge\nb 2\n"
            )
        };
        let only = "# HELP c Third.\n# TYPE c gauge\nc 3\n".to_owned();
        assert_eq!(
            together(&[text("x"), only.clone(), text("y")]),
            format!(
                "# HELP a First.\n# TYPE a counter\na_total{{w=\"x\"}} 1\na_total{{w=\"y\"}} 1\n\
                 # HELP b # HELP\n# TYPE b gauge\nb 2\nb 2\n{only}"
            )
        );
        assert_eq!(together(&[text("x"), String::new()]), text("x"));
    }
}
