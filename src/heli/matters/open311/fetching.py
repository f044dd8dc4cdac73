"""Asking other servers: only hosts that the settings name, no redirects, a limit of bytes and of time."""

import time
from collections.abc import Callable, Collection, Mapping
from typing import Any
from urllib.parse import urlsplit

import requests

from heli.matters.open311.asked import wrong

TIMES_S = (5, 15)
"""To connect, and to wait for a piece of the answer."""
WHOLE_S = 30
PIECE = 65_536


def check_address(address: str, hosts: Collection[str]) -> str:
    """The host of an address that may be asked. Raises `NotServed` for others: the list is the only way out.

    `hosts` are names in lower case, with ":port" where it is another than the usual one.
    """
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise wrong("media_form", "media_url") from None
    host = (parts.hostname or "").rstrip(".")
    if parts.scheme not in ("https", "http") or not host or "@" in parts.netloc or "\\" in address:
        raise wrong("media_form", "media_url")
    usual = port is None or port == (443 if parts.scheme == "https" else 80)
    named = host if usual else f"{host}:{port}"
    if named not in hosts:
        raise wrong("media_host", "media_url", host=named[:80])
    return named


def fetch(address: str, hosts: Collection[str], most: int) -> bytes:
    """What lies at an address of an allowed host. Raises `NotServed` for a redirect, a failure, more than `most` bytes."""
    host = check_address(address, hosts)
    begun, came = time.monotonic(), bytearray()
    try:
        with requests.get(address, timeout=TIMES_S, allow_redirects=False, stream=True) as answer:
            if answer.is_redirect or 300 <= answer.status_code < 400:
                raise wrong("media_moved", "media_url")
            if answer.status_code != 200:
                raise wrong("media_failed", "media_url", host=host)
            for piece in answer.iter_content(PIECE):
                came += piece
                if len(came) > most:
                    raise wrong("media_large", "media_url")
                if time.monotonic() - begun > WHOLE_S:
                    raise wrong("media_failed", "media_url", host=host)
    except (requests.RequestException, ValueError) as fault:
        raise wrong("media_failed", "media_url", host=host) from fault
    return bytes(came)


Answered = tuple[int, bytes]
Ask = Callable[[str, str, Mapping[str, str]], Answered]
"""Ask another server by "GET" or "POST" with parameters: the status and what came."""
MOST_ANSWERED = 10 * 1024 * 1024


def asking(hosts: Collection[str]) -> Ask:
    """How hotlines are asked: hosts of the list only, no redirects, so many bytes, so many seconds. Raises `NotServed`."""

    def ask(method: str, address: str, given: Mapping[str, str]) -> Answered:
        host, begun, came = check_address(address, hosts), time.monotonic(), bytearray()
        sent: dict[str, Any] = {"params": given} if method == "GET" else {"data": given}
        more: dict[str, Any] = {"timeout": TIMES_S, "allow_redirects": False, "stream": True}
        try:
            with requests.request(method, address, **sent, **more) as answer:
                for piece in answer.iter_content(PIECE):
                    came += piece
                    if len(came) > MOST_ANSWERED or time.monotonic() - begun > WHOLE_S:
                        raise wrong("hotline_failed", host=host)
                return answer.status_code, bytes(came)
        except (requests.RequestException, ValueError) as fault:
            raise wrong("hotline_failed", host=host) from fault

    return ask
