//! What a ping is answered with: the storefronts, and nothing of them that is secret.

use crate::config;
use crate::shop::{API_KEY, shop};
use crate::support::{body_of, invalid_fields, message_of, response};
use paytr_link_relay::message::Handling;
use paytr_link_relay::message::ping::{Ping, TriedEvent};
use serde_json::{Value, json};

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The answer under these `STOREFRONTS`.
fn pong(storefronts: &str) -> String {
    let config = config::parse_with("STOREFRONTS", storefronts).unwrap();
    let message = message_of("relay.ping", &json!({}));
    let Handling::Answer(answer) = message.handling() else { panic!("a ping asks for more than an answer") };
    let success = answer(&config);
    assert_eq!(success.paytr_status(), None, "PayTR was not asked");
    success.body()
}

#[test]
fn a_relay_without_storefronts_says_pong_and_its_version() {
    for storefronts in ["", "[]"] {
        assert_eq!(pong(storefronts), format!(r#"{{"outcome":"pong","version":"{VERSION}"}}"#));
    }
}

#[test]
fn a_ping_names_each_storefront_its_hook_and_whether_it_writes_back_and_no_secret() {
    let b = json!({"name": "b-2", "url": "https://b.example/wp", "webhook_secret": "another0123456789abcdefWXYZ"});
    let storefronts = json!([shop(&json!({"api_key": API_KEY})), shop(&b)]).to_string();
    let expected = concat!(
        concat!(r#"{"outcome":"pong","version":""#, env!("CARGO_PKG_VERSION"), r#"","storefronts":["#),
        r#"{"name":"shop","platform":"woocommerce","hook":"/hooks/shop","writes_back":true},"#,
        r#"{"name":"b-2","platform":"woocommerce","hook":"/hooks/b-2","writes_back":false}]}"#,
    );
    assert_eq!(pong(&storefronts), expected);
}

#[test]
fn a_ping_that_tries_the_shops_end_says_what_came_back() {
    let message = message_of("relay.ping", &json!({"events": true}));
    assert!(matches!(message.handling(), Handling::TryEvents));
    for (tried, expected) in [
        (TriedEvent::new(Ok(204)), json!({"outcome": "delivered", "http_status": 204})),
        (TriedEvent::new(Ok(301)), json!({"outcome": "refused", "http_status": 301})),
        (TriedEvent::new(Ok(401)), json!({"outcome": "refused", "http_status": 401})),
        (TriedEvent::new(Err("timed-out")), json!({"outcome": "no-answer", "reason": "timed-out"})),
        (TriedEvent::off(), json!({"outcome": "off"})),
    ] {
        let config = config::parse(&config::environment()).unwrap();
        let answer = response(&message, Ok(Ping::answer(&config, Some(tried))));
        assert_eq!(body_of(&answer), json!({"outcome": "pong", "version": VERSION, "events": expected}));
    }
    assert!(matches!(message_of("relay.ping", &json!({"events": false})).handling(), Handling::Answer(_)));
    let body = r#"{"type":"relay.ping","data":{"events":1}}"#;
    assert_eq!(invalid_fields(body), [("/data/events".to_owned(), "must be true or false, without quotes")]);
}

#[test]
fn the_event_that_tries_the_shops_end_tells_of_nothing() {
    let event: Value = serde_json::from_str(&Ping::event_body(1_795_600_800_000)).unwrap();
    assert_eq!(event, json!({"type": "relay.ping", "timestamp": "2026-11-25T10:00:00Z", "data": {}}));
}
