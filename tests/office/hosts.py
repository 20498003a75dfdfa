"""A virtual office: PCs, switches and a router on one machine, each in a network namespace of its own.

with Office() as office:
    berlin = office.lan()                             # 10.77.1.0/24 and fd77:0:0:1::/64
    anne, paul = office.host("anne", berlin), office.host("paul", berlin)
    node = anne.node()                                # `deskblog node --json`, with folders of its own
    node.wait("ready")
    anne.cut(); anne.restore()                        # cable out (the PC sees it), and in again
    anne.hush(); anne.unhush()                        # nothing gets through, and nothing tells
    berlin.lose(30, to=paul)                          # 30 % of the frames to Paul are lost
    lille = office.lan(); office.router(berlin, lille)    # unicast crosses, multicast does not
    karim = office.host("karim", lille, v4=False)     # IPv6 only
    karim.attach(berlin, cable=Cable(delay=0.05, loss=0.1))    # a second, bad cable
"""

from __future__ import annotations

import itertools
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from tests.office.node import PATIENCE, Json, Node, Running
from tests.office.space import Space, ToolFailed, tool
from tests.office.wire import ROOT, Cable, Wire

FIRST_HOST = 10  # .1 is the router's


class Lan(Space):
    """One site: a switch, which is a bridge in a namespace of its own."""

    def __init__(self, name: str, number: int) -> None:
        super().__init__(name)
        self.number = number
        self.v4 = f"10.77.{number}"
        self.v6 = f"fd77:0:0:{number}:"
        self._hosts = itertools.count(FIRST_HOST)
        self._filters = False

    def open(self) -> None:
        super().open()
        # a switch that snoops without a querier about forgets who wants multicast
        self.ip("link", "add", "br0", "type", "bridge", "mcast_snooping", "0", "stp_state", "0")
        self.ip("link", "set", "br0", "up")

    def next_number(self) -> int:
        """The host part of an address nobody had yet."""
        return next(self._hosts)

    def plug(self, space: Space, port: str, nic: str) -> None:
        """A good cable from a port here to a device there; both ends are born where they belong."""
        self.ip("link", "add", port, "type", "veth", "peer", "name", nic, "netns", space.name)
        self.use(port)

    def use(self, port: str) -> None:
        """Lets a port forward."""
        self.ip("link", "set", port, "master", "br0", "up")

    def isolate(self, host: Host) -> None:
        """As access points do: from now on devices so marked hear nothing of each other, only of the others."""
        tool("ip", "netns", "exec", self.name, "bridge", "link", "set", "dev", host.port, "isolated", "on")

    def lose(self, percent: int, *, to: Host | None = None) -> None:
        """From now on this share of forwarded frames is lost (0: none), of those to one host or of all."""
        script = "" if self._filters else "add table bridge office\n"
        script += "" if self._filters else "add chain bridge office lossy { type filter hook forward priority 0; }\n"
        script += "flush chain bridge office lossy\n"
        self._filters = True
        if percent > 0:
            port = f'oifname "{to.port}" ' if to is not None else ""
            dice = "" if percent >= 100 else f"numgen random mod 100 < {percent} "
            script += f"add rule bridge office lossy {port}{dice}drop\n"
        self.nft(script)


