//! At most once, whatever the order of requests, answers, crashes and clock steps.
//!
//! [`Relay`] drives the machine as a partition does: what is stored survives a crash, what is in flight does not, and a record
//! is written only where there is none.
//! [`Model`] says what has to come of it, with none of the machine's code.

use crate::support::{DAY_MS, LIMITS, NOW as START, record, rejection};
use paytr_link_relay::ledger::{
    Decision, DecisionInput, Recorded, State, decide, longest_window_ms, messages_kept_ms, sends_that_count,
};
use paytr_link_relay::message::Settled;
use paytr_link_relay::model::SendLimit;
use paytr_link_relay::paytr::{Cause, Outcome};
use proptest::prelude::*;
use proptest::sample::Index;
use std::collections::{BTreeMap, BTreeSet};

const TIMEOUT_MS: u32 = 20_000;

#[derive(Debug, Clone)]
enum Step {
    Request { id: u8, content: u8 },
    Response { which: Index, outcome: Outcome },
    Crash,
    Clock(i64),
    Alarm,
}

/// PayTR being asked by an object that may be gone when the answer comes.
struct Call {
    id: u8,
    life: u32,
}

/// A row of the table of messages.
struct Row {
    recorded: Recorded,
    may_have_gone_out: bool,
}

impl Row {
    /// Records how the message ended, unless something is recorded already.
    fn end(&mut self, outcome: &Outcome) {
        let Settled { record, may_have_gone_out, .. } = Settled::new(outcome);
        if self.recorded.state == State::Pending {
            (self.recorded.state, self.may_have_gone_out) = (State::Ended(record), may_have_gone_out);
        }
    }
}

struct Relay {
    limits: Vec<SendLimit>,
    stored: BTreeMap<u8, Row>,
    in_flight: BTreeSet<u8>,
    calls: Vec<Call>,
    life: u32,
}

impl Relay {
    fn request(&mut self, id: u8, content: u8, now: u64) -> Decision {
        let fingerprint = format!("content {content}");
        let since = now.saturating_sub(longest_window_ms(&self.limits));
        let counted = |row: &&Row| row.may_have_gone_out && row.recorded.started_at > since;
        let mut sends: Vec<u64> = self.stored.values().filter(counted).map(|row| row.recorded.started_at).collect();
        sends.sort_unstable_by(|a, b| b.cmp(a));
        sends.truncate(usize::try_from(sends_that_count(&self.limits)).unwrap());
        let decision = decide(&DecisionInput {
            recorded: self.stored.get(&id).map(|row| &row.recorded),
            fingerprint: &fingerprint,
            in_flight: self.in_flight.contains(&id),
            sends: &sends,
            limits: &self.limits,
            timeout_ms: TIMEOUT_MS,
            now,
        });
        match &decision {
            Decision::Ask => {
                let recorded = Recorded { fingerprint, started_at: now, state: State::Pending };
                self.stored.insert(id, Row { recorded, may_have_gone_out: true });
                self.in_flight.insert(id);
                self.calls.push(Call { id, life: self.life });
            }
            Decision::MarkUnknown => {
                self.stored.get_mut(&id).unwrap().end(&Outcome::Unknown(Cause::Interrupted));
            }
            _ => {}
        }
        decision
    }

    /// The answer to a call, and what the caller is told: nothing if the object is gone.
    fn answer(&mut self, which: usize, outcome: Outcome) -> Option<(u8, Outcome)> {
        let Call { id, life } = self.calls.remove(which);
        if life != self.life {
            return None;
        }
        if let Some(row) = self.stored.get_mut(&id) {
            row.end(&outcome);
        }
        self.in_flight.remove(&id);
        Some((id, outcome))
    }

    fn crash(&mut self) {
        self.life += 1;
        self.in_flight.clear();
    }

    fn alarm(&mut self, now: u64) {
        let retention = messages_kept_ms(&self.limits);
        self.stored.retain(|_, row| row.recorded.started_at >= now - retention);
    }
}

struct Attempt {
    content: u8,
    at: u64,
    alive: bool,
    told: Option<Outcome>,
}

#[derive(Default)]
struct Model {
    attempts: BTreeMap<u8, Attempt>,
    /// Every send there ever was: id, time, whether PayTR rejected it.
    sends: Vec<(u8, u64, bool)>,
}

impl Model {
    /// Those that may have gone out and are in the limit's window at `now`.
    fn in_window(&self, limit: SendLimit, now: u64) -> usize {
        let window = u64::from(limit.seconds) * 1000;
        self.sends.iter().filter(|(_, at, rejected)| !rejected && at + window > now).count()
    }

