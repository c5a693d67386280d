//! Cases of what accounts can pay.

use crate::door::check;

#[test]
fn open_orders_take_of_buying_power_at_their_limit_or_a_twentieth_above_the_far_quote() {
    check(
        "
        open alice margin 1000 USD
        a buys 4 AAPL at 229 by alice
        account alice
        b buys 0.5 AAPL at 168 by alice
        account alice
        c buys 0.000000001 AAPL at 229 by alice
        cancel a
        cancel b
        d buys 4 AAPL delay 5 by alice
        account alice
        at 5
        account alice
        ",
        "
        1 0 - opened alice
        2 1 a accepted
        3 1 a arrived, rests
        equity 1000 exposure 0 power 84
        realized 0 unrealized 0 fees 0
        1000 USD
        4 2 b accepted
        5 2 b arrived, rests
        equity 1000 exposure 0 power 0
        realized 0 unrealized 0 fees 0
        1000 USD
        ! InsufficientBuyingPower
        6 3 a cancelled
        7 4 b cancelled
        8 5 d accepted
        equity 1000 exposure 0 power 33.958
        realized 0 unrealized 0 fees 0
        1000 USD
        9 5 d arrived
        10 6 d filled 4 at 230.01 taker of 10, all
        equity 999.96 exposure 920 power 79.96
        realized 0 unrealized -0.04 fees 0
        79.96 USD
        ",
    );
}

#[test]
fn what_a_taker_cannot_pay_on_the_way_is_cancelled() {
    check(
        "
        nobody
        open alice margin 1000 USD
        a sells 2 AAPL at 230
        b sells 10 AAPL at 400
        c buys 4 AAPL by alice
        account alice
        d buys 1 AAPL at 400 fok by alice
        holds alice AAPL
        ",
        "
        1 0 - opened alice
        2 1 a accepted
        3 1 a arrived, rests
        4 2 b accepted
        5 2 b arrived, rests
        6 3 c accepted
        7 3 c arrived
        8 3 c filled 2 at 230 taker of 8
        9 4 a filled 2 at 230 maker of 8, all
        10 4 c filled 1.35 at 400 taker of 10
        11 4 b filled 1.35 at 400 maker of 10, rests
        12 5 c ended InsufficientBuyingPower
        equity 1340 exposure 1340 power 0
        realized 0 unrealized 340 fees 0
        0 USD
        ! InsufficientBuyingPower
        3350000000 lots, 3350000000 available, cost 1000 value 1340 realized 0 unrealized 340
        ",
    );
}

#[test]
fn all_or_nothing_is_paid_whole_or_not_at_all() {
    check(
        "
        nobody
        open alice margin 1000 USD
        a sells 2 AAPL at 230
        b sells 10 AAPL at 400
        c buys 4 AAPL fok by alice
        d buys 3 AAPL fok by alice
        ",
        "
        1 0 - opened alice
        2 1 a accepted
        3 1 a arrived, rests
        4 2 b accepted
        5 2 b arrived, rests
        6 3 c accepted
        7 3 c arrived
        8 4 c ended InsufficientBuyingPower
        9 5 d accepted
        10 5 d arrived
        11 5 d filled 2 at 230 taker of 11
        12 6 a filled 2 at 230 maker of 11, all
        13 7 d filled 1 at 400 taker of 13, all
        14 7 b filled 1 at 400 maker of 13, rests
        ",
    );
}

#[test]
fn below_zero_only_what_reduces_is_taken() {
    check(
        "
        nobody
        open alice margin 100 USD leverage 2
        a sells 1 AAPL at 200
        b buys 1 AAPL at 200 by alice
        account alice
        c sells 1 AAPL at 150
        d buys 1 AAPL at 150
        account alice
        e buys 1 AAPL at 1 by alice
        f sells 1.5 AAPL at 160 by alice
        g sells 1 AAPL at 160 by alice
        h sells 0.1 AAPL at 160 by alice
        holds alice AAPL
        amend g 1.5
        amend g 0.5 at 170
        holds alice AAPL
        ",
        "
        1 0 - opened alice
        2 1 a accepted
        3 1 a arrived, rests
        4 2 b accepted
        5 2 b arrived
        6 3 b filled 1 at 200 taker of 6, all
        7 4 a filled 1 at 200 maker of 6, all
        equity 100 exposure 200 power 0
        realized 0 unrealized 0 fees 0
        -100 USD
        8 5 c accepted
        9 5 c arrived, rests
        10 6 d accepted
        11 6 d arrived
        12 7 d filled 1 at 150 taker of 12, all
        13 8 c filled 1 at 150 maker of 12, all
        equity 50 exposure 150 power -50
        realized 0 unrealized -50 fees 0
        -100 USD
        ! InsufficientBuyingPower
        ! InsufficientBuyingPower
        14 9 g accepted
        15 9 g arrived, rests
        ! InsufficientBuyingPower
        1000000000 lots, 0 available, cost 200 value 150 realized 0 unrealized -50
        ! InsufficientBuyingPower
        16 9 g amended, goes to the end
        1000000000 lots, 500000000 available, cost 200 value 150 realized 0 unrealized -50
        ",
    );
}

