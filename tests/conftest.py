"""What holds for every test: the language is English, no thread stays behind, the engine's loop is never blocked."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from blockbuster import blockbuster_ctx
from hypothesis import HealthCheck, settings

os.environ["DESKBLOG_LANGUAGE"] = "en"
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

HERE = Path(__file__).parent
HUNG, PATIENT = 300, 1800  # s
# Where a loop runs in the test's own thread.
LOOPS = (HERE / "engine", HERE / "net", HERE / "attention", HERE / "publish")
ENDING_SECONDS = 5.0

PARTS = ("office_settings", "leaving", "bundles", "importing", "exporting", "polls", "linkcards")
# Blocking on purpose, once in the life of an engine and while nobody else is served yet or any more.
MAY_BLOCK = (
    ("deskblog/net/link.py", "_load"),  # OpenSSL takes a key from a file only
    ("deskblog/log/keys.py", "recovery_words"),  # lists of words are files, read when an office is founded …
    ("deskblog/log/keys.py", "recovery_seed"),
    ("deskblog/net/code.py", "word_list"),  # … and at the first invitation
    *(  # a library that a start can do without is read at its first use
        ("deskblog/i18n.py", "long_date"),
        ("deskblog/engine/quiet.py", "days_text"),
        ("deskblog/engine/feed_lists.py", "written"),
        ("deskblog/engine/programs.py", "_own_kind"),
        ("deskblog/engine/settings_file.py", "_toml"),
        ("deskblog/net/doctor.py", "_clock"),
        ("deskblog/net/other_make.py", "key_of"),
        ("deskblog/feeds/cache.py", "_date"),
        ("deskblog/publish/dates.py", "rfc822"),
        ("deskblog/publish/dates.py", "day"),
        ("deskblog/publish/dates.py", "month_said"),
        ("deskblog/attention/bus.py", "call"),
        ("deskblog/attention/bus.py", "_connected"),
        ("deskblog/engine/announcing.py", "report"),
        ("deskblog/net/code.py", "_check_word"),
        *(("deskblog/engine/parts.py", part) for part in PARTS),
    ),
    ("deskblog/engine/vault.py", "close"),  # the store's thread has no work left when it is waited for
    ("coverage/collector.py", "lock_data"),  # the measuring, not the measured
)

# No deadline: how long an example takes depends on what else this machine does.
settings.register_profile("here", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("here"), derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("DESKBLOG_CI") else "here")


def pytest_addoption(parser: pytest.Parser) -> None:
    what = "ms that each transaction takes longer: finds what is right on a quick disk alone"
    parser.addoption("--slow-disk", type=float, default=0.0, metavar="MS", help=what)


@pytest.fixture(scope="session", autouse=True)
def _disk(pytestconfig: pytest.Config) -> Iterator[None]:
    if ms := pytestconfig.getoption("--slow-disk"):
        from tests.slow_disk import slow

        with slow(ms):
            yield
    else:
        yield


_threads = pytest.StashKey[frozenset[threading.Thread]]()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, None, None]:
    item.stash[_threads] = frozenset(threading.enumerate())
    return (yield)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, None, None]:
    """Fails a test whose threads outlive it; one that is ending is waited for."""
    yield
    end = time.monotonic() + ENDING_SECONDS
    left = [thread for thread in threading.enumerate() if thread not in item.stash[_threads]]
    stray = [thread for thread in left if not _ends(thread, end)]
    assert not stray, f"threads left behind: {', '.join(thread.name for thread in stray)}"


@pytest.fixture(autouse=True)
def _nothing_hangs(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test that waits for ever fails instead, where the system has an alarm."""
    if not hasattr(signal, "SIGALRM"):
        yield
        return
    patient = any(part in request.path.parts for part in ("office", "simulation"))
    before = signal.signal(signal.SIGALRM, _hung)
    signal.alarm(PATIENT if patient else HUNG)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def _hung(_signal: int, _frame: object) -> None:
    raise AssertionError("this test hangs")


@pytest.fixture(scope="session", autouse=True)
def no_words_of_ones_own(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Enchant keeps lists of words per person, and makes them where there are none."""
    os.environ["ENCHANT_CONFIG_DIR"] = str(tmp_path_factory.mktemp("enchant"))


def _ends(thread: threading.Thread, end: float) -> bool:
    if isinstance(thread, threading._DummyThread):  # a thread of Qt's own that Python met by chance
        return True
    thread.join(max(0.0, end - time.monotonic()))
    return not thread.is_alive()


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """A run whose tests left a thread behind has failed already; it must not hang on top."""
    stray = [
        thread for thread in threading.enumerate() if thread is not threading.main_thread() and not thread.daemon
    ]
    if stray:
        os.write(2, f"ended by force: {', '.join(thread.name for thread in stray)}\n".encode())
        os._exit(1)


@pytest.fixture(autouse=True)
def _loop_is_not_blocked(request: pytest.FixtureRequest) -> Iterator[None]:
    """A blocking call of deskblog's on a running loop raises BlockingError there."""
    if any(request.path.is_relative_to(folder) for folder in LOOPS):
        with blockbuster_ctx("deskblog") as blockbuster:
            for function in blockbuster.functions.values():
                for file, name in MAY_BLOCK:
                    function.can_block_in(file, name)
            yield
    else:
        yield
