//! Orders that are placed as one, and end each other: each case a sentence of the contract.

use crate::door::check;

#[test]
fn the_legs_of_a_bracket_wait_until_their_parent_is_filled_whole_and_then_act() {
    check(
        "
        nobody
        a buys 10 EURUSD at 1.08 bracket profit p 1.09 loss s 1.07
        order p
        order s
        group a
        group p
        group s
        b sells 4 EURUSD at 1.08
        order p
        c sells 6 EURUSD at 1.08
        order a
        order p
        order s
        book EURUSD
        ",
        "
        1 1 a accepted
        2 2 p accepted
        3 3 s accepted
        4 3 a arrived, rests
        10 held at 1.09 0 of 10 for 0
        10 held stop 1.07 0 of 10 for 0
        Bracket Parent of - with p s
        Bracket TakeProfit of a with - -
        Bracket StopLoss of a with - -
        5 4 b accepted
        6 4 b arrived
        7 5 b filled 4 at 1.08 taker of 7, all
        8 5 a filled 4 at 1.08 maker of 7, rests
        10 held at 1.09 0 of 10 for 0
        9 6 c accepted
        10 6 c arrived
        11 7 c filled 6 at 1.08 taker of 11, all
        12 8 a filled 6 at 1.08 maker of 11, all
        13 8 p arrived, rests
        14 8 s arrived, rests
        10 filled at 1.08 10 of 10 for 10.8
        10 new at 1.09 0 of 10 for 0
        10 new stop 1.07 0 of 10 for 0
        Sell 1.09 10 in 1
        ",
    );
}

