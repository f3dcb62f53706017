//! The two sends: what is accepted, what is refused, and in which words.

use crate::support::*;
use paytr_sandbox::{Channel, Received};
use tokio::io::AsyncReadExt;

const FIELD: &str = "Zorunlu alan degeri gecersiz veya gonderilmedi (Link API - ";
const TOKEN: &str = "paytr_token gonderilmedi veya gecersiz";
const MERCHANT: &str = "Gecersiz istek veya magaza aktif degil";

type Form = Vec<(&'static str, String)>;

fn one(received: Vec<Received>) -> Received {
    assert_eq!(received.len(), 1);
    received.into_iter().next().unwrap()
}

/// Sends a form that differs from a good one, and gives the reason of the refusal.
async fn refusal(path: &str, field: &'static str, recipient: &str, change: impl FnOnce(&mut Form)) -> String {
    let sandbox = sandbox().await;
    let mut form = fields("NB2Zlz3", field, recipient);
    change(&mut form);
    let reply = post(&sandbox, path, URLENCODED, urlencoded(&form)).await;
    assert_eq!(reply.status(), 200, "a refusal comes as 200: {form:?}");
    let answer: serde_json::Value = serde_json::from_slice(&reply.body).unwrap();
    let received = one(sandbox.received());
    assert!(!received.delivered, "{form:?}");
    assert!(received.hint.is_some(), "a developer wants to know what to change: {form:?}");
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
async fn what_is_good_is_delivered_at_its_limits_too() {
    let longest = format!("{}@example.com", "a".repeat(88));
    assert_eq!(longest.len(), 100);
    let plain = sms("NB2Zlz3");
    let filled = format!("{plain}&x={}", "y".repeat(64 * 1024 - plain.len() - "&x=".len()));
    for (case, path, body) in [
        ("a plus in the address", EMAIL, urlencoded(&fields("NB2Zlz3", "email", ADDRESS))),
        ("an address of exactly 100 characters", EMAIL, urlencoded(&fields("NB2Zlz3", "email", &longest))),
        ("a field that PayTR does not know", SMS, format!("{plain}&colour=red")),
        ("a form of exactly 64 KiB", SMS, filled),
    ] {
        let sandbox = sandbox().await;
        let reply = post(&sandbox, path, URLENCODED, body).await;
        assert_eq!(reply.text(), r#"{"status":"success"}"#, "{case}");
        let received = one(sandbox.received());
        let (channel, recipient) = if path == SMS {
            (Channel::Sms, received.field("cell_phone"))
        } else {
            (Channel::Email, received.field("email"))
        };
        assert_eq!((received.channel, received.recipient.as_deref(), received.delivered), (channel, recipient, true));
    }
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
        let doubled = |form: &mut Form| {
            let again = form.iter().find(|(field, _)| *field == name).unwrap().clone();
            form.insert(0, again);
        };
        let of_sms = async |change: &dyn Fn(&mut Form)| {
            assert_eq!(refusal(SMS, "cell_phone", PHONE, change).await, expected, "{name}");
        };
        of_sms(&|form| form.retain(|(field, _)| *field != name)).await;
        of_sms(&|form| set(form, name, "")).await;
        of_sms(&doubled).await;
    }
}

#[tokio::test]
async fn a_value_that_no_send_can_have_is_refused_though_it_is_signed() {
    let long = format!("{}@example.com", "a".repeat(89));
    assert_eq!(long.len(), 101);
    let long_id = "x".repeat(65);
    let phones = &["5321234567", "+905321234567", "0532 123 45 67", "0532123456", "053212345678"][..];
    let more_phones = &["02121234567", "0532123456x", "0532123456٧"][..];
    let ids = &["NB2 Zlz3", "NB2,Zlz3", "ığüşöç", &long_id][..];
    let no_id = "failed: Process failed. Invalid id".to_owned();
    let addresses = &[&long, "çağrı@example.com", "musteri", "@example.com", "a@", "a@b@c", "a b@example.com"][..];
    let by_name = |api: &str, name: &str| format!("error: {FIELD}{api}): {name}");
    for (path, field, recipient, name, values, expected) in [
        (SMS, "cell_phone", PHONE, "cell_phone", phones, by_name("send-sms", "cell_phone")),
        (SMS, "cell_phone", PHONE, "cell_phone", more_phones, by_name("send-sms", "cell_phone")),
        (EMAIL, "email", ADDRESS, "email", addresses, by_name("send-email", "email")),
        // A recipient of the other channel is a missing field.
        (SMS, "email", ADDRESS, "email", &[ADDRESS], by_name("send-sms", "cell_phone")),
        (EMAIL, "cell_phone", PHONE, "cell_phone", &[PHONE], by_name("send-email", "email")),
        (SMS, "cell_phone", PHONE, "debug_on", &["2", "true", "01", " 1"], by_name("send-sms", "debug_on")),
        // Even with a token of its own.
        (SMS, "cell_phone", PHONE, "merchant_id", &["654321", "0123456", "123456 "], format!("error: {MERCHANT}")),
        (SMS, "cell_phone", PHONE, "id", ids, no_id),
    ] {
        for value in values {
            let change = |form: &mut Form| {
                set(form, name, value);
                sign(form);
            };
            assert_eq!(refusal(path, field, recipient, change).await, expected, "{name}={value}");
        }
    }
}

#[tokio::test]
async fn a_token_of_something_else_is_refused() {
    for (case, name, value) in [
        ("signed with the salt as key", "paytr_token", token(SALT, &["NB2Zlz3", "123456", PHONE, SALT])),
        ("what deletes the link", "paytr_token", token(KEY, &["NB2Zlz3", "123456", SALT])),
        ("that of another link", "id", "nb2zlz3".to_owned()),
    ] {
        // The reason comes with debug_on 0 too.
        for debug_on in ["0", "1"] {
            let change = |form: &mut Form| {
                set(form, "debug_on", debug_on);
                set(form, name, &value);
            };
            assert_eq!(refusal(SMS, "cell_phone", PHONE, change).await, format!("error: {TOKEN}"), "{case}");
        }
    }
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
async fn a_body_over_64_kib_is_refused() {
    for padding in [64 * 1024, 2 * 1024 * 1024] {
        let sandbox = sandbox().await;
        let body = format!("{}&x={}", sms("NB2Zlz3"), "y".repeat(padding));
        let headers = [("content-type", URLENCODED)];
        let mut stream = begin(&sandbox, &format!("POST {SMS}"), "sandbox", &headers, body.as_bytes()).await;
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
