"""The virtual office itself: what the tests of the real one rely on."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.office.hosts import Host, Lan, Office
from tests.office.node import NotSaid
from tests.office.wire import ROOT, Cable

GROUP, PORT = "224.0.0.251", 15353


@contextmanager
def listeners(lan: Lan, *hosts: Host) -> Iterator[list[socket.socket]]:
    """UDP sockets on these PCs that hear a multicast group and their own address."""
    with ExitStack() as stack:
        made = []
        for host in hosts:
            with host.inside():
                ear = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
                ear.bind(("", PORT))
                own = next(iter(host.v4.values()))
                ear.setsockopt(
                    socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, socket.inet_aton(GROUP) + socket.inet_aton(own)
                )
            ear.settimeout(5)
            made.append(ear)
        yield made


def heard_until(ear: socket.socket, last: bytes) -> list[bytes]:
    """All datagrams up to that one."""
    heard = [ear.recv(100)]
    while heard[-1] != last:
        heard.append(ear.recv(100))
    return heard


def test_two_pcs_of_a_site_reach_each_other_on_both_protocols(office: Office) -> None:
    lan = office.lan()
    anne, paul = office.host("anne", lan), office.host("paul", lan)
    assert anne.reaches(paul.v4[lan])
    assert anne.reaches(paul.v6[lan])
    assert {anne.v4[lan], anne.v6[lan]} <= set(anne.addresses())


def test_a_pc_without_v4_has_no_v4_and_one_without_v6_no_v6(office: Office) -> None:
    lan = office.lan()
    anne, paul = office.host("anne", lan, v4=False), office.host("paul", lan, v6=False)
    assert not any("." in address for address in anne.addresses())
    assert not any(":" in address for address in paul.addresses())


def test_a_cut_cable_is_seen_by_the_pc_and_comes_back(office: Office) -> None:
    lan = office.lan()
    anne, paul = office.host("anne", lan), office.host("paul", lan)
    anne.cut()
    assert not anne.has_carrier(lan)
    assert not paul.reaches(anne.v4[lan], within=1)
    anne.restore()
    assert paul.reaches(anne.v4[lan])
    assert paul.reaches(anne.v6[lan])
    assert anne.has_carrier(lan)


def test_a_hushed_pc_keeps_its_carrier_but_reaches_nobody(office: Office) -> None:
    lan = office.lan()
    anne, paul = office.host("anne", lan), office.host("paul", lan)
    anne.hush()
    assert anne.has_carrier(lan)
    assert not anne.reaches(paul.v4[lan], within=1)
    anne.unhush()
    assert anne.reaches(paul.v4[lan])


def test_a_router_carries_unicast_between_sites_but_no_multicast(office: Office) -> None:
    berlin, lille = office.lan(), office.lan()
    anne, paul, karim = office.host("anne", berlin), office.host("paul", berlin), office.host("karim", lille)
    router = office.router(berlin, lille)
    assert anne.reaches(karim.v4[lille])
    assert anne.reaches(karim.v6[lille])
    with listeners(berlin, anne, paul, karim) as (mouth, near, far):
        mouth.sendto(b"to all", (GROUP, PORT))
        for host, lan in ((paul, berlin), (karim, lille)):
            mouth.sendto(b"to you", (host.v4[lan], PORT))
        assert heard_until(near, b"to you") == [b"to all", b"to you"]
        assert heard_until(far, b"to you") == [b"to you"]
    router.cut(lille)
    assert karim.has_carrier(lille)
    assert not karim.reaches(anne.v4[berlin], within=1)
    router.restore(lille)
    assert karim.reaches(anne.v4[berlin])


def test_a_pc_that_comes_after_the_router_finds_its_way_too(office: Office) -> None:
    berlin, lille = office.lan(), office.lan()
    office.router(berlin, lille)
    anne, karim = office.host("anne", berlin, v4=False), office.host("karim", lille)
    assert anne.reaches(karim.v6[lille])


def test_loss_drops_the_share_asked_for_and_only_to_that_pc(office: Office) -> None:
    lan = office.lan()
    anne, paul, karim = (office.host(name, lan) for name in ("anne", "paul", "karim"))
    for host in (paul, karim):  # neighbours are known before anything gets lost
        assert anne.reaches(host.v4[lan])

    def lost(host: Host) -> int:
        said = anne.run(["ping", "-n", "-q", "-f", "-c", "200", "-W", "1", host.v4[lan]]).stdout
        return round(float(said.split("% packet loss")[0].split()[-1]))

    lan.lose(50, to=paul)
    assert 25 <= lost(paul) <= 75
    assert lost(karim) == 0
    lan.lose(100, to=paul)
    assert not anne.reaches(paul.v4[lan], within=1)
    lan.lose(0)
    assert lost(paul) == 0


def test_a_bad_cable_is_late_and_can_be_cut_like_a_good_one(office: Office) -> None:
    lan = office.lan()
    anne, paul = office.host("anne", lan), office.host("paul")
    paul.attach(lan, cable=Cable(delay=0.05, seed=7))
    assert anne.reaches(paul.v4[lan])
    said = anne.run(["ping", "-n", "-q", "-c", "3", "-i", "0.01", paul.v4[lan]]).stdout
    least = float(said.rpartition("= ")[2].split("/")[0])
    assert least >= 100
    paul.cut()
    assert not paul.has_carrier(lan)
    assert not anne.reaches(paul.v4[lan], within=1)
    paul.restore()
    assert anne.reaches(paul.v4[lan])


def test_a_bad_cable_loses_frames(office: Office) -> None:
    lan = office.lan()
    anne, paul = office.host("anne", lan), office.host("paul")
    paul.attach(lan, cable=Cable(loss=1.0))
    assert not anne.reaches(paul.v4[lan], within=1)


def test_a_new_address_replaces_the_old_one(office: Office) -> None:
    lan = office.lan()
    anne, paul = office.host("anne", lan), office.host("paul", lan)
    old = anne.v4[lan]
    new = anne.new_address(lan)
    assert old not in anne.addresses()
    assert paul.reaches(new)
    assert paul.reaches(anne.v6[lan])


def test_a_pc_on_two_sites_is_reached_on_both(office: Office) -> None:
    berlin, lille = office.lan(), office.lan()
    anne, paul, karim = office.host("anne", berlin, lille), office.host("paul", berlin), office.host("karim", lille)
    assert paul.reaches(anne.v4[berlin])
    assert karim.reaches(anne.v4[lille])


def test_a_sleeping_pc_stands_still_until_it_wakes(office: Office) -> None:
    anne = office.host("anne")
    program = anne.start(["sleep", "1000"])
    anne.sleep()
    _pid, status = os.waitpid(program.pid, os.WUNTRACED)
    assert os.WIFSTOPPED(status)
    anne.wake()
    _pid, status = os.waitpid(program.pid, os.WCONTINUED)
    assert os.WIFCONTINUED(status)


def test_a_node_says_it_is_ready_and_ends_when_asked(office: Office) -> None:
    anne = office.host("anne", office.lan())
    node = anne.node()
    assert node.port() > 0
    assert node.stop() == 0
    assert node.said_on_stderr() == ""


def test_a_node_that_is_waited_for_in_vain_tells_what_it_said(office: Office) -> None:
    node = office.host("anne", office.lan()).node()
    node.wait("ready")
    with pytest.raises(NotSaid, match='"event": "ready"'):
        node.wait("linked", timeout=0.01)
    node.kill9()
    with pytest.raises(NotSaid, match="ended before"):
        node.wait("linked")


def test_each_pc_has_folders_of_its_own(office: Office) -> None:
    lan = office.lan()
    anne, paul = office.host("anne", lan), office.host("paul", lan)
    founded = anne.cli("office", "found", "Dupont & fils", "--me", "Anne")[0]
    assert founded["name"] == "Dupont & fils"
    posted = anne.cli("post", "hello")[0]
    assert [row["id"] for row in anne.cli("timeline")] == [posted["id"]]
    refused = paul.deskblog("timeline")
    assert refused.returncode in (0, 1)
    assert "hello" not in refused.stdout
    assert not any((office.folder / "paul" / "home").rglob("*anne*"))


def test_a_colleague_is_let_in_with_a_code_and_hears_a_post(office: Office) -> None:
    lan = office.lan()
    anne, paul = office.host("anne", lan), office.host("paul", lan)
    anne.cli("office", "found", "Dupont & fils", "--me", "Anne")
    node, other = anne.node(), paul.node()
    node.wait("ready")
    other.wait("ready")
    assert anne.admit(paul, "Paul")["name"] == "Dupont & fils"
    other.wait("linked", person="Anne")
    mark = other.mark()
    posted = anne.cli("post", "hello")[0]
    assert other.wait("post", text="hello", since=mark)["id"] == posted["id"]
    node.kill9()
    assert other.wait("lost", since=mark)["person"] == "Anne"


@pytest.mark.office
def test_nothing_is_left_behind_not_even_by_a_sleeping_pc() -> None:
    with Office() as office:
        lan = office.lan()
        anne, paul = office.host("anne", lan), office.host("paul")
        paul.attach(lan, cable=Cable(delay=0.01))
        office.router(lan)
        program = anne.start(["sleep", "1000"])
        anne.sleep()
        assert len(office.namespaces()) == 4
    assert not office.namespaces()
    assert program.returncode == -signal.SIGTERM
    assert not office.folder.exists()


@pytest.mark.office
def test_without_the_right_to_make_namespaces_the_tests_are_left_out_and_that_is_said(tmp_path: Path) -> None:
    asked = "tests/office/test_hosts.py::test_a_pc_on_two_sites_is_reached_on_both"
    unable = ["setpriv", "--bounding-set", "-sys_admin,-net_admin", "--inh-caps", "-sys_admin,-net_admin"]
    words = [*unable, sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", asked]

    def run(**env: str) -> subprocess.CompletedProcess[str]:
        kept = {key: value for key, value in os.environ.items() if key != "DESKBLOG_CI"}
        return subprocess.run(words, cwd=ROOT, env={**kept, **env}, capture_output=True, text=True, check=False)

    kind = run()
    assert "1 deselected" in kind.stdout
    assert "office tests left out: ip netns add" in kind.stdout
    strict = run(DESKBLOG_CI="1")
    assert strict.returncode == 1
    assert "no virtual office can be built here" in strict.stdout
