//! Room: how many orders an exchange holds, which it forgets, and what can still be read.

use crate::door::check;

#[test]
fn a_book_full_of_open_orders_refuses_more_until_one_closes() {
    check(
        "
        book of 2
        submit a EURUSD 1 delay 100
        submit b EURUSD 2 delay 200
        submit c EURUSD 3 delay 300
        count
        at 100
        execute
        submit c EURUSD 3 delay 300
        submit d EURUSD 4 delay 300
        ",
        "
        1 0 a ACCEPTED EURUSD 1 due 100
        2 0 b ACCEPTED EURUSD 2 due 200
        ! BookFull, for now
        open 2 held 2 last 2 forgotten 0 next due 100
        3 100 a EXECUTED EURUSD 1
        4 100 c ACCEPTED EURUSD 3 due 400
        ! BookFull, for now
        ",
    );
}

#[test]
fn the_longest_closed_order_is_forgotten_first_not_the_oldest() {
    check(
        "
        book of 3
        submit a EURUSD 1 delay 500
        submit b EURUSD 2 delay 100
        submit c EURUSD 3 delay 500
        cancel c
        at 100
        execute     # b
        cancel a
        submit d EURUSD 4 delay 500
        list after 0
        count
        submit e EURUSD 5 delay 500
        list after 0
        count
        submit f EURUSD 6 delay 500
        list after 0
        count
        ",
        "
        1 0 a ACCEPTED EURUSD 1 due 500
        2 0 b ACCEPTED EURUSD 2 due 100
        3 0 c ACCEPTED EURUSD 3 due 500
        4 0 c CANCELLED EURUSD 3
        5 100 b EXECUTED EURUSD 2
        6 100 a CANCELLED EURUSD 1
        7 100 d ACCEPTED EURUSD 4 due 600
        a b d
        open 1 held 3 last 7 forgotten 4 next due 600
        8 100 e ACCEPTED EURUSD 5 due 600
        a d e
        open 2 held 3 last 8 forgotten 5 next due 600
        9 100 f ACCEPTED EURUSD 6 due 600
        d e f
        open 3 held 3 last 9 forgotten 6 next due 600
        ",
    );
}

#[test]
fn nothing_is_forgotten_while_there_is_room_or_for_an_order_that_is_refused() {
    check(
        "
        book of 3
        submit a EURUSD 1 delay 100
        cancel a
        submit b EURUSD 2 delay 100
        submit c EURUSD 3 delay 100 key k1
        submit d EURUSD 4 delay 100 key k1
        find a
        count
        ",
        "
        1 0 a ACCEPTED EURUSD 1 due 100
        2 0 a CANCELLED EURUSD 1
        3 0 b ACCEPTED EURUSD 2 due 100
        4 0 c ACCEPTED EURUSD 3 due 100 key k1
        ! NameTaken key k1
        1 0 a EURUSD 1 due 100: CANCELLED at 0 since 2
        open 2 held 3 last 4 forgotten 0 next due 100
        ",
    );
}

#[test]
fn a_forgotten_order_is_unknown() {
    check(
        "
        book of 1
        submit a EURUSD 1 delay 100
        cancel a
        submit b EURUSD 2 delay 100
        find a
        cancel a
        cancel b
        submit a GBPUSD 3 delay 100
        find a
        find b
        count
        ",
        "
        1 0 a ACCEPTED EURUSD 1 due 100
        2 0 a CANCELLED EURUSD 1
        3 0 b ACCEPTED EURUSD 2 due 100
        -
        ! UnknownOrder
        4 0 b CANCELLED EURUSD 2
        5 0 a ACCEPTED GBPUSD 3 due 100
        5 0 a GBPUSD 3 due 100: PENDING since 5
        -
        open 1 held 1 last 5 forgotten 4 next due 100
        ",
    );
}

#[test]
fn a_book_without_room_refuses_every_order() {
    check(
        "
        book of 0
        submit a EURUSD 1 delay 0
        cancel a
        execute
        list after 0
        count
        ",
        "
        ! BookFull, for now
        ! UnknownOrder
        -
        -
        open 0 held 0 last 0 forgotten 0 next due never
        ",
    );
}

#[test]
fn a_book_of_one_order_takes_the_next_when_the_first_has_closed() {
    check(
        "
        book of 1
        submit a EURUSD 1 delay 0
        submit b EURUSD 2 delay 0
        execute
        submit b EURUSD 2 delay 0
        list after 0
        count
        ",
        "
        1 0 a ACCEPTED EURUSD 1 due 0
        ! BookFull, for now
        2 0 a EXECUTED EURUSD 1
        3 0 b ACCEPTED EURUSD 2 due 0
        b
        open 1 held 1 last 3 forgotten 2 next due 0
        ",
    );
}

