//! Instruments that do not trade, as somebody said so: each case a sentence of the contract.

use crate::door::check;

#[test]
fn while_it_is_halted_what_rests_stays_and_what_arrives_waits_outside_in_the_order_of_arrival() {
    check(
        "
        nobody
        a sells 5 EURUSD at 1.09
        status EURUSD halted
        b buys 2 EURUSD at 1.1 delay 20
        c buys 2 EURUSD day delay 10
        at 15
        d sells 1 EURUSD at 1.2
        at 30
        order b
        order c
        book EURUSD
        due
        status EURUSD open
        ",
        "
        1 1 a accepted
        2 1 a arrived, rests
        3 1 - halted fees 0 0
        4 2 b accepted
        5 3 c accepted
        6 4 d accepted
        2 accepted at 1.1 0 of 2 for 0
        2 accepted 0 of 2 for 0
        Sell 1.09 5 in 1
        next due 86400000000
        7 4 - open fees 0 0
        8 4 c arrived
        9 5 c filled 2 at 1.09 taker of 9, all
        10 5 a filled 2 at 1.09 maker of 9, rests
        11 5 d arrived, rests
        12 5 b arrived
        13 6 b filled 2 at 1.09 taker of 13, all
        14 6 a filled 2 at 1.09 maker of 13, rests
        ",
    );
}

#[test]
fn what_was_on_its_way_waits_outside_too_and_what_is_still_on_it_when_it_opens_does_not() {
    check(
        "
        nobody
        a buys 2 EURUSD at 1 delay 10
        b buys 2 EURUSD at 1 delay 100
        status EURUSD halted
        at 50
        status EURUSD open
        due
        at 100
        ",
        "
        1 1 a accepted
        2 2 b accepted
        3 2 - halted fees 0 0
        4 2 - open fees 0 0
        5 2 a arrived, rests
        next due 100
        6 2 b arrived, rests
        ",
    );
}

#[test]
fn what_would_trade_at_once_or_not_at_all_is_cancelled_when_it_arrives() {
    check(
        "
        a buys 2 EURUSD ioc delay 10
        b buys 2 EURUSD at 1.1 fok
        status EURUSD halted
        at 10
        c buys 2 EURUSD at 1.1 fok
        ",
        "
        1 1 a accepted
        2 2 b accepted
        3 2 b arrived
        4 3 b filled 2 at 1.08501 taker of 4, all
        5 3 - halted fees 0 0
        6 4 a ended NotTrading
        7 5 c accepted
        8 6 c ended NotTrading
        ",
    );
}

#[test]
fn closed_it_takes_no_order_but_native_ones_which_execute_at_the_mark_rounded_up() {
    check(
        "
        nobody
        a buys 2 EURUSD at 1.08
        b sells 2 EURUSD at 1.08001
        status EURUSD closed
        c buys 2 EURUSD at 1.09
        d native 7 EURUSD
        replace a e 3
        cancel b
        f native 1 EURUSD
        book EURUSD
        ",
        "
        1 1 a accepted
        2 1 a arrived, rests
        3 2 b accepted
        4 2 b arrived, rests
        5 2 - closed fees 0 0
        ! InstrumentClosed
        6 3 d accepted
        8 4 d bought at 1.08001
        ! InstrumentClosed
        9 5 b cancelled
        10 6 f accepted
        12 7 f bought at 1.08001
        Buy 1.08 2 in 1
        ",
    );
}

#[test]
fn without_a_trade_the_mark_of_what_does_not_trade_is_the_reference_and_nothing_is_taken_from_a_quote() {
    check(
        "
        quote EURUSD 1.08 1.09 5 5
        status EURUSD halted
        a native 3 EURUSD
        status EURUSD open
        b buys 5 EURUSD at 1.09
        ",
        "
        1 0 - quoted 1.08000 1.09000
        2 0 - halted fees 0 0
        3 1 a accepted
        5 2 a bought at 1.085
        6 2 - open fees 0 0
        7 3 b accepted
        8 3 b arrived
        9 4 b filled 5 at 1.09 taker of 9, all
        ",
    );
}

#[test]
fn an_amended_order_that_would_cross_waits_outside_and_comes_again_partly_filled() {
    check(
        "
        nobody
        a buys 5 EURUSD at 1
        b sells 2 EURUSD at 1
        c sells 2 EURUSD at 1.1
        status EURUSD halted
        amend a 4
        order a
        amend a - at 1.05
        amend a - at 1.1
        order a
        book EURUSD
        d buys 1 EURUSD at 1.1
        amend a 3
        cancel c
        status EURUSD open
        order a
        ",
        "
        1 1 a accepted
        2 1 a arrived, rests
        3 2 b accepted
        4 2 b arrived
        5 3 b filled 2 at 1 taker of 5, all
        6 3 a filled 2 at 1 maker of 5, rests
        7 4 c accepted
        8 4 c arrived, rests
        9 4 - halted fees 0 0
        10 4 a amended
        4 partially_filled at 1 2 of 4 for 2
        11 4 a amended, goes to the end
        12 4 a amended, waits outside
        4 accepted at 1.1 2 of 4 for 2
        Sell 1.1 2 in 1
        13 5 d accepted
        14 5 a amended
        15 6 c cancelled
        16 6 - open fees 0 0
        17 6 a arrived, rests
        18 6 d arrived, rests
        3 partially_filled at 1.1 2 of 3 for 2
        ",
    );
}

