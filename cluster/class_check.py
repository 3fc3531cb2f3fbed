"""Compares this machine's numeric class with those on which a run was made. Measuring one is `numeric`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from worldloom.provenance.entry import EntryKind
from worldloom.provenance.log_reader import LogReader

from .numeric import class_digest, numeric_class

_MOST = 6
_LONGEST = 60


class ClassCheck(NamedTuple):
    """Hex digest of this machine's class, those of the run's starts (sorted; none where erased), what differs."""

    here: str
    logged: tuple[str, ...]
    differences: tuple[str, ...] = ()

    @property
    def same(self) -> bool | None:
        """Whether the run was made on this very class; None where nobody can tell."""
        return self.logged == (self.here,) if self.logged else None


def check_class(log: LogReader) -> ClassCheck:
    """Return how this machine's class compares with that of each start of a run."""
    here = numeric_class()
    logged = [
        evidence["numeric_class"]
        for index, entry in enumerate(log.entries())
        if entry.kind == EntryKind.START and isinstance(evidence := log.evidence(index), Mapping)
    ]
    known = {class_digest(each): each for each in logged}
    told = [line for each in known.values() for line in _differences(each, here)]
    return ClassCheck(class_digest(here), tuple(sorted(known)), tuple(dict.fromkeys(told)))


def _differences(before: Mapping[str, Any], here: Mapping[str, Any]) -> list[str]:
    flat, now = _flat(before), _flat(here)
    names = [name for name in sorted({*flat, *now}) if flat.get(name) != now.get(name)]
    told = [f"{name} {_short(flat.get(name))}, here {_short(now.get(name))}" for name in names[:_MOST]]
    return told + ([f"and {len(names) - _MOST} more"] if len(names) > _MOST else [])


def _flat(value: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, part in value.items():
        found |= {f"{name}.{key}": each for key, each in part.items()} if isinstance(part, Mapping) else {name: part}
    return found


def _short(value: Any) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, list) else str("none" if value is None else value)
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
