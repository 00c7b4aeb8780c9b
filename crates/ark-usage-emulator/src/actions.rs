//! The actions: one file each, found by name, version, service and method.

mod afp_windows;
pub(crate) mod assume_role;
mod billing;
mod get_afp_usage;
mod get_caller_identity;
mod get_coding_plan_usage;
mod get_inference_usage;
mod get_personal_plan;
mod get_usage;
mod get_usage_details;
mod list_api_keys;
mod list_endpoints;
mod list_projects;
mod list_seat_infos;
mod model_quotas;
mod page;
mod plans;
mod seat_afp;
mod seat_info_usage;
mod seats;
mod session;
mod wire_number;

use http::{Method, Response};

use crate::errors::Refusal;

pub(crate) use session::ReadLists;
pub use session::{HourTokens, Session, UsageSource};

/// An action and its routing. Those of a test are added with
/// [`EmulatorOptions::extra_actions`](crate::EmulatorOptions::extra_actions).
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "made by whoever adds an action")]
pub struct EmulatedAction {
    /// Query parameter `Action`.
    pub name: &'static str,
    /// Query parameter `Version`.
    pub version: &'static str,
    /// The services of the credential scope under which it is found.
    pub services: &'static [&'static str],
    /// The methods it takes.
    pub methods: &'static [Method],
    /// Answers a request whose signature was verified.
    pub answer: fn(&Session<'_>) -> Result<Response<Vec<u8>>, Refusal>,
}

const ARK: &[&str] = &["ark", "ark_stg"];
const GET: Method = Method::GET;
const POST: Method = Method::POST;

const ACTIONS: [EmulatedAction; 20] = [
    EmulatedAction {
        name: "GetUsage",
        version: "2024-01-01",
        services: ARK,
        methods: &[POST],
        answer: get_usage::answer,
    },
    EmulatedAction {
        name: "GetInferenceUsage",
        version: "2024-01-01",
        services: ARK,
        methods: &[POST],
        answer: get_inference_usage::answer,
    },
    EmulatedAction {
        name: "GetAFPUsage",
        version: "2024-01-01",
        services: ARK,
        methods: &[POST],
        answer: get_afp_usage::answer,
    },
    EmulatedAction {
        name: "GetCodingPlanUsage",
        version: "2024-01-01",
        services: ARK,
        methods: &[GET, POST],
        answer: get_coding_plan_usage::answer,
    },
    EmulatedAction {
        name: "GetPersonalPlan",
        version: "2024-01-01",
        services: ARK,
        methods: &[POST],
        answer: get_personal_plan::answer,
    },
    EmulatedAction {
        name: "ListApiKeys",
        version: "2024-01-01",
        services: ARK,
        methods: &[POST],
        answer: list_api_keys::answer,
    },
    EmulatedAction {
        name: "ListEndpoints",
        version: "2024-01-01",
        services: ARK,
        methods: &[POST],
        answer: list_endpoints::answer,
    },
    EmulatedAction {
        name: "ListSeatInfos",
        version: "2024-01-01",
        services: ARK,
        methods: &[POST],
        answer: list_seat_infos::answer,
    },
    EmulatedAction {
        name: "GetUsageDetails",
        version: "2024-01-01",
        services: ARK,
        methods: &[POST],
        answer: get_usage_details::answer,
    },
    EmulatedAction {
        name: "GetSeatAFPUsage",
        version: "2024-01-01",
        services: ARK,
        methods: &[POST],
        answer: seat_afp::get,
    },
    EmulatedAction {
        name: "ListSeatAFPUsage",
        version: "2024-01-01",
        services: ARK,
        methods: &[POST],
        answer: seat_afp::list,
    },
    EmulatedAction {
        name: "GetSeatInfoUsage",
        version: "2024-01-01",
        services: ARK,
        methods: &[POST],
        answer: seat_info_usage::get,
    },
    EmulatedAction {
        name: "ListSeatInfoUsages",
        version: "2024-01-01",
        services: ARK,
        methods: &[POST],
        answer: seat_info_usage::list,
    },
    EmulatedAction {
        name: "ListModelActivations",
        version: "2024-01-01",
        services: ARK,
        methods: &[POST],
        answer: model_quotas::activations,
    },
    EmulatedAction {
        name: "ListModelTokenLimit",
        version: "2024-01-01",
        services: ARK,
        methods: &[POST],
        answer: model_quotas::limits,
    },
    EmulatedAction {
        name: "ListResourcePackages",
        version: "2022-01-01",
        services: &["billing"],
        methods: &[POST],
        answer: billing::packages,
    },
    EmulatedAction {
        name: "QueryBalanceAcct",
        version: "2022-01-01",
        services: &["billing"],
        methods: &[POST],
        answer: billing::balance,
    },
    EmulatedAction {
        name: "ListProjects",
        version: "2021-08-01",
        services: &["iam"],
        methods: &[GET],
        answer: list_projects::answer,
    },
    EmulatedAction {
        name: "GetCallerIdentity",
        version: "2018-01-01",
        services: &["sts"],
        methods: &[GET, POST],
        answer: get_caller_identity::answer,
    },
    EmulatedAction {
        name: "AssumeRole",
        version: "2018-01-01",
        services: &["sts"],
        methods: &[GET, POST],
        answer: assume_role::answer,
    },
];

impl EmulatedAction {
    /// Routes as the gateway does: first the service of the credential scope, then name, version
    /// and method within it.
    pub(crate) fn find(
        service: &str,
        action: &str,
        version: &str,
        method: &Method,
        extra: &[Self],
    ) -> Result<Self, Refusal> {
        let mut of_service = ACTIONS
            .iter()
            .chain(extra)
            .filter(|operation| operation.services.contains(&service))
            .peekable();
        if of_service.peek().is_none() {
            return Err(Refusal::service_not_found(service));
        }
        of_service
            .find(|operation| {
                operation.name == action
                    && operation.version == version
                    && operation.methods.contains(method)
            })
            .copied()
            .ok_or_else(|| Refusal::invalid_action_or_version(action, version))
    }

    pub(crate) fn answer(&self, session: &Session<'_>) -> Result<Response<Vec<u8>>, Refusal> {
        (self.answer)(session)
    }
}
