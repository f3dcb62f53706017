//! The classes of requests: how each is made, and what the relay is to make of it.

mod aliases;
mod contents;
mod events;
mod foreign;
mod good;
mod ids;
mod mutations;
mod secrets;
mod signatures;
mod timestamps;

use crate::case::Case;
use crate::random::Random;

/// What the relay is to make of every request of a class.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rule {
    /// Accepts it, and so does everybody else.
    Accept,
    /// Accepts it by what it skips, as the specification's "entries of other versions" asks. A library may break off at
    /// the skipped entries; without them it has to accept the request, which is judged as a case of its own.
    Skip,
    /// Refuses it, whatever the others do.
    Refuse,
}

/// A class of requests.
pub struct Class {
    pub name: &'static str,
    pub rule: Rule,
    /// One request of the class, for a time in Unix seconds.
    pub make: fn(&mut Random, u64) -> Case,
}

/// All classes.
pub fn all() -> impl Iterator<Item = &'static Class> {
    let groups = [
        good::CLASSES,
        foreign::CLASSES,
        timestamps::CLASSES,
        ids::CLASSES,
        signatures::CLASSES,
        contents::CLASSES,
        mutations::CLASSES,
        secrets::CLASSES,
        aliases::CLASSES,
        events::CLASSES,
    ];
    groups.into_iter().flatten()
}

/// The request without the entries that the relay skips.
pub fn without_skipped_entries(mut case: Case) -> Case {
    let is_well_formed = |entry: &&str| entry.starts_with("v1,") && entry.len() == 47 && entry.ends_with('=');
    let signature = case.signature.unwrap();
    case.signature = Some(signature.split(' ').filter(is_well_formed).collect::<Vec<_>>().join(" "));
    case
}
