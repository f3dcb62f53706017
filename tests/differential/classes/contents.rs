//! Bodies that are not what was signed, and MACs over something else than `id.timestamp.body`.

use super::{Class, refuse};
use crate::case::{Case, Parts, message};
use crate::random::Random;
use serde_json::Value;

pub fn classes() -> Vec<Class> {
    vec![
        body("a bit of the body flipped", |random, body| {
            let place = random.below(body.len());
            body[place] ^= 1 << random.below(7);
        }),
        body("body written anew", |_, body| {
            let value: Value = serde_json::from_slice(body).unwrap();
            *body = serde_json::to_vec_pretty(&value).unwrap();
        }),
        body("body with blanks or a line end behind it", |random, body| {
            body.extend(random.pick(&[" ", "\n", "\r\n", "\0"]).bytes());
        }),
        body("body with a byte order mark in front", |_, body| *body = ["\u{feff}".as_bytes(), body].concat()),
        body("body cut short", |random, body| body.truncate(random.below(body.len()))),
        body("body of another message", |random, body| *body = [message(random).as_slice(), b" "].concat()),
        refuse("body not UTF-8, signed as it is", |random, now| {
            Parts { body: not_utf8(random), ..Parts::new(random, now) }.signed()
        }),
        refuse("body not UTF-8, signed as replacement characters", |random, now| {
            let body = not_utf8(random);
            let decoded = String::from_utf8_lossy(&body).into_owned().into_bytes();
            Case { body, ..Parts { body: decoded, ..Parts::new(random, now) }.signed() }
        }),
        content("signed parts in another order", |random, [id, timestamp, body]| {
            let orders = [
                [timestamp, id, body],
                [timestamp, body, id],
                [body, id, timestamp],
                [body, timestamp, id],
                [id, body, timestamp],
            ];
            orders[random.below(orders.len())].join(&b'.')
        }),
        content("signed parts set apart otherwise", |random, parts| {
            parts.join(random.pick(&["", ":", "..", "\n", ","]).as_bytes())
        }),
        content("a part left out of what is signed", |random, [id, timestamp, body]| match random.below(5) {
            0 => body.to_vec(),
            1 => [timestamp, body].join(&b'.'),
            2 => [id, body].join(&b'.'),
            3 => [id, timestamp].join(&b'.'),
            _ => Vec::new(),
        }),
    ]
}

fn body(name: &'static str, alter: fn(&mut Random, &mut Vec<u8>)) -> Class {
    refuse(name, move |random, now| {
        let mut case = Parts::new(random, now).signed();
        alter(random, &mut case.body);
        case
    })
}

fn content(name: &'static str, content: fn(&mut Random, [&[u8]; 3]) -> Vec<u8>) -> Class {
    refuse(name, move |random, now| {
        let parts = Parts::new(random, now);
        let timestamp = parts.timestamp.to_string();
        let content = content(random, [parts.id.as_bytes(), timestamp.as_bytes(), &parts.body]);
        let signature = parts.signature_over(&content);
        parts.with_signature(signature)
    })
}

/// A message with bytes in a text that no UTF-8 has.
fn not_utf8(random: &mut Random) -> Vec<u8> {
    let mut body = message(random);
    let wrong = [b"\xff".as_slice(), b"\xc3", b"\xed\xa0\x80", b"\xc0\xaf", b"\xfe"][random.below(5)];
    let place = body.len() - 3;
    body.splice(place..place, wrong.iter().copied());
    body
}
