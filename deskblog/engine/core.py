"""The engine: what window, tray and command line may ask, and what they are told.

Lives on one asyncio loop. It introduces the store, the hub and discovery to one another; they do not know of each
other. What a person can do wrong comes back as Refused, what the world does as Unusable or a Trouble event.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Sequence
from pathlib import Path

from filelock import FileLock

from deskblog import events
from deskblog.engine.announcing import Announcing
from deskblog.engine.attaching import Attaching
from deskblog.engine.attention import Attention
from deskblog.engine.care import Care
from deskblog.engine.digests import Digests
from deskblog.engine.feeds import Feeds
from deskblog.engine.folder import claim
from deskblog.engine.forwarding import Forwarding
from deskblog.engine.groups import Groups
from deskblog.engine.handing import Handing
from deskblog.engine.keeping import Keeping
from deskblog.engine.keepsakes import Keepsakes
from deskblog.engine.membership import Membership
from deskblog.engine.network import Network
from deskblog.engine.only_here import OnlyHere
from deskblog.engine.options import Founded, Invitation, Joined, Options, Shown, address_text, read_address
from deskblog.engine.outbox import Outbox
from deskblog.engine.parts import Parts
from deskblog.engine.people import Around, people_rows
from deskblog.engine.places import Places
from deskblog.engine.profiles import Profiles
from deskblog.engine.programs import Programs
from deskblog.engine.publishing import Publishing
from deskblog.engine.sealing import Sealing
from deskblog.engine.standing import Removal, Standing
from deskblog.engine.talk import Talk
from deskblog.engine.unread import Unread
from deskblog.engine.vault import Vault, now_ms
from deskblog.engine.whom import whose
from deskblog.errors import Refused
from deskblog.i18n import _, language
from deskblog.limits import CODE_MINUTES
from deskblog.log import charter, kinds
from deskblog.log.act import Act
from deskblog.log.keys import DeviceKeys, recovery_seed, recovery_words
from deskblog.log.office import Office
from deskblog.net.interfaces import own_addresses
from deskblog.values import EVERYBODY, Attached, Audience, EntryId, Page, PersonId, PersonRow, Row, View, Waiting


class Engine(Parts):
    """One person's deskblog on one data folder, without a screen."""

    def __init__(self, folder: Path, listener: Callable[[events.Event], None], *, options: Options) -> None:
        self._folder = folder
        self._listener = listener
        listener = self._tell
        self._options = options
        self._vault = Vault(folder, options.state)
        self._network: Network | None = None
        self._standing = Standing(self._vault, listener)
        self.membership = Membership(self._vault, self._standing, lambda: self._network, listener)
        self.care = Care(self._vault, self._announce)
        self.keeping = Keeping(folder, self._vault, listener)
        self.counting = OnlyHere(self._vault, listener)
        self.talk = Talk(self._vault, self._standing, listener)
        self.sealing = Sealing(self._vault, self.talk)
        self.handing = Handing(self._vault, self.talk)
        self.groups = Groups(self._vault, self.talk)
        self.profiles = Profiles(self._vault, self.talk)
        self.announcing = Announcing(self._vault, self.talk, lambda sent: self.attaching.take(sent), now_ms)
        self.keepsakes = Keepsakes(self._vault, self.talk)
        self.outbox = Outbox(self._vault, options.undo_seconds, self._leaves, listener)
        self.attaching = Attaching(self._vault, lambda: self.outbox.had)
        known, on = (self.announcing, self.keepsakes, self.profiles), options.popups
        self.attention = Attention(
            self._vault, *known, lambda text, target: self.post(text, answer_to=target), listener, now_ms, on=on
        )
        self.forwarding = Forwarding(self._vault, self.talk, lambda: self._network, self._tell, now_ms)
        self.unread = Unread(self._vault, self.talk, lambda: self._network, self.attention.weigh, listener, now_ms)
        attention, unread = self.attention, self.unread
        self.digests = Digests(self._vault, self.talk, self.announcing, unread, attention, listener, now_ms, on=on)
        self.attention.chose = self.keepsakes.watching = self.unread.weigh_anew
        rule, port, on = self.membership.set, options.web_port, options.network
        self.publishing = Publishing(self._vault, self.talk, rule, listener, now_ms, port=port, on=on)
        self.feeds = Feeds(self._vault, listener, now_ms)
        self.programs = Programs(self._vault, folder, listener)
        self._lock = FileLock(str(folder / "lock"), thread_local=False)
        self._started = False
        self.places = Places(self._vault, self._standing, self._net)

    def _tell(self, event: events.Event) -> None:
        self.attention.heard(event)
        self.forwarding.heard(event)
        self.unread.heard(event)
        self.publishing.heard(event)
        self.counting.heard(event)
        self._listener(event)

    # --- starting and stopping ----------------------------------------------------------------------------
    async def start(self) -> None:
        """Opens the data folder and, unless it was asked not to, the network. Unusable says why it cannot."""
        await asyncio.to_thread(claim, self._folder, self._lock, self._options.patience)
        try:
            await self._vault.open()
            await self._standing.open()
            self._vault.people_changed = lambda: self._tell(events.PeopleChanged(self._people()))
            self._vault.reshown = lambda: self._tell(events.TimelineChanged())
            self._vault.changed = self._vault.blobs.changed = lambda rows: self._tell(events.RowsChanged(rows))
            self._vault.blobs.progress = lambda name, come: self._tell(
                events.Coming(name.hash.hex(), name.size, come)
            )
            if self._options.network:
                self._network = network = Network(self._vault, self._standing, self._tell, self._options)
                network.levelled = self.keeping.once_more
                network.held_elsewhere = self.counting.count_soon
                self.keeping.repaired = network.ask_again
                self._standing.back, self._standing.learned = network.office_begins, network.announce_acts
                await self._network.start()
        except BaseException:
            await self._vault.close()
            self._lock.release()
            raise
        self._started = True
        self.places.begin()
        self._tell(events.Ready(self.device, self.port, self._office_id(), self.office_name))
        await self.counting.count()
        if self._vault.store.set_aside is not None:
            await self.keeping.take_up(self._vault.store.set_aside)
        await self._standing.tell()
        for one in (self.attaching, self.keepsakes, self.outbox, self.attention, self.forwarding, self.unread):
            await one.begin()
        await self.feeds.begin(self._network)
        await self.programs.begin(self._network)
        await self.digests.begin()
        await self.publishing.begin()
        self._vault.let_go = self.attaching.collect_soon
        self._standing.changed = self._office_changed
        self._office_changed()
        self.attaching.collect_soon()

    def go_out(self) -> None:
        """Who was started `hushed` is announced now, and looks for colleagues."""
        if self._network is not None:
            self._network.go_out()

    async def stop(self) -> None:
        """Says goodbye, closes links and store, frees the folder."""
        if not self._started:
            return
        self._started = False
        for one in (self.publishing, self.digests, self.programs, self.feeds, self.attention, self.forwarding):
            await one.stop()
        await self.outbox.flush()
        await self.unread.stop()
        if self._network is not None:
            await self._network.stop()
        await self._standing.stop()
        await self.handing.stop()
        await self.attaching.stop()
        await self.counting.stop()
        await self._vault.close()
        self._lock.release()

    # --- what it is ---------------------------------------------------------------------------------------
    @property
    def device(self) -> str:
        return self._vault.keys.device.hex()

    @property
    def port(self) -> int:
        return self._network.port if self._network else 0

    @property
    def refusals(self) -> dict[str, int]:
        """How often a peer's bytes were refused since the start, by kind: Malformed, Forged, TooLarge."""
        return self._network.refusals if self._network else {}

    @property
    def in_office(self) -> bool:
        return self._vault.office is not None

    @property
    def office_name(self) -> str:
        return self._vault.office.name if self._vault.office else ""

    @property
    def person_name(self) -> str:
        person = self._vault.office.person_of(self._vault.keys.device) if self._vault.office else None
        return person.name if person else ""

    @property
    def removed(self) -> Removal | None:
        """By whom and when this PC was taken out of the office; None while it is in."""
        return self._standing.removal

    def _office_id(self) -> str:
        return self._vault.office.id.hex() if self._vault.office else ""

    def _office(self) -> Office:
        if self._vault.office is None:
            raise Refused(
                _("This PC is in no office yet."),
                next_step=_("Found one, or join one with a code that a colleague gives you."),
            )
        return self._vault.office

    # --- the office ---------------------------------------------------------------------------------------
    async def found(self, office: str, person: str) -> Founded:
        """Founds an office; the recovery words are in the answer and nowhere else."""
        if self._vault.office is not None:
            raise self._settled()
        name, me = kinds.written_name(office), kinds.written_name(person)
        words = recovery_words(secrets.token_bytes(16), language())
        recovery = DeviceKeys(recovery_seed(" ".join(words)), secrets.token_bytes(32)).device
        acts = charter.founding(self._vault.keys, recovery, name, me, now_ms())
        founded = await self._vault.settle(acts)
        if founded is None:  # asked twice, or joined meanwhile
            raise self._settled()
        await self._office_begins()
        return Founded(founded.id.hex(), name, me, words)

    def _settled(self) -> Refused:
        return Refused(_("This PC is in the office “{name}” already.").format(name=self.office_name))

    async def _office_begins(self) -> None:
        self._standing.office_changed()
        self._tell(events.OfficeChanged(self._office_id(), self.office_name, self.person_name))
        if self._network is not None:
            await self._network.office_begins()
        self._tell(events.PeopleChanged(await self.people()))

    async def invite(self, *, minutes: int = 10, as_person: str | None = None) -> Invitation:
        """Opens an invitation on this PC; it lives while the engine runs, for `minutes` (1 to 10) or until used."""
        office = self._office()
        await self._standing.check()
        charter.keyholder_warrants(self._vault.keys, office)
        person = whose(office, as_person).id if as_person else None
        return await self._net().invite(max(1, min(minutes, CODE_MINUTES)), person)

    async def cancel_invitation(self) -> None:
        await self._net().cancel_invitation()

    async def join(self, code: str, name: str, *, at: str | None = None) -> Joined:
        """Joins the office whose keyholder gave the code; found on the network, or at HOST:PORT."""
        if self._vault.office is not None and self.removed is None:
            raise self._settled()
        await self._net().join(code, kinds.written_name(name), at)
        await self._office_begins()
        return Joined(self._office_id(), self.office_name, self.person_name, self.device)

    async def address(self) -> str:
        """HOST:PORT of this PC, for whoever does not hear it: IPv4 before IPv6; empty without a network."""
        found = sorted(await asyncio.to_thread(own_addresses), key=lambda ip: (":" in ip, ip))
        if self._network is None or not found:
            return ""
        return address_text(found[0], self._network.port)

    def reach(self, address: str) -> None:
        """Wants a link with whoever of the office listens at HOST:PORT."""
        self._net().reach(read_address(address))

    def _net(self) -> Network:
        if self._network is None:
            raise Refused(_("This needs the network, and deskblog was started without it."))
        return self._network

    async def only_here(self) -> int:
        """How many of one's own posts are on no other PC, as far as others have said: 0 means safe to close."""
        return await self._vault.only_here()

    async def copies(self, ids: Sequence[str]) -> dict[str, int]:
        """On how many other PCs own posts are, by id; others' posts are left out."""
        found = await self._vault.copies([EntryId(bytes.fromhex(ident)) for ident in ids])
        return {ident.hex(): count for ident, count in found.items()}

    async def people(self) -> tuple[PersonRow, ...]:
        """Everybody of the office, by name; `here` while a PC of theirs can be reached."""
        return self._people()

    def _people(self) -> tuple[PersonRow, ...]:
        if self._vault.office is None:
            return ()
        known = Around(statuses=self._vault.statuses, profiles=self._vault.profiles)
        around = self._network.around() if self._network else known
        return people_rows(self._vault.office, self._vault.keys.device, around)

    async def all_here(self) -> bool:
        """Whether every colleague is here, and there are any."""
        others = [person for person in await self.people() if not person.me and not person.gone]
        return bool(others) and all(person.here for person in others)

    def say_away(self, *, away: bool) -> None:
        """The person left this PC, or is back at it."""
        if self._network is not None:
            self._network.company.say(away=away)

    async def say_status(self, text: str) -> str:
        """What the person is doing, for all to see, empty to clear it; as it is shown. Refused if too long."""
        office = self._office()
        clean = kinds.written_status(text)
        await self._standing.check()
        me = office.person_of(self._vault.keys.device)
        before = self._vault.statuses.get(PersonId(me.id)) if me is not None else None
        if clean != (before.text if before is not None else ""):
            await self._vault.write(kinds.Status(clean))
        return clean

    def _office_changed(self) -> None:
        self.handing.hand_on_soon()
        self.feeds.office.follow_soon()

    def _announce(self, acts: tuple[Act, ...]) -> None:
        if self._network is not None:
            self._network.announce_acts(acts)

    # --- posts --------------------------------------------------------------------------------------------
    async def post(
        self,
        text: str,
        *,
        kind: str = "post",
        answer_to: str = "",
        attached: Sequence[Attached] = (),
        to: Audience = EVERYBODY,
    ) -> Row:
        """Writes a post; it is on the disk when this returns, and on its way to everyone here."""
        self._office()
        content = await self.sealing.content(text, kind, answer_to, attached, to)
        await self._standing.check()
        rows = await self._vault.write(content)
        await self.attaching.take(attached)
        self._tell(events.Posted(rows, live=True))
        return rows[-1]

    async def say(
        self,
        text: str,
        *,
        kind: str = "post",
        answer_to: str = "",
        attached: Sequence[Attached] = (),
        to: Audience = EVERYBODY,
    ) -> Row | Waiting:
        """As `post`, but it waits first as long as the person wants to be able to take it back."""
        if not self.outbox.seconds:
            return await self.post(text, kind=kind, answer_to=answer_to, attached=attached, to=to)
        self._office()
        await self.sealing.content(text, kind, answer_to, attached, to)
        to = await self.sealing.audience(to, answer_to)  # now: what it answers may be withdrawn meanwhile
        await self._standing.check()
        held = await self.outbox.hold(kinds.shown_text(text), kind, answer_to, tuple(attached), to)
        await self.attaching.take(attached)
        return held

    async def _leaves(self, one: Waiting) -> Row:
        return await self.post(one.text, kind=one.kind, answer_to=one.answer_to, attached=one.attached, to=one.to)

    async def withdraw(self, id_prefix: str) -> Row:
        """Takes a post back: its text goes from every PC that hears of it. Refused unless it may be."""
        self._office()
        row = await self.talk.withdraw(id_prefix)
        self._tell(events.TimelineChanged())
        return row

    async def timeline(self, *, before: int | None = None, limit: int = 50, view: View = View.ALL) -> Page:
        return await self._vault.call(self._vault.store.timeline, before=before, limit=limit, view=view)

    async def search(
        self, words: str, *, before: int | None = None, limit: int = 50, person: str | None = None
    ) -> Page:
        return await self._vault.call(self._vault.store.search, words, before=before, limit=limit, person=person)

    async def show(self, id_prefix: str) -> Shown:
        """One post with its answers; Refused where there is none or where the beginning fits several."""
        row = await self.talk.find(id_prefix)
        return Shown(row, await self._vault.call(self._vault.store.answers, row.id))

    # --- small things of this PC --------------------------------------------------------------------------
    async def remembered(self, key: str) -> str:
        return await self._vault.call(self._vault.store.get, f"ui-{key}")

    async def remember(self, key: str, value: str) -> None:
        await self._vault.call(self._vault.store.put, f"ui-{key}", value)
