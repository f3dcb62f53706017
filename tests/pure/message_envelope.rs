//! What goes to a partition and what comes back: what of a message the log may say, what a further message keeps of it, and
//! that nothing changes on the way.

use crate::shop::merged;
use crate::support::{
    ANSWER_CONTEXT, EMAIL, SMS, UNKNOWN, asks_paytr, callback_id, created, created_link, link, link_in_list,
    message_of, payment, payment_view, pong, reads_link, record, rejection, view,
};
use paytr_link_relay::alert::{Alert, AlertKind};
use paytr_link_relay::ledger::{Refusal, Unavailable};
use paytr_link_relay::link::{Link, LinkOfOrder, SendOutcome, SendReport};
use paytr_link_relay::link_view::LinkView;
use paytr_link_relay::message::{
    Answer, AnswerContext, Counts, Create, Envelope, Handling, ListedEvent, ListedLink, Message, Notice, Part, Success,
    TYPES,
};
use paytr_link_relay::model::{LinkId, Moment, OrderKey, Reference};
use paytr_link_relay::packed::{Packed, pack, unpack};
use paytr_link_relay::payment::{Assessment, EventState, EventType, PaymentDetails, Reason};
use paytr_link_relay::paytr::delete::Fates;
use paytr_link_relay::paytr::{
    Cause, CreatedLink, Notification, Outcome, RejectedStatus, Rejection, TotalAmount, Unsigned, UnsignedText,
};
use paytr_link_relay::telemetry::{LogLine, RequestInfo};
use serde_json::{Value, json};
use std::collections::{BTreeSet, HashSet};
use std::fmt::Debug;
use std::mem::discriminant;

fn envelope(webhook_id: &str, body: &str) -> Envelope {
    Envelope {
        request: RequestInfo { request_id: "8f3c2b1a0d9e7f65-IST".to_owned(), received_at: 1_795_000_000_000 },
        webhook_id: webhook_id.to_owned(),
        secret_number: Some(2),
        origin: "https://relay.example".to_owned(),
        message: Message::parse(body.as_bytes()).unwrap(),
    }
}

#[test]
fn the_log_has_the_message_and_its_id_but_for_whom_it_is_sent_to() {
    for (webhook_id, body, expected) in [
        ("msg_1", SMS, ("msg_1", "link.send_sms", "05*******67")),
        ("sms-5321234567", SMS, ("[redacted]", "link.send_sms", "05*******67")),
        ("order-5555555555", EMAIL, ("order-5555555555", "link.send_email", "m***@e***.com")),
    ] {
        let envelope = envelope(webhook_id, body);
        let line = envelope.describe(LogLine { status: 200, ..LogLine::default() });
        let said = (line.webhook_id.unwrap(), line.message_type.unwrap(), line.recipient.as_deref().unwrap());
        assert_eq!(said, expected);
        assert_eq!((line.status, line.secret, line.link_id.as_deref()), (200, Some(2), Some("NB2Zlz3")));
    }
}

#[test]
fn a_further_message_comes_of_the_same_request_under_the_same_id() {
    let first = envelope("msg_1", SMS);
    let message = message_of("link.send_email", &json!({"id": "NB2Zlz3", "email": "musteri@example.com"}));
    let expected = Envelope { message: message.clone(), ..first.clone() };
    assert_eq!(first.follow_up(message), expected);
    assert_ne!(first, expected);
}

/// Sends a value to another object and takes it there.
pub fn cross<T: Packed + PartialEq + Debug>(value: &T) {
    let bytes = pack(value);
    let arrived: T = unpack(&bytes).unwrap_or_else(|| panic!("{value:?} does not arrive: {}", bytes.escape_ascii()));
    assert_eq!(arrived, *value, "{}", bytes.escape_ascii());
}

