//! Where redirects point: a server to which nobody may connect.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::net::TcpListener;

pub struct RedirectTarget {
    address: SocketAddr,
    visitors: Arc<AtomicUsize>,
}

impl RedirectTarget {
    /// Listens on a free port until the runtime ends.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let visitors = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&visitors);
        tokio::spawn(async move {
            while listener.accept().await.is_ok() {
                count.fetch_add(1, Ordering::Relaxed);
            }
        });
        Self { address, visitors }
    }

    /// An address of PayTR's kind on this server.
    pub fn location(&self) -> String {
        format!("http://{}/odeme/api/link/send-sms", self.address)
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    pub fn visitors(&self) -> usize {
        self.visitors.load(Ordering::Relaxed)
    }
}
