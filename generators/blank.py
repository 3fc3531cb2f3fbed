"""A generator that makes nothing worth looking at, at once: for rehearsals in which only words and deeds matter.

Its payloads are a few bytes of no format; no run that is kept names it, and the registry does not know it.
"""

from __future__ import annotations

from collections.abc import Sequence

from worldloom.provenance.recipe import Identity

from .requests import Answer, Request

_TYPES = {"image": "image/png", "mesh": "model/gltf-binary", "sound": "audio/wav"}


class Blank:
    """Answers every request for media with the same bytes."""

    identity = Identity(backend="blank", model="blank-1", output_licence="Apache-2.0")

    def generate(self, requests: Sequence[Request]) -> list[Answer]:
        """Answer each request with a placeholder of its kind's media type."""
        return [Answer(payload=b"blank", media_type=_TYPES[request.kind]) for request in requests]
