"""One transaction over chains: what is inserted, judged, shown and erased in it; then memory follows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress

from msgspec import Struct

from deskblog import limits
from deskblog.errors import Forged, PeerError
from deskblog.log import kinds
from deskblog.log.attachment import BlobName
from deskblog.log.claims import Tree
from deskblog.log.entry import body_fits, decode_entry
from deskblog.log.office import Office
from deskblog.records import replace
from deskblog.store.about import AboutEntries, Said
from deskblog.store.blobs import Blobs
from deskblog.store.database import Database
from deskblog.store.entries import Entries, Held
from deskblog.store.erasure import Erasure
from deskblog.store.ingested import Ingested
from deskblog.store.judging import Judging
from deskblog.store.letters import Letters
from deskblog.store.logs import ALL, HeldLog, Logs
from deskblog.store.newest import Newest
from deskblog.store.read import Read, read, read_held, read_kept
from deskblog.store.timeline import Timeline
from deskblog.store.unread import Unread
from deskblog.values import DeviceKey, Ends, EntryId, LogName, Point

CHANGED = 200  # rows that say something else; of more the timeline is asked for again


Kept = Callable[[Mapping[LogName, Ends]], None]


def nobody(_ends: Mapping[LogName, Ends]) -> None:
    """Nobody waits for the commit alone."""


class NotKept(Exception):
    """A ceiling refuses what is being written: the transaction is undone."""


class Parts(Struct, frozen=True):
    """The tables, each behind its one writer."""

    database: Database
    logs: Logs
    entries: Entries
    timeline: Timeline
    newest: Newest
    about: AboutEntries
    blobs: Blobs
    letters: Letters
    unread: Unread
    judging: Judging
    erasure: Erasure
    me: DeviceKey
    now: Callable[[], int]


class Work:
    """Changes made inside the caller's transaction; `settled` once it is committed."""

    def __init__(self, parts: Parts, office: Office) -> None:
        self._parts = parts
        self._office = office
        self._chains: dict[int, HeldLog] = {}  # as they are now, of those that changed
        self._gone: list[HeldLog] = []
        self._new: set[int] = set()  # chains begun here: nothing of them is shown yet
        self._shown_anew: set[int] = set()
        self._erased: set[bytes] = set()
        self._keys: list[int] = []
        self._touched: set[bytes] = set()  # entries of which something else may be said now
        self._named: list[BlobName] = []
        self._spread = True
        self._forked = False
        self.reshown = False
        self.renewed = False  # another status, of whomever, may be the newest now

    # --- chains as they are now ---------------------------------------------------------------------------
    def _of_device(self, device: bytes) -> list[HeldLog]:
        held = {chain.n: chain for chain in self._parts.logs.of_device(device)}
        held |= {n: chain for n, chain in self._chains.items() if chain.name.device == device}
        return list(held.values())

    def _of_log(self, name: LogName) -> list[HeldLog]:
        return [chain for chain in self._of_device(name.device) if chain.name == name]

    def _now(self, n: int) -> HeldLog:
        return self._chains.get(n) or self._parts.logs.numbered(n)

    def _write(self, chain: HeldLog) -> HeldLog:
        self._parts.logs.write(chain)
        self._chains[chain.n] = chain
        return chain

    # --- inserting ----------------------------------------------------------------------------------------
    def insert(self, name: LogName, new: Sequence[Held], parent: HeldLog | None, after: Point | None) -> None:
        """Hangs entries on a chain's end, or where they part from it; NotKept where a ceiling says so."""
        grows = parent is not None and after == parent.head
        if parent is not None and grows:
            chain = replace(parent, head=new[-1].entry.point)
        else:
            self._forked = bool(self._parts.logs.chains(name))
            chain = self._branch(name, new, parent)
        said = read_held((one.entry, one.body) for one in new)
        self._parts.entries.add(chain, new)
        self._named += self._parts.blobs.note(said)
        lead = new[0]
        if lead.entry.header.seq == 1 and lead.body is not None:
            chain = _opened(chain, lead.body)
        self._write(chain)
        claims = self._note_claims(chain, new)
        if not grows or claims or chain.last is not ALL:
            self.judge(name.device)
        self._check_room(self._now(chain.n))
        self._show_new(self._now(chain.n), said)
        self.review(self._parts.erasure.take(chain, new))
        chain = self._now(chain.n)
        self._spread = chain.admission is None or chain.counts(chain.head.seq)

    def _branch(self, name: LogName, new: Sequence[Held], parent: HeldLog | None) -> HeldLog:
        chains = self._of_log(name)
        if len(chains) >= limits.CHAINS:
            self._make_room(chains)
        first = new[0].entry
        lead = parent.lead if parent else self._parts.entries.lead(first.header)
        opening = parent.opening if parent else first.id
        made = self._parts.logs.draft(name, lead, parent, first.point, opening)
        self._new.add(made.n)
        return replace(made, head=new[-1].entry.point)

    def _make_room(self, chains: Sequence[HeldLog]) -> None:
        """Takes out a chain that neither counts nor proves anything; NotKept if there is none."""
        fork = Tree([chain.chain for chain in chains]).fork
        parents = {chain.parent for chain in chains}
        proof = sorted(chain.n for chain in chains if chain.start <= fork <= chain.head.seq)[:2]
        for chain in sorted(chains, key=lambda chain: -chain.n):
            if chain.n not in proof and chain.counted_to < chain.start and chain.n not in parents:
                self._erase(chain)
                return
        raise NotKept

    def _erase(self, chain: HeldLog) -> None:
        for table in ("entry", "claim", "withdrawal"):
            self._parts.database.run(f"DELETE FROM {table} WHERE log = ?", (chain.n,))
        self._parts.logs.erase(chain)
        self._chains.pop(chain.n, None)
        self._gone.append(chain)

    def _note_claims(self, chain: HeldLog, new: Iterable[Held]) -> bool:
        seqs = [(chain.n, one.entry.header.seq) for one in new if one.entry.header.kind == "claim"]
        self._parts.database.run_many("INSERT OR IGNORE INTO claim (log, seq) VALUES (?, ?)", seqs)
        return bool(seqs)

    def _check_room(self, chain: HeldLog) -> None:
        """NotKept for what is too much to be set aside, or of a log past the ceilings of its device."""
        if chain.name.device == self._parts.me:
            return
        if chain.admission is None:
            self._check_unopened(chain)
            return
        if chain.set_aside > limits.SET_ASIDE:
            raise NotKept
        if chain.person is None and self._office.author(chain.name.device, chain.admission) is not None:
            raise NotKept

    def _check_unopened(self, chain: HeldLog) -> None:
        """A log that does not begin by opening it is nobody's; of those whose opening is not here there are few."""
        if self._parts.entries.body(chain, 1) is not None or chain.head.seq > limits.SET_ASIDE:
            raise NotKept
        unopened = [one for one in self._of_device(chain.name.device) if one.admission is None]
        if len(unopened) > limits.LOGS_UNOPENED:
            raise NotKept

    def fill(self, ident: EntryId, body: bytes) -> None:
        """Keeps a body that came later; passes over one that nobody waits for."""
        waiting = self._parts.entries.waiting(ident)
        if waiting is None:
            return
        entry = decode_entry(waiting[1])
        if not body_fits(entry, body):
            raise Forged("a body that is not its header's")
        self._shown_anew.clear()
        self._parts.entries.fill(ident, body)
        said = read(entry, body)
        self._named += self._parts.blobs.note([said])
        chain = self._now(waiting[0])
        held = Held(entry, None, body)
        if entry.header.seq == 1:
            for one in self._of_log(chain.name):
                if one.opening == ident:
                    self._write(_opened(one, body))
        if self._note_claims(chain, [held]) or entry.header.seq == 1:
            self.judge(chain.name.device)
        self._show_new(self._now(chain.n), [said])
        self.review(self._parts.erasure.take(chain, [held]))

    # --- judging and showing ------------------------------------------------------------------------------
    def judge(self, device: bytes, *, show: bool = True) -> None:
        """Judges all logs of a device; shows anew those of which something else counts now."""
        before = {chain.n: chain for chain in self._of_device(device)}
        changed = []
        for chain in self._parts.judging.judged(list(before.values()), self._office, self._parts.now()):
            old = before[chain.n]
            if chain == old:
                continue
            self._write(chain)
            if (chain.person, chain.last) != (old.person, old.last):
                changed.append(chain)
                if show and chain.n not in self._new:
                    self._show_anew(chain)
        self.review(self._parts.erasure.touched(changed))

    def _show_anew(self, chain: HeldLog) -> None:
        self._shown_anew.add(chain.n)
        self.reshown |= self._parts.timeline.remove_log(chain)
        self.renewed |= self._parts.newest.remove_log(chain)
        self._touched |= self._parts.about.remove_log(chain)
        self._parts.letters.remove_log(chain)
        self._show(chain, read_kept(self._parts.entries.of_log(chain)))

    def _show_new(self, chain: HeldLog, new: Sequence[Read]) -> None:
        if chain.n not in self._shown_anew:
            self._show(chain, [one for one in new if one.entry.id not in self._erased])

    def _show(self, chain: HeldLog, held: Sequence[Read]) -> None:
        self.renewed |= self._parts.newest.add(chain, held)
        self._touched |= self._parts.about.add(chain, held)
        unlocked = self._parts.letters.add(chain, held, self._office)
        timeline = self._parts.timeline
        shown = [line for one in held if (line := timeline.showing(chain, one)) is not None]
        placed = timeline.add(shown, self._parts.now())
        self._keys += placed.values()
        self._touched |= self._parts.about.told(placed) | {one.target for one in shown if one.target is not None}
        if unlocked:
            self._show_unlocked(unlocked)

    def _show_unlocked(self, ids: Sequence[EntryId]) -> None:
        """What was shut until now; what was not shown yet in this transaction opens when its turn comes."""
        for ident, (n, seq) in self._parts.entries.placed(ids).items():
            chain = self._now(n)
            body = self._parts.entries.body(chain, seq)
            if body is not None and not self._parts.timeline.keys([ident]):
                self._show(chain, read_kept([(self._parts.entries.header(chain, seq), body)]))

    def review(self, ids: Sequence[bytes]) -> None:
        """Erases or wants again what these withdrawals' targets are to be."""
        if ids:
            erased, lost = self._parts.erasure.review(ids, self._chains, self._office)
            self._erased |= erased
            self.reshown |= lost
            self.renewed |= self._parts.newest.remove(erased)
            self._touched |= self._parts.about.remove(erased)
            self._parts.letters.erased(erased)

    def reread(self, chain: HeldLog) -> None:
        """Notes again what the entries of a chain say of openings, claims and withdrawals."""
        held = [Held(decode_entry(raw), None, body) for raw, body in self._parts.entries.of_log(chain)]
        root = self._root(chain)
        body = self._parts.entries.body(root, 1)
        if body is not None:
            self._write(_opened(chain, body))
        self._note_claims(chain, held)
        self._parts.blobs.note(read_held((one.entry, one.body) for one in held))
        self._parts.erasure.take(chain, held)

    def _root(self, chain: HeldLog) -> HeldLog:
        while chain.parent is not None:
            chain = self._now(chain.parent)
        return chain

    def show_all(self) -> None:
        """Fills an empty timeline, and erases what is withdrawn."""
        for chain in self._parts.logs.all():
            self._show(self._now(chain.n), read_kept(self._parts.entries.of_log(chain)))
        self.review(self._parts.erasure.targets())
        self.renewed = True

    def show_newest(self) -> None:
        """Looks for what an older version kept and could not read; what has rotted since is for repair to find."""
        for chain in self._parts.logs.all():
            for header, body in self._parts.entries.of_log(chain):
                with suppress(PeerError):
                    held = read_kept([(header, body)])
                    self._parts.blobs.note(held)
                    self._show_kept(chain, held)
        self.revise()

    def _show_kept(self, chain: HeldLog, held: Sequence[Read]) -> None:
        """What an older version kept of one entry, unless it stands where it should already."""
        if not any(self._parts.timeline.keys([one.entry.id]) for one in held):
            self._show(chain, held)

    def drop_before(self, time: int, coffee: int) -> None:
        """Drops what is shown and older than that (UTC ms), and of the coffee corner what is older than `coffee`."""
        old = [*self._parts.newest.before(time), *self._parts.about.before(time), *self._parts.letters.before(time)]
        self.renewed |= self._parts.newest.remove(old)
        self._touched |= self._parts.about.remove(old)
        self.reshown |= self._parts.erasure.drop_before(time, coffee, old)

    # --- what is said of others ---------------------------------------------------------------------------
    def revise(self) -> None:
        """Has what is shown say what it is to say now, once all is judged and shown."""
        touched = self._parts.about.told(self._touched)
        said = self._parts.about.of(touched, chain=self._now)
        for ident, (n, seq) in self._parts.entries.placed(sorted(touched)).items():
            chain = self._now(n)
            body = self._parts.entries.body(chain, seq)
            held = read_kept([(self._parts.entries.header(chain, seq), body)])
            shown = self._parts.timeline.showing(chain, held[0]) if held else None
            if shown is not None:
                own = [
                    one for one in said.get(ident, ()) if one.person == chain.person and shown.kind not in kinds.FINAL
                ]
                self._parts.timeline.revise(ident, _says(shown.text, own), solved=_is_solved(own))

    # --- letting go ---------------------------------------------------------------------------------------
    def cut(self, chain: HeldLog) -> None:
        """Forgets what is set aside of a chain, but for the proof of a fork."""
        chains = self._of_log(chain.name)
        keep = max([chain.counted_to, *(one.start - 1 for one in chains if one.parent == chain.n)])
        fork = Tree([one.chain for one in chains]).fork
        if (
            self._parts.judging.limit(self._root(chain), self._office) is None
            and chain.start <= fork <= chain.head.seq
        ):
            keep = max(keep, self._parts.entries.vouched(chain, fork).seq)
        if keep >= chain.head.seq:
            return
        end = self._parts.entries.drop_tail(chain, keep)
        if end is None:
            self._erase(chain)
            return
        for table in ("claim", "withdrawal"):
            self._parts.database.run(f"DELETE FROM {table} WHERE log = ? AND seq > ?", (chain.n, end.seq))
        self._write(replace(chain, head=end))

    # --- once the transaction is committed ----------------------------------------------------------------
    def settled(self, kept: Kept = nobody) -> Ingested:
        """Memory follows; what became of it all. `kept` hears how the logs end before anything is read again."""
        ends = self._settle()
        kept(ends)
        return self._told(ends)

    def _settle(self) -> dict[LogName, Ends]:
        logs = self._parts.logs
        for chain in self._chains.values():
            logs.settle(chain)
        logs.forget(chain for chain in self._gone if chain in logs.all())
        names = {chain.name for chain in self._chains.values()}
        return {name: self._parts.judging.ends(logs.chains(name), self._office) for name in names}

    def _told(self, ends: Mapping[LogName, Ends]) -> Ingested:
        rows = self._parts.timeline.rows(self._keys)
        keys = set(self._parts.timeline.keys(sorted(self._touched))) - set(self._keys)
        many = len(keys) > CHANGED
        changed = () if many else self._parts.timeline.rows(keys)
        newest = self._parts.newest
        return Ingested(
            rows,
            ends,
            spread=self._spread,
            forked=self._forked,
            reshown=self.reshown or many,
            changed=changed,
            statuses=newest.statuses() if self.renewed else None,
            profiles=newest.profiles() if self.renewed else None,
            roads=newest.roads() if self.renewed else None,
            named=tuple(self._named),
            let_go=self.reshown or bool(self._erased),
            read=self._parts.unread.come(),
        )


def _says(text: str, own: Sequence[Said]) -> str:
    """What a post says now, by what its author says of it."""
    corrected = next((one.content.text for one in own if isinstance(one.content, kinds.Correct)), None)
    return text if corrected is None else kinds.shown_text(corrected)


def _is_solved(own: Sequence[Said]) -> bool:
    return any(isinstance(one.content, kinds.Solve) and one.content.answer for one in own)


def _opened(chain: HeldLog, body: bytes) -> HeldLog:
    """The chain as the log's first entry says whose it is; as it was if that entry says nothing."""
    content = kinds.decode_body("open", body)
    return chain.opened(content) if isinstance(content, kinds.Open) else chain
