//! What an order's machine works with, as a model: PayTR, the ledger between, the shop's staff, and crashes. Driven by
//! `order_property`.
//!
//! The ledger asks PayTR for a link at most once under a number, and for each of its sends at most once; what it recorded it
//! answers again. A person who has a link's address can pay it while it is open.

use crate::shop::{URL, payment_of, storefront};
use paytr_link_relay::link::SendOutcome;
use paytr_link_relay::model::{ExpiryDate, Recipient};
use paytr_link_relay::order::{CreateAnswer, DeleteAnswer, Order, OrderLink, PaidLink, Stage, Step, Taken, Tried};
use paytr_link_relay::payment::Reason;
use paytr_link_relay::storefront::{Job, News, Sent, Storefront, Trouble, Why, Wish};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

pub const START: u64 = 1_795_000_000_000;
const MINUTE_MS: u64 = 60_000;

/// What happens when a link is asked for that the ledger does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Making {
    Made,
    Refused,
    /// Nobody knows; whether it was made all the same.
    Unknown(bool),
    /// No place was free, and nothing is recorded.
    Busy,
}

/// What happens to a send that is still to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sending {
    Sent,
    Unknown,
    /// It may be made after so many minutes.
    Limited(u8),
}

/// What happens when a link is to be deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deleting {
    Deleted,
    Refused,
    /// Nobody knows; whether it was deleted all the same.
    Unknown(bool),
}

/// What becomes of an answer on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Arrives,
    /// The ledger did it, and the object that asked is gone.
    Lost,
    /// The ledger does not say how it ended.
    Later,
}

/// A link as the ledger and PayTR have it.
#[derive(Debug)]
struct Kept {
    asked: OrderLink,
    people: Vec<Recipient>,
    creation: Making,
    is_at_paytr: bool,
    is_deleted: bool,
    is_paid: bool,
    sends: BTreeMap<String, SendOutcome>,
    deletions: BTreeMap<u32, Deleting>,
}

impl Kept {
    /// Whether somebody may pay it, or has just paid it.
    fn is_payable(&self) -> bool {
        self.creation == Making::Made && !self.is_paid
    }

    /// Makes the sends that were not made.
    fn send(&mut self, sending: Sending, now: u64) -> CreateAnswer {
        let is_over = self.is_paid || self.is_deleted;
        let mut sent = Vec::new();
        let mut retry_at = None;
        for person in &self.people {
            let outcome = match (self.sends.get(person.as_str()), sending) {
                (Some(outcome), _) => *outcome,
                (None, _) if is_over => SendOutcome::Obsolete,
                (None, Sending::Limited(minutes)) => {
                    retry_at = Some(now + MINUTE_MS * u64::from(minutes));
                    SendOutcome::Limited
                }
                (None, sending) => {
                    let outcome = if sending == Sending::Sent { SendOutcome::Sent } else { SendOutcome::Unknown };
                    let first = self.sends.insert(person.as_str().to_owned(), outcome);
                    assert_eq!(first, None, "a message is sent twice");
                    outcome
                }
            };
            sent.push(Sent { to: person.masked(), outcome });
        }
        CreateAnswer::Created { url: URL.to_owned(), sent, retry_at }
    }
}

enum Answer {
    Created(CreateAnswer),
    Deleted(DeleteAnswer),
}

pub struct World {
    pub now: u64,
    pub order: Option<Order>,
    storefront: Storefront,
    kept: BTreeMap<u32, Kept>,
    /// An answer that is under way, and about which link.
    under_way: Option<(u32, Answer)>,
    /// Whom the newest news names.
    newest_recipients: Vec<Recipient>,
    /// Whom the newest link was planned for.
    last_recipients: Vec<Recipient>,
    /// What the shop's staff was told of trouble: for which wish or link, and what.
    told: BTreeSet<(u32, &'static str)>,
    /// How often each payment was written back.
    written: BTreeMap<String, u32>,
    payments: Vec<PaidLink>,
}

impl World {
    pub fn new() -> Self {
        Self {
            now: START,
            order: None,
            storefront: storefront(&json!({"expires_after_hours": 24})),
            kept: BTreeMap::new(),
            under_way: None,
            newest_recipients: Vec::new(),
            last_recipients: Vec::new(),
            told: BTreeSet::new(),
            written: BTreeMap::new(),
            payments: Vec::new(),
        }
    }

