//! What a client may say in a query or a header, as the OpenAPI document describes it; `wire` reads it.

#![expect(dead_code, reason = "described here, read in native/wire")]

use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::native::wire::order::WireStatus;
use crate::native::wire::terms::{WireSide, WireStateFilter};
use crate::native::wire::timeframe::WireTimeframe;

/// The headers of `POST /orders`.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
pub(crate) struct PlaceHeaders {
    /// Any value but `false` and `0` makes the delay long (5 s); the header `long-pending`, which proxies let through,
    /// is the same.
    #[param(required = false)]
    long_pending: String,
    /// The request's name, so that it can be sent again: 1 to 255 visible ASCII characters, bare or in quotes as a
    /// string of RFC 9651. `null`, `undefined`, `None` and `nil` are none.
    #[param(rename = "Idempotency-Key", required = false, min_length = 1, max_length = 255, pattern = "^[!-~]+$")]
    idempotency_key: String,
}

/// The header of `POST /orders/{id}/replace`.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
pub(crate) struct KeyHeader {
    /// The request's name, as that of `POST /orders`.
    #[param(rename = "Idempotency-Key", required = false, min_length = 1, max_length = 255, pattern = "^[!-~]+$")]
    idempotency_key: String,
}

/// The query of `GET /orders`.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListParameters {
    /// At most so many; above 1000 means 1000, the default.
    #[param(required = false, minimum = 1, default = 1000)]
    limit: u64,
    /// Start after this order, in the direction of the list.
    #[param(required = false)]
    after: Uuid,
    /// Only orders of this status.
    #[param(required = false)]
    status: WireStatus,
    /// Only orders of this symbol.
    #[param(required = false, min_length = 1, max_length = 32, pattern = "^[A-Za-z0-9._/-]+$")]
    stoks: String,
    /// Only orders in this state; one of which something is not yet decided is in the state that it is in beside that.
    #[param(inline, required = false)]
    state: WireStateFilter,
    /// Only orders of this side; native ones buy.
    #[param(required = false)]
    side: WireSide,
    /// Only orders of this account. Names are looked up in it, and in `default` where none is said.
    #[param(required = false, min_length = 1, max_length = 32, pattern = "^[A-Za-z0-9._-]+$")]
    account: String,
    /// Only the order of this name.
    #[param(required = false, min_length = 1, max_length = 255, pattern = "^[!-~]+$")]
    client_order_id: String,
    /// Only the order that was placed with this `Idempotency-Key`; beside `client_order_id` it must have both.
    #[param(required = false, min_length = 1, max_length = 255, pattern = "^[!-~]+$")]
    idempotency_key: String,
    /// Only orders accepted at this time or later: RFC 3339, with any offset.
    #[param(required = false, format = DateTime)]
    from: String,
    /// Only orders accepted before this time.
    #[param(required = false, format = DateTime)]
    until: String,
    /// In order of creation, or the newest first; `asc` where nothing is said.
    #[param(required = false, inline)]
    order: ListDirection,
}

/// The query of `DELETE /open-orders`.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct CancelParameters {
    /// Only orders of this symbol.
    #[param(required = false, min_length = 1, max_length = 32, pattern = "^[A-Za-z0-9._/-]+$")]
    symbol: String,
    /// The same.
    #[param(required = false, min_length = 1, max_length = 32, pattern = "^[A-Za-z0-9._/-]+$")]
    stoks: String,
    /// Only orders in this state; one of which something is not yet decided is in the state that it is in beside that.
    #[param(inline, required = false)]
    state: WireStateFilter,
    /// Only orders of this side; native ones buy.
    #[param(required = false)]
    side: WireSide,
    /// Only orders of this account.
    #[param(required = false, min_length = 1, max_length = 32, pattern = "^[A-Za-z0-9._-]+$")]
    account: String,
}

#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
pub(super) enum ListDirection {
    Asc,
    Desc,
}

