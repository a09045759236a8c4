//! A setting for each class of intents that `schema` knows: how many of them a player may send each
//! second.

use clap::{Arg, ArgMatches, Args, Command, FromArgMatches};
use tilemud_schema::{IntentClass, PerClass};

use super::values::number;

/// Intents per second and player.
#[derive(Debug, Clone)]
pub struct IntentLimits {
    pub per_s: PerClass<u32>,
}

// By hand, since a derive makes flags of fields alone.
impl Args for IntentLimits {
    fn augment_args(command: Command) -> Command {
        command.args(IntentClass::ALL.map(|class| {
            let limit = class.limit();
            let flag = Arg::new(limit.flag).long(limit.flag).value_name("COUNT").help(limit.help);
            flag.value_parser(number(1..=1_000_u32)).default_value(limit.per_s)
        }))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for IntentLimits {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        // Each has a default.
        let per_s = |class: IntentClass| matches.get_one(class.limit().flag).copied().unwrap_or_default();
        Ok(Self { per_s: PerClass::of(per_s) })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}
