//! Paths and methods.

use crate::support::prelude::*;
use crate::support::raw::head;

crate::tests![
    health_says_that_the_settings_are_good_and_answers_head_without_a_body,
    a_path_that_is_not_exactly_one_of_the_two_is_not_found,
    what_stands_behind_a_question_mark_is_not_looked_at,
    a_method_that_is_not_allowed_is_refused_and_nothing_is_sent,
    a_method_that_http_does_not_know_never_reaches_the_relay,
    health_allows_get_and_head_only_and_a_hook_post,
];

async fn health_says_that_the_settings_are_good_and_answers_head_without_a_body(suite: Arc<Suite>) {
    for service in [DEFAULTS, JSON, UNREACHABLE] {
        let answer = suite.request(service, "GET", "/health", &[], Vec::new()).await;
        assert_eq!(answer.status, 200, "{service}");
        answer.assert_body(&json!({"status": "ok", "events": "off", "storefronts": 0}));
    }
    let answer = suite.request(DEFAULTS, "HEAD", "/health", &[], Vec::new()).await;
    assert_eq!((answer.status, answer.body.len()), (200, 0));
    assert_eq!(answer.header("content-type"), Some("application/json"));
}

async fn a_path_that_is_not_exactly_one_of_the_two_is_not_found(suite: Arc<Suite>) {
    for target in [
        "/",
        "/webhook/",
        "//webhook",
        "/Webhook",
        "/webhook%2f",
        "/%77ebhook",
        "/webhook;x",
        "/x/webhook",
        "/health/..",
        "/healthz",
        "/?/webhook",
    ] {
        let sms = Sms::new();
        let answer = suite.raw(DEFAULTS, &written("POST", target, &sms)).await.unwrap();
        suite.assert_refused(&sms, &answer, (404, "not-found"), target);
        let answer = suite.raw(DEFAULTS, format!("{}\r\n", head("GET", target, &[])).as_bytes()).await.unwrap();
        answer.assert_problem(404, "not-found", target);
    }
}

async fn what_stands_behind_a_question_mark_is_not_looked_at(suite: Arc<Suite>) {
    for target in ["/webhook?", "/webhook?cell_phone=05550000000&type=link.send_email", "/webhook?/health"] {
        let sms = Sms::new();
        suite.assert_sent(&sms, &suite.raw(DEFAULTS, &written("POST", target, &sms)).await.unwrap(), target);
    }
}

async fn a_method_that_is_not_allowed_is_refused_and_nothing_is_sent(suite: Arc<Suite>) {
    for method in ["GET", "PUT", "PATCH", "DELETE", "PURGE", "PROPFIND", "TRACE", "QUERY"] {
        let Sms { link_id, signed } = Sms::new();
        let body = if method == "GET" { Vec::new() } else { signed.body.clone() };
        let answer = suite.request(DEFAULTS, method, "/webhook", &signed.headers(), body).await;
        answer.assert_problem(405, "method-not-allowed", method);
        assert_eq!(answer.header("allow"), Some("POST, OPTIONS"), "{method}");
        suite.assert_nothing_sent(&link_id, method);
    }
    let answer = suite.request(DEFAULTS, "HEAD", "/webhook", &[], Vec::new()).await;
    assert_eq!((answer.status, answer.header("allow")), (405, Some("POST, OPTIONS")));
    suite.seen.expect(405, "method-not-allowed");
}

async fn a_method_that_http_does_not_know_never_reaches_the_relay(suite: Arc<Suite>) {
    for method in ["FOO", "post", "Post", "GETPOST"] {
        let sms = Sms::new();
        let answer = suite.raw(DEFAULTS, &written(method, "/webhook", &sms)).await.unwrap();
        // workerd's own refusal; a platform that lets it through gets the relay's.
        assert!(matches!(answer.status, 405 | 501), "{method}: {}", answer.status);
        suite.assert_nothing_sent(&sms.link_id, method);
    }
}

async fn health_allows_get_and_head_only_and_a_hook_post(suite: Arc<Suite>) {
    for (service, path, methods, allow) in [
        (DEFAULTS, "/health", ["POST", "PUT", "DELETE", "OPTIONS", "PROPFIND"], "GET, HEAD"),
        (STOREFRONT, "/hooks/shop", ["GET", "PUT", "PATCH", "DELETE", "OPTIONS"], "POST"),
    ] {
        for method in methods {
            let answer = suite.request(service, method, path, &[], Vec::new()).await;
            answer.assert_problem(405, "method-not-allowed", &format!("{method} {path}"));
            assert_eq!(answer.header("allow"), Some(allow), "{method} {path}");
        }
    }
}

/// A signed message in a request of this method to this target.
fn written(method: &str, target: &str, sms: &Sms) -> Vec<u8> {
    let length = sms.signed.body.len().to_string();
    let headers = [sms.signed.headers(), vec![("content-length", length.as_str())]].concat();
    [head(method, target, &headers).as_bytes(), b"\r\n", &sms.signed.body].concat()
}