    pub fn take_news(&mut self, news: News) {
        let recipients = match &news.wish {
            Wish::Link { recipients, .. } => recipients.clone(),
            _ => Vec::new(),
        };
        let known = self.order.clone();
        let wishes = known.as_ref().map_or(0, |order| order.wishes);
        match Order::take_news(known, news, "https://relay.example".to_owned(), "request".to_owned(), self.now) {
            Taken::Order(order) => {
                self.order = Some(*order);
                self.newest_recipients = recipients;
            }
            Taken::Ignored(_) => {}
        }
        self.read_write_backs(None);
        let Some(order) = self.order.as_ref().filter(|order| order.wishes > wishes) else { return };
        let is_unpayable = order.why.is_some_and(Why::needs_person);
        let costs_more = order.wanted.is_some_and(|wanted| order.paid.is_some_and(|paid| !paid.covers(wanted)));
        assert_eq!(self.told.contains(&(order.wishes, "unpayable")), is_unpayable);
        assert_eq!(self.told.contains(&(order.wishes, "costs more")), costs_more);
    }

    /// A payment of one of the links that somebody has the address of, and that PayTR may still have taken money for.
    pub fn pay(&mut self, which: usize, is_good: bool, is_told: bool) {
        let paid: Vec<u32> =
            self.kept.iter().filter(|(_, kept)| kept.is_payable()).map(|(number, _)| *number).collect();
        let Some(number) = paid.get(which % paid.len().max(1)).copied() else { return };
        let kept = self.kept.get_mut(&number).unwrap();
        let mut reasons = if is_good { Vec::new() } else { vec![Reason::TestPayment] };
        if kept.is_deleted {
            reasons.push(Reason::Deleted);
        }
        kept.is_paid |= is_good;
        let event_id = format!("evt_{}", self.payments.len());
        let payment = PaidLink { money: kept.asked.money, ..payment_of(number, &event_id, reasons) };
        self.payments.push(payment.clone());
        if is_told {
            self.tell_payment(payment, false);
        }
    }

    /// The payments that the order was not told of yet.
    fn untold(&self) -> Vec<PaidLink> {
        self.payments.iter().filter(|payment| !self.written.contains_key(&payment.event_id)).cloned().collect()
    }

    pub fn tell_payments(&mut self) {
        self.untold().into_iter().for_each(|payment| self.tell_payment(payment, false));
    }

    /// One of the payments is told, or told again.
    pub fn repeat(&mut self, which: usize, is_replay: bool) {
        let Some(payment) = self.payments.get(which % self.payments.len().max(1)) else { return };
        self.tell_payment(payment.clone(), is_replay);
    }

    fn tell_payment(&mut self, payment: PaidLink, is_replay: bool) {
        let event_id = payment.event_id.clone();
        let is_first = !self.written.contains_key(&event_id);
        let taken = self.order.as_mut().is_some_and(|order| order.take_payment(payment, is_replay, self.now));
        assert_eq!(taken, is_first || is_replay, "a payment is told once, and once more where that is asked for");
        let before = self.written.get(&event_id).copied().unwrap_or_default();
        self.read_write_backs(None);
        let after = self.written.get(&event_id).copied().unwrap_or_default();
        assert_eq!(after - before, u32::from(taken), "{event_id} is written back so often");
    }

