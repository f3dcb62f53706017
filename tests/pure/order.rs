//! An order's machine, step by step: what news does, what is done next, and what payments and write-backs leave behind. What
//! all of it adds up to is in `order_property`, the ledger's answers in `order_answer`.

use crate::shop::{self, BOTH, NEITHER, email, money, news, payment_of, phone, reference, storefront, wants};
use paytr_link_relay::link::SendOutcome;
use paytr_link_relay::model::{Lang, Recipient};
use paytr_link_relay::order::{
    CreateAnswer, DeleteAnswer, Ignored, Order, OrderLink, People, Stage, Step, Taken, WriteBack,
};
use paytr_link_relay::payment::Reason;
use paytr_link_relay::storefront::{Job, LinkNote, News, Review, Sent, Trouble, Ways, Why, Wish};
use serde_json::json;

pub const NOW: u64 = 1_795_000_000_123;
const HOUR_MS: u64 = 3_600_000;
const DAY_MS: u64 = 24 * HOUR_MS;

fn take(known: Option<Order>, news: News, now: u64) -> Taken {
    Order::take_news(known, news, "https://relay.example".to_owned(), "request".to_owned(), now)
}

pub fn order_of(known: Option<Order>, news: News, now: u64) -> Order {
    match take(known, news, now) {
        Taken::Order(order) => *order,
        Taken::Ignored(ignored) => panic!("{ignored:?}"),
    }
}

fn planned(mut order: Order, now: u64) -> Order {
    let storefront = storefront(&json!({}));
    assert_eq!(order.next_step(now), Step::Plan);
    let name = storefront.link_name(&order.number).unwrap();
    order.plan(&storefront, name, now);
    order
}

fn created(retry_at: Option<u64>) -> CreateAnswer {
    CreateAnswer::Created { url: shop::URL.to_owned(), sent: Vec::new(), retry_at }
}

fn answered(mut order: Order, answer: CreateAnswer, now: u64) -> Order {
    let link = order.link.as_ref().unwrap();
    assert_eq!(order.next_step(now), Step::Create, "{link:?}");
    order.take_creation(link.number, answer, now);
    order
}

/// An order of this many minor units, with an open link.
pub fn open(minor_units: u64) -> Order {
    let order = planned(order_of(None, news(1000, wants(minor_units)), NOW), NOW);
    answered(order, created(None), NOW)
}

fn stage(order: &Order) -> Stage {
    order.link.as_ref().unwrap().stage
}

fn jobs(order: &Order) -> Vec<&Job> {
    order.write_backs.iter().map(|write_back| &write_back.job).collect()
}

#[test]
fn a_new_order_has_a_link_planned_asked_for_and_told() {
    let order = order_of(None, news(1000, wants(158_000)), NOW);
    assert_eq!((order.wanted, order.why, order.wishes), (Some(money(158_000)), None, 1));
    assert_eq!((order.modified_at, order.updated_at), (1000, NOW));
    assert_eq!((order.origin.as_str(), order.request_id.as_str()), ("https://relay.example", "request"));
    assert_eq!(order.people, People { wanted: vec![phone(), email()], link: Vec::new() });
    let order = planned(order, NOW);
    assert_eq!(order.people, People { wanted: Vec::new(), link: vec![phone(), email()] });
    let link = OrderLink {
        number: 1,
        wish: 1,
        reference: reference("1001"),
        money: money(158_000),
        name: storefront(&json!({})).link_name(&reference("1001")).unwrap(),
        lang: Lang::Tr,
        expires_at: NOW + 72 * HOUR_MS,
        stage: Stage::Asked,
        due_at: None,
        closing_tries: 0,
        paid: false,
        missing: NEITHER,
    };
    assert_eq!((order.link.as_ref(), order.planned), (Some(&link), 1));
    let sent = vec![Sent { to: "05*******67".to_owned(), outcome: SendOutcome::Sent }];
    let answer = CreateAnswer::Created { url: shop::URL.to_owned(), sent: sent.clone(), retry_at: None };
    let order = answered(order, answer, NOW + 5);
    assert_eq!((stage(&order), order.made, order.updated_at), (Stage::Open, 1, NOW + 5));
    assert!(order.people.is_empty());
    let note = LinkNote {
        url: shop::URL.to_owned(),
        money: money(158_000),
        is_another: false,
        sent,
        missing: NEITHER,
        expires_at: link.expires_at,
    };
    let told = WriteBack { name: "1".to_owned(), job: Job::Link(note), attempts: 0, next_at: NOW + 5 };
    assert_eq!((order.write_backs.as_slice(), order.written), ([told].as_slice(), 1));
    assert_eq!(order.next_step(NOW + 5), Step::Nothing);
}

