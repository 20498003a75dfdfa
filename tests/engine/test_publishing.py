"""What leaves the office: only what its author made public; to readers of this PC only what a colleague may read."""

from __future__ import annotations

import asyncio
import http.client
import socket
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from PIL import Image

from deskblog import events, limits
from deskblog.commands import COMMANDS
from deskblog.errors import Refused, Unusable
from deskblog.publish.scope import Kind, Scope
from deskblog.values import Audience, Row
from tests.engine.desk import Desk, desks, turns
from tests.publish.rules import atom_faults, json_faults, rss_faults

COFFEE = Audience(coffee=True)


def tree(place: Path) -> dict[str, bytes]:
    """The files of a site that a browser is given."""
    return {
        str(f.relative_to(place)): f.read_bytes()
        for f in sorted(place.rglob("*"))
        if f.is_file() and "." in f.name[1:]
    }


def words(place: Path) -> bytes:
    return b"".join(content for name, content in tree(place).items() if not name.endswith(".jpg"))


async def get(address: str, path: str = "") -> tuple[int, bytes]:
    """What a reader of feeds gets."""
    parts = urlsplit(address)

    def ask() -> tuple[int, bytes]:
        link = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
        try:
            link.request("GET", parts.path + path)
            answer = link.getresponse()
            return answer.status, answer.read()
        finally:
            link.close()

    return await asyncio.to_thread(ask)


def photo() -> bytes:
    out = BytesIO()
    Image.new("RGB", (80, 60), (200, 90, 20)).save(out, "JPEG")
    return out.getvalue()


async def said(desk: Desk, command: str, **args: Any) -> list[dict[str, Any]]:
    return [line async for line in COMMANDS[command](desk.engine, args, lambda _hear: lambda: None)]


async def everything(desk: Desk) -> dict[str, Row]:
    """A post of each sort, all with the office's public tag; by what is said of them here."""
    engine = desk.engine
    found = {
        "sealed": await engine.post("sealed-words #shop", to=Audience(people=((await engine.people())[1].id,))),
        "coffee": await engine.post("coffee-words #shop", to=COFFEE),
        "gone": await engine.post("gone-words #shop"),
        "open": await engine.post("open-words"),
        "kept": await engine.post("kept-words #shop"),
        "tagged": await engine.post("tagged-words #shop"),
        "marked": await engine.post("marked-words"),
    }
    await engine.withdraw(found["gone"].id)
    await engine.publishing.mark(found["kept"].id, on=False)
    await engine.publishing.mark(found["marked"].id, on=True)
    return found


