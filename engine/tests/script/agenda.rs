//! Time: what is due, in which order, and what a clock that misbehaves may do.

use tradepit_engine::EXECUTE_AT_MOST;

use crate::door::check;

#[test]
fn no_order_executes_early_not_even_by_a_microsecond_invariant_8() {
    check(
        "
        submit a EURUSD 5 delay 100
        execute
        at 99
        execute
        at 100
        execute
        ",
        "
        1 0 a ACCEPTED EURUSD 5 due 100
        -
        -
        2 100 a EXECUTED EURUSD 5
        ",
    );
}

#[test]
fn an_order_without_delay_is_due_at_once_but_waits_to_be_asked() {
    check(
        "
        at 7
        submit a EURUSD 5 delay 0
        count
        execute
        ",
        "
        1 7 a ACCEPTED EURUSD 5 due 7
        open 1 held 1 last 1 forgotten 0 next due 7
        2 7 a EXECUTED EURUSD 5
        ",
    );
}

#[test]
fn orders_execute_earliest_due_first_and_ties_by_age() {
    // The names run against the age, so that an order by id cannot pass.
    check(
        "
        submit d EURUSD 1 delay 100
        submit c EURUSD 2 delay 50
        submit b EURUSD 3 delay 100
        at 40
        submit a EURUSD 4 delay 10
        at 100
        execute
        ",
        "
        1 0 d ACCEPTED EURUSD 1 due 100
        2 0 c ACCEPTED EURUSD 2 due 50
        3 0 b ACCEPTED EURUSD 3 due 100
        4 40 a ACCEPTED EURUSD 4 due 50
        5 100 c EXECUTED EURUSD 2
        6 100 a EXECUTED EURUSD 4
        7 100 d EXECUTED EURUSD 1
        8 100 b EXECUTED EURUSD 3
        ",
    );
}

#[test]
fn only_what_is_due_executes() {
    check(
        "
        submit a EURUSD 1 delay 100
        submit b EURUSD 2 delay 101
        at 100
        execute
        count
        ",
        "
        1 0 a ACCEPTED EURUSD 1 due 100
        2 0 b ACCEPTED EURUSD 2 due 101
        3 100 a EXECUTED EURUSD 1
        open 1 held 2 last 3 forgotten 0 next due 101
        ",
    );
}

#[test]
fn a_timer_that_fires_late_or_twice_is_harmless_invariant_8() {
    check(
        "
        submit a EURUSD 5 delay 100
        at 250
        execute
        execute
        at 300
        execute
        find a
        ",
        "
        1 0 a ACCEPTED EURUSD 5 due 100
        2 250 a EXECUTED EURUSD 5
        -
        -
        1 0 a EURUSD 5 due 100: EXECUTED at 250 since 2
        ",
    );
}

#[test]
fn the_next_due_time_is_that_of_the_earliest_open_order() {
    check(
        "
        count
        submit a EURUSD 1 delay 100
        submit b EURUSD 2 delay 50
        count
        cancel b
        count
        cancel a
        count
        ",
        "
        open 0 held 0 last 0 forgotten 0 next due never
        1 0 a ACCEPTED EURUSD 1 due 100
        2 0 b ACCEPTED EURUSD 2 due 50
        open 2 held 2 last 2 forgotten 0 next due 50
        3 0 b CANCELLED EURUSD 2
        open 1 held 2 last 3 forgotten 0 next due 100
        4 0 a CANCELLED EURUSD 1
        open 0 held 2 last 4 forgotten 0 next due never
        ",
    );
}

#[test]
fn a_time_before_the_newest_event_counts_as_the_time_of_that_event_invariant_8() {
    check(
        "
        at 50
        submit a EURUSD 1 delay 100
        submit b EURUSD 2 delay 0
        at 20
        submit c EURUSD 3 delay 100
        cancel a
        execute
        restart     # the newest time is part of what replays
        cancel c
        ",
        "
        1 50 a ACCEPTED EURUSD 1 due 150
        2 50 b ACCEPTED EURUSD 2 due 50
        3 50 c ACCEPTED EURUSD 3 due 150
        4 50 a CANCELLED EURUSD 1
        5 50 b EXECUTED EURUSD 2
        6 50 c CANCELLED EURUSD 3
        ",
    );
}

#[test]
fn a_time_that_brought_no_event_holds_nobody_back() {
    check(
        "
        at 1000
        execute
        cancel a
        at 10
        submit a EURUSD 5 delay 100
        ",
        "
        -
        ! UnknownOrder
        1 10 a ACCEPTED EURUSD 5 due 110
        ",
    );
}

#[test]
fn a_record_whose_times_run_backwards_moves_the_newest_time_only_forwards() {
    check(
        "
        apply 1 50 a ACCEPTED EURUSD 1 due 150
        apply 2 30 b ACCEPTED EURUSD 2 due 130
        at 10
        cancel a
        ",
        "
        3 50 a CANCELLED EURUSD 1
        ",
    );
}

#[test]
fn a_delay_beyond_the_end_of_time_ends_there() {
    check(
        "
        at -9223372036854775808
        submit b EURUSD 2 delay 18446744073709551615    # all of time, to the microsecond
        at 9223372036854775806
        execute
        submit c EURUSD 3 delay 2
        at 9223372036854775807
        execute
        ",
        "
        1 -9223372036854775808 b ACCEPTED EURUSD 2 due 9223372036854775807
        -
        2 9223372036854775806 c ACCEPTED EURUSD 3 due 9223372036854775807
        3 9223372036854775807 b EXECUTED EURUSD 2
        4 9223372036854775807 c EXECUTED EURUSD 3
        ",
    );
}

/// A burst of one order more than fits a batch, the earliest submitted last, is told in two batches.
#[test]
fn what_is_due_at_once_executes_in_batches_earliest_first() {
    let burst = EXECUTE_AT_MOST + 1;
    let submits = (1..=burst).map(|n| format!("submit o{n} EURUSD 1 delay {}\n", burst - n));
    let script =
        format!("book of {burst}\n{}\nat 1000\nexecute\ncount\nexecute\ncount\nexecute", submits.collect::<String>());

    let accepted = (1..=burst).map(|n| format!("{n} 0 o{n} ACCEPTED EURUSD 1 due {}\n", burst - n));
    let executed =
        (2..=burst).rev().zip(burst + 1..).map(|(n, number)| format!("{number} 1000 o{n} EXECUTED EURUSD 1\n"));
    let (before, after) = (2 * burst - 1, 2 * burst);
    let expected = format!(
        "
        {}{}
        open 1 held {burst} last {before} forgotten 0 next due {}
        {after} 1000 o1 EXECUTED EURUSD 1
        open 0 held {burst} last {after} forgotten 0 next due never
        -
        ",
        accepted.collect::<String>(),
        executed.collect::<String>(),
        burst - 1,
    );
    check(&script, &expected);
}
