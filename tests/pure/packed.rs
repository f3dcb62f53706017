//! Values as bytes: their form, what of it is refused, and what an older and a newer version of the relay read of each other.
//! The forms of what is stored are held by the modules of those values.

use crate::support::check_stored;
use paytr_link_relay::packed;
use paytr_link_relay::packed::{pack, unpack};
use proptest::prelude::*;

/// Before a later version added something.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Older {
    count: u64,
    name: Option<String>,
}

packed!(struct Older { count, name });

/// After it did.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Newer {
    count: u64,
    name: Option<String>,
    size: Option<u32>,
    more: Option<Vec<String>>,
}

packed!(struct Newer { count, name, size, more });

#[derive(Debug, Clone, PartialEq, Eq)]
enum OlderKind {
    Empty,
    One(u64),
    Two { first: u64, second: bool },
}

packed!(enum OlderKind {
    0 Empty,
    1 One(value),
    4 Two { first, second },
});

#[derive(Debug, Clone, PartialEq, Eq)]
enum NewerKind {
    Empty,
    One(u64, Option<u64>),
    Two { first: u64, second: bool, third: Option<String> },
    Another(String),
}

packed!(enum NewerKind {
    0 Empty,
    1 One(value, more),
    4 Two { first, second, third },
    5 Another(value),
});

/// What is written between others.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Between<T, K> {
    items: Vec<T>,
    kind: K,
    last: u64,
}

/// A struct with type parameters, which the macro has no form for.
macro_rules! between {
    ($($item:ident $kind:ident),+) => {$(
        impl packed::Packed for Between<$item, $kind> {
            fn pack(&self, bytes: &mut Vec<u8>) {
                self.items.pack(bytes);
                self.kind.pack(bytes);
                self.last.pack(bytes);
            }

            fn unpack(reader: &mut packed::Reader<'_>) -> Self {
                let (items, kind) = (packed::Packed::unpack(reader), packed::Packed::unpack(reader));
                Self { items, kind, last: packed::Packed::unpack(reader) }
            }
        }
    )+};
}
between![Older OlderKind, Newer NewerKind];

#[derive(Debug, Clone, PartialEq, Eq)]
struct Hidden {
    told: u64,
    hidden: Vec<u64>,
}

packed!(struct Hidden { told } skip { hidden });

#[derive(Debug, Clone, PartialEq, Eq)]
struct Name(String);

packed!(struct Name(_));

fn older(name: Option<&str>) -> Older {
    Older { count: 300, name: name.map(str::to_owned) }
}

fn newer(older: Older) -> Newer {
    Newer { count: older.count, name: older.name, size: None, more: None }
}

