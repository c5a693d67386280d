//! Start-up: from a data folder to an exchange and a store, or to a clear refusal.

use rusqlite::Connection;
use tradepit_engine::{Exchange, Listing, Number, Order, Rulebook, Seq, Time};

use crate::accounts::Accounts;
use crate::ack::{Acknowledged, Mark};
use crate::blocks;
use crate::check;
use crate::damage::Read;
use crate::error::Error;
use crate::folder::Folder;
use crate::identity::{self, DatabaseId, Found, Identity};
use crate::journal::{self, End};
use crate::lock::{Lock, Watch};
use crate::marks::{self, IdKey};
use crate::query::Archive;
use crate::schema;
use crate::settle::catch_up;
use crate::stamp::Stamp;
use crate::step::{Step, Tell};
use crate::upgrade;
use crate::views;
use crate::writer::Writer;
use crate::{rows, rules, trails};

/// A database up to this size is checked whole before the server is ready: that takes a second at most. A larger one is
/// checked while the server runs.
const CHECKED_FIRST_BYTES: u64 = 64 * 1024 * 1024;

/// How often progress is told, in rows of orders.
const TELL_EVERY: u64 = 16;

/// A data folder that was opened: locked, looked at, brought up to date.
#[derive(Debug)]
pub struct Opened {
    folder: Folder,
    connection: Connection,
    lock: Lock,
    mark: Mark,
    stamp: Stamp,
    id: DatabaseId,
    is_copy: bool,
    end: End,
    checked: bool,
}

/// What was found.
#[derive(Clone, Debug)]
pub struct Recovered {
    /// Orders that are open.
    pub open_orders: usize,
    /// The newest change.
    pub last_number: Number,
    /// The newest change of a status.
    pub last_seq: Seq,
    /// The newest time that anybody was told of: of the newest change, or how far a virtual clock had come.
    pub last_at: Time,
    /// The secrets by which ids were given so far, oldest first.
    pub id_keys: Vec<IdKey>,
    /// Which database this is.
    pub id: DatabaseId,
    /// Whether this is a copy without a secret of its own yet: the original may have given the ids that would come
    /// next.
    pub is_copy: bool,
    /// Whether every byte was checked, or that is left to do while the server runs.
    pub checked: bool,
}

impl Opened {
    /// Opens the folder, or makes it. Refuses what is not whole, and then changes nothing.
    pub fn open(folder: &Folder) -> Result<Opened, Error> {
        Opened::open_telling(folder, &mut |_, _, _| {})
    }

    /// The same, and tells how far it is.
    pub fn open_telling(folder: &Folder, tell: Tell<'_>) -> Result<Opened, Error> {
        let mut lock = Lock::take(folder)?;
        let acknowledged = Acknowledged::read(folder)?;
        let path = folder.database();
        if !folder.has_traces() {
            schema::create(folder)?;
        } else if !path.exists() {
            return Err(Error::damaged(path, "it is gone, but other files of it are there"));
        }
        schema::check_header(&path, lock.take_database(folder)?)?;
        let found = Found::look(folder)?;
        let is_small = is_small(folder)?;
        if let Err(error) = look_first(folder, is_small, tell)
            && !matches!(error, Error::Older { .. })
        {
            return Err(error);
        }
        let mut connection = schema::open_writer(folder)?;
        let sqlite = Error::sqlite;
        let version = schema::version(&connection, &path)?;
        let is_old = version < schema::VERSION;
        let last_number =
            if is_old { upgrade::last_number(&connection, version) } else { journal::last_number(&connection) };
        let last_number = last_number.map_err(sqlite(&path))?;
        require_acknowledged(folder, acknowledged, last_number, found.now)?;
        let new_id = identity::draw_id(&connection).map_err(sqlite(&path))?;
        let identity = found.settle(folder, new_id)?;
        let stamp = Stamp::watch(&mut connection, identity).map_err(sqlite(&path))?;
        if is_old {
            // A small one is checked on the way: what is refused is left as it was.
            folder.blame(upgrade::run(&connection, version, &stamp, is_small, tell))?;
            schema::check_schema(&connection, &path)?;
        }
        folder.blame(views::renew(&connection, &stamp))?;
        let settled = folder.blame(marks::read(&connection, marks::SETTLED))?;
        let events = folder.blame(journal::events_after(&connection, settled))?;
        if events.last().is_some_and(|event| event.number != last_number) {
            return Err(Error::damaged(path, format!("changes before {} are missing", last_number.0)));
        }
        let end = folder.blame(journal::end(&connection))?;
        folder.blame(catch_up(&connection, &stamp, settled, &events))?;
        let mark = Mark::open(folder, identity.id)?;
        // What stands here will be told to clients: its loss is to be noticed, also if nothing follows.
        mark.set(last_number)?;
        let (folder, id, is_copy) = (folder.clone(), identity.id, identity.copy);
        Ok(Opened { folder, connection, lock, mark, stamp, id, is_copy, end, checked: is_small })
    }

