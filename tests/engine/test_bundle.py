"""Bundles between engines that no link ever joins: all arrives, both ways, once, late, twice or in pieces."""

from __future__ import annotations

import asyncio
import resource
import secrets
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from deskblog import events
from deskblog.errors import Refused, Unusable, UserError
from deskblog.limits import BUNDLES_KNOWN
from deskblog.log import charter, kinds
from deskblog.log.entry import decode_entry, write_entry
from deskblog.log.envelope import seal_stream
from deskblog.log.keys import DeviceKeys
from deskblog.log.office import Office
from deskblog.net import bundle as b
from deskblog.store.keyfile import load_or_make_keys
from deskblog.values import EntryId, LogName, OfficeId, Point
from tests.engine.desk import Desk, desks
from tests.log.chronicle import keys


@asynccontextmanager
async def apart(folder: Path, *names: str) -> AsyncIterator[list[Desk]]:
    """PCs that are in an office already, without any network."""
    async with desks(folder, *names, network=False) as made:
        yield made


async def founded(folder: Path, *names: str) -> None:
    """An office of Anne's that the others joined."""
    async with desks(folder, "Anne", *names) as (anne, *others):
        await anne.found()
        for other in others:
            await anne.admit(other)


async def texts(desk: Desk) -> list[str]:
    return sorted(row.text for row in await desk.rows())


async def carry(one: Desk, other: Desk, file: Path, *, whole: bool = False) -> None:
    await one.engine.bundles.write(file, whole=whole)
    await other.engine.bundles.read(file)


def office_of(desk: Desk) -> Office:
    office = desk.engine._vault.office
    assert office is not None
    return office


async def keys_of(desk: Desk) -> DeviceKeys:
    return await asyncio.to_thread(load_or_make_keys, desk.folder)


async def made(desk: Desk, file: Path, frames: Sequence[bytes], by: DeviceKeys | None = None) -> Path:
    """A file by somebody of the office, with any frames behind an honest beginning."""
    office, mine = office_of(desk), by or await keys_of(desk)
    begun = b.Begun(1, office.id, mine.device, 1)
    head = [*b.opening_frames(mine, begun, []), *b.act_frames(office.acts.values())]
    stream = seal_stream(OfficeId(office.id), office.seal_keys.values(), [*head, *frames], secrets.token_bytes)
    await asyncio.to_thread(file.write_bytes, b"".join(stream))
    return file


async def fault_of(desk: Desk, file: Path) -> UserError:
    with pytest.raises(UserError) as fault:
        await desk.engine.bundles.read(file)
    return fault.value


# --- carried ----------------------------------------------------------------------------------------------
async def test_two_sites_have_the_same_after_a_bundle_each_way(tmp_path: Path) -> None:
    file = tmp_path / "stick" / "to-lille.pli"
    await founded(tmp_path, "Karim")
    async with apart(tmp_path, "Anne", "Karim") as (anne, karim):
        for n in range(3):
            await anne.engine.post(f"from the one site {n}")
        await karim.engine.post("from the other")
        written = await anne.engine.bundles.write(file)
        assert (written.posts, written.whole) == (3, True) and written.size == file.stat().st_size
        assert [path.name for path in file.parent.iterdir()] == ["to-lille.pli"]
        read = await karim.engine.bundles.read(file)
        assert (read.writer, read.new, read.known, read.lacking, read.answer) == ("Anne", 3, 0, 0, 1)
        assert read.people == (("Anne", 3),) and len(karim.texts_told()) == 4
        back = await karim.engine.bundles.write(file)
        assert (back.posts, back.entries, back.against) == (1, 2, ("Anne",)), "a post and the opening of its log"
        assert (await anne.engine.bundles.read(file)).new == 1
        assert await texts(anne) == await texts(karim) and len(await texts(anne)) == 4
        assert await anne.engine.only_here() == 0, "Karim signed that he holds them"
        again = await anne.engine.bundles.write(file)
        assert (again.posts, again.entries) == (0, 0), "Karim had all when he wrote"
        assert (await anne.engine.bundles.write(file, whole=True)).entries == 6


