//! Rules, with what they counted, and what they have in store for open orders: the tables `rules` and `plans`.
//!
//! What a rule had to say of an order is told with that, and is no change: nothing else tells it, so it is kept here as
//! it comes, in the same transaction. The mark `rules` is the seed that chance follows from: it is there once rules
//! were set, also where there are none.

use std::collections::BTreeSet;
use std::sync::Arc;

use rusqlite::{Connection, Row, params};
use tradepit_engine::{Body, Counts, Event, Exchange, Noticed, Number, Plan, Rule, Rulebook};

use crate::damage::{Failure, Read};
use crate::marks;
use crate::record::{VERSION, push_plan, push_rule, read_plan, read_rule, text_of};
use crate::sum::Sum;

/// What the writer knows of rules.
pub(crate) struct Rules<'a> {
    connection: &'a Connection,
    rulebook: Rulebook,
    /// The rules that counted something since their rows were written.
    counted: BTreeSet<u16>,
    /// Orders that have a row.
    planned: BTreeSet<Number>,
}

impl<'a> Rules<'a> {
    /// Reads both tables.
    pub(crate) fn prepare(connection: &'a Connection) -> Read<Rules<'a>> {
        let rulebook = read(connection)?.unwrap_or_else(|| Rulebook::new(Arc::default(), 0));
        let mut planned = BTreeSet::new();
        each_plan(connection, |order, _| {
            planned.insert(order);
        })?;
        Ok(Rules { connection, rulebook, counted: BTreeSet::new(), planned })
    }

    /// Brings all on by the event that comes next.
    pub(crate) fn add(&mut self, event: &Event) -> rusqlite::Result<()> {
        match &event.body {
            Body::RulesSet(set) => {
                self.counted.clear();
                self.rulebook = Rulebook::new(Arc::clone(&set.rules), set.seed);
                write(self.connection, &self.rulebook)
            }
            Body::Ruled(ruled) => {
                self.count(&ruled.noticed);
                let Some(plan) = &ruled.plan else { return Ok(()) };
                self.planned.insert(ruled.order.accepted_number);
                write_plan(self.connection, ruled.order.accepted_number, plan)
            }
            Body::Refused(refused) => {
                self.count(&refused.noticed);
                Ok(())
            }
            _ => match event.about().filter(|_| event.closes() && !self.planned.is_empty()) {
                Some(order) if self.planned.remove(&order) => remove_plan(self.connection, order),
                _ => Ok(()),
            },
        }
    }

    fn count(&mut self, noticed: &[Noticed]) {
        self.rulebook.count(noticed);
        self.counted.extend(noticed.iter().map(|noticed| noticed.rule));
    }

    /// Writes the rows of those that counted something.
    pub(crate) fn flush(&mut self) -> rusqlite::Result<()> {
        let counted = std::mem::take(&mut self.counted);
        counted.into_iter().try_for_each(|place| write_rule(self.connection, &self.rulebook, place.into()))
    }
}

/// Brings rules, and what they have in store, into an exchange, before its orders.
pub(crate) fn restore(connection: &Connection, exchange: &mut Exchange) -> Read<()> {
    if let Some(rulebook) = read(connection)? {
        exchange.have_rules(rulebook);
    }
    each_plan(connection, |order, plan| exchange.plan_for(order, Arc::new(plan)))
}

/// Reads every row.
pub(crate) fn check(connection: &Connection) -> Read<()> {
    read(connection)?;
    each_plan(connection, |_, _| {})
}

/// Whether rules were ever set here.
pub(crate) fn were_set(connection: &Connection) -> Read<bool> {
    Ok(marks::find(connection, marks::RULES)?.is_some())
}

/// The rules that there are, if any were ever set.
fn read(connection: &Connection) -> Read<Option<Rulebook>> {
    let Some(Number(seed)) = marks::find(connection, marks::RULES)? else { return Ok(None) };
    let select = "SELECT place, met, matched, used, version, crc, record FROM rules ORDER BY place";
    let mut statement = connection.prepare(select)?;
    let mut rows = statement.query([])?;
    let (mut rules, mut counts) = (Vec::new(), Vec::new());
    while let Some(row) = rows.next()? {
        let place: i64 = row.get(0)?;
        let read = if place == rules.len() as i64 { read_row(row, place)? } else { None };
        let (rule, counted) =
            read.ok_or_else(|| Failure::Damage(format!("the rule {place} is not what was written")))?;
        rules.push(rule);
        counts.push(counted);
    }
    Ok(Some(Rulebook::with_counts(rules.into(), seed, counts)))
}

fn read_row(row: &Row<'_>, place: i64) -> rusqlite::Result<Option<(Rule, Counts)>> {
    let numbers: [i64; 5] = [place, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?];
    let [_, met, matched, used, version] = numbers;
    let (crc, record): (i64, &str) = (row.get(5)?, row.get_ref(6)?.as_str()?);
    if crc != sum(&numbers, record) {
        return Ok(None);
    }
    let [met, matched, used] = [met, matched, used].map(i64::cast_unsigned);
    Ok(read_rule(version, record).ok().map(|rule| (rule, Counts { met, matched, used })))
}

/// Writes all of it, in place of what there was.
pub(crate) fn write(connection: &Connection, rulebook: &Rulebook) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM rules", [])?;
    marks::write(connection, marks::RULES, Number(rulebook.seed()))?;
    (0..rulebook.rules().len()).try_for_each(|place| write_rule(connection, rulebook, place))
}

