//! The options of an emulator.

use crate::account::Account;
use crate::actions::EmulatedAction;
use crate::behaviors::Behaviors;
use crate::data::CatalogueSize;
use crate::faults::FaultScript;

/// The seed of [`EmulatorOptions::default`].
pub const DEFAULT_SEED: u64 = 20_241_119;

/// Everything that decides what an [`Emulator`](crate::Emulator) answers.
///
/// ```
/// use ark_usage_emulator::{Account, EmulatorOptions};
/// use volc_sign::Credentials;
///
/// let key = Credentials::new("AKLTEXAMPLE0000000000000000000001", "fake-secret-for-tests-only-0001");
/// let options = EmulatorOptions {
///     seed: 7,
///     accounts: vec![Account::demo(), Account::new(key, 2_100_000_002)],
///     behaviors: "tags=always".parse()?,
///     ..EmulatorOptions::default()
/// };
/// # let _ = options;
/// # Ok::<(), ark_usage_emulator::BehaviorError>(())
/// ```
#[derive(Clone, Debug)]
pub struct EmulatorOptions {
    /// Decides names and numbers. The vendor's day is the same for every seed.
    pub seed: u64,
    /// The keys that are known. Two keys of one account id see the same data, accounts of different
    /// ids see different ones. [`Account::several`] makes any number of them.
    pub accounts: Vec<Account>,
    /// The answers to the open questions about the actions.
    pub behaviors: Behaviors,
    /// The scripted faults.
    pub faults: FaultScript,
    /// The numbers of projects and endpoints of each account.
    pub size: CatalogueSize,
    /// Calls per second and account, counted by the clock's whole seconds; more are answered with
    /// `FlowLimitExceeded`. `None` is no limit.
    pub calls_per_second: Option<u32>,
    /// Actions besides those of the emulator, such as a test's own.
    pub extra_actions: Vec<EmulatedAction>,
}

impl Default for EmulatorOptions {
    /// The demo account alone, the behaviors of the vendor's first sample, no faults, no limit.
    fn default() -> Self {
        Self {
            seed: DEFAULT_SEED,
            accounts: vec![Account::demo()],
            behaviors: Behaviors::default(),
            faults: FaultScript::default(),
            size: CatalogueSize::default(),
            calls_per_second: None,
            extra_actions: Vec::new(),
        }
    }
}
