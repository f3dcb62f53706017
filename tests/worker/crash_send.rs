//! workerd is killed in the middle of sends, again and again, and loses nothing.
//!
//! In scope: SIGKILL at a random moment, a restart on the same storage, and what every message then is: sent once, or
//! unknown for good, or never sent and so sent by the retry. Not in scope: a loss of power, after which only the disk
//! can say what was durable.

use crate::support::client::post;
use crate::support::prelude::*;

crate::tests![no_message_is_sent_twice_or_forgotten_however_workerd_is_killed];

/// Messages under way at each kill, to a recipient each, with PayTR slower from one to the next.
const MESSAGES: u64 = 6;
const SLOWNESS_STEP_MS: u64 = 30;
/// Kills come at any time within this, which is longer than PayTR takes for the last message.
const LATEST_KILL: Duration = Duration::from_millis(200);
/// For what was on the wire when workerd died.
const SETTLING: Duration = Duration::from_millis(60);
const SERVICE: &str = "crash";
/// When a message was killed.
const STAGES: [&str; 3] = ["killed before PayTR was asked", "killed during the call", "killed after the answer"];

async fn no_message_is_sent_twice_or_forgotten_however_workerd_is_killed(_: Arc<Suite>) {
    let rounds = crash::rounds();
    let sandbox = Sandbox::start(secrets::merchant(), ([127, 0, 0, 1], 0).into()).await.unwrap();
    let aging = Aging::new(Service::new(SERVICE, &sandbox.base_url()));
    let crashes = Crashes { sandbox, aging };
    let mut tally = BTreeMap::<&str, usize>::new();
    let mut known = Vec::new();
    let mut output = String::new();
    let mut workerd = crash::start(&crashes.aging, SERVICE).await;
    for round in 0..rounds {
        let killed = crashes.send_and_kill(&workerd, round).await;
        output.push_str(&workerd.output());
        workerd = crash::start(&crashes.aging, SERVICE).await;
        for message in killed {
            let ending = crashes.retry(&workerd, &message).await;
            *tally.entry(message.stage()).or_default() += 1;
            *tally.entry(if ending.answer.status == 200 { "then sent" } else { "then unknown" }).or_default() += 1;
            known.push((message, ending));
        }
    }
    // However many crashes came since: what was answered once is answered again, and nothing was sent anew.
    for (message, ending) in &known {
        let answer = crashes.aging.post(&workerd, &message.signed).await;
        assert!(answer.is_replay(), "an outcome is lost");
        assert_eq!((answer.status, answer.json()), (ending.answer.status, ending.answer.json()), "an outcome changed");
        assert_eq!(crashes.calls(message), ending.calls, "a message was sent again");
    }
    assert_eq!(known.len(), rounds * usize::try_from(MESSAGES).unwrap());
    workerd.kill();
    output.push_str(&workerd.output());
    assert_eq!(Leaks::of(&crashes.sandbox).found_in(output.as_bytes()), BTreeSet::from([WEBHOOK_ID]), "in the log");
    if rounds >= crash::MANY_ROUNDS {
        assert!(STAGES.iter().all(|stage| tally.contains_key(stage)), "the kills missed a moment: {tally:?}");
    }
    eprintln!("crash of sends: {rounds} rounds, {tally:?}");
}

struct Crashes {
    /// Its own, so that every call is one of this test's.
    sandbox: Sandbox,
    aging: Aging,
}

/// A message, and how far it had got when workerd was killed.
struct Killed {
    signed: Signed,
    link_id: String,
    answered: Option<Answer>,
    reached_paytr: bool,
}

/// What the first retry after the restart said.
struct Ending {
    answer: Answer,
    calls: usize,
}

impl Crashes {
    async fn send_and_kill(&self, workerd: &Workerd, round: usize) -> Vec<Killed> {
        let mut sends = JoinSet::new();
        let calls_before = self.sandbox.received().len();
        for number in 0..MESSAGES {
            let link_id = people::link_id();
            let slowness = Duration::from_millis(number * SLOWNESS_STEP_MS);
            self.sandbox.misbehave(&link_id, Misbehaviour::Slow(slowness));
            let signed = Signed::new(message::sms(&link_id, &people::phone()));
            let url = workerd.url(SERVICE);
            sends.spawn(async move {
                let answered = post(&url, &signed).await.ok();
                Killed { link_id, answered, reached_paytr: false, signed }
            });
        }
        // By turns: on a busy machine, much of the time from the start on goes by before PayTR is asked.
        if round.is_multiple_of(2) {
            wait_until("PayTR is asked", || self.sandbox.received().len() > calls_before).await;
        }
        sleep(crash::any_moment(LATEST_KILL)).await;
        workerd.kill();
        let mut killed = sends.join_all().await;
        sleep(SETTLING).await;
        for message in &mut killed {
            message.reached_paytr = self.calls(message) > 0;
        }
        killed
    }

    /// Asks what became of a message, and again, which has to say the same.
    async fn retry(&self, workerd: &Workerd, message: &Killed) -> Ending {
        let id = &message.signed.id;
        let answer = self.aging.post(workerd, &message.signed).await;
        let calls = self.calls(message);
        match (answer.status, answer.is_replay(), message.reached_paytr) {
            (200, true, true) => answer.assert_sent(id, "recorded"),
            // Nothing had become durable, and nothing had gone out: so this is the first try.
            (200, false, false) => answer.assert_sent(id, "sent by the retry"),
            (502, true, _) => answer.assert_problem(502, "outcome-unknown", "interrupted"),
            (status, is_replay, reached) => panic!("{status}, replayed: {is_replay}, reached PayTR: {reached}"),
        }
        if let Some(first) = &message.answered {
            first.assert_sent(id, "before the kill");
            assert_eq!((answer.status, &answer.body), (200, &first.body), "a recorded outcome is lost");
        }
        assert!(calls <= 1, "PayTR was asked {calls} times");
        if answer.status == 200 {
            assert_eq!(calls, 1, "PayTR was never asked for what was sent");
        }
        let again = self.aging.post(workerd, &message.signed).await;
        assert!(again.is_replay());
        assert_eq!((again.status, again.json()), (answer.status, answer.json()));
        assert_eq!(self.calls(message), calls, "the second retry sent");
        Ending { answer, calls }
    }

    fn calls(&self, message: &Killed) -> usize {
        self.sandbox.received_for(&message.link_id).len()
    }
}

impl Killed {
    /// How far it had got.
    fn stage(&self) -> &'static str {
        match (self.reached_paytr, &self.answered) {
            (false, _) => STAGES[0],
            (true, None) => STAGES[1],
            (true, Some(_)) => STAGES[2],
        }
    }
}
