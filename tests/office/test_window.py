"""Two real windows on two hosts, each under a virtual screen of its own: what is typed in one is seen in both."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.office.hosts import Office
from tests.office.screen import Screen


@pytest.mark.office
def test_a_post_typed_in_one_window_is_seen_in_the_other(office: Office, tmp_path: Path) -> None:
    lan = office.lan()
    a, b = office.host("a", lan), office.host("b", lan)
    a.cli("office", "found", "Dupont & fils", "--me", "Anne")
    anne, paul = Screen(a, tmp_path), Screen(b, tmp_path)
    anne.open_app()
    node = b.node()
    node.wait("ready")
    a.admit(b, "Paul")
    node.wait("linked", person="Anne")
    node.stop()
    paul.open_app()
    paul.until(lambda: any(p["here"] and not p["me"] for p in b.cli("office", "people")))
    before = paul.picture("window-b-before")
    anne.post("Coffee is ready, second floor")
    paul.wait("Anne", "Coffee is ready, second floor")
    paul.until(lambda: paul.pixels_changed(before, paul.picture("window-b")) > 3000)
    paul.post("Coming!")
    anne.wait("Paul", "Coming!")
