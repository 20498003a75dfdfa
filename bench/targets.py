"""What deskblog must weigh (the design's table), what of it is measured beside whom, and what stands in the way."""

from __future__ import annotations

from dataclasses import dataclass

from bench.measure import OURS

NODE, LOADED, IDLE = "deskblog node", "bare window, libraries loaded", "bare window, deskblog loaded"
CORE, FTS, SKELETON = "bare Python core", "bare FTS5", "bare PySide6 window"
TABLES, THREADS = "our tables alone", "our threads and tables alone"
JS = ("Scuttlebutt", "hypercore")


@dataclass(frozen=True, slots=True)
class Target:
    """A row: the figure `what` of `who` at `size` is to be at most `most` (or at least, where `least`).

    `beside`: whose figures stand beside it, and (who, what) where theirs has another name. `way`: the limit that
    stands in the way if it is not met; figures in braces, as {job|what|who|size}. `there`: (who, figure) of one of
    those beside it on the machine the target was set on; by that the target is a ratio, and holds on any machine.
    """

    row: str
    words: str
    job: str
    what: str
    most: float
    size: int = 0
    who: str = OURS
    least: bool = False
    beside: tuple[str | tuple[str, str], ...] = ()
    way: str = ""
    there: tuple[str, float] | None = None


IMPORTS = (
    "Python and its libraries: the bare window with all loaded that deskblog uses and did not write, and not one"
    " module of ours, is there after {start|start, its window|bare window, libraries loaded|0} and weighs"
    " {start|memory|bare window, libraries loaded|0}; without them {start|start, its window|bare PySide6 window|0}"
    " and {start|memory|bare PySide6 window|0}. With our own modules loaded too, and nothing of them begun, it is"
    " {start|start, its window|bare window, deskblog loaded|0} and {start|memory|bare window, deskblog loaded|0}:"
    " what is left is the store with its cache, the engine and its links, the widgets and what they paint. A node"
    " without any Qt serves after {start|start, serving|deskblog node|100000}. All of it is processor"
    " ({start|start, its processor until then|deskblog|100000} until the window); PySide makes the enumerations of"
    " each class of Qt anew when it is first named, four thousand names until then."
)
PROCESSORS = (
    "Eighty programs share the processors of one machine: each spends"
    " {eighty|a post to all, processor of each|deskblog|80} on a post, and eighty times that, over so many cores, is"
    " the least for the last of them. Eighty bare cores with ten links each, which check, keep and pass on and do"
    " nothing else, take {eighty|a post to all, 99 of 100|bare Python core|80} here. Eighty PCs do it at once."
)
CPU_OF_80 = (
    "Beacons of 79 others on two protocols, and pings of ten links:"
    " {eighty|idle among so many, wake-ups|deskblog|80}. A node alone on its machine with 200 neighbours announced"
    " wakes {idle|idle, wake-ups|deskblog, 200 neighbours|0} and takes"
    " {idle|idle, processor|deskblog, 200 neighbours|0}: eighty programs on one machine find the caches filled by"
    " the others."
)
WHOLE_ROWS = (
    "Fifty whole rows: names, answers, reactions, attachments, who was quoted. To find them is the lesser part: the"
    " same page without a search takes {store|a page of the timeline|deskblog|SIZE}, FTS5 alone"
    " {store|WHAT|bare FTS5|SIZE}."
)
FOLDER = (
    "What is on the screen and in the office: without its photos the folder weighs"
    " {week|memory with the window, its photos elsewhere|deskblog|0}; the window on 100,000 posts of 21 people and no"
    " photo {start|memory|deskblog|100000}. This one has 80 people with what they are doing, reactions, votes and"
    " feeds. "
)
JUDGED = (
    "The post is on the writer's disk for good before anybody is sent it: {live|two pages for good|the disk|0} of it,"
    " as of the bare core's. Two ends built as ours are, each with a loop and a thread for the store so that no link"
    " waits for a disk, that write the same tables and judge nothing, take"
    " {live|a post, half of them|our threads and tables alone|0}, and"
    " {live|a post, processor of both ends|our threads and tables alone|0} of processor; ours"
    " {live|a post, processor of both ends|deskblog|0}: each end asks whether the post may count, where it stands,"
    " what answers it and what is said of it, has its row made and tells of it, and the reader tells the writer that"
    " it is safe. All of that is Python, and the two PCs are one process here, with one interpreter's lock."
)
IN_ONE_RUN = "memory, a day more, in one run until day"
PAGES = (
    "SQLite keeps what it has read of the store, up to 2 MB: of {week|memory, at the end|deskblog node|0} it holds"
    " {week|of it SQLite’s, at the end|deskblog node|0}, on the first morning"
    " {week|of it SQLite’s, the first morning|deskblog node|0}. A node starts with"
    " {start|memory|deskblog node|100}, most of it Python and its modules."
)
SIGNED = (
    "A header with the hash of the one before it and of the body, kept and sent as it was signed, an id, and the"
    " words: the bare core with the same, and an index that knows no phrase, takes"
    " {store|disk a post|bare Python core|100000}."
)
TARGETS = (
    Target(
        "a post, stored, searchable and shown on B",
        "p50 ≤ 1.5 ms",
        "live",
        "a post, half of them",
        1.5,
        beside=(CORE, THREADS, *JS),
        there=(CORE, 0.6),
        way=JUDGED,
    ),
    Target("seen on the network → linked", "≤ 100 ms", "live", "seen, then linked", 100.0),
    Target(
        "10,000 posts to a newcomer",
        "≤ 1.0 s",
        "history",
        "history, seconds",
        1.0,
        10_000,
        beside=(CORE, *JS),
        there=("Scuttlebutt", 2.4),
        way="One core of the newcomer's: {history|history, its processor|deskblog|10000} of processor.",
    ),
    Target(
        "… the newcomer's processor",
        "≤ 1.1 s",
        "history",
        "history, its processor",
        1.1,
        10_000,
        beside=(CORE, *JS),
        way="Rows, answers, unread and words are kept in the same transaction.",
    ),
    Target(
        "100,000 posts taken in, words included",
        "≥ 20,000/s",
        "store",
        "taken in",
        20_000.0,
        100_000,
        least=True,
        beside=(CORE, TABLES),
        way="SQLite itself: the same rows written to the same tables and indexes, as many in a transaction, with the"
        " same signatures checked and nothing judged, looked up or shown, come to"
        " {store|taken in|our tables alone|100000}: of the 50 µs that the target has for a post, a few are left at"
        " the best for all that judges, orders and shows it. The words are indexed in the same transaction, so that"
        " what is shown can be found at once; the target was set for an index that may lag.",
    ),
    Target(
        "one post to 80 people",
        "p99 ≤ 50 ms",
        "eighty",
        "a post to all, 99 of 100",
        50.0,
        80,
        beside=(CORE,),
        way=PROCESSORS,
    ),
    *(
        Target(
            f"search, {what}, {size:,} posts",
            "p99 ≤ 1 ms",
            "store",
            f"{what}, 99 of 100",
            1.0,
            size,
            beside=(FTS,),
            there=(FTS, 0.2) if size == 1_000_000 else None,
            way=WHOLE_ROWS.replace("SIZE", str(size)).replace("WHAT", what),
        )
        for size in (100_000, 1_000_000)
        for what in ("a rare word", "a common word", "two words", "a prefix of three letters")
    ),
    *(
        Target(
            f"a page of the timeline, {size:,} posts",
            "≤ 2 × that at 10,000",
            "store",
            "a page of the timeline",
            -2.0,
            size,
            beside=(FTS,),
        )
        for size in (100_000, 1_000_000)
    ),
    Target(
        "start → window with posts, 100,000 kept",
        "≤ 0.35 s",
        "start",
        "start, a window with posts",
        0.35,
        100_000,
        there=(SKELETON, 0.23),
        beside=tuple((who, "start, its window") for who in (SKELETON, LOADED, IDLE, "Pidgin", "iptux")),
        way=IMPORTS,
    ),
    Target(
        "memory with the window, 100,000 kept",
        "≤ 105 MiB",
        "start",
        "memory",
        105.0,
        100_000,
        beside=(SKELETON, LOADED, IDLE, "Pidgin", "iptux"),
        way=IMPORTS,
    ),
    Target("memory of a node, 100,000 kept", "≤ 60 MiB", "start", "memory", 60.0, 100_000, who=NODE, way=IMPORTS),
    Target(
        "idle, 200 neighbours announced", "≤ 0.1 %", "idle", "idle, processor", 0.1, who=f"{OURS}, 200 neighbours"
    ),
    Target(
        "idle, one of eighty linked", "≤ 0.1 %", "eighty", "idle among so many, processor", 0.1, 80, way=CPU_OF_80
    ),
    Target(
        "idle, the window open",
        "≤ 0.1 %",
        "idle",
        "idle, processor",
        0.1,
        who=f"{OURS}, its window open",
        beside=(SKELETON, "Pidgin", "iptux"),
        way="A node is in it, with its beacons and heartbeats:"
        " {idle|idle, processor|deskblog, 0 neighbours|0} and {idle|idle, wake-ups|deskblog, 0 neighbours|0} of it."
        " The bare window and Pidgin, which has no account here, listen to nobody.",
    ),
    Target(
        "memory of a node, after a week of an office of 80",
        "≤ 60 MiB",
        "week",
        "memory, at the end",
        60.0,
        who=NODE,
        way=PAGES,
    ),
    Target("… a day more, in the third week", "≤ 0.5 MiB", "week", IN_ONE_RUN, 0.5, 15, who=NODE, way=PAGES),
    Target(
        "… left open: descriptors, threads, tasks", "0", "week", "left open since the first morning", 0.0, who=NODE
    ),
    Target(
        "… with the window, on the folder of that week",
        "≤ 105 MiB",
        "week",
        "memory with the window, on its folder",
        105.0,
        way=FOLDER + IMPORTS,
    ),
    Target(
        "disk a post, words included", "≤ 800 B", "store", "disk a post", 800.0, 100_000, beside=(CORE,), way=SIGNED
    ),
    Target("a frame while scrolling, 100,000 posts", "p95 ≤ 8 ms", "frames", "a frame, 95 of 100", 8.0, 100_000),
)
