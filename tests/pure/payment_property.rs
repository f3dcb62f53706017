//! No payment is lost and none is told of too early, whatever the order of notifications, tries, crashes, lost alarms, replays
//! and clock steps.
//!
//! [`Object`] does with the pure parts what a partition does: what is stored survives a crash, what is under way does not.
//! [`Model`] says what has to come of it, with none of their code.

use crate::support::{MERCHANT_ID, amount, created, link, merchant, price, terms};
use paytr_link_relay::link::{Link, Terms};
use paytr_link_relay::model::CallbackId;
use paytr_link_relay::payment::assessment::Expected;
use paytr_link_relay::payment::{Assessment, EventId, EventType, event};
use paytr_link_relay::paytr::{Merchant, Notification, Unsigned};
use paytr_link_relay::tasks::After;
use paytr_link_relay::tasks::deliver_event::{Next, ShopResponse, after_try};
use proptest::prelude::*;
use proptest::sample::Index;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

static MERCHANT: LazyLock<Merchant> = LazyLock::new(merchant);

const CALLBACK_ID: &str = "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9";
const START: u64 = 1_795_600_800_000;
const SECOND: u64 = 1000;
const HOUR: u64 = 3600 * SECOND;
const PRICE: u64 = 158_000;
/// As the partition has them: tries at once, how late an alarm is taken for lost, and how long one run begins new tries.
const AT_ONCE: usize = 2;
const LATE: u64 = 90 * SECOND;
const LONGEST_RUN: u64 = 300 * SECOND;
/// From one try to the next, at least. Written down here once more.
const GAPS: [u64; 9] =
    [5 * SECOND, 300 * SECOND, 1800 * SECOND, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR];

/// What PayTR says: of which payment, and how much was paid.
type Said = (u8, u64);

#[derive(Debug, Clone)]
enum Step {
    /// PayTR tells of a payment.
    Notification {
        said: Said,
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
    /// Any message to the partition, or the cron.
    Request,
    /// `event.replay`
    Replay,
    Crash,
    LoseAlarm,
    Clock(i64),
    /// The time for which the alarm is set comes, to the millisecond.
    AlarmTime,
}

/// When a notification meets a crash.
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

/// A row of the table of events.
#[derive(Debug, Clone)]
struct Row {
    state: State,
    attempts: u32,
    next_at: Option<u64>,
    id: EventId,
    body: String,
    is_paid: bool,
}

/// A row as it was when the shop was asked, and the task that it was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Try {
    said: Said,
    attempts: u32,
    next_at: Option<u64>,
    due_at: u64,
}

struct Object {
    link: Link,
    rows: BTreeMap<Said, Row>,
    /// When something is due, and what.
    tasks: BTreeSet<(u64, Said)>,
    /// The platform's alarm.
    alarm: Option<u64>,
    is_in_memory: bool,
    /// When the alarm comes, as far as the object in memory knows.
    known_alarm: Option<u64>,
    /// When the run of the alarm began that is under way; the platform starts no second one.
    running_since: Option<u64>,
    tries: Vec<Try>,
}

impl Object {
    fn new() -> Self {
        let terms = Terms { price: price(PRICE), ..terms() };
        Self {
            link: Link { terms, ..link(created()) },
            rows: BTreeMap::new(),
            tasks: BTreeSet::new(),
            alarm: None,
            is_in_memory: false,
            known_alarm: None,
            running_since: None,
            tries: Vec::new(),
        }
    }

    fn next_task(&self) -> Option<u64> {
        self.tasks.first().map(|(due_at, _)| *due_at)
    }

    fn set_alarm(&mut self, time: u64, now: u64) {
        self.alarm = Some(time.max(now + 1));
        self.known_alarm = self.alarm;
    }

    /// Sets the alarm, unless it comes by then in any case.
    fn set_alarm_by(&mut self, time: u64, now: u64) {
        let comes_by_then = |at: u64| at <= time.max(now + 1) && now < at + LATE;
        if self.running_since.is_none() && !self.known_alarm.is_some_and(comes_by_then) {
            self.set_alarm(time, now);
        }
    }

