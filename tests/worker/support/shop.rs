//! The shop that events go to: a server that answers as it is told and keeps what it got.

use futures_util::{StreamExt, stream};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Empty, StreamBody};
use hyper::body::{Bytes, Frame, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;
use standardwebhooks::Webhook;
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::net::TcpListener;
use tokio::time::sleep;

use super::suite::wait_until;

/// How many partitions a relay has; a link's is the first byte of its `callback_id`, modulo this.
const PARTITIONS: u8 = 32;
/// Where on the server events go.
const PATH: &str = "/paytr-events";
/// One piece of a body that does not end.
static PIECE: [u8; 64 * 1024] = [b'x'; 64 * 1024];

#[derive(Debug, Clone)]
pub enum Reply {
    Status(u16),
    RetryAfter(u16, &'static str),
    Redirect(u16, String),
    /// 200, after this long.
    Slow(Duration),
    Hang,
    /// The connection is closed without an answer.
    Close,
    /// 200, and a body that does not end.
    Endless,
}

#[derive(Debug, Clone)]
pub struct Event {
    pub at: Instant,
    pub method: String,
    pub target: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// Whether the shop then answered 2xx.
    pub taken: bool,
}

/// A running shop. Its connections end with the runtime.
pub struct Shop {
    address: SocketAddr,
    state: Arc<State>,
}

struct State {
    /// What it answers where nothing else was said.
    otherwise: Mutex<fn() -> Reply>,
    plans: Mutex<HashMap<String, Plan>>,
    events: Mutex<Vec<Event>>,
    /// How many posts of each partition are open, and were at once at most.
    posts: Mutex<BTreeMap<u8, (usize, usize)>>,
    /// How many endless bodies are being sent, and how many pieces of such were sent so far.
    endless: (AtomicUsize, AtomicUsize),
}

struct Post {
    state: Arc<State>,
    partition: u8,
}

/// The next answers, and the one for all after them.
type Plan = (VecDeque<Reply>, Reply);

impl Shop {
    /// A shop that answers 200 on a free port, unless it is told otherwise.
    pub async fn start() -> Self {
        Self::answering(|| Reply::Status(200)).await
    }

    pub async fn answering(otherwise: fn() -> Reply) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(State {
            otherwise: Mutex::new(otherwise),
            plans: Mutex::default(),
            events: Mutex::default(),
            posts: Mutex::default(),
            endless: <(AtomicUsize, AtomicUsize)>::default(),
        });
        let shared = Arc::clone(&state);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let state = Arc::clone(&shared);
                let service = service_fn(move |request| answer(Arc::clone(&state), request));
                tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
            }
        });
        Self { address, state }
    }

    pub fn events_url(&self) -> String {
        format!("http://{}{PATH}", self.address)
    }

    /// Answers like this from now on, unless it is told otherwise.
    pub fn answer(&self, otherwise: fn() -> Reply) {
        *self.state.otherwise.lock().unwrap() = otherwise;
    }

    /// Answers this link's next events so, and those after them with 200.
    pub fn reply(&self, callback_id: &str, next: &[Reply]) {
        self.plan(callback_id, next, Reply::Status(200));
    }

    /// Answers all of this link's events so.
    pub fn always(&self, callback_id: &str, reply: Reply) {
        self.plan(callback_id, &[], reply);
    }

    fn plan(&self, callback_id: &str, next: &[Reply], then: Reply) {
        self.state.plans.lock().unwrap().insert(callback_id.to_owned(), (next.to_vec().into(), then));
    }

    pub fn events(&self, callback_id: &str) -> Vec<Event> {
        self.all().into_iter().filter(|event| event.callback_id() == callback_id).collect()
    }

    pub fn all(&self) -> Vec<Event> {
        self.state.events.lock().unwrap().clone()
    }

    pub fn count(&self) -> usize {
        self.state.events.lock().unwrap().len()
    }

    /// Waits for this many events for this link. Fails when there are more.
    pub async fn wait_for(&self, callback_id: &str, count: usize) -> Vec<Event> {
        wait_until("the shop gets the event", || self.events(callback_id).len() >= count).await;
        let events = self.events(callback_id);
        assert_eq!(events.len(), count, "events for {callback_id}");
        events
    }

    /// The most posts that were open at once, of each partition that posted.
    pub fn most_at_once(&self) -> BTreeMap<u8, usize> {
        self.state.posts.lock().unwrap().iter().map(|(partition, (_, most))| (*partition, *most)).collect()
    }

    /// How many endless bodies are being sent, and how many bytes of such were sent so far.
    pub fn endless(&self) -> (usize, usize) {
        let (open, pieces) = &self.state.endless;
        (open.load(Ordering::Relaxed), pieces.load(Ordering::Relaxed) * PIECE.len())
    }
}