#[test]
fn nothing_is_triggered_nor_follows_before_it_opens_and_then_the_house_quotes_and_stops_come_before_those_who_waited() {
    check(
        "
        quote EURUSD 1.08 1.09
        a buys 1 EURUSD at 1.085
        s buys 3 EURUSD stop 1.1
        t sells 2 EURUSD trail 0.01
        status EURUSD halted
        quote EURUSD 1.05 1.1
        w buys 4 EURUSD day
        u buys 1 EURUSD stop 1
        book EURUSD
        quote EURUSD 1.05 1.08 9 9
        quote EURUSD 1.06 1.1 9 9
        status EURUSD open
        ",
        "
        1 0 - quoted 1.08000 1.09000
        2 1 a accepted
        3 1 a arrived, rests
        4 2 s accepted
        5 2 s arrived, rests
        6 3 t accepted
        7 3 t arrived, rests
        7 3 t follows to 1.085
        8 3 - halted fees 0 0
        9 3 - quoted 1.05000 1.10000
        10 4 w accepted
        11 5 u accepted
        Buy 1.085 1 in 1
        12 5 - quoted 1.05000 1.08000
        13 5 - quoted 1.06000 1.10000
        14 5 - open fees 0 0
        15 5 s triggered
        16 6 s filled 3 at 1.1 taker of 16, all
        17 6 w arrived
        18 7 w filled 4 at 1.1 taker of 18, all
        19 7 u arrived, rests
        20 7 u triggered
        21 8 u filled 1 at 1.1 taker of 21, all
        ",
    );
}

#[test]
fn a_quote_that_meets_what_rests_does_so_at_the_opening() {
    check(
        "
        a buys 5 EURUSD at 1.084
        status EURUSD halted
        quote EURUSD 1.08 1.083 9 9
        b buys 9 EURUSD at 1.083
        status EURUSD open
        ",
        "
        1 1 a accepted
        2 1 a arrived, rests
        3 1 - halted fees 0 0
        4 1 - quoted 1.08000 1.08300
        5 2 b accepted
        6 2 - open fees 0 0
        7 3 a filled 5 at 1.084 maker of 7, all
        8 3 b arrived
        9 3 b filled 4 at 1.083 taker of 9, rests
        ",
    );
}

#[test]
fn who_waits_outside_can_be_cancelled_amended_replaced_and_expires() {
    check(
        "
        nobody
        status AAPL halted
        a buys 5 AAPL at 200 day
        b buys 5 AAPL at 200
        c buys 5 AAPL at 200
        d buys 5 AAPL at 200
        amend b - at 210
        cancel c
        replace d e 4
        amend e - ioc
        at 86400000000
        status AAPL open
        ",
        "
        1 0 - halted fees 0 0
        2 1 a accepted
        3 2 b accepted
        4 3 c accepted
        5 4 d accepted
        6 4 b amended, waits outside
        7 5 c cancelled
        8 6 d replaced by e
        9 7 e accepted
        10 7 e amended
        11 8 e ended NotTrading
        12 9 a ended Expired
        13 9 - open fees 0 0
        14 9 b arrived, rests
        ",
    );
}

#[test]
fn what_expires_comes_before_what_arrives_at_the_same_moment() {
    check(
        "
        nobody
        a sells 5 EURUSD at 1 delay 86400000000
        b buys 5 EURUSD at 1 day
        at 86400000000
        ",
        "
        1 1 a accepted
        2 2 b accepted
        3 2 b arrived, rests
        4 3 b ended Expired
        5 3 a arrived, rests
        ",
    );
}

/// Legs whose parent ended meanwhile act at the opening too: the house quotes first, and who waited for a price is
/// triggered; who came to act while nothing traded comes before who waits outside.
#[test]
fn legs_that_came_to_act_while_nothing_traded_act_behind_the_houses_quote() {
    check(
        "
        quote EURUSD 1.08 1.09 3 3
        p buys 5 EURUSD at 1.09 bracket profit t 1.081 loss s 1.05
        a buys 2 EURUSD at 1.085
        status EURUSD halted
        quote EURUSD 1.07 1.084 9 9
        b sells 1 EURUSD at 1.08
        cancel p
        group t
        status EURUSD open
        ",
        "
        1 0 - quoted 1.08000 1.09000
        2 1 p accepted
        3 2 t accepted
        4 3 s accepted
        5 3 p arrived
        6 3 p filled 3 at 1.09 taker of 6, rests
        7 4 a accepted
        8 4 a arrived, rests
        9 4 - halted fees 0 0
        10 4 - quoted 1.07000 1.08400
        11 5 b accepted
        12 6 p cancelled
        13 6 t amended
        14 6 s amended
        Bracket TakeProfit of p with - -
        15 6 - open fees 0 0
        16 7 a filled 2 at 1.085 maker of 16, all
        17 7 t arrived, rests
        18 7 s arrived, rests
        19 7 b arrived, rests
        ",
    );
}
