//! The flags of one command.

use std::ops::Deref;

use clap::builder::Resettable;
use clap::{ArgMatches, Args, Command, Error, FromArgMatches};

use super::GlobalArgs;
use super::short_help::with_short_help;

/// The arguments of a command, on the heap because commands differ much in size, and the global
/// options given after it.
#[derive(Debug)]
pub(crate) struct Flags<T> {
    own: Box<T>,
    global: GlobalArgs,
}

impl<T> Flags<T> {
    /// Returns the global options given after this command.
    pub(super) fn global(&self) -> &GlobalArgs {
        &self.global
    }
}

impl<T> Deref for Flags<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.own
    }
}

impl<T: Args> Args for Flags<T> {
    fn augment_args(command: Command) -> Command {
        // The description of the command must not be replaced by that of its arguments.
        let about = command.get_about().cloned();
        let name = command.get_name().to_owned();
        let command = GlobalArgs::augment_args(T::augment_args(command))
            .about(Resettable::from(about))
            .help_template(super::TEMPLATE);
        with_short_help(command, &name)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl<T: FromArgMatches> FromArgMatches for Flags<T> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        Self::from_arg_matches_mut(&mut matches.clone())
    }

    fn from_arg_matches_mut(matches: &mut ArgMatches) -> Result<Self, Error> {
        let own = Box::new(T::from_arg_matches_mut(matches)?);
        Ok(Self { own, global: GlobalArgs::from_arg_matches_mut(matches)? })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}
