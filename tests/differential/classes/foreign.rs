//! Right requests with entries in `webhook-signature` that no reader of `v1` has a use for.

use super::{Class, Rule};
use crate::case::{Case, Parts};
use crate::random::Random;
use base64::{Engine, engine::general_purpose::STANDARD};

pub static CLASSES: &[Class] = &[
    Class {
        name: "entry without a comma ahead of the right one",
        rule: Rule::Skip,
        make: |random, now| ahead(random, now, |random| random.text("abcdefghijkl=+/", 9)),
    },
    Class {
        name: "entry with two commas ahead of the right one",
        rule: Rule::Skip,
        make: |random, now| ahead(random, now, |random| format!("v2,{},x", STANDARD.encode(random.bytes(32)))),
    },
    Class {
        name: "two blanks between entries",
        rule: Rule::Skip,
        make: |random, now| ahead(random, now, |random| format!("v1,{} ", STANDARD.encode(random.bytes(32)))),
    },
    Class {
        name: "v1 entry that is no base64 ahead of the right one",
        rule: Rule::Skip,
        make: |random, now| ahead(random, now, |random| format!("v1,{}", random.text("abcdef!*", 7))),
    },
    Class {
        name: "v1 entry of another length ahead of the right one",
        rule: Rule::Accept,
        make: |random, now| {
            ahead(random, now, |random| {
                let length = random.pick(&[&20_usize, &31, &33, &64]);
                format!("v1,{}", STANDARD.encode(random.bytes(*length)))
            })
        },
    },
    Class {
        name: "entry that is not ASCII ahead of the right one",
        rule: Rule::Skip,
        make: |random, now| {
            ahead(random, now, |random| format!("{},{}", random.pick(&["v1", "vı", "v2"]), random.pick(&["ş", "é=="])))
        },
    },
    Class {
        name: "entries of any shape behind the right one",
        rule: Rule::Accept,
        make: |random, now| {
            // No comma ends an entry: with the blank behind it, it would show a second header.
            let junk: Vec<String> =
                (0..random.between(1, 8)).map(|_| format!("{}x", random.text("v1,a=/+!", 9))).collect();
            Parts::new(random, now).signature_then(|signature| format!("{signature} {}", junk.join(" ")))
        },
    },
];

fn ahead(random: &mut Random, now: u64, entry: fn(&mut Random) -> String) -> Case {
    let entry = entry(random);
    Parts::new(random, now).signature_then(|signature| format!("{entry} {signature}"))
}
