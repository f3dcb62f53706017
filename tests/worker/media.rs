//! Content types and encodings, as the platform hands them over. Which of them are JSON in UTF-8: `tests/pure`.

use crate::support::raw;
use crate::support::services::DEFAULTS;
use crate::support::sms::Sms;
use crate::support::suite::Suite;
use std::sync::Arc;

crate::tests![json_in_utf_8_is_taken_however_it_is_written_and_any_other_content_type_or_encoding_refused];

async fn json_in_utf_8_is_taken_however_it_is_written_and_any_other_content_type_or_encoding_refused(
    suite: Arc<Suite>,
) {
    const JSON: &str = "application/json";
    for (headers, is_taken) in [
        (&[("content-type", "Application/JSON")][..], true),
        (&[("content-type", "application/json; charset=\"utf-8\"")], true),
        (&[("content-type", "application/json ; charset=utf-8")], true),
        (&[], false),
        (&[("content-type", "")], false),
        (&[("content-type", "text/plain")], false),
        (&[("content-type", "application/x-www-form-urlencoded")], false),
        (&[("content-type", "multipart/form-data; boundary=x")], false),
        (&[("content-type", "application/json; charset=iso-8859-9")], false),
        (&[("content-type", "application/json, text/plain")], false),
        (&[("content-type", JSON), ("content-type", JSON)], false),
        (&[("content-type", JSON), ("content-encoding", "gzip")], false),
        (&[("content-type", JSON), ("content-encoding", "br")], false),
        (&[("content-type", JSON), ("content-encoding", "zstd")], false),
        (&[("content-type", JSON), ("content-encoding", "aws-chunked")], false),
        (&[("content-type", JSON), ("content-encoding", "identity, gzip")], false),
    ] {
        let case = format!("{headers:?}");
        let sms = Sms::new();
        let length = sms.signed.body.len().to_string();
        // Behind the content type that every message has.
        let signed = [&sms.signed.headers()[1..], headers, &[("content-length", length.as_str())]].concat();
        let head = raw::head("POST", "/webhook", &signed);
        let answer = suite.raw(DEFAULTS, &[head.as_bytes(), b"\r\n", &sms.signed.body].concat()).await.unwrap();
        if is_taken {
            suite.assert_sent(&sms, &answer, &case);
        } else {
            suite.assert_refused(&sms, &answer, (415, "unsupported-media-type"), &case);
        }
    }
}
