"""Measures, and writes docs/performance.md: python -m bench [JOB …] [--long] [--page]

Without a job all quick ones run (half an hour on two cores). `--long` adds a history of 100,000, stores of a million
and three weeks of an office. `--page` measures nothing and writes the page from what was found last. Further studies
that write no page: calm, mesh, feeds (`--real --feeds 1000`), compose, table, day.
"""

from __future__ import annotations

import os
import subprocess
import sys

from bench import page
from bench.measure import ROOT, cache

JOBS = ("live", "history", "store", "start", "frames", "photo", "idle", "eighty", "week")
STUDIES = {
    "calm": "bench_calm",
    "mesh": "bench_mesh",
    "feeds": "bench_feeds",
    "compose": "bench_compose",
    "table": "table",
    "day": "day",
}


def measure(job: str, words: list[str]) -> int:
    """Runs one job; what it found takes the place of what it found before only if it came to its end."""
    sys.stderr.write(f"{job}\n")
    line = [sys.executable, "-m", f"bench.{job}", *words]
    done = subprocess.run(line, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=_env(), check=False)
    if done.returncode:
        sys.stderr.write(f"  {job} failed; what was found before stays.\n")
        return 1
    (cache("results") / f"{job}.jsonl").write_text(done.stdout)
    return 0


def _env() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def main(words: list[str]) -> int:
    options = [word for word in words if word.startswith("--")]
    named = [word for word in words if not word.startswith("--")]
    if "--help" in options:
        sys.stdout.write(f"{__doc__}\n")
        return 0
    if named and named[0] in STUDIES:
        script = ROOT / "bench" / f"{STUDIES[named[0]]}.py"
        return subprocess.call([sys.executable, str(script), *words[1:]], cwd=ROOT, env=_env())
    unknown = [word for word in named if word not in JOBS]
    if unknown:
        sys.stderr.write(f"There is no job {unknown[0]}; there are {', '.join((*JOBS, *STUDIES))}.\n")
        return 2
    failed = 0
    if "--page" not in options:
        failed = sum(measure(job, options) for job in named or JOBS)
    sys.stderr.write(f"{page.write(JOBS).relative_to(ROOT)} is written.\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
