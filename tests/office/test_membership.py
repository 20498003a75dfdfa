"""Who is in, with the commands people type, on a real LAN: removals reach everyone, and the words bring one back."""

from __future__ import annotations

from tests.office.hosts import Host, Office
from tests.office.node import Json, Node
from tests.office.test_first_light import founded, refused, until_held


def people(host: Host) -> dict[str, Json]:
    return {line["name"]: line for line in host.cli("office", "people") if "name" in line}


def until_gone(node: Node, name: str) -> None:
    node.wait("people", where=lambda line: any(p["name"] == name and p["gone"] for p in line["people"]))


def test_a_removal_reaches_who_was_off_and_the_removed_is_told_by_everyone(office: Office) -> None:
    """a removes c while b is off; b learns it; c is told by both, also after a restart; then c is taken back."""
    lan = office.lan()
    a, b, c = (office.host(name, lan) for name in "abc")
    node_a, node_b, node_c = founded(a), b.node(), c.node()
    a.admit(b, "Paul")
    a.admit(c, "Chloé")
    c.cli("post", "Counts for ever")
    until_held(node_a, "Counts for ever")
    until_held(node_b, "Counts for ever")
    node_b.stop()

    gone = a.cli("office", "remove", "Chloé")[0]
    assert gone["gone"] and gone["removed_by"] == "Anne"
    told = node_c.wait("removed", by="Anne")
    assert told["what"].startswith("Anne removed this PC from the office on")
    assert refused(c, "post", "Still me")["kept"] == "Everything on this PC is kept."
    node_c.stop()
    node_b = b.node()
    until_gone(node_b, "Chloé")
    node_a.stop()

    node_c = c.node()  # only b is on
    node_c.wait("removed", by="Anne")
    b.cli("post", "Not for Chloé")
    assert [row["text"] for row in c.cli("timeline")] == ["Counts for ever"]
    assert people(b)["Chloé"]["removed_by"] == "Anne"

    node_a = a.node()
    until_held(node_a, "Not for Chloé")
    assert not a.cli("office", "readmit", "Chloé")[0]["gone"]
    until_held(node_c, "Not for Chloé")
    c.cli("post", "Back again")
    until_held(node_a, "Back again")
    until_held(node_b, "Back again")
    assert sorted(people(b)) == ["Anne", "Chloé", "Paul"]


def test_two_keyholders_remove_each_other_and_the_words_bring_one_back(office: Office) -> None:
    lan = office.lan()
    a, b, c = (office.host(name, lan) for name in "abc")
    words = " ".join(a.cli("office", "found", "Dupont & fils", "--me", "Anne")[0]["recovery"])
    node_a, node_b, node_c = a.node(), b.node(), c.node()
    a.admit(b, "Paul")
    a.admit(c, "Chloé")
    assert a.cli("office", "people")[-1]["keyholders"] == 1
    a.cli("office", "role", "Paul", "keyholder")
    node_b.wait("people", where=lambda line: any(p["me"] and p["role"] == "keyholder" for p in line["people"]))
    node_b.stop()
    a.cli("office", "remove", "Paul")
    b.cli("office", "remove", "Anne")  # b has no network just now, and knows nothing of it
    until_gone(node_c, "Paul")

    node_b = b.node()
    node_b.wait("removed", by="Anne")
    node_a.wait("removed", by="Paul")
    until_gone(node_c, "Anne")
    assert refused(a, "office", "invite")["error"].startswith("Paul removed this PC")
    assert "recovery words" in c.cli("office", "people")[-1]["advice"]

    assert refused_words(a, "abandon " * 12)["error"] == "These are not recovery words."
    done = a.cli("office", "recover", "--restore", "Paul", stdin=words)[0]
    assert done == {"person": "Anne", "thrown_out": []}
    a.cli("post", "We are back")
    until_held(node_c, "We are back")
    until_held(node_b, "We are back")
    roles = {name: (line["role"], line["gone"]) for name, line in people(c).items()}
    assert roles == {"Anne": ("keyholder", False), "Paul": ("member", False), "Chloé": ("member", False)}


def refused_words(host: Host, words: str) -> Json:
    import json

    done = host.deskblog("office", "recover", "--json", stdin=words)
    assert done.returncode == 1, done.stderr
    error: Json = json.loads(done.stderr.splitlines()[-1])
    return error
