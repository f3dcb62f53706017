//! What holds for all tests together, when all are done: the log, and the ledgers' storage.

use crate::support::leaks::{API_KEY, HASH, QR_CODE, SHOP_SECRET};
use crate::support::prelude::*;
use crate::support::seen::Counts;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::fs;
use std::path::Path;

crate::tests![
    every_request_left_one_line_in_the_log,
    every_line_of_the_log_is_json_of_known_members,
    the_log_holds_no_secret_no_token_and_no_recipient,
    no_answer_held_a_secret_a_token_or_a_recipient,
    the_storage_holds_no_secret_no_token_and_no_recipient,
    the_search_finds_what_it_looks_for,
];

/// What workerd itself says, in words of its own, of a payment that comes at the moment when the alarm of the one before it
/// goes off: that it runs the alarm all the same.
const ALARM_MOVED: &str = "SQLite alarm overdue, running despite AlarmManager mismatch";
const OUTCOMES: &str =
    "sent created deleted found replayed stored repeated rejected unknown refused pong ignored unreadable";
const OUTCOMES_OF_A_TRY: &str = "delivered retried-later dead deleted rejected unknown";

async fn every_request_left_one_line_in_the_log(suite: Arc<Suite>) {
    let seen = send_both_ways(&suite).await;
    assert_eq!(logged(&suite), seen);
}

async fn every_line_of_the_log_is_json_of_known_members(suite: Arc<Suite>) {
    const ALWAYS: &str = "request_id outcome status code total_ms";
    const SOMETIMES: &str = "webhook_id type recipient link_id callback_id reason paytr_status paytr_reason \
        paytr_http_status paytr_ms replayed secret storefront reference event_type total_amount currency";
    /// What no request caused: a try of an event, or of the deletion of a paid link.
    const ALWAYS_OF_A_TRY: &str = "type outcome code callback_id attempt total_ms";
    const SOMETIMES_OF_A_TRY: &str = "event_id shop_http_status link_id paytr_status reason";
    /// A try of a write-back is of an order.
    const ALWAYS_OF_A_WRITE_BACK: &str = "type outcome code storefront reference attempt total_ms";
    const SOMETIMES_OF_A_WRITE_BACK: &str = "shop_http_status reason";
    let words = |text: &'static str| text.split_whitespace().collect::<BTreeSet<&str>>();
    send_both_ways(&suite).await;
    let output = suite.workerd.output();
    let mut members = BTreeSet::new();
    for line in output.lines().filter(|line| !line.contains(ALARM_MOVED)) {
        let json: Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}"));
        // workerd itself says on which ports it listens.
        if json.get("event").is_some() {
            continue;
        }
        let names: BTreeSet<&str> = json.as_object().unwrap().keys().map(String::as_str).collect();
        let is_try = json.get("request_id").is_none();
        let (always, sometimes) = match (is_try, names.contains("storefront")) {
            (true, true) => (words(ALWAYS_OF_A_WRITE_BACK), words(SOMETIMES_OF_A_WRITE_BACK)),
            (true, false) => (words(ALWAYS_OF_A_TRY), words(SOMETIMES_OF_A_TRY)),
            (false, _) => (words(ALWAYS), words(SOMETIMES)),
        };
        assert!(names.is_superset(&always) && names.is_subset(&(&always | &sometimes)), "{line}");
        let outcomes = words(if is_try { OUTCOMES_OF_A_TRY } else { OUTCOMES });
        assert!(outcomes.contains(json["outcome"].as_str().unwrap()), "{line}");
        members.extend(names.into_iter().map(str::to_owned));
    }
    assert!(["webhook_id", "type", "recipient", "paytr_ms"].iter().all(|name| members.contains(*name)), "{members:?}");
}

async fn the_log_holds_no_secret_no_token_and_no_recipient(suite: Arc<Suite>) {
    send_both_ways(&suite).await;
    let output = suite.workerd.output();
    let leaks = Leaks::of(&suite.sandbox);
    assert_eq!(leaks.found_in(output.as_bytes()), BTreeSet::from([WEBHOOK_ID]));
    // However a number is grouped.
    let ungrouped: String = output.chars().filter(|character| !" -.()/:".contains(*character)).collect();
    assert_eq!(leaks.found_in(ungrouped.as_bytes()), BTreeSet::from([WEBHOOK_ID]), "without separators");
}

async fn no_answer_held_a_secret_a_token_or_a_recipient(suite: Arc<Suite>) {
    send_both_ways(&suite).await;
    let bodies = suite.seen.bodies();
    assert!(bodies.contains("\"sent\"") && bodies.contains("detail"));
    // A QR code is its caller's own.
    assert_eq!(Leaks::of(&suite.sandbox).found_in(bodies.as_bytes()), BTreeSet::from([QR_CODE]));
}

