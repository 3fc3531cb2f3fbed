"""Questions to somebody of a finished run, at any moment of it. It is computed in memory; the run stays as it is.

Recorded answers are followed from the last snapshot before the moment, or from the start, and all content on the way
must be what the log has. Then a model is asked on the agent's behalf, outside of the run: nobody in it ever knows.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from time import monotonic

from worldloom.agents.minds import Minds
from worldloom.agents.turns import Basis, Interview
from worldloom.generators.ports import Generator
from worldloom.generators.recording import Replay, fit
from worldloom.generators.registry import resolve
from worldloom.provenance.entry import EntryKind
from worldloom.provenance.errors import ProvenanceError
from worldloom.provenance.folder import snapshot_commit
from worldloom.provenance.identities import read_identity
from worldloom.provenance.keys import Keystore
from worldloom.provenance.text import clean_text

from .errors import AskError, DivergedError
from .finished import FinishedRun
from .land import LandGenerator
from .ledger import RootOnly
from .moments import moment_of
from .options import AskOptions, AskResult, Cited, Progress
from .people import find_person
from .rehearsal import Rehearsal
from .runtime import LocalRuntime
from .scenario import Scenario
from .snapshots import Snapshot, evidence_of, read_commit, read_snapshot, times

LONGEST_QUESTION = 400
"""Characters of a question that are asked."""


def ask(folder: Path, who: str, question: str, options: AskOptions, progress: Progress) -> AskResult:
    """Ask somebody of a finished run; `who` is an id or a part of a name.

    Raises AskError for nobody, several, or no question; MomentError for a time that the run does not have;
    RunFolderError for what is no finished run; DivergedError where the moment cannot be computed again.
    """
    began = monotonic()
    words = words_of(question)
    run = FinishedRun.open(folder)
    agent, name = find_person(_personas(run), who)
    scenario = run.scenario(Keystore.open(options.home), trust_code=options.trust_code)
    time = moment_of(options.at, scenario, run.end_time) if options.at else run.end_time
    model = resolve("text", options.generators.get("text", scenario.generators["text"]))
    progress.phase("the moment is computed again")
    rehearsal, since = at_moment(run, scenario, time)
    minds = rehearsal.minded.minds()
    progress.phase("question")
    said = interview(minds, model, agent, time, words)
    return AskResult(
        run=folder,
        agent=agent,
        name=name,
        time=time,
        question=words,
        known=said.known,
        text=said.text,
        reason=said.reason,
        memories=_cited(minds, agent, said.memories),
        model=f"{model.identity.backend}/{model.identity.model}",
        computed_from=since,
        seconds=monotonic() - began,
    )


def words_of(question: str) -> str:
    """Return a question as it is asked; raises AskError where there are no words."""
    words = clean_text(question, LONGEST_QUESTION).strip()
    if not words:
        raise AskError('there is no question; write one, such as "What do you know of the feast?"')
    return words


def interview(minds: Minds, model: Generator, agent: str, time: int, words: str) -> Interview:
    """Return what an agent answers at a time in seconds, as a model speaks for it; changes no mind."""
    request = minds.interview(agent, time, words)
    return minds.answer(agent, time, words, fit(model.generate([request])[0]))


def at_moment(run: FinishedRun, scenario: Scenario, time: int) -> tuple[Rehearsal, int]:
    """Return a finished run as it was at a moment, in memory, and the time of the state from which it was computed.

    Raises DivergedError where the log holds something else than comes out.
    """
    book = run.answers()
    identities = {name: read_identity(told) for name, told in run.told["generators"].items()}
    makers: dict[str, Generator] = {name: Replay(book, identity) for name, identity in identities.items()}
    rehearsal = Rehearsal.begin(
        scenario,
        makers,
        LocalRuntime({}),
        RootOnly(run.logged),
        source=run.source,
        identities=identities,
        land=Replay(book, LandGenerator.identity),
        parent=run.parent,
        veil=run.veil,
    )
    snapshot = _snapshot_before(run, time)
    since = scenario.start_time if snapshot is None else snapshot.time
    if snapshot is not None:
        rehearsal.go_on_from(snapshot)
    rehearsal.to(time)
    difference = rehearsal.ledger.first_difference
    if difference:
        raise DivergedError(
            f"{run.folder}: the moment cannot be computed again by this Worldloom: {difference} is not in its log; "
            "ask with the version that made the run"
        )
    return rehearsal, since


def _snapshot_before(run: FinishedRun, time: int) -> Snapshot | None:
    """Return the last snapshot up to a time that is whole and that the log vouches for."""
    logged = [
        run.log.evidence(index) for index, entry in enumerate(run.log.entries()) if entry.kind == EntryKind.SNAPSHOT
    ]
    for when in reversed([each for each in times(run.storage) if each <= time]):
        try:
            commit = read_commit(run.storage, when)
            told = evidence_of(when, commit["content_count"], commit["files"], run.storage.read(snapshot_commit(when)))
            if told in logged:
                return read_snapshot(run.storage, when)
        except ProvenanceError:
            continue  # then from an earlier one, or from the start: the outcome is the same
    return None


def _personas(run: FinishedRun) -> Sequence[dict[str, object]]:
    genesis = run.log.content(run.indices[1])
    if not isinstance(genesis, dict):
        raise AskError(f"{run.folder}: who lived in this run was erased, so nobody can be asked")
    personas: Sequence[dict[str, object]] = genesis["personas"]
    if not personas:
        raise AskError(
            f"{run.folder}: its agents are a crowd that follows a rule: they have no minds that could be asked"
        )
    return personas


def _cited(minds: Minds, agent: str, bases: Sequence[Basis]) -> tuple[Cited, ...]:
    by_id = {memory.id: memory for memory in minds.memories(agent)}
    found = []
    for basis in bases:
        memory = by_id[basis.memory]
        found.append(Cited(basis.memory, memory.time, memory.kind, memory.text, basis.source, memory.via))
    return tuple(found)
