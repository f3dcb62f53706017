//! Responses of each kind, and their headers.

use crate::support::headers;
use paytr_link_relay::http::response::Response;
use serde_json::json;

const NO_CACHE: [(&str, &str); 2] = [("cache-control", "no-store"), ("x-content-type-options", "nosniff")];

#[test]
fn an_empty_response_has_neither_headers_nor_body() {
    let response = Response::empty(204, "preflight");
    assert_eq!(response, Response { status: 204, code: "preflight", headers: Vec::new(), body: String::new() });
}

#[test]
fn every_body_has_its_type_and_may_not_be_cached() {
    let value = json!({"status": "ok"});
    let problem = "application/problem+json";
    for (response, status, code, media_type, body) in [
        (Response::json(503, "busy", problem, &value), 503, "busy", problem, r#"{"status":"ok"}"#),
        (Response::success("sent", "{}".to_owned()), 200, "sent", "application/json", "{}"),
        (Response::text(400, "bad", "no".to_owned()), 400, "bad", "text/plain; charset=utf-8", "no"),
    ] {
        assert_eq!((response.status, response.code, response.body.as_str()), (status, code, body));
        assert_eq!(headers(&response), [[("content-type", media_type)].as_slice(), &NO_CACHE].concat(), "{code}");
    }
}
