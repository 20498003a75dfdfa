"""Whatever a server does, a fetch ends soon, in little memory, with what came or a sentence, and leads not inside."""

from __future__ import annotations

import re
import socket
import ssl
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from deskblog.feeds import cache, schedule
from deskblog.feeds.fetching import AGENT, Fetched, Handed, Outcome, Request, came, fetch, read_list
from deskblog.feeds.listed import Listed
from deskblog.feeds.wire import Ask
from deskblog.feeds.worker import work
from deskblog.inside import is_outside
from deskblog.limits import FEED_BODY
from tests.feeds.hostile import FEED, TAG, Site, hostile, proxying, serve, site, to
from tests.feeds.samples import rss

KEPT = "What came before is kept."
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def server() -> Iterator[Site]:
    with hostile() as made:
        yield made


async def get(server: Site, path: str, seconds: float = 10.0, **more: Any) -> Fetched:
    return await fetch(Request(server.address + path, typed=True, proxies={}, **more), seconds=seconds)


async def test_a_feed_comes_with_what_to_ask_by_next_time(server: Site) -> None:
    first = await get(server, "/feed", keep=True)
    assert (first.outcome, first.said, first.status) == (Outcome.READ, "", 200)
    assert first.feed is not None and [one.key for one in first.feed.items][:1] == ["brew-17"]
    assert (first.etag, first.modified[:3], first.fresh, first.inside, first.private) == (
        TAG,
        "Mon",
        7200,
        True,
        False,
    )
    assert first.body == FEED and first.headers["content-type"] == "application/rss+xml"
    again = await get(server, "/feed", etag=first.etag, modified=first.modified)
    assert (again.outcome, again.feed, again.etag, again.said) == (Outcome.UNCHANGED, None, '"v2"', "")
    asked = server.headers[-1]
    assert (asked["user-agent"], asked["if-none-match"], asked["if-modified-since"]) == (AGENT, TAG, first.modified)
    assert "cookie" not in asked and "referer" not in asked and asked["host"] == server.address[7:]


@pytest.mark.parametrize(
    ("path", "fault", "said"),
    [
        ("/bare", "page", "names no feed"),
        ("/bomb", "size", "too large"),
        ("/bombs", "size", "too large"),
        ("/packed3", "packed", "packed"),
        ("/packed-wrong", "packed", "packed"),
        ("/endless", "size", "too large"),
        ("/large", "size", "too large"),
        ("/empty", "empty", "empty"),
        ("/json-cut", "broken", "broken"),
        ("/other", "other", "no feed"),
        ("/entities", "entities", "grow without end"),
        ("/deep", "deep", "nested without end"),
        ("/garbage", "garbled", "as a site should"),
        ("/silent", "garbled", "as a site should"),
        ("/many-headers", "garbled", "as a site should"),
        ("/long-header", "garbled", "as a site should"),
        ("/round", "redirects", "without end"),
        ("/to-file", "address", "no address"),
        ("/to-ftp", "address", "no address"),
        ("/to-data", "address", "no address"),
        ("/to-nothing", "status 302", r"\(302\)"),
        ("/304", "status 304", r"\(304\)"),
        ("/missing", "status 404", "no feed at that address"),
        ("/secret", "status 401", "name and a password"),
        ("/broken", "status 500", r"\(500\)"),
    ],
)
async def test_what_cannot_be_had_is_said(server: Site, path: str, fault: str, said: str) -> None:
    found = await get(server, path)
    assert (found.outcome, found.fault, found.kept, found.feed) == (Outcome.FAILED, fault, KEPT, None)
    assert re.search(said, found.said)
    assert found.next_step and found.body == b""


