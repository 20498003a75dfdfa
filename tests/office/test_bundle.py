"""Two sites that no line joins: what is carried on a stick reaches everyone on both, and not only who reads it."""

from __future__ import annotations

import shutil

from tests.office.hosts import Office
from tests.office.test_first_light import founded, refused, texts, until_held


def test_two_sites_without_a_router_have_the_same_after_a_bundle_each_way(office: Office) -> None:
    """a and b in Lille, c and d in Lyon; c and d joined in Lille and moved; Léa joins Lille afterwards."""
    lille, lyon = office.lan(), office.lan()
    a, b, e = (office.host(name, lille) for name in "abe")
    c, d = (office.host(name, lille) for name in "cd")
    node_a, node_c, node_d = founded(a), c.node(), d.node()
    b.node()
    for host, person in ((b, "Paul"), (c, "Chloé"), (d, "Karim")):
        a.admit(host, person)
    for node in (node_c, node_d):
        node.wait("synced", person="Anne")
        node.stop()
    for host in (c, d):
        host.cut(lille)
        host.attach(lyon)
    node_c, node_d = c.node(), d.node()
    node_c.wait("linked", person="Karim")

    node_e = e.node()
    a.admit(e, "Léa")
    e.cli("post", "Léa is new in Lille")
    b.cli("post", "-", stdin="\n".join(f"Lille {n}" for n in range(20)))
    d.cli("post", "-", stdin="\n".join(f"Lyon {n}" for n in range(20)))
    until_held(node_a, "Léa is new in Lille", "Lille 19")
    until_held(node_c, "Lyon 19")

    stick = office.folder / "stick"
    stick.mkdir()
    written = a.cli("bundle", "write", str(stick / "there.pli"))[0]
    assert written["posts"] == 21 and written["whole"]
    read = c.cli("bundle", "read", str(stick / "there.pli"))[0]
    assert (read["new"], read["people"], read["answer"]) == (21, {"Paul": 20, "Léa": 1}, 20)
    until_held(node_d, "Léa is new in Lille", "Lille 19")

    back = c.cli("bundle", "write", str(stick / "back.pli"))[0]
    assert back["posts"] == 20 and back["against"] == ["Anne"]
    assert b.cli("bundle", "read", str(stick / "back.pli"))[0]["new"] == 20
    until_held(node_a, "Lyon 19")
    until_held(node_e, "Lyon 19")
    everything = sorted(["Léa is new in Lille", *(f"{site} {n}" for site in ("Lille", "Lyon") for n in range(20))])
    assert [sorted(texts(host)) for host in (a, b, c, d, e)] == [everything] * 5
    people = [sorted(p["name"] for p in host.cli("office", "people") if "name" in p) for host in (a, b, c, d, e)]
    assert people == [["Anne", "Chloé", "Karim", "Léa", "Paul"]] * 5

    x = office.host("x", lyon)
    founded(x, "Somebody else").stop()
    shutil.copy(stick / "there.pli", stick / "found.pli")
    assert refused(x, "bundle", "read", str(stick / "found.pli"))["error"] == "This file was not sealed for this PC."
