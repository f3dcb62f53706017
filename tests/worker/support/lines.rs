//! What became of a message: lines of the log, and what PayTR was asked.

use super::order::Order;
use super::people;
use super::suite::{Suite, wait_until};
use paytr_sandbox::{Channel, Received};
use serde_json::Value;

impl Suite {
    /// The n-th line, counted from 0, with this value of this member. Waits for it.
    pub async fn line(&self, member: &str, value: &str, n: usize) -> Value {
        self.line_where(n, |line| line[member] == value).await
    }

    /// The n-th line of this type about a link, counted from 0. Waits for it.
    pub async fn line_of(&self, link_id: &str, message_type: &str, n: usize) -> Value {
        self.line_where(n, |line| line["link_id"] == link_id && line["type"] == message_type).await
    }

    async fn line_where(&self, n: usize, is_it: impl Fn(&Value) -> bool) -> Value {
        let lines = || -> Vec<Value> { self.workerd.lines().into_iter().filter(&is_it).collect() };
        wait_until("the line is in the log", || lines().len() > n).await;
        lines().swap_remove(n)
    }

    /// The calls that asked PayTR to delete this link.
    pub fn deletions_of(&self, link_id: &str) -> Vec<Received> {
        let calls = self.sandbox.received_for(link_id).into_iter();
        calls.filter(|call| call.channel == Channel::Delete).collect()
    }

    /// PayTR's id of the link that this order asks for, as soon as there is one.
    pub async fn made(&self, order: &Order) -> String {
        let find = || self.sandbox.links().into_iter().find(|link| link.terms.name == order.name);
        wait_until("PayTR makes the link", || find().is_some()).await;
        find().unwrap().id
    }
}

/// What Cloudflare would name a request: sent as `cf-ray`, it is the line's `request_id`.
pub fn ray() -> String {
    format!("{:016x}-IST", people::next())
}
