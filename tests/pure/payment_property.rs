//! No payment is lost and none is told of too early, whatever the order of notices, tries, crashes, lost alarms, replays
//! and clock steps.
//!
//! [`Object`] does with the pure parts what the link's Durable Object does: what is stored survives a crash, what is under
//! way does not. [`Model`] says what has to come of it, with none of their code.

use crate::support::{MERCHANT_ID, merchant};
use paytr_link_relay::events::event::{self, webhook_id};
use paytr_link_relay::tasks::deliver_event::{Next, ShopResponse, after_try};
use paytr_link_relay::events::verdict::{Expected, Verdict};
use paytr_link_relay::json::JsonValue;
use paytr_link_relay::model::{CallbackId, Currency, Price};
use paytr_link_relay::paytr::{Notification, Unsigned};
use proptest::prelude::*;
use proptest::sample::Index;
use std::collections::{BTreeMap, BTreeSet};

const CALLBACK_ID: &str = "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9";
const START: u64 = 1_795_600_800_000;
const SECOND: u64 = 1000;
const HOUR: u64 = 3600 * SECOND;
const PRICE: u64 = 158_000;
/// As the object has them: tries at once, and how late an alarm is taken for lost.
const BATCH: usize = 6;
const LATE: u64 = 90 * SECOND;
/// From one try to the next, at least. Written down here once more.
const GAPS: [u64; 9] =
    [5 * SECOND, 300 * SECOND, 1800 * SECOND, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR];

#[derive(Debug, Clone)]
enum Step {
    /// PayTR tells of a payment.
    Notice {
        oid: u8,
        amount: u64,
        crash: Option<Crash>,
    },
    /// The shop answers one of the tries under way.
    Answer {
        which: Index,
        answer: ShopResponse,
        random: u32,
    },
    /// The alarm goes off, if its time has come.
    Alarm,
    /// Any message about the link.
    Request,
    /// `event.replay`
    Replay,
    Crash,
    LoseAlarm,
    Clock(i64),
}

/// When a notice meets a crash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Crash {
    BeforeTheCommit,
    BeforeTheAnswer,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Pending,
    Delivered,
    Dead,
}

#[derive(Debug, Clone)]
struct Row {
    state: State,
    attempts: u32,
    next_at: Option<u64>,
    id: String,
    body: String,
    is_paid: bool,
}

/// A row as it was when the shop was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Try {
    oid: u8,
    attempts: u32,
    next_at: Option<u64>,
}

#[derive(Default)]
struct Object {
    rows: BTreeMap<u8, Row>,
    alarm: Option<u64>,
    is_in_memory: bool,
    /// Whether the alarm's handler is at work; the platform starts no second one.
    is_running: bool,
    tries: Vec<Try>,
}

impl Object {
    fn due_at(&self) -> Option<u64> {
        self.rows.values().filter_map(|row| row.next_at).min()
    }

    /// What every call does first.
    fn wake(&mut self, now: u64) {
        let late = if self.is_in_memory { LATE } else { 0 };
        self.is_in_memory = true;
        if let Some(due_at) = self.due_at().filter(|due_at| due_at + late <= now) {
            self.alarm = Some(due_at + late);
        }
    }

    fn notice(&mut self, oid: u8, amount: u64, now: u64) {
        if self.rows.contains_key(&oid) {
            return;
        }
        let notification = notification(oid, amount);
        let expected = Expected { price: price(), currency: Currency::Tl, paid_once: true };
        let paid_before = self.rows.values().any(|row| row.is_paid);
        let verdict = Verdict::new(&notification, Some(&expected), MERCHANT_ID, paid_before);
        let row = Row {
            state: State::Pending,
            attempts: 0,
            next_at: Some(now),
            id: webhook_id(&merchant(), &notification.callback_id, &notification.merchant_oid),
            body: event::body(&notification, None, &verdict, now),
            is_paid: verdict == Verdict::LinkPaid,
        };
        self.rows.insert(oid, row);
        self.alarm = Some(now);
    }

    /// The events that the shop is asked to take now.
    fn ring(&mut self, now: u64) -> Vec<Try> {
        if self.is_running || self.alarm.is_none_or(|alarm| alarm > now) {
            return Vec::new();
        }
        self.is_running = true;
        let mut due: Vec<Try> = self
            .rows
            .iter()
            .filter(|(_, row)| row.next_at.is_some_and(|next_at| next_at <= now))
            .map(|(oid, row)| Try { oid: *oid, attempts: row.attempts, next_at: row.next_at })
            .collect();
        due.sort_by_key(|due| due.next_at);
        due.truncate(BATCH);
        self.tries.clone_from(&due);
        self.finish_if_done();
        due
    }