    /// What every call does first.
    fn wake(&mut self, now: u64) {
        let late = if self.is_in_memory { LATE } else { 0 };
        self.is_in_memory = true;
        let is_late = |at: &u64| at + late <= now;
        if self.running_since.is_none()
            && self.known_alarm.as_ref().is_none_or(is_late)
            && let Some(due_at) = self.next_task().filter(is_late)
        {
            self.set_alarm(due_at, now);
        }
    }

    fn notification(&mut self, said: Said, now: u64) {
        let notification = notification(said);
        let id = EventId::new(&MERCHANT, &notification);
        let same_payment = self.rows.values().filter(|row| row.id.payment_prefix() == id.payment_prefix());
        let before: Vec<&EventId> = same_payment.map(|row| &row.id).collect();
        if before.contains(&&id) {
            return;
        }
        let is_changed = !before.is_empty();
        let expected = Expected { merchant_id: MERCHANT_ID, link: Some(&self.link), is_changed };
        let assessment = Assessment::new(&notification, &expected);
        let body = event::body(&notification, Some(&self.link), &assessment, now);
        if assessment.pays_the_link() {
            self.link.paid_at = self.link.paid_at.or(Some(now));
        }
        let is_paid = assessment.event_type() == EventType::LinkPaid;
        let row = Row { state: State::Pending, attempts: 0, next_at: Some(now), id, body, is_paid };
        self.rows.insert(said, row);
        self.tasks.insert((now, said));
        self.set_alarm_by(now, now);
    }

    /// The events that the shop is asked to take now.
    fn ring(&mut self, now: u64) -> Vec<Try> {
        if self.running_since.is_some() || self.alarm.is_none_or(|alarm| alarm > now) {
            return Vec::new();
        }
        self.alarm = None;
        if !self.is_in_memory {
            self.wake(now);
        }
        (self.known_alarm, self.running_since) = (None, Some(now));
        self.go_on(now)
    }

    /// Begins what is due, as long as there are places; with nothing under way the run of the alarm ends.
    fn go_on(&mut self, now: u64) -> Vec<Try> {
        let mut begun = Vec::new();
        let Some(began_at) = self.running_since else { return begun };
        while now.saturating_sub(began_at) < LONGEST_RUN && self.tries.len() < AT_ONCE {
            let is_taken = |task: &(u64, Said)| self.tries.iter().any(|made| (made.due_at, made.said) == *task);
            let due = self.tasks.iter().filter(|task| task.0 <= now).find(|task| !is_taken(task)).copied();
            let Some((due_at, said)) = due else { break };
            let row = &self.rows[&said];
            if row.next_at.is_none_or(|next_at| next_at > now) {
                // Delivered, given up, or put off by another task.
                self.tasks.remove(&(due_at, said));
                continue;
            }
            let made = Try { said, attempts: row.attempts, next_at: row.next_at, due_at };
            self.tries.push(made);
            begun.push(made);
        }
        if self.tries.is_empty() {
            self.running_since = None;
            if let Some(next) = self.next_task() {
                self.set_alarm(next, now);
            }
        }
        begun
    }

    fn answer(&mut self, which: usize, answer: ShopResponse, random: u32, now: u64) -> Try {
        let made = self.tries.remove(which);
        let row = self.rows.get_mut(&made.said).unwrap();
        // A try of an event that was replayed meanwhile changes nothing.
        if (row.attempts, row.next_at) == (made.attempts, made.next_at) {
            row.attempts += 1;
            (row.state, row.next_at) = match after_try(row.attempts, answer, random, now) {
                Next::Delivered => (State::Delivered, None),
                Next::At(time) => (State::Pending, Some(time)),
                Next::Dead => (State::Dead, None),
            };
        }
        self.tasks.remove(&(made.due_at, made.said));
        if let After::Again(due_at) = row.next_at.map_or(After::Done, After::Again) {
            self.tasks.insert((due_at, made.said));
        }
        made
    }

    fn replay(&mut self, now: u64) {
        for (said, row) in &mut self.rows {
            (row.state, row.attempts, row.next_at) = (State::Pending, 0, Some(now));
            self.tasks.insert((now, *said));
        }
        if !self.rows.is_empty() && self.running_since.is_none() {
            self.set_alarm(now, now);
        }
    }

    /// The platform rings again for a handler that did not end.
    fn crash(&mut self, now: u64) {
        if self.running_since.is_some() {
            self.alarm = Some(now);
        }
        (self.is_in_memory, self.known_alarm, self.running_since) = (false, None, None);
        self.tries.clear();
    }
}

