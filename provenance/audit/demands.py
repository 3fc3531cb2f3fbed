"""What an auditor brings besides anchors: revocations, anchors for timestamps, and whether to be strict. A value."""

from __future__ import annotations

from dataclasses import dataclass

from worldloom.provenance.bounds import BOUNDS, Bounds
from worldloom.provenance.revealed import RevealedPrompt
from worldloom.provenance.revocations import NOTHING_REVOKED, Revocations


@dataclass(frozen=True)
class Demands:
    """`strict` also lints each manifest against the whole profile; `stamp_anchors` are PEM certificates.

    `bounds` say how much a file may make an audit read; `revealed` are prompts of private runs that the auditor was
    shown, with their files' names.
    """

    strict: bool = False
    revocations: Revocations = NOTHING_REVOKED
    stamp_anchors: tuple[bytes, ...] = ()
    bounds: Bounds = BOUNDS
    revealed: tuple[tuple[str, RevealedPrompt], ...] = ()


NOTHING_MORE = Demands()
