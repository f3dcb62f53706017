//! `link.create`: what PayTR gets, what the caller gets, and that each link is made once.

use crate::support::prelude::*;
use crate::support::signed;
use paytr_sandbox::Misbehaviour::{Rejected, Slow};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

crate::tests![
    what_is_right_is_posted_in_paytrs_written_form,
    a_name_is_posted_in_letters_of_every_kind,
    a_field_that_is_wrong_is_named_and_nothing_is_sent,
    the_answer_is_exact,
    a_retry_a_day_later_gives_the_same_link,
    an_expiry_that_passed_since_holds_back_no_retry,
    the_same_id_for_another_link_is_refused,
    each_send_has_its_own_outcome_beside_the_link,
    a_limited_send_goes_out_with_a_later_retry,
    fifty_requests_with_one_id_are_one_link_and_one_sms,
    two_creates_under_two_ids_are_two_links,
];

/// What a create says, and the fields that PayTR gets for it.
type Right = (Value, &'static [(&'static str, &'static str)]);

async fn what_is_right_is_posted_in_paytrs_written_form(suite: Arc<Suite>) {
    let common = [("currency", "TL"), ("max_installment", "12"), ("lang", "tr"), ("debug_on", "0")];
    let cases: Vec<Right> = vec![
        (json!({}), &[("price", "1445"), ("link_type", "product"), ("min_count", "1"), ("max_count", "1")]),
        (json!({"price": 9_999_999_999_u64, "max_count": null}), &[("price", "9999999999"), ("min_count", "1")]),
        (
            json!({"expiry_date": "2030-01-31T20:59:59Z", "pft": 2, "reference": "order/2026-11#1001"}),
            &[("expiry_date", "2030-01-31 23:59:59"), ("pft", "2"), ("max_count", "1")],
        ),
        (
            json!({"link_type": "flex", "flex_max_price": 2000, "user_name": "Ay\u{15f}e & \"Ali\"", "reusable": true}),
            &[("link_type", "flex"), ("flex_max_price", "2000"), ("user_name", "Ay\u{15f}e & \"Ali\"")],
        ),
    ];
    for (more, expected) in cases {
        let name = people::link_name();
        let answer = suite.post(DEFAULTS, &Signed::new(message::create(&name, &more))).await;
        assert_eq!((answer.status, answer.code().as_str()), (200, "created"), "{more}: {}", answer.text());
        let posted = only(suite.creates_of(&name));
        for (field, value) in common.iter().chain(expected) {
            assert_eq!(posted.field(field), Some(*value), "{more}: {field}");
        }
        for absent in ["max_count", "callback_link", "callback_id", "reference", "reusable", "send"] {
            let is_expected = expected.iter().any(|(field, _)| *field == absent);
            assert_eq!(posted.field(absent).is_some(), is_expected, "{more}: {absent}");
        }
    }
}

async fn a_name_is_posted_in_letters_of_every_kind(suite: Arc<Suite>) {
    let email = people::email();
    let family = "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}";
    let named = format!("{} {family}", people::link_name());
    // What is blank around a name is left out; joiners, which make one picture of several, stay.
    for (written, name) in [
        ("Kahve & \u{201c}\u{e7}ay\u{201d} <b>'x'</b> 100% +1 \u{1f600}", ""),
        (&format!("\u{a0} {named}\u{3164} "), &named),
    ] {
        let name = if name.is_empty() { written } else { name };
        let data = json!({"name": written, "price": 500, "link_type": "collection", "email": email});
        let answer = suite.post(DEFAULTS, &Signed::new(message::create_of(&data))).await;
        assert_eq!(answer.status, 200, "{name}: {}", answer.text());
        let posted = only(suite.creates_of(name));
        assert_eq!((posted.field("name"), posted.field("email")), (Some(name), Some(email.as_str())));
    }
}

/// One field of each grammar in the very words; what else it takes and refuses is in `tests/pure`.
async fn a_field_that_is_wrong_is_named_and_nothing_is_sent(suite: Arc<Suite>) {
    let date = "must be a date and time such as 2026-12-31T23:59:59+03:00, or 2026-12-31 23:59:59 in Istanbul time";
    let cases = [
        ("name", json!("abc"), "is shorter than 4 characters, the least that PayTR takes"),
        ("name", json!("x".repeat(201)), "is over 200 characters, the most that PayTR takes"),
        ("name", json!("a\nbcd"), "has a control character, such as a line end or a tab; write it as one line"),
        ("name", json!("\u{3164}".repeat(4)), "has nothing in it that can be read"),
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
        ("price", json!("14,45"), "must be a number, not text, in minor units: 14.45 is written 1445"),
        ("price", json!(0), "must be from 1 to 9999999999 minor units: 14.45 is written 1445"),
        ("currency", json!("\u{20ba}"), "must be TL, EUR, USD, GBP or RUB, as text in capitals"),
        ("max_installment", json!(0), "must be from 1 to 12, as a number; 1 allows no instalments"),
        ("lang", json!("TR"), "must be tr or en, as text"),
        ("min_count", json!("1"), "must be from 1 to 999999, as a number"),
        ("max_count", json!(1_000_000), "must be from 1 to 999999, as a number"),
        ("expiry_date", json!("31.12.2030"), date),
        ("expiry_date", json!("2030-12-31"), &format!("has no time of day; it {date}")),
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
        ("pft", json!(1), "must be from 2 to 12, as a number"),
        ("reference", json!("sipari\u{15f} 1"), "must be 1 to 64 of the characters A-Z a-z 0-9 _ . : / # -"),
    ];
    for (field, value, detail) in cases {
        let name = people::link_name();
        assert_refused(&suite, &message::create(&name, &json!({ field: value })), &[(field, Some(detail))]).await;
        assert!(suite.creates_of(&name).is_empty(), "{field} = {value}: PayTR was asked");
    }
    // JSON, though no program can hold the number.
    let huge = String::from_utf8(message::create(&people::link_name(), &json!({}))).unwrap();
    let huge = huge.replace("\"price\":1445", "\"price\":1e400");
    let whole = "must be minor units, a whole number of 1 or more: 14.45 is written 1445";
    assert_refused(&suite, huge.as_bytes(), &[("price", Some(whole))]).await;
    let wrong = json!({"price": 14.45, "currency": "YTL", "lang": "tr", "colour": "red", "send": {"cell_phone": "x"}});
    let all = ["colour", "name", "price", "currency", "send/cell_phone"].map(|field| (field, None));
    assert_refused(&suite, &message::create_of(&wrong), &all).await;
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

async fn a_retry_a_day_later_gives_the_same_link(suite: Arc<Suite>) {
    let aging = Aging::new(Service::new("a-day-later", &suite.sandbox.base_url()));
    let send = json!({"cell_phone": people::phone(), "email": people::email()});
    let name = people::link_name();
    let signed = Signed::new(message::create(&name, &json!({"get_qr": 1, "reference": "1001", "send": send})));
    let workerd = aging.start();
    let first = aging.assert_first(&workerd, &signed).await;
    let workerd = aging.restart(&workerd, 1.0);
    assert_eq!(aging.assert_replayed(&workerd, &signed).await.json(), first.json());
    assert_eq!(calls_for_link_of(&suite, &name), 3);
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
        let created = suite.post_fifty_at_once(DEFAULTS, &signed).await;
        assert!(created.iter().all(|answer| answer.json() == created[0].json()), "{slowness:?}");
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

/// Asserts that these fields of `data` are named, with these words where some are given.
async fn assert_refused(suite: &Suite, body: &[u8], expected: &[(&str, Option<&str>)]) {
    let answer = suite.post(DEFAULTS, &Signed::new(body)).await;
    let case = format!("{expected:?}");
    answer.assert_problem(422, "invalid-field", &case);
    let errors = answer.json()["errors"].as_array().unwrap().clone();
    assert_eq!(errors.len(), expected.len(), "{case}: {errors:?}");
    for (error, (field, detail)) in errors.iter().zip(expected) {
        let detail = detail.map_or_else(|| error["detail"].clone(), Value::from);
        assert_eq!(*error, json!({"pointer": format!("/data/{field}"), "detail": detail}), "{case}");
    }
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
