//! Orders that wait for a price, each case a sentence of the contract.

use crate::door::check;

#[test]
fn a_buy_stop_triggers_when_the_best_ask_is_at_its_price_or_above() {
    check(
        "
        quote EURUSD 1.08 1.09
        a buys 5 EURUSD stop 1.1
        quote EURUSD 1.09 1.09999
        order a
        quote EURUSD 1.09 1.1
        order a
        ",
        "
        1 0 - quoted 1.08000 1.09000
        2 1 a accepted
        3 1 a arrived, rests
        4 1 - quoted 1.09000 1.09999
        5 new stop 1.1 0 of 5 for 0
        5 1 - quoted 1.09000 1.10000
        6 1 a triggered
        7 2 a filled 5 at 1.1 taker of 7, all
        5 filled stop 1.1 5 of 5 for 5.5
        ",
    );
}

#[test]
fn a_sell_stop_triggers_when_the_best_bid_is_at_its_price_or_below_and_what_is_true_on_arrival_triggers_at_once() {
    check(
        "
        quote EURUSD 1.08 1.09
        a sells 5 EURUSD stop 1.08 delay 10
        at 10
        b sells 5 EURUSD stop 1.07999
        order b
        cancel b
        ",
        "
        1 0 - quoted 1.08000 1.09000
        2 1 a accepted
        3 1 a arrived, rests
        4 1 a triggered
        5 2 a filled 5 at 1.08 taker of 5, all
        6 3 b accepted
        7 3 b arrived, rests
        5 new stop 1.07999 0 of 5 for 0
        8 4 b cancelled
        ",
    );
}

#[test]
fn a_stop_limit_order_rests_once_it_is_triggered_where_nobody_takes_its_price() {
    check(
        "
        quote EURUSD 1.08 1.09
        a buys 5 EURUSD stop 1.1 at 1.095
        quote EURUSD 1.09 1.11
        order a
        book EURUSD
        quote EURUSD 1.09 1.095 1 3
        order a
        ",
        "
        1 0 - quoted 1.08000 1.09000
        2 1 a accepted
        3 1 a arrived, rests
        4 1 - quoted 1.09000 1.11000
        5 1 a triggered, rests
        5 new stop 1.1 at 1.095 0 of 5 for 0
        Buy 1.095 5 in 1
        6 1 - quoted 1.09000 1.09500
        7 1 a filled 3 at 1.095 maker of 7, rests
        5 partially_filled stop 1.1 at 1.095 3 of 5 for 3.285
        ",
    );
}

#[test]
fn clients_move_the_market_too_and_a_cascade_goes_on_one_order_at_a_time() {
    // The nearest to its side's best first, then whoever came first; each trades before the next one is looked at.
    check(
        "
        nobody
        m buys 10 EURUSD at 1.08
        n buys 10 EURUSD at 1.07
        a sells 4 EURUSD stop 1.065
        b sells 4 EURUSD stop 1.07
        c sells 4 EURUSD stop 1.07
        d sells 10 EURUSD
        order a
        ",
        "
        1 1 m accepted
        2 1 m arrived, rests
        3 2 n accepted
        4 2 n arrived, rests
        5 3 a accepted
        6 3 a arrived, rests
        7 4 b accepted
        8 4 b arrived, rests
        9 5 c accepted
        10 5 c arrived, rests
        11 6 d accepted
        12 6 d arrived
        13 7 d filled 10 at 1.08 taker of 13, all
        14 8 m filled 10 at 1.08 maker of 13, all
        15 8 b triggered
        16 9 b filled 4 at 1.07 taker of 16, all
        17 9 n filled 4 at 1.07 maker of 16, rests
        18 9 c triggered
        19 10 c filled 4 at 1.07 taker of 19, all
        20 10 n filled 4 at 1.07 maker of 19, rests
        4 new stop 1.065 0 of 4 for 0
        ",
    );
}

#[test]
fn whoever_is_triggered_by_an_arrival_comes_before_the_next_one_that_arrives() {
    check(
        "
        quote EURUSD 1.08 1.09 5 5
        m sells 1 EURUSD at 1.1
        a buys 1 EURUSD stop 1.1
        n native 5 EURUSD delay 10
        o native 1 AAPL delay 10
        at 10
        ",
        "
        1 0 - quoted 1.08000 1.09000
        2 1 m accepted
        3 1 m arrived, rests
        4 2 a accepted
        5 2 a arrived, rests
        6 3 n accepted
        7 4 o accepted
        9 5 n bought at 1.09
        10 5 a triggered
        11 6 a filled 1 at 1.09 taker of 11, all
        13 7 o bought at 230.01
        ",
    );
}

