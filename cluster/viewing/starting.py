"""Puts a live page together from what the command line was given, and runs it. Prints nothing."""

from __future__ import annotations

import secrets
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from worldloom.cluster.errors import ScenarioError
from worldloom.cluster.options import Placement, RunOptions
from worldloom.cluster.scenario_file import shipped_names

from .catalogue import Catalogue
from .server import Address, bind, run_server
from .site import Site

_TOKEN_BYTES = 32
DEFAULT = RunOptions().scenario


@dataclass(frozen=True)
class LivePage:
    """A page that is bound and not served yet."""

    site: Site
    address: Address
    bound: socket.socket

    def serve(self) -> None:
        """Serve until Ctrl-C, which raises KeyboardInterrupt."""
        run_server(self.site, self.address, self.bound)


def prepare(paths: Sequence[Path], scenarios: Sequence[str], host: str, port: int, placement: Placement) -> LivePage:
    """Check what was given and bind; raises RunFolderError, ScenarioError or ViewError."""
    import nicegui  # noqa: F401, PLC0415  (an extra: whether it is there is to be known before anything else)

    catalogue = Catalogue.of(paths)
    for name in scenarios:
        if name not in shipped_names() and not Path(name).is_file():
            raise ScenarioError(f"{name}: there is no such file. Give a scenario file, or one of: {_shipped()}")
    # The user's own first, then the one that `worldloom run` takes without a name.
    offered = dict.fromkeys([*scenarios, DEFAULT, *shipped_names()])
    site = Site(catalogue, list(offered), placement)
    bound = bind(host, port)
    address = Address(host, int(bound.getsockname()[1]), secrets.token_urlsafe(_TOKEN_BYTES))
    return LivePage(site, address, bound)


def _shipped() -> str:
    return ", ".join(shipped_names())