/// Messages with each member that a type has, and with the least.
fn messages() -> Vec<Message> {
    let create = |more: Value| message_of("link.create", &merged(json!({"name": "Order 1001", "price": 1445}), &more));
    let email = "musteri@example.com";
    vec![
        message_of("link.send_sms", &json!({"id": "NB2Zlz3", "cell_phone": "05321234567"})),
        message_of("link.send_sms", &json!({"id": "NB2Zlz3", "cell_phone": "05321234567", "debug_on": 1})),
        message_of("link.send_email", &json!({"id": "NB2Zlz3", "email": email, "debug_on": 0})),
        create(json!({})),
        create(json!({"min_count": 2, "max_count": null, "pft": 3, "get_qr": 1, "reference": "1001"})),
        create(json!({"link_type": "collection", "email": email, "reusable": true, "send": {"email": email}})),
        create(json!({
            "link_type": "flex", "flex_max_price": 2000, "user_name": "Ali", "currency": "EUR", "lang": "en",
            "max_installment": 3, "expiry_date": "2030-01-31T23:59:59+03:00", "get_qr": 0, "debug_on": 0,
            "send": {"cell_phone": "05321234567", "email": email},
        })),
        message_of("link.delete", &json!({"ids": ["a", 7], "debug_on": 1})),
        message_of("link.delete", &json!({"callback_id": callback_id()})),
        message_of("link.get", &json!({"callback_id": callback_id()})),
        message_of("link.get", &json!({"callback_id": callback_id(), "cursor": "1795600800999-evt_1"})),
        message_of("event.replay", &json!({"callback_id": callback_id()})),
        message_of("event.replay", &json!({"callback_id": callback_id(), "created_after": "2026-11-25T10:00:00Z"})),
        message_of("event.replay", &json!({"state": "dead", "created_after": "2026-11-25T10:00:00Z"})),
        message_of("event.replay", &json!({"state": "dead"})),
        message_of("relay.ping", &json!({})),
        message_of("relay.ping", &json!({"events": true})),
        message_of("link.list", &json!({})),
        message_of("link.list", &json!({"reference": "1001", "state": "open", "limit": 3, "cursor": "1-0f"})),
        message_of("event.list", &json!({"state": "dead", "created_before": "2026-11-25T10:00:00Z"})),
        message_of("relay.status", &json!({})),
    ]
}

#[test]
fn a_message_of_every_type_and_a_notification_reach_their_partition_as_they_were() {
    let messages = messages();
    let types: BTreeSet<&str> = messages.iter().map(Message::message_type).collect();
    assert_eq!(types, TYPES.iter().copied().collect());
    envelopes().iter().for_each(cross);
    notices().iter().for_each(cross);
}

/// A message of each type on its way to its partition, and one that the relay makes itself.
pub fn envelopes() -> Vec<Envelope> {
    let key = OrderKey { storefront: "shop".to_owned(), order_id: "11".to_owned() };
    let of_order = messages().into_iter().filter_map(|message| match message {
        Message::Create(create) => {
            let order = Some(LinkOfOrder { key: key.clone(), number: 2 });
            Some(Message::Create(Create { order, ..create }))
        }
        _ => None,
    });
    let all = messages().into_iter().map(|message| Envelope { message, ..envelope("msg_1", SMS) });
    let own = || Envelope { secret_number: None, ..envelope("storefront.shop.11.2", SMS) };
    all.chain(of_order.map(|message| Envelope { message, ..own() })).collect()
}

/// Notifications with each member, and with the least.
pub fn notices() -> Vec<Notice> {
    let text = |text: &str| Some(text.to_owned());
    let unsigned_text = UnsignedText {
        payment_amount: text("1.00"),
        currency: text("USD "),
        payment_type: text(""),
        test_mode: text("true"),
        merchant_id: text(" 999"),
    };
    let odd = Notification {
        total_amount: TotalAmount::Unreadable("158000.00".to_owned()),
        unsigned: Unsigned::default(),
        unsigned_text,
        ..payment()
    };
    let zeros = Notification { total_amount: TotalAmount::MinorUnits(7, "007".to_owned()), ..payment() };
    let request = envelope("msg_1", SMS).request;
    [payment(), odd, zeros].map(|notification| Notice { request: request.clone(), notification }).to_vec()
}

