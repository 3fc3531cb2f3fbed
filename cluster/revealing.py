"""Shows one prompt of a private run, with the salt that proves it. Computes the run again up to it, writes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from worldloom.generators.ports import Generator
from worldloom.generators.recording import Replay
from worldloom.generators.requests import Answer, Request
from worldloom.provenance.identities import read_identity
from worldloom.provenance.keys import Keystore
from worldloom.provenance.recipe import Identity
from worldloom.provenance.revealed import RevealedPrompt
from worldloom.provenance.veil import Veil

from .errors import DivergedError, RunFolderError
from .finished import FinishedRun
from .land import LandGenerator
from .ledger import RootOnly
from .redaction.choosing import Chooser
from .rehearsal import Rehearsal
from .runtime import LocalRuntime
from .scenario import Scenario


class _Heard(Exception):  # noqa: N818  (no error: what was listened for came)
    def __init__(self, request: Request) -> None:
        super().__init__(request.digest)
        self.request = request


class _Listening(Replay):
    """Answers from the recording until the request comes that is listened for."""

    def __init__(self, run: FinishedRun, identity: Identity, wanted: str) -> None:
        super().__init__(run.answers(), identity)
        self._wanted = wanted

    def generate(self, requests: Sequence[Request]) -> list[Answer]:
        """Return the recorded answers in order."""
        for request in requests:
            if request.digest == self._wanted:
                raise _Heard(request)
        return super().generate(requests)


def reveal(folder: Path, name: str, *, trust_code: bool = False, home: Path | None = None) -> RevealedPrompt:
    """Return a prompt of a private run: of a decision by its id, a made file by path or digest, a request by digest.

    Raises RunFolderError for a run that is not private or whose secret is not beside it, RedactionError for a name of
    nothing that was asked, DivergedError where the prompt cannot be computed again.
    """
    run = FinishedRun.open(folder)
    veil = run.veil
    if veil is None:
        raise RunFolderError(f"{folder}: is not private: its prompts stand in answers/ and in its credentials")
    wanted = Chooser(run).request_of(name)
    scenario = run.scenario(Keystore.open(home), trust_code=trust_code)
    try:
        _listen(run, scenario, veil, wanted)
    except _Heard as heard:
        asked = heard.request
        salt = veil.salt(asked.kind, asked.purpose, asked.agent, asked.time, asked.occurrence)
        return RevealedPrompt(run.origin, salt, asked.prompt, asked.content())
    raise DivergedError(f"{folder}: {name[:80]!r} was not asked when the run was computed again by this Worldloom")


def _listen(run: FinishedRun, scenario: Scenario, veil: Veil, wanted: str) -> None:
    identities = {name: read_identity(told) for name, told in run.told["generators"].items()}
    makers: dict[str, Generator] = {name: _Listening(run, identity, wanted) for name, identity in identities.items()}
    again = Rehearsal.begin(
        scenario,
        makers,
        LocalRuntime({}),
        RootOnly(run.logged),
        source=run.source,
        identities=identities,
        land=Replay(run.answers(), LandGenerator.identity),
        parent=run.parent,
        veil=veil,
    )
    again.to(again.end_time)
