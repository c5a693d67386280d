//! What subscribers of channels are told: each kept change with its number, and its order whole. Also what `/ws` is
//! asked for by `channels`.

use std::borrow::Cow;

use tradepit_actors::{AccountIds, ChannelVoice, Channels, Frames};
use tradepit_engine::{Body, Ending, Event, Fill, Instrument, Lost, Number, Order, Quoted, State, Symbol};

use super::account::{write_amount, write_terms};
use super::error::ApiError;
use super::fill::write_fill;
use super::flaw::{Flaw, Flaws, one_of};
use super::market::{Price, Size, write_changed, write_fields};
use super::object::Object;
use super::order::write_order;
use super::query::{note, parameter, read_account, read_number, read_symbol, refuse};
use super::terms::write_account_id;

/// The channels that there are.
const NAMES: [&str; 3] = ["orders", "accounts", "instruments"];

/// What is asked of `/ws` without `channels`, and means nothing beside it.
const OF_STATUSES: [&str; 5] = ["since", "last", "order_id", "stoks", "rejects"];

/// Symbols in one query, at most.
const SYMBOLS_AT_MOST: usize = 1_000;

pub(crate) static VOICE: ChannelVoice =
    ChannelVoice { change: write_change, lagged: write_lagged, order: write_open_order };

/// What `/ws` is asked for with `channels`.
#[derive(Debug)]
pub(crate) struct ChannelsQuery {
    pub(crate) channels: Channels,
    /// First the changes after this one.
    pub(crate) after: Option<Number>,
    /// The venue that the client means.
    pub(crate) venue: Option<String>,
}

