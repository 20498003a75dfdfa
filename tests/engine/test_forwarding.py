"""On the road: one announcement, one message, whoever is here, dies or comes back."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from deskblog import events, limits
from deskblog.attention import sender
from deskblog.attention.travel import Kind
from deskblog.engine import company
from deskblog.engine.forwarding import Forwarding, _carriers
from deskblog.engine.road_rules import letter
from deskblog.errors import Refused
from deskblog.log import forward
from deskblog.store.entries import BodyState
from deskblog.values import DeviceKey
from tests.attention.gateways import Gateway, gateway
from tests.engine.desk import Desk, desks, turns
from tests.engine.road import MINUTE, STEP, Road, road


@pytest.fixture(autouse=True)
def _in_haste(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who is here is said as soon as it changes: the time of these tests is not that of the network."""
    monkeypatch.setattr(company, "AGAIN", 0.1)
    monkeypatch.setattr(limits, "PRESENCE_SECONDS", 0.02)


@pytest.fixture
def there() -> Iterator[Gateway]:
    with gateway() as made:
        yield made


async def test_while_her_pc_is_off_one_of_two_carriers_sends_once_and_she_sees_it(
    tmp_path: Path, there: Gateway
) -> None:
    async with road(tmp_path, there) as way:
        await way.set()
        await way.leave("Anne")
        await way.announce("Fire drill at four")
        await way.passes(5 * MINUTE)
        assert way.taken == ["Paul (Dupont & fils): Fire drill at four"]
        anne = await way.back("Anne")
        await anne.until_held("Fire drill at four")

        async def told() -> bool:
            return bool((await anne.engine.forwarding.sent()).lines)

        await way.until("Anne", told)
        sent = await anne.engine.forwarding.sent()
        assert (sent.used, sent.cap) == (1, 30)
        [line] = sent.lines
        assert (line.who, line.text, line.said, line.ok) == (
            "Paul",
            "Fire drill at four",
            "Sent: the gateway took it.",
            True,
        )
        assert line.carrier in ("Bruno", "Chloe")
        await way.passes(5 * MINUTE)
        assert len(way.taken) == 1


async def test_while_a_pc_of_hers_is_on_nothing_leaves(tmp_path: Path, there: Gateway) -> None:
    async with road(tmp_path, there) as way:
        await way.set()
        await way.announce("Fire drill at four")
        await way.passes(10 * MINUTE)
        assert way.taken == [] and await way.words("Bruno") == frozenset()


async def test_what_reached_her_pc_before_it_was_switched_off_is_no_news(tmp_path: Path, there: Gateway) -> None:
    async with road(tmp_path, there) as way:
        await way.set()
        await way.announce("Fire drill at four")
        await way.passes(3 * MINUTE)
        await way.leave("Anne")
        await way.passes(5 * MINUTE)
        assert way.taken == []
        await way.announce("It is off")
        await way.passes(5 * MINUTE)
        assert way.taken == ["Paul (Dupont & fils): It is off"]


async def test_a_wrong_credential_is_said_to_her_and_nothing_more_is_sent(tmp_path: Path, there: Gateway) -> None:
    async with road(tmp_path, there) as way:
        await way.set("401")
        await way.leave("Anne")
        await way.announce("Fire drill at four")
        await way.passes(5 * MINUTE)
        await way.announce("It is off")
        await way.passes(90 * MINUTE)
        assert len(way.taken) == 1, "a provider locks out who knocks wrongly again and again"
        anne = await way.back("Anne")
        await anne.until(lambda: any(isinstance(e, events.Trouble) and "(401)" in e.what for e in anne.said))
        [line] = (await anne.engine.forwarding.sent()).lines
        assert not line.ok and "refuses the credential (401)" in line.said
        await way.set("200")
        await way.leave("Anne")
        await way.announce("There is cake")
        await way.passes(5 * MINUTE)
        assert way.taken[1:] == ["Paul (Dupont & fils): There is cake"]


