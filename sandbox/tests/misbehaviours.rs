//! Each misbehaviour as a client sees it that looks at the bytes.

use crate::support::*;
use std::{
    io::ErrorKind,
    time::{Duration, Instant},
};

use paytr_sandbox::{Channel, KNOWN, KNOWN_CREATES, Misbehaviour, Received, Sandbox};
use tokio::{io::AsyncReadExt, net::TcpStream, time::timeout};

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
async fn an_html_page_comes_with_200_400_and_500_and_a_redirect_with_its_status_and_location() {
    for (misbehaviour, status, delivered) in [
        (Misbehaviour::HtmlPage, 200, true),
        (Misbehaviour::ClientError, 400, false),
        (Misbehaviour::ServerError, 500, true),
    ] {
        let (reply, received) = meet(misbehaviour).await;
        assert_eq!((reply.status(), received.delivered), (status, delivered));
        assert!(reply.text().starts_with("<!doctype html>"), "{status}");
    }
    for status in [301, 302, 303, 307, 308] {
        let location = "http://localhost:1/elsewhere";
        let (reply, received) = meet(Misbehaviour::Redirect { status, location: location.into() }).await;
        let came = (reply.status(), reply.header("location"), received.delivered);
        assert_eq!(came, (status, Some(location), true));
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
    let mut stream = begin_post(&sandbox, SMS, &sms("NB2Zlz3")).await;
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
    let mut stream = begin_post(&sandbox, SMS, &sms("NB2Zlz3")).await;
    assert!(timeout(Duration::from_millis(300), stream.read_u8()).await.is_err(), "something came back");
    drop(stream);
    assert!(last(&sandbox).delivered);
}

#[tokio::test]
async fn an_answer_that_breaks_off_does_so_where_its_name_says() {
    let half = r#"{"status":"#;
    for (misbehaviour, status, length, body, end) in [
        (Misbehaviour::Closed, 0, None, "", None),
        (Misbehaviour::CutOff, 200, Some("20"), half, None),
        (Misbehaviour::Reset, 200, Some("20"), half, Some(ErrorKind::ConnectionReset)),
    ] {
        let (reply, received) = meet(misbehaviour).await;
        let case = received.misbehaviour.unwrap();
        assert_eq!((reply.status(), reply.text(), received.delivered), (status, body, true), "{case}");
        let broken = reply.end.as_ref().err().map(std::io::Error::kind);
        assert_eq!((reply.header("content-length"), broken), (length, end), "{case}");
        assert_eq!(reply.head.is_empty(), status == 0, "{case}");
    }
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
    let sandbox = sandbox().await;
    let (reply, received) = create_named(&sandbox, "Çay sandbox-reason-echoes").await;
    assert!(reply.text().contains("Çay sandbox-reason-echoes"));
    assert!(reply.text().contains(received.field("paytr_token").unwrap()));
    assert!(sandbox.links().is_empty());
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
async fn every_known_link_id_misbehaves_by_itself_in_a_send_a_create_and_a_delete() {
    for (known, channel) in KNOWN
        .iter()
        .flat_map(|known| [Channel::Sms, Channel::Create, Channel::Delete].map(|channel| (known, channel)))
        .chain(KNOWN_CREATES.iter().map(|known| (known, Channel::Create)))
    {
        let (misbehaviour, id) = ((known.misbehaviour)(), known.link_id);
        let case = format!("{id} {channel:?}");
        // Bytes of one's own have no name of their own.
        assert!(misbehaviour.name() == "bytes" || id.starts_with(&format!("sandbox-{}", misbehaviour.name())), "{id}");
        let sandbox = sandbox().await;
        let other = if channel == Channel::Delete { created(&sandbox, &product()).await } else { String::new() };
        // Sent and left alone: some of them take long.
        let stream = match channel {
            Channel::Sms => begin_post(&sandbox, SMS, &sms(id)).await,
            Channel::Create => {
                let form = with(product(), &[("name", &format!("Çay {id} takımı"))]);
                begin_post(&sandbox, CREATE, &urlencoded(&form)).await
            }
            _ => begin_post(&sandbox, DELETE, &deletion(&format!("{other},{id}"))).await,
        };
        let received = wait_until(&sandbox, |received| received.channel == channel).await;
        drop(stream);
        assert_eq!(received.misbehaviour.as_deref(), Some(misbehaviour.name()), "{case}");
        assert_eq!(received.delivered, !misbehaviour.refuses(), "{case}");
        match channel {
            Channel::Create => assert_eq!(sandbox.links().len(), usize::from(received.delivered), "{case}"),
            Channel::Delete => assert_eq!(sandbox.link(&other).unwrap().deleted, received.delivered, "{case}"),
            _ => {}
        }
    }
    let sandbox = sandbox().await;
    let (reply, received) = create_named(&sandbox, "Çay sandbox-hangs xsandbox-hang").await;
    assert!(reply.text().starts_with(r#"{"status":"success","id""#) && received.misbehaviour.is_none());
}

#[tokio::test]
async fn a_dropped_sandbox_serves_nobody_and_hangs_up() {
    let sandbox = sandbox().await;
    let address = sandbox.base_url().trim_start_matches("http://").to_owned();
    let mut hanging = begin_post(&sandbox, SMS, &sms("sandbox-hang")).await;
    wait_until(&sandbox, |received| received.concerns("sandbox-hang")).await;
    drop(sandbox);
    let end = timeout(Duration::from_secs(5), hanging.read_u8()).await.expect("the connection is still open");
    assert!(end.is_err());
    assert!(TcpStream::connect(address).await.is_err());
}

/// Posts and leaves the answer unread.
async fn begin_post(sandbox: &Sandbox, path: &str, body: &str) -> TcpStream {
    let headers = [("content-type", URLENCODED)];
    begin(sandbox, &format!("POST {path}"), "sandbox", &headers, body.as_bytes()).await
}

async fn wait_until(sandbox: &Sandbox, is_it: impl Fn(&Received) -> bool) -> Received {
    for _ in 0..500 {
        if let Some(received) = sandbox.received().into_iter().rfind(&is_it) {
            return received;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("it was not received");
}

/// Creates a link of this name, and gives what came back with its record.
async fn create_named(sandbox: &Sandbox, name: &str) -> (Reply, Received) {
    let form = with(product(), &[("name", name)]);
    let reply = post(sandbox, CREATE, URLENCODED, urlencoded(&form)).await;
    (reply, last(sandbox))
}

#[tokio::test]
async fn a_create_that_cannot_be_believed_is_what_its_name_says() {
    let sandbox = sandbox().await;
    for known in KNOWN_CREATES {
        let (reply, received) = create_named(&sandbox, &format!("Çay {}", known.link_id)).await;
        let answer: serde_json::Value = serde_json::from_slice(&reply.body).unwrap();
        let id = received.link_id.unwrap();
        let right = format!("{}/link/{id}", sandbox.base_url());
        let (id, link) = match (known.misbehaviour)() {
            Misbehaviour::NoId => (None, Some(right.into())),
            Misbehaviour::OddId => (Some("NB2 Zlz/3".into()), Some(right.into())),
            Misbehaviour::IdNotText => (Some(1_234_567.into()), Some(right.into())),
            Misbehaviour::NoLink => (Some(id.into()), None),
            Misbehaviour::LinkNotText => (Some(id.into()), Some(vec![right].into())),
            Misbehaviour::OddLink => (Some(id.clone().into()), Some(id.into())),
            Misbehaviour::HttpLink => (Some(id.clone().into()), Some(format!("http://www.paytr.com/link/{id}").into())),
            Misbehaviour::JavascriptLink => (Some(id.into()), Some("javascript:alert(document.domain)".into())),
            other => panic!("{other:?} is not of creates"),
        };
        assert_eq!(answer["status"], "success", "{}", known.link_id);
        assert_eq!((answer.get("id"), answer.get("link")), (id.as_ref(), link.as_ref()), "{}", known.link_id);
    }
}

#[tokio::test]
async fn a_create_misbehaves_when_told_by_its_name() {
    let sandbox = sandbox().await;
    sandbox.misbehave("Çay takımı", Misbehaviour::ServerErrorJson);
    let (reply, received) = create_named(&sandbox, "Çay takımı").await;
    let id = received.link_id.unwrap();
    assert_eq!(reply.status(), 503);
    assert!(reply.text().starts_with(&format!(r#"{{"status":"success","id":"{id}""#)), "{}", reply.text());
    sandbox.misbehave("Çay takımı", Misbehaviour::DuplicateStatus);
    let (reply, _) = create_named(&sandbox, "Çay takımı").await;
    assert!(reply.text().starts_with(r#"{"status":"error","status":"success","id""#), "{}", reply.text());
    sandbox.behave("Çay takımı");
    assert_eq!(create_named(&sandbox, "Çay takımı").await.0.status(), 200);
}

#[tokio::test]
async fn a_broken_or_huge_create_is_so_with_its_own_answer() {
    let sandbox = sandbox().await;
    let (reply, received) = create_named(&sandbox, "Çay sandbox-cut-off").await;
    let whole: usize = reply.header("content-length").unwrap().parse().unwrap();
    assert_eq!(reply.body.len(), whole / 2);
    assert!(reply.text().contains(&received.link_id.unwrap()[..3]));
    let (reply, received) = create_named(&sandbox, "Çay sandbox-huge-declared").await;
    assert_eq!(reply.body.len(), TEN_MIB);
    let answer: serde_json::Value = serde_json::from_slice(&reply.body).unwrap();
    assert_eq!(answer["id"].as_str(), received.link_id.as_deref());
}
