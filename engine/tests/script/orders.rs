//! The life of an order: accepted, then executed or cancelled, once.

use tradepit_engine::{Ending, Happens, State};

use crate::door::check;

#[test]
fn a_submitted_order_is_accepted_and_waits() {
    check(
        "
        at 7
        submit a EURUSD 5 delay 100
        find a
        count
        ",
        "
        1 7 a ACCEPTED EURUSD 5 due 107
        1 7 a EURUSD 5 due 107: PENDING since 1
        open 1 held 1 last 1 forgotten 0 next due 107
        ",
    );
}

#[test]
fn an_order_executes_when_its_delay_is_over() {
    check(
        "
        submit a EURUSD 5 delay 100
        at 100
        execute
        find a
        count
        ",
        "
        1 0 a ACCEPTED EURUSD 5 due 100
        2 100 a EXECUTED EURUSD 5
        1 0 a EURUSD 5 due 100: EXECUTED at 100 since 2
        open 0 held 1 last 2 forgotten 0 next due never
        ",
    );
}

#[test]
fn a_pending_order_can_be_cancelled() {
    check(
        "
        submit a EURUSD 5 delay 100
        at 50
        cancel a
        find a
        count
        ",
        "
        1 0 a ACCEPTED EURUSD 5 due 100
        2 50 a CANCELLED EURUSD 5
        1 0 a EURUSD 5 due 100: CANCELLED at 50 since 2
        open 0 held 1 last 2 forgotten 0 next due never
        ",
    );
}

#[test]
fn cancelling_an_executed_order_changes_nothing() {
    check(
        "
        submit a EURUSD 5 delay 100
        at 100
        execute
        at 150
        cancel a
        find a
        ",
        "
        1 0 a ACCEPTED EURUSD 5 due 100
        2 100 a EXECUTED EURUSD 5
        -
        1 0 a EURUSD 5 due 100: EXECUTED at 100 since 2
        ",
    );
}

#[test]
fn cancelling_a_cancelled_order_changes_nothing() {
    check(
        "
        submit a EURUSD 5 delay 100
        cancel a
        at 50
        cancel a
        find a
        ",
        "
        1 0 a ACCEPTED EURUSD 5 due 100
        2 0 a CANCELLED EURUSD 5
        -
        1 0 a EURUSD 5 due 100: CANCELLED at 0 since 2
        ",
    );
}

#[test]
fn a_cancelled_order_is_never_executed_invariant_5() {
    check(
        "
        submit a EURUSD 5 delay 100
        at 99
        cancel a
        at 100
        execute
        at 1000000
        execute
        find a
        ",
        "
        1 0 a ACCEPTED EURUSD 5 due 100
        2 99 a CANCELLED EURUSD 5
        -
        -
        1 0 a EURUSD 5 due 100: CANCELLED at 99 since 2
        ",
    );
}

/// That the due are executed before anything else is the actor's part (invariant 8); the exchange does not guess.
#[test]
fn an_overdue_order_that_was_not_executed_yet_can_be_cancelled() {
    check(
        "
        submit a EURUSD 5 delay 100
        at 200
        cancel a
        execute
        ",
        "
        1 0 a ACCEPTED EURUSD 5 due 100
        2 200 a CANCELLED EURUSD 5
        -
        ",
    );
}

#[test]
fn an_order_that_was_never_submitted_is_unknown() {
    check(
        "
        cancel a
        find a
        submit a EURUSD 5 delay 100
        cancel b
        find b
        ",
        "
        ! UnknownOrder
        -
        1 0 a ACCEPTED EURUSD 5 due 100
        ! UnknownOrder
        -
        ",
    );
}

#[test]
fn what_changes_nothing_takes_no_number_invariant_4() {
    check(
        "
        submit a EURUSD 5 delay 100 key k1
        submit a EURUSD 5 delay 100 key k1
        cancel b
        execute
        submit b GBPUSD 6 delay 100
        cancel a
        cancel a
        submit c USDJPY 7 delay 0
        execute
        ",
        "
        1 0 a ACCEPTED EURUSD 5 due 100 key k1
        ! AlreadyPlaced a
        ! UnknownOrder
        -
        2 0 b ACCEPTED GBPUSD 6 due 100
        3 0 a CANCELLED EURUSD 5
        -
        4 0 c ACCEPTED USDJPY 7 due 0
        5 0 c EXECUTED USDJPY 7
        ",
    );
}

/// `apply` cannot fail: a record that the state machine forbids moves the newest number and no order.
#[test]
fn a_recorded_change_that_cannot_happen_moves_only_the_newest_number() {
    check(
        "
        submit a EURUSD 5 delay 100
        cancel a
        apply 3 60 a EXECUTED EURUSD 5
        apply 4 70 a CANCELLED EURUSD 5
        apply 5 80 b EXECUTED EURUSD 5
        find a
        count
        ",
        "
        1 0 a ACCEPTED EURUSD 5 due 100
        2 0 a CANCELLED EURUSD 5
        1 0 a EURUSD 5 due 100: CANCELLED at 0 since 2
        open 0 held 1 last 5 forgotten 0 next due never
        ",
    );
}

#[test]
fn what_is_closed_stays_as_it_is_invariant_5() {
    let endings = [
        Ending::Client,
        Ending::ImmediateOrCancel,
        Ending::FillOrKill,
        Ending::SelfTrade,
        Ending::InsufficientBuyingPower,
        Ending::NoLiquidity,
        Ending::Expired,
        Ending::PostOnly,
    ];
    let ends = endings.map(Happens::Ends);
    let all = [Happens::Arrives, Happens::Trades, Happens::Fills, Happens::ArrivesAndFills, Happens::Amends];
    let all = all.into_iter().chain(ends);
    for what in all {
        for state in State::ALL {
            let next = state.after(what);
            assert!(!state.is_closed() || next.is_none(), "{state} after {what:?}");
            let goes_back = next == Some(State::Accepted) && state != State::Accepted;
            let keeps_or_closes = !goes_back;
            assert!(keeps_or_closes, "{state} after {what:?}: {next:?}");
        }
    }
    // What is on its way neither trades in part nor is filled before it has arrived, but whole on arrival.
    assert_eq!(State::Accepted.after(Happens::Trades), None);
    assert_eq!(State::Accepted.after(Happens::ArrivesAndFills), Some(State::Filled));
    assert_eq!(State::New.after(Happens::Trades), Some(State::PartiallyFilled));
}
