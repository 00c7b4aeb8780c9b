//! The environment of a search: everything outside that it may read.

use std::fmt;
use std::sync::Arc;

use crate::environment::Environment;
use crate::exchange::ServiceUrls;
use crate::files::{Files, OsFiles};
use crate::process::{OsProcesses, Processes};

/// Variables, home directory, files, programs and the addresses of services.
///
/// Cheap to clone. [`new`](Self::new) uses this machine's files and programs; tests replace them.
#[derive(Clone)]
pub struct SourceContext {
    environment: Arc<Environment>,
    files: Arc<dyn Files>,
    processes: Arc<dyn Processes>,
    urls: Arc<ServiceUrls>,
}

impl SourceContext {
    /// The given environment, this machine's files and programs, the official services.
    pub fn new(environment: Environment) -> Self {
        Self {
            environment: Arc::new(environment),
            files: Arc::new(OsFiles::new()),
            processes: Arc::new(OsProcesses::new()),
            urls: Arc::new(ServiceUrls::default()),
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
