"""What the log itself says of a node, by the node's facts. Not for the lines and labels that are made of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from worldloom.provenance.log_reader import LogReader

from .kinds import NodeKind


def body_of(log: LogReader, facts: Mapping[str, Any]) -> Any:
    """Return a map, or an EventRow; None where the log says nothing of the node or its body was erased."""
    if facts["entry"] < 0:
        return None
    content = log.content(facts["entry"])
    if content is None:
        return None
    if facts["kind"] == NodeKind.EVENT:
        return content.rows[facts["row"]]
    return content["personas"][facts["row"]] if facts["kind"] == NodeKind.PERSONA else content
