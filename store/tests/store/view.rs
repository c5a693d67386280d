//! The views `orders` and `events`, as anybody sees them who opens the file with a tool of theirs.

use std::path::Path;

use rusqlite::{Connection, OpenFlags, Row};
use tradepit_engine::{Body, Ending, Event, Label, Order, OrderId, Side, State, Status, Time};

use crate::life::BEGINNING;
use crate::twin::Twin;

type Names = (Option<String>, Option<String>);
type Line = (u64, String, String, u64, String, String, Option<String>, Option<String>, u64, Names);

/// What only shows since orders may be rich.
type More = (u64, u64, String, u32, String, Option<String>, Option<String>, Option<String>, Further);

/// When it came, how far it trails, in place of which it stands and which stands in its place, why it ended in words.
type Further = [Option<String>; 5];

/// A change as its view shows it: its seq, status and time; its order, where it is about one; its own number.
type Told = (Option<u64>, Option<String>, i64, Option<Of>, Option<i64>, u64, Names);
type Of = (u64, String, String, u64);

/// Requires that the views show the twin's orders and changes, and no others.
pub(crate) fn agrees(database: &Path, twin: &Twin) {
    let connection = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let lines: Vec<Line> = all(
        &connection,
        "SELECT accepted_seq, id, stoks, quantity, status, accepted_at, due_at, closed_at, seq, client_order_id, \
            idempotency_key FROM orders ORDER BY accepted_seq",
        |row| {
            let (times, names) = ((row.get(5)?, row.get(6)?, row.get(7)?), (row.get(9)?, row.get(10)?));
            let of = (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?);
            Ok((of.0, of.1, of.2, of.3, of.4, times.0, times.1, times.2, row.get(8)?, names))
        },
    );
    assert_eq!(lines, twin.orders.iter().map(line).collect::<Vec<_>>());
    let more: Vec<More> = all(
        &connection,
        "SELECT accepted_number, number, state, account, side, limit_price, filled_qty, reason, arrived_at, hwm, \
            replaces, replaced_by, reason_text FROM orders ORDER BY accepted_number",
        |row| {
            let of = (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
            let further = [row.get(8)?, row.get(9)?, row.get(10)?, row.get(11)?, row.get(12)?];
            Ok((of.0, of.1, of.2, of.3, row.get(4)?, row.get(5)?, row.get(6)?, row.get(7)?, further))
        },
    );
    assert_eq!(more, twin.orders.iter().map(more_of).collect::<Vec<_>>());
    let told: Vec<Told> = all(
        &connection,
        "SELECT seq, status, at, order_number, id, symbol, quantity, due_at, number, client_order_id, idempotency_key \
            FROM events ORDER BY number",
        |row| {
            let of = match row.get(3)? {
                Some(number) => Some((number, row.get(4)?, row.get(5)?, row.get(6)?)),
                None => None,
            };
            let names = (row.get(9)?, row.get(10)?);
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, of, row.get(7)?, row.get(8)?, names))
        },
    );
    let kept = twin.events.iter().filter(|event| event.number > twin.horizon);
    assert_eq!(told, kept.map(tell).collect::<Vec<_>>());
}

fn all<T>(connection: &Connection, select: &str, read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>) -> Vec<T> {
    let mut statement = connection.prepare(select).unwrap();
    statement.query_map([], read).unwrap().collect::<Result<_, _>>().unwrap()
}

fn tell(event: &Event) -> Told {
    let due_at = match &event.body {
        Body::Accepted(accepted) => accepted.due_at,
        Body::Rescheduled(rescheduled) => rescheduled.due_at,
        _ => None,
    };
    let due_at = due_at.map(|due_at| due_at.0);
    let text = |key: &Label| key.as_str().to_owned();
    let names = event.origin().map_or((None, None), |origin| {
        (origin.client_order_id.as_ref().map(text), origin.idempotency_key.as_ref().map(text))
    });
    let of = event.order().map(|order| {
        let (id, symbol) = (format!("{:?}", order.id), order.symbol.as_str().to_owned());
        (order.accepted_number.0, id, symbol, order.quantity.get())
    });
    let status = event.status().map(word);
    (status.as_ref().map(|_| event.seq.0), status, event.at.0, of, due_at, event.number.0, names)
}

