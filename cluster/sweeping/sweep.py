"""`sweep`: plans the runs, finds what an earlier call finished, spreads the rest, gathers rows. Draws no bar."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from time import perf_counter
from typing import Any

from worldloom.cluster.errors import SweepError, SweepInterrupted
from worldloom.cluster.options import Placement
from worldloom.cluster.replacing import BLANK, replacements
from worldloom.cluster.scenario import Scenario
from worldloom.cluster.scenario_file import fold, load_scenario
from worldloom.provenance.keys import Keystore

from .grid import Planned, plan
from .one_run import Job
from .result import SweepResult
from .row import Outcome, Row
from .spreading import spread
from .store import RUNS, Store
from .watching import Count, Watch


def sweep(
    scenario: Scenario | str | Path,
    over: Mapping[str, Iterable[Any]] | None = None,
    *,
    replicates: int = 1,
    out: Path | str | None = None,
    keep: bool = False,
    every: int = 0,
    generators: Mapping[str, str] | None = None,
    placement: Placement | None = None,
    workers: int = 0,
    home: Path | None = None,
    watch: Watch = lambda _status: None,
) -> SweepResult:
    """Run a scenario once for each combination of `over` and each replicate, and return what was measured.

    `over` maps parameters to values: fields of Scenario, parts of fields by dots (`world.size`, `generators.text`), the
    scenario's own parameters. Replicates of a combination differ in their seeds, drawn by `grid.replicate_seeds`: the
    first has the scenario's own, and replicate r has the same seed in every combination.

    With `keep` each run is a sealed run folder in `out`/runs, which needs a scenario file or a shipped name; without,
    it is measured in memory, `every` so many simulated seconds too (0: at the end alone), and `generators` may say
    `blank` for image, mesh and sound: placeholders, made at once. Content roots are equal either way. In `out` a second
    call finds what an earlier one finished; failed runs are tried again.

    `placement` says where: on Ray (the default), `workers` runs at once (0: one a core), or in this process. On nodes
    that share no disk a kept run lies on the node that made it: give an `out` that all share.

    A failed run is a row with its error. Raises SweepError or another ClusterError before anything runs, and
    SweepInterrupted for Ctrl-C.
    """
    began = perf_counter()
    source, where, base = _loaded(scenario)
    chosen = replacements(dict(generators or {}))
    blank = tuple(sorted(kind for kind, maker in chosen.items() if not isinstance(maker, str)))
    base = fold(base, where, generators={kind: maker for kind, maker in chosen.items() if isinstance(maker, str)})
    _check(base, source, out, keep=keep, every=every, blank=blank)
    planned = plan(base, source, dict(over or {}), replicates, blank)
    store = Store(None if out is None else Path(out), keep=keep, every=every)
    with store:
        jobs = {each.name: _job(each, source, store, home, blank, every) for each in planned}
        outcomes = store.found(planned)
        count = Count({each.name: each.scenario.steps for each in planned}, list(outcomes), watch)
        rows = {each.name: _row(each, store) for each in planned}

        def done(job: Job, outcome: Outcome) -> None:
            outcomes[job.name] = outcome
            store.write(rows[job.name].with_outcome(outcome))
            count.end(job.name, failed=bool(outcome.error))

        if keep:
            Keystore.open(home)  # one operator for all, made before many processes would make one each
        try:
            missing = [job for name, job in jobs.items() if name not in outcomes]
            spread(missing, placement or Placement(), workers, count.note, done)
        except KeyboardInterrupt as stop:
            raise SweepInterrupted(store.out, count.done, len(planned)) from stop
        ended = tuple(rows[each.name].with_outcome(outcomes[each.name]) for each in planned)
        result = SweepResult(store.out, tuple(over or {}), tuple(base.measures), ended, perf_counter() - began)
        store.write_table(result)
    return result


def _loaded(scenario: Scenario | str | Path) -> tuple[bytes, str, Scenario]:
    if isinstance(scenario, Scenario):
        return b"", "the scenario", scenario
    loaded = load_scenario(str(scenario))
    return loaded.source, str(scenario), loaded.scenario


def _check(
    scenario: Scenario, source: bytes, out: Path | str | None, *, keep: bool, every: int, blank: tuple[str, ...]
) -> None:
    """Raise SweepError for wishes that exclude each other."""
    if keep and out is None:
        raise SweepError("runs that are kept need a folder: give `out`")
    if keep and not source:
        raise SweepError(
            "a run folder holds its scenario's file, and this scenario is an object: put it into a file, or keep=False"
        )
    if keep and blank:
        raise SweepError(f"{blank[0]}={BLANK}: placeholders are for measures in memory; a run that is kept has none")
    if keep and every:
        raise SweepError("measures over time are taken in memory: use keep=False with `every`")
    if every < 0 or every % scenario.step_seconds:
        raise SweepError(f"every {every} s: give a multiple of the scenario's step of {scenario.step_seconds} s")


def _row(planned: Planned, store: Store) -> Row:
    folder = f"{RUNS}/{planned.name}" if store.keep else ""
    return Row(planned.name, planned.parameters, planned.replicate, planned.scenario.seed, Outcome(""), folder)


def _job(planned: Planned, source: bytes, store: Store, home: Path | None, blank: tuple[str, ...], every: int) -> Job:
    folder = store.out.resolve() / RUNS / planned.name if store.keep and store.out else None
    return Job(planned.name, planned.scenario, source, folder, home, blank, every)
