//! What only an exchange that trades has: orders in line, instruments, accounts. It all comes back as it was.

use rusqlite::{Connection, params};
use tradepit_engine::{
    Asked, Body, Clearing, Command, Decimal, Event, Exchange, Listing, Number, OrderId, Quantity, Rules, Side, Submit,
    Symbol, Time, TimeInForce, built_in,
};
use tradepit_store::{Archive, Folder, Opened, check};

use crate::agree::{is_recovered, of_accounts};
use crate::desk::{Desk, EVERYTHING, recover};
use crate::earlier::Sum;
use crate::image::Image;
use crate::life::{BEGINNING, Life, SYMBOLS};
use crate::twin::Twin;

/// A limit order on the account of whoever names none, for whole euros, at the reference price.
fn order(id: u8, side: Side, quantity: u64) -> Command {
    let qty = Decimal::new(quantity.into(), 0).unwrap();
    let limit_price = Decimal::parse("1.085").ok();
    let account = Clearing::DEFAULT;
    let asked = Asked {
        account,
        side,
        limit_price,
        stop: None,
        time_in_force: TimeInForce::GoodTillCancelled,
        post_only: false,
        qty,
        notional: None,
    };
    Command::Submit(Submit {
        id: OrderId([id; 16]),
        symbol: Symbol::new("EURUSD").unwrap(),
        quantity: Quantity::new(quantity).unwrap(),
        delay_us: 0,
        origin: None,
        asked: Some(asked),
    })
}

/// What comes of a command, and of all that is due then.
fn obey(exchange: &mut Exchange, command: &Command) -> Vec<Event> {
    let mut all = Vec::new();
    for command in [command, &Command::ExecuteDue, &Command::ExecuteDue] {
        let events = exchange.decide(BEGINNING, command).unwrap();
        events.iter().for_each(|event| exchange.apply(event));
        all.extend(events);
    }
    all
}

#[test]
fn an_order_that_rests_half_filled_comes_back_in_its_place_in_line_and_trades() {
    let dir = tempfile::tempdir().unwrap();
    let (mut desk, mut exchange, _) = Desk::open(dir.path(), EVERYTHING);
    let mut twin = Twin::default();
    for command in [order(1, Side::Buy, 100), order(2, Side::Buy, 50), order(3, Side::Sell, 40)] {
        let events = obey(&mut exchange, &command);
        twin.extend(&events);
        desk.append(&events.into());
    }
    let image = Image::of(dir.path()).lay();
    let opened = Opened::open(&Folder::new(image.path())).unwrap();
    let (mut again, recovered) = recover(&opened).unwrap();
    is_recovered(&again, &recovered, &twin);
    let events = obey(&mut again, &order(4, Side::Sell, 90));
    assert_eq!(events, obey(&mut exchange, &order(4, Side::Sell, 90)));
    let maker = |event: &Event| match &event.body {
        Body::Filled(filled) if filled.is_maker => Some((filled.order.id.0[0], filled.lots)),
        _ => None,
    };
    // What was left of the first, then a part of the one behind it.
    assert_eq!(events.iter().filter_map(maker).collect::<Vec<_>>(), [(1, 60), (2, 30)]);
    desk.close();
}

/// A crash may come between two pieces of a long trade: who traded goes on where it was, before anybody else.
#[test]
fn an_order_that_was_amid_its_trades_goes_on_with_them() {
    let dir = tempfile::tempdir().unwrap();
    let (mut desk, mut exchange, _) = Desk::open(dir.path(), EVERYTHING);
    let mut twin = Twin::default();
    let mut keep = |exchange: &mut Exchange, command: &Command| {
        let events = exchange.decide(BEGINNING, command).unwrap();
        events.iter().for_each(|event| exchange.apply(event));
        twin.extend(&events);
        desk.append(&events.into());
    };
    for _ in 0..300 {
        keep(&mut exchange, &order(1, Side::Sell, 2));
        keep(&mut exchange, &Command::ExecuteDue);
    }
    keep(&mut exchange, &order(2, Side::Buy, 700));
    keep(&mut exchange, &Command::ExecuteDue);
    let image = Image::of(dir.path()).lay();
    let opened = Opened::open(&Folder::new(image.path())).unwrap();
    let (mut again, recovered) = recover(&opened).unwrap();
    assert_eq!((recovered.open_orders, again.ledger()), (exchange.open_orders(), exchange.ledger()));
    for _ in 0..3 {
        let events = again.decide(BEGINNING, &Command::ExecuteDue).unwrap();
        assert_eq!(events, exchange.decide(BEGINNING, &Command::ExecuteDue).unwrap());
        events.iter().for_each(|event| again.apply(event));
        events.iter().for_each(|event| exchange.apply(event));
    }
    assert_eq!((again.open_orders(), exchange.open_orders()), (1, 1));
    has_books(&again, &exchange);
    desk.close();
}

/// Requires that the books are those of another exchange.
fn has_books(exchange: &Exchange, other: &Exchange) {
    for (symbol, side) in SYMBOLS.iter().flat_map(|symbol| [(symbol, Side::Buy), (symbol, Side::Sell)]) {
        let symbol = Symbol::new(symbol).unwrap();
        let levels = |exchange: &Exchange| format!("{:?}", exchange.levels(symbol, side).collect::<Vec<_>>());
        assert_eq!(levels(exchange), levels(other), "{symbol:?} {side:?}");
    }
}

