"""For whom something is written: everybody, the coffee corner, or a few; and what may go out of a sealed talk.

Whatever answers a sealed text is sealed too, for its readers at most: that is decided here, whoever asks.
"""

from __future__ import annotations

from collections.abc import Sequence

from deskblog.engine.attaching import attachments
from deskblog.engine.talk import Talk
from deskblog.engine.vault import Vault
from deskblog.engine.whom import whose
from deskblog.errors import Refused
from deskblog.i18n import _, alphabetical
from deskblog.log import kinds
from deskblog.log.letter import Letter, Opened, named_readers
from deskblog.log.office import Office
from deskblog.store.items import KIND as FEED
from deskblog.store.letters import ClosedGroup
from deskblog.values import Attached, Audience, EntryId, Named, PersonId


class Sealing:
    """Makes of a text what is written."""

    def __init__(self, vault: Vault, talk: Talk) -> None:
        self._vault = vault
        self._talk = talk

    def _office(self) -> Office:
        assert self._vault.office is not None
        return self._vault.office

    def _me(self) -> PersonId:
        person = self._office().person_of(self._vault.keys.device)
        if person is None:
            raise Refused(_("This PC is not in the office any more."))
        return PersonId(person.id)

    # --- for whom -----------------------------------------------------------------------------------------
    def people(self, names: Sequence[str]) -> Audience:
        """Those of these names alone, and oneself."""
        return Audience(people=tuple(dict.fromkeys(whose(self._office(), name).id.hex() for name in names)))

    async def audience(self, to: Audience, answer_to: str) -> Audience:
        """For whom it is, where it answers something: for nobody who may not read that. Refused if it would be."""
        if to.coffee and to.sealed:
            raise Refused(_("The coffee corner is for everybody."), next_step=_("Choose either."))
        row = await self._talk.find(answer_to) if answer_to else None
        if row is None:
            return to
        if row.kind == FEED:
            raise Refused(
                _("This is from a feed: nobody there would see an answer."),
                kept=_("Your text is kept."),
                next_step=_("Share it with your opinion, as a post of your own."),
            )
        if not row.sealed:
            return Audience(coffee=True) if row.kind == "coffee" and not to.sealed else to
        among = {one.id for one in row.readers} | {row.person_id}
        if not to.sealed:
            return Audience(people=tuple(sorted(among - {self._me().hex()})), group=row.group)
        if to.group != row.group or not among.issuperset(to.people):
            raise Refused(
                _("What answers a sealed text is for its readers alone."),
                kept=_("Your text is kept."),
                next_step=_("Write to the others in a message of its own."),
            )
        return to

    async def content(
        self, text: str, kind: str, answer_to: str, attached: Sequence[Attached], to: Audience
    ) -> kinds.Content | Letter:
        """What is to be written. Refused, with what to do, where it cannot be."""
        clean = kinds.written_text(text, alone=not attached)
        to = await self.audience(to, answer_to)
        target = bytes.fromhex((await self._talk.find(answer_to)).id) if answer_to else b""
        if to.sealed:
            return await self._letter(clean, target, attached, to)
        beside = attachments(attached)
        if to.coffee:
            return kinds.Coffee(clean, target, beside)
        if target:
            return kinds.Answer(clean, target, beside)
        return kinds.Question(clean, beside) if kind == "question" else kinds.Post(clean, beside)

    async def _letter(self, text: str, target: bytes, attached: Sequence[Attached], to: Audience) -> Letter:
        if attached:
            raise Refused(
                _("A sealed message carries no photos and no files."),
                kept=_("Your text is kept, and so is what you chose."),
                next_step=_("Take them out, or send them to everybody."),
            )
        people, group = await self._persons(to)
        content = kinds.Answer(text, target) if target else kinds.Post(text)
        return Letter(people, content, group)

    async def _persons(self, to: Audience) -> tuple[tuple[PersonId, ...], EntryId | None]:
        """(readers beside oneself, the closed group); who has left the office is left out of an answer or a group."""
        root = EntryId(bytes.fromhex(to.group)) if to.group else None
        group = await self._vault.call(self._vault.store.archive.letters.group, root) if root is not None else None
        if group is not None and self._me() not in group.members:
            raise Refused(_("You are not in the group “{name}” any more.").format(name=group.name))
        if group is None and root is not None and not to.people:
            raise Refused(_("This group is no more."), kept=_("Your text is kept."))
        wanted = self._members(group) if group is not None else [PersonId(bytes.fromhex(one)) for one in to.people]
        office = self._office()
        known = [person for one in wanted if (person := office.person_now(one)) is not None and not person.gone]
        found = tuple(PersonId(person.id) for person in known)
        if not found:
            raise Refused(
                _("Nobody who could read this is in the office any more."),
                kept=_("Your text is kept."),
                next_step=_("Choose who may read it."),
            )
        return found, root

    def _members(self, group: ClosedGroup) -> list[PersonId]:
        others = sorted(group.members - {self._me()})
        return others or [self._me()]

    # --- who can read -------------------------------------------------------------------------------------
    async def readers(self, id_prefix: str) -> tuple[tuple[Named, bool], ...]:
        """(reader, whether a PC of theirs can open it) of a sealed text: the boxes are looked at, not its word."""
        row = await self._talk.find(id_prefix)
        if not row.sealed:
            raise Refused(_("Everybody can read this."))
        office = self._office()
        return await self._vault.call(self._readers, EntryId(bytes.fromhex(row.id)), office)

    def _readers(self, ident: EntryId, office: Office) -> tuple[tuple[Named, bool], ...]:
        """On the store's thread."""
        archive = self._vault.store.archive
        for entry, body in archive.whole([ident]):
            opened = archive.letters.open(entry, body)
            if isinstance(opened, Opened):
                found = [(one.person, one.can_open) for one in named_readers(office, body, opened)]
                named = [(self._named(person, office), can) for person, can in found]
                return tuple(sorted(named, key=lambda one: alphabetical(one[0].name)))
        return ()

    @staticmethod
    def _named(person: PersonId | None, office: Office) -> Named:
        known = office.person_now(person) if person is not None else None
        if known is None:
            return Named("", _("somebody not known here"))
        return Named(known.id.hex(), known.name or known.id.hex()[:8])
