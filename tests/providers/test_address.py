"""Which addresses are connected to; every spelling of a private one is seen through."""

from __future__ import annotations

import asyncio

import pytest

from storyreel.providers.address import Origin, is_allowed, media_problem, origin_of
from storyreel.providers.network import resolve

PRIVATE = [
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "192.0.0.1",
    "198.18.0.1", "203.0.113.9", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0",
    "fc00::1", "fd12::1", "ff02::1", "::ffff:10.0.0.1", "::ffff:7f00:1", "64:ff9b::7f00:1", "64:ff9b::a00:1",
    "64:ff9b:1::1", "2002:7f00:1::", "2001:0:7f00:1::", "2001:db8::1", "::7f00:1", "fec0::1",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_that_is_not_public_is_refused(address: str) -> None:
    assert not is_allowed(address, allow_private=False)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_a_public_address_is_not(address: str) -> None:
    assert is_allowed(address, allow_private=False)


@pytest.mark.parametrize("address", ["169.254.169.254", "::ffff:169.254.169.254", "fe80::1", "224.0.0.1"])
def test_the_keys_of_a_cloud_are_out_of_reach_even_at_home(address: str) -> None:
    assert is_allowed("127.0.0.1", allow_private=True)
    assert not is_allowed(address, allow_private=True)


@pytest.mark.parametrize("host", ["127.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "127.0.1", "localhost"])
def test_other_spellings_of_home_are_looked_up_before_they_are_judged(host: str) -> None:
    found = asyncio.run(resolve(host, 443))
    assert found
    assert not any(is_allowed(address, allow_private=False) for address in found)


@pytest.mark.parametrize(
    "url",
    [
        "http://cdn.example/a.mp4", "ftp://cdn.example/a.mp4", "file:///etc/passwd", "https://user:pw@cdn.example/a",
        "https://user@cdn.example/a", "https://cdn.example:8080/a", "https://cdn.example:22/a", "https:///a", "//cdn/a",
        "data:video/mp4;base64,AAAA", "https://cdn.example\\@evil.example/a", "https://cdn.example /a",
        "https://cdn.example/\r\nHost: evil", "https://cdn.example:99999/a", "https://[::1/a", "",
        "https://cdn.example/" + "a" * 9000,
    ],
)  # fmt: skip
def test_media_come_from_https_at_the_usual_ports(url: str) -> None:
    assert media_problem(url, allow_private=False)


def test_a_plain_address_passes() -> None:
    assert media_problem("https://v3b.fal.media/files/b/x.mp4?sig=1", allow_private=False) is None
    assert media_problem("https://cdn.example:8443/x", allow_private=False) is None
    assert media_problem("http://127.0.0.1:9000/x", allow_private=True) is None


def test_one_origin_has_one_spelling() -> None:
    assert (
        origin_of("https://Queue.Fal.Run./x")
        == origin_of("https://queue.fal.run:443")
        == Origin("https", "queue.fal.run", 443)
    )
    assert origin_of("https://queue.fal.run") != origin_of("http://queue.fal.run")
    assert origin_of("https://queue.fal.run.evil.example") != origin_of("https://queue.fal.run")
