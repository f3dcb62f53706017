//! WooCommerce: its webhooks, its orders, and its REST API v3.
//!
//! Facts: WooCommerce 11.0.1 in WordPress 7.1.0, as seen on a shop. A webhook is signed with
//! `X-WC-Webhook-Signature`, base64(HMAC-SHA256(secret, raw body)); no time and no header is. WooCommerce wants an answer
//! from 200 to 302, never repeats a delivery, and switches a webhook off at the seventh failure in a row.

use super::note::{self, Payment};
use super::wish::recipients;
use super::{
    Conversation, Delivery, Job, Members, Money, News, Reading, ShopAnswer, ShopRequest, Storefront, Turn, Why, Wish,
    has_mac,
};
use crate::json::JsonValue;
use crate::mac::MacKey;
use crate::model::{ExpiryDate, Reference};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Serialize;

/// What WordPress writes in place of these characters when it stores a secret; WooCommerce signs with the characters.
const ENTITIES: [(&str, &str); 5] = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#039;", "'"), ("&amp;", "&")];

const DRAFTS: [&str; 4] = ["checkout-draft", "auto-draft", "draft", "new"];
const UNPAID: [&str; 2] = ["on-hold", "pending"];
const PAID: [&str; 2] = ["processing", "completed"];
const OVER: [&str; 4] = ["cancelled", "refunded", "failed", "trash"];

/// The key of a secret, written as it was typed or as WordPress stored it.
pub fn webhook_key(secret: &str) -> Option<MacKey> {
    let typed = ENTITIES.iter().fold(secret.to_owned(), |text, (entity, character)| text.replace(entity, character));
    MacKey::new(typed.as_bytes())
}

pub fn check_api(_: &str, api_key: &str) -> Result<(), &'static str> {
    let is_part = |part: &str, prefix: &str| {
        part.strip_prefix(prefix).is_some_and(|rest| {
            (1..=100).contains(&rest.len()) && rest.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
    };
    match api_key.split_once(':') {
        Some((key, secret)) if is_part(key, "ck_") && is_part(secret, "cs_") => Ok(()),
        _ => Err("has a shop whose api_key is not WooCommerce's consumer key and consumer secret as ck_…:cs_…"),
    }
}

/// When a webhook is saved, WooCommerce posts `webhook_id=1` as a form, unsigned, and wants 200.
pub fn is_ping(delivery: &Delivery<'_>) -> bool {
    let digits = delivery.body.strip_prefix(b"webhook_id=").unwrap_or_default();
    (1..=20).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit)
}

pub fn is_signed(delivery: &Delivery<'_>, keys: &[MacKey]) -> bool {
    has_mac(delivery, "x-wc-webhook-signature", keys)
}

pub fn read(delivery: &Delivery<'_>, storefront: &Storefront) -> Reading {
    let topic = (delivery.header)("x-wc-webhook-topic").unwrap_or_default();
    let Some(event) = topic.strip_prefix("order.") else { return Reading::NotOurs("other-topic") };
    let Some(order) = JsonValue::parse_leniently(delivery.body) else { return Reading::Unreadable("no-json") };
    let Some(order) = Members::of(&order) else { return Reading::Unreadable("no-object") };
    if order.get("order").is_some() && order.get("id").is_none() {
        // The form of the API versions before `wp_api_v3`, which a webhook's own setting names.
        return Reading::Unreadable("api-version-is-not-v3");
    }
    let Some(order_id) = order.order_id() else { return Reading::Unreadable("no-id") };
    if event == "deleted" && order.count() == 1 {
        let wish = Wish::Close(Why::Cancelled);
        return Reading::News(Box::new(News { order_id, number: None, modified_at: None, wish }));
    }
    let Some(status) = order.text("status") else { return Reading::Unreadable("no-status") };
    let number = order.text_or_number("number").and_then(|number| Reference::from_text(&number));
    Reading::News(Box::new(News {
        number: number.or_else(|| Reference::from_text(&order_id)),
        order_id,
        modified_at: order.text("date_modified_gmt").and_then(utc_ms),
        wish: wish(order, status, storefront),
    }))
}

/// `2026-11-29T15:25:31`, which is UTC though it does not say so.
fn utc_ms(written: &str) -> Option<u64> {
    let date = ExpiryDate::parse(&JsonValue::Text(format!("{written}Z"))).ok()?;
    Some(date.unix_ms()).filter(|ms| *ms > 0)
}

fn wish(order: Members<'_>, status: &str, storefront: &Storefront) -> Wish {
    let method = order.text("payment_method").unwrap_or_default();
    if DRAFTS.contains(&status) {
        return Wish::Nothing(Why::Draft);
    }
    if !storefront.pay_by_link.iter().any(|known| known == method) {
        return Wish::Nothing(Why::OtherMethod);
    }
    if PAID.contains(&status) || order.is_there("date_paid_gmt") {
        return Wish::Close(Why::Paid);
    }
    if OVER.contains(&status) {
        return Wish::Close(Why::Cancelled);
    }
    if !UNPAID.contains(&status) {
        return Wish::Close(Why::OtherStatus);
    }
    let total = order.text_or_number("total");
    let (billing, shipping) = (order.object("billing"), order.object("shipping"));
    match Money::parse(total.as_deref(), order.text("currency")) {
        Ok(money) => {
            let phones = [billing, shipping].map(|person| person.text("phone"));
            Wish::Link { money, recipients: recipients(phones, [billing.text("email")]) }
        }
        Err(why) => Wish::Nothing(why),
    }
}

