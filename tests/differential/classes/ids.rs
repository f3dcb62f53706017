//! Forms of `webhook-id` that would let one signature stand for two requests, or one request for two ids. All are
//! signed as they are written.

use super::{Class, refuse};
use crate::case::{Case, Parts, WORD};
use crate::random::Random;

pub fn classes() -> Vec<Class> {
    vec![
        id("id with a dot", |random, id| format!("{id}.{}", random.text(WORD, 3))),
        refuse("id and timestamp shifted over a dot", |random, now| {
            // Signed: id, timestamp, "timestamp.body". Presented: "id.timestamp", timestamp, body.
            let parts = Parts::new(random, now);
            let timestamp = parts.timestamp.to_string();
            let body = [timestamp.as_bytes(), &parts.body].join(&b'.');
            let signature = parts.signature_of(&parts.id, &timestamp, &body);
            let id = Some(format!("{}.{timestamp}", parts.id));
            Case { id, ..parts.with_signature(signature) }
        }),
        id("id empty", |_, _| String::new()),
        refuse("id absent", |random, now| Case {
            id: None,
            ..Parts { id: String::new(), ..Parts::new(random, now) }.signed()
        }),
        id("id given twice", |_, id| format!("{id}, {id}")),
        id("id with a comma", |_, id| format!("{id},1")),
        id("id with blanks", |random, id| match random.below(3) {
            0 => format!(" {id}"),
            1 => format!("{id}\t"),
            _ => format!("{id} {id}"),
        }),
        id("id that is not ASCII", |random, id| format!("{id}{}", random.pick(&["ş", "é", "\u{a0}"]))),
        id("id of more than 256 characters", |random, _| {
            let length = random.between(257, 5000);
            random.text(WORD, length)
        }),
        refuse("id of another message", |random, now| Case {
            id: Some(Parts::new(random, now).id),
            ..Parts::new(random, now).signed()
        }),
    ]
}

fn id(name: &'static str, rename: fn(&mut Random, &str) -> String) -> Class {
    refuse(name, move |random, now| {
        let parts = Parts::new(random, now);
        let id = rename(random, &parts.id);
        Parts { id, ..parts }.signed()
    })
}
