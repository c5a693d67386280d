"""Follows the book of an instrument and holds it to the server's own.

    pip install websockets
    python docs/depth.py http://127.0.0.1:8000 EURUSD 100

Whole where a frame has no `previous`, else level by level. Drops its connection now and then, and goes on.
"""

import json
import sys
import urllib.request
from decimal import Decimal

from websockets.sync.client import connect

DEPTH = 20
FRAMES_A_CONNECTION = 25


class Book:
    def __init__(self):
        self.number = None
        self.sides = {"bids": {}, "asks": {}}

    def take(self, frame):
        if "previous" not in frame:
            self.sides = {"bids": {}, "asks": {}}
        elif frame["previous"] != self.number:
            raise ValueError(f"{frame['previous']} does not follow {self.number}: connect again")
        for name, side in self.sides.items():
            for price, size in frame[name]:
                if size == "0":
                    del side[price]
                else:
                    side[price] = size
        self.number = frame["book_number"]

    def levels(self, name):
        """As `GET /book` lists them, the best first."""
        side = self.sides[name]
        return [[price, side[price]] for price in sorted(side, key=Decimal, reverse=name == "bids")]

    def is_as(self, shown):
        return all(self.levels(name) == shown[name] for name in self.sides)


def shown(url, symbol):
    with urllib.request.urlopen(f"{url}/book/{symbol}?depth={DEPTH}") as reply:
        return json.load(reply)


def follow(url, symbol, changes):
    """Follows so many changes; returns after how many of them the book was held to the server's."""
    frames, checked = 0, 0
    address = f"{url.replace('http', 'ws', 1)}/ws?format=json&channels=book&symbols={symbol}&depth={DEPTH}"
    while frames < changes:
        book = Book()
        with connect(address) as socket:
            for _ in range(FRAMES_A_CONNECTION):
                book.take(json.loads(socket.recv(timeout=60)))
                frames += 1
                now = shown(url, symbol)
                # What the server shows may be newer: then it was told, and is on its way.
                while not book.is_as(now) and book.number < now["book_number"]:
                    book.take(json.loads(socket.recv(timeout=60)))
                    frames += 1
                # Several changes may come as one: then this one was passed by.
                if book.number <= now["book_number"]:
                    assert book.is_as(now), f"{book.number}: {book.sides} is not {now}"
                    checked += 1
                if frames >= changes:
                    break
    return checked


if __name__ == "__main__":
    url, symbol, changes = sys.argv[1].rstrip("/"), sys.argv[2], int(sys.argv[3])
    print(f"{changes} changes of {symbol} followed, held to the server's own book {follow(url, symbol, changes)} times")
