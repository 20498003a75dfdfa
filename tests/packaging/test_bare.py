"""Each package, installed where nothing is: two PCs found, join, write and read. ./run bare, as root; minutes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from deskblog.attention.wire import Answer as SentAnswer
from deskblog.attention.wire import Request as SendRequest
from deskblog.feeds.wire import Ask
from deskblog.web.wire import Answer, Request
from tests.office.hosts import Host, Office
from tests.packaging.bare import ROOT, Bare
from tests.packaging.window import screen, seconds_to_window, wait_for

DIST, FROZEN = ROOT / "dist", ROOT / "build" / "frozen" / "deskblog"
RUNS = 7  # the quickest counts: a busy machine only ever makes it longer
Dress = Callable[[Host], None]


def one(pattern: str) -> Path:
    """What ./run package made."""
    (found,) = DIST.glob(pattern)
    return found


# --- the three ways to install it -------------------------------------------------------------------------
@pytest.fixture(scope="module")
def debian(tmp_path_factory: pytest.TempPathFactory) -> Bare:
    """With the .deb, and what it depends on."""
    made = Bare(tmp_path_factory.mktemp("deb") / "root")
    made.bring(one("*.deb"), "/opt/deskblog.deb")
    made.install("/opt/deskblog.deb")
    return made


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Bare, str]:
    """With the folder of the .tar.xz, and the libraries that its README names; and the folder's path in it."""
    made = Bare(tmp_path_factory.mktemp("tar") / "root")
    subprocess.run(["tar", "-C", str(made.root / "opt"), "-xf", str(one("*.tar.xz"))], check=True)
    (folder,) = (made.root / "opt").iterdir()
    (line,) = [line for line in (folder / "README.txt").read_text().splitlines() if "apt-get" in line]
    made.install(*line.split("--no-install-recommends ")[1].split())
    return made, f"/opt/{folder.name}"


