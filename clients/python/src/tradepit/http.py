"""Requests, and replies or an error: all that this package knows of HTTP."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from decimal import Decimal
from http.client import HTTPException
from typing import Any, NamedTuple

from .errors import NoAnswer, Refused

TIMEOUT = 60.0
"""Seconds without a byte of the reply, after which none is expected any more."""

# A proxy of the environment would be asked for 127.0.0.1.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Reply(NamedTuple):
    body: Any
    has_more: bool
    """Whether a list goes on with another page."""


def ask(
    method: str,
    url: str,
    body: object = None,
    *,
    headers: Mapping[str, str] | None = None,
    timeout: float = TIMEOUT,
) -> Reply:
    """The reply to one request; its body is JSON, `None` where it is empty.

    Raises `Refused` for a status of 400 or more, `NoAnswer` where none came.
    """
    data = None if body is None else json.dumps(body, default=_as_text).encode()
    sent = {"Content-Type": "application/json"} if data is not None else {}
    request = urllib.request.Request(url, data=data, headers={**sent, **(headers or {})}, method=method)
    try:
        with _opener.open(request, timeout=timeout) as response:
            return Reply(_read(response.read()), 'rel="next"' in (response.headers["Link"] or ""))
    except urllib.error.HTTPError as error:
        with error:
            raise Refused(f"{method} {url}", error.code, _read(error.read())) from None
    except (OSError, HTTPException) as error:
        reason = error.reason if isinstance(error, urllib.error.URLError) else error
        raise NoAnswer(f"{method} {url}: no answer: {reason}. Is the server still there?") from error


def _as_text(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    raise TypeError(f"{value!r} cannot be sent: write text, a whole number or a Decimal")


def _read(body: bytes) -> Any:
    try:
        return json.loads(body) if body else None
    except ValueError:
        return body.decode(errors="replace")
