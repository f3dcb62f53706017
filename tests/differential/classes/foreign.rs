//! Right requests with entries in `webhook-signature` that no reader of `v1` has a use for.

use super::{Class, Rule, accept};
use crate::case::Parts;
use crate::random::Random;
use base64::{Engine, engine::general_purpose::STANDARD};

pub fn classes() -> Vec<Class> {
    vec![
        ahead("entry without a comma ahead of the right one", Rule::Skip, |random| random.text("abcdefghijkl=+/", 9)),
        ahead("entry with two commas ahead of the right one", Rule::Skip, |random| {
            format!("v2,{},x", STANDARD.encode(random.bytes(32)))
        }),
        ahead("two blanks between entries", Rule::Skip, |random| format!("v1,{} ", STANDARD.encode(random.bytes(32)))),
        ahead("v1 entry that is no base64 ahead of the right one", Rule::Skip, |random| {
            format!("v1,{}", random.text("abcdef!*", 7))
        }),
        ahead("v1 entry of another length ahead of the right one", Rule::Accept, |random| {
            let length = random.pick(&[&20_usize, &31, &33, &64]);
            format!("v1,{}", STANDARD.encode(random.bytes(*length)))
        }),
        ahead("entry that is not ASCII ahead of the right one", Rule::Skip, |random| {
            format!("{},{}", random.pick(&["v1", "vı", "v2"]), random.pick(&["ş", "é=="]))
        }),
        accept("entries of any shape behind the right one", |random, now| {
            // No comma ends an entry: with the blank behind it, it would show a second header.
            let junk: Vec<String> =
                (0..random.between(1, 8)).map(|_| format!("{}x", random.text("v1,a=/+!", 9))).collect();
            Parts::new(random, now).signature_then(|signature| format!("{signature} {}", junk.join(" ")))
        }),
    ]
}

fn ahead(name: &'static str, rule: Rule, entry: fn(&mut Random) -> String) -> Class {
    Class::new(name, rule, move |random, now| {
        let entry = entry(random);
        Parts::new(random, now).signature_then(|signature| format!("{entry} {signature}"))
    })
}
