//! Pages in a browser.

use crate::support::prelude::*;
use crate::support::services::ORIGINS;

crate::tests![
    a_page_of_an_allowed_origin_may_read_its_answer_and_the_replay,
    an_allowed_page_may_read_every_error,
    an_allowed_page_may_read_that_settings_are_wrong,
    a_foreign_page_is_told_nothing_about_origins,
    without_allowed_origins_no_page_may_post,
    a_preflight_of_an_allowed_page_is_granted_post_and_every_header,
    an_allowed_page_may_read_that_its_path_is_wrong,
    a_preflight_of_a_foreign_page_is_granted_nothing,
    a_caller_that_is_no_page_gets_no_cors_headers,
];

/// Every other spelling is in `tests/pure`.
const FOREIGN: [&str; 4] = ["https://evil.example", "https://shop.example:8443", "https://shop.example/", "null"];

async fn a_page_of_an_allowed_origin_may_read_its_answer_and_the_replay(suite: Arc<Suite>) {
    for service in [JSON, TEXT] {
        for origin in ORIGINS {
            let link_id = people::link_id();
            let signed = Signed::new(message::sms(&link_id, &people::phone()));
            for is_replay in [false, true] {
                let answer = suite.post_from(origin, service, &signed).await;
                answer.assert_sent(&signed.id, origin);
                assert_eq!(answer.is_replay(), is_replay);
                assert_allowed(&answer, origin, origin);
            }
            suite.only_call(&link_id);
        }
    }
}