#[test]
fn books_and_accounts_come_back_after_every_turn() {
    for seed in [31, 32] {
        let dir = tempfile::tempdir().unwrap();
        let (mut life, mut twin) = (Life::new(seed), Twin::default());
        let (mut desk, ..) = Desk::open(dir.path(), EVERYTHING);
        for turn in 0..60 {
            let batch = life.batch(1);
            twin.extend(&batch);
            desk.append(&batch);
            if turn % 7 == 0 {
                desk.settle();
            }
            let image = Image::of(dir.path()).lay();
            let opened = Opened::open(&Folder::new(image.path())).unwrap();
            let (exchange, recovered) = recover(&opened).unwrap();
            is_recovered(&exchange, &recovered, &twin);
            has_books(&exchange, &life.exchange);
        }
        assert!(twin.events.iter().any(|event| matches!(event.body, Body::Filled(_))), "life {seed} saw no trade");
        desk.close();
    }
}

fn listing(symbol: &str, tick: &str) -> Listing {
    Listing { tick: Decimal::parse(tick).unwrap(), ..Listing::of_unknown(Symbol::new(symbol).unwrap()) }
}

#[test]
fn what_was_listed_stays_as_it_was_and_what_is_new_follows() {
    let dir = tempfile::tempdir().unwrap();
    let folder = Folder::new(dir.path());
    let (a, b, c) = (listing("A", "0.01"), listing("B", "0.05"), listing("C", "5"));
    let opened = Opened::open(&folder).unwrap();
    assert_eq!(opened.instruments(&[a, b]).unwrap(), [a, b]);
    drop(opened);
    let opened = Opened::open(&folder).unwrap();
    assert_eq!(opened.instruments(&[c, listing("B", "1")]).unwrap(), [a, b, c]);
    // What an exchange lists beside is listed when it is recovered.
    let d = listing("D", "0.01");
    let mut exchange =
        Exchange::with_rules(10, Rules { listings: vec![d, c], ..Rules::default() }).in_front_of_store(1);
    opened.recover(&mut exchange).unwrap();
    let listed: Vec<Listing> = exchange.instruments().map(|instrument| *instrument.listing()).collect();
    assert_eq!((listed, opened.instruments(&[]).unwrap()), (vec![a, b, c, d], vec![a, b, c, d]));
}

/// What is said of a folder whose accounts were changed by hand, its checksums with them where `sum` is given.
fn damage(change: impl FnOnce(&Connection)) -> Vec<String> {
    let dir = tempfile::tempdir().unwrap();
    let (mut desk, ..) = Desk::open(dir.path(), EVERYTHING);
    let batch = Life::new(33).batch(200);
    desk.append(&batch);
    desk.close();
    let folder = Folder::new(dir.path());
    change(&Connection::open(folder.database()).unwrap());
    let report = check::run(&Archive::open(&folder).unwrap(), |_, _| {}).unwrap();
    assert!(!report.damage.is_empty() && Opened::open(&folder).is_err());
    report.damage
}

/// What is said of rows that nobody wrote, each whole by itself.
const MOMENTS_AND_RECORD: (&str, &str) =
    ("the accounts are of different moments", "the accounts are not what was recorded");

fn set_cash(connection: &Connection, account: i64, amount: &str) {
    let sum = Sum::default().numbers(&[account]).bytes(b"USD").bytes(amount.as_bytes()).done();
    let set = "UPDATE cash SET amount = ?1, crc = ?2 WHERE account = ?3 AND currency = 'USD'";
    assert_eq!(connection.execute(set, params![amount, sum, account]).unwrap(), 1);
}

#[test]
fn accounts_that_are_not_what_the_changes_made_are_damage() {
    let changed = damage(|connection| {
        connection.execute("UPDATE cash SET amount = '1' WHERE account = 2 AND currency = 'USD'", []).unwrap();
    });
    assert!(changed[0].contains("the cash USD of account 2 is not what was written"), "{changed:?}");
    let changed = damage(|connection| set_cash(connection, 2, "1"));
    let [whole, moments, recorded] = &changed[..] else { panic!("{changed:?}") };
    assert_eq!(whole, "over all accounts the cash in USD is not 0");
    assert_eq!((&**moments, &**recorded), MOMENTS_AND_RECORD);
    // What sums to zero may be wrong all the same.
    let changed = damage(|connection| {
        set_cash(connection, 0, "-1.5");
        set_cash(connection, 2, "1.5");
    });
    assert_eq!(changed, <[&str; 2]>::from(MOMENTS_AND_RECORD));
    let changed = damage(|connection| {
        connection.execute("UPDATE positions SET lots = '01' WHERE account = 2 AND symbol = 'EURUSD'", []).unwrap();
    });
    assert!(changed[0].contains("the position in EURUSD of account 2 is not what was written"), "{changed:?}");
    let changed = damage(|connection| {
        connection
            .execute("UPDATE listings SET record = replace(record, '0.00001', '0.0001') WHERE place = 0", [])
            .unwrap();
    });
    assert!(changed[0].contains("the instrument 0 is not what was written"), "{changed:?}");
}

/// An exchange that is recovered lists what the folder lists, and nothing twice.
#[test]
fn accounts_need_no_change_to_be_read() {
    let dir = tempfile::tempdir().unwrap();
    let (desk, exchange, _) = Desk::open(dir.path(), EVERYTHING);
    desk.close();
    let (desk, again, _) = Desk::open(dir.path(), EVERYTHING);
    assert_eq!(of_accounts(&exchange), of_accounts(&again));
    assert_eq!(again.instruments().count(), built_in().count());
    assert_eq!((again.last_number(), again.next_due()), (Number(0), None::<Time>));
    desk.close();
}
