//! What subscribers of channels are told: each kept change with its number, and its order whole; trades; how books
//! and quotes stand, and how bars grow.

use tradepit_actors::{AccountIds, ChannelVoice, Frames, Growth, Trade};
use tradepit_engine::{Body, Ending, Event, Fill, Instrument, Lost, Number, Offered, Order, Quoted, State};

use super::account::{write_amount, write_terms};
use super::bar::write_bar_fields;
use super::fill::write_fill;
use super::market::{Price, Size, write_best, write_changed, write_fields, write_sides};
use super::object::Object;
use super::order::write_order;
use super::rows::write_rows;
use super::terms::write_account_id;
use super::timeframe::timeframe_name;
use super::trade::write_trade;

pub(crate) static VOICE: ChannelVoice = ChannelVoice {
    change: write_change,
    lagged: write_lagged,
    order: write_open_order,
    print: write_print,
    bar: write_growth,
    quote: write_quote,
    book: write_book,
    channel: channel_of,
};

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
        Body::Rescheduled(rescheduled) if rescheduled.due_at.is_none() => "held",
        Body::Rescheduled(_) => "released",
        Body::Scripted(scripted) => ending_name(scripted.ending),
        Body::Amended(_) => "amended",
        Body::Triggered(_) => "triggered",
        // It is no change: the next one shows it.
        Body::Followed(_) | Body::Ruled(_) => return,
        Body::Listed(_)
        | Body::InstrumentChanged(_)
        | Body::Quoted(_)
        | Body::RowsChanged(_)
        | Body::AccountOpened(_)
        | Body::Transferred(_)
        | Body::RulesSet(_)
        | Body::Refused(_) => {
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
        Body::RowsChanged(changed) => {
            let mut json = of_instrument("rows", out);
            json.object("rows", |json| write_rows(&changed.appended(), json));
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
        Body::RulesSet(set) => {
            let mut json = begin("rules", event.number, event, "set", out);
            json.number("rules", set.rules.len() as u64);
            json
        }
        Body::Refused(refused) => {
            let mut json = begin("rules", event.number, event, "refused", out);
            json.text("reason_text", refused.reason.as_str());
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

/// Of which channel a frame is: the first thing that it says.
fn channel_of(text: &[u8]) -> &str {
    let name = text.strip_prefix(br#"{"channel":""#).and_then(|rest| rest.split(|&byte| byte == b'"').next());
    name.and_then(|name| std::str::from_utf8(name).ok()).unwrap_or_default()
}

fn ending_name(ending: Ending) -> &'static str {
    match ending {
        Ending::Expired => "expired",
        Ending::Replaced => "replaced",
        Ending::PostOnly | Ending::Refused => "rejected",
        Ending::Client
        | Ending::ImmediateOrCancel
        | Ending::FillOrKill
        | Ending::SelfTrade
        | Ending::InsufficientBuyingPower
        | Ending::NoLiquidity
        | Ending::NotTrading
        | Ending::Script
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

fn write_print(trade: &Trade, out: &mut Vec<u8>) {
    let mut json = Object::begin(out);
    json.plain("channel", "trades");
    write_trade(trade, &mut json);
    json.end();
}

fn write_growth(growth: &Growth<'_>, out: &mut Vec<u8>) {
    let mut json = Object::begin(out);
    json.plain("channel", "bars");
    json.plain("symbol", growth.symbol.as_str());
    json.plain("timeframe", timeframe_name(growth.timeframe));
    json.spelled("over", if growth.is_over { "true" } else { "false" });
    write_bar_fields(growth.bar, growth.tick, &mut json);
    json.end();
}

fn write_quote(offered: &Offered, out: &mut Vec<u8>) {
    let mut json = Object::begin(out);
    json.plain("channel", "quotes");
    write_best(offered, &mut json);
    json.end();
}

/// Says a book, whole, or what is otherwise in it since the one of this number.
fn write_book(offered: &Offered, previous: Option<u64>, out: &mut Vec<u8>) {
    let mut json = Object::begin(out);
    json.plain("channel", "book");
    json.plain("symbol", offered.symbol.as_str());
    json.number("book_number", offered.number);
    if let Some(previous) = previous {
        json.number("previous", previous);
    }
    write_sides(offered, &mut json);
    json.end();
}
