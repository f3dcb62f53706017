//! Content types and encodings, as the platform hands them over. Which of them are JSON in UTF-8: `tests/pure`.

use crate::support::prelude::*;

crate::tests![json_in_utf_8_is_taken_however_it_is_written_and_any_other_content_type_or_encoding_refused];

async fn json_in_utf_8_is_taken_however_it_is_written_and_any_other_content_type_or_encoding_refused(
    suite: Arc<Suite>,
) {
    const JSON: &str = "application/json";
    for (headers, is_taken) in [
        (&[("content-type", "Application/JSON")][..], true),
        (&[("content-type", "application/json; charset=\"utf-8\"")], true),
        (&[], false),
        (&[("content-type", "")], false),
        (&[("content-type", "application/x-www-form-urlencoded")], false),
        (&[("content-type", JSON), ("content-type", JSON)], false),
        (&[("content-type", JSON), ("content-encoding", "gzip")], false),
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
