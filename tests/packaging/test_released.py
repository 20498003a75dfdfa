"""The last released version and the present one in one office: programs of both, on PCs of their own. ./run bare.

The old one comes out of the repository's own history (packaging/released.txt), and runs with the libraries of today.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.office.hosts import Host, Office

ROOT = Path(__file__).parents[2]
VERSION, COMMIT = (ROOT / "packaging" / "released.txt").read_text().splitlines()[-1].split()


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its sources."""
    folder = tmp_path_factory.mktemp("released")
    archive = subprocess.run(["git", "archive", COMMIT, "deskblog"], cwd=ROOT, check=True, capture_output=True)
    subprocess.run(["tar", "-C", str(folder), "-x"], input=archive.stdout, check=True)
    return folder


def old(host: Host, released: Path) -> Host:
    """From now on this PC runs the released version."""
    host.program = [sys.executable, "-P", "-m", "deskblog"]  # -P: not from the folder the tests run in
    host.variables["PYTHONPATH"] = str(released)
    return host


def new(host: Host) -> Host:
    """It was updated."""
    host.program = [sys.executable, "-P", "-m", "deskblog"]
    host.variables["PYTHONPATH"] = str(ROOT)
    return host


def texts(host: Host) -> set[str]:
    return {row["text"] for row in host.cli("timeline", "--limit", "1000")}


def test_it_is_the_released_version_that_runs(office: Office, released: Path) -> None:
    host = old(office.host("anne", office.lan()), released)
    assert host.deskblog("--version").stdout.strip() == f"deskblog {VERSION}"
    assert host.deskblog("announce", "--help").returncode == 2
    where = host.run([*host.program[:2], "-c", "import deskblog; print(deskblog.__file__)"], env=host.env).stdout
    assert Path(where.strip()).is_relative_to(released)


@pytest.mark.parametrize("founder", ["old", "new"])
def test_one_founds_the_other_joins_and_both_write(office: Office, released: Path, founder: str) -> None:
    lan = office.lan()
    anne, paul = office.host("anne", lan), office.host("paul", lan)
    (old(anne, released), new(paul)) if founder == "old" else (new(anne), old(paul, released))
    anne.cli("office", "found", "Dupont & fils", "--me", "Anne")
    anne.cli("post", "before anybody was there")
    first, second = anne.node(), paul.node()
    anne.admit(paul, "Paul")
    first.wait("linked", person="Paul")
    second.wait("post", text="before anybody was there")
    question = anne.cli("post", "Who has the key?", "--question")[0]["id"]
    second.wait("post", text="Who has the key?")
    paul.cli("post", "I have", "--answer", question)
    first.wait("post", text="I have")
    paul.cli("status", "out for lunch")
    paul.cli("withdraw", paul.cli("post", "too much said")[0]["id"])
    anne.cli("react", question, "👍")
    assert second.stop() == 0
    anne.cli("post", "while Paul was off")
    second = paul.node()
    second.wait("post", text="while Paul was off")
    wanted = {"before anybody was there", "Who has the key?", "I have", "while Paul was off"}
    assert texts(anne) == texts(paul) == wanted
    for node in (first, second):
        assert node.stop() == 0
        assert node.said_on_stderr() == ""


def test_what_the_released_one_does_not_know_does_no_harm_and_is_passed_on(office: Office, released: Path) -> None:
    """Anne and Chloé are new, Paul is not: what Anne wrote reaches Chloé from Paul's PC alone."""
    lan = office.lan()
    anne, paul, chloe = (office.host(name, lan) for name in ("anne", "paul", "chloe"))
    new(anne), old(paul, released), new(chloe)
    anne.cli("office", "found", "Dupont & fils", "--me", "Anne")
    first, second = anne.node(), paul.node()
    anne.admit(paul, "Paul")
    third = chloe.node()
    anne.admit(chloe, "Chloé")
    first.wait("linked", person="Paul")
    third.wait("linked", person="Paul")
    assert third.stop() == 0
    announced = anne.cli("post", "The lift is repaired on Monday", "--announce")[0]["id"]
    sealed = anne.cli("post", "for Chloé alone", "--to", "Chloé")
    anne.cli("post", "cake in the kitchen", "--coffee")
    anne.cli("public", anne.cli("post", "Open on Saturday")[0]["id"])
    anne.cli("profile", "--job", "bookkeeper")
    anne.cli("mute", "#golf")
    anne.cli("group", "new", "accounts", "Chloé")
    anne.cli("post", "the last of them")
    second.wait("post", text="the last of them")
    paul.cli("post", "Paul is well")
    first.wait("post", text="Paul is well")
    assert first.stop() == 0
    third = chloe.node()
    third.wait("post", text="the last of them")
    third.wait("post", text="for Chloé alone")
    assert {row["kind"] for row in chloe.cli("timeline") if row["id"] == announced} == {"announcement"}
    assert sealed and "for Chloé alone" not in texts(paul)
    assert {"Open on Saturday", "Paul is well", "the last of them"} <= texts(paul)
    for words in (["search", "Saturday"], ["office", "people"], ["doctor"], ["safe"], ["repair"]):
        done = paul.deskblog(*words, "--json")
        assert done.returncode == 0 and "Traceback" not in done.stderr, (words, done.stderr)
    assert second.stop() == 0
    assert second.said_on_stderr() == ""


def test_an_update_keeps_all_posts_and_the_way_back_is_refused_in_words(office: Office, released: Path) -> None:
    lan = office.lan()
    anne, paul = (old(office.host(name, lan), released) for name in ("anne", "paul"))
    anne.cli("office", "found", "Dupont & fils", "--me", "Anne")
    first, second = anne.node(), paul.node()
    anne.admit(paul, "Paul")
    anne.cli("post", "-", stdin="\n".join(f"post {n}" for n in range(200)))
    second.wait("post", text="post 199")
    paul.cli("post", "from Paul")
    first.wait("post", text="from Paul")
    before = texts(anne)
    assert len(before) == 201
    assert (first.stop(), second.stop()) == (0, 0)
    assert texts(new(anne)) == before
    first, second = anne.node(), paul.node()
    first.wait("linked", person="Paul")
    anne.cli("post", "after the update", "--announce")
    paul.cli("post", "not updated")
    first.wait("post", text="not updated")
    assert texts(anne) >= before | {"not updated"}
    assert first.stop() == 0
    back = old(anne, released).deskblog("timeline")
    assert back.returncode == 1 and "newer version" in back.stderr and "Traceback" not in back.stderr
    assert second.stop() == 0
    assert texts(new(paul)) >= before | {"not updated", "after the update"}
