"""A process that has others write posts until they are killed: python -m tests.store.scribe FOLDER

For each line on its input it begins a life, `life PID`, which says after each run how far its log is kept,
`NAME SEQ`, until somebody kills it; then `dead SIGNAL`.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import NoReturn

from deskblog.log import kinds
from deskblog.log.entry import write_entry
from deskblog.store.store import Held, Store
from tests.log.chronicle import Chronicle, keys, log_of
from tests.store.diary import NOON

OWN, OTHERS = log_of("anne"), log_of("bruno")


def office_of_two() -> Chronicle:
    book = Chronicle()
    book.admit("bruno")
    return book


def write(folder: Path) -> NoReturn:
    book = office_of_two()
    office = book.office()
    store = Store.open(folder, keys("anne").device, lambda: NOON)
    store.add_acts(tuple(book.acts), office)
    round_ = 0
    while True:
        for name, log, count in (("anne", OWN, 1), ("bruno", OTHERS, 1 + round_ % 40)):
            held: list[Held] = []
            after = store.head(log)
            for _n in range(count):
                seq = after.seq + 1 if after else 1
                opening = kinds.Open(book.warrants[name][0])
                content: kinds.Content = opening if seq == 1 else kinds.Post(f"{name} writes number {seq}")
                body = kinds.encode_body(content, bytes(kinds.SALT))
                entry, signature = write_entry(
                    keys(name), book.found.office, log.number, after, NOON + seq, kinds.kind_of(content), body
                )
                held.append(Held(entry, signature, body))
                after = entry.point
            if log == OWN:
                store.append(held[0], office)
            else:
                store.ingest(log, held, office)
            print(name, after.seq if after else 0, flush=True)
        round_ += 1


def main(folder: Path) -> None:
    for _line in sys.stdin:
        pid = os.fork()  # the imports are paid for once
        if not pid:
            print("life", os.getpid(), flush=True)
            write(folder)
        _pid, status = os.waitpid(pid, 0)
        print("dead", os.WTERMSIG(status), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
