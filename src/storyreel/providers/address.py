"""Which addresses are connected to: https at public ones, and what the settings allow beside that."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import SplitResult, urljoin, urlsplit

PORTS = frozenset({443, 8443})
"""Where media may lie."""
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_UNICAST = ipaddress.IPv6Network("2000::/3")
_TUNNELS = (ipaddress.IPv6Network("2002::/16"), ipaddress.IPv6Network("2001::/32"))
_USUAL = {"https": 443, "http": 80}
_LONGEST_URL = 8192
_ODD = re.compile(r"[\x00-\x20\x7f\\]")

IP = ipaddress.IPv4Address | ipaddress.IPv6Address


class AddressRefused(Exception):
    """A name leads nowhere that may be connected to; `str()` is the end of a sentence."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Scheme, host and port: what a key belongs to."""

    scheme: str
    host: str
    port: int


def origin_of(url: str) -> Origin | None:
    """None where it is no http address that can be read in one way only."""
    parts = _split(url)
    if parts is None or parts.hostname is None or parts.scheme not in _USUAL:
        return None
    return Origin(parts.scheme, parts.hostname.rstrip("."), parts.port or _USUAL[parts.scheme])


def media_problem(url: str, *, allow_private: bool) -> str | None:
    """Why nothing is fetched from there, as the end of a sentence; None where it may be tried."""
    origin, parts = origin_of(url), _split(url)
    if origin is None or parts is None:
        return "which is no web address"
    if parts.username is not None or parts.password is not None:
        return "which carries a password"
    if allow_private:
        return None
    if origin.scheme != "https":
        return "which is not https"
    if origin.port not in PORTS:
        return f"at the unusual port {origin.port}"
    return None


def joined(base: str, named: str) -> str:
    """An address that was named below another one; empty where it cannot be read."""
    try:
        return urljoin(base, named)
    except ValueError:
        return ""


def is_allowed(address: str, *, allow_private: bool) -> bool:
    """Whether an address that a name led to may be connected to; every spelling of IPv4 inside IPv6 is seen through."""
    ip = _meant(ipaddress.ip_address(address.partition("%")[0]))
    if ip.is_multicast:
        return False
    if allow_private:
        # Link-local addresses are where clouds hand out the keys of a machine: no emulator lives there.
        return not ip.is_link_local
    if isinstance(ip, ipaddress.IPv6Address) and (ip not in _UNICAST or any(ip in net for net in _TUNNELS)):
        return False
    return ip.is_global


def _meant(ip: IP) -> IP:
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return ip.ipv4_mapped
        if ip in _NAT64:
            return ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF)
    return ip


def _split(url: str) -> SplitResult | None:
    # Readers of addresses differ over backslashes, spaces and control characters: such a one is nobody's.
    if len(url) > _LONGEST_URL or _ODD.search(url):
        return None
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts
