//! Content types and encodings.

use crate::support::services::DEFAULTS;
use crate::support::signed::Signed;
use crate::support::suite::Suite;
use crate::support::{message, people, raw};
use std::sync::Arc;

crate::tests![
    json_in_utf_8_is_taken_however_it_is_written,
    any_other_content_type_is_refused,
    a_content_encoding_is_refused,
    a_content_type_given_twice_is_refused,
];

async fn json_in_utf_8_is_taken_however_it_is_written(suite: Arc<Suite>) {
    for content_type in [
        "application/json",
        "Application/JSON",
        "application/json; charset=utf-8",
        "application/json;charset=UTF-8",
        "application/json; charset=\"utf-8\"",
        "application/json ; charset=utf-8",
    ] {
        let link_id = people::link_id();
        let signed = Signed::new(message::sms(&link_id, &people::phone()));
        let mut headers = signed.headers();
        headers[0].1 = content_type;
        let answer = suite.request(DEFAULTS, "POST", "/webhook", &headers, signed.body.clone()).await;
        answer.assert_sent(&signed.id, content_type);
        suite.only_call(&link_id);
    }
}

async fn any_other_content_type_is_refused(suite: Arc<Suite>) {
    for content_type in [
        None,
        Some(""),
        Some("text/plain"),
        Some("text/json"),
        Some("application/jsonp"),
        Some("application/json5"),
        Some("application/ld+json"),
        Some("application/problem+json"),
        Some("application/x-www-form-urlencoded"),
        Some("multipart/form-data; boundary=x"),
        Some("application/json, text/plain"),
        Some("application/json; charset=iso-8859-9"),
        Some("application/json; charset=utf-16"),
        Some("application/json; charset=utf-8; charset=utf-16"),
        Some("application/json; charset="),
    ] {
        let case = format!("{content_type:?}");
        let link_id = people::link_id();
        let signed = Signed::new(message::sms(&link_id, &people::phone()));
        let mut headers = signed.headers();
        headers.remove(0);
        headers.extend(content_type.map(|content_type| ("content-type", content_type)));
        let answer = suite.request(DEFAULTS, "POST", "/webhook", &headers, signed.body.clone()).await;
        answer.assert_problem(415, "unsupported-media-type", &case);
        suite.assert_nothing_sent(&link_id, &case);
    }
}

async fn a_content_encoding_is_refused(suite: Arc<Suite>) {
    for encoding in ["gzip", "br", "deflate", "zstd", "identity, gzip", "aws-chunked"] {
        let link_id = people::link_id();
        let signed = Signed::new(message::sms(&link_id, &people::phone()));
        let headers = [signed.headers(), vec![("content-encoding", encoding)]].concat();
        let answer = suite.request(DEFAULTS, "POST", "/webhook", &headers, signed.body.clone()).await;
        answer.assert_problem(415, "unsupported-media-type", encoding);
        suite.assert_nothing_sent(&link_id, encoding);
    }
}

async fn a_content_type_given_twice_is_refused(suite: Arc<Suite>) {
    let link_id = people::link_id();
    let signed = Signed::new(message::sms(&link_id, &people::phone()));
    let length = signed.body.len().to_string();
    let twice = [("content-type", "application/json"), ("content-length", &length)];
    let answer = suite.raw(DEFAULTS, &raw::post(&signed, &twice)).await.unwrap();
    answer.assert_problem(415, "unsupported-media-type", "twice");
    suite.assert_nothing_sent(&link_id, "twice");
}
