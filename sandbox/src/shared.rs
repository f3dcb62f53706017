//! What every endpoint can reach.

use std::sync::Arc;

use crate::{
    event_secrets::EventSecrets,
    merchant::Merchant,
    notifier::Notifier,
    pay::{Pay, PayError},
    payment::{NotificationState, Payment},
    store::Store,
};

#[derive(Debug, Clone)]
pub(crate) struct Shared {
    pub(crate) merchant: Arc<Merchant>,
    pub(crate) store: Arc<Store>,
    pub(crate) notifier: Arc<Notifier>,
    /// Where the sandbox listens, without a slash at the end.
    pub(crate) base_url: Arc<str>,
    /// Without them the shop's inbox is off.
    pub(crate) event_secrets: Option<Arc<EventSecrets>>,
}

impl Shared {
    /// Pays a link and starts to tell the merchant.
    pub(crate) fn pay(&self, link_id: &str, pay: Pay) -> Result<Payment, PayError> {
        let payment = self.store.pay(&self.merchant, link_id, pay)?;
        if payment.notification == NotificationState::Pending {
            self.notifier.start(&self.store, &payment.merchant_oid);
        }
        Ok(payment)
    }

    /// Forgets messages, links, payments and events, and tells nobody of a payment any more.
    pub(crate) fn forget(&self) {
        self.notifier.stop();
        self.store.forget();
    }

    /// Tells the merchant of a payment from the first try on. False when there is nothing to tell.
    pub(crate) fn notify_again(&self, merchant_oid: &str) -> bool {
        let told = self.store.resume(merchant_oid);
        if told {
            self.notifier.start(&self.store, merchant_oid);
        }
        told
    }
}
