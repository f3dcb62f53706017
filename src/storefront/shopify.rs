//! Shopify: its webhooks, its orders, and its GraphQL Admin API.
//!
//! Facts: Shopify's own documentation. **Nothing here was tried on Shopify itself**; what may be otherwise there stands in this
//! file and nowhere else. A webhook is signed with `X-Shopify-Hmac-SHA256`, base64(HMAC-SHA256(secret, raw body)); no time
//! and no header is. Shopify wants 2xx within five seconds, and tries a delivery eight times in four hours, always with the
//! body of the first try.
//!
//! An order has no private notes that a program could add: its timeline takes none, and its note is the merchant's own one text.
//! So notes stand one below the other in a metafield of the order, and tags say that there are any.

use super::note::{self, Payment};
use super::wish::{minor_units, recipients};
use super::{
    Conversation, Delivery, Job, Kept, Members, Money, News, Reading, ShopAnswer, ShopRequest, Storefront, Turn, Why, Wish,
    has_mac,
};
use crate::json::JsonValue;
use crate::link::SendOutcome;
use crate::mac::MacKey;
use crate::model::{ExpiryDate, Recipient, Reference};
use serde::Serialize;

/// The version of the Admin API, which Shopify serves from this month on, for a year at least. After that it answers as the
/// oldest version would that it still serves.
const API_VERSION: &str = "2026-10";

/// The topics whose body is an order.
const TOPICS: [&str; 4] = ["orders/create", "orders/updated", "orders/cancelled", "orders/paid"];
/// The order that Shopify makes up when somebody presses "Send test notification".
const TEST_ORDER_ID: &str = "820982911946154508";
const UNPAID: [&str; 2] = ["pending", "partially_paid"];
const OVER: [&str; 2] = ["refunded", "voided"];
/// What an order costs in all, in the shop's currency and in both: as it is now, and as it was placed.
const TOTALS: [(&str, &str); 2] =
    [("current_total_price", "current_total_price_set"), ("total_price", "total_price_set")];

/// A token is not used for this long before it expires, in seconds: longer than a conversation takes.
const TOKEN_MARGIN_SECONDS: u64 = 600;
const MAX_TOKEN_CHARS: usize = 500;

/// The tags, which are the same in every language, since the shop's filters and automations are made with them.
const HAS_LINK: &str = "paytr-link";
const IS_PAID: &str = "paytr-paid";
const NEEDS_PERSON: &str = "paytr-check";

const READ_ORDER: &str = "query($id:ID!){order(id:$id){cancelledAt displayFinancialStatus \
    totalOutstandingSet{presentmentMoney{amount currencyCode}} \
    metafield(namespace:\"paytr\",key:\"notes\"){value compareDigest}}}";
/// Tags first: an order with the note is done.
const WRITE_NOTE: &str = "mutation($id:ID!,$tags:[String!]!,$notes:[MetafieldsSetInput!]!){\
    tagsAdd(id:$id,tags:$tags){userErrors{message}}metafieldsSet(metafields:$notes){userErrors{message}}}";
const MARK_AS_PAID: &str = "mutation($id:ID!){orderMarkAsPaid(input:{id:$id}){userErrors{message}}}";

pub fn webhook_key(secret: &str) -> Option<MacKey> {
    MacKey::new(secret.as_bytes())
}

pub fn check_api(url: &str, api_key: &str) -> Result<(), &'static str> {
    let is_part = |part: &str| {
        (1..=100).contains(&part.len())
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    };
    if !api_key.split_once(':').is_some_and(|(id, secret)| is_part(id) && is_part(secret)) {
        return Err("has a shop whose api_key is not the client id and client secret of a Shopify app as id:secret");
    }
    // Shopify serves its API there alone; http is on this machine, and plays Shopify.
    if url.starts_with("https:") && !url.ends_with(".myshopify.com") {
        return Err("has a shop whose url is not https://….myshopify.com, where alone Shopify's API answers");
    }
    Ok(())
}