#[test]
fn who_borrows_nothing_pays_with_what_is_free_and_can_spend_what_it_bought() {
    check(
        "
        fees 0.0005 0.001
        open alice spot 1000 USD
        a sells 1 AAPL at 240 by alice
        b buys 4 AAPL at 240 by alice
        account alice
        c buys 1 AAPL at 39.3 by alice
        d sells 2 AAPL at 240
        account alice
        e sells 2.1 AAPL at 250 by alice
        f sells 2 AAPL at 250 by alice
        account alice
        holds alice AAPL
        amend b 4.5
        amend b 3
        account alice
        ",
        "
        1 0 - opened alice
        ! InsufficientBuyingPower
        2 1 b accepted
        3 1 b arrived, rests
        equity 1000 exposure 0 power 39.04
        realized 0 unrealized 0 fees 0
        1000 USD locked 960.96
        ! InsufficientBuyingPower
        4 2 d accepted
        5 2 d arrived
        6 3 d filled 2 at 240 taker of 6 fee 0.48, all
        7 3 b filled 2 at 240 maker of 6 fee 0.24, rests
        equity 999.76 exposure 480 power 39.28
        realized 0 unrealized 0 fees 0.24
        2 AAPL; 519.76 USD locked 480.48
        ! InsufficientBuyingPower
        8 4 f accepted
        9 4 f arrived, rests
        equity 1009.76 exposure 490 power 39.28
        realized 0 unrealized 10 fees 0.24
        2 AAPL locked 2; 519.76 USD locked 480.48
        2000000000 lots, 0 available, cost 480 value 490 realized 0 unrealized 10
        ! InsufficientBuyingPower
        10 4 b amended
        equity 1009.76 exposure 490 power 279.52
        realized 0 unrealized 10 fees 0.24
        2 AAPL locked 2; 519.76 USD locked 240.24
        ",
    );
}

#[test]
fn what_is_sold_by_whoever_has_it_is_sold_by_nobody_else() {
    check(
        "
        fees 0 0
        open alice margin 1000 USD
        a sells 1 OWN at 100 by alice
        b sells 1 OWN at 100
        c native 2 OWN
        d sells 1 OWN at 100
        e sells 1 OWN at 101
        f sells 1 OWN at 102
        amend d 2
        g buys 1 OWN at 100 by alice
        h sells 1 OWN at 100 by alice
        i sells 1 OWN at 100 by alice
        ",
        "
        1 0 - opened alice
        ! ShortNotAllowed
        ! ShortNotAllowed
        2 1 c accepted
        4 2 c bought at 100
        5 3 d accepted
        6 3 d arrived, rests
        7 4 e accepted
        8 4 e arrived, rests
        ! ShortNotAllowed
        ! ShortNotAllowed
        9 5 g accepted
        10 5 g arrived
        11 6 g filled 1 at 100 taker of 11, all
        12 7 d filled 1 at 100 maker of 11, all
        13 8 h accepted
        14 8 h arrived, rests
        ! ShortNotAllowed
        ",
    );
}

#[test]
fn what_is_worth_nothing_in_its_currency_is_not_for_an_account_with_a_limit() {
    check(
        "
        fees 0 0
        open alice margin 1000 XXX in USD
        open alice margin 1000 USD
        a buys 1 ODD at 100 by alice
        transfer alice 1 XXX
        b native 1 ODD
        account default
        ",
        "
        ! AccountFaulty([CashCurrency(XXX)])
        1 0 - opened alice
        ! NoConversion
        ! AccountFaulty([CashCurrency(XXX)])
        2 1 b accepted
        4 2 b bought at 100
        equity - exposure - power -
        realized - unrealized - fees -
        0 USD; -100 XXX
        ",
    );
}

/// From yen to euros at 162.5; from francs at 0.88 to dollars, and from these at 1.085.
#[test]
fn what_is_in_other_currencies_is_told_at_the_mark_of_their_pair_or_over_dollars() {
    check(
        "
        open alice margin 1000 EUR leverage 30
        account alice
        a buys 10000 USDJPY by alice
        account alice
        open bob margin 1000 EUR leverage 30
        b buys 1000 USDCHF by bob
        account bob
        ",
        "
        1 0 - opened alice
        equity 1000 exposure 0 power 30000
        realized 0 unrealized 0 fees 0
        1000 EUR
        2 1 a accepted
        3 1 a arrived
        4 2 a filled 10000 at 150.001 taker of 4, all
        equity 999.938461538462 exposure 9230.769230769231 power 20767.384615384629
        realized 0 unrealized -0.061538461538 fees 0
        1000 EUR; -1500010 JPY
        5 2 - opened bob
        6 3 b accepted
        7 3 b arrived
        8 4 b filled 1000 at 0.88001 taker of 8, all
        equity 999.989526602429 exposure 921.658986175115 power 29078.026811897755
        realized 0 unrealized -0.010473397571 fees 0
        -880.01 CHF; 1000 EUR
        ",
    );
}

#[test]
fn what_was_sold_short_while_that_was_allowed_may_shrink_and_does_not_grow() {
    check(
        "
        fees 0 0
        short OWN yes
        a sells 5 OWN at 110
        short OWN no
        amend a 4
        amend a 5
        amend a - at 111
        ",
        "
        1 0 - open fees 0 0
        2 1 a accepted
        3 1 a arrived, rests
        4 1 - open fees 0 0, sold by whoever has it
        5 1 a amended
        ! ShortNotAllowed
        6 1 a amended, goes to the end
        ",
    );
}
