//! What payments leave of an order, what is written back in which order, and how long an order is kept.

use crate::order::{NOW, open, order_of};
use crate::shop::{self, money, money_in, news, notices, orders, payment_of, phone};
use crate::support::check_stored;
use paytr_link_relay::model::{Currency, OrderKey};
use paytr_link_relay::order::{
    CreateAnswer, Order, OrderLink, OrderNotice, PaidLink, People, Stage, Step, Tried, WriteBack, order_expires_at,
};
use paytr_link_relay::packed::{pack, unpack};
use paytr_link_relay::storefront::{Job, Trouble, Wish};
use paytr_link_relay::tasks::deliver_event::Next;

const DAY_MS: u64 = 24 * 3_600_000;

/// The link number 1 is paid, and nothing is wrong with it.
fn pay(order: &mut Order) {
    assert!(order.take_payment(payment_of(1, "evt_1", Vec::new()), false, NOW));
}

#[test]
fn once_a_link_was_paid_no_other_is_open() {
    let mut order = open(158_000);
    // An earlier link of the order's, while the newest is open.
    order.link.as_mut().unwrap().number = 2;
    pay(&mut order);
    assert!(!order.link.as_ref().unwrap().paid);
    assert_eq!(order.next_step(NOW), Step::Delete);
}

#[test]
fn a_payment_forgets_whom_the_link_was_to_be_sent_to_unless_it_is_still_asked_for() {
    for (stage, is_kept) in [(Stage::Asked, true), (Stage::Open, false), (Stage::Closing, false)] {
        let mut order = open(158_000);
        order.link.as_mut().unwrap().stage = stage;
        order.people = People { wanted: vec![phone()], link: vec![phone()] };
        pay(&mut order);
        assert!(order.people.wanted.is_empty());
        assert_eq!(!order.people.link.is_empty(), is_kept, "{stage:?}");
    }
}

#[test]
fn a_link_that_was_paid_while_it_was_asked_for_leaves_nobody_behind() {
    let mut order = open(158_000);
    order.link.as_mut().unwrap().stage = Stage::Asked;
    order.people.link = vec![phone()];
    pay(&mut order);
    let answer = CreateAnswer::Created { url: shop::URL.to_owned(), sent: Vec::new(), retry_at: Some(NOW + 60_000) };
    order.take_creation(1, answer, NOW);
    assert_eq!(order.next_step(NOW), Step::Forget);
    order.forget_people();
    assert_eq!((order.next_step(NOW), order.people.is_empty()), (Step::Nothing, true));
}

#[test]
fn an_order_that_costs_more_than_was_paid_is_told_once_for_each_wish() {
    let mut order = open(158_000);
    pay(&mut order);
    order.write_backs.clear();
    let mut modified_at = 2000;
    for (cost, is_told) in
        [(money(158_000), false), (money(158_001), true), (money(1), false), (money_in(1, Currency::Eur), true)]
    {
        let wish = Wish::Link { money: cost, recipients: vec![phone()] };
        for repeat in [false, true] {
            modified_at += 1;
            order = order_of(Some(order), news(modified_at, wish.clone()), NOW);
            let jobs: Vec<Job> = order.write_backs.drain(..).map(|write_back| write_back.job).collect();
            let expected = (is_told && !repeat).then_some(Job::Trouble(Trouble::CostsMore(money(158_000))));
            assert_eq!(jobs, expected.into_iter().collect::<Vec<_>>(), "{cost:?}");
            assert_eq!((order.next_step(NOW), order.people.is_empty()), (Step::Nothing, true));
        }
    }
}

#[test]
fn the_most_that_was_paid_by_one_link_counts() {
    let mut order = open(100);
    for (number, paid, most) in [
        (1, money(100), money(100)),
        (2, money(50), money(100)),
        (3, money(200), money(200)),
        (4, money_in(1, Currency::Eur), money_in(1, Currency::Eur)),
    ] {
        let payment = PaidLink { money: paid, ..payment_of(1, &format!("evt_{number}"), Vec::new()) };
        assert!(order.take_payment(payment, false, NOW));
        assert_eq!(order.paid, Some(most), "{number}");
    }
}

#[test]
fn the_newest_fifty_events_are_known() {
    let mut order = open(100);
    let mut pay = |number: u32| order.take_payment(payment_of(1, &format!("evt_{number}"), Vec::new()), false, NOW);
    assert!((0..51).all(&mut pay));
    assert!(!pay(50) && !pay(1));
    assert!(pay(0), "it was forgotten");
    assert_eq!(order.events.len(), 50);
}

#[test]
fn each_write_back_has_its_own_tries_and_the_one_due_first_is_next() {
    let job = Job::Trouble(Trouble::Unknown);
    let write_backs = [("1", 20), ("2", 10), ("3", 10)].map(|(name, next_at)| WriteBack {
        name: name.to_owned(),
        job: job.clone(),
        attempts: 0,
        next_at,
    });
    let mut order = Order { write_backs: write_backs.into(), ..open(1) };
    let next = |order: &Order| order.next_write_back().map(|known| (known.name.clone(), known.attempts, known.next_at));
    assert_eq!(next(&order), Some(("2".to_owned(), 0, 10)));
    order.take_write_back("2", Tried::from(Next::At(30)));
    assert_eq!(next(&order), Some(("3".to_owned(), 0, 10)));
    order.take_write_back("3", Tried::from(Next::Delivered));
    assert_eq!(next(&order), Some(("1".to_owned(), 0, 20)));
    order.take_write_back("1", Tried::from(Next::Dead));
    assert_eq!(next(&order), Some(("2".to_owned(), 1, 30)));
    order.take_write_back("none", Tried::Ended);
    order.take_write_back("none", Tried::Again(5));
    order.take_write_back("2", Tried::Ended);
    assert_eq!(next(&order), None);
}

