//! The emulator from outside: one binary, because each would link the whole crate again.

mod common;

mod accounts;
mod behaviors;
mod clients;
mod faults;
mod helpers;
#[cfg(feature = "serve")]
mod hostile;
mod inference;
mod model;
mod plans;
mod refusals;
mod seats;
#[cfg(feature = "serve")]
mod sockets;
mod sums;
mod temporary_keys;
mod vendor_day;
