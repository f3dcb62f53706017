//! `POST /callback`: what PayTR is answered, and what is stored.
//!
//! In scope: every answer of the table of payments, forged notices, and notices at odd times. Not in scope: what the shop is
//! told of a payment (`events`).

use crate::support::aging::Aging;
use crate::support::data_directory::DataDirectory;
use crate::support::invalid_settings::THREE_INVALID;
use crate::support::lines::ray;
use crate::support::notice::{Notice, SIGNED, hash, hash_under, merchant_oid};
use crate::support::order::{Link, Order, PRICE, about, and, collection, flex, product};
use crate::support::people;
use crate::support::secrets::{MERCHANT_ID, MERCHANT_KEY, MERCHANT_SALT};
use crate::support::services::{EVENTS, Service, WITHOUT_LEDGER};
use crate::support::shop::Event;
use crate::support::suite::{Suite, wait_until};
use crate::support::workerd::Workerd;
use base64::{Engine, engine::general_purpose::STANDARD};
use paytr_sandbox::Misbehaviour::{Hang, HtmlPage, Slow};
use paytr_sandbox::Pay;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;

crate::tests![
    a_notice_of_a_payment_is_stored_and_answered_ok_however_it_is_written,
    a_payment_that_is_told_again_is_answered_ok_and_stored_once,
    another_notification_of_one_payment_is_an_event_of_its_own,
    a_payment_after_a_refusal_of_the_same_name_is_told_for_a_person,
    a_field_that_cannot_be_read_is_not_an_absent_one,
    an_amount_that_cannot_be_read_is_stored_for_a_person,
    a_raw_plus_in_the_hash_is_one,
    what_is_wrong_with_a_form_is_said_and_nothing_is_stored,
    forged_notices_and_wrong_formulas_are_refused_whatever_test_mode_says,
    no_boundary_between_the_signed_parts_can_be_moved,
    a_notice_of_the_iframe_is_refused_however_it_is_cut,
    a_form_may_have_16_kib_and_no_more,
    what_the_relay_itself_fails_at_is_a_500_so_that_paytr_comes_again,
    only_a_post_is_a_notice,
    fifty_copies_at_once_are_one_payment_and_one_event,
    a_payment_during_the_create_call_is_kept_and_so_is_the_link,
    a_payment_of_a_link_whose_answer_was_lost_is_kept,
    a_payment_before_the_relay_knows_of_its_link_is_kept_when_it_does,
    the_log_says_what_became_of_a_notice_and_nothing_of_the_payer,
    while_events_are_off_a_payment_is_stored_all_the_same,
];

/// A relay of a test's own, whose storage is made old.
const FORGETFUL: &str = "forgetful";

async fn a_notice_of_a_payment_is_stored_and_answered_ok_however_it_is_written(suite: Arc<Suite>) {
    let link = suite.link(&and(flex(), &json!({"reusable": true}))).await;
    let new = || Notice::new(&link.callback_id, &merchant_oid(), PRICE);
    let reversed = {
        let mut notice = new();
        notice.0.reverse();
        notice
    };
    let cases = [
        ("as PayTR writes it", new()),
        ("nothing but what is signed", Notice::least(&link.callback_id, &merchant_oid(), PRICE)),
        ("in another order", reversed),
        ("with fields of the future", new().and("installment_count", "3").and("ödeme", "ş").and("", "")),
        ("a test", new().with("test_mode", "1")),
        ("no success", new().with("status", "failed").signed()),
        ("nothing paid", new().with("total_amount", "0").signed()),
        ("a name of 64 characters", new().with("merchant_oid", &format!("{:~>64}", people::next())).signed()),
        (
            "a name with what a form sets apart",
            new().with("merchant_oid", &format!("a&b=c+d%{}", people::next())).signed(),
        ),
    ];
    for (case, notice) in &cases {
        suite.callback(EVENTS, &notice.form(), "stored").await.assert_ok(case);
    }
    let in_chunks = new();
    suite.callback_in_chunks(EVENTS, &in_chunks.form(), "stored").await.assert_ok("in chunks");
    let escaped = new();
    let all_escaped: Vec<String> = escaped
        .0
        .iter()
        .map(|(name, value)| {
            let value: Vec<String> = value.bytes().map(|byte| format!("%{byte:02x}")).collect();
            format!("{name}={}", value.concat())
        })
        .collect();
    suite.callback(EVENTS, all_escaped.join("&&").as_bytes(), "stored").await.assert_ok("every byte escaped");
    let stored: BTreeSet<String> =
        cases.iter().map(|(_, notice)| notice).chain([&in_chunks, &escaped]).map(oid).collect();
    assert_eq!(payments(&suite, &link).await, stored);
    let events = suite.shop.wait_for(&link.callback_id, stored.len()).await;
    assert_eq!(events.iter().map(Event::merchant_oid).collect::<BTreeSet<_>>(), stored);
}