/// The query of `/ws`.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct SubscribeParameters {
    /// How changes are told; `text` where nothing is said.
    #[param(required = false, inline)]
    format: Format,
    /// Only changes of this order.
    #[param(required = false)]
    order_id: Uuid,
    /// Only changes of orders of this symbol.
    #[param(required = false, min_length = 1, max_length = 32, pattern = "^[A-Za-z0-9._/-]+$")]
    stoks: String,
    /// With `format=json`: first the changes after this number, at most the newest; 0 begins with the first of all.
    /// Where the one after it is no longer held, a `lagged` message comes first.
    #[param(required = false, minimum = 0)]
    since: u64,
    /// With `format=json`, not beside `since`: first so many of the newest changes, as `since` would tell them. Counted
    /// before `order_id` and `stoks` filter.
    #[param(required = false, minimum = 0)]
    last: u64,
    /// With `format=json`: refused requests are told too, between the changes, as `GET /rejects` lists them.
    #[param(required = false, inline)]
    rejects: Told,
    /// With `format=json`: what these channels tell, with commas between, in place of changes of status. Of `orders`,
    /// `accounts` and `instruments` all kept changes, each with its `number`; of `trades` each as it happens, clients'
    /// and the simulated market's; of `quotes` and `book` how they stand, of `bars` how they grow, told more rarely to
    /// who reads slowly. Not beside `since`, `last`, `order_id`, `stoks`, `rejects`.
    #[param(required = false, example = "orders,instruments")]
    channels: String,
    /// Beside `channels`: only what is of these symbols, with commas between, at most 1000, with `book` at most 20000 /
    /// `depth`, with `bars` at most 1000 / how many lengths. Without it `trades`, `quotes`, `book` and `bars` tell of
    /// all instruments that there are at the subscription, where these are no more than that.
    #[param(required = false, example = "EURUSD,BTC/USD")]
    symbols: String,
    /// Beside `channels`: so many prices of a `book` on each side; above 1000 means 1000.
    #[param(required = false, minimum = 1, default = 20)]
    depth: u64,
    /// Beside `channels`: how long `bars` are: one or several of `1s`, `1m`, `5m`, `15m`, `1h` and `1d`, with commas
    /// between.
    #[param(required = false, default = "1m", example = "1s,1m")]
    timeframe: String,
    /// Beside `channels`: only orders and accounts of this one.
    #[param(required = false, example = "default")]
    account: String,
    /// Beside `orders`, `accounts` or `instruments`: first their changes after this `number`, at most the newest. Where
    /// the one after it is no longer held, a frame of the channel `lagged` comes first.
    #[param(required = false, minimum = 0)]
    after: u64,
    /// The venue whose numbers are meant, as `Tradepit-Venue` named it before: 422 where this is another one. It is,
    /// where nothing is kept, after each start; and where a backup or a copy of a data folder went on.
    #[param(required = false)]
    venue: String,
}

#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
enum Format {
    Text,
    Json,
}

#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
enum Told {
    True,
    False,
}

/// The query of `GET /instruments`.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct InstrumentsParameters {
    /// At most so many; above 1000 means 1000, the default.
    #[param(required = false, minimum = 1, default = 1000)]
    limit: u64,
    /// Start after the instrument of this symbol.
    #[param(required = false, min_length = 1, max_length = 32, pattern = "^[A-Za-z0-9._/-]+$")]
    after: String,
}

/// The query of `GET /fills`.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct FillsParameters {
    /// At most so many; above 1000 means 1000, the default.
    #[param(required = false, minimum = 1, default = 1000)]
    limit: u64,
    /// Start after the fill of this `number`, in the order of the list.
    #[param(required = false, minimum = 0)]
    after: u64,
    /// In order of their `number`, or the newest first; `asc` where nothing is said.
    #[param(required = false, inline)]
    order: ListDirection,
    /// Only those of this order.
    #[param(required = false)]
    order_id: Uuid,
    /// Only those of orders of this account.
    #[param(required = false, min_length = 1, max_length = 32, pattern = "^[A-Za-z0-9._-]+$")]
    account: String,
    /// Only those of this symbol.
    #[param(required = false, min_length = 1, max_length = 32, pattern = "^[A-Za-z0-9._/-]+$")]
    symbol: String,
}

/// The query of `GET /trades/{symbol}`.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct TradesParameters {
    /// At most so many; above 1000 means 1000, the default.
    #[param(required = false, minimum = 1, default = 1000)]
    limit: u64,
    /// Only those before the trade of this `trade_id`. Nothing is before one that is no longer kept.
    #[param(required = false, example = "7")]
    before: String,
}

/// The query of `GET /bars/{symbol}`.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct BarsParameters {
    /// How long a bar is; `1m` where nothing is said. Each begins at a multiple of that, UTC.
    #[param(required = false, inline, example = "1h")]
    timeframe: WireTimeframe,
    /// Only bars that begin at this time or later: RFC 3339, with any offset. Where nothing is said, the newest ones.
    #[param(required = false, format = DateTime, example = "2026-11-22T08:00:00Z")]
    start: String,
    /// Only bars that begin before this time; up to now where nothing is said.
    #[param(required = false, format = DateTime, example = "2026-11-23T08:00:00+01:00")]
    end: String,
    /// At most so many; above 1000 means 1000, the default.
    #[param(required = false, minimum = 1, default = 1000, example = 100)]
    limit: u64,
}

/// The query of `GET /quotes`.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct QuotesParameters {
    /// Only those of these symbols, with commas between: at most 1000. Without it all are told, in pages.
    #[param(required = false, example = "EURUSD,BTC/USD")]
    symbols: String,
    /// At most so many of all; above 1000 means 1000, the default.
    #[param(required = false, minimum = 1, default = 1000)]
    limit: u64,
    /// Start after the instrument of this symbol.
    #[param(required = false, min_length = 1, max_length = 32, pattern = "^[A-Za-z0-9._/-]+$")]
    after: String,
}

/// The query of `GET /book/{symbol}`.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct BookParameters {
    /// At most so many prices on each side; above 1000 means 1000.
    #[param(required = false, minimum = 1, default = 20)]
    depth: u64,
}

/// The query of `GET /rejects`.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct RejectsParameters {
    /// At most so many; above 1000 means 1000, the default.
    #[param(required = false, minimum = 1, default = 1000)]
    limit: u64,
    /// Only those older than the one of this number.
    #[param(required = false, minimum = 0)]
    after: u64,
}