#[test]
fn orders_are_listed_in_order_of_creation_after_any_change() {
    check(
        "
        list after 0
        submit c EURUSD 1 delay 300
        submit a EURUSD 2 delay 100
        cancel c
        submit b EURUSD 3 delay 200
        list after 0
        list after 1
        list after 2
        list after 3
        list after 4
        list after 18446744073709551615
        ",
        "
        -
        1 0 c ACCEPTED EURUSD 1 due 300
        2 0 a ACCEPTED EURUSD 2 due 100
        3 0 c CANCELLED EURUSD 1
        4 0 b ACCEPTED EURUSD 3 due 200
        c a b
        a b
        b
        b
        -
        -
        ",
    );
}

#[test]
fn what_was_open_at_a_change_can_be_told_afterwards() {
    check(
        "
        submit a EURUSD 1 delay 100
        submit b EURUSD 2 delay 200
        cancel b
        at 100
        execute     # a
        open at 0
        open at 1
        open at 2
        open at 3
        open at 4
        ",
        "
        1 0 a ACCEPTED EURUSD 1 due 100
        2 0 b ACCEPTED EURUSD 2 due 200
        3 0 b CANCELLED EURUSD 2
        4 100 a EXECUTED EURUSD 1
        -
        1 0 a EURUSD 1 due 100: PENDING since 1
        1 0 a EURUSD 1 due 100: PENDING since 1
        2 0 b EURUSD 2 due 200: PENDING since 2
        1 0 a EURUSD 1 due 100: PENDING since 1
        -
        ",
    );
}

#[test]
fn a_restart_forgets_and_executes_nothing_by_itself() {
    check(
        "
        book of 3
        submit a EURUSD 1 delay 100
        submit b EURUSD 2 delay 50
        cancel a
        at 1000
        restart
        find a
        find b
        count
        execute
        ",
        "
        1 0 a ACCEPTED EURUSD 1 due 100
        2 0 b ACCEPTED EURUSD 2 due 50
        3 0 a CANCELLED EURUSD 1
        1 0 a EURUSD 1 due 100: CANCELLED at 0 since 3
        2 0 b EURUSD 2 due 50: PENDING since 2
        open 1 held 2 last 3 forgotten 0 next due 50
        4 1000 b EXECUTED EURUSD 2
        ",
    );
}

#[test]
fn a_restart_with_less_room_keeps_every_open_order() {
    check(
        "
        submit a EURUSD 1 delay 100
        submit b EURUSD 2 delay 200
        submit c EURUSD 3 delay 300
        cancel b
        submit d EURUSD 4 delay 400
        restart with 1
        list after 0
        count
        cancel a
        cancel c
        submit e EURUSD 5 delay 500
        cancel d
        submit e EURUSD 5 delay 500
        list after 0
        count
        ",
        "
        1 0 a ACCEPTED EURUSD 1 due 100
        2 0 b ACCEPTED EURUSD 2 due 200
        3 0 c ACCEPTED EURUSD 3 due 300
        4 0 b CANCELLED EURUSD 2
        5 0 d ACCEPTED EURUSD 4 due 400
        a c d
        open 3 held 3 last 5 forgotten 4 next due 100
        6 0 a CANCELLED EURUSD 1
        7 0 c CANCELLED EURUSD 3
        ! BookFull, for now
        8 0 d CANCELLED EURUSD 4
        9 0 e ACCEPTED EURUSD 5 due 500
        e
        open 1 held 1 last 9 forgotten 8 next due 500
        ",
    );
}

#[test]
fn an_id_used_again_after_it_was_forgotten_survives_a_restart_with_more_room() {
    check(
        "
        book of 1
        submit a EURUSD 1 delay 100
        cancel a
        submit b EURUSD 2 delay 100
        cancel b
        submit a GBPUSD 3 delay 100
        restart with 3
        submit c USDJPY 4 delay 900    # forgets the first a
        find a
        at 100
        execute
        execute
        count
        ",
        "
        1 0 a ACCEPTED EURUSD 1 due 100
        2 0 a CANCELLED EURUSD 1
        3 0 b ACCEPTED EURUSD 2 due 100
        4 0 b CANCELLED EURUSD 2
        5 0 a ACCEPTED GBPUSD 3 due 100
        6 0 c ACCEPTED USDJPY 4 due 900
        5 0 a GBPUSD 3 due 100: PENDING since 5
        7 100 a EXECUTED GBPUSD 3
        -
        open 1 held 3 last 7 forgotten 2 next due 900
        ",
    );
}