async fn a_payment_that_is_told_again_is_answered_ok_and_stored_once(suite: Arc<Suite>) {
    let link = suite.link(&product()).await;
    let first = Notice::new(&link.callback_id, &merchant_oid(), PRICE);
    suite.callback(EVENTS, &first.form(), "stored").await.assert_ok("first");
    let before = suite.record(&link).await;
    // What was stored first stands: what PayTR signs is what makes it this notification.
    for (case, notice) in [("the same", first.clone()), ("a test", first.clone().with("test_mode", "1"))] {
        suite.callback(EVENTS, &notice.form(), "repeated").await.assert_ok(case);
    }
    suite.shop.wait_for(&link.callback_id, 1).await;
    let after = suite.record(&link).await;
    assert_eq!(without_events(&after), without_events(&before));
    let payment = suite.pay(&link.id, Pay::default()).await;
    assert!(suite.sandbox.notify_again(&payment.merchant_oid));
    suite.sandbox.notified(&payment.merchant_oid).await.unwrap();
    suite.seen.expect(200, "repeated");
    suite.shop.wait_for(&link.callback_id, 2).await;
}

async fn another_notification_of_one_payment_is_an_event_of_its_own(suite: Arc<Suite>) {
    for (case, other, state) in [
        ("another amount", ("total_amount", "1"), "paid"),
        ("another status", ("status", "failed"), "paid"),
        ("zeros in front", ("total_amount", "00001445"), "paid"),
    ] {
        let link = suite.link(&product()).await;
        let first = Notice::new(&link.callback_id, &merchant_oid(), PRICE);
        suite.callback(EVENTS, &first.form(), "stored").await.assert_ok(case);
        let event = suite.shop.wait_for(&link.callback_id, 1).await.remove(0);
        assert_eq!(event.json()["type"], "link.paid", "{case}");
        let second = first.clone().with(other.0, other.1).signed();
        suite.callback(EVENTS, &second.form(), "stored").await.assert_ok(case);
        suite.callback(EVENTS, &second.form(), "repeated").await.assert_ok(case);
        suite.callback(EVENTS, &first.form(), "repeated").await.assert_ok(case);
        let changed = suite.shop.wait_for(&link.callback_id, 2).await.remove(1);
        let reasons = changed.json()["data"]["reasons"].as_array().unwrap().clone();
        assert!(reasons.contains(&json!("changed")), "{case}: {reasons:?}");
        assert_ne!(changed.header("webhook-id"), event.header("webhook-id"), "{case}");
        assert_eq!(suite.record(&link).await["state"], state, "{case}");
    }
}

