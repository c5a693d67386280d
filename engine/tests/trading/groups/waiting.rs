//! Legs that wait for their parent.

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
fn a_leg_whose_time_is_over_where_its_parent_ends_ends_the_other_too() {
    check(
        "
        nobody
        f buys 3 EURUSD fok delay 90
        a sells 9 EURUSD at 1.08 day delay 16 bracket profit p 1.07 loss s 1.09
        amend s - stop 1.085 gtc
        at 172800000000
        order a
        order p
        order s
        due
        ",
        "
        1 1 f accepted
        2 2 a accepted
        3 3 p accepted
        4 4 s accepted
        5 4 s amended
        6 4 a arrived, rests
        7 4 f arrived
        8 5 f filled 3 at 1.08 taker of 8, all
        9 5 a filled 3 at 1.08 maker of 8, rests
        10 6 a ended Expired
        11 7 p ended Expired
        12 8 s ended Group
        9 expired at 1.08 3 of 9 for 3.24
        9 expired at 1.07 0 of 9 for 0
        9 canceled stop 1.085 0 of 9 for 0
        next due nothing
        ",
    );
}
