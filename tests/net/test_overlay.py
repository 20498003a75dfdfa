"""What the records come to: who is reached over links both ends name, and how sites hang together."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from deskblog.log import codec
from deskblog.net.overlay import Overlay
from deskblog.net.presence import HERE, PREFIX, Record
from deskblog.values import DeviceKey


def key(name: str) -> DeviceKey:
    return DeviceKey(codec.digest(name.encode()))


def short(names: Iterable[str]) -> tuple[bytes, ...]:
    return tuple(sorted(key(name)[:PREFIX] for name in names))


class Office:
    """Devices by one-letter names; `links`: "ab" near, "a-b" far; both ends say so unless told otherwise."""

    def __init__(self, links: str, *, places: dict[str, str] | None = None, silent: str = "") -> None:
        self.near: dict[str, set[str]] = {}
        self.far: dict[str, set[str]] = {}
        for word in links.split():
            table = self.far if "-" in word else self.near
            one, other = word[0], word[-1]
            table.setdefault(one, set()).add(other)
            table.setdefault(other, set()).add(one)
        self.names = sorted({*self.near, *self.far})
        self.places = places or {}
        self.silent = silent

    def records(self) -> dict[DeviceKey, Record]:
        return {
            key(name): Record(
                1, key(name), 1, 1, HERE, self.places.get(name, ""), 20140, (),
                short(self.near.get(name, ())), short(self.far.get(name, ())),
            )
            for name in self.names
            if name not in self.silent
        }  # fmt: skip

    def seen_by(self, me: str) -> Overlay:
        links = {key(name): True for name in self.near.get(me, ())}
        links |= {key(name): False for name in self.far.get(me, ())}
        return Overlay(key(me), links, self.records(), self.places.get(me, ""))

    def named(self, devices: Iterable[DeviceKey]) -> str:
        return "".join(name for name in self.names if key(name) in set(devices))


def sites(office: Office, me: str) -> list[tuple[str, str, str]]:
    """(who, place, carrier) of each site, the own one first."""
    return [
        (office.named(site.devices), site.place, office.named([site.carrier] if site.carrier else []))
        for site in office.seen_by(me).sites
    ]


def test_alone_one_is_here_and_a_site() -> None:
    overlay = Overlay(key("a"), {}, {})
    assert overlay.here == {key("a")} and [site.devices for site in overlay.sites] == [{key("a")}]


def test_who_is_reached_over_others_is_here_and_who_is_not_is_off() -> None:
    office = Office("ab bc cd xy")
    assert office.named(office.seen_by("a").here) == "abcd"
    assert office.named(office.seen_by("x").here) == "xy"


def test_a_link_only_one_end_names_is_none() -> None:
    """Of a PC that was killed: its own last word still names its links, its neighbours' words no longer do."""
    office = Office("ab bc")
    records = office.records()
    office.near["b"].discard("c")
    records[key("b")] = office.records()[key("b")]
    assert key("c") not in Overlay(key("a"), {key("b"): True}, records).here


def test_a_colleague_linked_here_is_here_whatever_was_said() -> None:
    office = Office("ab", silent="b")
    assert office.named(office.seen_by("a").here) == "ab"


def test_three_sites_in_a_row_each_by_its_carrier() -> None:
    """a b c in Lille, d e in Nantes, f in Brest; b and d hold the one line, e and f the other."""
    places = {"c": "Lille", "e": "Nantes"}
    office = Office("ab bc ca b-d de e-f", places=places)
    assert sites(office, "a") == [("abc", "Lille", ""), ("de", "Nantes", "b"), ("f", "", "b")] or sites(
        office, "a"
    ) == [("abc", "Lille", ""), ("f", "", "b"), ("de", "Nantes", "b")]
    assert sites(office, "b")[0] == ("abc", "Lille", "")
    assert {carrier for _who, _place, carrier in sites(office, "b")[1:]} == {"b"}
    assert {(who, carrier) for who, _place, carrier in sites(office, "f")[1:]} == {("abc", "f"), ("de", "f")}


def test_a_site_has_the_name_most_of_it_give() -> None:
    office = Office("ab bc cd da", places={"a": "Paris", "b": "Lille", "c": "Lille"})
    assert [sites(office, me)[0][1] for me in "abcd"] == ["Lille"] * 4
    tied = Office("ab bc", places={"a": "Paris", "b": "Lille"})
    assert [sites(tied, me)[0][1] for me in "abc"] == ["Lille"] * 3


def test_one_end_that_hears_the_other_is_enough_to_be_near() -> None:
    office = Office("ab b-c")
    office.far["c"].discard("b")
    office.near.setdefault("c", set()).add("b")
    assert sites(office, "a") == [("abc", "", "")]


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12), st.booleans()), max_size=40), st.integers(0, 12))
def test_any_graph_is_cut_into_sites_that_are_all_who_is_here(links: list[tuple[int, int, bool]], me: int) -> None:
    words = [f"{chr(97 + a)}{'-' if far else ''}{chr(97 + b)}" for a, b, far in links if a != b]
    office = Office(" ".join(words))
    overlay = office.seen_by(chr(97 + me))
    devices = [device for site in overlay.sites for device in site.devices]
    assert len(devices) == len(set(devices)) and set(devices) == overlay.here
    assert key(chr(97 + me)) in overlay.sites[0].devices and overlay.sites[0].carrier is None
    mine = overlay.sites[0].devices
    assert all(site.carrier in mine for site in overlay.sites[1:])
