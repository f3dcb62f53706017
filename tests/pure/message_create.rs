//! `link.create`: which fields go together, what PayTR gets, and what its reply is taken for. Each field by itself has its
//! table in `model`.

use crate::support::{
    MERCHANT_KEY, MERCHANT_SALT, NOW, RESPONSE_CONTEXT, asks_paytr, body_of, call, call_context, callback_id,
    config_of, created, form_fields, hmac_base64, invalid_fields, link, merchant, message_of,
};
use paytr_link_relay::config::Config;
use paytr_link_relay::ledger::EntryKeys;
use paytr_link_relay::link::{CreatedLink, Creation, FollowUp, Link};
use paytr_link_relay::model::{LinkId, Recipient};
use paytr_link_relay::message::{CallContext, Conclusion, End, Keeper, Message, Plan, ResponseContext};
use paytr_link_relay::paytr::{Cause, Outcome, RejectedStatus, Rejection, read_reply};
use paytr_link_relay::http::problem::{InvalidField, Problem};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const EMAIL: &str = "musteri@example.com";

/// The least that a create says, and more.
fn data(more: &Value) -> Value {
    let mut data = json!({"name": "Order 1001", "price": 1445});
    data.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    data
}

fn create(more: &Value) -> Message {
    message_of("link.create", &data(more))
}

fn config() -> Config {
    config_of(merchant())
}

/// The fields of the form but for the merchant and the token, as `name=value`.
fn posted(message: &Message, config: &Config) -> Vec<String> {
    let context = CallContext { callback_id: Some(&callback_id()), ..call_context(config) };
    let fields = form_fields(&asks_paytr(message).call(&context).unwrap().form);
    let [merchant_id, fields @ .., token] = fields.as_slice() else { panic!("{fields:?}") };
    assert_eq!((merchant_id.0.as_str(), token.0.as_str()), ("merchant_id", "paytr_token"));
    fields.iter().map(|(name, value)| format!("{name}={value}")).collect()
}

#[test]
fn a_field_that_is_missing_or_does_not_go_with_the_others_is_refused_by_name() {
    let product = "is a field of product links only";
    let collection = "is a field of collection links only; an address to send the link to is send.email";
    let flex = "is a field of flex links only";
    let own = "is set by the relay itself; leave it out";
    let cases: [(Value, &[(&str, &str)]); 18] = [
        (
            json!({"min_count": 1, "email": EMAIL, "flex_max_price": 1445, "user_name": "Ali", "reusable": false}),
            &[
                ("email", collection),
                ("flex_max_price", flex),
                ("user_name", flex),
                ("reusable", "is a field of collection and flex links; a product link has max_count"),
            ],
        ),
        (
            json!({"link_type": "collection", "email": EMAIL, "min_count": 1, "max_count": 1, "flex_max_price": 1445}),
            &[("min_count", product), ("max_count", product), ("flex_max_price", flex)],
        ),
        (
            json!({"link_type": "flex", "flex_max_price": 1445, "min_count": 1, "max_count": 1, "email": EMAIL}),
            &[("min_count", product), ("max_count", product), ("email", collection)],
        ),
        (
            json!({"link_type": "collection"}),
            &[("email", "is missing; a collection link has its payer's e-mail address")],
        ),
        (json!({"link_type": "collection", "email": 1}), &[("email", "must be text")]),
        (json!({"link_type": "collection", "email": EMAIL, "reusable": 1}), &[("reusable", "must be true or false")]),
        (
            json!({"link_type": "flex"}),
            &[("flex_max_price", "is missing; a flex link has the most that may be paid, in minor units")],
        ),
        (json!({"link_type": "flex", "flex_max_price": 1444}), &[("flex_max_price", "must be at least price")]),
        (json!({"min_count": 3, "max_count": 2}), &[("max_count", "must be at least min_count; null is no limit")]),
        (
            json!({"callback_link": "https://shop.example/x", "callback_id": "1"}),
            &[("callback_link", own), ("callback_id", own)],
        ),
        (json!({"send": {}}), &[("send", "must have cell_phone or email, or both")]),
        (json!({"send": {"cell_phone": null}}), &[("send", "must have cell_phone or email, or both")]),
        (json!({"send": []}), &[("send", "must be an object")]),
        (
            json!({"send": {"cell_phone": 5}}),
            &[("send/cell_phone", "must be text; a JSON number loses its leading zero")],
        ),
        (json!({"send": {"email": EMAIL, "sms": 1}}), &[("send/sms", "is not a field of this message")]),
        (json!({"link_type": "other", "email": 1}), &[("link_type", "must be product, collection or flex, as text")]),
        (
            json!({"get_qr": true, "debug_on": 2}),
            &[("get_qr", "must be 0 or 1, as a number"), ("debug_on", "must be 0 or 1, as a number")],
        ),
        (json!({"reference": 1001}), &[("reference", "must be text; put the number in quotes")]),
    ];
    for (more, expected) in cases {
        let fields = invalid_fields(&json!({"type": "link.create", "data": data(&more)}).to_string());
        let expected: Vec<_> = expected.iter().map(|(field, detail)| (format!("/data/{field}"), *detail)).collect();
        assert_eq!(fields, expected, "{more}");
    }
}

