"""The process that fetches: one address from its input, one answer on its output, and little of deskblog with it.

Whatever a server does to it – a byte a second, a bomb, a page that a library chokes on – ends with this process.
"""

from __future__ import annotations

import sys
import time
from typing import Any
from urllib.parse import urljoin

import msgspec
import urllib3

from deskblog.inside import NoWay
from deskblog.outward import ask
from deskblog.web.wire import Answer, Request

HOPS = 5
STEP = 16 * 1024
HEADERS = {"User-Agent": "deskblog link card", "Accept": "text/html,image/jpeg,image/png;q=0.9,*/*;q=0.1"}


def main() -> int:
    request = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Request)
    sys.stdout.buffer.write(msgspec.msgpack.encode(fetch(request)))
    return 0


def fetch(request: Request) -> Answer:
    """Follows a few redirects; a page outside cannot lead inside."""
    url, inside, until = request.url, request.local, time.monotonic() + request.seconds * HOPS
    try:
        for _hop in range(HOPS):
            road = ask(url, HEADERS, inside=inside, until=until, step=request.seconds)
            with road.response as response:
                where = response.headers.get("Location")
                if response.status in (301, 302, 303, 307, 308) and where:
                    url, inside = urljoin(url, where), inside and road.inside
                    continue
                if response.status != 200:
                    return Answer(f"status {response.status}")
                return Answer("", url, response.headers.get("Content-Type", ""), _read(response, request.ceiling))
        return Answer("redirects")
    except NoWay as fault:
        return Answer(fault.word if fault.word in ("address", "inside", "certificate") else "connection")
    except (urllib3.exceptions.HTTPError, OSError, ValueError):
        return Answer("connection")


def _read(response: Any, ceiling: int) -> bytes:
    """The beginning, so many bytes at most, unpacked a piece at a time."""
    body = bytearray()
    while len(body) < ceiling and (piece := response.read1(STEP)):
        body += piece
    return bytes(body[:ceiling])


if __name__ == "__main__":
    sys.exit(main())
