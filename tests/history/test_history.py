"""What a person wrote elsewhere, read from real shapes of archives, and from bad ones."""

from __future__ import annotations

import io
import json
import tarfile
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskblog.errors import Refused, Unusable
from deskblog.history import archive
from deskblog.history.archive import read_history
from deskblog.history.found import Found, Past
from deskblog.history.lines import read_lines
from deskblog.plain_text import plain_text

ME = "https://mamot.fr/users/anne"
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"


def note(content: str, **more: Any) -> dict[str, Any]:
    published = "2019-05-03T10:00:00Z"
    inner = {"type": "Note", "published": published, "content": content, "to": [PUBLIC], "cc": [], "inReplyTo": None}
    return {"type": "Create", "object": inner | more}


def outbox(*items: Any) -> bytes:
    return json.dumps({"id": f"{ME}/outbox", "type": "OrderedCollection", "orderedItems": list(items)}).encode()


def tweet(text: str, **more: Any) -> dict[str, Any]:
    return {"tweet": {"full_text": text, "created_at": "Wed Oct 10 20:19:24 +0000 2018", **more}}


def tweets(*items: Any) -> bytes:
    return b"window.YTD.tweets.part0 = " + json.dumps(list(items)).encode()


def at(*when: int) -> int:
    return int(datetime(*when, tzinfo=UTC).timestamp() * 1000)  # type: ignore[arg-type, misc]


def read(folder: Path, name: str, data: bytes) -> Found:
    (folder / name).write_bytes(data)
    return read_history(folder / name)


def test_public_posts_of_a_mastodon_archive_come_and_nothing_else(tmp_path: Path) -> None:
    data = outbox(
        note("<p>Caf&eacute; &amp; <b>cake</b><br>at four</p><p>#lyon</p>"),
        note("unlisted", to=[f"{ME}/followers"], cc=[PUBLIC], published="2018-01-01T00:00:00+01:00"),
        note("for followers", to=[f"{ME}/followers"]),
        note("for one", to=["https://mamot.fr/users/paul"]),
        note("an answer to Paul", inReplyTo="https://mamot.fr/users/paul/statuses/1"),
        note("a thread of mine", inReplyTo=f"{ME}/statuses/1", published="2019-05-03T10:01:00Z"),
        note("hidden", summary="Spoiler", published="2019-05-04T10:00:00Z"),
        {"type": "Announce", "object": "https://mamot.fr/users/paul/statuses/2"},
        {"type": "Create", "object": "https://elsewhere"}, None, 7, {"type": "Create"}, note(""),
    )  # fmt: skip
    found = read(tmp_path, "outbox.json", data)
    assert found.posts == (
        Past(at(2017, 12, 31, 23), "unlisted", "mastodon"),
        Past(at(2019, 5, 3, 10), "Café & cake\nat four\n#lyon", "mastodon"),
        Past(at(2019, 5, 3, 10, 1), "a thread of mine", "mastodon"),
        Past(at(2019, 5, 4, 10), "Spoiler\nhidden", "mastodon"),
    )
    assert found.left_out == 9


def test_tweets_come_with_their_addresses_and_without_what_was_others(tmp_path: Path) -> None:
    links = {"urls": [{"url": "https://t.co/abc", "expanded_url": "https://example.org/page"}]}
    data = tweets(
        tweet("Read this &amp; that https://t.co/abc", entities=links),
        tweet("RT @paul: his"), tweet("@paul no"), tweet(""), {"tweet": 3}, 5,
    )  # fmt: skip
    found = read(tmp_path, "tweets.js", data)
    assert found.posts == (
        Past(at(2018, 10, 10, 20, 19, 24), "Read this & that https://example.org/page", "twitter"),
    )
    assert found.left_out == 5
    old = {"full_text": "without a wrapper", "created_at": "no time"}
    assert read(tmp_path, "tweet.js", tweets(old)).posts == (Past(0, "without a wrapper", "twitter"),)


