//! A body that is looked at closely: what of it could be read, and every flaw that it has by itself.

use serde_json::value::RawValue;
use tradepit_engine::{Asked, Decimal, Label, Quantity, Side, Symbol, TimeInForce};

use super::NewOrder;
use crate::native::wire::body::fields::Fields;
use crate::native::wire::body::reading::Reading;
use crate::native::wire::body::values::{read_bool, read_decimal, read_label, read_symbol};
use crate::native::wire::error::ApiError;
use crate::native::wire::flaw::{Flaw, Flaws};
use crate::native::wire::terms::{DEFAULT_ACCOUNT, SIDES, TIMES_IN_FORCE};

/// An order as far as its body could be read. What could not be has a flaw, and stands here as if it was not given.
pub(crate) struct Draft<'a> {
    pub(super) reading: Reading<'a>,
    pub(super) symbol: Option<Symbol>,
    /// How much, and that rounded up.
    pub(super) amount: Option<(Decimal, Quantity)>,
    client_order_id: Option<Label>,
    side: Side,
    limit_price: Option<Decimal>,
    time_in_force: TimeInForce,
    post_only: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Type {
    Market,
    Limit,
}

const TYPES: [(&str, Type); 2] = [("market", Type::Market), ("limit", Type::Limit)];

/// Fields that mean something elsewhere. Whoever sends one means it, and nothing that is taken has it.
const OF_OTHERS: [&str; 6] = ["notional", "stop_price", "trail_price", "trail_percent", "take_profit", "stop_loss"];

impl<'a> Draft<'a> {
    /// Reads a body, whose head may have a flaw too.
    ///
    /// # Errors
    /// All that is wrong where it has no fields.
    pub(crate) fn read(body: &'a [u8], in_head: Option<Flaw>) -> Result<Draft<'a>, ApiError> {
        let mut flaws = Vec::from_iter(in_head);
        let fields = match Fields::read(body) {
            Ok(fields) => fields,
            Err(flaw) => {
                flaws.push(flaw);
                return Err(ApiError::Invalid(Flaws { detail: flaws }));
            }
        };
        flaws.extend(fields.given_twice());
        let mut draft = Draft {
            reading: Reading { fields, flaws },
            symbol: None,
            amount: None,
            client_order_id: None,
            side: Side::Buy,
            limit_price: None,
            time_in_force: TimeInForce::GoodTillCancelled,
            post_only: false,
        };
        draft.symbol = draft.read_symbol();
        draft.amount = draft.reading.amount();
        if draft.amount.is_none() && !draft.reading.has_amount() {
            draft.reading.flaw("quantity", "missing", "Field required");
        }
        draft.client_order_id = draft.reading.optional("client_order_id", read_label);
        draft.read_terms();
        Ok(draft)
    }

    /// The order, if its body has no flaw.
    pub(crate) fn order(&self) -> Option<NewOrder> {
        let (symbol, (_, quantity)) = (self.symbol?, self.amount?);
        let asked = self.is_rich().then(|| Box::new(self.asked()));
        let client_order_id = self.client_order_id.clone();
        self.reading.flaws.is_empty().then_some(NewOrder { symbol, quantity, client_order_id, asked })
    }

    /// What it asks for; of what could not be read, what a native order would.
    pub(super) fn asked(&self) -> Asked {
        let Draft { side, limit_price, time_in_force, post_only, .. } = *self;
        let qty = self.amount.map_or(Decimal::ONE, |(qty, _)| qty);
        Asked { side, limit_price, time_in_force, post_only, qty }
    }

    /// Whether it is no native order: then its instrument has a say.
    pub(crate) fn is_rich(&self) -> bool {
        let quantity = self.amount.map_or(Quantity::ONE, |(_, quantity)| quantity);
        Asked::native(quantity) != Some(self.asked())
    }

    /// Which instrument it is for.
    pub(crate) fn symbol(&self) -> Option<Symbol> {
        self.symbol
    }

    fn read_symbol(&mut self) -> Option<Symbol> {
        match (self.reading.fields.get("stoks"), self.reading.fields.get("symbol")) {
            (None, None) => self.reading.missing("stoks"),
            (Some(json), None) => self.reading.value("stoks", json, read_symbol),
            (None, Some(json)) => self.reading.value("symbol", json, read_symbol),
            (Some(json), Some(_)) => {
                self.reading.flaw("symbol", "symbol_conflict", "Give either stoks or symbol, not both");
                self.reading.value("stoks", json, read_symbol)
            }
        }
    }

    /// Reads what only rich orders have, and looks whether it fits together.
    fn read_terms(&mut self) {
        self.side = self.reading.choice("side", &SIDES).unwrap_or(Side::Buy);
        let order_type = self.reading.choice("type", &TYPES);
        let time_in_force = self.reading.choice("time_in_force", &TIMES_IN_FORCE);
        let limit_price = self.reading.optional("limit_price", read_decimal);
        self.post_only = self.reading.optional("post_only", read_bool).unwrap_or(false);
        self.reading.choice("order_class", &[("simple", ())]);
        self.account();
        for field in OF_OTHERS {
            if self.reading.fields.given(field).is_some() {
                self.reading.flaw(field, "unexpected", "No order that is taken here has this");
            }
        }
        match order_type {
            Some(Type::Limit) if self.reading.fields.given("limit_price").is_none() => {
                self.reading.flaw("limit_price", "missing", "Field required");
            }
            Some(Type::Limit) => self.limit_price = limit_price,
            Some(Type::Market) if self.reading.fields.given("limit_price").is_some() => {
                self.reading.flaw("limit_price", "limit_price_without_limit", "Only a limit order has a limit_price");
            }
            Some(Type::Market) | None => {}
        }
        if self.post_only && order_type == Some(Type::Market) {
            self.reading.flaw("post_only", "post_only_without_limit", "Only a limit order may be post_only");
        }
        self.time_in_force = time_in_force.unwrap_or(TimeInForce::GoodTillCancelled);
        if self.post_only && matches!(self.time_in_force, TimeInForce::ImmediateOrCancel | TimeInForce::FillOrKill) {
            let msg = "An order that trades at once or not at all cannot be post_only";
            self.reading.flaw("post_only", "post_only_at_once", msg);
        }
    }

    fn account(&mut self) {
        let is_default =
            |json: &RawValue| serde_json::from_str(json.get()).is_ok_and(|id: String| id == DEFAULT_ACCOUNT);
        if self.reading.fields.given("account").is_some_and(|json| !is_default(json)) {
            self.reading.flaw("account", "unknown_account", "There is no such account: the only one is 'default'");
        }
    }
}
