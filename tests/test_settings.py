"""What a person chose is there again, whatever became of the file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskblog.errors import Unusable
from deskblog.settings import FILE, LOOKS, SIZES, Keeper, Settings


def test_where_nothing_was_chosen_the_usual_holds_and_nothing_is_written(tmp_path: Path) -> None:
    kept = Keeper(tmp_path)
    assert kept.now == Settings() and kept.trouble is None
    assert list(tmp_path.iterdir()) == []


def test_what_is_chosen_is_there_at_the_next_start(tmp_path: Path) -> None:
    Keeper(tmp_path).choose(look="dark", text=150)
    Keeper(tmp_path).choose(moves=False, language="fr")
    assert Keeper(tmp_path).now == Settings("dark", 150, False, "fr")
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_what_is_usual_again_is_not_written(tmp_path: Path) -> None:
    kept = Keeper(tmp_path)
    kept.choose(look="dark", text=125)
    kept.choose(look="system")
    assert json.loads((tmp_path / FILE).read_text()) == {"text": 125}


@pytest.mark.parametrize("bytes_", [b"", b"{", b"[]", b'"dark"', b"\xff\xfe", b"[" * 200_000, b'{"look": }'])
def test_a_damaged_file_is_set_aside_and_said(tmp_path: Path, bytes_: bytes) -> None:
    (tmp_path / FILE).write_bytes(bytes_)
    kept = Keeper(tmp_path)
    assert kept.now == Settings()
    assert kept.trouble is not None and "settings-damaged.json" in kept.trouble.kept
    assert (tmp_path / "settings-damaged.json").read_bytes() == bytes_
    kept.choose(text=110)
    again = Keeper(tmp_path)
    assert again.now.text == 110 and again.trouble is None


def test_what_a_later_version_wrote_stays(tmp_path: Path) -> None:
    later = {"look": "sepia", "text": 125, "weather": {"shown": True}, "moves": "slowly"}
    (tmp_path / FILE).write_text(json.dumps(later))
    kept = Keeper(tmp_path)
    assert kept.now == Settings(text=125) and kept.trouble is None
    kept.choose(text=150)
    assert json.loads((tmp_path / FILE).read_text()) == {**later, "text": 150}


@given(
    st.dictionaries(
        st.sampled_from(["look", "text", "moves", "language", "x"]), st.none() | st.text() | st.integers()
    )
)
def test_no_value_somebody_writes_there_by_hand_does_harm(
    tmp_path_factory: pytest.TempPathFactory, said: dict[str, object]
) -> None:
    folder = tmp_path_factory.mktemp("by-hand")
    (folder / FILE).write_text(json.dumps(said))
    now = Keeper(folder).now
    assert now.look in LOOKS and SIZES[0] <= now.text <= SIZES[-1] and isinstance(now.moves, bool)
    assert now.language == "" or (len(now.language) == 2 and now.language.isalpha())


def test_one_that_cannot_be_kept_holds_until_the_end(tmp_path: Path) -> None:
    kept = Keeper(tmp_path)
    (tmp_path / f"{FILE}.part").mkdir()  # in the way of every write
    with pytest.raises(Unusable, match="cannot be kept"):
        kept.choose(look="light")
    assert kept.now.look == "light"
    assert Keeper(tmp_path).now == Settings()


def test_without_a_folder_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert Keeper(None).choose(look="dark").look == "dark"
    assert list(tmp_path.iterdir()) == []
