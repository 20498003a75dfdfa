"""What people say of each other's posts: reactions, answers taken, corrections; and taking a post back.

Each is an entry of its own, on the disk when the call returns, and merges the same way on every PC.
"""

from __future__ import annotations

from collections.abc import Callable

from deskblog import events
from deskblog.engine.pen import Written
from deskblog.engine.standing import Standing
from deskblog.engine.vault import Vault
from deskblog.errors import Refused
from deskblog.i18n import _
from deskblog.log import kinds
from deskblog.store.items import KIND as FEED
from deskblog.values import EntryId, Page, PersonId, Role, Row, Status, Version, View


class Talk:
    """Everything that names a post."""

    def __init__(self, vault: Vault, standing: Standing, tell: Callable[[events.Event], None]) -> None:
        self._vault = vault
        self._standing = standing
        self._tell = tell

    async def find(self, id_prefix: str) -> Row:
        """The post whose id begins so; Refused where there is none or where it fits several."""
        row = await self._vault.call(self._vault.store.find, id_prefix)
        if row is None:
            raise Refused(_("There is no post {id}.").format(id=id_prefix))
        return row

    async def write(self, content: Written) -> Row | None:
        """Writes an entry, told to everybody; the row that is shown of it, None if it is none itself."""
        await self._standing.check()
        rows = await self._vault.write(content)
        if rows:
            self._tell(events.Posted(rows, live=True))
        return rows[-1] if rows else None

    # --- reactions ----------------------------------------------------------------------------------------
    async def react(self, id_prefix: str, sign: str) -> Row:
        """Puts one of the few signs at a post in place of the own one; empty takes that back. The post as it is."""
        clean = _sign(sign)
        row = await self.find(id_prefix)
        _check_open(row)
        mine = next((one.sign for one in row.reactions if one.mine), "")
        if clean == mine:
            return row
        await self.write(kinds.React(bytes.fromhex(row.id), clean))
        return await self.find(row.id)

    # --- questions ----------------------------------------------------------------------------------------
    async def solve(self, question: str, answer: str) -> Row:
        """The asker takes an answer, or with an empty one opens the question again; the question as it is."""
        row = await self.find(question)
        _check_open(row)
        if row.kind != "question":
            raise Refused(_("This is not a question."))
        if not row.mine:
            raise Refused(_("Only {person} can take an answer to this question.").format(person=row.person))
        taken = (await self.find(answer)) if answer else None
        if taken is not None and taken.answer_to != row.id:
            raise Refused(_("This is no answer to that question."))
        ident = taken.id if taken is not None else ""
        if ident == row.solved:
            return row
        await self.write(kinds.Solve(bytes.fromhex(row.id), bytes.fromhex(ident)))
        return await self.find(row.id)

    async def open_questions(self, limit: int) -> tuple[Page, int]:
        """The newest questions of which no answer was taken, and how many there are."""
        store = self._vault.store
        return await self._vault.call(
            lambda: (store.timeline(limit=limit, view=View.OPEN), store.archive.timeline.count_open())
        )

    async def like(self, text: str, limit: int) -> tuple[Row, ...]:
        """Earlier questions like one that is being written, answered ones first."""
        return await self._vault.call(self._vault.store.archive.finder.like, text, limit)

    async def knows(self, text: str, limit: int) -> tuple[tuple[str, int], ...]:
        """(name, how many) of those whose answers were taken to questions like a text: they may know. Counted here,
        from what everybody has."""
        return await self._vault.call(self._vault.store.archive.finder.knows, text, limit)

    # --- statuses -----------------------------------------------------------------------------------------
    async def was_doing(self, person: str, limit: int = 50) -> tuple[str, tuple[Status, ...]]:
        """(name, what they said they were doing, newest first); `person`: a name or an id's beginning, empty: me."""
        return await self._vault.call(self._vault.store.status_history, person, limit)

    # --- corrections --------------------------------------------------------------------------------------
    async def correct(self, id_prefix: str, text: str) -> Row:
        """Has an own post say something else; all versions are kept. The post as it is."""
        clean = kinds.written_text(text)
        row = await self.find(id_prefix)
        _check_open(row)
        if row.poll is not None:
            raise Refused(_("A poll cannot be corrected."), next_step=_("Withdraw it, and ask anew."))
        if row.announced is not None:
            raise Refused(
                _("An announcement cannot be corrected: colleagues have said “Got it” to what it says."),
                next_step=_("Withdraw it, and announce anew."),
            )
        if not row.mine:
            raise Refused(_("Only {person} can correct this post.").format(person=row.person))
        if clean == row.text:
            return row
        await self.write(kinds.Correct(bytes.fromhex(row.id), clean))
        return await self.find(row.id)

    async def versions(self, id_prefix: str) -> tuple[Version, ...]:
        """All that a post has said, oldest first: what it says now is the last."""
        row = await self.find(id_prefix)
        return await self._vault.call(self._vault.store.archive.versions, EntryId(bytes.fromhex(row.id)))

    # --- taking back --------------------------------------------------------------------------------------
    async def withdraw(self, id_prefix: str) -> Row:
        """Takes a post back with all its versions: its text goes from every PC that hears of it."""
        row = await self.find(id_prefix)
        self._may_withdraw(row)
        for ident in [*[one.id for one in (await self.versions(row.id))[1:]], row.id]:
            await self.write(kinds.Withdraw(bytes.fromhex(ident)))
        return row

    def _may_withdraw(self, row: Row) -> None:
        """Refused unless it is one's own, or of somebody gone and one is a keyholder."""
        office = self._vault.office
        assert office is not None
        if row.kind == FEED:
            raise Refused(
                _("This is from a feed, and not yours to withdraw."),
                next_step=_("Mute the feed, or remove it."),
            )
        owner = office.person_now(PersonId(bytes.fromhex(row.person_id)))
        me = office.person_of(self._vault.keys.device)
        of_gone = owner is not None and owner.gone and me is not None and me.role is Role.KEYHOLDER
        if not row.mine and not of_gone:
            raise Refused(
                _("Only {person} can withdraw this post.").format(person=row.person),
                next_step=_("Of somebody who has left, a keyholder can."),
            )


def _check_open(row: Row) -> None:
    """What is said of a post travels in the open: of a sealed one it would tell who reads it, and what."""
    if row.kind == FEED:
        raise Refused(
            _("This is from a feed: nobody there would see it."),
            next_step=_("Share it with your opinion, as a post of your own."),
        )
    if row.sealed:
        raise Refused(
            _("A sealed message takes no signs and no corrections: they would be open."),
            kept=_("Nothing was changed."),
            next_step=_("Answer it, or withdraw it and write anew."),
        )


def _sign(text: str) -> str:
    """One of the signs, however its variation selector was typed; Refused otherwise."""
    bare = text.strip().replace("\ufe0f", "")
    if not bare:
        return ""
    for sign in kinds.SIGNS:
        if sign.replace("\ufe0f", "") == bare:
            return sign
    raise Refused(
        _("“{sign}” is not one of the signs.").format(sign=text.strip()),
        next_step=_("These are: {signs}").format(signs=" ".join(kinds.SIGNS)),
    )
