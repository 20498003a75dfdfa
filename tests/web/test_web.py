"""What a page says of itself, and what becomes of servers that mean no good."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskblog.errors import Unusable
from deskblog.inside import is_public
from deskblog.media.linkcard import MARK, LinkCard, decode_card, encode_card
from deskblog.web import fetching
from deskblog.web.child import fetch as fetch_here
from deskblog.web.fetching import fetch
from deskblog.web.page import Head, read_head
from deskblog.web.wire import Request
from tests.web.site import PAGE, Site, site


@pytest.fixture
def server() -> Iterator[Site]:
    with site() as made:
        yield made


async def test_a_page_comes_with_where_it_came_from(server: Site) -> None:
    found = await fetch(f"{server.address}/to-page", 100_000, local=True)
    assert (found.url, found.kind, found.body) == (f"{server.address}/page", "text/html", PAGE.encode())


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/gone", r"no such page \(status 404\)"),
        ("/round", "without end"),
        ("/to-file", "no address of a page"),
    ],
)
async def test_what_cannot_be_had_is_said(server: Site, path: str, said: str) -> None:
    with pytest.raises(Unusable, match=said) as fault:
        await fetch(server.address + path, 100_000, local=True)
    assert fault.value.kept == "Your text is kept."


async def test_a_byte_a_moment_ends_with_the_process(server: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "SECONDS", 1.5)
    with pytest.raises(Unusable, match="too long"):
        await fetch(f"{server.address}/slow", 100_000, local=True)


async def test_nobody_there_and_no_certificate(server: Site) -> None:
    with pytest.raises(Unusable, match="does not answer"):
        await fetch("http://127.0.0.1:1/", 1000, local=True)
    with pytest.raises(Unusable, match=r"does not answer|certificate"):
        await fetch(server.address.replace("http:", "https:"), 1000, local=True)


def test_a_bomb_is_unpacked_no_further_than_it_is_read(server: Site) -> None:
    answer = fetch_here(Request(f"{server.address}/bomb", 50_000, 2.0, True))
    assert answer.fault == "" and len(answer.body) == 50_000


def test_a_page_outside_does_not_lead_inside(server: Site) -> None:
    before = len(server.asked)
    assert fetch_here(Request(f"{server.address}/page", 1000, 2.0, False)).fault == "inside"
    assert len(server.asked) == before, "nobody was asked"
    for host in ("127.0.0.1", "10.1.2.3", "192.168.1.1", "169.254.169.254", "::1", "fe80::1%lo", "localhost"):
        assert not is_public(host), host
    assert is_public("93.184.216.34")


def test_a_head_is_read_with_its_names_and_marks() -> None:
    url = "https://example.org/a/b"
    head = read_head(PAGE.encode(), "text/html", url)
    assert head == Head("Grève des trains & plan B", "What runs <b>tomorrow</b>", "https://example.org/photo.jpg")
    assert read_head(b"<title>caf\xe9</title>", "text/html; charset=latin-1", url).title == "café"
    assert read_head(b"<meta charset=latin-1><title>caf\xe9</title>", "text/html", url).title == "café"
    assert read_head(b"<![x <![ ><title>t</title>", "", url).title == "t"
    for picture in ("javascript:alert(1)", "data:image/png;base64,AA", "file:///etc/passwd", "http://[", ""):
        assert read_head(f'<meta property="og:image" content="{picture}">'.encode(), "", url).picture == ""


@given(st.binary(max_size=3000), st.text(max_size=40))
def test_any_bytes_are_a_page_that_says_something_or_nothing(body: bytes, kind: str) -> None:
    assert isinstance(read_head(body, kind, "https://example.org/"), Head)


@given(st.binary(max_size=300))
def test_a_card_is_one_or_none(data: bytes) -> None:
    assert decode_card(data) is None or data.startswith(MARK)
    decode_card(MARK + data)


def test_a_card_leads_to_a_page_or_is_none() -> None:
    card = LinkCard("https://example.org/", "Title", "Words")
    assert decode_card(encode_card(card)) == card
    for wrong in (LinkCard("javascript:alert(1)", "", ""), LinkCard("https://" + "x" * 2000, "", "")):
        assert decode_card(encode_card(wrong)) is None
    assert decode_card(encode_card(card) + bytes(9000)) is None
