"""A real web server on loopback, with pages good and bad."""

from __future__ import annotations

import gzip
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.media.test_photo import picture

PAGE = """<!doctype html><html><head><meta charset="utf-8"><title> Plain
title </title><meta property="og:title" content="Grève des trains &amp; plan B"><meta name="description"
content="What runs &lt;b&gt;tomorrow&lt;/b&gt;"><meta property="og:image" content="/photo.jpg"></head></html>"""


class Site:
    """`asked`: the paths that were asked for, in order; `pages`: what is served where."""

    def __init__(self, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self.asked: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.stop = threading.Event()
        self.pages: dict[str, Callable[[BaseHTTPRequestHandler], None]] = {
            "/page": lambda one: answer(one, PAGE.encode(), "text/html"),
            "/photo.jpg": lambda one: answer(one, picture("JPEG", (800, 600)), "image/jpeg"),
            "/bare": lambda one: answer(one, b"<p>no title at all", "text/html"),
            "/gone": lambda one: one.send_error(404),
            "/round": lambda one: moved(one, "/round"),
            "/to-page": lambda one: moved(one, "/page"),
            "/to-file": lambda one: moved(one, "file:///etc/passwd"),
            "/bomb": lambda one: answer(one, gzip.compress(bytes(40_000_000)), "text/html", packed=True),
            "/slow": self._drip,
        }

    def _drip(self, one: BaseHTTPRequestHandler) -> None:
        """A byte a moment, without end."""
        one.send_response(200)
        one.end_headers()
        while not self.stop.wait(0.2):
            one.wfile.write(b"<")
            one.wfile.flush()


def answer(one: BaseHTTPRequestHandler, body: bytes, kind: str, *, packed: bool = False) -> None:
    one.send_response(200)
    one.send_header("Content-Type", kind)
    one.send_header("Content-Length", str(len(body)))
    if packed:
        one.send_header("Content-Encoding", "gzip")
    one.end_headers()
    one.wfile.write(body)


def moved(one: BaseHTTPRequestHandler, where: str) -> None:
    one.send_response(302)
    one.send_header("Location", where)
    one.end_headers()


@contextmanager
def site(context: ssl.SSLContext | None = None) -> Iterator[Site]:
    """Serves until it is left; with a context, by TLS."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.asked.append(self.path)
            made.headers.append({name.lower(): value for name, value in self.headers.items()})
            with suppress(OSError):  # whoever asked has gone
                made.pages.get(self.path, lambda one: one.send_error(404))(self)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    made = Site(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield made
    finally:
        made.stop.set()
        server.shutdown()
        server.server_close()
        thread.join()
