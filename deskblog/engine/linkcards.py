"""Makes the card of a link, because its author said so: this PC asks the site, once; readers ask nobody."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

from deskblog.engine.attaching import Attaching
from deskblog.errors import Refused, Unusable
from deskblog.i18n import _
from deskblog.inside import is_public
from deskblog.limits import MIB
from deskblog.log.kinds import status_text
from deskblog.media.linkcard import TEXT, TITLE, URL, LinkCard, encode_card
from deskblog.media.photo import make_photo
from deskblog.values import Attached, Sort
from deskblog.web.fetching import fetch
from deskblog.web.page import read_head

PAGE = MIB
PICTURE = 8 * MIB


class LinkCards:
    """What is made is chosen to go with the next post, as a photo would be."""

    def __init__(self, attaching: Attaching) -> None:
        self._attaching = attaching

    async def make(self, url: str) -> tuple[Attached, str]:
        """(the card, what its author should know of it). Unusable or Refused if there is none to be made."""
        host = urlsplit(url).hostname or ""
        if not url.startswith(("https://", "http://")) or not host or len(url) > URL:
            raise Refused(_("This is no address of a page."), kept=_("Your text is kept."))
        local = not await asyncio.to_thread(is_public, host)
        page = await fetch(url, PAGE, local=local)
        head = read_head(page.body, page.kind, page.url)
        title, text = status_text(head.title)[:TITLE], status_text(head.text)[:TEXT]
        if not title:
            raise Refused(
                _("The page of {host} says nothing of itself.").format(host=host),
                kept=_("Your text is kept."),
                next_step=_("Post it without a card."),
            )
        preview = await self._picture(head.picture, local=local) if head.picture else b""
        card = encode_card(LinkCard(url, title, text))
        return await self._attaching.choose_made(host, Sort.LINK, card, preview), ""

    async def _picture(self, url: str, *, local: bool) -> bytes:
        """A small one; nothing where there is none, or none that can be read."""
        try:
            found = await fetch(url, PICTURE, local=local)
            photo = await asyncio.to_thread(make_photo, found.body)
        except (Unusable, Refused):
            return b""
        return photo.preview if photo is not None else b""
