"""Two weeks of an office of eighty, told to the rules: how often one ordinary person is disturbed, and how.

The traffic is drawn with a seed: who writes much and who little, when in the day, who is named, who asks, answers in
threads, three announcements a week, forty feed items a day. No second is measured; the counts are the result.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from deskblog.attention.rules import Moment, News, Show, Taste, decide
from deskblog.values import Urgency

PEOPLE, DAYS, SEED = 80, 14, 2008
FEED_ITEMS = 40  # a day
A_DAY = 3.2  # posts of a person at work, in the middle; a few write ten times as much


def news(dice: random.Random, heads: list[tuple[str, set[int]]], writer: int, me: int) -> News:
    """One post: three of ten answer something, one of twelve asks, one of forty names me."""
    if heads and dice.random() < 0.3:
        thread, part = heads[-1 - min(len(heads) - 1, int(dice.expovariate(0.4)))]
        mine, started = me in part, thread.startswith(f"{me}:")
        part.add(writer)
        return News("answer", str(writer), thread, to_me=started, my_thread=mine, names_me=dice.random() < 0.02)
    thread = f"{writer}:{len(heads)}"
    heads.append((thread, {writer}))
    kind = "question" if dice.random() < 0.12 else "post"
    return News(kind, str(writer), thread, names_me=dice.random() < 0.02, sealed=dice.random() < 0.004)


def main() -> int:
    dice, me = random.Random(SEED), 0
    taste = Taste(followed=frozenset({"7", "19"}))
    busy = [min(40.0, dice.lognormvariate(0.0, 0.9) * A_DAY) for _person in range(PEOPLE)]
    heads: list[tuple[str, set[int]]] = []
    told: Counter[tuple[int, Show]] = Counter()
    posts = 0
    for day in range(DAYS):
        working = day % 7 < 5
        for writer in range(PEOPLE):
            for _post in range(round(dice.expovariate(1 / busy[writer])) if working else int(dice.random() < 0.02)):
                minute = min(1439, max(0, round(dice.gauss(13 * 60, 170))))
                one = news(dice, heads, writer, me)
                posts += 1
                now = Moment(day % 7, minute, PEOPLE, looked_at=dice.random() < 0.15)
                if writer != me:
                    told[day, decide(one, taste, now).show] += 1
        for _item in range(FEED_ITEMS):
            told[day, decide(News("feed", feed="1"), taste, Moment(day % 7, 600, PEOPLE)).show] += 1
        if working and day % 7 in (0, 2, 3):
            urgency = Urgency.URGENT if day == 9 else Urgency.USUAL
            told[
                day, decide(News("announcement", "3", urgency=urgency), taste, Moment(day % 7, 600, PEOPLE)).show
            ] += 1
    sys.stdout.write(f"{PEOPLE} people, {DAYS} days, {posts} posts, seed {SEED}\n")
    for title, days in (("a working day", [d for d in range(DAYS) if d % 7 < 5]), ("a day off", [5, 6, 12, 13])):
        for show in Show:
            counts = sorted(told[day, show] for day in days)
            middle = counts[len(counts) // 2]
            sys.stdout.write(f"{title}: {show.name.lower()} {middle} (from {counts[0]} to {counts[-1]})\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