#[test]
fn at_one_instant_what_expires_comes_before_what_that_triggers() {
    check(
        "
        nobody
        m sells 1 EURUSD at 1.09 day
        n sells 1 EURUSD at 1.1 day
        a buys 1 EURUSD stop 1.1
        at 86400000000
        order a
        ",
        "
        1 1 m accepted
        2 1 m arrived, rests
        3 2 n accepted
        4 2 n arrived, rests
        5 3 a accepted
        6 3 a arrived, rests
        7 4 m ended Expired
        8 5 n ended Expired
        1 new stop 1.1 0 of 1 for 0
        ",
    );
}

#[test]
fn a_cancellation_that_moves_the_best_price_triggers() {
    check(
        "
        nobody
        m sells 1 EURUSD at 1.09
        n sells 1 EURUSD at 1.1
        a buys 1 EURUSD stop 1.1
        cancel m
        ",
        "
        1 1 m accepted
        2 1 m arrived, rests
        3 2 n accepted
        4 2 n arrived, rests
        5 3 a accepted
        6 3 a arrived, rests
        7 4 m cancelled
        8 4 a triggered
        9 5 a filled 1 at 1.1 taker of 9, all
        10 6 n filled 1 at 1.1 maker of 9, all
        ",
    );
}

#[test]
fn what_trails_follows_the_market_and_never_goes_back() {
    // Moves are no changes: they have no number of their own.
    check(
        "
        quote EURUSD 1.08 1.081
        a sells 5 EURUSD trail 0.01
        b buys 5 EURUSD percent 0.5
        order a
        order b
        quote EURUSD 1.085 1.086
        quote EURUSD 1.0751 1.0755
        order a
        order b
        quote EURUSD 1.075 1.0755
        order a
        quote EURUSD 1.08 1.08088
        ",
        "
        1 0 - quoted 1.08000 1.08100
        2 1 a accepted
        3 1 a arrived, rests
        3 1 a follows to 1.08
        4 2 b accepted
        5 2 b arrived, rests
        5 2 b follows to 1.081
        5 new behind 1.08 0 of 5 for 0
        5 new behind 1.081 0 of 5 for 0
        6 2 - quoted 1.08500 1.08600
        6 2 a follows to 1.085
        7 2 - quoted 1.07510 1.07550
        7 2 b follows to 1.0755
        5 new behind 1.085 0 of 5 for 0
        5 new behind 1.0755 0 of 5 for 0
        8 2 - quoted 1.07500 1.07550
        9 2 a triggered
        10 3 a filled 5 at 1.075 taker of 10, all
        5 filled behind 1.085 5 of 5 for 5.375
        11 3 - quoted 1.08000 1.08088
        12 3 b triggered
        13 4 b filled 5 at 1.08088 taker of 13, all
        ",
    );
}

#[test]
fn what_trails_has_nothing_to_follow_before_there_is_a_market() {
    check(
        "
        nobody
        a sells 5 EURUSD trail 0.01
        order a
        m buys 1 EURUSD at 1.08
        order a
        ",
        "
        1 1 a accepted
        2 1 a arrived, rests
        5 new behind nothing 0 of 5 for 0
        3 2 m accepted
        4 2 m arrived, rests
        4 2 a follows to 1.08
        5 new behind 1.08 0 of 5 for 0
        ",
    );
}

#[test]
fn of_those_who_had_nothing_to_follow_whoever_came_first_follows_first() {
    check(
        "
        nobody
        a buys 5 EURUSD trail 0.01
        b buys 5 EURUSD trail 0.02
        m sells 1 EURUSD at 1.08
        ",
        "
        1 1 a accepted
        2 1 a arrived, rests
        3 2 b accepted
        4 2 b arrived, rests
        5 3 m accepted
        6 3 m arrived, rests
        6 3 a follows to 1.08
        6 3 b follows to 1.08
        ",
    );
}

#[test]
fn what_was_taken_from_the_house_and_is_back_is_followed() {
    check(
        "
        m sells 1000000000 EURUSD at 1.08499
        a sells 5 EURUSD trail 0.01
        order a
        at 99999
        order a
        at 100000
        order a
        ",
        "
        1 1 m accepted
        2 1 m arrived
        3 2 m filled 1000000000 at 1.08499 taker of 3, all
        4 3 a accepted
        5 3 a arrived, rests
        5 3 a follows to 1.08498
        5 new behind 1.08498 0 of 5 for 0
        5 new behind 1.08498 0 of 5 for 0
        5 3 a follows to 1.08499
        5 new behind 1.08499 0 of 5 for 0
        ",
    );
}

