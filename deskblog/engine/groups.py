"""Groups: open ones, which are tags that people follow, and closed ones, in which everything is sealed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence

from deskblog import limits
from deskblog.engine.talk import Talk
from deskblog.engine.vault import Vault
from deskblog.engine.whom import whose
from deskblog.errors import Refused
from deskblog.i18n import _, alphabetical
from deskblog.log import kinds
from deskblog.log.letter import Group, Letter
from deskblog.log.office import Office
from deskblog.store.letters import ClosedGroup
from deskblog.store.marks import tags
from deskblog.values import Audience, EntryId, GroupRow, Named, PersonId


class Groups:
    """Each change is an entry of its own."""

    def __init__(self, vault: Vault, talk: Talk) -> None:
        self._vault = vault
        self._talk = talk
        self._changing = asyncio.Lock()  # what a change is measured by is there when the next is

    def _office(self) -> Office:
        if self._vault.office is None:
            raise Refused(_("This PC is in no office yet."), next_step=_("Found one or join one first."))
        return self._vault.office

    def _me(self) -> PersonId:
        person = self._office().person_of(self._vault.keys.device)
        if person is None:
            raise Refused(_("This PC is not in the office any more."))
        return PersonId(person.id)

    # --- what there is ------------------------------------------------------------------------------------
    async def all(self) -> tuple[GroupRow, ...]:
        """Closed ones that one is in, then open ones, each by name."""
        closed = await self._vault.call(self._vault.store.archive.letters.groups)
        followed = await self._vault.call(self._vault.store.archive.newest.following)
        rows = [self._closed_row(group) for group in closed]
        mine = tuple(row for row in rows if row.joined)
        return (*mine, *(self._open_row(tag, followed[tag]) for tag in sorted(followed, key=alphabetical)))

    async def of_tag(self, tag: str) -> GroupRow:
        """The open group of a tag, be there anybody in it or not."""
        clean = _tag(tag)
        followed = await self._vault.call(self._vault.store.archive.newest.following)
        return self._open_row(clean, followed.get(clean, ()))

    async def find(self, text: str) -> GroupRow:
        """The closed group so called, or whose id begins so; Refused if none, or several, fit."""
        wanted = text.strip().casefold()
        rows = [row for row in await self.all() if row.closed]
        found = [row for row in rows if row.name.casefold() == wanted] or [
            row for row in rows if len(wanted) >= 4 and row.id.startswith(wanted)
        ]
        if len(found) != 1:
            none, several = _("There is no group “{name}”."), _("Several groups fit “{name}”.")
            raise Refused((several if found else none).format(name=text.strip()))
        return found[0]

    async def audience(self, text: str) -> Audience:
        """The members of that closed group alone."""
        return Audience(group=(await self.find(text)).id)

    def _open_row(self, tag: str, people: Iterable[PersonId]) -> GroupRow:
        members = self._named(people)
        return GroupRow(f"#{tag}", f"#{tag}", members, self._me().hex() in {one.id for one in members})

    def _closed_row(self, group: ClosedGroup) -> GroupRow:
        members = self._named(group.members)
        keeper = next(iter(self._named([group.keeper])), None)
        joined = self._me().hex() in {one.id for one in members}
        return GroupRow(group.id.hex(), group.name, members, joined, closed=True, keeper=keeper)

    def _named(self, people: Iterable[PersonId]) -> tuple[Named, ...]:
        """Those of them who are in the office, by name."""
        office = self._office()
        known = {person.id: person for one in people if (person := office.person_now(one)) is not None}
        named = [Named(one.id.hex(), one.name or one.id.hex()[:8]) for one in known.values() if not one.gone]
        return tuple(sorted(named, key=lambda one: (alphabetical(one.name), one.id)))

    # --- open ones ----------------------------------------------------------------------------------------
    async def follow(self, tag: str, *, on: bool = True) -> GroupRow:
        """Follows a tag, or does no more; the open group as it is then."""
        row = await self.of_tag(tag)
        if row.joined != on:
            await self._talk.write(kinds.Follow(_tag(tag), on))
        return await self.of_tag(tag)

    # --- closed ones --------------------------------------------------------------------------------------
    async def begin(self, name: str, people: Sequence[str]) -> GroupRow:
        """A new closed group of these people (names or ids) and oneself."""
        clean = kinds.written_name(name)
        async with self._changing:
            return await self._begin(clean, people)

    async def _begin(self, clean: str, people: Sequence[str]) -> GroupRow:
        if any(row.closed and row.name.casefold() == clean.casefold() for row in await self.all()):
            raise Refused(
                _("There is a group “{name}” already.").format(name=clean), next_step=_("Give it another name.")
            )
        members = self._chosen(people)
        before = {row.id for row in await self.all()}
        await self._talk.write(Letter(members, Group(clean)))
        return next(row for row in await self.all() if row.closed and row.id not in before)

    async def change(
        self, group: str, *, name: str = "", add: Sequence[str] = (), remove: Sequence[str] = ()
    ) -> GroupRow:
        """Another name, or other members. Refused unless one made the group."""
        async with self._changing:
            return await self._change(group, name, add, remove)

    async def _change(self, group: str, name: str, add: Sequence[str], remove: Sequence[str]) -> GroupRow:
        row = await self.find(group)
        self._keeps(row)
        gone = {person.hex() for person in self._chosen(remove)} if remove else set()
        held = [one.id for one in row.members if one.id not in gone]
        members = self._chosen([*held, *add])
        clean = kinds.written_name(name) if name else row.name
        await self._talk.write(Letter(members, Group(clean), EntryId(bytes.fromhex(row.id))))
        return await self.find(row.id)

    async def end(self, group: str) -> GroupRow:
        """There is no such group any more; what was written in it stays. Refused unless one made it."""
        row = await self.find(group)
        self._keeps(row)
        await self._talk.write(kinds.Withdraw(bytes.fromhex(row.id)))
        return row

    def _chosen(self, people: Sequence[str]) -> tuple[PersonId, ...]:
        """These beside oneself; oneself alone if they are nobody else."""
        office, me = self._office(), self._me()
        found = dict.fromkeys(PersonId(whose(office, one).id) for one in people)
        found.pop(me, None)
        if len(found) >= limits.BOXES:
            raise Refused(_("A group has {n} members at most.").format(n=limits.BOXES))
        return tuple(found) or (me,)

    def _keeps(self, row: GroupRow) -> None:
        if row.keeper is None or row.keeper.id != self._me().hex():
            raise Refused(
                _("Only {person} can change this group.").format(person=row.keeper.name if row.keeper else "?"),
                kept=_("Nothing was changed."),
            )


def _tag(text: str) -> str:
    """A tag as it is kept; Refused if there could be none such."""
    bare = text.strip().removeprefix("#")
    found = tags(f"#{bare}")
    if found != (bare.lower(),):
        raise Refused(
            _("“{text}” cannot be a tag.").format(text=text.strip()),
            next_step=_("A tag is one word of letters, digits and hyphens."),
        )
    return found[0]
