"""The card of a link: what its author's PC found there. It travels as a small file beside the post."""

from __future__ import annotations

from typing import Annotated

import msgspec

MARK = b"deskblog link\n"
SIZE = 8192  # bytes
URL, TITLE, TEXT = 2000, 160, 300  # characters


class LinkCard(msgspec.Struct, array_like=True, frozen=True):
    """All of it is its author's word; where it leads is seen by `url` alone."""

    url: Annotated[str, msgspec.Meta(min_length=8, max_length=URL)]
    title: Annotated[str, msgspec.Meta(max_length=TITLE)]
    text: Annotated[str, msgspec.Meta(max_length=TEXT)]


def encode_card(card: LinkCard) -> bytes:
    return MARK + msgspec.msgpack.encode(card)


def decode_card(data: bytes) -> LinkCard | None:
    """None if these bytes are no card."""
    if not data.startswith(MARK) or len(data) > SIZE:
        return None
    try:
        card = msgspec.msgpack.decode(data[len(MARK) :], type=LinkCard)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None
    return card if card.url.startswith(("https://", "http://")) else None
