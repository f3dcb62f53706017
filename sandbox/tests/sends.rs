//! The two sends: what is accepted, what is refused, and in which words.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may fail this way"
)]

mod support;

use paytr_sandbox::{Channel, Received};
use support::*;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const FIELD: &str = "Zorunlu alan degeri gecersiz veya gonderilmedi (Link API - ";
const TOKEN: &str = "paytr_token gonderilmedi veya gecersiz";
const MERCHANT: &str = "Gecersiz istek veya magaza aktif degil";

fn one(received: Vec<Received>) -> Received {
    assert_eq!(received.len(), 1);
    received.into_iter().next().unwrap()
}

/// Sends an SMS form that differs from a good one, and gives the reason of the refusal.
async fn refusal(change: impl FnOnce(&mut Vec<(&'static str, String)>)) -> String {
    refusal_of(SMS, "cell_phone", PHONE, change).await
}

async fn refusal_of(
    path: &str,
    field: &'static str,
    recipient: &str,
    change: impl FnOnce(&mut Vec<(&'static str, String)>),
) -> String {
    let sandbox = sandbox().await;
    let mut form = fields("NB2Zlz3", field, recipient);
    change(&mut form);
    let reply = post(&sandbox, path, URLENCODED, urlencoded(&form)).await;
    assert_eq!(reply.status(), 200, "a refusal comes as 200");
    let answer: serde_json::Value = serde_json::from_slice(&reply.body).unwrap();
    let received = one(sandbox.received());
    assert!(!received.delivered);
    assert!(received.hint.is_some(), "a developer wants to know what to change");
    for secret in [recipient, KEY, SALT, form.last().map_or("", |(_, token)| token)] {
        assert!(secret.is_empty() || !reply.text().contains(secret), "an answer echoes");
    }
    let text = if answer["status"] == "failed" { &answer["err_msg"] } else { &answer["reason"] };
    assert_eq!(text.as_str(), received.answer.reason.as_deref());
    format!("{}: {}", answer["status"].as_str().unwrap(), text.as_str().unwrap())
}

fn set(form: &mut [(&'static str, String)], name: &str, value: &str) {
    value.clone_into(&mut form.iter_mut().find(|(field, _)| *field == name).unwrap().1);
}

/// Signs the form again, so that only the field itself can be refused.
fn sign(form: &mut [(&'static str, String)]) {
    let value = |at: usize| form[at].1.clone();
    let fresh = token(KEY, &[&value(1), &value(0), &value(2), SALT]);
    set(form, "paytr_token", &fresh);
}

#[tokio::test]
async fn a_good_sms_is_delivered_and_on_record() {
    let sandbox = sandbox().await;
    let body = sms("NB2Zlz3");
    let reply = post(&sandbox, SMS, URLENCODED, &body).await;
    assert_eq!((reply.status(), reply.text()), (200, r#"{"status":"success"}"#));
    assert_eq!(reply.header("content-type"), Some("text/html; charset=UTF-8"));
    let received = one(sandbox.received_for("NB2Zlz3"));
    assert!(received.delivered);
    assert!(received.at > 1_700_000_000_000);
    assert_eq!((received.number, received.channel, received.body), (1, Channel::Sms, body.into_bytes()));
    assert_eq!((received.recipient.as_deref(), received.link_id.as_deref()), (Some(PHONE), Some("NB2Zlz3")));
    assert_eq!((received.answer.status.as_str(), received.answer.reason), ("success", None));
    assert_eq!(received.content_type, URLENCODED);
    assert!(received.headers.contains(&("host".into(), "sandbox".into())));
    assert_eq!(received.fields[1], ("id".into(), "NB2Zlz3".into()));
    assert_eq!((received.misbehaviour, received.hint), (None, None));
    assert!(sandbox.received_for("nb2zlz3").is_empty());
}

#[tokio::test]
async fn a_good_email_with_a_plus_in_its_address_is_delivered() {
    let sandbox = sandbox().await;
    let reply = post(&sandbox, EMAIL, URLENCODED, urlencoded(&fields("NB2Zlz3", "email", ADDRESS))).await;
    assert_eq!(reply.text(), r#"{"status":"success"}"#);
    let received = one(sandbox.received());
    assert_eq!((received.channel, received.recipient.as_deref()), (Channel::Email, Some(ADDRESS)));
}

#[tokio::test]
async fn both_encodings_are_read_alike() {
    let sandbox = sandbox().await;
    let form = fields("NB2Zlz3", "email", ADDRESS);
    let parts = form
        .iter()
        .map(|(name, value)| format!("--b0\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"))
        .collect::<Vec<_>>()
        .concat();
    let multipart = format!("{parts}--b0--\r\n");
    for (content_type, body) in [
        (URLENCODED, urlencoded(&form)),
        ("Application/X-WWW-Form-URLencoded; charset=UTF-8", urlencoded(&form)),
        ("multipart/form-data; boundary=b0", multipart),
    ] {
        let reply = post(&sandbox, EMAIL, content_type, body).await;
        assert_eq!(reply.text(), r#"{"status":"success"}"#, "{content_type}");
    }
    let received = sandbox.received();
    assert_eq!(received.iter().map(|received| received.number).collect::<Vec<_>>(), [1, 2, 3]);
    assert!(received.iter().all(|other| other.delivered && other.fields == received[0].fields));
}

#[tokio::test]
async fn a_body_that_is_no_form_is_refused() {
    let json = r#"{"merchant_id": "123456", "id": "NB2Zlz3"}"#;
    let file = "--b0\r\ncontent-disposition: form-data; name=\"id\"; filename=\"a\"\r\n\r\nx\r\n--b0--\r\n";
    for (content_type, body, hint) in [
        ("application/json", json, "never JSON"),
        ("text/plain", "id=1", "never JSON"),
        ("", "id=1", "never JSON"),
        ("multipart/form-data", "--b0--\r\n", "not the multipart"),
        ("multipart/form-data; boundary=b0", "id=1", "not the multipart"),
        ("multipart/form-data; boundary=b0", file, "filename"),
    ] {
        let sandbox = sandbox().await;
        let reply = post(&sandbox, SMS, content_type, body).await;
        assert_eq!(reply.text(), format!(r#"{{"status":"error","reason":"{FIELD}send-sms): merchant_id"}}"#));
        let received = one(sandbox.received());
        assert!(received.fields.is_empty() && received.body == body.as_bytes() && !received.delivered);
        assert!(received.hint.is_some_and(|said| said.contains(hint)), "{content_type}");
    }
}

#[tokio::test]
async fn a_missing_an_empty_and_a_doubled_field_are_refused_by_name() {
    for name in ["merchant_id", "id", "cell_phone", "debug_on", "paytr_token"] {
        let expected =
            if name == "paytr_token" { format!("error: {TOKEN}") } else { format!("error: {FIELD}send-sms): {name}") };
        assert_eq!(refusal(|form| form.retain(|(field, _)| *field != name)).await, expected);
        assert_eq!(refusal(|form| set(form, name, "")).await, expected);
        let doubled = |form: &mut Vec<(&'static str, String)>| {
            let again = form.iter().find(|(field, _)| *field == name).unwrap().clone();
            form.insert(0, again);
        };
        assert_eq!(refusal(doubled).await, expected);
    }
}

#[tokio::test]
async fn a_cell_phone_that_is_not_05_and_nine_digits_is_refused() {
    for number in [
        "5321234567",
        "+905321234567",
        "0532 123 45 67",
        "0532123456",
        "053212345678",
        "02121234567",
        "0532123456x",
        "0532123456٧",
    ] {
        let refused = refusal(|form| {
            set(form, "cell_phone", number);
            sign(form);
        });
        assert_eq!(refused.await, format!("error: {FIELD}send-sms): cell_phone"), "{number}");
    }
}

#[tokio::test]
async fn an_email_that_is_long_or_turkish_or_no_address_is_refused() {
    let long = format!("{}@example.com", "a".repeat(89));
    assert_eq!(long.len(), 101);
    for address in [long.as_str(), "çağrı@example.com", "musteri", "@example.com", "a@", "a@b@c", "a b@example.com"]
    {
        let refused = refusal_of(EMAIL, "email", ADDRESS, |form| {
            set(form, "email", address);
            sign(form);
        });
        assert_eq!(refused.await, format!("error: {FIELD}send-email): email"), "{address}");
    }
}

#[tokio::test]
async fn an_email_of_exactly_100_characters_is_accepted() {
    let sandbox = sandbox().await;
    let longest = format!("{}@example.com", "a".repeat(88));
    assert_eq!(longest.len(), 100);
    post(&sandbox, EMAIL, URLENCODED, urlencoded(&fields("NB2Zlz3", "email", &longest))).await;
    assert!(one(sandbox.received()).delivered);
}

#[tokio::test]
async fn a_recipient_of_the_other_channel_is_a_missing_field() {
    let email = refusal_of(SMS, "email", ADDRESS, |_| {}).await;
    assert_eq!(email, format!("error: {FIELD}send-sms): cell_phone"));
    let phone = refusal_of(EMAIL, "cell_phone", PHONE, |_| {}).await;
    assert_eq!(phone, format!("error: {FIELD}send-email): email"));
}

#[tokio::test]
async fn a_debug_on_other_than_0_and_1_is_refused() {
    for value in ["2", "true", "01", " 1"] {
        let refused = refusal(|form| set(form, "debug_on", value)).await;
        assert_eq!(refused, format!("error: {FIELD}send-sms): debug_on"));
    }
}

#[tokio::test]
async fn a_reason_comes_with_debug_on_0_too() {
    let refused = refusal(|form| {
        set(form, "debug_on", "0");
        set(form, "paytr_token", "AAAA");
    });
    assert_eq!(refused.await, format!("error: {TOKEN}"));
}

#[tokio::test]
async fn another_merchant_is_refused_even_with_a_token_of_its_own() {
    for merchant_id in ["654321", "0123456", "123456 "] {
        let refused = refusal(|form| {
            set(form, "merchant_id", merchant_id);
            sign(form);
        });
        assert_eq!(refused.await, format!("error: {MERCHANT}"));
    }
}

#[tokio::test]
async fn an_id_that_no_link_can_have_fails() {
    for id in ["NB2 Zlz3", "NB2,Zlz3", "ığüşöç", &"x".repeat(65)] {
        let refused = refusal(|form| {
            set(form, "id", id);
            sign(form);
        });
        assert_eq!(refused.await, "failed: Process failed. Invalid id");
    }
}

#[tokio::test]
async fn a_token_signed_with_the_salt_as_key_is_refused() {
    let refused = refusal(|form| set(form, "paytr_token", &token(SALT, &["NB2Zlz3", "123456", PHONE, SALT]))).await;
    assert_eq!(refused, format!("error: {TOKEN}"));
}

#[tokio::test]
async fn the_token_that_deletes_a_link_sends_nothing() {
    let refused = refusal(|form| set(form, "paytr_token", &token(KEY, &["NB2Zlz3", "123456", SALT]))).await;
    assert_eq!(refused, format!("error: {TOKEN}"));
}

#[tokio::test]
async fn a_token_of_another_link_is_refused() {
    let refused = refusal(|form| set(form, "id", "nb2zlz3")).await;
    assert_eq!(refused, format!("error: {TOKEN}"));
}

#[tokio::test]
async fn a_token_whose_plus_was_not_percent_encoded_is_refused_with_a_hint() {
    let sandbox = sandbox().await;
    let id = (0..999).map(|n| format!("id{n}")).find(|id| token(KEY, &[id, "123456", PHONE, SALT]).contains('+'));
    post(&sandbox, SMS, URLENCODED, sms(&id.unwrap()).replace("%2B", "+")).await;
    let received = one(sandbox.received());
    assert_eq!(received.answer.reason.as_deref(), Some(TOKEN));
    assert!(received.hint.is_some_and(|hint| hint.contains("%2B")));
}

#[tokio::test]
async fn a_field_that_paytr_does_not_know_is_ignored() {
    let sandbox = sandbox().await;
    post(&sandbox, SMS, URLENCODED, format!("{}&colour=red", sms("NB2Zlz3"))).await;
    assert!(one(sandbox.received()).delivered);
}

#[tokio::test]
async fn a_body_over_64_kib_is_refused() {
    for padding in [64 * 1024, 2 * 1024 * 1024] {
        let sandbox = sandbox().await;
        let body = format!("{}&x={}", sms("NB2Zlz3"), "y".repeat(padding));
        let mut stream = connect(&sandbox).await;
        let head = format!(
            "POST {SMS} HTTP/1.1\r\nhost: sandbox\r\ncontent-type: {URLENCODED}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        let _ = stream.write_all(body.as_bytes()).await;
        let mut answer = vec![0; 12];
        if padding < 1024 * 1024 {
            stream.read_exact(&mut answer).await.unwrap();
            assert_eq!(answer, b"HTTP/1.1 413");
        } else {
            // Over 1 MiB the sandbox does not read on, and the connection may break under the answer.
            let _ = stream.read_exact(&mut answer).await;
        }
        let received = one(sandbox.received());
        assert!(!received.delivered && received.fields.is_empty() && received.body.len() <= 64 * 1024);
    }
}

#[tokio::test]
async fn a_form_of_exactly_64_kib_is_accepted() {
    let sandbox = sandbox().await;
    let form = format!("{}&x=", sms("NB2Zlz3"));
    let padding = "y".repeat(64 * 1024 - form.len());
    post(&sandbox, SMS, URLENCODED, form + &padding).await;
    assert!(one(sandbox.received()).delivered);
}

#[tokio::test]
async fn a_get_is_a_wrong_method_and_another_path_is_not_found() {
    let sandbox = sandbox().await;
    let reply = get(&sandbox, SMS).await;
    assert_eq!((reply.status(), reply.header("allow")), (405, Some("POST")));
    assert_eq!(post(&sandbox, "/odeme/api/link/list", URLENCODED, sms("NB2Zlz3")).await.status(), 404);
    assert!(sandbox.received().is_empty());
}

#[tokio::test]
async fn debug_output_shows_no_recipient_no_token_and_no_secret() {
    let sandbox = sandbox().await;
    post(&sandbox, SMS, URLENCODED, sms("NB2Zlz3")).await;
    post(&sandbox, SMS, URLENCODED, sms("sandbox-reason-echoes")).await;
    post(&sandbox, EMAIL, URLENCODED, urlencoded(&fields(PHONE, "email", ADDRESS))).await;
    let received = sandbox.received();
    let printed = format!("{received:#?} {:?} {sandbox:?}", merchant());
    assert!(printed.contains("123456"), "the merchant's number is no secret");
    for received in &received {
        for secret in [PHONE, ADDRESS, KEY, SALT, received.field("paytr_token").unwrap()] {
            assert!(!printed.contains(secret));
        }
    }
}
