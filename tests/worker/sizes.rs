//! Bodies at, over and beside their limit, with true, false and absent lengths.

use crate::support::prelude::*;
use crate::support::raw::chunked;

const MAX_BODY_BYTES: usize = 16_384;

/// The content-lengths to declare for a body of this length.
type Lengths = fn(usize) -> Vec<String>;

crate::tests![
    a_body_of_exactly_16384_bytes_is_taken_and_a_larger_one_is_not_however_it_comes,
    a_declared_length_alone_is_enough_to_be_too_large,
    a_chunked_body_is_taken_whatever_its_chunks,
    a_length_that_lies_sends_nothing_and_harms_nothing,
];

async fn a_body_of_exactly_16384_bytes_is_taken_and_a_larger_one_is_not_however_it_comes(suite: Arc<Suite>) {
    // The largest fits into the socket's buffers, so that the answer is not lost to a reset.
    for size in [MAX_BODY_BYTES, MAX_BODY_BYTES + 1, 100_000] {
        for chunk in [None, Some(1000)] {
            let case = format!("{size} bytes, chunks: {chunk:?}");
            let mut sms = Sms::new();
            let mut body = sms.signed.body.clone();
            // JSON may end in blanks.
            body.resize(size, b' ');
            sms.signed = Signed::new(body);
            let answer = suite.raw(DEFAULTS, &written(&sms.signed, chunk)).await.unwrap();
            if size == MAX_BODY_BYTES {
                suite.assert_sent(&sms, &answer, &case);
            } else {
                suite.assert_refused(&sms, &answer, (413, "body-too-large"), &case);
            }
        }
    }
}

async fn a_declared_length_alone_is_enough_to_be_too_large(suite: Arc<Suite>) {
    // Not a byte of the body: the answer must not wait for it.
    let sms = Sms::new();
    let bytes = head(&sms.signed, ("content-length", "1000000000"));
    let answer = suite.raw(DEFAULTS, &bytes).await.unwrap();
    answer.assert_problem(413, "body-too-large", "declared");
}

async fn a_chunked_body_is_taken_whatever_its_chunks(suite: Arc<Suite>) {
    for size in [1, 7, 100_000] {
        let sms = Sms::new();
        let answer = suite.raw(DEFAULTS, &written(&sms.signed, Some(size))).await.unwrap();
        suite.assert_sent(&sms, &answer, &format!("chunks of {size}"));
    }
}

async fn a_length_that_lies_sends_nothing_and_harms_nothing(suite: Arc<Suite>) {
    let lengths: [(&str, Lengths); 8] = [
        ("absent", |_| vec![]),
        ("too short", |length| vec![(length - 1).to_string()]),
        ("zero", |_| vec!["0".to_owned()]),
        ("negative", |_| vec!["-1".to_owned()]),
        ("not a number", |_| vec!["many".to_owned()]),
        ("over 64 bits", |_| vec!["99999999999999999999999".to_owned()]),
        ("twice, unlike", |length| vec![length.to_string(), (length + 1).to_string()]),
        ("with a sign", |length| vec![format!("+{length}x")]),
    ];
    for (case, lengths) in lengths {
        let sms = Sms::new();
        let lengths = lengths(sms.signed.body.len());
        let headers: Vec<_> = lengths.iter().map(|length| ("content-length", length.as_str())).collect();
        let answer = suite.raw(DEFAULTS, &raw::post(&sms.signed, &headers)).await;
        let status = answer.map(|answer| answer.status);
        // 400 is workerd's own; 401 the relay's, which got fewer bytes than were signed.
        assert!(matches!(status, None | Some(400 | 401 | 413)), "{case}: {status:?}");
        suite.assert_nothing_sent(&sms.link_id, case);
    }
    suite.send(DEFAULTS, &Sms::new(), "after all of them").await;
}

/// In chunks of so many bytes, or whole with its length.
fn written(signed: &Signed, chunk: Option<usize>) -> Vec<u8> {
    let Some(size) = chunk else {
        return raw::post(signed, &[("content-length", &signed.body.len().to_string())]);
    };
    [head(signed, ("transfer-encoding", "chunked")), chunked(&signed.body, size)].concat()
}

fn head(signed: &Signed, header: (&str, &str)) -> Vec<u8> {
    raw::post(&Signed { body: Vec::new(), ..signed.clone() }, &[header])
}