impl ChannelsQuery {
    /// Reads it; `None` where no channels are asked for.
    pub(crate) fn parse(query: &str, accounts: &AccountIds) -> Result<Option<ChannelsQuery>, ApiError> {
        let Some(names) = parameter(query, "channels") else { return Ok(None) };
        let (mut flaws, mut channels) = (Vec::new(), Channels::default());
        for name in names.split(',') {
            match name {
                "orders" => channels.orders = true,
                "accounts" => channels.accounts = true,
                "instruments" => channels.instruments = true,
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
            channels.symbols = read_symbols(&text).unwrap_or_else(|flaw| note(&mut flaws, flaw));
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
        refuse(flaws).map(|()| Some(ChannelsQuery { channels, after, venue }))
    }

    /// Where a subscriber begins that asked for no more than is there.
    pub(crate) fn after(&self, newest: Number) -> Result<Option<Number>, ApiError> {
        let Some(after) = self.after.filter(|&after| after > newest) else { return Ok(self.after) };
        let msg = format!("Input should be less than or equal to {}, the newest change", newest.0);
        let flaw = Flaw::in_query("less_than_equal", "after", msg, &after.0.to_string());
        Err(ApiError::Invalid(Flaws { detail: vec![flaw] }))
    }
}

/// Symbols with commas between.
fn read_symbols(text: &str) -> Result<Vec<Symbol>, Flaw> {
    if text.split(',').nth(SYMBOLS_AT_MOST).is_some() {
        let msg = format!("Input should have at most {SYMBOLS_AT_MOST} symbols");
        return Err(Flaw::in_query("too_long", "symbols", msg, text));
    }
    text.split(',').map(|symbol| read_symbol("symbols", symbol)).collect()
}

/// Says a change, or both where one event tells of two.
fn write_change(event: &Event, order: Option<&Order>, after: Number, accounts: &AccountIds, frames: &mut Frames) {
    let fill = event.fill();
    let mut of_order = |number: Number, name: &str, order: &Order, fill: Option<&Fill>| {
        frames.push(|out| {
            let mut json = begin("orders", number, event, name, out);
            json.object("order", |json| write_order(order, accounts, json));
            match fill {
                Some(fill) => json.object("fill", |json| write_fill(fill, json)),
                None => json.null("fill"),
            }
            json.end();
        });
    };
    let name = match &event.body {
        Body::Accepted(accepted) if accepted.state() == State::Held => "held",
        Body::Accepted(_) => "accepted",
        // It executed before there were trades: so it has no fill.
        Body::Executed(_) | Body::Filled(_) => "fill",
        Body::Cancelled(_) => "canceled",
        Body::Bought(trade) => {
            if let Some(arrived) = order.map(|order| order.before_trade(trade)).filter(|order| order.number > after) {
                of_order(arrived.number, "arrived", &arrived, None);
            }
            "fill"
        }
        Body::Arrived(_) => "arrived",
        Body::Ended(ended) => ending_name(ended.ending),
        Body::Replaced(_) => "replaced",
        Body::Amended(_) => "amended",
        Body::Triggered(_) => "triggered",
        // It is no change: the next one shows it.
        Body::Followed(_) => return,
        Body::Listed(_)
        | Body::InstrumentChanged(_)
        | Body::Quoted(_)
        | Body::AccountOpened(_)
        | Body::Transferred(_) => {
            frames.push(|out| write_other(event, accounts, out));
            return;
        }
    };
    if let Some(order) = order {
        of_order(event.number, name, order, fill.as_ref());
    }
}

/// Says a change that is about no order.
fn write_other(event: &Event, accounts: &AccountIds, out: &mut Vec<u8>) {
    let of_instrument = |name, out| begin("instruments", event.number, event, name, out);
    let of_account = |name, out| begin("accounts", event.number, event, name, out);
    let json = match &event.body {
        Body::Listed(listing) => {
            let mut json = of_instrument("listed", out);
            // What is listed can be one.
            if let Ok(instrument) = Instrument::new(**listing) {
                json.object("instrument", |json| write_fields(&instrument, json));
            }
            json
        }
        Body::InstrumentChanged(changed) => {
            let mut json = of_instrument("changed", out);
            json.object("instrument", |json| write_changed(changed, json));
            json
        }
        Body::Quoted(quoted) => {
            let mut json = of_instrument("quoted", out);
            json.object("quote", |json| write_hand_quote(quoted, json));
            json
        }
        Body::AccountOpened(opened) => {
            let mut json = of_account("opened", out);
            json.object("account", |json| write_terms(&opened.account(event.at), &opened.cash, json));
            json
        }
        Body::Transferred(transferred) => {
            let mut json = of_account("transferred", out);
            json.object("transfer", |json| {
                write_account_id(transferred.account, accounts, json);
                write_amount(transferred, json);
            });
            json
        }
        _ => return,
    };
    json.end();
}

/// Writes a quote that was set by hand; null where it was taken back.
fn write_hand_quote(quoted: &Quoted, json: &mut Object<'_>) {
    json.plain("symbol", quoted.symbol.as_str());
    let offers = quoted.quote.map(|quote| (quote.bid, quote.ask));
    for (name, size, offer) in
        [("bid", "bid_size", offers.map(|offers| offers.0)), ("ask", "ask_size", offers.map(|offers| offers.1))]
    {
        match offer {
            Some(offer) => {
                json.decimal(name, Price(quoted.tick, offer.ticks));
                json.decimal(size, Size(quoted.lot, offer.lots.into()));
            }
            None => {
                json.null(name);
                json.null(size);
            }
        }
    }
}

fn begin<'a>(channel: &str, number: Number, event: &Event, name: &str, out: &'a mut Vec<u8>) -> Object<'a> {
    let mut json = Object::begin(out);
    json.plain("channel", channel);
    json.number("number", number.0);
    json.time("at", event.at);
    json.plain("event", name);
    json
}

fn ending_name(ending: Ending) -> &'static str {
    match ending {
        Ending::Expired => "expired",
        Ending::Replaced => "replaced",
        Ending::PostOnly => "rejected",
        Ending::Client
        | Ending::ImmediateOrCancel
        | Ending::FillOrKill
        | Ending::SelfTrade
        | Ending::InsufficientBuyingPower
        | Ending::NoLiquidity
        | Ending::NotTrading
        | Ending::Group => "canceled",
    }
}

fn write_lagged(lost: &Lost, out: &mut Vec<u8>) {
    let mut json = Object::begin(out);
    json.plain("channel", "lagged");
    json.number("oldest", lost.before.next().0);
    json.number("number", lost.as_of.0);
    json.end();
}

fn write_open_order(order: &Order, accounts: &AccountIds, out: &mut Vec<u8>) {
    let mut json = Object::begin(out);
    json.plain("channel", "orders");
    json.number("number", order.number.0);
    json.null("event");
    json.object("order", |json| write_order(order, accounts, json));
    json.end();
}
