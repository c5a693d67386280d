//! What rules have in store for orders, carried out: each case a sentence of the contract.

use crate::door::check;

#[test]
fn a_native_order_trades_in_parts_with_the_house_and_the_rest_stays_open() {
    check(
        "
        nobody
        quote EURUSD 1.08 1.09
        rule -> fill 100 - 40% 35%
        a native 10 EURUSD delay 50
        at 50
        at 149
        order a
        due
        at 150
        order a
        due
        at 100000
        cancel a
        ",
        "
        1 0 - quoted 1.08000 1.09000
        2 0 - 1 rules
        3 1 a accepted
        3 1 a ruled 0mu
        4 1 a arrived, rests
        5 1 a filled 4 at 1.09 taker of 5, rests
        5 1 a ruled
        10 partially_filled 4 of 10 for 4.36
        next due 150
        6 1 a filled 3 at 1.09 taker of 6, rests
        6 1 a ruled
        10 partially_filled 7 of 10 for 7.63
        next due nothing
        7 2 a cancelled
        ",
    );
}

#[test]
fn parts_of_a_limit_order_trade_at_its_limit_and_nobody_else_trades_with_it() {
    check(
        "
        nobody
        rule side buy -> fill 100 - 2 100%
        a buys 5 EURUSD at 1.08
        book EURUSD
        b sells 5 EURUSD at 1.08
        book EURUSD
        at 100
        order a
        book EURUSD
        ",
        "
        1 0 - 1 rules
        2 1 a accepted
        2 1 a ruled 0mu
        3 1 a arrived, rests
        4 1 a filled 2 at 1.08 taker of 4, rests
        4 1 a ruled
        5 2 b accepted
        6 2 b arrived, rests
        Sell 1.08 5 in 1
        7 3 a filled 3 at 1.08 taker of 7, all
        5 filled at 1.08 5 of 5 for 5.4
        Sell 1.08 5 in 1
        ",
    );
}

#[test]
fn a_price_is_taken_where_the_order_takes_it_and_what_does_not_stand_ends() {
    check(
        "
        nobody
        rule type limit -> fill 0 1.07 1
        rule type market -> fill 0 1.25 50% 10%
        a buys 1 EURUSD at 1.08
        b sells 1 EURUSD at 1.08
        c buys 5 EURUSD ioc
        ",
        "
        1 0 - 1 rules
        2 0 - 2 rules
        3 1 a accepted
        3 1 a ruled 0mu
        4 1 a arrived, rests
        5 2 a filled 1 at 1.07 taker of 5, all
        6 3 b accepted
        6 3 b ruled 0mu
        7 3 b arrived, rests
        8 4 b filled 1 at 1.08 taker of 8, all
        9 5 c accepted
        9 5 c ruled 1mu
        10 5 c arrived, rests
        11 5 c filled 2 at 1.25 taker of 11, rests
        11 5 c ruled
        12 6 c ended ImmediateOrCancel
        ",
    );
}

#[test]
fn parts_that_waited_for_their_instrument_have_their_own_times() {
    check(
        "
        nobody
        quote EURUSD 1.08 1.09
        rule -> fill 100 - 10% 20% 30% 40%
        a native 10 EURUSD
        status EURUSD halted
        at 250
        status EURUSD open
        at 299
        order a
        at 300
        ",
        "
        1 0 - quoted 1.08000 1.09000
        2 0 - 1 rules
        3 1 a accepted
        3 1 a ruled 0mu
        4 1 a arrived, rests
        5 1 a filled 1 at 1.09 taker of 5, rests
        5 1 a ruled
        6 1 - halted fees 0 0
        7 1 - open fees 0 0
        8 1 a filled 2 at 1.09 taker of 8, rests
        8 1 a ruled
        9 1 a filled 3 at 1.09 taker of 9, rests
        9 1 a ruled
        10 partially_filled 6 of 10 for 6.54
        10 2 a filled 4 at 1.09 taker of 10, all
        ",
    );
}

#[test]
fn orders_end_as_they_arrive() {
    check(
        "
        nobody
        rule symbol EURUSD side buy -> arrival too late
        rule symbol EURUSD -> cancel
        rule symbol AAPL -> expire
        a buys 1 EURUSD at 1 delay 10
        b sells 1 EURUSD at 2 delay 10
        c native 1 AAPL delay 10
        at 10
        order a
        order b
        order c
        ",
        "
        1 0 - 1 rules
        2 0 - 2 rules
        3 0 - 3 rules
        4 1 a accepted
        4 1 a ruled 0mu 1m
        5 2 b accepted
        5 2 b ruled 1mu
        6 3 c accepted
        6 3 c ruled 2mu
        7 4 a ended by hand Refused: too late
        8 5 b ended by hand Script
        9 6 c ended by hand Expired
        1 rejected at 1 0 of 1 for 0
        1 canceled at 2 0 of 1 for 0
        1 expired 0 of 1 for 0
        ",
    );
}