/// What PayTR has said of a payment.
struct Told {
    event: Option<(EventId, String)>,
    /// Tries that the shop did not take, since the last replay.
    failures: usize,
    /// No try may begin before.
    earliest: u64,
    state: State,
}

/// A try under way, and which one it is: its number since the last replay, and when it could begin.
struct Tried {
    made: Try,
    failures: usize,
    earliest: u64,
}

#[derive(Default)]
struct Model {
    payments: BTreeMap<Said, Told>,
    /// Those for which PayTR has its `OK`.
    answered: BTreeSet<Said>,
    tries: Vec<Tried>,
    /// What was said first of each payment.
    first: BTreeMap<u8, Said>,
}

impl Model {
    fn committed(&mut self, said: Said, now: u64) {
        let new = Told { event: None, failures: 0, earliest: now, state: State::Pending };
        self.payments.entry(said).or_insert(new);
        self.first.entry(said.0).or_insert(said);
    }

    fn tried(&mut self, made: Try, row: &Row, now: u64) {
        let said = made.said;
        let told = self.payments.get_mut(&said).expect("an event without a payment");
        assert_eq!(told.state, State::Pending, "{said:?} is tried again");
        assert!(now >= told.earliest, "{said:?} is tried {} ms too early", told.earliest - now);
        let event = (row.id.clone(), row.body.clone());
        assert_eq!(*told.event.get_or_insert_with(|| event.clone()), event, "the event of {said:?} changed");
        self.tries.push(Tried { made, failures: told.failures, earliest: told.earliest });
    }

    fn answered(&mut self, made: Try, answer: ShopResponse, now: u64) {
        let place = self.tries.iter().position(|tried| tried.made == made).unwrap();
        let Tried { failures, earliest, .. } = self.tries.remove(place);
        let told = self.payments.get_mut(&made.said).unwrap();
        if (told.state, told.failures, told.earliest) != (State::Pending, failures, earliest) {
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
            (told.state, told.failures, told.earliest) = (State::Pending, 0, now);
        }
    }
}

struct World {
    object: Object,
    model: Model,
    now: u64,
}

impl World {
    fn new() -> Self {
        Self { object: Object::new(), model: Model::default(), now: START }
    }