async def test_what_came_says_when_to_come_again(server: Site) -> None:
    now = datetime(2026, 3, 12, tzinfo=UTC)
    feed = schedule.Following(server.address + "/feed", now, now)
    read = schedule.after(feed, came(await get(server, "/feed"), 3), now, b"key")
    assert (read.etag, read.hint, read.rhythm) == (TAG, timedelta(hours=6), schedule.RHYTHM)
    same = schedule.after(read, came(await get(server, "/feed", etag=read.etag), 0), now, b"key")
    assert (same.etag, same.failures, same.hint) == ('"v2"', 0, timedelta(hours=6))
    assert schedule.after(feed, came(await get(server, "/gone"), 0), now, b"key").ended is schedule.End.GONE
    assert schedule.after(feed, came(await get(server, "/busy"), 0), now, b"key").due > now + timedelta(days=31)
    assert schedule.after(feed, came(await get(server, "/page"), 0), now, b"key").failures == 1


async def test_a_page_offers_its_feeds_and_was_asked_once(server: Site) -> None:
    found = await get(server, "/page")
    assert (found.outcome, found.title) == (Outcome.OFFERS, "The brewery")
    assert [(one.url, one.title) for one in found.offers] == [
        (f"{server.address}/feed", "Posts"),
        (f"{server.address}/comments.atom", "Comments"),
    ]
    assert found.next_step == "Choose one of them." and server.asked == ["/page"]


async def test_gone_busy_and_asked_too_often(server: Site) -> None:
    gone, busy, often = await get(server, "/gone"), await get(server, "/busy"), await get(server, "/often")
    assert (gone.outcome, gone.next_step[:12], gone.kept) == (Outcome.GONE, "It is asked ", KEPT)
    assert busy.outcome is often.outcome is Outcome.WAIT
    assert often.retry == 120 and busy.retry > 86_400


@pytest.mark.parametrize("path", ["/short", "/cut"])
async def test_of_a_feed_that_was_cut_whole_items_are_kept(server: Site, path: str) -> None:
    found = await get(server, path)
    assert found.outcome is Outcome.READ and found.feed is not None and "missing" in found.said and found.kept == KEPT
    assert [one.title for one in found.feed.items] == ["t0", "t1", "t2", "t3"]
    assert found.etag == found.modified == "", "so that the whole of it comes the next time"


async def test_a_packed_feed_and_an_author_that_never_ends_are_read(server: Site) -> None:
    assert (await get(server, "/packed")).outcome is Outcome.READ
    assert (await get(server, "/author")).outcome is Outcome.READ


async def test_a_byte_a_moment_ends_when_its_time_is_over(server: Site) -> None:
    slow = await get(server, "/slow", seconds=1.0)
    assert (slow.outcome, slow.fault, slow.said) == (Outcome.FAILED, "time", "That site takes too long to answer.")


async def test_headers_that_say_nonsense_say_nothing(server: Site) -> None:
    odd = await get(server, "/odd-headers")
    assert (odd.outcome, odd.etag, odd.modified, odd.fresh, odd.retry) == (Outcome.READ, "", "", 0, 0)
    never, mine = await get(server, "/never"), await get(server, "/mine")
    assert (never.etag, never.modified, never.private) == ("", "", False)
    assert (mine.private, mine.fresh) == (True, 60)


async def test_redirects_are_followed_without_cookies_and_remembered_if_they_are_for_ever(server: Site) -> None:
    found = await get(server, "/to-feed")
    assert (found.outcome, found.url, found.moved) == (Outcome.READ, f"{server.address}/feed", "")
    assert server.asked == ["/to-feed", "/feed"] and "cookie" not in server.headers[1]
    assert (await get(server, "/moved")).moved == f"{server.address}/feed"
    assert (await get(server, "/moved-half")).moved == "", "half of the way is for now"


INSIDE = [
    "127.0.0.1", "localhost", "10.1.2.3", "192.168.1.1", "172.16.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
    "127.1", "2130706433", "0x7f.1", "017700000001", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]",
    "[64:ff9b::7f00:1]", "[64:ff9b::a00:1]", "[64:ff9b:1::1]", "[2002:7f00:1::]", "[fe80::1]", "[fc00::1]",
    "[fec0::1]", "[ff02::1]", "[::7f00:1]", "224.0.0.1", "255.255.255.255", "198.18.0.1", "printer.local",
    "localhost.",
]  # fmt: skip


