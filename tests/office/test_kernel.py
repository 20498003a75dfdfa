"""What the kernel of a real (virtual) PC says of its cables and addresses."""

from __future__ import annotations

from deskblog.net.kernel import Changes
from tests.office.hosts import Office


def test_the_kernel_tells_of_a_cable_and_of_an_address_and_else_nothing(office: Office) -> None:
    lan = office.lan()
    host = office.host("anne", lan)
    changes = Changes()
    with host.inside():
        changes.open()
    assert not changes.said()
    host.cut()
    assert changes.said() and not changes.said()
    host.restore()
    host.new_address(lan)
    assert changes.said()
    changes.close()
    assert changes.said(), "whoever cannot hear must look"
