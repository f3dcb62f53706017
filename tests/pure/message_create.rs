//! `link.create`: which fields go together, what PayTR gets, and what is recorded and told of its reply. Each field by itself
//! has its table in `model`, the reply in `paytr_create`, and what tells a retry from another message in
//! `ledger_fingerprint`.

use crate::shop::merged;
use crate::support::{
    ANSWER_CONTEXT, asks_paytr, body_of, call, call_context, callback_id, config_of, count, created_link, form_fields,
    invalid_fields, merchant, message_of, price, record, response,
};
use paytr_link_relay::config::Config;
use paytr_link_relay::json::JsonValue;
use paytr_link_relay::ledger::{Keeper, Refusal};
use paytr_link_relay::link::{SendOutcome, SendReport, Terms};
use paytr_link_relay::message::{AnswerContext, CallContext, Message, Settled, Success};
use paytr_link_relay::model::{Currency, LinkType, Recipient, Reference};
use paytr_link_relay::paytr::{Cause, CreatedLink, Outcome, Private, RejectedStatus, Rejection, read_reply};
use serde_json::{Value, json};

const EMAIL: &str = "musteri@example.com";

/// The least that a create says, and more.
fn data(more: &Value) -> Value {
    merged(json!({"name": "Order 1001", "price": 1445}), more)
}

fn create(more: &Value) -> Message {
    message_of("link.create", &data(more))
}

fn config() -> Config {
    config_of(merchant())
}

/// The form but for the merchant and the token.
fn posted(message: &Message, config: &Config) -> String {
    let context = CallContext { callback_id: Some(&callback_id()), ..call_context(config) };
    let form = asks_paytr(message).call(&context).unwrap().form;
    let (fields, _) = form.strip_prefix("merchant_id=123456&").unwrap().split_once("&paytr_token=").unwrap();
    fields.to_owned()
}

/// A text that is struck out.
fn text_of(private: &Private) -> &String {
    match private {
        Private::Secret(text) | Private::Recipient(text) | Private::Name(text) | Private::Text(text) => text,
    }
}

#[test]
fn a_field_that_is_missing_or_does_not_go_with_the_others_is_refused_by_name() {
    let product = "is a field of product links only";
    let collection = "is a field of collection links only; an address to send the link to is send.email";
    let flex = "is a field of flex links only";
    let flag = "must be 0 or 1, as a number";
    let own = "is set by the relay itself; leave it out";
    let cases: [(Value, &[(&str, &str)]); 5] = [
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
            json!({"callback_link": "https://x.example", "callback_id": "1"}),
            &[("callback_link", own), ("callback_id", own)],
        ),
        (json!({"get_qr": true, "debug_on": 2}), &[("get_qr", flag), ("debug_on", flag)]),
    ];
    let no_recipient = "must have cell_phone or email, or both";
    let no_email = "is missing; a collection link has its payer's e-mail address";
    let no_most = "is missing; a flex link has the most that may be paid, in minor units";
    let as_number = "must be text; a JSON number loses its leading zero";
    let as_bool = "must be true or false, without quotes";
    let singles: [(Value, &str, &str); 13] = [
        (json!({"link_type": "collection"}), "email", no_email),
        (json!({"link_type": "collection", "email": 1}), "email", "must be text"),
        (json!({"link_type": "collection", "email": EMAIL, "reusable": 1}), "reusable", as_bool),
        (json!({"link_type": "flex"}), "flex_max_price", no_most),
        (json!({"link_type": "flex", "flex_max_price": 1444}), "flex_max_price", "must be at least price"),
        (json!({"min_count": 3, "max_count": 2}), "max_count", "must be at least min_count; null is no limit"),
        (json!({"send": {}}), "send", no_recipient),
        (json!({"send": {"cell_phone": null}}), "send", no_recipient),
        (json!({"send": []}), "send", "must be an object"),
        (json!({"send": {"cell_phone": 5}}), "send/cell_phone", as_number),
        (json!({"send": {"email": EMAIL, "sms": 1}}), "send/sms", "is not a field of this message"),
        (json!({"link_type": "other", "email": 1}), "link_type", "must be product, collection or flex, as text"),
        (json!({"reference": 1001}), "reference", "must be text; put the number in quotes"),
    ];
    let singles = singles.map(|(more, field, detail)| (more, vec![(field, detail)]));
    for (more, expected) in cases.map(|(more, fields)| (more, fields.to_vec())).into_iter().chain(singles) {
        let fields = invalid_fields(&json!({"type": "link.create", "data": data(&more)}).to_string());
        let expected: Vec<_> = expected.iter().map(|(field, detail)| (format!("/data/{field}"), *detail)).collect();
        assert_eq!(fields, expected, "{more}");
    }
}

