"""Posts to publish: plain ones, and one of every nastiness."""

from __future__ import annotations

from hashlib import blake2b

from deskblog.publish.feed import Channel
from deskblog.publish.published import Beside, Published
from deskblog.records import replace

NOW = 1_795_700_000_000  # 26 November 2026
MINUTE, DAY = 60_000, 86_400_000
ANNE, BELA = "a1" * 32, "b2" * 32
HOME = "https://blog.example/office/"


def ident(n: int | str) -> str:
    return blake2b(str(n).encode(), digest_size=32).hexdigest()


def post(n: int | str, text: str = "Coffee is ready", at: int = NOW - DAY) -> Published:
    return Published(ident(n), ANNE, "Anne Martin", text, at)


def photo(name: str = "cake.jpg", media_type: str = "image/jpeg", url: str = "https://x.example/a b.jpg") -> Beside:
    return Beside(name, media_type, 12_345, "picture", ident(name), url=url, width=640, height=480)


def channel(kind: str = "atom") -> Channel:
    return Channel(
        "Martin & Sons <Bakery>", "What <b>we</b> do &amp; say", "office/team", f"{HOME}team.{kind}", HOME, "en", NOW,
        post=lambda ident: f"{HOME}posts/{ident[:32]}.html",
    )  # fmt: skip


TEXTS = {
    "vertical tab": "before\x0bafter",
    "C0 and C1": "".join(map(chr, range(0x20))) + "middle" + "".join(map(chr, range(0x7F, 0xA0))),
    "lone surrogates": "high \ud83d low \udc4d end",
    "no characters": "a\ufffe\uffff\ufdd0\U0001fffe\U0010ffffb",
    "replacement character": "what\ufffdever",
    "private use": "a\ue000b",
    "CDATA ends": "x ]]> y <![CDATA[ z ]]>",
    "markup": "<script>alert(1)</script><b onclick=x>bold</b></p></div><!-- c --><?php ?>",
    "references": "&amp; &lt;b&gt; &copy &#x3c;i&#62; &nbsp &apos; R&D AT&T &unknown; &1 &",
    "direction": "\u202ereversed\u202c \u2066isolated\u2069 \u200f mark",
    "combining": "Z" + "\u0301" * 10_000 + "algo",
    "emoji": "👨‍👩‍👧‍👦 🇫🇷 👍🏽 ❤️ 🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "one character": "a",
    "280 characters": "👍🏽" * 140,
    "one long word": "m" * 280,
    "lines": "one\r\ntwo\rthree\n\n\n\n\nfour\u2028five\u2029six",
    "blank": " \u00a0\u200b\n ",
    "nothing": "",
    "links": (
        "see http://a.example/x y.html, (https://b.example/w_(x)) javascript:alert(1) ftp://c.example "
        "https://user:pw@d.example/ http://é.example/é?q=é&amp=1#ü HTTP://E.EXAMPLE https:// http://[::1 "
        "http://x:99999/ "
        'http://f.example/"onmouseover="x http://g.example/%zz'
    ),
    "arabic": "مرحبا بالعالم في المكتب",
    "quotes": "\"double\" 'single' `back` «guillemets»",
    "template": "{{constructor}} ${x} %s {0} \\u003c \\",
    "email": "<anne@firm.example> and <3anne@firm.example> wrote <3",
}


def nasty() -> list[Published]:
    """One post of every text, then names, tags, dates and attachments."""
    found = [post(name, text, NOW - DAY + n * MINUTE) for n, (name, text) in enumerate(TEXTS.items())]
    plain = post("plain", at=NOW - 2 * DAY)
    names = ['O\'Brien "Bob" <b>', "anne@firm.example", "<anne@firm.example>", "&lt;", "\x0b", "名前", "A" * 200]
    found += [replace(post(f"name {name!r}", at=NOW - 3 * DAY), author=name) for name in names]
    tags = ("sales", "é-t_é", "<b>", "a&b", "\x0b", "", "R&D2", "日本", "x" * 50, "sales")
    found.append(replace(plain, id=ident("tags"), tags=tags))
    dates = [-1, -(2**47), 0, 1, 631_151_999_999, NOW + 3 * DAY, 253_402_300_800_000, 2**48, 2**53]
    found += [post(f"date {at}", at=at) for at in dates]
    found.append(replace(post("odd correction"), updated=2**48))
    found.append(replace(post("corrected"), updated=NOW - MINUTE))
    found.append(replace(post("answer"), answer_to=ident("plain"), answers=3))
    found.append(replace(post("photo", ""), beside=(photo(), photo('<"&>.png', "image/png"))))
    odd = [photo("a", "no type at all"), photo("b", 'text/html; x="', "javascript:x"), photo("", url="file:///etc/x")]
    found.append(replace(post("odd attachments", ""), beside=tuple(odd)))
    return [plain, *found]
