//! An HTTP client for everything that an HTTP client would send.

use super::answer::Answer;
use super::signed::Signed;
use super::suite::Suite;
use super::workerd::Workerd;
use reqwest::Method;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;

/// Longer than any time-out of the relay in these tests.
const PATIENCE: Duration = Duration::from_secs(40);

/// A client that keeps no connection: workerd may close one at the moment it is used again.
pub fn client() -> reqwest::Client {
    reqwest::Client::builder().timeout(PATIENCE).pool_max_idle_per_host(0).no_proxy().build().unwrap()
}

impl Suite {
    /// Any request to a service.
    pub async fn request(
        &self,
        service: &str,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> Answer {
        let answer = request(&self.client, &self.url(service), method, path, headers, body).await.unwrap();
        self.seen.note(&answer);
        answer
    }

    /// A signed message.
    pub async fn post(&self, service: &str, signed: &Signed) -> Answer {
        self.request(service, "POST", "/webhook", &signed.headers(), signed.body.clone()).await
    }

    /// A signed message, and a retry that has to be answered the same from the record, without a new request to PayTR.
    pub async fn post_twice(&self, service: &str, signed: &Signed, case: &str) -> Answer {
        let first = self.post(service, signed).await;
        let again = self.post(service, &signed.retry()).await;
        assert_eq!((first.is_replay(), again.is_replay()), (false, true), "{case}: {}", first.text());
        assert_eq!((again.status, again.text()), (first.status, first.text()), "{case}: the retry");
        first
    }

    /// The same signed message fifty times at once: all answers but those that it is in progress.
    pub async fn post_fifty_at_once(self: &Arc<Self>, service: &'static str, signed: &Signed) -> Vec<Answer> {
        let mut requests = JoinSet::new();
        for _ in 0..50 {
            let (suite, signed) = (Arc::clone(self), signed.clone());
            requests.spawn(async move { suite.post(service, &signed).await });
        }
        let (done, waiting): (Vec<_>, Vec<_>) =
            requests.join_all().await.into_iter().partition(|answer| answer.status == 200);
        for answer in waiting {
            answer.assert_problem(409, "in-progress", "one of fifty");
        }
        assert_eq!(done.iter().filter(|answer| !answer.is_replay()).count(), 1, "answers that are no replay");
        done
    }

    /// A signed message from a page.
    pub async fn post_from(&self, origin: &str, service: &str, signed: &Signed) -> Answer {
        let mut headers = signed.headers();
        headers.push(("origin", origin));
        self.request(service, "POST", "/webhook", &headers, signed.body.clone()).await
    }
}

impl Workerd {
    /// A signed message to a service of a workerd that a test has to itself.
    pub async fn post(&self, service: &str, signed: &Signed) -> Answer {
        post(&self.url(service), signed).await.unwrap()
    }

    /// The start of a service's URLs.
    pub fn url(&self, service: &str) -> String {
        format!("http://{}", self.address(service))
    }
}

/// A signed message to a workerd that may be killed meanwhile.
pub async fn post(url: &str, signed: &Signed) -> reqwest::Result<Answer> {
    request(&client(), url, "POST", "/webhook", &signed.headers(), signed.body.clone()).await
}

/// One exchange with whatever listens at `url`.
pub async fn request(
    client: &reqwest::Client,
    url: &str,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: Vec<u8>,
) -> reqwest::Result<Answer> {
    let mut request = client.request(Method::from_bytes(method.as_bytes()).unwrap(), format!("{url}{path}"));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = request.body(body).send().await?;
    let status = response.status().as_u16();
    let headers = response
        .headers()
        .iter()
        .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
        .collect();
    Ok(Answer { status, headers, body: response.bytes().await?.to_vec() })
}
