//! Right requests with one character of one header added, taken away or changed.

use super::{Class, Rule::Refuse};
use crate::case::{Case, Parts};
use crate::random::Random;

/// No blank: at an end of the signatures it would be a right request still.
const VISIBLE: &str =
    r##"!"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\]^_`abcdefghijklmnopqrstuvwxyz{|}~"##;

pub static CLASSES: &[Class] = &[
    Class {
        name: "a character added to a header",
        rule: Refuse,
        make: |random, now| {
            mutated(random, now, |random, header| {
                let place = random.below(header.len() + 1);
                header.insert_str(place, &random.text(VISIBLE, 1));
            })
        },
    },
    Class {
        name: "a character taken out of a header",
        rule: Refuse,
        make: |random, now| {
            mutated(random, now, |random, header| {
                header.remove(random.below(header.len()));
            })
        },
    },
    Class {
        name: "a character of a header changed",
        rule: Refuse,
        make: |random, now| {
            mutated(random, now, |random, header| {
                let place = random.below(header.len());
                let old = header.clone();
                while *header == old {
                    header.replace_range(place..=place, &random.text(VISIBLE, 1));
                }
            })
        },
    },
];

fn mutated(random: &mut Random, now: u64, mutate: fn(&mut Random, &mut String)) -> Case {
    let mut case = Parts::new(random, now).signed();
    let headers = [&mut case.id, &mut case.timestamp, &mut case.signature];
    let place = random.below(headers.len());
    mutate(random, headers[place].as_mut().unwrap());
    case
}
