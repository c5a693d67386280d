//! Two of which each loses what the other fills.

use crate::door::check;

#[test]
fn what_one_of_an_oco_fills_the_other_loses_by_an_amendment_with_a_number_of_its_own() {
    check(
        "
        nobody
        a sells 10 EURUSD at 1.1 oco loss s 1.07
        group a
        group s
        b buys 4 EURUSD at 1.1
        order a
        order s
        c buys 6 EURUSD at 1.1
        order a
        order s
        ",
        "
        1 1 a accepted
        2 2 s accepted
        3 2 a arrived, rests
        4 2 s arrived, rests
        Oco TakeProfit of - with - s
        Oco StopLoss of a with - -
        5 3 b accepted
        6 3 b arrived
        7 4 b filled 4 at 1.1 taker of 7, all
        8 4 a filled 4 at 1.1 maker of 7, rests
        9 4 s amended
        10 partially_filled at 1.1 4 of 10 for 4.4
        6 new stop 1.07 0 of 6 for 0
        10 5 c accepted
        11 5 c arrived
        12 6 c filled 6 at 1.1 taker of 12, all
        13 7 a filled 6 at 1.1 maker of 12, all
        14 8 s ended Group
        10 filled at 1.1 10 of 10 for 11
        6 canceled stop 1.07 0 of 6 for 0
        ",
    );
}

#[test]
fn what_the_stop_of_an_oco_fills_its_order_loses() {
    check(
        "
        nobody
        b buys 3 EURUSD at 1.06
        c buys 4 EURUSD at 1.05
        a sells 10 EURUSD at 1.1 oco loss s 1.07/1.05
        order a
        order s
        book EURUSD
        d buys 3 EURUSD at 1.2
        order a
        order s
        ",
        "
        1 1 b accepted
        2 1 b arrived, rests
        3 2 c accepted
        4 2 c arrived, rests
        5 3 a accepted
        6 4 s accepted
        7 4 a arrived, rests
        8 4 s arrived, rests
        9 4 s triggered
        10 4 s filled 3 at 1.06 taker of 10
        11 5 b filled 3 at 1.06 maker of 10, all
        12 5 a amended
        13 5 s filled 4 at 1.05 taker of 13, rests
        14 6 c filled 4 at 1.05 maker of 13, all
        15 6 a amended
        3 new at 1.1 0 of 3 for 0
        10 partially_filled stop 1.07 at 1.05 7 of 10 for 7.38
        Sell 1.1 3 in 1
        Sell 1.05 3 in 1
        16 7 d accepted
        17 7 d arrived
        18 8 d filled 3 at 1.05 taker of 18, all
        19 9 s filled 3 at 1.05 maker of 18, all
        20 10 a ended Group
        3 canceled at 1.1 0 of 3 for 0
        10 filled stop 1.07 at 1.05 10 of 10 for 10.53
        ",
    );
}

#[test]
fn a_stop_that_nobody_takes_more_of_ends_its_group() {
    check(
        "
        nobody
        b buys 3 EURUSD at 1.06
        a sells 10 EURUSD at 1.1 oco loss s 1.07
        order a
        order s
        ",
        "
        1 1 b accepted
        2 1 b arrived, rests
        3 2 a accepted
        4 3 s accepted
        5 3 a arrived, rests
        6 3 s arrived, rests
        7 3 s triggered
        8 3 s filled 3 at 1.06 taker of 8
        9 4 b filled 3 at 1.06 maker of 8, all
        10 5 s ended NoLiquidity
        11 6 a ended Group
        10 canceled at 1.1 0 of 10 for 0
        10 canceled stop 1.07 3 of 10 for 3.18
        ",
    );
}

#[test]
fn who_takes_the_one_of_two_in_the_book_finds_the_other_gone() {
    check(
        "
        nobody
        x buys 1 EURUSD at 1.06
        a sells 10 EURUSD at 1.09 oco loss s 1.06/1.08
        order a
        order s
        book EURUSD
        k buys 11 EURUSD at 1.1 fok
        b buys 12 EURUSD at 1.1
        order b
        book EURUSD
        ",
        "
        1 1 x accepted
        2 1 x arrived, rests
        3 2 a accepted
        4 3 s accepted
        5 3 a arrived, rests
        6 3 s arrived, rests
        7 3 s triggered, rests
        10 new at 1.09 0 of 10 for 0
        10 new stop 1.06 at 1.08 0 of 10 for 0
        Sell 1.09 10 in 1
        Sell 1.08 10 in 1
        Buy 1.06 1 in 1
        8 4 k accepted
        9 4 k arrived
        10 5 k ended FillOrKill
        11 6 b accepted
        12 6 b arrived
        13 6 b filled 10 at 1.08 taker of 13, rests
        14 7 s filled 10 at 1.08 maker of 13, all
        15 8 a ended Group
        12 partially_filled at 1.1 10 of 12 for 10.8
        Buy 1.1 2 in 1
        Buy 1.06 1 in 1
        ",
    );
}

#[test]
fn a_new_quote_meets_the_one_of_two_and_the_other_is_gone() {
    check(
        "
        quote EURUSD 1.05 1.2 1 1
        x buys 1 EURUSD at 1.06
        a sells 10 EURUSD at 1.09 oco loss s 1.06/1.08
        quote EURUSD 1.1 1.2 25 25
        order a
        order s
        book EURUSD
        ",
        "
        1 0 - quoted 1.05000 1.20000
        2 1 x accepted
        3 1 x arrived, rests
        4 2 a accepted
        5 3 s accepted
        6 3 a arrived, rests
        7 3 s arrived, rests
        8 3 s triggered, rests
        9 3 - quoted 1.10000 1.20000
        10 4 s filled 10 at 1.08 maker of 10, all
        11 5 a ended Group
        10 canceled at 1.09 0 of 10 for 0
        10 filled stop 1.06 at 1.08 10 of 10 for 10.8
        Buy 1.06 1 in 1
        ",
    );
}

