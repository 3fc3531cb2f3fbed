"""The last step of the studio: an answer and its request become an artifact with its whole recipe. Asks nobody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from worldloom.generators.requests import Answer, Request, Status
from worldloom.provenance.artifact import Artifact
from worldloom.provenance.recipe import Identity, Recipe

from .errors import StudioError
from .view import cell

MEDIA_TYPES: Mapping[str, tuple[str, ...]] = {
    "letter": ("text/plain",),
    "song": ("text/plain",),
    "sign": ("image/svg+xml", "image/png"),
    "emblem": ("image/png", "image/svg+xml"),
    "portrait": ("image/svg+xml", "image/png"),
    "tile": ("image/png",),
    "prop": ("model/gltf-binary",),
    "tune": ("audio/wav",),
}
"""What an answer may be for each purpose."""


def require_answer(where: str, answer: Answer) -> None:
    """Raise StudioError, with the generator's own reason, for an answer that is none."""
    if answer.status is not Status.OK:
        raise StudioError(f"{where} was not made: {cell(answer.detail)[:160] or answer.status}")


def made(where: str, parent: str, request: Request, answer: Answer, identity: Identity) -> Artifact:
    """Return an artifact of the answer's own payload; raises StudioError where it is none of its purpose."""
    allowed = MEDIA_TYPES[request.purpose]
    if answer.media_type not in allowed:
        raise StudioError(f"{where} is of type {cell(answer.media_type)[:60]!r}, not {' or '.join(allowed)}")
    if not answer.payload:
        raise StudioError(f"{where} is empty")
    return Artifact(answer.payload, answer.media_type, _recipe(parent, request, answer, identity), _title(request))


def written(
    payload: bytes, names: Mapping[str, str], parent: str, request: Request, answer: Answer, identity: Identity
) -> Artifact:
    """Return an artifact of words; `names` are those that the writer's labels were replaced by."""
    more = {"names": dict(names)} if names else {}
    return Artifact(payload, "text/plain", _recipe(parent, request, answer, identity, **more), _title(request))


def _title(request: Request) -> str:
    return str(request.parameters["title"])


def _recipe(parent: str, request: Request, answer: Answer, identity: Identity, **more: Any) -> Recipe:
    return Recipe(
        kind=request.kind,
        generator=identity,
        request=request.digest,
        prompt="" if request.veil else request.prompt,
        agent=request.agent,
        time=request.time,
        purpose=request.purpose,
        occurrence=request.occurrence,
        seed=request.seed,
        parameters={**request.parameters, **answer.parameters, **more},
        parents=(parent,),
        inputs=request.inputs,
        veil=request.veil,
    )