async def test_a_gateway_out_of_order_is_asked_again_later_until_it_takes_it(tmp_path: Path, there: Gateway) -> None:
    there.moods = ["500", "503"]
    async with road(tmp_path, there) as way:
        await way.set()
        await way.leave("Anne")
        await way.announce("Fire drill at four")
        await way.passes(40 * MINUTE)
        assert way.taken == ["Paul (Dupont & fils): Fire drill at four"] * 3
        anne = await way.back("Anne")
        await way.until("Anne", lambda: said(anne, 3))
        shown = await anne.engine.forwarding.sent()
        assert shown.used == 1 and [line.ok for line in shown.lines] == [True, False, False]


async def said(desk: Desk, count: int) -> bool:
    return len((await desk.engine.forwarding.sent()).lines) >= count


async def test_a_gateway_that_takes_and_never_answers_is_asked_once(
    tmp_path: Path, there: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "STEP_SECONDS", 0.5)
    async with road(tmp_path, there) as way:
        await way.set("never")
        await way.leave("Anne")
        await way.announce("Fire drill at four")
        await way.passes(90 * MINUTE)
        assert len(way.taken) == 1
        anne = await way.back("Anne")
        await way.until("Anne", lambda: said(anne, 1))
        shown = await anne.engine.forwarding.sent()
        assert shown.used == 1 and shown.lines[0].said.startswith("Perhaps sent")


async def claims(way: Road) -> str:
    """Time passes until one carrier says that it sends; its name."""
    for _step in range(40):
        way.clock.ahead += STEP
        for name in ("Bruno", "Chloe"):
            await way.desks[name].engine.forwarding.carrying.turn()
            if await way.words(name):
                await way.level()
                return name
    raise AssertionError("nobody claims it")


async def test_a_carrier_that_dies_between_saying_so_and_sending_is_taken_over(
    tmp_path: Path, there: Gateway
) -> None:
    async with road(tmp_path, there) as way:
        await way.set()
        await way.leave("Anne")
        await way.announce("Fire drill at four")
        name = await claims(way)
        await way.kill(name)
        await way.passes(4 * MINUTE)
        assert way.taken == [], "for a lease it may still be sending"
        await way.back(name)
        await way.level()
        await way.passes(10 * MINUTE)
        assert way.taken == ["Paul (Dupont & fils): Fire drill at four"]


async def test_a_carrier_that_is_switched_off_gives_back_what_it_claimed(tmp_path: Path, there: Gateway) -> None:
    async with road(tmp_path, there) as way:
        await way.set()
        await way.leave("Anne")
        await way.announce("Fire drill at four")
        await way.leave(await claims(way))
        await way.passes(2 * MINUTE)
        assert way.taken == ["Paul (Dupont & fils): Fire drill at four"]


async def test_carriers_that_start_anew_know_what_was_sent(tmp_path: Path, there: Gateway) -> None:
    async with road(tmp_path, there) as way:
        await way.set()
        await way.leave("Anne")
        await way.announce("Fire drill at four")
        await way.passes(5 * MINUTE)
        for name in ("Bruno", "Chloe"):
            await way.kill(name)
            await way.back(name)
        await way.passes(15 * MINUTE)
        assert len(way.taken) == 1


async def test_no_more_leaves_in_a_month_than_she_said(tmp_path: Path, there: Gateway) -> None:
    async with road(tmp_path, there) as way:
        await way.set(cap=2)
        await way.leave("Anne")
        for n in range(3):
            await way.announce(f"Number {n}")
        await way.passes(20 * MINUTE)
        assert len(way.taken) == 2 and len(set(way.taken)) == 2
        anne = await way.back("Anne")
        await way.until("Anne", lambda: said(anne, 3))
        shown = await anne.engine.forwarding.sent()
        assert (shown.used, shown.cap) == (2, 2)
        assert any("as many as allowed" in line.said for line in shown.lines)


