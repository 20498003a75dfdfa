"""So many PCs of another firm on this network, as far as anybody hears: their mDNS services and their beacons."""

from __future__ import annotations

import asyncio
import hashlib
import socket
import sys

from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf

from deskblog.net.beacon import INTERVAL
from deskblog.net.beat import PORT, Beat, encode_beat
from deskblog.net.sighting import SERVICE, instance_name
from deskblog.values import DeviceKey

TAG = "0123456789abcdef"


def keys(count: int) -> list[DeviceKey]:
    return [DeviceKey(hashlib.blake2b(f"neighbour {n}".encode(), digest_size=32).digest()) for n in range(count)]


async def announce(devices: list[DeviceKey], address: str) -> None:
    network = AsyncZeroconf()
    for device in devices:
        name = instance_name(device)
        info = AsyncServiceInfo(
            SERVICE,
            f"{name}.{SERVICE}",
            port=PORT,
            properties={"v": "1", "o": TAG, "d": device.hex(), "i": ""},
            server=f"deskblog-{name[:12]}.local.",
            parsed_addresses=[address],
        )
        await network.async_register_service(info, cooperating_responders=True)
    sys.stdout.write('{"event": "ready"}\n')
    sys.stdout.flush()
    await beat(devices, f"{address.rpartition('.')[0]}.255")


async def beat(devices: list[DeviceKey], everybody: str) -> None:
    """Each says itself once a minute, as nodes do, spread over it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mouth:
        mouth.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        while True:
            for device in devices:
                mouth.sendto(encode_beat(Beat(device, PORT, TAG, "", asks=False)), (everybody, PORT))
                await asyncio.sleep(INTERVAL / len(devices))


if __name__ == "__main__":
    asyncio.run(announce(keys(int(sys.argv[1])), sys.argv[2]))