#[test]
fn paytr_gets_what_was_said_in_the_order_of_its_table() {
    let usual = "product&lang=tr&min_count=1&max_count=1&debug_on=0";
    let collection = json!({"link_type": "collection", "email": EMAIL});
    let send = json!({"cell_phone": "05321234567", "email": EMAIL});
    for (more, expected) in [
        (json!({}), usual),
        (json!({"min_count": 2}), "product&lang=tr&min_count=2&max_count=2&debug_on=0"),
        (json!({"min_count": 2, "max_count": 2}), "product&lang=tr&min_count=2&max_count=2&debug_on=0"),
        (json!({"min_count": 2, "max_count": 10}), "product&lang=tr&min_count=2&max_count=10&debug_on=0"),
        (json!({"max_count": null}), "product&lang=tr&min_count=1&debug_on=0"),
        (collection, "collection&lang=tr&email=musteri%40example.com&debug_on=0"),
        (json!({"link_type": "flex", "flex_max_price": 1445}), "flex&lang=tr&flex_max_price=1445&debug_on=0"),
        (
            json!({"link_type": "flex", "flex_max_price": 1446, "user_name": "Ayşe & Ali", "reusable": true}),
            "flex&lang=tr&flex_max_price=1446&user_name=Ay%C5%9Fe%20%26%20Ali&debug_on=0",
        ),
        (
            json!({"lang": "en", "expiry_date": "2030-01-31T20:59:59Z", "get_qr": 1, "pft": 3, "debug_on": 1}),
            "product&lang=en&min_count=1&max_count=1&expiry_date=2030-01-31%2023%3A59%3A59&get_qr=1&pft=3&debug_on=1",
        ),
        (json!({"get_qr": 0}), "product&lang=tr&min_count=1&max_count=1&get_qr=0&debug_on=0"),
        (json!({"reference": "1001", "send": send}), usual),
        (json!({"link_type": null, "expiry_date": null, "pft": null, "send": null}), usual),
    ] {
        let expected = format!("name=Order%201001&price=1445&currency=TL&max_installment=12&link_type={expected}");
        assert_eq!(posted(&create(&more), &config()), expected, "{more}");
    }
    let euros = posted(&create(&json!({"currency": "EUR", "max_installment": 3})), &config());
    assert!(euros.starts_with("name=Order%201001&price=1445&currency=EUR&max_installment=3&"), "{euros}");
    assert_eq!(call(asks_paytr(&create(&json!({}))), &config()).path, "/odeme/api/link/create");
}

#[test]
fn a_setting_explains_errors_where_the_message_does_not_say() {
    let explained = Config { debug_on: true, ..config() };
    for (more, expected) in [(json!({}), "debug_on=1"), (json!({"debug_on": 0}), "debug_on=0")] {
        assert!(posted(&create(&more), &explained).ends_with(expected), "{more}");
    }
}

/// The settings with events on, and the relay's own address.
fn with_events(relay_origin: Option<&str>) -> Config {
    let events_url = Some("https://shop.example/events".to_owned());
    Config { events_url, relay_origin: relay_origin.map(str::to_owned), ..config() }
}

/// The address to which PayTR posts its notifications, or why there is none.
fn callback_link(relay_origin: Option<&str>, origin: &str) -> Result<String, Refusal> {
    let (config, callback_id) = (with_events(relay_origin), callback_id());
    let context = CallContext { callback_id: Some(&callback_id), origin, ..call_context(&config) };
    let call = asks_paytr(&create(&json!({}))).call(&context)?;
    let field = form_fields(&call.form).into_iter().find(|(name, _)| name == "callback_link");
    Ok(field.expect("no callback_link").1)
}