async fn the_storage_holds_no_secret_no_token_and_no_recipient(suite: Arc<Suite>) {
    send_both_ways(&suite).await;
    let leaks = Leaks::of(&suite.sandbox);
    let mut files = Vec::new();
    collect(&suite.data.storage(), &mut files);
    let (mut databases, mut links) = (0, 0);
    let address = format!("{}/link/", suite.sandbox.base_url());
    for (path, bytes) in &files {
        // A QR code shows the link's address, which stands beside it.
        assert_eq!(&leaks.found_in(bytes) - &BTreeSet::from([QR_CODE]), BTreeSet::new(), "{path}");
        assert_eq!(leaks.found_in(path.as_bytes()), BTreeSet::new(), "the name of {path}");
        databases += usize::from(path.contains(".sqlite"));
        links += usize::from(links < 2 && contains(bytes, &address));
    }
    // That nothing was found says something only if this is where the ledgers are.
    assert!(databases >= 2 && links >= 2, "this is no ledger's storage: {databases} and {links}");
}

async fn the_search_finds_what_it_looks_for(suite: Arc<Suite>) {
    send_both_ways(&suite).await;
    let notice = Notice::new(&"0".repeat(64), &merchant_oid(), PRICE);
    let leaks = Leaks::of(&suite.sandbox);
    let call = suite.sandbox.received().pop().unwrap();
    for (kind, text) in [
        ("a phone number", format!("x+90{}x", &people::phone()[1..])),
        ("a phone number", people::phone()),
        ("an e-mail address", people::email()),
        ("a token", format!("x{}", call.field("paytr_token").unwrap())),
        ("a token", String::from_utf8(call.body.clone()).unwrap().replace(people::EMAIL_MARK, "")),
        ("the merchant key", format!("\"{}\"", crate::support::secrets::MERCHANT_KEY)),
        ("a webhook secret", crate::support::secrets::outgoing()),
        ("a webhook secret", crate::support::secrets::events()),
        (SHOP_SECRET, format!("x{}x", crate::support::secrets::SHOP_SECRET)),
        (SHOP_SECRET, crate::support::secrets::TYPED_SHOP_SECRET.to_owned()),
        (API_KEY, crate::support::secrets::API_KEY.replace(':', " ")),
        (API_KEY, format!("Basic {}", STANDARD.encode(crate::support::secrets::API_KEY))),
        ("a link's name", people::link_name()),
        ("a link's name", people::link_name().replace('ş', "\\u015f")),
        (HASH, format!("\"{}\"", notice.field("hash"))),
        (HASH, String::from_utf8(notice.form()).unwrap().replace("callback_id", "")),
        (WEBHOOK_ID, people::webhook_id()),
    ] {
        assert!(leaks.found_in(text.as_bytes()).contains(kind), "{kind}");
    }
    assert_eq!(leaks.found_in(b"nothing 555000 of the kind"), BTreeSet::new());
}

/// So that there is something to look at, whichever tests ran before. Returns what the log then shows.
async fn send_both_ways(suite: &Suite) -> Counts {
    for body in
        [message::sms(&people::link_id(), &people::phone()), message::email(&people::link_id(), &people::email())]
    {
        let signed = Signed::new(body);
        suite.post(DEFAULTS, &signed).await.assert_sent(&signed.id, "for the log");
    }
    let mut seen = suite.seen.counts();
    suite.stores.count(&mut seen).await;
    let total = |counts: &Counts| counts.values().sum::<usize>();
    // The last lines may still be on their way.
    wait_until("the log has as many lines as there were answers", || total(&logged(suite)) >= total(&seen)).await;
    seen
}

/// The log's lines by status and code, without those of a create's sends, which are in the create's answer, and of the
/// messages of a shop's orders, which nobody posts. Health checks and preflights may have theirs or not.
fn logged(suite: &Suite) -> Counts {
    let mut counts = Counts::new();
    let lines = suite.workerd.lines();
    let creates: BTreeSet<&str> = lines
        .iter()
        .filter(|line| line["type"] == "link.create")
        .filter_map(|line| line["request_id"].as_str())
        .collect();
    for json in &lines {
        let is_send = json["type"].as_str().is_some_and(|name| name.starts_with("link.send"));
        if is_send && json["request_id"].as_str().is_some_and(|id| creates.contains(id)) {
            continue;
        }
        if json["webhook_id"].as_str().is_some_and(|id| id.starts_with("storefront.")) {
            continue;
        }
        let status = json["status"].as_u64().and_then(|status| u16::try_from(status).ok());
        if let (Some(status), Some(code)) = (status, json["code"].as_str())
            && !matches!(code, "healthy" | "preflight")
        {
            *counts.entry((status, code.to_owned())).or_default() += 1;
        }
    }
    counts
}

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

fn collect(directory: &Path, files: &mut Vec<(String, Vec<u8>)>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if let Ok(bytes) = fs::read(&path) {
            // A write-ahead log may go while it is looked at; its content is then in the database.
            files.push((path.to_string_lossy().into_owned(), bytes));
        }
    }
}
