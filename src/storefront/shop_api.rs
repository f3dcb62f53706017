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
    /// What the platform had kept of an earlier conversation with this shop, such as a token, if its time is not over
    pub kept: Option<&'a str>,
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
    /// JSON, or of the `content-type` among the headers
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

/// What is kept for later conversations with the same shop, encrypted. It is a secret, so it cannot be printed.
pub struct Kept {
    /// What the platform makes of it
    pub value: String,
    /// How long it can be used from now on, in milliseconds
    pub for_ms: u64,
}

/// What comes next.
pub enum Turn {
    /// Ask this.
    Ask(ShopRequest),
    /// Keep this, and begin anew with it.
    Keep(Kept),
    /// The shop refuses what was kept: forget it, and begin anew without it. If it was kept in this very conversation, it is
    /// as if the last answer had failed, and the word says why.
    Renew(&'static str),
    /// The shop has what it is to have.
    Done,
    /// The last answer is not a good one; it is tried again by the events' schedule. A constant word for the log says why.
    Failed(&'static str),
    /// It never can be written; a constant word for the log says why.
    GiveUp(&'static str),
}
