//! A running sandbox: what a test holds in its hand.
//!
//! In scope: starting, stopping, telling it to misbehave, asking what it received. Not in scope: how it answers.

use std::{io, net::SocketAddr, sync::Arc};

use axum::Router;
use tokio::{net::TcpListener, sync::broadcast::error::RecvError, task::AbortHandle};

use crate::{
    connections,
    event_secrets::EventSecrets,
    guard,
    journal::Journal,
    link::Link,
    link_api, links, loopback,
    merchant::Merchant,
    misbehaviour::Misbehaviour,
    notifier::{Notifier, Schedule},
    outbox, pages,
    pay::{Pay, PayError},
    payment::{NotificationState, Payment},
    received::Received,
    shared::Shared,
    shop_event::ShopEvent,
    shop_events,
    store::Store,
};

/// What a sandbox does otherwise than by default.
#[derive(Debug, Default)]
pub struct Options {
    /// How notifications of payments are repeated.
    pub schedule: Schedule,
    /// Opens the inbox for the shop's events, at `/shop/events`.
    pub event_secrets: Option<EventSecrets>,
    /// Keeps messages, links, payments and events beyond its end.
    pub journal: Option<Journal>,
}

/// A running sandbox. It stops serving and telling of payments, and hangs up on everyone, when it is dropped.
#[derive(Debug)]
pub struct Sandbox {
    shared: Shared,
    serving: AbortHandle,
}

impl Sandbox {
    /// Starts a sandbox for one merchant on `address`; port 0 takes a free one.
    ///
    /// # Errors
    /// When the address cannot be listened on, for example because the port is taken.
    pub async fn start(merchant: Merchant, address: SocketAddr) -> io::Result<Self> {
        Self::start_with(merchant, address, Options::default()).await
    }

    /// [`Sandbox::start`] with [`Options`].
    ///
    /// # Errors
    /// As there.
    pub async fn start_with(merchant: Merchant, address: SocketAddr, options: Options) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let shared = Shared {
            merchant: Arc::new(merchant),
            store: Arc::new(Store::new(options.journal)),
            notifier: Arc::new(Notifier::new(options.schedule)?),
            base_url: format!("http://{}", loopback::reached_at(listener.local_addr()?)).into(),
            event_secrets: options.event_secrets.map(Arc::new),
        };
        for merchant_oid in shared.store.pending() {
            shared.notifier.start(&shared.store, &merchant_oid);
        }
        let pages = Router::new()
            .merge(links::routes())
            .merge(outbox::routes())
            .merge(pages::routes())
            .merge(shop_events::routes());
        let app = link_api::routes().merge(guard::protect(pages)).with_state(shared.clone());
        let serving = tokio::spawn(connections::serve(listener, app)).abort_handle();
        Ok(Self { shared, serving })
    }

    /// Where it listens, without a slash at the end: `http://127.0.0.1:8788`.
    #[must_use]
    pub fn base_url(&self) -> String {
        self.shared.base_url.to_string()
    }

    /// Makes every accepted call misbehave that sends or deletes the link of this id, sends a link to this recipient, or
    /// creates one of this name, until [`Sandbox::behave`] or another call replaces it.
    ///
    /// A call that PayTR would refuse is refused all the same, so that a wrong token is seen as one.
    pub fn misbehave(&self, subject: &str, misbehaviour: Misbehaviour) {
        self.shared.store.misbehave(subject, misbehaviour);
    }

    /// Takes back [`Sandbox::misbehave`] for this link, recipient or name.
    pub fn behave(&self, subject: &str) {
        self.shared.store.behave(subject);
    }

    /// Every POST to the four endpoints since the start or the last clear, in order: also the refused ones and those
    /// that were answered with a misbehaviour.
    #[must_use]
    pub fn received(&self) -> Vec<Received> {
        self.shared.store.received()
    }

    /// [`Sandbox::received`] for one link: its create, sends and deletes.
    #[must_use]
    pub fn received_for(&self, link_id: &str) -> Vec<Received> {
        self.received().into_iter().filter(|received| received.concerns(link_id)).collect()
    }

    /// The links that it made, in order.
    #[must_use]
    pub fn links(&self) -> Vec<Link> {
        self.shared.store.links()
    }

    /// A link that it made.
    #[must_use]
    pub fn link(&self, link_id: &str) -> Option<Link> {
        self.shared.store.link(link_id)
    }

    /// Makes a link's `expiry_date` be now.
    pub fn expire(&self, link_id: &str) {
        self.shared.store.expire(link_id);
    }

    /// Pays a link as its payer would, and starts to notify its `callback_link`. Does not wait for the notification.
    ///
    /// # Errors
    /// When the link cannot be paid so.
    pub fn pay(&self, link_id: &str, pay: Pay) -> Result<Payment, PayError> {
        self.shared.pay(link_id, pay)
    }

    /// Starts the notification of a payment again, whatever became of it. False when there is none.
    #[must_use]
    pub fn notify_again(&self, merchant_oid: &str) -> bool {
        self.shared.notify_again(merchant_oid)
    }

    /// A payment and how its notification fares.
    #[must_use]
    pub fn payment(&self, merchant_oid: &str) -> Option<Payment> {
        self.shared.store.payment(merchant_oid)
    }

    /// What the shop was told at `/shop/events`, in order.
    #[must_use]
    pub fn shop_events(&self) -> Vec<ShopEvent> {
        self.shared.store.shop_events()
    }

    /// Waits until the notification of a payment is over (delivered or stopped, or never to be), and gives the payment.
    pub async fn notified(&self, merchant_oid: &str) -> Option<Payment> {
        let mut changes = self.shared.store.changes();
        loop {
            let payment = self.payment(merchant_oid)?;
            if payment.notification != NotificationState::Pending {
                return Some(payment);
            }
            if matches!(changes.recv().await, Err(RecvError::Closed)) {
                return None;
            }
        }
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.serving.abort();
        self.shared.notifier.stop();
    }
}