fn write_rule(connection: &Connection, rulebook: &Rulebook, place: usize) -> rusqlite::Result<()> {
    let (Some(rule), Some(counts)) = (rulebook.rules().get(place), rulebook.counts().get(place)) else { return Ok(()) };
    let mut record = Vec::new();
    push_rule(&mut record, rule);
    let (record, place) = (text_of(&record), place as i64);
    let [met, matched, used] = [counts.met, counts.matched, counts.used].map(u64::cast_signed);
    let crc = sum(&[place, met, matched, used, VERSION], record);
    let insert = "INSERT OR REPLACE INTO rules VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    let row = params![place, met, matched, used, VERSION, crc, record];
    connection.prepare_cached(insert)?.execute(row).map(drop)
}

fn write_plan(connection: &Connection, order: Number, plan: &Plan) -> rusqlite::Result<()> {
    let mut record = Vec::new();
    push_plan(&mut record, plan);
    let (record, order) = (text_of(&record), order.0.cast_signed());
    let mut statement = connection.prepare_cached("INSERT OR REPLACE INTO plans VALUES (?1, ?2, ?3, ?4)")?;
    statement.execute(params![order, VERSION, sum(&[order, VERSION], record), record]).map(drop)
}

fn remove_plan(connection: &Connection, order: Number) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached("DELETE FROM plans WHERE order_number = ?1")?;
    statement.execute([order.0.cast_signed()]).map(drop)
}

fn each_plan(connection: &Connection, mut of: impl FnMut(Number, Plan)) -> Read<()> {
    let mut statement = connection.prepare("SELECT order_number, version, crc, record FROM plans")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let numbers: [i64; 2] = [row.get(0)?, row.get(1)?];
        let (crc, record): (i64, &str) = (row.get(2)?, row.get_ref(3)?.as_str()?);
        let plan = if crc == sum(&numbers, record) { read_plan(numbers[1], record).ok() } else { None };
        match plan {
            Some(plan) => of(Number(numbers[0].cast_unsigned()), plan),
            None => {
                let what = format!("what is in store for the order of change {} is not what was written", numbers[0]);
                return Err(Failure::Damage(what));
            }
        }
    }
    Ok(())
}

fn sum(numbers: &[i64], record: &str) -> i64 {
    Sum::new(numbers).text(Some(record)).done()
}
