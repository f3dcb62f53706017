//! Tells an order's partition of a payment of one of its links; its subject is the event's id, with [`AGAIN`] before it if
//! the shop asked for it.

use super::super::{Ledger, client};
use crate::config::Config;
use crate::order::{OrderNotice, PaidLink};
use crate::payment::Assessment;
use crate::platform::clock;
use crate::storefront::Money;
use crate::tasks::After;
use worker::Result;

/// When a partition is told again that did not answer, in milliseconds.
const RETRY_MS: u64 = 10_000;

/// Stands before the event's id if the order is to be told though it was before.
pub const AGAIN: &str = "again ";

pub async fn run(ledger: &Ledger, config: &Config, subject: &str) -> Result<After> {
    let (event_id, is_replay) = subject.strip_prefix(AGAIN).map_or((subject, false), |event_id| (event_id, true));
    let Some(event) = ledger.storage.event(event_id)? else { return Ok(After::Done) };
    let Some(link) = ledger.storage.link(&event.callback_id)?.map(|kept| kept.link) else { return Ok(After::Done) };
    let Some(payment) = ledger.storage.payment(&event.callback_id, event_id)? else { return Ok(After::Done) };
    let Some(order) = link.terms.order else { return Ok(After::Done) };
    let payment = PaidLink {
        event_id: event_id.to_owned(),
        number: order.number,
        money: Money { price: link.terms.price, currency: link.terms.currency },
        merchant_oid: payment.merchant_oid,
        total_amount: payment.total_amount,
        pays_the_link: Assessment { reasons: payment.reasons.clone() }.pays_the_link(),
        reasons: payment.reasons,
    };
    match client::tell_order(&ledger.env, config, &OrderNotice::Paid { key: order.key, payment, is_replay }).await {
        Ok(_) => Ok(After::Done),
        Err(_) => Ok(After::Again(clock::now().saturating_add(RETRY_MS))),
    }
}
