//! Instruments with sessions, each case a sentence of the contract. Monday, 5 January 2026: from 14:30 UTC, which is
//! 1767623400 s after 1970, to 21:00, which is 1767646800.

use crate::door::check;

#[test]
fn outside_its_hours_nothing_trades_and_what_came_acts_when_the_session_begins() {
    check(
        "
        nyse
        at 1767623399000000
        a buys 5 AAPL at 230
        b sells 2 AAPL
        c native 1 AAPL
        n sells 1 NEW at 100
        d native 1 NEW
        order b
        due
        e sells 3 AAPL at 230 delay 1000000
        at 1767623400000000
        book AAPL
        ",
        "
        1 1 a accepted
        2 2 b accepted
        3 3 c accepted
        5 4 c bought at 230
        ! UnknownSymbol
        6 4 - listed NEW
        7 5 d accepted
        9 6 d bought at 100
        2 accepted 0 of 2 for 0
        next due 1767623400000000
        10 7 e accepted
        11 7 a arrived, rests
        12 7 b arrived
        13 8 b filled 2 at 230 taker of 13, all
        14 8 a filled 2 at 230 maker of 13, rests
        15 8 e arrived
        16 9 e filled 3 at 230 taker of 16, all
        17 10 a filled 3 at 230 maker of 16, all
        ",
    );
}

#[test]
fn an_order_for_the_day_ends_with_this_session_or_with_the_next_one() {
    check(
        "
        nyse
        at 1767646799000000
        a buys 5 AAPL at 230 day
        b buys 1 EURUSD at 1 day
        due
        at 1767646800000000
        c buys 5 AAPL at 230 day
        due
        at 1767657600000000
        due
        at 1767709800000000
        due
        ",
        "
        1 1 a accepted
        2 1 a arrived, rests
        3 2 b accepted
        4 2 b arrived, rests
        next due 1767646800000000
        5 3 a ended Expired
        6 4 c accepted
        next due 1767657600000000
        7 5 b ended Expired
        next due 1767709800000000
        8 5 c arrived, rests
        next due 1767733200000000
        ",
    );
}

#[test]
fn what_was_due_before_the_session_ended_trades_before_that_however_late_anybody_looks() {
    check(
        "
        nyse
        at 1767646799000000
        a sells 5 AAPL at 230
        b buys 2 AAPL at 230 delay 999999
        c buys 2 AAPL at 230 delay 1000000
        at 1767646900000000
        order c
        status AAPL halted
        at 1767709800000000
        order c
        status AAPL open
        ",
        "
        1 1 a accepted
        2 1 a arrived, rests
        3 2 b accepted
        4 3 c accepted
        5 3 b arrived
        6 4 b filled 2 at 230 taker of 6, all
        7 4 a filled 2 at 230 maker of 6, rests
        2 accepted at 230 0 of 2 for 0
        8 4 - halted fees 0 0
        2 accepted at 230 0 of 2 for 0
        9 4 - open fees 0 0
        10 4 c arrived
        11 5 c filled 2 at 230 taker of 11, all
        12 5 a filled 2 at 230 maker of 11, rests
        ",
    );
}
