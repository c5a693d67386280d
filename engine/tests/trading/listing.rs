//! Instruments that are listed and changed, each case a sentence of the contract.

use crate::door::check;

#[test]
fn an_instrument_is_listed_once_and_is_traded_from_then_on() {
    check(
        "
        list ACME
        list ACME
        a buys 5 ACME at 100.01
        ",
        "
        1 0 - listed ACME
        ! AlreadyListed
        2 1 a accepted
        3 1 a arrived
        4 2 a filled 5 at 100.01 taker of 4, all
        ",
    );
}

#[test]
fn fees_hold_for_what_trades_from_then_on_and_what_is_so_already_is_no_change() {
    check(
        "
        nobody
        a sells 10 EURUSD at 1
        b buys 5 EURUSD at 1
        costs EURUSD 0.001 0.002
        costs EURUSD 0.001 0.002
        c buys 5 EURUSD at 1
        costs EURUSD 0 1.5
        costs NOBODY 0 0
        ",
        "
        1 1 a accepted
        2 1 a arrived, rests
        3 2 b accepted
        4 2 b arrived
        5 3 b filled 5 at 1 taker of 5, all
        6 3 a filled 5 at 1 maker of 5, rests
        7 3 - open fees 0.001 0.002
        8 4 c accepted
        9 4 c arrived
        10 5 c filled 5 at 1 taker of 10 fee 0.01, all
        11 6 a filled 5 at 1 maker of 10 fee 0.005, all
        ! FaultyListing([Fee])
        ! UnknownSymbol
        ",
    );
}

#[test]
fn what_is_open_counts_from_when_an_instrument_is_sold_by_whoever_has_it() {
    check(
        "
        nobody
        a buys 10 AAPL at 200
        b sells 10 AAPL at 200
        c sells 4 AAPL at 300
        short AAPL no
        d sells 7 AAPL at 300
        ",
        "
        1 1 a accepted
        2 1 a arrived, rests
        3 2 b accepted
        4 2 b arrived
        5 3 b filled 10 at 200 taker of 5, all
        6 4 a filled 10 at 200 maker of 5, all
        7 5 c accepted
        8 5 c arrived, rests
        9 5 - open fees 0 0, sold by whoever has it
        ! ShortNotAllowed
        ",
    );
}

#[test]
fn of_the_account_without_a_limit_too_as_far_as_it_is_open_and_no_longer_once_anybody_may_sell() {
    check(
        "
        nobody
        open alice margin 10000 USD
        a buys 10 AAPL at 200
        b sells 10 AAPL at 200 by alice
        c sells 4 AAPL at 300
        d sells 3 AAPL at 310 delay 100
        short AAPL no
        e sells 4 AAPL at 300
        cancel d
        f sells 6 AAPL at 300
        short AAPL yes
        g sells 5 AAPL at 300
        cancel c
        cancel f
        ",
        "
        1 0 - opened alice
        2 1 a accepted
        3 1 a arrived, rests
        4 2 b accepted
        5 2 b arrived
        6 3 b filled 10 at 200 taker of 6, all
        7 4 a filled 10 at 200 maker of 6, all
        8 5 c accepted
        9 5 c arrived, rests
        10 6 d accepted
        11 6 - open fees 0 0, sold by whoever has it
        ! ShortNotAllowed
        12 7 d cancelled
        13 8 f accepted
        14 8 f arrived, rests
        15 8 - open fees 0 0
        16 9 g accepted
        17 9 g arrived, rests
        18 10 c cancelled
        19 11 f cancelled
        ",
    );
}
