//! An exchange in front of a store: what it keeps until it is stored, what it may forget then, and how it goes on after
//! one.

use crate::door::check;

#[test]
fn a_closed_order_is_kept_until_it_is_stored_however_many_there_are() {
    check(
        "
        backed book of 2 recent 0
        submit a EURUSD 1 delay 100
        cancel a
        submit b EURUSD 2 delay 100
        cancel b
        submit c EURUSD 3 delay 100
        cancel c
        list after 0
        count
        stored 1            # a was accepted, no more
        list after 0
        stored 2
        list after 0
        stored 5            # c was accepted, but is not closed there
        list after 0
        count
        stored 6
        list after 0
        count
        ",
        "
        1 0 a ACCEPTED EURUSD 1 due 100
        2 0 a CANCELLED EURUSD 1
        3 0 b ACCEPTED EURUSD 2 due 100
        4 0 b CANCELLED EURUSD 2
        5 0 c ACCEPTED EURUSD 3 due 100
        6 0 c CANCELLED EURUSD 3
        a b c
        open 0 held 3 last 6 forgotten 0 next due never
        a b c
        b c
        c
        open 0 held 1 last 6 forgotten 4 next due never
        -
        open 0 held 0 last 6 forgotten 6 next due never
        ",
    );
}

#[test]
fn as_many_as_are_recent_are_kept_the_longest_closed_goes_first() {
    check(
        "
        backed book of 9 recent 2
        submit a EURUSD 1 delay 100
        submit b EURUSD 2 delay 100
        submit c EURUSD 3 delay 100
        submit d EURUSD 4 delay 100
        cancel c
        cancel a
        cancel d
        cancel b
        stored 4
        list after 0
        stored 5
        list after 0
        stored 8
        list after 0        # those closed last
        count
        ",
        "
        1 0 a ACCEPTED EURUSD 1 due 100
        2 0 b ACCEPTED EURUSD 2 due 100
        3 0 c ACCEPTED EURUSD 3 due 100
        4 0 d ACCEPTED EURUSD 4 due 100
        5 0 c CANCELLED EURUSD 3
        6 0 a CANCELLED EURUSD 1
        7 0 d CANCELLED EURUSD 4
        8 0 b CANCELLED EURUSD 2
        a b c d
        a b d
        b d
        open 0 held 2 last 8 forgotten 6 next due never
        ",
    );
}

#[test]
fn an_open_order_is_never_forgotten_stored_or_not() {
    check(
        "
        backed book of 2 recent 0
        submit a EURUSD 1 delay 500 as me/1
        submit b EURUSD 2 delay 100
        stored 2
        list after 0
        submit c EURUSD 3 delay 100
        at 100
        execute
        stored 3
        submit c EURUSD 3 delay 100
        stored 4
        list after 0
        find as me/1
        count
        ",
        "
        1 0 a ACCEPTED EURUSD 1 due 500 as me/1
        2 0 b ACCEPTED EURUSD 2 due 100
        a b
        ! BookFull, for now
        3 100 b EXECUTED EURUSD 2
        4 100 c ACCEPTED EURUSD 3 due 200
        a c
        1 0 a EURUSD 1 due 500 as me/1: PENDING since 1
        open 2 held 2 last 4 forgotten 3 next due 200
        ",
    );
}

/// The limit is one of open orders: a slow store refuses nobody.
#[test]
fn room_is_counted_in_open_orders_and_taken_from_recent_ones_that_are_stored() {
    check(
        "
        backed book of 2 recent 9
        submit a EURUSD 1 delay 100
        cancel a
        submit b EURUSD 2 delay 100
        cancel b
        stored 2
        list after 0                        # both are recent
        submit c EURUSD 3 delay 100         # takes the room of a
        list after 0
        submit d EURUSD 4 delay 100         # b is not stored: it stays beside them
        list after 0
        submit e EURUSD 5 delay 100
        stored 4                            # now it leaves
        list after 0
        cancel d
        submit e EURUSD 5 delay 100
        list after 0
        count
        ",
        "
        1 0 a ACCEPTED EURUSD 1 due 100
        2 0 a CANCELLED EURUSD 1
        3 0 b ACCEPTED EURUSD 2 due 100
        4 0 b CANCELLED EURUSD 2
        a b
        5 0 c ACCEPTED EURUSD 3 due 100
        b c
        6 0 d ACCEPTED EURUSD 4 due 100
        b c d
        ! BookFull, for now
        c d
        7 0 d CANCELLED EURUSD 4
        8 0 e ACCEPTED EURUSD 5 due 100
        c d e
        open 2 held 3 last 8 forgotten 4 next due 100
        ",
    );
}

#[test]
fn what_is_stored_never_becomes_less() {
    check(
        "
        backed book of 9 recent 0
        submit a EURUSD 1 delay 100
        cancel a
        stored 2
        submit b EURUSD 2 delay 100
        stored 1
        stored 2
        stored 2
        cancel b
        stored 1
        list after 0
        count
        stored 99           # more than there is: nothing worse than all
        count
        ",
        "
        1 0 a ACCEPTED EURUSD 1 due 100
        2 0 a CANCELLED EURUSD 1
        3 0 b ACCEPTED EURUSD 2 due 100
        4 0 b CANCELLED EURUSD 2
        b
        open 0 held 1 last 4 forgotten 2 next due never
        open 0 held 0 last 4 forgotten 4 next due never
        ",
    );
}

