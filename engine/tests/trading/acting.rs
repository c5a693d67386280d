//! What is made to happen to an order, by hand.

use crate::door::check;

#[test]
fn a_native_order_waits_for_an_act_and_executes_whole_by_that() {
    check(
        "
        a native 5 EURUSD delay 100
        act a hold
        act a hold
        due
        at 1000
        act a release
        order a
        b native 5 EURUSD delay 100
        at 1050
        act b arrive
        order b
        cash USD
        ",
        "
        1 1 a accepted
        2 1 a waits for an act
        next due nothing
        3 1 a arrives at 1000
        4 1 a arrived
        5 2 a filled 5 at 1.08501 taker of 5, all
        5 filled 5 of 5 for 5.42505
        6 3 b accepted
        7 3 b arrives at 1050
        8 3 b arrived
        9 4 b filled 5 at 1.08501 taker of 9, all
        5 filled 5 of 5 for 5.42505
        default -10.8501
        house 10.8501
        ",
    );
}

#[test]
fn an_order_that_rests_is_filled_by_the_house_in_parts_and_at_a_better_price() {
    check(
        "
        nobody
        a buys 10 EURUSD at 1.08
        b buys 10 EURUSD at 1.08
        act b fill 4 at 1.07
        act b fill -
        order b
        book EURUSD
        act a fill 11
        act a fill 0.5
        act a fill 1 at 1.08001
        act a fill 1 at 1.079995
        act a fill 11 at 1000
        cash USD
        position EURUSD
        ",
        "
        1 1 a accepted
        2 1 a arrived, rests
        3 2 b accepted
        4 2 b arrived, rests
        5 2 b filled 4 at 1.07 maker of 5, rests
        6 3 b filled 6 at 1.08 maker of 6, all
        10 filled at 1.08 10 of 10 for 10.76
        Buy 1.08 10 in 1
        ! Faulty([QuantityLeft])
        ! Faulty([QuantityLot])
        ! Faulty([PriceBeyond])
        ! Faulty([PriceTick(Fill)])
        ! Faulty([QuantityLeft, PriceRange(Fill)])
        default -10.76
        house 10.76
        default 10 lots cost 10.76 realized 0
        house -10 lots cost -10.76 realized 0
        ",
    );
}

#[test]
fn what_the_state_of_an_order_does_not_allow_does_not_happen() {
    check(
        "
        nobody
        a buys 1 EURUSD at 1 delay 9
        act a fill -
        act a release
        at 9
        act a arrive
        act a hold
        act a reject
        b buys 1 EURUSD stop 2
        act b fill -
        c buys 1 EURUSD at 1 bracket profit p 2 loss s 0.5
        act p arrive
        act p fill -
        act c expire
        act c cancel
        ",
        "
        1 1 a accepted
        ! Hindered(NotArrived)
        ! Hindered(NotOnHold)
        2 1 a arrived, rests
        ! Hindered(HasArrived)
        ! Hindered(HasArrived)
        ! Hindered(HasArrived)
        3 2 b accepted
        4 2 b arrived, rests
        ! Hindered(WaitsForPrice)
        5 3 c accepted
        6 4 p accepted
        7 5 s accepted
        8 5 c arrived, rests
        ! Hindered(WaitsForParent)
        ! Hindered(WaitsForParent)
        9 6 c ended by hand Expired
        10 7 p ended Group
        11 8 s ended Group
        ! OrderClosed
        ",
    );
}

#[test]
fn while_nothing_trades_what_is_let_arrive_waits_outside_and_a_native_order_executes() {
    check(
        "
        nobody
        a buys 1 EURUSD at 1
        status EURUSD halted
        act a fill -
        d buys 1 EURUSD at 1 delay 9
        act d arrive
        order d
        act d arrive
        act d reject too late
        order d
        e native 1 EURUSD delay 9
        act e hold
        act e arrive
        order e
        f buys 1 EURUSD at 1 delay 9
        act f hold
        status EURUSD open
        act f release
        ",
        "
        1 1 a accepted
        2 1 a arrived, rests
        3 1 - halted fees 0 0
        ! Hindered(NotTrading)
        4 2 d accepted
        5 2 d arrives at 0
        1 accepted at 1 0 of 1 for 0
        ! Hindered(HasArrived)
        6 3 d ended by hand Refused: too late
        1 rejected at 1 0 of 1 for 0
        7 4 e accepted
        8 4 e waits for an act
        9 4 e arrives at 0
        10 4 e arrived
        11 5 e filled 1 at 1.085 taker of 11, all
        1 filled 1 of 1 for 1.085
        12 6 f accepted
        13 6 f waits for an act
        14 6 - open fees 0 0
        15 6 f arrives at 0
        16 6 f arrived, rests
        ",
    );
}