fn word(status: Status) -> String {
    let word = match status {
        Status::Pending => "PENDING",
        Status::Executed => "EXECUTED",
        Status::Cancelled => "CANCELLED",
    };
    word.to_owned()
}

fn line(order: &Order) -> Line {
    let idempotency_key = order.origin.as_ref().and_then(|origin| origin.idempotency_key.as_ref());
    let text_of = |key: &Label| key.as_str().to_owned();
    (
        order.accepted_seq.0,
        uuid(order.id),
        order.symbol.as_str().to_owned(),
        order.quantity.get(),
        word(order.status()),
        text(order.accepted_at),
        order.due_at.map(text),
        order.closed_at.map(text),
        order.seq.0,
        (order.client_order_id().map(text_of), idempotency_key.map(text_of)),
    )
}

fn more_of(order: &Order) -> More {
    let rich = order.rich.as_deref();
    let limit_price = rich.and_then(|rich| {
        Some(rich.tick.times(rich.terms.limit_ticks()?.into())?.with_decimals(rich.tick.decimals()).to_string())
    });
    let whole = if order.status() == Status::Executed { order.quantity.get() } else { 0 };
    let filled_qty = rich.map_or(whole.to_string(), |rich| rich.lot.times(rich.progress.filled).unwrap().to_string());
    let ending = rich.and_then(|rich| rich.progress.ending).map(|ending| match ending {
        Ending::Client => "client",
        Ending::ImmediateOrCancel => "ioc",
        Ending::FillOrKill => "fok",
        Ending::SelfTrade => "self_trade",
        Ending::InsufficientBuyingPower => "insufficient_buying_power",
        Ending::NoLiquidity => "no_liquidity",
        Ending::Expired => "expired",
        Ending::PostOnly => "post_only",
        Ending::Group => "group",
        Ending::NotTrading => "not_trading",
        Ending::Replaced => "replaced",
        Ending::Script | Ending::Refused => "script",
    });
    let reason = ending.or((order.status() == Status::Cancelled).then_some("client"));
    (
        order.accepted_number.0,
        order.number.0,
        order.state.to_string(),
        rich.map_or(2, |rich| rich.account),
        rich.map_or("buy", |rich| if rich.terms.side == Side::Buy { "buy" } else { "sell" }).to_owned(),
        limit_price,
        Some(filled_qty),
        reason.map(str::to_owned),
        further(order),
    )
}

fn further(order: &Order) -> Further {
    let Some(rich) = order.rich.as_deref() else {
        let came = order.closed_at.filter(|_| order.status() == Status::Executed);
        return [came.map(text), None, None, None, None];
    };
    // What waits outside the book has not come, whenever it was there before.
    let came = rich.progress.arrived_at.filter(|_| order.state != State::Accepted);
    let hwm = rich.progress.mark.map(|ticks| rich.tick.price(ticks).unwrap().to_string());
    let words = order.reason_text.as_ref().map(|words| words.as_str().to_owned());
    [came.map(text), hwm, rich.kin.replaces.map(uuid), rich.kin.replaced_by.map(uuid), words]
}

fn uuid(id: OrderId) -> String {
    let id = format!("{id:?}");
    [&id[..8], &id[8..12], &id[12..16], &id[16..20], &id[20..]].join("-")
}

/// A time of the one day on which lives are lived.
fn text(time: Time) -> String {
    let us = time.us_since(BEGINNING);
    let s = us / 1_000_000;
    format!("2026-01-02T{:02}:{:02}:{:02}.{:06}Z", s / 3_600, s / 60 % 60, s % 60, us % 1_000_000)
}
