//! Forms of `webhook-timestamp` that are read as a number somewhere. Half of the requests sign the text as it is
//! written, half the number that a lenient reader takes it for.

use super::{Class, refuse};
use crate::case::{Case, Parts};
use crate::random::Random;

pub fn classes() -> Vec<Class> {
    vec![
        timestamp("timestamp with a plus", |_, number| format!("+{number}")),
        timestamp("timestamp with blanks around it", |random, number| match random.below(4) {
            0 => format!(" {number}"),
            1 => format!("{number} "),
            2 => format!("\t{number}"),
            _ => format!("  {number}\t"),
        }),
        timestamp("timestamp with zeros in front", |random, number| {
            format!("{}{number}", random.pick(&["0", "00", "0000000"]))
        }),
        timestamp("timestamp with text behind it", |random, number| {
            format!("{number}{}", random.pick(&["abc", "s", "Z", " x", ";", "x10", "n", "e", "-1"]))
        }),
        timestamp("timestamp as a fraction", |random, number| {
            format!("{number}{}", random.pick(&[".0", ".", ".25", ".999"]))
        }),
        timestamp("timestamp with an exponent", |random, number| match random.below(3) {
            0 => format!("{number}e0"),
            1 => format!("{number}0e-1"),
            _ => format!("{number}E+0"),
        }),
        timestamp("timestamp with underscores", |random, number| {
            let place = random.between(1, number.len() - 1);
            format!("{}_{}", &number[..place], &number[place..])
        }),
        timestamp("timestamp in other digits", |random, number| {
            let zero = [0xff10_u32, 0x0660, 0x0966][random.below(3)];
            number.bytes().map(|digit| char::from_u32(zero + u32::from(digit - b'0')).unwrap()).collect()
        }),
        timestamp("timestamp given twice", |_, number| format!("{number}, {number}")),
        timestamp("timestamp in milliseconds", |_, number| format!("{number}000")),
        timestamp("timestamp that is no time at all", |random, number| match random.below(9) {
            0 => format!("-{number}"),
            1 => format!("0x{number}"),
            2 => "0".to_owned(),
            3 => "NaN".to_owned(),
            4 => "Infinity".to_owned(),
            5 => "18446744073709551616".to_owned(),
            6 => "9223372036854775807".to_owned(),
            7 => "999999999999".to_owned(),
            _ => String::new(),
        }),
        refuse("timestamp absent", |random, now| Case { timestamp: None, ..Parts::new(random, now).signed() }),
        refuse("stale by 301 s or more", |random, now| {
            let timestamp = now - 301 - [0, 1, 3600, now - 400][random.below(4)];
            Parts { timestamp, ..Parts::new(random, now) }.signed()
        }),
        refuse("ahead by 301 s or more", |random, now| {
            let timestamp = now + 301 + [0, 1, 3600, 9_000_000_000][random.below(4)];
            Parts { timestamp, ..Parts::new(random, now) }.signed()
        }),
        refuse("timestamp renewed, signature kept", |random, now| {
            let parts = Parts::new(random, now);
            let timestamp = Some((parts.timestamp + 1).to_string());
            Case { timestamp, ..parts.signed() }
        }),
    ]
}

fn timestamp(name: &'static str, rewrite: fn(&mut Random, &str) -> String) -> Class {
    refuse(name, move |random, now| {
        let parts = Parts::new(random, now);
        let text = rewrite(random, &parts.timestamp.to_string());
        let as_written = parts.signature_of(&parts.id, &text, &parts.body);
        let signature = if random.flip() { parts.signature() } else { as_written };
        Case { timestamp: Some(text), ..parts.with_signature(signature) }
    })
}
