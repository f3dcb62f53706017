//! What the ledger's answers to an order's messages mean for the order.

use crate::order::NOW;
use crate::shop::{URL, email, phone};
use crate::support::{
    ANSWER_CONTEXT, asks_paytr, callback_id, created_link, message_of, pong, record, rejection, sent,
};
use paytr_link_relay::ledger::{Refusal, Unavailable};
use paytr_link_relay::link::{SendOutcome, SendReport};
use paytr_link_relay::message::{AnswerContext, Success};
use paytr_link_relay::order::{CreateAnswer, DeleteAnswer};
use paytr_link_relay::paytr::{Cause, Outcome};
use paytr_link_relay::storefront::Sent;
use serde_json::json;

fn created(sends: &[SendReport]) -> Success {
    let own = callback_id();
    let context = AnswerContext { callback_id: Some(&own), sends, ..ANSWER_CONTEXT };
    let create = message_of("link.create", &json!({"name": "Order 1001", "price": 1445}));
    asks_paytr(&create).answer(&record(&Outcome::Succeeded(created_link())), &context).unwrap()
}

fn limited(message_type: &'static str, retry_after: Option<u64>) -> SendReport {
    SendReport { retry_after, ..SendReport::new(message_type, SendOutcome::Limited) }
}

#[test]
fn a_link_that_was_made_is_told_with_each_of_its_sends() {
    let (sms, mail) = ("link.send_sms", "link.send_email");
    let report = SendReport::new;
    let final_with_time = SendReport { retry_after: Some(7), ..report(sms, SendOutcome::Rejected) };
    for (sends, retry_at) in [
        (vec![], None),
        (vec![report(sms, SendOutcome::Sent)], None),
        (vec![report(sms, SendOutcome::Unknown), report(mail, SendOutcome::Rejected)], None),
        (vec![limited(sms, Some(60)), report(mail, SendOutcome::Obsolete)], Some(NOW + 60_000)),
        (vec![limited(sms, Some(60)), limited(mail, Some(90))], Some(NOW + 90_000)),
        // A time to wait that a final send says does not count.
        (vec![final_with_time], None),
        // Nobody of that way.
        (vec![report("link.send_fax", SendOutcome::Sent)], None),
    ] {
        let to = |send: &SendReport| match send.message_type.as_str() {
            "link.send_sms" => "05*******67".to_owned(),
            "link.send_email" => "m***@e***.com".to_owned(),
            _ => String::new(),
        };
        let sent = sends.iter().map(|send| Sent { to: to(send), outcome: send.outcome }).collect();
        let answer = CreateAnswer::read(Ok(created(&sends)), &[email(), phone()], true, NOW);
        assert_eq!(answer, CreateAnswer::Created { url: URL.to_owned(), sent, retry_at }, "{sends:?}");
    }
}

#[test]
fn a_link_that_was_not_made_is_refused_unknown_or_asked_for_later() {
    let busy = Refusal::Unavailable(Unavailable::Busy);
    let unknown = |callback_id| Refusal::Unknown { cause: Cause::TimedOut, callback_id };
    let mut cases = vec![
        (Refusal::Rejected(rejection()), true, CreateAnswer::Refused(rejection().reason)),
        (Refusal::CallbackUnreachable, true, CreateAnswer::Refused(Some("RELAY_ORIGIN".to_owned()))),
        (busy.clone(), false, CreateAnswer::NotAsked { retry_at: NOW + 5000 }),
        (busy, true, CreateAnswer::Later(NOW + 5000)),
        (Refusal::ExpiryPassed, true, CreateAnswer::NotAsked { retry_at: NOW }),
        (Refusal::InProgress(20), true, CreateAnswer::Later(NOW + 20_000)),
        (Refusal::RecipientLimit(3), true, CreateAnswer::Later(NOW + 3000)),
        (unknown(None), true, CreateAnswer::Unknown),
        (unknown(Some(callback_id())), true, CreateAnswer::Unknown),
        (Refusal::WebhookIdReused, true, CreateAnswer::Unknown),
        (Refusal::LinkNotFound, true, CreateAnswer::Unknown),
    ];
    for reason in [Unavailable::Overloaded, Unavailable::Reset, Unavailable::StorageFailed, Unavailable::Trapped] {
        cases.extend([false, true].map(|known| (Refusal::Unavailable(reason), known, CreateAnswer::Later(NOW + 5000))));
    }
    for (refusal, is_recorded, expected) in cases {
        let answer = CreateAnswer::read(Err(refusal.clone()), &[], is_recorded, NOW);
        assert_eq!(answer, expected, "{refusal:?} {is_recorded}");
    }
    for other in [pong(), sent()] {
        assert_eq!(CreateAnswer::read(Ok(other), &[], true, NOW), CreateAnswer::Unknown, "no answer to a create");
    }
}

#[test]
fn a_deletion_is_done_tried_again_or_asked_for_later() {
    for (content, expected) in [
        (Ok(pong()), DeleteAnswer::Deleted),
        (Err(Refusal::LinkNotFound), DeleteAnswer::Deleted),
        (Err(Refusal::Rejected(rejection())), DeleteAnswer::Failed),
        (Err(Refusal::Unknown { cause: Cause::TimedOut, callback_id: None }), DeleteAnswer::Failed),
        (Err(Refusal::WebhookIdReused), DeleteAnswer::Failed),
        (Err(Refusal::InProgress(20)), DeleteAnswer::Later(NOW + 20_000)),
        (Err(Refusal::Unavailable(Unavailable::Busy)), DeleteAnswer::Later(NOW + 5000)),
        (Err(Refusal::Unavailable(Unavailable::Reset)), DeleteAnswer::Later(NOW + 5000)),
    ] {
        assert_eq!(DeleteAnswer::read(&content, NOW), expected, "{content:?}");
    }
}
