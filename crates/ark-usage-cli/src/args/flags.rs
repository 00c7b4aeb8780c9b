//! The flags of one command.

use std::ops::Deref;

use clap::builder::Resettable;
use clap::{ArgMatches, Args, Command, Error, FromArgMatches};

/// What a command takes, kept apart from the others because commands differ much in size.
///
/// The flags of a command are defined when it is chosen (`defer`), and by then it has been given
/// those that every command takes; help shows them in this order, so they move behind its own.
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
        behind_its_own(command, T::augment_args)
    }

    fn augment_args_for_update(command: Command) -> Command {
        behind_its_own(command, T::augment_args_for_update)
    }
}

fn behind_its_own(command: Command, own: fn(Command) -> Command) -> Command {
    let given: Vec<_> = command.get_arguments().map(|arg| arg.get_id().clone()).collect();
    // The list of commands says what each is for; what is said of its flags must not replace that.
    let about = command.get_about().cloned();
    let command = own(command).about(Resettable::from(about));
    // To change a flag is to put it at the end.
    given.iter().fold(command, |command, id| command.mut_arg(id, |arg| arg))
}

impl<T: FromArgMatches> FromArgMatches for Flags<T> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        T::from_arg_matches(matches).map(|args| Self(Box::new(args)))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        self.0.update_from_arg_matches(matches)
    }
}
