//! A storefront's orders: what comes in is stored with its tasks, in one commit.

use super::Ledger;
use super::alarm::LATE_MS;
use super::work::Kind;
use crate::config::Config;
use crate::model::OrderKey;
use crate::order::{Ignored, Order, OrderNotice, Step, Taken};
use crate::platform::clock;
use worker::Result;

impl Ledger {
    /// Takes news or a payment. Returns why it changes nothing, if it does not.
    pub(super) fn take_order_notice(&self, notice: OrderNotice) -> Result<Option<Ignored>> {
        let config = self.config()?;
        let now = clock::now();
        self.re_arm(LATE_MS)?;
        let key = notice.key();
        let known = self.storage.order(&config.merchant, &key)?;
        let mut order = match (notice, known) {
            (OrderNotice::News { news, origin, request_id, .. }, known) => {
                match Order::take_news(known, news, origin, request_id, now) {
                    Taken::Order(order) => *order,
                    Taken::Ignored(ignored) => return Ok(Some(ignored)),
                }
            }
            (OrderNotice::Paid { payment, is_replay, .. }, Some(mut order)) => {
                if !order.take_payment(payment, is_replay, now) {
                    return Ok(Some(Ignored::Unchanged));
                }
                order
            }
            // Its time was over; the events tell of the payment.
            (OrderNotice::Paid { .. }, None) => return Ok(Some(Ignored::Unchanged)),
        };
        self.keep_order(config, &key, &mut order, &[Kind::WorkOrder, Kind::WriteBack])?;
        Ok(None)
    }

    /// Stores an order, with a task for each of these kinds that has something to do for it. What cannot be written back is
    /// dropped.
    pub(super) fn keep_order(&self, config: &Config, key: &OrderKey, order: &mut Order, kinds: &[Kind]) -> Result<()> {
        if config.storefront(&key.storefront).is_none_or(|storefront| storefront.api_key.is_none()) {
            order.write_backs.clear();
        }
        let now = clock::now();
        let due_at = |kind: Kind| match (kind, order.next_step(now)) {
            (Kind::WriteBack, _) => order.next_write_back().map(|write_back| write_back.next_at),
            (_, Step::Nothing) => None,
            (_, Step::At(at)) => Some(at),
            (_, Step::Plan | Step::Create | Step::Delete | Step::Forget) => Some(now),
        };
        let subject = key.text();
        self.storage.transaction(|| {
            self.storage.put_order(&config.merchant, key, order)?;
            for kind in kinds {
                if let Some(due_at) = due_at(*kind) {
                    self.storage.add_task(kind.as_str(), due_at, &subject)?;
                }
            }
            Ok(())
        })?;
        let next = kinds.iter().filter_map(|kind| due_at(*kind)).min();
        next.map_or(Ok(()), |due_at| self.alarm.set_by(due_at))
    }
}
