//! A client that hides nothing: it writes bytes and reads bytes until the sandbox closes the connection.

use std::{io, time::Duration};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use paytr_sandbox::{Merchant, Options, Sandbox};
use serde_json::Value;
use sha2::Sha256;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

pub const SMS: &str = "/odeme/api/link/send-sms";
pub const EMAIL: &str = "/odeme/api/link/send-email";
pub const CREATE: &str = "/odeme/api/link/create";
pub const DELETE: &str = "/odeme/api/link/delete";
pub const URLENCODED: &str = "application/x-www-form-urlencoded";
pub const PHONE: &str = "05321234567";
pub const ADDRESS: &str = "musteri+fatura@example.com";
pub const KEY: &str = "kEy1234567890abc";
pub const SALT: &str = "sAlt0987654321xy";
const PATIENCE: Duration = Duration::from_secs(20);

/// What came back before the connection ended, and how it ended.
pub struct Reply {
    pub head: String,
    pub body: Vec<u8>,
    pub end: io::Result<()>,
}

impl Reply {
    pub fn status(&self) -> u16 {
        self.head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0)
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).filter_map(|line| line.split_once(": ")).find(|(n, _)| *n == name).map(|(_, v)| v)
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }
}

pub fn merchant() -> Merchant {
    Merchant { merchant_id: "123456".into(), merchant_key: KEY.into(), merchant_salt: SALT.into() }
}

pub async fn sandbox() -> Sandbox {
    sandbox_with(Options::default()).await
}

pub async fn sandbox_with(options: Options) -> Sandbox {
    Sandbox::start_with(merchant(), "127.0.0.1:0".parse().unwrap(), options).await.unwrap()
}

