//! What a client sends about accounts, as the OpenAPI document describes it; `wire::account` and `wire::new_account`
//! read it.

#![expect(dead_code, reason = "described here, read in native/wire")]

use std::collections::BTreeMap;

use utoipa::{IntoParams, ToSchema};

use crate::native::requests::Decimal;
use crate::native::requests::parameters::ListDirection;
use crate::native::wire::account::{WireKind, WireSelfTrade};
use crate::native::wire::activity::WireActivityKind;
use crate::native::wire::timeframe::WireTimeframe;

/// What a client sends to open an account.
#[derive(ToSchema)]
#[schema(as = NewAccount)]
pub(crate) struct NewAccountBody {
    /// By what it shall be known; where nothing is said, by a name that no account has.
    #[schema(min_length = 1, max_length = 32, pattern = "^[A-Za-z0-9._-]+$", example = "alice")]
    id: Option<String>,
    /// `margin` where nothing is said.
    kind: Option<WireKind>,
    /// In which currency it is told what it is worth; `USD` where nothing is said.
    #[schema(example = "USD")]
    currency: Option<String>,
    /// What it begins with, by currency; 100000 of its own where nothing is said.
    #[schema(example = json!({"USD": "25000"}))]
    cash: Option<BTreeMap<String, Decimal>>,
    /// How many times its equity its positions may be: 1 to 100, and 1 for `spot`.
    #[schema(example = "2")]
    leverage: Option<Decimal>,
    /// `cancel_newest` where nothing is said.
    self_trade: Option<WireSelfTrade>,
}

/// What a client sends to let money in or out.
#[derive(ToSchema)]
#[schema(as = NewTransfer)]
pub(crate) struct TransferBody {
    /// The code of the currency.
    #[schema(example = "USD")]
    currency: String,
    /// How much; below zero it goes out.
    #[schema(example = "-250.5")]
    amount: Decimal,
}

/// The query of `GET /accounts`.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct AccountsParameters {
    /// At most so many; above 1000 means 1000, the default.
    #[param(required = false, minimum = 1, default = 1000)]
    limit: u64,
    /// Start after the account of this id.
    #[param(required = false, min_length = 1, max_length = 32, pattern = "^[A-Za-z0-9._-]+$")]
    after: String,
}

/// The query of `GET /accounts/{id}/activities`.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ActivitiesParameters {
    /// At most so many; above 1000 means 1000, the default.
    #[param(required = false, minimum = 1, default = 1000, example = 100)]
    limit: u64,
    /// Start after the activity of this `id`, in the direction of the list.
    #[param(required = false, pattern = "^[0-9.]+$", example = "12")]
    after: String,
    /// Only those of this kind. Plurals are taken, too.
    #[param(required = false, example = "fill")]
    kind: WireActivityKind,
    /// In the order in which they happened, or the newest first; `asc` where nothing is said.
    #[param(required = false, inline, example = "desc")]
    order: ListDirection,
}

/// The query of `GET /accounts/{id}/history`.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct HistoryParameters {
    /// At most so many moments, and fewer of an account that holds very much; above 1000 means 1000, the default.
    #[param(required = false, minimum = 1, default = 1000, example = 100)]
    limit: u64,
    /// From this time on: RFC 3339, with any offset. Where nothing is said, from the oldest change that is kept, or the
    /// account's opening.
    #[param(required = false, format = DateTime, example = "2026-11-22T08:00:00Z")]
    start: String,
    /// Before this time; up to now where nothing is said.
    #[param(required = false, format = DateTime, example = "2026-11-23T08:00:00+01:00")]
    end: String,
    /// How far apart the moments are; `1d` where nothing is said.
    #[param(required = false, inline, example = "1h")]
    timeframe: WireTimeframe,
}

/// The query of `DELETE /accounts/{id}/positions/{symbol}`.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct CloseParameters {
    /// How much of it, a decimal: at most all, which it is where nothing is said.
    #[param(required = false, example = "0.25")]
    qty: String,
    /// Whether the account's open orders in the instrument are cancelled first.
    #[param(required = false, inline)]
    cancel_orders: YesNo,
}

/// The query of `DELETE /accounts/{id}/positions`.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct CloseAllParameters {
    /// Whether all open orders of the account are cancelled first.
    #[param(required = false, inline)]
    cancel_orders: YesNo,
}

#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
enum YesNo {
    True,
    False,
}
