//! What goes in comes out again: at once, while the table of orders trails, after a clean end and after none.

use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};

use tradepit_engine::{
    ChangeFilter, Changes, Direction, Found, Label, Name, Number, OpenOrders, Order, OrderFilter, PageOf, PageStart,
};
use tradepit_kit::Dice;
use tradepit_store::{Archive, Confirm, Folder, Opened, SqliteStore, Store, Stored};

use crate::agree::{Reads, agree, all_is_there, check_holds, is_recovered};
use crate::desk::{Desk, EVERYTHING, recover};
use crate::image::Image;
use crate::life::Life;
use crate::twin::Twin;
use crate::view;

/// Requires of a folder that nobody has open that everything in it is the twin's, before and after it is opened.
fn holds(folder: &Folder, twin: &Twin, dice: &mut Dice) {
    agree(&Archive::open(folder).unwrap(), twin, dice);
    check_holds(folder, twin);
    view::agrees(&folder.database(), twin);
    let opened = Opened::open(folder).unwrap();
    let (exchange, recovered) = recover(&opened).unwrap();
    is_recovered(&exchange, &recovered, twin);
    assert!(recovered.checked);
    drop(opened);
    all_is_there(&Archive::open(folder).unwrap(), twin);
    check_holds(folder, twin);
    view::agrees(&folder.database(), twin);
}

#[test]
fn every_read_agrees_with_the_twin_at_many_moments_of_many_lives() {
    for seed in 0..2 {
        let dir = tempfile::tempdir().unwrap();
        let (mut life, mut twin, mut dice) = (Life::new(seed), Twin::default(), Dice::seeded(1_000 + seed));
        let (mut trailed, mut caught_up) = (false, false);
        // Each round is a start of the server; every second one ends in a crash.
        for round in 0..3 {
            let (mut desk, exchange, recovered) = Desk::open(dir.path(), EVERYTHING);
            is_recovered(&exchange, &recovered, &twin);
            assert_eq!(recovered.id_keys.len(), round, "each start adds a secret");
            for _ in 0..5 {
                let batch = life.turn();
                twin.extend(&batch);
                desk.append(&batch);
                if dice.once_in(2) {
                    desk.settle();
                }
                agree(&desk.running, &twin, &mut dice);
                let image = Image::of(dir.path()).lay();
                trailed |= desk.stored.settled < desk.stored.durable;
                caught_up |= desk.stored.settled == desk.stored.durable;
                holds(&Folder::new(image.path()), &twin, &mut dice);
            }
            if dice.once_in(2) {
                desk.settle();
            }
            check_holds(&desk.folder, &twin);
            view::agrees(&desk.folder.database(), &twin);
            desk.close();
        }
        holds(&Folder::new(dir.path()), &twin, &mut dice);
        assert!(trailed && caught_up, "life {seed} met one kind of moment only");
    }
}

#[test]
fn a_recovered_book_goes_on_where_the_old_one_stood() {
    let dir = tempfile::tempdir().unwrap();
    let (mut life, mut twin) = (Life::new(10), Twin::default());
    for _ in 0..5 {
        let (mut desk, exchange, recovered) = Desk::open(dir.path(), EVERYTHING);
        is_recovered(&exchange, &recovered, &twin);
        // From here on, the recovered exchange decides: what it says must follow what is recorded.
        life.take_over(exchange);
        let batch = life.batch(40);
        twin.extend(&batch);
        desk.append(&batch);
        desk.close();
    }
    holds(&Folder::new(dir.path()), &twin, &mut Dice::seeded(10));
}

#[test]
fn a_table_that_trails_by_more_than_its_window_catches_up() {
    let dir = tempfile::tempdir().unwrap();
    let (mut life, mut twin, mut dice) = (Life::new(11), Twin::default(), Dice::seeded(11));
    let (mut desk, ..) = Desk::open(dir.path(), EVERYTHING);
    let batches: Vec<_> = (0..3).map(|_| life.batch(1_500)).collect();
    for batch in &batches {
        twin.extend(batch);
        desk.running.append(Arc::clone(batch));
    }
    desk.wait(|stored| stored.durable == twin.last_number());
    agree(&desk.running, &twin, &mut dice);
    view::agrees(&desk.folder.database(), &twin);
    desk.settle();
    agree(&desk.running, &twin, &mut dice);
    desk.close();
    holds(&Folder::new(dir.path()), &twin, &mut dice);
}