def test_what_is_outside_does_not_lead_inside(server: Site) -> None:
    """The proxy stands for the web outside: the name is known to it alone. All it says leads to this very server."""
    port = server.address.rpartition(":")[2]
    server.pages |= {f"http://web{n}.invalid:80/": to(f"http://{host}:{port}/feed") for n, host in enumerate(INSIDE)}
    proxies = proxying(server)
    for number, host in enumerate(INSIDE):
        found = work(Ask(f"http://web{number}.invalid/", inside=number % 4 > 0, proxies=proxies))
        assert found.fault == "inside", (host, found.fault)
    assert "/feed" not in server.asked and len(server.asked) == len(INSIDE)


async def test_an_address_that_no_person_gave_does_not_lead_inside(server: Site) -> None:
    for path in ("/feed", "/to-feed"):
        found = await fetch(Request(server.address + path, proxies={}))
        assert (found.outcome, found.fault) == (Outcome.FAILED, "inside")
    assert server.asked == []


async def test_through_a_proxy_what_is_outside_is_read(server: Site) -> None:
    server.pages |= {
        "http://web.invalid:80/feed?a=1": serve(FEED),
        "http://web.invalid:80/x": to("file:///etc/passwd"),
    }
    proxies = proxying(server)
    found = await fetch(Request("http://web.invalid/feed?a=1", proxies=proxies))
    assert (found.outcome, found.inside, found.url) == (Outcome.READ, False, "http://web.invalid/feed?a=1")
    assert (await fetch(Request("http://web.invalid/x", proxies=proxies))).fault == "address"
    assert (await fetch(Request("http://web.invalid/", proxies={"http": "socks5://127.0.0.1:1"}))).fault == "proxy"
    assert (await fetch(Request("http://web.invalid/", proxies={"http": "http://127.0.0.1:1"}))).fault == "proxy"


