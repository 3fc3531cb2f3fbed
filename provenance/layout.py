"""Which names may stand in a run folder: everything else is a foreign file. Not for what the files hold."""

from __future__ import annotations

import re

from .errors import FormatError
from .folder import (
    ANSWERS,
    BLOBS,
    BODIES,
    CHECKPOINT,
    LOCK,
    LOG,
    LOGS,
    REPORT,
    RUN_JSON,
    SCENARIO_JSON,
    SCENARIO_PY,
    SEAL,
    answer_segment_number,
    body_segment_index,
    sidecar,
)
from .tiles import Tile

_FIXED = frozenset(
    {RUN_JSON, SCENARIO_JSON, SCENARIO_PY, sidecar(SCENARIO_PY), REPORT, sidecar(REPORT), CHECKPOINT, SEAL, LOCK}
)
_NAME = r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}"
_PATTERNS = tuple(
    re.compile(pattern + r"\Z")
    for pattern in (
        r"answers/blobs/([0-9a-f]{2})/\1[0-9a-f]{62}",
        r"artifacts/([0-9a-f]{2})/\1[0-9a-f]{62}\.[a-z0-9]{1,8}(\.c2pa)?",
        rf"snapshots/t=[0-9]{{7,}}/{_NAME}",
        r"trust/[a-z][a-z0-9-]*-[0-9]{1,9}\.pem",
        rf"world/({_NAME}/)*{_NAME}",
        rf"amendments/{_NAME}",
    )
)


def is_segment(path: str) -> bool:
    """Whether the path lies where bodies and recorded answers do, whose items are sealed instead of their bytes."""
    return path.startswith(BODIES) or (path.startswith(ANSWERS) and not path.startswith(BLOBS))


def is_known(path: str) -> bool:
    """Whether Worldloom puts files of that name into a run folder; below logs/ it asks nothing."""
    if path in _FIXED or path.startswith(LOGS):
        return True
    try:
        if path.startswith(LOG):
            return bool(Tile.parse(path))
        if path.startswith(BODIES):
            return body_segment_index(path) >= 0
        if is_segment(path):
            return answer_segment_number(path) >= 0
    except FormatError:
        return False
    return any(pattern.match(path) for pattern in _PATTERNS)
