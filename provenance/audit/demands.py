"""What an auditor brings besides anchors: revocations, anchors for timestamps, and whether to be strict. A value."""

from __future__ import annotations

from dataclasses import dataclass

from worldloom.provenance.revocations import NOTHING_REVOKED, Revocations


@dataclass(frozen=True)
class Demands:
    """`strict` also lints each manifest against the whole profile; `stamp_anchors` are PEM certificates."""

    strict: bool = False
    revocations: Revocations = NOTHING_REVOKED
    stamp_anchors: tuple[bytes, ...] = ()


NOTHING_MORE = Demands()
