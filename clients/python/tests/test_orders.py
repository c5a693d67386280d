"""A venue's orders, in time that stands still until it is told to go on."""

from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest
from tradepit import NoAnswer, Order, Refused, Server, Venue

pytestmark = pytest.mark.tradepit(clock={"start": "2026-01-05T14:30:00Z"}, market="frozen")


def test_an_order_is_pending_until_its_time_has_come(venue: Venue) -> None:
    order = venue.place("EURUSD", 123)
    assert (order["status"], order["quantity"], order["stoks"]) == ("PENDING", 123, "EURUSD")
    assert order["accepted_at"] == "2026-01-05T14:30:00.000000Z" == venue.clock()["now"]
    assert venue.clock()["next"] == order["due_at"]
    assert order["due_at"] is not None
    due = datetime.fromisoformat(order["due_at"].replace("Z", "+00:00"))

    early = venue.advance(to=due - timedelta(microseconds=1))
    assert early["changes"] == 0
    assert venue.order(order["id"])["status"] == "PENDING"

    on_time = venue.advance(by=timedelta(microseconds=1))
    assert on_time["now"] == order["due_at"]
    executed = venue.order(order["id"])
    assert (executed["status"], executed["closed_at"]) == ("EXECUTED", order["due_at"])


def test_an_advance_goes_to_what_happens_next(venue: Venue) -> None:
    dues = sorted(str(venue.place("EURUSD", quantity)["due_at"]) for quantity in (1, 2, 3))
    assert [venue.advance(events=1)["now"] for _ in dues] == dues
    assert {order["status"] for order in venue.orders()} == {"EXECUTED"}


@pytest.mark.tradepit(delay="none")
def test_a_limit_order_fills_when_the_market_comes_to_it(venue: Venue) -> None:
    order = venue.place("EURUSD", qty=Decimal("1000"), side="buy", type="limit", limit_price="1.05000")
    venue.advance(by="1ms")
    assert venue.order(order["id"])["state"] == "new"

    quote = venue.quote("EURUSD", bid="1.04980", ask=Decimal("1.04990"))
    assert (quote["bid"], quote["ask"]) == ("1.04980", "1.04990")
    filled = venue.order(order["id"])
    assert (filled["state"], filled["filled_qty"], filled["average_price"]) == ("filled", "1000", "1.05000")


def test_a_cancelled_order_is_never_executed(venue: Venue) -> None:
    order = venue.place("EURUSD", 5, long_pending=True)
    venue.advance(by="4s")
    venue.cancel(order["id"])
    venue.advance(by="1h")
    assert venue.order(order["id"])["status"] == "CANCELLED"


def test_a_held_order_waits_until_it_is_released(venue: Venue) -> None:
    order = venue.place("EURUSD", 5)
    assert venue.act(order["id"], "hold")["due_at"] is None
    venue.advance(by="1h")
    assert venue.order(order["id"])["status"] == "PENDING"
    assert venue.act(order["id"], "release")["status"] == "EXECUTED"


@pytest.mark.tradepit(delay="none")
def test_an_order_is_filled_in_parts_by_hand(venue: Venue) -> None:
    order = venue.place("EURUSD", qty=100, type="limit", limit_price="1.05000")
    venue.advance(by="1ms")
    part = venue.act(order["id"], "fill", qty=40, price=Decimal("1.04990"))
    assert (part["state"], part["filled_qty"], part["average_price"]) == ("partially_filled", "40", "1.04990")
    assert venue.act(order["id"], "fill")["state"] == "filled"
    with pytest.raises(Refused) as refused:
        venue.act(order["id"], "cancel")
    assert (refused.value.status, refused.value.code) == (409, "order_closed")


def test_a_rejected_order_says_why(venue: Venue) -> None:
    order = venue.act(venue.place("EURUSD", 5)["id"], "reject", reason_text="insufficient margin")
    assert (order["state"], order["reason"], order["reason_text"]) == ("rejected", "script", "insufficient margin")


def test_an_order_with_a_key_is_placed_once(venue: Venue) -> None:
    first, again = (venue.place("EURUSD", 5, idempotency_key="7f3a") for _ in range(2))
    assert first["id"] == again["id"]
    assert len(venue.orders()) == 1


@pytest.mark.tradepit(accounts=[{"id": "bot", "cash": {"USD": 5000}}], delay="none")
def test_an_account_pays_for_what_it_buys(venue: Venue) -> None:
    assert venue.account("bot")["cash"] == {"USD": "5000"}
    venue.quote("EURUSD", "1.0999", "1.1000")
    venue.place("EURUSD", qty=1000, account="bot")
    venue.advance(by="1ms")
    assert Decimal(venue.account("bot")["cash"]["USD"]) == 5000 - Decimal("1.1") * 1000
    assert venue.account()["id"] == "default"


