//! The request that PayTR gets, byte by byte.

use crate::support::prelude::*;
use crate::support::secrets::MERCHANT_ID;
use crate::support::token::token;

crate::tests![
    the_form_is_exact_to_the_byte,
    a_link_id_reaches_paytr_as_it_was_written_and_an_integer_as_its_text,
    paytr_gets_no_header_of_the_caller,
    debug_on_comes_from_the_setting_and_the_message_goes_over_it,
];

/// Every other spelling of a recipient is in `tests/pure`.
async fn the_form_is_exact_to_the_byte(suite: Arc<Suite>) {
    let phone = people::phone();
    let email = format!("a+b%c/d{}@{}", people::next(), people::EMAIL_MARK);
    let written_phone = format!("+90 ({}) {}", &phone[1..4], &phone[4..]);
    for (field, recipient, written, body) in [
        ("cell_phone", &phone, written_phone, message::sms as fn(&str, &str) -> Vec<u8>),
        ("email", &email, format!(" {email}\n"), message::email as fn(&str, &str) -> Vec<u8>),
    ] {
        let link_id = link_id_whose_token_needs_encoding(recipient);
        let signed = Signed::new(body(&link_id, &written));
        suite.post(DEFAULTS, &signed).await.assert_sent(&signed.id, field);
        let call = suite.only_call(&link_id);
        let token = token(&link_id, recipient);
        let form = format!(
            "merchant_id={MERCHANT_ID}&id={link_id}&{field}={}&debug_on=0&paytr_token={}",
            encoded(recipient),
            encoded(&token)
        );
        assert_eq!(String::from_utf8(call.body.clone()).unwrap(), form, "{field}");
        assert_eq!(call.content_type, "application/x-www-form-urlencoded", "{field}");
        assert!(call.delivered, "{field}");
    }
}

async fn a_link_id_reaches_paytr_as_it_was_written_and_an_integer_as_its_text(suite: Arc<Suite>) {
    let number = 7_000_000 + people::next();
    let longest = format!("{number}-_{}", "Zz".repeat(64))[..64].to_owned();
    for (id, text) in [
        (json!(number), number.to_string()),
        (json!(u64::MAX), u64::MAX.to_string()),
        (json!(format!("00{number}")), format!("00{number}")),
        (json!(longest), longest),
    ] {
        let body = json!({"type": "link.send_sms", "data": {"id": id, "cell_phone": people::phone()}});
        let signed = Signed::new(body.to_string());
        suite.post(DEFAULTS, &signed).await.assert_sent(&signed.id, &text);
        assert_eq!(suite.only_call(&text).field("id"), Some(text.as_str()));
    }
}

async fn paytr_gets_no_header_of_the_caller(suite: Arc<Suite>) {
    let link_id = people::link_id();
    let signed = Signed::new(message::sms(&link_id, &people::phone()));
    let more = [("cookie", "cart=1"), ("authorization", "Bearer shop"), ("x-shop", "1"), ("user-agent", "shop/1")];
    let headers = [signed.headers(), more.to_vec()].concat();
    let answer = suite.request(DEFAULTS, "POST", "/webhook", &headers, signed.body.clone()).await;
    answer.assert_sent(&signed.id, "headers");
    let call = suite.only_call(&link_id);
    let names: BTreeSet<&str> = call.headers.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, BTreeSet::from(["content-length", "content-type", "host", "user-agent"]));
    let user_agent = call.headers.iter().find(|(name, _)| name == "user-agent").unwrap();
    assert!(user_agent.1.starts_with("paytr-link-relay/"), "{user_agent:?}");
}

async fn debug_on_comes_from_the_setting_and_the_message_goes_over_it(suite: Arc<Suite>) {
    for (service, in_message, at_paytr) in [
        (DEFAULTS, None, "0"),
        (DEFAULTS, Some(0), "0"),
        (DEFAULTS, Some(1), "1"),
        (JSON, None, "1"),
        (JSON, Some(0), "0"),
        (JSON, Some(1), "1"),
        (TEXT, None, "0"),
        (TEXT, Some(1), "1"),
    ] {
        let case = format!("{service}, {in_message:?}");
        let link_id = people::link_id();
        let mut body = json!({"type": "link.send_sms", "data": {"id": link_id, "cell_phone": people::phone()}});
        if let Some(debug_on) = in_message {
            body["data"]["debug_on"] = json!(debug_on);
        }
        let signed = Signed::new(body.to_string());
        suite.post(service, &signed).await.assert_sent(&signed.id, &case);
        assert_eq!(suite.only_call(&link_id).field("debug_on"), Some(at_paytr), "{case}");
    }
}

/// A link id with which the token has `+`, `/` and, like every token, `=`.
fn link_id_whose_token_needs_encoding(recipient: &str) -> String {
    (0..10_000)
        .map(|_| people::link_id())
        .find(|link_id| token(link_id, recipient).contains('+') && token(link_id, recipient).contains('/'))
        .unwrap()
}

/// RFC 3986: all but the unreserved characters in percent-encoding.
fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}
