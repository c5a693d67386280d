//! Cases of orders that say a sum in place of a quantity, each a sentence of the contract.

use crate::door::check;

#[test]
fn whole_lots_are_bought_up_to_the_sum() {
    check(
        "
        a spends 100 EURUSD
        order a
        b raises 100 EURUSD
        order b
        c spends 2.17002 EURUSD    # two to the last digit
        ",
        "
        1 1 a accepted
        2 1 a arrived
        3 2 a filled 92 at 1.08501 taker of 3, all
        92 filled 92 of 92 for 99.82092
        4 3 b accepted
        5 3 b arrived
        6 4 b filled 92 at 1.08499 taker of 6, all
        92 filled 92 of 92 for 99.81908
        7 5 c accepted
        8 5 c arrived
        9 6 c filled 2 at 1.08501 taker of 9, all
        ",
    );
}

#[test]
fn the_quote_of_its_acceptance_tells_the_quantity_and_that_of_its_arrival_what_it_buys() {
    check(
        "
        a spends 100 EURUSD delay 50
        order a
        quote EURUSD 0.40 0.50
        at 50
        order a
        ",
        "
        1 1 a accepted
        92 accepted 0 of 92 for 0
        2 1 - quoted 0.40000 0.50000
        3 1 a arrived
        4 2 a filled 200 at 0.5 taker of 4, all
        92 filled 200 of 200 for 100
        ",
    );
}

#[test]
fn each_price_takes_its_part_of_the_sum() {
    check(
        "
        nobody
        a sells 10 EURUSD at 1.08
        b sells 10 EURUSD at 1.1
        c spends 20 EURUSD
        order c
        ",
        "
        1 1 a accepted
        2 1 a arrived, rests
        3 2 b accepted
        4 2 b arrived, rests
        5 3 c accepted
        6 3 c arrived
        7 3 c filled 10 at 1.08 taker of 7
        8 4 a filled 10 at 1.08 maker of 7, all
        9 5 c filled 8 at 1.1 taker of 9, all
        10 5 b filled 8 at 1.1 maker of 9, rests
        18 filled 18 of 18 for 19.6
        ",
    );
}

#[test]
fn what_buys_nothing_is_cancelled_and_fok_is_where_not_all_of_the_sum_can_be_spent() {
    check(
        "
        nobody
        a sells 10 EURUSD at 2
        b spends 1.99 EURUSD
        c spends 1.99 EURUSD ioc
        d spends 30 EURUSD fok
        e spends 21 EURUSD fok
        f spends 5 EURUSD
        ",
        "
        1 1 a accepted
        2 1 a arrived, rests
        3 2 b accepted
        4 2 b arrived
        5 3 b ended NoLiquidity
        6 4 c accepted
        7 4 c arrived
        8 5 c ended ImmediateOrCancel
        9 6 d accepted
        10 6 d arrived
        11 7 d ended FillOrKill
        12 8 e accepted
        13 8 e arrived
        14 9 e filled 10 at 2 taker of 14, all
        15 10 a filled 10 at 2 maker of 14, all
        16 11 f accepted
        17 11 f arrived
        18 12 f ended NoLiquidity
        ",
    );
}

#[test]
fn what_there_is_of_it_is_bought_where_less_is_offered_than_the_sum_would_buy() {
    check(
        "
        nobody
        a sells 10 EURUSD at 2
        b spends 30 EURUSD
        order b
        ",
        "
        1 1 a accepted
        2 1 a arrived, rests
        3 2 b accepted
        4 2 b arrived
        5 3 b filled 10 at 2 taker of 5, all
        6 4 a filled 10 at 2 maker of 5, all
        15 filled 10 of 10 for 20
        ",
    );
}

#[test]
fn one_that_meets_its_own_account_is_cancelled_for_the_rest() {
    check(
        "
        nobody
        open alice margin 1000 USD
        a sells 5 EURUSD at 1
        b sells 5 EURUSD at 2 by alice
        c spends 20 EURUSD by alice
        order c
        ",
        "
        1 0 - opened alice
        2 1 a accepted
        3 1 a arrived, rests
        4 2 b accepted
        5 2 b arrived, rests
        6 3 c accepted
        7 3 c arrived
        8 3 c filled 5 at 1 taker of 8
        9 4 a filled 5 at 1 maker of 8, all
        10 5 c ended SelfTrade
        20 canceled 5 of 10 for 5
        ",
    );
}

#[test]
fn its_quantity_cannot_be_amended_and_one_in_its_place_has_its_sum() {
    check(
        "
        a spends 100 EURUSD delay 50
        amend a 5
        amend a - day
        replace a b 5
        replace a b -
        order b
        ",
        "
        1 1 a accepted
        ! Faulty([Notional])
        2 1 a amended
        ! Faulty([Notional])
        3 2 a replaced by b
        4 3 b accepted
        5 3 b arrived
        6 4 b filled 92 at 1.08501 taker of 6, all
        92 filled 92 of 92 for 99.82092
        ",
    );
}

#[test]
fn only_a_market_order_says_a_sum_and_never_more_than_is_counted() {
    check(
        "
        a spends 100 EURUSD at 1.08
        a spends 100 EURUSD stop 1.08
        a spends 100 NOBODY
        a spends 100000000000000000000 EURUSD
        ",
        "
        ! Faulty([Notional])
        ! Faulty([Notional])
        ! UnknownSymbol
        ! OutOfRange
        ",
    );
}
