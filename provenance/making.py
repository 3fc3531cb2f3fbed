"""What a credential says about one file: who made it, how, on whose behalf, from what. Signing it is `credential`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .artifact import Artifact
from .parts import Part
from .recipe import Identity


@dataclass(frozen=True, slots=True)
class Edit:
    """What a person did to a file outside: with which tool, in which words.

    `disclosure` names the model behind the file (fields of c2pa.ai-disclosure); it is empty where none was at work.
    """

    tool: str
    tool_version: str = ""
    note: str = ""
    disclosure: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Making:
    """The facts of a claim. `content` is the hex content digest of what the file is in the log ("" for report and zip).

    `on_behalf` is an agent id, `world`, `scenario`, `operator` or `trainer`; `origin` the log's; `time` simulated
    seconds; `parents` hex content digests, `inputs` those of payloads that were read; `action` a C2PA action that
    begins a manifest; `parts` signed files that it was put together from; `fingerprints` ISCC units of the payload.
    `veil` is the salted hex digest of a private run's prompt.
    With an `edit` the one part is what the file was before, and the manifest begins with c2pa.opened.
    """

    title: str
    media_type: str
    kind: str
    on_behalf: str
    generator: Identity
    content: str = ""
    request: str = ""
    prompt: str = ""
    seed: int = 0
    time: int = 0
    parameters: Mapping[str, Any] = field(default_factory=dict)
    parents: tuple[str, ...] = ()
    origin: str = ""
    action: str = "c2pa.created"
    inputs: tuple[str, ...] = ()
    parts: tuple[Part, ...] = field(default=(), repr=False)
    fingerprints: tuple[str, ...] = ()
    veil: str = ""
    edit: Edit | None = None

    @classmethod
    def of(cls, artifact: Artifact, origin: str) -> Making:
        """Return what the credential of an artifact says."""
        recipe = artifact.recipe
        return cls(
            title=artifact.title,
            media_type=artifact.media_type,
            kind=recipe.kind,
            on_behalf=recipe.agent,
            generator=recipe.generator,
            content=artifact.digest,
            request=recipe.request,
            prompt=recipe.prompt,
            veil=recipe.veil,
            seed=recipe.seed,
            time=recipe.time,
            parameters=recipe.parameters,
            parents=recipe.parents,
            origin=origin,
            inputs=recipe.inputs,
        )