#[test]
fn the_relays_callback_is_posted_while_events_are_on() {
    let fields = posted(&create(&json!({})), &with_events(None));
    let callback =
        format!("&callback_link=https%3A%2F%2Frelay.example%2Fcallback&callback_id={}&", callback_id().as_str());
    assert!(fields.contains(&callback), "{fields}");
    assert!(!posted(&create(&json!({})), &config()).contains("callback"));
}

#[test]
fn notifications_come_by_https_without_a_port_whatever_the_message_came_by() {
    for (relay_origin, origin, expected) in [
        (None, "https://relay.example", "https://relay.example/callback"),
        (None, "https://relay.example:8443", "https://relay.example/callback"),
        (None, "http://relay.example", "https://relay.example/callback"),
        (None, "http://relay.example:8080", "https://relay.example/callback"),
        (None, "http://127.0.0.1:8787", "http://127.0.0.1:8787/callback"),
        (Some("https://relay.example"), "https://evil.example", "https://relay.example/callback"),
        (Some("https://relay.example"), "http://relay", "https://relay.example/callback"),
        (Some("https://relay.example"), "http://127.0.0.1:8787", "https://relay.example/callback"),
    ] {
        assert_eq!(callback_link(relay_origin, origin), Ok(expected.to_owned()), "{relay_origin:?} {origin}");
    }
}

#[test]
fn a_link_whose_notifications_paytr_could_not_post_is_not_asked_for() {
    for origin in
        ["https://relay", "http://relay:8787", "https://192.0.2.1", "https://[2001:db8::1]", "https://x..example"]
    {
        assert_eq!(callback_link(None, origin), Err(Refusal::CallbackUnreachable), "{origin}");
    }
    // Without events there are no notifications.
    let config = config();
    let context = CallContext { origin: "https://relay", ..call_context(&config) };
    assert!(asks_paytr(&create(&json!({}))).call(&context).is_ok());
}

#[test]
fn a_link_that_has_expired_is_not_asked_for() {
    let message = create(&json!({"expiry_date": "2026-11-18T13:06:40+03:00"}));
    let expiry = 1_794_996_400_000;
    let config = config();
    let at = |now| asks_paytr(&message).call(&CallContext { now, ..call_context(&config) });
    assert!(at(expiry - 1).is_ok());
    for now in [expiry, expiry + 1] {
        assert_eq!(at(now).err(), Some(Refusal::ExpiryPassed));
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
        let config = config();
        let call = call(asks_paytr(&message), &config);
        let texts: Vec<&String> = call.private.iter().map(text_of).collect();
        let (tokens, personal): (Vec<&String>, Vec<&String>) = texts.iter().partition(|text| text.len() == 44);
        assert_eq!(personal, expected, "{more}");
        assert_eq!(tokens.len(), 1, "a token");
        for text in texts {
            let reply =
                read_reply(200, json!({"status": "error", "reason": text}).to_string().as_bytes()).ok().unwrap();
            let Settled { record, .. } = asks_paytr(&message).settle(Ok(&reply), &call, &call_context(&config));
            let record = String::from_utf8_lossy(&record);
            assert!(!record.contains(text.as_str()) && record.contains("[redacted]"), "{more}: {record}");
        }
    }
}

