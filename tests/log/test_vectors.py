"""The examples in docs/protocol.md are what this code makes and reads, byte for byte."""

from __future__ import annotations

import json
from typing import Any

from deskblog.log.act import decode_act
from deskblog.log.entry import body_fits, decode_entry
from deskblog.log.kinds import decode_body
from deskblog.log.office import fold
from deskblog.log.run import check_run
from deskblog.values import LogName
from tests.log.vectors import ANNE, FILE, NUMBER, vectors

KEPT: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))


def test_the_kept_examples_are_what_is_made_today() -> None:
    assert vectors() == KEPT


def test_the_kept_acts_are_read_and_make_the_kept_office() -> None:
    acts = [decode_act(bytes.fromhex(act["bytes"]), bytes.fromhex(act["signature"])) for act in KEPT["acts"]]
    assert [(act.id.hex(), act.kind) for act in acts] == [(act["id"], act["kind"]) for act in KEPT["acts"]]
    office = fold(acts)
    assert office.id.hex() == KEPT["office"]["id"] and office.digest.hex() == KEPT["office"]["digest"]
    assert {act.kind for act in acts} == {"found", "rule", "name", "admit", "role", "merge", "remove", "border"}
    assert office.standing == office.acts.keys()


def test_the_kept_entries_are_a_run_whose_bodies_fit() -> None:
    headers = [bytes.fromhex(entry["header"]) for entry in KEPT["entries"]]
    office = decode_act(*(bytes.fromhex(KEPT["acts"][0][part]) for part in ("bytes", "signature"))).office
    signature = bytes.fromhex(KEPT["entries"][-1]["signature"])
    run = check_run(office, LogName(ANNE.device, NUMBER), None, headers, signature)
    assert [entry.id.hex() for entry in run.entries] == [entry["id"] for entry in KEPT["entries"]]
    for kept in KEPT["entries"]:
        body = bytes.fromhex(kept["body"])
        assert body_fits(decode_entry(bytes.fromhex(kept["header"])), body)
        assert decode_body(kept["kind"], body) is not None