/// Shopify sends nothing unsigned.
pub const fn is_ping(_: &Delivery<'_>) -> bool {
    false
}

pub fn is_signed(delivery: &Delivery<'_>, keys: &[MacKey]) -> bool {
    has_mac(delivery, "x-shopify-hmac-sha256", keys)
}

pub fn read(delivery: &Delivery<'_>, storefront: &Storefront) -> Reading {
    let topic = (delivery.header)("x-shopify-topic").unwrap_or_default();
    if !TOPICS.contains(&topic.as_str()) {
        return Reading::NotOurs("other-topic");
    }
    let Some(order) = JsonValue::parse_leniently(delivery.body) else { return Reading::Unreadable("no-json") };
    let Some(order) = Members::of(&order) else { return Reading::Unreadable("no-object") };
    let Some(order_id) = order.order_id() else { return Reading::Unreadable("no-id") };
    let Some(status) = order.text("financial_status") else { return Reading::Unreadable("no-status") };
    let number = ["name", "order_number"].into_iter().find_map(|name| {
        order.text_or_number(name).and_then(|number| Reference::from_text(&number))
    });
    let is_test = order_id == TEST_ORDER_ID
        || order.get("test") == Some(&JsonValue::Bool(true))
        || (delivery.header)("x-shopify-test").is_some_and(|value| value.eq_ignore_ascii_case("true"));
    Reading::News(Box::new(News {
        number: number.or_else(|| Reference::from_text(&order_id)),
        order_id,
        modified_at: order.get("updated_at").and_then(unix_ms).map(|at| at.saturating_add(after(at, delivery))),
        wish: if is_test { Wish::Nothing(Why::Test) } else { wish(order, status, storefront) },
    }))
}

/// How many milliseconds after the order's change a delivery was triggered, 999 at the most: `updated_at` has whole seconds,
/// and of two changes in one second the last counts, whichever delivery comes first. The header is not signed, so it never
/// goes over a second. Behind `2026-11-29T15:25:31.` stand the milliseconds; a fraction of under three digits counts as none.
fn after(updated_at: u64, delivery: &Delivery<'_>) -> u64 {
    let Some(written) = (delivery.header)("x-shopify-triggered-at") else { return 0 };
    let fraction = written.get(20..23).and_then(|digits| digits.parse().ok()).unwrap_or(0);
    let seconds = unix_ms(&JsonValue::Text(written)).unwrap_or(0);
    seconds.saturating_add(fraction).saturating_sub(updated_at).min(999)
}

/// RFC 3339 with an offset.
fn unix_ms(written: &JsonValue) -> Option<u64> {
    ExpiryDate::parse(written).ok().map(|date| date.unix_ms()).filter(|ms| *ms > 0)
}

fn wish(order: Members<'_>, status: &str, storefront: &Storefront) -> Wish {
    if !is_by_link(order, storefront) {
        return Wish::Nothing(Why::OtherMethod);
    }
    if status == "paid" {
        return Wish::Close(Why::Paid);
    }
    if order.is_there("cancelled_at") || OVER.contains(&status) {
        return Wish::Close(Why::Cancelled);
    }
    if !UNPAID.contains(&status) {
        return Wish::Close(Why::OtherStatus);
    }
    match outstanding(order) {
        Ok(money) => Wish::Link { money, recipients: people(order) },
        Err(why) => Wish::Nothing(why),
    }
}

fn is_by_link(order: Members<'_>, storefront: &Storefront) -> bool {
    let Some(JsonValue::Array(names)) = order.get("payment_gateway_names") else { return false };
    let is_one = |name: &JsonValue| matches!(name, JsonValue::Text(name) if storefront.pay_by_link.contains(name));
    names.iter().any(is_one)
}

