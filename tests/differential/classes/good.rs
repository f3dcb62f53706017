//! Right requests, in all the forms that the specification has.

use super::{Class, Rule::Accept};
use crate::case::{Parts, mac, written};
use base64::{Engine, engine::general_purpose::STANDARD};

const VISIBLE: &str =
    r##"!"#$%&'()*+-/0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\]^_`abcdefghijklmnopqrstuvwxyz{|}~"##;

pub static CLASSES: &[Class] = &[
    Class { name: "as the specification has it", rule: Accept, make: |random, now| Parts::new(random, now).signed() },
    Class {
        name: "id of any visible characters, up to 256",
        rule: Accept,
        make: |random, now| {
            let length = if random.flip() { 256 } else { random.between(1, 256) };
            Parts { id: random.text(VISIBLE, length), ..Parts::new(random, now) }.signed()
        },
    },
    Class {
        name: "up to 300 s off, the edges inside",
        rule: Accept,
        make: |random, now| {
            let timestamp = match random.below(4) {
                0 => now - 300,
                1 => now + 300,
                _ => now - 300 + random.below(601) as u64,
            };
            Parts { timestamp, ..Parts::new(random, now) }.signed()
        },
    },
    Class {
        name: "body of any text, empty too",
        rule: Accept,
        make: |random, now| {
            let length = random.below(40);
            Parts { body: random.unicode(length).into_bytes(), ..Parts::new(random, now) }.signed()
        },
    },
    Class {
        name: "several signatures, one of them right",
        rule: Accept,
        make: |random, now| {
            let parts = Parts::new(random, now);
            let count = random.between(1, 16);
            let mut entries: Vec<String> =
                (1..count).map(|_| format!("v1,{}", STANDARD.encode(random.bytes(32)))).collect();
            entries.insert(random.below(count), parts.signature());
            parts.with_signature(entries.join(" "))
        },
    },
    Class {
        name: "several secrets, signed with one of them",
        rule: Accept,
        make: |random, now| {
            let mut case = Parts::new(random, now).signed();
            for _ in 0..random.between(1, 4) {
                let place = random.below(case.secrets.len() + 1);
                case.secrets.insert(place, written(&random.bytes(32)));
            }
            case
        },
    },
    Class {
        name: "two secrets, signed with both",
        rule: Accept,
        make: |random, now| {
            let parts = Parts::new(random, now);
            let other = Parts { key: random.bytes(24), id: parts.id.clone(), body: parts.body.clone(), ..parts };
            let both = format!("{} {}", parts.signature(), other.signature());
            let mut case = parts.with_signature(both);
            case.secrets.push(written(&other.key));
            case
        },
    },
    Class {
        name: "secret of 24 to 128 bytes",
        rule: Accept,
        make: |random, now| {
            let length = random.between(24, 128);
            Parts { key: random.bytes(length), ..Parts::new(random, now) }.signed()
        },
    },
    Class {
        name: "header names in other case",
        rule: Accept,
        make: |random, now| {
            let names = match random.below(2) {
                0 => ["Webhook-Id", "Webhook-Timestamp", "Webhook-Signature"],
                _ => ["WEBHOOK-ID", "WEBHOOK-TIMESTAMP", "WEBHOOK-SIGNATURE"],
            };
            crate::case::Case { names, ..Parts::new(random, now).signed() }
        },
    },
    Class {
        name: "entries of other versions around it",
        rule: Accept,
        make: |random, now| {
            let parts = Parts::new(random, now);
            let other = STANDARD.encode(mac(&random.bytes(32), b"x"));
            let version = random.pick(&["v1a", "v2", "v0", "v", "V1", "whpk", ""]);
            parts.signature_then(|signature| format!("{version},{other} {signature} {version},{other}"))
        },
    },
];