    fn is_full(&self, limits: &[SendLimit], now: u64) -> bool {
        limits.iter().any(|limit| self.in_window(*limit, now) >= usize::try_from(limit.count).unwrap())
    }

    /// Checks a decision, and takes it in.
    fn decided(&mut self, decision: &Decision, id: u8, content: u8, now: u64, limits: &[SendLimit]) {
        let full = self.is_full(limits, now);
        match self.attempts.get_mut(&id) {
            Some(attempt) if attempt.content != content => assert_eq!(*decision, Decision::WebhookIdReused),
            Some(Attempt { told: Some(told), .. }) => assert_eq!(*decision, Decision::Replay(record(told))),
            Some(Attempt { alive: true, .. }) => {
                assert!(matches!(decision, Decision::InProgress(1..=20)), "{decision:?}");
            }
            Some(attempt) => {
                assert_eq!(*decision, Decision::MarkUnknown);
                attempt.told = Some(Outcome::Unknown(Cause::Interrupted));
            }
            None if full => self.check_wait(decision, now, limits),
            None => {
                assert_eq!(*decision, Decision::Ask);
                self.attempts.insert(id, Attempt { content, at: now, alive: true, told: None });
                self.sends.push((id, now, false));
            }
        }
    }

    fn check_wait(&self, decision: &Decision, now: u64, limits: &[SendLimit]) {
        let Decision::RecipientLimit(seconds) = *decision else { panic!("{decision:?} over the limit") };
        assert!((1..=86_400).contains(&seconds), "{seconds}");
        // After the clock was set back, the wait is told as if the sends ahead were made just now.
        if self.sends.iter().all(|(_, at, _)| *at <= now) {
            assert!(!self.is_full(limits, now + seconds * 1000), "{seconds} s are too few");
            assert!(self.is_full(limits, now + (seconds - 1) * 1000), "{seconds} s are too many");
        }
    }

    fn answered(&mut self, id: u8, outcome: Outcome) {
        if matches!(outcome, Outcome::Rejected(_)) {
            let last = self.sends.iter_mut().rev().find(|(sent, ..)| *sent == id).unwrap();
            last.2 = true;
        }
        let attempt = self.attempts.get_mut(&id).unwrap();
        assert_eq!(attempt.told.replace(outcome), None, "{id} has ended twice");
    }

    fn crash(&mut self) {
        self.attempts.values_mut().for_each(|attempt| attempt.alive = false);
    }

    fn sends_of(&self, id: u8) -> Vec<u64> {
        self.sends.iter().filter(|(sent, ..)| *sent == id).map(|(_, at, _)| *at).collect()
    }
}

struct World {
    relay: Relay,
    model: Model,
    now: u64,
}

impl World {
    fn new(limits: &[SendLimit]) -> Self {
        let (stored, in_flight) = (BTreeMap::new(), BTreeSet::new());
        let relay = Relay { limits: limits.to_vec(), stored, in_flight, calls: Vec::new(), life: 0 };
        Self { relay, model: Model::default(), now: START }
    }

    fn take(&mut self, step: Step) {
        match step {
            Step::Request { id, content } => self.request(id, content),
            Step::Response { which, outcome } if !self.relay.calls.is_empty() => {
                self.answer(which.index(self.relay.calls.len()), outcome);
            }
            Step::Response { .. } => {}
            Step::Crash => {
                self.relay.crash();
                self.model.crash();
            }
            Step::Clock(by) => self.now = self.now.saturating_add_signed(by),
            Step::Alarm => {
                self.relay.alarm(self.now);
                let retention = messages_kept_ms(&self.relay.limits);
                self.model.attempts.retain(|_, attempt| attempt.at >= self.now - retention);
            }
        }
    }

    fn request(&mut self, id: u8, content: u8) {
        let before = self.relay.calls.len();
        let decision = self.relay.request(id, content, self.now);
        let asked = self.relay.calls.len() - before;
        assert_eq!(asked, usize::from(decision == Decision::Ask), "{decision:?} asks PayTR {asked} times");
        self.model.decided(&decision, id, content, self.now, &self.relay.limits);
    }

    fn answer(&mut self, which: usize, outcome: Outcome) {
        if let Some((id, outcome)) = self.relay.answer(which, outcome) {
            self.model.answered(id, outcome);
        }
    }

