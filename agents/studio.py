"""The studio: a decision to make something becomes a request, and the answer to it an artifact with its full recipe.

The only way in which agents bring media into the world. Asks no generator itself; signing and storing come after it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from worldloom.generators.requests import Answer, Request, Status
from worldloom.provenance.artifact import Artifact
from worldloom.provenance.ids import agent_number
from worldloom.provenance.recipe import Identity, Recipe
from worldloom.provenance.text import clean_text
from worldloom.worlds.chance import draw_u64
from worldloom.worlds.clock import clock_text

from .errors import StudioError
from .making import title_of
from .persona import Persona
from .prompting import template
from .turns import Decision
from .view import cell, who_line

KINDS: Mapping[str, str] = {"letter": "text", "sign": "image", "emblem": "image", "prop": "mesh"}
"""Which kind of generator makes each craft."""

MEDIA_TYPES: Mapping[str, tuple[str, ...]] = {
    "letter": ("text/plain",),
    "sign": ("image/svg+xml", "image/png"),
    "emblem": ("image/png", "image/svg+xml"),
    "prop": ("model/gltf-binary",),
}
"""What an answer may be for each craft."""

LONGEST_LETTER = 4000


class Studio:
    """See the module. Holds no state: request and artifact follow from what is given."""

    def request(self, decision: Decision, persona: Persona, seed: int) -> Request:
        """Return the request for what a `make` decision wants; `seed` is the run's. Raises StudioError."""
        arguments = decision.action.arguments
        craft = str(arguments.get("craft", ""))
        if decision.action.kind != "make" or craft not in KINDS:
            raise StudioError(f"{decision.id}: {decision.action.kind} {craft!r} is nothing that is made here")
        form = template(craft)
        number = agent_number(decision.agent)
        return Request(
            kind=KINDS[craft],
            purpose=craft,
            agent=decision.agent,
            time=decision.time,
            # An agent decides once a round, so the round tells its makes of one time apart.
            occurrence=decision.round,
            seed=int(draw_u64(seed, f"make {craft}", decision.time, number, decision.round)[0]),
            prompt=form.render(_fields(arguments, persona, decision.time)),
            parameters=_parameters(craft, arguments, title_of(arguments, persona.name)),
            template=form.digest,
        )

    def artifact(
        self, decision: Decision, decision_digest: str, request: Request, answer: Answer, identity: Identity
    ) -> Artifact:
        """Return the artifact that an answer is; its parent is the decision's log content digest.

        Raises StudioError when there is no answer, it is empty, or of a media type that its craft does not allow.
        """
        payload, media_type = _payload(decision, request, answer)
        recipe = Recipe(
            kind=request.kind,
            generator=identity,
            request=request.digest,
            prompt=request.prompt,
            agent=request.agent,
            time=request.time,
            purpose=request.purpose,
            occurrence=request.occurrence,
            seed=request.seed,
            parameters={**request.parameters, **answer.parameters},
            parents=(decision_digest,),
            inputs=request.inputs,
        )
        return Artifact(payload, media_type, recipe, str(request.parameters["title"]))


def _word(arguments: Mapping[str, Any], name: str) -> str:
    return cell(str(arguments.get(name, "")))


def _fields(arguments: Mapping[str, Any], persona: Persona, time: int) -> dict[str, str]:
    """Return what the templates of all crafts may name."""
    return {
        "who": who_line(persona),
        "maker": cell(persona.name),
        "job": cell(persona.job),
        "time": clock_text(time),
        "to": _word(arguments, "text"),
        "to_job": "villager",
        "occasion": _word(arguments, "subject"),
        **{name: _word(arguments, name) for name in ("subject", "colour", "size", "text")},
    }


def _parameters(craft: str, arguments: Mapping[str, Any], title: str) -> dict[str, str]:
    """Return the parameters that backends read, those without a value left out, and the title."""
    named = {
        "letter": {"to": "to", "occasion": "subject"},
        "sign": {"subject": "subject", "colour": "colour", "text": "text"},
        "emblem": {"subject": "subject", "colour": "colour"},
        "prop": {"thing": "subject", "colour": "colour", "size": "size"},
    }[craft]
    values = {name: _word(arguments, argument) for name, argument in named.items()}
    return {"craft": craft, **{name: value for name, value in values.items() if value}, "title": title}


def _payload(decision: Decision, request: Request, answer: Answer) -> tuple[bytes, str]:
    where = f"{decision.id}: the {request.purpose}"
    if answer.status is not Status.OK:
        raise StudioError(f"{where} was not made: {cell(answer.detail)[:160] or answer.status}")
    if request.kind == "text":
        return _letter(where, answer.text), "text/plain"
    if answer.media_type not in MEDIA_TYPES[request.purpose]:
        raise StudioError(f"{where} is of type {cell(answer.media_type)[:60]!r}, not {MEDIA_TYPES[request.purpose]}")
    if not answer.payload:
        raise StudioError(f"{where} is empty")
    return answer.payload, answer.media_type


def _letter(where: str, text: str) -> bytes:
    if len(text) > LONGEST_LETTER:
        raise StudioError(f"{where} has {len(text)} characters, more than {LONGEST_LETTER}")
    clean = clean_text(text).strip()
    if not clean:
        raise StudioError(f"{where} is empty")
    return (clean + "\n").encode()
