"""The studio: a decision to make something becomes a request, and the answer to it an artifact with its full recipe.

The only way in which agents bring media into the world. Asks no generator itself; signing and storing come after it.
A song is made twice: its words first, then the tune to these words.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from worldloom.generators.requests import Answer, Request
from worldloom.provenance.artifact import Artifact
from worldloom.provenance.digests import file_digest
from worldloom.provenance.ids import agent_number
from worldloom.provenance.recipe import Identity
from worldloom.worlds.chance import draw_u64
from worldloom.worlds.clock import clock_text

from .cast import Cast
from .errors import StudioError
from .finishing import made, require_answer, written
from .making import title_of
from .mentions import Mentions
from .persona import Persona
from .portraits import portrait_parameters
from .prompting import template
from .turns import Decision
from .view import cell, who_line
from .wording import Matter, letter_labels, letter_text, song_matter, song_text

KINDS: Mapping[str, str] = {
    "letter": "text",
    "sign": "image",
    "emblem": "image",
    "portrait": "image",
    "tile": "image",
    "prop": "mesh",
    "song": "text",
}
"""Which kind of generator makes each craft; of a song, its words."""

TUNE = "tune"
"""The purpose of the second half of a song, which a generator of sound makes."""

SONG_SECONDS = 15


class Studio:
    """See the module. Keeps nothing between calls: request and artifact follow from what is given.

    `personas` are all people by id, `cast` what everybody knows of people and places.
    """

    def __init__(self, personas: Mapping[str, Persona], cast: Cast) -> None:
        self._personas = personas
        self._cast = cast

    def request(self, decision: Decision, seed: int) -> Request:
        """Return the request for what a `make` decision wants, for a song that for its words; `seed` is the run's.

        Raises StudioError for a decision that makes nothing, or something for nobody here.
        """
        arguments = decision.action.arguments
        craft = str(arguments.get("craft", ""))
        if decision.action.kind != "make" or craft not in KINDS:
            raise StudioError(f"{decision.id}: {decision.action.kind} {craft!r} is nothing that is made here")
        maker = self._person(decision, decision.agent)
        form = template(craft)
        return Request(
            kind=KINDS[craft],
            purpose=craft,
            agent=decision.agent,
            time=decision.time,
            # An agent decides once a round, so the round tells its makes of one time apart.
            occurrence=decision.round,
            seed=_seed(seed, craft, decision),
            prompt=form.render(self._fields(decision, craft, maker)),
            parameters=self._parameters(decision, craft, maker),
            template=form.digest,
        )

    def tune(self, decision: Decision, words: Artifact, seed: int) -> Request:
        """Return the request for the tune of a song whose words are made; it reads their payload."""
        lines = words.payload.decode().strip()
        mood = _word(decision.action.arguments, "mood")
        form = template(TUNE)
        return Request(
            kind="sound",
            purpose=TUNE,
            agent=decision.agent,
            time=decision.time,
            occurrence=decision.round,
            seed=_seed(seed, TUNE, decision),
            prompt=form.render(mood=mood, seconds=SONG_SECONDS, words=lines),
            parameters={
                "craft": "song",
                "mood": mood,
                "words": lines,
                "seconds": SONG_SECONDS,
                "title": words.title,
            },
            inputs=(file_digest(words.payload).hex(),),
            template=form.digest,
        )

    def artifact(
        self, decision: Decision, decision_digest: str, request: Request, answer: Answer, identity: Identity
    ) -> Artifact:
        """Return the artifact that an answer is; its parent is the decision's log content digest.

        Raises StudioError when there is no answer, it is empty, or of a media type that its purpose does not allow.
        """
        where = f"{decision.id}: the {request.purpose}"
        require_answer(where, answer)
        if request.kind != "text":
            return made(where, decision_digest, request, answer, identity)
        if request.purpose == "letter":
            labels = letter_labels(self._cast, self._person(decision, decision.agent), self._to(decision))
            payload, names = letter_text(answer.text, labels, where)
        else:
            payload, names = song_text(answer.text, self._matter(decision).labels, where)
        return written(payload, names, decision_digest, request, answer, identity)

    def slot(self, genesis_digest: str, request: Request, answer: Answer, identity: Identity) -> Artifact:
        """Return the artifact that fills a slot of the world's genesis, its parent; raises StudioError as above."""
        where = f"the {request.purpose} of {request.agent} at the beginning"
        require_answer(where, answer)
        return made(where, genesis_digest, request, answer, identity)

    def _person(self, decision: Decision, agent: str) -> Persona:
        persona = self._personas.get(agent)
        if persona is None:
            raise StudioError(f"{decision.id}: {cell(agent)[:40]!r} is nobody here")
        return persona

    def _to(self, decision: Decision) -> str:
        """Return whom the thing is for or shows; raises StudioError for nobody."""
        return self._person(decision, str(decision.action.arguments.get("to", ""))).agent

    @cached_property
    def _mentions(self) -> Mentions:
        return Mentions(self._cast)

    def _matter(self, decision: Decision) -> Matter:
        arguments = decision.action.arguments
        return song_matter(self._cast, self._mentions, str(arguments.get("text", "")), str(arguments.get("to", "")))

    def _fields(self, decision: Decision, craft: str, maker: Persona) -> dict[str, Any]:
        """Return what the template of a craft names."""
        arguments = decision.action.arguments
        fields: dict[str, Any] = {
            "who": who_line(maker),
            "maker": cell(maker.name),
            "job": cell(maker.job),
            "time": clock_text(decision.time),
            **{name: _word(arguments, name) for name in ("subject", "colour", "size", "text", "mood")},
        }
        if craft == "letter":
            receiver = self._cast.person(self._to(decision))
            return fields | {"to": cell(receiver.name), "to_job": cell(receiver.job), "occasion": fields["subject"]}
        if craft == "portrait":
            return fields | portrait_parameters(self._person(decision, self._to(decision)), fields["mood"])
        return fields | self._matter(decision)._asdict() if craft == "song" else fields

    def _parameters(self, decision: Decision, craft: str, maker: Persona) -> dict[str, Any]:
        """Return the parameters that backends read, those without a value left out, and the title."""
        arguments = decision.action.arguments
        title = title_of(arguments, maker.name)
        if craft == "portrait":
            shown = portrait_parameters(self._person(decision, self._to(decision)), _word(arguments, "mood"))
            return {"craft": craft, **shown, "title": title}
        values = {name: _word(arguments, argument) for name, argument in _READ[craft].items()}
        named = {name: value for name, value in values.items() if value}
        # What is sung is the song; these are words, whoever sings them.
        return {"craft": "words" if craft == "song" else craft, **named, "title": title}


_READ: Mapping[str, Mapping[str, str]] = {
    "letter": {"to": "to", "occasion": "subject"},
    "sign": {"subject": "subject", "colour": "colour", "text": "text"},
    "emblem": {"subject": "subject", "colour": "colour"},
    "tile": {"thing": "subject", "colour": "colour"},
    "prop": {"thing": "subject", "colour": "colour", "size": "size"},
    "song": {"mood": "mood", "about": "about"},
}
"""By craft: parameters, and the action's arguments that they come from."""


def _word(arguments: Mapping[str, Any], name: str) -> str:
    return cell(str(arguments.get(name, "")))


def _seed(seed: int, purpose: str, decision: Decision) -> int:
    return int(draw_u64(seed, f"make {purpose}", decision.time, agent_number(decision.agent), decision.round)[0])
