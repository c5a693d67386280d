//! Rows of quotes, each case a sentence of the contract.

use tradepit_engine::{AskedQuote, AskedRow, Command, RowsChanged, Symbol, Time};

use crate::door::{check, number};

/// Bid, ask, and how much there, where that is said.
pub(crate) fn quote(words: &[&str]) -> AskedQuote {
    let size = |place: usize| words.get(place).map(|size| number(size));
    AskedQuote { bid: number(words[0]), ask: number(words[1]), bid_size: size(2), ask_size: size(3) }
}

/// Rows with a bar between: the time of each, and its quote.
pub(crate) fn append(symbol: Symbol, words: &[&str]) -> Command {
    let row = |words: &[&str]| AskedRow { at: Time(words[0].parse().expect("a time")), quote: quote(&words[1..]) };
    Command::AppendRows { symbol, rows: words.split(|word| *word == "|").map(row).collect() }
}

/// What a change of rows says.
pub(crate) fn told(changed: &RowsChanged) -> String {
    changed.rows.as_ref().map_or("rows dropped".to_owned(), |rows| format!("{} rows", rows.len()))
}

#[test]
fn a_row_is_the_quote_from_its_time_on_and_what_rests_meets_it_then() {
    check(
        "
        nobody
        rows EURUSD 100 1.07 1.09 | 250 1.08 1.085
        a buys 5 EURUSD at 1.085
        at 99
        b buys 1 EURUSD ioc
        at 100
        c buys 1 EURUSD ioc
        at 400
        order a
        ",
        "
        1 0 - 2 rows
        2 1 a accepted
        3 1 a arrived, rests
        4 2 b accepted
        5 2 b arrived
        6 3 b ended ImmediateOrCancel
        7 4 c accepted
        8 4 c arrived
        9 5 c filled 1 at 1.09 taker of 9, all
        10 6 a filled 5 at 1.085 maker of 10, all
        5 filled at 1.085 5 of 5 for 5.425
        ",
    );
}

#[test]
fn what_is_taken_of_a_row_is_gone_until_the_next() {
    check(
        "
        nobody
        rows EURUSD 100 1.07 1.09 10 10 | 1000000 1.07 1.09 10 10
        at 100
        a buys 8 EURUSD at 1.09
        b buys 8 EURUSD at 1.09
        at 900000
        order b
        at 1000000
        order b
        ",
        "
        1 0 - 2 rows
        2 1 a accepted
        3 1 a arrived
        4 2 a filled 8 at 1.09 taker of 4, all
        5 3 b accepted
        6 3 b arrived
        7 3 b filled 2 at 1.09 taker of 7, rests
        8 partially_filled at 1.09 2 of 8 for 2.18
        8 4 b filled 6 at 1.09 maker of 8, all
        8 filled at 1.09 8 of 8 for 8.72
        ",
    );
}

#[test]
fn stops_are_triggered_at_the_row_that_reaches_them_however_late_anybody_looks() {
    check(
        "
        nobody
        rows EURUSD 1 1.07 1.08 | 50 1.09 1.10 | 60 1.06 1.07
        at 2
        a buys 5 EURUSD stop 1.1
        b sells 5 EURUSD trail 0.01
        at 1000
        order a
        order b
        ",
        "
        1 0 - 3 rows
        2 1 a accepted
        3 1 a arrived, rests
        4 2 b accepted
        5 2 b arrived, rests
        5 2 b follows to 1.07
        5 2 b follows to 1.09
        6 2 a triggered
        7 3 a filled 5 at 1.1 taker of 7, all
        8 3 b triggered
        9 4 b filled 5 at 1.06 taker of 9, all
        5 filled stop 1.1 5 of 5 for 5.5
        5 filled behind 1.09 5 of 5 for 5.3
        ",
    );
}

#[test]
fn rows_are_refused_whole_and_each_fault_has_its_place() {
    check(
        "
        rows EURUSD 10 1.07 1.09 | 10 1.09 1.07 | 20 1.070001 1.09 0.5 1
        rows NOPE 10 1 2
        rows EURUSD 10 1.07 1.09
        rows EURUSD 10 1.07 1.09
        unrow EURUSD
        unrow EURUSD
        rows EURUSD 10 1.07 1.09
        ",
        "
        ! FaultyRows([(1, NotRising), (1, Quote(Crossed)), (2, Quote(PriceTick(Buy))), (2, Quote(SizeLot(Buy)))])
        ! UnknownSymbol
        1 0 - 1 rows
        ! FaultyRows([(0, NotRising)])
        2 0 - rows dropped
        3 0 - 1 rows
        ",
    );
}

#[test]
fn a_quote_by_hand_stands_before_rows_and_dropping_them_brings_back_the_rule() {
    check(
        "
        rows EURUSD 10 1.07 1.09
        at 20
        quote EURUSD 1.2 1.3
        a buys 1 EURUSD ioc
        unquote EURUSD
        b buys 1 EURUSD ioc
        unrow EURUSD
        c buys 1 EURUSD ioc
        ",
        "
        1 0 - 1 rows
        2 0 - quoted 1.20000 1.30000
        3 1 a accepted
        4 1 a arrived
        5 2 a filled 1 at 1.3 taker of 5, all
        6 2 - quoted by rule
        7 3 b accepted
        8 3 b arrived
        9 4 b filled 1 at 1.09 taker of 9, all
        10 4 - rows dropped
        11 5 c accepted
        12 5 c arrived
        13 6 c filled 1 at 1.08501 taker of 13, all
        ",
    );
}
