//! A request's body, of every message type.
#![no_main]

use libfuzzer_sys::fuzz_target;
use paytr_link_relay::http::problem::Problem;
use paytr_link_relay::ledger::{Address, Keeper, Refusal};
use paytr_link_relay::link::Link;
use paytr_link_relay::message::{AskPaytr, CallContext, Handling, Message, Part, Query, Replay, SendLink, TYPES};
use paytr_link_relay::model::{CallbackId, CellPhone, Email, LinkId, Recipient};
use paytr_link_relay::packed::{pack, unpack};
use paytr_link_relay::paytr::{CreatedLink, Outcome, Private};
use paytr_link_relay_fuzz::{CONFIG, NOW_MS};
use serde_json::Value;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::sync::LazyLock;

static NEW_ID: LazyLock<CallbackId> = LazyLock::new(|| CallbackId::parse(&"0f".repeat(32)).unwrap());
/// A link of the relay's own.
static LINK: LazyLock<Link> = LazyLock::new(|| {
    let body = br#"{"type": "link.create", "data": {"name": "Siparis", "price": 1}}"#;
    let Ok(Message::Create(create)) = Message::parse(body) else { panic!("no create") };
    let id = LinkId::parse("NB2Zlz3").unwrap();
    let created = CreatedLink { id, url: "https://www.paytr.com/link/NB2Zlz3".to_owned(), base64_qr: None };
    Link { creation: Some(Outcome::Succeeded(created)), ..Link::opened(create.opens().unwrap(), NOW_MS) }
});

