//! Trades as JSON, as everybody is told of them, and as the documents describe them. Also the query of them.

use std::fmt;

use tradepit_actors::{ReadTrades, Trade, TradeId};
use tradepit_engine::{Number, Symbol};
use utoipa::ToSchema;

use super::error::ApiError;
use super::fill::{limit_of, write_decimal};
use super::flaw::Flaw;
use super::market::Price;
use super::object::{Object, write_list};
use super::query::{note, parameter, read_number, refuse};
use super::terms::{WireSide, side_name};

// As the documents describe it; `trades_body` writes it.
/// A trade, as everybody is told of it.
#[derive(ToSchema)]
#[schema(as = Trade)]
#[expect(dead_code, reason = "described here, written field by field")]
pub(crate) struct WireTrade {
    /// By what it is known. That of a trade of the simulated market begins with `p`.
    #[schema(pattern = "^p?[0-9]+$", example = "7")]
    trade_id: String,
    /// What was traded.
    #[schema(example = "EURUSD")]
    symbol: String,
    /// When.
    #[schema(format = DateTime)]
    at: String,
    /// The price, with the decimals of the tick.
    #[schema(example = "1.08501")]
    price: String,
    /// How much.
    #[schema(example = "123")]
    qty: String,
    /// The side of whoever came later.
    side: WireSide,
}

/// A trade's id: a number, or that of the step at which it was printed, after a letter.
pub(crate) struct WireTradeId(pub(crate) TradeId);

impl fmt::Display for WireTradeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            TradeId::Kept(number) => write!(f, "{}", number.0),
            TradeId::Printed(step) => write!(f, "p{step}"),
        }
    }
}

pub(crate) fn trades_body(trades: &[Trade]) -> Vec<u8> {
    let mut body = Vec::with_capacity(2 + 144 * trades.len());
    write_list(&mut body, trades, |trade, out| {
        let mut json = Object::begin(out);
        write_trade(trade, &mut json);
        json.end();
    });
    body
}

/// Writes the fields of a trade.
pub(super) fn write_trade(trade: &Trade, json: &mut Object<'_>) {
    json.decimal("trade_id", WireTradeId(trade.id));
    json.plain("symbol", trade.symbol.as_str());
    json.time("at", trade.at);
    json.decimal("price", Price(trade.tick, trade.ticks));
    write_decimal("qty", trade.qty, json);
    json.plain("side", side_name(trade.side));
}

/// Which trades of an instrument are asked for.
pub(crate) fn read_trades_query(query: &str, symbol: Symbol) -> Result<ReadTrades, ApiError> {
    let mut flaws = Vec::new();
    let limit = limit_of(query, &mut flaws);
    let before = parameter(query, "before").map(|text| read_id(&text));
    let before = before.transpose().unwrap_or_else(|flaw| note(&mut flaws, flaw));
    refuse(flaws).map(|()| ReadTrades { symbol, before, limit })
}

fn read_id(text: &str) -> Result<TradeId, Flaw> {
    let read = match text.strip_prefix('p') {
        Some(step) => read_number(step).map(TradeId::Printed),
        None => read_number(text).map(|number| TradeId::Kept(Number(number))),
    };
    read.ok_or_else(|| Flaw::in_query("int_parsing", "before", "Input should be the id of a trade", text))
}