/// What is still to be paid, in the currency that the customer was shown. Shopify says it in the shop's currency; in the
/// customer's it says only what the order costs in all, which counts where that is what is outstanding.
fn outstanding(order: Members<'_>) -> Result<Money, Why> {
    let outstanding = if order.is_there("total_outstanding") { "total_outstanding" } else { "current_total_price" };
    let outstanding = order.text_or_number(outstanding);
    let (shops, customers) = (order.text("currency"), order.text("presentment_currency"));
    if !order.is_there("presentment_currency") || customers == shops {
        return Money::parse(outstanding.as_deref(), shops);
    }
    let outstanding = outstanding.as_deref().and_then(minor_units).ok_or(Why::Amount)?;
    if outstanding == 0 {
        return Err(Why::NothingToPay);
    }
    let is_outstanding =
        |(total, _): &&(&str, &str)| order.text_or_number(total).as_deref().and_then(minor_units) == Some(outstanding);
    let (_, both) = TOTALS.iter().find(is_outstanding).ok_or(Why::Amount)?;
    let money = order.object(both).object("presentment_money");
    if customers.is_none() || money.text("currency_code") != customers {
        return Err(Why::Currency);
    }
    Money::parse(money.text_or_number("amount").as_deref(), customers)
}

/// The first good number, and the first good address. On plans without personal data there are none.
fn people(order: Members<'_>) -> Vec<Recipient> {
    let customer = order.object("customer");
    let (shipping, billing) = (order.object("shipping_address"), order.object("billing_address"));
    let phones = [shipping, billing, customer, order].map(|person| person.text("phone"));
    recipients(phones, [order.text("email"), order.text("contact_email"), customer.text("email")])
}

/// Reads the order before it writes, so that what is done twice is done once. The note of a payment stands there before the
/// order is marked as paid: an order that is paid and has the note was marked by us, one without it by somebody else.
pub fn converse(conversation: &Conversation<'_>) -> Turn {
    let Conversation { job, kept, mark, answers, .. } = conversation;
    let Some(token) = kept else { return get_token(conversation) };
    let replies: Vec<JsonValue> = match answers.iter().map(reply).collect() {
        Ok(replies) => replies,
        Err(turn) => return turn,
    };
    let [order, rest @ ..] = replies.as_slice() else { return ask(conversation, token, READ_ORDER, None) };
    let order = match ApiOrder::read(order) {
        Ok(order) => order,
        Err(turn) => return turn,
    };
    let payment = match job {
        Job::Paid { money, .. } => match order.take(*money) {
            Some(payment) => payment,
            None => return Turn::Failed("no-status"),
        },
        Job::Link(_) | Job::Review(_) | Job::Trouble(_) => Payment::Taken,
    };
    let is_marked = matches!(job, Job::Paid { .. }) && payment == Payment::Taken;
    let has_note = order.notes.contains(mark);
    let rest = match rest {
        rest if has_note => rest,
        [] => return write_note(conversation, token, &order, &payment),
        [written, ..] if !["tagsAdd", "metafieldsSet"].into_iter().all(|name| is_done(written, name)) => {
            return Turn::Failed("note-refused");
        }
        [_, rest @ ..] => rest,
    };
    match rest {
        _ if !is_marked => Turn::Done,
        [] => ask(conversation, token, MARK_AS_PAID, None),
        [marked] if is_done(marked, "orderMarkAsPaid") => Turn::Done,
        // Its words are for people, so what it means is read in the order.
        [_] => ask(conversation, token, READ_ORDER, None),
        [_, order, ..] => match ApiOrder::read(order) {
            Ok(order) if order.status == Some(PAID) => Turn::Done,
            Ok(_) => Turn::Failed("not-marked"),
            Err(turn) => turn,
        },
    }
}

/// `OrderDisplayFinancialStatus` of an order that costs no more than was paid.
const PAID: &str = "PAID";

/// An order as the Admin API shows it.
struct ApiOrder<'a> {
    status: Option<&'a str>,
    is_cancelled: bool,
    costs: Result<Money, Why>,
    notes: &'a str,
    /// Names the notes as they are now; `None` if there are none.
    digest: Option<&'a str>,
}

