"""Feeds behind secret addresses, on real sockets: what a reader gets, and what everybody else does."""

from __future__ import annotations

import asyncio
import concurrent.futures
import gzip
import html
import re
import socket
import threading
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deskblog import limits
from deskblog.errors import Unusable
from deskblog.publish import names
from deskblog.publish.answers import Answers, Asked, is_own, understands_gzip
from deskblog.publish.published import Published
from deskblog.publish.readers import holds, new_token, sealed
from deskblog.publish.scope import Kind, Scope
from deskblog.publish.serve import Server, _shut
from deskblog.records import replace
from tests.publish.posts import ANNE, BELA, NOW, nasty, photo, post
from tests.publish.rules import atom_faults, json_faults, rss_faults

CHECKS = {"atom": atom_faults, "rss": rss_faults, "json": json_faults}
TYPES = {"atom": "application/atom+xml", "rss": "application/rss+xml", "json": "application/feed+json"}
Headers = dict[str, str]
EXECUTOR = concurrent.futures.ThreadPoolExecutor  # read from the disk at its first use, which no loop may do


@dataclass
class Office:
    """What is published, to whom, and what the clock says."""

    posts: list[Published] = field(default_factory=list)
    chosen: list[Published] = field(default_factory=list)
    token: str = field(default_factory=new_token)
    now: float = NOW / 1000
    port: int = 0
    server: Server = field(init=False)

    def __post_init__(self) -> None:
        self.kept = {sealed(self.token)}

    async def source(self, scope: Scope) -> Sequence[Published]:
        match scope.kind:
            case Kind.TEAM:
                return self.posts
            case Kind.COUNTER:
                return self.chosen
            case Kind.PERSON:
                return [post for post in self.posts if post.person == scope.of]
            case Kind.TAG:
                return [post for post in self.posts if scope.of in post.tags]
            case Kind.FILE:
                return [one for one in self.posts if any(file.hash.startswith(scope.of) for file in one.beside)]

    def answers(self) -> Answers:
        return Answers(
            "Martin & Sons", "office", self.source, lambda: self.kept, lambda: self.now, own=frozenset({"anne-pc"})
        )

    async def get(self, path: str, method: str = "GET", host: str = "", **headers: str) -> tuple[int, Headers, bytes]:
        said = {"Host": host or f"127.0.0.1:{self.port}"}
        said |= {name.replace("_", "-"): value for name, value in headers.items()}
        lines = [f"{method} /{self.token}/{path} HTTP/1.1", *(f"{name}: {value}" for name, value in said.items())]
        return answer_of(await self.raw("\r\n".join([*lines, "", ""]).encode()))

    async def raw(self, request: bytes) -> bytes:
        """What comes until the other side has hung up."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(request)
            writer.write_eof()
            return await reader.read()
        except ConnectionError:
            return b""
        finally:
            writer.transport.abort()


def answer_of(answer: bytes) -> tuple[int, Headers, bytes]:
    head, _blank, body = answer.partition(b"\r\n\r\n")
    first, *lines = head.decode("ascii").split("\r\n")
    headers = dict(line.lower().split(": ", 1)[0:1] + line.split(": ", 1)[1:2] for line in lines)
    return int(first.split(" ")[1]), headers, body


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    file = tmp_path / "photo"
    file.write_bytes(b"\xff\xd8\xff" + b"p" * 200_000)
    whole = blake2b(file.read_bytes(), digest_size=32).hexdigest()
    cake = replace(photo(), file=file, hash=whole, size=200_003, url="")
    plan = replace(cake, name="plan.pdf", media_type="application/pdf", nature="document", hash="1" * 64)
    tool = replace(cake, name="tool.exe", media_type="application/pdf", nature="program", hash="2" * 64)
    posts = [
        replace(post(1, "Bread #été"), tags=("été",)),
        replace(post(2, "Rye"), person=BELA, author="Béla"),
        replace(post(3, "Cake"), beside=(cake, plan, tool)),
    ]
    made = Office(posts, posts[2:])
    made.server = Server(made.answers().answer)
    made.port = await made.server.start()
    yield made
    await made.server.stop()


# --- what a reader gets -----------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", CHECKS)
@pytest.mark.parametrize("stem", ["team", f"people/{ANNE}", f"people/{BELA}", f"tags/{quote('été')}"])
async def test_a_reader_gets_feeds_without_a_fault(office: Office, kind: str, stem: str) -> None:
    status, headers, body = await office.get(f"{stem}.{kind}")
    assert (status, headers["content-type"]) == (200, f"{TYPES[kind]}; charset=utf-8")
    assert CHECKS[kind](body) == []
    assert f"http://127.0.0.1:{office.port}/{office.token}/{stem}.{kind}" in body.decode()
    assert int(headers["content-length"]) == len(body)


async def test_posts_of_every_nastiness_are_served_without_a_fault(office: Office) -> None:
    office.posts = nasty()
    for kind, faults in CHECKS.items():
        assert faults((await office.get(f"team.{kind}"))[2]) == []


async def test_a_person_and_a_tag_have_their_own_posts_alone(office: Office) -> None:
    assert (await office.get(f"people/{BELA}.atom"))[2].count(b"<entry>") == 1
    assert (await office.get(f"tags/{quote('été')}.rss"))[2].count(b"<item>") == 1
    assert (await office.get("team.atom"))[2].count(b"<entry>") == 3


async def test_what_a_browser_is_told(office: Office) -> None:
    _status, headers, _body = await office.get("team.atom")
    assert headers["cache-control"] == "private, max-age=600"
    assert headers["x-content-type-options"] == "nosniff" and headers["referrer-policy"] == "no-referrer"
    assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert headers["connection"] == "close" and "date" in headers and "server" not in headers


async def test_head_says_what_get_would(office: Office) -> None:
    for path in ("team.atom", "counter.html", "nothing"):
        got, asked = await office.get(path), await office.get(path, "HEAD")
        for headers in (got[1], asked[1]):
            headers.pop("date")
        assert asked == (got[0], got[1], b"")


async def test_who_holds_it_is_not_sent_it_again(office: Office) -> None:
    _status, headers, _body = await office.get("team.atom")
    tag, since = headers["etag"], headers["last-modified"]
    for held in (tag, f'"x", {tag}', tag.removeprefix("W/"), "*"):
        status, again, body = await office.get("team.atom", If_None_Match=held)
        assert (status, body, again["etag"], "content-length" in again) == (304, b"", tag, False)
    assert (await office.get("team.atom", If_Modified_Since=since))[0] == 304
    assert (await office.get("team.atom", If_None_Match='"x"', If_Modified_Since=since))[0] == 200
    for odd in (
        "yesterday",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "Thu, 99 Foo 9999",
        "0",
        "Mon, 1 Jan 99999 00:00:00 GMT",
    ):
        assert (await office.get("team.atom", If_Modified_Since=odd))[0] == 200


async def test_a_withdrawal_is_news_too(office: Office) -> None:
    """Though nothing in the feed is newer than before."""
    _status, headers, _body = await office.get("team.atom")
    office.now += 60
    del office.posts[0]
    for asked in ({"If_None_Match": headers["etag"]}, {"If_Modified_Since": headers["last-modified"]}):
        assert (await office.get("team.atom", **asked))[0] == 200


async def test_an_hour_later_nothing_is_news(office: Office) -> None:
    _status, headers, _body = await office.get("team.atom")
    office.now += 3600
    assert (await office.get("team.atom", If_Modified_Since=headers["last-modified"]))[0] == 304


async def test_it_is_packed_for_who_understands_that(office: Office) -> None:
    plain = await office.get("team.atom")
    packed = await office.get("team.atom", Accept_Encoding="br, gzip;q=0.8")
    assert gzip.decompress(packed[2]) == plain[2] and packed[1]["content-encoding"] == "gzip"
    assert packed[1]["vary"] == plain[1]["vary"] == "Accept-Encoding" and packed[1]["etag"] == plain[1]["etag"]
    assert "content-encoding" not in (await office.get("team.atom", Accept_Encoding="gzip;q=0"))[1]


@pytest.mark.parametrize(
    ("header", "understood"),
    [
        ("gzip", True), ("GZIP;q=1.0", True), ("deflate, gzip ; q=0.5", True), ("*", True), ("x-gzip", True),
        ("", False), ("br", False), ("gzip;q=0", False), ("gzip;q=0.000", False), ("gzipped", False),
        ("gzip;q=", False),
    ],
)  # fmt: skip
def test_who_understands_gzip(header: str, understood: bool) -> None:
    assert understands_gzip(header) is understood


async def test_photos_and_papers_that_stand_in_a_feed_are_served(office: Office) -> None:
    cake, plan, tool = office.posts[2].beside
    status, headers, body = await office.get(names.file(cake))
    assert cake.file is not None and (status, body) == (200, cake.file.read_bytes())
    assert headers["content-type"] == "image/jpeg" and headers["etag"] == f'"{cake.hash}"'
    assert headers["content-security-policy"].endswith("sandbox")
    assert (await office.get(names.file(cake), If_None_Match=headers["etag"]))[0] == 304
    assert (await office.get(names.file(cake), "HEAD"))[1]["content-length"] == "200003"
    assert (await office.get(names.file(plan)))[1]["content-disposition"].startswith("attachment; ")
    unknown = f"files/{'3' * 32}.jpg"
    for nothing in (f"files/{tool.hash[:32]}.pdf", "files/", "files/../x", unknown, f"/{names.file(cake)}"):
        assert (await office.get(nothing))[0] == 404
    enclosed = (await office.get("team.rss"))[2].decode()
    assert f'url="http://127.0.0.1:{office.port}/{office.token}/{names.file(cake)}"' in enclosed


async def test_the_shop_counter_is_one_page_of_chosen_posts(office: Office) -> None:
    status, headers, body = await office.get("counter.html")
    page = body.decode()
    assert status == 200 and headers["cache-control"] == "private, no-cache"
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', page)
    assert headers["content-security-policy"] == f"{policy}; frame-ancestors 'none'"
    assert "Cake" in page and "Rye" not in page and 'http-equiv="refresh' not in page
    (picture,) = re.findall(r'<img src="([^"]*)"', page)
    assert (await office.get(picture))[0] == 200


async def test_the_counter_is_not_endless_and_is_not_loaded_all_the_time() -> None:
    some = Office([], [post(n) for n in range(limits.COUNTER_POSTS + 5)])
    answers = replace(some.answers(), refresh=1)
    page = (await answers.answer(Asked("GET", f"/{some.token}/counter.html", "localhost"))).body.decode()
    assert page.count("<article>") == limits.COUNTER_POSTS
    assert f'http-equiv="refresh" content="{limits.COUNTER_REFRESH}"' in page


async def test_the_first_page_leads_to_all_feeds(office: Office) -> None:
    page = (await office.get(""))[2].decode()
    found = [html.unescape(address) for address in re.findall(r'href="([^"]*)"', page)]
    assert len(found) == 3 * 4
    for address in found:
        assert (await office.get(address))[0] == 200, address


# --- what everybody else gets -----------------------------------------------------------------------------
async def test_a_secret_taken_back_is_like_one_that_never_was(office: Office) -> None:
    said = set()
    office.kept.clear()
    for token in (office.token, new_token(), "", "x", "%00", "a" * 3000, office.token[:-1], office.token.upper()):
        for path in ("team.atom", "counter.html", "", "nothing", "files/x"):
            answer = answer_of(await office.raw(f"GET /{token}/{path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()))
            answer[1].pop("date")
            said.add((answer[0], tuple(sorted(answer[1].items())), answer[2]))
    assert len(said) == 1 and said.pop()[0] == 404


@pytest.mark.parametrize(
    "path",
    ["team", "team.txt", "team.atom/", "people.atom", "people/.atom", f"people/{'c' * 64}.atom", "tags/nothing.rss",
     "tags/%ff%fe.rss", "../team.atom", "./team.atom", "team%2eatom", "people/../team.atom", "x/team.atom",
     "team.atom%00"],
)  # fmt: skip
async def test_what_means_nothing_is_not_found(office: Office, path: str) -> None:
    assert (await office.get(path))[0] == 404


def test_a_secret_has_128_bits_and_only_its_hash_is_kept() -> None:
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100 and {len(token) for token in tokens} == {22}
    kept = [sealed(token) for token in tokens]
    assert all(holds(token, kept) for token in tokens)
    assert not any(holds(one.hex(), kept) for one in kept) and not holds("", kept) and not holds("\ud800", [])


def test_only_so_many_secrets_hold() -> None:
    tokens = [new_token() for _ in range(limits.READERS + 1)]
    kept = [sealed(token) for token in tokens]
    assert [holds(token, kept) for token in tokens] == [True] * limits.READERS + [False]


@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("localhost", True), ("LOCALHOST:80", True), ("127.0.0.1:8080", True), ("192.168.1.20", True),
        ("[::1]:8080", True), ("[fe80::1]", True), ("anne-pc", True), ("Anne-PC.:8080", True),
        ("evil.example", False), ("localhost.evil.example", False), ("127.0.0.1.evil.example", False), ("", False),
        ("anne-pc.evil.example", False), ("localhost@evil.example", False), ("localhost:80:80", False),
        ("localhost:", False), ("[::1", False), ("[::1%eth0]", False), ("a, localhost", False), ("0x7f.1", False),
    ],
)  # fmt: skip
async def test_only_a_name_of_this_pc_is_answered(office: Office, host: str, own: bool) -> None:
    assert is_own(host, {"anne-pc"}) is own
    if host:
        status, _headers, body = await office.get("team.atom", host=host)
        assert (status == 200) is own and status in (200, 421)
        assert own or b"Martin" not in body


@given(st.text(max_size=300))
def test_any_host_is_own_or_not(host: str) -> None:
    assert is_own(host, ()) in (True, False)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "CONNECT", "TRACE", "get", "PRI"])
async def test_nothing_but_get_and_head(office: Office, method: str) -> None:
    status, headers, _body = await office.get("team.atom", method)
    assert (status, headers["allow"]) == (405, "GET, HEAD")


GARBAGE = [
    b"", b"\r\n" * 10, b"\0" * 100, b"GET", b"GET / HTTP/1.1\r\n", b"GET / HTTP/1.1\r\n\r\n", b"GET /\r\n\r\n",
    b"GET / HTTP/0.9\r\n\r\n", b"GET / HTTP/2.0\r\nHost: localhost\r\n\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nHost: localhost\r\n\r\n", b"GET  / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost : localhost\r\n\r\n", b"GET / HTTP/1.1\r\nHost: local\0host\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: bogus\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzzzz\r\n",
    b"GET http://localhost/ HTTP/1.1\r\nHost: localhost\r\n\r\n", b"GET * HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET /\xff\xfe HTTP/1.1\r\nHost: localhost\r\n\r\n", b"GET /%zz HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"r" * 500, b"SSH-2.0-x\r\n", b"<?xml?>", b"GET / HTTP/1.1\n\n",
    b"GET / HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 99999999\r\n\r\n",
]  # fmt: skip


@pytest.mark.parametrize("request_", GARBAGE)
async def test_garbage_is_refused_and_the_next_is_served(office: Office, request_: bytes) -> None:
    said = await office.raw(request_)
    assert said == b"" or 400 <= answer_of(said)[0] < 600
    assert (await office.get("team.atom"))[0] == 200


PIECES = [b"\r\n", b"GET /", b" HTTP/1.1\r\n", b"Host: localhost\r\n", b"Range: bytes=0-\r\n"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.lists(st.one_of(st.binary(max_size=200), st.sampled_from([*GARBAGE, *PIECES])), max_size=6))
def test_any_bytes_are_refused_and_the_next_is_served(pieces: list[bytes]) -> None:
    async def tried() -> None:
        office = Office([post(1)])
        server = Server(office.answers().answer)
        office.port = await server.start()
        try:
            said = await office.raw(b"".join(pieces))
            assert said == b"" or 400 <= answer_of(said)[0] < 600
            assert (await office.get("team.atom"))[0] == 200
        finally:
            await server.stop()

    asyncio.run(tried())


# --- ceilings ---------------------------------------------------------------------------------------------
async def test_a_head_past_its_size_is_refused(office: Office) -> None:
    fits = f"GET /{office.token}/team.atom HTTP/1.1\r\nHost: localhost\r\nX: ".encode()
    assert answer_of(await office.raw(fits + b"x" * 7000 + b"\r\n\r\n"))[0] == 200
    said = await office.raw(fits + b"x" * limits.WEB_HEAD + b"\r\n\r\n")
    assert answer_of(said)[0] == 431
    assert answer_of(await office.raw(b"GET /" + b"a" * (3 * limits.WEB_HEAD)))[0] == 431


async def test_who_asks_too_slowly_is_left(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "WEB_SECONDS", 0.05)
    for begun in (b"", b"GET /", b"GET / HTTP/1.1\r\nHost: loc"):
        reader, writer = await asyncio.open_connection("127.0.0.1", office.port)
        writer.write(begun)
        assert await gone(reader)
        writer.transport.abort()


async def gone(reader: asyncio.StreamReader) -> bool:
    """Waits for the other side to hang up, without a word."""
    try:
        return await reader.read() == b""
    except ConnectionError:
        return True


async def test_a_source_that_does_not_answer_holds_nobody_up_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "WEB_SECONDS", 0.05)
    never = asyncio.Event()
    office = Office()

    async def source(scope: Scope) -> Sequence[Published]:
        await never.wait()
        return []

    server = Server(replace(office.answers(), source=source).answer)
    office.port = await server.start()
    assert await office.raw(f"GET /{office.token}/team.atom HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()) == b""
    await server.stop()


async def test_what_the_disk_cannot_give_is_asked_for_again_later() -> None:
    office = Office()

    async def source(scope: Scope) -> Sequence[Published]:
        raise Unusable("the disk cannot be read")

    said = await replace(office.answers(), source=source).answer(
        Asked("GET", f"/{office.token}/team.atom", "localhost")
    )
    assert (said.status, dict(said.headers)["Retry-After"]) == (503, "600")
    assert b"disk" not in said.body


async def test_a_fault_of_ours_ends_that_link_and_is_told(office: Office) -> None:
    told: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: told.append(context.get("exception")))
    office.posts = [replace(post(1), at="never")]  # type: ignore[arg-type]
    assert await office.raw(f"GET /{office.token}/team.atom HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()) == b""
    assert [type(fault) for fault in told] == [TypeError]
    office.posts = []
    assert (await office.get("team.atom"))[0] == 200


async def test_who_does_not_take_the_answer_is_left(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "WEB_SEND_SECONDS", 0.2)
    cake = office.posts[2].beside[0]
    assert cake.file is not None
    with cake.file.open("r+b") as file:
        file.truncate(64 * limits.MIB)  # more than all buffers on the way hold
    with socket.create_connection(("127.0.0.1", office.port)) as link:
        link.sendall(f"GET /{office.token}/{names.file(cake)} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        assert (await office.get("team.atom"))[0] == 200
        await asyncio.wait(office.server._links)
        with pytest.raises(ConnectionResetError):
            await asyncio.to_thread(_all_of, link)
    assert (await office.get("team.atom"))[0] == 200


def _all_of(link: socket.socket) -> None:
    while link.recv(1 << 20):
        pass


async def test_one_address_has_so_many_links_and_no_more(office: Office) -> None:
    held = [await asyncio.open_connection("127.0.0.1", office.port) for _ in range(limits.WEB_ADDRESS)]
    reader, writer = await asyncio.open_connection("127.0.0.1", office.port)
    assert await gone(reader)
    for _reader, one in (*held, (reader, writer)):
        one.transport.abort()


async def test_of_links_in_all_there_are_so_many(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "WEB_ADDRESS", limits.WEB_LINKS + 1)
    held = [await asyncio.open_connection("127.0.0.1", office.port) for _ in range(limits.WEB_LINKS)]
    reader, writer = await asyncio.open_connection("127.0.0.1", office.port)
    assert await gone(reader)
    for _reader, one in (*held, (reader, writer)):
        one.transport.abort()


async def test_it_is_remembered_of_few_answers_since_when_they_are_so() -> None:
    office = Office([post(1)])
    answers = office.answers()
    for n in range(limits.WEB_ANSWERS + 10):
        answer = await answers.answer(Asked("GET", f"/{office.token}/team.json?{n}", "localhost"))
        assert answer.status == 200
    assert len(answers._seen) == limits.WEB_ANSWERS


# --- where it listens -------------------------------------------------------------------------------------
async def test_it_listens_on_this_pc_alone_unless_opened() -> None:
    for opened, hosts in ((False, {"127.0.0.1", "::1"}), (True, {"0.0.0.0", "::"})):
        server = Server(Office().answers().answer)
        port = await server.start(opened=opened)
        found = [one.getsockname()[:2] for listening in server._servers for one in listening.sockets]
        assert found and {host for host, _port in found} <= hosts and {number for _host, number in found} == {port}
        await server.stop()


async def test_a_port_that_is_taken_is_said(office: Office) -> None:
    with pytest.raises(Unusable, match=str(office.port)) as told:
        await Server(office.answers().answer).start(office.port)
    assert told.value.next_step


async def test_stopping_cuts_off_whoever_is_there() -> None:
    server = Server(Office().answers().answer)
    port = await server.start()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /")
    await asyncio.sleep(0)
    await server.stop()
    assert await gone(reader)
    writer.transport.abort()


async def test_what_was_being_sent_is_closed_though_whoever_sent_it_is_told_to_end(tmp_path: Path) -> None:
    """The one thread for such work has other work still when the reader is cut off."""
    loop, free = asyncio.get_running_loop(), threading.Event()
    with EXECUTOR(1) as threads:
        loop.set_default_executor(threads)
        (tmp_path / "photo.jpg").write_bytes(b"photo")
        file = await asyncio.to_thread((tmp_path / "photo.jpg").open, "rb")
        busy = asyncio.create_task(asyncio.to_thread(free.wait))
        shutting = asyncio.create_task(_shut(file))
        for _step in range(3):  # until it waits behind the other
            await asyncio.sleep(0)
        assert not threads._work_queue.empty()
        shutting.cancel()
        await asyncio.wait([shutting])
        free.set()
        await busy
        await asyncio.to_thread(lambda: None)
    assert shutting.cancelled() and file.closed
