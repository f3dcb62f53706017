//! Connections: accepting them, and hanging up in the ways a broken server does.
//!
//! `axum::serve` would do, but its handlers cannot reach the socket, and a closed or reset connection is an answer
//! that the relay has to live with.

use std::time::Duration;

use axum::{Extension, Router};
use hyper::server::conn::http1;
use hyper_util::{rt::TokioIo, service::TowerToHyperService};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::mpsc,
    task::JoinSet,
};

/// Pause after a failed accept: it fails when file handles run out, and trying at once would spin.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Lets a handler end the connection that it answers on.
#[derive(Clone)]
pub(crate) struct HangUp(mpsc::Sender<Ending>);

/// How a connection ends.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// An orderly end of stream.
    Close,
    /// A TCP reset.
    Reset,
}

impl HangUp {
    /// Ends the connection. Never returns: the caller goes with its connection.
    pub(crate) async fn now<Never>(&self, ending: Ending) -> Never {
        let _ = self.0.send(ending).await;
        std::future::pending().await
    }
}

/// Serves until it is dropped; the connections end with it, as the set owns them.
pub(crate) async fn serve(listener: TcpListener, app: Router) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => { connections.spawn(converse(stream, app.clone())); }
                Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn converse(stream: TcpStream, app: Router) {
    let (sender, mut hung_up) = mpsc::channel(1);
    let service = TowerToHyperService::new(app.layer(Extension(HangUp(sender))));
    let mut connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    tokio::select! {
        _ = &mut connection => {}
        Some(ending) = hung_up.recv() => {
            if ending == Ending::Reset {
                // Without lingering, closing the socket throws unsent bytes away and sends RST.
                let _ = connection.into_parts().io.into_inner().set_zero_linger();
            }
        }
    }
}
