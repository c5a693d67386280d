//! A body that is looked at closely: what of it could be read, and every flaw that it has by itself.

use std::borrow::Cow;

use serde_json::value::RawValue;
use tradepit_actors::AccountIds;
use tradepit_engine::{
    AccountNumber, Asked, AskedStop, Clearing, Decimal, Label, Money, Quantity, Side, Symbol, TimeInForce,
};

use super::NewOrder;
use super::legs::Legs;
use crate::native::wire::body::fields::Fields;
use crate::native::wire::body::reading::Reading;
use crate::native::wire::body::values::{read_bool, read_decimal, read_label, read_sum, read_symbol};
use crate::native::wire::error::ApiError;
use crate::native::wire::flaw::{Flaw, Flaws};
use crate::native::wire::terms::{SIDES, TIMES_IN_FORCE, trading_account};

/// An order as far as its body could be read. What could not be has a flaw, and stands here as if it was not given.
pub(crate) struct Draft<'a> {
    pub(super) reading: Reading<'a>,
    pub(super) symbol: Option<Symbol>,
    /// How much, and that rounded up.
    pub(super) amount: Option<(Decimal, Quantity)>,
    /// Up to which sum, instead.
    pub(super) notional: Option<Money>,
    client_order_id: Option<Label>,
    account: AccountNumber,
    side: Side,
    limit_price: Option<Decimal>,
    stop: Option<AskedStop>,
    time_in_force: TimeInForce,
    post_only: bool,
    /// What it has beside: `simple` where that could not be read.
    pub(super) legs: Legs,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Type {
    Market,
    Limit,
    Stop,
    StopLimit,
    TrailingStop,
}

pub(super) const TYPES: [(&str, Type); 5] = [
    ("market", Type::Market),
    ("limit", Type::Limit),
    ("stop", Type::Stop),
    ("stop_limit", Type::StopLimit),
    ("trailing_stop", Type::TrailingStop),
];

impl Type {
    pub(super) fn has_limit(self) -> bool {
        matches!(self, Type::Limit | Type::StopLimit)
    }

    pub(super) fn has_stop(self) -> bool {
        matches!(self, Type::Stop | Type::StopLimit)
    }
}

/// What to tell of a price that no order of its type has.
pub(super) const NO_LIMIT: (&str, &str) =
    ("limit_price_without_limit", "Only a limit or stop_limit order has a limit_price");
pub(super) const NO_STOP: (&str, &str) =
    ("stop_price_without_stop", "Only a stop or stop_limit order has a stop_price");
pub(super) const NO_TRAIL: (&str, &str) =
    ("trail_without_trailing_stop", "Only a trailing_stop order has a trail_price or trail_percent");

impl<'a> Draft<'a> {
    /// Reads a body, whose head may have a flaw too.
    ///
    /// # Errors
    /// All that is wrong where it has no fields.
    pub(crate) fn read(body: &'a [u8], in_head: Option<Flaw>, accounts: &AccountIds) -> Result<Draft<'a>, ApiError> {
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
            notional: None,
            client_order_id: None,
            account: Clearing::DEFAULT,
            side: Side::Buy,
            limit_price: None,
            stop: None,
            time_in_force: TimeInForce::GoodTillCancelled,
            post_only: false,
            legs: Legs::default(),
        };
        draft.symbol = draft.read_symbol();
        draft.amount = draft.reading.amount();
        draft.notional = draft.reading.optional("notional", read_sum);
        match (draft.reading.has_amount(), draft.reading.fields.given("notional").is_some()) {
            (false, false) => draft.reading.flaw("quantity", "missing", "Field required"),
            (true, true) => {
                let msg = "Give either notional, or quantity or qty, not both";
                draft.reading.flaw("notional", "notional_conflict", msg);
            }
            (true, false) | (false, true) => {}
        }
        draft.client_order_id = draft.reading.optional("client_order_id", read_label);
        draft.read_terms(accounts);
        Ok(draft)
    }

    /// The order, if its body has no flaw.
    pub(crate) fn order(&self) -> Option<NewOrder> {
        // How much a sum buys the exchange tells.
        let quantity = self.amount.map(|(_, quantity)| quantity).or(self.notional.map(|_| Quantity::ONE));
        let (symbol, quantity) = (self.symbol?, quantity?);
        let asked = self.is_rich().then(|| Box::new(self.asked()));
        let (client_order_id, group) = (self.client_order_id.clone(), self.legs.group().map(Box::new));
        self.reading.flaws.is_empty().then_some(NewOrder { symbol, quantity, client_order_id, asked, group })
    }

