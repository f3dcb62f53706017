//! A link and its payments as JSON.

use serde_json::{Value, json};

use crate::{link::Link, payment::Payment};

/// A link with its payments, its state at `now`.
pub(crate) fn link(link: &Link, base_url: &str, now: u64) -> Value {
    let terms = &link.terms;
    let installments: Vec<_> = (1..=terms.max_installment)
        .map(|count| json!({ "count": count, "interest_permille": link.interest_permille(count) }))
        .collect();
    json!({
        "id": link.id,
        "link": format!("{base_url}/link/{}", link.id),
        "state": link.state(now),
        "created_at": link.created_at,
        "name": terms.name,
        "price": terms.price,
        "currency": terms.currency,
        "link_type": terms.link_type,
        "lang": terms.lang,
        "max_installment": terms.max_installment,
        "installments": installments,
        "min_count": terms.min_count,
        "max_count": terms.max_count,
        "sold": link.sold(),
        "left": link.left(),
        "email": terms.email,
        "flex_max_price": terms.flex_max_price,
        "user_name": terms.user_name,
        "expiry_date": terms.expiry_date,
        "expires_at": terms.expires_at,
        "callback_link": terms.callback.as_ref().map(|callback| &callback.url),
        "callback_id": terms.callback.as_ref().map(|callback| &callback.id),
        "payments": link.payments.iter().map(payment).collect::<Vec<_>>(),
    })
}

/// A payment with its notification. The hash stays unseen, as tokens do.
pub(crate) fn payment(payment: &Payment) -> Value {
    let fields: Vec<_> = payment.fields.iter().filter(|(name, _)| name != "hash").collect();
    json!({
        "merchant_oid": payment.merchant_oid,
        "at": payment.at,
        "quantity": payment.quantity,
        "payment_amount": payment.payment_amount,
        "total_amount": payment.total_amount,
        "currency": payment.currency,
        "installments": payment.installments,
        "test_mode": payment.test_mode,
        "callback_link": payment.callback_url,
        "fields": fields,
        "notification": payment.notification,
        "in_panel": payment.notification.in_panel(),
        "attempts": payment.attempts,
        "next_attempt_at": payment.next_attempt_at,
    })
}
