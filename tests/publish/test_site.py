"""The site: every link leads somewhere, nothing is loaded from elsewhere, few files change; whatever was posted."""

from __future__ import annotations

import json
import posixpath
import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC
from hashlib import blake2b
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from deskblog import i18n, limits
from deskblog.errors import Refused
from deskblog.publish import names
from deskblog.publish.folder import Copied, keep
from deskblog.publish.pages import asset
from deskblog.publish.published import Beside, Published
from deskblog.publish.site import Site, files, publish
from deskblog.records import replace
from tests.publish.posts import BELA, DAY, HOME, NOW, ident, nasty, photo, post
from tests.publish.rules import atom_faults, json_faults, rss_faults

SITE = Site("Martin & Sons <Bakery>", "office", NOW, "Bread & cake", HOME, UTC)
VOID = {"meta", "link", "br", "img", "input"}


class Reader(HTMLParser):
    """What a page holds; says what is ill nested."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.faults: list[str] = []
        self.words: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        self.faults += [f"left open: {tag}" for tag in self._open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self.faults.append(f"ends out of turn: {tag}")

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def pages(made: dict[str, bytes]) -> Iterator[tuple[str, Reader]]:
    for name, data in made.items():
        if name.endswith(".html"):
            yield name, Reader(data.decode())


def made(posts: list[Published], site: Site = SITE) -> dict[str, bytes]:
    return {name: data if isinstance(data, bytes) else b"" for name, data in files(site, posts).items()}


def here(beside: Beside, folder: Path) -> Beside:
    """The same, with bytes."""
    file = folder / "photo"
    file.write_bytes(b"\xff\xd8\xff" + b"p" * 100)
    return replace(beside, file=file, hash=blake2b(file.read_bytes(), digest_size=32).hexdigest(), size=103, url="")


def many(count: int) -> list[Published]:
    """Over months, by two people, with a tag now and then."""
    found = [post(n, f"post number {n}", NOW - n * DAY // 10) for n in range(count)]
    found = [replace(one, person=BELA, author="Béla") if n % 3 == 0 else one for n, one in enumerate(found)]
    return [_tagged(one) if n % 7 == 0 else one for n, one in enumerate(found)]


def _tagged(one: Published) -> Published:
    return replace(one, tags=("sales",), text=f"{one.text} #sales")


# --- what every page must be ------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def everything() -> dict[str, bytes]:
    return made([*nasty(), *many(450)], replace(SITE, counter=tuple(one.id for one in nasty())))


def test_pages_are_well_nested(everything: dict[str, bytes]) -> None:
    assert [(name, page.faults) for name, page in pages(everything) if page.faults] == []


def test_every_link_of_ours_leads_somewhere(everything: dict[str, bytes]) -> None:
    lost = []
    for name, page in pages(everything):
        for tag, attributes in page.tags:
            for value in (attributes.get("href"), attributes.get("src"), attributes.get("action")):
                parts = urlsplit(value or "")
                if parts.scheme or value is None or not parts.path:
                    continue
                target = posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(parts.path)))
                if target not in everything:
                    lost.append((name, tag, value))
                if parts.fragment and f'id="{parts.fragment}"' not in everything.get(target, b"").decode():
                    lost.append((name, tag, value))
    assert lost == []


def test_nothing_is_loaded_from_elsewhere_and_only_the_search_runs_a_script(everything: dict[str, bytes]) -> None:
    for name, page in pages(everything):
        (policy,) = [one["content"] for one in page.all("meta") if one.get("http-equiv") == "Content-Security-Policy"]
        assert policy is not None and policy.startswith("default-src 'none'; ")
        assert ("script-src" in policy) == (name == "search.html") == bool(page.all("script"))
        assert "unsafe" not in policy and "http" not in policy and "*" not in policy
        loaded = [one.get("src") for one in page.all("img") + page.all("script")]
        loaded += [one.get("href") for one in page.all("link") if one.get("rel") == "stylesheet"]
        assert [one for one in loaded if urlsplit(one or "").scheme or (one or "").startswith("//")] == []
        assert [key for _tag, found in page.tags for key in found if key.startswith(("on", "style"))] == []
    assert not re.search(r"https?://|@import|url\(", asset("style.css") + asset("counter.css") + asset("search.js"))


def test_links_of_posts_are_of_the_web_alone(everything: dict[str, bytes]) -> None:
    schemes = {urlsplit(one.get("href") or "").scheme for _name, page in pages(everything) for one in page.all("a")}
    assert schemes == {"", "http", "https"}


def test_pages_are_for_everybody(everything: dict[str, bytes]) -> None:
    """Landmarks, one first heading, a language, names for fields and pictures."""
    for name, page in pages(everything):
        assert page.all("html")[0]["lang"] == "en"
        assert len(page.all("main")) == len(page.all("h1")) == 1, name
        assert all(one.get("alt") for one in page.all("img"))
        assert all(one.get("aria-label") for one in page.all("input") + page.all("nav"))
        assert any(one.get("name") == "viewport" for one in page.all("meta"))


def test_all_files_are_called_so_that_any_system_takes_them(everything: dict[str, bytes]) -> None:
    assert len({name.lower() for name in everything}) == len(everything)
    assert max(map(len, everything)) < 100


TAGS = ["sales", "été", "ete", "con", "日本", "a/b", "..", "été-1", "ETE", "x" * 50, "é" * 50, ""]


@pytest.mark.parametrize("one", TAGS)
def test_tags_have_safe_names_and_no_two_share_one(one: str) -> None:
    assert re.fullmatch(r"tags/[a-z0-9_.-]{1,60}", names.tag(one))
    assert not re.fullmatch(r"tags/(con|\.+)", names.tag(one))
    assert [other for other in TAGS if names.tag(other) == names.tag(one)] == [one]


def test_a_post_is_on_its_pages(everything: dict[str, bytes]) -> None:
    own = f"posts/{ident(0)[:32]}.html"
    for name in ("index.html", own, f"people/{BELA[:32]}.html", "tags/sales.html", "months/2026-11.html"):
        assert "post number 0 " in " ".join(Reader(everything[name].decode()).words), name


def test_every_post_is_on_the_pages_by_month_and_by_person(everything: dict[str, bytes]) -> None:
    """But for those whose date cannot be, which have no month."""
    for folder, fewer in (("months/", 9), ("people/", 0)):
        found = set()
        for name, page in pages(everything):
            if name.startswith(folder):
                found |= {one["href"] for one in page.all("a") if (one.get("href") or "").startswith("../posts/")}
        linked = {str(one).partition("#")[0] for one in found}
        assert len(linked) == len([name for name in everything if name.startswith("posts/")]) - fewer


def test_feeds_of_the_site_are_without_a_fault_and_can_be_discovered(everything: dict[str, bytes]) -> None:
    checks = {".atom": atom_faults, ".rss": rss_faults, ".json": json_faults}
    feeds = {name: data for name, data in everything.items() if posixpath.splitext(name)[1] in checks}
    assert len(feeds) >= 9
    for name, data in feeds.items():
        assert checks[posixpath.splitext(name)[1]](data) == [], name
        assert f"{HOME}{name}".encode() in data
    for name in ("index.html", "tags/sales.html", f"people/{BELA[:32]}.html"):
        found = [one for one in Reader(everything[name].decode()).all("link") if one.get("rel") == "alternate"]
        assert [one["type"] for one in found] == [
            f"application/{kind}" for kind in ("rss+xml", "atom+xml", "feed+json")
        ]


def test_without_an_address_there_are_no_feeds_and_no_word_of_them() -> None:
    found = made(many(3), replace(SITE, address=""))
    assert [name for name in found if name.endswith((".atom", ".rss", ".json"))] == []
    assert b"alternate" not in found["index.html"]
    with pytest.raises(Refused):
        made(many(3), replace(SITE, address="martin.example"))


def test_nothing_published_is_said() -> None:
    assert "Nothing has been published yet." in " ".join(Reader(made([])["index.html"].decode()).words)


def test_an_answer_stands_under_what_it_answers() -> None:
    asked, told = post("asked", "Who has the key?"), post("told", "I have")
    found = made([replace(asked, answers=1), replace(told, answer_to=asked.id)])
    assert "I have" in " ".join(Reader(found[names.post(asked.id)].decode()).words)
    assert "In answer to Anne Martin" in " ".join(Reader(found[names.post(told.id)].decode()).words)


# --- attachments ------------------------------------------------------------------------------------------
def test_photos_are_copied_under_safe_names_and_shown(tmp_path: Path) -> None:
    one = here(photo('../"x".jpg'), tmp_path)
    found = files(SITE, [replace(post(1), beside=(one,))])
    (name,) = [name for name in found if name.startswith("files/")]
    assert re.fullmatch(r"files/[0-9a-f]{32}\.jpg", name)
    assert isinstance(found[name], Copied)
    keep(tmp_path / "site", found)
    assert one.file is not None and (tmp_path / "site" / name).read_bytes() == one.file.read_bytes()
    (picture,) = Reader((tmp_path / "site" / names.post(ident(1))).read_text("utf-8")).all("img")
    assert picture == {"src": f"../{name}", "alt": '../"x".jpg', "width": "640", "height": "480", "loading": "lazy"}


@pytest.mark.parametrize(
    ("nature", "media_type", "said", "linked"),
    [
        ("document", "application/pdf", "document", ".pdf"),
        ("document", "text/html", "document", ".bin"),
        ("picture", "image/svg+xml", "picture", ".bin"),
        ("other", "application/x-unheard-of", "file", ".bin"),
        ("program", "application/pdf", "program, not handed out", ""),
        ("program", "image/jpeg", "program, not handed out", ""),
    ],
)
def test_what_is_no_photo_is_a_link_that_says_what_it_is(
    tmp_path: Path, nature: str, media_type: str, said: str, linked: str
) -> None:
    one = replace(here(photo("x.pdf"), tmp_path), nature=nature, media_type=media_type)
    found = made([replace(post(1), beside=(one,))])
    page = Reader(found[names.post(ident(1))].decode())
    assert f"{said}, 0.1" in " ".join(page.words) and not page.all("img")
    links = [one["href"] for one in page.all("a") if "files/" in (one.get("href") or "")]
    assert [posixpath.splitext(str(link))[1] for link in links] == ([linked] if linked else [])


def test_what_is_not_here_is_named_all_the_same() -> None:
    plan = replace(photo("plan.pdf", "application/pdf"), nature="document", url="")
    found = made([replace(post(1), beside=(plan,))])
    assert "plan.pdf" in " ".join(Reader(found[names.post(ident(1))].decode()).words)


# --- few files change -------------------------------------------------------------------------------------
def test_one_new_post_among_thousands_writes_few_files(tmp_path: Path) -> None:
    posts = many(10_000)
    first = publish(SITE, posts, tmp_path)
    assert first.written > 10_000
    assert publish(SITE, posts, tmp_path).written == 0
    new = post("new", "brand new", NOW + 1)
    changed = publish(SITE, [*posts, new], tmp_path)
    # its page, front, archive, month, person and the last part behind, two of the search, two times three feeds
    assert (changed.written, changed.removed) == (14, 0)
    withdrawn = publish(SITE, posts, tmp_path)
    assert withdrawn.removed >= 1 and withdrawn.written <= 14
    assert not (tmp_path / names.post(new.id)).exists()


def test_the_bytes_do_not_hang_on_the_order_posts_come_in_nor_on_the_hour() -> None:
    posts = many(30)
    assert made(posts) == made(posts[::-1]) == made(posts, replace(SITE, now=NOW + DAY))


def test_pages_are_not_endless() -> None:
    found = made([post(n, at=NOW - n * 1000) for n in range(1000)])
    counts = {name: page.tags.count(("article", {"class": "post"})) for name, page in pages(found)}
    assert counts["index.html"] == counts[f"people/{'a1' * 16}.html"] == limits.LISTED
    assert max(counts.values()) < 2 * limits.LISTED_PART
    assert counts["months/2026-11-1.html"] == counts[f"people/{'a1' * 16}-1.html"] == limits.LISTED_PART


def test_too_many_posts_are_refused_with_the_count() -> None:
    with pytest.raises(Refused, match="100001"):
        files(SITE, [post(1)] * (limits.SITE_POSTS + 1))


# --- search -----------------------------------------------------------------------------------------------
def parts(found: dict[str, bytes]) -> list[list[list[str]]]:
    scripts = sorted((name for name in found if name.startswith("search/")), key=lambda name: int(name[7:-3]))
    bodies = [re.fullmatch(r"deskblog\((\d+),(.*)\);\n", found[name].decode(), re.DOTALL) for name in scripts]
    return [json.loads(body[2]) for body in bodies if body]


def test_the_search_looks_through_every_post_in_parts() -> None:
    found = made(many(1100))
    rows = parts(found)
    assert [len(part) for part in rows] == [limits.SEARCH_PART, limits.SEARCH_PART, 100]
    assert {row[0] for part in rows for row in part} == {name for name in found if name.startswith("posts/")}
    assert 'data-parts="3"' in found["search.html"].decode()


def test_what_is_searched_is_as_it_was_posted(everything: dict[str, bytes]) -> None:
    texts = {row[3] for part in parts(everything) for row in part}
    assert "x ]]> y <![CDATA[ z ]]>" in texts
    assert not any(c in text for text in texts for c in "\u2028\u2029")


SEARCH = r"""
const fs = require("fs"), [, , place, asked] = process.argv;
class Node {
  constructor(name) { Object.assign(this, { name, children: [], dataset: {}, textContent: "", heard: {} }); }
  append(...more) { this.children.push(...more); for (const one of more) if (one.src) load(one); }
  replaceChildren() { this.children = []; }
  addEventListener(what, how) { this.heard[what] = how; }
  focus() {}
}
const load = one => { eval(fs.readFileSync(`${place}/${one.src}`, "utf8")); };
const held = {};
for (const id of ["search", "status", "results", "more"]) held[id] = new Node(id);
const html = fs.readFileSync(`${place}/search.html`, "utf8");
Object.assign(held.search.dataset, { parts: /data-parts="(\d+)"/.exec(html)[1], found: "found", none: "none" });
const field = Object.assign(new Node("input"), { form: new Node("form") });
globalThis.document = {
  head: new Node("head"), createElement: name => new Node(name),
  getElementById: id => held[id], querySelector: () => field,
};
globalThis.location = { search: `?q=${encodeURIComponent(asked)}` };
globalThis.history = { replaceState() {} };
eval(fs.readFileSync(`${place}/search.js`, "utf8"));
const text = one => one.children.length ? one.children.map(text).join(" ") : one.textContent;
setImmediate(() => console.log(JSON.stringify([held.status.textContent, held.results.children.map(text)])));
"""


NODE = shutil.which("node") or "node"


def searched(place: Path, asked: str) -> tuple[str, list[str]]:
    """By the script itself, in a browser of few words."""
    done = subprocess.run([NODE, "-e", SEARCH, "x", place, asked], capture_output=True, text=True, check=True)
    status, found = json.loads(done.stdout)
    return status, found


def test_the_script_finds_words_by_their_beginnings_without_accents_newest_first(tmp_path: Path) -> None:
    publish(SITE, [*many(600), post("cafe", "Café crème à huit heures", NOW - 400 * DAY)], tmp_path)
    assert searched(tmp_path, "cafe CREM")[1][0].endswith("Café crème à huit heures")
    assert searched(tmp_path, "nothingofthekind") == ("none", [])
    status, found = searched(tmp_path, "post bela")
    assert status == "found 50+" and "post number 0 " in found[0] and "post number 3" in found[1]
    assert searched(tmp_path, "number 599")[1][0].endswith("post number 599")


def test_dates_and_the_pages_language_are_the_persons(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(i18n, "_language", "fr")
    found = made([post(1)])
    page = found["index.html"].decode()
    assert '<html lang="fr">' in page and "25 novembre 2026, 13:33" in page
    assert "Novembre 2026" in found["archive.html"].decode()
    assert b"<language>fr</language>" in found["team.rss"] and b'xml:lang="fr"' in found["team.atom"]