async def test_who_is_mentioned_gets_word_and_a_sealed_text_stays_sealed(tmp_path: Path, there: Gateway) -> None:
    async with road(tmp_path, there) as way:
        await way.set(kinds=[Kind.MENTIONS, Kind.SEALED])
        bruno, chloe = way.desks["Bruno"], way.desks["Chloe"]
        await way.leave("Anne")
        await way.announce("An announcement she did not choose")
        await chloe.engine.post("@anne the key is at the bakery, @paul")
        await chloe.engine.post("@paul this is for you alone")
        await bruno.engine.post("The raise is 4 percent", to=bruno.engine.sealing.people(["Anne"]))
        await bruno.until_held("@paul this is for you alone")
        await way.passes(6 * MINUTE)
        assert sorted(way.taken) == [
            "Bruno (Dupont & fils): A sealed message waits for you.",
            "Chloe (Dupont & fils): @anne the key is at the bakery, @paul",
        ]
        anne = await way.back("Anne")
        await way.until("Anne", lambda: said(anne, 2))
        carriers = {line.who: line.carrier for line in (await anne.engine.forwarding.sent()).lines}
        assert carriers["Bruno"] == "Bruno", "nobody else can open it"


async def test_outside_its_hours_it_waits(tmp_path: Path, there: Gateway) -> None:
    async with road(tmp_path, there) as way:
        await way.set()
        began = way.clock()
        hour = datetime.fromtimestamp(began / 1000).hour
        await way.desks["Anne"].engine.forwarding.set(hours=((hour + 2) % 24, (hour + 3) % 24))
        for name in ("Bruno", "Chloe"):
            await way.until(name, partial(begins, way, name, (hour + 2) % 24))
        await way.leave("Anne")
        await way.announce("Fire drill at four")
        await way.passes(30 * MINUTE)
        assert way.taken == []
        rings = datetime.fromtimestamp(began / 1000).replace(minute=30) + timedelta(hours=2)
        way.clock.ahead += round(rings.timestamp() * 1000) - way.clock()
        await way.passes(5 * MINUTE)
        assert len(way.taken) == 1


async def begins(way: Road, name: str, hour: int) -> bool:
    [(rule, _declined)] = await way.desks[name].engine.forwarding.carrying.carried()
    return rule.said.begins == hour


async def test_whoever_declines_carries_no_more_and_she_sees_it(tmp_path: Path, there: Gateway) -> None:
    async with road(tmp_path, there) as way:
        await way.set()
        anne, bruno = way.desks["Anne"].engine.forwarding, way.desks["Bruno"].engine.forwarding
        assert [(who.name, declined) for who, declined in await bruno.carried()] == [("Anne", False)]
        await bruno.decline("Anne")
        assert [(who.name, declined) for who, declined in await bruno.carried()] == [("Anne", True)]
        await way.until("Anne", lambda: refused(anne, ["Bruno"]))
        await way.until("Chloe", lambda: way.words("Chloe"))
        await way.leave("Anne")
        await way.announce("Fire drill at four")
        await way.passes(3 * MINUTE)
        assert len(way.taken) == 1, "no minute is lost waiting for him, whoever's turn it would be"
        anne_back = (await way.back("Anne")).engine.forwarding
        await bruno.decline("Anne", on=False)
        await way.until("Anne", lambda: refused(anne_back, []))
        await way.until("Anne", lambda: said(way.desks["Anne"], 1))
        assert [line.carrier for line in (await anne_back.sent()).lines] == ["Chloe"]
        await bruno.decline("Anne")
        await anne_back.set(cap=5)
        await way.until("Anne", lambda: refused(anne_back, ["Bruno"]))


async def refused(anne: Forwarding, names: list[str]) -> bool:
    return [one.person for one in await anne.carriers() if one.declined] == names


