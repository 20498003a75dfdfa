"""The rules of the house that no linter knows."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
MODULES = sorted((ROOT / "deskblog").rglob("*.py"))
FILE_LINES, FUNCTION_LINES = 400, 60
NO_DOCSTRING = ("__init__.py", "__main__.py")
Function = ast.FunctionDef | ast.AsyncFunctionDef


def tracked() -> list[Path]:
    """The files that git keeps or would keep here; in a source archive, all but what is built."""
    asked = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        names = [ROOT / name for name in done.stdout.split("\0") if name]
    else:
        names = [
            *ROOT.glob("*"),
            *(p for top in ("deskblog", "tests", "docs", "bench") for p in (ROOT / top).rglob("*")),
        ]
    return sorted(path for path in names if path.is_file() and path.suffix not in (".pyc", ".mo"))


def functions(tree: ast.AST) -> Iterator[Function]:
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def where(path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"


def test_no_module_has_grown_past_one_idea() -> None:
    lines = {path: path.read_text(encoding="utf-8").count("\n") for path in MODULES}
    assert [f"{path.relative_to(ROOT)}: {n} lines" for path, n in lines.items() if n > FILE_LINES] == []


def test_no_function_has_grown_past_a_page() -> None:
    long = [
        f"{where(path, node)}: {node.name}"
        for path in MODULES
        for node in functions(parsed(path))
        if (node.end_lineno or 0) - node.lineno >= FUNCTION_LINES
    ]
    assert long == []


def test_every_module_says_what_it_is_for() -> None:
    silent = [path for path in MODULES if path.stat().st_size and not ast.get_docstring(parsed(path))]
    assert [str(path.relative_to(ROOT)) for path in silent] == []


def test_every_module_has_the_annotations_of_tomorrow() -> None:
    wanted = "from __future__ import annotations"
    without = [p for p in MODULES if p.name not in NO_DOCSTRING and wanted not in p.read_text(encoding="utf-8")]
    assert [str(path.relative_to(ROOT)) for path in without] == []


def test_only_the_command_line_prints() -> None:
    printing = [
        where(path, node)
        for path in MODULES
        if path.name not in ("cli.py",)
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    assert printing == []


def test_nothing_is_caught_wholesale() -> None:
    """`except Exception` hides our own faults; what must be caught at a boundary has a name."""
    broad = [
        where(path, node)
        for path in MODULES
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id == "Exception"))
    ]
    assert broad == []


def test_nothing_is_left_for_later() -> None:
    later = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|raise NotImplementedError")
    here = Path(__file__).resolve()
    left = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in tracked()
        if path.suffix in (".py", ".md", ".toml", "") and path.resolve() != here
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if later.search(line)
    ]
    assert left == []


def test_no_test_is_skipped_and_none_sleeps() -> None:
    idle = re.compile(r"pytest\.skip|mark\.skip|mark\.xfail|\btime\.sleep\(|asyncio\.sleep\((?!0\))")
    here = Path(__file__).resolve()
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
        if path != here
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if idle.search(line)
    ]
    assert found == []


# What would tell where this was built: folders of people and of package mirrors, names of machines.
MACHINE = re.compile(
    r"/home/[a-z]|/root/|/Users/[a-zA-Z]|file:///(opt|srv|mnt)|/simple/|\.internal\b|snapshot\.debian"
)


def test_no_file_tells_on_which_machine_it_was_made() -> None:
    telling = [
        f"{path.relative_to(ROOT)}: {line.strip()[:80]}"
        for path in tracked()
        if path.resolve() != Path(__file__).resolve()
        for line in path.read_bytes().decode("utf-8", "ignore").splitlines()
        if MACHINE.search(line) or (len(ROOT.parts) > 2 and f"{ROOT}/" in line)
    ]
    assert telling == []
