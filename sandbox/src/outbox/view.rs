//! One message as the outbox shows it: JSON without what must not be seen.

use serde_json::{Value, json};

use crate::received::Received;

/// Fields whose value is a secret. A client has no business sending the last two; if it does, they stay unseen too.
const SECRET_FIELDS: [&str; 3] = ["paytr_token", "merchant_key", "merchant_salt"];

/// The message for `/outbox/messages` and the `message` event.
pub(crate) fn message(received: &Received) -> Value {
    let fields: Vec<_> = received
        .fields
        .iter()
        .map(|(name, value)| {
            let secret = SECRET_FIELDS.contains(&name.as_str());
            (name, if secret { masked(value) } else { json!(value) })
        })
        .collect();
    json!({
        "number": received.number,
        "at": received.at,
        "channel": received.channel,
        "recipient": received.recipient,
        "link_id": received.link_id,
        "answer": received.answer,
        "hint": received.hint,
        "misbehaviour": received.misbehaviour,
        "delivered": received.delivered,
        "content_type": received.content_type,
        "fields": fields,
    })
}

/// The length stays: it tells base64 (44) from hex (64).
fn masked(value: &str) -> Value {
    json!({ "characters": value.chars().count() })
}
