//! Forms of `webhook-id` that would let one signature stand for two requests, or one request for two ids. All are
//! signed as they are written.

use super::{Class, Rule::Refuse};
use crate::case::{Case, Parts, WORD};
use crate::random::Random;

pub static CLASSES: &[Class] = &[
    Class {
        name: "id with a dot",
        rule: Refuse,
        make: |random, now| renamed(random, now, |random, id| format!("{id}.{}", random.text(WORD, 3))),
    },
    Class {
        name: "id and timestamp shifted over a dot",
        rule: Refuse,
        make: |random, now| {
            // Signed: id, timestamp, "timestamp.body". Presented: "id.timestamp", timestamp, body.
            let parts = Parts::new(random, now);
            let timestamp = parts.timestamp.to_string();
            let body = [timestamp.as_bytes(), &parts.body].join(&b'.');
            let signature = parts.signature_of(&parts.id, &timestamp, &body);
            let id = Some(format!("{}.{timestamp}", parts.id));
            Case { id, ..parts.with_signature(signature) }
        },
    },
    Class { name: "id empty", rule: Refuse, make: |random, now| renamed(random, now, |_, _| String::new()) },
    Class {
        name: "id absent",
        rule: Refuse,
        make: |random, now| Case { id: None, ..renamed(random, now, |_, _| String::new()) },
    },
    Class {
        name: "id given twice",
        rule: Refuse,
        make: |random, now| renamed(random, now, |_, id| format!("{id}, {id}")),
    },
    Class {
        name: "id with a comma",
        rule: Refuse,
        make: |random, now| renamed(random, now, |_, id| format!("{id},1")),
    },
    Class {
        name: "id with blanks",
        rule: Refuse,
        make: |random, now| {
            renamed(random, now, |random, id| match random.below(3) {
                0 => format!(" {id}"),
                1 => format!("{id}\t"),
                _ => format!("{id} {id}"),
            })
        },
    },
    Class {
        name: "id that is not ASCII",
        rule: Refuse,
        make: |random, now| renamed(random, now, |random, id| format!("{id}{}", random.pick(&["ş", "é", "\u{a0}"]))),
    },
    Class {
        name: "id of more than 256 characters",
        rule: Refuse,
        make: |random, now| {
            renamed(random, now, |random, _| {
                let length = random.between(257, 5000);
                random.text(WORD, length)
            })
        },
    },
    Class {
        name: "id of another message",
        rule: Refuse,
        make: |random, now| Case { id: Some(Parts::new(random, now).id), ..Parts::new(random, now).signed() },
    },
];

fn renamed(random: &mut Random, now: u64, rename: fn(&mut Random, &str) -> String) -> Case {
    let parts = Parts::new(random, now);
    let id = rename(random, &parts.id);
    Parts { id, ..parts }.signed()
}
