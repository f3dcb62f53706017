//! What is kept too long goes, and an object that keeps nothing goes with it.
//!
//! In scope: the alarm, on storage that is made older while workerd is down. Not in scope: how long anything is kept
//! (`tests/pure`).

use crate::support::answer::Answer;
use crate::support::data_directory::DataDirectory;
use crate::support::services::Service;
use crate::support::signed::Signed;
use crate::support::suite::{Suite, wait_until};
use crate::support::workerd::Workerd;
use crate::support::{message, people};
use std::process::Command;
use std::sync::Arc;

crate::tests![an_entry_goes_after_a_week_and_an_empty_ledger_with_it];

const NODE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/node_modules/.bin/node");
const STORAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/worker/support/storage.mjs");
const SERVICE: &str = "retention";

async fn an_entry_goes_after_a_week_and_an_empty_ledger_with_it(suite: Arc<Suite>) {
    let aging = Aging { suite, data: DataDirectory::new() };
    let (phone, other_phone) = (people::phone(), people::phone());
    let lonely = Signed::new(message::sms(&people::link_id(), &phone));
    let older = Signed::new(message::sms(&people::link_id(), &other_phone));
    let newer = Signed::new(message::sms(&people::link_id(), &other_phone));

    let workerd = aging.start();
    aging.assert_first(&workerd, &lonely).await;
    aging.assert_first(&workerd, &older).await;
    workerd.kill();
    aging.storage(&["age", "4"]);

    let workerd = aging.start();
    aging.assert_replayed(&workerd, &lonely).await;
    aging.assert_first(&workerd, &newer).await;
    assert_eq!(aging.storage(&["count"]), r#"{"entries":[1,2],"alarms":2}"#);
    workerd.kill();
    aging.storage(&["age", "4"]);

    let workerd = aging.start();
    let cleared = r#"{"entries":[1,null],"alarms":1}"#;
    wait_until("the alarms have gone off", || aging.storage(&["count"]) == cleared).await;
    aging.assert_replayed(&workerd, &newer).await;
    aging.assert_first(&workerd, &lonely).await;
    aging.assert_first(&workerd, &older).await;
    workerd.kill();
}

struct Aging {
    suite: Arc<Suite>,
    data: DataDirectory,
}

impl Aging {
    fn start(&self) -> Workerd {
        Workerd::start(&self.data, &[Service::new(SERVICE, &self.suite.sandbox.base_url())])
    }

    /// Runs the script beside, on this ledger's storage.
    fn storage(&self, command: &[&str]) -> String {
        let (verb, rest) = command.split_first().unwrap();
        let mut node = Command::new(NODE);
        node.args(["--no-warnings", STORAGE, verb]).arg(self.data.storage()).args(rest);
        let output = node.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    async fn assert_first(&self, workerd: &Workerd, signed: &Signed) {
        let answer = self.post(workerd, signed).await;
        assert_eq!((answer.status, answer.is_replay()), (200, false));
    }

    async fn assert_replayed(&self, workerd: &Workerd, signed: &Signed) {
        let answer = self.post(workerd, signed).await;
        assert_eq!((answer.status, answer.is_replay()), (200, true));
    }

    async fn post(&self, workerd: &Workerd, signed: &Signed) -> Answer {
        workerd.post(SERVICE, &signed.retry()).await
    }
}
