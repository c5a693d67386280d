"""What goes over the wire, under the names that it has there.

Quantities and prices come as text and are exact: read them with `decimal.Decimal`. Times are RFC 3339, in UTC, with
microseconds, and so can be compared as text. A newer server may tell more than is named here.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Literal, Optional, TypedDict, Union

Number = Union[str, int, Decimal]
"""A price or a quantity that is sent. No float: `0.1 + 0.2` is not 0.3."""

Side = Literal["buy", "sell"]
Status = Literal["PENDING", "EXECUTED", "CANCELLED"]
State = Literal[
    "accepted",
    "held",
    "new",
    "partially_filled",
    "filled",
    "canceled",
    "expired",
    "rejected",
    "replaced",
    "pending_cancel",
    "pending_replace",
]
OrderType = Literal["market", "limit", "stop", "stop_limit", "trailing_stop"]
TimeInForce = Literal["gtc", "day", "ioc", "fok"]
OrderClass = Literal["simple", "bracket", "oco", "oto"]
ActName = Literal["arrive", "fill", "reject", "cancel", "expire", "hold", "release"]


class ClockStart(TypedDict, total=False):
    """A clock that begins at another time than now; with a speed it runs."""

    start: str
    speed: float


class AccountSettings(TypedDict, total=False):
    """An account to be opened."""

    id: str
    kind: Literal["margin", "spot"]
    currency: str
    cash: dict[str, Number]
    leverage: Number
    self_trade: Literal["cancel_newest", "cancel_oldest", "cancel_both", "allow"]


class _SaidOfRule(TypedDict, total=False):
    name: str
    match: Match
    times: int


class Rule(_SaidOfRule):
    """Which orders it is about, and what becomes of them."""

    do: Union[Literal["nothing"], Plan]


class Match(TypedDict, total=False):
    """What an order must be. Whatever is not said holds."""

    symbol: str
    account: str
    side: Side
    type: OrderType
    time_in_force: TimeInForce
    client_order_id: str
    quantity: Number
    nth: int
    every: int
    probability: float


class Plan(TypedDict, total=False):
    """What becomes of an order."""

    reject: str
    reject_on_arrival: str
    delay: str
    hold: bool
    fill: list[Number]
    every: str
    price: Number
    cancel: bool
    expire: bool
    cancel_delay: str
    replace_delay: str


class Preset(TypedDict):
    """A list of rules that has a name."""

    preset: Literal["instant", "realistic", "brutal"]


class RuleStanding(TypedDict):
    """A rule as it stands, with how many orders it was about, and of how many it decided."""

    name: Optional[str]
    match: Match
    do: Union[Literal["nothing"], Plan]
    times: Optional[int]
    matched: int
    used: int


Rules = Union[Sequence[Union[Rule, Preset]], Preset]
"""What becomes of orders on purpose."""


class FaultMatch(TypedDict, total=False):
    """Which requests, or frames of streams, a fault befalls: those that meet all that is said."""

    route: str
    stream: str
    account: str
    between: tuple[str, str] | list[str]
    nth: int
    every: int
    probability: float


class FaultDeed(TypedDict, total=False):
    """What is done to them: one of these, and with `status` its body and headers."""

    status: int
    body: Any
    headers: dict[str, str]
    delay: str
    drop: Literal["before", "after", True]
    truncate: int
    rate_limit: str
    close: int
    stall: str
    duplicate: Literal[True]
    reorder: int
    skip: Literal[True]


class _Does(TypedDict):
    do: FaultDeed


class NewFault(_Does, total=False):
    """What is made to go wrong on purpose."""

    name: str
    match: FaultMatch
    times: int


class FaultInForce(_Does):
    name: str
    match: FaultMatch
    times: int | None
    matched: int
    """How often it met something."""


class Settings(TypedDict, total=False):
    """What a venue is made with: `POST /venues`, and the marker `tradepit`. `from` is `Venue.copy`."""

    name: str
    seed: int
    clock: Union[Literal["real", "frozen"], ClockStart]
    delay: str
    long_delay: str
    market: Literal["calm", "volatile", "frozen", "none"]
    hours: Literal["always", "nyse"]
    instruments: list[dict[str, Any]]
    accounts: list[AccountSettings]
    rules: Rules
    faults: list[NewFault]
    ttl: str
    durable: bool
    metrics: bool


class TakeProfit(TypedDict):
    limit_price: Number


class _StopPrice(TypedDict):
    stop_price: Number


class StopLoss(_StopPrice, total=False):
    limit_price: Number


class Terms(TypedDict, total=False):
    """What an order may ask for beside symbol and quantity."""

    side: Side
    type: OrderType
    qty: Number
    notional: Number
    limit_price: Number
    stop_price: Number
    trail_price: Number
    trail_percent: Number
    time_in_force: TimeInForce
    post_only: bool
    order_class: OrderClass
    take_profit: TakeProfit
    stop_loss: StopLoss
    account: str
    client_order_id: str


class ActTerms(TypedDict, total=False):
    """What an act may say beside its name: of a `fill` how much, and at which price; of a `reject` why."""

    qty: Number
    price: Number
    reason_text: str


class Filter(TypedDict, total=False):
    """Which orders are listed."""

    status: Status
    state: State
    side: Side
    account: str
    client_order_id: str
    idempotency_key: str
    order: Literal["asc", "desc"]


class _Names(TypedDict, total=False):
    """What an order only has where it was given."""

    client_order_id: str
    idempotency_key: str


class Order(_Names):
    id: str
    stoks: str
    quantity: int
    status: Status
    accepted_at: str
    due_at: str | None
    closed_at: str | None
    seq: int
    accepted_seq: int
    state: State
    side: Side
    type: OrderType
    time_in_force: TimeInForce
    qty: str | None
    notional: str | None
    filled_qty: str
    average_price: str | None
    limit_price: str | None
    stop_price: str | None
    trail_price: str | None
    trail_percent: str | None
    hwm: str | None
    post_only: bool
    order_class: OrderClass
    account: str
    arrived_at: str | None
    expires_at: str | None
    updated_at: str
    number: int
    reason: str | None
    reason_text: str | None
    parent: str | None
    legs: list[str] | None
    replaces: str | None
    replaced_by: str | None


class Quote(TypedDict):
    symbol: str
    at: str
    bid: str | None
    bid_size: str | None
    ask: str | None
    ask_size: str | None
    last: str | None


class Clock(TypedDict):
    now: str
    mode: Literal["real", "frozen", "running"]
    speed: float
    is_open: bool
    next_open: str | None
    next_close: str | None
    next: str | None
    """When something may happen by itself next."""


class Advanced(TypedDict):
    now: str
    changes: int
    """How many kept changes the advance made."""
    number: int
    """The number of the newest of them."""


class Balance(TypedDict):
    total: str
    locked: str


class Account(TypedDict):
    id: str
    kind: Literal["margin", "spot"]
    currency: str
    leverage: str
    self_trade: str
    cash: dict[str, str]
    balances: dict[str, Balance]
    equity: str | None
    exposure: str | None
    buying_power: str | None
    realized: str | None
    unrealized: str | None
    fees: str | None
    created_at: str | None


class Counts(TypedDict):
    orders: int
    open: int
    executed: int
    cancelled: int
    subscribers: int
    faults: int


class ClockSetting(TypedDict):
    mode: Literal["real", "frozen", "running"]
    speed: float
    start: str | None


class VenueInfo(TypedDict):
    """What a venue was made with, and how much is in it."""

    name: str
    instance: str
    seed: int | None
    clock: ClockSetting
    delay: str
    long_delay: str
    market: str
    hours: str
    ttl: str | None
    durable: bool
    metrics: bool
    made_at: str
    counts: Counts
    bytes: int
