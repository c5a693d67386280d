//! Data folders as earlier versions of the tables left them, written by hand: each of what could happen then, orders
//! that were accepted, executed and cancelled, and nothing else. A change's number was its `seq` too.

mod version_1;
mod version_2;

use rusqlite::{Connection, params};
use tradepit_engine::{
    Accepted, Body, Event, Label, Number, Order, OrderId, OrderRef, Origin, Quantity, Seq, Status, Symbol, Time,
};
use tradepit_kit::Dice;
use tradepit_store::Retain;

use crate::life::{BEGINNING, SYMBOLS};
use crate::twin::Twin;

/// Nobody listed these: nothing had to be listed.
const UNLISTED: [&str; 2] = ["OLD", "o_l-d"];

pub(crate) const VERSIONS: [u32; 2] = [1, 2];

/// What a folder has seen.
pub(crate) struct Past {
    /// All that happened, in order.
    events: Vec<Event>,
    /// What is left of it.
    pub(crate) twin: Twin,
}

impl Past {
    /// Some changes, of which only so much is kept.
    pub(crate) fn new(seed: u64, changes: usize, retain: Retain) -> Past {
        let events = lived(&mut Dice::seeded(seed), changes);
        let mut twin = Twin::of(&events);
        if changes > 0 {
            twin.trim(retain);
        }
        Past { events, twin }
    }

    /// A folder of this version in which the table of orders trails by so many changes.
    pub(crate) fn folder(&self, version: u32, trails: u64) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        let connection = Connection::open(dir.path().join("tradepit.db")).unwrap();
        connection.pragma_update(None, "application_id", 0x5450_4954).unwrap();
        connection.pragma_update(None, "user_version", version).unwrap();
        connection.pragma_update(None, "journal_mode", "wal").unwrap();
        let transaction = connection.unchecked_transaction().unwrap();
        let settled = Number(self.twin.last_number().0 - trails).max(self.twin.horizon);
        match version {
            1 => version_1::write(&transaction, self, settled),
            _ => version_2::write(&transaction, self, settled),
        }
        mark(&transaction, "settled", settled);
        mark(&transaction, "horizon", self.twin.horizon);
        let key = [7; 32];
        let sum = Sum::default().numbers(&[1]).bytes(&key).done();
        transaction.execute("INSERT INTO id_keys VALUES (1, ?1, ?2)", params![key, sum]).unwrap();
        transaction.commit().unwrap();
        dir
    }
}

/// What happened to orders when all that happened was that they were accepted, executed or cancelled.
fn lived(dice: &mut Dice, changes: usize) -> Vec<Event> {
    let (mut events, mut open, mut at) = (Vec::new(), Vec::<(OrderRef, Option<Time>)>::new(), BEGINNING);
    while events.len() < changes {
        at = Time(at.0 + dice.below(2_000));
        let number = Number(events.len() as u64 + 1);
        let due = open.iter().position(|(_, due_at)| due_at.is_some_and(|due_at| due_at <= at));
        let body = match (dice.below(10), due) {
            (0..2, _) if !open.is_empty() => Body::Cancelled(open.remove(dice.below(open.len())).0),
            (2..6, Some(due)) => Body::Executed(open.remove(due).0),
            _ => {
                let accepted = accepted(dice, number, at);
                open.push((accepted.order(number), accepted.due_at));
                Body::Accepted(accepted)
            }
        };
        events.push(Event { number, seq: Seq(number.0), at, body });
    }
    events
}

fn accepted(dice: &mut Dice, number: Number, at: Time) -> Accepted {
    let id = u128::from(dice.number()) << 64 | u128::from(dice.number());
    let symbol = dice.of(&[SYMBOLS[0], SYMBOLS[1], SYMBOLS[2], UNLISTED[0], UNLISTED[1]]);
    let quantity = Quantity::new(1 + dice.below(Quantity::MAX)).expect("in range");
    let delay_us = if dice.once_in(15) { 10_000_000_000 } else { dice.below(20_000) };
    let name = |dice: &mut Dice, kind| dice.once_in(2).then(|| Label::new(&format!("{kind}{}", number.0)).unwrap());
    let origin = Origin::new(name(dice, "old"), name(dice, "past"));
    let (id, symbol) = (OrderId(id.to_be_bytes()), Symbol::new(symbol).expect("a symbol"));
    Accepted { id, symbol, quantity, due_at: Some(at.plus_us(delay_us)), origin, rich: None }
}

fn mark(connection: &Connection, name: &str, number: Number) {
    let sum = Sum::default().numbers(&[number.0 as i64]).bytes(name.as_bytes()).done();
    connection.execute("INSERT INTO marks VALUES (?1, ?2, ?3)", params![name, number.0 as i64, sum]).unwrap();
}

/// How an order stood, as all earlier versions said it: 0 pending, 1 executed, 2 cancelled.
fn kind(order: &Order) -> i64 {
    match order.status() {
        Status::Pending => 0,
        Status::Executed => 1,
        Status::Cancelled => 2,
    }
}

fn names(order: &Order) -> (Option<&str>, Option<&str>) {
    let origin = order.origin.as_ref();
    let client_order_id = origin.and_then(|origin| origin.client_order_id.as_ref());
    let idempotency_key = origin.and_then(|origin| origin.idempotency_key.as_ref());
    (client_order_id.map(Label::as_str), idempotency_key.map(Label::as_str))
}

/// The checksum of all versions: their numbers, then its texts, each with its length.
#[derive(Default)]
pub(crate) struct Sum(Vec<u8>);

impl Sum {
    pub(crate) fn numbers(mut self, numbers: &[i64]) -> Sum {
        numbers.iter().for_each(|number| self.0.extend(number.to_le_bytes()));
        self
    }

    pub(crate) fn bytes(mut self, bytes: &[u8]) -> Sum {
        self.0.push(bytes.len() as u8);
        self.0.extend(bytes);
        self
    }

    pub(crate) fn text(self, text: Option<&str>) -> Sum {
        self.bytes(text.unwrap_or_default().as_bytes())
    }

    pub(crate) fn done(self) -> i64 {
        i64::from(crc32fast::hash(&self.0))
    }
}
