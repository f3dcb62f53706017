//! What is kept, and what goes to another object, with any byte changed or the end missing: it is refused, or another value.

use crate::message_envelope::{answers, cross, details, envelopes, notices};
use crate::shop;
use crate::support::terms;
use paytr_link_relay::link::{LinkOfOrder, Terms};
use paytr_link_relay::model::OrderKey;
use paytr_link_relay::order::{Ignored, People};
use paytr_link_relay::packed::{Packed, pack, unpack};
use paytr_link_relay::storefront::Why;
use std::fmt::Debug;

/// What can be read is written so that the same is read again.
fn check_read<T: Packed + PartialEq + Debug>(bytes: &[u8]) {
    unpack::<T>(bytes).iter().for_each(cross);
}

fn check<T: Packed + PartialEq + Debug>(value: &T) {
    cross(value);
    let bytes = pack(value);
    for length in 0..bytes.len() {
        assert_eq!(unpack::<T>(&bytes[..length]), None, "{value:?} cut to {length} bytes");
    }
    assert_eq!(unpack::<T>(&[&bytes[..], b"\0"].concat()), None, "{value:?} with a byte behind it");
    let mut changed = bytes.clone();
    for place in 0..bytes.len() {
        for bit in 0..8 {
            changed[place] ^= 1 << bit;
            check_read::<T>(&changed);
            changed[place] = bytes[place];
        }
        for byte in [0, 1, 0x7f, 0x80, 0xff] {
            changed[place] = byte;
            check_read::<T>(&changed);
        }
        changed[place] = bytes[place];
    }
}

#[test]
fn what_goes_to_another_object_is_refused_or_another_when_it_is_damaged() {
    envelopes().iter().for_each(check);
    answers().iter().for_each(check);
    notices().iter().for_each(check);
    shop::notices().iter().for_each(check);
    let unwanted = Ignored::Unwanted(Why::Currency);
    [unwanted, Ignored::Older, Ignored::Unchanged, Ignored::NoNumber].iter().for_each(check);
}

#[test]
fn what_is_kept_is_refused_or_another_when_it_is_damaged() {
    shop::orders().iter().for_each(check);
    let people = People { wanted: vec![shop::phone(), shop::email()], link: vec![shop::email()] };
    [people, People::default()].iter().for_each(check);
    let key = OrderKey { storefront: "shop".to_owned(), order_id: "11".to_owned() };
    let of_order = Terms { order: Some(LinkOfOrder { key, number: 2 }), ..terms() };
    [terms(), of_order].iter().for_each(check);
    details().iter().for_each(check);
}
