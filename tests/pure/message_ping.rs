//! What a ping is answered with: the storefronts, and nothing of them that is secret.

use crate::config;
use paytr_link_relay::message::{Handling, Message};

/// The answer under these `STOREFRONTS`.
fn pong(storefronts: &str) -> String {
    let mut environment = config::environment();
    environment.insert("STOREFRONTS", storefronts.to_owned());
    let config = config::parse(&environment).unwrap();
    match Message::parse(br#"{"type":"relay.ping"}"#).unwrap().handling() {
        Handling::Answer(answer) => answer(&config).body(),
        _ => panic!("a ping asks for more than an answer"),
    }
}

#[test]
fn a_relay_without_storefronts_says_pong_alone() {
    for storefronts in ["", "[]"] {
        assert_eq!(pong(storefronts), r#"{"outcome":"pong"}"#);
    }
}

#[test]
fn a_ping_names_each_storefront_its_hook_and_whether_it_writes_back_and_no_secret() {
    let storefronts = r#"[
        {"name": "shop", "platform": "woocommerce", "url": "https://shop.example", "webhook_secret":
         "wcS3cret0123456789abcdefWXYZ", "api_key": "ck_0123:cs_4567", "pay_by_link": ["bacs"]},
        {"name": "b-2", "platform": "woocommerce", "url": "https://b.example/wp", "webhook_secret":
         "another0123456789abcdefWXYZ", "pay_by_link": ["cod"]}]"#;
    let expected = concat!(
        r#"{"outcome":"pong","storefronts":["#,
        r#"{"name":"shop","platform":"woocommerce","hook":"/hooks/shop","writes_back":true},"#,
        r#"{"name":"b-2","platform":"woocommerce","hook":"/hooks/b-2","writes_back":false}]}"#,
    );
    assert_eq!(pong(storefronts), expected);
}
