//! Where each instrument stands, as the changes up to the mark `settled` made it: its last price, what the house quotes
//! in it by hand, and what of it may change. The table `market`, in ticks and lots, a row for each instrument that ever
//! traded, was quoted or changed.

use rusqlite::{Connection, Row, params};
use tradepit_engine::{Clearing, HandQuote, InstrumentChange, InstrumentChanged, InstrumentNumber, Offer, Trading};

use crate::damage::{Failure, Read};
use crate::record::{Garbled, Word, read_decimal};
use crate::sum::Sum;
use crate::total::Total;

/// Where an instrument stands: its last price, then price and size of the bid, and of the ask, of a quote by hand.
type Columns = [Option<i64>; 5];

/// Brings all rows into a clearing that lists their instruments, and their checksums into the total.
pub(crate) fn read(connection: &Connection, clearing: &mut Clearing, total: &mut Total) -> Read<()> {
    let select = "SELECT place, last_ticks, bid_ticks, bid_lots, ask_ticks, ask_lots, status, maker_fee, taker_fee, \
                  short, crc FROM market";
    let mut statement = connection.prepare(select)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let place = row.get(0)?;
        read_row(row, place, clearing)?
            .ok_or_else(|| Failure::Damage(format!("the market of instrument {place} is not what was written")))?;
        total.add(row.get(10)?);
    }
    Ok(())
}

fn read_row(row: &Row<'_>, place: i64, clearing: &mut Clearing) -> rusqlite::Result<Option<()>> {
    let columns: Columns = [row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?];
    let changing = Changing { status: row.get(6)?, maker_fee: row.get(7)?, taker_fee: row.get(8)?, short: row.get(9)? };
    let is_intact = row.get::<_, i64>(10)? == sum(place, columns, &changing);
    let number = InstrumentNumber::try_from(place).ok().filter(|&number| {
        // A quantity of u32 fits a usize.
        is_intact && (number as usize) < clearing.instruments().len()
    });
    let (Some(number), Ok((last_ticks, by_hand))) = (number, of_columns(columns)) else { return Ok(None) };
    let Ok(changed) = changing.read(clearing, number) else { return Ok(None) };
    clearing.restore_market(number, last_ticks, by_hand);
    clearing.change(number, &changed);
    Ok(Some(()))
}

/// What of an instrument may change, as it is.
struct Changing {
    status: String,
    maker_fee: String,
    taker_fee: String,
    short: i64,
}

impl Changing {
    fn of(changed: &InstrumentChanged) -> Changing {
        let (maker_fee, taker_fee) = (changed.maker_fee.to_string(), changed.taker_fee.to_string());
        Changing { status: changed.status.word().to_owned(), maker_fee, taker_fee, short: changed.short.into() }
    }

    fn read(&self, clearing: &Clearing, number: InstrumentNumber) -> Result<InstrumentChanged, Garbled> {
        let (maker_fee, taker_fee) = (read_decimal(&self.maker_fee)?, read_decimal(&self.taker_fee)?);
        let change = InstrumentChange {
            status: Some(Trading::of(&self.status)?),
            maker_fee: Some(maker_fee),
            taker_fee: Some(taker_fee),
            short: Some(self.short != 0),
        };
        Ok(clearing.instrument(number).changed_by(&change))
    }
}

fn of_columns(columns: Columns) -> Result<(Option<u64>, Option<HandQuote>), std::num::TryFromIntError> {
    let [last, bid_ticks, bid_lots, ask_ticks, ask_lots] = columns.map(|column| column.map(u64::try_from).transpose());
    let offer = |ticks: Option<u64>, lots: Option<u64>| Some(Offer { ticks: ticks?, lots: lots? });
    let (bid, ask) = (offer(bid_ticks?, bid_lots?), offer(ask_ticks?, ask_lots?));
    Ok((last?, bid.zip(ask).map(|(bid, ask)| HandQuote { bid, ask })))
}

/// Writes the row of an instrument.
pub(crate) fn write(
    connection: &Connection,
    clearing: &Clearing,
    number: InstrumentNumber,
    total: &mut Total,
) -> rusqlite::Result<()> {
    let quote = clearing.by_hand(number);
    let of_quote = |of: fn(&HandQuote) -> u64| quote.map(of);
    let columns = [
        clearing.last_ticks(number),
        of_quote(|quote| quote.bid.ticks),
        of_quote(|quote| quote.bid.lots),
        of_quote(|quote| quote.ask.ticks),
        of_quote(|quote| quote.ask.lots),
    ];
    let columns = columns.map(|column| column.map(u64::cast_signed));
    let (place, [last, bid_ticks, bid_lots, ask_ticks, ask_lots]) = (i64::from(number), columns);
    let changing = Changing::of(&clearing.instrument(number).changed_by(&InstrumentChange::default()));
    let sum = sum(place, columns, &changing);
    total.replace(connection, ("SELECT crc FROM market WHERE place = ?1", [place]), sum)?;
    let Changing { status, maker_fee, taker_fee, short } = changing;
    let insert = "INSERT OR REPLACE INTO market VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
    let row = params![place, last, bid_ticks, bid_lots, ask_ticks, ask_lots, status, maker_fee, taker_fee, short, sum];
    connection.prepare_cached(insert)?.execute(row).map(drop)
}

/// No column that is there is below zero.
fn sum(place: i64, columns: Columns, changing: &Changing) -> i64 {
    let [last, bid_ticks, bid_lots, ask_ticks, ask_lots] = columns.map(|column| column.unwrap_or(-1));
    let sum = Sum::new(&[place, last, bid_ticks, bid_lots, ask_ticks, ask_lots, changing.short]);
    let texts = [&changing.status, &changing.maker_fee, &changing.taker_fee];
    texts.into_iter().fold(sum, |sum, text| sum.text(Some(text))).done()
}
