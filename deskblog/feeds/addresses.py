"""Addresses that a feed or a page names: made whole, and http or https or nothing. Pure."""

from __future__ import annotations

import re
from urllib.parse import unquote, urljoin, urlsplit, urlunsplit

ADDRESS = 4096  # characters

_INVISIBLE = re.compile(r"[\x00-\x20\x7f-\xa0\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")
_BARE = re.compile(r"[a-z][a-z0-9+.-]*:[/\\]*", re.IGNORECASE)
_FEED = re.compile(r"feed:(?=https?:)|feed:", re.IGNORECASE)
_HOST = re.compile(r"(?:[\w-]+\.)+[\w-]{2,}(?::\d{1,5})?|localhost(?::\d{1,5})?", re.IGNORECASE)
_SLASHES = re.compile(r"^(https?):/*(?=[^/])", re.IGNORECASE)


def web_address(said: object, base: str = "") -> str:
    """Empty if it is none, or of another kind. As browsers do, a backslash is a slash and line breaks are nothing."""
    if not isinstance(said, str) or not said or len(said) > ADDRESS:
        return ""
    text = _INVISIBLE.sub(lambda found: "%20" if set(found[0]) == {" "} else "", said.strip()) if said else ""
    text = text.removeprefix("%20").removesuffix("%20")
    before, mark, after = text.partition("?")
    text = before.replace("\\", "/") + mark + after
    try:
        whole = "" if not text or _BARE.fullmatch(text) else urljoin(base, _SLASHES.sub(r"\1://", text))
        parts = urlsplit(whole)
        _port = parts.port
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not parts.hostname or len(whole) > ADDRESS:
        return ""
    return parts.scheme + whole[len(parts.scheme) :]


def feed_address(said: object) -> str:
    """As people copy them: `feed:` before it, or nothing at all."""
    if not isinstance(said, str):
        return ""
    text = _FEED.sub("", said.strip(), count=1)
    if _HOST.fullmatch(text.partition("/")[0]):
        text = f"https://{text}"
    elif text.startswith("//"):
        text = f"http:{text}"  # feed://host stands for http
    return web_address(text)


def named(url: str) -> str:
    """The last part of an address, as a name for what is there."""
    return unquote(urlsplit(url).path.rsplit("/", 1)[-1]).replace("/", "_").replace("\\", "_")


def normal_address(url: str) -> str:
    """One spelling, by which all who follow it name it: no default port, no fragment, lower case where it is one."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    port = "" if parts.port in (None, usual) else f":{parts.port}"
    return urlunsplit((parts.scheme, host + port, parts.path or "/", parts.query, ""))
