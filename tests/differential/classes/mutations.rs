//! Right requests with one character of one header added, taken away or changed.

use super::{Class, refuse};
use crate::case::Parts;
use crate::random::Random;

/// No blank: at an end of the signatures it would be a right request still.
const VISIBLE: &str =
    r##"!"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\]^_`abcdefghijklmnopqrstuvwxyz{|}~"##;

pub fn classes() -> Vec<Class> {
    vec![
        header("a character added to a header", |random, header| {
            let place = random.below(header.len() + 1);
            header.insert_str(place, &random.text(VISIBLE, 1));
        }),
        header("a character taken out of a header", |random, header| {
            header.remove(random.below(header.len()));
        }),
        header("a character of a header changed", |random, header| {
            let place = random.below(header.len());
            let old = header.clone();
            while *header == old {
                header.replace_range(place..=place, &random.text(VISIBLE, 1));
            }
        }),
    ]
}

fn header(name: &'static str, mutate: fn(&mut Random, &mut String)) -> Class {
    refuse(name, move |random, now| {
        let mut case = Parts::new(random, now).signed();
        let headers = [&mut case.id, &mut case.timestamp, &mut case.signature];
        let place = random.below(headers.len());
        mutate(random, headers[place].as_mut().unwrap());
        case
    })
}
