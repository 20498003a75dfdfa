"""The posts as lines of JSON, each with the signed bytes it came in: anybody can read them, a doubter can check them.

A line is {office, device, log, seq, id, kind, at, person, text, target, header, body, signature}. Bytes are hex, `at`
is UTC ms. `signature` is null where only a later entry of the log is signed: it vouches for those before it. `body`
and `text` are null where the body was withdrawn or dropped; `target` is the id of what an entry is about, if it is.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

from deskblog.log import kinds
from deskblog.log.entry import decode_entry
from deskblog.store.archive import Archive


def exported(archive: Archive, names: Callable[[bytes], tuple[str, bool]], *, mine: bool) -> Iterator[str]:
    """The entries that are part of the office, oldest first of each chain; `mine`: one's own alone.

    `names`: what a person is called, and whether it is oneself.
    """
    for chain in archive.logs.all():
        person, own = names(chain.person or b"")
        if mine and not own:
            continue
        for raw, signature, body in archive.entries.whole(chain):
            entry = decode_entry(raw)
            if not chain.counts(entry.header.seq):
                continue
            content = kinds.decode_body(entry.header.kind, body) if body is not None else None
            target = getattr(content, "target", None)
            line = {
                "office": entry.header.office.hex(),
                "device": entry.header.device.hex(),
                "log": entry.header.number.hex(),
                "seq": entry.header.seq,
                "id": entry.id.hex(),
                "kind": entry.header.kind,
                "at": entry.header.time,
                "person": person,
                "text": kinds.shown_text(content.text) if isinstance(content, kinds.Worded) else None,
                "target": target.hex() if target else None,
                "header": raw.hex(),
                "body": body.hex() if body is not None else None,
                "signature": signature.hex() if signature is not None else None,
            }
            yield json.dumps(line, ensure_ascii=False)
