//! Where values come from. Merges flags, environment, file and defaults into one text per setting
//! that remembers its place.

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};

use super::cli::Flags;
use super::error::ConfigError;
use super::file;
use super::foreign;
use super::nearest::remedy_for_unknown;
use super::place::{Given, Place, Values};
use super::settings::{FOREIGN, FOREIGN_PREFIX, PREFIX, SETTINGS, Setting, Shape, secrets_in_files};

/// What came of merging.
pub(super) struct Merged {
    pub(super) values: Values,
    /// Notices for the operator, to be logged once there is a log.
    pub(super) notices: Vec<String>,
    /// Files that secrets were read from.
    pub(super) secret_files: Vec<PathBuf>,
}

/// Merges all sources; the strongest is put in last. Secrets are read from their files where the
/// command `heeds` the setting of this name, so that a file which is another command's business
/// keeps none from its work.
pub(super) fn merge(
    flags: Flags,
    env: impl IntoIterator<Item = (OsString, OsString)>,
    read_file: impl Fn(&Path) -> io::Result<String>,
    heeds: impl Fn(&str) -> bool,
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
    let secret_files = secrets(&mut values, read_file, heeds)?;
    Ok(Merged { values, notices, secret_files })
}

/// Reads secrets that stand in files of their own; the files.
fn secrets(
    values: &mut Values,
    read_file: impl Fn(&Path) -> io::Result<String>,
    heeds: impl Fn(&str) -> bool,
) -> Result<Vec<PathBuf>, ConfigError> {
    let mut files = Vec::new();
    for (secret, setting) in secrets_in_files().filter(|(secret, _)| heeds(secret.name)) {
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
        let path = PathBuf::from(texts.concat());
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

/// What is when nobody sets anything.
pub(super) fn defaults() -> Values {
    let set = SETTINGS.iter().filter(|setting| !setting.defaults.is_empty());
    let texts = |setting: &Setting| setting.defaults.iter().map(|text| (*text).to_owned()).collect();
    set.map(|setting| (setting.name, Given { place: Place::Default(setting.name), texts: texts(setting) })).collect()
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
            _ => vec![text],
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
