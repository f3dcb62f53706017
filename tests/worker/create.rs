//! `link.create`: what PayTR gets, what the caller gets, and that each link is made once.

use crate::support::aging::Aging;
use crate::support::answer::Answer;
use crate::support::data_directory::DataDirectory;
use crate::support::leaks::{Leaks, QR_CODE};
use crate::support::services::{DEFAULTS, FREE, JSON, Service, TEXT};
use crate::support::signed::{self, Signed};
use crate::support::suite::Suite;
use crate::support::workerd::Workerd;
use crate::support::{message, people};
use paytr_sandbox::Misbehaviour::{ClientErrorJson, Rejected, Slow};
use paytr_sandbox::{Merchant, Received, Sandbox};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::Arc;
use std::time::Duration;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use tokio::task::JoinSet;
use tokio::time::sleep;

crate::tests![
    every_published_vector_is_posted_to_the_letter,
    a_field_that_is_right_is_posted_in_paytrs_written_form,
    a_field_that_is_wrong_is_named_and_nothing_is_sent,
    a_price_that_no_program_can_hold_is_named_and_nothing_is_sent,
    fields_that_do_not_fit_each_other_are_named_and_nothing_is_sent,
    a_recipient_that_is_wrong_is_named_in_a_create_and_nothing_is_sent,
    a_field_of_another_kind_of_link_is_refused_by_name,
    all_that_is_wrong_with_a_create_is_told_at_once,
    the_answer_is_exact,
    the_callback_is_posted_only_while_events_are_on,
    a_retry_gives_the_same_link_with_its_qr_code,
    a_retry_a_day_later_gives_the_same_link,
    an_expiry_that_passed_since_holds_back_no_retry,
    the_same_id_for_another_link_is_refused,
    each_send_has_its_own_outcome_beside_the_link,
    a_limited_send_goes_out_with_a_later_retry,
    fifty_requests_with_one_id_are_one_link_and_one_sms,
    two_creates_under_two_ids_are_two_links,
];

/// The published tokens.
const VECTORS: &str = include_str!("../vectors/paytr-token.jsonl");

async fn every_published_vector_is_posted_to_the_letter(_: Arc<Suite>) {
    let vectors: Vec<Value> = VECTORS.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let creates: Vec<&Value> = vectors.iter().filter(|vector| vector["op"] == "create").collect();
    assert_eq!(creates.len(), 7);
    let text = |vector: &Value, name: &str| vector[name].as_str().unwrap_or_default().to_owned();
    let shops = Shops::start(
        creates.iter().map(|vector| ["merchant_id", "merchant_key", "merchant_salt"].map(|name| text(vector, name))),
    )
    .await;
    for vector in creates {
        let note = text(vector, "note");
        let number = |name: &str| vector[name].as_str().map(|digits| digits.parse::<u64>().unwrap());
        let mut data = json!({
            "name": vector["name"],
            "price": number("price"),
            "link_type": vector["link_type"],
            "currency": vector["currency"],
            "max_installment": number("max_installment"),
            "lang": vector["lang"],
        });
        let link_type = text(vector, "link_type");
        let mut own = Vec::new();
        match link_type.as_str() {
            "product" => {
                let min_count = number("min_count").unwrap();
                data["min_count"] = json!(min_count);
                own = vec![("min_count", min_count.to_string()), ("max_count", min_count.max(1).to_string())];
            }
            "collection" => {
                data["email"] = vector["email"].clone();
                own = vec![("email", text(vector, "email"))];
            }
            _ => {
                data["flex_max_price"] = json!(number("price"));
                own.push(("flex_max_price", text(vector, "price")));
            }
        }
        let signed = Signed::new(message::create_of(&data));
        let merchant_id = text(vector, "merchant_id");
        let answer = shops.post(&merchant_id, &signed).await;
        assert_eq!((answer.status, answer.code().as_str()), (200, "created"), "{note}: {}", answer.text());
        let posted = shops.received(&merchant_id, &text(vector, "name"), &link_type);
        let mut expected: Vec<(&str, String)> = vec![("merchant_id", merchant_id)];
        expected.extend(
            ["name", "price", "currency", "max_installment", "link_type", "lang"]
                .map(|name| (name, text(vector, name))),
        );
        expected.extend(own);
        expected.extend([("debug_on", "0".to_owned()), ("paytr_token", text(vector, "paytr_token"))]);
        assert_eq!(form(&posted), expected, "{note}");
    }
}