#[test]
fn a_book_without_a_store_forgets_nothing_for_its_sake() {
    check(
        "
        submit a EURUSD 1 delay 100
        cancel a
        stored 2
        list after 0
        count
        ",
        "
        1 0 a ACCEPTED EURUSD 1 due 100
        2 0 a CANCELLED EURUSD 1
        a
        open 0 held 1 last 2 forgotten 0 next due never
        ",
    );
}

#[test]
fn a_name_goes_with_its_order_to_the_store() {
    check(
        "
        backed book of 9 recent 0
        submit a EURUSD 1 delay 100 as me/1 key k1
        cancel a
        submit b EURUSD 1 delay 100 as me/1 key k1
        stored 1
        submit b EURUSD 2 delay 100 key k1
        stored 2
        find as me/1
        find key k1
        count               # whoever looked before change 2 must look again
        ",
        "
        1 0 a ACCEPTED EURUSD 1 due 100 as me/1 key k1
        2 0 a CANCELLED EURUSD 1
        ! AlreadyPlaced a
        ! NameTaken key k1
        -
        -
        open 0 held 0 last 2 forgotten 2 next due never
        ",
    );
}

#[test]
fn a_book_goes_on_where_its_store_ends() {
    check(
        "
        backed book of 9 recent 9
        apply 3 30 a ACCEPTED EURUSD 1 due 500
        apply 7 70 b ACCEPTED EURUSD 2 due 90
        resume 9 95 accepted 5
        list after 0
        count
        at 50                               # a clock that was set back
        submit c EURUSD 3 delay 100
        at 95
        execute
        find b
        count
        stored 11
        list after 0
        ",
        "
        a b
        open 2 held 2 last 9 forgotten 9 next due 90
        10 95 c ACCEPTED EURUSD 3 due 195
        11 95 b EXECUTED EURUSD 2
        7 70 b EURUSD 2 due 90: EXECUTED at 95 since 11
        open 2 held 3 last 11 forgotten 9 next due 195
        a b c
        ",
    );
}

/// Orders are counted, and not drawn from the number of the newest change: an order may change any number of times.
#[test]
fn a_book_counts_its_orders_whatever_else_happened() {
    check(
        "
        backed book of 9 recent 9
        apply 3 30 a ACCEPTED EURUSD 1 due 500
        resume 90 95 accepted 7
        accepted
        submit b EURUSD 3 delay 100
        cancel a
        accepted
        ",
        "
        7
        91 95 b ACCEPTED EURUSD 3 due 195
        92 95 a CANCELLED EURUSD 1
        8
        ",
    );
}

#[test]
fn a_book_that_resumes_an_empty_store_is_a_new_one() {
    check(
        "
        backed book of 9 recent 9
        resume 0 -9223372036854775808 accepted 0
        count
        at -5
        submit a EURUSD 1 delay 3
        ",
        "
        open 0 held 0 last 0 forgotten 0 next due never
        1 -5 a ACCEPTED EURUSD 1 due -2
        ",
    );
}

/// A store that was run with more room before: all its open orders come in, and none is refused or forgotten.
#[test]
fn a_book_that_resumes_more_open_orders_than_it_may_hold_holds_them_and_takes_no_more() {
    check(
        "
        backed book of 1 recent 9
        apply 1 10 a ACCEPTED EURUSD 1 due 500
        apply 2 10 b ACCEPTED EURUSD 2 due 500
        resume 2 10 accepted 2
        submit c EURUSD 3 delay 100
        cancel a
        submit c EURUSD 3 delay 100
        cancel b
        submit c EURUSD 3 delay 100
        list after 0
        stored 5
        list after 0
        ",
        "
        ! BookFull, for now
        3 10 a CANCELLED EURUSD 1
        ! BookFull, for now
        4 10 b CANCELLED EURUSD 2
        5 10 c ACCEPTED EURUSD 3 due 110
        a b c
        c
        ",
    );
}

/// Between them lie more numbers than are looked up by place.
#[test]
fn an_order_that_is_open_for_long_is_found_and_listed_first() {
    check(
        "
        backed book of 5 recent 0
        submit a EURUSD 1 delay 1000
        submit b EURUSD 2 delay 2000
        resume 100 0 accepted 51
        submit c EURUSD 3 delay 3000
        resume 9000000 0 accepted 4500000
        submit d EURUSD 4 delay 4000
        find a
        find c
        find d
        list after 0
        list after 1
        list after 101
        list after 8999999
        list after 9000001
        at 1000
        execute
        cancel c
        stored 9000003
        find a
        find c
        list after 0
        count
        ",
        "
        1 0 a ACCEPTED EURUSD 1 due 1000
        2 0 b ACCEPTED EURUSD 2 due 2000
        101 0 c ACCEPTED EURUSD 3 due 3000
        9000001 0 d ACCEPTED EURUSD 4 due 4000
        1 0 a EURUSD 1 due 1000: PENDING since 1
        101 0 c EURUSD 3 due 3000: PENDING since 101
        9000001 0 d EURUSD 4 due 4000: PENDING since 9000001
        a b c d
        b c d
        d
        d
        -
        9000002 1000 a EXECUTED EURUSD 1
        9000003 1000 c CANCELLED EURUSD 3
        -
        -
        b d
        open 2 held 2 last 9000003 forgotten 9000003 next due 2000
        ",
    );
}