impl<'a> ApiOrder<'a> {
    fn read(reply: &'a JsonValue) -> Result<Self, Turn> {
        let order = match Members::of(reply).and_then(|reply| reply.object("data").get("order")) {
            Some(JsonValue::Null) => return Err(Turn::GiveUp("no-such-order")),
            Some(order) => Members::of(order).ok_or(Turn::Failed("no-object"))?,
            None => return Err(Turn::Failed("no-object")),
        };
        let money = order.object("totalOutstandingSet").object("presentmentMoney");
        let metafield = order.object("metafield");
        // What cannot be read may hold the note.
        if order.is_there("metafield") && metafield.text("value").is_none() {
            return Err(Turn::Failed("no-object"));
        }
        Ok(Self {
            status: order.text("displayFinancialStatus").filter(|status| is_status(status)),
            is_cancelled: order.is_there("cancelledAt"),
            costs: Money::parse(money.text_or_number("amount").as_deref(), money.text("currencyCode")),
            notes: metafield.text("value").unwrap_or_default(),
            digest: metafield.text("compareDigest"),
        })
    }

    /// What a payment of this much comes to; `None` if the order does not say how it stands.
    fn take(&self, paid: Money) -> Option<Payment<'a>> {
        let status = self.status?;
        Some(if self.is_cancelled {
            Payment::NotUnpaid("CANCELLED")
        } else if !UNPAID.iter().any(|unpaid| unpaid.eq_ignore_ascii_case(status)) {
            Payment::NotUnpaid(status)
        } else if self.costs.is_ok_and(|costs| paid.covers(costs)) {
            Payment::Taken
        } else {
            Payment::CostsMore(self.costs.ok())
        })
    }
}

fn is_status(status: &str) -> bool {
    (1..=40).contains(&status.len()) && status.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_')
}

/// An answer of the GraphQL API that is no error as a whole.
fn reply(answer: &ShopAnswer) -> Result<JsonValue, Turn> {
    match answer.status {
        200..=299 => {}
        401 => return Err(Turn::Renew("key-refused")),
        403 => return Err(Turn::Failed("forbidden")),
        status => return Err(Turn::Failed(refusal(status))),
    }
    let reply = JsonValue::parse_leniently(&answer.body).ok_or(Turn::Failed("no-json"))?;
    let members = Members::of(&reply).ok_or(Turn::Failed("no-object"))?;
    match members.get("errors") {
        None | Some(JsonValue::Null) => Ok(reply),
        Some(JsonValue::Array(errors)) if errors.is_empty() => Ok(reply),
        Some(errors) => Err(Turn::Failed(error(errors))),
    }
}

/// What the first error of a query is.
fn error(errors: &JsonValue) -> &'static str {
    let first = match errors {
        JsonValue::Array(errors) => errors.first().and_then(Members::of),
        _ => None,
    };
    let code = first.and_then(|error| error.object("extensions").text("code"));
    match code.or_else(|| first.and_then(|error| error.text("message"))) {
        Some("THROTTLED" | "Throttled") => "throttled",
        Some("ACCESS_DENIED") => "key-may-not-write",
        _ => "query-refused",
    }
}

/// What an HTTP status is that is no success, wherever it comes.
const fn refusal(status: u16) -> &'static str {
    match status {
        300..=399 => "redirected",
        404 => "no-admin-api",
        429 => "throttled",
        _ => "refused",
    }
}

/// Whether a mutation of this name was carried out.
fn is_done(reply: &JsonValue, name: &str) -> bool {
    let errors = Members::of(reply).and_then(|reply| reply.object("data").object(name).get("userErrors"));
    matches!(errors, Some(JsonValue::Array(errors)) if errors.is_empty())
}

