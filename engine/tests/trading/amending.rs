//! Cases of orders that ask for something else, each a sentence of the contract.

use tradepit_engine::{Amendment, Command, Decimal, Exchange, Rules};

use crate::door::{World, check};

#[test]
fn an_amended_order_keeps_its_place_where_it_asks_for_no_more_and_else_goes_to_the_end() {
    check(
        "
        nobody
        a buys 10 EURUSD at 1.08
        b buys 10 EURUSD at 1.08
        amend a 8
        c sells 9 EURUSD at 1.08
        amend b 20
        d buys 5 EURUSD at 1.08
        amend b 21
        book EURUSD
        e sells 6 EURUSD at 1.08
        amend d 1
        order d
        amend b 11
        order b
        ",
        "
        1 1 a accepted
        2 1 a arrived, rests
        3 2 b accepted
        4 2 b arrived, rests
        5 2 a amended
        6 3 c accepted
        7 3 c arrived
        8 3 c filled 8 at 1.08 taker of 8
        9 4 a filled 8 at 1.08 maker of 8, all
        10 5 c filled 1 at 1.08 taker of 10, all
        11 5 b filled 1 at 1.08 maker of 10, rests
        12 5 b amended, goes to the end
        13 6 d accepted
        14 6 d arrived, rests
        15 6 b amended, goes to the end
        Buy 1.08 25 in 2
        16 7 e accepted
        17 7 e arrived
        18 7 e filled 5 at 1.08 taker of 18
        19 8 d filled 5 at 1.08 maker of 18, all
        20 9 e filled 1 at 1.08 taker of 20, all
        21 9 b filled 1 at 1.08 maker of 20, rests
        ! OrderClosed
        5 filled at 1.08 5 of 5 for 5.4
        22 9 b amended
        11 partially_filled at 1.08 2 of 11 for 2.16
        ",
    );
}

#[test]
fn an_amended_price_that_crosses_trades_at_once_and_the_rest_goes_to_the_end() {
    check(
        "
        nobody
        a sells 5 EURUSD at 1.1
        b buys 8 EURUSD at 1.08
        amend b - at 1.1
        order b
        book EURUSD
        p buys 8 EURUSD at 1.08 post
        c sells 5 EURUSD at 1.2
        amend p - at 1.3
        amend p 0.5
        amend p - ioc
        amend b 5
        ",
        "
        1 1 a accepted
        2 1 a arrived, rests
        3 2 b accepted
        4 2 b arrived, rests
        5 2 b amended, trades
        6 2 b filled 5 at 1.1 taker of 6, rests
        7 3 a filled 5 at 1.1 maker of 6, all
        8 partially_filled at 1.1 5 of 8 for 5.5
        Buy 1.1 3 in 1
        8 4 p accepted
        9 4 p arrived, rests
        10 5 c accepted
        11 5 c arrived, rests
        ! Faulty([PostOnly])
        ! Faulty([QuantityLot])
        ! Faulty([TimeInForce])
        ! Faulty([QuantityFilled])
        ",
    );
}

#[test]
fn what_is_on_its_way_is_amended_too_and_a_native_order_of_another_quantity_is_one_still() {
    check(
        "
        nobody
        a native 5 EURUSD delay 10
        amend a 7
        amend a - at 1.1
        b buys 5 EURUSD at 1.08 delay 10
        amend b 6 at 1.07 day
        at 10
        order a
        order b
        at 86400000000
        ",
        "
        1 1 a accepted
        2 1 a amended
        ! Faulty([No(Limit)])
        3 2 b accepted
        4 2 b amended
        5 2 a arrived
        6 3 a filled 7 at 1.085 taker of 6, all
        7 3 b arrived, rests
        7 filled 7 of 7 for 7.595
        6 new at 1.07 0 of 6 for 0
        8 4 b ended Expired
        ",
    );
}

#[test]
fn a_native_order_larger_than_others_ends_with_its_day_where_it_is_amended_so() {
    check(
        "
        a native 2000000000 EURUSD delay 86400000005
        b native 2000000000 EURUSD delay 86400000005
        amend a - day
        amend b - day
        amend b - gtc
        at 86400000000
        at 86400000005
        order a
        order b
        ",
        "
        1 1 a accepted
        2 2 b accepted
        3 2 a amended
        4 2 b amended
        5 2 b amended
        6 3 a ended Expired
        7 3 b arrived
        8 3 b filled 1000000000 at 1.08501 taker of 8
        9 4 b filled 1000000000 at 1.08502 taker of 9, all
        2000000000 expired 0 of 2000000000 for 0
        2000000000 filled 2000000000 of 2000000000 for 2170030000
        ",
    );
}

#[test]
fn an_amendment_is_told_all_its_faults() {
    check(
        "
        nobody
        a buys 8 EURUSD at 1.08
        b sells 5 EURUSD at 1.08
        amend a 5 at 1.085001
        amend a 5 at 200 ioc
        amend a 0 at 200
        p buys 8 EURUSD at 1.07 post delay 10
        amend p - ioc
        amend p 9 at 1.06 day
        ",
        "
        1 1 a accepted
        2 1 a arrived, rests
        3 2 b accepted
        4 2 b arrived
        5 3 b filled 5 at 1.08 taker of 5, all
        6 3 a filled 5 at 1.08 maker of 5, rests
        ! Faulty([QuantityFilled, PriceTick(Limit)])
        ! Faulty([TimeInForce, QuantityFilled, PriceRange(Limit)])
        ! Faulty([QuantityRange, PriceRange(Limit)])
        7 4 p accepted
        ! Faulty([TimeInForce])
        8 4 p amended
        ",
    );
}

#[test]
fn what_waits_again_for_what_it_waited_for_before_waits_for_it_once() {
    check(
        "
        a native 2 EURUSD delay 100000000000
        b native 1 AAPL delay 3000
        amend a - day
        at 3000
        amend a - gtc
        due
        cancel a
        due
        ",
        "
        1 1 a accepted
        2 2 b accepted
        3 2 a amended
        5 3 b bought at 230.01
        6 3 a amended
        next due 100000000000
        7 4 a cancelled
        next due nothing
        ",
    );
}

/// What rests was placed by a request each, and goes once: an amendment cancels no more than that, and leaves nothing
/// that the account's own orders could cross.
#[test]
fn an_amendment_cancels_all_of_its_own_account_that_is_in_its_way_at_once() {
    const MANY: usize = 5_000;
    let mut world = World::begin(Rules::default());
    world.step("nobody");
    world.exchange = Exchange::with_rules(2 * MANY, world.rules.clone());
    world.step("open alice margin 100000000 USD self cancel_oldest");
    (0..MANY).for_each(|number| world.step(&format!("s{number} sells 1 EURUSD at 1.1 by alice")));
    world.step("b buys 1 EURUSD at 1 by alice");
    let accepted_number = world.record.iter().rev().find_map(|event| event.accepted().map(|_| event.number)).unwrap();
    let amendment = Amendment { limit_price: Decimal::parse("1.2").ok(), ..Amendment::default() };
    let events = world.exchange.decide(world.now, &Command::Amend { accepted_number, amendment, quantity: None });
    let events = events.unwrap();
    let cancelled = events.iter().filter(|event| event.closes()).count();
    assert_eq!((cancelled, events.len()), (MANY, MANY + 1));
    events.iter().for_each(|event| world.exchange.apply(event));
    assert_eq!((world.exchange.open_orders(), world.exchange.acts_now()), (1, false));
}
