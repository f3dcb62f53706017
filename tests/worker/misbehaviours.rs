//! PayTR at its worst: each way has its answer, is final, costs one request, and harms nobody else.

use crate::support::prelude::*;
use crate::support::redirect_target::RedirectTarget;
use crate::support::services::SHORT_TIMEOUT_MS;
use paytr_sandbox::Misbehaviour::{
    Bom, Bytes, ClientError, ClientErrorJson, Closed, CutOff, DuplicateStatus, Empty, Hang, HtmlPage, Huge,
    HugeDeclared, NotObject, ReasonEchoes, Redirect, Rejected, Reset, ServerError, ServerErrorJson, Slow, SlowBody,
    UnknownStatus,
};
use std::fs;
use tokio::net::TcpStream;

crate::tests![
    every_misbehaviour_has_its_answer_paytr_is_asked_once_and_no_redirect_is_followed,
    the_table_of_misbehaviours_is_complete,
    a_hang_ends_with_the_time_out_also_in_the_middle_of_the_body,
    a_paytr_that_is_not_there_is_an_unknown_outcome,
    a_reason_that_echoes_recipient_and_token_is_passed_on_without_them,
    an_id_that_paytr_writes_as_a_number_is_read,
    a_refusal_names_nobody_neither_to_the_caller_nor_in_the_storage,
];

const SERVICE: &str = "spelled";
const SOON: Duration = Duration::from_millis(300);
const ALL: [Asked; 4] = [Asked::Sms, Asked::Email, Asked::Create, Asked::Delete];

/// What PayTR is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    Sms,
    Email,
    Create,
    Delete,
}

/// A message, by which name PayTR knows its link, and to whom the link goes.
struct Asking {
    asked: Asked,
    subject: String,
    recipient: String,
    signed: Signed,
}

/// What comes of a misbehaviour; a refusal has PayTR's words.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Expected {
    Done,
    Unknown,
    Rejected(Value),
}

impl Asking {
    fn new(asked: Asked) -> Self {
        let subject = if asked == Asked::Create { people::link_name() } else { people::link_id() };
        let recipient = if asked == Asked::Email { people::email() } else { people::phone() };
        let body = match asked {
            Asked::Sms => message::sms(&subject, &recipient),
            Asked::Email => message::email(&subject, &recipient),
            Asked::Create => message::create(&subject, &json!({"get_qr": 1, "send": {"cell_phone": recipient}})),
            Asked::Delete => message::delete(&[&subject]),
        };
        Self { asked, subject, recipient, signed: Signed::new(body) }
    }

    /// A link may be made or deleted once more, and a message must not be sent once more.
    fn assert_unknown(&self, answer: &Answer, status: u16, case: &str) {
        match self.asked {
            Asked::Sms | Asked::Email => answer.assert_problem(status, "outcome-unknown", case),
            Asked::Create | Asked::Delete => answer.assert_unknown_but_safe(status, case),
        }
        let has_callback_id = answer.json()["callback_id"].as_str().is_some_and(|id| id.len() == 64);
        assert_eq!(has_callback_id, self.asked == Asked::Create, "{case}");
    }

    fn assert_done(&self, answer: &Answer, case: &str) {
        match self.asked {
            Asked::Sms | Asked::Email => answer.assert_sent(&self.signed.id, case),
            Asked::Create => assert_eq!((answer.status, answer.code().as_str()), (200, "created"), "{case}"),
            Asked::Delete => assert_eq!((answer.status, answer.code().as_str()), (200, "deleted"), "{case}"),
        }
    }

    /// How often PayTR was asked, for the sends of a new link too.
    fn calls(&self, suite: &Suite) -> usize {
        let is_own = |call: &&paytr_sandbox::Received| {
            call.concerns(&self.subject)
                || call.field("name") == Some(&self.subject)
                || call.recipient.as_ref() == Some(&self.recipient)
        };
        suite.sandbox.received().iter().filter(is_own).count()
    }
}

fn table(redirect_to: &str) -> Vec<(Misbehaviour, Expected)> {
    let paytr = |status: &str, reason: &str| Expected::Rejected(json!({"status": status, "reason": reason}));
    let rejected = |status: &str, reason: &str| {
        (Rejected { status: status.to_owned(), reason: reason.to_owned() }, paytr(status, reason))
    };
    let bytes = |status, body: &[u8]| Bytes { status, body: body.to_vec(), delivers: false };
    let done = [Slow(SOON), SlowBody(SOON), Bom].map(|misbehaviour| (misbehaviour, Expected::Done));
    let redirects = [301, 302, 303, 307, 308].map(|status| Redirect { status, location: redirect_to.to_owned() });
    let unknown = [
        Closed,
        CutOff,
        Reset,
        HtmlPage,
        Empty,
        Huge,
        HugeDeclared,
        ClientError,
        ServerError,
        ServerErrorJson,
        UnknownStatus,
        NotObject,
        DuplicateStatus,
        bytes(403, b"<html>Just a moment"),
    ];
    let unknown = unknown.into_iter().chain(redirects).map(|misbehaviour| (misbehaviour, Expected::Unknown));
    let windows_1254 = bytes(200, b"{\"status\":\"failed\",\"reason\":\"Ge\xe7ersiz\"}");
    let refusals = [
        (ClientErrorJson, paytr("error", "Gecersiz istek")),
        (windows_1254, paytr("failed", "Ge\u{fffd}ersiz")),
        rejected("error", "Bakiye yetersiz"),
        rejected("failed", "Zorunlu alan degeri gecersiz \"x\" \u{15f}\u{131}\u{1f600} \\ </script>"),
    ];
    done.into_iter().chain(unknown).chain(refusals).collect()
}

