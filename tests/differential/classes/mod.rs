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

type Make = dyn Fn(&mut Random, u64) -> Case;

/// A class of requests.
pub struct Class {
    pub name: &'static str,
    pub rule: Rule,
    /// One request of the class, for a time in Unix seconds.
    pub make: Box<Make>,
}

impl Class {
    fn new(name: &'static str, rule: Rule, make: impl Fn(&mut Random, u64) -> Case + 'static) -> Self {
        Self { name, rule, make: Box::new(make) }
    }
}

fn accept(name: &'static str, make: fn(&mut Random, u64) -> Case) -> Class {
    Class::new(name, Rule::Accept, make)
}

fn refuse(name: &'static str, make: impl Fn(&mut Random, u64) -> Case + 'static) -> Class {
    Class::new(name, Rule::Refuse, make)
}

/// All classes, in an order on which the requests depend.
pub fn all() -> Vec<Class> {
    let groups = [
        good::classes,
        foreign::classes,
        timestamps::classes,
        ids::classes,
        signatures::classes,
        contents::classes,
        mutations::classes,
        secrets::classes,
        aliases::classes,
        events::classes,
    ];
    groups.into_iter().flat_map(|classes| classes()).collect()
}

/// The request without the entries that the relay skips.
pub fn without_skipped_entries(mut case: Case) -> Case {
    let is_well_formed = |entry: &&str| entry.starts_with("v1,") && entry.len() == 47 && entry.ends_with('=');
    let signature = case.signature.unwrap();
    case.signature = Some(signature.split(' ').filter(is_well_formed).collect::<Vec<_>>().join(" "));
    case
}