#[test]
fn a_way_that_is_not_to_be_gone_is_not_gone_and_one_for_which_there_is_nobody_is_told() {
    let ways = |sms, email| Ways { sms, email };
    let cases: [(Ways, Vec<Recipient>, Vec<Recipient>, Ways); 7] = [
        (BOTH, vec![phone(), email()], vec![phone(), email()], NEITHER),
        (BOTH, vec![phone()], vec![phone()], ways(false, true)),
        (BOTH, vec![email()], vec![email()], ways(true, false)),
        (BOTH, Vec::new(), Vec::new(), BOTH),
        (ways(true, false), vec![phone(), email()], vec![phone()], NEITHER),
        (ways(false, true), vec![phone(), email()], vec![email()], NEITHER),
        (ways(true, false), vec![email()], Vec::new(), ways(true, false)),
    ];
    for (send, recipients, chosen, missing) in cases {
        assert_eq!(send.choose(recipients.clone()), (chosen, missing), "{send:?} {recipients:?}");
    }
}

#[test]
fn news_is_taken_unless_it_is_older_or_says_nothing_new() {
    let order = || Some(open(158_000));
    let close = |why| Wish::Close(why);
    for (known, news, expected) in [
        (None, news(1, Wish::Nothing(Why::Draft)), Ignored::Unwanted(Why::Draft)),
        (None, news(1, Wish::Nothing(Why::OtherMethod)), Ignored::Unwanted(Why::OtherMethod)),
        (order(), news(999, wants(1)), Ignored::Older),
        (order(), news(999, close(Why::Cancelled)), Ignored::Older),
        (order(), news(1000, wants(158_000)), Ignored::Unchanged),
        (order(), news(None, wants(158_000)), Ignored::Unchanged),
        (None, News { number: None, order_id: "a b".to_owned(), ..news(1, wants(1)) }, Ignored::NoNumber),
    ] {
        assert_eq!(take(known, news.clone(), NOW), Taken::Ignored(expected), "{news:?}");
    }
    let ignored = [Ignored::Unwanted(Why::Draft), Ignored::Older, Ignored::Unchanged, Ignored::NoNumber];
    assert_eq!(ignored.map(Ignored::as_str), ["draft", "older", "unchanged", "no-number"]);
}

#[test]
fn what_has_no_time_is_the_newest_only_if_it_wants_no_link() {
    let closed = order_of(Some(open(158_000)), news(None, Wish::Close(Why::Cancelled)), NOW + 7);
    assert_eq!((closed.modified_at, closed.wanted, closed.why), (NOW + 7, None, Some(Why::Cancelled)));
    assert_eq!(take(Some(closed), news(NOW + 6, wants(158_000)), NOW + 8), Taken::Ignored(Ignored::Older));
    let wanted = order_of(Some(open(158_000)), news(None, wants(1)), NOW + 7);
    assert_eq!(wanted.modified_at, 1000);
}

#[test]
fn an_order_keeps_its_number_where_news_has_none() {
    let nameless = || News { number: None, ..news(None, Wish::Close(Why::Cancelled)) };
    assert_eq!(order_of(Some(open(1)), nameless(), NOW).number, reference("1001"));
    assert_eq!(order_of(None, nameless(), NOW).number, reference("11"));
    let renamed = News { number: Some(reference("R-2")), ..news(2000, wants(1)) };
    assert_eq!(order_of(Some(open(1)), renamed, NOW).number, reference("R-2"));
}