#[test]
fn a_fok_that_finds_enough_in_one_of_two_trades_with_it() {
    check(
        "
        nobody
        x buys 1 EURUSD at 1.06
        y sells 2 EURUSD at 1.095
        a sells 10 EURUSD at 1.09 oco loss s 1.06/1.08
        k buys 11 EURUSD at 1.1 fok
        order k
        order y
        ",
        "
        1 1 x accepted
        2 1 x arrived, rests
        3 2 y accepted
        4 2 y arrived, rests
        5 3 a accepted
        6 4 s accepted
        7 4 a arrived, rests
        8 4 s arrived, rests
        9 4 s triggered, rests
        10 5 k accepted
        11 5 k arrived
        12 5 k filled 10 at 1.08 taker of 12
        13 6 s filled 10 at 1.08 maker of 12, all
        14 7 a ended Group
        15 8 k filled 1 at 1.095 taker of 15, all
        16 8 y filled 1 at 1.095 maker of 15, rests
        11 filled at 1.1 11 of 11 for 11.895
        2 partially_filled at 1.095 1 of 2 for 1.095
        ",
    );
}

#[test]
fn an_oco_that_is_cancelled_ends_both() {
    check(
        "
        quote EURUSD 1.08 1.09
        a sells 10 EURUSD at 1.1 oco loss s 1.07
        cancel a
        order s
        b sells 10 EURUSD at 1.1 oco loss t 1.07 delay 50
        cancel b
        order t
        ",
        "
        1 0 - quoted 1.08000 1.09000
        2 1 a accepted
        3 2 s accepted
        4 2 a arrived, rests
        5 2 s arrived, rests
        6 3 a cancelled
        7 4 s ended Group
        10 canceled stop 1.07 0 of 10 for 0
        8 5 b accepted
        9 6 t accepted
        10 7 b cancelled
        11 8 t ended Group
        10 canceled stop 1.07 0 of 10 for 0
        ",
    );
}

#[test]
fn what_is_true_on_arrival_triggers_at_once_also_where_the_prices_stand_the_wrong_way_round() {
    check(
        "
        quote EURUSD 1.08 1.09
        a buys 10 EURUSD bracket profit p 1.07 loss s 1.1
        order a
        order p
        order s
        b buys 10 EURUSD bracket profit q 1.2 loss t 1.1
        order q
        order t
        ",
        "
        1 0 - quoted 1.08000 1.09000
        2 1 a accepted
        3 2 p accepted
        4 3 s accepted
        5 3 a arrived
        6 4 a filled 10 at 1.09 taker of 6, all
        7 4 p arrived
        8 5 p filled 10 at 1.08 taker of 8, all
        9 6 s ended Group
        10 filled 10 of 10 for 10.9
        10 filled at 1.07 10 of 10 for 10.8
        10 canceled stop 1.1 0 of 10 for 0
        10 7 b accepted
        11 8 q accepted
        12 9 t accepted
        13 9 b arrived
        14 10 b filled 10 at 1.09 taker of 14, all
        15 10 q arrived, rests
        16 10 t arrived, rests
        17 10 t triggered
        18 11 t filled 10 at 1.08 taker of 18, all
        19 12 q ended Group
        10 canceled at 1.2 0 of 10 for 0
        10 filled stop 1.1 10 of 10 for 10.8
        ",
    );
}

#[test]
fn cancel_oldest_against_a_leg_cancels_its_group() {
    check(
        "
        nobody
        open alice margin 1000000 USD self cancel_oldest
        a sells 10 EURUSD at 1.1 oco loss s 1.05 by alice
        b buys 3 EURUSD at 1.1 by alice
        order a
        order s
        order b
        ",
        "
        1 0 - opened alice
        2 1 a accepted
        3 2 s accepted
        4 2 a arrived, rests
        5 2 s arrived, rests
        6 3 b accepted
        7 4 a ended SelfTrade
        8 4 b arrived, rests
        9 5 s ended Group
        10 canceled at 1.1 0 of 10 for 0
        10 canceled stop 1.05 0 of 10 for 0
        3 new at 1.1 0 of 3 for 0
        ",
    );
}

#[test]
fn what_another_one_loses_comes_before_the_next_trade_and_legs_that_are_to_act_after_the_last() {
    check(
        "
        nobody
        c buys 5 EURUSD at 1.07 oco loss t 1.5
        a buys 5 EURUSD at 1.08 oto profit p 1.09
        e buys 5 EURUSD at 1.06
        d sells 13 EURUSD at 1.06
        ",
        "
        1 1 c accepted
        2 2 t accepted
        3 2 c arrived, rests
        4 2 t arrived, rests
        5 3 a accepted
        6 4 p accepted
        7 4 a arrived, rests
        8 5 e accepted
        9 5 e arrived, rests
        10 6 d accepted
        11 6 d arrived
        12 6 d filled 5 at 1.08 taker of 12
        13 7 a filled 5 at 1.08 maker of 12, all
        14 7 d filled 5 at 1.07 taker of 14
        15 8 c filled 5 at 1.07 maker of 14, all
        16 9 t ended Group
        17 10 d filled 3 at 1.06 taker of 17, all
        18 10 e filled 3 at 1.06 maker of 17, rests
        19 10 p arrived, rests
        ",
    );
}
