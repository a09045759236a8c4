//! Limits of intents: a rate for each class. What there is of them follows from the list of
//! intents.

use std::ops::{Index, IndexMut};

use crate::IntentClass;

/// How often a player may want one class of things, and how an operator sets that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IntentLimit {
    /// As in RATE_LIMITED errors.
    pub name: &'static str,
    /// The flag without its dashes.
    pub flag: &'static str,
    /// How often in a second unless set otherwise.
    pub per_s: &'static str,
    /// What the flag sets, in words.
    pub help: &'static str,
}

/// One value for each class of intents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PerClass<T>([T; IntentClass::ALL.len()]);

impl<T> PerClass<T> {
    /// Makes each value.
    pub fn of(value: impl FnMut(IntentClass) -> T) -> Self {
        Self(IntentClass::ALL.map(value))
    }

    /// The values, in the order of [`IntentClass::ALL`].
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.0.iter_mut()
    }
}

impl<T: Copy> PerClass<T> {
    /// The values, in the order of [`IntentClass::ALL`].
    pub fn values(&self) -> impl Iterator<Item = T> {
        self.0.iter().copied()
    }
}

impl<T> Index<IntentClass> for PerClass<T> {
    type Output = T;

    fn index(&self, class: IntentClass) -> &T {
        &self.0[class as usize]
    }
}

impl<T> IndexMut<IntentClass> for PerClass<T> {
    fn index_mut(&mut self, class: IntentClass) -> &mut T {
        &mut self.0[class as usize]
    }
}
