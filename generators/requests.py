"""What is asked of a generator and what comes back. Values only: no backend, no file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from typing import Any

from worldloom.provenance.canonical import canonical
from worldloom.provenance.digests import ANSWER, PROMPT, REQUEST, digest_bytes, digest_json, file_digest
from worldloom.provenance.veil import Veil, salted_digest


@dataclass(frozen=True)
class Request:
    """One thing to make, complete in itself: no two requests of a run are equal.

    `kind` is the generator's (text, image, mesh, …), `agent` the id on whose behalf it is asked, `time` simulated
    seconds, `occurrence` counts requests of one agent, time and purpose, `seed` an unsigned 64-bit integer drawn for
    it, `schema` a JSON schema that a text answer obeys, `inputs` hex digests of payloads that the generator reads.
    `veil` is the salted hex digest that stands for the prompt in whatever is recorded of a private run.
    """

    kind: str
    purpose: str
    agent: str
    time: int
    occurrence: int
    seed: int
    prompt: str
    schema: Mapping[str, Any] = field(default_factory=dict)
    parameters: Mapping[str, Any] = field(default_factory=dict)
    inputs: tuple[str, ...] = ()
    template: str = ""
    veil: str = ""

    def content(self) -> dict[str, Any]:
        """Return the request as it is recorded; the seed as text, since it may pass 2^53."""
        said = {
            "kind": self.kind,
            "purpose": self.purpose,
            "agent": self.agent,
            "time": self.time,
            "occurrence": self.occurrence,
            "seed": str(self.seed),
            "prompt": "" if self.veil else self.prompt,
            "schema": dict(self.schema),
            "parameters": dict(self.parameters),
            "inputs": list(self.inputs),
            "template": self.template,
        }
        return said | ({"veil": self.veil} if self.veil else {})

    @classmethod
    def from_content(cls, value: Mapping[str, Any]) -> Request:
        """Read what `content` wrote."""
        return cls(**{**value, "seed": int(value["seed"]), "inputs": tuple(value["inputs"])})

    @cached_property
    def digest(self) -> str:
        """Hex digest of the whole request: the key under which its answer is recorded."""
        return digest_json(REQUEST, self.content()).hex()

    @cached_property
    def prompt_digest(self) -> str:
        """Hex digest of the prompt alone, salted in a private run."""
        return self.veil or digest_bytes(PROMPT, self.prompt.encode()).hex()


def veiled(request: Request, veil: Veil | None) -> Request:
    """Return the request as a private run records it; as it is where the run is not private, or nothing is said."""
    if veil is None or not request.prompt:
        return request
    salt = veil.salt(request.kind, request.purpose, request.agent, request.time, request.occurrence)
    return replace(request, veil=salted_digest(salt, request.prompt))


class Status(StrEnum):
    """How a request ended; everything but OK is recorded like an answer, since a replay must meet it again."""

    OK = "ok"
    INVALID = "invalid"
    FAILED = "failed"
    LATE = "late"


@dataclass(frozen=True)
class Answer:
    """What a generator gave back: text, or a payload with its media type; or why there is none (`detail`).

    `parameters` are facts about the making that belong into the recipe (such as a program's length), JSON values.
    """

    status: Status = Status.OK
    text: str = ""
    payload: bytes = b""
    media_type: str = ""
    detail: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def content(self) -> dict[str, Any]:
        """Return the answer as a JSON value; a payload stands in it by its digest."""
        return {
            "status": str(self.status),
            "text": self.text,
            "payload": file_digest(self.payload).hex() if self.payload else "",
            "media_type": self.media_type,
            "detail": self.detail,
            "parameters": dict(self.parameters),
        }

    @cached_property
    def digest(self) -> str:
        """Hex digest of the answer."""
        return digest_bytes(ANSWER, canonical(self.content())).hex()
