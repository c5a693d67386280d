"""A venue of its own for each test of a trading client.

With pytest nothing needs to be imported: the fixture `venue` is there. `Server`, `serve` and `Venue` are the same for
other runners, and for annotations.
"""

from .errors import Fault, NoAnswer, NoServer, Refused, TradepitError
from .server import Server, find, serve
from .venue import Venue
from .wire import Account, Advanced, Clock, FaultInForce, NewFault, Order, Quote, Rule, Settings, VenueInfo

__all__ = [
    "Account",
    "Advanced",
    "Clock",
    "Fault",
    "FaultInForce",
    "NewFault",
    "NoAnswer",
    "NoServer",
    "Order",
    "Quote",
    "Refused",
    "Rule",
    "Server",
    "Settings",
    "TradepitError",
    "Venue",
    "VenueInfo",
    "find",
    "serve",
]
