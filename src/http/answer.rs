//! A partition's answer as an HTTP response: the one place where it becomes one.

use super::problem::{Problem, Words};
use super::response::Response;
use crate::message::{Answer, Handling, Message};

/// The response to a message that was answered like this.
#[must_use]
pub fn respond(message: &Message, answer: Answer) -> Response {
    let response = match answer.content {
        Ok(success) => Response::success(success.outcome(), success.body()),
        Err(refusal) => Problem::from_refusal(refusal, words(message)).into(),
    };
    if answer.replayed { response.replayed() } else { response }
}

/// The HTTP status and the code of that response, for the log.
#[must_use]
pub fn status_and_code(message: &Message, answer: &Answer) -> (u16, &'static str) {
    match &answer.content {
        Ok(success) => (200, success.outcome()),
        Err(refusal) => Problem::from_refusal(refusal.clone(), words(message)).status_and_code(),
    }
}

fn words(message: &Message) -> &'static Words {
    match message.handling() {
        Handling::Ask(asking) => asking.words(),
        Handling::Answer(_) | Handling::Read(_) | Handling::AskLedger(_) | Handling::TryEvents => &Words::NONE,
    }
}
