//! What runs as long as the tests do: one workerd with every service, and the sandbox.

use super::client::client;
use super::data_directory::DataDirectory;
use super::invalid_settings::misconfigured;
use super::redirect_target::RedirectTarget;
use super::seen::Seen;
use super::services::good;
use super::shop::Shop;
use super::storefront::Stores;
use super::workerd::Workerd;
use paytr_sandbox::{Received, Sandbox};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::runtime::Runtime;
use tokio::time::{Instant, sleep};

/// A shop that hangs holds up the write-backs of its partition for 15 s, and there may be several.
const PATIENCE: Duration = Duration::from_mins(1);

/// All that the tests share. Dropping it ends all of it, workerd first.
pub struct Suite {
    pub workerd: Workerd,
    pub sandbox: Sandbox,
    pub redirect_target: RedirectTarget,
    /// Where events go.
    pub shop: Shop,
    /// Shops whose webhooks make links.
    pub stores: Stores,
    pub client: reqwest::Client,
    /// What the log has to show in the end.
    pub seen: Seen,
    pub runtime: Runtime,
    pub data: DataDirectory,
}

impl Suite {
    pub fn start() -> Self {
        let runtime = Runtime::new().unwrap();
        let (sandbox, redirect_target, shop, stores) = runtime.block_on(async {
            let address = SocketAddr::from(([127, 0, 0, 1], 0));
            let sandbox = Sandbox::start(super::secrets::merchant(), address).await.unwrap();
            (sandbox, RedirectTarget::start().await, Shop::start().await, Stores::start().await)
        });
        let services = [
            good(&sandbox.base_url(), &shop.events_url()),
            stores.services(&sandbox.base_url(), &shop.events_url()),
            misconfigured(&sandbox.base_url()),
        ]
        .concat();
        let data = DataDirectory::new();
        let workerd = Workerd::start(&data, &services);
        runtime.block_on(stores.connect(&workerd));
        let seen = Seen::default();
        Self { workerd, sandbox, redirect_target, shop, stores, client: client(), seen, runtime, data }
    }

    pub fn address(&self, service: &str) -> SocketAddr {
        self.workerd.address(service)
    }

    pub fn url(&self, service: &str) -> String {
        format!("http://{}", self.address(service))
    }

    /// The one call to PayTR for this link. Fails when there was none, or more than one.
    #[track_caller]
    pub fn only_call(&self, link_id: &str) -> Received {
        let mut calls = self.sandbox.received_for(link_id);
        assert_eq!(calls.len(), 1, "calls to PayTR for {link_id}");
        calls.remove(0)
    }

    /// All that PayTR was asked about links of this name.
    pub fn creates_of(&self, name: &str) -> Vec<Received> {
        self.sandbox.received().into_iter().filter(|call| call.field("name") == Some(name)).collect()
    }

    #[track_caller]
    pub fn assert_nothing_sent(&self, link_id: &str, case: &str) {
        assert_eq!(self.sandbox.received_for(link_id).len(), 0, "{case}: PayTR was asked");
    }

    pub async fn wait_for_call(&self, link_id: &str) {
        wait_until("PayTR is asked", || !self.sandbox.received_for(link_id).is_empty()).await;
    }
}

pub async fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < deadline, "in vain: {what}");
        sleep(Duration::from_millis(5)).await;
    }
}
