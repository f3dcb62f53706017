//! The published vectors, every row of them.

use crate::support::{hmac_base64, merchant_with};
use base64::{Engine, engine::general_purpose::STANDARD};
use paytr_link_relay::json::JsonValue;
use paytr_link_relay::mac::MacKey;
use paytr_link_relay::model::count::Count;
use paytr_link_relay::model::currency::Currency;
use paytr_link_relay::model::installments::MaxInstallment;
use paytr_link_relay::model::lang::Lang;
use paytr_link_relay::model::link_name::LinkName;
use paytr_link_relay::model::price::Price;
use paytr_link_relay::model::recipient::Email;
use paytr_link_relay::paytr::create::Kind;
use paytr_link_relay::paytr::{Merchant, NewLink, Notification};
use paytr_link_relay::standard_webhooks::{Headers, parse_secrets, verify};
use serde_json::Value;
use std::collections::BTreeSet;

const PAYTR: &str = include_str!("../vectors/paytr-token.jsonl");
const WEBHOOKS: &str = include_str!("../vectors/standard-webhooks.json");

fn paytr_rows(op: &str) -> Vec<Value> {
    PAYTR
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter(|row| row["op"] == op)
        .collect()
}

fn text<'a>(row: &'a Value, field: &str) -> &'a str {
    row[field].as_str().unwrap_or_else(|| panic!("no {field} in {row}"))
}

fn merchant_of(row: &Value) -> Merchant {
    merchant_with(text(row, "merchant_id"), text(row, "merchant_key"), text(row, "merchant_salt"))
}

#[test]
fn every_published_token_of_a_send_or_a_delete_is_made() {
    for (op, recipient, at_least) in [("send_sms", "cell_phone", 6), ("send_email", "email", 6), ("delete", "", 3)] {
        let rows = paytr_rows(op);
        assert!(rows.len() >= at_least, "{} rows of {op}", rows.len());
        for row in &rows {
            let (merchant, id) = (merchant_of(row), text(row, "id"));
            let token = match op {
                "delete" => merchant.delete_token(id),
                _ => merchant.send_token(id, text(row, recipient)).unwrap(),
            };
            assert_eq!(token.as_str(), text(row, "paytr_token"), "{op}: {}", text(row, "note"));
        }
    }
}

#[test]
fn every_create_token_is_made() {
    let rows = paytr_rows("create");
    let value = |row: &Value, field: &str| JsonValue::Text(text(row, field).to_owned());
    let number = |row: &Value, field: &str| JsonValue::Integer(text(row, field).parse().unwrap());
    for row in &rows {
        let (name, email) = (LinkName::parse(&value(row, "name")).unwrap(), row["email"].as_str().map(Email::parse));
        let price = Price::parse(&number(row, "price")).unwrap();
        let kind = match (text(row, "link_type"), email) {
            ("product", None) => {
                Kind::Product { min_count: Count::parse(&number(row, "min_count")).unwrap(), max_count: None }
            }
            ("collection", Some(email)) => Kind::Collection { email: email.unwrap() },
            ("flex", None) => Kind::Flex { flex_max_price: price, user_name: None },
            _ => panic!("{row}"),
        };
        let link = NewLink {
            name,
            price,
            currency: Currency::parse(&value(row, "currency")).unwrap(),
            max_installment: MaxInstallment::parse(&number(row, "max_installment")).unwrap(),
            lang: Lang::parse(&value(row, "lang")).unwrap(),
            kind,
            expiry_date: None,
            pft: None,
            get_qr: None,
        };
        assert_eq!(link.token(&merchant_of(row)).as_str(), text(row, "paytr_token"), "{}", text(row, "note"));
    }
    let kinds: BTreeSet<&str> = rows.iter().map(|row| text(row, "link_type")).collect();
    assert_eq!((rows.len(), kinds.len()), (7, 3));
}

#[test]
fn every_callback_hash_is_true_and_a_notice_is_taken_if_the_link_is_the_relays_own() {
    const NOT_OURS: &str = "the field callback_id is not of this relay";
    let mut taken = 0;
    let rows = paytr_rows("callback");
    for row in &rows {
        let merchant = merchant_of(row);
        let signed = ["callback_id", "merchant_oid", "status", "total_amount"].map(|field| text(row, field));
        let hash = text(row, "paytr_token");
        let tag = STANDARD.decode(hash).unwrap().try_into().unwrap();
        assert!(merchant.signed_callback(signed, &tag), "{}", text(row, "note"));
        let [callback_id, merchant_oid, status, total_amount] = signed;
        let form = form_urlencoded::Serializer::new(String::new())
            .extend_pairs([("callback_id", callback_id), ("merchant_oid", merchant_oid), ("status", status)])
            .extend_pairs([("total_amount", total_amount), ("hash", hash)])
            .finish();
        match Notification::verify(form.as_bytes(), &merchant) {
            Ok(notification) => {
                taken += 1;
                assert_eq!(notification.callback_id.as_str(), callback_id);
                assert_eq!(notification.total_amount.as_str(), total_amount);
            }
            Err(words) => {
                assert_eq!(words, NOT_OURS);
                assert!(callback_id.len() != 64, "{callback_id}");
            }
        }
    }
    assert_eq!((taken, rows.len()), (1, 4));
}

#[test]
fn every_published_row_signs_the_text_it_says_it_signs() {
    let rows: Vec<Value> = PAYTR.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(rows.len() >= 26, "{} rows", rows.len());
    for row in &rows {
        let token = hmac_base64(text(row, "merchant_key").as_bytes(), text(row, "hash_str").as_bytes());
        assert_eq!(token, text(row, "paytr_token"), "{}", text(row, "note"));
    }
}

#[test]
fn a_send_token_with_an_empty_recipient_would_delete_the_link_and_is_never_made() {
    let rows = paytr_rows("delete");
    assert!(!rows.is_empty());
    for row in &rows {
        let [id, merchant_id, key, salt] =
            ["id", "merchant_id", "merchant_key", "merchant_salt"].map(|field| text(row, field));
        let parts = [id, merchant_id, "", salt].map(str::as_bytes);
        let send_to_nobody = STANDARD.encode(MacKey::new(key.as_bytes()).unwrap().sign(&parts));
        assert_eq!(send_to_nobody, text(row, "paytr_token"), "the two tokens are no longer the same");
        assert!(merchant_with(merchant_id, key, salt).send_token(id, "").is_none());
    }
}

#[test]
fn every_published_webhook_verdict_is_ours_too() {
    let file: Value = serde_json::from_str(WEBHOOKS).unwrap();
    let rows = file["vectors"].as_array().unwrap();
    let mut verdicts = (0, 0);
    for row in rows {
        let secrets = parse_secrets(text(row, "secret")).unwrap();
        let timestamp = row["timestamp"].as_u64().unwrap();
        let written = timestamp.to_string();
        let (id, signature) = (text(row, "id"), text(row, "signature"));
        let headers = Headers { id: Some(id), timestamp: Some(&written), signature: Some(signature) };
        let verdict = verify(headers, text(row, "payload").as_bytes(), &secrets, timestamp);
        match text(row, "expected") {
            "accept" => {
                verdicts.0 += 1;
                assert_eq!(verdict.map(|verified| verified.webhook_id), Ok(id), "{}", text(row, "name"));
            }
            "reject" => {
                verdicts.1 += 1;
                assert!(verdict.is_err(), "{}", text(row, "name"));
            }
            other => panic!("{other} is no verdict"),
        }
    }
    assert!(verdicts.0 >= 3 && verdicts.1 >= 14, "{verdicts:?} verdicts");
}