#[test]
fn paytr_gets_what_was_said_in_the_order_of_its_table() {
    const COMMON: [&str; 4] = ["name=Order 1001", "price=1445", "currency=TL", "max_installment=12"];
    let cases: [(Value, &[&str]); 11] = [
        (json!({}), &["link_type=product", "lang=tr", "min_count=1", "max_count=1", "debug_on=0"]),
        (json!({"min_count": 2}), &["link_type=product", "lang=tr", "min_count=2", "max_count=2", "debug_on=0"]),
        (
            json!({"min_count": 2, "max_count": 2}),
            &["link_type=product", "lang=tr", "min_count=2", "max_count=2", "debug_on=0"],
        ),
        (
            json!({"min_count": 2, "max_count": 10}),
            &["link_type=product", "lang=tr", "min_count=2", "max_count=10", "debug_on=0"],
        ),
        (json!({"max_count": null}), &["link_type=product", "lang=tr", "min_count=1", "debug_on=0"]),
        (
            json!({"link_type": "collection", "email": EMAIL}),
            &["link_type=collection", "lang=tr", "email=musteri@example.com", "debug_on=0"],
        ),
        (
            json!({"link_type": "flex", "flex_max_price": 1445}),
            &["link_type=flex", "lang=tr", "flex_max_price=1445", "debug_on=0"],
        ),
        (
            json!({"link_type": "flex", "flex_max_price": 1446, "user_name": "Ayşe & Ali", "reusable": true}),
            &["link_type=flex", "lang=tr", "flex_max_price=1446", "user_name=Ayşe & Ali", "debug_on=0"],
        ),
        (
            json!({"lang": "en", "expiry_date": "2030-01-31T20:59:59Z", "get_qr": 1, "pft": 3, "debug_on": 1}),
            &[
                "link_type=product",
                "lang=en",
                "min_count=1",
                "max_count=1",
                "expiry_date=2030-01-31 23:59:59",
                "get_qr=1",
                "pft=3",
                "debug_on=1",
            ],
        ),
        (
            json!({"get_qr": 0, "reference": "1001", "send": {"cell_phone": "05321234567", "email": EMAIL}}),
            &["link_type=product", "lang=tr", "min_count=1", "max_count=1", "get_qr=0", "debug_on=0"],
        ),
        (
            json!({"link_type": null, "expiry_date": null, "pft": null, "send": null}),
            &["link_type=product", "lang=tr", "min_count=1", "max_count=1", "debug_on=0"],
        ),
    ];
    for (more, expected) in cases {
        let expected: Vec<&str> = COMMON.iter().chain(expected).copied().collect();
        assert_eq!(posted(&create(&more), &config()), expected, "{more}");
    }
    assert_eq!(call(asks_paytr(&create(&json!({}))), &config()).path, "/odeme/api/link/create");
}