#[test]
fn a_link_is_paid_once_unless_the_shop_wants_it_paid_again_and_by_as_many_pieces_as_are_bought_at_least() {
    for (more, paid_once, least) in [
        (json!({}), true, 1445),
        (json!({"max_count": 1}), true, 1445),
        (json!({"max_count": 2}), false, 1445),
        (json!({"min_count": 2}), true, 2890),
        (json!({"min_count": 2, "max_count": 2}), true, 2890),
        (json!({"min_count": 2, "max_count": 3}), true, 2890),
        (json!({"min_count": 2, "max_count": 4}), false, 2890),
        (json!({"min_count": 3}), true, 4335),
        (json!({"min_count": 3, "max_count": 5}), true, 4335),
        (json!({"min_count": 3, "max_count": 6}), false, 4335),
        (json!({"min_count": 999_999, "price": 9_999_999_999_u64}), true, 9_999_989_999_000_001),
        (json!({"max_count": null}), false, 1445),
        (json!({"min_count": 2, "max_count": null}), false, 2890),
        (json!({"link_type": "collection", "email": EMAIL}), true, 1445),
        (json!({"link_type": "collection", "email": EMAIL, "reusable": false}), true, 1445),
        (json!({"link_type": "collection", "email": EMAIL, "reusable": true}), false, 1445),
        (json!({"link_type": "flex", "flex_max_price": 9000}), true, 1445),
        (json!({"link_type": "flex", "flex_max_price": 9000, "reusable": true}), false, 1445),
    ] {
        let opened = asks_paytr(&create(&more)).opens().unwrap();
        assert_eq!((opened.paid_once, opened.least()), (paid_once, least), "{more}");
    }
}

#[test]
fn the_record_of_a_new_link_says_what_was_asked_for_and_nobodys_name() {
    let more = json!({
        "link_type": "flex", "flex_max_price": 2000, "user_name": "Ali", "currency": "EUR", "reference": "1001",
        "expiry_date": "2030-01-31T23:59:59+03:00", "send": {"email": EMAIL},
    });
    let opened = asks_paytr(&create(&more)).opens().unwrap();
    let expected = Terms {
        link_type: LinkType::Flex,
        price: price(1445),
        currency: Currency::Eur,
        min_count: count(1),
        reference: Some(Reference::parse(&JsonValue::Text("1001".to_owned())).unwrap()),
        paid_once: true,
        expires_at: Some(1_896_123_599_000),
        order: None,
    };
    assert_eq!(opened, expected);
}

/// What is recorded of a link whose create call PayTR answers like this.
fn settled(answered: Result<&str, Cause>) -> Settled {
    let (message, config) = (create(&json!({})), config());
    let reply = answered.map(|body| read_reply(200, body.as_bytes()).ok().unwrap());
    let call = call(asks_paytr(&message), &config);
    asks_paytr(&message).settle(reply.as_ref().map_err(|cause| *cause), &call, &call_context(&config))
}

