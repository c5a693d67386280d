//! What a group may ask for: as it is placed, amended, replaced.

use crate::door::check;

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
        ",
    );
}

#[test]
fn whoever_takes_a_legs_place_loses_what_the_other_fills() {
    check(
        "
        nobody
        a sells 10 EURUSD at 1.1 oco loss s 1.07
        replace s t - stop 1.06
        d buys 4 EURUSD at 1.1
        order a
        order t
        cancel t
        order a
        ",
        "
        1 1 a accepted
        2 2 s accepted
        3 2 a arrived, rests
        4 2 s arrived, rests
        5 3 s replaced by t
        6 4 t accepted
        7 4 t arrived, rests
        8 5 d accepted
        9 5 d arrived
        10 6 d filled 4 at 1.1 taker of 10, all
        11 6 a filled 4 at 1.1 maker of 10, rests
        12 6 t amended
        10 partially_filled at 1.1 4 of 10 for 4.4
        6 new stop 1.06 0 of 6 for 0
        13 7 t cancelled
        14 8 a ended Group
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
