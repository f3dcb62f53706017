//! How often each answer was given, to be held against the log.

use super::answer::Answer;
use std::collections::BTreeMap;
use std::sync::Mutex;

pub type Counts = BTreeMap<(u16, String), usize>;

/// The answers of the shared workerd that leave a line in the log.
#[derive(Default)]
pub struct Seen {
    counts: Mutex<Counts>,
    bodies: Mutex<String>,
}

impl Seen {
    /// Counts an answer by the code in its body; one without a code leaves no line.
    pub fn note(&self, answer: &Answer) {
        let json = answer.json();
        // An answer may hold the caller's own id.
        let body = answer.text().replace(json["webhook_id"].as_str().unwrap_or("\n"), "");
        self.bodies.lock().unwrap().push_str(&body);
        if let Some(code) = json["code"].as_str().or_else(|| json["outcome"].as_str()) {
            self.expect(answer.status, code);
        }
    }

    /// Counts an answer that nobody could read.
    pub fn expect(&self, status: u16, code: &str) {
        *self.counts.lock().unwrap().entry((status, code.to_owned())).or_default() += 1;
    }

    pub fn counts(&self) -> Counts {
        self.counts.lock().unwrap().clone()
    }

    /// The bodies of all answers, without the ids that they name.
    pub fn bodies(&self) -> String {
        self.bodies.lock().unwrap().clone()
    }
}
