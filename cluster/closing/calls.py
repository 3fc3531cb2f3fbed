"""What models were asked and what it took: calls and tokens by kind and purpose, from the recorded answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from worldloom.cluster.makers import name_at
from worldloom.provenance.canonical import parse_canonical
from worldloom.provenance.folder import ANSWERS, BLOBS
from worldloom.provenance.segments import scan_segment
from worldloom.provenance.storage import PART, Storage

OWN = ("embedded", "rules", "procedural", "uniform", "recorded")
"""Backends that run in the run's own processes: nobody charges for them."""


@dataclass
class Calls:
    """Calls of one generator (`kind`, `backend/model`) for one purpose; `failed` had no usable answer.

    `tokens` are those that the model wrote, where it says so; `asked` characters of prompts, `bytes` of payloads.
    """

    kind: str
    model: str
    backend: str
    purpose: str
    calls: int = 0
    failed: int = 0
    tokens: int = 0
    asked: int = 0
    answered: int = 0
    weight: float = field(default=0.0, compare=False)
    """Share of all calls, 0 to 1."""


def read_calls(storage: Storage, generators: Mapping[str, Mapping[str, Any]]) -> tuple[Calls, ...]:
    """Return all calls of a run by generator and purpose, most first; answers that were erased are not counted."""
    found: dict[tuple[str, str], Calls] = {}
    for path in storage.files(ANSWERS):
        if path.startswith(BLOBS) or path.endswith(PART):
            continue
        for _, item in scan_segment(storage.read(path)):
            if item.data is not None:
                _count(found, parse_canonical(item.data), generators)
    most = max((each.calls for each in found.values()), default=1)
    for each in found.values():
        each.weight = each.calls / most
    return tuple(sorted(found.values(), key=lambda each: (-each.calls, each.kind, each.purpose)))


def _count(
    found: dict[tuple[str, str], Calls], body: Mapping[str, Any], generators: Mapping[str, Mapping[str, Any]]
) -> None:
    request, answer = body["request"], body["answer"]
    name = name_at(generators, request["kind"], request["time"])
    identity = generators.get(name, {"backend": "procedural", "model": name})
    key = (name, request["purpose"])
    if key not in found:
        backend = str(identity["backend"])
        found[key] = Calls(request["kind"], f"{backend}/{identity['model']}", backend, request["purpose"])
    calls = found[key]
    calls.calls += 1
    calls.failed += answer.get("status") != "ok"
    parameters = answer.get("parameters") or {}
    tokens = parameters.get("tokens") or parameters.get("completion_tokens") or parameters.get("program_tokens")
    calls.tokens += tokens if isinstance(tokens, int) else 0
    calls.asked += len(request.get("prompt", ""))
    calls.answered += len(answer.get("text", ""))


def paid(calls: tuple[Calls, ...]) -> tuple[str, ...]:
    """Return the backends that run elsewhere and may charge for it."""
    return tuple(sorted({each.backend for each in calls} - set(OWN)))