/// One field of a create and the fields that PayTR gets for it.
type Right = (Value, &'static [(&'static str, &'static str)]);

async fn a_field_that_is_right_is_posted_in_paytrs_written_form(suite: Arc<Suite>) {
    let email = people::email();
    let cases: Vec<Right> = vec![
        (
            json!({}),
            &[
                ("price", "1445"),
                ("currency", "TL"),
                ("max_installment", "12"),
                ("link_type", "product"),
                ("lang", "tr"),
                ("min_count", "1"),
                ("max_count", "1"),
                ("debug_on", "0"),
            ],
        ),
        (json!({"price": 1}), &[("price", "1")]),
        (json!({"price": 9_999_999_999_u64}), &[("price", "9999999999")]),
        (json!({"currency": "TRY"}), &[("currency", "TL")]),
        (json!({"currency": "TL"}), &[("currency", "TL")]),
        (json!({"currency": "EUR"}), &[("currency", "EUR")]),
        (json!({"currency": "USD"}), &[("currency", "USD")]),
        (json!({"currency": "GBP"}), &[("currency", "GBP")]),
        (json!({"currency": "RUB"}), &[("currency", "RUB")]),
        (json!({"max_installment": 1}), &[("max_installment", "1")]),
        (json!({"lang": "en"}), &[("lang", "en")]),
        (json!({"link_type": "product", "min_count": 2}), &[("min_count", "2"), ("max_count", "2")]),
        (json!({"max_count": 100}), &[("min_count", "1"), ("max_count", "100")]),
        (json!({"max_count": null}), &[("min_count", "1")]),
        (json!({"expiry_date": "2030-01-31T23:59:59+03:00"}), &[("expiry_date", "2030-01-31 23:59:59")]),
        (json!({"expiry_date": "2030-01-31T20:59:59Z"}), &[("expiry_date", "2030-01-31 23:59:59")]),
        (json!({"expiry_date": "2030-01-31 23:59:59"}), &[("expiry_date", "2030-01-31 23:59:59")]),
        (json!({"expiry_date": "2030-01-31T18:00+03:00"}), &[("expiry_date", "2030-01-31 18:00:00")]),
        (json!({"expiry_date": "2030-01-31 23:59:59+03:00"}), &[("expiry_date", "2030-01-31 23:59:59")]),
        (json!({"pft": 2}), &[("pft", "2")]),
        (json!({"pft": 12}), &[("pft", "12")]),
        (json!({"get_qr": 1}), &[("get_qr", "1")]),
        (json!({"get_qr": 0}), &[("get_qr", "0")]),
        (json!({"debug_on": 1}), &[("debug_on", "1")]),
        (json!({"reference": "order/2026-11#1001"}), &[("link_type", "product")]),
        (
            json!({"link_type": "flex", "flex_max_price": 1445, "user_name": "Ay\u{15f}e & \"Ali\""}),
            &[("link_type", "flex"), ("flex_max_price", "1445"), ("user_name", "Ay\u{15f}e & \"Ali\"")],
        ),
        (json!({"link_type": "flex", "flex_max_price": 2000, "reusable": true}), &[("flex_max_price", "2000")]),
    ];
    for (more, expected) in cases {
        let name = people::link_name();
        let signed = Signed::new(message::create(&name, &more));
        let answer = suite.post(DEFAULTS, &signed).await;
        assert_eq!((answer.status, answer.code().as_str()), (200, "created"), "{more}: {}", answer.text());
        let posted = only(suite.creates_of(&name));
        assert!(expected.iter().all(|(name, value)| posted.field(name) == Some(value)), "{more}: {:?}", form(&posted));
        for absent in ["max_count", "callback_link", "callback_id", "reference", "reusable", "send"] {
            let expected = expected.iter().any(|(name, _)| *name == absent);
            assert!(
                expected || more.get("max_count").is_none() && absent == "max_count" || posted.field(absent).is_none()
            );
        }
    }
    // What a payer is called, and where they are reached, in letters of every kind.
    for name in
        ["\u{c7}ay", "abcd", "Kahve & \u{201c}\u{e7}ay\u{201d} <b>'x'</b> 100% +1 \u{1f600}", &"\u{15f}".repeat(200)]
    {
        let data = json!({"name": name, "price": 500, "link_type": "collection", "email": email});
        let signed = Signed::new(message::create_of(&data));
        let answer = suite.post(DEFAULTS, &signed).await;
        if name.chars().count() < 4 {
            answer.assert_problem(422, "invalid-field", name);
        } else {
            assert_eq!(answer.status, 200, "{name}: {}", answer.text());
            let posted = only(suite.creates_of(name));
            assert_eq!((posted.field("name"), posted.field("email")), (Some(name), Some(email.as_str())));
        }
    }
    // What is blank around a name is left out; joiners, which make one picture of several, stay.
    let name = format!("{} \u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}", people::link_name());
    let signed = Signed::new(message::create(&format!("\u{a0} {name}\u{3164} "), &json!({})));
    assert_eq!(suite.post(DEFAULTS, &signed).await.status, 200);
    assert_eq!(suite.creates_of(&name).len(), 1);
}

async fn a_field_that_is_wrong_is_named_and_nothing_is_sent(suite: Arc<Suite>) {
    let whole = "must be minor units, a whole number of 1 or more: 14.45 is written 1445";
    let price = "must be from 1 to 9999999999 minor units: 14.45 is written 1445";
    let count = "must be from 1 to 999999, as a number";
    let installments = "must be from 1 to 12, as a number; 1 allows no instalments";
    let currency = "must be TL, EUR, USD, GBP or RUB, as text in capitals";
    let date = "must be a date and time such as 2026-12-31T23:59:59+03:00, or 2026-12-31 23:59:59 in Istanbul time";
    let flag = "must be 0 or 1, as a number";
    let unreadable = "has nothing in it that can be read";
    let reference = "must be 1 to 64 of the characters A-Z a-z 0-9 _ . : / # -";
    let cases = [
        ("name", json!("abc"), "is shorter than 4 characters, the least that PayTR takes"),
        ("name", json!(""), "is shorter than 4 characters, the least that PayTR takes"),
        ("name", json!("x".repeat(201)), "is over 200 characters, the most that PayTR takes"),
        ("name", json!("a\nbcd"), "has a control character, such as a line end or a tab; write it as one line"),
        ("name", json!("    "), unreadable),
        ("name", json!("\u{3164}".repeat(4)), unreadable),
        ("name", json!("abc "), "is shorter than 4 characters, the least that PayTR takes"),
        (
            "name",
            json!("ab\u{2028}cd"),
            "has a separator of lines or paragraphs (U+2028, U+2029); write it as one line",
        ),
        (
            "name",
            json!("ab\u{202e}cd"),
            "has a character that turns the direction of writing (U+202A to U+202E, U+2066 to U+2069); leave it out",
        ),
        ("name", json!(1445), "must be text"),
        ("name", json!(null), "must be text"),
        ("price", json!(14.45), whole),
        ("price", json!(-1445), whole),
        ("price", json!(null), whole),
        ("price", json!([1445]), whole),
        ("price", json!("1445"), "must be a number, not text, in minor units: 14.45 is written 1445"),
        ("price", json!("14,45"), "must be a number, not text, in minor units: 14.45 is written 1445"),
        ("price", json!(0), price),
        ("price", json!(10_000_000_000_u64), price),
        ("link_type", json!("Product"), "must be product, collection or flex, as text"),
        ("link_type", json!(1), "must be product, collection or flex, as text"),
        ("currency", json!("tl"), currency),
        ("currency", json!("\u{20ba}"), currency),
        ("currency", json!(949), currency),
        ("max_installment", json!(0), installments),
        ("max_installment", json!(13), installments),
        ("max_installment", json!("12"), installments),
        ("lang", json!("TR"), "must be tr or en, as text"),
        ("lang", json!("de"), "must be tr or en, as text"),
        ("min_count", json!(0), count),
        ("min_count", json!("1"), count),
        ("max_count", json!(0), count),
        ("max_count", json!(1_000_000), count),
        ("expiry_date", json!("31.12.2030"), date),
        ("expiry_date", json!("2030-12-31"), &format!("has no time of day; it {date}")),
        ("expiry_date", json!("2030-12-31 18:00"), &format!("has neither seconds nor an offset; it {date}")),
        (
            "expiry_date",
            json!("2030-12-31T18:00+03"),
            &format!("has an offset that is not written like +03:00; it {date}"),
        ),
        (
            "expiry_date",
            json!("9999-12-31T23:59:59Z"),
            "is too far off: in Istanbul it is the year 10000 then, and PayTR's form has four digits for a year",
        ),
        ("expiry_date", json!(1_924_991_999), "must be text such as 2026-12-31T23:59:59+03:00"),
        (
            "expiry_date",
            json!("2030-12-31T23:59:59"),
            "has no offset; end it with +03:00 or Z, or write Istanbul time as 2026-12-31 23:59:59",
        ),
        ("expiry_date", json!("2030-02-30 12:00:00"), "is a date, time or offset that does not exist"),
        ("expiry_date", json!("2020-12-31 23:59:59"), "has passed; give a time to come"),
        ("expiry_date", json!("2020-12-31T23:59:59Z"), "has passed; give a time to come"),
        ("pft", json!(1), "must be from 2 to 12, as a number"),
        ("pft", json!(13), "must be from 2 to 12, as a number"),
        ("get_qr", json!(true), flag),
        ("get_qr", json!("1"), flag),
        ("debug_on", json!(2), flag),
        ("reference", json!(""), reference),
        ("reference", json!("sipari\u{15f} 1"), reference),
        ("reference", json!("x".repeat(65)), reference),
        ("reference", json!(1001), "must be text; put the number in quotes"),
        ("send", json!({}), "must have cell_phone or email, or both"),
        ("send", json!([]), "must be an object"),
        ("send", json!("05321234567"), "must be an object"),
        ("callback_link", json!("https://shop.example/x"), "is set by the relay itself; leave it out"),
        ("callback_id", json!("1001"), "is set by the relay itself; leave it out"),
        ("paytr_token", json!("x"), "is not a field of this message"),
        ("merchant_id", json!("1"), "is not a field of this message"),
    ];
    for (field, value, detail) in cases {
        let name = people::link_name();
        let body = message::create(&name, &json!({ field: value }));
        assert_refused(&suite, body, &[(&format!("/data/{field}"), detail)]).await;
        assert!(suite.creates_of(&name).is_empty(), "{field} = {value}: PayTR was asked");
    }
}

async fn a_price_that_no_program_can_hold_is_named_and_nothing_is_sent(suite: Arc<Suite>) {
    let detail = "must be minor units, a whole number of 1 or more: 14.45 is written 1445";
    // JSON, though no program can hold the number.
    let body = message::create(&people::link_name(), &json!({}));
    let body = String::from_utf8(body).unwrap().replace("\"price\":1445", "\"price\":1e400");
    assert_refused(&suite, body.into_bytes(), &[("/data/price", detail)]).await;
}

async fn fields_that_do_not_fit_each_other_are_named_and_nothing_is_sent(suite: Arc<Suite>) {
    let most = json!({"max_count": 1, "min_count": 2});
    let detail = "must be at least min_count; null is no limit";
    assert_refused(&suite, message::create("dortluk", &most), &[("/data/max_count", detail)]).await;
    let flex = json!({"link_type": "flex", "flex_max_price": 1444});
    assert_refused(&suite, message::create("dortluk", &flex), &[("/data/flex_max_price", "must be at least price")])
        .await;
}

async fn a_recipient_that_is_wrong_is_named_in_a_create_and_nothing_is_sent(suite: Arc<Suite>) {
    for (send, pointer) in [
        (json!({"cell_phone": "0212"}), "/data/send/cell_phone"),
        (json!({"cell_phone": 5_550_001_234_u64}), "/data/send/cell_phone"),
        (json!({"email": "musteri"}), "/data/send/email"),
        (json!({"email": "musteri@example.com", "sms": 1}), "/data/send/sms"),
    ] {
        let name = people::link_name();
        let answer = suite.post(DEFAULTS, &Signed::new(message::create(&name, &json!({"send": send})))).await;
        answer.assert_problem(422, "invalid-field", pointer);
        assert_eq!(answer.json()["errors"][0]["pointer"], pointer);
        assert!(suite.creates_of(&name).is_empty(), "{pointer}: PayTR was asked");
    }
}

async fn a_field_of_another_kind_of_link_is_refused_by_name(suite: Arc<Suite>) {
    let email = people::email();
    let product = "is a field of product links only";
    let collection = "is a field of collection links only; an address to send the link to is send.email";
    let flex = "is a field of flex links only";
    let cases = [
        (json!({"email": email}), "email", collection),
        (json!({"link_type": "flex", "flex_max_price": 2000, "email": email}), "email", collection),
        (json!({"flex_max_price": 2000}), "flex_max_price", flex),
        (json!({"user_name": "Ali"}), "user_name", flex),
        (json!({"link_type": "collection", "email": email, "user_name": "Ali"}), "user_name", flex),
        (json!({"link_type": "collection", "email": email, "min_count": 1}), "min_count", product),
        (json!({"link_type": "flex", "flex_max_price": 2000, "max_count": 1}), "max_count", product),
        (
            json!({"reusable": true}),
            "reusable",
            "is a field of collection and flex links; a product link has max_count",
        ),
        (json!({"link_type": "collection"}), "email", "is missing; a collection link has its payer's e-mail address"),
        (
            json!({"link_type": "flex"}),
            "flex_max_price",
            "is missing; a flex link has the most that may be paid, in minor units",
        ),
    ];
    for (more, field, detail) in cases {
        let name = people::link_name();
        assert_refused(&suite, message::create(&name, &more), &[(&format!("/data/{field}"), detail)]).await;
        assert!(suite.creates_of(&name).is_empty(), "{more}: PayTR was asked");
    }
}

async fn all_that_is_wrong_with_a_create_is_told_at_once(suite: Arc<Suite>) {
    let data = json!({"price": 14.45, "currency": "YTL", "lang": "tr", "colour": "red", "send": {"cell_phone": "x"}});
    let answer = suite.post(DEFAULTS, &Signed::new(message::create_of(&data))).await;
    answer.assert_problem(422, "invalid-field", "all");
    let errors = answer.json()["errors"].as_array().unwrap().clone();
    let pointers: Vec<&str> = errors.iter().map(|error| error["pointer"].as_str().unwrap()).collect();
    assert_eq!(pointers, ["/data/colour", "/data/name", "/data/price", "/data/currency", "/data/send/cell_phone"]);
}

async fn the_answer_is_exact(suite: Arc<Suite>) {
    let (name, phone, email) = (people::link_name(), people::phone(), people::email());
    let more = json!({"reference": "1001", "get_qr": 1, "send": {"cell_phone": phone, "email": email}});
    let signed = Signed::new(message::create(&name, &more));
    let answer = suite.post(DEFAULTS, &signed).await;
    let link_id = only(suite.creates_of(&name)).link_id.unwrap();
    let mut body = answer.json();
    let made = body["link"].as_object_mut().unwrap();
    let callback_id = made.remove("callback_id").unwrap();
    let callback_id = callback_id.as_str().unwrap();
    assert!(callback_id.len() == 64 && callback_id.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')));
    let qr = made.remove("base64_qr").unwrap();
    assert!(qr.as_str().unwrap().starts_with("iVBORw0KGgo"), "no PNG");
    assert_eq!(
        body,
        json!({
            "outcome": "created",
            "webhook_id": signed.id,
            "reference": "1001",
            "link": {"id": link_id, "url": format!("{}/link/{link_id}", suite.sandbox.base_url())},
            "sends": [{"type": "link.send_sms", "outcome": "sent"}, {"type": "link.send_email", "outcome": "sent"}],
            "paytr": {"status": "success"},
        })
    );
    let calls = suite.sandbox.received_for(&link_id);
    let sent: Vec<Option<&str>> = calls.iter().map(|call| call.recipient.as_deref()).collect();
    assert_eq!(sent.len(), 3, "a create and two sends");
    assert!(sent.contains(&Some(phone.as_str())) && sent.contains(&Some(email.as_str())));

    let plain = Signed::new(message::create(&people::link_name(), &json!({})));
    let body = suite.post(DEFAULTS, &plain).await.json();
    let members: Vec<&String> = body.as_object().unwrap().keys().collect();
    assert_eq!(members, ["link", "outcome", "paytr", "webhook_id"], "what has no value is left out");

    let line = suite.line("webhook_id", &plain.id, 0).await;
    assert_eq!((&line["type"], &line["outcome"]), (&json!("link.create"), &json!("created")));
    assert_eq!((&line["link_id"], &line["callback_id"]), (&body["link"]["id"], &body["link"]["callback_id"]));
}

async fn the_callback_is_posted_only_while_events_are_on(suite: Arc<Suite>) {
    let data = DataDirectory::new();
    let service =
        Service::new("with-events", &suite.sandbox.base_url()).text("EVENTS_URL", "http://127.0.0.1:1/events");
    let workerd = Workerd::start(&data, &[service]);
    let name = people::link_name();
    let answer = workerd.post("with-events", &Signed::new(message::create(&name, &json!({})))).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let posted = only(suite.creates_of(&name));
    let callback_link = format!("http://{}/callback", workerd.address("with-events"));
    assert_eq!(posted.field("callback_link"), Some(callback_link.as_str()));
    assert_eq!(posted.field("callback_id"), answer.json()["link"]["callback_id"].as_str());
}

async fn a_retry_gives_the_same_link_with_its_qr_code(suite: Arc<Suite>) {
    let (name, phone) = (people::link_name(), people::phone());
    let signed = Signed::new(message::create(&name, &json!({"get_qr": 1, "send": {"cell_phone": phone}})));
    let first = suite.post(DEFAULTS, &signed).await;
    assert_eq!((first.status, first.is_replay()), (200, false), "{}", first.text());
    for _ in 0..2 {
        let again = suite.post(DEFAULTS, &signed.retry()).await;
        assert_eq!((again.status, again.is_replay()), (200, true));
        assert_eq!(again.json(), first.json());
    }
    assert_eq!(calls_for_link_of(&suite, &name), 2, "one create, one SMS");
}

async fn a_retry_a_day_later_gives_the_same_link(suite: Arc<Suite>) {
    let aging = Aging::new(Service::new("a-day-later", &suite.sandbox.base_url()));
    let send = json!({"cell_phone": people::phone(), "email": people::email()});
    let name = people::link_name();
    let signed = Signed::new(message::create(&name, &json!({"get_qr": 1, "reference": "1001", "send": send})));
    let workerd = aging.start();
    let first = aging.assert_first(&workerd, &signed).await;
    workerd.kill();
    aging.age(1.0);
    let workerd = aging.start();
    assert_eq!(aging.assert_replayed(&workerd, &signed).await.json(), first.json());
    assert_eq!(calls_for_link_of(&suite, &name), 3);
    workerd.kill();
    // Neither file nor name of a file shows who it is about.
    let leaks = Leaks::of(&suite.sandbox);
    for file in fs::read_dir(aging.data.storage().join("ledger-a-day-later")).unwrap() {
        let path = file.unwrap().path();
        // A QR code shows the link's address, which stands beside it.
        let found = leaks.found_in(&fs::read(&path).unwrap());
        assert_eq!(&found - &BTreeSet::from([QR_CODE]), BTreeSet::new(), "{}", path.display());
    }
}

async fn an_expiry_that_passed_since_holds_back_no_retry(suite: Arc<Suite>) {
    let name = people::link_name();
    let soon = OffsetDateTime::from_unix_timestamp(signed::now() + 3).unwrap();
    let expiry_date = soon.format(&Rfc3339).unwrap();
    let signed = Signed::new(message::create(&name, &json!({"expiry_date": expiry_date})));
    let first = suite.post(DEFAULTS, &signed).await;
    assert_eq!(first.status, 200, "{}", first.text());
    sleep(Duration::from_millis(3500)).await;
    let again = suite.post(DEFAULTS, &signed.retry()).await;
    assert_eq!((again.status, again.json()), (200, first.json()));
    let new = Signed::new(message::create(&name, &json!({"expiry_date": expiry_date})));
    suite.post(DEFAULTS, &new).await.assert_problem(422, "invalid-field", "a new link");
}

async fn the_same_id_for_another_link_is_refused(suite: Arc<Suite>) {
    let (name, phone) = (people::link_name(), people::phone());
    let signed = Signed::new(message::create(&name, &json!({"send": {"cell_phone": phone}})));
    assert_eq!(suite.post(DEFAULTS, &signed).await.status, 200);
    for more in [
        json!({}),
        json!({"price": 1446, "send": {"cell_phone": phone}}),
        json!({"reference": "1", "send": {"cell_phone": phone}}),
        json!({"send": {"cell_phone": people::phone()}}),
    ] {
        let other = signed.with_body(message::create(&name, &more));
        suite.post(DEFAULTS, &other).await.assert_problem(422, "webhook-id-reused", &more.to_string());
    }
    // The same, said in other words.
    for words in [
        json!({"currency": "TRY", "lang": "tr", "debug_on": null, "send": {"cell_phone": format!("+9{phone}")}}),
        json!({"get_qr": 0, "debug_on": 0, "send": {"cell_phone": phone}}),
    ] {
        let same = signed.with_body(message::create(&name, &words));
        let answer = suite.post(DEFAULTS, &same).await;
        assert_eq!((answer.status, answer.is_replay()), (200, true), "{}", answer.text());
    }
    assert_eq!(calls_for_link_of(&suite, &name), 2);
}

async fn each_send_has_its_own_outcome_beside_the_link(suite: Arc<Suite>) {
    let (phone, email) = (people::phone(), people::email());
    suite.sandbox.misbehave(&phone, Rejected { status: "error".to_owned(), reason: "Bakiye yetersiz".to_owned() });
    suite.sandbox.misbehave(&email, Slow(Duration::from_secs(5)));
    let name = people::link_name();
    let signed = Signed::new(message::create(&name, &json!({"send": {"cell_phone": phone, "email": email}})));
    let first = suite.post(JSON, &signed).await;
    assert_eq!(first.status, 200, "{}", first.text());
    assert_eq!(
        first.json()["sends"],
        json!([
            {
                "type": "link.send_sms",
                "outcome": "rejected",
                "code": "paytr-rejected",
                "paytr": {"status": "error", "reason": "Bakiye yetersiz"},
            },
            {"type": "link.send_email", "outcome": "unknown", "code": "outcome-unknown", "resend_safe": false},
        ])
    );
    suite.sandbox.behave(&phone);
    suite.sandbox.behave(&email);
    let again = suite.post(JSON, &signed.retry()).await;
    assert_eq!((again.status, again.json()), (200, first.json()), "an end is final");
    assert_eq!(calls_for_link_of(&suite, &name), 3);

    let refused = people::link_name();
    suite.sandbox.misbehave(&refused, ClientErrorJson);
    let signed = Signed::new(message::create(&refused, &json!({"send": {"cell_phone": people::phone()}})));
    let answer = suite.post(FREE, &signed).await;
    answer.assert_problem(422, "paytr-rejected", "no link");
    assert!(answer.json()["detail"].as_str().unwrap().starts_with("PayTR did not create the link"));
    assert_eq!(suite.creates_of(&refused).len(), 1, "nothing is sent of a link that was not made");
}

async fn a_limited_send_goes_out_with_a_later_retry(suite: Arc<Suite>) {
    let phone = people::phone();
    let create = || Signed::new(message::create(&people::link_name(), &json!({"send": {"cell_phone": phone}})));
    assert_eq!(suite.post(TEXT, &create()).await.json()["sends"][0]["outcome"], "sent");
    let second = create();
    let limited = suite.post(TEXT, &second).await;
    let sends = limited.json()["sends"].clone();
    let retry_after = sends[0]["retry_after"].as_u64().unwrap();
    assert!((1..=2).contains(&retry_after), "{sends}");
    let expected = json!([{
        "type": "link.send_sms", "outcome": "limited", "code": "recipient-limit", "retry_after": retry_after,
    }]);
    assert_eq!((limited.status, &sends), (200, &expected));
    sleep(Duration::from_secs(retry_after)).await;
    let again = suite.post(TEXT, &second.retry()).await;
    assert_eq!(again.json()["sends"], json!([{"type": "link.send_sms", "outcome": "sent"}]));
    assert_eq!(again.json()["link"], limited.json()["link"], "the link is the same");
}

async fn fifty_requests_with_one_id_are_one_link_and_one_sms(suite: Arc<Suite>) {
    for slowness in [Duration::ZERO, Duration::from_millis(400)] {
        let (name, phone) = (people::link_name(), people::phone());
        suite.sandbox.misbehave(&name, Slow(slowness));
        suite.sandbox.misbehave(&phone, Slow(slowness));
        let signed = Signed::new(message::create(&name, &json!({"send": {"cell_phone": phone}})));
        let mut requests = JoinSet::new();
        for _ in 0..50 {
            let (suite, signed) = (Arc::clone(&suite), signed.clone());
            requests.spawn(async move { suite.post(DEFAULTS, &signed).await });
        }
        let answers = requests.join_all().await;
        let created: Vec<&Answer> = answers.iter().filter(|answer| answer.status == 200).collect();
        assert_eq!(created.iter().filter(|answer| !answer.is_replay()).count(), 1, "answers that are no replay");
        for answer in &answers {
            if answer.status == 200 {
                assert_eq!(answer.json(), created[0].json());
            } else {
                answer.assert_problem(409, "in-progress", "one of fifty");
            }
        }
        assert_eq!(calls_for_link_of(&suite, &name), 2, "one create, one SMS");
    }
}

async fn two_creates_under_two_ids_are_two_links(suite: Arc<Suite>) {
    let body = message::create(&people::link_name(), &json!({"reference": "1001"}));
    let [one, other] = [Signed::new(body.clone()), Signed::new(body)];
    let (one, other) = (suite.post(DEFAULTS, &one).await.json(), suite.post(DEFAULTS, &other).await.json());
    assert_ne!(one["link"]["id"], other["link"]["id"]);
    assert_ne!(one["link"]["callback_id"], other["link"]["callback_id"]);
}

async fn assert_refused(suite: &Suite, body: Vec<u8>, expected: &[(&str, &str)]) {
    let answer = suite.post(DEFAULTS, &Signed::new(body)).await;
    let case = format!("{expected:?}");
    answer.assert_problem(422, "invalid-field", &case);
    let errors: Vec<Value> =
        expected.iter().map(|(pointer, detail)| json!({"pointer": pointer, "detail": detail})).collect();
    assert_eq!(answer.json()["errors"], json!(errors), "{case}");
}

fn only(mut calls: Vec<Received>) -> Received {
    assert_eq!(calls.len(), 1, "calls to PayTR");
    calls.remove(0)
}

/// A create of this name, and the sends of its link.
fn calls_for_link_of(suite: &Suite, name: &str) -> usize {
    let link_id = only(suite.creates_of(name)).link_id.unwrap();
    suite.sandbox.received_for(&link_id).len()
}

fn form(posted: &Received) -> Vec<(&str, String)> {
    posted.fields.iter().map(|(name, value)| (name.as_str(), value.clone())).collect()
}

/// A relay and a PayTR for each of several merchants.
struct Shops {
    workerd: Workerd,
    _data: DataDirectory,
    sandboxes: BTreeMap<String, Sandbox>,
}

impl Shops {
    async fn start(merchants: impl Iterator<Item = [String; 3]>) -> Self {
        let mut sandboxes = BTreeMap::new();
        let mut services = Vec::new();
        for [merchant_id, merchant_key, merchant_salt] in merchants {
            if sandboxes.contains_key(&merchant_id) {
                continue;
            }
            let merchant = Merchant {
                merchant_id: merchant_id.clone(),
                merchant_key: merchant_key.clone(),
                merchant_salt: merchant_salt.clone(),
            };
            let sandbox = Sandbox::start(merchant, ([127, 0, 0, 1], 0).into()).await.unwrap();
            services.push(
                Service::new(&merchant_id, &sandbox.base_url())
                    .text("PAYTR_MERCHANT_ID", &merchant_id)
                    .text("PAYTR_MERCHANT_KEY", &merchant_key)
                    .text("PAYTR_MERCHANT_SALT", &merchant_salt),
            );
            sandboxes.insert(merchant_id, sandbox);
        }
        let data = DataDirectory::new();
        Self { workerd: Workerd::start(&data, &services), _data: data, sandboxes }
    }

    async fn post(&self, merchant_id: &str, signed: &Signed) -> Answer {
        self.workerd.post(merchant_id, signed).await
    }

    fn received(&self, merchant_id: &str, name: &str, link_type: &str) -> Received {
        let of = |call: &Received| call.field("name") == Some(name) && call.field("link_type") == Some(link_type);
        self.sandboxes[merchant_id].received().into_iter().rfind(of).unwrap()
    }
}
