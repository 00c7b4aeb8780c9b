//! Filters: the projects, scenes, jobs and endpoints that are counted.

use ark_usage_model::Tags;
use clap::Args;

use super::headings;
use crate::lang::say;

/// The flags of filters that may have several values, with the keys of their dimensions.
pub(crate) const FILTER_FLAGS: [(&str, &str); 6] = [
    ("--model", Tags::MODEL_NAME),
    ("--model-version", Tags::MODEL_VERSION),
    ("--api-key", Tags::API_KEY_ID),
    ("--billing", Tags::BILLING_STATUS),
    ("--batch-job-id", Tags::BATCH_JOB_ID),
    ("--scene", Tags::SCENE),
];

/// Filters of every command that fetches usage.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = headings::filters())]
pub(crate) struct FilterArgs {
    #[arg(
        long,
        value_name = "NAME",
        help = say(
            "Count only this project (repeatable) [default: all]",
            "只统计该项目（可重复）[默认：全部]",
        ),
    )]
    pub(crate) project: Vec<String>,
    #[arg(
        long,
        conflicts_with = "project",
        help = say(
            "Fail unless every project can be listed (IAM ListProjects)",
            "无法列出全部项目（IAM ListProjects）时报错退出",
        ),
    )]
    pub(crate) all_projects: bool,
    #[arg(
        long,
        conflicts_with_all = ["project", "all_projects"],
        help = say(
            "Count the default project only, without naming a project",
            "只统计默认项目，请求中不写项目名",
        ),
    )]
    pub(crate) default_project: bool,
    #[arg(
        long,
        value_name = "SCENE",
        help = say(
            "Count only this scene: Ordinary, Batch or BatchChat (repeatable)",
            "只统计该场景：Ordinary、Batch 或 BatchChat（可重复）",
        ),
    )]
    pub(crate) scene: Vec<String>,
    #[arg(
        long,
        value_name = "ID",
        help = say("Count only this batch inference job (repeatable)", "只统计该批量推理任务（可重复）"),
    )]
    pub(crate) batch_job_id: Vec<String>,
    #[arg(
        long,
        value_name = "NAME",
        help = say(
            "Count only this model (repeatable; needs --api inference)",
            "只统计该模型（可重复；需要 --api inference）",
        ),
    )]
    pub(crate) model: Vec<String>,
    #[arg(
        long,
        value_name = "VERSION",
        help = say(
            "Count only this model version (repeatable; needs --api inference)",
            "只统计该模型版本（可重复；需要 --api inference）",
        ),
    )]
    pub(crate) model_version: Vec<String>,
    #[arg(
        long,
        value_name = "KEY",
        help = say(
            "Count only this API key, apikey-… or its name (repeatable; needs --api inference)",
            "只统计该 API Key：apikey-… 或名称（可重复；需要 --api inference）",
        ),
    )]
    pub(crate) api_key: Vec<String>,
    #[arg(
        long,
        value_name = "STATUS",
        help = say(
            "Count only this billing status, such as normal (repeatable; needs --api inference)",
            "只统计该计费状态，例如 normal（可重复；需要 --api inference）",
        ),
    )]
    pub(crate) billing: Vec<String>,
}

/// Inference endpoints that are counted.
#[derive(Args, Debug)]
#[command(next_help_heading = headings::filters())]
pub(crate) struct EndpointArgs {
    #[arg(
        long,
        value_name = "ID",
        allow_hyphen_values = true,
        help = say(
            "Count only this endpoint, ep-… (repeatable)",
            "只统计该推理接入点 ep-…（可重复）",
        ),
        long_help = say(
            "Count only this inference endpoint, ep-… (repeatable); @FILE or - reads IDs from a file or standard input, one per line",
            "只统计该推理接入点 ep-…（可重复）；@FILE 或 - 从文件或标准输入读取，每行一个",
        ),
    )]
    pub(crate) endpoint_id: Vec<String>,
    #[arg(
        long,
        conflicts_with = "endpoint_id",
        help = say(
            "Count each endpoint separately, with name and model (calls ListEndpoints)",
            "分别统计每个推理接入点，并带上名称和模型（调用 ListEndpoints）",
        ),
    )]
    pub(crate) all_endpoints: bool,
}
