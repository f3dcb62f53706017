//! Data points.

use crate::support::{SMS, message};
use paytr_link_relay::answer::Answer;
use paytr_link_relay::log::{Arrival, Line};
use paytr_link_relay::metrics::DataPoint;
use paytr_link_relay::outcome::{Cause, Outcome};
use paytr_link_relay::webhook::Verified;

#[test]
fn a_data_point_counts_what_the_line_says_and_names_nobody() {
    let arrival = Arrival { request_id: "8f3c2b1a0d9e7f65".to_owned(), at: 1000 };
    let outcome = Outcome::Unknown(Cause::TimedOut);
    let line = Line::new(&arrival, 21_500, &Answer::ended("msg_1", outcome.clone()))
        .verified(Verified { webhook_id: "msg_1", secret_number: 2 }, Some(&message(SMS).recipient))
        .ended(&outcome);
    let expected = DataPoint {
        index: "unknown",
        blobs: ["unknown", "outcome-unknown", "link.send_sms", "", "timed-out"],
        doubles: [504.0, 20_500.0, 20_000.0, 2.0, 1.0, 403.0],
    };
    assert_eq!(
        DataPoint::from(&Line { paytr_http_status: Some(403), paytr_ms: Some(20_000), replayed: true, ..line }),
        expected
    );
}

#[test]
fn what_is_not_there_is_empty_or_0() {
    let expected = DataPoint { index: "", blobs: [""; 5], doubles: [0.0; 6] };
    assert_eq!(DataPoint::from(&Line::default()), expected);
}
