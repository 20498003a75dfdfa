"""Bytes of a feed to text, whatever they say of themselves. Pure; never fails.

Declared encodings are often wrong, so each is tried in the order of RFC 7303 and the first that fits is taken.
UTF-8 is not right by chance: what says it is of one byte a character and is right UTF-8 all the same, is UTF-8.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Mapping

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_STARTS = (
    (b"\x00\x00\x00<", "utf-32-be"),
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\x00<\x00", "utf-16-be"),
    (b"<\x00", "utf-16-le"),
    (b"\x00{\x00", "utf-16-be"),
    (b"{\x00", "utf-16-le"),
    (b"\x4c\x6f\xa7\x94", "cp037"),  # EBCDIC
)
# As browsers do (WHATWG): these names stand for their supersets.
_SUPERSETS = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}
# Python's own, none of them an encoding of documents, some of them slow or a way to smuggle markup.
_NEVER = frozenset(
    {"utf-7", "idna", "punycode", "unicode-escape", "raw-unicode-escape", "unicode_escape", "raw_unicode_escape",
     "undefined", "mbcs", "oem"}
)  # fmt: skip
_WIDE = frozenset({"utf-16", "utf-32", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "cp037"})
_OF_ONE_BYTE = ("cp125", "cp874", "iso8859", "koi8", "mac", "cp437", "cp85", "cp866")
_HIGH = bytes(range(128, 256))
_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:+-]{1,40})", re.IGNORECASE)
_DECLARED = re.compile(r"^\s*<\?xml\b[^>]{0,200}?\bencoding\s*=\s*[\"']\s*([\w.:+-]{1,40})", re.IGNORECASE)


def decode(body: bytes, headers: Mapping[str, str]) -> str:
    """The text of a body, without its byte order mark."""
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    named = list(dict.fromkeys(_names(body, headers)))
    for name in named:
        try:
            return body.decode(name)
        except UnicodeDecodeError:
            continue
    # None fits all of it. Few wrong bytes in UTF-8 are an accident; many say that it is none.
    lenient = body.decode("utf-8", "replace")
    if lenient.count("�") * 50 < len(body) - len(body.translate(None, _HIGH)) + 50 and "utf-8" in named[:2]:
        return lenient
    return body.decode("cp1252", "replace")


def _names(body: bytes, headers: Mapping[str, str]) -> Iterator[str]:
    start = next((name for mark, name in _STARTS if body.startswith(mark)), "")
    if start:
        yield start
    said = _HEADER.search(headers.get("content-type", ""))
    inside = _DECLARED.match(body[:400].decode("latin-1"))
    names = [name for match in (said, inside) if match and (name := _known(match[1]))]
    if names and names[0].startswith(_OF_ONE_BYTE) and not body.isascii():
        yield "utf-8"
    yield from (name for name in names if not (start == "" and name in _WIDE and b"\x00" not in body[:400]))
    yield "utf-8"


def _known(name: str) -> str:
    """Python's name of an encoding of documents, empty if there is none."""
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError):
        return ""
    if found in _NEVER or not getattr(codecs.lookup(found), "_is_text_encoding", True):
        return ""
    return _SUPERSETS.get(found, found)
