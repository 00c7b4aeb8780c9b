//! The environment of a search: everything outside that it may read.

use std::fmt;
use std::sync::Arc;

use crate::environment::Environment;
use crate::exchange::ServiceUrls;
use crate::files::{Files, OsFiles};
use crate::process::{OsProcesses, Processes};

/// Retries of a request for credentials, as in the official SDKs.
const MAX_RETRIES: u32 = 2;

/// Variables, home directory, files, programs and the addresses of services.
///
/// Cheap to clone. [`new`](Self::new) uses this machine's files and programs; tests replace them.
#[derive(Clone)]
pub struct SourceContext {
    environment: Arc<Environment>,
    files: Arc<dyn Files>,
    processes: Arc<dyn Processes>,
    urls: Arc<ServiceUrls>,
    max_retries: u32,
}

impl SourceContext {
    /// The given environment, this machine's files and programs, the official services.
    pub fn new(environment: Environment) -> Self {
        Self {
            environment: Arc::new(environment),
            files: Arc::new(OsFiles::new()),
            processes: Arc::new(OsProcesses::new()),
            urls: Arc::new(ServiceUrls::default()),
            max_retries: MAX_RETRIES,
        }
    }

    /// Sets other files.
    #[must_use]
    pub fn with_files(self, files: impl Files + 'static) -> Self {
        Self { files: Arc::new(files), ..self }
    }

    /// Sets other programs.
    #[must_use]
    pub fn with_processes(self, processes: impl Processes + 'static) -> Self {
        Self { processes: Arc::new(processes), ..self }
    }

    /// Sets other addresses of services.
    #[must_use]
    pub fn with_urls(self, urls: ServiceUrls) -> Self {
        Self { urls: Arc::new(urls), ..self }
    }

    /// Lowers the number of retries of a request for credentials; it is 2 at most.
    #[must_use]
    pub fn with_max_retries(self, retries: u32) -> Self {
        Self { max_retries: retries.min(MAX_RETRIES), ..self }
    }

    /// The variables and the home directory.
    pub fn environment(&self) -> &Environment {
        &self.environment
    }

    pub(crate) fn files(&self) -> &dyn Files {
        &*self.files
    }

    pub(crate) fn processes(&self) -> &dyn Processes {
        &*self.processes
    }

    pub(crate) fn max_retries(&self) -> u32 {
        self.max_retries
    }

    pub(crate) fn urls(&self) -> &ServiceUrls {
        &self.urls
    }
}

impl fmt::Debug for SourceContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SourceContext")
            .field("environment", &self.environment)
            .field("urls", &self.urls)
            .finish_non_exhaustive()
    }
}
