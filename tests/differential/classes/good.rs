//! Right requests, in all the forms that the specification has.

use super::{Class, accept};
use crate::case::{Case, Parts, mac, written};
use base64::{Engine, engine::general_purpose::STANDARD};

const VISIBLE: &str =
    r##"!"#$%&'()*+-/0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\]^_`abcdefghijklmnopqrstuvwxyz{|}~"##;

pub fn classes() -> Vec<Class> {
    vec![
        accept("as the specification has it", |random, now| Parts::new(random, now).signed()),
        accept("id of any visible characters, up to 256", |random, now| {
            let length = if random.flip() { 256 } else { random.between(1, 256) };
            Parts { id: random.text(VISIBLE, length), ..Parts::new(random, now) }.signed()
        }),
        accept("up to 300 s off, the edges inside", |random, now| {
            let timestamp = match random.below(4) {
                0 => now - 300,
                1 => now + 300,
                _ => now - 300 + random.below(601) as u64,
            };
            Parts { timestamp, ..Parts::new(random, now) }.signed()
        }),
        accept("body of any text, empty too", |random, now| {
            let length = random.below(40);
            Parts { body: random.unicode(length).into_bytes(), ..Parts::new(random, now) }.signed()
        }),
        accept("several signatures, one of them right", |random, now| {
            let parts = Parts::new(random, now);
            let count = random.between(1, 16);
            let mut entries: Vec<String> =
                (1..count).map(|_| format!("v1,{}", STANDARD.encode(random.bytes(32)))).collect();
            entries.insert(random.below(count), parts.signature());
            parts.with_signature(entries.join(" "))
        }),
        accept("several secrets, signed with one of them", |random, now| {
            let mut case = Parts::new(random, now).signed();
            for _ in 0..random.between(1, 4) {
                let place = random.below(case.secrets.len() + 1);
                case.secrets.insert(place, written(&random.bytes(32)));
            }
            case
        }),
        accept("two secrets, signed with both", |random, now| {
            let parts = Parts::new(random, now);
            let other = Parts { key: random.bytes(24), id: parts.id.clone(), body: parts.body.clone(), ..parts };
            let both = format!("{} {}", parts.signature(), other.signature());
            let mut case = parts.with_signature(both);
            case.secrets.push(written(&other.key));
            case
        }),
        accept("secret of 24 to 128 bytes", |random, now| {
            let length = random.between(24, 128);
            Parts { key: random.bytes(length), ..Parts::new(random, now) }.signed()
        }),
        accept("header names in other case", |random, now| {
            let names = match random.below(2) {
                0 => ["Webhook-Id", "Webhook-Timestamp", "Webhook-Signature"],
                _ => ["WEBHOOK-ID", "WEBHOOK-TIMESTAMP", "WEBHOOK-SIGNATURE"],
            };
            Case { names, ..Parts::new(random, now).signed() }
        }),
        accept("entries of other versions around it", |random, now| {
            let parts = Parts::new(random, now);
            let other = STANDARD.encode(mac(&random.bytes(32), b"x"));
            let version = random.pick(&["v1a", "v2", "v0", "v", "V1", "whpk", ""]);
            parts.signature_then(|signature| format!("{version},{other} {signature} {version},{other}"))
        }),
    ]
}
