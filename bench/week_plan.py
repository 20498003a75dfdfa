"""What an office of eighty does in a working week, drawn with a seed: who does what, and at which minute of the day.

Of some 400 posts a day one in three answers, one in twelve asks; few people write much and many little. Beside them
the small things: reactions, corrections, what is taken back, a poll a day, three announcements, photos.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from itertools import accumulate

SEED, PEOPLE, DAYS = 2008, 80, 5
OPENS, CLOSES = 8 * 60, 18 * 60  # minutes of the day
STAFF = (0, 2, 3)  # whose PCs are real programs here; the first founded the office
ME = 1  # whose node is looked at
WRITERS = tuple(n for n in range(PEOPLE) if n not in (*STAFF, ME))
POSTS, PHOTOS = 400, 15  # a day
SMALL = {"react": 220, "status": 40, "coffee": 20, "correct": 12, "withdraw": 5}
VOTES, RECEIPTS = 40, 60
ANNOUNCED = (0, 2, 3)  # days of the week on which something is announced


@dataclass(frozen=True, slots=True, order=True)
class Deed:
    """`which`: chooses among what it may be about, 0 to 1."""

    minute: int
    writer: int
    what: str
    which: float


class Plan:
    def __init__(self, seed: int = SEED) -> None:
        self._dice = random.Random(seed)
        busy = [min(12.0, self._dice.lognormvariate(0.0, 0.9)) for _one in WRITERS]
        self._busy = list(accumulate(busy))

    def day(self, number: int) -> list[Deed]:
        """All of one working day, in order."""
        deeds = [self._deed(self._said()) for _n in range(POSTS)]
        deeds += [self._deed(what) for what, times in SMALL.items() for _n in range(times)]
        deeds += [Deed(self._minute(), self._dice.choice(STAFF), "photo", 0.0) for _n in range(PHOTOS)]
        deeds.append(Deed(OPENS + 90, self._writer(), "poll", 0.0))
        deeds += [Deed(*one, "vote", self._dice.random()) for one in self._later(OPENS + 91, VOTES)]
        if number % 7 in ANNOUNCED:
            at = OPENS + 60 + 15 * (number // 7)  # later each week: three in seven days are allowed, to the minute
            deeds.append(Deed(at, STAFF[0], "announce", 0.0))
            deeds += [Deed(*one, "receipt", 0.0) for one in self._later(at + 1, RECEIPTS)]
        return sorted(deeds)

    def _said(self) -> str:
        dice = self._dice.random()
        return "answer" if dice < 0.33 else "question" if dice < 0.41 else "post"

    def _deed(self, what: str) -> Deed:
        return Deed(self._minute(), self._writer(), what, self._dice.random())

    def _minute(self) -> int:
        return min(CLOSES - 1, max(OPENS, round(self._dice.gauss(13 * 60, 170))))

    def _writer(self) -> int:
        return self._dice.choices(WRITERS, cum_weights=self._busy)[0]

    def _later(self, minute: int, count: int) -> list[tuple[int, int]]:
        """So many people, each once, some time after that."""
        people = self._dice.sample(WRITERS, count)
        return [(min(CLOSES - 1, minute + round(self._dice.expovariate(1 / 120))), one) for one in people]
