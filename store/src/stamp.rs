//! Every log says whose it is: its first transaction writes the database's identity (`identity.rs`).
//!
//! A log begins anew with the first transaction after all of it was brought into the database. SQLite does not tell
//! beforehand, so whoever may be that transaction writes the identity: from each complete checkpoint on, until a log is
//! seen to be short again. Checkpoints are made here for that reason, where SQLite makes its own.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::hooks::Wal;
use rusqlite::{Connection, Row};

use crate::identity::Identity;
use crate::schema::CHECKPOINT_PAGES;

/// What the log in hand says, and whether the next transaction shall say it.
#[derive(Clone, Debug)]
pub(crate) struct Stamp(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    identity: Identity,
    due: bool,
    /// Pages in the log, as of the last commit.
    pages: i32,
}

impl Stamp {
    /// Watches the commits of the connection that writes. The first transaction shall say `identity`.
    pub(crate) fn watch(connection: &mut Connection, identity: Identity) -> rusqlite::Result<Stamp> {
        let stamp = Stamp(Arc::new(Mutex::new(State { identity, due: true, pages: 0 })));
        let watching = stamp.clone();
        connection.wal_hook(Some(move |log: &mut Wal, pages| {
            watching.committed(log, pages);
            Ok(())
        }))?;
        Ok(stamp)
    }

    /// Called within each transaction.
    pub(crate) fn write_if_due(&self, connection: &Connection) -> rusqlite::Result<()> {
        let (identity, due) = {
            let state = self.state();
            (state.identity, state.due)
        };
        if due { identity.write(connection) } else { Ok(()) }
    }

    /// Called within the transaction that keeps a secret of the database's own for ids.
    pub(crate) fn has_own_key(&self, connection: &Connection) -> rusqlite::Result<()> {
        let identity = {
            let mut state = self.state();
            state.identity = state.identity.with_own_key();
            state.identity
        };
        identity.write(connection)
    }

    fn committed(&self, log: &mut Wal, pages: i32) {
        let mut state = self.state();
        if pages < state.pages || state.pages == 0 {
            state.due = false;
        }
        state.pages = pages;
        if pages < CHECKPOINT_PAGES {
            return;
        }
        // By default it waits for nobody. One that does not succeed, for a reader needs the log, is tried again after
        // the next commit, as SQLite does.
        if log.checkpoint_v2(Default::default()).is_ok_and(|(all, done)| all == done) {
            state.begin_next();
        }
    }

    /// Brings the log into the database, so that the next one has all its room; as far as nobody reads in it.
    pub(crate) fn carry(&self, connection: &Connection) -> rusqlite::Result<()> {
        let counts = |row: &Row<'_>| Ok((row.get::<_, i64>(1)?, row.get::<_, i64>(2)?));
        let (all, done) = connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], counts)?;
        if all == done {
            self.state().begin_next();
        }
        Ok(())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// The database has all of the log: the next transaction may begin another one.
    fn begin_next(&mut self) {
        self.due = true;
        self.identity = self.identity.of_next_log();
    }
}
