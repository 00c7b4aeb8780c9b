//! The flags of one command.

use std::ops::Deref;

use clap::builder::Resettable;
use clap::{ArgMatches, Args, Command, Error, FromArgMatches};

use super::GlobalArgs;

/// What a command takes, kept apart from the others because commands differ much in size; behind it
/// come the options of every command.
#[derive(Debug)]
pub(crate) struct Flags<T>(Box<T>);

impl<T> Deref for Flags<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Args> Args for Flags<T> {
    fn augment_args(command: Command) -> Command {
        // The list of commands says what each is for; what is said of its flags must not replace that.
        let about = command.get_about().cloned();
        GlobalArgs::augment_args(T::augment_args(command)).about(Resettable::from(about))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl<T: FromArgMatches> FromArgMatches for Flags<T> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        T::from_arg_matches(matches).map(|args| Self(Box::new(args)))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        self.0.update_from_arg_matches(matches)
    }
}
