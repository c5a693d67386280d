"""The server: one that runs, or one that is started for the tests and ended after them."""

from __future__ import annotations

import os
import queue
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, cast
from urllib.parse import quote as escaped

from .errors import NoAnswer, NoServer, Refused
from .http import ask
from .venue import Venue
from .wire import Settings, VenueInfo

if TYPE_CHECKING:
    from typing_extensions import Unpack

READY = "tradepit listening on "
"""What a server prints, with its address, when it takes orders."""

START_TIMEOUT = 30.0
STOP_TIMEOUT = 30.0

HELP = (
    "Name a server that runs (--tradepit-url or TRADEPIT_URL, such as http://127.0.0.1:8000), or its binary "
    "(--tradepit-bin or TRADEPIT_BIN), or put `tradepit` on PATH: `cargo install --locked --path .` in Tradepit's "
    "repository builds it."
)


class Server:
    """A server, by its address."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")

    def check(self) -> None:
        """Raises `NoServer` unless there is one at this address, and it makes venues."""
        try:
            ask("GET", f"{self.url}/venues?limit=1")
        except NoAnswer as error:
            raise NoServer(f"There is no server at {self.url}: {error} {HELP}") from error
        except Refused as error:
            what = f"What is at {self.url} makes no venues: {error}."
            raise NoServer(f"{what} Is it a Tradepit, and new enough?") from error

    def venue(self, **settings: Unpack[Settings]) -> Venue:
        """Makes a venue. Without a name it gets one that nothing else has."""
        info = cast(VenueInfo, ask("POST", f"{self.url}/venues", settings).body)
        return Venue(f"{self.url}/venues/{escaped(info['name'])}", info)

    def __repr__(self) -> str:
        return f"<Server {self.url}>"


def find(binary: str | None = None) -> str:
    """The path of the server's binary: the one that is named, else `tradepit` on PATH. Raises `NoServer`."""
    found = shutil.which(binary or "tradepit")
    if found is None:
        what = f"{binary} is no program" if binary else "There is no `tradepit` on PATH"
        raise NoServer(f"{what}, so there is no server to test against. {HELP}")
    return found


@contextmanager
def serve(binary: str, *flags: str) -> Iterator[Server]:
    """Starts a server on a free port, and ends it with the block.

    It reads `TRADEPIT_…` variables as any server does, but keeps nothing in a folder unless `flags` say so: tests leave
    the data of whoever runs them alone.
    """
    environment = {name: value for name, value in os.environ.items() if name != "TRADEPIT_DATA_DIR"}
    with tempfile.TemporaryFile("w+", errors="replace") as log:
        process = subprocess.Popen(
            [binary, "serve", "--port", "0", *flags],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        try:
            yield Server(_address(process, log))
        finally:
            _stop(process)


def _address(process: subprocess.Popen[str], log: IO[str]) -> str:
    """Waits for the line with the address; who reads it goes on, so that the server never writes to a full pipe."""
    told: queue.SimpleQueue[str | None] = queue.SimpleQueue()

    def read() -> None:
        assert process.stdout is not None
        with process.stdout as lines:
            for line in lines:
                if line.startswith(READY):
                    told.put(line.removeprefix(READY).strip())
        told.put(None)

    threading.Thread(target=read, name="tradepit-stdout", daemon=True).start()
    try:
        address = told.get(timeout=START_TIMEOUT)
    except queue.Empty:
        address = None
    if address is None:
        log.seek(0)
        said = log.read()[-2000:].strip() or "nothing"
        raise NoServer(f"{process.args!r} did not come up. It said: {said}")
    return address


def _stop(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(STOP_TIMEOUT)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