#[test]
fn an_order_that_is_held_comes_at_no_time() {
    check(
        "
        nobody
        rule times 1 -> hold
        a native 1 EURUSD delay 10
        due
        at 1000000
        order a
        cancel a
        ",
        "
        1 0 - 1 rules
        2 1 a accepted
        2 1 a ruled 0mu
        next due nothing
        1 accepted
        3 2 a cancelled
        ",
    );
}

#[test]
fn parts_wait_while_their_instrument_does_not_trade() {
    check(
        "
        nobody
        rule -> fill 10 - 1 1 1
        a buys 3 EURUSD at 1.08
        status EURUSD halted
        at 10
        due
        at 50
        status EURUSD open
        at 60
        ",
        "
        1 0 - 1 rules
        2 1 a accepted
        2 1 a ruled 0mu
        3 1 a arrived, rests
        4 1 a filled 1 at 1.08 taker of 4, rests
        4 1 a ruled
        5 1 - halted fees 0 0
        next due nothing
        6 1 - open fees 0 0
        7 1 a filled 1 at 1.08 taker of 7, rests
        7 1 a ruled
        8 2 a filled 1 at 1.08 taker of 8, all
        ",
    );
}

#[test]
fn a_stop_trades_in_parts_once_it_is_triggered() {
    check(
        "
        nobody
        quote EURUSD 1.08 1.09
        rule type stop -> fill 10 - 1 1
        a buys 2 EURUSD stop 1.1
        due
        quote EURUSD 1.1 1.11
        at 10
        ",
        "
        1 0 - quoted 1.08000 1.09000
        2 0 - 1 rules
        3 1 a accepted
        3 1 a ruled 0mu
        4 1 a arrived, rests
        next due nothing
        5 1 - quoted 1.10000 1.11000
        6 1 a triggered, rests
        7 1 a filled 1 at 1.11 taker of 7, rests
        7 1 a ruled
        8 2 a filled 1 at 1.11 taker of 8, all
        ",
    );
}

#[test]
fn a_cancellation_that_is_put_off_comes_at_its_time() {
    check(
        "
        nobody
        rule -> cancels 100
        a buys 1 EURUSD at 1
        cancel a
        due
        at 50
        cancel a
        at 99
        at 100
        ",
        "
        1 0 - 1 rules
        2 1 a accepted
        2 1 a ruled 0mu
        3 1 a arrived, rests
        3 1 a ruled
        next due 100
        4 2 a cancelled
        ",
    );
}

#[test]
fn an_order_may_fill_or_arrive_while_its_cancellation_is_put_off() {
    check(
        "
        nobody
        rule side buy -> cancels 100
        a buys 1 EURUSD at 1
        b buys 1 EURUSD at 0.9 delay 60
        cancel a
        cancel b
        at 50
        c sells 1 EURUSD at 1
        at 60
        at 100
        due
        ",
        "
        1 0 - 1 rules
        2 1 a accepted
        2 1 a ruled 0mu
        3 1 a arrived, rests
        4 2 b accepted
        4 2 b ruled 0mu
        4 2 a ruled
        4 2 b ruled
        5 3 c accepted
        6 3 c arrived
        7 4 c filled 1 at 1 taker of 7, all
        8 5 a filled 1 at 1 maker of 7, all
        9 5 b arrived, rests
        10 6 b cancelled
        next due nothing
        ",
    );
}

#[test]
fn an_amendment_is_put_off_and_let_through_and_what_is_wrong_with_it_is_told_at_once() {
    check(
        "
        nobody
        rule -> replaces 50
        a buys 1 EURUSD at 1
        amend a 0.5
        amend a 2
        amend a 3
        due
        at 50
        order a
        replace a b 5
        cancel a
        at 200
        due
        ",
        "
        1 0 - 1 rules
        2 1 a accepted
        2 1 a ruled 0mu
        3 1 a arrived, rests
        ! Faulty([QuantityLot])
        3 1 a ruled
        ! Hindered(Undecided)
        next due 50
        3 1 a ruled
        1 new at 1 0 of 1 for 0
        3 1 a ruled
        4 2 a cancelled
        next due nothing
        ",
    );
}
