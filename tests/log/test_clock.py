"""Stamps that follow what is held, heal when the clock is set right, and order the timeline."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from deskblog.log.clock import AHEAD, sorts_at, stamp

NOW = 1_800_000_000_000
YEAR = 365 * 24 * 3600 * 1000
times = st.integers(0, 2**48)


def test_a_stamp_is_now_and_after_all_that_is_held() -> None:
    assert stamp(NOW, 0) == NOW
    assert stamp(NOW, NOW - 1) == NOW
    assert stamp(NOW, NOW) == NOW + 1
    assert stamp(NOW, NOW + AHEAD) == NOW + AHEAD + 1


def test_a_clock_that_was_a_year_ahead_heals_as_soon_as_it_is_set_right() -> None:
    wrong = stamp(NOW + YEAR, 0)
    assert wrong == NOW + YEAR
    assert stamp(NOW, wrong) == NOW


def test_five_minutes_are_milliseconds_and_not_seconds() -> None:
    assert sorts_at(NOW + 299_000, NOW) == NOW + 299_000
    assert sorts_at(NOW + 300_000, NOW) == NOW + 300_000
    assert sorts_at(NOW + 301_000, NOW) == NOW
    assert sorts_at(NOW + 360_000, NOW) == NOW


def test_a_thousand_posts_from_a_year_ahead_move_nobody_elses_stamps() -> None:
    held = [NOW + YEAR + n for n in range(1000)]
    latest = max((time for time in held if time <= NOW + AHEAD), default=0)
    assert stamp(NOW, latest) == NOW


def test_an_old_entry_sorts_at_its_own_time() -> None:
    assert sorts_at(0, NOW) == 0
    assert sorts_at(NOW - YEAR, NOW) == NOW - YEAR


@given(times, times)
def test_a_stamp_is_never_before_now_nor_far_after_it(now: int, latest: int) -> None:
    assert now <= stamp(now, latest) <= now + AHEAD + 1


@given(times, times)
def test_nothing_sorts_far_after_its_arrival(time: int, arrival: int) -> None:
    assert sorts_at(time, arrival) <= arrival + AHEAD