    /// No object lives on, hours go by, and every message is asked for twice more with a fresh timestamp.
    fn settle(&mut self) {
        self.take(Step::Crash);
        let asked: Vec<(u8, u8)> = self.model.attempts.iter().map(|(id, attempt)| (*id, attempt.content)).collect();
        for _ in 0..2 {
            self.now += 6 * 60 * 60 * 1000;
            for (id, content) in &asked {
                self.request(*id, *content);
            }
        }
        for (id, attempt) in &self.model.attempts {
            let stored = &self.relay.stored[id].recorded;
            let told = attempt.told.as_ref().map(|told| State::Ended(record(told)));
            assert_eq!(Some(&stored.state), told.as_ref(), "{id}");
        }
    }
}

fn outcome() -> impl Strategy<Value = Outcome> {
    prop_oneof![
        Just(Outcome::Succeeded(())),
        Just(Outcome::Rejected(rejection())),
        Just(Outcome::Unknown(Cause::TimedOut)),
        Just(Outcome::Unknown(Cause::NotUnderstood)),
    ]
}

fn request(ids: u8) -> impl Strategy<Value = Step> {
    (0..ids, prop_oneof![4 => Just(0_u8), 1 => 1..3_u8]).prop_map(|(id, content)| Step::Request { id, content })
}

fn answer() -> impl Strategy<Value = Step> {
    (any::<Index>(), outcome()).prop_map(|(which, outcome)| Step::Response { which, outcome })
}

/// Steps of which no sum comes near the 7 days for which messages are kept.
fn any_steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        8 => request(6),
        4 => answer(),
        1 => Just(Step::Crash),
        2 => (-90_000..90_000_i64).prop_map(Step::Clock),
        2 => prop_oneof![Just(59_999_i64), Just(60_000), Just(60_001)].prop_map(Step::Clock),
        1 => (-7_200_000..7_200_000_i64).prop_map(Step::Clock),
    ];
    proptest::collection::vec(step, 1..=60)
}

fn steps_in_time() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        10 => request(12),
        3 => answer(),
        1 => Just(Step::Crash),
        2 => (0..30_000_i64).prop_map(Step::Clock),
        3 => prop_oneof![Just(59_999_i64), Just(60_000), Just(60_001)].prop_map(Step::Clock),
        1 => (0..3 * 86_400_000_i64).prop_map(Step::Clock),
        1 => Just(Step::Alarm),
    ];
    proptest::collection::vec(step, 1..=60)
}

fn limits() -> impl Strategy<Value = Vec<SendLimit>> {
    let limit = (1..4_u32, prop_oneof![1..5_u32, Just(60), Just(3600), Just(86_400)])
        .prop_map(|(count, seconds)| SendLimit { count, seconds });
    prop_oneof![2 => Just(LIMITS.to_vec()), 1 => proptest::collection::vec(limit, 0..3)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn no_id_is_ever_sent_twice_and_each_ends_in_one_answer(steps in any_steps(), limits in limits()) {
        let mut world = World::new(&limits);
        for step in steps {
            world.take(step);
            for id in 0..6 {
                prop_assert!(world.model.sends_of(id).len() <= 1, "{id} was sent twice");
            }
        }
        world.settle();
        for id in 0..6 {
            prop_assert_eq!(world.model.sends_of(id).len(), usize::from(world.model.attempts.contains_key(&id)));
        }
    }

    #[test]
    fn in_time_no_window_ever_holds_more_than_its_limit(steps in steps_in_time(), limits in limits()) {
        let mut world = World::new(&limits);
        for step in steps {
            // The fetch gives up after its time-out, so that none outlives a long step.
            if matches!(step, Step::Clock(by) if by > i64::from(TIMEOUT_MS)) {
                while !world.relay.calls.is_empty() {
                    world.answer(0, Outcome::Unknown(Cause::TimedOut));
                }
            }
            world.take(step);
        }
        for limit in &limits {
            let window = u64::from(limit.seconds) * 1000;
            let sends: Vec<u64> =
                world.model.sends.iter().filter(|(.., rejected)| !rejected).map(|(_, at, _)| *at).collect();
            for first in &sends {
                let held = sends.iter().filter(|at| (*first..first + window).contains(*at)).count();
                prop_assert!(held <= usize::try_from(limit.count).unwrap(), "{held} sends in {limit:?}");
            }
        }
        for id in 0..12 {
            let apart = world.model.sends_of(id).windows(2).all(|pair| pair[1] - pair[0] > 7 * DAY_MS);
            prop_assert!(apart, "{id} was sent again within 7 days");
        }
    }
}
