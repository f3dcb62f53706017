//! Each misbehaviour as a client sees it that looks at the bytes.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may fail this way"
)]

mod support;

use std::{
    io::ErrorKind,
    time::{Duration, Instant},
};

use paytr_sandbox::{KNOWN, Misbehaviour, Received, Sandbox};
use support::*;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    time::timeout,
};

const SUCCESS: &str = r#"{"status":"success"}"#;
const TEN_MIB: usize = 10 * 1024 * 1024;

/// Sends one good SMS for a link and gives the reply with its record.
async fn meet(misbehaviour: Misbehaviour) -> (Reply, Received) {
    let sandbox = sandbox().await;
    let name = misbehaviour.name();
    sandbox.misbehave("NB2Zlz3", misbehaviour);
    let reply = post(&sandbox, SMS, URLENCODED, sms("NB2Zlz3")).await;
    let received = last(&sandbox);
    assert_eq!(received.misbehaviour.as_deref(), Some(name));
    (reply, received)
}

fn last(sandbox: &Sandbox) -> Received {
    sandbox.received().pop().expect("nothing was received")
}

fn rejected(status: &str) -> Misbehaviour {
    Misbehaviour::Rejected { status: status.into(), reason: "Sebep".into() }
}

#[tokio::test]
async fn answers_that_are_whole_have_their_status_body_and_delivery() {
    let bom = format!("\u{feff}{SUCCESS}");
    for (misbehaviour, status, body, delivered) in [
        (Misbehaviour::Empty, 200, "", true),
        (Misbehaviour::ServerErrorJson, 503, SUCCESS, true),
        (Misbehaviour::ClientErrorJson, 400, r#"{"status":"error","reason":"Gecersiz istek"}"#, false),
        (rejected("error"), 200, r#"{"status":"error","reason":"Sebep"}"#, false),
        (rejected("failed"), 200, r#"{"status":"failed","err_msg":"Sebep"}"#, false),
        (Misbehaviour::UnknownStatus, 200, r#"{"status":"pending"}"#, true),
        (Misbehaviour::NotObject, 200, r#""success""#, true),
        (Misbehaviour::DuplicateStatus, 200, r#"{"status":"error","status":"success"}"#, true),
        (Misbehaviour::Bom, 200, bom.as_str(), true),
    ] {
        let (reply, received) = meet(misbehaviour).await;
        let name = received.misbehaviour.unwrap();
        assert_eq!((reply.status(), reply.text(), received.delivered), (status, body, delivered), "{name}");
        assert_eq!(reply.header("content-type"), Some("text/html; charset=UTF-8"), "{name}");
        assert!(reply.end.is_ok(), "{name}");
    }
}

#[tokio::test]
async fn an_html_page_comes_with_200_400_and_500() {
    for (misbehaviour, status, delivered) in [
        (Misbehaviour::HtmlPage, 200, true),
        (Misbehaviour::ClientError, 400, false),
        (Misbehaviour::ServerError, 500, true),
    ] {
        let (reply, received) = meet(misbehaviour).await;
        assert_eq!((reply.status(), received.delivered), (status, delivered));
        assert!(reply.text().starts_with("<!doctype html>"));
    }
}

#[tokio::test]
async fn a_redirect_has_its_status_and_location() {
    for status in [301, 302, 303, 307, 308] {
        let location = "http://localhost:1/elsewhere";
        let (reply, received) = meet(Misbehaviour::Redirect { status, location: location.into() }).await;
        assert_eq!((reply.status(), reply.header("location")), (status, Some(location)));
        assert!(received.delivered);
    }
}

#[tokio::test]
async fn slow_answers_after_its_delay() {
    let started = Instant::now();
    let (reply, received) = meet(Misbehaviour::Slow(Duration::from_millis(300))).await;
    assert!(started.elapsed() >= Duration::from_millis(300));
    assert_eq!((reply.text(), received.delivered), (SUCCESS, true));
}

#[tokio::test]
async fn a_slow_body_has_its_headers_at_once() {
    let sandbox = sandbox().await;
    sandbox.misbehave("NB2Zlz3", Misbehaviour::SlowBody(Duration::from_secs(1)));
    let started = Instant::now();
    let mut stream = send_only(&sandbox, "NB2Zlz3").await;
    let mut first = [0; 15];
    stream.read_exact(&mut first).await.unwrap();
    assert_eq!(&first, b"HTTP/1.1 200 OK");
    assert!(started.elapsed() < Duration::from_millis(500));
    let mut rest = String::new();
    stream.read_to_string(&mut rest).await.unwrap();
    assert!(started.elapsed() >= Duration::from_secs(1));
    assert!(rest.contains("transfer-encoding: chunked") && rest.ends_with("1\r\n}\r\n0\r\n\r\n"));
}

#[tokio::test]
async fn a_hang_is_on_record_while_nothing_comes_back() {
    let sandbox = sandbox().await;
    sandbox.misbehave("NB2Zlz3", Misbehaviour::Hang);
    let mut stream = send_only(&sandbox, "NB2Zlz3").await;
    assert!(timeout(Duration::from_millis(300), stream.read_u8()).await.is_err(), "something came back");
    drop(stream);
    assert!(last(&sandbox).delivered);
}

#[tokio::test]
async fn closed_gives_not_one_byte() {
    let (reply, received) = meet(Misbehaviour::Closed).await;
    assert_eq!((reply.head.as_str(), reply.body.len(), reply.end.is_ok()), ("", 0, true));
    assert!(received.delivered);
}

#[tokio::test]
async fn a_cut_off_answer_is_shorter_than_its_length() {
    let (reply, received) = meet(Misbehaviour::CutOff).await;
    assert_eq!((reply.status(), reply.header("content-length")), (200, Some("20")));
    assert_eq!((reply.text(), reply.end.is_ok()), (r#"{"status":"#, true));
    assert!(received.delivered);
}

#[tokio::test]
async fn a_reset_breaks_the_connection_in_the_middle() {
    let (reply, received) = meet(Misbehaviour::Reset).await;
    assert_eq!(reply.end.unwrap_err().kind(), ErrorKind::ConnectionReset);
    assert_eq!((reply.body.as_slice(), received.delivered), (br#"{"status":"#.as_slice(), true));
}

#[tokio::test]
async fn a_huge_answer_is_valid_json_with_and_without_its_length() {
    let (reply, _) = meet(Misbehaviour::HugeDeclared).await;
    assert_eq!(reply.header("content-length"), Some(TEN_MIB.to_string().as_str()));
    assert_eq!(reply.body.len(), TEN_MIB);
    let parsed: serde_json::Value = serde_json::from_slice(&reply.body).unwrap();
    assert_eq!(parsed["status"], "success");

    let (reply, received) = meet(Misbehaviour::Huge).await;
    assert_eq!((reply.header("content-length"), reply.header("transfer-encoding")), (None, Some("chunked")));
    assert!(reply.body.len() > TEN_MIB && received.delivered);
    assert!(reply.body.windows(20).any(|window| window == br#"{"status":"success","#));
}

#[tokio::test]
async fn an_echo_reaches_the_caller_and_stays_off_the_record() {
    let (reply, received) = meet(Misbehaviour::ReasonEchoes).await;
    let token = received.field("paytr_token").unwrap();
    assert!(reply.text().contains(PHONE) && reply.text().contains(token));
    let recorded = received.answer.reason.clone().unwrap();
    assert!(!recorded.contains(PHONE) && !recorded.contains(token) && !received.delivered);
}

#[tokio::test]
async fn a_wrong_token_is_refused_before_any_misbehaviour() {
    let sandbox = sandbox().await;
    let reply = post(&sandbox, SMS, URLENCODED, sms("sandbox-500").replace("paytr_token=", "paytr_token=A")).await;
    assert!(reply.text().contains("paytr_token gonderilmedi"));
    assert_eq!((last(&sandbox).misbehaviour, last(&sandbox).delivered), (None, false));
}

#[tokio::test]
async fn a_misbehaviour_is_replaced_and_taken_back_and_stays_with_its_link() {
    let sandbox = sandbox().await;
    let status = async |id: &str| post(&sandbox, SMS, URLENCODED, sms(id)).await.status();
    sandbox.misbehave("NB2Zlz3", Misbehaviour::ServerError);
    sandbox.misbehave("sandbox-500", Misbehaviour::ServerErrorJson);
    assert_eq!((status("NB2Zlz3").await, status("NB2Zlz4").await, status("sandbox-500").await), (500, 200, 503));
    sandbox.misbehave("NB2Zlz3", Misbehaviour::ClientError);
    sandbox.behave("sandbox-500");
    assert_eq!((status("NB2Zlz3").await, status("sandbox-500").await), (400, 500));
    sandbox.behave("NB2Zlz3");
    assert_eq!(status("NB2Zlz3").await, 200);
}

#[tokio::test]
async fn every_known_link_id_misbehaves_by_itself() {
    let sandbox = sandbox().await;
    for known in KNOWN {
        let name = (known.misbehaviour)().name();
        assert!(known.link_id.starts_with(&format!("sandbox-{name}")), "{}", known.link_id);
        // Sent and left alone: some of them take long, and all are on record at once.
        let stream = send_only(&sandbox, known.link_id).await;
        let received = wait_for(&sandbox, known.link_id).await;
        drop(stream);
        assert_eq!(received.misbehaviour.as_deref(), Some(name));
        assert_eq!(received.delivered, !(known.misbehaviour)().refuses());
    }
    assert_eq!(sandbox.received().len(), KNOWN.len());
}

#[tokio::test]
async fn a_dropped_sandbox_serves_nobody_and_hangs_up() {
    let sandbox = sandbox().await;
    let address = sandbox.base_url().trim_start_matches("http://").to_owned();
    let mut hanging = send_only(&sandbox, "sandbox-hang").await;
    wait_for(&sandbox, "sandbox-hang").await;
    drop(sandbox);
    let end = timeout(Duration::from_secs(5), hanging.read_u8()).await.expect("the connection is still open");
    assert!(end.is_err());
    assert!(tokio::net::TcpStream::connect(address).await.is_err());
}

async fn send_only(sandbox: &Sandbox, id: &str) -> tokio::net::TcpStream {
    let body = sms(id);
    let mut stream = connect(sandbox).await;
    let length = body.len();
    let request = format!(
        "POST {SMS} HTTP/1.1\r\nhost: sandbox\r\nconnection: close\r\ncontent-type: {URLENCODED}\r\ncontent-length: {length}\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    stream
}

async fn wait_for(sandbox: &Sandbox, id: &str) -> Received {
    for _ in 0..500 {
        if let Some(received) = sandbox.received_for(id).pop() {
            return received;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{id} was not received");
}
