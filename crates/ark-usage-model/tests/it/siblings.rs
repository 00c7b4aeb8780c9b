//! The other actions: what they ask and what they read.

use ark_usage_model::get_caller_identity::GetCallerIdentity;
use ark_usage_model::list_endpoints::{EndpointFilter, ListEndpoints};
use ark_usage_model::list_projects::ListProjects;
use volc_openapi::Action;

#[test]
fn endpoints() {
    let body = r#"{"ResponseMetadata":{"RequestId":"r"},"Result":{"TotalCount":2,"PageNumber":1,
        "PageSize":10,"Items":[{"Id":"ep-1","Name":"chat","ProjectName":"default","Status":"Running",
        "EndpointModelType":"FoundationModel","ModelReference":{"FoundationModel":{"Name":"doubao",
        "ModelVersion":"250115"},"CustomModelId":""},"Tags":[{"Key":"team","Value":"a"}],
        "CreateTime":"2024-11-19T00:00:00Z","RateLimit":{"Rpm":1}},{"Id":"ep-2","Tags":null,
        "ModelReference":null}]}}"#;
    let result = ListEndpoints::from_http(&http::Response::new(body)).unwrap().result;
    assert_eq!(result.total_count, Some(2));
    let first = &result.items[0];
    assert_eq!(first.id.as_deref(), Some("ep-1"));
    let model = first.model_reference.as_ref().unwrap().foundation_model.as_ref().unwrap();
    assert_eq!(model.name.as_deref(), Some("doubao"));
    assert_eq!(first.tags[0].key.as_deref(), Some("team"));
    assert!(result.items[1].tags.is_empty() && result.items[1].model_reference.is_none());
    let again = serde_json::from_str(&serde_json::to_string(&result).unwrap()).unwrap();
    assert_eq!(result, again);
}

#[test]
fn an_endpoint_filter() {
    let action = ListEndpoints {
        filter: Some(EndpointFilter { ids: vec!["ep-1".to_owned()], ..EndpointFilter::default() }),
        ..ListEndpoints::default()
    };
    let request = action.to_http(&"http://127.0.0.1:1".parse().unwrap()).unwrap();
    assert_eq!(request.body(), br#"{"Filter":{"Ids":["ep-1"]}}"#);
    assert_eq!(serde_json::from_slice::<ListEndpoints>(request.body()).unwrap(), action);
}

#[test]
fn projects() {
    let body = r#"{"ResponseMetadata":{},"Result":{"Total":1,"Limit":10,"Offset":0,"Projects":[
        {"ProjectName":"default","DisplayName":"Default","AccountID":2100000001,"Status":"active",
        "HasPermission":true,"ParentProjectName":""}]}}"#;
    let result = ListProjects::from_http(&http::Response::new(body)).unwrap().result;
    let project = &result.projects[0];
    assert_eq!(project.project_name.as_deref(), Some("default"));
    assert_eq!((project.account_id, project.has_permission), (Some(2_100_000_001), Some(true)));
    let request = ListProjects::default().to_http(&"http://127.0.0.1:1".parse().unwrap()).unwrap();
    assert_eq!(request.uri(), "http://127.0.0.1:1/?Action=ListProjects&Version=2021-08-01");
    assert_eq!(request.method(), http::Method::GET);
    assert!(request.body().is_empty());
}

#[test]
fn identity() {
    let body = r#"{"ResponseMetadata":{},"Result":{"AccountId":"2100000001","IdentityId":7,
        "IdentityType":"User","Trn":"trn:iam::2100000001:user/me"}}"#;
    let result = GetCallerIdentity::from_http(&http::Response::new(body)).unwrap().result;
    assert_eq!(result.account_id, Some(2_100_000_001));
    assert_eq!(result.identity_id.as_deref(), Some("7"));
}
