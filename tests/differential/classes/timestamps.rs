//! Forms of `webhook-timestamp` that are read as a number somewhere. Half of the requests sign the text as it is
//! written, half the number that a lenient reader takes it for.

use super::{Class, Rule::Refuse};
use crate::case::{Case, Parts};
use crate::random::Random;

pub static CLASSES: &[Class] = &[
    Class {
        name: "timestamp with a plus",
        rule: Refuse,
        make: |random, now| rewritten(random, now, |_, number| format!("+{number}")),
    },
    Class {
        name: "timestamp with blanks around it",
        rule: Refuse,
        make: |random, now| {
            rewritten(random, now, |random, number| match random.below(4) {
                0 => format!(" {number}"),
                1 => format!("{number} "),
                2 => format!("\t{number}"),
                _ => format!("  {number}\t"),
            })
        },
    },
    Class {
        name: "timestamp with zeros in front",
        rule: Refuse,
        make: |random, now| {
            rewritten(random, now, |random, number| format!("{}{number}", random.pick(&["0", "00", "0000000"])))
        },
    },
    Class {
        name: "timestamp with text behind it",
        rule: Refuse,
        make: |random, now| {
            rewritten(random, now, |random, number| {
                format!("{number}{}", random.pick(&["abc", "s", "Z", " x", ";", "x10", "n", "e", "-1"]))
            })
        },
    },
    Class {
        name: "timestamp as a fraction",
        rule: Refuse,
        make: |random, now| {
            rewritten(random, now, |random, number| format!("{number}{}", random.pick(&[".0", ".", ".25", ".999"])))
        },
    },
    Class {
        name: "timestamp with an exponent",
        rule: Refuse,
        make: |random, now| {
            rewritten(random, now, |random, number| match random.below(3) {
                0 => format!("{number}e0"),
                1 => format!("{number}0e-1"),
                _ => format!("{number}E+0"),
            })
        },
    },
    Class {
        name: "timestamp with underscores",
        rule: Refuse,
        make: |random, now| {
            rewritten(random, now, |random, number| {
                let place = random.between(1, number.len() - 1);
                format!("{}_{}", &number[..place], &number[place..])
            })
        },
    },
    Class {
        name: "timestamp in other digits",
        rule: Refuse,
        make: |random, now| {
            rewritten(random, now, |random, number| {
                let zero = [0xff10_u32, 0x0660, 0x0966][random.below(3)];
                number.bytes().map(|digit| char::from_u32(zero + u32::from(digit - b'0')).unwrap()).collect()
            })
        },
    },
    Class {
        name: "timestamp given twice",
        rule: Refuse,
        make: |random, now| rewritten(random, now, |_, number| format!("{number}, {number}")),
    },
    Class {
        name: "timestamp in milliseconds",
        rule: Refuse,
        make: |random, now| rewritten(random, now, |_, number| format!("{number}000")),
    },
    Class {
        name: "timestamp that is no time at all",
        rule: Refuse,
        make: |random, now| {
            rewritten(random, now, |random, number| match random.below(9) {
                0 => format!("-{number}"),
                1 => format!("0x{number}"),
                2 => "0".to_owned(),
                3 => "NaN".to_owned(),
                4 => "Infinity".to_owned(),
                5 => "18446744073709551616".to_owned(),
                6 => "9223372036854775807".to_owned(),
                7 => "999999999999".to_owned(),
                _ => String::new(),
            })
        },
    },
    Class {
        name: "timestamp absent",
        rule: Refuse,
        make: |random, now| Case { timestamp: None, ..Parts::new(random, now).signed() },
    },
    Class {
        name: "stale by 301 s or more",
        rule: Refuse,
        make: |random, now| {
            let timestamp = now - 301 - [0, 1, 3600, now - 400][random.below(4)];
            Parts { timestamp, ..Parts::new(random, now) }.signed()
        },
    },
    Class {
        name: "ahead by 301 s or more",
        rule: Refuse,
        make: |random, now| {
            let timestamp = now + 301 + [0, 1, 3600, 9_000_000_000][random.below(4)];
            Parts { timestamp, ..Parts::new(random, now) }.signed()
        },
    },
    Class {
        name: "timestamp renewed, signature kept",
        rule: Refuse,
        make: |random, now| {
            let parts = Parts::new(random, now);
            let timestamp = Some((parts.timestamp + 1).to_string());
            Case { timestamp, ..parts.signed() }
        },
    },
];

fn rewritten(random: &mut Random, now: u64, rewrite: fn(&mut Random, &str) -> String) -> Case {
    let parts = Parts::new(random, now);
    let text = rewrite(random, &parts.timestamp.to_string());
    let signature = if random.flip() { parts.signature() } else { parts.signature_of(&parts.id, &text, &parts.body) };
    Case { timestamp: Some(text), ..parts.with_signature(signature) }
}
