//! A running sandbox: what a test holds in its hand.
//!
//! In scope: starting, stopping, telling it to misbehave, asking what it received. Not in scope: how it answers.

use std::{io, net::SocketAddr, sync::Arc};

use axum::Router;
use tokio::{net::TcpListener, task::AbortHandle};

use crate::{
    connections, link_api, merchant::Merchant, misbehaviour::Misbehaviour, outbox, received::Received, store::Store,
};

/// A running sandbox. It stops serving, and hangs up on everyone, when it is dropped.
#[derive(Debug)]
pub struct Sandbox {
    address: SocketAddr,
    store: Arc<Store>,
    serving: AbortHandle,
}

/// What every endpoint can reach.
#[derive(Clone)]
pub(crate) struct Shared {
    pub(crate) merchant: Arc<Merchant>,
    pub(crate) store: Arc<Store>,
}

impl Sandbox {
    /// Starts a sandbox for one merchant on `address`; port 0 takes a free one.
    ///
    /// # Errors
    /// When the address cannot be listened on, for example because the port is taken.
    pub async fn start(merchant: Merchant, address: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let shared = Shared { merchant: Arc::new(merchant), store: Arc::new(Store::new()) };
        let store = Arc::clone(&shared.store);
        let app = Router::new().merge(link_api::routes()).merge(outbox::routes()).with_state(shared);
        let serving = tokio::spawn(connections::serve(listener, app)).abort_handle();
        Ok(Self { address, store, serving })
    }

    /// Where it listens, without a slash at the end: `http://127.0.0.1:8788`.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Makes every accepted send of this link misbehave, until [`Sandbox::behave`] or another call replaces it.
    ///
    /// A send that PayTR would refuse is refused all the same, so that a wrong token is seen as one.
    pub fn misbehave(&self, link_id: &str, misbehaviour: Misbehaviour) {
        self.store.misbehave(link_id, misbehaviour);
    }

    /// Takes back [`Sandbox::misbehave`] for this link.
    pub fn behave(&self, link_id: &str) {
        self.store.behave(link_id);
    }

    /// Every POST to the two endpoints since the start or the last clear, in order: also the refused ones and those
    /// that were answered with a misbehaviour.
    #[must_use]
    pub fn received(&self) -> Vec<Received> {
        self.store.received()
    }

    /// [`Sandbox::received`] for one link.
    #[must_use]
    pub fn received_for(&self, link_id: &str) -> Vec<Received> {
        self.received().into_iter().filter(|received| received.link_id.as_deref() == Some(link_id)).collect()
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.serving.abort();
    }
}
