"""The command line's words for newer versions of deskblog, and how their answers read."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from deskblog.cli_office import Command
from deskblog.commands.forms import Json
from deskblog.i18n import _


def add_programs(words: Any, common: argparse.ArgumentParser, command: Command) -> None:
    """show, fetch, add, under `deskblog program`."""
    told = _("which version runs, and which ones lie here")
    show = words.add_parser("show", parents=[common], help=told, description=told)
    show.set_defaults(run=command("program", lambda _args: {}))
    told = _("fetch newer versions from colleagues, if their makers signed them: on or off")
    fetch = words.add_parser("fetch", parents=[common], help=told, description=told)
    fetch.set_defaults(run=command("program-fetch", lambda args: {"on": args.on == "on"}))
    fetch.add_argument("on", choices=("on", "off"))
    told = _("hand a package on to colleagues; its signature lies beside it")
    add = words.add_parser("add", parents=[common], help=told, description=told)
    add.set_defaults(run=command("program-add", lambda args: {"file": str(Path(args.file).absolute())}))
    add.add_argument("file", metavar="FILE")


def programs_text(line: Json) -> str:
    """How it stands, a line a thing."""
    said = [_("This is deskblog {version}, of the package {kind}.").format(version=line["own"], kind=line["kind"])]
    if not line["can"]:
        said.append(_("It knows no key of its makers: it fetches and keeps no packages."))
        return "\n".join(said)
    on, off = _("Newer versions are fetched from colleagues."), _("Newer versions are not fetched from colleagues.")
    said.append(on if line["on"] else off)
    if line["coming"]:
        part = 100 * line["come"] // line["size"]
        said.append(_("{version} is on its way: {part} %.").format(version=line["coming"], part=part))
    if line["ready"]:
        said.append(_("{version} lies here, checked: {file}").format(version=line["ready"], file=line["file"]))
    said += [_("Kept for colleagues: {file}").format(file=file) for file in line["held"] if file != line["file"]]
    return "\n".join(said)
