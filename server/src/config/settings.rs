//! The settings, derived from the fields of [`Config`]: a flag, its help, its environment variable
//! and its key in the file.

use std::any::TypeId;
use std::num::NonZeroU32;
use std::sync::LazyLock;
use std::time::Duration;

use clap::{Arg, ArgAction, Args as _, Command};
use secrecy::SecretString;

use super::chosen::Config;

/// One thing that can be set.
#[derive(Debug)]
pub(super) struct Setting {
    /// The flag without its dashes; the environment twin and the file's key follow from it.
    pub(super) name: &'static str,
    /// Which heading of the help it stands under.
    pub(super) group: Option<&'static str>,
    pub(super) shape: Shape,
    /// What the help calls the value.
    pub(super) value: &'static str,
    /// What the help says, its default among it.
    pub(super) help: String,
    /// Its default, parsed like a given value.
    pub(super) defaults: Vec<&'static str>,
}

/// What kind of value a setting takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Text,
    /// Text that may hold a password: never repeated in a message.
    Secret,
    /// The name of a file that holds a secret.
    SecretFile,
    Number,
    Switch,
    /// Several texts: the flag repeated, the variable separated by commas, an array in the file.
    List,
    /// On, off, or a number of seconds.
    Patience,
}

impl Setting {
    fn of(field: &'static Arg) -> Self {
        let name = field.get_long().expect("every setting is a flag");
        let defaults: Vec<_> = field.get_default_values().iter().filter_map(|text| text.to_str()).collect();
        let mut help = field.get_help().map(ToString::to_string).unwrap_or_default();
        if !help.contains("[default: ") {
            help = format!("{help} [default: {}]", defaults.join(", "));
        }
        let value = field.get_value_names().and_then(|names| names.first()).map_or("", |name| name.as_str());
        Self { name, group: field.get_help_heading(), shape: Shape::of(field), value, help, defaults }
    }

    /// The setting that names a file for this secret.
    fn in_file(&self) -> Self {
        let (name, help) = (self.name, format!("File that holds --{} [default: none]", self.name));
        // Once in the life of the program.
        let name = format!("{name}{FILE_SUFFIX}").leak();
        Self { name, group: self.group, shape: Shape::SecretFile, value: "FILE", help, defaults: Vec::new() }
    }

    pub(super) fn variable(&self) -> String {
        format!("{PREFIX}{}", self.name.replace('-', "_").to_ascii_uppercase())
    }

    /// Its key in the file; dashes are read as well.
    pub(super) fn key(&self) -> String {
        self.name.replace('-', "_")
    }
}

impl Shape {
    fn of(field: &Arg) -> Self {
        let value = field.get_value_parser().type_id();
        let numbers = [
            TypeId::of::<u16>(),
            TypeId::of::<u32>(),
            TypeId::of::<u64>(),
            TypeId::of::<usize>(),
            TypeId::of::<NonZeroU32>(),
        ];
        match field.get_action() {
            ArgAction::Append => Self::List,
            _ if value == TypeId::of::<SecretString>() => Self::Secret,
            _ if value == TypeId::of::<bool>() => Self::Switch,
            _ if value == TypeId::of::<Duration>() => Self::Patience,
            _ if numbers.iter().any(|number| value == *number) => Self::Number,
            _ => Self::Text,
        }
    }
}

/// What the variables of this program begin with.
pub(super) const PREFIX: &str = "TILEMUD_";

/// Variables of the developer commands, which may start a server with them still set.
pub(super) const FOREIGN: [&str; 4] = ["TILEMUD_BIN", "TILEMUD_CLIENT_BIN", "TILEMUD_SCREENSHOTS", "TILEMUD_LONG"];

/// Suffix of a setting that names the file of a secret.
pub(super) const FILE_SUFFIX: &str = "-file";

/// Prefix of variables that only tests read.
pub(super) const FOREIGN_PREFIX: &str = "TILEMUD_TEST_";

/// The fields of [`Config`] as clap knows them.
pub(super) static FIELDS: LazyLock<Command> = LazyLock::new(|| Config::augment_args(Command::new("settings")));

/// All of it, in the order of the help.
pub(super) static SETTINGS: LazyLock<Vec<Setting>> = LazyLock::new(|| {
    let mut settings = Vec::new();
    for setting in FIELDS.get_arguments().map(Setting::of) {
        let file = (setting.shape == Shape::Secret).then(|| setting.in_file());
        settings.push(setting);
        settings.extend(file);
    }
    settings
});

/// The secrets that may stand in files, and the settings that name these.
pub(super) fn secrets_in_files() -> impl Iterator<Item = (&'static Setting, &'static Setting)> {
    SETTINGS.windows(2).filter(|pair| pair[1].shape == Shape::SecretFile).map(|pair| (&pair[0], &pair[1]))
}
