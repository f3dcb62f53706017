//! Data points.

use crate::support::{SMS, answer, line_about, message};
use paytr_link_relay::http::answer::status_and_code;
use paytr_link_relay::paytr::{Cause, Outcome};
use paytr_link_relay::standard_webhooks::Verified;
use paytr_link_relay::telemetry::DataPoint;
use paytr_link_relay::telemetry::{LogLine, RequestInfo};

#[test]
fn a_data_point_counts_what_the_line_says_and_names_nobody() {
    let request = RequestInfo { request_id: "8f3c2b1a0d9e7f65".to_owned(), received_at: 1000 };
    let outcome = Outcome::Unknown(Cause::TimedOut);
    let ended = status_and_code(&message(SMS).to_message(), &answer("msg_1", &outcome));
    let line = LogLine::new(&request, 21_500, ended).verified(Verified { webhook_id: "msg_1", secret_number: 2 }, &[]);
    let line = line_about(line, SMS, &outcome);
    let expected = DataPoint {
        index: "unknown",
        blobs: ["unknown", "outcome-unknown", "link.send_sms", "", "timed-out", "", ""],
        doubles: [504.0, 20_500.0, 20_000.0, 2.0, 1.0, 403.0, 0.0],
    };
    assert_eq!(
        DataPoint::from(&LogLine { paytr_http_status: Some(403), paytr_ms: Some(20_000), replayed: true, ..line }),
        expected
    );
}

#[test]
fn what_is_not_there_is_empty_or_0() {
    let expected = DataPoint { index: "", blobs: [""; 7], doubles: [0.0; 7] };
    assert_eq!(DataPoint::from(&LogLine::default()), expected);
}

#[test]
fn a_payment_that_was_stored_has_its_worth_so_that_sums_can_be_asked_for() {
    let line = LogLine {
        message_type: Some("callback"),
        event_type: Some("link.paid"),
        total_amount: Some(158_000),
        currency: Some("TL"),
        ..LogLine::default()
    };
    let DataPoint { blobs, doubles, .. } = DataPoint::from(&line);
    assert_eq!((blobs[2], blobs[5], blobs[6], doubles[6]), ("callback", "link.paid", "TL", 158_000.0));
}
