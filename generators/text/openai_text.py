"""The backend `openai:BASE_URL#MODEL` for text: asks any server of OpenAI's chat protocol. Runs no model itself."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from worldloom.generators.backends.chance import uniform
from worldloom.generators.backends.control import Control, Patience
from worldloom.generators.backends.specification import Specification
from worldloom.generators.errors import EndpointError, GeneratorError
from worldloom.generators.requests import Answer, Request, Status
from worldloom.provenance.recipe import Identity

from .dialect import Dialect, complaint, said
from .endpoint import Endpoint, Outcome, Reply
from .pacing import Pace
from .repair import ATTEMPTS, Said, Turn, again, first, judged

OPTIONS = ("concurrency", "deadline", "temperature", "timeout", "top_p")
"""What may stand behind the question mark of a specification; ADR 0009 says what each does."""

TRIES = 4
"""How often one asking is tried while the server or the line fails. One that asks for patience gets all there is."""

REST_SECONDS = 0.25
"""The mean first rest between two tries; each later one is twice as long, up to 32 times."""

WATCH_SECONDS = 0.05
"""How soon a cancelled call notices."""


class OpenAIText:
    """Answers text requests by asking a server, many at once. Nothing that a server says is repeatable."""

    def __init__(self, argument: str) -> None:
        """Read a specification's argument; raises UnknownGeneratorError. Nothing is sent before it is asked."""
        options = Specification("openai", argument, OPTIONS)
        self._endpoint = Endpoint(options.subject)
        temperature, top_p = options.hundredths("temperature", 70, 200), options.hundredths("top_p", 100, 100)
        self._dialect = Dialect(self._endpoint.model, temperature, top_p)
        self._try_s = options.whole("timeout", 60, 1, 3600)
        self._control = Control(options.whole("deadline", 300, 1, 86_400))
        self._most = options.whole("concurrency", 64, 1, 4096)
        self._pace = Pace(self._most, self._control.facts)
        self._reached = False
        self._lock = threading.Lock()

    @property
    def identity(self) -> Identity:
        """Who answers: the model by the name that it is asked for. The address is no part of it, nor is the key."""
        return Identity(
            backend="openai",
            model=self._endpoint.model,
            repeatable=False,
            source_type="trainedAlgorithmicMedia",
            model_type="c2pa.types.model",
        )

    @property
    def facts(self) -> dict[str, int]:
        """Counts of what happened so far, and the number of requests that may be in flight: diagnostics only."""
        return self._control.facts.read() | {"concurrency": self._pace.limit}

    def generate(self, requests: Sequence[Request]) -> list[Answer]:
        """Answer in order; raises EndpointError where nobody can be asked, CancelledError when `cancel` ended it."""
        if not requests:
            return []
        with self._lock, self._control.call() as patience, ThreadPoolExecutor(1, "openai") as thread:
            # A thread of its own: the caller's may run an event loop already.
            call = thread.submit(asyncio.run, self._all(requests, patience))
            try:
                return call.result()
            except KeyboardInterrupt:
                patience.cancel()  # else leaving this block would wait for the deadline
                raise

    def cancel(self) -> None:
        """Give up the calls under way, from another thread; their connections are closed."""
        self._control.cancel()

    def close(self) -> None:
        """Give up the calls under way and refuse later ones."""
        self._control.close()

    async def _all(self, requests: Sequence[Request], patience: Patience) -> list[Answer]:
        self._pace.begin()
        async with self._endpoint.client(self._most) as client:
            tasks = [asyncio.create_task(self._one(client, request, patience)) for request in requests]
            watch = asyncio.create_task(_watch(patience, tasks))
            try:
                answers: list[Answer] = await asyncio.gather(*tasks)
            except asyncio.CancelledError:
                patience.require()
                raise
            finally:
                for task in (*tasks, watch):
                    task.cancel()
                await asyncio.gather(*tasks, watch, return_exceptions=True)
        for status in (Status.LATE, Status.INVALID, Status.FAILED):
            self._control.facts.add(str(status), sum(answer.status is status for answer in answers))
        return answers

    async def _one(self, client: Any, request: Request, patience: Patience) -> Answer:
        """Ask a request, and once again if its answer is not of its schema."""
        turns, answer = first(request), Answer(status=Status.LATE, detail=_LATE)
        try:
            async with asyncio.timeout(patience.left):
                for attempt in range(ATTEMPTS):
                    heard = await self._ask(client, request, turns, attempt, patience)
                    answer = judged(request, heard, attempt)
                    if answer.status is not Status.INVALID:
                        break
                    turns = again(turns, heard, answer.detail)
                    self._control.facts.add("repairs", attempt + 1 < ATTEMPTS)
        except TimeoutError:
            return Answer(status=Status.LATE, detail=_LATE)
        return answer

    async def _ask(
        self, client: Any, request: Request, turns: tuple[Turn, ...], attempt: int, patience: Patience
    ) -> Said:
        """Ask until there is an answer, a refusal, or no sense in asking on."""
        tries, rests, reply = 0, 0, Reply(Outcome.BROKEN)
        while tries < TRIES:
            if self._pace.pause > patience.left:
                return Said(status=Status.LATE, detail=f"the server asked for {self._pace.pause:.0f} s of rest")
            reply = await self._exchange(client, self._dialect.body(request, turns, attempt))
            heard = said(reply.data) if reply.outcome is Outcome.GOOD else None
            if heard is not None:
                return heard._replace(
                    words=self._endpoint.safe(heard.words), facts={**self._dialect.facts(request), **heard.facts}
                )
            if reply.outcome is Outcome.REFUSED:
                words = self._endpoint.safe(complaint(reply.data))
                if reply.status not in (400, 422) or not self._dialect.learn(words):
                    return self._refusal(reply, words)
                continue
            # Who asks for patience, or was there before and is away, is waited for until the deadline.
            tries += not (reply.outcome is Outcome.BUSY or (reply.outcome is Outcome.UNREACHED and self._reached))
            rests += 1
            await asyncio.sleep(_rest(request, attempt, rests))
        return self._given_up(reply)

    async def _exchange(self, client: Any, body: dict[str, Any]) -> Reply:
        """Put a request when it is its turn, and let the pace learn from the reply."""
        async with self._pace.turn() as began:
            self._control.facts.add("asked")
            reply = await self._endpoint.ask(client, body, self._try_s)
        self._reached = self._reached or reply.outcome is not Outcome.UNREACHED
        if reply.outcome in (Outcome.GOOD, Outcome.REFUSED):
            self._pace.went_well()
        else:
            self._pace.stumbled(began, reply.wait_s)
            self._control.facts.add(reply.outcome.value)
        return reply

    def _refusal(self, reply: Reply, words: str) -> Said:
        """Return a refusal of this request; raise EndpointError for one that holds for all of them."""
        where = f"{self._endpoint.base} says {reply.why}: {words}"
        if reply.status in (401, 403):
            raise EndpointError(f"{where}. Set OPENAI_API_KEY to a key that may use {self._endpoint.model!r}")
        if reply.status == 404:
            raise EndpointError(f"{where}. Does the base URL end as it should (often in /v1), and is the model there?")
        return Said(status=Status.FAILED, detail=where)

    def _given_up(self, reply: Reply) -> Said:
        if not self._reached:
            raise EndpointError(f"{self._endpoint.base}: {reply.why}. Start the server, or correct the base URL")
        if reply.outcome is Outcome.SILENT:
            return Said(status=Status.LATE, detail=f"{TRIES} tries, and {reply.why}; see timeout=")
        why = reply.why if reply.outcome is not Outcome.GOOD else "a reply that is not of the chat protocol"
        return Said(status=Status.FAILED, detail=f"{self._endpoint.base}: {TRIES} tries, and {why}")


_LATE = "the server had not answered by the call's deadline; ask for fewer at once or give it longer with deadline="


def from_argument(argument: str) -> OpenAIText:
    """Make the generator of `openai:BASE_URL#MODEL?option=value&…`; raises UnknownGeneratorError, GeneratorError."""
    try:
        import httpx2  # noqa: F401, PLC0415  (an extra)
    except ImportError as error:
        raise GeneratorError("openai: needs httpx2; install worldloom[openai]") from error
    return OpenAIText(argument)


async def _watch(patience: Patience, tasks: Sequence[asyncio.Task[Answer]]) -> None:
    """End all tasks when the call's owner gives it up."""
    while not patience.cancelled:
        await asyncio.sleep(WATCH_SECONDS)
    for task in tasks:
        task.cancel()


def _rest(request: Request, attempt: int, rests: int) -> float:
    """Return the seconds of a rest, `rests` counted from 1; not the same for all requests, so that they spread."""
    return float(REST_SECONDS * 2 ** min(rests - 1, 5) * (0.5 + uniform(request.seed, attempt, rests)))
