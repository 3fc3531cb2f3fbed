"""Makes of a round: asks the generators, has the results signed and stored. Which makes there are, minds decide.

A song is made in two calls, its words before its tune; nothing of a make is kept unless all of it came about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from worldloom.agents.errors import StudioError
from worldloom.agents.portraits import portrait_requests
from worldloom.agents.studio import Studio
from worldloom.agents.turns import Decision
from worldloom.generators.ports import Generator
from worldloom.generators.requests import Answer, Request, veiled
from worldloom.provenance.artifact import Artifact
from worldloom.provenance.entry import EntryKind
from worldloom.provenance.ids import agent_number
from worldloom.provenance.recipe import Identity
from worldloom.provenance.veil import Veil
from worldloom.worlds.action import Action

from .ledger import Ledger, RootOnly
from .makers import name_at
from .parts import Parts
from .publisher import Publisher
from .village import Village

PORTRAITS_AT_ONCE = 25
"""How many portraits one call of a generator paints, so that no call takes long."""


class Commission(NamedTuple):
    """A `make` to carry out: the decision that asks for it and that decision's content digest."""

    decision: Decision
    digest: str


@dataclass
class _Job:
    """A commission at work: what came of it so far, or why it came to nothing."""

    commission: Commission
    made: list[Artifact] = field(default_factory=list)
    refused: str = ""

    @property
    def half_a_song(self) -> bool:
        return not self.refused and self.commission.decision.action.arguments.get("craft") == "song"


class Workshop:
    """Carries out makes: one generator call a kind, then artifacts in the order of their makers."""

    def __init__(
        self,
        makers: Mapping[str, Generator],
        village: Village,
        publisher: Publisher | None,
        seed: int,
        parts: Parts,
        veil: Veil | None = None,
    ) -> None:
        self._makers = makers
        self._village = village
        self._publisher = publisher
        self._studio = Studio(village.by_agent, village.cast)
        self._seed = seed
        self._parts = parts
        self._veil = veil
        self.made = 0

    def carry_out(self, commissions: Sequence[Commission], ledger: Ledger | RootOnly, time: int) -> dict[str, Action]:
        """Return the action of each maker: `make` with its artifact, or `wait` with the reason why there is none."""
        jobs = [_Job(each) for each in sorted(commissions, key=lambda each: agent_number(each.decision.agent))]
        self._work(jobs, lambda job: self._studio.request(job.commission.decision, self._seed))
        songs = [job for job in jobs if job.half_a_song]
        self._work(songs, lambda job: self._studio.tune(job.commission.decision, job.made[0], self._seed))
        return {job.commission.decision.agent: self._finish(job, ledger, time) for job in jobs}

    def paint_portraits(self, ledger: Ledger | RootOnly, time: int) -> None:
        """Fill the slots for portraits that the world's genesis leaves; who cannot be painted has none."""
        village = self._village
        asked = portrait_requests(village.personas, village.cast.village, self._seed, time)
        requests = [veiled(each, self._veil) for each in asked]
        for start in range(0, len(requests), PORTRAITS_AT_ONCE):
            batch = requests[start : start + PORTRAITS_AT_ONCE]
            for request, answer in zip(batch, self._ask(batch), strict=True):
                try:
                    artifact = self._studio.slot(village.genesis, request, answer, self._identity(request))
                except StudioError:
                    continue  # the recorded answer says why
                self._record(artifact, ledger, time)

    def _work(self, jobs: Iterable[_Job], wanted: Callable[[_Job], Request]) -> None:
        """Ask for one thing for each job; who wants what cannot be made, or got no answer, is refused."""
        asked: list[tuple[_Job, Request]] = []
        for job in jobs:
            try:
                request = veiled(wanted(job), self._veil)
            except StudioError as error:
                job.refused = str(error)
                continue
            if name_at(self._makers, request.kind, request.time) in self._makers:
                asked.append((job, request))
            else:
                job.refused = f"nobody here makes anything of the kind {request.kind}"
        for (job, request), answer in zip(asked, self._ask([request for _, request in asked]), strict=True):
            decision, digest = job.commission
            try:
                job.made.append(self._studio.artifact(decision, digest, request, answer, self._identity(request)))
            except StudioError as error:
                job.refused = str(error)

    def _maker(self, kind: str, time: int) -> Generator:
        return self._makers[name_at(self._makers, kind, time)]

    def _identity(self, request: Request) -> Identity:
        return self._maker(request.kind, request.time).identity

    def _ask(self, requests: Sequence[Request]) -> list[Answer]:
        answers: dict[str, Answer] = {}
        for kind in sorted({request.kind for request in requests}):
            batch = [request for request in requests if request.kind == kind]
            with self._parts.part(kind):
                found = self._maker(kind, batch[0].time).generate(batch)
            answers |= {request.digest: answer for request, answer in zip(batch, found, strict=True)}
        return [answers[request.digest] for request in requests]

    def _finish(self, job: _Job, ledger: Ledger | RootOnly, time: int) -> Action:
        """Record what a job made, in the order in which it was made; what came last is what its maker holds."""
        decision = job.commission.decision
        if job.refused:
            arguments: dict[str, Any] = {"seconds": 60, "reason": job.refused}
            return Action(decision.agent, "wait", arguments, decision.id)
        for artifact in job.made:
            self._record(artifact, ledger, time)
        held = job.made[-1]
        facts = {"artifact": held.digest, "media_type": held.media_type, "title": held.title}
        return replace(decision.action, arguments={**decision.action.arguments, **facts}, cause=decision.id)

    def _record(self, artifact: Artifact, ledger: Ledger | RootOnly, time: int) -> None:
        publisher = self._publisher
        evidence = None if publisher is None else lambda: publisher.publish(artifact)
        with self._parts.part("log"):
            ledger.record(EntryKind.ARTIFACT, time, artifact.content(), evidence)
        self.made += 1
