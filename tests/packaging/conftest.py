"""The office in which packages are tried."""

from tests.office.conftest import office

__all__ = ["office"]