# --- what is public ---------------------------------------------------------------------------------------
async def test_a_folder_gets_what_is_public_and_nothing_else(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        await anne.admit(paul)
        await anne.engine.publishing.set_tags("#shop")
        found = await everything(anne)
        done = await anne.engine.publishing.publish(tmp_path / "web")
        whole = words(tmp_path / "web")
        assert (done.posts, done.feeds, done.removed) == (2, False, 0) and done.written >= 10
        assert b"tagged-words" in whole and b"marked-words" in whole
        for never in ("sealed-words", "coffee-words", "gone-words", "open-words", "kept-words"):
            assert never.encode() not in whole, never
        assert not list((tmp_path / "web").rglob("*.atom"))
        again = await anne.engine.publishing.again()
        assert (again.written, again.removed) == (0, 0)
        await anne.engine.withdraw(found["marked"].id)
        done = await anne.engine.publishing.again()
        assert done.posts == 1 and done.removed >= 1 and b"marked-words" not in words(tmp_path / "web")


async def test_sealed_coffee_and_what_others_wrote_cannot_be_marked(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        await anne.admit(paul)
        await anne.meet(paul)
        found = await everything(anne)
        logs = anne.engine._vault.store.archive.logs
        length = max(log.head.seq for log in logs.all() if log.name.device.hex() == anne.engine.device)
        for name in ("sealed", "coffee"):
            with pytest.raises(Refused, match="never public"):
                await anne.engine.publishing.mark(found[name].id, on=True)
        with pytest.raises(Refused, match="no post"):
            await anne.engine.publishing.mark(found["gone"].id, on=True)
        await paul.until_held("open-words")
        with pytest.raises(Refused, match="Only Anne"):
            await paul.engine.publishing.mark(found["open"].id, on=True)
        assert (await anne.engine.publishing.mark(found["marked"].id, on=True)).public
        assert max(log.head.seq for log in logs.all() if log.name.device.hex() == anne.engine.device) == length
        with pytest.raises(Refused, match="Only a keyholder"):
            await paul.engine.publishing.set_tags("#shop")


async def test_a_mark_and_a_rule_hold_on_every_pc(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        await anne.admit(paul)
        await anne.meet(paul)
        await anne.engine.post("before #shop")
        await anne.engine.publishing.set_tags("#Shop, menu")
        await anne.engine.post("bread #shop")
        marked = await anne.engine.post("one")
        await anne.engine.publishing.mark(marked.id, on=True)
        await paul.until_rows(lambda rows: {row.text for row in rows if row.public} == {"bread #shop", "one"})
        assert sorted(paul.engine.publishing.public_tags) == ["menu", "shop"]
        assert paul.engine.publishing.tags_of("Soup #menu and #more #SHOP") == ("menu", "shop")
        before = paul.engine.publishing.public_tags
        await anne.engine.membership.rule(settings={"retention-days": 900})
        await anne.engine.publishing.set_tags("shop menu bread")
        after = anne.engine.publishing.public_tags
        assert {tag: after[tag] for tag in before} == before, "what was public before stays so"
        await anne.engine.publishing.set_tags("")
        await paul.until_rows(lambda rows: {row.text for row in rows if row.public} == {"one"})


@pytest.mark.parametrize("wrong", ["#", "two words!", "a:5", "#x#y", "-", "x" * 51])
async def test_what_is_no_tag_is_refused(tmp_path: Path, wrong: str) -> None:
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        await anne.found()
        with pytest.raises(Refused, match="no tag"):
            await anne.engine.publishing.set_tags(wrong)
        with pytest.raises(Refused, match="most"):
            await anne.engine.publishing.set_tags(" ".join(f"t{n}" for n in range(limits.PUBLIC_TAGS + 1)))
        assert anne.engine.publishing.public_tags == {}


# --- a folder ---------------------------------------------------------------------------------------------
async def test_of_a_person_with_a_tag_with_feeds_photos_and_answers(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        await anne.admit(paul)
        await anne.meet(paul)
        publishing = anne.engine.publishing
        await publishing.set_tags("shop")
        attached, _notice = await anne.engine.attaching.choose("cake.jpg", photo())
        cake = await anne.engine.post("A cake #shop", attached=[attached])
        inside = await anne.engine.post("Inside")
        await anne.engine.post("Answer to what stays inside #shop", answer_to=inside.id)
        await anne.engine.post("Answer to the cake #shop #cake", answer_to=cake.id)
        await paul.until_held("A cake #shop")
        theirs = await paul.engine.post("Paul's bread #shop")
        await anne.until_held("Paul's bread #shop")
        address = "https://bakery.example/"
        done = await publishing.publish(tmp_path / "all", address=address)
        assert (done.posts, done.feeds) == (4, True)
        files = tree(tmp_path / "all")
        (picture,) = [name for name in files if name.startswith("files/")]
        assert picture.endswith(".jpg") and files[picture][:3] == b"\xff\xd8\xff"
        assert f"{address}{picture}".encode() in files["team.atom"]
        assert b"Inside" not in words(tmp_path / "all") and inside.id.encode() not in words(tmp_path / "all")
        assert files["team.atom"].count(b"in-reply-to") == 1
        done = await publishing.publish(tmp_path / "paul", person="paul", tag="#Shop")
        assert done.posts == 1 and b"bread" in words(tmp_path / "paul")
        assert "Paul – #shop – Dupont" in (tmp_path / "paul" / "index.html").read_text()
        done = await publishing.publish(tmp_path / "cake", tag="cake")
        assert done.posts == 1
        with pytest.raises(Refused, match="Nobody here"):
            await publishing.publish(tmp_path / "nobody", person="Zoé")
        with pytest.raises(Refused, match="no tag"):
            await publishing.publish(tmp_path / "nobody", tag="a b")
        with pytest.raises(Refused, match="no address of a site"):
            await publishing.publish(tmp_path / "nobody", address="ftp://x")
        assert publishing.chosen.folder == str(tmp_path / "cake") and not (tmp_path / "nobody").exists()
        await paul.engine.talk.correct(theirs.id, "Paul's rye #shop")
        await anne.until_held("Paul's rye #shop")
        (seen,) = await publishing._showcase.public(person=theirs.person_id)
        assert seen.text == "Paul's rye #shop" and seen.updated > seen.at


async def test_what_lies_beside_a_post_is_judged_by_its_bytes(tmp_path: Path) -> None:
    beside = {
        "menu.pdf": b"%PDF-1.4 menu", "tool.exe": b"MZ tool", "holiday.jpg": b"MZ no photo", "notes.txt": b"bread",
        "evil.html": b"<script>alert(1)</script>", "sound.ogg": b"OggS sound",
    }  # fmt: skip
    async with desks(tmp_path, "Anne") as (anne,):
        await anne.found()
        attached = [(await anne.engine.attaching.choose(name, data))[0] for name, data in beside.items()]
        row = await anne.engine.post("All sorts", attached=attached)
        await anne.engine.publishing.mark(row.id, on=True)
        await anne.engine.publishing.publish(tmp_path / "web", address="https://x.example")
        given = {path.suffix: path.read_bytes() for path in (tmp_path / "web" / "files").iterdir()}
        assert given.pop(".pdf") == beside["menu.pdf"] and given.pop(".ogg") == beside["sound.ogg"]
        assert set(given) <= {".bin"}, "what no browser runs"
        whole = b"".join(path.read_bytes() for path in (tmp_path / "web" / "files").iterdir())
        assert b"MZ" not in whole
        shown = {name: content for name, content in tree(tmp_path / "web").items() if not name.startswith("files/")}
        assert not any(b"<script>alert" in content for content in shown.values())


@pytest.mark.parametrize("kind", ["atom", "rss", "json"])
async def test_feeds_of_real_posts_are_valid_whatever_they_say(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = ["<b>&amp; ]]> ", "\u202ert l", "# #a#b \x00\x1b", "https://x.example/?a=1&b=<2>", "🎂" * 200, "a\n\n\nb"]
    async with desks(tmp_path, "Anne") as (anne,):
        await anne.found()
        await anne.engine.membership.rename("Anne", 'A & <b>B</b> "C"')
        for text in said:
            row = await anne.engine.post(text)
        await anne.engine.post("answer", answer_to=row.id)
        await anne.engine.polls.begin("Which <one>?", ["Rye & oats", "]]>"])
        await anne.engine.publishing.serving.add("Phone")
        ((_reader, address),) = (await anne.engine.publishing.serving.served()).readers
        status, feed = await get(address, f"team.{kind}")
        monkeypatch.setattr("tests.publish.rules._CEILING", datetime.now(UTC) + timedelta(minutes=10))
        faults = {"atom": atom_faults, "rss": rss_faults, "json": json_faults}[kind](feed)
        assert status == 200 and faults == []
        assert feed.count({"atom": b"<entry>", "rss": b"<item>", "json": b'"date_published"'}[kind]) == len(said) + 2


async def test_the_folder_follows_by_itself_when_it_is_asked_to(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne") as (anne,):
        await anne.found()
        publishing = anne.engine.publishing
        publishing.settle = 0.0
        index = tmp_path / "web" / "index.html"
        first = await anne.engine.post("first")
        await publishing.publish(tmp_path / "web")
        await publishing.mark(first.id, on=True)
        await publishing.by_itself(on=True)
        await anne.until(lambda: written(anne)[-1:] == [1])
        assert b"first" in index.read_bytes()
        await anne.engine.post("kept inside")
        await publishing.mark(first.id, on=False)
        await anne.until(lambda: written(anne)[-1:] == [0])
        assert b"first" not in index.read_bytes()
        assert b"kept inside" not in words(tmp_path / "web")
        (tmp_path / "web" / "style.css").unlink()
        (tmp_path / "web" / "style.css").mkdir()
        second = await anne.engine.post("second")
        await publishing.mark(second.id, on=True)
        await anne.until(
            lambda: any(isinstance(one, events.Trouble) and one.where == "publishing" for one in anne.said)
        )


def written(desk: Desk) -> list[int]:
    """How many posts were in the folder, each time it was brought up to date."""
    return [one.posts for one in desk.said if isinstance(one, events.SiteWritten)]


async def test_what_was_chosen_is_there_after_a_restart_and_the_counter_in_a_backup(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        await anne.found()
        row = await anne.engine.post("bread")
        await anne.engine.publishing.mark(row.id, on=True)
        await anne.engine.publishing.pick(row.id)
        await anne.engine.publishing.publish(tmp_path / "web", counter=True)
        await anne.engine.publishing.serving.add("Phone")
        store = anne.engine._vault.store
        kept = dict(await anne.engine._vault.call(store.settings, ("ui-",)))
        assert row.id in kept["ui-counter"]
        assert "Phone" not in str(kept) and "web" not in str(kept)
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        publishing = anne.engine.publishing
        assert [one.id for one in await publishing.counter()] == [row.id]
        assert publishing.chosen.folder == str(tmp_path / "web") and publishing.chosen.counter
        assert [one.name for one, _address in (await publishing.serving.served()).readers] == ["Phone"]
        assert (await publishing.again()).written == 0


@pytest.mark.parametrize(
    "kept", ["{", "[1]", '{"folder": 5}', "null", '{"readers": 3}', '{"port": 99999}', '["zz", "a"]']
)
async def test_what_was_kept_and_makes_no_sense_is_nothing(tmp_path: Path, kept: str) -> None:
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        await anne.found()
        for key in ("publishing", "ui-counter", "web-readers"):
            await anne.engine._vault.call(anne.engine._vault.store.put, key, kept)
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        assert anne.engine.publishing.chosen.folder == ""
        assert await anne.engine.publishing.counter() == ()
        assert (await anne.engine.publishing.serving.served()).readers == ()


# --- the shop counter -------------------------------------------------------------------------------------
async def test_the_counter_holds_public_posts_newest_picked_first_and_not_many(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        await anne.found()
        publishing = anne.engine.publishing
        await publishing.set_tags("shop")
        rows = [await anne.engine.post(f"{n} #shop") for n in range(limits.COUNTER_POSTS + 2)]
        inside = await anne.engine.post("inside")
        with pytest.raises(Refused, match="Only what is public"):
            await publishing.pick(inside.id)
        for row in rows[: limits.COUNTER_POSTS]:
            await publishing.pick(row.id)
        await publishing.pick(rows[0].id)
        shown = [row.text for row in await publishing.counter()]
        assert shown[:2] == ["0 #shop", f"{limits.COUNTER_POSTS - 1} #shop"] and len(shown) == limits.COUNTER_POSTS
        with pytest.raises(Refused, match="most on the shop counter"):
            await publishing.pick(rows[-1].id)
        await anne.engine.withdraw(rows[1].id)
        await publishing.pick(rows[-1].id)
        await publishing.pick(rows[2].id, on=False)
        shown = [row.text for row in await publishing.counter()]
        assert len(shown) == limits.COUNTER_POSTS - 1 and shown[0] == rows[-1].text
        await publishing.publish(tmp_path / "web", counter=True)
        page = (tmp_path / "web" / "counter.html").read_text()
        order = [page.index(f"<p>{text}</p>") for text in shown]
        assert order == sorted(order) and ">inside<" not in page


# --- readers ----------------------------------------------------------------------------------------------
async def test_a_reader_sees_what_colleagues_see_and_a_client_what_is_public(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        await anne.admit(paul)
        serving = anne.engine.publishing.serving
        assert not (await serving.served()).runs, "nobody reads: nothing listens"
        await anne.engine.publishing.set_tags("shop")
        attached, _notice = await anne.engine.attaching.choose("cake.jpg", photo())
        await anne.engine.post("inside-photo", attached=[attached])
        found = await everything(anne)
        await anne.engine.publishing.pick(found["tagged"].id)
        await serving.add("My phone")
        await serving.add("Clients", public=True)
        served = await serving.served()
        assert served.runs and not served.opened
        (mine, own), (clients, theirs) = served.readers
        assert (mine.public, clients.public) == (False, True) and own.startswith(f"http://127.0.0.1:{served.port}/")
        feed = (await get(own, "team.atom"))[1]
        for word in ("open-words", "kept-words", "tagged-words", "marked-words", "inside-photo"):
            assert word.encode() in feed, word
        for never in ("sealed-words", "coffee-words", "gone-words"):
            for path in ("team.atom", "tags/shop.json", f"people/{found['open'].person_id}.rss", ""):
                assert never.encode() not in (await get(own, path))[1], (never, path)
        assert b"tagged-words" in (await get(own, "tags/shop.json"))[1]
        assert b"open-words" in (await get(own, f"people/{found['open'].person_id}.rss"))[1]
        public = (await get(theirs, "team.atom"))[1]
        assert b"tagged-words" in public and b"marked-words" in public
        for never in ("open-words", "kept-words", "inside-photo"):
            for path in ("team.atom", "tags/shop.json", f"people/{found['open'].person_id}.rss", "", "counter.html"):
                assert never.encode() not in (await get(theirs, path))[1], (never, path)
        assert b"tagged-words" in (await get(theirs, "counter.html"))[1]
        picture = f"files/{attached.blob.hash[:32]}.jpg"
        assert (await get(own, picture))[0] == 200 and (await get(theirs, picture))[0] == 404
        for nothing in ("people/zz.atom", "people/.atom", "tags/a%20from:anne.atom", "tags/none.atom"):
            assert (await get(own, nothing))[0] == (await get(theirs, nothing))[0] == 404, nothing
        await anne.engine.withdraw(found["marked"].id)
        assert b"marked-words" not in (await get(theirs, "team.atom"))[1] + (await get(own, "team.atom"))[1]


async def test_older_posts_of_one_who_says_little_and_their_photos_are_served(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne") as (anne,):
        await anne.found()
        attached, _notice = await anne.engine.attaching.choose("cake.jpg", photo())
        await anne.engine.post("long ago #rare", attached=[attached])
        for n in range(limits.FEED_POSTS + 1):
            await anne.engine.post(f"post {n}")
        await anne.engine.publishing.serving.add("Phone")
        ((_reader, address),) = (await anne.engine.publishing.serving.served()).readers
        assert b"long ago" not in (await get(address, "team.json"))[1]
        assert b"long ago" in (await get(address, "tags/rare.json"))[1]
        assert (await get(address, f"files/{attached.blob.hash[:32]}.jpg"))[0] == 200


async def test_a_person_who_was_merged_is_found_under_both_ids(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        await anne.admit(paul)
        await anne.meet(paul)
        rows = [await anne.engine.post("from the office")]
        await paul.engine.post("from home")
        await anne.until_held("from home")
        rows += [row for row in await anne.rows() if row.text == "from home"]
        await paul.engine.publishing.mark(rows[1].id, on=True)
        await anne.until_rows(lambda found: any(row.public for row in found))
        publishing = anne.engine.publishing
        await publishing.publish(tmp_path / "web", person=rows[1].person_id)
        await anne.engine.membership.merge(["Anne", "Paul"])
        assert (await publishing.again()).posts == 1
        for row in rows:
            scope = Scope(Kind.PERSON, row.person_id)
            assert {one.text for one in await publishing._showcase.for_office(scope)} == {
                "from the office",
                "from home",
            }
            assert [one.text for one in await publishing._showcase.for_clients(scope)] == ["from home"]


async def test_who_is_revoked_gets_nothing_and_with_the_last_the_server_ends(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne") as (anne,):
        await anne.found()
        serving = anne.engine.publishing.serving
        for name in ("One", "Two"):
            await serving.add(name)
        with pytest.raises(Refused, match="address already"):
            await serving.add(" one ")
        (_first, one), (_second, two) = (await serving.served()).readers
        assert (await get(one, "team.atom"))[0] == (await get(two, "team.atom"))[0] == 200
        await serving.revoke("ONE")
        assert ((await get(one, "team.atom"))[0], (await get(two, "team.atom"))[0]) == (404, 200)
        with pytest.raises(Refused, match="Nobody called"):
            await serving.revoke("One")
        await serving.revoke("Two")
        assert not (await serving.served()).runs
        with pytest.raises(ConnectionRefusedError):
            await get(two, "team.atom")


async def test_all_that_is_asked_while_the_disk_is_slow_is_done_and_who_is_revoked_stays_so(tmp_path: Path) -> None:
    async def names(desk: Desk) -> list[str]:
        return [one.name for one, _where in (await desk.engine.publishing.serving.served()).readers]

    async with desks(tmp_path, "Anne") as (anne,):
        await anne.found()
        serving = anne.engine.publishing.serving
        async with anne.slow_disk():
            adding = [asyncio.create_task(serving.add(name)) for name in ("One", "Two", "Three", "Four")]
            await turns()
        await asyncio.gather(*adding)
        assert await names(anne) == ["One", "Two", "Three", "Four"]
        async with anne.slow_disk():
            revoking = [asyncio.create_task(serving.revoke(name)) for name in ("One", "Three", "Four")]
            await turns()
            assert await names(anne) == ["Two"], "from the moment it is asked"
        await asyncio.gather(*revoking)
        assert await names(anne) == ["Two"]
    async with desks(tmp_path, "Anne") as (anne,):
        assert await names(anne) == ["Two"]


async def test_opened_it_listens_everywhere_and_closed_on_this_pc_alone(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne") as (anne,):
        await anne.found()
        serving = anne.engine.publishing.serving
        await serving.add("Phone")

        def listens() -> set[str]:
            assert serving._server is not None
            return {one.sockets[0].getsockname()[0] for one in serving._server._servers}

        assert listens() <= {"127.0.0.1", "::1"}
        await serving.open(on=True)
        assert listens() <= {"0.0.0.0", "::"}
        ((_one, address),) = (await serving.served()).readers
        assert (await get(address, "team.atom"))[0] == 200
        await serving.open(on=False)
        assert listens() <= {"127.0.0.1", "::1"}


async def test_a_port_in_use_is_said_in_words_and_the_address_is_kept(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        async with desks(tmp_path, "Anne") as (anne,):
            await anne.found()
            serving = anne.engine.publishing.serving
            await serving.use_port(port)
            with pytest.raises(Unusable, match=f"port {port}"):
                await serving.add("Phone")
            served = await serving.served()
            assert [one.name for one, _a in served.readers] == ["Phone"] and not served.runs and served.trouble
        async with desks(tmp_path, "Anne") as (anne,):
            told = [one for one in anne.said if isinstance(one, events.Trouble)]
            assert [(one.where, str(port) in one.what) for one in told] == [("serving", True)]
            await anne.engine.publishing.serving.use_port(0)
            ((_one, address),) = (await anne.engine.publishing.serving.served()).readers
            assert (await get(address, "team.rss"))[0] == 200
            for wrong in (-1, 65536):
                with pytest.raises(Refused, match="number from 1"):
                    await anne.engine.publishing.serving.use_port(wrong)


async def test_readers_are_not_endless(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        await anne.found()
        for n in range(limits.READERS):
            await anne.engine.publishing.serving.add(f"r{n}")
        with pytest.raises(Refused, match="most"):
            await anne.engine.publishing.serving.add("one more")


async def test_a_feed_is_sought_in_few_posts_whatever_is_asked(tmp_path: Path) -> None:
    """However often a client asks for what there is not, the store is asked a bounded much."""
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        await anne.found()
        showcase = anne.engine.publishing._showcase
        asked: list[str] = []
        vault = anne.engine._vault
        await vault.call(vault.store.database.trace, asked.append)
        for scope in (Scope(Kind.PERSON, "ff" * 32), Scope(Kind.TAG, "none"), Scope(Kind.FILE, "ff" * 16)):
            assert list(await showcase.for_office(scope)) == list(await showcase.for_clients(scope)) == []
        await vault.call(vault.store.database.trace, None)
        assert len(asked) < 40


async def test_whether_it_follows_by_itself_may_be_chosen_while_the_site_is_written(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        await anne.found()
        publishing = anne.engine.publishing
        async with anne.slow_disk():
            writing = asyncio.create_task(publishing.publish(tmp_path / "site"))
            await turns()
            choosing = asyncio.create_task(publishing.by_itself(on=True))
            await turns()
        await asyncio.gather(writing, choosing)
        assert publishing.chosen.auto
