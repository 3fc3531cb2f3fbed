"""What each check of an audit asks, in a sentence, for formats that name rules. The checks themselves are `steps`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from .bundle_steps import BUNDLE_STEPS
from .steps import FILE_STEPS, STEPS, ZIP_STEPS, Step

_OTHERS = {
    "made.training": "The weights of a model are included in the log of its training.",
    "witness": "The head of the log is the one that witnesses cosigned.",
    "receipt": "The receipt of a replay is of this run and signed by somebody who is trusted.",
    "regular-file": "What is audited is a regular file.",
    "folder": "What lies in a folder of media can be looked at and is complete.",
}


@cache
def questions() -> Mapping[str, str]:
    """Return the first sentence of each check by its name."""
    steps: list[Step[Any]] = [*STEPS, *ZIP_STEPS, *FILE_STEPS, *BUNDLE_STEPS]
    asked = {step.name: " ".join((step.check.__doc__ or "").split("\n\n")[0].split()) for step in steps}
    return {**_OTHERS, **asked}
