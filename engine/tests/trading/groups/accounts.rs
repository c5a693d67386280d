//! What groups count in accounts.

use crate::door::check;

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