async def test_who_came_who_left_and_what_was_withdrawn_is_carried(tmp_path: Path) -> None:
    """Karim's site hears only by bundle that Chloé came, that Paul was removed, and what was taken back."""
    file, old = tmp_path / "a.pli", tmp_path / "old.pli"
    await founded(tmp_path, "Karim", "Paul")
    async with apart(tmp_path, "Anne", "Karim", "Paul") as (anne, karim, paul):
        regretted = await anne.engine.post("I take this back")
        await paul.engine.post("counts")
        await carry(paul, anne, file)
        await anne.engine.bundles.write(old)
        await paul.engine.post("Anne never saw this")
        await paul.engine.bundles.write(file, whole=True)
        await karim.engine.bundles.read(file)
        assert await texts(karim) == ["Anne never saw this", "counts"]
        await anne.engine.membership.remove("Paul")
        await anne.engine.withdraw(regretted.id)
    async with desks(tmp_path, "Anne", "Chloé") as (anne, chloe):
        await anne.admit(chloe)
        await chloe.engine.post("new here")
        await anne.until_held("new here")
    async with apart(tmp_path, "Anne", "Karim") as (anne, karim):
        await carry(anne, karim, file)
        await karim.engine.bundles.read(old)
        people = {person.name: person.gone for person in await karim.engine.people()}
        assert people == {"Anne": False, "Chloé": False, "Karim": False, "Paul": True}
        assert await texts(anne) == await texts(karim) == ["counts", "new here"]
        assert (await karim.engine.bundles.read(old)).new == 0


async def test_past_a_border_nothing_comes_in_whoever_carries_it(tmp_path: Path) -> None:
    """Paul's late posts, in a bundle by Paul's own site, which does not know that he is out."""
    file = tmp_path / "late.pli"
    await founded(tmp_path, "Karim", "Paul")
    async with apart(tmp_path, "Anne", "Karim", "Paul") as (anne, karim, paul):
        await paul.engine.post("in time")
        await carry(paul, anne, file)
        await anne.engine.membership.remove("Paul")
        await carry(anne, karim, file)
        for n in range(3):
            await paul.engine.post(f"too late {n}")
        await paul.engine.bundles.write(file, whole=True)
        read = await karim.engine.bundles.read(file)
        assert (read.new, read.known, read.lacking, read.answer) == (0, 1, 0, -1), (
            "what Paul says of himself is nothing"
        )
        assert await texts(karim) == ["in time"]
        (end,) = [await ends(karim, log) for log in await logs(karim) if log.device == (await keys_of(paul)).device]
        assert end == 2, "nor is it kept aside by who has no business with it"
        await anne.engine.bundles.read(file)
        assert await texts(anne) == ["in time"]
        assert [len(one.posts) for one in await anne.engine.care.late()] == [3], "a keyholder may count them"
        assert (await karim.engine.bundles.write(file)).against == ("Anne",)


async def test_to_read_twice_or_an_older_one_later_changes_nothing(tmp_path: Path) -> None:
    first, second = tmp_path / "1.pli", tmp_path / "2.pli"
    await founded(tmp_path, "Karim")
    async with apart(tmp_path, "Anne", "Karim") as (anne, karim):
        await anne.engine.post("one")
        await anne.engine.bundles.write(first)
        await anne.engine.post("two")
        await anne.engine.bundles.write(second)
        assert (await karim.engine.bundles.read(second)).new == 2
        for file in (second, first, second):
            assert (await karim.engine.bundles.read(file)).new == 0
        assert len(karim.texts_told()) == 2 and await texts(karim) == ["one", "two"]
        assert (await karim.engine.bundles.write(first)).entries == 0, "the later of Anne's is what counts"


async def test_what_a_bundle_brings_goes_on_to_those_next_door(tmp_path: Path) -> None:
    file = tmp_path / "a.pli"
    await founded(tmp_path, "Karim", "Léa")
    async with apart(tmp_path, "Anne") as (anne,):
        await anne.engine.membership.rename("Karim", "Karim H.")
        for n in range(5):
            await anne.engine.post(f"from far {n}")
        await anne.engine.bundles.write(file)
    async with desks(tmp_path, "Karim", "Léa") as (karim, lea):
        lea.engine.reach(karim.address)
        await karim.until(lambda: "Léa" in karim.linked_with())
        await karim.engine.bundles.read(file)
        await lea.until_held(*(f"from far {n}" for n in range(5)))
        assert "Karim H." in {person.name for person in await lea.engine.people()}


async def test_of_several_sites_what_any_of_them_lacks_is_in_it(tmp_path: Path) -> None:
    file = tmp_path / "a.pli"
    await founded(tmp_path, "Karim", "Léa")
    async with apart(tmp_path, "Anne", "Karim", "Léa") as (anne, karim, lea):
        await anne.engine.post("one")
        await carry(anne, karim, file)
        await carry(karim, anne, file)
        await carry(lea, anne, file)
        await anne.engine.post("two")
        written = await anne.engine.bundles.write(file)
        assert written.against == ("Karim", "Léa") and written.posts == 2
        for desk in (karim, lea):
            assert (await desk.engine.bundles.read(file)).lacking == 0
            assert await texts(desk) == ["one", "two"]