#[test]
fn a_number_has_seven_bits_in_each_byte_the_lowest_first() {
    for (number, bytes) in [
        (0, &b"\0"[..]),
        (1, b"\x01"),
        (127, b"\x7f"),
        (128, b"\x80\x01"),
        (300, b"\xac\x02"),
        (16_383, b"\xff\x7f"),
        (16_384, b"\x80\x80\x01"),
        (u64::from(u32::MAX), b"\xff\xff\xff\xff\x0f"),
        (u64::MAX, b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"),
        (1 << 63, b"\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01"),
    ] {
        check_stored::<u64>(&number, bytes);
    }
    check_stored(&65_535_u16, b"\xff\xff\x03");
    check_stored(&u32::MAX, b"\xff\xff\xff\xff\x0f");
    check_stored(&usize::MAX, &pack(&u64::try_from(usize::MAX).unwrap()));
}

#[test]
fn a_number_that_its_type_does_not_hold_is_refused() {
    assert_eq!(unpack::<u16>(&pack(&65_536_u32)), None);
    assert_eq!(unpack::<u32>(&pack(&(u64::from(u32::MAX) + 1))), None);
    assert_eq!(unpack::<u32>(&pack(&u64::MAX)), None);
    for endless in [&b"\x80"[..], b"\xff\xff", &[0xff; 40]] {
        assert_eq!(unpack::<u64>(endless), None, "{endless:?}");
    }
}

#[test]
fn a_number_of_more_bytes_than_64_bits_need_breaks_nothing() {
    assert_eq!(unpack::<u64>(b"\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01"), Some(0));
    assert_eq!(unpack::<u64>(&[&[0x81; 40][..], b"\x01"].concat()), unpack::<u64>(&[&[0x81; 10][..], b"\0"].concat()));
}

#[test]
fn every_simple_value_has_one_form() {
    check_stored(&false, b"\0");
    check_stored(&true, b"\x01");
    check_stored(&(), b"");
    check_stored(&String::new(), b"\0");
    check_stored(&"Ayşe".to_owned(), b"\x05Ay\xc5\x9fe");
    check_stored(&"x".repeat(200), &[b"\xc8\x01", "x".repeat(200).as_bytes()].concat());
    check_stored(&Name("Ali".to_owned()), b"\x03Ali");
    check_stored(&None::<u64>, b"\0");
    check_stored(&Some(300_u64), b"\x01\xac\x02");
    check_stored(&Vec::<u64>::new(), b"\0");
    check_stored(&vec![1_u64, 300], b"\x02\x01\xac\x02");
    check_stored(&Ok::<u64, bool>(7), b"\x01\x07");
    check_stored(&Err::<u64, bool>(true), b"\0\x01");
    check_stored(&older(Some("Ali")), b"\x07\xac\x02\x01\x03Ali");
    check_stored(&older(None), b"\x03\xac\x02\0");
    check_stored(&OlderKind::Empty, b"\0\0");
    check_stored(&OlderKind::One(300), b"\x01\x02\xac\x02");
    check_stored(&OlderKind::Two { first: 1, second: true }, b"\x04\x02\x01\x01");
}

#[test]
fn bytes_that_hold_something_else_are_refused() {
    for flag in 2..=255 {
        assert_eq!(unpack::<bool>(&[flag]), None, "{flag}");
        assert_eq!(unpack::<Option<()>>(&[flag]), None, "{flag}");
        assert_eq!(unpack::<Result<(), ()>>(&[flag]), None, "{flag}");
    }
    assert_eq!(unpack::<String>(b"\x02\xc5x"), None, "no UTF-8");
    assert_eq!(unpack::<String>(b"\x04Ali"), None, "shorter than it says");
    assert_eq!(unpack::<String>(b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01Ali"), None, "far shorter than it says");
    assert_eq!(unpack::<Vec<u64>>(b"\x03\x01\x01"), None, "fewer items than it says");
    assert_eq!(unpack::<Vec<String>>(b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\0\0"), None, "far fewer");
    assert_eq!(unpack::<Older>(b"\x08\xac\x02\x01\x03Ali"), None, "shorter than it says");
    assert_eq!(unpack::<Older>(b"\0"), None, "without its first member");
    assert_eq!(unpack::<u64>(b""), None, "nothing");
}

#[test]
fn a_value_fills_its_bytes() {
    for behind in [&b"\0"[..], b"\x01", b"more"] {
        assert_eq!(unpack::<u64>(&[b"\x01", behind].concat()), None);
        assert_eq!(unpack::<()>(behind), None);
        assert_eq!(unpack::<Older>(&[&pack(&older(None)), behind].concat()), None);
        assert_eq!(unpack::<OlderKind>(&[&pack(&OlderKind::Empty), behind].concat()), None);
    }
}

#[test]
fn a_variant_that_nobody_knows_is_refused_wherever_it_stands() {
    for number in [2_u64, 3, 5, 127, 128, u64::MAX] {
        for members in [&b"\0"[..], b"\x01\x01", b"\x02\x01\x01"] {
            let bytes = [&pack(&number), members].concat();
            assert_eq!(unpack::<OlderKind>(&bytes), None, "{number}");
            assert_eq!(unpack::<Vec<OlderKind>>(&[b"\x01", &bytes[..]].concat()), None, "{number}");
            assert_eq!(unpack::<Option<OlderKind>>(&[b"\x01", &bytes[..]].concat()), None, "{number}");
        }
    }
    let newer = Between { items: vec![newer(older(None))], kind: NewerKind::Another("x".to_owned()), last: 7 };
    assert_eq!(unpack::<Between<Older, OlderKind>>(&pack(&newer)), None);
}

#[test]
fn what_an_older_version_wrote_reads_without_the_members_that_came_later() {
    for name in [Some("Ali"), None] {
        assert_eq!(unpack::<Newer>(&pack(&older(name))), Some(newer(older(name))));
    }
    let written = Between { items: vec![older(Some("Ali")), older(None)], kind: OlderKind::One(7), last: 9 };
    let read =
        Between { items: vec![newer(older(Some("Ali"))), newer(older(None))], kind: NewerKind::One(7, None), last: 9 };
    assert_eq!(unpack::<Between<Newer, NewerKind>>(&pack(&written)), Some(read));
    let two = OlderKind::Two { first: 1, second: true };
    let read = NewerKind::Two { first: 1, second: true, third: None };
    assert_eq!(unpack::<NewerKind>(&pack(&two)), Some(read));
}

#[test]
fn what_a_newer_version_wrote_reads_without_the_members_that_it_added() {
    let more = |name| Newer { size: Some(9), more: Some(vec!["x".to_owned()]), ..newer(older(name)) };
    for name in [Some("Ali"), None] {
        assert_eq!(unpack::<Older>(&pack(&more(name))), Some(older(name)));
    }
    for (kind, read) in [
        (NewerKind::Empty, OlderKind::Empty),
        (NewerKind::One(7, Some(8)), OlderKind::One(7)),
        (
            NewerKind::Two { first: 1, second: true, third: Some("x".to_owned()) },
            OlderKind::Two { first: 1, second: true },
        ),
    ] {
        let written = Between { items: vec![more(Some("Ali")), more(None)], kind, last: 9 };
        let read = Between { items: vec![older(Some("Ali")), older(None)], kind: read, last: 9 };
        assert_eq!(unpack::<Between<Older, OlderKind>>(&pack(&written)), Some(read));
    }
}

#[test]
fn a_member_that_is_not_written_reads_as_its_default() {
    let hidden = Hidden { told: 7, hidden: vec![1, 2] };
    assert_eq!(pack(&hidden), b"\x01\x07");
    assert_eq!(unpack::<Hidden>(b"\x01\x07"), Some(Hidden { hidden: Vec::new(), ..hidden }));
}

proptest! {
    #[test]
    fn every_number_comes_back(number: u64, small: u16, shift in 0..64_u32) {
        prop_assert_eq!(unpack::<u64>(&pack(&(number >> shift))), Some(number >> shift));
        prop_assert_eq!(unpack::<u32>(&pack(&u32::from(small))), Some(u32::from(small)));
    }

    #[test]
    fn every_value_comes_back(count: u64, name: Option<String>, size: Option<u32>, more: Option<Vec<String>>) {
        let value = Newer { count, name, size, more };
        prop_assert_eq!(unpack::<Newer>(&pack(&value)), Some(value));
    }

    #[test]
    fn whatever_the_bytes_are_they_are_refused_or_a_value_that_comes_back(bytes: Vec<u8>) {
        if let Some(value) = unpack::<Between<Newer, NewerKind>>(&bytes) {
            prop_assert_eq!(unpack::<Between<Newer, NewerKind>>(&pack(&value)), Some(value));
        }
    }
}
