//! What an object says in a property. What cannot be used is told with its place and remedy, and
//! does not count.

use std::ops::RangeInclusive;

use crate::drawing::Object;
use crate::names::{number, truth};
use crate::problem::{Place, Problems};
use crate::say::warning;

/// A whole number from a range; one that ends with [`u32::MAX`] is told as open.
pub fn whole(
    object: &Object,
    name: &str,
    range: &RangeInclusive<u32>,
    place: &Place,
    problems: &mut Problems,
) -> Option<u32> {
    let value = object.properties.get(name)?;
    let count = number(value).and_then(|count| u32::try_from(count).ok()).filter(|count| range.contains(count));
    if count.is_none() {
        let wanted = match (range.start(), range.end()) {
            (from, &u32::MAX) => format!("a whole number from {from} on"),
            (from, to) => format!("a whole number from {from} to {to}"),
        };
        tell(name, &wanted, place, problems);
    }
    count
}

/// Whether it is so; not if nothing is said.
pub fn flag(object: &Object, name: &str, place: &Place, problems: &mut Problems) -> bool {
    let Some(value) = object.properties.get(name) else { return false };
    truth(value).unwrap_or_else(|| {
        tell(name, "true or false", place, problems);
        false
    })
}

fn tell(name: &str, wanted: &str, place: &Place, problems: &mut Problems) {
    let what = format!("the property {name} is not {wanted}, and does not count");
    problems.add(warning("object-property", place.clone(), what, format!("make it {wanted}")));
}
