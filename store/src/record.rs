//! How events and orders are written down and read back. Each row carries a checksum of what it says; an event also
//! the version of its record, so that later kinds of event leave old ones readable.

use rusqlite::{Connection, OptionalExtension, Row, Statement, params};
use tradepit_engine::{Change, Event, Key, Order, OrderId, Origin, Quantity, Seq, State, Symbol, Time};

use crate::Status;

/// The version of the records that are written now.
pub(crate) const RECORD_VERSION: i64 = 1;

/// What the columns of an event are called, for [`read_event`].
pub(crate) const EVENT_COLUMNS: &str = "e.seq, e.version, e.kind, e.at, e.order_seq, e.crc, \
    a.id, a.symbol, a.quantity, a.due_at, a.client_order_id, a.idempotency_key, a.at, a.crc, a.version";

/// Where events come from: with the accepting event of each one's order.
pub(crate) const EVENTS: &str = "events e JOIN events a ON a.seq = e.order_seq";

/// What the columns of an order are called, for [`read_order`].
pub(crate) const ORDER_COLUMNS: &str = "o.seq, o.id, o.symbol, o.quantity, o.accepted_at, o.due_at, o.kind, \
    o.closed_at, o.closed_seq, o.crc, o.client_order_id, o.idempotency_key";

pub(crate) const INSERT_ACCEPTED: &str = "INSERT INTO events (seq, version, kind, at, order_seq, crc, id, symbol, \
    quantity, due_at, client_order_id, idempotency_key) VALUES (?1, ?2, 0, ?3, ?1, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
pub(crate) const INSERT_CLOSED: &str =
    "INSERT INTO events (seq, version, kind, at, order_seq, crc) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
pub(crate) const INSERT_ORDER: &str =
    "INSERT OR REPLACE INTO settled VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";

/// The secret by which ids were given from some change on, and can be told to be ours. The actors make and read it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct IdKey {
    /// The first change that may have used it.
    pub first_seq: Seq,
    /// The secret.
    pub key: [u8; 32],
}

impl std::fmt::Debug for IdKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("IdKey").field("first_seq", &self.first_seq).finish_non_exhaustive()
    }
}

/// What is not as it was written, for [`crate::Error::Damaged`].
pub(crate) type Fault = String;

/// A checksum over what a row says, each part with its length where that can vary.
struct Sum(crc32fast::Hasher);

impl Sum {
    fn new(numbers: &[i64]) -> Sum {
        let mut bytes = [0; 8 * 8];
        let used = 8 * numbers.len();
        for (place, number) in bytes.chunks_exact_mut(8).zip(numbers) {
            place.copy_from_slice(&number.to_le_bytes());
        }
        let mut hasher = crc32fast::Hasher::new();
        hasher.update(&bytes[..used]);
        Sum(hasher)
    }

    fn bytes(mut self, bytes: &[u8]) -> Sum {
        self.0.update(&[bytes.len() as u8]);
        self.0.update(bytes);
        self
    }

    fn text(self, text: Option<&str>) -> Sum {
        // No text is empty: the lengths tell them apart.
        self.bytes(text.unwrap_or_default().as_bytes())
    }

    fn done(self) -> i64 {
        i64::from(self.0.finalize())
    }
}

fn signed(number: u64) -> i64 {
    // Numbers of changes and quantities stay below 2^63.
    number.cast_signed()
}

fn names(origin: Option<&Origin>) -> (Option<&str>, Option<&str>) {
    let client_order_id = origin.and_then(|origin| origin.client_order_id.as_ref()).map(Key::as_str);
    let idempotency_key = origin.and_then(|origin| origin.idempotency_key.as_ref()).map(Key::as_str);
    (client_order_id, idempotency_key)
}

#[expect(clippy::too_many_arguments, reason = "the columns of one row")]
fn sum_of_accepted(
    seq: i64,
    version: i64,
    at: i64,
    id: &[u8],
    symbol: &str,
    quantity: i64,
    due_at: i64,
    names: (Option<&str>, Option<&str>),
) -> i64 {
    let numbers = Sum::new(&[seq, version, 0, at, seq, quantity, due_at]);
    numbers.bytes(id).text(Some(symbol)).text(names.0).text(names.1).done()
}

