//! Invalid settings: nothing is sent, and the answer says what to change.

use crate::support::invalid_settings::{invalid_settings, needle};
use crate::support::prelude::*;

crate::tests![
    a_setting_that_is_wrong_is_named_and_nothing_is_sent,
    all_wrong_settings_are_named_at_once,
    a_misconfigured_relay_still_judges_path_method_type_and_size_first,
];

async fn a_setting_that_is_wrong_is_named_and_nothing_is_sent(suite: Arc<Suite>) {
    for (service, name, value) in invalid_settings() {
        let case = format!("{name} = {value:?}");
        let Sms { link_id, signed } = Sms::new();
        let health = suite.request(&service, "GET", "/health", &[], Vec::new()).await;
        let webhook = suite.post(&service, &signed).await;
        for answer in [health, webhook] {
            answer.assert_problem(500, "misconfigured", &case);
            let json = answer.json();
            let settings = json["settings"].as_array().unwrap();
            assert_eq!(settings.len(), 1, "{case}: {settings:?}");
            assert_eq!(settings[0]["name"], name, "{case}");
            assert!(settings[0]["detail"].as_str().is_some_and(|detail| !detail.is_empty()), "{case}");
            assert!(json["detail"].as_str().unwrap().contains(name), "{case}");
            if let Some(value) = value.as_ref().and_then(needle) {
                assert!(!answer.text().contains(value), "{case}: the value is shown");
            }
        }
        suite.assert_nothing_sent(&link_id, &case);
    }
}

async fn all_wrong_settings_are_named_at_once(suite: Arc<Suite>) {
    let answer = suite.request(THREE_INVALID, "GET", "/health", &[], Vec::new()).await;
    answer.assert_problem(500, "misconfigured", THREE_INVALID);
    let json = answer.json();
    let names: Vec<&str> =
        json["settings"].as_array().unwrap().iter().map(|setting| setting["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["PAYTR_MERCHANT_ID", "WEBHOOK_SECRETS", "SEND_LIMITS"]);
}

async fn a_misconfigured_relay_still_judges_path_method_type_and_size_first(suite: Arc<Suite>) {
    let json = [("content-type", "application/json")];
    for (method, path, headers, size, status, code) in [
        ("GET", "/", &[][..], 0, 404, "not-found"),
        ("PUT", "/webhook", &[], 0, 405, "method-not-allowed"),
        ("POST", "/webhook", &[], 10, 415, "unsupported-media-type"),
        ("POST", "/webhook", &json, 16_385, 413, "body-too-large"),
        ("POST", "/webhook", &json, 10, 500, "misconfigured"),
    ] {
        let answer = suite.request(THREE_INVALID, method, path, headers, vec![b' '; size]).await;
        answer.assert_problem(status, code, &format!("{method} {path}"));
    }
}
