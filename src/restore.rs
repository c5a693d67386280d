//! From a data folder to what the OrderBook goes on from.

use std::sync::Arc;

use tradepit_actors::{Chance, Clock, Ids, Restore};
use tradepit_engine::Book;
use tradepit_store::{DatabaseId, Error, Folder, Opened, Retain, SqliteStore};

use crate::config::Config;
use crate::progress::Progress;

/// Closed orders that stay in memory although the store has them: those that their clients ask for next.
const RECENT_ORDERS: usize = 4_096;

/// Opens the folder, and reads what it holds; also tells which database that is. Takes time, and a thread.
pub(crate) fn open(folder: &Folder, config: &Config) -> Result<(Restore, DatabaseId), Error> {
    let (started, progress) = (Clock::monotonic(), Progress::begin("recovering"));
    let opened = Opened::open_telling(folder, &mut |step, done, of| progress.tell(step, done, of))?;
    let mut book = Book::backed(config.max_orders.get(), RECENT_ORDERS);
    let recovered = opened.recover_telling(&mut book, &mut |step, done, of| progress.tell(step, done, of))?;
    let keys = recovered.id_keys.iter().map(|kept| (kept.first_seq, Chance::from_key(kept.key)));
    let mut keys: Vec<_> = keys.collect();
    // Without a seed, ids go on by the key that they were made with before; but not in a copy: the original may have given
    // ids since.
    let last = keys.last().map(|&(_, chance)| chance);
    let own = last.filter(|_| !recovered.is_copy);
    let chance = config.seed.map_or_else(|| own.unwrap_or_else(Chance::random), Chance::seeded);
    if recovered.is_copy || last != Some(chance) {
        opened.add_id_key(chance.key())?;
        keys.push((recovered.last_seq.next(), chance));
    }
    let retain = Retain { age_us: config.retain, orders: config.retain_orders.map(std::num::NonZeroU64::get) };
    progress.phase("counting what is kept");
    let store = SqliteStore::new(opened, retain)?;
    drop(progress);
    if recovered.is_copy {
        log::info!("{} is a copy: it goes on as a venue of its own", folder.dir().display());
    }
    log::info!(
        "recovered {} open orders as of change {} from {} in {:.3} s{}",
        recovered.open_orders,
        recovered.last_seq.0,
        folder.dir().display(),
        started.elapsed().as_secs_f64(),
        if recovered.checked { "" } else { "; the whole database is checked in the background" },
    );
    let restore = Restore {
        book,
        last_at: recovered.last_at,
        chance,
        ids: Ids::new(keys.into_iter()),
        start: Box::new(move |confirm| Ok(Arc::new(store.start(confirm)?))),
    };
    Ok((restore, recovered.id))
}
