"""The shell around the core: one asyncio loop in one thread; commands in, events out; no Qt."""

from __future__ import annotations

from deskblog.engine.core import Engine
from deskblog.engine.options import Founded, Invitation, Joined, Options, Shown
from deskblog.engine.thread import EngineThread

__all__ = ["Engine", "EngineThread", "Founded", "Invitation", "Joined", "Options", "Shown"]
