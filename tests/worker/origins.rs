//! Where PayTR is told to post its notifications: not where whoever holds a signed message wants them.

use crate::support::prelude::*;

crate::tests![
    a_callback_link_is_https_without_a_port_whatever_the_request_said,
    a_link_whose_notifications_could_not_come_is_not_created,
    the_relays_own_origin_counts_and_nothing_else,
    two_relays_of_one_merchant_never_share_a_callback_id,
];

async fn a_callback_link_is_https_without_a_port_whatever_the_request_said(suite: Arc<Suite>) {
    for (host, link) in [
        ("relay.example", "https://relay.example/callback"),
        ("relay.example:8443", "https://relay.example/callback"),
        ("RELAY.example:80", "https://relay.example/callback"),
        ("127.0.0.1:8787", "http://127.0.0.1:8787/callback"),
        ("localhost:8787", "http://localhost:8787/callback"),
    ] {
        let Order { name, signed, .. } = Order::new(&product());
        let answer = suite.raw(EVENTS, &from_host(&signed, host)).await.unwrap();
        assert_eq!((answer.status, answer.code().as_str()), (200, "created"), "{host}: {}", answer.text());
        let calls = suite.creates_of(&name);
        assert_eq!(calls.len(), 1, "{host}");
        assert_eq!(calls[0].field("callback_link"), Some(link), "{host}");
    }
}

async fn a_link_whose_notifications_could_not_come_is_not_created(suite: Arc<Suite>) {
    for host in ["relay", "10.0.0.7", "192.168.1.20:8080", "[2001:db8::1]"] {
        let Order { name, signed, .. } = Order::new(&product());
        let answer = suite.raw(EVENTS, &from_host(&signed, host)).await.unwrap();
        answer.assert_problem(500, "misconfigured", host);
        assert_eq!(answer.json()["settings"][0]["name"], "RELAY_ORIGIN", "{host}");
        assert_eq!(suite.creates_of(&name).len(), 0, "{host}");
        // Nothing was recorded, so the same message goes on by an address that PayTR can reach.
        let again = suite.raw(EVENTS, &from_host(&signed, "relay.example")).await.unwrap();
        assert_eq!((again.status, again.is_replay()), (200, false), "{host}");
    }
}

async fn the_relays_own_origin_counts_and_nothing_else(suite: Arc<Suite>) {
    const SERVICE: &str = "own-origin";
    let service = Service::with_events(SERVICE, &suite.sandbox.base_url(), &suite.shop.events_url())
        .text("RELAY_ORIGIN", "https://pay.shop.example");
    let aging = Aging::new(service);
    let workerd = aging.start();
    let Order { name, signed, .. } = Order::new(&product());
    let answer = workerd.post(SERVICE, &signed).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(suite.creates_of(&name)[0].field("callback_link"), Some("https://pay.shop.example/callback"));
}

async fn two_relays_of_one_merchant_never_share_a_callback_id(suite: Arc<Suite>) {
    let Order { signed, .. } = Order::new(&product());
    let mut ids: Vec<Value> = Vec::new();
    for service in [DEFAULTS, FREE] {
        let answer = suite.post(service, &signed).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        ids.push(answer.json()["link"]["callback_id"].clone());
        assert_eq!(suite.post(service, &signed.retry()).await.json()["link"]["callback_id"], *ids.last().unwrap());
    }
    assert_ne!(ids[0], ids[1]);
}

/// A message as it comes to a relay under this host.
fn from_host(signed: &Signed, host: &str) -> Vec<u8> {
    let length = signed.body.len().to_string();
    let post = raw::post(signed, &[("content-length", &length)]);
    let head = b"host: relay.example\r\n";
    let at = post.windows(head.len()).position(|window| window == head).unwrap();
    [&post[..at], format!("host: {host}\r\n").as_bytes(), &post[at + head.len()..]].concat()
}
