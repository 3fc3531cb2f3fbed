"""What a run is asked and what it answers, as values: options, progress, results. Running it is `running`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from worldloom.provenance.receipt import Left
    from worldloom.provenance.sample import Sample

DEFAULT_COHORTS = 2
"""Cohort actors on Ray unless `--cohorts` says otherwise."""


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a run computes; never content. `local`: in this process, without Ray; `address`: a Ray cluster's."""

    cohorts: int = DEFAULT_COHORTS
    local: bool = False
    address: str = ""


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What `worldloom run` was asked: None or empty leaves the scenario's own value.

    `scenario` is a shipped scenario's name or the path of a file; `out` the run folder (None: `runs/<name>-<n>`);
    `generators` maps a kind to a specification such as `embedded`; `home` the keystore's folder (None: the user's);
    `witnesses` are addresses of those who are asked to cosign the log's head once it is sealed; a `private` run records
    no prompt; `signer` names the key that signs credentials where it lives elsewhere ("": what the keystore says).
    """

    scenario: str = "saltmarsh"
    out: Path | None = None
    seed: int | None = None
    agents: int | None = None
    hours: int | None = None
    generators: Mapping[str, str] = field(default_factory=dict)
    placement: Placement = Placement()
    home: Path | None = None
    witnesses: tuple[str, ...] = ()
    private: bool = False
    signer: str = ""


@dataclass(frozen=True, slots=True)
class ResumeOptions:
    """What `worldloom resume` and `replay` were asked; `trust_code` lets a foreign scenario file run its code.

    `signer` is as in `RunOptions`; `regenerate` asks repeatable models anew, `sample` (`20`, `5%`; "": all) only for so
    many answers of each kind.
    """

    placement: Placement = Placement()
    trust_code: bool = False
    regenerate: bool = False
    sample: str = ""
    home: Path | None = None
    witnesses: tuple[str, ...] = ()
    signer: str = ""


@dataclass(frozen=True, slots=True)
class ForkOptions:
    """What `worldloom fork` was asked: None or empty leaves what the forked run has.

    `at` is the time as text, `hours` how long the whole run lasts, counted from the scenario's start; the rest as in
    `RunOptions` and `ResumeOptions`.
    """

    at: str
    out: Path | None = None
    hours: int | None = None
    generators: Mapping[str, str] = field(default_factory=dict)
    placement: Placement = Placement()
    trust_code: bool = False
    home: Path | None = None


@dataclass(frozen=True, slots=True)
class AskOptions:
    """What `worldloom ask` was asked: `at` is the time as text ("": the end of the run), `generators` may name another
    text model than the run's; the rest as in `ResumeOptions`.
    """

    at: str = ""
    generators: Mapping[str, str] = field(default_factory=dict)
    trust_code: bool = False
    home: Path | None = None


class Status(NamedTuple):
    """Where a run stands after a step. `time` in simulated seconds; `asked` counts agent-steps that asked a model."""

    step: int
    steps: int
    time: int
    agents: int
    agent_steps_per_second: float
    asked: int
    calls: Mapping[str, int]
    artifacts: int
    errors: int
    note: str = ""


class Progress(Protocol):
    """Told what goes on; must return at once. A run with nobody to tell uses `Silent`."""

    def phase(self, name: str) -> None:
        """Note that a part of the run begins, such as `terrain`, `steps`, `exports`, `audit`."""
        ...

    def status(self, status: Status) -> None:
        """Note where the run stands; called after every step."""
        ...


class Silent:
    """Progress that nobody watches."""

    def phase(self, name: str) -> None:
        """Say nothing."""

    def status(self, status: Status) -> None:
        """Say nothing."""


@dataclass(frozen=True, slots=True)
class Made:
    """A row of what was made: what, how many, by how many makers, with which model (backend and name)."""

    kind: str
    count: int
    makers: int
    model: str


@dataclass(frozen=True, slots=True)
class RunResult:
    """How a run ended. `calls` counts model calls by `kind:backend`; times in seconds of wall time."""

    run: Path
    state: str
    content_root: str
    log_root: str
    steps: int
    agents: int
    artifacts: int
    seconds: float
    calls: Mapping[str, int]
    made: tuple[Made, ...] = ()
    time_by_part: Mapping[str, float] = field(default_factory=dict)
    provenance_share: float = 0.0
    measures: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return what `--json` prints."""
        return {
            "run": str(self.run),
            "state": self.state,
            "content_root": self.content_root,
            "log_root": self.log_root,
            "steps": self.steps,
            "agents": self.agents,
            "artifacts": self.artifacts,
            "seconds": round(self.seconds, 3),
            "calls": dict(self.calls),
            "measures": dict(self.measures),
        }


@dataclass(frozen=True, slots=True)
class ReplayResult:
    """What a replay found: `equal` when the content roots are; `first_difference` says where, if not.

    Of a `sample` there is no replayed root, and it is `equal` when all answers that were made anew are as recorded.
    `left` tells of answers that could not be made anew; `same_class` whether this machine's numeric class is the run's
    (None: the run no longer says), and if not, where the two differ. `receipt` stands beside the run; where it could
    not be written, `receipt_fault` says why. Where an erased answer ended the replay, `stopped` says how far it came,
    and there is no receipt.
    """

    run: Path
    equal: bool
    content_root: str
    replayed_root: str
    seconds: float
    regenerated: Mapping[str, int] = field(default_factory=dict)
    agreeing: Mapping[str, int] = field(default_factory=dict)
    receipt: Path | None = None
    receipt_fault: str = ""
    first_difference: str = ""
    sample: Sample | None = None
    left: Mapping[str, Left] = field(default_factory=dict)
    same_class: bool | None = None
    class_differences: tuple[str, ...] = ()
    stopped: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return what `--json` prints."""
        return {
            "run": str(self.run),
            "equal": self.equal,
            "content_root": self.content_root,
            "replayed_root": self.replayed_root,
            "seconds": round(self.seconds, 3),
            "regenerated": dict(self.regenerated),
            "agreeing": dict(self.agreeing),
            "receipt": str(self.receipt) if self.receipt else "",
            "receipt_fault": self.receipt_fault,
            "first_difference": self.first_difference,
            "sample": None if self.sample is None else self.sample._asdict(),
            "left": {key: asdict(left) for key, left in self.left.items()},
            "same_class": self.same_class,
            "class_differences": list(self.class_differences),
            "stopped": self.stopped,
        }


class Cited(NamedTuple):
    """A memory that an answer cites: its id, simulated seconds, kind and words; what it came from, and from whom."""

    memory: str
    time: int
    kind: str
    text: str
    source: str
    via: str


@dataclass(frozen=True, slots=True)
class AskResult:
    """What somebody answered. `known` is false for `I do not know`, and where `reason` says why there is no answer.

    `time` is the moment in simulated seconds, `computed_from` that of the state from which it was computed; `model` is
    the backend and name of who answered for the agent.
    """

    run: Path
    agent: str
    name: str
    time: int
    question: str
    known: bool
    text: str
    reason: str
    memories: tuple[Cited, ...]
    model: str
    computed_from: int
    seconds: float

    def to_json(self) -> dict[str, Any]:
        """Return what `--json` prints."""
        values: dict[str, Any] = {name: getattr(self, name) for name in self.__slots__}
        memories = [memory._asdict() for memory in self.memories]
        return values | {"run": str(self.run), "memories": memories, "seconds": round(self.seconds, 3)}
