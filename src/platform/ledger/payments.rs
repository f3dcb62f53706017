//! A link's payments: notices are stored with their events, and the shop may look them up and have them sent again.

use super::storage::{BeforePayment, PaymentRow};
use super::{Ledger, alarm::LATE_MS, qr};
use crate::config::Config;
use crate::events::event;
use crate::events::verdict::{Expected, Verdict};
use crate::ledger::Notice;
use crate::link::{Closing, EventView, Link, LinkView, PaymentView};
use crate::model::{CallbackId, LinkType};
use crate::operation::LinkOperation;
use crate::paytr::Notification;
use crate::platform::{callback, clock, log};
use crate::response::Response;
use crate::telemetry::LogLine;
use serde_json::Value;
use worker::Result;

impl Ledger {
    /// Answers from the link's record.
    pub(super) fn read(
        &self,
        config: &Config,
        callback_id: &CallbackId,
        operation: &dyn LinkOperation,
    ) -> Result<Response> {
        let link = self.storage.link()?;
        let payments = self.storage.payments()?;
        if operation.replays_events() && !payments.is_empty() {
            self.storage.replay_events(clock::now())?;
            self.set_alarm_by(clock::now())?;
        }
        let view = LinkView {
            callback_id: callback_id.clone(),
            base64_qr: qr(config, link.as_ref()),
            link,
            payments: payments.into_iter().map(view_payment).collect(),
        };
        Ok(operation.respond(&view))
    }

    /// Stores a payment and its event and sets the alarm, in one commit.
    pub(super) fn store_payment(&self, Notice { request, notification }: &Notice) -> Result<()> {
        let config = self.config()?;
        let now = clock::now();
        self.storage.create_link()?;
        let before = self.storage.before_payment(&notification.merchant_oid)?;
        let code = if before.is_stored {
            self.wake_alarm(LATE_MS)?;
            "repeated"
        } else {
            // Should what follows fail: an alarm without a payment does no harm.
            self.set_alarm_by(now)?;
            self.insert_payment(config, notification, before, now)?;
            "stored"
        };
        let response = callback::stored(code);
        let line = LogLine {
            message_type: Some(callback::MESSAGE_TYPE),
            callback_id: Some(notification.callback_id.as_str().to_owned()),
            ..LogLine::new(request, clock::now(), &response)
        };
        log::log(&self.env, &line);
        Ok(())
    }

    fn insert_payment(
        &self,
        config: &Config,
        notification: &Notification,
        before: BeforePayment,
        now: u64,
    ) -> Result<()> {
        let link = before.link.filter(Link::may_exist);
        let expected = link.as_ref().map(|link| Expected {
            price: link.price,
            currency: link.currency,
            paid_once: link.paid_once,
        });
        let verdict = Verdict::new(notification, expected.as_ref(), config.merchant.id(), before.is_paid);
        let known = link.as_ref().map(|link| event::Link {
            id: link.created().map(|created| created.id.as_str()),
            price: link.price,
            currency: link.currency,
            reference: link.reference.as_ref(),
        });
        self.storage.insert_payment(&PaymentRow {
            merchant_oid: notification.merchant_oid.clone(),
            received_at: now,
            event_type: verdict.event_type().to_owned(),
            event_id: event::webhook_id(&config.merchant, &notification.callback_id, &notification.merchant_oid),
            body: event::body(notification, known, &verdict, now),
            state: "pending".to_owned(),
            attempts: 0,
            next_at: Some(now),
        })?;
        // PayTR closes a product link by itself; the others could be paid again.
        if let (Verdict::LinkPaid, Some(link)) = (&verdict, link)
            && link.paid_once
            && link.link_type != LinkType::Product
            && link.closing.is_none()
        {
            self.storage.put_link(&Link { closing: Some(Closing { tries: 0, due_at: Some(now) }), ..link })?;
        }
        Ok(())
    }
}

/// A payment as a shop may see it: what the event says, and how far the event is.
fn view_payment(payment: PaymentRow) -> PaymentView {
    let PaymentRow { merchant_oid, event_type, event_id, body, state, attempts, .. } = payment;
    PaymentView {
        merchant_oid,
        message_type: event_type,
        details: event::payment_details(&serde_json::from_str::<Value>(&body).unwrap_or_default()),
        event: EventView { webhook_id: event_id, state, attempts },
    }
}
