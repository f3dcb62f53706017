//! Right requests whose headers have the names that Svix gives them.

use super::{Class, accept};
use crate::case::{Case, Parts};

pub fn classes() -> Vec<Class> {
    vec![accept("headers by Svix's names", |random, now| {
        let names = match random.below(2) {
            0 => ["svix-id", "svix-timestamp", "svix-signature"],
            _ => ["Svix-Id", "Svix-Timestamp", "Svix-Signature"],
        };
        Case { names, ..Parts::new(random, now).signed() }
    })]
}