#[test]
fn a_setting_explains_errors_where_the_message_does_not_say() {
    let explained = Config { debug_on: true, ..config() };
    for (more, expected) in [(json!({}), "debug_on=1"), (json!({"debug_on": 0}), "debug_on=0")] {
        assert_eq!(posted(&create(&more), &explained).last().unwrap(), expected);
    }
}

#[test]
fn the_relays_callback_is_posted_while_events_are_on() {
    let on = Config { events_url: Some("https://shop.example/events".to_owned()), ..config() };
    let fields = posted(&create(&json!({})), &on);
    let callback =
        ["callback_link=https://relay.example/callback".to_owned(), format!("callback_id={}", callback_id().as_str())];
    assert!(fields.windows(2).any(|two| two == callback), "{fields:?}");
    assert!(!posted(&create(&json!({})), &config()).iter().any(|field| field.starts_with("callback")));
}

#[test]
fn the_token_covers_the_field_that_is_signed_for_this_kind_alone() {
    for (more, signed) in [
        (json!({"min_count": 2}), "Order 10011445TL12producttr2"),
        (json!({"link_type": "collection", "email": EMAIL}), "Order 10011445TL12collectiontrmusteri@example.com"),
        (json!({"link_type": "flex", "flex_max_price": 2000, "lang": "en"}), "Order 10011445TL12flexen"),
    ] {
        let token = hmac_base64(MERCHANT_KEY.as_bytes(), format!("{signed}{MERCHANT_SALT}").as_bytes());
        let fields = form_fields(&call(asks_paytr(&create(&more)), &config()).form);
        assert_eq!(fields.last().unwrap().1, token, "{more}");
    }
}

#[test]
fn a_link_that_has_expired_is_not_asked_for() {
    let message = create(&json!({"expiry_date": "2026-11-18T13:06:40+03:00"}));
    let expiry = 1_794_996_400_000;
    let config = config();
    let at = |now| asks_paytr(&message).call(&CallContext { now, ..call_context(&config) });
    assert!(at(expiry - 1).is_ok());
    for now in [expiry, expiry + 1] {
        let field = InvalidField::new("/data/expiry_date", "has passed; give a time to come");
        assert!(matches!(at(now), Err(Problem::InvalidField(fields)) if fields == [field]));
    }
}

#[test]
fn no_text_of_paytrs_carries_further_whom_a_link_is_about() {
    let cases: [(Value, &[&str]); 4] = [
        (json!({}), &["Order 1001"]),
        (json!({"link_type": "collection", "email": EMAIL}), &["Order 1001", EMAIL]),
        (json!({"link_type": "flex", "flex_max_price": 1445, "user_name": "Ali"}), &["Order 1001", "Ali"]),
        (json!({"send": {"cell_phone": "05321234567", "email": EMAIL}}), &["Order 1001", "5321234567", EMAIL]),
    ];
    for (more, expected) in cases {
        let message = create(&more);
        let private = call(asks_paytr(&message), &config()).private;
        let [personal @ .., token] = private.as_slice() else { panic!("{private:?}") };
        assert_eq!(personal, expected, "{more}");
        assert_eq!(token.len(), 44, "a token");
        for text in &private {
            let reply =
                read_reply(200, json!({"status": "error", "reason": text}).to_string().as_bytes()).ok().unwrap();
            let end = asks_paytr(&message).end(Ok(&reply), &private, &config(), None);
            assert!(!end.record.contains(text.as_str()) && end.record.contains("[redacted]"), "{more}: {}", end.record);
        }
    }
}

#[test]
fn a_link_is_paid_once_unless_the_shop_wants_it_paid_again() {
    for (more, expected) in [
        (json!({}), true),
        (json!({"max_count": 1}), true),
        (json!({"max_count": 2}), false),
        (json!({"min_count": 2}), false),
        (json!({"max_count": null}), false),
        (json!({"link_type": "collection", "email": EMAIL}), true),
        (json!({"link_type": "collection", "email": EMAIL, "reusable": false}), true),
        (json!({"link_type": "collection", "email": EMAIL, "reusable": true}), false),
        (json!({"link_type": "flex", "flex_max_price": 1445}), true),
        (json!({"link_type": "flex", "flex_max_price": 1445, "reusable": true}), false),
    ] {
        assert_eq!(asks_paytr(&create(&more)).opens(NOW).unwrap().paid_once, expected, "{more}");
    }
}

