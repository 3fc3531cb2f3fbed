"""The minds of many agents behind two calls a round: what they see goes in, turns come out; answers in, decisions out.

An agent follows its plan and its errands without asking anybody. A model is asked when the plan has run out or must
heed something new (`plan`), when somebody speaks to it (`talk`), when there is something to make (`make`), and when
something happened that a plan does not foresee, a need is urgent or there is somebody to talk to (`decide`). Everything
is a pure function of personas, cast, seed, observations and answers; no mind sees another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from worldloom.generators.requests import Answer, Request, Status, veiled
from worldloom.provenance.ids import agent_number, decision_id
from worldloom.provenance.veil import Veil
from worldloom.worlds.action import Action
from worldloom.worlds.chance import draw_u64
from worldloom.worlds.clock import clock_text
from worldloom.worlds.observation import Observation

from .asking import Prompt, ask
from .bargaining import bargain, trade
from .cast import Cast
from .consolidating import consolidate
from .decide import AS_PLANNED, Outcome, decide, keep, reply
from .embedding import HASHED, Embedding
from .errands import put_away
from .errors import CastError, MindStateError
from .going_on import wish_of
from .interviews import answered, ask_about
from .making import make
from .meeting import agreed, look_out
from .memory import Memory, one_line
from .mind import Mind, Pending
from .noticing import Noticed, notice
from .orders import promised
from .persona import Persona
from .plan import Plan, Question, end_of, read_steps
from .reflecting import ask_back, look_back
from .schemas import SCHEMAS, read_answer
from .thinking import think
from .turns import Decision, Interview, Turn
from .view import Guide, who_line


class _Asked(NamedTuple):
    mind: Mind
    purpose: str
    prompt: Prompt
    seen: Observation
    noticed: Noticed


class Minds:
    """The minds of a cohort. `personas` are those of its agents, `cast` is everybody, `seed` the run's.

    Without `reflection` nobody looks back or makes one memory of many; without `memory` nothing is remembered at all:
    what a whole mind is compared with. `embedding` makes the vectors of all their memories; `veil` makes the digests of
    prompts in a private run.
    """

    def __init__(
        self,
        personas: Sequence[Persona],
        cast: Cast,
        seed: int,
        *,
        reflection: bool = True,
        memory: bool = True,
        embedding: Embedding = HASHED,
        veil: Veil | None = None,
    ) -> None:
        ordered = sorted(personas, key=lambda persona: agent_number(persona.agent))
        self._minds = {
            who.agent: Mind.born(who, cast, who_line(who), memory=memory, embedding=embedding) for who in ordered
        }
        self._guide = Guide(cast)
        self._seed = seed
        self._reflection = reflection
        self._veil = veil

    def consider(self, time: int, round: int, observations: Sequence[Observation]) -> list[Turn]:  # noqa: A002
        """Return one turn for each observation, in order: a request, or the action that the plan asks for."""
        turns: list[Turn | None] = []
        asked: list[_Asked] = []
        for seen in observations:
            mind = self._mind(seen.agent)
            noticed = notice(mind, self._guide, seen.happened)
            if mind.appointments:
                look_out(mind, seen)
            thought = think(mind, seen, noticed, round, reflection=self._reflection)
            if isinstance(thought, Question):
                prompt = self._prompt(mind, seen, noticed, thought, round)
                asked.append(_Asked(mind, thought.purpose, prompt, seen, noticed))
                turns.append(None)
            else:
                mind.tried = thought.kind
                turns.append(Turn(seen.agent, None, Action(seen.agent, thought.kind, thought.arguments, mind.cause)))
        requests = iter(self._requests(time, asked))
        return [turn if turn is not None else next(requests) for turn in turns]

    def _prompt(self, mind: Mind, seen: Observation, noticed: Noticed, question: Question, round_: int) -> Prompt:
        if question.purpose == "reflect":
            return ask_back(mind, self._guide, seen.time)
        if question.purpose == "trade":
            return bargain(mind, self._guide, seen)
        return ask(mind, self._guide, seen, noticed, question, round_)

    def _requests(self, time: int, asked: Sequence[_Asked]) -> list[Turn]:
        """Make the requests of a round; their seeds are drawn for all of a purpose at once."""
        counted = [(each, each.mind.occurrence(time, each.purpose)) for each in asked]
        seeds: dict[str, int] = {}
        for purpose in sorted({each.purpose for each in asked}):
            mine = [(each.mind, number) for each, number in counted if each.purpose == purpose]
            numbers = np.array([mind.number for mind, _ in mine], np.int64)
            occurrences = np.array([number for _, number in mine], np.int64)
            words = draw_u64(self._seed, f"request {purpose}", time, numbers, occurrences).tolist()
            seeds |= {mind.agent: word for (mind, _), word in zip(mine, words, strict=True)}
        turns = []
        for each, occurrence in counted:
            mind, prompt = each.mind, each.prompt
            request = Request(
                kind="text",
                purpose=each.purpose,
                agent=mind.agent,
                time=time,
                occurrence=occurrence,
                seed=seeds[mind.agent],
                prompt=prompt.text,
                schema=SCHEMAS[each.purpose],
                template=prompt.template,
            )
            request = veiled(request, self._veil)
            mind.pending = Pending(
                purpose=each.purpose,
                request=request.digest,
                prompt=request.prompt_digest,
                template=prompt.template,
                labels=prompt.labels,
                seen=each.seen,
                observed=tuple(each.noticed.ids) if each.purpose in ("decide", "talk") else (),
                speaker=each.seen.addressed_by,
            )
            turns.append(Turn(mind.agent, request, None))
        return turns

    def conclude(self, time: int, round: int, answers: Sequence[tuple[str, Answer]]) -> list[Decision]:  # noqa: A002
        """Return the decision of each agent that asked in this round, by agent number."""
        ordered = sorted(answers, key=lambda pair: agent_number(pair[0]))
        return [self._conclude(self._mind(agent), time, round, answer) for agent, answer in ordered]

    def _conclude(self, mind: Mind, time: int, round_: int, answer: Answer) -> Decision:
        pending = mind.pending
        if pending is None:
            raise MindStateError(f"{mind.agent} was given an answer at {clock_text(time)} and had asked nothing")
        mind.pending = None
        name = decision_id(time, mind.number, round_)
        status, outcome = self._read(mind, pending, answer, name)
        if not outcome.fault:
            keep(mind, outcome)
            mind.cause = name
        wish = wish_of(mind, pending, outcome)
        mind.tried = wish.kind
        found = (mind.stream.find(memory) for memory in dict.fromkeys(outcome.memories))
        bases = dict.fromkeys(basis for memory in found if memory is not None for basis in memory.bases)
        if pending.purpose == "reflect":
            mind.looked_back, mind.weight = time, 0
            consolidate(mind, time)
        return Decision(
            id=name,
            agent=mind.agent,
            time=time,
            round=round_,
            purpose=pending.purpose,
            request=pending.request,
            answer=answer.digest,
            prompt=pending.prompt,
            template=pending.template,
            # Who plans anew and hands over what was ordered does it for the order's sake, not for the plan's.
            action=Action(mind.agent, wish.kind, wish.arguments, wish.cause or name),
            status=status,
            reason=outcome.fault,
            bases=tuple(bases),
            observed=pending.observed,
        )

    def _read(self, mind: Mind, pending: Pending, answer: Answer, name: str) -> tuple[str, Outcome]:
        """Return (status, outcome) of an answer; anything but an answer that means something has a fault."""
        if answer.status is not Status.OK:
            return str(answer.status), Outcome(fault=f"no answer: {one_line(answer.detail, 160) or answer.status}")
        value, why = read_answer(answer.text, SCHEMAS[pending.purpose])
        if why:
            return str(Status.INVALID), Outcome(fault=why)
        if pending.purpose == "decide":
            outcome = decide(mind, pending, value, name)
            if outcome.wish is AS_PLANNED and not outcome.fault:
                put_away(mind.errands, pending.seen, mind.persona.home, name)
        elif pending.purpose == "talk":
            outcome = reply(mind, self._guide, pending, value, name)
            if value["do"] == "agree" and not outcome.fault:
                self._note_appointment(mind, pending, value, name)
        elif pending.purpose == "make":
            promises = len(mind.orders)
            outcome = make(mind, pending, value, name)
            if len(mind.orders) < promises:
                mind.revise = promised(mind.orders)
        elif pending.purpose == "trade":
            outcome = trade(pending, value)
        elif pending.purpose == "reflect":
            shown, why = look_back(mind, self._guide, pending, value, name)
            outcome = Outcome(memories=tuple(shown), fault=why)
        else:
            outcome = _adopt_plan(mind, pending, value, name)
        return str(Status.INVALID if outcome.fault else Status.OK), outcome

    def _note_appointment(self, mind: Mind, pending: Pending, value: Mapping[str, str], name: str) -> None:
        place = pending.labels.of(value["place"])
        spot = mind.cast.place(place).name
        other = mind.cast.name(pending.speaker)
        text = f"{mind.persona.name} will meet {other} at {spot} at {value['at']}."
        memory = mind.remember(pending.seen.time, "plan", text, name, 8, (mind.agent, pending.speaker, place))
        agreed(mind, pending.speaker, place, value["at"], memory)
        mind.revise = "you have agreed to meet somebody"

    def _mind(self, agent: str) -> Mind:
        try:
            return self._minds[agent]
        except KeyError:
            raise CastError(f"{agent!r} has no mind in this cohort; it holds {len(self._minds)} agents") from None

    def interview(self, agent: str, time: int, question: str) -> Request:
        """Return the request that puts a question to an agent at a time in seconds; changes no mind.

        Raises CastError for an agent of another cohort.
        """
        mind = self._mind(agent)
        prompt = ask_about(mind, self._guide, time, question)
        return Request(
            kind="text",
            purpose="interview",
            agent=agent,
            time=time,
            occurrence=0,
            seed=int(draw_u64(self._seed, "request interview", time, mind.number, 0)[0]),
            prompt=prompt.text,
            schema=SCHEMAS["interview"],
            template=prompt.template,
        )

    def answer(self, agent: str, time: int, question: str, answer: Answer) -> Interview:
        """Return what the answer to `interview` of the same agent, time and question comes to; changes no mind."""
        mind = self._mind(agent)
        if answer.status is not Status.OK:
            return Interview(False, "", (), f"no answer: {one_line(answer.detail, 160) or answer.status}")
        value, why = read_answer(answer.text, SCHEMAS["interview"])
        if why:
            return Interview(False, "", (), why)
        return answered(mind, ask_about(mind, self._guide, time, question).labels, value)

    def state(self) -> dict[str, Any]:
        """Return each agent's mind as a canonical JSON value; raises MindStateError within a round."""
        return {agent: mind.state() for agent, mind in self._minds.items()}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take on the minds of a state; others than this cohort's are passed over. Raises MindStateError."""
        for agent, mind in self._minds.items():
            if agent not in state:
                raise MindStateError(f"the saved state holds no mind of {agent}")
            mind.restore(state[agent])

    def memories(self, agent: str) -> Sequence[Memory]:
        """Return what an agent remembers, oldest first; raises CastError for an agent of another cohort."""
        return self._mind(agent).stream.memories


def _adopt_plan(mind: Mind, pending: Pending, value: Mapping[str, Any], name: str) -> Outcome:
    """Make the plan that an answer describes the agent's own."""
    steps, memories, why = read_steps(value, pending.labels, mind.persona, pending.seen.time)
    if why:
        return Outcome(fault=why)
    mind.plan = Plan(name, steps, end_of(steps, mind.number))
    return Outcome(memories=tuple(memories))