/// Successes of a create that cannot be believed: all but an id that PayTR writes as a number.
fn creates() -> Vec<(Misbehaviour, Expected)> {
    let all = paytr_sandbox::KNOWN_CREATES.iter().map(|known| (known.misbehaviour)());
    let odd = all.filter(|misbehaviour| *misbehaviour != Misbehaviour::IdNotText);
    odd.map(|misbehaviour| (misbehaviour, Expected::Unknown)).collect()
}

async fn every_misbehaviour_has_its_answer_paytr_is_asked_once_and_no_redirect_is_followed(suite: Arc<Suite>) {
    let table = table(&suite.redirect_target.location());
    for (asked, table) in ALL.map(|asked| (asked, table.clone())).into_iter().chain([(Asked::Create, creates())]) {
        let mut cases = JoinSet::new();
        for (misbehaviour, expected) in table {
            let suite = Arc::clone(&suite);
            cases.spawn(async move { check(&suite, asked, misbehaviour, &expected).await });
        }
        cases.join_all().await;
    }
    assert_eq!(suite.redirect_target.visitors(), 0, "a redirect was followed");
    // That nobody came says something only if a visit would have been seen.
    let other = RedirectTarget::start().await;
    let _visit = TcpStream::connect(other.address()).await.unwrap();
    wait_until("a visit is seen", || other.visitors() == 1).await;
}

/// A first answer, a retry that replays it, and another message that goes out after it.
async fn check(suite: &Suite, asked: Asked, misbehaviour: Misbehaviour, expected: &Expected) {
    let case = format!("{asked:?}, {misbehaviour:?}");
    let asking = Asking::new(asked);
    suite.sandbox.misbehave(&asking.subject, misbehaviour);
    let first = suite.post(DEFAULTS, &asking.signed).await;
    let paytr = match expected {
        Expected::Done => {
            asking.assert_done(&first, &case);
            &json!({"status": "success"})
        }
        Expected::Unknown => {
            asking.assert_unknown(&first, 502, &case);
            &Value::Null
        }
        Expected::Rejected(paytr) => {
            first.assert_problem(422, "paytr-rejected", &case);
            paytr
        }
    };
    assert_eq!(first.json()["paytr"], *paytr, "{case}");
    assert!(!first.is_replay(), "{case}: the first answer");

    // PayTR behaves otherwise now, which must make no difference.
    let otherwise = Rejected { status: "error".to_owned(), reason: "a second call".to_owned() };
    suite.sandbox.misbehave(&asking.subject, otherwise);
    let again = suite.post(DEFAULTS, &asking.signed.retry()).await;
    assert_eq!((again.status, again.json()), (first.status, first.json()), "{case}: the retry");
    assert!(again.is_replay(), "{case}: the retry");
    // A link of which nobody knows is not sent.
    let is_sent_too = asked == Asked::Create && *expected == Expected::Done;
    assert_eq!(asking.calls(suite), if is_sent_too { 2 } else { 1 }, "{case}: calls to PayTR");

    let next = Signed::new(message::sms(&people::link_id(), &people::phone()));
    suite.post(DEFAULTS, &next).await.assert_sent(&next.id, &format!("after {case}"));
}

async fn the_table_of_misbehaviours_is_complete(_: Arc<Suite>) {
    let mut tried: BTreeSet<&str> = table("").iter().map(|(misbehaviour, _)| misbehaviour.name()).collect();
    // These have tests of their own.
    tried.extend([Hang.name(), ReasonEchoes.name()]);
    let known: BTreeSet<&str> = paytr_sandbox::KNOWN.iter().map(|known| (known.misbehaviour)().name()).collect();
    assert_eq!(tried, known);
    assert!(creates().len() >= 7);
}