fuzz_target!(|body: &[u8]| {
    match Message::parse(body) {
        Ok(message) => {
            let members = members(body);
            assert_eq!(message_type(&members), message.message_type());
            // It survives the way to its partition.
            let moved: Message = unpack(&pack(&message)).unwrap();
            assert!(moved == message);
            let data: &Value =
                &members.get("data").map_or(Value::Null, |data| serde_json::from_str(data.get()).unwrap());
            match &message {
                Message::SendSms(send) => check_send(&send.0, data),
                Message::SendEmail(send) => check_send(&send.0, data),
                Message::Create(_) => message.recipients().iter().for_each(|to| check_recipient(to, &data["send"])),
                Message::Delete(_) => {}
                Message::Replay(Replay::Dead(_)) => assert!(data["state"] == "dead" && data["callback_id"].is_null()),
                Message::Get(_) | Message::Replay(Replay::OfLink(_)) => {
                    let id = data["callback_id"].as_str().unwrap();
                    assert!(id.len() == 64 && id.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')));
                }
                Message::Ping(_) => assert!(has_no_more(data, &["events"])),
                Message::Status(_) => assert!(has_no_more(data, &[])),
                Message::ListLinks(_) | Message::ListEvents(_) => {
                    assert!(data["limit"].as_u64().is_none_or(|limit| limit <= 100))
                }
            }
            if let Handling::AskLedger(asking) = message.handling() {
                let query = asking.query(NOW_MS);
                assert!(unpack::<Query>(&pack(&query)).as_ref() == Some(&query));
                let of_another_kind = Part::Replayed(1);
                assert_eq!(asking.answer(vec![of_another_kind]).is_some(), matches!(query, Query::ReplayDead { .. }));
            }
            if let Handling::Ask(asking) = message.handling() {
                check_call(message.message_type(), asking, data);
                check_kept(&message, asking);
            }
        }
        Err(Problem::MalformedBody(detail)) => assert!(!detail.is_empty()),
        Err(Problem::UnknownType(types)) => {
            assert!(types == TYPES && !types.contains(&message_type(&members(body)).as_str()));
        }
        Err(Problem::InvalidField(fields)) => {
            assert!(!fields.is_empty());
            for field in fields {
                assert!(field.pointer.len() <= "/data/send/".len() + 40);
                assert!(field.pointer.bytes().all(|byte| byte.is_ascii_alphabetic() || b"/_-".contains(&byte)));
            }
        }
        Err(other) => panic!("{other:?}"),
    }
});

/// A body's members. Not as values: `1e999` is JSON, though no number has it.
fn members(body: &[u8]) -> BTreeMap<String, Box<RawValue>> {
    serde_json::from_slice(body).unwrap()
}

fn has_no_more(data: &Value, known: &[&str]) -> bool {
    data.is_null() || data.as_object().is_some_and(|data| data.keys().all(|name| known.contains(&name.as_str())))
}

fn message_type(members: &BTreeMap<String, Box<RawValue>>) -> String {
    serde_json::from_str(members["type"].get()).unwrap()
}

fn check_send(message: &SendLink, data: &Value) {
    let number = data["id"].as_u64().map(|number| number.to_string());
    assert!(data["id"] == message.id.as_str() || number.as_deref() == Some(message.id.as_str()));
    check_link_id(message.id.as_str());
    check_recipient(&message.recipient, data);
    assert_eq!(message.debug_on, data.get("debug_on").filter(|flag| !flag.is_null()).map(|flag| *flag == 1));
}

fn check_recipient(recipient: &Recipient, data: &Value) {
    let written = data[recipient.field()].as_str().unwrap();
    match recipient {
        Recipient::CellPhone(phone) => {
            assert!(CellPhone::parse(written).as_ref() == Ok(phone));
            assert!(CellPhone::parse(phone.as_str()).as_ref() == Ok(phone));
        }
        Recipient::Email(email) => {
            assert!(written.contains(email.as_str()));
            assert!(Email::parse(email.as_str()).as_ref() == Ok(email));
        }
    }
}

/// Each field once, and nothing that must be encoded.
fn check_call(message_type: &str, asking: &dyn AskPaytr, data: &Value) {
    let (callback_id, link) = match asking.keeper() {
        Keeper::Recipient(_) | Keeper::Message => (None, None),
        Keeper::NewLink => (Some(&*NEW_ID), None),
        Keeper::Link(callback_id) => (Some(callback_id), Some(&*LINK)),
    };
    let context = CallContext { config: &CONFIG, now: NOW_MS, origin: "https://relay.example", callback_id, link };
    let call = match asking.call(&context) {
        Ok(call) => call,
        Err(Refusal::ExpiryPassed) => return assert!(data["expiry_date"].is_string()),
        Err(other) => panic!("{other:?}"),
    };
    assert!(call.form.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~%&=".contains(&byte)));
    let fields: BTreeMap<_, _> = form_urlencoded::parse(call.form.as_bytes()).into_owned().collect();
    assert_eq!((call.form.matches('=').count(), call.form.matches('&').count()), (fields.len(), fields.len() - 1));
    assert!(call.private.contains(&Private::Secret(fields["paytr_token"].clone())));
    let field = |name: &str| fields.get(name).map(String::as_str);
    assert_eq!(field("merchant_id"), Some("123456"));
    if let Some(flag) = data["debug_on"].as_u64() {
        assert_eq!(fields["debug_on"], flag.to_string());
    }
    match message_type {
        "link.create" => check_create(&fields, data),
        "link.delete" => {
            let ids: Vec<&str> = fields["id"].split(',').collect();
            ids.iter().for_each(|id| check_link_id(id));
            assert!((1..=10).contains(&ids.len()));
            assert!(data["ids"].as_array().map_or(ids == ["NB2Zlz3"], |asked| asked.len() == ids.len()));
        }
        _ => assert_eq!(fields.len(), 5),
    }
}

/// Where it is kept and what tells it from others: the same for what says the same, and nothing of it is to be seen.
fn check_kept(message: &Message, asking: &dyn AskPaytr) {
    let moved: Message = unpack(&pack(message)).unwrap();
    let Handling::Ask(again) = moved.handling() else { panic!("{moved:?} does not ask PayTR") };
    assert!(asking.fingerprint() == again.fingerprint());
    let hash = asking.fingerprint().hash(&CONFIG.merchant);
    let address = Address::of(&CONFIG.merchant, "namespace", "msg_1", asking.keeper());
    assert!(address == Address::of(&CONFIG.merchant, "namespace", "msg_1", again.keeper()));
    for recipient in message.recipients() {
        let needle = recipient.redaction_needle();
        assert!(!hash.contains(needle) && !address.slot.text().contains(needle));
    }
}

/// What was asked for is what PayTR gets; the rest is not there, or PayTR's default.
fn check_create(fields: &BTreeMap<String, String>, data: &Value) {
    for (name, value) in fields {
        match (name.as_str(), &data[name]) {
            ("merchant_id" | "paytr_token" | "debug_on", _) => {}
            ("callback_id", _) => assert_eq!(value, NEW_ID.as_str()),
            ("callback_link", _) => assert_eq!(value, "https://relay.example/callback"),
            ("currency", written) if *written == "TRY" => assert_eq!(value, "TL"),
            ("email", written) => assert!(written.as_str().unwrap().contains(value)),
            ("expiry_date", written) => assert!(written.is_string() && value.len() == 19),
            // What is blank around a name is dropped.
            ("name" | "user_name", Value::String(written)) => assert!(written.contains(value)),
            ("max_count", Value::Null) => assert_eq!(*value, fields["min_count"]),
            (_, Value::Null) => {
                let defaults = [("currency", "TL"), ("lang", "tr"), ("link_type", "product")];
                let numbers = [("max_installment", "12"), ("min_count", "1")];
                assert!(defaults.iter().chain(&numbers).any(|default| *default == (name, value)), "{name}");
            }
            (_, Value::String(written)) => assert_eq!(value, written),
            (_, written) => assert_eq!(*value, written.to_string()),
        }
    }
    let is_for_relay = |name: &str| ["reference", "reusable", "send"].contains(&name);
    let given = data.as_object().unwrap().iter().filter(|(_, value)| !value.is_null());
    assert!(given.map(|(name, _)| name).all(|name| fields.contains_key(name) || is_for_relay(name)));
    let number = |name: &str| fields.get(name).map(|text| text.parse::<u64>().unwrap());
    assert!(number("max_count").is_none_or(|most| Some(most) >= number("min_count")));
    assert!(number("flex_max_price").is_none_or(|most| Some(most) >= number("price")));
}

fn check_link_id(id: &str) {
    assert!((1..=64).contains(&id.len()));
    assert!(id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'));
}