    /// Does what is to be done next, unless an answer is under way, which then comes.
    pub fn step(&mut self, making: Making, sending: Sending, deleting: Deleting, way: Way) {
        if let Some((number, answer)) = self.under_way.take() {
            return self.take_answer(number, answer);
        }
        let Some(mut order) = self.order.take() else { return };
        match order.next_step(self.now) {
            Step::Nothing | Step::At(_) => {}
            Step::Forget => order.forget_people(),
            Step::Plan => {
                let name = self.storefront.link_name(&order.number).unwrap();
                order.plan(&self.storefront, name, self.now);
                assert!(order.people.wanted.is_empty());
                let people = &order.people.link;
                let is_named = *people == self.newest_recipients || *people == self.last_recipients;
                assert!(is_named, "{people:?} are named by no news");
                self.last_recipients.clone_from(people);
            }
            Step::Create => {
                let link = order.link.clone().unwrap();
                let answer = self.ask(&link, &order.people.link, making, sending, way);
                self.under_way = (way != Way::Lost).then_some((link.number, Answer::Created(answer)));
            }
            Step::Delete => {
                let number = order.link.as_ref().unwrap().number;
                let tries = order.begin_closing();
                let answer = self.delete(number, tries, deleting, way);
                self.under_way = (way != Way::Lost).then_some((number, Answer::Deleted(answer)));
            }
        }
        self.order = Some(order);
    }

    fn take_answer(&mut self, number: u32, answer: Answer) {
        let order = self.order.as_mut().unwrap();
        let wish = order.link.as_ref().map(|link| link.wish);
        match answer {
            Answer::Created(answer) => order.take_creation(number, answer, self.now),
            Answer::Deleted(answer) => order.take_deletion(number, answer, self.now),
        }
        self.read_write_backs(wish);
    }

    /// The object that works on the order is gone, with the answer that it waited for.
    pub fn crash(&mut self) {
        self.under_way = None;
    }

    fn ask(
        &mut self,
        link: &OrderLink,
        people: &[Recipient],
        making: Making,
        sending: Sending,
        way: Way,
    ) -> CreateAnswer {
        let later = CreateAnswer::Later(self.now + MINUTE_MS);
        assert!(ExpiryDate::from_unix_ms(link.expires_at).is_ok());
        if !self.kept.contains_key(&link.number) {
            if link.expires_at <= self.now {
                return CreateAnswer::NotAsked { retry_at: self.now };
            }
            if making == Making::Busy {
                return CreateAnswer::NotAsked { retry_at: self.now + 5000 };
            }
            let kept = Kept {
                asked: link.clone(),
                people: people.to_vec(),
                creation: making,
                is_at_paytr: matches!(making, Making::Made | Making::Unknown(true)),
                is_deleted: false,
                is_paid: false,
                sends: BTreeMap::new(),
                deletions: BTreeMap::new(),
            };
            self.kept.insert(link.number, kept);
        }
        let kept = self.kept.get_mut(&link.number).unwrap();
        // Another message under the same id would be refused.
        let said =
            |link: &OrderLink| (link.money, link.expires_at, link.reference.clone(), link.lang, link.name.clone());
        assert_eq!((said(link), people), (said(&kept.asked), &kept.people[..]), "a retry says the same");
        match (way, kept.creation) {
            (Way::Later, _) => later,
            (_, Making::Refused) => CreateAnswer::Refused(Some("Hata".to_owned())),
            (_, Making::Made) => kept.send(sending, self.now),
            (_, Making::Unknown(_) | Making::Busy) => CreateAnswer::Unknown,
        }
    }

    fn delete(&mut self, number: u32, tries: u32, deleting: Deleting, way: Way) -> DeleteAnswer {
        let Some(kept) = self.kept.get_mut(&number).filter(|kept| kept.creation == Making::Made) else {
            return DeleteAnswer::Deleted;
        };
        let outcome = *kept.deletions.entry(tries).or_insert(deleting);
        kept.is_deleted |= outcome == Deleting::Deleted;
        kept.is_at_paytr &= !matches!(outcome, Deleting::Deleted | Deleting::Unknown(true));
        match outcome {
            _ if way == Way::Later => DeleteAnswer::Later(self.now + MINUTE_MS),
            Deleting::Deleted => DeleteAnswer::Deleted,
            Deleting::Refused | Deleting::Unknown(_) => DeleteAnswer::Failed,
        }
    }