    fn take(&mut self, step: &Step) {
        let now = self.now;
        match *step {
            Step::Notification { crash: Some(Crash::BeforeTheCommit), .. } | Step::Crash => self.crash(),
            Step::Notification { said, crash } => {
                self.object.wake(now);
                self.object.notification(said, now);
                self.model.committed(said, now);
                match crash {
                    Some(_) => self.crash(),
                    None => drop(self.model.answered.insert(said)),
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
                let comes = self.object.running_since.is_some() || self.object.alarm.is_some_and(|at| at <= now + 1);
                assert!(comes || self.object.rows.is_empty(), "a replay waits for an alarm that is lost");
            }
            Step::LoseAlarm => self.object.alarm = None,
            Step::Clock(by) => self.now = now.saturating_add_signed(by),
            Step::AlarmTime => self.now = now.max(self.object.alarm.unwrap_or(now)),
        }
        self.check();
    }

    fn ring(&mut self) {
        let begun = self.object.ring(self.now);
        self.begun(&begun);
    }

    fn begun(&mut self, begun: &[Try]) {
        for made in begun {
            self.model.tried(*made, &self.object.rows[&made.said], self.now);
        }
    }

    fn answer(&mut self, which: usize, answer: ShopResponse, random: u32) {
        let made = self.object.answer(which, answer, random, self.now);
        self.model.answered(made, answer, self.now);
        let begun = self.object.go_on(self.now);
        self.begun(&begun);
    }

    fn crash(&mut self) {
        self.object.crash(self.now);
        self.model.tries.clear();
    }

    fn check(&self) {
        let rows = &self.object.rows;
        let stored: Vec<_> = rows.keys().collect();
        assert_eq!(stored, self.model.payments.keys().collect::<Vec<_>>(), "a payment is lost");
        for (said, row) in rows {
            assert_eq!(row.state, self.model.payments[said].state, "{said:?}");
            assert!(
                !row.is_paid || self.model.first[&said.0] == *said,
                "{said:?} is paid, and was told otherwise before"
            );
            assert!(!row.is_paid || said.1 >= PRICE, "{said:?} is paid");
        }
        assert!(self.model.answered.iter().all(|said| rows.contains_key(said)), "OK was said for nothing");
        assert!(rows.values().filter(|row| row.is_paid).count() <= 1, "the link is paid twice");
        let ids: BTreeSet<&str> = rows.values().map(|row| row.id.as_str()).collect();
        assert_eq!(ids.len(), rows.len(), "two events share an id");
        let payments: BTreeSet<&str> = rows.values().map(|row| row.id.payment_prefix()).collect();
        assert_eq!(payments.len(), self.model.first.len(), "two payments are taken for one, or one for two");
    }

    /// The shop is well, days go by, and now and then there is a request. What is not dead arrives.
    fn settle(&mut self) {
        self.crash();
        for _ in 0..4 {
            self.now += 48 * HOUR;
            self.object.wake(self.now);
            self.now += 1;
            self.ring();
            while !self.object.tries.is_empty() {
                self.answer(0, ShopResponse::Delivered, 0);
            }
            self.check();
        }
        for (said, told) in &self.model.payments {
            assert_ne!(told.state, State::Pending, "the shop never gets {said:?}");
            assert!(told.state == State::Dead || told.event.is_some(), "{said:?} was never tried");
        }
    }
}

fn notification((oid, total_amount): Said) -> Notification {
    Notification {
        callback_id: CallbackId::parse(CALLBACK_ID).unwrap(),
        merchant_oid: format!("IN{oid}"),
        total_amount: amount(total_amount),
        unsigned: Unsigned::default(),
        ..crate::support::payment()
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
        5 => ((0..8_u8, amount), crash).prop_map(|(said, crash)| Step::Notification { said, crash }),
        10 => answers(),
        10 => Just(Step::Alarm),
        2 => Just(Step::Request),
        2 => Just(Step::Replay),
        1 => Just(Step::Crash),
        1 => Just(Step::LoseAlarm),
        3 => Just(Step::AlarmTime),
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
        let mut world = World::new();
        for step in steps {
            world.take(&step);
        }
        world.settle();
    }

    #[test]
    fn an_event_that_the_shop_never_takes_is_dead_after_its_tenth_try_and_not_before(
        randoms in prop::collection::vec(any::<u32>(), 10), crashes in prop::collection::vec(any::<bool>(), 10),
    ) {
        let mut world = World::new();
        let said = (0, PRICE);
        world.take(&Step::Notification { said, crash: None });
        world.now += 1;
        for (tries, (random, crash)) in randoms.into_iter().zip(crashes).enumerate() {
            prop_assert_eq!(world.object.rows[&said].state, State::Pending, "after {} tries", tries);
            if crash {
                // A try whose end was not recorded does not count.
                world.take(&Step::Alarm);
                prop_assert_eq!(world.object.tries.len(), 1);
                world.take(&Step::Crash);
            }
            world.take(&Step::Alarm);
            prop_assert_eq!(world.object.tries.len(), 1);
            world.answer(0, ShopResponse::Failed { retry_after_ms: None }, random);
            if let Some(next_at) = world.object.rows[&said].next_at {
                world.now = next_at - 1;
                world.take(&Step::Alarm);
                prop_assert!(world.object.tries.is_empty(), "a try came a millisecond early");
                world.now = next_at;
            }
        }
        prop_assert_eq!(world.object.rows[&said].state, State::Dead);
        world.settle();
    }
}

/// The try that is under way then was due in that very millisecond, so that the replay's task is the try's own.
#[test]
fn a_replay_in_the_millisecond_of_a_try_is_not_lost_with_it() {
    for answer in [ShopResponse::Delivered, ShopResponse::Gone, ShopResponse::Failed { retry_after_ms: None }] {
        let mut world = World::new();
        world.take(&Step::Notification { said: (0, PRICE), crash: None });
        for _ in 0..2 {
            world.take(&Step::AlarmTime);
            world.take(&Step::Alarm);
            if world.now > START + 1 {
                world.take(&Step::Replay);
            }
            let answer = if world.now > START + 1 { answer } else { ShopResponse::Failed { retry_after_ms: None } };
            world.answer(0, answer, 0);
        }
        world.settle();
    }
}
