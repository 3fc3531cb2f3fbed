"""Weights that travel with a generator's replicas: in Ray's object store once, on each node once. Loads no weights."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from worldloom.generators.backends.named_folder import NamedFolder, named_folder
from worldloom.generators.errors import WeightsError

from .errors import LostWorkerError
from .node_weights import REMOVE_SECONDS, NodeFolder, Settled, remove
from .ray_calls import get
from .weights_packing import Manifest, pack, size_of

MOST_BYTES = 64 * 1024**3
"""How large a folder may be that is put on nodes: a larger one is used where it lies, or not at all."""
PIECE_SECONDS = 120
"""How long one piece may take from node to node."""


@dataclass(frozen=True)
class Parcel:
    """A folder's weights on their way. `pieces` are references by file name, None for weights that are too large.

    Without `in_place` a node unpacks even what it has at the same path.
    """

    named: NamedFolder
    manifest: Manifest
    pieces: Mapping[str, list[Any]] | None
    token: str
    in_place: bool = True

    def name_on(self, node: str) -> str:
        """Return what the parcel's folder on a node is called."""
        return f"{self.token}-{node}"


def send(spec: str, *, in_place: bool = True, most_bytes: int = MOST_BYTES) -> Parcel | None:
    """Pack the folder that a specification names into the object store; None where nothing has to travel.

    Raises WeightsError for a folder that cannot be packed. One that is too large is an error only where it is missing.
    """
    named = named_folder(spec)
    if named is None or _on_one_machine():
        return None
    import ray  # noqa: PLC0415  (heavy)

    pieces: dict[str, list[Any]] | None = None
    if size_of(named.folder) <= most_bytes:
        pieces = defaultdict(list)
        manifest = pack(named.folder, lambda name, piece: pieces[name].append(ray.put(piece)))
    else:
        manifest = pack(named.folder)
    return Parcel(named, manifest, pieces, secrets.token_hex(8), in_place)


class Arrival:
    """A parcel's weights on the node of this process; keep it for as long as they are used. Raises WeightsError."""

    def __init__(self, parcel: Parcel) -> None:
        import ray  # noqa: PLC0415  (heavy)

        self._holder = NodeFolder(parcel.name_on(ray.get_runtime_context().get_node_id()))
        original = parcel.named.folder if parcel.in_place else None
        self.settled: Settled = self._holder.settle(parcel.manifest, partial(_pieces, parcel), original)
        self.spec = parcel.named.spec(self.settled.folder)


def take_back(parcel: Parcel, nodes: Collection[str]) -> None:
    """Remove what a parcel left on nodes, once its replicas are stopped; what cannot be reached stays."""
    import ray  # noqa: PLC0415  (heavy)
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy  # noqa: PLC0415

    if not ray.is_initialized():
        return
    calls = [
        ray.remote(num_cpus=0, max_retries=0)(remove)
        .options(scheduling_strategy=NodeAffinitySchedulingStrategy(node, soft=False))
        .remote(parcel.name_on(node))
        for node in sorted(nodes)
    ]
    for call in calls:
        with suppress(LostWorkerError, WeightsError):
            get([call], 2 * REMOVE_SECONDS)


def _pieces(parcel: Parcel, name: str) -> Iterator[bytes]:
    """Yield a file's pieces, fetched one after the other so that memory holds one of them."""
    if parcel.pieces is None:
        folder, size = parcel.named.folder, parcel.manifest.size
        raise WeightsError(
            f"{folder}: is not on this node as it is where the run was started, and its {size:,} bytes are too many to "
            "be put there; copy it to the same path on every node"
        )
    for piece in parcel.pieces.get(name, ()):
        yield get([piece], PIECE_SECONDS)[0]


def _on_one_machine() -> bool:
    """Whether every process of the cluster sees the folders of this one."""
    import ray  # noqa: PLC0415  (heavy)
    from ray.util.client import ray as client  # noqa: PLC0415

    return not client.is_connected() and sum(node["Alive"] for node in ray.nodes()) <= 1
