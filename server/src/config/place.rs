//! Where values were given, and the values with their places.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::Path;
use std::sync::Arc;

/// Where a value was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// On the command line.
    Flag(&'static str),
    Variable(Arc<str>),
    File {
        path: Arc<Path>,
        /// Line, from 1; absent when it is about the file as a whole.
        line: Option<usize>,
        /// Key, when it is about one.
        key: Option<Arc<str>>,
    },
    Default(&'static str),
}

impl Place {
    /// How strong the source is, see [`merge`](super::source::merge).
    pub(super) const fn strength(&self) -> u8 {
        match self {
            Self::Flag(_) => 3,
            Self::Variable(_) => 2,
            Self::File { .. } => 1,
            Self::Default(_) => 0,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(name) => write!(f, "--{name}"),
            Self::Variable(name) => f.write_str(name),
            Self::File { path, line, key } => {
                write!(f, "{}", path.display())?;
                if let Some(line) = line {
                    write!(f, ":{line}")?;
                }
                key.as_ref().map_or(Ok(()), |key| write!(f, ": {key}"))
            }
            Self::Default(name) => write!(f, "the default of --{name}"),
        }
    }
}

/// The value of one setting: one text, or several for a list.
#[derive(Debug, Clone)]
pub(super) struct Given {
    pub(super) place: Place,
    pub(super) texts: Vec<String>,
}

/// The winning value of every setting that has one, by flag name.
pub(super) type Values = BTreeMap<&'static str, Given>;

/// The values of one reading, for comparison with another. Holds hashes, because some values are
/// secrets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Imprint(BTreeMap<&'static str, u64>);

impl Imprint {
    pub(super) fn of(values: &Values) -> Self {
        let hash = |given: &Given| {
            let mut hasher = DefaultHasher::new();
            given.texts.hash(&mut hasher);
            hasher.finish()
        };
        Self(values.iter().map(|(name, given)| (*name, hash(given))).collect())
    }

    /// The settings that have another value in the other reading, in the order of the alphabet.
    #[must_use]
    pub fn differing(&self, other: &Self) -> Vec<&'static str> {
        let names: BTreeSet<_> = self.0.keys().chain(other.0.keys()).copied().collect();
        names.into_iter().filter(|name| self.0.get(name) != other.0.get(name)).collect()
    }
}
