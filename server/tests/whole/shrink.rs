//! Makes a failing case smaller by leaving steps out, as long as it fails, and says how to repeat
//! it.

use crate::case::play;
use crate::plan::Plan;

/// Cases that are played to make one smaller at most.
const ATTEMPTS_MAX: usize = 400;

/// The steps that are enough to fail, found by leaving out ever smaller pieces (delta debugging,
/// Zeller 1999).
pub fn smallest(plan: &Plan) -> Vec<usize> {
    let mut kept: Vec<usize> = (0..plan.steps.len()).collect();
    let mut attempts = 0;
    let mut piece = kept.len().div_ceil(2);
    while piece > 0 && attempts < ATTEMPTS_MAX {
        let mut from = 0;
        while from < kept.len() && attempts < ATTEMPTS_MAX {
            let without: Vec<usize> =
                kept[..from].iter().chain(&kept[(from + piece).min(kept.len())..]).copied().collect();
            attempts += 1;
            if play(&plan.with_steps(&without), false).is_err() {
                kept = without;
            } else {
                from += piece;
            }
        }
        piece /= 2;
    }
    kept
}

/// What is left of it, how it goes wrong, and the command that repeats it.
pub fn told(plan: &Plan) -> String {
    let kept = smallest(plan);
    let smaller = plan.with_steps(&kept);
    let wrong = play(&smaller, true).err().unwrap_or_else(|| "it held when it was played once more".to_owned());
    let steps: Vec<String> = kept.iter().map(ToString::to_string).collect();
    format!(
        "{:#?}\n{wrong}\nrepeat it with:\nTILEMUD_TEST_WHOLE_SEED={} TILEMUD_TEST_WHOLE_STEPS={} cargo test --workspace \
         --test whole whatever_fails -- --nocapture",
        smaller.steps,
        plan.seed,
        steps.join(","),
    )
}
