//! A new order in place of another one, each case a sentence of the contract.

use tradepit_engine::{Command, Exchange, InstrumentChange, Number, Order, Rules, Symbol, Trading};

use crate::door::{World, check};

#[test]
fn the_new_order_is_for_what_was_left_and_stands_last_in_line() {
    check(
        "
        nobody
        a buys 10 EURUSD at 1.08
        b buys 10 EURUSD at 1.08
        c sells 4 EURUSD at 1.08
        replace a d -
        order a
        order d
        e sells 12 EURUSD at 1.08
        order d
        ",
        "
        1 1 a accepted
        2 1 a arrived, rests
        3 2 b accepted
        4 2 b arrived, rests
        5 3 c accepted
        6 3 c arrived
        7 4 c filled 4 at 1.08 taker of 7, all
        8 4 a filled 4 at 1.08 maker of 7, rests
        9 5 a replaced by d
        10 6 d accepted
        11 6 d arrived, rests
        10 replaced at 1.08 4 of 10 for 4.32
        6 new at 1.08 0 of 6 for 0
        12 7 e accepted
        13 7 e arrived
        14 7 e filled 10 at 1.08 taker of 14
        15 8 b filled 10 at 1.08 maker of 14, all
        16 9 e filled 2 at 1.08 taker of 16, all
        17 9 d filled 2 at 1.08 maker of 16, rests
        6 partially_filled at 1.08 2 of 6 for 2.16
        ",
    );
}

#[test]
fn it_has_a_quantity_of_its_own_no_delay_and_trades_where_it_can() {
    check(
        "
        a buys 10 EURUSD at 1.08 delay 1000
        b native 5 EURUSD delay 1000
        replace a c 3 at 1.09 ioc
        order a
        order c
        replace b d 7
        order b
        order d
        cash USD
        replace a e 1
        ",
        "
        1 1 a accepted
        2 2 b accepted
        3 3 a replaced by c
        4 4 c accepted
        5 4 c arrived
        6 5 c filled 3 at 1.08501 taker of 6, all
        10 replaced at 1.08 0 of 10 for 0
        3 filled at 1.09 3 of 3 for 3.25503
        7 6 b replaced by d
        8 7 d accepted
        9 7 d arrived
        10 8 d filled 7 at 1.08501 taker of 10, all
        5 replaced 0 of 5 for 0
        7 filled 7 of 7 for 7.59507
        default -10.8501
        house 10.8501
        ! OrderClosed
        ",
    );
}

#[test]
fn what_waits_is_replaced_by_what_waits_and_every_fault_is_told() {
    check(
        "
        quote EURUSD 1.08 1.09
        a sells 5 EURUSD trail 0.01
        b sells 5 EURUSD at 1.085
        replace b c 0.5 at 1.000001
        replace b c 5 stop 1.08
        order b
        replace a d 3 percent 2
        order d
        ",
        "
        1 0 - quoted 1.08000 1.09000
        2 1 a accepted
        3 1 a arrived, rests
        3 1 a follows to 1.08
        4 2 b accepted
        5 2 b arrived, rests
        ! Faulty([QuantityLot, PriceTick(Limit)])
        ! Faulty([No(Stop)])
        5 new at 1.085 0 of 5 for 0
        6 3 a replaced by d
        7 4 d accepted
        8 4 d arrived, rests
        8 4 d follows to 1.08
        3 new behind 1.08 0 of 3 for 0
        ",
    );
}

#[test]
fn whoever_repeats_a_request_is_told_the_order_that_it_placed() {
    check(
        "
        a buys 5 EURUSD at 1.08
        replace a b 7 key k
        replace a c 7 key k
        replace a c 8 key k
        replace b c 7 key k
        ",
        "
        1 1 a accepted
        2 1 a arrived, rests
        3 2 a replaced by b
        4 3 b accepted
        5 3 b arrived, rests
        ! AlreadyPlaced(Number(4))
        ! NameTaken(IdempotencyKey(k))
        ! NameTaken(IdempotencyKey(k))
        ",
    );
}

/// A crash may come between an opening and who acts then.
#[test]
fn one_that_waits_outside_in_place_of_another_acts_in_its_turn_also_after_a_crash() {
    let mut world = World::begin(Rules::default());
    let before = ["nobody", "a sells 5 EURUSD at 1.2", "status EURUSD halted", "b buys 1 EURUSD at 1", "replace a c -"];
    before.iter().for_each(|line| world.step(line));
    let change = InstrumentChange { status: Some(Trading::Open), ..InstrumentChange::default() };
    let open = Command::ChangeInstrument { symbol: Symbol::new("EURUSD").unwrap(), change };
    let opened = world.exchange.decide(world.now, &open).unwrap();
    opened.iter().for_each(|event| world.exchange.apply(event));
    let mut resumed = Exchange::with_rules(1_000, world.rules.clone());
    resumed.restore_accounts(world.exchange.clearing().clone());
    let orders: Vec<Order> = world.exchange.orders_after(Number(0)).filter(|order| !order.state.is_closed()).collect();
    orders.iter().for_each(|order| resumed.restore(order));
    let (number, seq) = (world.exchange.last_number(), world.exchange.last_seq());
    resumed.resume(number, seq, world.now, world.exchange.accepted_orders());
    // Whether it waited is not known any more, but whose turn it is.
    let now = world.now;
    let acts = |exchange: &mut Exchange| -> Vec<Option<Number>> {
        let turns = (0..3).flat_map(|_| {
            let events = exchange.decide(now, &Command::ExecuteDue).unwrap();
            events.iter().for_each(|event| exchange.apply(event));
            events
        });
        turns.map(|event| event.about()).collect()
    };
    assert_eq!(acts(&mut resumed), [Some(Number(4)), Some(Number(6))]);
    assert_eq!(acts(&mut world.exchange), [Some(Number(4)), Some(Number(6))]);
}
