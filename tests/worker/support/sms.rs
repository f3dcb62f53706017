//! A message to one customer about one link, both of which nobody else has, and what became of it.

use super::answer::Answer;
use super::signed::{Signed, now};
use super::suite::Suite;
use super::{message, people, secrets};

/// An SMS, signed as a shop would.
#[derive(Clone)]
pub struct Sms {
    pub link_id: String,
    pub signed: Signed,
}

impl Sms {
    pub fn new() -> Self {
        Self::to(&people::phone())
    }

    /// To somebody who is known.
    pub fn to(phone: &str) -> Self {
        Self::with(&secrets::current(), 0, phone)
    }

    /// Signed with this secret, so many seconds from now.
    pub fn with(secret: &str, seconds: i64, phone: &str) -> Self {
        let link_id = people::link_id();
        let body = message::sms(&link_id, phone);
        Self { signed: Signed::with(secret, &people::webhook_id(), now() + seconds, body), link_id }
    }
}

impl Suite {
    /// Asserts that it went out, once.
    #[track_caller]
    pub fn assert_sent(&self, sms: &Sms, answer: &Answer, case: &str) {
        answer.assert_sent(&sms.signed.id, case);
        self.only_call(&sms.link_id);
    }

    /// Asserts that it was refused, and that PayTR never heard of it.
    #[track_caller]
    pub fn assert_refused(&self, sms: &Sms, answer: &Answer, (status, code): (u16, &str), case: &str) {
        answer.assert_problem(status, code, case);
        self.assert_nothing_sent(&sms.link_id, case);
    }

    /// Sends it, and asserts that it goes out, for the first time.
    pub async fn send(&self, service: &str, sms: &Sms, case: &str) -> Answer {
        let answer = self.post(service, &sms.signed).await;
        self.assert_sent(sms, &answer, case);
        assert!(!answer.is_replay(), "{case}");
        answer
    }

    /// Sends it, and asserts that it is refused.
    pub async fn refused(&self, service: &str, sms: &Sms, problem: (u16, &str), case: &str) -> Answer {
        let answer = self.post(service, &sms.signed).await;
        self.assert_refused(sms, &answer, problem, case);
        answer
    }
}
