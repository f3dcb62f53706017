//! PayTR's reply to a create: the HTTP status in the first byte, the body after it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use paytr_link_relay::message::{AskPaytr, Create, Message};
use paytr_link_relay::packed::unpack;
use paytr_link_relay::paytr::{CreatedLink, Outcome, read_reply};
use paytr_link_relay_fuzz::{call, context, http_status, token};
use serde_json::Value;
use std::sync::LazyLock;

const PERSONAL: [&str; 3] = ["Siparis Ayse", "musteri@example.com", "5321234567"];

static CREATE: LazyLock<Create> = LazyLock::new(|| {
    let body = br#"{"type":"link.create","data":{"name":"Siparis Ayse","price":1445,"link_type":"collection",
        "email":"musteri@example.com","get_qr":1,"send":{"cell_phone":"05321234567"}}}"#;
    let Ok(Message::Create(create)) = Message::parse(body) else { panic!("no create") };
    create
});

fuzz_target!(|input: &[u8]| {
    let Some((&first, body)) = input.split_first() else { return };
    let status = http_status(first);
    let call = call(&*CREATE).unwrap();
    let reply = read_reply(status, body);
    let settled = CREATE.settle(reply.as_ref().map_err(|cause| *cause), &call, &context());
    match unpack::<Outcome<CreatedLink>>(&settled.record).unwrap() {
        Outcome::Succeeded(created) => {
            assert!((200..300).contains(&status) && settled.may_have_gone_out);
            let id = created.id.as_str();
            assert!((1..=64).contains(&id.len()));
            assert!(id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'));
            let url = created.url.as_str();
            check_url(url);
            assert_eq!(CREATE.follow_ups(&created).len(), 1);
            if let Ok(said) = serde_json::from_slice::<Value>(body) {
                let said_id = said["id"].as_str().map_or_else(|| said["id"].to_string(), str::to_owned);
                assert!(said["status"] == "success" && said_id == id && said["link"] == url);
                // A PNG, and of what was said.
                assert!(
                    created.base64_qr.is_none_or(|qr| qr.starts_with("iVBORw0KGg") && said["base64_qr"].is_string())
                );
            }
        }
        Outcome::Rejected(rejection) => {
            assert!(!settled.may_have_gone_out);
            let reason = rejection.reason.unwrap_or_default().to_ascii_lowercase();
            let token = token(&call);
            for private in PERSONAL.iter().copied().chain([token.as_str()]) {
                assert!(!reason.contains(&private.to_ascii_lowercase()), "{reason}");
            }
        }
        Outcome::Unknown(_) => assert!(settled.may_have_gone_out),
    }
});

/// https, or http on this machine, where the sandbox is; and a host that everybody reads as the same one.
fn check_url(url: &str) {
    assert!(url.len() <= 400 && url.bytes().all(|byte| byte.is_ascii_graphic()));
    let (scheme, rest) = url.split_once("://").unwrap();
    let host = rest.split('/').next().unwrap();
    assert!(!host.is_empty() && !host.contains(['@', '?', '#', '\\', '%']));
    let is_here = ["127.0.0.1", "localhost", "[::1]"]
        .iter()
        .any(|here| host.strip_prefix(here).is_some_and(|rest| rest.is_empty() || rest.starts_with(':')));
    assert!(scheme == "https" || scheme == "http" && is_here, "{url}");
}
