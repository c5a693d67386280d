"""What is typed here is what the server says of itself."""

from typing import Any, get_args

import pytest
from tradepit import Server, wire
from tradepit.http import ask

FORMS: dict[str, tuple[Any, set[str]]] = {
    # The form, and which of its fields are arguments of their own.
    "Account": (wire.Account, set()),
    "Act": (wire.ActTerms, {"act"}),
    "Balance": (wire.Balance, set()),
    "Clock": (wire.Clock, set()),
    "ClockAdvanced": (wire.Advanced, set()),
    "ClockStart": (wire.ClockStart, set()),
    "FaultDeed": (wire.FaultDeed, set()),
    "FaultInForce": (wire.FaultInForce, set()),
    "FaultMatch": (wire.FaultMatch, set()),
    "NewAccount": (wire.AccountSettings, set()),
    "NewFault": (wire.NewFault, set()),
    "NewOrder": (wire.Terms, {"stoks", "quantity"}),
    "MatchOfRule": (wire.Match, set()),
    "NewVenue": (wire.Settings, {"from"}),
    "Order": (wire.Order, set()),
    "PlanOfRule": (wire.Plan, set()),
    "PresetOfRules": (wire.Preset, set()),
    "Quote": (wire.Quote, set()),
    "Rule": (wire.Rule, set()),
    "RuleStanding": (wire.RuleStanding, set()),
    "StopLoss": (wire.StopLoss, set()),
    "TakeProfit": (wire.TakeProfit, set()),
    "Venue": (wire.VenueInfo, set()),
    "VenueClock": (wire.ClockSetting, set()),
    "VenueCounts": (wire.Counts, set()),
}

WORDS = {
    "ActName": wire.ActName,
    "OrderClass": wire.OrderClass,
    "OrderState": wire.State,
    "OrderType": wire.OrderType,
    "Side": wire.Side,
    "Status": wire.Status,
    "TimeInForce": wire.TimeInForce,
}


@pytest.fixture
def document(tradepit_server: Server) -> Any:
    return ask("GET", f"{tradepit_server.url}/openapi.json").body


@pytest.mark.parametrize("name", FORMS)
def test_every_field_is_typed_and_no_other(document: Any, name: str) -> None:
    form, apart = FORMS[name]
    schema = document["components"]["schemas"][name]
    assert set(form.__annotations__) | apart == set(schema["properties"])
    assert form.__required_keys__ <= set(schema.get("required", ()))


@pytest.mark.parametrize("name", WORDS)
def test_every_word_is_typed_and_no_other(document: Any, name: str) -> None:
    assert set(get_args(WORDS[name])) == set(document["components"]["schemas"][name]["enum"])


def test_orders_are_narrowed_by_what_the_server_knows(document: Any) -> None:
    parameters = document["paths"]["/orders"]["get"]["parameters"]
    assert set(wire.Filter.__annotations__) <= {parameter["name"] for parameter in parameters}
