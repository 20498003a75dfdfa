"""The doctor on the virtual LAN: each cause is made, and the verdict is read as a user reads it."""

from __future__ import annotations

import shutil
import sys

import pytest

from tests.office.hosts import Host, Lan, Office
from tests.office.node import Json

PORT = 20140


def shut(host: Host, *, against: Host | None = None, lan: Lan | None = None) -> None:
    """A firewall that lets nobody in, or one colleague not: established connections go on, as everywhere."""
    who = f"ip saddr {against.v4[lan]} " if against is not None and lan is not None else ""
    host.wall(f"{who}tcp dport {PORT} tcp flags syn")


def verdicts(host: Host) -> dict[str, Json]:
    """What the doctor finds wrong there, the most telling first."""
    return {line["cause"]: line for line in host.cli("doctor") if not line["ok"]}


def until(host: Host, cause: str, *, tries: int = 12) -> Json:
    """Asks the doctor again until it names a cause: what it needs to know may still be on its way."""
    found: dict[str, Json] = {}
    for _try in range(tries):
        found = verdicts(host)
        if cause in found:
            return found[cause]
    raise AssertionError(f"{host.label}: not “{cause}”, but {list(found)}")


def together(office: Office, lan: Lan, *names: str) -> list[Host]:
    """Colleagues of one office, each linked with the first and known to all; their nodes are stopped again."""
    hosts = [office.host(name.lower(), lan, v6=False) for name in names]
    first = hosts[0]
    first.cli("office", "found", "Dupont & fils", "--me", names[0])
    nodes = [host.node() for host in hosts]
    for host, name in zip(hosts[1:], names[1:], strict=True):
        first.admit(host, name)
    for node, name in zip(nodes, names, strict=True):
        for other in names:
            if other != name:
                node.wait("linked", person=other)
    for node in nodes:
        node.stop()
    return hosts


def test_an_office_of_one_and_a_pc_without_a_network_are_told_so(office: Office) -> None:
    anne = office.host("anne", office.lan())
    alone = office.host("alone")
    anne.node()
    assert list(verdicts(anne)) == ["no office"]
    anne.cli("office", "found", "Dupont & fils", "--me", "Anne")
    (found,) = verdicts(anne).values()
    assert found["cause"] == "alone" and "Invite" in found["do"]
    alone.node()
    assert next(iter(verdicts(alone))) == "no network"


def test_a_wrong_code_is_named_until_the_right_one_is_typed(office: Office) -> None:
    lan = office.lan()
    anne, paul = office.host("anne", lan), office.host("paul", lan)
    anne.cli("office", "found", "Dupont & fils", "--me", "Anne")
    anne.node()
    paul.node()
    invitation = anne.start_deskblog("office", "invite")
    code = str(invitation.wait_key("code"))
    digits, *words = code.split()
    refused = paul.deskblog("office", "join", digits, *reversed(words), "--me", "Paul")
    assert refused.returncode == 1
    assert next(iter(verdicts(paul))) == "wrong code"
    paul.cli("office", "join", *code.split(), "--me", "Paul")
    assert "wrong code" not in verdicts(paul)


def test_a_shut_door_is_found_by_whoever_is_dialled_from_there(office: Office) -> None:
    lan = office.lan()
    anne, paul, karim = together(office, lan, "Anne", "Paul", "Karim")
    shut(anne)
    shut(karim)
    nodes = {name: host.node() for name, host in (("Anne", anne), ("Paul", paul), ("Karim", karim))}
    for name in ("Anne", "Karim"):
        nodes[name].wait("linked", person="Paul")
    own = until(anne, "own firewall")
    assert "Paul" in own["say"] and str(PORT) in own["send"]
    theirs = until(anne, "their firewall")
    assert "Karim" in theirs["say"] and "Paul" in theirs["do"], "a third colleague found the same"
    assert "own firewall" not in verdicts(paul)
    anne.cli("post", "It gets there all the same")
    nodes["Karim"].wait("post", text="It gets there all the same")


def test_what_stands_between_two_is_neithers_fault(office: Office) -> None:
    lan = office.lan()
    anne, paul, karim = together(office, lan, "Anne", "Paul", "Karim")
    shut(anne, against=karim, lan=lan)
    shut(karim, against=anne, lan=lan)
    nodes = [host.node() for host in (anne, paul, karim)]
    for node in (nodes[0], nodes[2]):
        node.wait("linked", person="Paul")
    found = until(anne, "between")
    assert "Karim" in found["say"] and "Paul" in found["say"]
    assert not {"own firewall", "their firewall"} & verdicts(anne).keys()


