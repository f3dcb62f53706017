//! An HTTP client for everything that an HTTP client would send.

use super::answer::Answer;
use super::signed::Signed;
use super::suite::Suite;
use super::workerd::Workerd;
use reqwest::Method;
use std::time::Duration;

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
        let url = format!("http://{}", self.address(service));
        request(&client(), &url, "POST", "/webhook", &signed.headers(), signed.body.clone()).await.unwrap()
    }
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
