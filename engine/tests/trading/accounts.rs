//! Cases of accounts: opened, paid into and out of, named; and what becomes of orders that meet their own account.

use crate::door::check;

#[test]
fn an_account_begins_with_its_cash_and_has_its_own_name() {
    check(
        "
        open alice margin 1000 USD leverage 2
        open alice margin 1000 USD
        open - spot 5 EUR
        open house margin 1 USD
        open default margin 1 USD
        open bob margin 1 XXX
        open bob margin 1 USD leverage 101
        open bob margin 1 USD leverage 0.5
        open bob spot 1 USD leverage 2
        open bob margin -1 USD
        account alice
        account account-4
        account default
        ",
        "
        1 0 - opened alice
        ! AccountTaken
        2 0 - opened account-4
        ! AccountFaulty([Reserved])
        ! AccountTaken
        ! AccountFaulty([Currency])
        ! AccountFaulty([Leverage])
        ! AccountFaulty([Leverage])
        ! AccountFaulty([Leverage])
        ! AccountFaulty([CashAmount(USD)])
        equity 1000 exposure 0 power 2000
        realized 0 unrealized 0 fees 0
        1000 USD
        equity 5 exposure 0 power 5
        realized 0 unrealized 0 fees 0
        5 EUR
        equity 0 exposure 0 power -
        realized 0 unrealized 0 fees 0
        0 USD
        ",
    );
}

#[test]
fn money_comes_in_and_goes_out_as_far_as_buying_power_reaches() {
    check(
        "
        open alice margin 1000 USD leverage 2
        transfer alice 500.000000000001 USD
        transfer alice -1500.000000000002 USD
        transfer alice -1500 USD
        account alice
        transfer alice 0 USD
        transfer alice 1 XXX
        transfer nobody 1 USD
        transfer house 1 USD
        transfer default -5 USD
        account default
        open bob spot 10 USD
        transfer bob -11 USD
        transfer bob -1 EUR
        transfer bob 1 EUR
        transfer bob -1 EUR
        ",
        "
        1 0 - opened alice
        2 0 - transferred 500.000000000001 USD
        ! InsufficientBuyingPower
        3 0 - transferred -1500 USD
        equity 0.000000000001 exposure 0 power 0.000000000002
        realized 0 unrealized 0 fees 0
        0.000000000001 USD
        ! AccountFaulty([Amount])
        ! AccountFaulty([CashCurrency(XXX)])
        ! UnknownAccount
        ! UnknownAccount
        4 0 - transferred -5 USD
        equity -5 exposure 0 power -
        realized 0 unrealized 0 fees 0
        -5 USD
        5 0 - opened bob
        ! InsufficientBuyingPower
        ! InsufficientBuyingPower
        6 0 - transferred 1 EUR
        7 0 - transferred -1 EUR
        ",
    );
}

#[test]
fn house_and_fees_take_no_orders_and_nobody_else_lists_an_unknown_symbol() {
    check(
        "
        open alice margin 1000 USD
        a buys 1 EURUSD by house
        b buys 1 EURUSD by fees
        c buys 1 EURUSD by nobody
        d buys 1 NOBODYKNOWS by alice
        ",
        "
        1 0 - opened alice
        ! UnknownAccount
        ! UnknownAccount
        ! UnknownAccount
        ! UnknownSymbol
        ",
    );
}

#[test]
fn a_plain_order_of_another_account_is_a_market_order_like_any_other() {
    check(
        "
        nobody
        open alice margin 2000 USD
        a buys 5 AAPL by alice
        b native 5 AAPL
        ",
        "
        1 0 - opened alice
        2 1 a accepted
        3 1 a arrived
        4 2 a ended NoLiquidity
        5 3 b accepted
        7 4 b bought at 230
        ",
    );
}

