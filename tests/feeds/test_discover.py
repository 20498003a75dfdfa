"""A page's feeds are found, all of them, and nothing else is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskblog.feeds.discover import offered
from deskblog.feeds.offer import Offer
from deskblog.limits import FEEDS_OFFERED, FEEDS_PAGE

URL = "https://site.example/blog/index.html"


def found(html: str, url: str = URL) -> list[str]:
    return [offer.url for offer in offered(html.encode(), url, {})[1]]


def link(href: str, kind: str = "application/rss+xml", more: str = "") -> str:
    return f'<link rel="alternate" type="{kind}" href="{href}" {more}>'


def test_all_that_are_offered_are_found_with_their_titles() -> None:
    page = (
        "<html><head><title>Brewery\n blog</title>"
        + link("/feed.xml", more='title="Posts &amp; news"')
        + link("atom", "application/atom+xml; charset=utf-8", 'title="Comments"')
        + link("//cdn.example/f.json", "application/feed+json")
        + link("/feed.xml")
        + "</head><body><a href='/rss'>RSS</a>"
    )
    assert offered(page.encode(), URL, {}) == (
        "Brewery blog",
        (
            Offer("https://site.example/feed.xml", "Posts & news", "application/rss+xml"),
            Offer("https://site.example/blog/atom", "Comments", "application/atom+xml"),
            Offer("https://cdn.example/f.json", "", "application/feed+json"),
        ),
    )


@pytest.mark.parametrize(
    ("html", "wanted"),
    [
        ("<LINK REL='ALTERNATE HOME' TYPE='APPLICATION/RSS+XML' HREF=/f>", ["https://site.example/f"]),
        ("<link href='f?a=1&amp;b=2' type=application/atom+xml rel=alternate />", ["https://site.example/blog/f?a=1&b=2"]),
        ("<base href='/x/'><base href='/y/'>" + link("f"), ["https://site.example/x/f"]),
        ("<base href='https://other.example/'>" + link("f"), ["https://other.example/f"]),
        ("<base href='javascript:x'>" + link("f"), ["https://site.example/blog/f"]),
        ("<!-- " + link("no") + "-->" + link("yes"), ["https://site.example/blog/yes"]),
        ("<script>'" + link("no") + "'</script>" + link("yes"), ["https://site.example/blog/yes"]),
        ("<link rel=feed href=f>", ["https://site.example/blog/f"]),
        ("<body><p>" + link("in/body"), ["https://site.example/blog/in/body"]),
        ("<link rel='alternate stylesheet' type='text/xml' href=x.css>", []),
        ("<link rel=stylesheet type='application/rss+xml' href=x>", []),
        ("<link rel=alternate hreflang=fr href=/fr>", []),
        ("<link rel=alternate type=application/rss+xml>", []),
        (link("javascript:alert(1)") + link("file:///etc/passwd") + link("data:text/xml,x") + link("ftp://x/y"), []),
        (link("https://site.example/wp-json/wp/v2/posts/1", "application/json"), []),
        ("<link rel=alternate type='application/json+oembed' href=/o>", []),
        ("<![if !IE]><![x>" + link("f"), ["https://site.example/blog/f"]),
        ("words", []),
        ("", []),
    ],
)  # fmt: skip
def test_what_is_offered_and_what_is_not(html: str, wanted: list[str]) -> None:
    assert found(html) == wanted


def test_a_page_that_offers_none_is_guessed_at() -> None:
    page = (
        "<a href='/about'>About</a><a href='/rss.xml'>Sub<b>scribe</b></a>"
        "<a href='/category/feeding'>x</a><a href='?feed=atom'>"
    )
    assert offered(page.encode(), URL, {})[1] == (
        Offer("https://site.example/rss.xml", "Sub", guessed=True),
        Offer("https://site.example/blog/index.html?feed=atom", "", guessed=True),
    )


def test_any_encoding() -> None:
    page = "<title>Été</title>" + link("f", more="title='Été'")
    assert offered(page.encode("utf-16"), URL, {})[1][0].title == "Été"
    for body, kind in (
        (page.encode("latin-1"), "text/html; charset=iso-8859-1"),
        (b"<meta charset=latin-1>" + page.encode("latin-1"), "text/html"),
        (page.encode(), ""),
    ):
        assert offered(body, URL, {"Content-Type": kind})[0] == "Été"


def test_of_a_page_past_its_ceilings_what_is_within_them_is_read() -> None:
    assert len(found("".join(link(f"/{n}") for n in range(FEEDS_OFFERED + 9)))) == FEEDS_OFFERED
    assert found(" " * FEEDS_PAGE + link("/late")) == []


@given(st.text(max_size=200), st.text(max_size=30))
def test_any_page_offers_addresses_of_the_web_or_none(text: str, url: str) -> None:
    for html in (
        text,
        f"<link rel=alternate type=application/rss+xml href='{text}'>",
        f"<base href='{text}'>{link('x')}",
    ):
        assert all(
            one.startswith(("http://", "https://")) for one in found(html.encode("utf-8", "ignore").decode(), url)
        )
