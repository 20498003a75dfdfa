"""The `tweets.js` of a Twitter archive: an assignment of a JSON array to a name."""

from __future__ import annotations

from datetime import datetime
from html import unescape
from typing import Any

from deskblog.history.found import Found, Past
from deskblog.history.mastodon import decode

_LEAD = b"window.YTD.tweet"


def is_tweets(data: bytes) -> bool:
    return data.lstrip()[: len(_LEAD)] == _LEAD


def read_tweets(data: bytes) -> Found:
    """One's own tweets; retweets and answers to others are counted, and left."""
    value = decode(data[data.find(b"=") + 1 :])
    posts, left_out = [], 0
    for item in value if isinstance(value, list) else ():
        post = _post(item)
        if post is None:
            left_out += 1
        else:
            posts.append(post)
    return Found(tuple(sorted(posts, key=lambda one: one.at)), left_out)


def _post(item: Any) -> Past | None:
    tweet = item.get("tweet", item) if isinstance(item, dict) else None
    if not isinstance(tweet, dict):
        return None
    text = unescape(str(tweet.get("full_text") or tweet.get("text") or "")).strip()
    if not text or text.startswith(("RT @", "@")):
        return None
    entities = tweet.get("entities")
    for link in entities.get("urls", ()) if isinstance(entities, dict) else ():
        if isinstance(link, dict) and isinstance(link.get("url"), str) and isinstance(link.get("expanded_url"), str):
            text = text.replace(link["url"], link["expanded_url"])
    return Past(_moment(tweet.get("created_at")), text, "twitter")


def _moment(text: Any) -> int:
    """“Wed Oct 10 20:19:24 +0000 2018”."""
    try:
        return int(datetime.strptime(str(text), "%a %b %d %H:%M:%S %z %Y").timestamp() * 1000)
    except (ValueError, OverflowError):
        return 0
