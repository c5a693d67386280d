//! A store at work, and a test that waits for what it confirms.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};

use tradepit_engine::{Exchange, Number};
use tradepit_store::{Batch, Confirm, Error, Folder, Opened, Recovered, Retain, Running, SqliteStore, Store, Stored};

use crate::twin::Twin;

pub(crate) const EVERYTHING: Retain = Retain { age_us: None, orders: None };

pub(crate) struct Desk {
    pub(crate) folder: Folder,
    pub(crate) running: Running,
    pub(crate) confirmed: Receiver<Result<Stored, Error>>,
    /// What was confirmed last.
    pub(crate) stored: Stored,
}

impl Desk {
    /// Opens the folder as a server does: the exchange, a secret, and then the store.
    pub(crate) fn open(dir: &Path, retain: Retain) -> (Desk, Exchange, Recovered) {
        let folder = Folder::new(dir);
        let opened = Opened::open(&folder).unwrap();
        let (exchange, recovered) = recover(&opened).unwrap();
        opened.add_id_key([7; 32]).unwrap();
        let (tell, confirmed) = channel();
        // A test that is over does not listen.
        let confirm: Confirm = Arc::new(move |stored| drop(tell.send(stored)));
        let store = SqliteStore::new(opened, retain).unwrap();
        let kept_orders = store.kept_orders();
        let running = store.start(&confirm).unwrap();
        let (durable, settled) = (recovered.last_number, recovered.last_number);
        let stored = Stored { durable, settled, removed: Number(0), kept_orders };
        (Desk { folder, running, confirmed, stored }, exchange, recovered)
    }

    /// Appends, and waits until it is confirmed.
    pub(crate) fn append(&mut self, batch: &Batch) {
        self.running.append(Arc::clone(batch));
        let last = batch.last().map_or(Number(0), |event| event.number);
        self.wait(|stored| stored.durable >= last);
    }

    /// Waits until the table of orders has everything.
    pub(crate) fn settle(&mut self) {
        self.wait(|stored| stored.settled == stored.durable);
    }

    /// Waits until nothing is left to do: all is settled, and what need not be kept is removed.
    pub(crate) fn rest(&mut self, twin: &Twin) {
        self.wait(|stored| stored.settled == twin.last_number() && stored.removed == twin.horizon);
    }

    /// Requires that so many orders are said to be kept as there are.
    pub(crate) fn counts(&self, twin: &Twin) {
        assert_eq!(self.stored.kept_orders, twin.orders.len() as u64);
    }

    /// Waits for what the store confirms.
    pub(crate) fn wait(&mut self, until: impl Fn(Stored) -> bool) {
        while !until(self.stored) {
            let stored = self.confirmed.recv().expect("a store that runs confirms").unwrap();
            assert!(stored.durable >= self.stored.durable && stored.settled >= self.stored.settled, "{stored:?}");
            assert!(stored.settled <= stored.durable, "{stored:?}");
            self.stored = stored;
        }
    }

    pub(crate) fn close(self) {
        self.running.close();
        assert!(self.confirmed.try_iter().all(|stored| stored.is_ok()));
    }
}

/// Brings a new exchange to where the folder is.
pub(crate) fn recover(opened: &Opened) -> Result<(Exchange, Recovered), Error> {
    let mut exchange = Exchange::backed(usize::MAX, 10);
    let recovered = opened.recover(&mut exchange)?;
    Ok((exchange, recovered))
}