class Host(Space):
    """One PC: its cables, its folders and its programs."""

    def __init__(self, office: Office, name: str, label: str, number: int) -> None:
        super().__init__(name)
        self.label = label
        self.port = f"p{number}"  # at every switch it is plugged into
        self.folder = office.folder / label
        self.data = self.folder / "data"
        self.v4: dict[Lan, str] = {}
        self.v6: dict[Lan, str] = {}
        self._office = office
        self._nics: dict[Lan, str] = {}
        self._wires: dict[Lan, Wire] = {}
        self._started = 0
        self._node: Node | None = None
        self.program = [sys.executable, "-m", "deskblog"]  # a package or an older version, where that is tested
        self.variables: dict[str, str] = {}  # of the environment, beside or in place of the usual ones

    def open(self) -> None:
        super().open()
        self._make_folders()

    def _make_folders(self) -> None:
        for name in ("home", "run", "tmp"):
            (self.folder / name).mkdir(parents=True, mode=0o700)

    def close(self) -> None:
        super().close()
        for wire in self._wires.values():
            wire.close()

    # --- cables -------------------------------------------------------------------------------------------
    def attach(self, lan: Lan, *, v4: bool = True, v6: bool = True, cable: Cable | None = None) -> None:
        """Plugs this PC into a site and gives it addresses there, as DHCP and router advertisements do."""
        nic = self._nics[lan] = f"eth{len(self._nics)}"
        if cable is None:
            lan.plug(self, self.port, nic)
        else:
            self._wires[lan] = Wire(self, nic, lan, self.port, cable)
            lan.use(self.port)
        # without detection of duplicate addresses IPv6 is usable at once
        self.sysctl(f"net.ipv6.conf.{nic}.accept_dad" if v6 else f"net.ipv6.conf.{nic}.disable_ipv6", 0 if v6 else 1)
        self.ip("link", "set", nic, "up")
        number = lan.next_number()
        if v4:
            self.v4[lan] = f"{lan.v4}.{number}"
            self.ip("addr", "add", f"{self.v4[lan]}/24", "brd", "+", "dev", nic)
        if v6:
            self.v6[lan] = f"{lan.v6}:{number:x}"
        self.route(lan)

    def route(self, lan: Lan) -> None:
        """What IPv6 forgets with a link that was down is given again; where there is a router, it leads outside."""
        nic = self._nics[lan]
        routed = lan in self._office.routed
        if lan in self.v6:
            self.ip("addr", "replace", f"{self.v6[lan]}/64", "dev", nic, "nodad")
            if routed:
                self.ip("-6", "route", "replace", "default", "via", f"{lan.v6}:1", "dev", nic)
        if lan in self.v4 and routed:
            self.ip("route", "replace", "default", "via", f"{lan.v4}.1", "dev", nic)

    def narrow(self, lan: Lan, size: int) -> None:
        """From now on no packet it sends or gets there is longer than so many bytes (IPv6 needs 1280)."""
        self.ip("link", "set", self._nics[lan], "mtu", str(size))

    def cut(self, lan: Lan | None = None) -> None:
        """Cable out: the PC sees its carrier go."""
        for each in self._lans(lan):
            each.ip("link", "set", self.port, "down")
            if each in self._wires:
                self.ip("link", "set", self._nics[each], "carrier", "off")

    def restore(self, lan: Lan | None = None) -> None:
        """Cable in again."""
        for each in self._lans(lan):
            each.ip("link", "set", self.port, "up")
            if each in self._wires:
                self.ip("link", "set", self._nics[each], "carrier", "on")

    def hush(self, lan: Lan | None = None) -> None:
        """Nothing gets through any more, while the link stays up: a switch gone mad."""
        for each in self._lans(lan):
            each.ip("link", "set", self.port, "nomaster")

    def unhush(self, lan: Lan | None = None) -> None:
        for each in self._lans(lan):
            each.ip("link", "set", self.port, "master", "br0")

    def new_address(self, lan: Lan) -> str:
        """DHCP gives another address: the old one goes, then the new one comes."""
        nic, number = self._nics[lan], lan.next_number()
        self.ip("addr", "del", f"{self.v4[lan]}/24", "dev", nic)
        self.v4[lan] = f"{lan.v4}.{number}"
        self.ip("addr", "add", f"{self.v4[lan]}/24", "brd", "+", "dev", nic)
        self.route(lan)
        return self.v4[lan]

    def link_local_alone(self, lan: Lan) -> None:
        """A wire without a router and without DHCP: no address is left but the one that IPv6 makes by itself."""
        self.ip("addr", "del", f"{self.v6.pop(lan)}/64", "dev", self._nics[lan])

    def more_addresses(self, lan: Lan, count: int) -> list[str]:
        """So many more addresses there, at once."""
        added = [f"{lan.v4}.{lan.next_number()}" for _address in range(count)]
        lines = "".join(f"addr add {address}/24 dev {self._nics[lan]}\n" for address in added)
        tool("ip", "-n", self.name, "-batch", "-", stdin=lines)
        return added

    def addresses(self) -> list[str]:
        """All its addresses, as the PC itself sees them, loopback left out."""
        links = json.loads(self.ip("-j", "addr"))
        return [ip["local"] for link in links if link["ifname"] != "lo" for ip in link["addr_info"]]

    def has_carrier(self, lan: Lan) -> bool:
        """Whether the PC's own device says that a cable is in."""
        return "NO-CARRIER" not in json.loads(self.ip("-j", "link", "show", self._nics[lan]))[0]["flags"]

    def reaches(self, address: str, *, within: int = 3) -> bool:
        """True as soon as a ping is answered; False if none is within that many seconds."""
        return self.run(["ping", "-n", "-q", "-i", "0.2", "-c", "1", "-w", str(within), address]).returncode == 0

    def _lans(self, lan: Lan | None) -> list[Lan]:
        return [lan] if lan is not None else list(self._nics)

    # --- the lid ------------------------------------------------------------------------------------------
    def sleep(self) -> None:
        """Lid closed: its programs stand still, in the midst of whatever they do."""
        self.signal_programs(signal.SIGSTOP)

    def wake(self) -> None:
        self.signal_programs(signal.SIGCONT)

    def nap(self, seconds: float) -> None:
        """Asleep for so long."""
        self.sleep()
        time.sleep(seconds)
        self.wake()

    # --- deskblog on it -----------------------------------------------------------------------------------
    @property
    def env(self) -> dict[str, str]:
        """What its user's programs find around them: nothing of the tests' own home."""
        return {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "LANG": "C.UTF-8",
            "HOME": str(self.folder / "home"),
            "TMPDIR": str(self.folder / "tmp"),
            "XDG_RUNTIME_DIR": str(self.folder / "run"),
            "DESKBLOG_DATA": str(self.data),
            "DESKBLOG_LANGUAGE": "en",
            **self.variables,
        }

    def deskblog(
        self, *words: str, stdin: str | None = None, timeout: float = 60
    ) -> subprocess.CompletedProcess[str]:
        """Runs one deskblog command to its end."""
        self._let_node_open()
        return self.run([*self.program, *words], env=self.env, stdin=stdin, timeout=timeout)

    def cli(self, *words: str, stdin: str | None = None, timeout: float = 60) -> list[Json]:
        """The JSON lines of a command that must succeed."""
        done = self.deskblog(*words, "--json", stdin=stdin, timeout=timeout)
        assert done.returncode == 0, f"{self.label}: deskblog {' '.join(words)}: {done.returncode}\n{done.stderr}"
        return [json.loads(line) for line in done.stdout.splitlines()]

    def start_deskblog(self, *words: str) -> Running:
        """A command that goes on, such as an invitation, and its lines as they come."""
        self._let_node_open()
        return Running(*self._begin(words))

    def node(self, *words: str, clock: str = "") -> Node:
        """Starts `deskblog node`; it is ready when it says so, and commands typed here wait for that.

        `clock`: by how much its clock is wrong, such as "+9m".
        """
        self._node = Node(*self._begin(("node", *words), clock))
        return self._node

    def stop_node(self) -> None:
        """Ends the node, as a logout does."""
        if self._node is not None:
            self._node.stop()

    def _let_node_open(self) -> None:
        """Two programs that start at the same moment on one folder: one would be refused, by chance either."""
        if self._node is not None and self._node.running:
            self._node.wait("ready")

    def _begin(self, words: tuple[str, ...], clock: str = "") -> tuple[str, subprocess.Popen[str], Path]:
        self._started += 1
        errors = self.folder / f"stderr-{self._started}"
        with errors.open("w", encoding="utf-8") as file:
            wrong = ["faketime", "-f", clock] if clock else []
            env = {**self.env, "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
            line = [*wrong, *self.program, *words, "--json"]
            program = self.start(line, env=env, stderr=file)
        return f"{self.label}: deskblog {' '.join(words)}", program, errors

    def admit(self, newcomer: Host, person: str, *, at: str | None = None, timeout: float = PATIENCE) -> Json:
        """Lets another PC join with a code of this one, by the two commands people type; what `join` answered."""
        invitation = self.start_deskblog("office", "invite")
        code = str(invitation.wait_key("code", timeout=timeout))
        where = ["--at", at] if at is not None else []
        joined = newcomer.cli("office", "join", code, "--me", person, *where, timeout=timeout)[0]
        assert invitation.wait_key("admitted", timeout=timeout) == person
        assert invitation.finish() == 0
        return joined


class User(Host):
    """A second user of a PC, as on a terminal server: its own folders and programs, the PC's own cables."""

    def __init__(self, office: Office, label: str, pc: Host) -> None:
        super().__init__(office, pc.name, label, 0)
        self.v4, self.v6 = pc.v4, pc.v6

    def open(self) -> None:
        self._make_folders()


class Router(Space):
    """Between sites: unicast crosses; link-local multicast, and so mDNS, does not."""

    def open(self) -> None:
        super().open()
        self.sysctl("net.ipv4.ip_forward", 1)
        self.sysctl("net.ipv6.conf.all.forwarding", 1)

    def attach(self, lan: Lan) -> None:
        nic = f"eth{lan.number}"
        lan.plug(self, "gate", nic)
        self.sysctl(f"net.ipv6.conf.{nic}.accept_dad", 0)
        self.ip("link", "set", nic, "up")
        self.ip("addr", "add", f"{lan.v4}.1/24", "dev", nic)
        self.ip("addr", "add", f"{lan.v6}:1/64", "dev", nic, "nodad")

    def cut(self, lan: Lan) -> None:
        """The line between that site and the others is down; nobody's own carrier is lost."""
        lan.ip("link", "set", "gate", "nomaster")

    def restore(self, lan: Lan) -> None:
        lan.ip("link", "set", "gate", "master", "br0")


class Office:
    """All of it; closing it leaves no namespace, program or file behind."""

    _numbers = itertools.count(1)

    def __init__(self) -> None:
        self._tag = f"deskblog-{os.getpid()}-{next(Office._numbers)}"
        self.folder = Path(tempfile.mkdtemp(prefix="office-"))  # short: a local socket's name has 107 bytes
        self.routed: set[Lan] = set()
        self._hosts: list[Host] = []
        self._lans: list[Lan] = []
        self._router: Router | None = None

    def lan(self) -> Lan:
        lan = Lan(f"{self._tag}-lan{len(self._lans) + 1}", len(self._lans) + 1)
        self._lans.append(lan)
        lan.open()
        return lan

    def host(self, label: str, *lans: Lan, v4: bool = True, v6: bool = True) -> Host:
        """A PC, plugged into these sites; `label` names its folder."""
        number = len(self._hosts) + 1
        host = Host(self, f"{self._tag}-pc{number}", label, number)
        self._hosts.append(host)
        host.open()
        for lan in lans:
            host.attach(lan, v4=v4, v6=v6)
        return host

    def user(self, label: str, pc: Host) -> User:
        """One more user of a PC that is there already."""
        user = User(self, label, pc)
        self._hosts.append(user)
        user.open()
        return user

    def router(self, *lans: Lan) -> Router:
        """Joins these sites by the office's one router; PCs there learn of it."""
        if self._router is None:
            self._router = Router(f"{self._tag}-router")
            self._router.open()
        for lan in lans:
            self._router.attach(lan)
            self.routed.add(lan)
        for host in self._hosts:
            for lan in lans:
                if lan in host.v4 or lan in host.v6:
                    host.route(lan)
        return self._router

    def spaces(self) -> Iterator[Space]:
        yield from self._hosts
        yield from self._lans
        if self._router is not None:
            yield self._router

    def close(self) -> None:
        for host in self._hosts:  # all at once: ending takes a node a moment
            host.signal_programs(signal.SIGCONT)
            host.signal_programs(signal.SIGTERM)
        for space in self.spaces():
            with suppress(ToolFailed):
                space.close()
        shutil.rmtree(self.folder)

    def namespaces(self) -> set[str]:
        """Names of its network namespaces that there are now; other tests beside these have theirs."""
        there = {line.split()[0] for line in tool("ip", "netns", "list").splitlines() if line}
        return {name for name in there if name.startswith(f"{self._tag}-")}

    def __enter__(self) -> Office:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
