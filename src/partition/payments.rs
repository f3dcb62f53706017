//! A link's payments: notifications are stored with their events, and the shop may look them up and have them sent again.

use super::Ledger;
use super::once::Asked;
use super::storage::NewEvent;
use super::work::{AGAIN, Kind};
use crate::alert::{Alert, AlertKind};
use crate::config::Config;
use crate::link::Link;
use crate::link_view::LinkView;
use crate::message::{Answer, Notice, Payments, ReadLink};
use crate::model::Currency;
use crate::payment::assessment::Expected;
use crate::payment::{Assessment, EventId, EventType, PaymentDetails, event};
use crate::paytr::Notification;
use crate::platform::{clock, log};
use crate::tasks::close_link::has_to_be_closed;
use crate::telemetry::{CALLBACK, LogLine};
use worker::Result;

impl Ledger {
    /// Answers from the link's record.
    pub(super) fn read(&self, reading: &dyn ReadLink) -> Result<Asked> {
        let callback_id = reading.callback_id();
        let link = self.storage.link(callback_id)?.map(|kept| kept.link);
        let mut view =
            LinkView { callback_id: callback_id.clone(), link, payments: Vec::new(), cursor: None, replayed: 0 };
        match reading.payments() {
            Payments::Shown(cursor) => {
                let page = self.storage.page_of_payments(callback_id, cursor)?;
                (view.payments, view.cursor) = (page.payments, page.cursor);
            }
            Payments::Replayed(since) => {
                let now = clock::now();
                let events = self.storage.events_of(callback_id, since)?;
                let events_are_on = self.config()?.events_url.is_some();
                let is_of_order = view.link.as_ref().is_some_and(|link| link.terms.order.is_some());
                view.replayed = u64::try_from(events.len()).unwrap_or(u64::MAX);
                self.storage.transaction(|| {
                    for id in &events {
                        if is_of_order {
                            self.storage.add_task(Kind::TellOrder.as_str(), now, &format!("{AGAIN}{id}"))?;
                        }
                        if events_are_on || !is_of_order {
                            self.storage.replay_event(id, now)?;
                            self.storage.add_task(Kind::DeliverEvent.as_str(), now, id)?;
                        }
                    }
                    // A payment that is told again is kept as if it had come now.
                    self.storage.put_payment_time(callback_id, now, false, false)
                })?;
                if !events.is_empty() {
                    self.alarm.set_anew()?;
                }
            }
        }
        let has_written = view.replayed > 0;
        let answer = Answer { content: reading.answer(view), replayed: false };
        Ok(Asked { has_written, ..Asked::from(answer) })
    }

    /// Stores a payment, its event and the task that delivers it, in one commit. The line of the log is written once that
    /// is durable.
    pub(super) async fn store_payment(&self, Notice { request, notification }: &Notice) -> Result<()> {
        let config = self.config()?;
        let now = clock::now();
        self.re_arm(super::LATE_MS)?;
        let id = EventId::new(&config.merchant, notification);
        let before = self.storage.before(&id)?;
        let mut stored = None;
        let code = if before.is_repeat {
            "repeated"
        } else {
            let mut assessed = None;
            let kept = &mut assessed;
            self.storage.transaction(|| {
                *kept = Some(self.insert_payment(config, notification, &id, before.is_changed, now)?);
                Ok(())
            })?;
            stored = assessed;
            self.alarm.set_by(now)?;
            self.storage.sync().await?;
            "stored"
        };
        let line = LogLine {
            message_type: Some(CALLBACK),
            callback_id: Some(notification.callback_id.as_str().to_owned()),
            event_type: stored.map(|(event_type, _)| event_type.as_str()),
            total_amount: stored.and_then(|_| notification.total_amount.minor_units()),
            currency: stored.and_then(|(_, currency)| currency).map(Currency::as_str),
            ..LogLine::new(request, clock::now(), (200, code))
        };
        log::log(&self.env, &line);
        if let Some((EventType::LinkPaymentReview, _)) = stored {
            let about = format!("of the link {}", notification.callback_id.as_str());
            self.alert(config, &Alert { kind: AlertKind::PaymentReview, about });
        }
        Ok(())
    }

    /// Returns the type of the payment's event, and the link's currency if there is such a link.
    fn insert_payment(
        &self,
        config: &Config,
        notification: &Notification,
        id: &EventId,
        is_changed: bool,
        now: u64,
    ) -> Result<(EventType, Option<Currency>)> {
        let (merchant_id, events_are_on) = (config.merchant.id(), config.events_url.is_some());
        let callback_id = &notification.callback_id;
        let link = self.storage.link(callback_id)?.map(|kept| kept.link).filter(Link::may_exist);
        let assessment = Assessment::new(notification, &Expected { merchant_id, link: link.as_ref(), is_changed });
        let event_type = assessment.event_type();
        let details = PaymentDetails::new(notification, &assessment);
        let body = event::body(notification, link.as_ref(), &assessment, now);
        let is_for_order = link.as_ref().is_some_and(|link| link.terms.order.is_some());
        // While events are off, those of an order wait for a replay: the order itself is told.
        let is_event_due = events_are_on || !is_for_order;
        let next_at = is_event_due.then_some(now);
        let event =
            NewEvent { callback_id, created_at: now, kind: event_type, body: &body, details: &details, next_at };
        self.storage.insert_event(id, &event)?;
        if is_event_due {
            self.storage.add_task(Kind::DeliverEvent.as_str(), now, id.as_str())?;
        }
        if is_for_order {
            self.storage.add_task(Kind::TellOrder.as_str(), now, id.as_str())?;
        }
        let currency = link.as_ref().map(|link| link.terms.currency);
        let is_paid = link.is_some() && assessment.pays_the_link();
        let is_closing = link.is_some_and(|link| event_type == EventType::LinkPaid && has_to_be_closed(&link));
        self.storage.put_payment_time(callback_id, now, is_paid, is_closing)?;
        if is_closing {
            self.storage.add_task(Kind::CloseLink.as_str(), now, callback_id.as_str())?;
        }
        Ok((event_type, currency))
    }
}
