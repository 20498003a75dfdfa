"""Sites joined by one address: everyone has everything, whoever restarts, whoever pasted it is off."""

from __future__ import annotations

from collections.abc import Sequence

from tests.office.hosts import Host, Lan, Office
from tests.office.node import Json, Node


def site(office: Office, lan: Lan, *names: str) -> list[Host]:
    return [office.host(name.lower(), lan) for name in names]


def everyone_hears(writer: Host, text: str, nodes: Sequence[Node]) -> None:
    writer.cli("post", text)
    for node in nodes:
        node.wait("post", text=text)


def here(line: Json) -> set[str]:
    """Who is here, by what a node says of people."""
    return {person["name"] for person in line["people"] if person["here"]}


def places(line: Json) -> set[str]:
    """The sites people are at."""
    return {person["site"] for person in line["people"]}


def sites(host: Host) -> dict[str, Json]:
    """By name; what has none is the other."""
    return {line["name"] or "?": line for line in host.cli("office", "sites") if "road" not in line}


def lille_and_nantes(office: Office) -> tuple[list[Host], list[Host]]:
    """Two sites of two, joined by a router; everybody is of one office, and each PC knows its own site only."""
    lille, nantes = office.lan(), office.lan()
    anne, paul = site(office, lille, "Anne", "Paul")
    karim, lea = site(office, nantes, "Karim", "Lea")
    office.router(lille, nantes)
    anne.cli("office", "found", "Dupont & fils", "--me", "Anne")
    node = anne.node()
    for host in (paul, karim, lea):
        host.node()
    anne.admit(paul, "Paul")
    at = f"{anne.v4[lille]}:{node.port()}"
    anne.admit(karim, "Karim", at=at)
    anne.admit(lea, "Lea", at=at)
    for host in (anne, paul, karim, lea):
        host.stop_node()
    return [anne, paul], [karim, lea]


def test_one_pasted_address_joins_two_sites_for_everyone_and_survives_restarts(office: Office) -> None:
    (anne, paul), (karim, lea) = lille_and_nantes(office)
    hosts = (anne, paul, karim, lea)
    nodes = {host.label: host.node() for host in hosts}
    nodes["anne"].wait("linked", person="Paul")
    nodes["karim"].wait("linked", person="Lea")
    road = f"{karim.v4[next(iter(karim.v4))]}:{nodes['karim'].port()}"
    paul.cli("office", "road", road)
    everyone_hears(anne, "From Lille", list(nodes.values()))
    everyone_hears(lea, "From Nantes", list(nodes.values()))
    anne.cli("office", "site", "Lille")
    lea.cli("office", "site", "Nantes")
    nodes["paul"].wait("people", where=lambda line: places(line) == {"Lille", "Nantes"})
    found = sites(paul)
    assert found["Lille"]["mine"] and set(found["Lille"]["people"]) == {"Anne", "Paul"}
    assert set(found["Nantes"]["people"]) == {"Karim", "Lea"} and found["Nantes"]["carrier"] in ("Anne", "Paul")
    paul.stop_node()  # who pasted it goes home; the address is everybody's
    nodes["anne"].wait("lost", person="Paul")
    nodes["karim"] = _again(karim)
    everyone_hears(anne, "Carried by Anne", [nodes["karim"], nodes["lea"]])
    nodes["anne"] = _again(anne)
    everyone_hears(karim, "And back", [nodes["anne"], nodes["lea"]])
    _lag(anne, karim, lea, nodes)


def _again(host: Host) -> Node:
    host.stop_node()
    return host.node()


def _lag(anne: Host, karim: Host, lea: Host, nodes: dict[str, Node]) -> None:
    """Nantes goes home: Lille says since when nothing came from there, and by whom it came."""
    nodes["anne"].wait("people", where=lambda line: "Lea" in here(line) and "Nantes" in places(line))
    mark = nodes["anne"].mark()
    lea.stop_node()
    karim.stop_node()
    nodes["anne"].wait("people", where=lambda line: here(line) == {"Anne"}, since=mark)
    behind = sites(anne)["Nantes"]
    assert not behind["here"] and behind["carrier"] == "Anne" and behind["at"]


def test_three_sites_in_a_row_have_everything_by_the_one_in_the_middle(office: Office) -> None:
    lans = [office.lan() for _site in range(3)]
    (anne,), (karim,), (lea,) = (
        site(office, lan, name) for lan, name in zip(lans, ("Anne", "Karim", "Lea"), strict=True)
    )
    karim.attach(lans[0])
    karim.attach(lans[2])  # he alone stands between them: there is no router
    karim.cli("office", "found", "Dupont & fils", "--me", "Karim")
    node = karim.node()
    others = {"Anne": anne.node(), "Lea": lea.node()}
    for host, name in ((anne, "Anne"), (lea, "Lea")):
        karim.admit(host, name)
        node.wait("linked", person=name)
    everyone_hears(anne, "From one end", list(others.values()))
    everyone_hears(lea, "From the other", list(others.values()))
    others["Anne"].wait("people", where=lambda line: here(line) == {"Anne", "Karim", "Lea"})