#[test]
fn an_order_is_kept_thirty_days_after_its_link_and_a_week_without_one() {
    let order = |updated_at, expires_at: Option<u64>| Order {
        updated_at,
        link: expires_at.map(|expires_at| OrderLink { expires_at, ..open(1).link.unwrap() }),
        ..open(1)
    };
    for (updated_at, link_expires_at, expected) in [
        (NOW, None, NOW + 7 * DAY_MS),
        (NOW, Some(NOW + DAY_MS), NOW + 31 * DAY_MS),
        (NOW, Some(NOW - DAY_MS), NOW + 30 * DAY_MS),
        (NOW, Some(NOW + 370 * DAY_MS), NOW + 400 * DAY_MS),
        (NOW, Some(NOW + 371 * DAY_MS), NOW + 400 * DAY_MS),
        (NOW, Some(u64::MAX), NOW + 400 * DAY_MS),
    ] {
        assert_eq!(order_expires_at(&order(updated_at, link_expires_at)), expected);
    }
}

#[test]
fn a_notice_says_which_order_it_is_about() {
    let key = OrderKey { storefront: "shop".to_owned(), order_id: "11".to_owned() };
    for notice in notices() {
        assert_eq!(notice.key(), key, "{notice:?}");
    }
    let kinds = notices().iter().filter(|notice| matches!(notice, OrderNotice::Paid { .. })).count();
    assert_eq!(kinds, 2);
}

#[test]
fn whom_an_order_is_to_be_sent_to_does_not_stand_in_its_record() {
    let people = People { wanted: vec![phone()], link: vec![phone()] };
    let [order, ..] = &orders()[..] else { panic!("no order") };
    let with_people = Order { people, ..order.clone() };
    assert_eq!(pack(&with_people), pack(order));
    assert_eq!(unpack(&pack(&with_people)), Some(order.clone()));
    let nobody =
        [People { wanted: vec![phone()], link: Vec::new() }, People { wanted: Vec::new(), link: vec![phone()] }];
    assert!(nobody.iter().all(|people| !people.is_empty()) && People::default().is_empty());
}

/// What a relay has recorded is read by every later one.
#[test]
fn the_form_of_an_order_is_constant() {
    let orders = orders();
    check_stored(&orders[1], LEAST);
    check_stored(&orders[0], WHOLE);
    let stages =
        [Stage::Asked, Stage::Open, Stage::Closing, Stage::Closed, Stage::Stuck, Stage::Refused, Stage::Unknown];
    for (number, stage) in (0..).zip(stages) {
        check_stored(&stage, &[number, 0]);
    }
    let people = People { wanted: vec![phone()], link: Vec::new() };
    check_stored(&people, b"\x10\x01\0\x0c\x0b05321234567\0");
}

const LEAST: &[u8] = b"\x4a\x041001\x80\xbc\xd9\xf2\x9e4\x81\xbc\xd9\xf2\x9e4\x15https://relay.example\x148f3c2b1a0d9e7f65-IST\0\x01\x04\0\x03\0\x02\x01\x01\0\0\0\xac\x02";
/// What stands before the link, the link, what stands before the write-backs, and each of them.
const WHOLE: &[u8] = b"\
    \xc9\x03\x041001\x80\xbc\xd9\xf2\x9e4\x81\xbc\xd9\xf2\x9e4\x15https://relay.example\x148f3c2b1a0d9e7f65-IST\x01\x05\xb0\xd2\t\0\0\0\x03\
    \x011\x02\x03\x041001\x05\xb0\xd2\t\0\0\rSipari\xc5\x9f 1001\x01\0\x80\xb2\x97\x91\xa14\0\0\x01\xe0\x90\xdd\xf2\x9e4\x01\x01\x02\x01\x01\
    \x02\x01\x01\x01\x03d\x02\0\x02\x05evt_1\x05evt_2\
    \x0bO\x011\0DC\"https://www.paytr.com/link/NB2Zlz3\x05\xb0\xd2\t\0\0\0\x01\x0e\x0b05*******67\0\0\x02\0\x01\x80\xb2\x97\x91\xa14\x02\x80\xbc\xd9\xf2\x9e4\
    @\x011\x0054\"https://www.paytr.com/link/NB2Zlz3\x05\xb0\xd2\t\0\0\x01\0\x02\0\0\x80\xb2\x97\x91\xa14\x02\x80\xbc\xd9\xf2\x9e4\
    \x15\x011\x01\n\x03IN1\x05\xb0\xd2\t\0\0\x02\x80\xbc\xd9\xf2\x9e4\
    \x15\x011\x02\n\t\x03IN1\x01\x01\x01\x07\0\x02\x80\xbc\xd9\xf2\x9e4\
    \x16\x011\x02\x0b\n\x03IN1\0\x02\x02\0\t\0\x02\x80\xbc\xd9\xf2\x9e4\
    \x13\x011\x03\x08\0\x06\x01\x04Hata\x02\x80\xbc\xd9\xf2\x9e4\
    \x0e\x011\x03\x03\0\x01\0\x02\x80\xbc\xd9\xf2\x9e4\
    \r\x011\x03\x02\x01\0\x02\x80\xbc\xd9\xf2\x9e4\
    \x11\x011\x03\x06\x02\x04\x03\x01\0\0\x02\x80\xbc\xd9\xf2\x9e4\
    \x0f\x011\x03\x04\x03\x02\x08\0\x02\x80\xbc\xd9\xf2\x9e4\
    \x11\x011\x03\x06\x04\x04\x03\x01\x01\0\x02\x80\xbc\xd9\xf2\x9e4\xac\x02";