#[test]
fn where_the_house_had_nothing_left_its_next_quote_triggers() {
    check(
        "
        m native 9007199254740990 EURUSD
        a buys 5 EURUSD stop 1.08
        at 99999
        order a
        at 100000
        ",
        "
        1 1 m accepted
        2 1 m arrived
        3 1 m filled 1000000000 at 1.08501 taker of 3
        4 1 m filled 1000000000 at 1.08502 taker of 4
        5 1 m filled 1000000000 at 1.08503 taker of 5
        6 1 m filled 1000000000 at 1.08504 taker of 6
        7 1 m filled 1000000000 at 1.08505 taker of 7
        8 1 m filled 1000000000 at 1.08506 taker of 8
        9 1 m filled 1000000000 at 1.08507 taker of 9
        10 1 m filled 1000000000 at 1.08508 taker of 10
        11 1 m filled 1000000000 at 1.08509 taker of 11
        12 2 m filled 9007190254740990 at 1.0851 taker of 12, all
        13 3 a accepted
        14 3 a arrived, rests
        5 new stop 1.08 0 of 5 for 0
        15 3 a triggered
        16 4 a filled 5 at 1.08501 taker of 16, all
        ",
    );
}

#[test]
fn what_waits_can_be_amended_and_may_be_triggered_by_it() {
    check(
        "
        quote EURUSD 1.08 1.09
        a buys 5 EURUSD stop 1.1 at 1.12
        amend a 7
        amend a - stop 1.095 at 1.13 day
        amend a - trail 0.1
        amend a - stop 1.09
        order a
        b buys 5 EURUSD stop 1.2 at 1.11
        quote EURUSD 1.19 1.2
        amend b - stop 1.3
        amend b - at 1.12
        order b
        c sells 5 EURUSD trail 0.01
        amend c - percent 0.001
        amend c - stop 1
        amend c - trail 0.000001
        amend c - percent 100
        quote EURUSD 1.18 1.2
        ",
        "
        1 0 - quoted 1.08000 1.09000
        2 1 a accepted
        3 1 a arrived, rests
        4 1 a amended
        5 1 a amended
        ! Faulty([No(Trail)])
        6 1 a amended
        7 1 a triggered
        8 2 a filled 7 at 1.09 taker of 8, all
        7 filled stop 1.09 at 1.13 7 of 7 for 7.63
        9 3 b accepted
        10 3 b arrived, rests
        11 3 - quoted 1.19000 1.20000
        12 3 b triggered, rests
        ! Faulty([Triggered])
        13 3 b amended, goes to the end
        5 new stop 1.2 at 1.12 0 of 5 for 0
        14 4 c accepted
        15 4 c arrived, rests
        15 4 c follows to 1.19
        16 4 c amended
        ! Faulty([No(Stop)])
        ! Faulty([PriceTick(Trail)])
        ! Faulty([TrailPercent])
        17 4 - quoted 1.18000 1.20000
        18 4 c triggered
        19 5 c filled 5 at 1.18 taker of 19, all
        ",
    );
}

#[test]
fn the_time_in_force_holds_once_it_is_triggered_and_a_day_ends_what_waits() {
    check(
        "
        quote EURUSD 1.08 1.09 9 9
        a buys 10 EURUSD stop 1.1 at 1.2 ioc
        b buys 10 EURUSD stop 1.1 at 1.2 fok
        c buys 10 EURUSD stop 1.5 day
        quote EURUSD 1.09 1.1 9 9
        quote EURUSD 1.09 1.1 9 9
        at 86400000000
        order c
        d buys 10 EURUSD stop 0.000001
        e sells 10 EURUSD stop 109
        ",
        "
        1 0 - quoted 1.08000 1.09000
        2 1 a accepted
        3 1 a arrived, rests
        4 2 b accepted
        5 2 b arrived, rests
        6 3 c accepted
        7 3 c arrived, rests
        8 3 - quoted 1.09000 1.10000
        9 3 a triggered
        10 3 a filled 9 at 1.1 taker of 10
        11 4 a ended ImmediateOrCancel
        12 4 - quoted 1.09000 1.10000
        13 4 b triggered
        14 5 b ended FillOrKill
        15 6 c ended Expired
        10 expired stop 1.5 0 of 10 for 0
        ! Faulty([PriceTick(Stop)])
        ! Faulty([PriceRange(Stop)])
        ",
    );
}
