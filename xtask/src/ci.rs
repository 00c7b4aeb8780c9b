//! `cargo xtask ci`: what has to pass before a change goes in, cheapest answer first.

use crate::failure::Failure;
use crate::{features, lint, packages, test};

pub(crate) fn run() -> Result<(), Failure> {
    lint::run()?;
    features::run()?;
    packages::build()?;
    test::run()
}