#[test]
fn what_paytr_answered_is_recorded_as_what_it_is() {
    let success = r#"{"status":"success","id":"NB2Zlz3","link":"https://www.paytr.com/link/NB2Zlz3"}"#;
    let rejection = Rejection { status: RejectedStatus::Error, reason: Some("Hata".to_owned()) };
    let no_link = r#"{"status":"success"}"#;
    let cases: [(Result<&str, Cause>, Outcome<CreatedLink>, bool); 4] = [
        (Ok(success), Outcome::Succeeded(created_link()), true),
        (Ok(r#"{"status":"error","reason":"Hata"}"#), Outcome::Rejected(rejection), false),
        (Err(Cause::TimedOut), Outcome::Unknown(Cause::TimedOut), true),
        (Ok(no_link), Outcome::Unknown(Cause::NotUnderstood), true),
    ];
    for (answered, outcome, may_have_gone_out) in cases {
        let cause = if let Outcome::Unknown(cause) = outcome { Some(cause) } else { None };
        let expected = Settled { record: record(&outcome), cause, may_have_gone_out, deletes_link: false };
        assert_eq!(settled(answered), expected);
    }
}

#[test]
fn a_link_that_was_made_is_sent_to_each_who_was_named_and_no_other_is() {
    let both = json!({"send": {"email": EMAIL, "cell_phone": "0532 123 45 67"}, "debug_on": 1});
    let sms = json!({"id": "NB2Zlz3", "cell_phone": "05321234567", "debug_on": 1});
    let email = json!({"id": "NB2Zlz3", "email": EMAIL, "debug_on": 1});
    let sends = vec![message_of("link.send_sms", &sms), message_of("link.send_email", &email)];
    assert_eq!(asks_paytr(&create(&both)).follow_ups(&created_link()), sends);
    assert_eq!(asks_paytr(&create(&json!({}))).follow_ups(&created_link()), []);
}

fn answered(outcome: &Outcome<CreatedLink>, context: &AnswerContext<'_>) -> Result<Success, Refusal> {
    asks_paytr(&create(&json!({"reference": "1001"}))).answer(&record(outcome), context)
}

#[test]
fn the_answer_names_the_link_and_how_its_sends_ended() {
    let callback_id = callback_id();
    let sends = [SendReport::new("link.send_sms", SendOutcome::Sent)];
    let context = AnswerContext { callback_id: Some(&callback_id), sends: &sends, ..ANSWER_CONTEXT };
    let created = CreatedLink { base64_qr: Some("iVBORw0KGgo=".to_owned()), ..created_link() };
    let success = answered(&Outcome::Succeeded(created), &context).unwrap();
    assert_eq!((success.outcome(), success.paytr_status()), ("created", Some("success")));
    let response = response(&create(&json!({})), Ok(success));
    assert_eq!((response.status, response.code), (200, "created"));
    let expected = json!({
        "outcome": "created",
        "webhook_id": "msg_1",
        "reference": "1001",
        "link": {
            "id": "NB2Zlz3", "url": "https://www.paytr.com/link/NB2Zlz3", "callback_id": callback_id.as_str(),
            "base64_qr": "iVBORw0KGgo=",
        },
        "sends": [{"type": "link.send_sms", "outcome": "sent"}],
        "paytr": {"status": "success"},
    });
    assert_eq!(body_of(&response), expected);
    let bare = AnswerContext { callback_id: Some(&callback_id), ..ANSWER_CONTEXT };
    let body =
        asks_paytr(&create(&json!({}))).answer(&record(&Outcome::Succeeded(created_link())), &bare).unwrap().body();
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
    let context = AnswerContext { callback_id: Some(&callback_id), ..ANSWER_CONTEXT };
    for (record, status, reason) in [
        (record(&Outcome::<()>::Unknown(Cause::TimedOut)), 504, "timed-out"),
        (record(&Outcome::<()>::Unknown(Cause::HtmlPage)), 502, "html-page"),
        (record(&Outcome::<()>::Unknown(Cause::Interrupted)), 502, "interrupted"),
        // A success without what succeeded, and what is no record.
        (record(&Outcome::Succeeded(())), 502, "record-unreadable"),
        (b"{".to_vec(), 502, "record-unreadable"),
    ] {
        let message = create(&json!({}));
        let refusal = asks_paytr(&message).answer(&record, &context).unwrap_err();
        assert_eq!(refusal.reason(), Some(reason), "{record:?}");
        let response = response(&message, Err(refusal));
        assert_eq!((response.status, response.code), (status, "outcome-unknown"), "{record:?}");
        let body = body_of(&response);
        assert_eq!((&body["resend_safe"], &body["callback_id"]), (&json!(true), &json!(callback_id.as_str())));
    }
}

#[test]
fn a_refusal_says_that_no_link_was_made() {
    let rejection = Rejection { status: RejectedStatus::Failed, reason: None };
    let refusal = answered(&Outcome::Rejected(rejection.clone()), &ANSWER_CONTEXT).unwrap_err();
    assert_eq!(refusal, Refusal::Rejected(rejection));
    let detail = body_of(&response(&create(&json!({})), Err(refusal)))["detail"].as_str().unwrap().to_owned();
    assert!(detail.starts_with("PayTR did not create the link;"), "{detail}");
}

#[test]
fn a_create_is_kept_by_its_link_and_names_whom_it_is_sent_to() {
    let message = create(&json!({"send": {"cell_phone": "05321234567", "email": EMAIL}}));
    assert!(matches!(asks_paytr(&message).keeper(), Keeper::NewLink));
    let recipients: Vec<&str> = message.recipients().into_iter().map(Recipient::as_str).collect();
    assert_eq!(recipients, ["05321234567", EMAIL]);
    assert!(create(&json!({})).recipients().is_empty());
    assert!(!asks_paytr(&message).is_rate_limited(), "its sends are");
}