def test_lists_are_whole_and_can_be_narrowed(venue: Venue) -> None:
    order = {"place": {"stoks": "EURUSD", "quantity": 1}}
    for _ in range(12):
        venue.request("POST", "/batch", [order] * 100)
    last = venue.place("GBPUSD", 7, side="sell", client_order_id="bot-7/42")
    listed = venue.orders()
    assert (len(listed), listed[-1]["id"]) == (1201, last["id"])
    assert len({order["id"] for order in listed}) == 1201
    assert venue.orders(order="desc")[0]["id"] == last["id"]
    for narrowed in (venue.orders("GBPUSD"), venue.orders(side="sell"), venue.orders(client_order_id="bot-7/42")):
        assert [order["id"] for order in narrowed] == [last["id"]]
    assert venue.orders(status="CANCELLED") == []


def test_equal_seeds_make_equal_orders(tradepit_server: Server) -> None:
    def history(seed: int) -> list[Order]:
        with tradepit_server.venue(seed=seed, clock={"start": "2026-01-05T14:30:00Z"}) as venue:
            for quantity in range(1, 6):
                venue.place("EURUSD", quantity)
            venue.advance(by="1s")
            return venue.orders()

    one, again, other = (history(seed) for seed in (42, 42, 43))
    assert one == again
    assert {order["id"] for order in one}.isdisjoint(order["id"] for order in other)


@pytest.mark.tradepit(seed=42, accounts=[{"id": "bot", "cash": {"USD": 5000}}])
def test_a_reset_begins_anew(venue: Venue) -> None:
    before, instance = venue.place("EURUSD", 5), venue.info["instance"]
    venue.advance(by="1h")
    assert venue.reset()["instance"] != instance
    assert venue.orders() == []
    assert venue.place("EURUSD", 5) == before
    assert venue.reset(seed=43, keep=["accounts"])["seed"] == 43 == venue.seed
    assert venue.place("EURUSD", 5)["id"] != before["id"]


@pytest.mark.tradepit(faults=[{"name": "late", "match": {"route": "POST /orders", "nth": 2}, "do": {"status": 503}}])
def test_a_reply_that_was_lost_is_found_by_its_key(venue: Venue) -> None:
    venue.place("EURUSD", 1)
    with pytest.raises(Refused, match="503"):
        venue.place("EURUSD", 1)
    assert [(fault["name"], fault["matched"]) for fault in venue.faults()] == [("late", 1)]

    venue.faults([{"match": {"route": "POST /orders", "nth": 1}, "do": {"drop": "after"}}])
    with pytest.raises(NoAnswer):
        venue.place("EURUSD", 7, idempotency_key="one")
    [_, order] = venue.orders()
    assert venue.place("EURUSD", 7, idempotency_key="one") == order
    assert venue.faults([]) == []


def test_what_is_refused_is_told_in_words(venue: Venue) -> None:
    with pytest.raises(Refused) as refused:
        venue.place("EUR USD", 0, type="limit")
    assert refused.value.status == 422
    assert [fault.place for fault in refused.value.faults] == ["body.symbol", "body.quantity", "body.limit_price"]
    assert "body.limit_price: Field required" in str(refused.value)
    with pytest.raises(Refused, match="404: Order not found"):
        venue.order("none")


def test_time_never_goes_back(venue: Venue) -> None:
    with pytest.raises(ValueError, match="time never goes back"):
        venue.advance(by=timedelta(seconds=-1))
    with pytest.raises(ValueError, match="no time zone"):
        venue.advance(to=datetime(2026, 1, 6))
    with pytest.raises(Refused, match="422"):
        venue.advance(to=datetime(2026, 1, 5, tzinfo=timezone.utc))
    assert venue.clock()["now"] == "2026-01-05T14:30:00.000000Z"


@pytest.mark.tradepit(clock="real")
def test_a_real_clock_is_advanced_by_nobody(venue: Venue) -> None:
    with pytest.raises(Refused) as refused:
        venue.advance(by="1h")
    assert (refused.value.status, refused.value.code) == (409, "clock_is_real")


def test_changes_are_announced_at_an_address_of_its_own(venue: Venue) -> None:
    assert venue.ws_url == f"{venue.url}/ws".replace("http://", "ws://")
    with pytest.raises(Refused, match="426"):
        venue.request("GET", "/ws")


def test_what_is_no_number_is_not_sent(venue: Venue) -> None:
    with pytest.raises(TypeError, match="write text"):
        venue.place("EURUSD", qty=timedelta(1))  # type: ignore[arg-type]
    assert venue.orders() == []


def test_a_copy_goes_on_beside_the_venue_that_it_was_made_of(venue: Venue) -> None:
    order = venue.place("EURUSD", 5)
    with venue.copy(delay="1ms") as copy, copy.copy() as other:
        assert copy.order(order["id"]) == order == other.order(order["id"])
        copy.advance(by="1h")
        assert copy.order(order["id"])["status"] == "EXECUTED"
        assert venue.order(order["id"])["status"] == "PENDING" == other.order(order["id"])["status"]
        later = other.place("EURUSD", 6)
        assert later["due_at"] == "2026-01-05T14:30:00.001000Z"
    with pytest.raises(Refused, match="404"):
        copy.orders()
    assert [listed["id"] for listed in venue.orders()] == [order["id"]]