/// What is kept of payments: of one with the least, and of one with all.
pub fn details() -> Vec<PaymentDetails> {
    let against = Assessment { reasons: vec![Reason::Unreadable, Reason::Deleted] };
    let assessments = [Assessment { reasons: Vec::new() }, against];
    let pairs = notices().into_iter().zip(assessments.iter().cycle());
    pairs.map(|(notice, assessment)| PaymentDetails::new(&notice.notification, assessment)).collect()
}

fn answered(message: &Message, record: &[u8], context: &AnswerContext<'_>) -> Success {
    asks_paytr(message).answer(record, context).unwrap_or_else(|refusal| panic!("{message:?}: {refusal:?}"))
}

/// What a create reports of its sends: each outcome, and each member.
fn reports() -> Vec<SendReport> {
    let report = |outcome| SendReport::new("link.send_sms", outcome);
    let code = |code: &str| Some(code.to_owned());
    vec![
        report(SendOutcome::Sent),
        SendReport { code: code("paytr-rejected"), paytr: Some(rejection()), ..report(SendOutcome::Rejected) },
        SendReport { code: code("outcome-unknown"), resend_safe: Some(false), ..report(SendOutcome::Unknown) },
        SendReport { code: code("recipient-limit"), retry_after: Some(42), ..report(SendOutcome::Limited) },
        report(SendOutcome::Obsolete),
    ]
}

fn successes() -> Vec<Success> {
    let (own, sends) = (callback_id(), reports());
    let context = AnswerContext { callback_id: Some(&own), sends: &sends, ..ANSWER_CONTEXT };
    let with_qr = CreatedLink { base64_qr: Some("iVBORw0KGgo=".to_owned()), ..created_link() };
    let id = |id: &str| LinkId::parse(id).unwrap();
    let fates = |refused| Fates { deleted: vec![id("a")], failed: vec![id("7")], refused };
    let paid = LinkView {
        payments: vec![payment_view(EventState::Pending, 0), payment_view(EventState::Dead, 10)],
        cursor: Some("1795600800999-evt_1".to_owned()),
        replayed: 2,
        ..view(Some(Link { sends: sends.clone(), ..link(created()) }))
    };
    let mut successes = Vec::new();
    for message in messages() {
        match message.message_type() {
            "link.create" => {
                successes.push(answered(&message, &record(&Outcome::Succeeded(created_link())), &context));
                successes.push(answered(&message, &record(&Outcome::Succeeded(with_qr.clone())), &context));
                let no_sends = AnswerContext { sends: &[], ..context };
                successes.push(answered(&message, &record(&Outcome::Succeeded(created_link())), &no_sends));
            }
            "link.delete" => {
                for refused in [None, Some(RejectedStatus::Error), Some(RejectedStatus::Failed)] {
                    successes.push(answered(&message, &record(&Outcome::Succeeded(fates(refused))), &context));
                }
            }
            "link.list" | "event.list" | "relay.status" => {
                let Handling::AskLedger(asking) = message.handling() else { panic!("{message:?}") };
                successes.extend(parts().into_iter().filter_map(|part| asking.answer(vec![part])));
            }
            "event.replay" if matches!(message.handling(), Handling::AskLedger(_)) => {}
            "link.get" | "event.replay" => {
                for view in [paid.clone(), view(Some(link(created()))), view(Some(link(UNKNOWN)))] {
                    successes.push(reads_link(&message).answer(view).unwrap());
                }
            }
            "relay.ping" => successes.push(pong()),
            _ => successes.push(answered(&message, &record(&Outcome::Succeeded(())), &context)),
        }
    }
    successes
}