async def test_of_an_old_rule_no_credential_stays_and_whoever_is_off_the_list_sends_no_more(
    tmp_path: Path, there: Gateway
) -> None:
    async with road(tmp_path, there) as way:
        await way.set()
        anne, bruno = way.desks["Anne"].engine, way.desks["Bruno"].engine
        [(rule, _declined)] = await bruno.forwarding.carrying.carried()
        await anne.forwarding.set(carriers=["Chloe"])
        await way.until("Bruno", lambda: none_carried(bruno.forwarding))
        for name in ("Bruno", "Chloe", "Anne"):
            [(_id, body)] = await way.desks[name].engine._vault.read_bodies([rule.id])
            assert body == BodyState.ERASED, "erased on every PC, not only out of sight"
        held = await anne.forwarding.rule()
        assert held is not None and held.urls == (way.url(),) and held.cap == 30, "what is not said stays"
        assert [one.person for one in await anne.forwarding.carriers() if one.chosen] == ["Chloe"]
        async with way.desks["Anne"].slow_disk():
            changes = {"cap": 5}, {"kinds": (Kind.SEALED,)}
            changing = [asyncio.create_task(anne.forwarding.set(**change)) for change in changes]
            await turns()
        await asyncio.gather(*changing)
        held = await anne.forwarding.rule()
        assert held is not None and (held.cap, held.kinds) == (5, (Kind.SEALED,)), "both changes"
        await anne.forwarding.off()
        await way.until("Chloe", lambda: none_carried(way.desks["Chloe"].engine.forwarding))
        assert await anne.forwarding.rule() is None


async def none_carried(one: Forwarding) -> bool:
    return not await one.carried()


async def test_words_of_whoever_is_no_carrier_and_rules_for_somebody_else_count_for_nothing(
    tmp_path: Path, there: Gateway
) -> None:
    async with road(tmp_path, there) as way:
        await way.set()
        paul, bruno = way.desks["Paul"].engine, way.desks["Bruno"].engine
        await way.leave("Anne")
        entry = await way.announce("Fire drill at four")
        [(rule, _declined)] = await bruno.forwarding.carrying.carried()
        office = paul._vault.office
        assert office is not None
        for word in (
            forward.Sent(rule.id, bytes.fromhex(entry), way.clock(), "taken"),
            forward.Sent(rule.id, bytes(32), way.clock(), "refused"),
            forward.Declined(rule.id),
        ):
            await paul.talk.write(letter(office, rule.person, rule.said.carriers, word))
        await way.announce("After them")
        assert await way.words("Bruno") == frozenset()
        await way.passes(5 * MINUTE)
        assert len(way.taken) == 2


async def test_a_carrier_that_uses_up_the_cap_harms_this_rule_alone(tmp_path: Path, there: Gateway) -> None:
    """It can: it has the credential. What it says is shown to her as its word."""
    async with road(tmp_path, there) as way:
        await way.set(cap=2)
        bruno = way.desks["Bruno"].engine
        [(rule, _declined)] = await bruno.forwarding.carrying.carried()
        for n in range(2):
            await bruno.forwarding.carrying._say(rule, forward.Sent(rule.id, bytes([n]) * 32, way.clock(), "taken"))
        anne = way.desks["Anne"]
        await way.until("Anne", lambda: said(anne, 2))
        shown = await anne.engine.forwarding.sent()
        assert shown.used == 2 and [(line.who, line.carrier) for line in shown.lines] == [("", "Bruno")] * 2


async def test_a_rule_of_two_pcs_apart_becomes_one(tmp_path: Path, there: Gateway) -> None:
    """Each of her PCs wrote one while it did not hear of the other; the newest holds, the older is withdrawn."""
    async with road(tmp_path, there) as way:
        await way.set(cap=5)
        anne = way.desks["Anne"].engine
        old = await anne._vault.call(anne._vault.store.archive.letters.forwards.rules)
        content = forward.Forward((way.url("other"),), ("mentions",), 7, old[0].said.carriers)
        office = anne._vault.office
        assert office is not None
        await anne.talk.write(letter(office, old[0].person, content.carriers, content))

        async def one() -> bool:
            [(_id, body)] = await way.desks["Bruno"].engine._vault.read_bodies([old[0].id])
            carried = await way.desks["Bruno"].engine.forwarding.carrying.carried()
            return body == BodyState.ERASED and [rule.said.cap for rule, _no in carried] == [7]

        await way.until("Bruno", one)


