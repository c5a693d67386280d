"""One venue: an exchange that nobody else uses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, cast
from urllib.parse import quote as escaped
from urllib.parse import urlencode

from .errors import Refused
from .http import TIMEOUT, Reply, ask
from .wire import (
    Account,
    ActName,
    ActTerms,
    Advanced,
    Clock,
    FaultInForce,
    Filter,
    NewFault,
    Number,
    Order,
    Quote,
    Rules,
    RuleStanding,
    Settings,
    Terms,
    VenueInfo,
)

if TYPE_CHECKING:
    from typing_extensions import Unpack

ADVANCE_TIMEOUT = 600.0
"""Seconds that an advance may take: a year of a market that moves takes many."""


class Venue:
    """A venue that was made, by its address.

    Use it in a `with`, which removes it at the end, or as pytest's fixture `venue`, which does the same.
    """

    def __init__(self, url: str, info: VenueInfo) -> None:
        self.url = url
        """The base address for the client under test: it has every route of a server of its own."""
        self.info = info
        """As it was made, or reset last: its name, its seed and the rest."""

    @property
    def ws_url(self) -> str:
        """Where changes are announced: add `?format=json`, channels, filters."""
        return "ws" + self.url.removeprefix("http") + "/ws"

    @property
    def name(self) -> str:
        return self.info["name"]

    @property
    def seed(self) -> int | None:
        """With this seed, the same clock and the same requests, another venue does the same."""
        return self.info["seed"]

    def request(self, method: str, path: str, body: object = None) -> Any:
        """The JSON that any route of the venue answers: `venue.request("GET", "/accounts/bot/positions")`."""
        return self._ask(method, path, body).body

    # Orders.

    def place(
        self,
        symbol: str,
        quantity: int | None = None,
        *,
        idempotency_key: str | None = None,
        long_pending: bool = False,
        **terms: Unpack[Terms],
    ) -> Order:
        """Places an order, which is on its way then: it arrives when its delay is over."""
        body: dict[str, object] = {"symbol": symbol, **terms}
        if quantity is not None:
            body["quantity"] = quantity
        headers = {}
        if idempotency_key is not None:
            headers["Idempotency-Key"] = idempotency_key
        if long_pending:
            headers["long-pending"] = "true"
        return cast(Order, ask("POST", f"{self.url}/orders", body, headers=headers).body)

    def order(self, id: str) -> Order:
        """The order as it is now."""
        return cast(Order, self.request("GET", f"/orders/{escaped(id, safe='')}"))

    def orders(self, symbol: str | None = None, **filters: Unpack[Filter]) -> list[Order]:
        """All orders, or those that all filters let through, the first one first."""
        query: dict[str, object] = {**filters}
        if symbol is not None:
            query["stoks"] = symbol
        listed: list[Order] = []
        while True:
            page = self._ask("GET", f"/orders?{urlencode(query)}")
            listed += page.body.values()
            if not page.has_more:
                return listed
            query["after"] = listed[-1]["id"]

    def cancel(self, id: str) -> None:
        """Cancels an order if it is open; one that is closed stays as it is."""
        self.request("DELETE", f"/orders/{escaped(id, safe='')}")

    def act(self, id: str, act: ActName, **terms: Unpack[ActTerms]) -> Order:
        """Makes something happen to an order: `venue.act(id, "fill", qty="40")`. Returns it as it is then.

        It may `arrive`, be held on its way (`hold`) and let go (`release`), be filled (`qty`, `price`), rejected
        (`reason_text`) or cancelled, or `expire`. What the state of the order does not allow is `Refused` with 409.
        """
        return cast(Order, self.request("POST", f"/orders/{escaped(id, safe='')}/acts", {"act": act, **terms}))

    # Accounts and the market.

    def account(self, id: str = "default") -> Account:
        """What an account has. Open others with the setting `accounts`."""
        return cast(Account, self.request("GET", f"/accounts/{escaped(id, safe='')}"))

    def quote(
        self,
        symbol: str,
        bid: Number,
        ask: Number,
        *,
        bid_size: Number | None = None,
        ask_size: Number | None = None,
    ) -> Quote:
        """Moves the market: from now on the house quotes this, and resting orders that it meets are filled."""
        sizes = {"bid_size": bid_size, "ask_size": ask_size}
        body = {"bid": bid, "ask": ask, **{name: size for name, size in sizes.items() if size is not None}}
        return cast(Quote, self.request("PUT", f"/market/{escaped(symbol)}", body))

    # What is made to happen.

    def rules(self, rules: Rules | None = None) -> list[RuleStanding]:
        """The rules, each with what it counted; where some are given these are set, in place of all there were."""
        if rules is None:
            return cast("list[RuleStanding]", self.request("GET", "/rules"))
        return cast("list[RuleStanding]", self.request("PUT", "/rules", rules))

    # Time.

    def clock(self) -> Clock:
        """What time it is there, and when something may happen by itself next."""
        return cast(Clock, self.request("GET", "/clock"))

    def advance(
        self,
        *,
        by: str | timedelta | None = None,
        to: str | datetime | None = None,
        events: int | None = None,
    ) -> Advanced:
        """Lets time go on: by a while, to a time, or (`events=1`) to what happens next. Give one of the three.

        When it returns, all that fell due by then has happened, each at its own time, and was announced. The clock must
        not be real: make the venue with `clock="frozen"`.
        """
        given = {
            "by": _duration(by) if isinstance(by, timedelta) else by,
            "to": _time(to) if isinstance(to, datetime) else to,
            "events": events,
        }
        body = {name: value for name, value in given.items() if value is not None}
        return cast(Advanced, self._ask("POST", "/clock/advance", body, timeout=ADVANCE_TIMEOUT).body)

    # What goes wrong on purpose.

    def faults(self, faults: Sequence[NewFault] | None = None) -> list[FaultInForce]:
        """Lets these befall requests and streams from now on, in place of those before; `[]` ends all.

        Returns those in force, each with how often it `matched`; without an argument they stay as they are. They befall
        what you ask of the venue here too, but for its clock, its faults and the venue itself.
        """
        method = "GET" if faults is None else "PUT"
        return cast("list[FaultInForce]", self.request(method, "/faults", None if faults is None else list(faults)))

    # The venue itself.

    def copy(self, **settings: Unpack[Settings]) -> Venue:
        """Makes another venue with all that this one holds at this moment; what is said of settings counts from then on.

        Treated alike, both do the same. Neither sees what becomes of the other: one that nobody touches, with
        `clock="frozen"`, is a snapshot, and can be copied again and again. Use it in a `with`, which removes it.
        """
        made_at = self.url.removesuffix(f"/{escaped(self.name)}")
        info = cast(VenueInfo, ask("POST", made_at, {**settings, "from": self.name}).body)
        return Venue(f"{made_at}/{escaped(info['name'])}", info)

    def reset(
        self, *, seed: int | None = None, keep: Sequence[Literal["accounts", "instruments"]] = ()
    ) -> VenueInfo:
        """Begins anew with what the venue was made with. Its WebSockets are closed."""
        body: dict[str, object] = {"keep": list(keep)}
        if seed is not None:
            body["seed"] = seed
        self.info = cast(VenueInfo, self.request("POST", "/reset", body))
        return self.info

    def remove(self) -> None:
        """Removes the venue, and all that is in it. One that is gone already is no error."""
        try:
            self.request("DELETE", "")
        except Refused as refused:
            if refused.status != 404:
                raise

    def __enter__(self) -> Venue:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.remove()

    def __repr__(self) -> str:
        return f"<Venue {self.url} seed={self.seed}>"

    def _ask(self, method: str, path: str, body: object = None, *, timeout: float = TIMEOUT) -> Reply:
        return ask(method, self.url + path, body, timeout=timeout)


def _duration(by: timedelta) -> str:
    microseconds = by // timedelta(microseconds=1)
    if microseconds < 0:
        raise ValueError(f"time never goes back: {by}")
    return f"{microseconds // 1000}.{microseconds % 1000:03}ms"


def _time(to: datetime) -> str:
    if to.tzinfo is None:
        raise ValueError(f"{to} is in no time zone: write datetime(…, tzinfo=timezone.utc)")
    return to.astimezone(timezone.utc).isoformat()