#[test]
fn an_oto_has_one_leg_which_waits_likewise() {
    check(
        "
        quote EURUSD 1.08 1.09
        a buys 10 EURUSD oto loss s 1.07/1.06
        order s
        b sells 3 EURUSD at 1.085 oto profit p 1.07
        group b
        group p
        quote EURUSD 1.085 1.09 1 1
        order p
        quote EURUSD 1.06 1.0601 10 10
        order s
        order p
        ",
        "
        1 0 - quoted 1.08000 1.09000
        2 1 a accepted
        3 2 s accepted
        4 2 a arrived
        5 3 a filled 10 at 1.09 taker of 5, all
        6 3 s arrived, rests
        10 new stop 1.07 at 1.06 0 of 10 for 0
        7 4 b accepted
        8 5 p accepted
        9 5 b arrived, rests
        Oto Parent of - with p -
        Oto TakeProfit of b with - -
        10 5 - quoted 1.08500 1.09000
        11 5 b filled 1 at 1.085 maker of 11, rests
        3 held at 1.07 0 of 3 for 0
        12 5 - quoted 1.06000 1.06010
        13 5 s triggered
        14 6 s filled 10 at 1.06 taker of 14, all
        10 filled stop 1.07 at 1.06 10 of 10 for 10.6
        3 held at 1.07 0 of 3 for 0
        ",
    );
}

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
fn a_leg_that_is_cancelled_cancels_the_other_one() {
    check(
        "
        quote EURUSD 1.08 1.09
        a buys 10 EURUSD bracket profit p 1.1 loss s 1.07
        cancel s
        order a
        order p
        order s
        b buys 10 EURUSD bracket profit q 1.1 loss t 1.07
        cancel q
        order t
        ",
        "
        1 0 - quoted 1.08000 1.09000
        2 1 a accepted
        3 2 p accepted
        4 3 s accepted
        5 3 a arrived
        6 4 a filled 10 at 1.09 taker of 6, all
        7 4 p arrived, rests
        8 4 s arrived, rests
        9 5 s cancelled
        10 6 p ended Group
        10 filled 10 of 10 for 10.9
        10 canceled at 1.1 0 of 10 for 0
        10 canceled stop 1.07 0 of 10 for 0
        11 7 b accepted
        12 8 q accepted
        13 9 t accepted
        14 9 b arrived
        15 10 b filled 10 at 1.09 taker of 15, all
        16 10 q arrived, rests
        17 10 t arrived, rests
        18 11 q cancelled
        19 12 t ended Group
        10 canceled stop 1.07 0 of 10 for 0
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
fn a_held_leg_that_is_cancelled_cancels_its_parents_rest_and_its_sibling() {
    check(
        "
        nobody
        a buys 10 EURUSD at 1.08 bracket profit p 1.09 loss s 1.07
        b sells 4 EURUSD at 1.08
        cancel s
        order a
        order p
        order s
        c buys 10 EURUSD at 1.08 oto profit q 1.09 delay 50
        cancel q
        order c
        ",
        "
        1 1 a accepted
        2 2 p accepted
        3 3 s accepted
        4 3 a arrived, rests
        5 4 b accepted
        6 4 b arrived
        7 5 b filled 4 at 1.08 taker of 7, all
        8 5 a filled 4 at 1.08 maker of 7, rests
        9 6 s cancelled
        10 7 a ended Group
        11 8 p ended Group
        10 canceled at 1.08 4 of 10 for 4.32
        10 canceled at 1.09 0 of 10 for 0
        10 canceled stop 1.07 0 of 10 for 0
        12 9 c accepted
        13 10 q accepted
        14 11 q cancelled
        15 12 c ended Group
        10 canceled at 1.08 0 of 10 for 0
        ",
    );
}

#[test]
fn a_parent_that_ends_partly_filled_lets_its_legs_act_on_what_it_filled() {
    check(
        "
        nobody
        b sells 4 EURUSD at 1.08
        a buys 10 EURUSD bracket profit p 1.09 loss s 1.07
        order a
        order p
        order s
        book EURUSD
        c buys 10 EURUSD at 1.08 bracket profit q 1.1 loss t 1.07
        d sells 3 EURUSD at 1.08
        cancel c
        order q
        order t
        ",
        "
        1 1 b accepted
        2 1 b arrived, rests
        3 2 a accepted
        4 3 p accepted
        5 4 s accepted
        6 4 a arrived
        7 4 a filled 4 at 1.08 taker of 7
        8 5 b filled 4 at 1.08 maker of 7, all
        9 6 a ended NoLiquidity
        10 6 p amended
        11 6 s amended
        12 6 p arrived, rests
        13 6 s arrived, rests
        10 canceled 4 of 10 for 4.32
        4 new at 1.09 0 of 4 for 0
        4 new stop 1.07 0 of 4 for 0
        Sell 1.09 4 in 1
        14 7 c accepted
        15 8 q accepted
        16 9 t accepted
        17 9 c arrived, rests
        18 10 d accepted
        19 10 d arrived
        20 11 d filled 3 at 1.08 taker of 20, all
        21 11 c filled 3 at 1.08 maker of 20, rests
        22 12 c cancelled
        23 12 q amended
        24 12 t amended
        25 12 q arrived, rests
        26 12 t arrived, rests
        3 new at 1.1 0 of 3 for 0
        3 new stop 1.07 0 of 3 for 0
        ",
    );
}

#[test]
fn a_parent_that_ends_unfilled_cancels_its_legs() {
    check(
        "
        nobody
        a buys 10 EURUSD bracket profit p 1.09 loss s 1.07
        order a
        order p
        order s
        b buys 10 EURUSD at 1.08 oto loss t 1.07
        cancel b
        order t
        x sells 1 EURUSD at 1.08
        c buys 1 EURUSD at 1.08 post bracket profit q 1.09 loss u 1.07
        order c
        order q
        ",
        "
        1 1 a accepted
        2 2 p accepted
        3 3 s accepted
        4 3 a arrived
        5 4 a ended NoLiquidity
        6 5 p ended Group
        7 6 s ended Group
        10 canceled 0 of 10 for 0
        10 canceled at 1.09 0 of 10 for 0
        10 canceled stop 1.07 0 of 10 for 0
        8 7 b accepted
        9 8 t accepted
        10 8 b arrived, rests
        11 9 b cancelled
        12 10 t ended Group
        10 canceled stop 1.07 0 of 10 for 0
        13 11 x accepted
        14 11 x arrived, rests
        15 12 c accepted
        16 13 q accepted
        17 14 u accepted
        18 14 c arrived
        19 15 c ended PostOnly
        20 16 q ended Group
        21 17 u ended Group
        1 rejected at 1.08 0 of 1 for 0
        1 canceled at 1.09 0 of 1 for 0
        ",
    );
}

#[test]
fn legs_have_the_time_in_force_of_their_parent_and_a_group_expires_each_by_itself() {
    check(
        "
        nobody
        a buys 10 EURUSD at 1.08 day bracket profit p 1.09 loss s 1.07
        b sells 10 EURUSD at 1.1 day oco loss t 1.05
        due
        at 86400000000
        order a
        order p
        order s
        order b
        order t
        due
        ",
        "
        1 1 a accepted
        2 2 p accepted
        3 3 s accepted
        4 3 a arrived, rests
        5 4 b accepted
        6 5 t accepted
        7 5 b arrived, rests
        8 5 t arrived, rests
        next due 86400000000
        9 6 a ended Expired
        10 7 p ended Expired
        11 8 s ended Expired
        12 9 b ended Expired
        13 10 t ended Expired
        10 expired at 1.08 0 of 10 for 0
        10 expired at 1.09 0 of 10 for 0
        10 expired stop 1.07 0 of 10 for 0
        10 expired at 1.1 0 of 10 for 0
        10 expired stop 1.05 0 of 10 for 0
        next due nothing
        ",
    );
}

#[test]
fn a_parent_that_expires_partly_filled_leaves_legs_whose_time_is_over_too() {
    check(
        "
        nobody
        a buys 10 EURUSD at 1.08 day bracket profit p 1.09 loss s 1.07
        b sells 4 EURUSD at 1.08
        at 86400000000
        order a
        order p
        order s
        ",
        "
        1 1 a accepted
        2 2 p accepted
        3 3 s accepted
        4 3 a arrived, rests
        5 4 b accepted
        6 4 b arrived
        7 5 b filled 4 at 1.08 taker of 7, all
        8 5 a filled 4 at 1.08 maker of 7, rests
        9 6 a ended Expired
        10 7 p ended Expired
        11 8 s ended Expired
        10 expired at 1.08 4 of 10 for 4.32
        10 expired at 1.09 0 of 10 for 0
        10 expired stop 1.07 0 of 10 for 0
        ",
    );
}

#[test]
fn a_leg_that_expires_before_the_others_ends_them() {
    check(
        "
        nobody
        a buys 10 EURUSD at 1.08 bracket profit p 1.09 loss s 1.07
        amend p - day
        at 86400000000
        order a
        order p
        order s
        ",
        "
        1 1 a accepted
        2 2 p accepted
        3 3 s accepted
        4 3 a arrived, rests
        5 3 p amended
        6 4 p ended Expired
        7 5 a ended Group
        8 6 s ended Group
        10 canceled at 1.08 0 of 10 for 0
        10 expired at 1.09 0 of 10 for 0
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
fn legs_act_once_whoever_filled_their_parent_was_matched_whole() {
    check(
        "
        nobody
        a buys 5 EURUSD at 1.08 bracket profit p 1.09 loss s 1.07
        b buys 5 EURUSD at 1.08 bracket profit q 1.085 loss t 1.075
        c buys 5 EURUSD at 1.07
        d sells 12 EURUSD at 1.07
        book EURUSD
        order c
        ",
        "
        1 1 a accepted
        2 2 p accepted
        3 3 s accepted
        4 3 a arrived, rests
        5 4 b accepted
        6 5 q accepted
        7 6 t accepted
        8 6 b arrived, rests
        9 7 c accepted
        10 7 c arrived, rests
        11 8 d accepted
        12 8 d arrived
        13 8 d filled 5 at 1.08 taker of 13
        14 9 a filled 5 at 1.08 maker of 13, all
        15 9 d filled 5 at 1.08 taker of 15
        16 10 b filled 5 at 1.08 maker of 15, all
        17 11 d filled 2 at 1.07 taker of 17, all
        18 11 c filled 2 at 1.07 maker of 17, rests
        19 11 p arrived, rests
        20 11 s arrived, rests
        21 11 q arrived, rests
        22 11 t arrived, rests
        23 11 s triggered
        24 11 s filled 3 at 1.07 taker of 24
        25 12 c filled 3 at 1.07 maker of 24, all
        26 13 s ended NoLiquidity
        27 14 p ended Group
        Sell 1.085 5 in 1
        5 filled at 1.07 5 of 5 for 5.35
        ",
    );
}

#[test]
fn the_quantity_of_a_leg_or_an_oco_is_not_amended() {
    check(
        "
        nobody
        a buys 10 EURUSD at 1.08 bracket profit p 1.09 loss s 1.07
        b sells 10 EURUSD at 1.1 oco loss t 1.05
        amend p 5
        amend s 5 stop 1.000001
        amend b 5
        amend t 5
        amend p - at 1.1
        amend s - stop 1.06
        amend t - stop 1.06
        amend b - at 1.2
        order p
        order s
        order t
        order b
        ",
        "
        1 1 a accepted
        2 2 p accepted
        3 3 s accepted
        4 3 a arrived, rests
        5 4 b accepted
        6 5 t accepted
        7 5 b arrived, rests
        8 5 t arrived, rests
        ! Faulty([QuantityOfGroup])
        ! Faulty([PriceTick(Stop), QuantityOfGroup])
        ! Faulty([QuantityOfGroup])
        ! Faulty([QuantityOfGroup])
        9 5 p amended
        10 5 s amended
        11 5 t amended
        12 5 b amended, goes to the end
        10 held at 1.1 0 of 10 for 0
        10 held stop 1.06 0 of 10 for 0
        10 new stop 1.06 0 of 10 for 0
        10 new at 1.2 0 of 10 for 0
        ",
    );
}

#[test]
fn the_quantity_of_a_brackets_parent_is_its_held_legs_too() {
    check(
        "
        nobody
        a buys 10 EURUSD at 1.08 bracket profit p 1.09 loss s 1.07
        amend a 12
        order p
        order s
        b sells 4 EURUSD at 1.08
        amend a 6 day
        order a
        order p
        order s
        c buys 10 EURUSD at 1.08 oto loss t 1.07
        amend c 0.5
        amend c 7
        order t
        amend a - ioc
        amend p - fok
        ",
        "
        1 1 a accepted
        2 2 p accepted
        3 3 s accepted
        4 3 a arrived, rests
        5 3 a amended, goes to the end
        6 3 p amended
        7 3 s amended
        12 held at 1.09 0 of 12 for 0
        12 held stop 1.07 0 of 12 for 0
        8 4 b accepted
        9 4 b arrived
        10 5 b filled 4 at 1.08 taker of 10, all
        11 5 a filled 4 at 1.08 maker of 10, rests
        12 5 a amended
        13 5 p amended
        14 5 s amended
        6 partially_filled at 1.08 4 of 6 for 4.32
        6 held at 1.09 0 of 6 for 0
        6 held stop 1.07 0 of 6 for 0
        15 6 c accepted
        16 7 t accepted
        17 7 c arrived, rests
        ! Faulty([QuantityLot])
        18 7 c amended
        19 7 t amended
        7 held stop 1.07 0 of 7 for 0
        ! Faulty([TimeInForce])
        ! Faulty([TimeInForce])
        ",
    );
}

#[test]
fn a_parent_that_is_amended_to_trade_takes_its_legs_along() {
    check(
        "
        nobody
        x sells 20 EURUSD at 1.09
        a buys 10 EURUSD at 1.08 bracket profit p 1.1 loss s 1.07
        amend a 12 at 1.09
        order a
        order p
        order s
        ",
        "
        1 1 x accepted
        2 1 x arrived, rests
        3 2 a accepted
        4 3 p accepted
        5 4 s accepted
        6 4 a arrived, rests
        7 4 a amended, trades
        8 5 a filled 12 at 1.09 taker of 8, all
        9 5 x filled 12 at 1.09 maker of 8, rests
        10 5 p amended
        11 5 s amended
        12 5 p arrived, rests
        13 5 s arrived, rests
        12 filled at 1.09 12 of 12 for 13.08
        12 new at 1.1 0 of 12 for 0
        12 new stop 1.07 0 of 12 for 0
        ",
    );
}

#[test]
fn a_new_order_takes_the_old_ones_place_as_a_leg_too() {
    check(
        "
        nobody
        a buys 10 EURUSD at 1.08 bracket profit p 1.09 loss s 1.07
        replace p q - at 1.1
        group q
        order p
        order q
        replace a b -
        group a
        group b
        order s
        c sells 10 EURUSD at 1.08
        order q
        order s
        replace s t - stop 1.06
        group t
        d buys 4 EURUSD at 1.1
        order q
        order t
        cancel t
        order q
        ",
        "
        1 1 a accepted
        2 2 p accepted
        3 3 s accepted
        4 3 a arrived, rests
        5 4 p replaced by q
        6 5 q accepted
        Bracket TakeProfit of a with - -
        10 replaced at 1.09 0 of 10 for 0
        10 held at 1.1 0 of 10 for 0
        7 6 a replaced by b
        8 7 b accepted
        9 7 b arrived, rests
        Bracket Parent of - with p s
        Bracket Parent of - with q s
        10 held stop 1.07 0 of 10 for 0
        10 8 c accepted
        11 8 c arrived
        12 9 c filled 10 at 1.08 taker of 12, all
        13 10 b filled 10 at 1.08 maker of 12, all
        14 10 q arrived, rests
        15 10 s arrived, rests
        10 new at 1.1 0 of 10 for 0
        10 new stop 1.07 0 of 10 for 0
        16 11 s replaced by t
        17 12 t accepted
        18 12 t arrived, rests
        Bracket StopLoss of a with - -
        19 13 d accepted
        20 13 d arrived
        21 14 d filled 4 at 1.1 taker of 21, all
        22 14 q filled 4 at 1.1 maker of 21, rests
        23 14 t amended
        10 partially_filled at 1.1 4 of 10 for 4.4
        6 new stop 1.06 0 of 6 for 0
        24 15 t cancelled
        25 16 q ended Group
        10 canceled at 1.1 4 of 10 for 4.4
        ",
    );
}

#[test]
fn a_replaced_parents_quantity_is_its_held_legs_too_with_what_the_old_one_filled() {
    check(
        "
        nobody
        a buys 10 EURUSD at 1.08 bracket profit p 1.09 loss s 1.07
        c sells 4 EURUSD at 1.08
        replace a b -
        order p
        replace b e 8 day
        order p
        order s
        cancel e
        order p
        order s
        ",
        "
        1 1 a accepted
        2 2 p accepted
        3 3 s accepted
        4 3 a arrived, rests
        5 4 c accepted
        6 4 c arrived
        7 5 c filled 4 at 1.08 taker of 7, all
        8 5 a filled 4 at 1.08 maker of 7, rests
        9 6 a replaced by b
        10 7 b accepted
        11 7 b arrived, rests
        10 held at 1.09 0 of 10 for 0
        12 8 b replaced by e
        13 9 e accepted
        14 9 p amended
        15 9 s amended
        16 9 e arrived, rests
        12 held at 1.09 0 of 12 for 0
        12 held stop 1.07 0 of 12 for 0
        17 10 e cancelled
        18 10 p amended
        19 10 s amended
        20 10 p arrived, rests
        21 10 s arrived, rests
        4 new at 1.09 0 of 4 for 0
        4 new stop 1.07 0 of 4 for 0
        ",
    );
}

#[test]
fn the_quantity_of_what_replaces_another_of_a_group_is_its_own_only_for_the_parent_of_a_bracket() {
    check(
        "
        nobody
        a buys 10 EURUSD at 1.08 bracket profit p 1.09 loss s 1.07
        b buys 10 EURUSD at 1.08 oto profit q 1.09
        c sells 10 EURUSD at 1.1 oco loss t 1.05
        replace p x 5
        replace s x 5
        replace b x 5
        replace q x 5
        replace c x 5
        replace t x 5
        replace a x - ioc
        replace c y - at 1.2
        group y
        group t
        cancel y
        order t
        ",
        "
        1 1 a accepted
        2 2 p accepted
        3 3 s accepted
        4 3 a arrived, rests
        5 4 b accepted
        6 5 q accepted
        7 5 b arrived, rests
        8 6 c accepted
        9 7 t accepted
        10 7 c arrived, rests
        11 7 t arrived, rests
        ! Faulty([QuantityOfGroup])
        ! Faulty([QuantityOfGroup])
        ! Faulty([QuantityOfGroup])
        ! Faulty([QuantityOfGroup])
        ! Faulty([QuantityOfGroup])
        ! Faulty([QuantityOfGroup])
        ! Faulty([TimeInForce])
        12 8 c replaced by y
        13 9 y accepted
        14 9 y arrived, rests
        Oco TakeProfit of - with - t
        Oco StopLoss of c with - -
        15 10 y cancelled
        16 11 t ended Group
        10 canceled stop 1.05 0 of 10 for 0
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
fn what_a_group_asks_for_that_no_group_is_is_refused() {
    check(
        "
        nobody
        a buys 10 EURUSD stop 1.09 bracket profit p 1.1 loss s 1.07
        a buys 10 EURUSD ioc bracket profit p 1.1 loss s 1.07
        a buys 10 EURUSD at 1.08 fok oto profit p 1.1
        a buys 10 EURUSD bracket profit p 1.1
        a buys 10 EURUSD oto profit p 1.1 loss s 1.07
        a sells 10 EURUSD oco loss s 1.07
        a sells 10 EURUSD at 1.1 oco profit p 1.1 loss s 1.07
        a buys 0.5 EURUSD at 1.000001 bracket profit p 1.000001 loss s 0/1000
        a buys 10 NONE at 1.08 oto profit p 1.1
        a sells 10 EURUSD at 1.1 ioc oco loss s 1.07
        order a
        order s
        ",
        "
        ! Faulty([Group])
        ! Faulty([Group])
        ! Faulty([Group])
        ! Faulty([Group])
        ! Faulty([Group])
        ! Faulty([Group])
        ! Faulty([Group])
        ! Faulty([QuantityLot, PriceTick(Limit), PriceTick(TakeProfit), PriceRange(LossStop), PriceRange(LossLimit)])
        ! UnknownSymbol
        1 1 a accepted
        2 2 s accepted
        3 2 a arrived
        4 3 a ended ImmediateOrCancel
        5 4 s ended Group
        10 canceled at 1.1 0 of 10 for 0
        10 canceled stop 1.07 0 of 10 for 0
        ",
    );
}

#[test]
fn whoever_repeats_an_order_with_legs_is_told_the_one_that_it_placed() {
    check(
        "
        nobody
        a buys 10 EURUSD at 1.08 bracket profit p 1.09 loss s 1.07 key k
        b buys 10 EURUSD at 1.08 bracket profit q 1.09 loss t 1.07 key k
        b buys 10 EURUSD at 1.08 bracket profit q 1.09 loss t 1.07/1.06 key k
        b buys 10 EURUSD at 1.08 bracket profit q 1.1 loss t 1.07 key k
        b buys 10 EURUSD at 1.08 oto profit q 1.09 key k
        amend p - at 1.2
        amend a 12 at 1.07
        b buys 10 EURUSD at 1.08 bracket profit q 1.09 loss t 1.07 key k
        b buys 12 EURUSD at 1.07 bracket profit q 1.2 loss t 1.07 key k
        ",
        "
        1 1 a accepted
        2 2 p accepted
        3 3 s accepted
        4 3 a arrived, rests
        ! AlreadyPlaced(Number(1))
        ! NameTaken(IdempotencyKey(k))
        ! NameTaken(IdempotencyKey(k))
        ! NameTaken(IdempotencyKey(k))
        5 3 p amended
        6 3 a amended, goes to the end
        7 3 p amended
        8 3 s amended
        ! AlreadyPlaced(Number(1))
        ! NameTaken(IdempotencyKey(k))
        ",
    );
}

#[test]
fn held_legs_count_when_they_act_and_of_an_oco_the_greater_counts() {
    check(
        "
        nobody
        open alice margin 1000 USD
        a buys 100 EURUSD at 1.08 bracket profit p 1.2 loss s 1.07 by alice
        account alice
        b sells 100 EURUSD at 1.08
        account alice
        c sells 200 EURUSD at 1.1 oco loss t 1.05 by alice
        account alice
        cancel t
        account alice
        ",
        "
        1 0 - opened alice
        2 1 a accepted
        3 2 p accepted
        4 3 s accepted
        5 3 a arrived, rests
        equity 1000 exposure 0 power 892
        realized 0 unrealized 0 fees 0
        1000 USD
        6 4 b accepted
        7 4 b arrived
        8 5 b filled 100 at 1.08 taker of 8, all
        9 6 a filled 100 at 1.08 maker of 8, all
        10 6 p arrived, rests
        11 6 s arrived, rests
        equity 1000 exposure 108 power 892
        realized 0 unrealized 0 fees 0
        892 USD
        12 7 c accepted
        13 8 t accepted
        14 8 c arrived, rests
        15 8 t arrived, rests
        equity 1000 exposure 108 power 772
        realized 0 unrealized 0 fees 0
        892 USD
        16 9 t cancelled
        17 10 c ended Group
        equity 1000 exposure 108 power 892
        realized 0 unrealized 0 fees 0
        892 USD
        ",
    );
}

#[test]
fn of_an_oco_the_greater_counts_whichever_that_is() {
    check(
        "
        nobody
        open alice margin 1000 USD
        a buys 100 EURUSD at 1.05 oco loss s 1.1 by alice
        account alice
        amend a - at 1.09
        account alice
        amend s - stop 1.08
        account alice
        amend s - stop 500
        b sells 40 EURUSD at 1.09
        account alice
        cancel a
        account alice
        c buys 900 EURUSD at 1.1 oco loss t 1.2 by alice
        c buys 900 EURUSD at 1.1 oco loss t 1.05 by alice
        ",
        "
        1 0 - opened alice
        2 1 a accepted
        3 2 s accepted
        4 2 a arrived, rests
        5 2 s arrived, rests
        equity 1000 exposure 0 power 890
        realized 0 unrealized 0 fees 0
        1000 USD
        6 2 a amended, goes to the end
        equity 1000 exposure 0 power 890
        realized 0 unrealized 0 fees 0
        1000 USD
        7 2 s amended
        equity 1000 exposure 0 power 891
        realized 0 unrealized 0 fees 0
        1000 USD
        ! Faulty([PriceRange(Stop)])
        8 3 b accepted
        9 3 b arrived
        10 4 b filled 40 at 1.09 taker of 10, all
        11 4 a filled 40 at 1.09 maker of 10, rests
        12 4 s amended
        equity 1000 exposure 43.6 power 891
        realized 0 unrealized 0 fees 0
        956.4 USD
        13 5 a cancelled
        14 6 s ended Group
        equity 1000 exposure 43.6 power 956.4
        realized 0 unrealized 0 fees 0
        956.4 USD
        ! InsufficientBuyingPower
        ! InsufficientBuyingPower
        ",
    );
}

#[test]
fn an_account_that_borrows_nothing_sells_with_two_legs_what_it_has_once() {
    check(
        "
        nobody
        open carol spot 1000 USD
        x sells 5 BTC/USD at 100
        a buys 5 BTC/USD at 100 bracket profit p 120 loss s 90 by carol
        account carol
        b sells 1 BTC/USD at 130 by carol
        y buys 2 BTC/USD at 120
        account carol
        cancel p
        b sells 3 BTC/USD at 130 by carol
        account carol
        ",
        "
        1 0 - opened carol
        2 1 x accepted
        3 1 x arrived, rests
        4 2 a accepted
        5 3 p accepted
        6 4 s accepted
        7 4 a arrived
        8 5 a filled 5 at 100 taker of 8, all
        9 6 x filled 5 at 100 maker of 8, all
        10 6 p arrived, rests
        11 6 s arrived, rests
        equity 1000 exposure 500 power 500
        realized 0 unrealized 0 fees 0
        5 BTC locked 5; 500 USD
        ! InsufficientBuyingPower
        12 7 y accepted
        13 7 y arrived
        14 8 y filled 2 at 120 taker of 14, all
        15 8 p filled 2 at 120 maker of 14, rests
        16 8 s amended
        equity 1100 exposure 360 power 740
        realized 40 unrealized 60 fees 0
        3 BTC locked 3; 740 USD
        17 9 p cancelled
        18 10 s ended Group
        19 11 b accepted
        20 11 b arrived, rests
        equity 1100 exposure 360 power 740
        realized 40 unrealized 60 fees 0
        3 BTC locked 3; 740 USD
        ",
    );
}

#[test]
fn what_an_account_cannot_pay_of_a_leg_ends_its_group() {
    check(
        "
        fees 0 0
        open bob spot 1000 USD
        a buys 100 EURUSD at 1 oco loss s 2 by bob
        transfer bob -800 USD
        y sells 5 EURUSD at 1.9
        x sells 200 EURUSD at 3
        z buys 5 EURUSD at 1.95
        order a
        order s
        account bob
        ",
        "
        1 0 - opened bob
        2 1 a accepted
        3 2 s accepted
        4 2 a arrived, rests
        5 2 s arrived, rests
        6 2 - transferred -800 USD
        7 3 y accepted
        8 3 y arrived, rests
        9 4 x accepted
        10 4 x arrived, rests
        11 5 z accepted
        12 5 z arrived
        13 6 z filled 5 at 1.9 taker of 13, all
        14 7 y filled 5 at 1.9 maker of 13, all
        15 7 s triggered
        16 7 s filled 66 at 3 taker of 16
        17 7 x filled 66 at 3 maker of 16, rests
        18 8 s ended InsufficientBuyingPower
        19 9 a ended Group
        100 canceled at 1 0 of 100 for 0
        100 canceled stop 2 66 of 100 for 198
        equity 200 exposure 198 power 2
        realized 0 unrealized 0 fees 0
        66 EUR; 2 USD
        ",
    );
}

#[test]
fn two_that_would_close_the_same_count_once_in_what_is_available() {
    check(
        "
        quote EURUSD 1.05 1.06
        a buys 10 EURUSD bracket profit p 1.09 loss s 1.06/1.08
        b buys 10 EURUSD
        book EURUSD
        holds default EURUSD
        ",
        "
        1 0 - quoted 1.05000 1.06000
        2 1 a accepted
        3 2 p accepted
        4 3 s accepted
        5 3 a arrived
        6 4 a filled 10 at 1.06 taker of 6, all
        7 4 p arrived, rests
        8 4 s arrived, rests
        9 4 s triggered, rests
        10 5 b accepted
        12 6 b bought at 1.06
        Sell 1.09 10 in 1
        Sell 1.08 10 in 1
        20 lots, 10 available, cost 21.2 value 21.1 realized 0 unrealized -0.1
        ",
    );
}

#[test]
fn a_market_parent_that_asks_for_no_more_than_a_native_order_is_none() {
    check(
        "
        nobody
        a buys 10 EURUSD bracket profit p 1.09 loss s 1.07
        order a
        order p
        ",
        "
        1 1 a accepted
        2 2 p accepted
        3 3 s accepted
        4 3 a arrived
        5 4 a ended NoLiquidity
        6 5 p ended Group
        7 6 s ended Group
        10 canceled 0 of 10 for 0
        10 canceled at 1.09 0 of 10 for 0
        ",
    );
}
