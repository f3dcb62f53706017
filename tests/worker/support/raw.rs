//! Bytes on a socket, for what no HTTP client would send.

use super::answer::Answer;
use super::signed::Signed;
use super::suite::Suite;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

const PATIENCE: Duration = Duration::from_secs(10);

impl Suite {
    /// Writes `bytes`, ends the sending half, and reads what comes: `None` if the connection ends without an answer.
    pub async fn raw(&self, service: &str, bytes: &[u8]) -> Option<Answer> {
        let mut stream = TcpStream::connect(self.address(service)).await.unwrap();
        // The relay may answer and close before all is written.
        let _ = stream.write_all(bytes).await;
        let mut received = Vec::new();
        let _ = timeout(PATIENCE, stream.read_to_end(&mut received)).await.expect("the connection stays open");
        let answer = parse(&received)?;
        self.seen.note(&answer);
        Some(answer)
    }
}

/// The head of a request that closes its connection, up to and without the empty line.
pub fn head(method: &str, target: &str, headers: &[(&str, &str)]) -> String {
    let mut head = format!("{method} {target} HTTP/1.1\r\nhost: relay.example\r\nconnection: close\r\n");
    for (name, value) in headers {
        head.extend([name, ": ", value, "\r\n"]);
    }
    head
}

/// A signed message whose head has these headers on top, and neither content-length nor transfer-encoding.
pub fn post(signed: &Signed, more: &[(&str, &str)]) -> Vec<u8> {
    let headers = [signed.headers(), more.to_vec()].concat();
    [head("POST", "/webhook", &headers).as_bytes(), b"\r\n", &signed.body].concat()
}

/// A body in chunks of at most `size` bytes.
pub fn chunked(body: &[u8], size: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    for chunk in body.chunks(size) {
        bytes.extend(format!("{:x}\r\n", chunk.len()).into_bytes());
        bytes.extend(chunk);
        bytes.extend(b"\r\n");
    }
    bytes.extend(b"0\r\n\r\n");
    bytes
}

fn parse(received: &[u8]) -> Option<Answer> {
    let end = received.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&received[..end]).unwrap();
    let mut lines = head.split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let headers: Vec<(String, String)> = lines
        .map(|line| line.split_once(':').unwrap())
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let mut answer = Answer { status, headers, body: received[end + 4..].to_vec() };
    if answer.header("transfer-encoding").is_some_and(|coding| coding.eq_ignore_ascii_case("chunked")) {
        answer.body = unchunk(&answer.body);
    } else if let Some(length) = answer.header("content-length") {
        // What follows belongs to another answer.
        answer.body.truncate(length.parse().unwrap());
    }
    Some(answer)
}

fn unchunk(mut rest: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    while let Some(end) = rest.windows(2).position(|window| window == b"\r\n") {
        let size = usize::from_str_radix(std::str::from_utf8(&rest[..end]).unwrap(), 16).unwrap();
        if size == 0 {
            break;
        }
        body.extend(&rest[end + 2..end + 2 + size]);
        rest = &rest[end + 4 + size..];
    }
    body
}
