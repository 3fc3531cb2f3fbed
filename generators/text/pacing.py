"""How many requests are with a server at once: one more while it goes well, half when it does not. Sends nothing.

Additive increase, multiplicative decrease, as TCP does it (Chiu and Jain 1989): the number grows by one for each round
of good answers and is halved once for each burst of complaints, so it settles near what the server can bear.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from worldloom.generators.backends.control import Facts

START = 4
"""Requests at once in the beginning."""


class Pace:
    """The pace of one endpoint; it outlives calls. Only one event loop may use it at a time (see `begin`)."""

    def __init__(self, most: int, facts: Facts) -> None:
        self._most = most
        self._limit = float(min(START, most))
        self._facts = facts
        self._in_flight = 0
        self._pause_until = 0.0
        self._halved_at = 0.0
        self._free = asyncio.Condition()

    @property
    def limit(self) -> int:
        """How many may be in flight now."""
        return int(self._limit)

    def begin(self) -> None:
        """Start with an event loop of its own; what was learnt about the endpoint stays."""
        self._in_flight = 0
        self._free = asyncio.Condition()

    @property
    def pause(self) -> float:
        """Seconds that the endpoint asked to be left alone, from now."""
        return max(0.0, self._pause_until - time.monotonic())

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[float]:
        """Wait for a turn; give the time at which it began."""
        async with self._free:
            await self._free.wait_for(lambda: self._in_flight < self.limit)
            self._in_flight += 1
            self._facts.most("most_in_flight", self._in_flight)
        try:
            if self.pause:
                await asyncio.sleep(self.pause)
            yield time.monotonic()
        finally:
            async with self._free:
                self._in_flight -= 1
                self._free.notify_all()

    def went_well(self) -> None:
        """An answer came: a whole round of them makes room for one request more."""
        self._limit = min(float(self._most), self._limit + 1 / self._limit)

    def stumbled(self, began: float, wait_s: float = 0.0) -> None:
        """The endpoint complained, or said nothing, about a request that began then; `wait_s` is what it asked for."""
        now = time.monotonic()
        self._pause_until = max(self._pause_until, now + wait_s)
        if began >= self._halved_at:  # else the request was sent before the last halving and tells nothing new
            self._limit = max(1.0, self._limit / 2)
            self._halved_at = now
            self._facts.add("slowed_down")