pub fn token(key: &str, parts: &[&str]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).unwrap();
    mac.update(parts.concat().as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

/// The fields of a good send; `recipient` is a phone number or an address, by `field`.
pub fn fields(id: &str, field: &'static str, recipient: &str) -> Vec<(&'static str, String)> {
    vec![
        ("merchant_id", "123456".into()),
        ("id", id.into()),
        (field, recipient.into()),
        ("debug_on", "1".into()),
        ("paytr_token", token(KEY, &[id, "123456", recipient, SALT])),
    ]
}

pub fn urlencoded(fields: &[(&'static str, String)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

pub fn sms(id: &str) -> String {
    urlencoded(&fields(id, "cell_phone", PHONE))
}

/// The fields that every create has, for a product link; the token comes last.
pub fn product() -> Vec<(&'static str, String)> {
    signed(vec![
        ("merchant_id", "123456".into()),
        ("name", "Çay takımı".into()),
        ("price", "158000".into()),
        ("currency", "TL".into()),
        ("max_installment", "12".into()),
        ("link_type", "product".into()),
        ("lang", "tr".into()),
        ("min_count", "1".into()),
    ])
}

pub fn collection() -> Vec<(&'static str, String)> {
    with(product(), &[("link_type", "collection"), ("min_count", ""), ("email", ADDRESS)])
}

pub fn flex() -> Vec<(&'static str, String)> {
    with(product(), &[("link_type", "flex"), ("min_count", ""), ("flex_max_price", "500000")])
}

/// The form of a create with some fields changed, or taken out where the value is empty, and signed.
pub fn with(mut form: Vec<(&'static str, String)>, changes: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
    for (name, value) in changes {
        match form.iter_mut().find(|(field, _)| field == name) {
            Some(field) => (*value).clone_into(&mut field.1),
            None => form.push((name, (*value).to_owned())),
        }
    }
    form.retain(|(_, value)| !value.is_empty());
    signed(form)
}

/// Signs the form of a create.
pub fn signed(mut form: Vec<(&'static str, String)>) -> Vec<(&'static str, String)> {
    form.retain(|(name, _)| *name != "paytr_token");
    let value = |name: &str| form.iter().find(|(field, _)| *field == name).map_or("", |(_, value)| value.as_str());
    let of_type = match value("link_type") {
        "product" => value("min_count"),
        "collection" => value("email"),
        _ => "",
    };
    let common = ["name", "price", "currency", "max_installment", "link_type", "lang"].map(value);
    let token = token(KEY, &[&common[..], &[of_type, SALT]].concat());
    form.push(("paytr_token", token));
    form
}

/// Creates a link and gives PayTR's answer.
pub async fn create(sandbox: &Sandbox, form: &[(&'static str, String)]) -> Value {
    let reply = post(sandbox, CREATE, URLENCODED, urlencoded(form)).await;
    serde_json::from_slice(&reply.body).unwrap()
}

/// Creates a link and gives its id.
pub async fn created(sandbox: &Sandbox, form: &[(&'static str, String)]) -> String {
    let answer = create(sandbox, form).await;
    answer["id"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
}

/// The form that deletes an id, or several with commas.
pub fn deletion(ids: &str) -> String {
    urlencoded(&[
        ("merchant_id", "123456".into()),
        ("id", ids.into()),
        ("debug_on", "1".into()),
        ("paytr_token", token(KEY, &[ids, "123456", SALT])),
    ])
}

pub async fn delete(sandbox: &Sandbox, ids: &str) -> Value {
    serde_json::from_slice(&post(sandbox, DELETE, URLENCODED, deletion(ids)).await.body).unwrap()
}

pub async fn json(sandbox: &Sandbox, path: &str) -> Value {
    serde_json::from_slice(&get(sandbox, path).await.body).unwrap()
}

pub async fn connect(sandbox: &Sandbox) -> TcpStream {
    TcpStream::connect(sandbox.base_url().trim_start_matches("http://")).await.unwrap()
}

pub async fn post(sandbox: &Sandbox, path: &str, content_type: &str, body: impl AsRef<[u8]>) -> Reply {
    let headers = [("content-type", content_type)];
    exchange(sandbox, &format!("POST {path}"), "sandbox", &headers, body.as_ref()).await
}

pub async fn get(sandbox: &Sandbox, path: &str) -> Reply {
    exchange(sandbox, &format!("GET {path}"), "localhost", &[], &[]).await
}

/// Clears at this path, as a browser under this host would, and gives the status.
pub async fn clear(sandbox: &Sandbox, path: &str, host: &str) -> u16 {
    exchange(sandbox, &format!("DELETE {path}"), host, &[], &[]).await.status()
}

/// Sends one request and reads until the connection ends.
pub async fn exchange(sandbox: &Sandbox, what: &str, host: &str, headers: &[(&str, &str)], body: &[u8]) -> Reply {
    let mut stream = begin(sandbox, what, host, headers, body).await;
    let mut bytes = Vec::new();
    let end = timeout(PATIENCE, stream.read_to_end(&mut bytes)).await.expect("the sandbox hangs").map(|_| ());
    let split = bytes.windows(4).position(|window| window == b"\r\n\r\n").unwrap_or(bytes.len());
    let head = String::from_utf8(bytes[..split].to_vec()).unwrap();
    let body = bytes.get(split + 4..).unwrap_or_default().to_vec();
    Reply { head, body, end }
}

/// Sends one request and leaves the answer unread.
pub async fn begin(sandbox: &Sandbox, what: &str, host: &str, headers: &[(&str, &str)], body: &[u8]) -> TcpStream {
    let mut stream = connect(sandbox).await;
    let mut head = format!("{what} HTTP/1.1\r\nhost: {host}\r\ncontent-length: {}\r\n", body.len());
    for (name, value) in headers {
        head.extend([name, ": ", value, "\r\n"]);
    }
    // The sandbox may answer and close before it has read all of it.
    let _ = stream.write_all(&[head.as_bytes(), b"connection: close\r\n\r\n", body].concat()).await;
    stream
}
