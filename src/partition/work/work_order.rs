//! Does what is to be done for an order's link; its subject is the order's key.
//!
//! The order is read anew after everything that was waited for: news may have come meanwhile.

use super::super::{Ledger, client};
use super::Kind;
use crate::config::Config;
use crate::ledger::{Refusal, Unavailable, new_callback_id};
use crate::link::LinkOfOrder;
use crate::message::{Create, Delete, Envelope, Get, Message, Success};
use crate::model::{CallbackId, ExpiryDate, OrderKey};
use crate::order::{CreateAnswer, DeleteAnswer, Order, OrderLink, Step};
use crate::platform::{clock, environment};
use crate::tasks::After;
use crate::telemetry::RequestInfo;
use worker::Result;

pub async fn run(ledger: &Ledger, config: &Config, subject: &str) -> Result<After> {
    let Some(key) = OrderKey::parse(subject) else { return Ok(After::Done) };
    loop {
        let now = clock::now();
        let Some(mut order) = ledger.storage.order(&config.merchant, &key)? else { return Ok(After::Done) };
        match (order.next_step(now), order.link.clone()) {
            (Step::At(due_at), _) => return Ok(After::Again(due_at)),
            (Step::Plan, _) => {
                // Without its storefront's settings nobody knows what to plan; the next news comes with them.
                let Some(storefront) = config.storefront(&key.storefront) else { return Ok(After::Done) };
                let Some(name) = storefront.link_name(&order.number) else { return Ok(After::Done) };
                order.plan(storefront, name, now);
                ledger.keep_order(config, &key, &mut order, &[Kind::WriteBack])?;
            }
            (Step::Create, Some(link)) => {
                let answer = create(ledger, config, &key, &order, &link).await?;
                let now = clock::now();
                if let Some(mut order) = ledger.storage.order(&config.merchant, &key)? {
                    order.take_creation(link.number, answer, now);
                    ledger.keep_order(config, &key, &mut order, &[Kind::WriteBack])?;
                }
            }
            (Step::Delete, Some(link)) => {
                let tries = order.begin_closing();
                ledger.keep_order(config, &key, &mut order, &[Kind::WriteBack])?;
                let message = Message::Delete(Delete::own(callback_id(ledger, config, &key, link.number)?));
                let answered = ask(ledger, config, &order, key.delete_id(link.number, tries), message).await;
                let now = clock::now();
                if let Some(mut order) = ledger.storage.order(&config.merchant, &key)? {
                    order.take_deletion(link.number, DeleteAnswer::read(&answered, now), now);
                    ledger.keep_order(config, &key, &mut order, &[Kind::WriteBack])?;
                }
            }
            (Step::Forget, _) => {
                order.forget_people();
                ledger.keep_order(config, &key, &mut order, &[])?;
            }
            (Step::Nothing, _) | (Step::Create | Step::Delete, None) => return Ok(After::Done),
        }
    }
}

async fn create(ledger: &Ledger, config: &Config, key: &OrderKey, order: &Order, link: &OrderLink) -> Result<CreateAnswer> {
    let OrderLink { number, money, name, lang, reference, expires_at, .. } = link;
    let Ok(expiry_date) = ExpiryDate::from_unix_ms(*expires_at) else { return Ok(CreateAnswer::Unknown) };
    let people = &order.people.link;
    let message = Message::Create(Create::of_order(
        LinkOfOrder { key: key.clone(), number: *number },
        reference.clone(),
        (name.clone(), money.price, money.currency),
        *lang,
        expiry_date,
        people.clone(),
    ));
    let answered = ask(ledger, config, order, key.create_id(*number), message).await;
    let is_recorded = match &answered {
        Err(Refusal::Unavailable(Unavailable::Busy)) => {
            let look = Message::Get(Get::own(callback_id(ledger, config, key, *number)?));
            ask(ledger, config, order, key.create_id(*number), look).await != Err(Refusal::LinkNotFound)
        }
        _ => true,
    };
    Ok(CreateAnswer::read(answered, people, is_recorded, clock::now()))
}

/// Sends a message the way that everybody's go.
async fn ask(
    ledger: &Ledger,
    config: &Config,
    order: &Order,
    webhook_id: String,
    message: Message,
) -> std::result::Result<Success, Refusal> {
    let request = RequestInfo { request_id: order.request_id.clone(), received_at: clock::now() };
    let envelope = Envelope { request, webhook_id, secret_number: None, origin: order.origin.clone(), message };
    client::ask(&ledger.env, config, &envelope).await.map_err(Refusal::Unavailable)?.content
}

fn callback_id(ledger: &Ledger, config: &Config, key: &OrderKey, number: u32) -> Result<CallbackId> {
    let namespace = environment::namespace(&ledger.env)?;
    Ok(new_callback_id(&config.merchant, namespace, &key.create_id(number)))
}