#[test]
fn another_amount_deletes_the_link_before_the_next_is_planned() {
    let mut order = order_of(Some(open(158_000)), news(2000, wants(200_000)), NOW);
    assert_eq!(order.people.wanted, [phone(), email()]);
    assert_eq!(order.next_step(NOW), Step::Delete);
    assert_eq!((order.begin_closing(), stage(&order)), (1, Stage::Closing));
    order.take_deletion(1, DeleteAnswer::Later(NOW + 5000), NOW);
    assert_eq!(order.next_step(NOW), Step::At(NOW + 5000));
    assert_eq!((order.next_step(NOW + 5000), order.begin_closing()), (Step::Delete, 1));
    order.take_deletion(1, DeleteAnswer::Deleted, NOW + 5000);
    let order = answered(planned(order, NOW + 5000), created(None), NOW + 5000);
    let link = order.link.as_ref().unwrap();
    assert_eq!((link.number, link.wish, link.money), (2, 2, money(200_000)));
    assert!(
        matches!(jobs(&order)[..], [Job::Link(first), Job::Link(second)] if !first.is_another && second.is_another)
    );
}

#[test]
fn a_link_that_cannot_be_deleted_is_tried_five_times_and_then_told() {
    let mut order = order_of(Some(open(158_000)), news(2000, wants(200_000)), NOW);
    let mut now = NOW;
    for (tries, delay) in [(1, 5_000), (2, 300_000), (3, 1_800_000), (4, 7_200_000)] {
        assert_eq!((order.next_step(now), order.begin_closing()), (Step::Delete, tries));
        order.take_deletion(1, DeleteAnswer::Failed, now);
        assert_eq!(order.next_step(now), Step::At(now + delay));
        now += delay;
    }
    assert_eq!((order.next_step(now), order.begin_closing()), (Step::Delete, 5));
    order.take_deletion(1, DeleteAnswer::Failed, now);
    assert_eq!(stage(&order), Stage::Stuck);
    assert_eq!(jobs(&order)[1..], [&Job::Trouble(Trouble::NotDeleted(money(158_000)))]);
    assert_eq!(order.next_step(now), Step::Forget, "a person makes the next link");
    order.forget_people();
    assert_eq!(order.next_step(now), Step::Nothing);
    // Once the order changes again, the next one is made when the stuck one can be paid no more.
    let order = order_of(Some(order), news(3000, wants(300_000)), now);
    let expires_at = order.link.as_ref().unwrap().expires_at;
    assert_eq!(order.next_step(now), Step::At(expires_at));
    assert_eq!(order.next_step(expires_at), Step::Plan);
}

#[test]
fn an_order_that_is_wanted_no_more_loses_its_link() {
    for wish in [Wish::Close(Why::Paid), Wish::Nothing(Why::OtherMethod), Wish::Nothing(Why::Amount)] {
        let mut order = order_of(Some(open(158_000)), news(2000, wish.clone()), NOW);
        assert_eq!((order.next_step(NOW), order.begin_closing()), (Step::Delete, 1), "{wish:?}");
        order.take_deletion(1, DeleteAnswer::Deleted, NOW);
        assert_eq!((stage(&order), order.next_step(NOW)), (Stage::Closed, Step::Nothing), "{wish:?}");
    }
}

#[test]
fn a_deletion_of_another_link_or_of_one_that_is_not_to_go_says_nothing() {
    let mut order = open(158_000);
    order.take_deletion(1, DeleteAnswer::Deleted, NOW);
    assert_eq!(stage(&order), Stage::Open, "it was not to go");
    let mut order = order_of(Some(order), news(2000, Wish::Close(Why::Cancelled)), NOW);
    assert_eq!((order.next_step(NOW), order.begin_closing()), (Step::Delete, 1));
    order.take_deletion(2, DeleteAnswer::Deleted, NOW);
    assert_eq!(stage(&order), Stage::Closing, "that was another link");
}

#[test]
fn a_link_that_is_to_go_needs_no_deletion_from_its_end_on() {
    let mut order = order_of(Some(open(158_000)), news(2000, Wish::Close(Why::Cancelled)), NOW);
    let expires_at = order.link.as_ref().unwrap().expires_at;
    assert_eq!((order.next_step(NOW), order.begin_closing()), (Step::Delete, 1));
    order.take_deletion(1, DeleteAnswer::Failed, NOW);
    assert_eq!(order.next_step(expires_at - 1), Step::Delete);
    assert_eq!(order.next_step(expires_at), Step::Nothing);
}