    /// What it asks for; of what could not be read, what a native order would.
    pub(super) fn asked(&self) -> Asked {
        let Draft { account, side, limit_price, stop, time_in_force, post_only, .. } = *self;
        // Beside a quantity it has a flaw already.
        let notional = self.notional.filter(|_| self.amount.is_none());
        let none = if notional.is_some() { Decimal::ZERO } else { Decimal::ONE };
        let qty = self.amount.map_or(none, |(qty, _)| qty);
        Asked { account, side, limit_price, stop, time_in_force, post_only, qty, notional }
    }

    /// Whether it is no native order: then its instrument has a say.
    pub(crate) fn is_rich(&self) -> bool {
        let quantity = self.amount.map_or(Quantity::ONE, |(_, quantity)| quantity);
        self.legs.group().is_some() || Asked::native(quantity) != Some(self.asked())
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
    fn read_terms(&mut self, accounts: &AccountIds) {
        self.side = self.reading.choice("side", &SIDES).unwrap_or(Side::Buy);
        let order_type = self.reading.choice("type", &TYPES);
        let time_in_force = self.reading.choice("time_in_force", &TIMES_IN_FORCE);
        self.post_only = self.reading.optional("post_only", read_bool).unwrap_or(false);
        let order_type = self.read_legs(order_type, time_in_force);
        self.account(accounts);
        self.read_prices(order_type);
        let is_market = order_type.is_none_or(|order_type| order_type == Type::Market);
        if self.reading.fields.given("notional").is_some() && !is_market {
            self.reading.flaw("notional", "notional_without_market", "Only a market order has a notional");
        }
        if self.post_only && order_type.is_some_and(|order_type| order_type != Type::Limit) {
            self.reading.flaw("post_only", "post_only_without_limit", "Only a limit order may be post_only");
        }
        self.time_in_force = time_in_force.unwrap_or(TimeInForce::GoodTillCancelled);
        if self.post_only && !self.time_in_force.stands() {
            let msg = "An order that trades at once or not at all cannot be post_only";
            self.reading.flaw("post_only", "post_only_at_once", msg);
        }
    }

    /// Reads the prices that a type has, and looks whether others are given.
    fn read_prices(&mut self, order_type: Option<Type>) {
        let limit = self.reading.optional("limit_price", read_decimal);
        let stop = self.reading.optional("stop_price", read_decimal);
        let distance = self.reading.optional("trail_price", read_decimal);
        let percent = self.reading.optional("trail_percent", read_decimal);
        let Some(order_type) = order_type else { return };
        // The order of an `oco` is the one that takes a profit.
        let limit = limit.or(self.legs.own_limit());
        if self.legs.own_limit().is_none() {
            self.require("limit_price", order_type.has_limit(), NO_LIMIT);
        }
        self.require("stop_price", order_type.has_stop(), NO_STOP);
        let by_percent = self.reading.fields.given("trail_percent").is_some();
        if order_type != Type::TrailingStop {
            self.require("trail_price", false, NO_TRAIL);
            self.require("trail_percent", false, NO_TRAIL);
        } else if !by_percent {
            self.require("trail_price", true, NO_TRAIL);
        } else if self.reading.fields.given("trail_price").is_some() {
            self.reading.flaw("trail_percent", "trail_conflict", "Give either trail_price or trail_percent, not both");
        }
        self.limit_price = limit;
        let behind = distance.map(AskedStop::Behind).or(percent.map(AskedStop::BehindPercent));
        self.stop = stop.map(AskedStop::At).or(behind);
    }

    /// Notes where a price is needed and not given, or given and must not be.
    fn require(&mut self, field: &'static str, is_needed: bool, (kind, msg): (&'static str, &'static str)) {
        match (is_needed, self.reading.fields.given(field).is_some()) {
            (true, false) => self.reading.flaw(field, "missing", "Field required"),
            (false, true) => self.reading.flaw(field, kind, msg),
            (true, true) | (false, false) => {}
        }
    }

    fn account(&mut self, accounts: &AccountIds) {
        let find = |json: &RawValue| {
            let id: Cow<'_, str> = serde_json::from_str(json.get()).ok()?;
            trading_account(accounts, &id)
        };
        match self.reading.fields.given("account").map(find) {
            None => {}
            Some(Some(account)) => self.account = account,
            Some(None) => self.reading.flaw("account", "unknown_account", "There is no such account"),
        }
    }
}
