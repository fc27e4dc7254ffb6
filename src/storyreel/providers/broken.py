"""How a request can break off, and whether anything had left this machine by then."""

from __future__ import annotations

from http import HTTPStatus

import httpx

NOT_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,
)
"""Nothing left; after every other failure bytes may have."""


class RequestRefused(Exception):
    """A request that is not made at all; `str()` is a sentence."""


class TooLong(Exception):
    """An answer beyond the cap."""


def in_words(failed: BaseException) -> str:
    """The kind of a failure; its own text may hold an address."""
    return _WORDS.get(type(failed).__name__, "the connection broke")


def phrase(status: int) -> str:
    """A status in the words of its standard."""
    try:
        return HTTPStatus(status).phrase.lower()
    except ValueError:
        return "nothing more"


_WORDS = {
    "ConnectError": "no connection",
    "ConnectTimeout": "no connection in time",
    "PoolTimeout": "no free connection",
    "UnsupportedProtocol": "its address is no web address",
    "LocalProtocolError": "the request cannot be written",
    "ReadTimeout": "it fell silent",
    "TimeoutError": "it took too long",
    "WriteTimeout": "it stopped reading",
    "DecodingError": "its answer is garbled",
    "RemoteProtocolError": "it hung up",
    "TooLong": "its answer is too long",
}