async def test_no_more_writers_are_remembered_than_the_ceiling_says(tmp_path: Path) -> None:
    await founded(tmp_path)
    others = [keys(f"P{n}") for n in range(BUNDLES_KNOWN + 1)]
    async with apart(tmp_path, "Anne") as (anne,):
        mine = await keys_of(anne)
        for one in others:
            acts = charter.admitting(mine, office_of(anne), (one.device, one.seal_key), "P", None, 1)
            await anne.engine._vault.take_acts(acts)
        for one in others:
            await anne.engine.bundles.read(await made(anne, tmp_path / "a.pli", [], one))
        known = await anne.engine.bundles._known(office_of(anne))
        assert {one.device for one in known} < {one.device for one in others} and len(known) == BUNDLES_KNOWN
        assert (await anne.engine.bundles.write(tmp_path / "b.pli")).against == ("P",)


async def test_two_copies_of_a_pc_that_never_meet_a_colleague_lose_nothing(tmp_path: Path) -> None:
    """Both write on in one log; a bundle shows the one what the other wrote, and it claims both ends."""
    file = tmp_path / "a.pli"
    await founded(tmp_path, "Karim")
    async with apart(tmp_path, "Karim") as (karim,):
        await karim.engine.post("before")
    for part in ("Karim", "Karim-state"):
        await asyncio.to_thread(shutil.copytree, tmp_path / part, tmp_path / "copy" / part)
    copy = Desk(tmp_path / "copy", "Karim", network=False)
    await copy.engine.start()
    async with apart(tmp_path, "Anne", "Karim") as (anne, karim):
        await karim.engine.post("the one")
        await copy.engine.post("the other")
        await carry(karim, anne, file)
        await copy.engine.bundles.write(file)
        await anne.engine.bundles.read(file)
        assert await texts(anne) == ["before"], "a fork that nobody has claimed"
        await anne.engine.bundles.write(file, whole=True)
        await karim.engine.bundles.read(file)
        assert await texts(karim) == ["before", "the one", "the other"]
        assert [event.where for event in karim.said if isinstance(event, events.Trouble)] == ["copies"]
        await karim.engine.post("afterwards")
        await carry(karim, anne, file)
        await carry(karim, copy, file, whole=True)
        for desk in (anne, karim, copy):
            assert await texts(desk) == ["afterwards", "before", "the one", "the other"]
    await copy.engine.stop()


# --- not all of it ----------------------------------------------------------------------------------------
async def test_since_leaves_out_what_is_older_and_says_so_to_who_lacks_it(tmp_path: Path) -> None:
    file = tmp_path / "a.pli"
    await founded(tmp_path, "Karim")
    async with apart(tmp_path, "Anne", "Karim") as (anne, karim):
        for n in range(3):
            await anne.engine.post(f"older {n}")
        row = await anne.engine.post("newer")
        written = await anne.engine.bundles.write(file, since=row.at)
        assert (written.posts, written.entries, written.whole) == (1, 1, False)
        read = await karim.engine.bundles.read(file)
        assert (read.new, read.lacking) == (0, 5)
        assert (await anne.engine.bundles.write(file, since=row.at + 1)).entries == 0
        await carry(anne, karim, file, whole=True)
        assert len(await texts(karim)) == 4
        await anne.engine.post("newest")
        await anne.engine.bundles.write(file, since=row.at)
        read = await karim.engine.bundles.read(file)
        assert (read.new, read.known, read.lacking) == (1, 1, 0)


async def test_a_file_cut_short_gives_what_came_before(tmp_path: Path) -> None:
    file = tmp_path / "a.pli"
    await founded(tmp_path, "Karim")
    async with apart(tmp_path, "Anne", "Karim") as (anne, karim):
        for n in range(300):
            await anne.engine.post(f"{n} " + "words " * 40)
        await anne.engine.bundles.write(file)
        whole = file.read_bytes()
        file.write_bytes(whole[:-1000])
        fault = await fault_of(karim, file)
        kept = len(await texts(karim))
        assert 0 < kept < 300 and fault.what == "This bundle is damaged, or it was cut short."
        assert fault.kept == f"What came before that is kept: {kept} new posts." and "twice" in fault.next_step
        file.write_bytes(whole)
        read = await karim.engine.bundles.read(file)
        assert (read.new, read.known) == (300 - kept, kept)


