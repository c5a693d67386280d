"""The pytest plugin: a server for the run, a venue for each test."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import nullcontext
from typing import cast

import pytest

from .errors import NoServer, Refused
from .server import Server, find, serve
from .venue import Venue
from .wire import Settings


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("tradepit", "a venue for each test")
    group.addoption(
        "--tradepit-url",
        default=os.environ.get("TRADEPIT_URL") or None,
        help="the Tradepit server that makes the venues (default: TRADEPIT_URL, else one is started)",
    )
    group.addoption(
        "--tradepit-bin",
        default=os.environ.get("TRADEPIT_BIN") or None,
        help="the binary of the server that is started (default: TRADEPIT_BIN, else tradepit on PATH)",
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        "tradepit(seed=…, clock=…, delay=…, …): what the fixture `venue` is made with, as POST /venues takes it",
    )


@pytest.fixture(scope="session")
def tradepit_server(pytestconfig: pytest.Config) -> Iterator[Server]:
    """The server that makes the venues: the one that is named, else one that is started here."""
    url = pytestconfig.getoption("--tradepit-url")
    try:
        with nullcontext(Server(url)) if url else serve(find(pytestconfig.getoption("--tradepit-bin"))) as server:
            server.check()
            yield server
    except NoServer as error:
        pytest.fail(str(error), pytrace=False)


@pytest.fixture
def tradepit_settings() -> Settings:
    """What every venue is made with, unless a marker says otherwise: define it anew in your conftest.py."""
    return {}


@pytest.fixture
def venue(
    request: pytest.FixtureRequest, tradepit_server: Server, tradepit_settings: Settings
) -> Iterator[Venue]:
    """A fresh venue, which is removed after the test. `@pytest.mark.tradepit(clock="frozen")` sets it up."""
    try:
        made = tradepit_server.venue(**_settings(request.node, tradepit_settings))
    except Refused as refused:
        pytest.fail(f"The venue was not made: {refused}", pytrace=False)
    with made:
        # Shown where the test fails: who repeats it needs the seed.
        print(f"venue {made.name}: {made.url} seed={made.seed}")
        yield made


def _settings(test: pytest.Item, base: Settings) -> Settings:
    """Those of the suite, then those of module, class and test: what stands nearer to the test counts."""
    settings: dict[str, object] = {**base}
    for mark in reversed(list(test.iter_markers("tradepit"))):
        unknown = [*map(repr, mark.args), *(name for name in mark.kwargs if name not in Settings.__annotations__)]
        if unknown:
            known = ", ".join(Settings.__annotations__)
            pytest.fail(f"@pytest.mark.tradepit knows no {', '.join(unknown)}: it takes {known}", pytrace=False)
        settings.update(mark.kwargs)
    return cast(Settings, settings)
