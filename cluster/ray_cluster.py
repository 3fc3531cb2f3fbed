"""Joins a Ray cluster or starts one on this machine. Never shuts down what it did not start."""

from __future__ import annotations

import logging
import os
import socket
from typing import Any

from .errors import ReachError

REACH_SECONDS = 5
"""How long an address may take to answer."""


class RayCluster:
    """A connection to Ray for one run; `started` says whether this process started the cluster."""

    def __init__(self, address: str, namespace: str) -> None:
        import ray  # noqa: PLC0415  (heavy)

        self.namespace = namespace
        self.joined = bool(address) or ray.is_initialized()
        self.started = not ray.is_initialized()
        require_reachable(address)
        if not self.started:
            _require_joined(address, ray.get_runtime_context().gcs_address)
            return
        settings: dict[str, Any] = {"namespace": namespace, "log_to_driver": False, "logging_level": logging.ERROR}
        if not address:
            # A cluster of our own on loopback: no dashboard, and no usage reports.
            os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
            settings |= {"include_dashboard": False, "num_cpus": max(1, os.cpu_count() or 1)}
        try:
            ray.init(address=address or "local", **settings)
        except (ConnectionError, RuntimeError, ValueError, OSError, TimeoutError) as error:
            where = f"the Ray cluster at {address}" if address else "a Ray cluster on this machine"
            raise ReachError(f"{where} cannot be used: {_first_line(error)}. Check it, or run with --local") from error

    def close(self) -> None:
        """Leave the cluster; stops it if this process started it. May be called twice."""
        import ray  # noqa: PLC0415  (heavy)

        if self.started and ray.is_initialized():
            ray.shutdown()
        self.started = False


def require_reachable(address: str) -> None:
    """Say at once that nobody listens, where Ray would try for a minute; raises ReachError. No address is fine."""
    if address in ("", "auto"):
        return
    host, colon, port = address.removeprefix("ray://").rpartition(":")
    if not colon or not port.isdigit():
        raise ReachError(f"--address {address!r} is not HOST:PORT, ray://HOST:PORT or auto")
    try:
        with socket.create_connection((host.strip("[]"), int(port)), REACH_SECONDS):
            return
    except (OSError, OverflowError) as error:
        raise ReachError(
            f"no Ray cluster answers at {address} ({error}); start one with `ray start --head`, or run with --local"
        ) from error


def _require_joined(address: str, joined: str) -> None:
    """Refuse another cluster than the one that this process is connected to: Ray holds one connection a process.

    Told apart by ports: one cluster goes by several host names, and a Ray client's port is not its cluster's.
    """
    if not address or address == "auto" or address.startswith("ray://"):
        return
    if address.rpartition(":")[2] != joined.rpartition(":")[2]:
        raise ReachError(
            f"this process is connected to the Ray cluster at {joined} and cannot join {address} as well; "
            "call ray.shutdown() first, or leave the address away"
        )


def _first_line(error: BaseException) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)[:300]