fn sum_of_closed(seq: i64, version: i64, kind: i64, at: i64, order_seq: i64) -> i64 {
    Sum::new(&[seq, version, kind, at, order_seq]).done()
}

/// The checksum of a small number under a name.
pub(crate) fn sum_of_mark(name: &str, value: i64) -> i64 {
    Sum::new(&[value]).text(Some(name)).done()
}

/// The checksum of the client's name for an order that is no longer kept.
pub(crate) fn sum_of_retired(client_order_id: &str) -> i64 {
    Sum::new(&[]).text(Some(client_order_id)).done()
}

/// The checksum of a secret.
pub(crate) fn sum_of_id_key(first_seq: i64, key: &[u8]) -> i64 {
    Sum::new(&[first_seq]).bytes(key).done()
}

fn kind_of(change: Change) -> i64 {
    match change {
        Change::Accepted { .. } => 0,
        Change::Executed => 1,
        Change::Cancelled => 2,
    }
}

/// Writes an event that accepts an order.
pub(crate) fn write_accepted(statement: &mut Statement<'_>, event: &Event, due_at: Time) -> rusqlite::Result<usize> {
    let (seq, quantity, names) = (signed(event.seq.0), signed(event.quantity.get()), names(event.origin.as_deref()));
    let (id, symbol) = (&event.id.0, event.symbol.as_str());
    let sum = sum_of_accepted(seq, RECORD_VERSION, event.at.0, id, symbol, quantity, due_at.0, names);
    statement.execute(params![seq, RECORD_VERSION, event.at.0, sum, id, symbol, quantity, due_at.0, names.0, names.1])
}

/// Writes an event that closes an order.
pub(crate) fn write_closed(statement: &mut Statement<'_>, event: &Event) -> rusqlite::Result<usize> {
    let (seq, order_seq, kind) = (signed(event.seq.0), signed(event.accepted_seq.0), kind_of(event.change));
    let sum = sum_of_closed(seq, RECORD_VERSION, kind, event.at.0, order_seq);
    statement.execute(params![seq, RECORD_VERSION, kind, event.at.0, order_seq, sum])
}

/// Writes an order as it stands.
pub(crate) fn write_order(statement: &mut Statement<'_>, order: &Order) -> rusqlite::Result<usize> {
    let (kind, closed_at, closed_seq) = match order.state {
        State::Pending => (0, 0, 0),
        State::Executed { at } => (1, at.0, signed(order.seq.0)),
        State::Cancelled { at } => (2, at.0, signed(order.seq.0)),
    };
    let (seq, quantity, names) =
        (signed(order.accepted_seq.0), signed(order.quantity.get()), names(order.origin.as_deref()));
    let numbers = [seq, quantity, order.accepted_at.0, order.due_at.0, kind, closed_at, closed_seq];
    let sum = Sum::new(&numbers).bytes(&order.id.0).text(Some(order.symbol.as_str())).text(names.0).text(names.1);
    statement.execute(params![
        seq,
        &order.id.0,
        order.symbol.as_str(),
        quantity,
        order.accepted_at.0,
        order.due_at.0,
        kind,
        closed_at,
        closed_seq,
        sum.done(),
        names.0,
        names.1
    ])
}

