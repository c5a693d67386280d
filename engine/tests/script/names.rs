//! Names: who repeats a request is told the order that it placed, who reuses a name for another one is refused.

use crate::door::check;

#[test]
fn an_order_is_found_by_each_of_its_names_and_tells_them() {
    check(
        "
        submit a EURUSD 1 delay 100 as me/1 key k1
        submit b EURUSD 2 delay 100 as me/2
        submit c EURUSD 3 delay 100 key k3
        submit d EURUSD 4 delay 100
        find as me/1
        find key k1
        find as me/2
        find key k3
        find as me/3
        find key k2
        cancel a
        find as me/1
        ",
        "
        1 0 a ACCEPTED EURUSD 1 due 100 as me/1 key k1
        2 0 b ACCEPTED EURUSD 2 due 100 as me/2
        3 0 c ACCEPTED EURUSD 3 due 100 key k3
        4 0 d ACCEPTED EURUSD 4 due 100
        1 0 a EURUSD 1 due 100 as me/1 key k1: PENDING since 1
        1 0 a EURUSD 1 due 100 as me/1 key k1: PENDING since 1
        2 0 b EURUSD 2 due 100 as me/2: PENDING since 2
        3 0 c EURUSD 3 due 100 key k3: PENDING since 3
        -
        -
        5 0 a CANCELLED EURUSD 1
        1 0 a EURUSD 1 due 100 as me/1 key k1: CANCELLED at 0 since 5
        ",
    );
}

#[test]
fn the_same_order_under_the_same_name_was_placed_already_open_or_closed() {
    check(
        "
        submit a EURUSD 1 delay 100 key k1
        submit b EURUSD 1 delay 999 key k1      # whatever its delay would be
        cancel a
        submit b EURUSD 1 delay 100 key k1
        submit c EURUSD 1 delay 100 as me/1
        submit d EURUSD 1 delay 100 as me/1
        at 100
        execute
        submit d EURUSD 1 delay 100 as me/1
        count
        ",
        "
        1 0 a ACCEPTED EURUSD 1 due 100 key k1
        ! AlreadyPlaced a
        2 0 a CANCELLED EURUSD 1
        ! AlreadyPlaced a
        3 0 c ACCEPTED EURUSD 1 due 100 as me/1
        ! AlreadyPlaced c
        4 100 c EXECUTED EURUSD 1
        ! AlreadyPlaced c
        open 0 held 2 last 4 forgotten 0 next due never
        ",
    );
}

#[test]
fn another_order_under_the_same_name_is_refused_open_or_closed() {
    check(
        "
        submit a EURUSD 1 delay 100 key k1
        submit b EURUSD 2 delay 100 key k1
        submit b GBPUSD 1 delay 100 key k1
        submit b EURUSD 1 delay 100 as me/1 key k1      # of another client order id
        cancel a
        submit b EURUSD 2 delay 100 key k1
        submit c EURUSD 1 delay 100 as me/1
        submit d EURUSD 2 delay 100 as me/1
        submit d GBPUSD 1 delay 100 as me/1
        count
        ",
        "
        1 0 a ACCEPTED EURUSD 1 due 100 key k1
        ! NameTaken key k1
        ! NameTaken key k1
        ! NameTaken key k1
        2 0 a CANCELLED EURUSD 1
        ! NameTaken key k1
        3 0 c ACCEPTED EURUSD 1 due 100 as me/1
        ! NameTaken as me/1
        ! NameTaken as me/1
        open 1 held 2 last 3 forgotten 0 next due 100
        ",
    );
}

/// A client order id is part of the order, an idempotency key is not: any that leads to the order will do.
#[test]
fn of_two_names_each_leads_to_the_order() {
    check(
        "
        submit a EURUSD 1 delay 100 as me/1 key k1
        submit b EURUSD 1 delay 100 as me/1 key k1
        submit b EURUSD 1 delay 100 as me/1
        submit b EURUSD 1 delay 100 as me/1 key k2
        find key k2                                     # it was not placed under that one
        submit b EURUSD 1 delay 100 key k1              # without its client order id it is another order
        submit b EURUSD 1 delay 100 as me/2 key k1
        ",
        "
        1 0 a ACCEPTED EURUSD 1 due 100 as me/1 key k1
        ! AlreadyPlaced a
        ! AlreadyPlaced a
        ! AlreadyPlaced a
        -
        ! NameTaken key k1
        ! NameTaken key k1
        ",
    );
}

