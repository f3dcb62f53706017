//! An order's machine under anything that may happen, in any order; see `order_world` for what it works with.

use crate::order_world::{Deleting, Making, START, Sending, Way, World};
use crate::shop::{email, money, news, phone};
use paytr_link_relay::model::Recipient;
use paytr_link_relay::storefront::{News, Why, Wish};
use proptest::prelude::*;

#[derive(Debug, Clone)]
enum Event {
    /// What the shop wants, so many seconds after what is known, or at no time.
    News(i8, Wish, bool),
    /// A payment of one of the links, whether it is good, and whether the order is told.
    Pay(usize, bool, bool),
    /// One of the payments once more, and whether that is asked for.
    Repeat(usize, bool),
    Step(Making, Sending, Deleting, Way),
    Rest(Making, Sending, Deleting),
    Crash,
    Minutes(u16),
    Wait,
}

fn recipients() -> impl Strategy<Value = Vec<Recipient>> {
    let one_or_none = prop_oneof![Just(vec![phone()]), Just(vec![email()]), Just(vec![])];
    prop_oneof![1 => Just(vec![phone(), email()]), 1 => one_or_none]
}

fn wish() -> impl Strategy<Value = Wish> {
    const WHYS: &[Why] = &[Why::Paid, Why::Cancelled, Why::OtherMethod, Why::Amount, Why::Currency];
    prop_oneof![
        4 => (1..4_u64, recipients()).prop_map(|(amount, recipients)| Wish::Link { money: money(amount), recipients }),
        1 => proptest::sample::select(WHYS).prop_map(Wish::Close),
        1 => proptest::sample::select(WHYS).prop_map(Wish::Nothing),
    ]
}

/// How PayTR and the ledger answer.
fn answers() -> impl Strategy<Value = (Making, Sending, Deleting)> {
    let unknown = any::<bool>;
    (
        prop_oneof![
            4 => Just(Making::Made), 1 => Just(Making::Refused), 1 => Just(Making::Busy),
            1 => unknown().prop_map(Making::Unknown),
        ],
        prop_oneof![Just(Sending::Sent), Just(Sending::Unknown), (1..200_u8).prop_map(Sending::Limited)],
        prop_oneof![
            3 => Just(Deleting::Deleted), 1 => Just(Deleting::Refused), 1 => unknown().prop_map(Deleting::Unknown),
        ],
    )
}

fn event() -> impl Strategy<Value = Event> {
    let way = prop_oneof![4 => Just(Way::Arrives), 1 => Just(Way::Lost), 1 => Just(Way::Later)];
    let (which, timed) = (0..4_usize, proptest::bool::weighted(0.9));
    prop_oneof![
        4 => (-1..3_i8, wish(), timed).prop_map(|(after, wish, timed)| Event::News(after, wish, timed)),
        1 => (which.clone(), any::<(bool, bool)>()).prop_map(|(which, (good, told))| Event::Pay(which, good, told)),
        1 => (which, any::<bool>()).prop_map(|(which, is_replay)| Event::Repeat(which, is_replay)),
        10 => (answers(), way).prop_map(|((make, send, delete), way)| Event::Step(make, send, delete, way)),
        2 => answers().prop_map(|(making, sending, deleting)| Event::Rest(making, sending, deleting)),
        1 => Just(Event::Crash),
        1 => (0..2000_u16).prop_map(Event::Minutes),
        2 => Just(Event::Wait),
    ]
}

fn happen(world: &mut World, event: Event) {
    match event {
        Event::News(after, wish, has_time) => {
            let known = world.order.as_ref().map_or(START, |order| order.modified_at);
            let modified_at = known.saturating_add_signed(i64::from(after) * 1000);
            world.take_news(News { modified_at: has_time.then_some(modified_at), ..news(None, wish) });
        }
        Event::Pay(which, is_good, is_told) => world.pay(which, is_good, is_told),
        Event::Repeat(which, is_replay) => world.repeat(which, is_replay),
        Event::Step(making, sending, deleting, way) => world.step(making, sending, deleting, way),
        Event::Rest(making, sending, deleting) => world.come_to_rest(making, sending, deleting),
        Event::Crash => world.crash(),
        Event::Minutes(minutes) => world.now += u64::from(minutes) * 60_000,
        Event::Wait => world.wait(),
    }
    world.check();
    if world.is_at_rest() {
        world.check_at_rest();
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, max_shrink_iters: 100_000, ..ProptestConfig::default() })]

    #[test]
    fn an_order_never_has_two_links_open_and_comes_to_rest_with_the_one_it_wants(
        events in proptest::collection::vec(event(), 0..60),
        (making, sending, deleting) in answers(),
    ) {
        let mut world = World::new();
        for event in events {
            happen(&mut world, event);
        }
        world.tell_payments();
        // However PayTR answers from now on, at some time nothing is to be done any more.
        for round in 0..20 {
            let sending = if round < 10 { sending } else { Sending::Sent };
            world.come_to_rest(if making == Making::Busy { Making::Made } else { making }, sending, deleting);
            if world.is_at_rest() {
                break;
            }
            world.wait();
            world.check();
        }
        prop_assert!(world.is_at_rest(), "{:?}", world.order);
        world.check_at_rest();
    }
}
