"""Checks an export of deskblog without deskblog: python check_export.py FILE.html|FILE.jsonl

Needs pynacl and msgspec. Of each entry: its id is the hash of its header, its body is what the header promised, a
signature of its device vouches for it (its own, or that of a later entry of the same log, by the chain of hashes).
Of a page also: each text shown is what a signed entry says, or a signed correction of it by the same person.
"""

import hashlib
import html.parser
import json
import pathlib
import sys

import msgspec
from nacl.signing import VerifyKey


def digest(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=32).digest()


class Page(html.parser.HTMLParser):
    """The signed entries of a page, and the text of each article."""

    def __init__(self) -> None:
        super().__init__()
        self.signed, self.texts, self._article, self._into = "", {}, "", ""

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "article":
            self._article = given["id"]
            self.texts[self._article] = ""
        self._into = "signed" if given.get("id") == "signed" else "text" if given.get("class") == "text" else ""

    def handle_endtag(self, tag):
        self._into = ""

    def handle_data(self, data):
        if self._into == "signed":
            self.signed += data
        elif self._into == "text":
            self.texts[self._article] += data


def check_entries(lines):
    """Text, person and target by id of all that holds; ends the program where one does not."""
    held, previous, vouched = {}, {}, set()
    for line in lines:
        header, ident = bytes.fromhex(line["header"]), bytes.fromhex(line["id"])
        fields = msgspec.msgpack.decode(header)
        assert digest(b"deskblog/1 entry" + header) == ident, f"{line['id']}: not the hash of its header"
        previous[ident] = fields[5]
        text = None
        if line["body"] is not None:
            body = bytes.fromhex(line["body"])
            assert digest(body) == fields[8], f"{line['id']}: not the body that was signed"
            items = msgspec.msgpack.decode(body[16:])
            text = next((one for one in items if isinstance(one, str)), None)
        if line["signature"] is not None:
            signed = b"deskblog/1 sign" + ident
            VerifyKey(fields[2]).verify(signed, bytes.fromhex(line["signature"]))
            while ident in previous and ident not in vouched:
                vouched.add(ident)
                ident = previous[ident]
        held[line["id"]] = (text, line["person"], line["target"], line["kind"])
    loose = [ident.hex() for ident in previous if ident not in vouched]
    assert not loose, f"{len(loose)} entries nobody signed: {loose[0]}"
    return held


def corrections(held, ident):
    """What the same person corrected an entry to."""
    person = held[ident][1]
    return {text for text, by, target, kind in held.values() if kind == "correct" and (target, by) == (ident, person)}


def main(file):
    content = pathlib.Path(file).read_text(encoding="utf-8")
    page = Page()
    if file.endswith(".html"):
        page.feed(content)
        lines = json.loads(page.signed)
    else:
        lines = [json.loads(line) for line in content.splitlines()]
    held = check_entries(lines)
    for ident, shown in page.texts.items():
        said = {held[ident][0]} | corrections(held, ident)
        same = any(shown.split() == text.split() for text in said if text is not None)
        assert same, f"{ident}: nobody signed that text"
    sys.stdout.write(f"{len(held)} entries and {len(page.texts)} texts: all signed\n")


if __name__ == "__main__":
    main(sys.argv[1])
