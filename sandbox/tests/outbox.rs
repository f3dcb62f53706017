//! The outbox as a machine sees it: the list, the events, the guard.

use crate::support::*;
use std::time::Duration;

use paytr_sandbox::{KNOWN, KNOWN_CREATES, Options, Pay, Schedule};
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

/// Reads events until one holds `text`.
async fn wait_for(events: &mut TcpStream, text: &str) -> String {
    let mut seen = String::new();
    let mut buffer = [0; 4096];
    while !seen.contains(text) {
        let count = timeout(Duration::from_secs(5), events.read(&mut buffer)).await.expect("no event").unwrap();
        assert_ne!(count, 0, "the events ended");
        seen.push_str(&String::from_utf8_lossy(&buffer[..count]));
    }
    seen
}

#[tokio::test]
async fn the_list_is_newest_first_and_masks_the_token() {
    let sandbox = sandbox().await;
    assert_eq!(json(&sandbox, "/outbox/messages").await, serde_json::json!({"total": 0, "messages": []}));
    post(&sandbox, SMS, URLENCODED, sms("NB2Zlz3")).await;
    post(&sandbox, EMAIL, URLENCODED, urlencoded(&fields("sandbox-failed", "email", ADDRESS))).await;
    post(&sandbox, SMS, URLENCODED, format!("{}&merchant_key={KEY}&merchant_salt={SALT}&id=2", sms("x"))).await;
    let list = json(&sandbox, "/outbox/messages").await;
    assert_eq!(list["total"], 3);
    let [refused, failed, sent] = list["messages"].as_array().unwrap().as_slice() else { panic!("not three") };
    let shown = [&sent["number"], &sent["channel"], &sent["recipient"], &sent["delivered"], &sent["answer"]["status"]];
    assert_eq!(serde_json::json!(shown), serde_json::json!([1, "sms", PHONE, true, "success"]));
    assert_eq!((&failed["channel"], &failed["misbehaviour"]), (&"email".into(), &"failed".into()));
    let shown = (&refused["delivered"], &refused["hint"]);
    assert_eq!(shown, (&false.into(), &"The field was sent more than once.".into()));
    let text = list.to_string();
    assert!(text.contains(r#"["paytr_token",{"characters":44}]"#));
    for received in sandbox.received() {
        for secret in [KEY, SALT, received.field("paytr_token").unwrap()] {
            assert!(!text.contains(secret));
        }
    }
}

#[tokio::test]
async fn the_list_shows_the_newest_500_and_counts_them_all() {
    let sandbox = sandbox().await;
    let mut stream = connect(&sandbox).await;
    for _ in 0..501 {
        stream
            .write_all(format!("POST {SMS} HTTP/1.1\r\nhost: a\r\ncontent-length: 0\r\n\r\n").as_bytes())
            .await
            .unwrap();
        let mut answer = [0; 15];
        stream.read_exact(&mut answer).await.unwrap();
        let mut rest = vec![0; 1024];
        assert_ne!(stream.read(&mut rest).await.unwrap(), 0);
    }
    let list = json(&sandbox, "/outbox/messages").await;
    assert_eq!((&list["total"], list["messages"].as_array().unwrap().len()), (&501.into(), 500));
    assert_eq!(list["messages"][0]["number"], 501);
    assert_eq!(sandbox.received().len(), 501);
}

#[tokio::test]
async fn a_message_and_a_clear_arrive_as_events() {
    let sandbox = sandbox().await;
    let mut events = connect(&sandbox).await;
    events.write_all(b"GET /outbox/events HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n").await.unwrap();
    let head = wait_for(&mut events, "\r\n\r\n").await;
    assert!(head.contains("content-type: text/event-stream"));
    post(&sandbox, SMS, URLENCODED, sms("NB2Zlz3")).await;
    let arrived = wait_for(&mut events, "\n\n").await;
    assert!(arrived.contains("event: message\n") && arrived.contains(PHONE));
    assert!(!arrived.contains(sandbox.received()[0].field("paytr_token").unwrap()));
    assert_eq!(clear(&sandbox, "/outbox/messages", "localhost").await, 204);
    wait_for(&mut events, "event: cleared\ndata: {}\n\n").await;
    assert!(sandbox.received().is_empty());
    post(&sandbox, SMS, URLENCODED, sms("NB2Zlz3")).await;
    assert_eq!(sandbox.received()[0].number, 2, "a clear starts the numbers again");
}

#[tokio::test]
async fn messages_are_cleared_alone_or_with_links_and_payments() {
    let schedule = Schedule { every: Duration::from_millis(1), attempts: u32::MAX };
    let sandbox = sandbox_with(Options { schedule, ..Options::default() }).await;
    let nobody = "http://127.0.0.1:9/callback";
    let id = created(&sandbox, &with(product(), &[("callback_link", nobody), ("callback_id", "9f86d081")])).await;
    let payment = sandbox.pay(&id, Pay::default()).unwrap();
    assert_eq!(clear(&sandbox, "/outbox/messages", "localhost").await, 204);
    assert!(sandbox.received().is_empty() && sandbox.link(&id).is_some());
    assert_eq!(clear(&sandbox, "/outbox", "localhost").await, 204);
    assert!(sandbox.links().is_empty() && sandbox.payment(&payment.merchant_oid).is_none());
    assert_eq!(create(&sandbox, &product()).await["status"], "success");
    assert_eq!((sandbox.links().len(), sandbox.received()[0].number), (1, 2));
}

#[tokio::test]
async fn the_page_and_its_parts_come_with_a_policy_that_lets_nothing_else_in() {
    let sandbox = sandbox().await;
    let (css, js) = ("text/css; charset=utf-8", "text/javascript; charset=utf-8");
    for (path, content_type) in [
        ("/", "text/html; charset=utf-8"),
        ("/outbox/outbox.css", css),
        ("/outbox/outbox.js", js),
        ("/outbox/detail.js", js),
        ("/outbox/list.js", js),
        ("/sandbox/icon.svg", "image/svg+xml"),
        ("/sandbox/theme.css", css),
        ("/sandbox/elements.js", js),
        ("/sandbox/payments.js", js),
        ("/sandbox/texts.js", js),
        ("/sandbox/words.js", js),
        ("/sandbox/page.css", css),
        ("/sandbox/page.js", js),
    ] {
        let reply = get(&sandbox, path).await;
        assert_eq!((reply.status(), reply.header("content-type")), (200, Some(content_type)));
        assert!(reply.header("content-security-policy").unwrap().starts_with("default-src 'none'; script-src 'self'"));
        assert!(!reply.body.is_empty(), "{path}");
        for forbidden in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "style=\"", "onclick="] {
            assert!(!reply.text().contains(forbidden), "{path} has {forbidden}");
        }
    }
}

#[tokio::test]
async fn a_page_is_in_the_language_of_the_browser_or_the_link_until_the_other_is_chosen() {
    let sandbox = sandbox().await;
    let english = created(&sandbox, &with(product(), &[("lang", "en")])).await;
    let turkish = created(&sandbox, &product()).await;
    for (path, lang) in [
        ("/".to_owned(), "en"),
        ("/?lang=tr".to_owned(), "tr"),
        ("/?lang=de".to_owned(), "en"),
        (format!("/link/{english}"), "en"),
        (format!("/link/{english}?lang=tr"), "tr"),
        (format!("/link/{turkish}"), "tr"),
        (format!("/link/{turkish}?lang=en"), "en"),
        ("/link/none?lang=tr".to_owned(), "tr"),
    ] {
        let page = get(&sandbox, &path).await;
        assert!(page.text().contains(&format!("<html lang=\"{lang}\">")), "{path}");
    }
}

#[tokio::test]
async fn the_misbehaviours_are_listed() {
    let sandbox = sandbox().await;
    let list = json(&sandbox, "/outbox/misbehaviours").await;
    assert_eq!(list.as_array().unwrap().len(), KNOWN.len() + KNOWN_CREATES.len());
    for (place, known, only) in [(0, &KNOWN[0], Value::Null), (KNOWN.len(), &KNOWN_CREATES[0], "create".into())] {
        assert_eq!((&list[place]["link_id"], &list[place]["only"]), (&known.link_id.into(), &only));
    }
}

#[tokio::test]
async fn a_host_name_that_is_not_loopback_sees_nothing_and_clears_nothing() {
    let sandbox = sandbox().await;
    post(&sandbox, SMS, URLENCODED, sms("NB2Zlz3")).await;
    let status =
        async |path: &str, host: &str| exchange(&sandbox, &format!("GET {path}"), host, &[], &[]).await.status();
    for host in [
        "evil.example",
        "127.0.0.1.evil.example",
        "localhost.evil.example:8788",
        "192.168.1.2",
        "",
        "localhost@evil.example:1",
    ] {
        for path in [
            "/",
            "/sandbox/links",
            "/sandbox/events",
            "/link/NB2Zlz3",
            "/outbox/messages",
            "/outbox/events",
            "/outbox/outbox.js",
        ] {
            assert_eq!(status(path, host).await, 403, "{host} {path}");
        }
        for path in ["/outbox", "/outbox/messages"] {
            assert_eq!(clear(&sandbox, path, host).await, 403, "{host} {path}");
        }
    }
    for host in ["localhost", "LOCALHOST:8788", "127.0.0.1:8788", "127.1.2.3", "[::1]:8788"] {
        assert_eq!(status("/outbox/messages", host).await, 200, "{host}");
    }
    assert_eq!(sandbox.received().len(), 1);
}