#[test]
fn what_one_of_two_is_filled_by_hand_the_other_loses_and_both_end_by_hand() {
    check(
        "
        nobody
        a sells 10 EURUSD at 1.2 oco loss s 1.0
        act a fill 4
        order s
        act s cancel
        order a
        b buys 10 EURUSD at 1.1 bracket profit p 1.3 loss t 1.0 delay 5
        act b arrive
        act b fill 6
        act b expire
        order p
        order t
        c buys 10 EURUSD at 1.1 bracket profit q 1.3 loss u 1.0 delay 5
        act c reject no margin
        order q
        ",
        "
        1 1 a accepted
        2 2 s accepted
        3 2 a arrived, rests
        4 2 s arrived, rests
        5 2 a filled 4 at 1.2 maker of 5, rests
        6 2 s amended
        6 new stop 1 0 of 6 for 0
        7 3 s ended by hand Script
        8 4 a ended Group
        10 canceled at 1.2 4 of 10 for 4.8
        9 5 b accepted
        10 6 p accepted
        11 7 t accepted
        12 7 b arrives at 0
        13 7 b arrived, rests
        14 7 b filled 6 at 1.1 maker of 14, rests
        15 8 b ended by hand Expired
        16 8 p amended
        17 8 t amended
        18 8 p arrived, rests
        19 8 t arrived, rests
        6 new at 1.3 0 of 6 for 0
        6 new stop 1 0 of 6 for 0
        20 9 c accepted
        21 10 q accepted
        22 11 u accepted
        23 12 c ended by hand Refused: no margin
        24 13 q ended Group
        25 14 u ended Group
        10 canceled at 1.3 0 of 10 for 0
        ",
    );
}

#[test]
fn a_day_order_expires_though_it_is_held_and_one_that_is_held_is_amended() {
    check(
        "
        nobody
        a buys 1 EURUSD at 1 day delay 9
        b buys 1 EURUSD at 1 delay 9
        act a hold
        act b hold
        amend b 3 at 2
        due
        at 86400000000
        act b release
        order b
        ",
        "
        1 1 a accepted
        2 2 b accepted
        3 2 a waits for an act
        4 2 b waits for an act
        5 2 b amended
        next due 86400000000
        6 3 a ended Expired
        7 3 b arrives at 86400000000
        8 3 b arrived, rests
        3 new at 2 0 of 3 for 0
        ",
    );
}

#[test]
fn an_account_pays_for_what_is_filled_by_hand_and_the_quote_by_hand_stays_where_that_is_beside_it() {
    check(
        "
        quote EURUSD 1.08 1.09 100 100
        open alice spot 50 USD
        a buys 10 EURUSD at 1.08 by alice
        account alice
        act a fill 4 at 1.07
        account alice
        b buys 100 EURUSD
        order b
        act a fill -
        account alice
        ",
        "
        1 0 - quoted 1.08000 1.09000
        2 0 - opened alice
        3 1 a accepted
        4 1 a arrived, rests
        equity 50 exposure 0 power 39.2
        realized 0 unrealized 0 fees 0
        50 USD locked 10.8
        5 1 a filled 4 at 1.07 maker of 5, rests
        equity 50.06 exposure 4.34 power 39.24
        realized 0 unrealized 0.06 fees 0
        4 EUR; 45.72 USD locked 6.48
        6 2 b accepted
        8 3 b bought at 1.09
        100 filled
        9 4 a filled 6 at 1.08 maker of 9, all
        equity 50.04 exposure 10.8 power 39.24
        realized 0 unrealized 0.04 fees 0
        10 EUR; 39.24 USD
        ",
    );
}
