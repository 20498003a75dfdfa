"""Beginning with the session is offered once, at the second start."""

from __future__ import annotations

from pathlib import Path

from deskblog import autostart
from deskblog.ui.autostart_offer import KEY, AutostartOffer
from deskblog.ui.banner import Banner
from tests.ui.desk import Desk


def begun(desk: Desk, folder: Path, said: str) -> tuple[Banner, autostart.Desktop]:
    """A start, after which the PC remembers this."""
    banner, entry = Banner(), autostart.Desktop(folder)
    desk.widgets.append(banner)
    AutostartOffer(desk.bridge, banner, entry=entry).begin()
    desk.until(lambda: desk.ask(desk.bridge.engine.remembered(KEY)) == said)
    return banner, entry


def test_it_is_offered_at_the_second_start_and_never_again(anne: Desk, tmp_path: Path) -> None:
    banner, entry = begun(anne, tmp_path / "autostart", "begun")
    assert banner.isHidden()
    banner, entry = begun(anne, tmp_path / "autostart", "said")
    assert not banner.isHidden() and "log in" in banner.what.text()
    banner.closer.click()
    assert banner.isHidden() and not autostart.is_on(entry)
    banner, entry = begun(anne, tmp_path / "autostart", "said")
    assert banner.isHidden()


def test_a_press_turns_it_on(anne: Desk, tmp_path: Path) -> None:
    begun(anne, tmp_path / "autostart", "begun")
    banner, entry = begun(anne, tmp_path / "autostart", "said")
    banner.button.click()
    assert banner.isHidden() and autostart.is_on(entry)


def test_that_it_cannot_be_is_told(anne: Desk, tmp_path: Path) -> None:
    (tmp_path / "autostart").write_text("a file, where the folder would be")
    begun(anne, tmp_path / "autostart", "begun")
    banner, _entry = begun(anne, tmp_path / "autostart", "said")
    banner.button.click()
    assert any("could not be changed" in str(event) for event in anne.heard())