/// Reads before it writes, so that what is done twice is done once: the order before its status, the notes before a note.
pub fn converse(conversation: &Conversation<'_>) -> Turn {
    let Conversation { job, answers, .. } = conversation;
    if let Some(turn) = answers.last().and_then(failure) {
        return turn;
    }
    let Job::Paid { merchant_oid, money } = job else { return note(conversation, &Payment::Taken, answers) };
    let [order, rest @ ..] = answers else {
        let fields = "?_fields=id,status,total,currency,transaction_id,date_paid_gmt";
        return Turn::Ask(request(conversation, "GET", fields, None));
    };
    let Some(order) = JsonValue::parse_leniently(&order.body) else { return Turn::Failed("no-json") };
    let Some(order) = Members::of(&order) else { return Turn::Failed("no-object") };
    let Some(status) = order.text("status").filter(|status| is_status(status)) else { return Turn::Failed("no-status") };
    let total = order.text_or_number("total");
    let costs = Money::parse(total.as_deref(), order.text("currency"));
    let is_ours = order.text("transaction_id") == Some(merchant_oid);
    if !is_ours && (!UNPAID.contains(&status) || order.is_there("date_paid_gmt")) {
        return note(conversation, &Payment::NotUnpaid(status), rest);
    }
    if is_ours && PAID.contains(&status) {
        return note(conversation, &Payment::Taken, rest);
    }
    if !costs.is_ok_and(|costs| money.covers(costs)) {
        return note(conversation, &Payment::CostsMore(costs.ok()), rest);
    }
    match rest {
        [] => {
            let body = PaidOrder { status: "processing", transaction_id: merchant_oid };
            Turn::Ask(request(conversation, "PUT", "?_fields=id,status", json(&body)))
        }
        [_, rest @ ..] => note(conversation, &Payment::Taken, rest),
    }
}

fn is_status(status: &str) -> bool {
    (1..=40).contains(&status.len()) && status.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

/// Writes a note, unless one with this mark is there.
fn note(conversation: &Conversation<'_>, payment: &Payment<'_>, answers: &[ShopAnswer]) -> Turn {
    let Conversation { storefront, job, mark, .. } = conversation;
    match answers {
        [] => Turn::Ask(request(conversation, "GET", "/notes?type=internal&_fields=note", None)),
        [notes] => {
            // What cannot be read may hold it.
            let Some(JsonValue::Array(notes)) = JsonValue::parse_leniently(&notes.body) else {
                return Turn::Failed("no-json");
            };
            let is_there = |note: &JsonValue| {
                Members::of(note).and_then(|note| note.text("note")).is_some_and(|note| note.contains(mark))
            };
            if notes.iter().any(is_there) {
                return Turn::Done;
            }
            let text = format!("{} [{mark}]", note::text(job, payment, storefront.lang));
            let body = PrivateNote { note: text, customer_note: false };
            Turn::Ask(request(conversation, "POST", "/notes?_fields=id", json(&body)))
        }
        _ => Turn::Done,
    }
}

/// What an answer that is no success comes to.
fn failure(answer: &ShopAnswer) -> Option<Turn> {
    if (200..300).contains(&answer.status) {
        return None;
    }
    let body = JsonValue::parse_leniently(&answer.body);
    let code = body.as_ref().and_then(Members::of).and_then(|body| body.text("code"));
    Some(match (answer.status, code) {
        (404, Some("woocommerce_rest_shop_order_invalid_id")) => Turn::GiveUp("no-such-order"),
        (401 | 403, Some("woocommerce_rest_authentication_error")) => Turn::Failed("key-may-not-write"),
        (401, Some(_)) => Turn::Failed("key-refused"),
        (401, None) => Turn::Failed("not-authorized"),
        (403, _) => Turn::Failed("forbidden"),
        (404, _) => Turn::Failed("no-rest-api"),
        (300..=399, _) => Turn::Failed("redirected"),
        _ => Turn::Failed("refused"),
    })
}

#[derive(Serialize)]
struct PaidOrder<'a> {
    status: &'static str,
    transaction_id: &'a str,
}

#[derive(Serialize)]
struct PrivateNote {
    note: String,
    customer_note: bool,
}

/// Structs of texts always serialise.
fn json(body: &impl Serialize) -> Option<String> {
    serde_json::to_string(body).ok()
}

fn request(conversation: &Conversation<'_>, method: &'static str, what: &str, body: Option<String>) -> ShopRequest {
    let Conversation { storefront, api_key, order_id, .. } = conversation;
    ShopRequest {
        method,
        url: format!("{}/wp-json/wc/v3/orders/{order_id}{what}", storefront.url),
        headers: vec![("authorization", format!("Basic {}", STANDARD.encode(api_key)))],
        body,
    }
}
