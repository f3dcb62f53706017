//! Events as the relay itself signs them: what a receiver with any of the published libraries has to accept.

use super::{Class, accept};
use crate::case::{Case, NAMES, WORD, written};
use crate::random::Random;
use paytr_link_relay::model::CallbackId;
use paytr_link_relay::payment::assessment::{Assessment, Expected};
use paytr_link_relay::payment::{EventId, event};
use paytr_link_relay::paytr::{Merchant, Notification, TotalAmount, Unsigned, UnsignedText};
use paytr_link_relay::standard_webhooks::{parse_secrets, sign};

pub fn classes() -> Vec<Class> {
    vec![
        accept("an event, signed by the relay", |random, now| signed(random, now, 1)),
        accept("an event, signed with two secrets, of which one is known", |random, now| {
            let mut case = signed(random, now, 2);
            case.secrets.remove(random.below(2));
            case
        }),
    ]
}

/// An event, and all the secrets that it is signed with.
fn signed(random: &mut Random, now: u64, secrets: usize) -> Case {
    let secrets: Vec<String> = (0..secrets).map(|_| written(&random.bytes(24))).collect();
    let merchant = Merchant::new("123456".into(), random.text(WORD, 16), random.text(WORD, 16)).unwrap();
    let amount = random.below(1_000_000) as u64;
    let notification = Notification {
        callback_id: CallbackId::parse(&random.text("0123456789abcdef", 64)).unwrap(),
        merchant_oid: random.text(WORD, 20),
        status: "success".into(),
        total_amount: TotalAmount::MinorUnits(amount, amount.to_string()),
        unsigned: Unsigned { payment_type: Some(random.text("&<>\"\\/é", 3)), ..Unsigned::default() },
        unsigned_text: UnsignedText::default(),
    };
    let id = EventId::new(&merchant, &notification).as_str().to_owned();
    let expected = Expected { merchant_id: merchant.id(), link: None, is_changed: false };
    let assessment = Assessment::new(&notification, &expected);
    let body = event::body(&notification, None, &assessment, now * 1000).into_bytes();
    let signature = sign(&parse_secrets(&secrets.join(" ")).unwrap(), &id, now, &body);
    Case {
        now,
        secrets,
        id: Some(id),
        timestamp: Some(now.to_string()),
        signature: Some(signature),
        body,
        names: NAMES,
    }
}
