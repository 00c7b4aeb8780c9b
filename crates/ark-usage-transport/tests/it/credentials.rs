//! Keys found on the way: a search of `volc-credentials` over a transport.

use std::future::{pending, ready};

use ark_usage_transport::{Keys, TransportError, find_credentials};
use http::{Request, Response};
use volc_credentials::{Chain, Environment, SourceContext};
use volc_openapi::TransportFailure;

use crate::world::Simulated;

type Answer = Result<Response<Vec<u8>>, TransportError>;

fn context(variables: &[(&str, &str)]) -> SourceContext {
    SourceContext::new(Environment::from_variables(variables.iter().copied()))
}

/// For what must not be asked.
#[expect(clippy::needless_pass_by_value, reason = "the shape of a transport")]
fn never(request: Request<Vec<u8>>) -> std::future::Ready<Answer> {
    assert_eq!(request.uri(), "", "nothing need be sent");
    ready(Err(TransportFailure::Other.into()))
}

#[tokio::test]
async fn variables_need_no_network() {
    let context = context(&[
        ("VOLCENGINE_ACCESS_KEY", "AKLTEXAMPLE0000000000000000000001"),
        ("VOLCENGINE_SECRET_KEY", "fake-secret-for-tests-only-0001"),
    ]);
    let search = Chain::official().search(&context);
    let found = find_credentials(search, &never, &never, &Simulated::default()).await.unwrap();
    let keys = Keys::from(found);
    assert_eq!(keys.credentials.access_key_id(), "AKLTEXAMPLE0000000000000000000001");
    assert_eq!(keys.refresh_at, None);
}

#[tokio::test]
async fn a_metadata_service_that_is_silent_is_not_waited_for() {
    let context = context(&[("VOLCENGINE_ECS_METADATA", "some-role")]);
    let search = Chain::official().search(&context);
    let silent = |request: Request<Vec<u8>>| {
        assert_eq!(request.uri().host(), Some("100.96.0.96"));
        pending::<Answer>()
    };
    let clock = Simulated::default();
    let not_found = find_credentials(search, &never, &silent, &clock).await.unwrap_err();
    assert!(not_found.to_string().contains("metadata"), "{not_found}");
}

#[tokio::test]
async fn nothing_found_says_where_it_looked() {
    let search = Chain::official().search(&context(&[]));
    let refusing = |_: Request<Vec<u8>>| ready(Answer::Err(TransportError::other("no")));
    let clock = Simulated::default();
    let not_found = find_credentials(search, &refusing, &refusing, &clock).await.unwrap_err();
    assert!(not_found.to_string().contains("VOLCENGINE_ACCESS_KEY"), "{not_found}");
}
