//! The actions: one file each, found by name, version, service and method.

pub(crate) mod assume_role;
mod get_caller_identity;
mod get_usage;
mod list_endpoints;
mod list_projects;

use http::{Method, Response};

use crate::account::Account;
use crate::behaviors::{Behaviors, Extras};
use crate::data::{Adjustment, Catalogue, Project};
use crate::envelope::About;
use crate::errors::Failure;

/// What an action works with, besides the request.
#[derive(Debug)]
pub(crate) struct Session<'a> {
    pub(crate) about: &'a About,
    pub(crate) account: &'a Account,
    pub(crate) catalogue: &'a Catalogue,
    pub(crate) behaviors: &'a Behaviors,
    pub(crate) adjustments: &'a [Adjustment],
    pub(crate) extras: Extras,
    /// What temporary keys follow from.
    pub(crate) seed: u64,
    /// The emulator's clock, in unix seconds.
    pub(crate) now: i64,
    /// Query pairs, decoded.
    pub(crate) query: &'a [(String, String)],
    pub(crate) body: &'a [u8],
}

impl Session<'_> {
    /// The project of that name (`default` when none is given), if the account may see it.
    fn project(&self, name: Option<&str>, operation: &str) -> Result<&Project, Failure> {
        let name = name.unwrap_or("default");
        let project = self.catalogue.project(name);
        let project = project.ok_or_else(|| Failure::not_found("ProjectName", name))?;
        if self.account.sees(name) {
            return Ok(project);
        }
        let resource = format!("trn:iam::{}:project/{name}", self.account.account_id);
        Err(Failure::access_denied(operation, &resource))
    }

    fn query(&self, name: &str) -> Option<&str> {
        let found = self.query.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }
}

/// One action and where it lives.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Operation {
    name: &'static str,
    version: &'static str,
    services: &'static [&'static str],
    methods: &'static [Method],
    answer: fn(&Session<'_>) -> Result<Response<Vec<u8>>, Failure>,
}

const ARK: &[&str] = &["ark", "ark_stg"];
const GET: Method = Method::GET;
const POST: Method = Method::POST;

const OPERATIONS: [Operation; 5] = [
    Operation {
        name: "GetUsage",
        version: "2024-01-01",
        services: ARK,
        methods: &[POST],
        answer: get_usage::answer,
    },
    Operation {
        name: "ListEndpoints",
        version: "2024-01-01",
        services: ARK,
        methods: &[POST],
        answer: list_endpoints::answer,
    },
    Operation {
        name: "ListProjects",
        version: "2021-08-01",
        services: &["iam"],
        methods: &[GET],
        answer: list_projects::answer,
    },
    Operation {
        name: "GetCallerIdentity",
        version: "2018-01-01",
        services: &["sts"],
        methods: &[GET, POST],
        answer: get_caller_identity::answer,
    },
    Operation {
        name: "AssumeRole",
        version: "2018-01-01",
        services: &["sts"],
        methods: &[GET, POST],
        answer: assume_role::answer,
    },
];

impl Operation {
    /// Routes as the gateway does: first the service of the credential scope, then name, version
    /// and method within it.
    pub(crate) fn find(
        service: &str,
        action: &str,
        version: &str,
        method: &Method,
    ) -> Result<Self, Failure> {
        let mut of_service =
            OPERATIONS.iter().filter(|operation| operation.services.contains(&service)).peekable();
        if of_service.peek().is_none() {
            return Err(Failure::service_not_found(service));
        }
        of_service
            .find(|operation| {
                operation.name == action
                    && operation.version == version
                    && operation.methods.contains(method)
            })
            .copied()
            .ok_or_else(|| Failure::invalid_action_or_version(action, version))
    }

    pub(crate) fn answer(&self, session: &Session<'_>) -> Result<Response<Vec<u8>>, Failure> {
        (self.answer)(session)
    }
}
