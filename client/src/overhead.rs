//! What is shown above an entity for a time: its words, a number, a picture. Fed by the effects of
//! state deltas, drawn by the view. Knows entities by id only. Expired marks are dropped, and the
//! oldest when there are too many.

use std::collections::BTreeMap;
use std::sync::Arc;

use tilemud_schema::EntityId;

/// Shortest and longest life of words, seconds.
const WORDS_S: (f64, f64) = (3.5, 9.0);
/// Life of a number, seconds.
const NUMBER_S: f64 = 1.1;
/// Life of a picture, seconds.
const PICTURE_S: f64 = 2.5;
/// Time a figure is coloured after it was hurt or healed, seconds.
const FLASH_S: f64 = 0.3;
/// Most numbers above one entity.
const NUMBERS_MAX: usize = 6;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    /// What was said, in a speech bubble. New words replace the old ones.
    Words(Arc<str>),
    /// Health points, below zero when they were lost. Each rises and fades on its own.
    Number(i32),
    /// A sign of the emoji font. A new one replaces the old one.
    Picture(&'static str),
}

impl Shown {
    fn life_s(&self) -> f64 {
        match self {
            Self::Words(text) => (2.5 + 0.07 * text.chars().count() as f64).clamp(WORDS_S.0, WORDS_S.1),
            Self::Number(_) => NUMBER_S,
            Self::Picture(_) => PICTURE_S,
        }
    }
}

/// Something above an entity, and its time.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    pub shown: Shown,
    /// Since when, seconds.
    pub from_s: f64,
    /// Until when, seconds.
    pub until_s: f64,
}

/// Everything that is above somebody now.
#[derive(Debug, Default)]
pub struct Overhead {
    marks: BTreeMap<EntityId, Vec<Mark>>,
}

impl Overhead {
    /// Shows something above an entity from now on.
    pub fn show(&mut self, id: EntityId, shown: Shown, now_s: f64) {
        let marks = self.marks.entry(id).or_default();
        let is_alike = |mark: &Mark| std::mem::discriminant(&mark.shown) == std::mem::discriminant(&shown);
        let most = if matches!(shown, Shown::Number(_)) { NUMBERS_MAX } else { 1 };
        if marks.iter().filter(|mark| is_alike(mark)).count() == most
            && let Some(oldest) = marks.iter().position(is_alike)
        {
            marks.remove(oldest);
        }
        let until_s = now_s + shown.life_s();
        marks.push(Mark { shown, from_s: now_s, until_s });
    }

    /// Drops what is over.
    pub fn expire(&mut self, now_s: f64) {
        self.marks.retain(|_, marks| {
            marks.retain(|mark| mark.until_s > now_s);
            !marks.is_empty()
        });
    }

    /// What is above an entity, in the order in which it came.
    pub fn above(&self, id: EntityId) -> impl Iterator<Item = &Mark> {
        self.marks.get(&id).into_iter().flatten()
    }

    /// The words above an entity.
    #[must_use]
    pub fn words(&self, id: EntityId) -> Option<&str> {
        self.above(id).find_map(|mark| match &mark.shown {
            Shown::Words(text) => Some(&**text),
            Shown::Number(_) | Shown::Picture(_) => None,
        })
    }

    /// The newest change of health of an entity, and its remaining opacity, 0 to 1.
    #[must_use]
    pub fn flash(&self, id: EntityId, now_s: f64) -> Option<(i32, f32)> {
        let newest = self.above(id).filter_map(|mark| match mark.shown {
            Shown::Number(number) => Some((number, mark.from_s)),
            Shown::Words(_) | Shown::Picture(_) => None,
        });
        let (number, from_s) = newest.last()?;
        let left = 1.0 - (now_s - from_s) / FLASH_S;
        (left > 0.0).then_some((number, left as f32))
    }

    /// Whether a mark is animated, so that every frame must be drawn.
    #[must_use]
    pub fn is_moving(&self) -> bool {
        self.marks.values().flatten().any(|mark| !matches!(mark.shown, Shown::Words(_)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANN: EntityId = EntityId(7);

    fn shown(overhead: &Overhead) -> Vec<Shown> {
        overhead.above(ANN).map(|mark| mark.shown.clone()).collect()
    }

    #[test]
    fn new_words_and_pictures_replace_the_old_ones_and_numbers_stand_beside_each_other() {
        let mut overhead = Overhead::default();
        let seen = [
            Shown::Words("a".into()),
            Shown::Number(-2),
            Shown::Picture("\u{2665}"),
            Shown::Words("b".into()),
            Shown::Number(-2),
            Shown::Picture("\u{2605}"),
        ];
        seen.iter().for_each(|it| overhead.show(ANN, it.clone(), 0.0));
        let [_, first, _, words, second, picture] = seen;
        assert_eq!(shown(&overhead), [first, words, second, picture]);
        assert_eq!(overhead.words(ANN), Some("b"));
        assert_eq!(overhead.words(EntityId(8)), None);
    }

    #[test]
    fn of_many_numbers_the_newest_are_kept() {
        let mut overhead = Overhead::default();
        (0..NUMBERS_MAX as i32 + 3).for_each(|number| overhead.show(ANN, Shown::Number(number), 0.0));
        assert_eq!(shown(&overhead), (3..NUMBERS_MAX as i32 + 3).map(Shown::Number).collect::<Vec<_>>());
    }

    #[test]
    fn each_has_its_time() {
        let mut overhead = Overhead::default();
        overhead.show(ANN, Shown::Number(-2), 0.0);
        overhead.show(ANN, Shown::Picture("\u{2665}"), 0.0);
        overhead.show(ANN, Shown::Words("x".repeat(280).into()), 0.0);
        for (now_s, left, is_moving) in [(NUMBER_S, 2, true), (PICTURE_S, 1, false), (WORDS_S.1, 0, false)] {
            overhead.expire(now_s);
            assert_eq!((shown(&overhead).len(), overhead.is_moving()), (left, is_moving), "after {now_s} s");
        }
        assert!(overhead.marks.is_empty(), "an entity with nothing above it is still kept");
    }

    #[test]
    fn a_wound_flashes_once_and_fades() {
        let mut overhead = Overhead::default();
        overhead.show(ANN, Shown::Number(4), 0.0);
        overhead.show(ANN, Shown::Number(-2), 0.1);
        assert_eq!(overhead.flash(ANN, 0.1), Some((-2, 1.0)));
        assert!(overhead.flash(ANN, 0.3).is_some_and(|(_, strength)| strength < 0.5));
        assert_eq!(overhead.flash(ANN, 0.1 + FLASH_S), None, "the number is still there, its colour is not");
    }
}
