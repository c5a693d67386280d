//! Cases of trading, each a sentence of the contract.

use crate::door::check;

#[test]
fn a_native_order_buys_all_from_the_house_and_that_is_two_changes() {
    check(
        "
        a native 5 EURUSD
        order a
        cash USD
        position EURUSD
        b native 1 NOBODYKNOWS
        ",
        "
        1 1 a accepted
        3 2 a bought at 1.08501
        5 filled
        default -5.42505
        house 5.42505
        default 5 lots cost 5.42505 realized 0
        house -5 lots cost -5.42505 realized 0
        4 2 - listed NOBODYKNOWS
        5 3 b accepted
        7 4 b bought at 100.01
        ",
    );
}

#[test]
fn a_limit_order_rests_and_another_trades_with_it_at_its_price() {
    check(
        "
        a buys 100 EURUSD at 1.085
        b sells 30 EURUSD at 1.084
        order a
        order b
        book EURUSD
        c sells 100 EURUSD at 1.0845
        order a
        order c
        book EURUSD
        ",
        "
        1 1 a accepted
        2 1 a arrived, rests
        3 2 b accepted
        4 2 b arrived
        5 3 b filled 30 at 1.085 taker of 5, all
        6 3 a filled 30 at 1.085 maker of 5, rests
        100 partially_filled at 1.085 30 of 100 for 32.55
        30 filled at 1.084 30 of 30 for 32.55
        Buy 1.085 70 in 1
        7 4 c accepted
        8 4 c arrived
        9 4 c filled 70 at 1.085 taker of 9
        10 5 a filled 70 at 1.085 maker of 9, all
        11 6 c filled 30 at 1.08499 taker of 11, all
        100 filled at 1.085 100 of 100 for 108.5
        100 filled at 1.0845 100 of 100 for 108.4997
        ",
    );
}

#[test]
fn at_one_price_clients_come_before_the_house_and_the_first_of_them_first() {
    check(
        "
        a sells 10 EURUSD at 1.08501
        b sells 10 EURUSD at 1.08501
        c native 25 EURUSD
        order a
        order b
        order c
        cash USD
        ",
        "
        1 1 a accepted
        2 1 a arrived, rests
        3 2 b accepted
        4 2 b arrived, rests
        5 3 c accepted
        6 3 c arrived
        7 3 c filled 10 at 1.08501 taker of 7
        8 4 a filled 10 at 1.08501 maker of 7, all
        9 4 c filled 10 at 1.08501 taker of 9
        10 5 b filled 10 at 1.08501 maker of 9, all
        11 6 c filled 5 at 1.08501 taker of 11, all
        10 filled at 1.08501 10 of 10 for 10.8501
        10 filled at 1.08501 10 of 10 for 10.8501
        25 filled 25 of 25 for 27.12525
        default -5.42505
        house 5.42505
        ",
    );
}

#[test]
fn what_is_to_trade_at_once_or_whole_ends_otherwise() {
    check(
        "
        nobody
        a sells 5 EURUSD at 1.1
        b buys 8 EURUSD at 1.1 fok
        c buys 8 EURUSD at 1.1 ioc
        d buys 8 EURUSD
        e sells 8 EURUSD at 1.2 post
        f buys 3 EURUSD at 1.2 post
        g buys 8 EURUSD at 1.3 fok
        order b
        order c
        order d
        order f
        order g
        ",
        "
        1 1 a accepted
        2 1 a arrived, rests
        3 2 b accepted
        4 2 b arrived
        5 3 b ended FillOrKill
        6 4 c accepted
        7 4 c arrived
        8 4 c filled 5 at 1.1 taker of 8
        9 5 a filled 5 at 1.1 maker of 8, all
        10 6 c ended ImmediateOrCancel
        11 7 d accepted
        13 8 d bought at 1.085
        14 9 e accepted
        15 9 e arrived, rests
        16 10 f accepted
        17 10 f arrived
        18 11 f ended PostOnly
        19 12 g accepted
        20 12 g arrived
        21 13 g filled 8 at 1.2 taker of 21, all
        22 14 e filled 8 at 1.2 maker of 21, all
        8 canceled at 1.1 0 of 8 for 0
        8 canceled at 1.1 5 of 8 for 5.5
        8 filled
        3 rejected at 1.2 0 of 3 for 0
        8 filled at 1.3 8 of 8 for 9.6
        ",
    );
}

#[test]
fn without_a_house_a_market_order_ends_and_a_native_one_trades_at_the_reference_price() {
    check(
        "
        nobody
        a sells 2 EURUSD
        b sells 5 EURUSD at 1.1
        c native 7 EURUSD
        d native 7 EURUSD
        ",
        "
        1 1 a accepted
        2 1 a arrived
        3 2 a ended NoLiquidity
        4 3 b accepted
        5 3 b arrived, rests
        6 4 c accepted
        7 4 c arrived
        8 4 c filled 5 at 1.1 taker of 8
        9 5 b filled 5 at 1.1 maker of 8, all
        10 6 c filled 2 at 1.085 taker of 10, all
        11 7 d accepted
        13 8 d bought at 1.085
        ",
    );
}

#[test]
fn a_delay_is_the_way_to_the_exchange_and_who_comes_first_stands_first() {
    check(
        "
        a buys 5 EURUSD at 1.08 delay 90
        b buys 5 EURUSD at 1.08 delay 10
        at 10
        at 89
        order a
        at 90
        c sells 5 EURUSD at 1.08
        order a
        order b
        ",
        "
        1 1 a accepted
        2 2 b accepted
        3 2 b arrived, rests
        5 accepted at 1.08 0 of 5 for 0
        4 2 a arrived, rests
        5 3 c accepted
        6 3 c arrived
        7 4 c filled 5 at 1.08499 taker of 7, all
        5 new at 1.08 0 of 5 for 0
        5 new at 1.08 0 of 5 for 0
        ",
    );
}