/// Reads an event from the [`EVENT_COLUMNS`] of a row; the inner error tells how it is damaged.
pub(crate) fn read_event(row: &Row<'_>) -> rusqlite::Result<Result<Event, Fault>> {
    let (seq, version, kind, at): (i64, i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
    let (order_seq, sum): (i64, i64) = (row.get(4)?, row.get(5)?);
    let version_of_order: i64 = row.get(14)?;
    if version != RECORD_VERSION || version_of_order != RECORD_VERSION {
        return Ok(Err(format!(
            "change {seq} has a record of version {}, which this Tradepit does not know",
            version.max(version_of_order)
        )));
    }
    let id: [u8; 16] = row.get(6)?;
    let symbol = row.get_ref(7)?.as_str()?;
    let (quantity, due_at): (i64, i64) = (row.get(8)?, row.get(9)?);
    let names = (row.get_ref(10)?.as_str_or_null()?, row.get_ref(11)?.as_str_or_null()?);
    let (accepted_at, sum_of_order): (i64, i64) = (row.get(12)?, row.get(13)?);
    let of_order = sum_of_accepted(order_seq, version_of_order, accepted_at, &id, symbol, quantity, due_at, names);
    let intact = of_order == sum_of_order
        && match kind {
            0 => seq == order_seq,
            _ => sum == sum_of_closed(seq, version, kind, at, order_seq),
        };
    let due_at = Time(due_at);
    let change = match kind {
        0 => Change::Accepted { due_at },
        1 => Change::Executed,
        _ => Change::Cancelled,
    };
    let (Ok(symbol), Ok(quantity), true) = (Symbol::new(symbol), Quantity::new(quantity.cast_unsigned()), intact)
    else {
        return Ok(Err(format!("change {seq} is not what was written")));
    };
    let origin = if kind == 0 { read_origin(names) } else { None };
    let (seq, accepted_seq) = (Seq(seq.cast_unsigned()), Seq(order_seq.cast_unsigned()));
    Ok(Ok(Event { seq, at: Time(at), id: OrderId(id), accepted_seq, symbol, quantity, change, origin }))
}

/// Reads an order from the [`ORDER_COLUMNS`] of a row; the inner error tells how it is damaged.
pub(crate) fn read_order(row: &Row<'_>) -> rusqlite::Result<Result<Order, Fault>> {
    let seq: i64 = row.get(0)?;
    let id: [u8; 16] = row.get(1)?;
    let symbol = row.get_ref(2)?.as_str()?;
    let (quantity, accepted_at, due_at): (i64, i64, i64) = (row.get(3)?, row.get(4)?, row.get(5)?);
    let (kind, closed_at, closed_seq, sum): (i64, i64, i64, i64) = (row.get(6)?, row.get(7)?, row.get(8)?, row.get(9)?);
    let names = (row.get_ref(10)?.as_str_or_null()?, row.get_ref(11)?.as_str_or_null()?);
    let numbers = [seq, quantity, accepted_at, due_at, kind, closed_at, closed_seq];
    let intact = sum == Sum::new(&numbers).bytes(&id).text(Some(symbol)).text(names.0).text(names.1).done();
    let (state, last) = match kind {
        0 => (State::Pending, seq),
        1 => (State::Executed { at: Time(closed_at) }, closed_seq),
        _ => (State::Cancelled { at: Time(closed_at) }, closed_seq),
    };
    let (Ok(symbol), Ok(quantity), true) = (Symbol::new(symbol), Quantity::new(quantity.cast_unsigned()), intact)
    else {
        return Ok(Err(format!("the order of change {seq} is not what was written")));
    };
    Ok(Ok(Order {
        id: OrderId(id),
        symbol,
        quantity,
        accepted_at: Time(accepted_at),
        accepted_seq: Seq(seq.cast_unsigned()),
        due_at: Time(due_at),
        state,
        seq: Seq(last.cast_unsigned()),
        origin: read_origin(names),
    }))
}

/// Reads the row of the order that this change accepted.
pub(crate) fn find_order(connection: &Connection, accepted: i64) -> rusqlite::Result<Option<Result<Order, Fault>>> {
    let select = format!("SELECT {ORDER_COLUMNS} FROM settled o WHERE o.seq = ?1");
    connection.prepare_cached(&select)?.query_row([accepted], read_order).optional()
}

fn read_origin(names: (Option<&str>, Option<&str>)) -> Option<std::sync::Arc<Origin>> {
    let key = |text: Option<&str>| text.and_then(|text| Key::new(text).ok());
    Origin::new(key(names.0), key(names.1))
}

/// What becomes of an order by an event that closes it; an error where it cannot.
pub(crate) fn close(order: &mut Order, event: &Event) -> Result<(), Fault> {
    if order.close(event) {
        return Ok(());
    }
    let (seq, change, status) = (event.seq.0, event.change, Status::from(order.state));
    Err(format!("change {seq} says {change:?} of an order that is {status:?}"))
}
