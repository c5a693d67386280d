//! What `tradepit export --what fills` and `--what accounts` write: a line each, as JSON or as cells of a table.

use std::io::{self, Write};

use serde_json::Value;
use tradepit_actors::AccountIds;
use tradepit_engine::{Clearing, Direction, FillFilter, FillsOf, Number};
use tradepit_store::{Archive, Error};

use super::export::{Format, cell};
use crate::native::wire::fill::write_listed;
use crate::native::wire::object::Object;
use crate::native::wire::terms::write_account_id;

const FILLS: [&str; 11] =
    ["trade_id", "number", "at", "price", "qty", "liquidity", "fee", "order_id", "symbol", "account", "side"];
const ACCOUNTS: [&str; 7] = ["account", "currency", "cash", "symbol", "qty", "cost", "realized"];

/// How many fills are read at a time.
const AT_A_TIME: usize = 1_000;

/// Writes all fills after a change.
pub(super) fn write_fills(
    archive: &Archive,
    format: Format,
    after: Number,
    out: &mut impl Write,
) -> Result<io::Result<()>, Error> {
    let accounts = AccountIds::of(&archive.clearing()?);
    let mut written = begin(format, &FILLS, out);
    let (mut after, upto) = (after, Number(u64::MAX));
    while written.is_ok() {
        let (direction, filter) = (Direction::OldestFirst, FillFilter::default());
        let question = FillsOf { after, upto, direction, filter, limit: AT_A_TIME };
        let piece = archive.fills(&question)?;
        written = piece.items.iter().try_for_each(|fill| {
            let mut line = Vec::with_capacity(320);
            write_listed(fill, &accounts, &mut line);
            write_line(format, &FILLS, line, out)
        });
        match piece.next {
            Some(next) => after = next,
            None => break,
        }
    }
    Ok(written)
}

/// Writes what every account has: a line for each of its currencies, then one for each of its positions.
pub(super) fn write_accounts(archive: &Archive, format: Format, out: &mut impl Write) -> Result<io::Result<()>, Error> {
    let clearing = archive.clearing()?;
    let written = begin(format, &ACCOUNTS, out);
    Ok(written
        .and_then(|()| lines_of(&clearing).into_iter().try_for_each(|line| write_line(format, &ACCOUNTS, line, out))))
}

fn lines_of(clearing: &Clearing) -> Vec<Vec<u8>> {
    let (mut lines, accounts) = (Vec::new(), AccountIds::of(clearing));
    for account in 0.. {
        let Some(holdings) = clearing.ledger().holdings(account) else { return lines };
        for (&currency, &amount) in &holdings.cash {
            let mut line = Vec::new();
            let mut json = Object::begin(&mut line);
            write_account_id(account, &accounts, &mut json);
            json.plain("currency", clearing.currency(currency).as_ref().map_or("", |code| code.as_str()));
            json.decimal("cash", amount);
            json.end();
            lines.push(line);
        }
        for (&number, position) in &holdings.positions {
            let instrument = clearing.instrument(number);
            let mut line = Vec::new();
            let mut json = Object::begin(&mut line);
            write_account_id(account, &accounts, &mut json);
            json.plain("symbol", instrument.listing().symbol.as_str());
            match instrument.lot().size().times(position.lots) {
                Some(qty) => json.decimal("qty", qty),
                None => json.null("qty"),
            }
            json.decimal("cost", position.cost);
            json.decimal("realized", position.realized);
            json.end();
            lines.push(line);
        }
    }
    lines
}

fn begin(format: Format, names: &[&str], out: &mut impl Write) -> io::Result<()> {
    match format {
        Format::Jsonl => Ok(()),
        Format::Csv => writeln!(out, "{}", names.join(",")),
    }
}

fn write_line(format: Format, names: &[&str], mut line: Vec<u8>, out: &mut impl Write) -> io::Result<()> {
    if format == Format::Csv {
        let object: Value = serde_json::from_slice(&line)?;
        let text = |name: &&str| match &object[*name] {
            Value::Null => String::new(),
            // A number that is below zero is no formula.
            Value::String(text) if text.parse::<f64>().is_ok() => text.clone(),
            Value::String(text) => cell(text),
            other => other.to_string(),
        };
        line = names.iter().map(text).collect::<Vec<_>>().join(",").into_bytes();
    }
    line.push(b'\n');
    out.write_all(&line)
}
