"""docs/performance.md, made of what the jobs found: the table, what stands in the way, every figure."""

from __future__ import annotations

import json
import os
import platform
import re
import time
from pathlib import Path

from bench.measure import ROOT, Figure, Json, cache, short
from bench.targets import TARGETS, Target

PAGE = ROOT / "docs" / "performance.md"
_PLACE = re.compile(r"\{([^|{}]+)\|([^|{}]+)\|([^|{}]+)\|(\d+)\}")


class Found:
    """What the newest run of each job said."""

    def __init__(self, jobs: tuple[str, ...]) -> None:
        self.figures: dict[tuple[str, str, str, int], Figure] = {}
        self.words: dict[str, list[str]] = {}
        self.runs: dict[str, Json] = {}
        for job in jobs:
            path = cache("results") / f"{job}.jsonl"
            for line in path.read_text().splitlines() if path.exists() else ():
                self._take(job, json.loads(line))

    def _take(self, job: str, line: Json) -> None:
        if "words" in line:
            self.words.setdefault(job, []).append(line["words"])
        elif "load" in line:
            self.runs[job] = line
        else:
            figure = Figure(**{**line, "rounds": tuple(line["rounds"])})
            self.figures[figure.job, figure.what, figure.who, figure.size] = figure

    def of(self, job: str, what: str, who: str, size: int) -> Figure | None:
        return self.figures.get((job, what, who, size)) or self.figures.get((job, what, who, 0))


def write(jobs: tuple[str, ...]) -> Path:
    found = Found(jobs)
    parts = [_head(found), _table(found), _in_the_way(found), *(_details(found, job) for job in jobs)]
    PAGE.write_text("\n".join(parts).rstrip() + "\n", encoding="utf-8")
    return PAGE


def _head(found: Found) -> str:
    loads = [load for run in found.runs.values() for load in run["load"]]
    days = {time.strftime("%d %B %Y", time.gmtime(run["at"])).lstrip("0") for run in found.runs.values()}
    busy = f"load {min(loads):.1f} to {max(loads):.1f}" if loads else "nothing was measured yet"
    return f"""# What deskblog weighs

Made by `./run bench`, which writes this page; not by hand. {", ".join(sorted(days))}; {_cores()} cores,
{platform.system()}, CPython {platform.python_version()}; {busy} while it ran (where that is above {_cores()},
all wait for one another). Each job runs ours and the others in turn in one run, so **ratios count**, and seconds are
those of this machine, today. Where the design names what it measured beside a target, that is a ratio too (*asked*):
it holds where the seconds do not, on a machine that is quicker or slower. Medians of several rounds, and in brackets
the least and the most. `./run bench NAME` runs one job (live, history, store, start, frames, photo, idle, eighty,
week), `--long` adds the sizes that take long. What was measured in other ways, of healing, feeds and calm, is in
[measured.md](measured.md).
"""


def _cores() -> int:
    return os.cpu_count() or 1


def _table(found: Found) -> str:
    lines = [
        "## The targets\n",
        "| job | target | ours | others | as a ratio | |",
        "|---|---|---|---|---|---|",
    ]
    for target in TARGETS:
        ours = found.of(target.job, target.what, target.who, target.size)
        if ours is None:
            lines.append(f"| {target.row} | {target.words} | not measured (`--long`) | | | |")
            continue
        beside = _beside(found, target)
        others = ", ".join(f"{one.who} {_said(one)}" for one in beside)
        ratio = _ratio(target, ours, beside)
        verdict = "met" if _met(found, target, ours) else "**not met**"
        cells = target.row, target.words, _said(ours) + _spread(ours), others, ratio, verdict
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _ratio(target: Target, ours: Figure, beside: list[Figure]) -> str:
    """To whom the target was set beside, and what was asked; else to the first."""
    if not beside or not beside[0].median:
        return ""
    if target.there is None:
        return f"{short(ours.median / beside[0].median)} × {beside[0].who}"
    who, figure = target.there
    theirs = next((one for one in beside if one.who == who), None)
    if theirs is None:
        return ""
    return f"{short(ours.median / theirs.median)} × {who}; asked: {short(target.most / figure)}"


def _beside(found: Found, target: Target) -> list[Figure]:
    pairs = [(one, target.what) if isinstance(one, str) else one for one in target.beside]
    figures = [found.of(target.job, what, who, target.size) for who, what in pairs]
    return [one for one in figures if one is not None]


def _met(found: Found, target: Target, ours: Figure) -> bool:
    if target.most < 0:  # so many times what it is at ten thousand
        small = found.of(target.job, target.what, target.who, 10_000)
        return small is not None and ours.median <= -target.most * small.median
    return ours.median >= target.most if target.least else ours.median <= target.most


def _said(figure: Figure) -> str:
    return f"{short(figure.median)} {figure.unit}".strip()


def _spread(figure: Figure) -> str:
    if len(figure.rounds) < 2:
        return ""
    return f" ({short(min(figure.rounds))} to {short(max(figure.rounds))})"


def _in_the_way(found: Found) -> str:
    lines = ["## What stands in the way\n"]
    for target in TARGETS:
        ours = found.of(target.job, target.what, target.who, target.size)
        if ours is not None and target.way and not _met(found, target, ours):
            lines.append(f"- **{target.row}**: {_PLACE.sub(lambda at: _placed(found, at), target.way)}")
    return (
        "\n".join(lines) + "\n" if len(lines) > 1 else "## What stands in the way\n\nNothing: each target is met.\n"
    )


def _placed(found: Found, at: re.Match[str]) -> str:
    job, what, who, size = at.groups()
    figure = found.of(job, what, who, int(size))
    return _said(figure) if figure is not None else "(not measured)"


def _details(found: Found, job: str) -> str:
    figures = [figure for figure in found.figures.values() if figure.job == job]
    if not figures:
        return f"## {job}\n\nNot run.\n"
    run = found.runs.get(job, {"load": [0, 0], "took": 0})
    load = " to ".join(f"{one:.1f}" for one in run["load"])
    lines = [f"## {job}\n", f"{run['took']} s, load {load}.", *found.words.get(job, []), ""]
    sizes = sorted({figure.size for figure in figures})
    heads = [f"{size:,}" if size else "" for size in sizes]
    lines += [f"| | | {' | '.join(heads)} |", "|---|---|" + "---|" * len(sizes)]
    for what, who in dict.fromkeys((figure.what, figure.who) for figure in figures):
        cells = []
        for size in sizes:
            one = found.figures.get((job, what, who, size))
            cells.append(f"{_said(one)}{_spread(one)}" if one is not None else "")
        lines.append(f"| {what} | {who} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"