/// Pieces of the backlog end where they end: also between an order's acceptance and its closing, which its row has
/// already.
#[test]
fn a_store_that_stands_still_between_two_pieces_of_settling_is_whole() {
    let dir = tempfile::tempdir().unwrap();
    let (mut life, mut twin, mut dice) = (Life::new(17), Twin::default(), Dice::seeded(17));
    // The writer goes on when the test has heard, and has let it.
    let (tell, told) = channel();
    let (go_on, may_go_on) = channel::<()>();
    let may_go_on = Mutex::new(may_go_on);
    let confirm: Confirm = Arc::new(move |stored: Result<Stored, _>| {
        tell.send(stored.unwrap()).unwrap();
        // Ends with the test.
        let _ = may_go_on.lock().unwrap().recv();
    });
    let opened = Opened::open(&Folder::new(dir.path())).unwrap();
    recover(&opened).unwrap();
    let running = SqliteStore::new(opened, EVERYTHING).unwrap().start(&confirm).unwrap();
    let batch = life.batch(3_400);
    twin.extend(&batch);
    running.append(batch);
    let mut has_straddled = false;
    loop {
        let stored = told.recv().unwrap();
        let straddles = |order: &Order| (order.accepted_number..order.number).contains(&stored.settled);
        let straddling = twin.orders.iter().any(straddles);
        agree(&running, &twin, &mut dice);
        check_holds(&Folder::new(dir.path()), &twin);
        view::agrees(&Folder::new(dir.path()).database(), &twin);
        if stored.settled == twin.last_number() {
            break;
        }
        if straddling && stored.settled > Number(0) {
            has_straddled = true;
            holds(&Folder::new(Image::of(dir.path()).lay().path()), &twin, &mut dice);
        }
        go_on.send(()).unwrap();
    }
    assert!(has_straddled, "no piece ended between an acceptance and its closing");
    drop(go_on);
    running.close();
}

#[test]
fn an_answer_while_changes_are_written_is_true_of_one_moment_that_is_not_past() {
    let dir = tempfile::tempdir().unwrap();
    let (mut life, mut twin) = (Life::new(12), Twin::default());
    let (mut desk, ..) = Desk::open(dir.path(), EVERYTHING);
    for _ in 0..60 {
        let batch = life.turn();
        twin.extend(&batch);
        desk.running.append(batch);
        for stored in desk.confirmed.try_iter() {
            desk.stored = stored.unwrap();
        }
        let Some((name, _)) = twin.names().pop() else { continue };
        let told = Reads::named(&desk.running, &name);
        assert!(told.as_of >= desk.stored.durable);
        let then = twin.at(told.as_of).names().into_iter().find(|(of, _)| *of == name);
        assert_eq!(told.found, then.map_or(Found::Nothing, |(_, found)| found), "{name:?}");
    }
    desk.close();
}

#[test]
fn an_image_taken_while_changes_are_written_holds_all_that_was_confirmed() {
    let dir = tempfile::tempdir().unwrap();
    let (mut life, mut twin, mut dice) = (Life::new(13), Twin::default(), Dice::seeded(13));
    let (mut desk, ..) = Desk::open(dir.path(), EVERYTHING);
    for _ in 0..8 {
        for _ in 0..3 {
            let batch = life.turn();
            twin.extend(&batch);
            desk.running.append(batch);
        }
        for stored in desk.confirmed.try_iter() {
            desk.stored = stored.unwrap();
        }
        let image = Image::of(dir.path()).lay();
        let folder = Folder::new(image.path());
        let last = Archive::open(&folder).unwrap().last_number().unwrap();
        assert!(last >= desk.stored.durable, "{last:?} of {:?}", desk.stored);
        holds(&folder, &twin.at(last), &mut dice);
    }
    desk.close();
}

#[test]
fn an_empty_store_says_that_nothing_is_there() {
    let dir = tempfile::tempdir().unwrap();
    let (desk, exchange, recovered) = Desk::open(dir.path(), EVERYTHING);
    is_recovered(&exchange, &recovered, &Twin::default());
    agree(&desk.running, &Twin::default(), &mut Dice::seeded(14));
    desk.close();
    holds(&Folder::new(dir.path()), &Twin::default(), &mut Dice::seeded(14));
}

#[test]
fn a_closed_store_is_one_file_that_stands_alone() {
    let dir = tempfile::tempdir().unwrap();
    let mut life = Life::new(15);
    let (mut desk, ..) = Desk::open(dir.path(), EVERYTHING);
    let batch = life.batch(100);
    desk.append(&batch);
    desk.close();
    let mut image = Image::of(dir.path());
    image.0.retain(|(name, _)| *name == "tradepit.db");
    holds(&Folder::new(image.lay().path()), &Twin::of(&batch), &mut Dice::seeded(15));
}

#[test]
fn the_end_of_numbers_can_be_asked_for() {
    let dir = tempfile::tempdir().unwrap();
    let (mut desk, ..) = Desk::open(dir.path(), EVERYTHING);
    desk.append(&Life::new(16).batch(20));
    let (archive, all) = (Archive::open(&desk.folder).unwrap(), ChangeFilter::default());
    for number in [Number(i64::MAX as u64), Number(1 << 63), Number(u64::MAX)] {
        assert_eq!(archive.order(number).unwrap(), None);
        let start = PageStart::After(number);
        let page = PageOf { start, filter: OrderFilter::default(), limit: 10, direction: Direction::OldestFirst };
        assert_eq!(Reads::page(&archive, page).unwrap().orders, []);
        let changes = Reads::changes(&archive, number, all);
        assert!(matches!(changes, Changes::Held { ref events, .. } if events.is_empty()), "{changes:?}");
        let open = Reads::open_orders(&archive, number, number, all);
        assert!(matches!(open, OpenOrders::Held { ref orders, next: None } if orders.is_empty()));
    }
    let name = Name::ClientOrderId(Label::new("x").unwrap());
    assert_eq!(Reads::named(&archive, &name).found, Found::Nothing);
    desk.close();
}