    fn answer(&mut self, which: usize, answer: ShopResponse, random: u32, now: u64) -> Try {
        let made = self.tries.remove(which);
        let row = self.rows.get_mut(&made.oid).unwrap();
        if (row.attempts, row.next_at) == (made.attempts, made.next_at) {
            row.attempts += 1;
            (row.state, row.next_at) = match after_try(row.attempts, answer, random, now) {
                Next::Delivered => (State::Delivered, None),
                Next::At(time) => (State::Pending, Some(time)),
                Next::Dead => (State::Dead, None),
            };
        }
        self.finish_if_done();
        made
    }

    fn finish_if_done(&mut self) {
        if self.is_running && self.tries.is_empty() {
            self.is_running = false;
            self.alarm = self.due_at();
        }
    }

    fn replay(&mut self, now: u64) {
        for row in self.rows.values_mut() {
            (row.state, row.attempts, row.next_at) = (State::Pending, 0, Some(now));
        }
        if !self.rows.is_empty() {
            self.alarm = Some(now);
        }
    }

    /// The platform rings again for a handler that did not end.
    fn crash(&mut self) {
        (self.is_in_memory, self.is_running) = (false, false);
        self.tries.clear();
    }
}

/// A payment that PayTR has told of.
struct Told {
    event: Option<(String, String)>,
    /// Tries that the shop did not take, since the last replay.
    failures: usize,
    /// No try may begin before.
    earliest: u64,
    state: State,
    /// How often everything was to begin anew.
    replays: u32,
}

#[derive(Default)]
struct Model {
    payments: BTreeMap<u8, Told>,
    /// Those for which PayTR has its `OK`.
    answered: BTreeSet<u8>,
    /// Tries under way, with the replays that there had been.
    tries: Vec<(u8, u32)>,
}

impl Model {
    fn committed(&mut self, oid: u8, now: u64) {
        let new = Told { event: None, failures: 0, earliest: now, state: State::Pending, replays: 0 };
        self.payments.entry(oid).or_insert(new);
    }

    fn tried(&mut self, oid: u8, row: &Row, now: u64) {
        let told = self.payments.get_mut(&oid).expect("an event without a payment");
        assert_eq!(told.state, State::Pending, "{oid} is tried again");
        assert!(now >= told.earliest, "{oid} is tried {} ms too early", told.earliest - now);
        let event = (row.id.clone(), row.body.clone());
        assert_eq!(*told.event.get_or_insert_with(|| event.clone()), event, "the event of {oid} changed");
        self.tries.push((oid, told.replays));
    }

    fn answered(&mut self, oid: u8, answer: ShopResponse, now: u64) {
        let place = self.tries.iter().position(|(tried, _)| *tried == oid).unwrap();
        let (_, replays) = self.tries.remove(place);
        let told = self.payments.get_mut(&oid).unwrap();
        if told.replays != replays {
            return;
        }
        match answer {
            ShopResponse::Delivered => told.state = State::Delivered,
            ShopResponse::Gone => told.state = State::Dead,
            ShopResponse::Failed { retry_after_ms } => {
                match GAPS.get(told.failures) {
                    None => told.state = State::Dead,
                    Some(gap) => told.earliest = now + retry_after_ms.unwrap_or(0).max(*gap),
                }
                told.failures += 1;
            }
        }
    }

    fn replayed(&mut self, now: u64) {
        for told in self.payments.values_mut() {
            if (told.state, told.failures, told.earliest) != (State::Pending, 0, now) {
                told.replays += 1;
            }
            (told.state, told.failures, told.earliest) = (State::Pending, 0, now);
        }
    }
}

#[derive(Default)]
struct World {
    object: Object,
    model: Model,
    now: u64,
}

impl World {
    fn take(&mut self, step: &Step) {
        let now = self.now;
        match *step {
            Step::Notice { crash: Some(Crash::BeforeTheCommit), .. } | Step::Crash => self.crash(),
            Step::Notice { oid, amount, crash } => {
                self.object.wake(now);
                self.object.notice(oid, amount, now);
                self.model.committed(oid, now);
                match crash {
                    Some(_) => self.crash(),
                    None => drop(self.model.answered.insert(oid)),
                }
            }
            Step::Answer { .. } if self.object.tries.is_empty() => {}
            Step::Answer { ref which, answer, random } => {
                self.answer(which.index(self.object.tries.len()), answer, random);
            }
            Step::Alarm => self.ring(),
            Step::Request => self.object.wake(now),
            Step::Replay => {
                self.object.wake(now);
                self.object.replay(now);
                self.model.replayed(now);
            }
            Step::LoseAlarm => self.object.alarm = None,
            Step::Clock(by) => self.now = now.saturating_add_signed(by),
        }
        self.check();
    }

    fn ring(&mut self) {
        if self.object.alarm.is_some_and(|alarm| alarm <= self.now) && !self.object.is_in_memory {
            self.object.wake(self.now);
        }
        for made in self.object.ring(self.now) {
            self.model.tried(made.oid, &self.object.rows[&made.oid], self.now);
        }
    }

    fn answer(&mut self, which: usize, answer: ShopResponse, random: u32) {
        let made = self.object.answer(which, answer, random, self.now);
        self.model.answered(made.oid, answer, self.now);
    }