def test_an_access_point_that_keeps_its_devices_apart_is_named(office: Office) -> None:
    lan = office.lan()
    anne, paul, karim = together(office, lan, "Anne", "Paul", "Karim")
    for host in (anne, karim):
        lan.isolate(host)
        host.ip("neigh", "flush", "all")  # as after a night
    nodes = [host.node() for host in (anne, paul, karim)]
    for node in (nodes[0], nodes[2]):
        node.wait("linked", person="Paul")
    found = until(anne, "isolation")
    assert "Karim" in found["say"] and "isolation" in found["send"]


def test_a_vpn_that_swallows_the_own_network_is_named(office: Office) -> None:
    lan = office.lan()
    anne, paul = together(office, lan, "Anne", "Paul")
    anne.ip("link", "add", "tun0", "type", "bridge")  # any device with the name of one
    anne.ip("addr", "add", "10.8.0.2/24", "dev", "tun0")
    anne.ip("link", "set", "tun0", "up")
    anne.ip("route", "add", f"{lan.v4}.0/25", "dev", "tun0")
    paul.node()
    anne.node()
    found = until(anne, "vpn")
    assert "tun0" in found["say"] and "Paul" in found["say"]


def test_another_subnet_that_nothing_leads_to_is_named(office: Office) -> None:
    lille, nantes = office.lan(), office.lan()
    anne, paul = office.host("anne", lille, v6=False), office.host("paul", nantes, v6=False)
    router = office.router(lille, nantes)
    anne.cli("office", "found", "Dupont & fils", "--me", "Anne")
    node, other = anne.node(), paul.node()
    anne.admit(paul, "Paul", at=f"{anne.v4[lille]}:{node.port()}")
    node.wait("linked", person="Paul")
    other.wait("linked", person="Anne")
    other.stop()
    node.wait("lost", person="Paul")
    router.cut(nantes)
    assert "Paul" in until(anne, "other subnet")["say"]


def test_a_network_that_filters_mdns_is_named_and_the_beacon_is_enough(office: Office) -> None:
    lan = office.lan()
    anne, paul = together(office, lan, "Anne", "Paul")
    for host in (anne, paul):
        host.wall("udp dport 5353")
    node = anne.node()
    paul.node()
    node.wait("linked", person="Paul")
    assert "mDNS" in until(anne, "mdns")["say"]


def test_a_network_where_nobody_is_heard_is_named_and_known_addresses_are_enough(office: Office) -> None:
    lan = office.lan()
    anne, paul = together(office, lan, "Anne", "Paul")
    for host in (anne, paul):
        host.wall("meta l4proto udp")
    node = anne.node()
    paul.node()
    node.wait("linked", person="Paul")
    assert "Paul" in until(anne, "silent network")["say"]


def test_a_taken_port_and_a_copied_key_are_named(office: Office) -> None:
    lan = office.lan()
    anne, paul = together(office, lan, "Anne", "Paul")
    karim = office.host("karim", lan)
    shutil.copytree(paul.data, karim.data)
    node = anne.node()
    paul.node()
    node.wait("linked", person="Paul")
    karim.node()
    assert "same key" in until(paul, "twins", tries=20)["say"]
    second = office.user("lea", anne)
    second.node()
    taken = until(second, "port")
    assert str(PORT) not in taken["say"] and "listens on" in taken["say"]


def test_a_clock_that_is_wrong_is_named_with_by_how_much(office: Office) -> None:
    lan = office.lan()
    anne, paul = together(office, lan, "Anne", "Paul")
    node = anne.node()
    paul.node(clock="+9m")
    node.wait("linked", person="Paul")
    assert "9 minutes" in until(paul, "clock")["say"]


def test_colleagues_who_are_off_are_the_likeliest_cause(office: Office) -> None:
    lan = office.lan()
    anne, _paul = together(office, lan, "Anne", "Paul")
    anne.node()
    assert list(verdicts(anne)) == ["nobody on"]


def test_a_removed_pc_is_told_that_it_was_removed(office: Office) -> None:
    lan = office.lan()
    anne, paul = together(office, lan, "Anne", "Paul")
    node, other = anne.node(), paul.node()
    node.wait("linked", person="Paul")
    anne.cli("office", "remove", "Paul")
    other.wait("removed")
    assert next(iter(verdicts(paul))) == "removed"


@pytest.mark.office
def test_the_doctor_speaks_french_and_to_people(office: Office) -> None:
    anne = office.host("anne")
    env = {**anne.env, "DESKBLOG_LANGUAGE": "fr"}
    said = anne.run([sys.executable, "-m", "deskblog", "doctor"], env=env)
    assert "✗ Ce poste n’est sur aucun réseau." in said.stdout, said.stderr
