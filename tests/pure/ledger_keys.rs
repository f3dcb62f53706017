//! Where a message is kept: one row for each thing, in one of 32 partitions, and nothing to be read in their names.
//!
//! The golden tables may never change: what a relay has recorded is found again by them alone.

use crate::support::{EMAIL, MERCHANT_KEY, SMS, callback_id, email_to, merchant, merchant_with, message, sms_to};
use paytr_link_relay::ledger::{Address, Keeper, PARTITIONS, Partition, Slot, new_callback_id};
use paytr_link_relay::message::{AskPaytr, SendLink};
use paytr_link_relay::model::CallbackId;
use paytr_link_relay::paytr::Merchant;
use std::collections::{BTreeMap, BTreeSet};

/// Where this relay's objects are.
const NAMESPACE: &str = "a relay's own";

fn address_under(merchant: &Merchant, webhook_id: &str, message: &SendLink) -> Address {
    Address::of(merchant, NAMESPACE, webhook_id, Keeper::Recipient(&message.recipient))
}

fn address(webhook_id: &str, message: &SendLink) -> Address {
    address_under(&merchant(), webhook_id, message)
}

fn owner_and_key(address: Address) -> (String, String) {
    match address.slot {
        Slot::Message { owner, key } => (owner, key),
        Slot::Link(callback_id) => panic!("a link's own row, {callback_id:?}"),
    }
}

fn owner(message: &SendLink) -> String {
    owner_and_key(address("msg_1", message)).0
}

#[test]
fn there_are_32_partitions_and_their_names_never_change() {
    let names: Vec<String> = Partition::all().map(Partition::name).collect();
    let expected: Vec<String> = (0..32).map(|number| format!("ledger-{number:02}")).collect();
    assert_eq!((names, PARTITIONS), (expected, 32));
}

#[test]
fn a_link_is_in_the_partition_that_its_first_byte_names() {
    let digits = ["00", "01", "0f", "1f", "20", "b9", "e0", "ff"];
    for (digits, number) in digits.into_iter().zip([0, 1, 15, 31, 0, 25, 0, 31]) {
        let id = CallbackId::parse(&format!("{digits}{}", "5".repeat(62))).unwrap();
        assert_eq!(Partition::of_link(&id).name(), format!("ledger-{number:02}"), "{digits}");
        let keeper = Keeper::Link(&id);
        assert_eq!(Address::of(&merchant(), NAMESPACE, "msg_1", keeper).partition, Partition::of_link(&id));
    }
}

#[test]
fn partitions_hold_about_as_much_each() {
    const EACH: usize = 250;
    let merchant = merchant();
    let check = |what: &str, partition: &dyn Fn(usize) -> Partition| {
        let mut counts = BTreeMap::new();
        for number in 0..32 * EACH {
            *counts.entry(partition(number).name()).or_insert(0) += 1;
        }
        assert_eq!(counts.len(), 32, "{what}: {counts:?}");
        // Five standard deviations, about 16 each.
        assert!(counts.values().all(|count| (EACH - 80..=EACH + 80).contains(count)), "{what}: {counts:?}");
    };
    let of = |number, keeper| Address::of(&merchant, NAMESPACE, &format!("order_{number}_1"), keeper).partition;
    check("links", &|number| of(number, Keeper::NewLink));
    check("messages", &|number| of(number, Keeper::Message));
    check("recipients", &|number| {
        let message = sms_to(&format!("05{:09}", 300_000_000 + number * 7919));
        address_under(&merchant, "msg_1", &message).partition
    });
}

#[test]
fn an_owner_is_one_recipient_on_one_channel() {
    assert_eq!(owner(&message(SMS)), owner(&message(SMS)));
    assert_eq!(owner(&message(SMS)), owner(&message(&SMS.replace("NB2Zlz3", "another"))));
    assert_eq!(owner(&message(SMS)), owner(&sms_to("+90 532 123 45 67")));
    for other_case in ["Musteri@example.com", "musteri@Example.COM"] {
        assert_eq!(owner(&message(EMAIL)), owner(&email_to(other_case)), "{other_case}");
        assert_eq!(address("msg_1", &message(EMAIL)), address("msg_1", &email_to(other_case)), "{other_case}");
    }
    let four = [message(SMS), sms_to("05321234568"), message(EMAIL), email_to("musteri2@example.com")];
    assert_eq!(four.iter().map(owner).collect::<BTreeSet<_>>().len(), 4);
    let other_merchant = merchant_with("123456", "another key, newer", "sAlt0987654321xy");
    assert_ne!(owner(&message(SMS)), owner_and_key(address_under(&other_merchant, "msg_1", &message(SMS))).0);
}

#[test]
fn a_key_stands_for_the_webhook_id_alone() {
    let key = |webhook_id: &str, message: &SendLink| owner_and_key(address(webhook_id, message)).1;
    let ids = ["msg_1", "msg_2", "msg_11", "MSG_1", "1", "webhook-id"];
    let keys: BTreeSet<String> = ids.iter().map(|id| key(id, &message(SMS))).collect();
    assert_eq!(keys.len(), ids.len());
    for message in [message(EMAIL), sms_to("05321234568"), message(&SMS.replace("NB2Zlz3", "another"))] {
        assert_eq!(key("msg_1", &message), key("msg_1", &self::message(SMS)));
    }
}

