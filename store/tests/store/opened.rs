//! Accounts that clients opened: they come back with what they have, and with the names of their orders.

use rusqlite::Connection;
use tradepit_engine::{
    AccountId, AccountKind, AccountNumber, Asked, Command, Decimal, Event, Exchange, Found, Label, Money, Name,
    OpenAccount, OrderId, Origin, Quantity, SelfTrade, Side, Submit, Symbol, TimeInForce, Transferred,
};
use tradepit_store::{Archive, Folder, Opened, check};

use crate::agree::{Reads, of_accounts};
use crate::desk::{Desk, EVERYTHING, recover};
use crate::image::Image;
use crate::life::BEGINNING;

const ALICE: AccountNumber = 3;
const BOB: AccountNumber = 4;

fn usd() -> Symbol {
    Symbol::new("USD").unwrap()
}

fn open(id: &str, kind: AccountKind, self_trade: SelfTrade) -> Command {
    let cash = vec![(usd(), Money(5_000_000_000_000_001)), (Symbol::new("EUR").unwrap(), Money::ZERO)];
    let leverage = if kind == AccountKind::Spot { Decimal::ONE } else { Decimal::parse("2.5").unwrap() };
    let id = Some(AccountId::new(id).unwrap());
    Command::OpenAccount(OpenAccount { id, kind, currency: usd(), leverage, self_trade, cash })
}

/// A limit order for whole euros, under a name of its account.
fn order(account: AccountNumber, id: u8, side: Side, quantity: u64, name: &str) -> Command {
    let qty = Decimal::new(quantity.into(), 0).unwrap();
    let (limit_price, time_in_force) = (Decimal::parse("1.085").ok(), TimeInForce::GoodTillCancelled);
    Command::Submit(Submit {
        id: OrderId([id; 16]),
        symbol: Symbol::new("EURUSD").unwrap(),
        quantity: Quantity::new(quantity).unwrap(),
        delay_us: 0,
        origin: Origin::new(Label::new(name).ok(), None),
        asked: Some(Asked {
            account,
            side,
            limit_price,
            stop: None,
            time_in_force,
            post_only: false,
            qty,
            notional: None,
        }),
    })
}

fn obey(exchange: &mut Exchange, command: &Command) -> Vec<Event> {
    let mut all = Vec::new();
    for command in [command, &Command::ExecuteDue] {
        let events = exchange.decide(BEGINNING, command).unwrap();
        events.iter().for_each(|event| exchange.apply(event));
        all.extend(events);
    }
    all
}

fn commands() -> Vec<Command> {
    let transfer = |account, amount| Command::Transfer(Transferred { account, currency: usd(), amount: Money(amount) });
    vec![
        open("alice", AccountKind::Margin, SelfTrade::CancelOldest),
        open("bob-2", AccountKind::Spot, SelfTrade::CancelNewest),
        order(ALICE, 1, Side::Sell, 100, "a"),
        order(BOB, 2, Side::Buy, 40, "a"),
        transfer(ALICE, 7),
        transfer(2, -3),
        order(2, 3, Side::Buy, 10, "a"),
        // It meets itself, and the older one goes.
        order(ALICE, 4, Side::Buy, 5, "b"),
        transfer(BOB, -1_000_000_000_000_000),
    ]
}

#[test]
fn accounts_come_back_after_every_change_with_all_that_they_have() {
    let dir = tempfile::tempdir().unwrap();
    let (mut desk, mut exchange, _) = Desk::open(dir.path(), EVERYTHING);
    for (turn, command) in commands().iter().enumerate() {
        desk.append(&obey(&mut exchange, command).into());
        if turn % 3 == 1 {
            desk.settle();
        }
        let image = Image::of(dir.path()).lay();
        let opened = Opened::open(&Folder::new(image.path())).unwrap();
        let (again, _) = recover(&opened).unwrap();
        assert_eq!(of_accounts(&again), of_accounts(&exchange), "turn {turn}");
        for number in 0..exchange.ledger().len() as AccountNumber {
            let standing = |exchange: &Exchange| exchange.account_standing(number, BEGINNING);
            assert_eq!(standing(&again), standing(&exchange), "turn {turn}");
            assert!(standing(&again).is_some());
        }
        // What it cannot pay it still cannot.
        let large = order(BOB, 9, Side::Buy, 100_000, "z");
        assert_eq!(again.decide(BEGINNING, &large), exchange.decide(BEGINNING, &large), "turn {turn}");
    }
    desk.settle();
    for (account, id) in [(ALICE, 1), (BOB, 2), (2, 3)] {
        let name = Name::ClientOrderId(Label::new("a").unwrap()).in_account(account);
        let Found::Order(found) = Reads::named(&desk.running, &name).found else {
            panic!("no order of {account} has that name")
        };
        assert_eq!((found.id, found.account()), (OrderId([id; 16]), account));
    }
    desk.close();
    let report = check::run(&Archive::open(&Folder::new(dir.path())).unwrap(), |_, _| {}).unwrap();
    assert_eq!(report.damage, Vec::<String>::new());
}

/// What is said of a folder in which a table was changed by hand.
fn damage(change: &str) -> Vec<String> {
    let dir = tempfile::tempdir().unwrap();
    let (mut desk, mut exchange, _) = Desk::open(dir.path(), EVERYTHING);
    for command in commands() {
        desk.append(&obey(&mut exchange, &command).into());
    }
    desk.close();
    let folder = Folder::new(dir.path());
    let changed = Connection::open(folder.database()).unwrap().execute(change, []).unwrap();
    assert_eq!(changed, 1, "{change}");
    let report = check::run(&Archive::open(&folder).unwrap(), |_, _| {}).unwrap();
    assert!(Opened::open(&folder).is_err());
    report.damage
}

#[test]
fn accounts_that_are_not_what_was_opened_and_paid_are_damage() {
    for (change, told) in [
        ("UPDATE accounts SET record = replace(record, 'alice', 'malic') WHERE number = 3", "the account 3 is not"),
        ("UPDATE accounts SET number = 9 WHERE number = 4", "the account 9 is not what was written"),
        (
            "UPDATE payments SET paid_in = '1' WHERE account = 3 AND currency = 'USD'",
            "the payments in USD of account 3",
        ),
        ("DELETE FROM payments WHERE account = 4 AND currency = 'USD'", "over all accounts the cash in USD is not"),
        ("DELETE FROM accounts WHERE number = 4", "of account 4 is not what was written"),
    ] {
        let damage = damage(change);
        assert!(damage.iter().any(|line| line.contains(told)), "{change}: {damage:?}");
    }
}