async fn a_hang_ends_with_the_time_out_also_in_the_middle_of_the_body(suite: Arc<Suite>) {
    let late = Duration::from_secs(20);
    let mut cases = JoinSet::new();
    for (asked, misbehaviour) in
        [(Asked::Sms, Hang), (Asked::Sms, SlowBody(late)), (Asked::Sms, Slow(late)), (Asked::Create, Hang)]
    {
        let suite = Arc::clone(&suite);
        cases.spawn(async move {
            let case = format!("{asked:?}, {misbehaviour:?}");
            let asking = Asking::new(asked);
            suite.sandbox.misbehave(&asking.subject, misbehaviour);
            let start = Instant::now();
            let first = suite.post(JSON, &asking.signed).await;
            let took = start.elapsed();
            asking.assert_unknown(&first, 504, &case);
            // Timers may be a little early; on a busy machine all is late, but far from the 20 s.
            let expected = Duration::from_millis(SHORT_TIMEOUT_MS - 20)..Duration::from_secs(8);
            assert!(expected.contains(&took), "{case}: {took:?}");

            suite.sandbox.behave(&asking.subject);
            let again = suite.post(JSON, &asking.signed.retry()).await;
            asking.assert_unknown(&again, 504, &case);
            assert!(again.is_replay(), "{case}");
            assert_eq!(asking.calls(&suite), 1, "{case}");
        });
    }
    cases.join_all().await;
}

async fn a_paytr_that_is_not_there_is_an_unknown_outcome(suite: Arc<Suite>) {
    for asking in ALL.map(Asking::new) {
        let case = format!("{:?}", asking.asked);
        asking.assert_unknown(&suite.post_twice(UNREACHABLE, &asking.signed, &case).await, 502, &case);
    }
}

async fn a_reason_that_echoes_recipient_and_token_is_passed_on_without_them(suite: Arc<Suite>) {
    for asking in [Asked::Sms, Asked::Email, Asked::Delete].map(Asking::new) {
        let case = format!("{:?}", asking.asked);
        suite.sandbox.misbehave(&asking.subject, ReasonEchoes);
        let answer = suite.post_twice(DEFAULTS, &asking.signed, &case).await;
        answer.assert_problem(422, "paytr-rejected", &case);
        let reason = answer.json()["paytr"]["reason"].as_str().unwrap().to_owned();
        assert!(reason.starts_with("Gonderilemedi") && reason.contains("[redacted]"), "{case}: the reason is gone");
        let token = suite.only_call(&asking.subject).field("paytr_token").unwrap().to_owned();
        for private in [token.as_str(), asking.recipient.trim_start_matches('0')] {
            assert!(!answer.text().contains(private), "{case}");
        }
    }
}

async fn an_id_that_paytr_writes_as_a_number_is_read(suite: Arc<Suite>) {
    let asking = Asking::new(Asked::Create);
    suite.sandbox.misbehave(&asking.subject, Misbehaviour::IdNotText);
    let answer = suite.post(DEFAULTS, &asking.signed).await;
    assert_eq!((answer.status, &answer.json()["link"]["id"]), (200, &json!("1234567")), "{}", answer.text());
    assert_eq!(suite.creates_of(&asking.subject).len(), 1);
}

async fn a_refusal_names_nobody_neither_to_the_caller_nor_in_the_storage(suite: Arc<Suite>) {
    let aging = Aging::new(Service::new(SERVICE, &suite.sandbox.base_url()));
    let workerd = aging.start();
    let payer = and(flex(), &json!({"user_name": "Ayşe Gülşah Yılmaz"}));
    let address = json!({"link_type": "collection", "email": "ayse.isik@example.com"});
    for (more, spelled) in [(&payer, "Ay&#351;e G&uuml;l&#x15f;ah Y&#305;lmaz"), (&address, "ayse.isik%40example.com")]
    {
        let order = Order::new(more);
        let reason = format!("Odeme alinamadi: {spelled},\u{202e} tekrar\u{7} deneyin");
        suite.sandbox.misbehave(&order.name, Rejected { status: "failed".to_owned(), reason });
        for signed in [order.signed.clone(), order.signed.retry()] {
            let answer = workerd.post(SERVICE, &signed).await;
            answer.assert_problem(422, "paytr-rejected", spelled);
            let said = "Odeme alinamadi: [redacted], tekrar deneyin";
            assert_eq!(answer.json()["paytr"], json!({"status": "failed", "reason": said}), "{spelled}");
        }
    }
    workerd.kill();
    assert!(!workerd.output().to_lowercase().contains("lmaz") && !workerd.output().contains("isik"), "in the log");
    let files = fs::read_dir(aging.data.storage().join(format!("ledger-{SERVICE}"))).unwrap();
    let stored: Vec<String> =
        files.map(|file| String::from_utf8_lossy(&fs::read(file.unwrap().path()).unwrap()).to_lowercase()).collect();
    let is_stored = |text: &str| stored.iter().any(|file| file.contains(text));
    assert!(is_stored("odeme alinamadi: [redacted], tekrar deneyin"), "this is not where refusals are kept");
    assert!(!is_stored("lmaz") && !is_stored("isik"), "in the storage");
}
