//! What comes back from the storage or from another object: of which type in the first byte, its bytes after it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use paytr_link_relay::link::Terms;
use paytr_link_relay::message::{Answer, Envelope, Notice};
use paytr_link_relay::order::{Order, OrderNotice, People};
use paytr_link_relay::packed::{Packed, pack, unpack};
use paytr_link_relay::payment::PaymentDetails;
use paytr_link_relay::telemetry::LogLine;
use paytr_link_relay_fuzz::NOW_MS;

/// Reads a value. What can be read is written so that the same is read again, and so that nothing shorter is the same.
fn read<T: Packed + PartialEq>(bytes: &[u8]) -> Option<T> {
    let value: T = unpack(bytes)?;
    let packed = pack(&value);
    assert!(unpack::<T>(&packed).as_ref() == Some(&value));
    assert!(unpack::<T>(&[&packed[..], b"\0"].concat()).is_none(), "more bytes than the value has");
    Some(value)
}

fuzz_target!(|input: &[u8]| {
    let Some((&first, bytes)) = input.split_first() else { return };
    match first % 8 {
        0 => {
            if let Some(envelope) = read::<Envelope>(bytes) {
                assert!(!envelope.describe(LogLine::default()).text().is_empty());
            }
        }
        1 => {
            if let Some(Answer { content: Ok(success), .. }) = read(bytes) {
                assert!(success.body().starts_with(r#"{"outcome":""#));
            }
        }
        2 => drop(read::<Notice>(bytes)),
        3 => {
            if let Some(mut order) = read::<Order>(bytes) {
                assert!(order.people.is_empty());
                let _ = (order.next_step(NOW_MS), order.next_write_back());
                order.begin_closing();
            }
        }
        4 => drop(read::<OrderNotice>(bytes)),
        5 => drop(read::<People>(bytes)),
        6 => drop(read::<Terms>(bytes)),
        _ => drop(read::<PaymentDetails>(bytes)),
    }
});
