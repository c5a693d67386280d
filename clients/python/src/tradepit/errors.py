"""What can go wrong, in words that say what to do."""

from __future__ import annotations

import json
from typing import Any, NamedTuple


class TradepitError(Exception):
    """Whatever this package raises."""


class NoServer(TradepitError):
    """There is no server to test against, and none could be started."""


class NoAnswer(TradepitError):
    """A request was sent, or could not be, and no reply came. What it asked for may have been done all the same."""


class Fault(NamedTuple):
    """One thing that is wrong with a request, as the server tells it."""

    place: str
    """Such as `body.accounts.0.leverage`."""
    message: str
    type: str
    """A word for programs, such as `missing`."""
    input: Any
    """What was sent there."""

    def __str__(self) -> str:
        return f"{self.place}: {self.message} (sent: {json.dumps(self.input, default=str)})"


class Refused(TradepitError):
    """The server answered, with a status of 400 or more."""

    def __init__(self, request: str, status: int, body: Any) -> None:
        told = body if isinstance(body, dict) else {}
        detail = told.get("detail", body)
        self.request = request
        """Method and address."""
        self.status = status
        self.body = body
        """The reply's JSON, or its text where it is none."""
        code = told.get("code")
        self.code: str | None = code if isinstance(code, str) else None
        """A word for programs, such as `clock_is_real`, where the reply has one."""
        self.faults: tuple[Fault, ...] = _faults(detail)
        """All that is wrong with the request, of a 422."""
        words = "; ".join(map(str, self.faults)) or (detail if isinstance(detail, str) else json.dumps(detail))
        super().__init__(f"{request}: {status}: {words}")


def _faults(detail: Any) -> tuple[Fault, ...]:
    if not isinstance(detail, list):
        return ()
    return tuple(
        Fault(
            place=".".join(map(str, fault.get("loc", ()))),
            message=str(fault.get("msg", "")),
            type=str(fault.get("type", "")),
            input=fault.get("input"),
        )
        for fault in detail
        if isinstance(fault, dict)
    )
