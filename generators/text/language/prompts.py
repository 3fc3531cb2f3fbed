"""What the small model reads of a prompt: the case without the instructions, short enough. Knows no purpose.

Instructions are the same for all and stand before the line `task: …`; the small model has learnt them, larger ones read
them. In a memory's line what marks it out stands next to its label: what must be found together is near together. And a
line that begins with a label ends with it, too: whoever reads from left to right knows at the end, not at the
beginning, what the label stands for. Nothing else is changed, and nothing left out unless the prompt is longer than
the model's window: then long lines lose their ends, but not their labels.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

_TASK = re.compile(r"^task: ", re.MULTILINE)
_ENDS = ("\nanswer:", "\nletter:", "\nsong:")
_LABEL = re.compile(r"^(?:likes: |to: |from: )?([eipmol][1-9][0-9]?)\b", re.MULTILINE)
_LABELLED = re.compile(r"^(?:to: |from: )?(?P<label>[eipmo][1-9][0-9]?)\b.*$", re.MULTILINE)
_LIKING = re.compile(r"\b(l[1-9])\b")
_MEMORY = re.compile(
    r"^(?P<label>m[1-9][0-9]?) (?P<kind>[a-z]+) \| (?P<weight>[a-z]+) \| (?P<when>day [0-9]+, [0-9:]+) \| "
    r"(?P<about>[^|\n]*) \| (?P<note>[^|\n]*) \| ",
    re.MULTILINE,
)
_MEMORY_READ = r"\g<label> \g<note> | \g<weight> | \g<about> | \g<kind> | \g<when> | "
_LINE_LENGTHS = (240, 160, 120, 80, 60, 40, 20)


def case_of(prompt: str) -> str:
    """Return the part of a prompt that differs from case to case, without the line that asks for the answer."""
    found = _TASK.search(prompt)
    case = prompt[found.end() :] if found else prompt
    for end in _ENDS:
        case = case.removesuffix(end)
    return _MEMORY.sub(_MEMORY_READ, case)


def labels_of(case: str) -> frozenset[str]:
    """Return the labels that a case gives out: those that begin its lines, and those of likings."""
    likes = next((line for line in case.split("\n") if line.startswith("likes: ")), "")
    return frozenset(_LABEL.findall(case)) | frozenset(_LIKING.findall(likes))


def fitted(case: str, encode: Callable[[str], Sequence[int]], most: int) -> Sequence[int]:
    """Return at most `most` tokens of a case: all of it, else with its lines cut ever shorter, else its beginning."""
    tokens = encode(closed(case))
    for length in _LINE_LENGTHS:
        if len(tokens) <= most:
            return tokens
        tokens = encode(closed("\n".join(line[:length] for line in case.split("\n"))))
    return tokens[:most]


def closed(case: str) -> str:
    """Return a case whose lines end with the labels with which they begin."""
    return _LABELLED.sub(r"\g<0> \g<label>", case)