#[test]
fn what_nobody_can_pay_is_told_once_for_each_wish() {
    let first = order_of(None, news(1000, Wish::Nothing(Why::Currency)), NOW);
    assert_eq!(jobs(&first), [&Job::Trouble(Trouble::Unpayable(Why::Currency))]);
    assert_eq!(first.next_step(NOW), Step::Nothing);
    let again = order_of(Some(first), news(2000, Wish::Nothing(Why::Currency)), NOW);
    assert_eq!(jobs(&again).len(), 1);
    let amount = order_of(Some(again), news(3000, Wish::Nothing(Why::Amount)), NOW);
    assert_eq!(jobs(&amount)[1..], [&Job::Trouble(Trouble::Unpayable(Why::Amount))]);
}

#[test]
fn what_paytr_refused_is_asked_again_only_for_another_wish() {
    let order = planned(order_of(None, news(1000, wants(158_000)), NOW), NOW);
    let refused = answered(order, CreateAnswer::Refused(Some("Hata".to_owned())), NOW);
    assert_eq!(jobs(&refused), [&Job::Trouble(Trouble::Refused(Some("Hata".to_owned())))]);
    assert_eq!((stage(&refused), refused.next_step(NOW + DAY_MS)), (Stage::Refused, Step::Nothing));
    assert!(refused.people.is_empty());
    let changed = order_of(Some(refused), news(2000, wants(158_001)), NOW);
    assert_eq!(changed.next_step(NOW), Step::Plan);
}

#[test]
fn a_link_of_which_nobody_knows_has_two_more_tries_a_minute_apart() {
    let mut order = order_of(None, news(1000, wants(158_000)), NOW);
    let mut now = NOW;
    for tries in 1..=3 {
        order = answered(planned(order, now), CreateAnswer::Unknown, now);
        assert_eq!((order.unknown, order.link.as_ref().unwrap().number), (tries, tries));
        assert_eq!(order.people.is_empty(), tries == 3);
        let next = if tries < 3 { Step::At(now + 60_000) } else { Step::Nothing };
        assert_eq!(order.next_step(now), next);
        now += 60_000;
    }
    assert_eq!(jobs(&order), [&Job::Trouble(Trouble::Unknown)]);
    let order = order_of(Some(order), news(2000, wants(1)), now);
    assert_eq!((order.unknown, order.next_step(now)), (0, Step::Plan));
}

#[test]
fn a_link_that_was_not_asked_for_is_followed_by_the_next_number() {
    let order = planned(order_of(None, news(1000, wants(158_000)), NOW), NOW);
    let order = answered(order, CreateAnswer::NotAsked { retry_at: NOW + 5000 }, NOW);
    assert_eq!((stage(&order), order.next_step(NOW)), (Stage::Closed, Step::At(NOW + 5000)));
    let order = planned(order, NOW + 5000);
    assert_eq!((order.link.as_ref().unwrap().number, order.people.link.len()), (2, 2));
    assert!(order.write_backs.is_empty());
}

#[test]
fn a_create_that_is_to_be_asked_again_says_the_same() {
    let order = planned(order_of(None, news(1000, wants(158_000)), NOW), NOW);
    let later = answered(order.clone(), CreateAnswer::Later(NOW + 5000), NOW);
    assert_eq!(later.next_step(NOW), Step::At(NOW + 5000));
    assert_eq!(later.next_step(NOW + 5000), Step::Create);
    assert_eq!((later.people, stage(&order)), (order.people, Stage::Asked));
}

