//! workerd is killed in the middle of creates with two sends, again and again: no link is made twice, no message is sent
//! twice, and every id has its answer for good.

use crate::support::client::post;
use crate::support::prelude::*;

crate::tests![no_link_is_made_twice_and_no_message_sent_twice_however_workerd_is_killed];

/// Creates under way at each kill, with PayTR slower from one to the next.
const CREATES: u64 = 5;
const SLOWNESS_STEP_MS: u64 = 20;
/// Kills come at any time within this, which is longer than the last create and its sends take.
const LATEST_KILL: Duration = Duration::from_millis(260);
/// For what was on the wire when workerd died.
const SETTLING: Duration = Duration::from_millis(60);
const SERVICE: &str = "crash-create";

/// A create, and what was answered before the kill.
struct Killed {
    signed: Signed,
    name: String,
    recipients: [String; 2],
    answered: Option<Answer>,
}

struct Crashes {
    sandbox: Sandbox,
    aging: Aging,
}

async fn no_link_is_made_twice_and_no_message_sent_twice_however_workerd_is_killed(_: Arc<Suite>) {
    let rounds = crash::rounds();
    let sandbox = Sandbox::start(secrets::merchant(), ([127, 0, 0, 1], 0).into()).await.unwrap();
    let service = Service::new(SERVICE, &sandbox.base_url()).text("SEND_LIMITS", "[]");
    let crashes = Crashes { sandbox, aging: Aging::new(service) };
    let mut output = String::new();
    let mut known: Vec<(Killed, Answer)> = Vec::new();
    let mut tally = BTreeMap::<String, usize>::new();
    let mut workerd = crash::start(&crashes.aging, SERVICE).await;
    for round in 0..rounds {
        let killed = crashes.create_and_kill(&workerd, round).await;
        output.push_str(&workerd.output());
        workerd = crash::start(&crashes.aging, SERVICE).await;
        for create in killed {
            *tally.entry(crashes.stage(&create).to_owned()).or_default() += 1;
            let answer = crashes.settle(&workerd, &create).await;
            *tally.entry(format!("then {}", answer.code())).or_default() += 1;
            known.push((create, answer));
        }
    }
    for (create, answer) in &known {
        let again = crashes.aging.post(&workerd, &create.signed).await;
        assert_eq!((again.status, again.json()), (answer.status, answer.json()), "an outcome changed");
        crashes.assert_nothing_twice(create, answer);
    }
    workerd.kill();
    output.push_str(&workerd.output());
    assert_eq!(Leaks::of(&crashes.sandbox).found_in(output.as_bytes()), BTreeSet::from([WEBHOOK_ID]), "in the log");
    assert_eq!(known.len(), rounds * usize::try_from(CREATES).unwrap());
    eprintln!("crash of creates with two sends: {rounds} rounds, {tally:?}");
}

impl Crashes {
    async fn create_and_kill(&self, workerd: &Workerd, round: usize) -> Vec<Killed> {
        let mut creates = JoinSet::new();
        let before = self.sandbox.received().len();
        for number in 0..CREATES {
            let slowness = Misbehaviour::Slow(Duration::from_millis(number * SLOWNESS_STEP_MS));
            let name = people::link_name();
            // Numbers of their own: the shared ones are few.
            let recipients = [format!("05559{:06}", people::next()), people::email()];
            for subject in [&name, &recipients[0], &recipients[1]] {
                self.sandbox.misbehave(subject, slowness.clone());
            }
            let send = json!({"cell_phone": recipients[0], "email": recipients[1]});
            let signed = Signed::new(message::create(&name, &json!({"get_qr": 1, "send": send})));
            let url = workerd.url(SERVICE);
            creates.spawn(async move {
                let answered = post(&url, &signed).await.ok();
                Killed { signed, name, recipients, answered }
            });
        }
        if !round.is_multiple_of(3) {
            wait_until("PayTR is asked", || self.sandbox.received().len() > before).await;
        }
        sleep(crash::any_moment(LATEST_KILL)).await;
        workerd.kill();
        let killed = creates.join_all().await;
        sleep(SETTLING).await;
        killed
    }

    /// How far it had got.
    fn stage(&self, create: &Killed) -> &'static str {
        match (self.creates(create), self.sends(create), &create.answered) {
            (.., Some(_)) => "killed after the answer",
            (0, ..) => "killed before PayTR was asked",
            (_, [0, 0], _) => "killed during the create",
            _ => "killed during the sends",
        }
    }

    /// The first retry's answer, which the second has to repeat.
    async fn settle(&self, workerd: &Workerd, create: &Killed) -> Answer {
        let answer = self.aging.post(workerd, &create.signed).await;
        match answer.status {
            200 => {
                for send in answer.json()["sends"].as_array().unwrap() {
                    assert!(["sent", "unknown"].contains(&send["outcome"].as_str().unwrap()), "{send}");
                }
                assert!(answer.json()["link"]["base64_qr"].is_string());
            }
            _ => answer.assert_unknown_but_safe(502, "interrupted"),
        }
        if let Some(first) = &create.answered {
            assert_eq!((answer.status, answer.json()), (first.status, first.json()), "a recorded outcome is lost");
        }
        self.assert_nothing_twice(create, &answer);
        answer
    }

    fn assert_nothing_twice(&self, create: &Killed, answer: &Answer) {
        let (creates, sends) = (self.creates(create), self.sends(create));
        assert!(creates <= 1 && sends.iter().all(|count| *count <= 1), "{creates} creates, {sends:?} sends");
        if answer.status == 200 {
            assert_eq!(creates, 1);
            for (send, count) in answer.json()["sends"].as_array().unwrap().iter().zip(sends) {
                let is_sent = send["outcome"] == "sent";
                assert!(!is_sent || count == 1, "{send} was never sent");
            }
        } else {
            assert_eq!(sends, [0, 0], "a link of which nobody knows was sent");
        }
    }

    fn creates(&self, create: &Killed) -> usize {
        self.sandbox.received().iter().filter(|call| call.field("name") == Some(&create.name)).count()
    }

    fn sends(&self, create: &Killed) -> [usize; 2] {
        let to = |recipient: &String| {
            self.sandbox.received().iter().filter(|call| call.recipient.as_ref() == Some(recipient)).count()
        };
        [to(&create.recipients[0]), to(&create.recipients[1])]
    }
}
