//! A conversation with a shop's API: what is asked next, given what was answered. The asking itself is `partition`'s.

use super::{Job, Storefront};

/// What the shop is told, and how far the conversation is.
pub struct Conversation<'a> {
    /// The shop
    pub storefront: &'a Storefront,
    /// Its `api_key`
    pub api_key: &'a str,
    /// The platform's id of the order
    pub order_id: &'a str,
    /// What is to be written back
    pub job: &'a Job,
    /// A word that names this job in the shop, so that it is written once
    pub mark: &'a str,
    /// The answers so far, the first one first
    pub answers: &'a [ShopAnswer],
}

/// A request to a shop. It holds the key, so it cannot be printed.
pub struct ShopRequest {
    /// The method
    pub method: &'static str,
    /// The whole address
    pub url: String,
    /// Headers beside those of every request
    pub headers: Vec<(&'static str, String)>,
    /// JSON, if there is a body
    pub body: Option<String>,
}

/// A shop's answer.
pub struct ShopAnswer {
    /// The HTTP status
    pub status: u16,
    /// The header of this name
    pub retry_after: Option<String>,
    /// The body
    pub body: Vec<u8>,
}

/// What comes next.
pub enum Turn {
    /// Ask this.
    Ask(ShopRequest),
    /// The shop has what it is to have.
    Done,
    /// The last answer is not a good one; it is tried again by the events' schedule. A constant word for the log says why.
    Failed(&'static str),
    /// It never can be written; a constant word for the log says why.
    GiveUp(&'static str),
}
