"""Who is in the office and who may what: each command writes its acts, keeps them, and sends them on their way."""

from __future__ import annotations

import asyncio
import secrets
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from deskblog import events
from deskblog.engine.network import Network
from deskblog.engine.options import Keyholders, OpenInvitation, Recovered
from deskblog.engine.people import Around, people_rows
from deskblog.engine.standing import Standing
from deskblog.engine.vault import Vault, now_ms
from deskblog.engine.whom import named, several, whom, whose
from deskblog.errors import PeerError, Refused
from deskblog.i18n import _, plural
from deskblog.limits import ANNOUNCED_MOST, RETENTION_DAYS
from deskblog.log import act as a
from deskblog.log import charter, kinds, removing
from deskblog.log.clerk import devices_ever, identities, identity_of, keyholders, owner
from deskblog.log.keys import DeviceKeys, recovery_seed
from deskblog.log.office import Office, Person, fold
from deskblog.values import DeviceKey, PersonId, PersonRow, Role


class Membership:
    """The office's people, for whoever may look after them. Refused says what cannot be, and why."""

    def __init__(
        self,
        vault: Vault,
        standing: Standing,
        network: Callable[[], Network | None],
        tell: Callable[[events.Event], None],
        now: Callable[[], int] = now_ms,
    ) -> None:
        self._vault = vault
        self._standing = standing
        self._network = network
        self._tell = tell
        self._now = now
        self._ruling = asyncio.Lock()

    # --- what may be asked --------------------------------------------------------------------------------
    async def role(self, who: str, role: Role, *, sure: bool = False) -> PersonRow:
        """Gives a role. The last keyholder steps down only if `sure`."""
        office = await self._office()
        person = self._present(whose(office, who))
        if person.role == role and (role is not Role.KEYHOLDER or _holds_everywhere(office, person)):
            raise Refused(_("{person} has this role already.").format(person=person.name))
        heads = await self._heads(office, person.id)
        await self._write(charter.granting(self._vault.keys, office, person.id, role, heads, self._now()), sure=sure)
        return self._row(person.id)

    async def remove(self, who: str, *, sure: bool = False) -> PersonRow:
        """Takes out a person with all PCs, or one PC; how the person then stands."""
        office = await self._office()
        target = whom(office, who)
        if isinstance(target, Person):
            person = self._present(target)
            heads = await self._heads(office, person.id)
            acts = removing.removing_person(self._vault.keys, office, person.id, heads, self._now())
            await self._write(acts, sure=sure)
            return self._row(person.id)
        holder = owner(office, target)
        if holder is None or not office.is_in(target):
            raise Refused(_("This PC is not in the office any more."))
        counted = await self._vault.call(self._vault.store.counted, {target}, office)
        acts = removing.removing_device(self._vault.keys, office, target, counted, self._now())
        await self._write(acts, sure=sure)
        return self._row(holder.id)

    async def readmit(self, who: str) -> PersonRow:
        """Takes back a person who was removed, with the PCs that went then, or one PC; without a code."""
        office = await self._office()
        target = whom(office, who)
        devices = self._restorable(office, target)
        await self._write(charter.readmitting(self._vault.keys, office, devices, self._now()))
        return self._row(self._vault_office().devices[devices[0]])

    async def rename(self, who: str, name: str) -> PersonRow:
        """Another name for anyone as a keyholder, for oneself as anyone; never one that somebody else has."""
        office = await self._office()
        person = whose(office, who)
        new = kinds.written_name(name)
        if any(other.id != person.id and not other.gone for other in named(office, new)):
            raise Refused(
                _("There is a {name} in the office already.").format(name=new),
                next_step=_("If they are one person, merge them; else find a name that tells them apart."),
            )
        if new != person.name:
            await self._write(charter.naming(self._vault.keys, office, person.id, new, self._now()))
        return self._row(person.id)

    async def merge(self, who: Sequence[str]) -> PersonRow:
        """Makes several persons one: their posts are one person's, also those written before."""
        office = await self._office()
        persons = _to_merge(office, who)
        if len(persons) < 2:
            raise Refused(_("It takes two persons to merge."))
        await self._write(charter.merging(self._vault.keys, office, persons, self._now()))
        return self._row(min(persons))

    async def rule(self, *, name: str = "", settings: Mapping[str, str | int] | None = None) -> None:
        """The office's name and settings; what is not given stays, an empty text takes its word out.

        One after another: of two that know nothing of each other the office would take either.
        """
        async with self._ruling:
            await self._rule(name, settings or {})

    async def _rule(self, name: str, settings: Mapping[str, str | int]) -> None:
        office = await self._office()
        charter.keyholder_warrants(self._vault.keys, office)
        new, given = kinds.written_name(name) if name else office.name, dict(settings)
        days = given.get("retention-days", 0)
        if not isinstance(days, int) or not 0 <= days <= RETENTION_DAYS:
            raise Refused(_("Posts are kept for 0 to {n} days; 0 is for ever.").format(n=RETENTION_DAYS))
        often = given.get("announcements-week", 1)
        if not isinstance(often, int) or not 0 <= often <= ANNOUNCED_MOST:
            raise Refused(_("Each may announce 0 to {n} times a week.").format(n=ANNOUNCED_MOST))
        wanted = {word: value for word, value in {**office.settings, **given}.items() if given.get(word) != ""}
        if (new, wanted) == (office.name, office.settings):
            return
        try:
            acts = charter.ruling(self._vault.keys, office, new, wanted, self._now())
        except PeerError:  # with what newer programs have put there it does not fit an act
            raise Refused(
                _("All this is more than the office's rule can hold."),
                kept=_("Nothing was changed."),
                next_step=_("Take some feeds or tags off first."),
            ) from None
        await self._write(acts)

    async def set(self, settings: Mapping[str, str | int]) -> None:
        """These settings for the whole office; its name and the others stay."""
        await self.rule(settings=settings)

    async def leave(self, *, sure: bool = False) -> PersonRow:
        """Takes oneself out, with all one's PCs; what is on no other PC yet stays behind only if `sure`."""
        office = await self._office()
        me = self._me(office)
        only_here = await self._vault.only_here()
        if only_here and not sure:
            raise Refused(
                plural("{n} post of yours is only on this PC.", "{n} posts of yours are only on this PC.", only_here),
                kept=_("Nothing was changed."),
                next_step=_("Wait until a colleague's PC is here and has them, or say that you are sure (--sure)."),
            )
        heads = await self._heads(office, me.id)
        await self._write(removing.removing_person(self._vault.keys, office, me.id, heads, self._now()), sure=sure)
        return self._row(me.id)

    async def recover(self, words: str, *, without: str = "", restore: Sequence[str] = ()) -> Recovered:
        """With the twelve words this PC is in again, its person holds the key; `without`, somebody whose PC was lost
        or stolen, is removed once more, which voids what that PC did unheard; those in `restore` come back.
        """
        office = self._vault_office()
        if self._standing.unheard:
            raise Refused(
                _("This PC was removed, and has not heard all that happened in the office since."),
                kept=_("Everything on this PC is kept."),
                next_step=_("Use the words on a PC that is still in, and take this one back from there."),
            )
        keys = DeviceKeys(await asyncio.to_thread(recovery_seed, words), secrets.token_bytes(32))
        if keys.device != office.recovery:
            raise Refused(
                _("These are the recovery words of another office."), next_step=_("Look for those of this office.")
            )
        self._check_ever_in(office)
        target = whom(office, without) if without else None
        self._check_other(office, target)
        back = [device for text in restore for device in self._restorable(office, whom(office, text))]
        heads = await self._vault.call(self._vault.store.counted, _devices_of(office, target), office)
        left_out = target.id if isinstance(target, Person) else target
        acts = removing.recovering(
            keys, office, self._vault.keys.device, self._now(), without=left_out, heads=heads, restore=back
        )
        await self._write(acts)
        now = self._vault_office()
        thrown = removing.thrown_out_by(now, _devices_of(office, target))
        return Recovered(self._me(now).name, tuple(now.persons[ident].name for ident in thrown if ident != left_out))

    def _check_ever_in(self, office: Office) -> None:
        """Refused where no admission of this PC stands: who let it in was out by then."""
        if identity_of(office, self._vault.keys.device) is None:
            raise Refused(
                _("This PC was let in by somebody who could not, so the words cannot bring it back."),
                kept=_("Everything on this PC is kept."),
                next_step=_("Use the words on another PC of the office, then have this one invited again."),
            )

    def keyholders(self) -> Keyholders:
        """How many hold a key, and the advice to have two."""
        office = self._vault.office
        count = len(keyholders(office)) if office is not None else 0
        advice = _("Two keyholders are safer than one: give a second person the key.") if count == 1 else ""
        if office is not None and not count:
            advice = _("Nobody holds a key: only the recovery words let anybody in now.")
        return Keyholders(count, advice)

    def invitations(self) -> tuple[OpenInvitation, ...]:
        """The invitations open on this PC: one at most."""
        network = self._network()
        return network.invitations() if network is not None else ()

    def namesakes(self, person: str) -> int:
        """How many others in the office have the name of that person (a hex id)."""
        office = self._vault_office()
        held = office.person_now(PersonId(bytes.fromhex(person)))
        if held is None:
            return 0
        return sum(other.id != held.id and not other.gone for other in named(office, held.name))

    # --- how it is done -----------------------------------------------------------------------------------
    async def _office(self) -> Office:
        """The office, of which this PC must be part."""
        office = self._vault_office()
        await self._standing.check()
        return office

    def _vault_office(self) -> Office:
        if self._vault.office is None:
            raise Refused(
                _("This PC is in no office yet."),
                next_step=_("Found one, or join one with a code that a colleague gives you."),
            )
        return self._vault.office

    async def _write(self, acts: tuple[a.Act, ...], *, sure: bool = True) -> None:
        """Keeps new acts and sends them on their way; Refused where the last key would go unmeant."""
        office = self._vault_office()
        if not sure and keyholders(office) and not keyholders(fold([*office.acts.values(), *acts])):
            raise Refused(
                _("Nobody would hold a key any more: only the recovery words could let anybody in or out."),
                next_step=_("Give somebody else the key first, or say that you are sure (--sure)."),
            )
        new = await self._vault.take_acts(acts)
        network = self._network()
        if network is not None:
            network.announce_acts(new)
        else:
            self._standing.office_changed()
            around = Around(statuses=self._vault.statuses, profiles=self._vault.profiles)
            self._tell(events.PeopleChanged(people_rows(self._vault_office(), self._vault.keys.device, around)))

    async def _heads(self, office: Office, person: PersonId) -> a.Heads:
        devices = {device for ident in identities(office, person) for device in devices_ever(office, ident)}
        return await self._vault.call(self._vault.store.counted, devices, office)

    def _me(self, office: Office) -> Person:
        person = owner(office, self._vault.keys.device)
        assert person is not None
        return person

    def _row(self, person: PersonId) -> PersonRow:
        network = self._network()
        around = network.around() if network is not None else Around()
        rows = people_rows(self._vault_office(), self._vault.keys.device, around)
        now = self._vault_office().person_now(person)  # merged meanwhile, by a colleague's act that just came
        return next(row for row in rows if now is not None and row.id == now.id.hex())

    @staticmethod
    def _present(person: Person) -> Person:
        if person.gone:
            raise Refused(_("{person} is not in the office any more.").format(person=person.name))
        return person

    @staticmethod
    def _restorable(office: Office, target: Person | DeviceKey) -> tuple[DeviceKey, ...]:
        if isinstance(target, Person):
            devices = removing.restorable(office, target.id)
            if not devices:
                raise Refused(_("{person} has no PC that was removed.").format(person=target.name))
            return devices
        if office.is_in(target):
            raise Refused(_("This PC is in the office already."))
        return (target,)

    def _check_other(self, office: Office, target: Person | DeviceKey | None) -> None:
        """The words cannot leave out the very PC they are used on."""
        if self._vault.keys.device in _devices_of(office, target):
            raise Refused(_("The office cannot be recovered here without this PC itself."))


def _holds_everywhere(office: Office, person: Person) -> bool:
    return all(office.warrants(device, keyholder=True) is not None for device in person.devices)


def _devices_of(office: Office, target: Person | DeviceKey | None) -> frozenset[DeviceKey]:
    if target is None:
        return frozenset()
    if isinstance(target, Person):
        ids = identities(office, target.id)
        return frozenset(device for ident in ids for device in devices_ever(office, ident))
    return frozenset((target,))


def _to_merge(office: Office, who: Sequence[str]) -> list[PersonId]:
    """The persons named; a name said as often as persons have it means all of them."""
    found: dict[PersonId, None] = {}
    for text, times in Counter(" ".join(text.split()).casefold() for text in who).items():
        same = named(office, text)
        if times > 1 and len(same) != times:
            raise (
                several(office, text, same)
                if same
                else Refused(_("Nobody here is called “{name}”.").format(name=text))
            )
        for person in same if times > 1 else [whose(office, text)]:
            found[person.id] = None
    return list(found)
