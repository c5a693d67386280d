//! What `/ws` is asked for by `channels`.

use std::borrow::Cow;

use tradepit_actors::{AccountIds, Channels, Following};
use tradepit_engine::{Number, Symbol};

use super::error::ApiError;
use super::flaw::{Flaw, Flaws, one_of};
use super::market::{DEPTH, DEPTH_AT_MOST};
use super::query::{note, parameter, read_account, read_limit, read_number, read_symbol, refuse};
use super::timeframe::{TIMEFRAME, read_timeframes};

/// The channels that there are.
pub(crate) const NAMES: [&str; 7] = ["orders", "accounts", "instruments", "trades", "quotes", "book", "bars"];

/// What is asked of `/ws` without `channels`, and means nothing beside it.
const OF_STATUSES: [&str; 5] = ["since", "last", "order_id", "stoks", "rejects"];

/// Symbols in one query, at most.
const SYMBOLS_AT_MOST: usize = 1_000;

/// Prices on each side, of all books that one subscriber follows.
const PRICES_AT_MOST: usize = 20_000;

/// What `/ws` is asked for with `channels`.
#[derive(Debug)]
pub(crate) struct ChannelsQuery {
    pub(crate) channels: Channels,
    /// What is followed of the market; in all instruments where it names none.
    pub(crate) following: Following,
    /// First the changes after this one.
    pub(crate) after: Option<Number>,
    /// The venue that the client means.
    pub(crate) venue: Option<String>,
}

impl ChannelsQuery {
    /// Reads it; `None` where no channels are asked for.
    pub(crate) fn parse(query: &str, accounts: &AccountIds) -> Result<Option<ChannelsQuery>, ApiError> {
        let Some(names) = parameter(query, "channels") else { return Ok(None) };
        let (mut flaws, mut channels, mut following) = (Vec::new(), Channels::default(), Following::default());
        let depth = parameter(query, "depth").map(|text| read_limit("depth", &text, DEPTH_AT_MOST));
        let depth = depth.map_or(DEPTH, |depth| depth.unwrap_or_else(|flaw| note(&mut flaws, flaw)));
        let timeframes = parameter(query, "timeframe").map(|text| read_timeframes(&text));
        let timeframes = timeframes.unwrap_or_else(|| Ok(vec![TIMEFRAME]));
        let timeframes = timeframes.unwrap_or_else(|flaw| note(&mut flaws, flaw));
        for name in names.split(',') {
            match name {
                "orders" => channels.orders = true,
                "accounts" => channels.accounts = true,
                "instruments" => channels.instruments = true,
                "trades" => (channels.trades, following.prints) = (true, true),
                "quotes" => following.quotes = true,
                "book" => following.book = Some(depth),
                "bars" => following.bars.clone_from(&timeframes),
                _ => flaws.push(Flaw::in_query("unknown_channel", "channels", one_of(NAMES), name)),
            }
        }
        if parameter(query, "format").as_deref() != Some("json") {
            let msg = "Channels are told with format=json only";
            flaws.push(Flaw::in_query("channels_need_json", "channels", msg, &names));
        }
        for name in OF_STATUSES {
            if let Some(text) = parameter(query, name) {
                flaws.push(Flaw::in_query("beside_channels", name, "This means nothing beside channels", &text));
            }
        }
        if let Some(text) = parameter(query, "symbols") {
            let at_most = at_most(&following);
            channels.symbols = read_symbols(&text, at_most).unwrap_or_else(|flaw| note(&mut flaws, flaw));
            following.symbols.clone_from(&channels.symbols);
        }
        if let Some(text) = parameter(query, "account") {
            channels.account = read_account(&text, accounts).map(Some).unwrap_or_else(|flaw| note(&mut flaws, flaw));
        }
        let after = parameter(query, "after").map(|text| {
            let msg = "Input should be the number of a change: an integer of 0 or more";
            read_number(&text).map(Number).ok_or_else(|| Flaw::in_query("int_parsing", "after", msg, &text))
        });
        let after = after.map(|after| after.unwrap_or_else(|flaw| note(&mut flaws, flaw)));
        let venue = parameter(query, "venue").map(Cow::into_owned);
        refuse(flaws).map(|()| Some(ChannelsQuery { channels, following, after, venue }))
    }

    /// How many instruments it asks for where it follows the market and names none: all that there are, which must not
    /// be more.
    pub(crate) fn follows_all(&self) -> Option<usize> {
        let Following { symbols, quotes, book, prints, bars } = &self.following;
        let follows = *quotes || book.is_some() || *prints || !bars.is_empty();
        (symbols.is_empty() && follows).then(|| at_most(&self.following))
    }

    /// What to tell where there are more instruments than can be followed at once.
    pub(crate) fn too_many(at_most: usize) -> ApiError {
        let msg = format!("There are more than {at_most} instruments: name those to follow");
        ApiError::Invalid(Flaws { detail: vec![Flaw::in_query("too_many_instruments", "symbols", msg, "")] })
    }

    /// Where a subscriber begins that asked for no more than is there.
    pub(crate) fn after(&self, newest: Number) -> Result<Option<Number>, ApiError> {
        let Channels { orders, accounts, instruments, .. } = self.channels;
        let Some(after) = self.after.filter(|&after| after > newest) else {
            return Ok(self.after.filter(|_| orders || accounts || instruments));
        };
        let msg = format!("Input should be less than or equal to {}, the newest change", newest.0);
        let flaw = Flaw::in_query("less_than_equal", "after", msg, &after.0.to_string());
        Err(ApiError::Invalid(Flaws { detail: vec![flaw] }))
    }
}

/// How many instruments may be followed so.
fn at_most(following: &Following) -> usize {
    let of_book = following.book.map_or(SYMBOLS_AT_MOST, |depth| PRICES_AT_MOST / depth.max(1));
    of_book.min(SYMBOLS_AT_MOST / following.bars.len().max(1))
}

/// Symbols with commas between.
fn read_symbols(text: &str, at_most: usize) -> Result<Vec<Symbol>, Flaw> {
    if text.split(',').nth(at_most).is_some() {
        let msg = format!("Input should have at most {at_most} symbols");
        return Err(Flaw::in_query("too_long", "symbols", msg, text));
    }
    text.split(',').map(|symbol| read_symbol("symbols", symbol)).collect()
}
