"""Looking after the office: enough keys, late letters, who could still hold what, and whether it would survive."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable

from deskblog.engine.options import Check, Keyholders, Late, Left
from deskblog.engine.vault import Vault, now_ms
from deskblog.engine.whom import whose
from deskblog.errors import Refused
from deskblog.i18n import _, alphabetical, plural
from deskblog.log import charter, removing
from deskblog.log.act import Act
from deskblog.log.clerk import devices_ever, identities, keyholders, removals_of
from deskblog.log.fold import admitted
from deskblog.log.keys import DeviceKeys, recovery_seed
from deskblog.log.office import Office, Person, fold
from deskblog.values import DeviceKey, PersonId, Role

DAY = 86_400_000  # milliseconds
SILENT_DAYS = 14  # so long without another keyholder, and one is proposed
PROPOSED = 3


class Care:
    """What a keyholder needs to know before it is too late."""

    def __init__(self, vault: Vault, announce: Callable[[tuple[Act, ...]], None], now: Callable[[], int] = now_ms):
        self._vault = vault
        self._announce = announce
        self._now = now

    def _office(self) -> Office:
        if self._vault.office is None:
            raise Refused(
                _("This PC is in no office yet."),
                next_step=_("Found one, or join one with a code that a colleague gives you."),
            )
        return self._vault.office

    # --- the keyholder gauge ------------------------------------------------------------------------------
    async def keyholders(self) -> Keyholders:
        """How many hold a key, what is to be done about it, and who could be given one."""
        office = self._office()
        heard = await self._heard()
        holding = keyholders(office)
        me = office.person_of(self._vault.keys.device)
        others = [person for person in holding if me is None or person.id != me.id]
        advice = self._advice(len(holding), others, heard)
        proposed = self._proposed(office, heard) if advice else ()
        return Keyholders(len(holding), advice, proposed)

    def _advice(self, count: int, others: list[Person], heard: dict[PersonId, int]) -> str:
        if not count:
            return _("Nobody holds a key: only the recovery words let anybody in now.")
        if count == 1:
            return _("Two keyholders are safer than one: give a second person the key.")
        newest = max((heard.get(person.id, 0) for person in others), default=0)
        if newest and self._now() - newest > SILENT_DAYS * DAY:
            days = (self._now() - newest) // DAY
            return plural(
                "No other keyholder was seen for {n} day: give somebody else the key.",
                "No other keyholder was seen for {n} days: give somebody else the key.",
                int(days),
            )
        return ""

    def _proposed(self, office: Office, heard: dict[PersonId, int]) -> tuple[str, ...]:
        """Members seen lately, who have been in the office longest first."""
        now = self._now()
        order = {person: n for n, person in enumerate(_by_admission(office))}
        fit = [
            person
            for person in office.persons.values()
            if not person.gone
            and person.role is not Role.KEYHOLDER
            and now - heard.get(person.id, 0) <= SILENT_DAYS * DAY
        ]
        return tuple(person.name for person in sorted(fit, key=lambda person: order[person.id])[:PROPOSED])

    async def _heard(self) -> dict[PersonId, int]:
        """When each person was last linked with this PC or wrote something, UTC ms."""
        office = self._office()
        posted = await self._vault.call(self._vault.store.archive.last_posts)
        heard: dict[PersonId, int] = {}
        for device, person in office.devices.items():
            at = max(posted.get(device, 0), self._vault.safety.last_seen(device))
            heard[person] = max(heard.get(person, 0), min(at, self._now()))
        return heard

    # --- the late letter box ------------------------------------------------------------------------------
    async def late(self) -> tuple[Late, ...]:
        """Posts that came too late, by person: of the removed, and of copies nobody vouched for."""
        office = self._office()
        aside = await self._vault.call(self._vault.store.all_aside)
        of_person: dict[PersonId, list[tuple[int, str]]] = {}
        for one in aside:
            of_person.setdefault(one.person, []).extend(one.posts)
        return tuple(
            Late(person.hex(), office.persons[person].name, tuple(sorted(posts)))
            for person, posts in sorted(of_person.items())
            if person in office.persons
        )

    async def keep_late(self, who: str) -> int:
        """Counts a person's late posts after all, everywhere; how many. A keyholder's."""
        office = self._office()
        person = whose(office, who)
        aside = [one for one in await self._vault.call(self._vault.store.all_aside) if one.person == person.id]
        if not aside:
            raise Refused(_("No late posts of {person} wait here.").format(person=person.name))
        furthest = {one.log: one.end for one in sorted(aside, key=lambda one: one.end)}
        heads = tuple(sorted((log.device, log.number, end.seq, end.id) for log, end in furthest.items()))
        await self._write(charter.bordering(self._vault.keys, office, heads, self._now()))
        return sum(len(one.posts) for one in aside if furthest[one.log] == one.end)

    async def _write(self, acts: tuple[Act, ...]) -> None:
        self._announce(await self._vault.take_acts(acts))

    # --- who has left -------------------------------------------------------------------------------------
    async def left(self, who: str) -> Left:
        """What the PCs of a person who is out could still hold."""
        office = self._office()
        person = whose(office, who)
        if not person.gone:
            raise Refused(_("{person} is in the office.").format(person=person.name))
        devices = sorted(
            {device for ident in identities(office, person.id) for device in devices_ever(office, ident)}
        )
        removed_at = max((act.time for device in devices for act in removals_of(office, device)), default=0)
        posts = await self._vault.call(self._vault.store.count_before, removed_at)
        seen = tuple((device.hex(), self._vault.safety.last_seen(device)) for device in devices)
        return Left(person.name, removed_at, posts, seen)

    # --- the recovery drill -------------------------------------------------------------------------------
    async def drill(self, words: str = "") -> tuple[Check, ...]:
        """If this PC burned tonight, would the office come back? Nothing is changed: all is tried on a copy."""
        office = self._office()
        me = self._vault.keys.device
        others = tuple(sorted(device for device in office.devices if device != me))
        heard = self._vault.safety.last_seen
        checks = [self._posts_elsewhere(await self._vault.only_here(), others)]
        checks.append(self._keys_elsewhere(office, me))
        if words:
            checks.append(await self._words(office, me, words))
        else:
            checks.append(Check("words", False, _("The twelve recovery words were not tried.")))
        silent = [device for device in others if self._now() - heard(device) > SILENT_DAYS * DAY]
        if others and len(silent) == len(others):
            say = _("No colleague's PC was linked for {n} days.").format(n=SILENT_DAYS)
            checks.append(Check("colleagues", False, say))
        return tuple(checks)

    @staticmethod
    def _posts_elsewhere(only_here: int, others: tuple[DeviceKey, ...]) -> Check:
        if not others:
            say = _("Nobody else is in the office: only a backup would bring its posts back.")
            return Check("posts", False, say)
        if only_here:
            say = plural(
                "{n} post of yours is only on this PC.", "{n} posts of yours are only on this PC.", only_here
            )
            return Check("posts", False, say)
        return Check("posts", True, _("All your posts are on other PCs too."))

    @staticmethod
    def _keys_elsewhere(office: Office, me: DeviceKey) -> Check:
        """Could somebody invite a new PC, with this one gone?"""
        able = [
            office.persons[person].name
            for device, person in office.devices.items()
            if device != me and office.warrants(device, keyholder=True) is not None
        ]
        if not able:
            return Check("keys", False, _("No other PC could invite a new one: only the recovery words could."))
        names = ", ".join(sorted(set(able), key=alphabetical))
        return Check("keys", True, _("A new PC could be invited by: {names}.").format(names=names))

    async def _words(self, office: Office, me: DeviceKey, words: str) -> Check:
        """The words, tried on a copy: a colleague's PC becomes a keyholder's, and lets a new PC in."""
        try:
            keys = DeviceKeys(await asyncio.to_thread(recovery_seed, words), secrets.token_bytes(32))
        except Refused as fault:
            return Check("words", False, fault.what)
        if keys.device != office.recovery:
            return Check("words", False, _("These are the recovery words of another office."))
        rest = sorted(device for device in office.devices if device != me)
        if not rest:
            say = _("The words are right, but nobody else holds the office: keep a backup elsewhere.")
            return Check("words", False, say)
        acts = removing.recovering(keys, office, rest[0], self._now(), without=me)
        again = fold([*office.acts.values(), *acts])
        new = DeviceKeys(secrets.token_bytes(32), secrets.token_bytes(32))
        person = again.devices.get(rest[0])
        if person is None or again.persons[person].role is not Role.KEYHOLDER or again.is_in(me):
            return Check("words", False, _("The words do not bring the office back."))
        admission = charter.admitting(keys, again, (new.device, new.seal_key), "?", None, self._now())
        ok = fold([*again.acts.values(), *admission]).is_in(new.device)
        name = again.persons[person].name
        say = _("With the words, {person} could let you in again on a new PC.").format(person=name)
        return Check("words", ok, say if ok else _("The words do not bring the office back."))


def _by_admission(office: Office) -> list[PersonId]:
    """Persons in the order in which they came, by the acts' own order."""
    order: dict[PersonId, None] = {}
    for act in office.acts.values():
        for device in admitted(act):
            person = office.devices.get(device)
            if person is not None:
                order.setdefault(person)
    return [*order, *(person for person in office.persons if person not in order)]