/// Asks for a token with the app's own id and secret; it is good for 24 hours.
fn get_token(conversation: &Conversation<'_>) -> Turn {
    let Conversation { storefront, api_key, answers, .. } = conversation;
    let Some(answer) = answers.last() else {
        let (id, secret) = api_key.split_once(':').unwrap_or_default();
        return Turn::Ask(ShopRequest {
            method: "POST",
            url: format!("{}/admin/oauth/access_token", storefront.url),
            headers: vec![("content-type", "application/x-www-form-urlencoded".to_owned())],
            body: Some(format!("grant_type=client_credentials&client_id={id}&client_secret={secret}")),
        });
    };
    match answer.status {
        200..=299 => {}
        400 | 401 | 403 => return Turn::Failed("key-refused"),
        status => return Turn::Failed(refusal(status)),
    }
    let Some(reply) = JsonValue::parse_leniently(&answer.body) else { return Turn::Failed("no-json") };
    let Some(reply) = Members::of(&reply) else { return Turn::Failed("no-object") };
    let is_token = |token: &&str| {
        (1..=MAX_TOKEN_CHARS).contains(&token.len()) && token.bytes().all(|byte| byte.is_ascii_graphic())
    };
    let Some(token) = reply.text("access_token").filter(is_token) else { return Turn::Failed("no-token") };
    let seconds = match reply.get("expires_in") {
        Some(JsonValue::Integer(seconds)) => seconds.saturating_sub(TOKEN_MARGIN_SECONDS),
        _ => 0,
    };
    Turn::Keep(Kept { value: token.to_owned(), for_ms: seconds.saturating_mul(1000) })
}

/// Writes a note below those that there are, if they are still the ones that were read.
fn write_note(conversation: &Conversation<'_>, token: &str, order: &ApiOrder<'_>, payment: &Payment<'_>) -> Turn {
    let Conversation { storefront, order_id, job, mark, .. } = conversation;
    let mut value = order.notes.to_owned();
    if !value.is_empty() {
        value.push('\n');
    }
    value.push_str(&note::text(job, payment, storefront.lang));
    value.push_str(" [");
    value.push_str(mark);
    value.push(']');
    let notes = Notes {
        owner_id: gid(order_id),
        namespace: "paytr",
        key: "notes",
        kind: "multi_line_text_field",
        value,
        compare_digest: order.digest,
    };
    ask(conversation, token, WRITE_NOTE, Some((tags(job, payment), [notes])))
}

fn tags(job: &Job, payment: &Payment<'_>) -> Vec<&'static str> {
    let (tag, needs_person) = match job {
        Job::Link(note) => {
            let failed = |outcome| matches!(outcome, SendOutcome::Rejected | SendOutcome::Unknown);
            (HAS_LINK, note.sent.is_empty() || note.sent.iter().any(|sent| failed(sent.outcome)))
        }
        Job::Paid { .. } => (IS_PAID, *payment != Payment::Taken),
        Job::Review(_) | Job::Trouble(_) => return vec![NEEDS_PERSON],
    };
    if needs_person { vec![tag, NEEDS_PERSON] } else { vec![tag] }
}

fn gid(order_id: &str) -> String {
    format!("gid://shopify/Order/{order_id}")
}

#[derive(Serialize)]
struct Query<'a> {
    query: &'static str,
    variables: Variables<'a>,
}

#[derive(Serialize)]
struct Variables<'a> {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    tags: Option<Vec<&'static str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    notes: Option<[Notes<'a>; 1]>,
}

/// `MetafieldsSetInput`
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Notes<'a> {
    owner_id: String,
    namespace: &'static str,
    key: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
    value: String,
    /// `null` says that there is to be none.
    compare_digest: Option<&'a str>,
}

fn ask(
    conversation: &Conversation<'_>,
    token: &str,
    query: &'static str,
    note: Option<(Vec<&'static str>, [Notes<'_>; 1])>,
) -> Turn {
    let Conversation { storefront, order_id, .. } = conversation;
    let (tags, notes) = note.unzip();
    let body = Query { query, variables: Variables { id: gid(order_id), tags, notes } };
    Turn::Ask(ShopRequest {
        method: "POST",
        url: format!("{}/admin/api/{API_VERSION}/graphql.json", storefront.url),
        headers: vec![("x-shopify-access-token", token.to_owned())],
        // Structs of texts always serialise.
        body: serde_json::to_string(&body).ok(),
    })
}