#[test]
fn who_arrives_is_cancelled_for_the_rest_where_it_meets_itself() {
    check(
        "
        nobody
        open alice margin 1000 USD
        open bob margin 1000 USD
        a sells 3 EURUSD at 1.1 by bob
        b sells 3 EURUSD at 1.2 by alice
        c buys 9 EURUSD at 1.3 by alice
        book EURUSD
        d buys 9 EURUSD at 1.3 ioc by alice
        e buys 3 EURUSD at 1.3 fok by alice
        ",
        "
        1 0 - opened alice
        2 0 - opened bob
        3 1 a accepted
        4 1 a arrived, rests
        5 2 b accepted
        6 2 b arrived, rests
        7 3 c accepted
        8 3 c arrived
        9 3 c filled 3 at 1.1 taker of 9
        10 4 a filled 3 at 1.1 maker of 9, all
        11 5 c ended SelfTrade
        Sell 1.2 3 in 1
        12 6 d accepted
        13 6 d arrived
        14 7 d ended SelfTrade
        15 8 e accepted
        16 8 e arrived
        17 9 e ended FillOrKill
        ",
    );
}

#[test]
fn what_rests_is_cancelled_where_its_account_wants_that() {
    check(
        "
        nobody
        open alice margin 1000 USD self cancel_oldest
        open bob margin 1000 USD
        a sells 3 EURUSD at 1.1 by alice
        b sells 3 EURUSD at 1.2 by bob
        c sells 3 EURUSD at 1.25 by alice
        d buys 9 EURUSD at 1.3 by alice
        book EURUSD
        # Nothing else is there: it rests.
        e sells 2 EURUSD at 1.3 by alice
        book EURUSD
        amend e 2 at 1.4
        f buys 1 EURUSD at 1.2 by alice
        amend f 1 at 1.5
        book EURUSD
        ",
        "
        1 0 - opened alice
        2 0 - opened bob
        3 1 a accepted
        4 1 a arrived, rests
        5 2 b accepted
        6 2 b arrived, rests
        7 3 c accepted
        8 3 c arrived, rests
        9 4 d accepted
        10 5 a ended SelfTrade
        11 6 c ended SelfTrade
        12 6 d arrived
        13 6 d filled 3 at 1.2 taker of 13, rests
        14 7 b filled 3 at 1.2 maker of 13, all
        Buy 1.3 6 in 1
        15 8 e accepted
        16 9 d ended SelfTrade
        17 9 e arrived, rests
        Sell 1.3 2 in 1
        18 9 e amended, goes to the end
        19 10 f accepted
        20 10 f arrived, rests
        21 11 e ended SelfTrade
        22 11 f amended, goes to the end
        Buy 1.5 1 in 1
        ",
    );
}

#[test]
fn both_are_cancelled_or_they_trade_where_their_account_wants_that() {
    check(
        "
        nobody
        open alice margin 1000 USD self cancel_both
        open bob margin 1000 USD self allow
        a sells 3 EURUSD at 1.1 by alice
        b sells 3 EURUSD at 1.2 by alice
        c buys 9 EURUSD at 1.3 by alice
        d buys 9 EURUSD at 1.2 post by alice
        e sells 3 EURUSD at 1.2 by bob
        f buys 6 EURUSD at 1.3 by bob
        holds bob EURUSD
        account bob
        ",
        "
        1 0 - opened alice
        2 0 - opened bob
        3 1 a accepted
        4 1 a arrived, rests
        5 2 b accepted
        6 2 b arrived, rests
        7 3 c accepted
        8 3 c arrived
        9 4 a ended SelfTrade
        10 5 c ended SelfTrade
        11 6 d accepted
        12 6 d arrived
        13 7 d ended PostOnly
        14 8 e accepted
        15 8 e arrived, rests
        16 9 f accepted
        17 9 f arrived
        18 9 f filled 3 at 1.2 taker of 18
        19 10 b filled 3 at 1.2 maker of 18, all
        20 11 f filled 3 at 1.2 taker of 20, all
        21 12 e filled 3 at 1.2 maker of 20, all
        3 lots, 3 available, cost 3.6 value 3.6 realized 0 unrealized 0
        equity 1000 exposure 3.6 power 996.4
        realized 0 unrealized 0 fees 0
        996.4 USD
        ",
    );
}

#[test]
fn what_is_rejected_rather_than_trade_rests_for_no_moment() {
    check(
        "
        nobody
        open alice margin 1000 USD self cancel_oldest
        a sells 3 EURUSD at 1.1 by alice
        b buys 3 EURUSD at 1.2 post by alice
        ",
        "
        1 0 - opened alice
        2 1 a accepted
        3 1 a arrived, rests
        4 2 b accepted
        5 2 b arrived
        6 3 b ended PostOnly
        ",
    );
}
