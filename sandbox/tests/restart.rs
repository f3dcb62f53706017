//! What a sandbox knows of the one before it, by its journal.

use crate::support::*;
use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use paytr_sandbox::{Journal, LinkState, NotificationState, Options, Pay, Sandbox};
use serde_json::Value;
use tempfile::tempdir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

async fn start(file: &Path) -> Sandbox {
    sandbox_with(Options { journal: Some(Journal::open(file).unwrap()), ..Options::default() }).await
}

/// Links, messages and events as the outbox shows them, without the sandbox's own address.
async fn shown(sandbox: &Sandbox) -> Vec<String> {
    let mut all = Vec::new();
    for path in ["/sandbox/links", "/outbox/messages", "/sandbox/events"] {
        all.push(json(sandbox, path).await.to_string().replace(&sandbox.base_url(), ""));
    }
    all
}

#[tokio::test]
async fn links_payments_and_messages_are_as_they_were() {
    let folder = tempdir().unwrap();
    let file = folder.path().join("state/sandbox.jsonl");
    let first = start(&file).await;
    let paid = created(&first, &with(product(), &[("max_count", "1")])).await;
    let (deleted, expired) = (created(&first, &collection()).await, created(&first, &flex()).await);
    let payment = first.pay(&paid, Pay::default()).unwrap();
    assert_eq!(delete(&first, &format!("{deleted},NB2Zlz3")).await["status"], "success");
    first.expire(&expired);
    post(&first, SMS, URLENCODED, sms("sandbox-failed")).await;
    let before = shown(&first).await;
    drop(first);

    let second = start(&file).await;
    assert_eq!(shown(&second).await, before);
    let states = [&paid, &deleted, &expired].map(|id| second.link(id).unwrap().state(u64::MAX));
    assert_eq!(states, [LinkState::SoldOut, LinkState::Deleted, LinkState::Expired]);
    assert_eq!(second.payment(&payment.merchant_oid).unwrap().total_amount, payment.total_amount);
    for gone in [deleted.as_str(), "NB2Zlz3"] {
        assert_eq!(delete(&second, gone).await["status"], "error", "{gone} is there again");
    }
    let numbers: Vec<_> = second.received().iter().map(|received| received.number).collect();
    assert_eq!(numbers, (1..=7).collect::<Vec<_>>());
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
}

#[tokio::test]
async fn a_notification_that_has_not_arrived_goes_on() {
    let folder = tempdir().unwrap();
    let file = folder.path().join("sandbox.jsonl");
    let shop = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let callback = format!("http://{}/callback", shop.local_addr().unwrap());
    let merchant_oid = {
        let first = start(&file).await;
        let id = created(&first, &with(product(), &[("callback_link", &callback), ("callback_id", "9f86d081")])).await;
        first.pay(&id, Pay::default()).unwrap().merchant_oid
    };
    let second = start(&file).await;
    assert_eq!(second.payment(&merchant_oid).unwrap().notification, NotificationState::Pending);
    let answering = tokio::spawn(async move {
        loop {
            let (mut stream, _) = shop.accept().await.unwrap();
            let _ = stream.read(&mut [0; 4096]).await;
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nOK").await;
        }
    });
    assert_eq!(second.notified(&merchant_oid).await.unwrap().notification, NotificationState::Delivered);
    answering.abort();
}

#[tokio::test]
async fn what_was_cleared_stays_cleared() {
    let folder = tempdir().unwrap();
    let file = folder.path().join("sandbox.jsonl");
    let first = start(&file).await;
    let id = created(&first, &product()).await;
    assert_eq!(clear(&first, "/outbox/messages", "localhost").await, 204);
    drop(first);
    let second = start(&file).await;
    assert!(second.received().is_empty() && second.link(&id).is_some());
    assert_eq!(clear(&second, "/outbox", "localhost").await, 204);
    drop(second);
    assert_eq!(fs::read(&file).unwrap(), b"");
    assert!(start(&file).await.links().is_empty());
}

#[tokio::test]
async fn a_line_that_was_cut_off_or_that_nobody_can_read_costs_that_line_alone() {
    let folder = tempdir().unwrap();
    let file = folder.path().join("sandbox.jsonl");
    let first = start(&file).await;
    let ids = [created(&first, &product()).await, created(&first, &product()).await];
    drop(first);
    let text = fs::read_to_string(&file).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines.iter().all(|line| serde_json::from_str::<Value>(line).is_ok()), "{text}");
    let (last, whole) = lines.split_last().unwrap();
    let half: String = last.chars().take(last.len() / 2).collect();
    fs::write(&file, format!("{{\"later\":1}}\n{}\n{half}", whole.join("\n"))).unwrap();
    let second = start(&file).await;
    assert!(ids.iter().all(|id| second.link(id).is_some()), "a link is gone");
    assert_eq!(second.received().len(), 1);
    let third = created(&second, &product()).await;
    drop(second);
    assert!(start(&file).await.link(&third).is_some(), "the half line swallowed the next");
}
