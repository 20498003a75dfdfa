"""The command line's words for backup, restore and repair, and how their answers read."""

from __future__ import annotations

import argparse
import getpass
import json
import sys
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock, Timeout

from deskblog import paths
from deskblog.cli_office import Command
from deskblog.commands.forms import Json
from deskblog.engine.importing import left_texts
from deskblog.engine.vault import now_ms
from deskblog.errors import InUse, Refused
from deskblog.i18n import _, plural
from deskblog.store.backup import is_sealed
from deskblog.store.keeping import Restored, read_backup

Word = Callable[[str, Callable[[argparse.Namespace], int], str], argparse.ArgumentParser]


def add_keeping(word: Word, command: Command) -> None:
    """backup, restore, repair."""
    backup = word("backup", command("backup", _backup_given), _("write everything of this PC into one file"))
    backup.add_argument("file", metavar="FILE")
    backup.add_argument("--passphrase", action="store_true", help=_("seal it; the passphrase is asked for"))
    restore = word("restore", _restore, _("make this PC's data folder of a backup"))
    restore.add_argument("file", metavar="FILE")
    importing = command("import", lambda a: {"file": str(Path(a.file).absolute()), "dry": a.dry_run})
    bring = word("import", importing, _("bring in what you wrote elsewhere"))
    bring.add_argument(
        "file", metavar="FILE", help=_("an archive of Mastodon or Twitter, a feed, or a text of lines")
    )
    bring.add_argument("--dry-run", action="store_true", help=_("only say what is in it"))
    exporting = command("export", lambda a: {"file": str(Path(a.file).absolute())})
    export = word("export", exporting, _("write all posts, to be read without deskblog"))
    export.add_argument("file", metavar="FILE", help=_("….html: a page for any browser; else lines of JSON"))
    word("repair", command("repair", lambda a: {}), _("check every entry, make every view anew"))


def _backup_given(args: argparse.Namespace) -> Json:
    return {"file": str(Path(args.file).absolute()), "passphrase": _new_passphrase() if args.passphrase else ""}


def _new_passphrase() -> str:
    """Twice on a terminal, once from a pipe; never an argument, which every program on the PC could read."""
    first = _passphrase()
    if sys.stdin.isatty() and getpass.getpass(_("Once more: ")) != first:
        raise Refused(_("The two are not the same."), kept=_("Nothing was written."))
    if not first:
        raise Refused(_("An empty passphrase seals nothing."), kept=_("Nothing was written."))
    return first


def _passphrase() -> str:
    if sys.stdin.isatty():
        return getpass.getpass(_("Passphrase: "))
    return sys.stdin.readline().rstrip("\n")


def _restore(args: argparse.Namespace) -> int:
    folder, file = paths.data_folder(args.data), Path(args.file).absolute()
    if not file.is_file():
        raise Refused(_("There is no file {file}.").format(file=file))
    passphrase = _passphrase() if is_sealed(file) else ""
    _not_in_use(folder)
    done = read_backup(file, passphrase, folder, now_ms)
    line = restored_json(done)
    sys.stdout.write((json.dumps(line, ensure_ascii=False) if args.json else restore_text(line)) + "\n")
    return 0


def _not_in_use(folder: Path) -> None:
    if not folder.exists():
        return
    try:
        with FileLock(str(folder / "lock"), timeout=0):
            return
    except Timeout:
        raise InUse(
            _("deskblog is already running on {folder}.").format(folder=folder),
            next_step=_("Quit it first: a backup takes the place of what it has open."),
        ) from None


def restored_json(done: Restored) -> Json:
    """{office, person, posts, folder, aside}."""
    return {
        "office": done.office,
        "person": done.person,
        "posts": done.posts,
        "folder": str(done.folder),
        "aside": str(done.aside) if done.aside else None,
    }


def restore_text(line: Json) -> str:
    text = plural("{n} post is back", "{n} posts are back", line["posts"])
    lines = [_("{posts}: {person}, in the office “{office}”.").format(posts=text, **_named(line))]
    if line["aside"]:
        lines.append(_("What was there before is kept in {folder}.").format(folder=line["aside"]))
    lines.append(_("What was written since comes back from your colleagues when deskblog runs."))
    return "\n".join(lines)


def _named(line: Json) -> Json:
    return {"person": line["person"], "office": line["office"]}


def keeping_text(do: str, line: Json) -> str:
    """One answer of backup or repair, as text."""
    if do == "backup":
        posts = plural("{n} post", "{n} posts", line["posts"])
        where = _("Backed up: {posts}, in {file}.").format(posts=posts, file=line["file"])
        return where + " " + _("It holds the key of this PC: keep it as one keeps a key.")
    if do == "import":
        return import_text(line)
    if do == "export":
        said = plural("{n} post is in the file.", "{n} posts are in the file.", line["posts"])
        left = plural("{n} sealed message is left out.", "{n} sealed messages are left out.", line["sealed"])
        return f"{said} {left}" if line["sealed"] else said
    lines = [plural("{n} entry was checked.", "{n} entries were checked.", line["entries"])]
    if line["dropped"]:
        lines.append(plural("{n} did not hold.", "{n} did not hold.", line["dropped"]))
        lines.append(_("What did not hold lies in {file}.").format(file=line["aside"]))
    if line["salvaged"]:
        saved = plural("{n} was saved from a damaged file.", "{n} were saved from a damaged file.", line["salvaged"])
        lines.append(saved)
    if line["wanted"]:
        lines.append(
            plural(
                "{n} text or photo is asked for.",
                "{n} texts or photos are asked for.",
                line["wanted"],
            )
        )
    return " ".join(lines)


def import_text(line: Json) -> str:
    """What a file of somebody's history has, and what was brought in."""
    found = plural("{n} post is new.", "{n} posts are new.", line["posts"])
    said = [
        found
        if not line["taken"]
        else plural("{n} post was brought in.", "{n} posts were brought in.", line["taken"])
    ]
    return " ".join([*said, *left_texts(line["known"], line["old"], line["left_out"], line["long"])])