# --- refused, in words ------------------------------------------------------------------------------------
async def test_strangers_and_who_came_later_read_nothing(tmp_path: Path) -> None:
    file = tmp_path / "a.pli"
    await founded(tmp_path, "Karim")
    async with apart(tmp_path, "Anne") as (anne,):
        await anne.engine.post("Chut, the merger is signed")
        await anne.engine.bundles.write(file)
        raw = file.read_bytes()
        for plain in (b"merger", b"Anne", b"Dupont", (await keys_of(anne)).device, office_of(anne).id):
            assert plain not in raw
    async with desks(tmp_path, "Zoé", "Marc") as (zoe, marc):
        with pytest.raises(Refused, match="in no office"):
            await marc.engine.bundles.read(file)
        with pytest.raises(Refused, match="in no office"):
            await marc.engine.bundles.write(file)
        await zoe.found()
        assert (await fault_of(zoe, file)).what == "This file was not sealed for this PC."
        with pytest.raises(Refused, match="no other PC"):
            await zoe.engine.bundles.write(tmp_path / "b.pli")
    async with desks(tmp_path, "Anne", "Chloé") as (anne, chloe):
        await anne.admit(chloe)
        fault = await fault_of(chloe, file)
        assert fault.next_step == "Ask for one made since this PC is in."
        office = office_of(anne)
        elsewhere = seal_stream(OfficeId(bytes(32)), office.seal_keys.values(), [b"x"], secrets.token_bytes)
        file.write_bytes(b"".join(elsewhere))
        assert (await fault_of(chloe, file)).what.startswith("This bundle is of another office")


async def test_what_is_no_bundle_and_what_cannot_be_read_or_written(tmp_path: Path) -> None:
    file = tmp_path / "letter.txt"
    await founded(tmp_path, "Karim")
    async with apart(tmp_path, "Anne") as (anne,):
        for raw, said in (
            (b"Dear colleagues", "no bundle"),
            (b"", "no bundle"),
            (b"deskblog envelope 2\n" + bytes(400), "newer deskblog"),
        ):
            file.write_bytes(raw)
            fault = await fault_of(anne, file)
            assert said in fault.what and fault.kept == "Nothing was taken from it."
        assert "no file" in (await fault_of(anne, tmp_path)).what
        with pytest.raises(Unusable, match="cannot be written"):
            await anne.engine.bundles.write(file / "a.pli")


async def test_a_full_disk_leaves_nothing_half_behind(tmp_path: Path) -> None:
    """The system lets no file grow past a kilobyte, as a stick that is full does not."""
    file = tmp_path / "stick" / "a.pli"
    await founded(tmp_path, "Karim")
    async with apart(tmp_path, "Anne") as (anne,):
        await anne.engine.post("a few words")
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1024, hard))
        try:
            with pytest.raises(Unusable) as fault:
                await anne.engine.bundles.write(file)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert "make room" in fault.value.next_step and list(file.parent.iterdir()) == []


async def test_who_was_removed_hears_of_it_and_gets_nothing_more(tmp_path: Path) -> None:
    file = tmp_path / "a.pli"
    await founded(tmp_path, "Paul")
    async with apart(tmp_path, "Anne", "Paul") as (anne, paul):
        seal_keys = dict(office_of(anne).seal_keys)
        await anne.engine.post("not for Paul")
        await anne.engine.membership.remove("Paul")
        await anne.engine.bundles.read(await made(anne, file, []))
        office = office_of(anne)
        frames = b.opening_frames(await keys_of(anne), b.Begun(1, office.id, (await keys_of(anne)).device, 1), [])
        stream = seal_stream(
            OfficeId(office.id),
            seal_keys.values(),
            [*frames, *b.act_frames(office.acts.values())],
            secrets.token_bytes,
        )
        file.write_bytes(b"".join(stream))
        fault = await fault_of(paul, file)
        assert fault.what.startswith("Anne removed this PC") and await texts(paul) == []
        with pytest.raises(Refused, match="removed this PC"):
            await paul.engine.bundles.write(file)
        assert any(isinstance(event, events.Removed) for event in paul.said)


