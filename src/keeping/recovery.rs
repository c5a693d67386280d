//! From a data folder to a venue that goes on where it ends.

use std::sync::Arc;

use tradepit_actors::{Chance, Clock, Ids, Recovered, Setup, VenueId};
use tradepit_engine::{Exchange, Rulebook};
use tradepit_store::{Error, Folder, Opened, Pool, Recovered as Found, Retain, SqliteStore, Tell};

use crate::config::{ClockConfig, VenueConfig};
use crate::progress::Progress;

/// Closed orders that stay in memory although the store has them: those that their clients ask for next.
const RECENT_ORDERS: usize = 4_096;

/// A venue that is about to start.
pub(crate) struct Beginning {
    pub(crate) id: VenueId,
    pub(crate) setup: Setup,
    /// What its store has; none where it is in memory only.
    pub(crate) recovered: Option<Recovered>,
}

/// A venue in memory only.
pub(crate) fn anew(config: &VenueConfig) -> Beginning {
    let chance = config.seed.map_or_else(Chance::random, Chance::seeded);
    let id = VenueId(Chance::random().number());
    let setup = config.setup(chance, config.seed.unwrap_or_else(drawn), config.clock.begin());
    Beginning { id, setup, recovered: None }
}

/// A seed for a market, where none is given. It is no secret: who sees the prices has it, with patience.
fn drawn() -> u64 {
    Chance::random().number()
}

/// Opens the folder, and reads what it holds, telling how far it is. Takes time, and a thread.
pub(crate) fn open(folder: &Folder, config: &VenueConfig) -> Result<Beginning, Error> {
    let (started, progress) = (Clock::monotonic(), Progress::begin("recovering"));
    let (beginning, found) = read(folder, config, None, Some(&progress))?;
    drop(progress);
    if found.is_copy {
        log::info!("{} is a copy: it goes on as a venue of its own", folder.dir().display());
    }
    log::info!(
        "recovered {} open orders as of change {} from {} in {:.3} s{}",
        found.open_orders,
        found.last_number.0,
        folder.dir().display(),
        started.elapsed().as_secs_f64(),
        if found.checked { "" } else { "; the whole database is checked in the background" },
    );
    Ok(beginning)
}

/// The same, of one of many venues, which share threads: says nothing.
pub(super) fn open_beside(folder: &Folder, config: &VenueConfig, pool: &Pool) -> Result<Beginning, Error> {
    Ok(read(folder, config, Some(pool), None)?.0)
}

fn read(
    folder: &Folder,
    config: &VenueConfig,
    pool: Option<&Pool>,
    progress: Option<&Progress>,
) -> Result<(Beginning, Found), Error> {
    let tell: Tell<'_> = &mut |step, done, of| progress.into_iter().for_each(|progress| progress.tell(step, done, of));
    let opened = Opened::open_telling(folder, tell)?;
    let market_seed = opened.market_seed(config.seed, drawn())?;
    // Its clock is not known yet, and no part of the rules.
    let Setup { max_orders, rules, .. } = config.setup(Chance::seeded(0), market_seed, Clock::system());
    let exchange = Exchange::with_rules(max_orders, rules);
    let mut exchange = exchange.in_front_of_store(RECENT_ORDERS);
    let kept = opened.recover_telling(&mut exchange, tell)?;
    let keys = kept.id_keys.iter().map(|key| (key.first_number, Chance::from_key(key.key)));
    let mut keys: Vec<_> = keys.collect();
    // Without a seed, ids go on by the key that they were made with before; but not in a copy: the original may have
    // given ids since.
    let last = keys.last().map(|&(_, chance)| chance);
    let own = last.filter(|_| !kept.is_copy);
    let chance = config.seed.map_or_else(|| own.unwrap_or_else(Chance::random), Chance::seeded);
    if kept.is_copy || last != Some(chance) {
        opened.add_id_key(chance.key())?;
        keys.push((kept.last_number.next(), chance));
    }
    if let Some(rules) = &config.rules
        && !opened.has_rules()?
    {
        let rulebook = Rulebook::new(Arc::clone(&rules.0), chance.number());
        opened.begin_with_rules(&rulebook)?;
        exchange.have_rules(rulebook);
    }
    let retain = Retain { age_us: config.retain, orders: config.retain_orders.map(std::num::NonZeroU64::get) };
    progress.into_iter().for_each(|progress| progress.phase("counting what is kept"));
    let store = match pool {
        Some(pool) => SqliteStore::in_pool(opened, retain, pool)?,
        None => SqliteStore::new(opened, retain)?,
    };
    // Nobody hears of the time before: neither does the clock go back behind it.
    let clock = match (pool, config.clock) {
        // Its timer is a coarse one: a descriptor for each venue would be many.
        (Some(_), ClockConfig::Real) => Clock::starting_at(Clock::wall()),
        (_, clock) => clock.begin(),
    };
    let clock = clock.not_before(kept.last_at);
    let recovered = Recovered {
        exchange,
        ids: Ids::new(keys.into_iter()),
        kept_orders: store.kept_orders(),
        start: Box::new(move |confirm| Ok(Arc::new(store.start(confirm)?))),
    };
    let setup = config.setup(chance, market_seed, clock);
    Ok((Beginning { id: VenueId(kept.id.0), setup, recovered: Some(recovered) }, kept))
}