#[test]
fn the_record_of_a_new_link_says_what_was_asked_for_and_nobodys_name() {
    let more = json!({
        "link_type": "flex", "flex_max_price": 2000, "user_name": "Ali", "currency": "EUR", "reference": "1001",
        "expiry_date": "2030-01-31T23:59:59+03:00", "send": {"email": EMAIL},
    });
    let opened = asks_paytr(&create(&more)).opens(NOW).unwrap();
    let expected = json!({
        "link_type": "flex", "price": 1445, "currency": "EUR", "reference": "1001", "paid_once": true,
        "expires_at": 1_896_123_599_000_u64, "created_at": NOW, "creation": "pending",
    });
    assert_eq!(serde_json::to_value(opened).unwrap(), expected);
}

/// What becomes of a link whose create call PayTR answers like this.
fn ended(answered: Result<&str, Cause>) -> (End, Link) {
    let mut link = link(Creation::Pending);
    let reply = answered.map(|body| read_reply(200, body.as_bytes()).ok().unwrap());
    let end =
        asks_paytr(&create(&json!({}))).end(reply.as_ref().map_err(|cause| *cause), &[], &config(), Some(&mut link));
    (end, link)
}

fn success(id: &Value, link: &Value) -> Creation {
    ended(Ok(&json!({"status": "success", "id": id, "link": link}).to_string())).1.creation
}

#[test]
fn only_an_id_and_an_address_that_a_customer_can_be_sent_to_are_a_link() {
    let long = |length: usize| format!("https://www.paytr.com/{}", "x".repeat(length - 22));
    for url in [
        "https://www.paytr.com/link/NB2Zlz3",
        "https://www.paytr.com/",
        "https://www.paytr.com",
        "https://paytr.example:8443/link?id=NB2Zlz3#top",
        "http://127.0.0.1:8788/link/NB2Zlz3",
        &long(400),
    ] {
        let expected = CreatedLink { id: LinkId::parse("NB2Zlz3").unwrap(), url: url.to_owned(), sealed_qr: None };
        assert_eq!(success(&json!("NB2Zlz3"), &json!(url)), Creation::Created(expected), "{url}");
    }
    for url in [
        json!(""),
        json!("NB2Zlz3"),
        json!("/link/NB2Zlz3"),
        json!("www.paytr.com/link/NB2Zlz3"),
        json!("http://www.paytr.com/link/NB2Zlz3"),
        json!("ftp://www.paytr.com/link/NB2Zlz3"),
        json!("javascript://www.paytr.com/%0aalert(1)"),
        json!("https:///link/NB2Zlz3"),
        json!("https://www.paytr.com@shop.example/link/NB2Zlz3"),
        json!("https://www.paytr.com/link/NB2 Zlz3"),
        json!("https://www.paytr.com/link/NB2\nZlz3"),
        json!("https://www.paytr.com/link/ş"),
        json!("https://WWW.paytr.com/link/NB2Zlz3"),
        json!(long(401)),
        json!(null),
        json!(1),
    ] {
        assert_eq!(success(&json!("NB2Zlz3"), &url), Creation::Unknown, "{url}");
    }
    for id in [json!(""), json!("NB2 Zlz3"), json!(null), json!(7)] {
        assert_eq!(success(&id, &json!("https://www.paytr.com/link/NB2Zlz3")), Creation::Unknown, "{id}");
    }
}

