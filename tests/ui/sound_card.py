"""A sound card of air: a PulseAudio of one's own, with a loudspeaker and a microphone that hears a tone."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MODULES = (
    "module-null-sink sink_name=speaker norewinds=1",
    "module-null-sink sink_name=room norewinds=1",  # what is played is not what is heard
    "module-sine sink=room frequency=440",
)
DAEMON = ("pulseaudio", "-n", "-F", os.devnull, "--daemonize=no", "--exit-idle-time=-1", "--disable-shm=yes",
          "--use-pid-file=no")  # fmt: skip
MICROPHONE = ("module-remap-source", "master=room.monitor", "source_name=microphone")


class SoundCard:
    """Plugged and unplugged, muted and not, by its own socket."""

    def __init__(self, socket: Path) -> None:
        self.server = f"unix:{socket}"
        self._plugged = ""

    def plug(self) -> None:
        self._plugged = self._control("load-module", *MICROPHONE)

    def unplug(self) -> None:
        self._control("unload-module", self._plugged)

    def mute(self, *, muted: bool) -> None:
        self._control("set-source-mute", "microphone", "1" if muted else "0")

    def stall(self, *, stalled: bool) -> None:
        """A microphone that is there and gives nothing."""
        self._control("suspend-source", "microphone", "1" if stalled else "0")

    def _control(self, *words: str) -> str:
        asked = ["pactl", "--server", self.server, *words]
        return subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip()


@contextmanager
def running(folder: Path) -> Iterator[SoundCard]:
    """The daemon, until it is not needed any more; PULSE_SERVER names it meanwhile."""
    socket = folder / "native"
    home = {name: str(folder) for name in ("HOME", "XDG_RUNTIME_DIR", "PULSE_RUNTIME_PATH", "PULSE_STATE_PATH")}
    loaded = [f"module-native-protocol-unix socket={socket} auth-anonymous=1", *MODULES]
    daemon = subprocess.Popen(
        [*DAEMON, *(word for module in loaded for word in ("-L", module))],
        env=os.environ | home,
        stderr=subprocess.DEVNULL,
    )
    before = os.environ.get("PULSE_SERVER")
    try:
        while not socket.exists():
            assert daemon.poll() is None, "the sound daemon did not start"
            time.sleep(0.01)
        card = SoundCard(socket)
        card.plug()
        os.environ["PULSE_SERVER"] = card.server
        yield card
    finally:
        os.environ.pop("PULSE_SERVER")
        if before is not None:
            os.environ["PULSE_SERVER"] = before
        daemon.terminate()
        daemon.wait(10)