async def test_a_rule_whose_end_has_come_sends_no_more_and_leaves_no_credential(
    tmp_path: Path, there: Gateway
) -> None:
    async with road(tmp_path, there) as way:
        await way.set()
        anne = way.desks["Anne"].engine.forwarding
        await anne.set(ends=way.clock() + 60 * MINUTE)
        with pytest.raises(Refused, match="past already"):
            await anne.set(ends=way.clock() - 1)
        held = await anne.rule()
        assert held is not None and held.ends > way.clock(), "what is refused changes nothing"
        await way.leave("Anne")
        way.clock.ahead += 61 * MINUTE
        await way.announce("Fire drill at four")
        await way.passes(5 * MINUTE)
        assert way.taken == []
        await way.back("Anne")
        bruno = way.desks["Bruno"].engine

        async def gone() -> bool:
            return not await bruno._vault.call(bruno._vault.store.archive.letters.forwards.rules)

        await way.until("Bruno", gone)


async def test_a_newer_pc_of_hers_is_given_her_rule_and_a_newer_pc_of_a_carriers_is_not(
    tmp_path: Path, there: Gateway
) -> None:
    async with road(tmp_path, there) as way:
        await way.set()
        for name in ("Anne", "Bruno"):
            engine = way.desks[name].engine
            letters = engine._vault.store.archive.letters
            given = await engine._vault.call(letters.not_handed, DeviceKey(bytes(32)), 10)
            assert len(given) == (1 if name == "Anne" else 0)


@pytest.mark.parametrize(
    ("wrong", "said_"),
    [
        ({"urls": ["slack://x"]}, "no address of a gateway"),
        ({"urls": ["json://a", "json://b", "json://c", "json://d"]}, "At most 3"),
        ({"urls": []}, "An address is needed"),
        ({"kinds": []}, "Nothing is chosen"),
        ({"cap": 201}, "1 to 200"),
        ({"cap": 0}, "1 to 200"),
        ({"carriers": []}, "Somebody's PC must send"),
        ({"carriers": ["Anne"]}, "Only PCs of colleagues"),
        ({"carriers": ["Zoe"]}, "Nobody here"),
        ({"ends": 1}, "past already"),
    ],
)
async def test_a_rule_that_cannot_be_is_refused_in_words(tmp_path: Path, wrong: dict[str, Any], said_: str) -> None:
    async with desks(tmp_path, "Paul", "Anne") as (paul, anne):
        await paul.found()
        await paul.admit(anne)
        usual: dict[str, Any] = {"urls": ["json://there"], "carriers": ["Paul"]}
        with pytest.raises(Refused, match=said_):
            await anne.engine.forwarding.set(**{**usual, **wrong})
        assert await anne.engine.forwarding.rule() is None


