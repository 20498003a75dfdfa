"""The floor of deskblog's window: the bare one, and loaded with it all that deskblog uses and did not write.

That is what Python and libraries take before a line of ours has run. `names()` tells which modules those are.
"""

from __future__ import annotations

import gc
import importlib
import json
import subprocess
import sys
from contextlib import suppress

from bench.measure import ROOT, python
from bench.peers.skeleton import main

LATE = ("zeroconf.asyncio", "dbus_fast.aio", "ifaddr")  # a start goes on without them; a window has them
ASK = "import json, sys, deskblog.app; print(json.dumps([n for n in sys.modules if not n.startswith('deskblog')]))"


def names() -> list[str]:
    """In the order in which deskblog loads them."""
    said = subprocess.run([*python("")[:1], "-c", ASK], cwd=ROOT, capture_output=True, text=True, check=True)
    return [*json.loads(said.stdout), *LATE]


if __name__ == "__main__":
    gc.disable()  # as deskblog has it while it loads
    for name in json.loads(sys.argv[1]):
        with suppress(ImportError):
            importlib.import_module(name)
    gc.freeze()
    gc.enable()
    sys.exit(main())
