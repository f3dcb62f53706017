//! A message that proves a shop's signing right and sends nothing.

use crate::support::prelude::*;
use crate::support::services::STOREFRONTS;

/// The relay's.
const VERSION: &str = env!("CARGO_PKG_VERSION");

crate::tests![
    a_ping_is_answered_however_often_it_comes,
    a_ping_names_the_storefronts_and_their_hooks_and_health_how_many_there_are,
    a_ping_is_checked_like_any_other_message_and_one_with_a_field_refused_by_its_name,
];

async fn a_ping_is_answered_however_often_it_comes(suite: Arc<Suite>) {
    let signed = Signed::new(r#"{"type":"relay.ping"}"#);
    for signed in [signed.clone(), signed.retry(), signed.with_body(r#"{"type":"relay.ping","data":{}}"#)] {
        // Where PayTR is not there, whatever asked it would be unknown.
        let answer = suite.post(UNREACHABLE, &signed).await;
        answer.assert_body(&json!({"outcome": "pong", "version": VERSION}));
        assert!(!answer.is_replay());
    }
}

async fn a_ping_names_the_storefronts_and_their_hooks_and_health_how_many_there_are(suite: Arc<Suite>) {
    let answer = suite.post(STOREFRONTS, &Signed::new(r#"{"type":"relay.ping"}"#)).await;
    let storefronts = json!([
        {"name": "shop", "platform": "woocommerce", "hook": "/hooks/shop", "writes_back": true},
        {"name": "second", "platform": "woocommerce", "hook": "/hooks/second", "writes_back": false},
    ]);
    answer.assert_body(&json!({"outcome": "pong", "version": VERSION, "storefronts": storefronts}));
    let health = suite.request(STOREFRONTS, "GET", "/health", &[], Vec::new()).await;
    health.assert_body(&json!({"status": "ok", "events": "off", "storefronts": 2}));
}

async fn a_ping_is_checked_like_any_other_message_and_one_with_a_field_refused_by_its_name(suite: Arc<Suite>) {
    let body = r#"{"type":"relay.ping"}"#;
    let foreign = Signed::with(&secrets::foreign(), &people::webhook_id(), now(), body);
    suite.post(DEFAULTS, &foreign).await.assert_problem(401, "invalid-signature", "foreign secret");
    let old = Signed::with(&secrets::current(), &people::webhook_id(), now() - 400, body);
    suite.post(DEFAULTS, &old).await.assert_problem(401, "stale-timestamp", "old");
    let twice = Signed::new(r#"{"type":"relay.ping","type":"relay.ping"}"#);
    suite.post(DEFAULTS, &twice).await.assert_problem(400, "malformed-body", "a key twice");
    let signed = Signed::new(r#"{"type":"relay.ping","data":{"id":"NB2Zlz3"}}"#);
    let answer = suite.post(DEFAULTS, &signed).await;
    answer.assert_problem(422, "invalid-field", "id");
    assert_eq!(answer.json()["errors"], json!([{"pointer": "/data/id", "detail": "is not a field of this message"}]));
}