async def test_what_carriers_learn_is_said_before_they_are_chosen(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        key, seen = anne.engine.forwarding.learned(["freemobile://u/k", "freemobile://v/k", " "])
        assert key.startswith("With this key those PCs can send SMS to your own phone")
        assert seen == "They see when your PCs are off, and of which posts word was sent after you."


# --- ceilings ---------------------------------------------------------------------------------------------
async def test_of_many_that_wait_the_newest_few_are_sent_and_few_at_a_time(
    tmp_path: Path, there: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "FORWARD_DUE", 3)
    monkeypatch.setattr(limits, "FORWARD_SENDING", 1)
    async with road(tmp_path, there) as way:
        await way.set(kinds=[Kind.MENTIONS])
        await way.leave("Anne")
        for n in range(5):
            await way.desks["Paul"].engine.post(f"@anne number {n}")
        for name in ("Bruno", "Chloe"):
            await way.desks[name].until_held("@anne number 4")
        most = 0
        for _step in range(30):
            way.clock.ahead += STEP
            for name in ("Bruno", "Chloe"):
                carrying = way.desks[name].engine.forwarding.carrying
                await carrying.turn()
                most = max(most, len(carrying._claimed))
            await way.look()
        assert most == 1
        assert sorted(text[-1] for text in way.taken) == ["2", "3", "4"]


async def test_past_the_cap_a_few_are_said_to_be_and_of_the_others_nothing(
    tmp_path: Path, there: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever mentions her without end has the carriers write no more than that."""
    monkeypatch.setattr(limits, "FORWARD_CAPPED", 2)
    async with road(tmp_path, there) as way:
        await way.set(kinds=[Kind.MENTIONS], cap=1)
        await way.leave("Anne")
        for n in range(6):
            await way.desks["Paul"].engine.post(f"@anne number {n}")
        for name in ("Bruno", "Chloe"):
            await way.desks[name].until_held("@anne number 5")
        await way.passes(15 * MINUTE)
        assert len(way.taken) == 1
        bruno = way.desks["Bruno"].engine
        [(rule, _declined)] = await bruno.forwarding.carrying.carried()
        said = [word.said for word in await bruno.forwarding.carrying._words(rule)]
        capped = [one for one in said if isinstance(one, forward.Sent) and one.why == "capped"]
        assert 2 <= len(capped) <= 4, "of five; two carriers that look at once may each say two"


async def test_a_pc_carries_for_so_many_and_for_those_who_asked_first(
    tmp_path: Path, there: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "CARRIED", 1)
    async with road(tmp_path, there) as way:
        await way.set()
        chloe, bruno = way.desks["Chloe"].engine.forwarding, way.desks["Bruno"].engine.forwarding
        await chloe.set([way.url()], carriers=["Bruno"])

        async def both() -> bool:
            return len(await bruno.carried()) == 2

        await way.until("Bruno", both)
        assert [rule.person for rule in await bruno.carrying._rules()] == [
            rule.person for rule, _declined in (await bruno.carrying.carried())[:1]
        ]
        assert [who.name for who, _declined in await bruno.carried()] == ["Anne", "Chloe"]


async def test_of_what_was_sent_the_newest_lines_are_shown_and_old_words_are_withdrawn(
    tmp_path: Path, there: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "FORWARD_SHOWN", 1)
    async with road(tmp_path, there) as way:
        await way.set()
        bruno = way.desks["Bruno"].engine
        [(rule, _declined)] = await bruno.forwarding.carrying.carried()
        for n in range(2):
            word = forward.Sent(rule.id, bytes([n]) * 32, way.clock() + n, "taken")
            await bruno.forwarding.carrying._say(rule, word)

        async def two() -> bool:
            return len(await way.words("Chloe")) == 2

        await way.until("Chloe", two)
        await way.until("Anne", lambda: said(way.desks["Anne"], 1))
        [line] = (await way.desks["Anne"].engine.forwarding.sent()).lines
        assert line.entry == "01" * 32
        ids = sorted(await way.words("Chloe"))
        way.clock.ahead += (limits.FORWARD_DAYS + 1) * 24 * 60 * MINUTE
        await bruno.forwarding.carrying.turn()

        async def erased() -> bool:
            bodies = await way.desks["Chloe"].engine._vault.read_bodies(ids)
            return [body for _id, body in bodies] == [BodyState.ERASED] * 2

        await bruno.post("after them")
        await way.desks["Chloe"].until_held("after them")
        assert await erased()


def test_more_pcs_than_a_rule_names_are_refused() -> None:
    most = [f"{n:064x}" for n in range(limits.CARRIERS)]
    assert len(_carriers(most)) == limits.CARRIERS
    with pytest.raises(Refused, match="8 is the most"):
        _carriers([*most, "ff" * 32])
