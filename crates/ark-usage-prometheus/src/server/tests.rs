//! Requests of scrapers, of people, and of web pages that try.

use super::*;

fn ask(method: &str, path: &str, host: &str, page: Option<&str>) -> (u16, String) {
    let request = Request::builder().method(method).uri(path).header(HOST, host);
    let response = respond(&request.body(Vec::new()).unwrap(), page, true);
    (response.status().as_u16(), String::from_utf8(response.into_body()).unwrap())
}

#[test]
fn paths_methods_and_hosts_are_checked() {
    let status = |method, path, host, page| ask(method, path, host, page).0;
    let page = Some("a 1\n");
    assert_eq!(ask("GET", "/metrics", "127.0.0.1:9464", page), (200, "a 1\n".to_owned()));
    for (host, expected) in [
        ("localhost", 200),
        ("LOCALHOST:1", 200),
        ("[::1]:9464", 200),
        ("", 200),
        ("usage.example.com", 403),
        ("127.0.0.1.example.com:9464", 403),
    ] {
        assert_eq!(status("GET", "/metrics?x=1", host, page), expected, "{host}");
    }
    for method in ["POST", "PUT", "DELETE", "OPTIONS"] {
        assert_eq!(status(method, "/metrics", "localhost", page), 405, "{method}");
    }
    for path in ["/metrics/", "/favicon.ico", "/../metrics", "/-/reload"] {
        assert_eq!(status("GET", path, "localhost", page), 404, "{path}");
    }
    assert_eq!(status("HEAD", "/metrics", "localhost", page), 200);
}

#[test]
fn a_process_is_alive_before_it_is_ready() {
    for (path, before) in [("/healthz", 200), ("/-/ready", 503), ("/metrics", 503), ("/", 200)] {
        assert_eq!(ask("GET", path, "localhost", None).0, before, "{path}");
        assert_eq!(ask("GET", path, "localhost", Some("")).0, 200, "{path}");
    }
}