    fn crash(&mut self) {
        self.object.crash();
        self.model.tries.clear();
    }

    fn check(&self) {
        assert_eq!(
            self.object.rows.keys().collect::<Vec<_>>(),
            self.model.payments.keys().collect::<Vec<_>>(),
            "a payment is lost"
        );
        for (oid, row) in &self.object.rows {
            assert_eq!(row.state, self.model.payments[oid].state, "{oid}");
        }
        assert!(self.model.answered.iter().all(|oid| self.object.rows.contains_key(oid)), "OK was said for nothing");
        assert!(self.object.rows.values().filter(|row| row.is_paid).count() <= 1, "the link is paid twice");
        let ids: BTreeSet<&str> = self.object.rows.values().map(|row| row.id.as_str()).collect();
        assert_eq!(ids.len(), self.object.rows.len(), "two payments share an id");
    }

    /// The shop is well, days go by, and now and then there is a request. What is not dead arrives.
    fn settle(&mut self) {
        self.crash();
        for _ in 0..4 {
            self.now += 48 * HOUR;
            self.object.wake(self.now);
            // More than one batch may be due.
            for _ in 0..2 {
                self.ring();
                while !self.object.tries.is_empty() {
                    self.answer(0, ShopResponse::Delivered, 0);
                }
            }
            self.check();
        }
        for (oid, told) in &self.model.payments {
            assert_ne!(told.state, State::Pending, "the shop never gets {oid}");
            assert!(told.state == State::Dead || told.event.is_some(), "{oid} was never tried");
        }
    }
}

fn price() -> Price {
    Price::parse(&JsonValue::Integer(158_000)).unwrap()
}

fn notification(oid: u8, amount: u64) -> Notification {
    Notification {
        callback_id: CallbackId::parse(CALLBACK_ID).unwrap(),
        merchant_oid: format!("IN{oid}"),
        status: "success".into(),
        total_amount: amount,
        unsigned: Unsigned::default(),
    }
}

fn answers() -> impl Strategy<Value = Step> {
    let failed = prop::option::weighted(0.2, 1000..=24 * HOUR)
        .prop_map(|retry_after_ms| ShopResponse::Failed { retry_after_ms });
    let answer = prop_oneof![8 => failed, 2 => Just(ShopResponse::Delivered), 1 => Just(ShopResponse::Gone)];
    (any::<Index>(), answer, any::<u32>()).prop_map(|(which, answer, random)| Step::Answer { which, answer, random })
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let crash = prop::option::weighted(0.2, prop_oneof![Just(Crash::BeforeTheCommit), Just(Crash::BeforeTheAnswer)]);
    let amount = prop_oneof![3 => Just(PRICE), 1 => Just(PRICE - 1)];
    let step = prop_oneof![
        5 => (0..8_u8, amount, crash).prop_map(|(oid, amount, crash)| Step::Notice { oid, amount, crash }),
        10 => answers(),
        10 => Just(Step::Alarm),
        2 => Just(Step::Request),
        1 => Just(Step::Replay),
        1 => Just(Step::Crash),
        1 => Just(Step::LoseAlarm),
        2 => (-90_000..90_000_i64).prop_map(Step::Clock),
        4 => (0..30 * 3_600_000_i64).prop_map(Step::Clock),
        1 => (-7_200_000..7_200_000_i64).prop_map(Step::Clock),
    ];
    prop::collection::vec(step, 1..=120)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn no_payment_is_lost_and_no_event_comes_without_one_or_before_its_time(steps in steps()) {
        let mut world = World { now: START, ..World::default() };
        for step in steps {
            world.take(&step);
        }
        world.settle();
    }

    #[test]
    fn an_event_that_the_shop_never_takes_is_dead_after_its_tenth_try_and_not_before(
        randoms in prop::collection::vec(any::<u32>(), 10), crashes in prop::collection::vec(any::<bool>(), 10),
    ) {
        let mut world = World { now: START, ..World::default() };
        world.take(&Step::Notice { oid: 0, amount: PRICE, crash: None });
        for (tries, (random, crash)) in randoms.into_iter().zip(crashes).enumerate() {
            prop_assert_eq!(world.object.rows[&0].state, State::Pending, "after {} tries", tries);
            if crash {
                // A try whose end was not recorded does not count.
                world.take(&Step::Alarm);
                prop_assert_eq!(world.object.tries.len(), 1);
                world.take(&Step::Crash);
            }
            world.take(&Step::Alarm);
            prop_assert_eq!(world.object.tries.len(), 1);
            world.answer(0, ShopResponse::Failed { retry_after_ms: None }, random);
            if let Some(next_at) = world.object.rows[&0].next_at {
                world.now = next_at - 1;
                world.take(&Step::Alarm);
                prop_assert!(world.object.tries.is_empty(), "a try came a millisecond early");
                world.now = next_at;
            }
        }
        prop_assert_eq!(world.object.rows[&0].state, State::Dead);
        world.settle();
    }
}
