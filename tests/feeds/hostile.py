"""A web server on loopback with a feed, and every way to misbehave about it; also a proxy that says what it likes."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler

from tests.feeds import samples
from tests.feeds.samples import item, rss
from tests.web.site import Site, answer, site

FEED = samples.RSS.encode()
TAG = '"v1-\\"odd'
DATE = "Mon, 02 Mar 2026 10:00:00 GMT"
Page = Callable[[BaseHTTPRequestHandler], None]


def serve(body: bytes, status: int = 200, **headers: str) -> Page:
    """A page that answers so."""

    def page(one: BaseHTTPRequestHandler) -> None:
        one.send_response(status)
        for name, value in {"Content-Type": "application/rss+xml", **headers}.items():
            one.send_header(name.replace("_", "-"), value)
        if "Content_Length" not in headers and "Transfer_Encoding" not in headers:
            one.send_header("Content-Length", str(len(body)))
        one.end_headers()
        one.wfile.write(body)

    return page


def to(where: str, status: int = 302, **headers: str) -> Page:
    return serve(b"", status, Location=where, **headers)


def raw(*said: bytes) -> Page:
    """Whatever, in place of HTTP."""

    def page(one: BaseHTTPRequestHandler) -> None:
        for part in said:
            one.wfile.write(part)

    return page


def conditional(one: BaseHTTPRequestHandler) -> None:
    if one.headers.get("If-None-Match") == TAG:
        one.send_response(304)
        one.send_header("ETag", '"v2"')
        one.end_headers()
    else:
        serve(FEED, ETag=TAG, Last_Modified=DATE, Cache_Control="max-age=7200")(one)


def endless(one: BaseHTTPRequestHandler) -> None:
    one.send_response(200)
    one.end_headers()
    one.wfile.write(b"<rss version='2.0'><channel>")
    while True:
        one.wfile.write(b"<item><title>more</title></item>" * 1000)


@cache
def bomb(times: int) -> bytes:
    """200 MB of nothing, packed so often."""
    squeezed = zlib.compressobj(6, zlib.DEFLATED, 31)
    packed = b"".join([squeezed.compress(bytes(1_000_000)) for _part in range(200)]) + squeezed.flush()
    for _time in range(1, times):
        packed = gzip.compress(packed)
    return packed


@contextmanager
def hostile() -> Iterator[Site]:
    """The server, until it is left."""
    cut = rss("".join(item(f"t{n}", "words") for n in range(5)))[:-60]
    with site() as made:
        made.pages |= {
            "/feed": conditional,
            "/page": serve(samples.PAGE.encode(), Content_Type="text/html"),
            "/bare": serve(b"<html><body>no feed here", Content_Type="text/html"),
            "/endless": endless,
            "/large": serve(b"x", Content_Length=str(10**12)),
            "/bomb": serve(bomb(1), Content_Encoding="gzip"),
            "/bombs": serve(bomb(2), Content_Encoding="gzip, gzip"),
            "/packed3": serve(b"x", Content_Encoding="gzip, gzip, gzip"),
            "/packed-wrong": serve(b"not gzip at all", Content_Encoding="gzip"),
            "/packed": serve(gzip.compress(FEED), Content_Encoding="gzip"),
            "/short": serve(cut, Content_Length=str(len(cut) + 500)),
            "/cut": serve(cut),
            "/empty": serve(b""),
            "/json-cut": serve(samples.JSON.encode()[:-30], Content_Type="application/feed+json"),
            "/other": serve(b"\x89PNG\r\n\x1a\n" + bytes(range(256)), Content_Type="image/png"),
            "/entities": serve(b"<!DOCTYPE r [<!ENTITY a 'ha'><!ENTITY b '&a;&a;'>]><rss><channel>"),
            "/deep": serve(b"<rss>" + b"<x>" * 100_000),
            "/author": serve(rss(item("x", more=f"<author>a@{'a.' * 50_000}!</author>"))),
            "/garbage": raw(b"\x00\xff\x17 what\r\n\r\n"),
            "/silent": raw(),
            "/many-headers": raw(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n" * 5000, b"\r\n", FEED),
            "/long-header": raw(b"HTTP/1.1 200 OK\r\nX: ", b"y" * 1_000_000, b"\r\n\r\n", FEED),
            "/odd-headers": serve(FEED, ETag="x\xe9", Last_Modified="Tue, 19 Jan 2038 03:14:07 GMT",
                                  Cache_Control="max-age=x", Expires="-1", Retry_After="soon",
                                  Content_Type=";;;charset=;=\xff"),
            "/never": serve(FEED, ETag=TAG, Last_Modified=DATE, Expires="0"),
            "/mine": serve(FEED, Set_Cookie="a=b", Cache_Control="private, max-age=60"),
            "/to-feed": to("/feed", Set_Cookie="secret=1"),
            "/moved": to("/moved-on", 301),
            "/moved-on": to("/feed", 308),
            "/moved-half": to("/to-feed", 301),
            "/round": to("/round"),
            "/to-file": to("file:///etc/passwd"),
            "/to-ftp": to("ftp://ftp.example/x"),
            "/to-data": to("data:text/xml,<rss/>"),
            "/to-nothing": serve(b"", 302),
            "/gone": serve(b"", 410),
            "/missing": serve(b"<html>404", 404),
            "/secret": serve(b"", 401),
            "/busy": serve(b"", 503, Retry_After="Fri, 01 Jan 2100 00:00:00 GMT"),
            "/often": serve(b"", 429, Retry_After="120"),
            "/broken": serve(b"", 500),
            "/304": serve(b"", 304),
        }  # fmt: skip
        yield made


def proxying(made: Site, **pages: Page) -> dict[str, str]:
    """Makes it a proxy for http too: what it says for a whole address. The proxies to give."""
    made.pages |= {url.replace("_", "."): page for url, page in pages.items()}
    return {"http": made.address, "https": made.address}


__all__ = ["FEED", "TAG", "Site", "answer", "hostile", "proxying", "serve", "site", "to"]
