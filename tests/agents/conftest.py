"""What tests of minds share: a hamlet, and a village theatre that plays days with the real world.

Pictures, props and tunes are made by `Hands`: minds never look at them, and their makers have tests of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import pytest
from worldloom.agents.cast import Cast
from worldloom.agents.errors import StudioError
from worldloom.agents.minds import Minds
from worldloom.agents.persona import Persona, make_cast
from worldloom.agents.rules import Rules
from worldloom.agents.studio import Studio
from worldloom.agents.turns import Decision
from worldloom.generators.ports import Generator
from worldloom.generators.requests import Answer, Request
from worldloom.provenance.artifact import Artifact
from worldloom.provenance.digests import CONTENT, digest_json
from worldloom.provenance.events_block import EventRow
from worldloom.worlds.action import Action
from worldloom.worlds.settlement import Settlement, found_settlement
from worldloom.worlds.terrain import Terrain, make_terrain
from worldloom.worlds.world import Resident, World

DAWN = 6 * 3600
ROUNDS = 9


class Land(NamedTuple):
    terrain: Terrain
    settlement: Settlement


class Hands:
    """Makes anything at once: bytes that no other request gives."""

    def __init__(self, media_type: str) -> None:
        self.identity = Rules().identity
        self._media_type = media_type

    def generate(self, requests: Sequence[Request]) -> list[Answer]:
        return [Answer(payload=each.digest.encode(), media_type=self._media_type) for each in requests]


class Theatre:
    """Plays a village: world, minds in one or more cohorts, text by `text`, everything else by `Hands`."""

    def __init__(self, land: Land, agents: int = 6, seed: int = 3, text: Generator | None = None, cohorts: int = 1):
        self.land, self.seed, self.cohorts = land, seed, cohorts
        self.personas: tuple[Persona, ...] = make_cast(seed, agents, land.settlement)
        self.cast = Cast.of(self.personas, land.settlement)
        residents = [Resident(who.agent, who.home, who.work) for who in self.personas]
        self.world = World.genesis(
            seed=seed, terrain=land.terrain, settlement=land.settlement, residents=residents, start=DAWN
        )
        self.minds = self.new_minds()
        self.makers: dict[str, Generator] = {
            "text": text or Rules(),
            "image": Hands("image/png"),
            "mesh": Hands("model/gltf-binary"),
            "sound": Hands("audio/wav"),
        }
        self.studio = Studio({who.agent: who for who in self.personas}, self.cast)
        self.decisions: list[Decision] = []
        self.requests = []
        self.events: dict[str, EventRow] = {}
        self.seen_by: dict[str, set[str]] = {}
        self.whereabouts: dict[tuple[int, str], str] = {}
        self.artifacts: list[Artifact] = []

    def new_minds(self) -> list[Minds]:
        parts = [self.personas[at :: self.cohorts] for at in range(self.cohorts)]
        return [Minds(part, self.cast, self.seed) for part in parts]

    def state(self):
        return {agent: mind for minds in self.minds for agent, mind in minds.state().items()}

    def memories(self, agent: str):
        return self.minds[int(agent.partition("-")[2]) % self.cohorts].memories(agent)

    def job(self, job: str) -> str:
        return next(who.agent for who in self.personas if who.job == job)

    def play(self, hours: float) -> None:
        for _ in range(int(hours * 60)):
            self.step()

    def step(self) -> None:
        self.world.begin_step()
        awake = self.world.due()
        for round_ in range(ROUNDS):
            if not awake:
                break
            self.round(round_, awake)
            awake = [agent for agent, _ in self.world.addressed()]
        for block in self.world.end_step():
            for at, row in enumerate(block.rows):
                self.events[f"event-{block.time}-{'w' if block.range < 0 else block.range}-{at}"] = row

        agents, places = self.world.agents, self.land.settlement.places
        for agent, place in zip(agents.ids, agents.place.tolist(), strict=True):
            self.whereabouts[self.world.time, agent] = places[place].id if place >= 0 else ""

    def round(self, round_: int, awake) -> None:
        observations = self.world.observe(awake)
        for seen in observations:
            for happening in seen.happened:
                self.seen_by.setdefault(happening.id, set()).add(seen.agent)
        self.world.acknowledge(awake)
        actions: list[Action] = []
        for minds, part in zip(self.minds, range(self.cohorts), strict=True):
            mine = [seen for seen in observations if int(seen.agent.partition("-")[2]) % self.cohorts == part]
            turns = minds.consider(self.world.time, round_, mine)
            asked = [(turn.agent, turn.request) for turn in turns if turn.request is not None]
            self.requests += [request for _, request in asked]
            answers = self.makers["text"].generate([request for _, request in asked])
            pairs = [(agent, answer) for (agent, _), answer in zip(asked, answers, strict=True)]
            decisions = minds.conclude(self.world.time, round_, pairs)
            self.decisions += decisions
            actions += [turn.action for turn in turns if turn.action is not None]
            actions += [self.carried_out(decision) for decision in decisions]
        self.world.apply(actions, round_)

    def carried_out(self, decision: Decision) -> Action:
        action = decision.action
        if action.kind != "make" or self.world.refusal(action):
            return action
        digest = digest_json(CONTENT, decision.content()).hex()
        try:
            artifact = self.made_by(decision, digest, self.studio.request(decision, self.seed))
            if decision.action.arguments["craft"] == "song":
                artifact = self.made_by(decision, digest, self.studio.tune(decision, artifact, self.seed))
        except StudioError as error:
            return Action(decision.agent, "wait", {"seconds": 60, "reason": str(error)}, decision.id)
        self.artifacts.append(artifact)
        facts = {"artifact": artifact.digest, "media_type": artifact.media_type, "title": artifact.title}
        return replace(action, arguments={**action.arguments, **facts})

    def made_by(self, decision: Decision, digest: str, request: Request) -> Artifact:
        maker = self.makers.get(request.kind)
        if maker is None:
            raise StudioError(f"{decision.id}: nobody here makes {request.kind}")
        answer = maker.generate([request])[0]
        return self.studio.artifact(decision, digest, request, answer, maker.identity)


def make_land(seed: int, size: int) -> Land:
    terrain = make_terrain(seed, size)
    return Land(terrain, found_settlement(terrain, seed))


@pytest.fixture(scope="session")
def hamlet() -> Land:
    """A small place with an inn, a smithy and some homes."""
    return make_land(3, 128)


@pytest.fixture(scope="session")
def theatre():
    """The class Theatre."""
    return Theatre


@pytest.fixture(scope="session")
def feast_day(hamlet: Land) -> Theatre:
    """Six people on a day on which the innkeeper knows of a feast in the evening; played to nine."""
    play = Theatre(hamlet)
    inn = hamlet.settlement.of_kind("inn")[0].name
    text = f"There is a feast at {inn} tonight at seven."
    play.world.begin_step()
    play.world.intervene("tell", target=play.job("innkeeper"), detail={"text": text})
    play.play(15)
    return play


@pytest.fixture(scope="session")
def village_day() -> Theatre:
    """Twenty-five people of a village, from six in the morning to half past ten at night."""
    play = Theatre(make_land(7, 256), agents=25, seed=7)
    play.play(16.5)
    return play


@pytest.fixture(scope="session")
def village_evening() -> Theatre:
    """Twenty-five people of another village, of whom the innkeeper knows of a feast; played to ten in the evening."""
    play = Theatre(make_land(23, 256), agents=25, seed=23)
    inn = play.land.settlement.of_kind("inn")[0].name
    play.world.begin_step()
    play.world.intervene(
        "tell", target=play.job("innkeeper"), detail={"text": f"There is a feast at {inn} tonight at seven."}
    )
    play.play(16)
    return play
