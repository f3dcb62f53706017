//! The body of a good answer.

use serde::Serialize;

/// Writes it: `outcome`, and the members of `answer`.
pub fn write(outcome: &'static str, answer: &impl Serialize) -> String {
    #[derive(Serialize)]
    struct Body<'a, T> {
        outcome: &'static str,
        #[serde(flatten)]
        answer: &'a T,
    }
    // Structs of texts and numbers always serialise.
    serde_json::to_string(&Body { outcome, answer }).unwrap_or_default()
}
