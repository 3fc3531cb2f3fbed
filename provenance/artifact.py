"""An artifact: payload, media type, recipe under one content digest. Signing it is `credential`, keeping it `store`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from .digests import ARTIFACT, digest_json, file_digest
from .errors import CredentialError
from .media import EXTENSIONS
from .recipe import Recipe


@dataclass(frozen=True)
class Artifact:
    """Unsigned payload with its recipe; named by its content digest, which no signature changes."""

    payload: bytes
    media_type: str
    recipe: Recipe
    title: str = ""

    def __post_init__(self) -> None:
        if self.media_type not in EXTENSIONS:
            raise CredentialError(
                f"media type {self.media_type!r} is not one that Worldloom writes: {sorted(EXTENSIONS)}"
            )

    @property
    def extension(self) -> str:
        """File name extension without the dot."""
        return EXTENSIONS[self.media_type]

    def content(self) -> dict[str, Any]:
        """Return the content body of the artifact's log entry."""
        return {
            "type": "artifact",
            "payload": file_digest(self.payload).hex(),
            "media_type": self.media_type,
            "title": self.title,
            "recipe": self.recipe.content(),
        }

    @cached_property
    def digest(self) -> str:
        """Hex content digest: the artifact's name in the store."""
        return digest_json(ARTIFACT, self.content()).hex()
