//! Storage that an earlier version wrote, in the middle of its life, under today's Worker.
//!
//! `schema_v1` is the storage of four recipients as the version before schema 2 left it when it was killed: a message that
//! was sent, one that PayTR refused, one of which nobody knows, and one for which PayTR was being asked.

use crate::support::aging::Aging;
use crate::support::answer::Answer;
use crate::support::services::Service;
use crate::support::signed::{self, Signed};
use crate::support::suite::{Suite, wait_until};
use crate::support::{message, people, secrets};
use serde_json::json;
use std::fs;
use std::path::Path;
use std::sync::Arc;

crate::tests![
    what_the_first_version_recorded_is_answered_and_counted_as_before,
    an_alarm_that_was_due_under_the_first_version_deletes_what_is_too_old,
];

const SERVICE: &str = "schema-v1";
const WRITTEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/worker/schema_v1/ledger-schema-v1");
/// When its last entry began, Unix seconds.
const WRITTEN_AT: i64 = 1_795_653_967;
const SECONDS_A_DAY: f64 = 86_400.0;

async fn what_the_first_version_recorded_is_answered_and_counted_as_before(suite: Arc<Suite>) {
    let aging = written(&suite, 0.0);
    let workerd = aging.start();
    let sent = message::sms("V1sent", "05550009001");
    let pending = message::sms("V1hang", "05550009004");
    for _ in 0..2 {
        aging.assert_replayed(&workerd, &signed("sent", &sent)).await.assert_sent("msg_e2e_v1_sent", "sent");
        let failed = aging.post(&workerd, &signed("failed", &message::sms("V1failed", "05550009002"))).await;
        failed.assert_problem(422, "paytr-rejected", "refused");
        assert_eq!(failed.json()["paytr"], json!({"status": "failed", "reason": "Gecersiz istek"}));
        let unknown = message::email("V1html", "musteri9003@customer.example.com");
        let unknown = aging.post(&workerd, &signed("unknown", &unknown)).await;
        unknown.assert_problem(502, "outcome-unknown", "unknown");
        assert!(unknown.json()["detail"].as_str().unwrap().starts_with("PayTR did not answer in its own format."));
        let pending = aging.post(&workerd, &signed("pending", &pending)).await;
        pending.assert_problem(502, "outcome-unknown", "left behind");
        assert!(pending.json()["detail"].as_str().unwrap().starts_with("The relay was interrupted"));
        assert!([failed, unknown, pending].iter().all(Answer::is_replay));
    }
    for link_id in ["V1sent", "V1failed", "V1html", "V1hang"] {
        suite.assert_nothing_sent(link_id, "an earlier version had it");
    }
    let other = signed("sent", &message::sms("V1other", "05550009001"));
    aging.post(&workerd, &other).await.assert_problem(422, "webhook-id-reused", "another message");
    // What went out under the first version counts, what PayTR refused does not.
    for (phone, status) in [("05550009001", 429), ("05550009004", 429), ("05550009002", 200)] {
        let new = Signed::new(message::sms(&people::link_id(), phone));
        assert_eq!(aging.post(&workerd, &new).await.status, status, "{phone}");
    }
    assert_eq!(aging.count(), r#"{"entries":[1,1,1,2],"alarms":4}"#);
    workerd.kill();
}

async fn an_alarm_that_was_due_under_the_first_version_deletes_what_is_too_old(suite: Arc<Suite>) {
    let aging = written(&suite, 8.0);
    let workerd = aging.start();
    let cleared = r#"{"entries":[null,null,null,null],"alarms":0}"#;
    wait_until("the alarms have gone off", || aging.count() == cleared).await;
    aging.assert_first(&workerd, &signed("sent", &message::sms(&people::link_id(), "05550009001"))).await;
    workerd.kill();
}

/// The storage, as if it had been written so many days ago.
fn written(suite: &Suite, days_ago: f64) -> Aging {
    let aging = Aging::new(Service::new(SERVICE, &suite.sandbox.base_url()));
    let storage = aging.data.storage().join("ledger-schema-v1");
    fs::create_dir(&storage).unwrap();
    for file in fs::read_dir(Path::new(WRITTEN)).unwrap() {
        let file = file.unwrap().path();
        fs::copy(&file, storage.join(file.file_name().unwrap())).unwrap();
    }
    let passed = i32::try_from(signed::now() - WRITTEN_AT).unwrap();
    aging.age(days_ago - f64::from(passed) / SECONDS_A_DAY);
    aging
}

fn signed(name: &str, body: &[u8]) -> Signed {
    Signed::with(&secrets::current(), &format!("msg_e2e_v1_{name}"), signed::now(), body)
}
