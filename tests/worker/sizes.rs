//! Bodies at, over and beside their limit, with true, false and absent lengths.

use crate::support::raw::{self, chunked};
use crate::support::services::DEFAULTS;
use crate::support::signed::Signed;
use crate::support::suite::Suite;
use crate::support::{message, people};
use std::sync::Arc;

const MAX_BODY_BYTES: usize = 16_384;

/// The content-lengths to declare for a body of this length.
type Lengths = fn(usize) -> Vec<String>;

crate::tests![
    a_body_of_exactly_16384_bytes_is_taken,
    a_body_of_one_byte_more_is_too_large,
    a_body_far_too_large_is_refused_however_it_comes,
    a_declared_length_alone_is_enough_to_be_too_large,
    a_chunked_body_is_taken_whatever_its_chunks,
    a_length_that_lies_sends_nothing_and_harms_nothing,
];

/// A message of `size` bytes: JSON may end in blanks.
fn padded(link_id: &str, size: usize) -> Vec<u8> {
    let mut body = message::sms(link_id, &people::phone());
    assert!(body.len() < size);
    body.resize(size, b' ');
    body
}

async fn a_body_of_exactly_16384_bytes_is_taken(suite: Arc<Suite>) {
    for is_chunked in [false, true] {
        let case = format!("chunked: {is_chunked}");
        let link_id = people::link_id();
        let signed = Signed::new(padded(&link_id, MAX_BODY_BYTES));
        let answer = suite.raw(DEFAULTS, &written(&signed, is_chunked)).await.unwrap();
        answer.assert_sent(&signed.id, &case);
        suite.only_call(&link_id);
    }
}

async fn a_body_of_one_byte_more_is_too_large(suite: Arc<Suite>) {
    for is_chunked in [false, true] {
        let case = format!("chunked: {is_chunked}");
        let link_id = people::link_id();
        let signed = Signed::new(padded(&link_id, MAX_BODY_BYTES + 1));
        let answer = suite.raw(DEFAULTS, &written(&signed, is_chunked)).await.unwrap();
        answer.assert_problem(413, "body-too-large", &case);
        suite.assert_nothing_sent(&link_id, &case);
    }
}

async fn a_body_far_too_large_is_refused_however_it_comes(suite: Arc<Suite>) {
    for is_chunked in [false, true] {
        let case = format!("chunked: {is_chunked}");
        let link_id = people::link_id();
        // As much as fits into the socket's buffers, so that the answer is not lost to a reset.
        let signed = Signed::new(padded(&link_id, 100_000));
        let answer = suite.raw(DEFAULTS, &written(&signed, is_chunked)).await.unwrap();
        answer.assert_problem(413, "body-too-large", &case);
        suite.assert_nothing_sent(&link_id, &case);
    }
}

async fn a_declared_length_alone_is_enough_to_be_too_large(suite: Arc<Suite>) {
    let signed = Signed::new(message::sms(&people::link_id(), &people::phone()));
    let mut bytes = raw::post(&signed, &[("content-length", "1000000000")]);
    // Not a byte of the body: the answer must not wait for it.
    bytes.truncate(bytes.len() - signed.body.len());
    let answer = suite.raw(DEFAULTS, &bytes).await.unwrap();
    answer.assert_problem(413, "body-too-large", "declared");
}

async fn a_chunked_body_is_taken_whatever_its_chunks(suite: Arc<Suite>) {
    for size in [1, 7, 100_000] {
        let case = format!("chunks of {size}");
        let link_id = people::link_id();
        let signed = Signed::new(message::sms(&link_id, &people::phone()));
        let mut bytes = raw::post(&signed, &[("transfer-encoding", "chunked")]);
        bytes.truncate(bytes.len() - signed.body.len());
        bytes.extend(chunked(&signed.body, size));
        suite.raw(DEFAULTS, &bytes).await.unwrap().assert_sent(&signed.id, &case);
        suite.only_call(&link_id);
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
        let link_id = people::link_id();
        let signed = Signed::new(message::sms(&link_id, &people::phone()));
        let lengths = lengths(signed.body.len());
        let headers: Vec<_> = lengths.iter().map(|length| ("content-length", length.as_str())).collect();
        let answer = suite.raw(DEFAULTS, &raw::post(&signed, &headers)).await;
        let status = answer.map(|answer| answer.status);
        // 400 is workerd's own; 401 the relay's, which got fewer bytes than were signed.
        assert!(matches!(status, None | Some(400 | 401 | 413)), "{case}: {status:?}");
        suite.assert_nothing_sent(&link_id, case);
    }
    let signed = Signed::new(message::sms(&people::link_id(), &people::phone()));
    suite.post(DEFAULTS, &signed).await.assert_sent(&signed.id, "after all of them");
}

fn written(signed: &Signed, is_chunked: bool) -> Vec<u8> {
    if !is_chunked {
        return raw::post(signed, &[("content-length", &signed.body.len().to_string())]);
    }
    let mut bytes = raw::post(signed, &[("transfer-encoding", "chunked")]);
    bytes.truncate(bytes.len() - signed.body.len());
    bytes.extend(chunked(&signed.body, 1000));
    bytes
}