async fn a_payment_after_a_refusal_of_the_same_name_is_told_for_a_person(suite: Arc<Suite>) {
    let link = suite.link(&product()).await;
    let good = Notice::new(&link.callback_id, &merchant_oid(), PRICE);
    suite.callback(EVENTS, &good.clone().with("status", "failed").signed().form(), "stored").await.assert_ok("failed");
    suite.callback(EVENTS, &good.form(), "stored").await.assert_ok("success");
    let events = suite.shop.wait_for(&link.callback_id, 2).await;
    let mut reasons: Vec<String> = events.iter().map(|event| event.json()["data"]["reasons"].to_string()).collect();
    reasons.sort();
    assert_eq!(reasons, [r#"["changed"]"#, r#"["not_success"]"#]);
    assert_eq!(suite.record(&link).await["state"], "open");
}

/// What is there and cannot be read speaks against a payment; what is absent, or not read, does not.
async fn a_field_that_cannot_be_read_is_not_an_absent_one(suite: Arc<Suite>) {
    let long = "x".repeat(33);
    let together = [("test_mode", "true"), ("currency", "USD "), ("payment_amount", "1.00"), ("merchant_id", " 999")];
    let alone = [
        ("test_mode", "true"),
        ("test_mode", "TRUE"),
        ("test_mode", "on"),
        ("test_mode", "2"),
        ("test_mode", "01"),
        ("test_mode", "1 "),
        ("test_mode", ""),
        ("currency", "USD "),
        ("currency", " TL"),
        ("currency", "₺"),
        ("currency", &long),
        ("currency", ""),
        ("payment_amount", "1.00"),
        ("payment_amount", "1445.00"),
        ("payment_amount", "-1"),
        ("payment_amount", "1e6"),
        ("merchant_id", " 999"),
        ("merchant_id", &format!(" {MERCHANT_ID}")),
        ("merchant_id", ""),
    ];
    for fields in alone.iter().map(std::slice::from_ref).chain([&together[..]]) {
        let link = suite.link(&product()).await;
        let good = Notice::new(&link.callback_id, &merchant_oid(), PRICE);
        let notice = fields.iter().fold(good, |notice, (field, value)| notice.with(field, value));
        suite.callback(EVENTS, &notice.form(), "stored").await.assert_ok(fields[0].0);
        let event = suite.shop.wait_for(&link.callback_id, 1).await.remove(0).json();
        let texts: Value = fields.iter().map(|(field, value)| ((*field).to_owned(), json!(value))).collect();
        assert_eq!(event["type"], "link.payment_review", "{texts}");
        assert_eq!(event["data"]["reasons"], json!(["unreadable"]), "{texts}");
        assert_eq!(event["data"]["unsigned_text"], texts);
        assert!(fields.iter().all(|(field, _)| event["data"]["unsigned"].get(*field).is_none()), "{texts}");
        let record = suite.record(&link).await;
        assert_eq!((&record["state"], &record["payments"][0]["unsigned_text"]), (&json!("open"), &texts));
    }
    for (case, notice) in [
        ("a kind of payment that is not ASCII", |notice: Notice| notice.with("payment_type", "Kredi Kartı")),
        ("fields of no interest that come twice", |notice: Notice| notice.and("urun[]", "1").and("urun[]", "2")),
        ("ISO's name of the lira", |notice: Notice| notice.with("currency", "TRY")),
        ("that it is no test, and nothing else", |notice: Notice| {
            let unread = ["payment_amount", "currency", "payment_type", "merchant_id"];
            unread.into_iter().fold(notice, Notice::without)
        }),
    ] as [(&str, fn(Notice) -> Notice); 4]
    {
        let link = suite.link(&product()).await;
        let notice = notice(Notice::new(&link.callback_id, &merchant_oid(), PRICE));
        suite.callback(EVENTS, &notice.form(), "stored").await.assert_ok(case);
        assert_eq!(suite.shop.wait_for(&link.callback_id, 1).await[0].json()["type"], "link.paid", "{case}");
    }
}

async fn an_amount_that_cannot_be_read_is_stored_for_a_person(suite: Arc<Suite>) {
    for amount in ["1445.00", "1445,00", "1e9", "1234567890123456", "1445TL"] {
        let link = suite.link(&product()).await;
        let notice = Notice::new(&link.callback_id, &merchant_oid(), PRICE).with("total_amount", amount).signed();
        suite.callback(EVENTS, &notice.form(), "stored").await.assert_ok(amount);
        let event = suite.shop.wait_for(&link.callback_id, 1).await.remove(0).json();
        assert_eq!(event["data"]["reasons"], json!(["unreadable"]), "{amount}");
        assert_eq!(event["data"]["payment"]["total_amount_text"], amount);
        assert_eq!(event["data"]["payment"].get("total_amount"), None, "{amount}");
    }
}

async fn a_raw_plus_in_the_hash_is_one(suite: Arc<Suite>) {
    // Some hash of some payments has one.
    let (link, form) = loop {
        let link = suite.link(&product()).await;
        let notice = Notice::new(&link.callback_id, &merchant_oid(), PRICE);
        let form = String::from_utf8(notice.form()).unwrap();
        if form.contains("%2B") {
            break (link, form.replace("%2B", "+"));
        }
    };
    suite.callback(EVENTS, form.as_bytes(), "stored").await.assert_ok("a raw plus");
    suite.shop.wait_for(&link.callback_id, 1).await;
}

async fn what_is_wrong_with_a_form_is_said_and_nothing_is_stored(suite: Arc<Suite>) {
    const ID: &str = "the field callback_id is not of this relay";
    const OID: &str = "the field merchant_oid is not 1 to 64 visible ASCII characters";
    const STATUS: &str = "the field status is not 1 to 32 letters";
    const AMOUNT: &str = "the field total_amount is not 1 to 15 digits";
    let link = suite.link(&product()).await;
    let good = Notice::new(&link.callback_id, &merchant_oid(), PRICE);
    let mut cases: Vec<(String, Vec<u8>, String)> = Vec::new();
    let mut case = |name: &str, form: Vec<u8>, words: &str| cases.push((name.to_owned(), form, words.to_owned()));
    for name in ["hash"].into_iter().chain(SIGNED) {
        case(name, good.clone().without(name).form(), &format!("the field {name} is missing"));
        let words = format!("the field {name} came twice");
        case(name, good.clone().and(name, good.field(name)).form(), &words);
        case(name, good.clone().and(name, "other").form(), &words);
    }
    case("currency", good.clone().and("currency", "TL").form(), "a field came twice");
    let id = &link.callback_id;
    for (name, value, words) in [
        ("callback_id", "", ID),
        ("callback_id", "ORDER1001", ID),
        ("callback_id", &id[..63], ID),
        ("callback_id", &format!("{id}0"), ID),
        ("callback_id", &id.to_uppercase(), ID),
        ("callback_id", &format!(" {}", &id[1..]), ID),
        ("merchant_oid", "", OID),
        ("merchant_oid", &"x".repeat(65), OID),
        ("merchant_oid", "IN 1", OID),
        ("merchant_oid", "sipariş", OID),
        ("merchant_oid", "IN\r\n1", OID),
        ("status", "", STATUS),
        ("status", "success1", STATUS),
        ("status", &"s".repeat(33), STATUS),
        ("total_amount", "", AMOUNT),
        ("total_amount", "-1445", AMOUNT),
        ("total_amount", "١٢٣", AMOUNT),
    ] {
        // Under a good hash: it is the field itself that is refused.
        case(&format!("{name} {value}"), good.clone().with(name, value).signed().form(), words);
    }
    case("nothing", Vec::new(), "the field hash is missing");
    case("JSON", json!({"hash": good.field("hash")}).to_string().into_bytes(), "the field hash is missing");
    case("no text", vec![0xff, 0, b'=', 0xfe, b'&'], "the field hash is missing");
    for (name, form, words) in &cases {
        suite.callback(EVENTS, form, "bad-notification").await.assert_failed(400, words, name);
    }
    assert_nothing_stored(&suite, &link).await;
}

async fn forged_notices_and_wrong_formulas_are_refused_whatever_test_mode_says(suite: Arc<Suite>) {
    let link = suite.link(&product()).await;
    let (id, oid) = (link.callback_id.as_str(), merchant_oid());
    let oid = oid.as_str();
    let good = Notice::new(id, oid, PRICE).with("total_amount", "1600").signed();
    let right = good.field("hash").to_owned();
    let raw = STANDARD.decode(&right).unwrap();
    let hex: String = raw.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
    let salt = MERCHANT_SALT;
    for (case, hash) in [
        ("nothing", String::new()),
        ("of another amount", hash(&format!("{id}{oid}{salt}success1"))),
        ("of another payment", hash(&format!("{id}IN1{salt}success1600"))),
        ("of another status", hash(&format!("{id}{oid}{salt}failed1600"))),
        ("of another link", hash(&format!("{}{oid}{salt}success1600", "a".repeat(64)))),
        ("of payment_amount", hash(&format!("{id}{oid}{salt}success{PRICE}"))),
        ("of the iFrame, without callback_id", hash(&format!("{oid}{salt}success1600"))),
        ("of callback.id, which does not exist", hash(&format!("undefined{oid}{salt}success1600"))),
        ("merchant_oid first", hash(&format!("{oid}{id}{salt}success1600"))),
        ("merchant_id first", hash(&format!("{MERCHANT_ID}{id}{oid}{salt}success1600"))),
        ("no salt", hash(&format!("{id}{oid}success1600"))),
        ("salt first", hash(&format!("{salt}{id}{oid}success1600"))),
        ("salt last", hash(&format!("{id}{oid}success1600{salt}"))),
        ("salt twice", hash(&format!("{id}{oid}{salt}success1600{salt}"))),
        ("separated", hash(&format!("{id}|{oid}|{salt}|success|1600"))),
        ("key and salt swapped", hash_under(salt, &format!("{id}{oid}{MERCHANT_KEY}success1600"))),
        ("no key", hash_under("", &format!("{id}{oid}{salt}success1600"))),
        ("in hexadecimal", hex.clone()),
        ("base64 of the hexadecimal", STANDARD.encode(&hex)),
        ("unpadded", right.trim_end_matches('=').to_owned()),
        ("with a line end", format!("{right}\n")),
        ("in small letters", right.to_lowercase()),
        ("its first 31 bytes", STANDARD.encode(&raw[..31])),
        ("zeros", STANDARD.encode([0; 32])),
    ] {
        for test_mode in ["0", "1"] {
            let forged = good.clone().with("hash", &hash).with("test_mode", test_mode);
            let answer = suite.callback(EVENTS, &forged.form(), "bad-notification").await;
            answer.assert_failed(400, "bad hash", &format!("{case}, test_mode {test_mode}"));
        }
    }
    assert_nothing_stored(&suite, &link).await;
    suite.callback(EVENTS, &good.form(), "stored").await.assert_ok("the right one");
}

async fn no_boundary_between_the_signed_parts_can_be_moved(suite: Arc<Suite>) {
    let link = suite.link(&product()).await;
    let id = link.callback_id.as_str();
    // The same signed text, cut elsewhere.
    let oid = format!("{:064x}{}", people::next(), people::next());
    let good = Notice::new(id, &oid, PRICE);
    let text = format!("{id}{oid}");
    for place in (0..text.len()).filter(|place| *place != id.len()) {
        let (callback_id, merchant_oid) = text.split_at(place);
        let moved = good.clone().with("callback_id", callback_id).with("merchant_oid", merchant_oid);
        let answer = suite.callback(EVENTS, &moved.form(), "bad-notification").await;
        answer.assert_failed(400, "the field callback_id is not of this relay", &format!("cut at {place}"));
    }
    for (status, total_amount, words) in [
        ("success1", "445", "the field status is not 1 to 32 letters"),
        ("succes", "s1445", "the field total_amount is not 1 to 15 digits"),
        ("", "success1445", "the field status is not 1 to 32 letters"),
        ("success1445", "", "the field status is not 1 to 32 letters"),
    ] {
        let moved = good.clone().with("merchant_oid", &merchant_oid());
        let moved = moved.with("status", "success").with("total_amount", "1445").signed();
        let moved = moved.with("status", status).with("total_amount", total_amount);
        let answer = suite.callback(EVENTS, &moved.form(), "bad-notification").await;
        answer.assert_failed(400, words, &format!("{status} {total_amount}"));
    }
    assert_nothing_stored(&suite, &link).await;
}

async fn a_notice_of_the_iframe_is_refused_however_it_is_cut(suite: Arc<Suite>) {
    let link = suite.link(&product()).await;
    // The same merchant's other API signs merchant_oid + salt + status + total_amount under the same key. A shop chooses
    // that merchant_oid, of 64 characters at most, and could let it begin with a link's name.
    for order in [link.callback_id.clone(), format!("{}X1", &link.callback_id[..62]), "X1".to_owned()] {
        let signed = hash(&format!("{order}{MERCHANT_SALT}success1445"));
        for place in 0..=order.len() {
            let (callback_id, merchant_oid) = order.split_at(place);
            let notice = Notice::least(&link.callback_id, "X1", PRICE);
            let notice =
                notice.with("callback_id", callback_id).with("merchant_oid", merchant_oid).with("hash", &signed);
            let answer = suite.callback(EVENTS, &notice.form(), "bad-notification").await;
            assert_eq!(answer.status, 400, "cut at {place}: {}", answer.text());
        }
        let as_it_came = Notice::least(&link.callback_id, &order, PRICE).without("callback_id").with("hash", &signed);
        let answer = suite.callback(EVENTS, &as_it_came.form(), "bad-notification").await;
        answer.assert_failed(400, "the field callback_id is missing", "as the iFrame sends it");
    }
    assert_nothing_stored(&suite, &link).await;
}

async fn a_form_may_have_16_kib_and_no_more(suite: Arc<Suite>) {
    const CAP: usize = 16 * 1024;
    const WORDS: &str = "the form is over 16384 bytes";
    let link = suite.link(&product()).await;
    let padded = |length: usize| {
        let mut form = Notice::new(&link.callback_id, &merchant_oid(), PRICE).form();
        form.extend(b"&padding=");
        form.resize(length, b'x');
        form
    };
    suite.callback(EVENTS, &padded(CAP + 1), "bad-notification").await.assert_failed(400, WORDS, "declared");
    suite.callback_in_chunks(EVENTS, &padded(CAP + 1), "bad-notification").await.assert_failed(400, WORDS, "in chunks");
    suite.callback(EVENTS, &padded(1 << 20), "bad-notification").await.assert_failed(400, WORDS, "a mebibyte");
    assert_nothing_stored(&suite, &link).await;
    suite.callback(EVENTS, &padded(CAP), "stored").await.assert_ok("declared");
    suite.callback_in_chunks(EVENTS, &padded(CAP), "stored").await.assert_ok("in chunks");
}

async fn what_the_relay_itself_fails_at_is_a_500_so_that_paytr_comes_again(suite: Arc<Suite>) {
    let notice = Notice::new(&"0123456789abcdef".repeat(4), &merchant_oid(), PRICE);
    let forged = notice.clone().with("hash", "forged");
    for form in [notice.form(), forged.form(), Vec::new()] {
        let answer = suite.callback(THREE_INVALID, &form, "misconfigured").await;
        answer.assert_failed(500, "the relay's settings are wrong", THREE_INVALID);
    }
    let answer = suite.callback(WITHOUT_LEDGER, &notice.form(), "ledger-unavailable").await;
    answer.assert_failed(500, "the relay could not store it", WITHOUT_LEDGER);
    // What is wrong with the notice itself no repetition mends.
    let answer = suite.callback(WITHOUT_LEDGER, &forged.form(), "bad-notification").await;
    answer.assert_failed(400, "bad hash", WITHOUT_LEDGER);
}

async fn only_a_post_is_a_notice(suite: Arc<Suite>) {
    for method in ["GET", "PUT", "DELETE", "OPTIONS"] {
        let answer =
            suite.request(EVENTS, method, "/callback", &[("origin", "https://shop.example")], Vec::new()).await;
        answer.assert_problem(405, "method-not-allowed", method);
        assert_eq!(answer.header("allow"), Some("POST"), "{method}");
        assert_eq!(answer.header("access-control-allow-origin"), None, "{method}");
    }
    let answer = suite.request(EVENTS, "POST", "/callback/", &[], Vec::new()).await;
    answer.assert_problem(404, "not-found", "a slash more");
}

async fn fifty_copies_at_once_are_one_payment_and_one_event(suite: Arc<Suite>) {
    for kind in [product(), collection()] {
        let link = suite.link(&kind).await;
        let notice = Notice::new(&link.callback_id, &merchant_oid(), PRICE);
        let mut copies = JoinSet::new();
        for _ in 0..50 {
            let (suite, form) = (Arc::clone(&suite), notice.form());
            copies.spawn(async move { suite.request(EVENTS, "POST", "/callback", &[], form).await });
        }
        for answer in copies.join_all().await {
            answer.assert_ok("one of fifty");
        }
        suite.seen.expect(200, "stored");
        (1..50).for_each(|_| suite.seen.expect(200, "repeated"));
        assert_eq!(payments(&suite, &link).await, BTreeSet::from([oid(&notice)]));
        let events = suite.shop.wait_for(&link.callback_id, 1).await;
        assert_eq!(events[0].json()["type"], "link.paid");
    }
}

async fn a_payment_during_the_create_call_is_kept_and_so_is_the_link(suite: Arc<Suite>) {
    let send = json!({"send": {"cell_phone": people::phone()}, "get_qr": 1});
    for kind in [product(), and(product(), &send), flex(), and(collection(), &json!({"reusable": true}))] {
        let order = Order::new(&kind);
        suite.sandbox.misbehave(&order.name, Slow(Duration::from_secs(2)));
        let creating = {
            let (suite, signed) = (Arc::clone(&suite), order.signed.clone());
            tokio::spawn(async move { suite.post(EVENTS, &signed).await })
        };
        let link_id = made(&suite, &order).await;
        let payment = suite.pay(&link_id, Pay::default()).await;
        assert!(!creating.is_finished(), "the create call ended before the payment");
        let link = order.link(&creating.await.unwrap());
        assert_eq!(link.id, link_id);
        let event = suite.shop.wait_for(&link.callback_id, 1).await.remove(0).json();
        assert_eq!(event["type"], "link.paid", "{kind}");
        // PayTR's name of the link was not known yet.
        let known = json!({"callback_id": link.callback_id, "price": PRICE, "currency": "TL"});
        assert_eq!(event["data"]["link"], known, "{kind}");
        assert_eq!(event["data"]["reference"], order.reference.as_str(), "{kind}");
        let record = suite.record(&link).await;
        assert_eq!((&record["state"], &record["link"]["id"]), (&json!("paid"), &json!(link_id)), "{kind}");
        assert_eq!(payments(&suite, &link).await, BTreeSet::from([payment.merchant_oid]), "{kind}");
        let again = suite.post(EVENTS, &order.signed.retry()).await;
        assert!(again.is_replay());
        assert_eq!(order.link(&again).id, link_id);
    }
}

async fn a_payment_of_a_link_whose_answer_was_lost_is_kept(suite: Arc<Suite>) {
    for (misbehaviour, status) in [(HtmlPage, 502), (Hang, 504)] {
        let order = Order::new(&product());
        suite.sandbox.misbehave(&order.name, misbehaviour);
        let answer = suite.post(EVENTS, &order.signed).await;
        answer.assert_unknown_but_safe(status, "the answer is lost");
        let callback_id = answer.json()["callback_id"].as_str().unwrap().to_owned();
        let link = Link { id: made(&suite, &order).await, callback_id, reference: order.reference };
        assert_eq!(suite.record(&link).await["state"], "unknown");
        let payment = suite.pay(&link.id, Pay::default()).await;
        let event = suite.shop.wait_for(&link.callback_id, 1).await.remove(0).json();
        assert_eq!((&event["type"], &event["data"]["reference"]), (&json!("link.paid"), &json!(link.reference)));
        assert_eq!(suite.record(&link).await["state"], "paid");
        assert_eq!(payments(&suite, &link).await, BTreeSet::from([payment.merchant_oid]));
        suite.post(EVENTS, &order.signed.retry()).await.assert_unknown_but_safe(status, "for good");
    }
}

async fn a_payment_before_the_relay_knows_of_its_link_is_kept_when_it_does(suite: Arc<Suite>) {
    // The name that a link will have is known from one that was made before, under a relay that forgot it.
    let aging = Aging::new(Service::with_events(FORGETFUL, &suite.sandbox.base_url(), &suite.shop.events_url()));
    let order = Order::new(&product());
    let workerd = aging.start();
    let callback_id = order.link(&workerd.post(FORGETFUL, &order.signed).await).callback_id;
    workerd.kill();
    aging.age(401.0);
    let workerd = aging.start();
    wait_until("the link is forgotten", || aging.rows("links") == 0).await;
    let notice = Notice::new(&callback_id, &merchant_oid(), PRICE);
    workerd.callback(FORGETFUL, &notice).await.unwrap().assert_ok("before the link");
    let event = suite.shop.wait_for(&callback_id, 1).await.remove(0).json();
    assert_eq!(event["data"]["reasons"], json!(["unknown_link"]));
    workerd.post(FORGETFUL, &about("link.get", &callback_id)).await.assert_problem(404, "link-not-found", "no record");
    let link = order.link(&workerd.post(FORGETFUL, &order.signed.retry()).await);
    assert_eq!(link.callback_id, callback_id);
    let record = workerd.record(FORGETFUL, &link).await;
    assert_eq!((&record["state"], &record["payments"][0]["merchant_oid"]), (&json!("open"), &json!(oid(&notice))));
    workerd.callback(FORGETFUL, &notice).await.unwrap().assert_ok("after the link");
    let second = Notice::new(&callback_id, &merchant_oid(), PRICE);
    workerd.callback(FORGETFUL, &second).await.unwrap().assert_ok("a payment");
    let events = suite.shop.wait_for(&callback_id, 2).await;
    assert_eq!(events[1].json()["type"], "link.paid");
    workerd.kill();
}

async fn the_log_says_what_became_of_a_notice_and_nothing_of_the_payer(suite: Arc<Suite>) {
    let link = suite.link(&product()).await;
    let notice = Notice::new(&link.callback_id, &merchant_oid(), PRICE);
    for (form, status, code, more) in [
        (
            notice.form(),
            200,
            "stored",
            json!({
                "callback_id": link.callback_id, "outcome": "stored", "event_type": "link.paid", "total_amount": PRICE,
                "currency": "TL",
            }),
        ),
        (notice.form(), 200, "repeated", json!({"callback_id": link.callback_id, "outcome": "repeated"})),
        (
            notice.clone().with("hash", "forged").form(),
            400,
            "bad-notification",
            json!({"outcome": "refused", "reason": "bad hash"}),
        ),
    ] {
        let ray = ray();
        suite.request(EVENTS, "POST", "/callback", &[("cf-ray", &ray)], form).await;
        suite.seen.expect(status, code);
        let mut entry = suite.line("request_id", &ray, 0).await;
        assert!(entry.as_object_mut().unwrap().remove("total_ms").is_some());
        let expected = json!({"request_id": ray, "type": "callback", "status": status, "code": code});
        assert_eq!(entry, and(expected, &more), "{code}");
    }
}

async fn while_events_are_off_a_payment_is_stored_all_the_same(suite: Arc<Suite>) {
    let data = DataDirectory::new();
    let service = Service::new("events-off", &suite.sandbox.base_url());
    let workerd = Workerd::start(&data, &[service]);
    let link = workerd.link("events-off", &product()).await;
    let notice = Notice::new(&link.callback_id, &merchant_oid(), PRICE);
    workerd.callback("events-off", &notice).await.unwrap().assert_ok("events are off");
    let record = workerd.record("events-off", &link).await;
    assert_eq!((&record["state"], &record["payments"][0]["event"]["state"]), (&json!("paid"), &json!("pending")));
    workerd.kill();
}

/// PayTR's id of the link that this order asks for, as soon as there is one.
async fn made(suite: &Suite, order: &Order) -> String {
    let find = || suite.sandbox.links().into_iter().find(|link| link.terms.name == order.name);
    wait_until("PayTR makes the link", || find().is_some()).await;
    find().unwrap().id
}

fn oid(notice: &Notice) -> String {
    notice.field("merchant_oid").to_owned()
}

/// The payments of a link that are stored, by PayTR's names of them.
async fn payments(suite: &Suite, link: &Link) -> BTreeSet<String> {
    let record = suite.record(link).await;
    record["payments"].as_array().unwrap().iter().map(|payment| text(&payment["merchant_oid"])).collect()
}

async fn assert_nothing_stored(suite: &Suite, link: &Link) {
    let record = suite.record(link).await;
    assert_eq!((&record["state"], &record["payments"]), (&json!("open"), &json!([])));
    assert_eq!(suite.shop.events(&link.callback_id).len(), 0, "an event for nothing");
}

fn without_events(record: &Value) -> Value {
    let mut record = record.clone();
    for payment in record["payments"].as_array_mut().unwrap() {
        payment.as_object_mut().unwrap().remove("event");
    }
    record
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}