#[test]
fn the_row_of_a_message_never_changes() {
    let own = callback_id();
    let (sms, email) = (message(SMS).recipient, message(EMAIL).recipient);
    let key = "66T+9NvROJHwZKo660G4wdULMDafTp/MJRxjhJ82SCc=";
    let cases = [
        (Keeper::Recipient(&sms), "ledger-17", "sQo7nGF5vbM053A3pM7uEqtbcx4jYJPRVncCZc1iRCs="),
        (Keeper::Recipient(&email), "ledger-27", "m+WHwg4soI49Bmt/9fcM4TV99wErBj8LrUDTGQpT0Rc="),
        (Keeper::Message, "ledger-07", "J3Cv9fHQF7Xh+R3jEeOHXfPbCqSKf3WsYdI+A1v+Z+g="),
        (Keeper::Link(&own), "ledger-15", own.as_str()),
    ];
    for (keeper, partition, owner) in cases {
        let address = Address::of(&merchant(), NAMESPACE, "msg_1", keeper);
        assert_eq!(address.partition.name(), partition, "{keeper:?}");
        let slot = Slot::Message { owner: owner.to_owned(), key: key.to_owned() };
        assert_eq!(address.slot, slot, "{keeper:?}");
    }
    let created = Address::of(&merchant(), NAMESPACE, "msg_1", Keeper::NewLink);
    let id = CallbackId::parse("1f48418494d62224ebc2ddd1eae0b01b19c140ad0aade3332c4d799a47f387fe").unwrap();
    assert_eq!((created.partition.name().as_str(), created.slot), ("ledger-31", Slot::Link(id)));
}

#[test]
fn a_link_is_named_by_a_keyed_hash_of_its_messages_id_and_of_the_relay() {
    let id_of = |merchant: &Merchant, namespace: &str, webhook_id: &str| {
        let address = Address::of(merchant, namespace, webhook_id, Keeper::NewLink);
        assert_eq!(address.callback_id, Some(new_callback_id(merchant, namespace, webhook_id)));
        address.callback_id.unwrap()
    };
    let id = id_of(&merchant(), NAMESPACE, "msg_1");
    assert_eq!(CallbackId::parse(id.as_str()), Some(id.clone()));
    assert_ne!(id_of(&merchant(), NAMESPACE, "msg_2"), id);
    assert_ne!(id_of(&merchant(), "the test relay's", "msg_1"), id, "two relays of one merchant share a link");
    assert_ne!(id_of(&merchant_with("123456", "another key, newer", "salt"), NAMESPACE, "msg_1"), id);
    assert_eq!(id_of(&merchant_with("654321", MERCHANT_KEY, "another salt, new"), NAMESPACE, "msg_1"), id);
    // What ends the one and begins the other is no matter of chance.
    assert_ne!(id_of(&merchant(), "ab", "c"), id_of(&merchant(), "a", "bc"));
}

#[test]
fn a_message_about_a_link_is_kept_with_it_and_every_other_one_with_none() {
    let own = callback_id();
    let of = |keeper| Address::of(&merchant(), NAMESPACE, "msg_1", keeper);
    assert_eq!(of(Keeper::Link(&own)).callback_id, Some(own.clone()));
    let sms = message(SMS).recipient;
    assert_eq!(of(Keeper::Recipient(&sms)).callback_id, None);
    assert_eq!(of(Keeper::Message).callback_id, None);
    // Only the names of links depend on the relay.
    let elsewhere = |keeper| Address::of(&merchant(), "the test relay's", "msg_1", keeper);
    for keeper in [Keeper::Link(&own), Keeper::Recipient(&sms), Keeper::Message] {
        assert_eq!(of(keeper), elsewhere(keeper), "{keeper:?}");
    }
}

#[test]
fn no_two_kinds_of_names_ever_meet() {
    let merchant = merchant();
    let mut all = BTreeSet::new();
    let messages = [message(SMS), sms_to("05321234568"), message(EMAIL), email_to("musteri2@example.com")];
    for message in &messages {
        // Each text in the place of each other one.
        let webhook_id = message.recipient.as_str();
        let (owner, key) = owner_and_key(address_under(&merchant, webhook_id, message));
        let token = merchant.send_token(message.id.as_str(), webhook_id).unwrap().as_str().to_owned();
        let own = Address::of(&merchant, webhook_id, webhook_id, Keeper::NewLink).callback_id.unwrap();
        let (by_itself, _) = owner_and_key(Address::of(&merchant, webhook_id, webhook_id, Keeper::Message));
        all.extend([owner, key, message.fingerprint().hash(&merchant), token, own.as_str().to_owned(), by_itself]);
    }
    assert_eq!(all.len(), 6 * messages.len());
}

#[test]
fn every_row_has_a_text_of_its_own() {
    let own = callback_id();
    let (sms, email) = (message(SMS).recipient, message(EMAIL).recipient);
    let mut texts = BTreeSet::new();
    for webhook_id in ["msg_1", "msg_2"] {
        for keeper in
            [Keeper::Recipient(&sms), Keeper::Recipient(&email), Keeper::Message, Keeper::NewLink, Keeper::Link(&own)]
        {
            texts.insert(Address::of(&merchant(), NAMESPACE, webhook_id, keeper).slot.text());
        }
    }
    assert_eq!(texts.len(), 10);
}

#[test]
fn nothing_that_came_in_shows_in_a_name() {
    for message in [message(SMS), message(EMAIL), email_to("Musteri@example.com")] {
        let (owner, key) = owner_and_key(address("order-4711", &message));
        assert!(owner.len() == 44 && key.len() == 44, "{owner} {key}");
        for name in [owner, key, address("order-4711", &message).partition.name()] {
            for shown in ["4711", "order", "532", "musteri", "NB2Zlz3", "example"] {
                assert!(!name.to_lowercase().contains(&shown.to_lowercase()), "{name} shows {shown}");
            }
        }
    }
}
