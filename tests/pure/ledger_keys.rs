//! Keys in the ledger: one for each thing, and nothing to be read in them.

use crate::support::{EMAIL, MERCHANT_KEY, SMS, email_to, entry_keys, merchant, merchant_with, message, sms_to};
use paytr_link_relay::ledger::{self, EntryKeys};
use paytr_link_relay::model::CallbackId;
use paytr_link_relay::message::{Keeper, SendLink};
use paytr_link_relay::paytr::Merchant;
use std::collections::BTreeSet;

fn object_name(merchant: &Merchant, message: &SendLink) -> String {
    ledger::object_name(merchant, "msg_1", &Keeper::Recipient(&message.recipient))
}

fn messages() -> Vec<SendLink> {
    let with = |body: &str, more: &str| message(&body.replace(r#""id""#, &format!("{more}\"id\"")));
    vec![
        message(SMS),
        sms_to("05321234568"),
        message(EMAIL),
        email_to("Musteri@example.com"),
        email_to("musteri2@example.com"),
        message(&SMS.replace("NB2Zlz3", "nb2zlz3")),
        message(&SMS.replace("NB2Zlz3", "NB2Zlz30")),
        message(&EMAIL.replace("NB2Zlz3", "NB2Zlz30")),
        with(SMS, "\"debug_on\":0,"),
        with(SMS, "\"debug_on\":1,"),
        with(EMAIL, "\"debug_on\":0,"),
        with(EMAIL, "\"debug_on\":1,"),
    ]
}

#[test]
fn an_object_is_one_recipients_on_one_channel() {
    let name = |message: &SendLink| object_name(&merchant(), message);
    assert_eq!(name(&message(SMS)), name(&message(SMS)));
    assert_eq!(name(&message(SMS)), name(&message(&SMS.replace("NB2Zlz3", "another"))));
    assert_eq!(name(&message(SMS)), name(&sms_to("+90 532 123 45 67")));
    for other_case in ["Musteri@example.com", "musteri@Example.COM"] {
        assert_eq!(name(&message(EMAIL)), name(&email_to(other_case)), "{other_case}");
    }
    let four = [message(SMS), sms_to("05321234568"), message(EMAIL), email_to("musteri2@example.com")];
    assert_eq!(four.iter().map(name).collect::<BTreeSet<_>>().len(), 4);
    let other_merchant = merchant_with("123456", "another key, newer", "sAlt0987654321xy");
    assert_ne!(name(&message(SMS)), object_name(&other_merchant, &message(SMS)));
}

#[test]
fn a_fingerprint_stands_for_all_that_the_message_says() {
    let fingerprint = |message: &SendLink| entry_keys(&merchant(), "msg_1", message).fingerprint;
    let messages = messages();
    let fingerprints: BTreeSet<String> = messages.iter().map(fingerprint).collect();
    assert_eq!(fingerprints.len(), messages.len());
    assert_eq!(fingerprint(&message(SMS)), fingerprint(&sms_to("(0532) 123 45 67")));
    assert_eq!(fingerprint(&message(SMS)), entry_keys(&merchant(), "msg_2", &message(SMS)).fingerprint);
}

#[test]
fn a_key_stands_for_the_webhook_id_alone() {
    let key = |webhook_id: &str, message: &SendLink| entry_keys(&merchant(), webhook_id, message).entry;
    let ids = ["msg_1", "msg_2", "msg_11", "MSG_1", "1", "webhook-id"];
    let keys: BTreeSet<String> = ids.iter().map(|id| key(id, &message(SMS))).collect();
    assert_eq!(keys.len(), ids.len());
    for message in messages() {
        assert_eq!(key("msg_1", &message), key("msg_1", &self::message(SMS)));
    }
}

#[test]
fn no_two_kinds_of_names_ever_meet() {
    let merchant = merchant();
    let mut all = BTreeSet::new();
    let mut count = 0;
    let recipients = ["05321234567", "05321234568", "musteri@example.com", "musteri2@example.com"];
    for message in messages().iter().filter(|message| {
        let is_plain = message.id.as_str() == "NB2Zlz3" && message.debug_on.is_none();
        is_plain && recipients.contains(&message.recipient.as_str())
    }) {
        let EntryKeys { entry, fingerprint } = entry_keys(&merchant, message.recipient.as_str(), message);
        let token = merchant.send_token(message.id.as_str(), message.recipient.as_str()).unwrap().as_str().to_owned();
        all.extend([object_name(&merchant, message), entry, fingerprint, token]);
        count += 4;
    }
    assert_eq!((all.len(), count), (16, 16));
}

#[test]
fn nothing_that_came_in_shows_in_a_name() {
    for message in messages() {
        let EntryKeys { entry, fingerprint } = entry_keys(&merchant(), "order-4711", &message);
        for name in [object_name(&merchant(), &message), entry, fingerprint] {
            assert_eq!(name.len(), 44, "{name}");
            for shown in ["4711", "order", "532", "musteri", "NB2Zlz3", "example"] {
                assert!(!name.to_lowercase().contains(&shown.to_lowercase()), "{name} shows {shown}");
            }
        }
    }
}

#[test]
fn a_links_object_is_named_after_its_callback_id_which_is_a_keyed_hash_of_the_webhook_id() {
    let id_of =
        |merchant: &Merchant, webhook_id: &str| ledger::callback_id(merchant, webhook_id, &Keeper::NewLink).unwrap();
    let id = id_of(&merchant(), "msg_1");
    assert_eq!(CallbackId::parse(id.as_str()), Some(id.clone()));
    assert_eq!(ledger::object_name(&merchant(), "msg_1", &Keeper::NewLink), id.as_str());
    assert_eq!(ledger::object_name(&merchant(), "msg_2", &Keeper::Link(&id)), id.as_str());
    assert_eq!(ledger::callback_id(&merchant(), "msg_2", &Keeper::Link(&id)), Some(id.clone()));
    assert_ne!(id_of(&merchant(), "msg_2"), id);
    assert_ne!(id_of(&merchant_with("123456", "another key, newer", "salt"), "msg_1"), id);
    assert_eq!(id_of(&merchant_with("654321", MERCHANT_KEY, "another salt, new"), "msg_1"), id);
    for keeper in [Keeper::Recipient(&message(SMS).recipient), Keeper::Message] {
        assert_eq!(ledger::callback_id(&merchant(), "msg_1", &keeper), None);
    }
}