    /// What is listed: what was when the store ended, in that order, and then those of `initial` that were not. These
    /// are listed from now on.
    ///
    /// What [`Opened::recover`] brings into an exchange was listed when that began, or is listed by it.
    pub fn instruments(&self, initial: &[Listing]) -> Result<Vec<Listing>, Error> {
        let accounts = self.accounts(initial)?;
        Ok(accounts.clearing().instruments().map(|instrument| *instrument.listing()).collect())
    }

    fn accounts(&self, initial: &[Listing]) -> Result<Accounts, Error> {
        let read = || {
            let transaction = self.connection.unchecked_transaction()?;
            self.stamp.write_if_due(&transaction)?;
            let accounts = Accounts::read_and_list(&transaction, initial)?;
            transaction.commit()?;
            Ok(accounts)
        };
        self.folder.blame(read())
    }

    /// Brings what is listed, the accounts and the open orders into `exchange`, which is new, and tells what was found.
    /// What that exchange lists, and the store does not, is listed from now on.
    pub fn recover(&self, exchange: &mut Exchange) -> Result<Recovered, Error> {
        self.recover_telling(exchange, &mut |_, _, _| {})
    }

    /// The same, and tells how far it is.
    pub fn recover_telling(&self, exchange: &mut Exchange, tell: Tell<'_>) -> Result<Recovered, Error> {
        let End { number: last_number, seq: last_seq, at: last_at, accepted } = self.end;
        let initial: Vec<Listing> = exchange.instruments().map(|instrument| *instrument.listing()).collect();
        exchange.restore_accounts(self.accounts(&initial)?.into_clearing());
        self.folder.blame(rows::restore(&self.connection, exchange))?;
        // Those of them that trade in parts rest in no book.
        self.folder.blame(rules::restore(&self.connection, exchange))?;
        let open_orders = self.folder.blame(restore_orders(&self.connection, exchange, tell))?;
        exchange.resume(last_number, last_seq, last_at, accepted);
        let clock = self.folder.blame(marks::find(&self.connection, marks::CLOCK))?;
        let last_at = clock.map_or(last_at, |Number(clock)| last_at.max(Time(clock.cast_signed())));
        let id_keys = self.folder.blame(marks::id_keys(&self.connection))?;
        let (id, is_copy, checked) = (self.id, self.is_copy, self.checked);
        Ok(Recovered { open_orders, last_number, last_seq, last_at, id_keys, id, is_copy, checked })
    }

    /// Of what the market's chance is made: what is given, else what it was made of before, else what is drawn now.
    /// It stays so, in copies too.
    pub fn market_seed(&self, given: Option<u64>, drawn: u64) -> Result<u64, Error> {
        let before = self.folder.blame(marks::find(&self.connection, marks::MARKET))?.map(|Number(seed)| seed);
        let seed = given.or(before).unwrap_or(drawn);
        if before != Some(seed) {
            let write = || {
                let transaction = self.connection.unchecked_transaction()?;
                self.stamp.write_if_due(&transaction)?;
                marks::write(&transaction, marks::MARKET, Number(seed))?;
                transaction.commit()
            };
            write().map_err(Error::sqlite(self.folder.database()))?;
        }
        Ok(seed)
    }

    /// Whether rules were ever set: then those that there are now stay.
    pub fn has_rules(&self) -> Result<bool, Error> {
        self.folder.blame(rules::were_set(&self.connection))
    }

    /// These are the rules that there are at first.
    pub fn begin_with_rules(&self, rulebook: &Rulebook) -> Result<(), Error> {
        let write = || {
            let transaction = self.connection.unchecked_transaction()?;
            self.stamp.write_if_due(&transaction)?;
            rules::write(&transaction, rulebook)?;
            transaction.commit()
        };
        write().map_err(Error::sqlite(self.folder.database()))
    }

