//! One relay's storage, made older while workerd is down.

use super::answer::Answer;
use super::data_directory::DataDirectory;
use super::services::Service;
use super::signed::Signed;
use super::workerd::Workerd;
use serde_json::Value;
use std::process::Command;

const NODE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/node_modules/.bin/node");
const STORAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/worker/support/storage.mjs");

/// Longer than any two tries of an event or of a write-back are apart.
pub const LONGEST_GAP_DAYS: f64 = 1.21;

/// A relay that is started again and again on one storage.
pub struct Aging {
    pub data: DataDirectory,
    service: Service,
}

impl Aging {
    /// With an empty storage.
    pub fn new(service: Service) -> Self {
        Self { data: DataDirectory::new(), service }
    }

    /// With another service on the same storage.
    pub fn under(self, service: Service) -> Self {
        Self { service, ..self }
    }

    pub fn start(&self) -> Workerd {
        Workerd::start(&self.data, std::slice::from_ref(&self.service))
    }

    /// The same after so many days.
    pub fn restart(&self, workerd: &Workerd, days: f64) -> Workerd {
        workerd.kill();
        self.age(days);
        self.start()
    }

    /// Makes all that is stored older by so many days.
    pub fn age(&self, days: f64) {
        self.storage(&["age", &days.to_string()]);
    }

    /// Loses every alarm: `everywhere`, `with-the-object` or `with-what-rings`.
    pub fn lose_alarms(&self, place: &str) {
        self.storage(&["lose-alarms", place]);
    }

    /// Makes all that is stored that of another version of the tables.
    pub fn to_version(&self, number: u64) {
        self.storage(&["version", &number.to_string()]);
    }

    /// How many rows a table has, of all partitions together.
    pub fn rows(&self, table: &str) -> u64 {
        let counts: Value = serde_json::from_str(&self.storage(&["count"])).unwrap();
        counts[table].as_u64().unwrap()
    }

    /// Runs the script beside.
    fn storage(&self, command: &[&str]) -> String {
        let (verb, rest) = command.split_first().unwrap();
        let mut node = Command::new(NODE);
        node.args(["--no-warnings", STORAGE, verb]).arg(self.data.storage()).args(rest);
        let output = node.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// Asks every partition, which looks at its clock by this, as it does when the cron comes.
    pub async fn ask_all(&self, workerd: &Workerd) {
        let answer = self.post(workerd, &Signed::new(r#"{"type":"relay.status"}"#)).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
    }

    pub async fn assert_first(&self, workerd: &Workerd, signed: &Signed) -> Answer {
        let answer = self.post(workerd, signed).await;
        assert_eq!((answer.status, answer.is_replay()), (200, false), "{}", answer.text());
        answer
    }

    pub async fn assert_replayed(&self, workerd: &Workerd, signed: &Signed) -> Answer {
        let answer = self.post(workerd, signed).await;
        assert_eq!((answer.status, answer.is_replay()), (200, true), "{}", answer.text());
        answer
    }

    pub async fn post(&self, workerd: &Workerd, signed: &Signed) -> Answer {
        workerd.post(&self.service.name, &signed.retry()).await
    }
}