#[test]
fn a_cancelled_order_leaves_the_book_and_one_of_a_day_its_time() {
    check(
        "
        a buys 5 EURUSD at 1.08
        b buys 7 EURUSD at 1.08 day
        c buys 7 EURUSD at 1.08 day delay 86400000000
        cancel a
        cancel a
        book EURUSD
        at 86399999999
        at 86400000000
        book EURUSD
        order b
        order c
        ",
        "
        1 1 a accepted
        2 1 a arrived, rests
        3 2 b accepted
        4 2 b arrived, rests
        5 3 c accepted
        6 4 a cancelled
        Buy 1.08 7 in 1
        7 5 b ended Expired
        8 6 c ended Expired
        7 expired at 1.08 0 of 7 for 0
        7 expired at 1.08 0 of 7 for 0
        ",
    );
}

#[test]
fn what_the_instrument_does_not_allow_is_told_all_at_once() {
    check(
        "
        a buys 1.5 EURUSD at 1.085001
        b buys 1.5 EURUSD at 200
        c buys 2000000000 EURUSD at 1.08
        d sells 0.00000001 BTC/USD at 65000.01
        e sells 0.000000001 BTC/USD
        f buys 1 NOBODY at 7
        g buys 5 EURUSD
        ",
        "
        ! Faulty([QuantityLot, PriceTick(Limit)])
        ! Faulty([QuantityLot, PriceRange(Limit)])
        ! Faulty([QuantityRange])
        1 1 d accepted
        2 1 d arrived, rests
        ! Faulty([QuantityLot])
        ! UnknownSymbol
        3 2 g accepted
        5 3 g bought at 1.08501
        ",
    );
}

#[test]
fn what_all_could_come_to_stays_within_what_is_counted() {
    // Each could come to 2^53 bitcoins at a hundred times their price.
    let native = |name: u32| format!("o{name} native 9007199254740991 BTC/USD delay 5\n");
    let script: String = (0..400).map(native).collect();
    let accepted = (0..).map(|n| format!("{} {} o{n} accepted\n", n + 1, n + 1));
    let fit = 181;
    let refused = "! OutOfRange\n".repeat(400 - fit);
    check(&script, &(accepted.take(fit).collect::<String>() + &refused));
}

#[test]
fn more_trades_than_are_decided_at_a_time_follow_each_other_all_the_same() {
    let sells: String = (0..600).map(|n| format!("s{n} sells 1 EURUSD at 1.08501\n")).collect();
    let mut expected: String = (0..600_u32)
        .map(|n| format!("{} {} s{n} accepted\n{} {} s{n} arrived, rests\n", 2 * n + 1, n + 1, 2 * n + 2, n + 1))
        .collect();
    expected += "1201 601 b accepted\n1202 601 b arrived\n";
    for n in 0..600_u32 {
        let (number, seq) = (1_203 + 2 * n, 601 + n);
        let then = if n == 599 { ", rests" } else { "" };
        expected += &format!("{number} {seq} b filled 1 at 1.08501 taker of {number}{then}\n");
        expected += &format!("{} {} s{n} filled 1 at 1.08501 maker of {number}, all\n", number + 1, seq + 1);
    }
    expected += "700 partially_filled at 1.08501 600 of 700 for 651.006\nBuy 1.08501 100 in 1\n";
    check(&format!("nobody\n{sells}b buys 700 EURUSD at 1.08501\norder b\nbook EURUSD\n"), &expected);
}

#[test]
fn what_an_order_no_longer_waits_for_does_not_come() {
    // Others are due before: so what `a` and `b` waited for is not the first that is due.
    check(
        "
        nobody
        x buys 1 EURUSD at 1.07 delay 50
        a buys 5 EURUSD at 1.08 day
        b buys 7 EURUSD at 1.08 day delay 86400000100
        amend a - gtc
        amend b - gtc
        amend a - day
        amend a - gtc
        at 86400000000
        order a
        order b
        at 86400000100
        order b
        ",
        "
        1 1 x accepted
        2 2 a accepted
        3 2 a arrived, rests
        4 3 b accepted
        5 3 a amended
        6 3 b amended
        7 3 a amended
        8 3 a amended
        9 3 x arrived, rests
        5 new at 1.08 0 of 5 for 0
        7 accepted at 1.08 0 of 7 for 0
        10 3 b arrived, rests
        7 new at 1.08 0 of 7 for 0
        ",
    );
}

#[test]
fn what_came_to_rest_where_the_house_had_nothing_left_meets_its_next_quote() {
    check(
        "at 50
        a buys 1000000000 EURUSD at 1.08501
        # The house has nothing left at that price, for a tenth of a second.
        b buys 5 EURUSD at 1.08501
        c buys 3 EURUSD at 1.08501
        book EURUSD
        at 99999
        at 100000
        order b
        book EURUSD
        position EURUSD",
        "1 1 a accepted
        2 1 a arrived
        3 2 a filled 1000000000 at 1.08501 taker of 3, all
        4 3 b accepted
        5 3 b arrived, rests
        6 4 c accepted
        7 4 c arrived, rests
        Buy 1.08501 8 in 2
        8 5 b filled 5 at 1.08501 maker of 8, all
        9 6 c filled 3 at 1.08501 maker of 9, all
        5 filled at 1.08501 5 of 5 for 5.42505
        default 1000000008 lots cost 1085010008.68008 realized 0
        house -1000000008 lots cost -1085010008.68008 realized 0",
    );
}
