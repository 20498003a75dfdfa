"""`deskblog` whose lines say by the machine's own clock when they were told: no reading of them counts"""

from __future__ import annotations

import sys
import time

from deskblog import cli, commands, events
from deskblog.commands.forms import Json


def main() -> int:
    lines = commands.event_lines

    def told(event: events.Event) -> list[Json]:
        return [{**line, "told": time.monotonic()} for line in lines(event)]

    commands.event_lines = told
    return cli.main()


if __name__ == "__main__":
    sys.exit(main())