# --- made by somebody without honour ----------------------------------------------------------------------
async def test_a_run_hung_on_another_log_ends_it_and_what_came_before_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "a.pli"
    await founded(tmp_path, "Karim", "Paul")
    async with apart(tmp_path, "Anne", "Karim", "Paul") as (anne, karim, paul):
        post = await anne.engine.post("a good post")
        await carry(anne, karim, file)
        mine, office = await keys_of(paul), OfficeId(office_of(paul).id)
        log = LogName(mine.device, bytes(8))
        held = await karim.engine._vault.call(karim.engine._vault.store.head, next(iter(await logs(karim))))
        assert held is not None and held.id.hex() == post.id
        body = kinds.encode_body(kinds.Post("hung elsewhere"), bytes(16))
        entry, signature = write_entry(mine, office, log.number, Point(held.seq, held.id), 1, "post", body)
        frames = [*b.run_frames(log, held.seq + 1, [entry.raw], signature, [(entry.id, body)])]
        fault = await fault_of(karim, await made(paul, file, frames, mine))
        assert "damaged" in fault.what and await texts(karim) == ["a good post"]
        missing, signature = write_entry(
            mine, office, log.number, Point(9, decode_entry(entry.raw).id), 1, "post", body
        )
        frames = [*b.run_frames(log, 10, [missing.raw], signature, [(missing.id, body)])]
        assert (await karim.engine.bundles.read(await made(paul, file, frames, mine))).new == 0


async def test_what_cannot_be_taken_is_passed_over_and_the_rest_is_taken(tmp_path: Path) -> None:
    """A device nobody let in, a log that never opens, a border nobody knows; bodies that come later."""
    file = tmp_path / "a.pli"
    await founded(tmp_path, "Karim")
    async with apart(tmp_path, "Anne", "Karim") as (anne, karim):
        mine, stranger = await keys_of(anne), keys("a stranger")
        office = OfficeId(office_of(anne).id)
        unborn, opened = LogName(mine.device, b"unopened"), LogName(mine.device, b"openable")
        admission = office_of(anne).admission_of(mine.device)
        assert admission is not None
        foreign = run_of(stranger, office, LogName(stranger.device, bytes(8)), [kinds.Post("let me in")])
        never = run_of(mine, office, unborn, [kinds.Post("opens nothing")])
        good = run_of(mine, office, opened, [kinds.Open(admission), kinds.Post("good")])
        raws, signature, bodies = good
        unvouched = [*b.run_frames(opened, 1, raws, b"", bodies)]
        bare = [*b.run_frames(opened, 1, raws, signature, [bodies[0], (bodies[1][0], 1)])]
        frames = [
            *b.run_frames(LogName(stranger.device, bytes(8)), 1, *foreign),
            *b.run_frames(unborn, 1, *never),
            *b.run_frames(unborn, 1, *never),
            *unvouched,
        ]
        read = await karim.engine.bundles.read(await made(anne, file, frames))
        assert (read.new, read.known) == (0, 0) and await logs(karim) == []
        assert (await karim.engine.bundles.read(await made(anne, file, [*frames, *bare]))).new == 0
        assert await logs(karim) == [opened]
        whole = [*frames, *b.run_frames(opened, 1, *good)]
        assert (await karim.engine.bundles.read(await made(anne, file, whole))).new == 1
        assert await texts(karim) == ["good"]


async def test_a_disk_that_is_full_while_reading_keeps_what_was_there(tmp_path: Path) -> None:
    file = tmp_path / "a.pli"
    await founded(tmp_path, "Karim")
    async with apart(tmp_path, "Anne", "Karim") as (anne, karim):
        for n in range(20):
            await anne.engine.post(f"{n} " + "words " * 40)
        await anne.engine.bundles.write(file)
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1024, hard))
        try:
            with pytest.raises(Unusable) as fault:
                await karim.engine.bundles.read(file)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert fault.value.kept == "Nothing was taken from it." and fault.value.next_step
        assert (await karim.engine.bundles.read(file)).new == 20


def run_of(
    mine: DeviceKeys, office: OfficeId, log: LogName, contents: Sequence[kinds.Content]
) -> tuple[list[bytes], bytes, list[tuple[EntryId, bytes | int]]]:
    """Headers, the last one's signature, bodies."""
    raws: list[bytes] = []
    bodies: list[tuple[EntryId, bytes | int]] = []
    after: Point | None = None
    for content in contents:
        body = kinds.encode_body(content, bytes(16))
        entry, signature = write_entry(mine, office, log.number, after, 1, kinds.kind_of(content), body)
        after = entry.point
        raws.append(entry.raw)
        bodies.append((entry.id, body))
    return raws, signature, bodies


async def ends(desk: Desk, log: LogName) -> int:
    head = await desk.engine._vault.call(desk.engine._vault.store.head, log)
    return head.seq if head is not None else 0


async def logs(desk: Desk) -> list[LogName]:
    return list(await desk.engine._vault.call(desk.engine._vault.store.heads, office_of(desk)))