def test_a_name_is_looked_up_once_and_that_place_is_asked(server: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a name that changes what it stands for between the check and the connection (DNS rebinding)."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def turning(host: Any, *rest: Any, **more: Any) -> Any:
        if host != "turning.example":
            return real(host, *rest, **more)
        asked.append(host)
        return real("127.0.0.1" if len(asked) == 1 else "127.0.0.2", *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", turning)
    port = server.address.rpartition(":")[2]
    answer = work(Ask(f"http://turning.example:{port}/feed", inside=True, proxies={}))
    assert answer.feed is not None and asked == ["turning.example"]
    assert server.headers[-1]["host"] == f"turning.example:{port}"
    assert work(Ask(f"http://turning.example:{port}/feed", proxies={})).fault == "inside"


def test_which_addresses_are_outside() -> None:
    for inside in (
        "100.127.255.255",
        "192.0.2.1",
        "240.0.0.1",
        "fe80::1%eth0",
        "64:ff9b::c0a8:101",
        "64:ff9b:1::5db8:d822",
        "2001:db8::1",
        "::",
    ):
        assert not is_outside(inside), inside
    for outside in (
        "93.184.216.34",
        "2606:4700::1111",
        "64:ff9b::5db8:d822",
        "2002:5db8:d822::",
        "::ffff:93.184.216.34",
    ):
        assert is_outside(outside), outside


async def test_nobody_there_and_no_such_name() -> None:
    for url, fault in (
        ("http://127.0.0.1:1/", "connection"),
        ("http://no.such.name.invalid/", "name"),
        ("javascript:alert(1)", "address"),
        ("http://", "address"),
        ("http://[::1", "address"),
        ("http://x:99999/", "address"),
        ("", "address"),
        ("http://" + "a" * 300 + "/", "address"),
    ):
        found = await fetch(Request(url, typed=True, proxies={}))
        assert (found.outcome, found.fault, found.kept) == (Outcome.FAILED, fault, KEPT), url


async def test_what_a_colleague_fetched_is_read_and_nobody_is_asked(server: Site) -> None:
    handed = Handed(FEED.decode().replace("UTF-8", "utf-16").encode("utf-16"), {"Content-Type": "text/xml"})
    found = await fetch(Request(f"{server.address}/x", handed=handed))
    assert found.outcome is Outcome.READ and found.feed is not None and len(found.feed.items) == 3
    assert server.asked == []
    assert (await fetch(Request("https://a.example/", handed=Handed(bytes(FEED_BODY + 1), {})))).fault == "size"


async def test_what_takes_too_much_memory_or_work_ends_with_its_process() -> None:
    large = Handed(b"<" + b"a" * 280_000_000, {})
    found = await fetch(Request("https://a.example/", handed=large), ceiling=2**30)
    assert (found.outcome, found.fault) == (Outcome.FAILED, "memory")
    long = Handed(rss("<a/" * 2_000_000), {})
    found = await fetch(Request("https://a.example/", handed=long))
    assert (found.outcome, found.fault, found.kept) == (Outcome.FAILED, "work", KEPT)


async def test_a_list_is_read_there_too() -> None:
    body = b'<opml version="2.0"><body><outline text="A" xmlUrl="https://a.example/"/></body></opml>'
    listed, fetched = await read_list(body)
    assert listed is not None and listed.feeds == (Listed("https://a.example/", "A"),)
    assert fetched.outcome is Outcome.READ
    nothing, why = await read_list(b"words")
    assert nothing is None and why.said == "That is no list of feeds."


def certified(folder: Path, name: str) -> tuple[ssl.SSLContext, Path]:
    """A server's context with a certificate for a name, and the file that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file, secret = folder / f"{name}.pem", folder / f"{name}.key"
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file, secret)
    return context, file


async def test_a_certificate_must_hold_for_the_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, right in (("localhost", True), ("other.example", False)):
        context, file = certified(tmp_path, name)
        with site(context) as server:
            server.pages["/feed"] = serve(FEED)
            url = server.address.replace("http://127.0.0.1", "https://localhost") + "/feed"
            assert (await fetch(Request(url, typed=True, proxies={}))).fault == "certificate", "nobody vouches for it"
            if sys.platform == "linux":  # where a file can be named that is trusted
                monkeypatch.setenv("SSL_CERT_FILE", str(file))
                found = await fetch(Request(url, typed=True, proxies={}))
                assert found.fault == ("" if right else "certificate")
            monkeypatch.delenv("SSL_CERT_FILE", raising=False)


def test_how_long_an_answer_is_good() -> None:
    date = "Sun, 01 Mar 2026 12:00:00 GMT"
    for headers, seconds in (
        ({"cache-control": "public, max-age=600"}, 600),
        ({"cache-control": "s-maxage=9, max-age=9999999999"}, cache.LONGEST),
        ({"cache-control": 'MAX-AGE="60"', "expires": "Sun, 01 Mar 2026 14:00:00 GMT"}, 60),
        ({"cache-control": "no-cache, max-age=600"}, 0),
        ({"expires": "Sun, 01 Mar 2026 14:00:00 GMT"}, 7200),
        ({"expires": "Sun, 01 Mar 2026 14:00:00 GMT", "date": "Sun, 01 Mar 2026 13:59:00 GMT"}, 60),
        ({"expires": "Thu, 01 Jan 1970 00:00:00 GMT", "date": date}, 0),
        ({"expires": "never", "date": "x"}, 0),
        ({}, 0),
    ):
        assert cache.fresh(headers, NOW) == seconds, headers
    for said, seconds in (
        ("120", 120),
        ("Sun, 01 Mar 2026 12:05:00 GMT", 300),
        ("-5", 0),
        ("1.5", 0),
        ("x" * 999, 0),
        ("9" * 30, 0),
    ):
        assert cache.retry({"retry-after": said}, NOW) == seconds, said