impl Event {
    /// A header that is there once.
    #[track_caller]
    pub fn header(&self, name: &str) -> &str {
        let values: Vec<&str> =
            self.headers.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str()).collect();
        assert_eq!(values.len(), 1, "{name}");
        values[0]
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("an event is JSON")
    }

    pub fn callback_id(&self) -> String {
        self.json()["data"]["link"]["callback_id"].as_str().unwrap_or_default().to_owned()
    }

    /// The partition of the link that it is about, if it is about one.
    fn partition(&self) -> Option<u8> {
        let first = u8::from_str_radix(self.callback_id().get(..2)?, 16).ok()?;
        Some(first % PARTITIONS)
    }

    pub fn merchant_oid(&self) -> String {
        self.json()["data"]["payment"]["merchant_oid"].as_str().unwrap_or_default().to_owned()
    }

    /// Whether the published library takes it with this secret.
    pub fn is_signed_by(&self, secret: &str) -> bool {
        let header = |(name, value): &(String, String)| -> (HeaderName, HeaderValue) {
            (name.parse().unwrap(), value.parse().unwrap())
        };
        let headers: HeaderMap = self.headers.iter().map(header).collect();
        Webhook::new(secret).unwrap().verify(&self.body, &headers).is_ok()
    }
}

impl Post {
    fn open(state: &Arc<State>, partition: u8) -> Self {
        let mut posts = state.posts.lock().unwrap();
        let (open, most) = posts.entry(partition).or_default();
        *open += 1;
        *most = (*most).max(*open);
        Self { state: Arc::clone(state), partition }
    }
}

impl Drop for Post {
    fn drop(&mut self) {
        if let Some((open, _)) = self.state.posts.lock().unwrap().get_mut(&self.partition) {
            *open -= 1;
        }
    }
}

async fn answer(
    state: Arc<State>,
    request: Request<Incoming>,
) -> Result<Response<UnsyncBoxBody<Bytes, io::Error>>, io::Error> {
    let at = Instant::now();
    let (head, body) = request.into_parts();
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let headers = head.headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect();
    let Ok(body) = body.collect().await else { return Err(io::ErrorKind::UnexpectedEof.into()) };
    let event = Event {
        at,
        method: head.method.to_string(),
        target: head.uri.to_string(),
        headers,
        body: body.to_bytes().to_vec(),
        taken: false,
    };
    let _post = event.partition().map(|partition| Post::open(&state, partition));
    let otherwise = *state.otherwise.lock().unwrap();
    let reply = state
        .plans
        .lock()
        .unwrap()
        .get_mut(&event.callback_id())
        .map_or_else(otherwise, |(next, then)| next.pop_front().unwrap_or_else(|| then.clone()));
    let taken = matches!(reply, Reply::Status(200..=299) | Reply::Slow(_) | Reply::Endless);
    state.events.lock().unwrap().push(Event { taken, ..event });
    let empty = || Empty::new().map_err(|never| match never {}).boxed_unsync();
    let response = Response::builder();
    let response = match reply {
        Reply::Status(status) => response.status(status).body(empty()),
        Reply::RetryAfter(status, seconds) => response.status(status).header("retry-after", seconds).body(empty()),
        Reply::Redirect(status, location) => response.status(status).header("location", location).body(empty()),
        Reply::Slow(time) => {
            sleep(time).await;
            response.body(empty())
        }
        Reply::Hang => std::future::pending().await,
        Reply::Close => return Err(io::ErrorKind::ConnectionAborted.into()),
        Reply::Endless => response.body(endless(&state)),
    };
    Ok(response.unwrap())
}

fn endless(state: &Arc<State>) -> UnsyncBoxBody<Bytes, io::Error> {
    struct Open(Arc<State>);
    impl Drop for Open {
        fn drop(&mut self) {
            self.0.endless.0.fetch_sub(1, Ordering::Relaxed);
        }
    }
    state.endless.0.fetch_add(1, Ordering::Relaxed);
    let open = Open(Arc::clone(state));
    let pieces = stream::repeat(()).map(move |()| {
        open.0.endless.1.fetch_add(1, Ordering::Relaxed);
        Ok(Frame::data(Bytes::from_static(&PIECE)))
    });
    StreamBody::new(pieces).boxed_unsync()
}
