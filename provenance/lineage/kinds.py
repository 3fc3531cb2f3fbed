"""Words of the lineage graph: kinds of nodes, relations of W3C PROV-DM, how a node is named. No graph, no log."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

SCENARIO = "scenario"
GENESIS = "genesis"


class NodeKind(StrEnum):
    """What a node stands for; decisions, events, trainings are PROV activities, personas agents, the rest entities."""

    SCENARIO = "scenario"
    GENESIS = "genesis"
    PERSONA = "persona"
    MODEL = "model"
    TRAINING = "training"
    """What made a model's weights, in the log of its own."""
    DATA = "data"
    """What a training was shown."""
    REQUEST = "request"
    DECISION = "decision"
    MEMORY = "memory"
    EVENT = "event"
    ARTIFACT = "artifact"
    EXPORT = "export"
    OTHER = "other"
    """Content of a plug-in."""
    RUN = "run"
    """Another run, whose past a fork shares."""
    MISSING = "missing"
    """Something that is referred to, but whose body was erased or never logged."""


class Relation(StrEnum):
    """How an effect rests on a cause (PROV-DM, section 5); every edge goes from the effect to the cause."""

    DERIVED = "wasDerivedFrom"
    GENERATED = "wasGeneratedBy"
    USED = "used"
    ATTRIBUTED = "wasAttributedTo"
    ASSOCIATED = "wasAssociatedWith"
    INFORMED = "wasInformedBy"


_ACTIVITIES = frozenset({NodeKind.DECISION, NodeKind.EVENT, NodeKind.TRAINING})


def prov_type(kind: NodeKind) -> str:
    """Return the PROV type of a kind: `activity`, `agent` or `entity`."""
    if kind in _ACTIVITIES:
        return "activity"
    return "agent" if kind == NodeKind.PERSONA else "entity"


def model_node(identity: Mapping[str, Any]) -> str:
    """`model:embedded/props-1@<weights digest>` for a generator's identity; without `@…` where it has no weights."""
    weights = identity["weights"]
    return f"model:{identity['backend']}/{identity['model']}" + (f"@{weights}" if weights else "")


def training_node(reference: Mapping[str, Any]) -> str:
    """`training:<origin>#<index>` for where an identity says that the log of its training is."""
    return f"training:{reference['origin']}#{reference['index']}"


def data_node(digest: str) -> str:
    """`data:<digest>` for the hex digest of what a training was shown."""
    return f"data:{digest}"


def run_node(run: str) -> str:
    """`run:<id>` for a run id."""
    return f"run:{run}"


def request_node(digest: str) -> str:
    """`request:<digest>` for a hex request digest."""
    return f"request:{digest}"


def content_node(digest: str) -> str:
    """`content:<digest>` for content that has no name of its own, by hex content digest."""
    return f"content:{digest}"


def kind_of_name(name: str) -> NodeKind:
    """Return the kind that a name in content stands for, by its form."""
    for prefix, kind in _PREFIXES:
        if name.startswith(prefix):
            return kind
    return {SCENARIO: NodeKind.SCENARIO, GENESIS: NodeKind.GENESIS}.get(name, NodeKind.MISSING)


_PREFIXES = (
    ("agent-", NodeKind.PERSONA),
    ("decision-", NodeKind.DECISION),
    ("event-", NodeKind.EVENT),
    ("memory-", NodeKind.MEMORY),
    ("request:", NodeKind.REQUEST),
    ("model:", NodeKind.MODEL),
    ("run:", NodeKind.RUN),
    ("training:", NodeKind.TRAINING),
    ("data:", NodeKind.DATA),
)
