"""Makes of a round: asks the generators, has the results signed and stored. Which makes there are, minds decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from worldloom.agents.errors import StudioError
from worldloom.agents.persona import Persona
from worldloom.agents.studio import Studio
from worldloom.agents.turns import Decision
from worldloom.generators.ports import Generator
from worldloom.generators.requests import Answer, Request
from worldloom.provenance.artifact import Artifact
from worldloom.provenance.entry import EntryKind
from worldloom.provenance.ids import agent_number
from worldloom.worlds.action import Action

from .ledger import Ledger, RootOnly
from .makers import name_at
from .parts import Parts
from .publisher import Publisher


class Commission(NamedTuple):
    """A `make` to carry out: the decision that asks for it and that decision's content digest."""

    decision: Decision
    digest: str


class Workshop:
    """Carries out makes: one generator call a kind, then artifacts in the order of their makers."""

    def __init__(
        self,
        makers: Mapping[str, Generator],
        personas: Mapping[str, Persona],
        publisher: Publisher | None,
        seed: int,
        parts: Parts,
    ) -> None:
        self._makers = makers
        self._personas = personas
        self._publisher = publisher
        self._studio = Studio()
        self._seed = seed
        self._parts = parts
        self.made = 0

    def carry_out(self, commissions: Sequence[Commission], ledger: Ledger | RootOnly, time: int) -> dict[str, Action]:
        """Return the action of each maker: `make` with its artifact, or `wait` with the reason why there is none."""
        ordered = sorted(commissions, key=lambda each: agent_number(each.decision.agent))
        requests = [self._request(each) for each in ordered]
        answers = self._ask([request for request in requests if isinstance(request, Request)])
        actions: dict[str, Action] = {}
        for commission, request in zip(ordered, requests, strict=True):
            actions[commission.decision.agent] = (
                self._finish(commission, request, answers[request.digest], ledger, time)
                if isinstance(request, Request)
                else request
            )
        return actions

    def _request(self, commission: Commission) -> Request | Action:
        """Return what to ask for, or the wait of somebody who wants what cannot be made."""
        decision = commission.decision
        try:
            return self._studio.request(decision, self._personas[decision.agent], self._seed)
        except StudioError as error:
            return _refused(decision, str(error))

    def _maker(self, kind: str, time: int) -> Generator:
        return self._makers[name_at(self._makers, kind, time)]

    def _ask(self, requests: Sequence[Request]) -> dict[str, Answer]:
        answers: dict[str, Answer] = {}
        for kind in sorted({request.kind for request in requests}):
            batch = [request for request in requests if request.kind == kind]
            with self._parts.part(kind):
                found = self._maker(kind, batch[0].time).generate(batch)
            answers |= {request.digest: answer for request, answer in zip(batch, found, strict=True)}
        return answers

    def _finish(
        self, commission: Commission, request: Request, answer: Answer, ledger: Ledger | RootOnly, time: int
    ) -> Action:
        decision = commission.decision
        try:
            identity = self._maker(request.kind, request.time).identity
            artifact = self._studio.artifact(decision, commission.digest, request, answer, identity)
        except StudioError as error:
            return _refused(decision, str(error))
        self._record(artifact, ledger, time)
        self.made += 1
        facts = {"artifact": artifact.digest, "media_type": artifact.media_type, "title": artifact.title}
        return replace(decision.action, arguments={**decision.action.arguments, **facts}, cause=decision.id)

    def _record(self, artifact: Artifact, ledger: Ledger | RootOnly, time: int) -> None:
        publisher = self._publisher
        evidence = None if publisher is None else lambda: publisher.publish(artifact)
        with self._parts.part("log"):
            ledger.record(EntryKind.ARTIFACT, time, artifact.content(), evidence)


def _refused(decision: Decision, reason: str) -> Action:
    arguments: dict[str, Any] = {"seconds": 60, "reason": reason}
    return Action(decision.agent, "wait", arguments, decision.id)
