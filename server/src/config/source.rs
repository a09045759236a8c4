//! Where values come from. Merges flags, environment, file and defaults into one text per setting that remembers its place.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};
use std::fmt;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::cli::Flags;
use super::error::ConfigError;
use super::file;
use super::foreign;
use super::settings::{FILE_SUFFIX, FOREIGN, FOREIGN_PREFIX, PREFIX, SETTINGS, Setting, Shape, Unset, find};

/// Where a value was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// On the command line.
    Flag(&'static str),
    /// In the environment.
    Variable(Arc<str>),
    /// In the file.
    File {
        /// Which.
        path: Arc<Path>,
        /// Line, from 1; absent when it is about the file as a whole.
        line: Option<usize>,
        /// Key, when it is about one.
        key: Option<Arc<str>>,
    },
    /// Nowhere.
    Default(&'static str),
}

impl Place {
    /// How strong the source is, see [`merge`].
    const fn strength(&self) -> u8 {
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

/// What was given for one setting: one text, or several for a list.
#[derive(Debug, Clone)]
pub(super) struct Given {
    /// Where.
    pub(super) place: Place,
    /// What.
    pub(super) texts: Vec<String>,
}

/// The winning value of every setting that has one, by flag name.
pub(super) type Values = BTreeMap<&'static str, Given>;

/// What was set, so that two readings can be compared. Holds hashes, because some values are secrets.
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

/// What came of merging.
pub(super) struct Merged {
    /// What is set.
    pub(super) values: Values,
    /// What the operator should hear of, once there is a log.
    pub(super) notices: Vec<String>,
    /// Files that secrets were read from.
    pub(super) secret_files: Vec<PathBuf>,
}

/// Merges all sources; the strongest is put in last.
pub(super) fn merge(
    flags: Flags,
    env: impl IntoIterator<Item = (OsString, OsString)>,
    read_file: impl Fn(&Path) -> io::Result<String>,
) -> Result<Merged, ConfigError> {
    let mut values = defaults();
    let Environment { config, values: from_environment, notices } = environment(env)?;
    let config_file = match flags.config {
        Some(path) => Some((Place::Flag("config"), PathBuf::from(path))),
        None => config,
    };
    if let Some((place, path)) = config_file {
        let text = read_file(&path).map_err(|error| {
            let problem = format!("{} cannot be read: {error}", path.display());
            ConfigError::value(&place, problem, "name a readable TOML file, or leave it out")
        })?;
        values.extend(file::parse(&path, &text)?);
    }
    values.extend(from_environment);
    for (setting, given) in flags.given {
        let place = Place::Flag(setting.name);
        let texts = given.iter().map(|text| utf8(&place, text)).collect::<Result<_, _>>()?;
        values.insert(setting.name, Given { place, texts });
    }
    let secret_files = secrets(&mut values, read_file)?;
    Ok(Merged { values, notices, secret_files })
}

/// Reads secrets that stand in files of their own; the files.
fn secrets(values: &mut Values, read_file: impl Fn(&Path) -> io::Result<String>) -> Result<Vec<PathBuf>, ConfigError> {
    let mut files = Vec::new();
    for setting in SETTINGS.iter() {
        let Some(secret) = setting.name.strip_suffix(FILE_SUFFIX).and_then(find_secret) else { continue };
        let Some(Given { place, texts }) = values.get(setting.name).cloned() else { continue };
        if let Some(direct) = values.get(secret.name) {
            let (here, there) = (place.strength(), direct.place.strength());
            if here == there {
                let problem = format!("{} is given as well", direct.place);
                return Err(ConfigError::value(&place, problem, "keep one of the two"));
            }
            if here < there {
                continue;
            }
        }
        let [path] = texts.as_slice() else {
            return Err(ConfigError::value(&place, "takes one value", "give it once"));
        };
        let path = PathBuf::from(path);
        let text = read_file(&path).map_err(|error| {
            let problem = format!("{} cannot be read: {error}", path.display());
            ConfigError::value(&place, problem, format!("name a readable file that holds --{}", secret.name))
        })?;
        let text = text.trim_end_matches(['\r', '\n']);
        if text.trim().is_empty() {
            let problem = format!("{} is empty", path.display());
            return Err(ConfigError::value(&place, problem, format!("put --{} into it", secret.name)));
        }
        values.insert(secret.name, Given { place, texts: vec![text.to_owned()] });
        files.push(path);
    }
    Ok(files)
}

fn find_secret(name: &str) -> Option<&'static Setting> {
    find(name).filter(|setting| setting.shape == Shape::Secret)
}

fn defaults() -> Values {
    let with_text = |setting: &Setting| match setting.default {
        Unset::Text(text) => {
            Some((setting.name, Given { place: Place::Default(setting.name), texts: vec![text.to_owned()] }))
        }
        Unset::Means(_) => None,
    };
    SETTINGS.iter().filter_map(with_text).collect()
}

/// What the environment says.
#[derive(Default)]
struct Environment {
    /// The file it names.
    config: Option<(Place, PathBuf)>,
    values: Values,
    notices: Vec<String>,
}

fn environment(env: impl IntoIterator<Item = (OsString, OsString)>) -> Result<Environment, ConfigError> {
    let mut found = Environment::default();
    let (mut empty, mut ignored) = (Vec::new(), Vec::new());
    for (name, value) in env {
        let Some(name) = name.to_str().filter(|name| name.starts_with(PREFIX)) else { continue };
        if FOREIGN.contains(&name) || name.starts_with(FOREIGN_PREFIX) {
            continue;
        }
        // What Compose makes of `${X:-}`.
        if value.to_str().is_some_and(|value| value.trim().is_empty()) {
            empty.push(name.to_owned());
            continue;
        }
        let place = Place::Variable(name.into());
        if name == "TILEMUD_CONFIG" {
            found.config = Some((place, PathBuf::from(value)));
            continue;
        }
        let Some(setting) = SETTINGS.iter().find(|setting| setting.variable() == name) else {
            if foreign::is_service_link(&name[PREFIX.len()..], &value.to_string_lossy()) {
                ignored.push(name.to_owned());
                continue;
            }
            let known = SETTINGS.iter().map(Setting::variable);
            return Err(ConfigError::value(&place, "no setting has this name", remedy_for_unknown(name, known)));
        };
        let text = utf8(&place, &value)?;
        let texts = match setting.shape {
            Shape::List => text.split(',').map(|part| part.trim().to_owned()).collect(),
            Shape::Text | Shape::Secret | Shape::Number | Shape::Switch | Shape::Patience => vec![text],
        };
        found.values.insert(setting.name, Given { place, texts });
    }
    found.notices.extend(foreign::notice(&ignored));
    if !empty.is_empty() {
        found.notices.push(format!("taken as not set, because they are empty: {}", empty.join(", ")));
    }
    Ok(found)
}

fn utf8(place: &Place, text: &OsStr) -> Result<String, ConfigError> {
    text.to_str().map(str::to_owned).ok_or_else(|| ConfigError::value(place, "is not valid UTF-8", "write it in UTF-8"))
}

/// Names the nearest known name, when one is near.
pub(super) fn remedy_for_unknown(name: &str, known: impl Iterator<Item = String>) -> String {
    match nearest(name, known) {
        Some(known) => format!("did you mean {known}? `tilemud serve --help` lists all settings"),
        None => "remove it; `tilemud serve --help` lists all settings".to_owned(),
    }
}

/// The nearest known name, when one is near.
pub(super) fn nearest(name: &str, known: impl Iterator<Item = String>) -> Option<String> {
    let nearest = known.map(|known| (distance(name, &known), known)).min();
    nearest.filter(|(distance, known)| *distance <= known.len().min(name.len()) / 3).map(|(_, known)| known)
}

/// Levenshtein distance in bytes; names are short.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.bytes().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, to) in b.bytes().enumerate() {
            let substituted = diagonal + usize::from(from != to);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}