@pytest.fixture(scope="module")
def pipx(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """With the wheel, by pipx, into folders of its own; the folder with the commands."""
    folder = tmp_path_factory.mktemp("pipx")
    env = {**os.environ, "PIPX_HOME": str(folder / "home"), "PIPX_BIN_DIR": str(folder / "bin")}
    words = ["pipx", "install", "--python", sys.executable, str(one("*.whl"))]
    subprocess.run(words, env=env, check=True, capture_output=True)
    yield folder / "bin"
    shutil.rmtree(folder)


@pytest.fixture(params=["deb", "tar", "wheel"])
def dress(request: pytest.FixtureRequest) -> Dress:
    """Gives a PC of the office the installed program in place of the sources."""

    def put(host: Host) -> None:
        host.variables = {"PYTHONPATH": "", "QT_QPA_PLATFORM": "offscreen"}
        if request.param == "deb":
            host.program = request.getfixturevalue("debian").command("/usr/bin/deskblog")
        elif request.param == "tar":
            bare, folder = request.getfixturevalue("unpacked")
            host.program = bare.command(f"{folder}/deskblog")
        else:
            host.program = [str(request.getfixturevalue("pipx") / "deskblog")]

    return put


def test_two_pcs_found_join_write_and_read(office: Office, dress: Dress) -> None:
    """One runs a node, the other the window, without a screen."""
    lan = office.lan()
    anne, paul = office.host("anne", lan), office.host("paul", lan)
    for host in (anne, paul):
        dress(host)
    assert len(anne.cli("office", "found", "Dupont & fils", "--me", "Anne")[0]["recovery"]) == 12
    node = anne.node()
    node.wait("ready")
    joining = paul.node()
    joining.wait("ready")
    anne.admit(paul, "Paul")
    assert joining.stop() == 0
    window = paul.start([*paul.program[:-1], paul.program[-1] + "-app", "--hidden"], env=paul.env)
    node.wait("linked", person="Paul")
    anne.cli("post", "Who has the key to the archive?", "--question")
    paul.cli("post", "I have")
    node.wait("post", text="I have")
    assert {"I have", "Who has the key to the archive?"} <= {row["text"] for row in paul.cli("timeline")}
    assert {row["text"] for row in anne.cli("search", "archive")} == {"Who has the key to the archive?"}
    assert paul.deskblog("status", "à table", "--json").returncode == 0
    window.terminate()
    assert window.wait(20) == 0
    assert node.stop() == 0
    assert node.said_on_stderr() == ""


def test_french_speaks_from_every_package(office: Office, dress: Dress) -> None:
    host = office.host("anne", office.lan())
    dress(host)
    host.variables["DESKBLOG_LANGUAGE"] = "fr"
    assert "collègues" in host.deskblog("--help").stdout


# --- the .deb ---------------------------------------------------------------------------------------------
def test_everything_it_is_linked_with_is_there(debian: Bare, unpacked: tuple[Bare, str]) -> None:
    """But for printing: what prints is recommended by the .deb, and everything else works without it."""
    assert debian.lacking("/usr/lib/deskblog") <= {"libcups.so.2"}
    bare, folder = unpacked
    assert bare.lacking(folder) <= {"libcups.so.2"}


def test_the_desktop_finds_it(debian: Bare) -> None:
    share = debian.root / "usr" / "share"
    assert (share / "applications" / "deskblog.desktop").exists()
    assert (share / "icons" / "hicolor" / "22x22" / "apps" / "deskblog.png").exists()
    assert (share / "metainfo" / "deskblog.metainfo.xml").exists()
    assert "LGPL" in (share / "doc" / "deskblog" / "copyright").read_text()


def test_taking_it_off_keeps_the_posts_and_says_where(tmp_path: Path) -> None:
    bare = Bare(tmp_path / "root")
    bare.bring(one("*.deb"), "/opt/deskblog.deb")
    bare.install("/opt/deskblog.deb")
    bare.run("env", "HOME=/root", "deskblog", "office", "found", "Alone", "--me", "Anne")
    bare.run("env", "HOME=/root", "deskblog", "post", "kept")
    said = bare.run("apt-get", "remove", "-y", "deskblog") + bare.run("apt-get", "purge", "-y", "deskblog")
    assert "~/.local/share/deskblog" in said
    assert (bare.root / "root/.local/share/deskblog/posts.db").exists()
    left = [path for path in (bare.root / "usr").rglob("*deskblog*") if "__pycache__" not in path.parts]
    assert left == []
    bare.install("/opt/deskblog.deb")
    assert "kept" in bare.run("env", "HOME=/root", "deskblog", "timeline")


def test_the_installer_for_windows_compiles(tmp_path: Path) -> None:
    """With a folder that stands for the real one, which only Windows can make."""
    (tmp_path / "in" / "_internal").mkdir(parents=True)
    for name in ("deskblog.exe", "deskblog-app.exe", "_internal/base_library.zip"):
        (tmp_path / "in" / name).touch()
    defined = ["-DVERSION=1.2.3", f"-DFOLDER={tmp_path / 'in'}", f"-DOUT={tmp_path}"]
    words = ["makensis", "-V2", "-WX", *defined, str(ROOT / "packaging" / "deskblog.nsi")]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "deskblog-1.2.3-setup.exe").stat().st_size > 50_000


