"""All that is published as a site of files, for any web space or for a folder that is opened from a disk.

Newest posts in front, then by month, by person, by tag; a page a post with its answers; feeds beside them, if the
site's address is known: a feed cannot be without. A new post changes few files: what stands further back is cut in
parts from the oldest on, so that a full part stays as it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import tzinfo
from html import escape
from pathlib import Path

from msgspec import Struct

from deskblog import limits
from deskblog.errors import Refused
from deskblog.i18n import _, alphabetical, language, plural
from deskblog.publish import counter, names, pages, searched, words
from deskblog.publish.atom import atom
from deskblog.publish.dates import month_of, month_said, plausible
from deskblog.publish.feed import Channel
from deskblog.publish.folder import Changed, Content, Copied, keep
from deskblog.publish.jsonfeed import jsonfeed
from deskblog.publish.pages import Looks, Page
from deskblog.publish.published import Beside, Published, newest
from deskblog.publish.rss import rss
from deskblog.publish.shown import Frame, Place, article, front
from deskblog.records import replace

_WRITERS = {"rss": rss, "atom": atom, "json": jsonfeed}


class Site(Struct, frozen=True):
    """`key`: of the office, which ids of feeds are made of. `address`: where it will be on the web, for feeds; "":
    not known. `zone`: whose clock dates are said by, None: this PC's. `now`: UTC ms. `counter`: ids of the posts on
    the shop counter, in their order; empty: there is none.
    `refresh`: seconds after which it is loaded anew, 0: never."""

    title: str
    key: str
    now: int
    about: str = ""
    address: str = ""
    zone: tzinfo | None = None
    counter: tuple[str, ...] = ()
    refresh: int = 0


class _Group(Struct, frozen=True):
    """Posts with a page of their own, newest first; `stem`: what its pages are called."""

    stem: str
    name: str
    posts: list[Published]


def publish(site: Site, posts: Sequence[Published], place: Path) -> Changed:
    """Makes the folder the site of these posts. See folder.keep for what may go wrong."""
    return keep(place, files(site, posts))


def files(site: Site, posts: Sequence[Published]) -> dict[str, Content]:
    """All files of the site, by their names."""
    if len(posts) > limits.SITE_POSTS:
        raise Refused(
            _("{n} posts are too many for a site; {limit} is the most.").format(
                n=len(posts), limit=limits.SITE_POSTS
            ),
            next_step=_("Publish by tag."),
        )
    address = words.web_address(site.address)
    if site.address and not address:
        raise Refused(_("“{address}” is no address of a site.").format(address=site.address))
    return _Making(site, posts, f"{address.rstrip('/')}/" if address else "").all()


class _Making:
    def __init__(self, site: Site, posts: Sequence[Published], address: str) -> None:
        self._site = site
        self._address = address
        self._posts = _counted(newest({post.id: post for post in posts}.values(), site.now))
        self._by_id = {post.id: post for post in self._posts}
        people, tags, months = (_grouped(self._posts, keys) for keys in (_person, _tags, self._month))
        self._people = [_Group(names.person(key), words.name(found[0]), found) for key, found in people.items()]
        self._tags = [_Group(names.tag(key), f"#{words.flat(key)}", found) for key, found in tags.items()]
        self._months = [_Group(f"months/{key}", month_said(key, language()), found) for key, found in months.items()]
        self._frame = Frame(site.now, site.zone, self._by_id.get, tags.__contains__)
        self._looks = Looks(words.flat(site.title) or "deskblog", words.flat(site.about), bool(address))
        self._shown = {post.id: article(post, self._frame) for post in self._posts}
        self._made: dict[str, Content] = {}

    def _month(self, post: Published) -> list[str]:
        return [month_of(post.at, self._site.zone)] if plausible(post.at, self._site.now) else []

    def all(self) -> dict[str, Content]:
        made = self._made
        made["style.css"] = pages.asset("style.css").encode()
        self._page("index.html", self._index())
        self._page("archive.html", self._archive())
        self._feeds("team", self._looks.title, self._posts, "index.html")
        for group in (*self._people, *self._tags):
            self._group(group)
        self._monthly()
        self._each()
        parts = searched.parts(self._posts[::-1], self._frame)
        made |= parts
        made["search.js"] = searched.script()
        self._page("search.html", searched.page(len(parts)))
        if self._site.counter:
            chosen = [self._by_id[ident] for ident in self._site.counter if ident in self._by_id]
            made["counter.html"] = counter.page(self._looks.title, chosen, names.file, refresh=self._site.refresh)
        self._copies()
        return made

    def _page(self, name: str, page: Page) -> None:
        self._made[name] = pages.whole(page, self._looks)

    def _index(self) -> Page:
        shown = [front(self._shown[post.id]) for post in self._posts[: limits.LISTED]]
        older = [(f"{self._months[0].stem}.html", self._months[0].name)] if self._months else []
        rest = pages.links(_("All posts"), [*older, ("archive.html#months", _("All months"))]) if shown else ""
        nothing = escape(_("Nothing has been published yet."))
        body = "\n".join(shown) or f"<p>{nothing}</p>"
        return Page("", body + rest, front=True, root="", stem="team")

    def _archive(self) -> Page:
        parts = [
            _listed("months", _("Months"), self._months),
            _listed("people", _("People"), sorted(self._people, key=_place)),
            _listed("tags", _("Tags"), sorted(self._tags, key=_place), "cloud"),
        ]
        return Page(_("All posts"), "\n".join(part for part in parts if part), root="", stem="")

    def _group(self, group: _Group) -> None:
        """The newest in front; where there are more, all of them in parts behind it."""
        self._feeds(group.stem, f"{group.name} – {self._looks.title}", group.posts, f"{group.stem}.html")
        back = self._parts(group, limits.LISTED_PART) if len(group.posts) > limits.LISTED else []
        ways = [(f"../{back[-1]}", _("All posts"))] if back else []
        lead = escape(plural("{n} post", "{n} posts", len(group.posts)))
        body = "\n".join(self._shown[post.id] for post in group.posts[: limits.LISTED])
        body += pages.links(_("All posts"), ways)
        self._page(f"{group.stem}.html", Page(group.name, body, stem=group.stem, lead=lead))

    def _parts(self, group: _Group, size: int) -> list[str]:
        """Pages of all posts of a group; their names, the oldest first."""
        oldest = group.posts[::-1]
        cut = [oldest[n : n + size] for n in range(0, len(oldest), size)]
        found = [f"{group.stem}-{n}.html" for n in range(1, len(cut) + 1)]
        for n, part in enumerate(cut):
            newer, word = (found[n + 1], _("Newer")) if n + 1 < len(cut) else (f"{group.stem}.html", _("Newest"))
            ways = [(f"../{newer}", word)]
            ways += [(f"../{found[n - 1]}", _("Older"))] if n else []
            body = self._articles(part) + pages.links(_("More posts"), ways)
            self._page(found[n], Page(group.name, body, stem=group.stem))
        return found

    def _articles(self, oldest_first: Sequence[Published]) -> str:
        return "\n".join(self._shown[post.id] for post in reversed(oldest_first))

    def _monthly(self) -> None:
        """A month is one page; of a busy one the full parts lie behind it, cut from its beginning."""
        for n, month in enumerate(self._months):
            near = (*self._months[max(n - 1, 0) : n], *self._months[n + 1 : n + 2])
            months = [(f"../{other.stem}.html", other.name) for other in near]
            full = max(len(month.posts) // limits.LISTED_PART - 1, 0)
            found = [*(f"{month.stem}-{at}.html" for at in range(1, full + 1)), f"{month.stem}.html"]
            oldest = month.posts[::-1]
            for at, name in enumerate(found):
                end = (at + 1) * limits.LISTED_PART if at < full else len(oldest)
                ways = [(f"../{found[at + 1]}", _("Newer"))] if at < full else []
                ways += [(f"../{found[at - 1]}", _("Older"))] if at else []
                body = self._articles(oldest[at * limits.LISTED_PART : end])
                self._page(name, Page(month.name, body + pages.links(_("More posts"), [*ways, *months])))

    def _each(self) -> None:
        """A page for each post, with its answers, the oldest first."""
        answers: dict[str, list[Published]] = {}
        for post in reversed(self._posts):
            answers.setdefault(post.answer_to, []).append(post)
        for post in self._posts:
            own = article(post, self._frame, Place.OWN)
            under = answers.get(post.id, [])[: limits.LISTED_PART]
            answered = escape(_("Answers"))
            said = f'<h2 class="part" id="answers">{answered}</h2>\n' if under else ""
            body = own + said + "\n".join(article(one, self._frame, Place.UNDER) for one in under)
            title = f"{words.name(post)}: {words.title(post)}"
            self._made[names.post(post.id)] = pages.whole(Page("", body, title), self._looks)

    def _feeds(self, stem: str, title: str, posts: Sequence[Published], home: str) -> None:
        if not self._address:
            return
        for ending, write in _WRITERS.items():
            channel = Channel(
                title, self._looks.about, f"{self._site.key}/{stem}", f"{self._address}{stem}.{ending}",
                f"{self._address}{home}", language(), self._site.now, self._post_address, self._file_address,
            )  # fmt: skip
            self._made[f"{stem}.{ending}"] = write(channel, posts[: limits.FEED_POSTS])

    def _post_address(self, ident: str) -> str:
        return f"{self._address}{names.post(ident)}" if ident in self._by_id else ""

    def _file_address(self, beside: Beside) -> str:
        name = names.file(beside)
        return f"{self._address}{name}" if name else beside.url

    def _copies(self) -> None:
        for post in self._posts:
            for one in post.beside:
                name = names.file(one)
                if name and one.file is not None:
                    self._made[name] = Copied(one.file, one.hash)


def _counted(posts: Sequence[Published]) -> list[Published]:
    """With as many answers as there are here."""
    answers = Counter(post.answer_to for post in posts)
    return [replace(post, answers=answers[post.id]) for post in posts]


def _grouped(posts: Sequence[Published], keys: Callable[[Published], Sequence[str]]) -> dict[str, list[Published]]:
    """In the order of their newest posts."""
    found: dict[str, list[Published]] = {}
    for post in posts:
        for key in dict.fromkeys(keys(post)):
            found.setdefault(key, []).append(post)
    return found


def _person(post: Published) -> Sequence[str]:
    return [post.person]


def _tags(post: Published) -> Sequence[str]:
    return [tag for tag in post.tags if words.flat(tag)]


def _place(group: _Group) -> tuple[tuple[str, str], str]:
    """Among others, by name."""
    return alphabetical(group.name), group.stem


def _listed(place: str, heading: str, groups: Sequence[_Group], look: str = "index") -> str:
    if not groups:
        return ""
    made = "".join(
        f'<li><a href="{group.stem}.html"><span>{escape(group.name)}</span> '
        f'<span class="count">{len(group.posts)}</span></a></li>'
        for group in groups
    )
    return f'<h2 class="part" id="{place}">{escape(heading)}</h2>\n<ul class="{look}">{made}</ul>'