/// What a partition answers to what all are asked: with each member, and with the least.
pub fn parts() -> Vec<Part> {
    let bare = link_in_list(&callback_id(), 1_795_600_800_999);
    let full = ListedLink {
        reference: Reference::from_text("1001"),
        storefront: Some("shop".to_owned()),
        sends: reports(),
        ..bare.clone()
    };
    let event = ListedEvent {
        webhook_id: "evt_1".to_owned(),
        event_type: EventType::LinkPaymentReview,
        state: EventState::Pending,
        attempts: 2,
        next_at: Some(Moment::from_unix_ms(1_795_600_900_999)),
        created_at: Moment::from_unix_ms(1_795_600_800_999),
        reference: Reference::from_text("1001"),
        callback_id: callback_id().as_str().to_owned(),
        merchant_oid: "oid1".to_owned(),
    };
    let dead = ListedEvent { state: EventState::Dead, next_at: None, reference: None, ..event.clone() };
    let counts = Counts {
        links_created: 1,
        links_paid: 2,
        events_pending: 3,
        events_dead: 4,
        oldest_pending_at: Some(Moment::from_unix_ms(1_795_600_800_999)),
        is_late: true,
    };
    vec![
        Part::Links(vec![full, bare]),
        Part::Links(vec![]),
        Part::Events(vec![event, dead]),
        Part::Replayed(7),
        Part::Status(counts),
        Part::Status(Counts::default()),
    ]
}

#[test]
fn a_question_to_all_and_its_answers_cross_as_they_were() {
    for message in messages() {
        if let Handling::AskLedger(asking) = message.handling() {
            cross(&asking.query(1_795_600_800_999));
        }
    }
    parts().iter().for_each(cross);
    for kind in AlertKind::ALL {
        cross(&Alert { kind, about: "of the link".to_owned() });
    }
}

#[test]
fn every_good_answer_comes_back_as_it_was() {
    let mut variants = HashSet::new();
    for success in successes() {
        variants.insert(discriminant(&success));
        for replayed in [false, true] {
            let answer = Answer { content: Ok(success.clone()), replayed };
            cross(&answer);
            let arrived: Answer = unpack(&pack(&answer)).unwrap();
            assert_eq!(arrived.content.unwrap().body(), success.body());
        }
    }
    assert_eq!(variants.len(), TYPES.len(), "a type has no answer here");
}

/// Every good answer and every refusal.
pub fn answers() -> Vec<Answer> {
    let contents = successes().into_iter().map(Ok).chain(refusals().into_iter().map(Err));
    contents.map(|content| Answer { content, replayed: false }).collect()
}

fn refusals() -> Vec<Refusal> {
    let mut refusals = vec![
        Refusal::ExpiryPassed,
        Refusal::LinkNotFound,
        Refusal::InProgress(20),
        Refusal::WebhookIdReused,
        Refusal::RecipientLimit(86_400),
        Refusal::CallbackUnreachable,
        Refusal::Rejected(rejection()),
        Refusal::Rejected(Rejection { status: RejectedStatus::Error, reason: None }),
    ];
    for cause in Cause::ALL {
        refusals.extend([None, Some(callback_id())].map(|callback_id| Refusal::Unknown { cause, callback_id }));
    }
    let unavailable = [
        Unavailable::Busy,
        Unavailable::Overloaded,
        Unavailable::Reset,
        Unavailable::StorageFailed,
        Unavailable::Trapped,
        Unavailable::NotBound,
    ];
    refusals.extend(unavailable.map(Refusal::Unavailable));
    refusals
}

#[test]
fn every_refusal_comes_back_as_it_was() {
    let mut kinds = BTreeSet::new();
    for refusal in refusals() {
        // A new kind has to be added here, and above.
        kinds.insert(match &refusal {
            Refusal::ExpiryPassed => 0,
            Refusal::LinkNotFound => 1,
            Refusal::InProgress(_) => 2,
            Refusal::WebhookIdReused => 3,
            Refusal::RecipientLimit(_) => 4,
            Refusal::CallbackUnreachable => 5,
            Refusal::Rejected(_) => 6,
            Refusal::Unknown { .. } => 7,
            Refusal::Unavailable(reason) => match reason {
                Unavailable::Busy => 8,
                Unavailable::Overloaded => 9,
                Unavailable::Reset => 10,
                Unavailable::StorageFailed => 11,
                Unavailable::Trapped => 12,
                Unavailable::NotBound => 13,
            },
        });
        assert_eq!(Answer::from(refusal.clone()), Answer { content: Err(refusal.clone()), replayed: false });
        for replayed in [false, true] {
            cross(&Answer { content: Err(refusal.clone()), replayed });
        }
    }
    assert_eq!(kinds.len(), 14);
}