    /// Remembers the secret by which ids will be given from here on.
    pub fn add_id_key(&self, key: [u8; 32]) -> Result<(), Error> {
        let id_key = IdKey { first_number: self.end.number.next(), key };
        let add = || {
            let transaction = self.connection.unchecked_transaction()?;
            marks::add_id_key(&transaction, &id_key)?;
            self.stamp.has_own_key(&transaction)?;
            transaction.commit()
        };
        add().map_err(Error::sqlite(self.folder.database()))
    }

    /// Brings what a crash left in the log into the database.
    pub(crate) fn carry_log(&self) -> Result<(), Error> {
        self.stamp.carry(&self.connection).map_err(Error::sqlite(self.folder.database()))
    }

    pub(crate) fn is_checked(&self) -> bool {
        self.checked
    }

    pub(crate) fn into_writer(self) -> Result<(Writer, Accounts), Error> {
        let Opened { folder, connection, lock, mark, stamp, end, .. } = self;
        let accounts = folder.blame(Accounts::read(&connection))?;
        schema::widen_cache(&connection).map_err(Error::sqlite(folder.database()))?;
        let watch = Watch::begin(&folder)?;
        Ok((Writer { connection, folder, lock, mark, stamp, watch, end }, accounts))
    }

    pub(crate) fn folder(&self) -> &Folder {
        &self.folder
    }
}

/// Refuses a database that ends before what was acknowledged of it, and one of which nothing was.
fn require_acknowledged(
    folder: &Folder,
    acknowledged: Acknowledged,
    last_number: Number,
    now: Option<Identity>,
) -> Result<(), Error> {
    if last_number < acknowledged.number {
        let names = folder.companions().into_iter().rev().filter_map(|path| Some(path.file_name()?.to_owned()));
        let names: Vec<_> = names.map(|name| name.to_string_lossy().into_owned()).collect();
        let what = format!(
            "it ends at change {}, but change {} was acknowledged (if you restored a backup on purpose, delete {}; \
             `tradepit restore` does it right)",
            last_number.0,
            acknowledged.number.0,
            names.join(", ")
        );
        return Err(Error::damaged(folder.database(), what));
    }
    match (acknowledged.of, now) {
        (Some(of), Some(now)) if !now.knows(of) => Err(folder.stranger(&folder.ack())),
        _ => Ok(()),
    }
}

fn is_small(folder: &Folder) -> Result<bool, Error> {
    let path = folder.database();
    let bytes = std::fs::metadata(&path).map_err(Error::io(&path))?.len();
    Ok(bytes <= CHECKED_FIRST_BYTES)
}

/// Checks all of a small database before anything in it is touched.
fn look_first(folder: &Folder, is_small: bool, tell: Tell<'_>) -> Result<(), Error> {
    if !is_small {
        return Ok(());
    }
    let report = check::run(&Archive::open(folder)?, |done, of| tell(Step::Check, done, of))?;
    match report.damage.into_iter().next() {
        Some(what) => Err(Error::damaged(folder.database(), what)),
        None => Ok(()),
    }
}

/// Brings every open order into an exchange. Returns how many there are.
///
/// Those that reached it stand in line, at each price in the order in which they came there; the one that trades, and
/// is not done, is the last.
fn restore_orders(connection: &Connection, exchange: &mut Exchange, tell: Tell<'_>) -> Read<usize> {
    let of = blocks::orders_beside_open(connection)?;
    let (mut open, mut done, mut rows) = (0, 0, 0);
    let mut arrived: Vec<(Number, Order)> = Vec::new();
    blocks::each_open(connection, |block| {
        done += block.orders.len() as u64;
        rows += 1;
        for order in block.orders.into_iter().filter(|order| !order.state.is_closed()) {
            open += 1;
            match order.rich.as_deref().map(|rich| &rich.progress) {
                Some(progress) if progress.arrived_at.is_some() => {
                    arrived.push((progress.line.unwrap_or(Number(u64::MAX)), order));
                }
                _ => exchange.restore(&order),
            }
        }
        if rows % TELL_EVERY == 0 {
            tell(Step::OpenOrders, done, of);
        }
    })?;
    arrived.sort_by_key(|(line, _)| *line);
    for (_, order) in &mut arrived {
        trails::complete(connection, order)?;
        exchange.restore(order);
    }
    Ok(open)
}