#[test]
fn two_names_of_two_orders_are_refused_for_the_first_that_does_not_fit() {
    check(
        "
        submit a EURUSD 1 delay 100 as me/1 key k1
        submit b EURUSD 1 delay 100 as me/2 key k2
        submit c EURUSD 1 delay 100 as me/1 key k2
        submit c EURUSD 1 delay 100 as me/2 key k1
        submit c EURUSD 9 delay 100 as me/1 key k2
        submit c EURUSD 9 delay 100 as me/3 key k2
        ",
        "
        1 0 a ACCEPTED EURUSD 1 due 100 as me/1 key k1
        2 0 b ACCEPTED EURUSD 1 due 100 as me/2 key k2
        ! NameTaken key k2
        ! NameTaken key k1
        ! NameTaken as me/1
        ! NameTaken key k2
        ",
    );
}

#[test]
fn the_two_kinds_of_names_do_not_meet() {
    check(
        "
        submit a EURUSD 1 delay 100 as x
        submit b EURUSD 2 delay 100 key x
        find as x
        find key x
        submit c EURUSD 3 delay 100 as y key y
        submit d EURUSD 4 delay 100 key y
        ",
        "
        1 0 a ACCEPTED EURUSD 1 due 100 as x
        2 0 b ACCEPTED EURUSD 2 due 100 key x
        1 0 a EURUSD 1 due 100 as x: PENDING since 1
        2 0 b EURUSD 2 due 100 key x: PENDING since 2
        3 0 c ACCEPTED EURUSD 3 due 100 as y key y
        ! NameTaken key y
        ",
    );
}

#[test]
fn names_are_told_apart_by_case_and_every_character() {
    check(
        "
        submit a EURUSD 1 delay 100 key K1
        submit b EURUSD 2 delay 100 key k1
        submit c EURUSD 3 delay 100 key k1!
        submit d EURUSD 4 delay 100 key k
        ",
        "
        1 0 a ACCEPTED EURUSD 1 due 100 key K1
        2 0 b ACCEPTED EURUSD 2 due 100 key k1
        3 0 c ACCEPTED EURUSD 3 due 100 key k1!
        4 0 d ACCEPTED EURUSD 4 due 100 key k
        ",
    );
}

/// Whoever repeats a request must learn of its order, also where a new one would have no room.
#[test]
fn a_name_is_told_before_a_full_book() {
    check(
        "
        book of 1
        submit a EURUSD 1 delay 100 key k1
        submit a EURUSD 1 delay 100 key k1
        submit a EURUSD 2 delay 100 key k1
        submit b EURUSD 1 delay 100 key k1
        submit b EURUSD 2 delay 100 key k2
        find key k2                             # nobody took it
        ",
        "
        1 0 a ACCEPTED EURUSD 1 due 100 key k1
        ! AlreadyPlaced a
        ! NameTaken key k1
        ! AlreadyPlaced a
        ! BookFull, for now
        -
        ",
    );
}

#[test]
fn a_name_is_forgotten_with_its_order_and_can_be_used_again() {
    check(
        "
        book of 1
        submit a EURUSD 1 delay 100 as me/1 key k1
        cancel a
        submit b EURUSD 2 delay 100
        find as me/1
        find key k1
        cancel b
        submit c EURUSD 3 delay 100 as me/1 key k1
        find as me/1
        find key k1
        ",
        "
        1 0 a ACCEPTED EURUSD 1 due 100 as me/1 key k1
        2 0 a CANCELLED EURUSD 1
        3 0 b ACCEPTED EURUSD 2 due 100
        -
        -
        4 0 b CANCELLED EURUSD 2
        5 0 c ACCEPTED EURUSD 3 due 100 as me/1 key k1
        5 0 c EURUSD 3 due 100 as me/1 key k1: PENDING since 5
        5 0 c EURUSD 3 due 100 as me/1 key k1: PENDING since 5
        ",
    );
}

/// The order that makes room is forgotten only when the new one comes in: until then its name is taken.
#[test]
fn the_name_of_the_order_that_is_about_to_be_forgotten_is_still_taken() {
    check(
        "
        book of 1
        submit a EURUSD 1 delay 100 key k1
        cancel a
        submit b EURUSD 2 delay 100 key k1
        submit b EURUSD 1 delay 100 key k1
        count
        ",
        "
        1 0 a ACCEPTED EURUSD 1 due 100 key k1
        2 0 a CANCELLED EURUSD 1
        ! NameTaken key k1
        ! AlreadyPlaced a
        open 0 held 1 last 2 forgotten 0 next due never
        ",
    );
}