    /// Reads what was written back, and takes it off. `wish` is that of the link which it is about.
    fn read_write_backs(&mut self, wish: Option<u32>) {
        let Some(order) = &mut self.order else { return };
        while let Some(write_back) = order.next_write_back().cloned() {
            order.take_write_back(&write_back.name, Tried::Ended);
            let number = order.link.as_ref().map_or(0, |link| link.number);
            let (about, what) = match write_back.job {
                Job::Paid { .. } | Job::Review(_) => {
                    *self.written.entry(write_back.name).or_default() += 1;
                    continue;
                }
                Job::Link(note) => {
                    assert_eq!(note.is_another, order.made > 1);
                    (number, "link")
                }
                Job::Trouble(Trouble::NotDeleted(_)) => (number, "not deleted"),
                Job::Trouble(Trouble::Refused(_)) => (number, "refused"),
                Job::Trouble(Trouble::Unknown) => (order.wishes, "unknown"),
                Job::Trouble(Trouble::Unpayable(_)) => (order.wishes, "unpayable"),
                Job::Trouble(Trouble::CostsMore(_)) => (order.wishes, "costs more"),
            };
            assert!(self.told.insert((about, what)), "{what} is told twice");
            if what == "refused" {
                assert!(self.told.insert((wish.unwrap(), "refused for the wish")), "a wish is refused twice");
            }
        }
    }

    /// The links that somebody can pay, but for one that was paid.
    fn open(&self) -> Vec<u32> {
        let is_open = |kept: &Kept| {
            kept.creation == Making::Made && kept.is_at_paytr && !kept.is_paid && kept.asked.expires_at > self.now
        };
        self.kept.iter().filter(|(_, kept)| is_open(kept)).map(|(number, _)| *number).collect()
    }

    /// What holds at any time.
    pub fn check(&self) {
        assert!(self.open().len() <= 1, "two links are open: {:?}", self.open());
    }

    /// Whether nothing is under way or to be done, whatever time it is.
    pub fn is_at_rest(&self) -> bool {
        self.under_way.is_none() && self.order.as_ref().is_none_or(|order| order.next_step(self.now) == Step::Nothing)
    }

    /// Works until nothing is to be done at this time. Nothing waits for longer than that unless it says for when.
    pub fn come_to_rest(&mut self, making: Making, sending: Sending, deleting: Deleting) {
        for _ in 0..50 {
            let is_waiting = |order: &Order| matches!(order.next_step(self.now), Step::Nothing | Step::At(_));
            if self.under_way.is_none() && self.order.as_ref().is_none_or(is_waiting) {
                return;
            }
            self.step(making, sending, deleting, Way::Arrives);
            self.check();
        }
        panic!("it never comes to rest: {:?}", self.order);
    }

    /// Goes to the time at which something is to be done.
    pub fn wait(&mut self) {
        if let Some(Step::At(at)) = self.order.as_ref().map(|order| order.next_step(self.now)) {
            assert!(at > self.now);
            self.now = at;
        }
    }

    /// What holds once nothing is to be done any more.
    pub fn check_at_rest(&self) {
        let Some(order) = &self.order else { return assert!(self.kept.is_empty()) };
        if !self.untold().is_empty() {
            return;
        }
        assert!(order.people.is_empty(), "people are kept for nothing: {:?}", order.people);
        let link = order.link.as_ref();
        let stage = link.map(|link| link.stage);
        let was_told = |about: u32, what| self.told.contains(&(about, what));
        if stage == Some(Stage::Stuck) {
            assert!(was_told(order.planned, "not deleted"));
            return;
        }
        let Some(wanted) = order.wanted.filter(|_| order.paid.is_none()) else {
            assert_eq!(self.open(), Vec::<u32>::new(), "a link is open that nobody wants");
            return;
        };
        match stage.unwrap() {
            Stage::Refused => assert!(was_told(order.planned, "refused")),
            Stage::Unknown => assert!(was_told(order.wishes, "unknown")),
            Stage::Open => {
                let link = link.unwrap();
                assert!(link.money == wanted || link.expires_at <= self.now, "{order:?}");
                assert!(self.open() == [link.number] || link.expires_at <= self.now);
                assert!(was_told(link.number, "link"));
            }
            other => panic!("{other:?} is no rest: {order:?}"),
        }
    }
}
