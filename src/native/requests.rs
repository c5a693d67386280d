//! What a client sends, as the OpenAPI document describes it. Nothing is read by these types: `wire` reads by hand, and
//! finds every flaw at once. A test compares the two.

#![expect(dead_code, reason = "described here, read in native/wire")]

use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::native::wire::order::WireStatus;

/// What a client sends to place an order.
#[derive(ToSchema)]
#[schema(as = NewOrder)]
pub(crate) struct NewOrderBody {
    /// The symbol. `symbol` is accepted in its place, not beside it.
    #[schema(min_length = 1, max_length = 32, pattern = "^[A-Za-z0-9._/-]+$", example = "EURUSD")]
    stoks: String,
    /// How much. `7.0` and `"7"` are read as 7; a string is digits only, without leading zeros.
    /// What is out of range is a fault `greater_than_equal` or `less_than_equal`, as number and as string.
    #[schema(minimum = 1, maximum = 9_007_199_254_740_991_u64, example = 123)]
    quantity: u64,
    /// The client's own id of the order: never used for two. The same order again is answered as the first time.
    #[schema(min_length = 1, max_length = 255, pattern = "^[!-~]+$", example = "bot-7/42")]
    client_order_id: Option<String>,
}

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
    order: Direction,
}

#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
enum Direction {
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
