//! Right requests whose headers have the names that Svix gives them.

use super::{Class, Rule::Accept};
use crate::case::{Case, Parts};

pub static CLASSES: &[Class] = &[Class {
    name: "headers by Svix's names",
    rule: Accept,
    make: |random, now| {
        let names = match random.below(2) {
            0 => ["svix-id", "svix-timestamp", "svix-signature"],
            _ => ["Svix-Id", "Svix-Timestamp", "Svix-Signature"],
        };
        Case { names, ..Parts::new(random, now).signed() }
    },
}];