#[test]
fn a_send_that_was_limited_is_made_when_its_time_has_come_if_the_link_is_still_open() {
    let order = planned(order_of(None, news(1000, wants(158_000)), NOW), NOW);
    let limited = answered(order.clone(), created(Some(NOW + 60_000)), NOW);
    assert_eq!((limited.next_step(NOW), limited.people.link.len()), (Step::At(NOW + 60_000), 2));
    let sent = answered(limited.clone(), created(None), NOW + 60_000);
    assert_eq!((sent.next_step(NOW + 60_000), jobs(&sent).len()), (Step::Nothing, 1));
    assert!(sent.people.is_empty());
    let closed = order_of(Some(limited.clone()), news(2000, Wish::Close(Why::Cancelled)), NOW);
    assert_eq!(closed.next_step(NOW), Step::Delete);
    let expires_at = limited.link.as_ref().unwrap().expires_at;
    assert_eq!(limited.next_step(expires_at), Step::Forget, "it is open no more");
    // Never after it has expired.
    for (retry_at, is_made) in [(expires_at - 1, true), (expires_at, false), (expires_at + 1, false)] {
        let order = answered(order.clone(), created(Some(retry_at)), NOW);
        assert_eq!(order.next_step(NOW) == Step::At(retry_at), is_made);
        assert_eq!(order.people.is_empty(), !is_made);
    }
}

#[test]
fn an_expired_link_has_a_successor_once_the_order_changes() {
    let order = open(158_000);
    let expires_at = order.link.as_ref().unwrap().expires_at;
    assert_eq!(order.next_step(expires_at), Step::Nothing);
    assert_eq!(take(Some(order.clone()), news(1000, wants(158_000)), expires_at), Taken::Ignored(Ignored::Unchanged));
    let closed = order_of(Some(order), news(2000, Wish::Close(Why::Cancelled)), expires_at);
    assert_eq!(closed.next_step(expires_at), Step::Nothing);
    let wanted = order_of(Some(closed), news(3000, wants(158_000)), expires_at);
    assert_eq!((wanted.next_step(expires_at), wanted.people.wanted.len()), (Step::Plan, 2));
}

#[test]
fn a_link_over_what_is_wanted_once_more_is_the_new_wishs() {
    let order = order_of(Some(open(158_000)), news(2000, wants(200_000)), NOW);
    let order = order_of(Some(order), news(3000, wants(158_000)), NOW);
    let link = order.link.as_ref().unwrap();
    assert_eq!((order.wishes, link.wish, order.next_step(NOW)), (3, 3, Step::Nothing));
    assert_eq!(order.next_step(link.expires_at), Step::Nothing, "no link without anybody to send it to");
}

#[test]
fn a_payment_is_written_back_once_and_once_more_for_a_replay() {
    let mut order = open(158_000);
    order.write_backs.clear();
    assert!(order.take_payment(payment_of(1, "evt_1", Vec::new()), false, NOW + 1));
    let paid = Job::Paid { merchant_oid: "IN1".to_owned(), money: money(158_000) };
    let told = WriteBack { name: "evt_1".to_owned(), job: paid, attempts: 0, next_at: NOW + 1 };
    assert_eq!(order.write_backs, [told]);
    assert_eq!((order.paid, order.updated_at), (Some(money(158_000)), NOW + 1));
    assert_eq!((order.link.as_ref().unwrap().paid, order.next_step(NOW)), (true, Step::Nothing));
    let before = order.clone();
    assert!(!order.take_payment(payment_of(1, "evt_1", Vec::new()), false, NOW + 2));
    assert_eq!(order, before);
    assert!(order.take_payment(payment_of(1, "evt_1", Vec::new()), true, NOW + 3));
    assert_eq!((order.write_backs.len(), order.write_backs[0].next_at, order.events.len()), (1, NOW + 3, 1));
}

#[test]
fn a_payment_that_a_person_has_to_look_at_is_a_review_and_pays_only_if_the_link_was_merely_deleted() {
    for (reasons, pays) in [(vec![Reason::TestPayment], false), (vec![Reason::Deleted], true)] {
        let mut order = open(158_000);
        assert!(order.take_payment(payment_of(1, "evt_1", reasons.clone()), false, NOW));
        let review = Review { merchant_oid: "IN1".to_owned(), total_amount: Some(158_000), reasons };
        assert_eq!(jobs(&order)[1..], [&Job::Review(review)]);
        assert_eq!((order.paid.is_some(), order.link.as_ref().unwrap().paid), (pays, pays));
    }
}