async fn an_allowed_page_may_read_every_error(suite: Arc<Suite>) {
    let origin = ORIGINS[0];
    let phone = people::phone();
    let first = Signed::new(message::sms(&people::link_id(), &phone));
    suite.post(TEXT, &first).await.assert_sent(&first.id, "first");
    let sms = || message::sms(&people::link_id(), &people::phone());
    for (status, code, signed) in [
        (400, "malformed-body", Signed::new("not json")),
        (401, "invalid-signature", Signed::with(&secrets::foreign(), &people::webhook_id(), now(), sms())),
        (401, "stale-timestamp", Signed::with(&secrets::current(), &people::webhook_id(), now() - 1000, sms())),
        (413, "body-too-large", Signed::new(" ".repeat(20_000))),
        (422, "invalid-field", Signed::new(message::sms("no link", &people::phone()))),
        (422, "unknown-type", Signed::new(r#"{"type": "link.update"}"#)),
        (422, "webhook-id-reused", first.with_body(message::sms(&people::link_id(), &phone))),
        (429, "recipient-limit", Signed::new(message::sms(&people::link_id(), &phone))),
    ] {
        let answer = suite.post_from(origin, TEXT, &signed).await;
        answer.assert_problem(status, code, code);
        assert_allowed(&answer, origin, code);
    }
    for (method, status, code) in [("POST", 415, "unsupported-media-type"), ("PUT", 405, "method-not-allowed")] {
        let answer = suite.request(TEXT, method, "/webhook", &[("origin", origin)], vec![]).await;
        answer.assert_problem(status, code, code);
        assert_allowed(&answer, origin, code);
    }
}

async fn an_allowed_page_may_read_that_settings_are_wrong(suite: Arc<Suite>) {
    let origin = ORIGINS[0];
    let preflight = suite.request(THREE_INVALID, "OPTIONS", "/webhook", &preflight(origin), vec![]).await;
    assert_allowed(&preflight, origin, "preflight");
    let signed = Signed::new(message::sms(&people::link_id(), &people::phone()));
    let answer = suite.post_from(origin, THREE_INVALID, &signed).await;
    answer.assert_problem(500, "misconfigured", origin);
    assert_allowed(&answer, origin, origin);
}

async fn a_foreign_page_is_told_nothing_about_origins(suite: Arc<Suite>) {
    for origin in FOREIGN {
        // CORS is no authentication: what is rightly signed goes out, only the page cannot read the answer.
        let signed = Signed::new(message::sms(&people::link_id(), &people::phone()));
        let answer = suite.post_from(origin, JSON, &signed).await;
        answer.assert_sent(&signed.id, origin);
        assert_not_allowed(&answer, origin);
        let unsigned = Signed::with(&secrets::foreign(), &people::webhook_id(), now(), "{}");
        let answer = suite.post_from(origin, JSON, &unsigned).await;
        answer.assert_problem(401, "invalid-signature", origin);
        assert_not_allowed(&answer, origin);
    }
}

async fn without_allowed_origins_no_page_may_post(suite: Arc<Suite>) {
    for origin in ORIGINS.into_iter().chain(FOREIGN) {
        for service in [DEFAULTS, FREE] {
            let answer = suite.request(service, "OPTIONS", "/webhook", &preflight(origin), vec![]).await;
            assert_not_allowed(&answer, origin);
        }
    }
}

async fn a_preflight_of_an_allowed_page_is_granted_post_and_every_header(suite: Arc<Suite>) {
    for service in [JSON, TEXT] {
        for origin in ORIGINS {
            let answer = suite.request(service, "OPTIONS", "/webhook", &preflight(origin), vec![]).await;
            assert_eq!((answer.status, answer.body.len()), (204, 0), "{origin}");
            assert_allowed(&answer, origin, origin);
            assert_eq!(answer.header("access-control-allow-methods"), Some("POST"), "{origin}");
            assert_eq!(answer.header("access-control-allow-headers"), Some("*"), "{origin}");
        }
    }
}

async fn an_allowed_page_may_read_that_its_path_is_wrong(suite: Arc<Suite>) {
    let origin = ORIGINS[0];
    for path in ["/", "/webhook/", "//webhook", "/webhook/webhook", "/health/", "/health"] {
        let answer = suite.request(JSON, "OPTIONS", path, &preflight(origin), vec![]).await;
        assert_eq!((answer.status, answer.body.len()), (204, 0), "{path}");
        assert_allowed(&answer, origin, path);
        let signed = Signed::new(message::sms(&people::link_id(), &people::phone()));
        let headers = [signed.headers(), vec![("origin", origin)]].concat();
        let answer = suite.request(JSON, "POST", path, &headers, signed.body.clone()).await;
        let (status, code) = if path == "/health" { (405, "method-not-allowed") } else { (404, "not-found") };
        answer.assert_problem(status, code, path);
        assert_allowed(&answer, origin, path);
    }
    let answer = suite.request(JSON, "GET", "/health", &[("origin", origin)], vec![]).await;
    assert_eq!(answer.status, 200);
    assert_allowed(&answer, origin, "health");
}

async fn a_preflight_of_a_foreign_page_is_granted_nothing(suite: Arc<Suite>) {
    for origin in FOREIGN {
        for path in ["/webhook", "/webhook/", "/health"] {
            let answer = suite.request(JSON, "OPTIONS", path, &preflight(origin), vec![]).await;
            assert_not_allowed(&answer, origin);
            assert_eq!(answer.status == 204, path == "/webhook", "{path}");
        }
    }
}

async fn a_caller_that_is_no_page_gets_no_cors_headers(suite: Arc<Suite>) {
    let signed = Signed::new(message::sms(&people::link_id(), &people::phone()));
    let answer = suite.post(JSON, &signed).await;
    answer.assert_sent(&signed.id, "no page");
    assert_eq!(cors_headers(&answer), BTreeSet::new());
}

fn preflight(origin: &str) -> [(&str, &str); 3] {
    [
        ("origin", origin),
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", "content-type,webhook-id,webhook-signature,webhook-timestamp"),
    ]
}

#[track_caller]
fn assert_allowed(answer: &Answer, origin: &str, case: &str) {
    assert_eq!(answer.header("access-control-allow-origin"), Some(origin), "{case}");
    assert!(varies_by_origin(answer), "{case}: {:?}", answer.headers);
    assert_eq!(answer.header("access-control-allow-credentials"), None, "{case}");
    assert_eq!(answer.header("access-control-expose-headers"), Some("*"), "{case}");
}

#[track_caller]
fn assert_not_allowed(answer: &Answer, case: &str) {
    assert_eq!(cors_headers(answer), BTreeSet::new(), "{case}");
    // An answer to one origin must not be taken from a cache for another.
    assert!(varies_by_origin(answer), "{case}: {:?}", answer.headers);
}

fn cors_headers(answer: &Answer) -> BTreeSet<&str> {
    answer.headers.iter().map(|(name, _)| name.as_str()).filter(|name| name.starts_with("access-control-")).collect()
}

fn varies_by_origin(answer: &Answer) -> bool {
    let mut names = answer.headers.iter().filter(|(name, _)| name == "vary").flat_map(|(_, value)| value.split(','));
    names.any(|name| name.trim().eq_ignore_ascii_case("origin"))
}
