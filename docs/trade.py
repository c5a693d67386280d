"""Trades as a client would: follows the book, bids inside the spread, sees its order fill, and prints its position.

    pip install websockets
    python docs/trade.py http://127.0.0.1:8000 EURUSD 1000

Has an account of its own. Where the market moves away, the bid follows it. Ends with an error where something is not as
it should be. `depth.py` keeps the book.
"""

import json
import sys
import time
import urllib.error
import urllib.request
import uuid
from decimal import Decimal

from depth import Book
from websockets.sync.client import connect

PATIENCE_S = 120
FOLLOWS_EVERY_S = 1


def ask(url, method, path, body=None):
    """What the server answers: its status, and JSON."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url + path, data, {"Content-Type": "application/json"}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=10) as reply:
            return reply.status, json.load(reply)
    except urllib.error.HTTPError as refused:
        return refused.code, json.load(refused)


def require(expected, reply):
    status, body = reply
    if status != expected:
        raise ValueError(f"{status} and not {expected}: {body}")
    return body


def inside(book, tick, own):
    """The price a tick below the best ask, where that is above every bid but our own."""
    asks = book.levels("asks")
    bids = [price for price, _ in book.levels("bids") if price != own]
    if not asks:
        return None
    price = Decimal(asks[0][0]) - tick
    return str(price) if not bids or Decimal(bids[0]) < price else None


class Trader:
    def __init__(self, url, symbol, qty):
        self.url, self.symbol, self.qty = url, symbol, qty
        self.tick = Decimal(require(200, ask(url, "GET", f"/instruments/{symbol}"))["tick"])
        self.account = require(201, ask(url, "POST", "/accounts", {"id": f"trader-{uuid.uuid4().hex[:12]}"}))["id"]
        self.book, self.order, self.fills = Book(), None, []
        self.asked_at, self.was_seen = 0, False

    def bid(self):
        """Places the order, or lets it follow the market."""
        own = self.order and self.order["limit_price"]
        price = inside(self.book, self.tick, own)
        if price is None or price == own or time.monotonic() < self.asked_at + FOLLOWS_EVERY_S:
            return
        if self.order is None:
            order = {"stoks": self.symbol, "side": "buy", "type": "limit", "qty": self.qty, "limit_price": price}
            self.order = require(200, ask(self.url, "POST", "/orders", order | {"account": self.account}))
            print(f"{self.symbol}: {self.qty} bid at {price}")
        elif self.order["state"] in ("new", "partially_filled"):
            status, reply = ask(self.url, "PATCH", f"/orders/{self.order['id']}", {"limit_price": price})
            if status == 409:
                return  # It has filled, which is on its way to us.
            require(200, (status, reply))
            print(f"{self.symbol}: follows to {price}")
        self.asked_at = time.monotonic()

    def hear(self, frame):
        if frame["channel"] == "book":
            self.book.take(frame)
            own = self.order and self.book.sides["bids"].get(self.order["limit_price"])
            self.was_seen |= own == self.qty
            return
        if frame["channel"] != "orders":
            raise ValueError(f"nobody asked for this: {frame}")
        self.order = frame["order"]
        if frame["event"] not in ("accepted", "arrived", "amended", "fill"):
            raise ValueError(f"the order was to fill: {frame}")
        if frame["fill"]:
            self.fills.append(frame["fill"])
            print(f"{self.symbol}: {frame['fill']['qty']} at {frame['fill']['price']}, {frame['fill']['liquidity']}")

    def trade(self):
        channels = f"channels=book,orders&symbols={self.symbol}&account={self.account}"
        with connect(f"{self.url.replace('http', 'ws', 1)}/ws?format=json&{channels}") as socket:
            give_up_at = time.monotonic() + PATIENCE_S
            while self.order is None or self.order["state"] != "filled":
                left = give_up_at - time.monotonic()
                if left <= 0:
                    raise TimeoutError(f"it has not filled within {PATIENCE_S} s: {self.order}")
                self.hear(json.loads(socket.recv(timeout=left)))
                self.bid()

    def check(self):
        """Holds what was told to what the account has, and to the tape."""
        position = require(200, ask(self.url, "GET", f"/accounts/{self.account}/positions/{self.symbol}"))
        cost = sum(Decimal(fill["price"]) * Decimal(fill["qty"]) for fill in self.fills)
        told = (position["qty"], Decimal(position["cost"]))
        if told != (self.qty, cost):
            raise ValueError(f"{self.qty} for {cost} were bought, and the position is {position}")
        tape = require(200, ask(self.url, "GET", f"/trades/{self.symbol}?limit=1000"))
        for fill in self.fills:
            on_tape = next((trade for trade in tape if trade["trade_id"] == fill["trade_id"]), None)
            if on_tape is None or (on_tape["price"], on_tape["qty"]) != (fill["price"], fill["qty"]):
                raise ValueError(f"{fill} is not on the tape: {on_tape}")
        return position


if __name__ == "__main__":
    trader = Trader(sys.argv[1].rstrip("/"), sys.argv[2], sys.argv[3])
    trader.trade()
    position = trader.check()
    seen = "was seen in the book" if trader.was_seen else "filled before it was seen in the book"
    print(f"the order {seen}, and its {len(trader.fills)} fills are on the tape")
    print(f"position: {position['qty']} {position['symbol']} at {position['average_price']}, "
          f"worth {position['market_value']}, unrealized {position['unrealized']}")
