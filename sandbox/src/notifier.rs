//! Telling the merchant of a payment, again and again until the answer is `OK`, as PayTR does.

use std::{
    collections::HashMap,
    io,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use reqwest::{Client, Url, header, redirect};
use tokio::task::AbortHandle;

use crate::{clock, loopback, payment::Attempt, store::Store};

/// So much of an answer is shown.
const TEXT_MAX: usize = 300;
/// How long an answer is waited for. PayTR's own time-out is unknown.
const TIMEOUT: Duration = Duration::from_secs(10);

/// How a notification is repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schedule {
    /// From an answer that is not `OK` to the next try.
    pub every: Duration,
    /// So many tries, then it stops.
    pub attempts: u32,
}

impl Default for Schedule {
    /// Every minute, as PayTR does, for an hour. How long PayTR goes on is unknown.
    fn default() -> Self {
        Self { every: Duration::from_mins(1), attempts: 60 }
    }
}

#[derive(Debug)]
pub(crate) struct Notifier {
    client: Client,
    schedule: Schedule,
    running: Mutex<HashMap<String, AbortHandle>>,
}

impl Notifier {
    pub(crate) fn new(schedule: Schedule) -> io::Result<Self> {
        let client = Client::builder()
            .no_proxy()
            .redirect(redirect::Policy::none())
            .timeout(TIMEOUT)
            .build()
            .map_err(io::Error::other)?;
        Ok(Self { client, schedule, running: Mutex::default() })
    }

    /// Tells of a payment from the first try on; what was still going on for it ends.
    pub(crate) fn start(&self, store: &Arc<Store>, merchant_oid: &str) {
        let task = tell(self.client.clone(), self.schedule, Arc::clone(store), merchant_oid.to_owned());
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        running.retain(|_, task| !task.is_finished());
        if let Some(earlier) = running.insert(merchant_oid.to_owned(), tokio::spawn(task).abort_handle()) {
            earlier.abort();
        }
    }

    /// Ends them all.
    pub(crate) fn stop(&self) {
        for (_, task) in self.running.lock().unwrap_or_else(PoisonError::into_inner).drain() {
            task.abort();
        }
    }
}

async fn tell(client: Client, schedule: Schedule, store: Arc<Store>, merchant_oid: String) {
    let Some(payment) = store.payment(&merchant_oid) else { return };
    let Some(url) = payment.callback_url else { return };
    let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(&payment.fields).finish();
    for left in (0..schedule.attempts).rev() {
        let (attempt, may_go_on) = match target(&url) {
            Ok(url) => (post(&client, url, form.clone()).await, left > 0),
            Err(why) => (Attempt { at: clock::now(), http_status: None, text: why.to_owned() }, false),
        };
        let is_ok = attempt.http_status == Some(200) && attempt.text == "OK";
        let again = !is_ok && may_go_on;
        let next = clock::now().saturating_add(u64::try_from(schedule.every.as_millis()).unwrap_or(u64::MAX));
        store.attempted(&merchant_oid, attempt, is_ok, again.then_some(next));
        if !again {
            return;
        }
        tokio::time::sleep(schedule.every).await;
    }
}

/// Loopback only: nothing leaves the machine.
fn target(url: &str) -> Result<Url, &'static str> {
    match Url::parse(url) {
        Ok(url) if url.host_str().is_some_and(loopback::is_loopback) => Ok(url),
        _ => Err("The sandbox posts to this machine only (127.0.0.1, [::1], localhost), so this was not posted."),
    }
}

async fn post(client: &Client, url: Url, form: String) -> Attempt {
    let request = client.post(url).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").body(form);
    let (http_status, text) = match request.send().await {
        Ok(response) => (Some(response.status().as_u16()), start_of(response).await),
        Err(error) if error.is_timeout() => (None, "No answer in 10 seconds.".to_owned()),
        Err(error) if error.is_connect() => (None, "Nobody listens there.".to_owned()),
        Err(_) => (None, "The connection broke before an answer.".to_owned()),
    };
    Attempt { at: clock::now(), http_status, text }
}

/// The start of a body, and no more of it is read.
async fn start_of(mut response: reqwest::Response) -> String {
    let mut start = Vec::new();
    while start.len() < TEXT_MAX {
        match response.chunk().await {
            Ok(Some(chunk)) => start.extend_from_slice(&chunk),
            Ok(None) => break,
            Err(_) => return "The answer broke off.".to_owned(),
        }
    }
    String::from_utf8_lossy(&start).chars().take(TEXT_MAX).collect()
}