# --- the folder -------------------------------------------------------------------------------------------
def test_carried_on_a_stick_it_writes_nowhere_else(tmp_path: Path) -> None:
    stick, home, run = (tmp_path / name for name in ("stick", "home", "run"))
    shutil.copytree(FROZEN, stick, symlinks=True)
    (stick / "portable").touch()
    home.mkdir()
    run.mkdir(mode=0o700)
    env = {"HOME": str(home), "TMPDIR": str(run), "XDG_RUNTIME_DIR": str(run), "PATH": "/usr/bin:/bin"}
    env |= {"QT_QPA_PLATFORM": "offscreen", "LANG": "C.UTF-8"}
    deskblog = [str(stick / "deskblog")]
    subprocess.run([*deskblog, "office", "found", "Stick", "--me", "Anne"], env=env, check=True, capture_output=True)
    with subprocess.Popen([str(stick / "deskblog-app"), "--hidden"], env=env) as app:
        wait_for(stick / "data" / "control.json", app)
        subprocess.run([*deskblog, "post", "from the stick"], env=env, check=True, capture_output=True)
        app.terminate()
        assert app.wait(20) == 0
    moved = tmp_path / "elsewhere"
    stick.rename(moved)
    said = subprocess.run([str(moved / "deskblog"), "timeline", "--json"], env=env, check=True, capture_output=True)
    assert json.loads(said.stdout)["text"] == "from the stick"
    assert (moved / "data" / "posts.db").exists() and any((moved / "state").iterdir())
    assert [path for path in home.rglob("*") if path.is_file()] == []
    assert [path for path in run.rglob("*") if path.is_file()] == []


def test_each_child_answers_and_none_starts_much_slower_than_from_the_sources() -> None:
    link = msgspec.msgpack.encode(Request("http://127.0.0.1:9/", 1000, 1.0, False))
    post = msgspec.msgpack.encode(SendRequest("ntfy://127.0.0.1:9/topic", "s", "t", "b", 2.0, True))
    feed = msgspec.msgpack.encode(
        Ask(url="https://a.example/", body=b"<rss><channel><title>T</title></channel></rss>")
    )
    assert msgspec.msgpack.decode(asked(frozen("deskblog.web.child"), link), type=Answer).fault == "inside"
    sent = msgspec.msgpack.decode(asked(frozen("deskblog.attention.child"), post), type=SentAnswer)
    assert sent.happened == "unreachable"  # the library and its part for this gateway are there
    assert b"T" in asked(frozen("deskblog.feeds.worker"), feed)
    packed, plain = [], []
    for _run in range(RUNS):
        packed.append(seconds(lambda: asked(frozen("deskblog.web.child"), link)))
        plain.append(seconds(lambda: asked([sys.executable, "-I", "-m", "deskblog.web.child"], link)))
    ratio = min(packed) / min(plain)
    print(f"\na child process, packaged against sources: {ratio:.2f}")
    assert ratio < 1.5


def frozen(module: str) -> list[str]:
    return [str(FROZEN / "deskblog"), "--child", module]


def asked(words: list[str], question: bytes) -> bytes:
    return subprocess.run(words, input=question, capture_output=True, check=True).stdout


def seconds(do: Callable[[], object]) -> float:
    began = time.monotonic()
    do()
    return time.monotonic() - began


def test_the_window_comes_no_later_than_from_an_environment(tmp_path: Path, pipx: Path) -> None:
    """Process start to window, in turn, on one screen, with one office."""
    packed, plain = [], []
    with screen() as display:
        env = {"HOME": str(tmp_path), "PATH": os.environ["PATH"], "DISPLAY": display, "DESKBLOG_LANGUAGE": "en"}
        env |= {"DESKBLOG_DATA": str(tmp_path / "data"), "XDG_RUNTIME_DIR": str(tmp_path), "QT_QPA_PLATFORM": "xcb"}
        env["LANG"] = "C.UTF-8"
        found = [str(FROZEN / "deskblog"), "office", "found", "deskblog", "--me", "Anne"]
        subprocess.run(found, env=env, check=True, capture_output=True)
        for _run in range(RUNS):
            packed.append(seconds_to_window([str(FROZEN / "deskblog-app")], env))
            plain.append(seconds_to_window([str(pipx / "deskblog-app")], env))
    ratio = min(packed) / min(plain)
    print(f"\nprocess start to window, packaged against an environment: {ratio:.2f}")
    assert ratio < 1.2