def test_the_part_that_matters_is_found_in_an_archive(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "twitter.zip", "w") as packed:
        packed.writestr("../../evil.txt", "nothing is unpacked")
        packed.writestr("data/tweets.js", tweets(tweet("packed")))
    assert [post.text for post in read_history(tmp_path / "twitter.zip").posts] == ["packed"]
    with tarfile.open(tmp_path / "mastodon.tar.gz", "w:gz") as tar:
        data = outbox(note("<p>packed too</p>"))
        info = tarfile.TarInfo("outbox.json")
        info.size = len(data)
        tar.addfile(info, io.BytesIO(data))
    assert [post.text for post in read_history(tmp_path / "mastodon.tar.gz").posts] == ["packed too"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mastodon.tar.gz", "twitter.zip"]


def test_a_feed_gives_title_words_and_address(tmp_path: Path) -> None:
    data = (
        b"<?xml version='1.0'?><rss version='2.0'><channel><title>Mine</title>"
        b"<item><title>A title</title><description>&lt;p&gt;Some &lt;b&gt;words&lt;/b&gt;&lt;/p&gt;</description>"
        b"<link>https://example.org/1</link><pubDate>Fri, 03 May 2019 10:00:00 GMT</pubDate></item>"
        b"<item><title>Short post, all of</title><description>Short post, all of it</description>"
        b"<link>javascript:alert(1)</link></item></channel></rss>"
    )
    assert read(tmp_path, "mine.xml", data).posts == (
        Past(0, "Short post, all of it", "feed"),
        Past(at(2019, 5, 3, 10), "A title\nSome words\nhttps://example.org/1", "feed"),
    )


def test_lines_with_and_without_a_day() -> None:
    text = "2019-05-03 14:30 Moved in\n\n03/05/2019: the same day\n2020-02-30 no such day\n  undated  \n"
    text += "2019-5-4, 9h05 early"
    found = read_lines(text.encode("utf-8-sig"))
    days = {post.text: post.at for post in found.posts}
    assert list(days)[:2] == ["2020-02-30 no such day", "undated"] and days["undated"] == 0
    local = {name: datetime.fromtimestamp(days[name] / 1000) for name in ("Moved in", "the same day", "early")}
    assert local["Moved in"] == datetime(2019, 5, 3, 14, 30) and local["the same day"] == datetime(2019, 5, 3, 12)
    assert local["early"] == datetime(2019, 5, 4, 9, 5)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.json", b'{"no": "outbox"}', "no history"),
        ("a.json", b"[" * 100_000, "no history"),
        ("a.txt", b"binary\0bytes", "no history"),
        ("a.zip", b"PK\x05\x06" + bytes(18), "no history"),
    ],
)
def test_what_is_nothing_of_the_kind_is_said_to_be_so(tmp_path: Path, name: str, data: bytes, said: str) -> None:
    with pytest.raises(Refused, match=said):
        read(tmp_path, name, data)


def test_a_bomb_a_broken_archive_and_what_is_not_there_are_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "PART", 10_000)
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("data/tweets.js", b"window.YTD.tweets.part0 = [" + b" " * 1_000_000 + b"]")
    assert (tmp_path / "bomb.zip").stat().st_size < 10_000
    with pytest.raises(Refused, match="larger"):
        read_history(tmp_path / "bomb.zip")
    with pytest.raises(Refused, match="larger"):
        read(tmp_path, "long.txt", b"x" * 10_001)
    broken = bytearray((tmp_path / "bomb.zip").read_bytes())
    broken[60:200] = bytes(140)
    with pytest.raises(Refused, match="damaged"):
        read(tmp_path, "broken.zip", bytes(broken))
    with pytest.raises(Unusable, match="cannot be read"):
        read_history(tmp_path / "missing.txt")


@given(st.text())
def test_no_markup_ends_a_reader_or_comes_through(text: str) -> None:
    plain_text(text)
    assert plain_text(f"<script>{text.replace('<', '')}</script>after") in ("after", "")


@given(st.binary(max_size=2000))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    read_lines(data)