#[test]
fn a_qr_code_is_kept_sealed() {
    let reply = r#"{"status":"success","id":"a","link":"https://www.paytr.com/link/a","base64_qr":"iVBORw0KGgo="}"#;
    let (end, link) = ended(Ok(reply));
    let sealed = link.created().unwrap().sealed_qr.clone().unwrap();
    assert_eq!(merchant().open(&sealed).as_deref(), Some("iVBORw0KGgo="));
    assert_eq!(end.record, r#"{"succeeded":null}"#);
}

#[test]
fn an_end_that_is_no_success_is_recorded_as_what_it_is() {
    let rejection = Rejection { status: RejectedStatus::Error, reason: Some("Hata".to_owned()) };
    let no_link = r#"{"status":"success"}"#;
    let cases: [(Result<&str, Cause>, Outcome, Creation, bool); 3] = [
        (Ok(r#"{"status":"error","reason":"Hata"}"#), Outcome::Rejected(rejection), Creation::Rejected, false),
        (Err(Cause::TimedOut), Outcome::Unknown(Cause::TimedOut), Creation::Unknown, true),
        (Ok(no_link), Outcome::Unknown(Cause::NotUnderstood), Creation::Unknown, true),
    ];
    for (answered, outcome, creation, may_have_gone_out) in cases {
        let (end, link) = ended(answered);
        assert_eq!(end, End { record: serde_json::to_string(&outcome).unwrap(), may_have_gone_out });
        assert_eq!(link.creation, creation);
    }
}

#[test]
fn a_link_that_was_made_is_sent_to_each_who_was_named_and_no_other_is() {
    let both = json!({"send": {"email": EMAIL, "cell_phone": "0532 123 45 67"}, "debug_on": 1});
    let sms = json!({"id": "NB2Zlz3", "cell_phone": "05321234567", "debug_on": 1});
    let email = json!({"id": "NB2Zlz3", "email": EMAIL, "debug_on": 1});
    let sends = vec![message_of("link.send_sms", &sms), message_of("link.send_email", &email)];
    assert_eq!(asks_paytr(&create(&both)).follow_ups(&link(created())), sends);
    assert_eq!(asks_paytr(&create(&json!({}))).follow_ups(&link(created())), []);
    for creation in [Creation::Pending, Creation::Rejected, Creation::Unknown] {
        assert_eq!(asks_paytr(&create(&both)).follow_ups(&link(creation)), []);
    }
}

fn concluded(outcome: &Outcome, context: &ResponseContext<'_>) -> Conclusion {
    asks_paytr(&create(&json!({"reference": "1001"}))).respond(&serde_json::to_string(outcome).unwrap(), context)
}

#[test]
fn the_answer_names_the_link_and_how_its_sends_ended() {
    let (callback_id, link) = (callback_id(), link(created()));
    let sends = [FollowUp {
        message_type: "link.send_sms".to_owned(),
        outcome: "sent".to_owned(),
        code: None,
        paytr: None,
        retry_after: None,
        resend_safe: None,
    }];
    let context = ResponseContext {
        callback_id: Some(&callback_id),
        link: Some(&link),
        base64_qr: Some("iVBORw0KGgo="),
        follow_ups: &sends,
        ..RESPONSE_CONTEXT
    };
    let Conclusion { response, paytr_status, reason } = concluded(&Outcome::Succeeded(()), &context);
    assert_eq!((response.status, response.code, paytr_status, reason), (200, "created", Some("success"), None));
    let expected = json!({
        "outcome": "created",
        "webhook_id": "msg_1",
        "reference": "1001",
        "link": {
            "id": "NB2Zlz3",
            "url": "https://www.paytr.com/link/NB2Zlz3",
            "callback_id": callback_id.as_str(),
            "base64_qr": "iVBORw0KGgo=",
        },
        "sends": [{"type": "link.send_sms", "outcome": "sent"}],
        "paytr": {"status": "success"},
    });
    assert_eq!(body_of(&response), expected);
    let bare = ResponseContext { callback_id: Some(&callback_id), link: Some(&link), ..RESPONSE_CONTEXT };
    let body = asks_paytr(&create(&json!({}))).respond(r#"{"succeeded":null}"#, &bare).response.body;
    let expected = format!(
        concat!(
            r#"{{"outcome":"created","webhook_id":"msg_1","link":{{"id":"NB2Zlz3","#,
            r#""url":"https://www.paytr.com/link/NB2Zlz3","callback_id":"{}"}},"paytr":{{"status":"success"}}}}"#,
        ),
        callback_id.as_str()
    );
    assert_eq!(body, expected, "what has no value is left out");
}

#[test]
fn a_link_of_which_nobody_has_the_address_does_no_harm() {
    let callback_id = callback_id();
    let context = ResponseContext { callback_id: Some(&callback_id), ..RESPONSE_CONTEXT };
    for (outcome, status, reason) in [
        (Outcome::Unknown(Cause::TimedOut), 504, "timed-out"),
        (Outcome::Unknown(Cause::HtmlPage), 502, "html-page"),
        // Its record is gone.
        (Outcome::Succeeded(()), 502, "interrupted"),
    ] {
        let conclusion = concluded(&outcome, &context);
        assert_eq!((conclusion.response.status, conclusion.response.code), (status, "outcome-unknown"));
        assert_eq!(conclusion.reason, Some(reason));
        let body = body_of(&conclusion.response);
        assert_eq!((&body["resend_safe"], &body["callback_id"]), (&json!(true), &json!(callback_id.as_str())));
    }
    let unreadable = asks_paytr(&create(&json!({}))).respond("{", &context);
    assert_eq!(unreadable.reason, Some("interrupted"));
}

#[test]
fn a_refusal_says_that_no_link_was_made() {
    let rejection = Rejection { status: RejectedStatus::Failed, reason: None };
    let conclusion = concluded(&Outcome::Rejected(rejection.clone()), &RESPONSE_CONTEXT);
    assert_eq!(conclusion.response, Problem::PaytrRejected(rejection, "create the link").into());
    assert_eq!((conclusion.paytr_status, conclusion.reason), (Some("failed"), None));
}

#[test]
fn a_fingerprint_stands_for_all_that_the_create_says() {
    let fingerprint =
        |more: &Value| EntryKeys::new(&merchant(), "msg_1", &asks_paytr(&create(more)).fingerprint()).fingerprint;
    let different = [
        json!({}),
        json!({"name": "Order 1002"}),
        json!({"price": 1446}),
        json!({"currency": "EUR"}),
        json!({"max_installment": 11}),
        json!({"lang": "en"}),
        json!({"max_count": 2}),
        json!({"max_count": null}),
        json!({"min_count": 2}),
        json!({"link_type": "collection", "email": EMAIL}),
        json!({"link_type": "collection", "email": EMAIL, "reusable": true}),
        json!({"link_type": "flex", "flex_max_price": 1445}),
        json!({"link_type": "flex", "flex_max_price": 1446}),
        json!({"link_type": "flex", "flex_max_price": 1445, "user_name": "Ali"}),
        json!({"expiry_date": "2030-01-31 23:59:59"}),
        json!({"pft": 2}),
        json!({"get_qr": 0}),
        json!({"get_qr": 1}),
        json!({"debug_on": 0}),
        json!({"reference": "1001"}),
        json!({"send": {"cell_phone": "05321234567"}}),
        json!({"send": {"email": EMAIL}}),
    ];
    assert_eq!(different.iter().map(fingerprint).collect::<BTreeSet<_>>().len(), different.len());
    for (one, other) in [
        (json!({}), json!({"link_type": "product", "currency": "TRY", "min_count": 1, "max_count": 1})),
        (json!({"expiry_date": "2030-01-31 23:59:59"}), json!({"expiry_date": "2030-01-31T20:59:59Z"})),
        (json!({"send": {"cell_phone": "05321234567"}}), json!({"send": {"cell_phone": "+90 532 123 45 67"}})),
    ] {
        assert_eq!(fingerprint(&one), fingerprint(&other));
    }
}

#[test]
fn a_create_is_kept_by_its_link_and_names_whom_it_is_sent_to() {
    let message = create(&json!({"send": {"cell_phone": "05321234567", "email": EMAIL}}));
    assert!(matches!(message.plan(), Plan::Once(Keeper::NewLink, _)));
    let recipients: Vec<&str> = message.recipients().into_iter().map(Recipient::as_str).collect();
    assert_eq!(recipients, ["05321234567", EMAIL]);
    assert!(create(&json!({})).recipients().is_empty());
    assert!(!asks_paytr(&message).is_rate_limited(), "its sends are");
}
