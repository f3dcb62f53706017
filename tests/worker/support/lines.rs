//! Lines of the log, found again.

use super::people;
use super::suite::{Suite, wait_until};
use serde_json::Value;

impl Suite {
    /// The n-th line, counted from 0, with this value of this member. Waits for it.
    pub async fn line(&self, member: &str, value: &str, n: usize) -> Value {
        let lines =
            || -> Vec<Value> { self.workerd.lines().into_iter().filter(|line| line[member] == value).collect() };
        wait_until("the line is in the log", || lines().len() > n).await;
        lines().swap_remove(n)
    }

    /// The n-th line of this type about a link, counted from 0. Waits for it.
    pub async fn line_of(&self, link_id: &str, message_type: &str, n: usize) -> Value {
        let lines = || -> Vec<Value> {
            let lines = self.workerd.lines().into_iter();
            lines.filter(|line| line["link_id"] == link_id && line["type"] == message_type).collect()
        };
        wait_until("the line is in the log", || lines().len() > n).await;
        lines().swap_remove(n)
    }
}

/// What Cloudflare would name a request: sent as `cf-ray`, it is the line's `request_id`.
pub fn ray() -> String {
    format!("{:016x}-IST", people::next())
}
