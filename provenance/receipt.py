"""`<run>.replay`: the operator's signed word on a replay, beside the run folder. Replaying is cluster's.

Text, in one byte form only:

    worldloom/replay/1
    <origin>
    content <content root of the log>
    replayed <content root of the replay>
    mode <recorded or regenerated>
    class <digest of the numeric class, or ->
    wall <ISO 8601>
    made <kind:backend> <answers made anew> <of them as recorded>      sorted
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from .digests import from_hex
from .errors import FormatError
from .note import NoteKey, NoteVerifier, open_note_keys, sign_note
from .storage import Storage

HEADER = "worldloom/replay/1"
REPLAY = ".replay"
"""What is added to the name of a run folder for its receipt."""

RECORDED, REGENERATED = "recorded", "regenerated"

_WALL = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{5,15}(Z|[+-][0-9]{2}:[0-9]{2})\Z")
_MADE = re.compile(r"([a-z][A-Za-z0-9_.:-]{0,99}) (0|[1-9][0-9]{0,17}) (0|[1-9][0-9]{0,17})\Z")


@dataclass(frozen=True)
class Receipt:
    """What a replay found: both content roots (hex), and by `kind:backend` how many answers were made anew and agree.

    `numeric_class` is the hex digest of the machine's numeric class, or empty; `wall` ISO 8601 with its offset.
    """

    origin: str
    content_root: str
    replayed_root: str
    mode: str
    wall: str
    numeric_class: str = ""
    regenerated: Mapping[str, int] = field(default_factory=dict)
    agreeing: Mapping[str, int] = field(default_factory=dict)

    @property
    def equal(self) -> bool:
        """Whether the replay gave the run's content."""
        return self.content_root == self.replayed_root

    def text(self) -> str:
        """Return the text that is signed."""
        made = [f"made {key} {self.regenerated[key]} {self.agreeing.get(key, 0)}" for key in sorted(self.regenerated)]
        lines = [
            HEADER,
            self.origin,
            f"content {self.content_root}",
            f"replayed {self.replayed_root}",
            f"mode {self.mode}",
            f"class {self.numeric_class or '-'}",
            f"wall {self.wall}",
            *made,
        ]
        return "\n".join(lines) + "\n"

    @classmethod
    def parse(cls, text: str) -> Receipt:
        """Read the text in its one byte form; raises FormatError."""
        lines = text.split("\n")
        if len(lines) < 8 or lines[0] != HEADER:
            raise FormatError(f"receipt: does not begin with {HEADER!r}")
        content, replayed, mode, class_, wall = (
            _value(line, word)
            for line, word in zip(lines[2:7], ("content", "replayed", "mode", "class", "wall"), strict=True)
        )
        for digest in (content, replayed, *([] if class_ == "-" else [class_])):
            from_hex(digest)
        if mode not in (RECORDED, REGENERATED) or not _WALL.match(wall):
            raise FormatError(f"receipt: mode {mode[:80]!r} or wall time {wall[:80]!r} is malformed")
        made = [_made(_value(line, "made")) for line in lines[7:-1]]
        receipt = cls(
            origin=lines[1],
            content_root=content,
            replayed_root=replayed,
            mode=mode,
            wall=wall,
            numeric_class="" if class_ == "-" else class_,
            regenerated={key: count for key, count, _ in made},
            agreeing={key: count for key, _, count in made},
        )
        if receipt.text() != text:
            raise FormatError("receipt: not in its one byte form")
        return receipt


def write_receipt(beside: Storage, name: str, receipt: Receipt, note_key: NoteKey) -> str:
    """Sign the receipt of the run folder `name` and write it beside it; returns its path.

    The key is the operator's (`Operator.note_key`): a run's own keys are gone. Raises FormatError for values that
    no receipt can hold.
    """
    path = name + REPLAY
    beside.write(path, sign_note(Receipt.parse(receipt.text()).text(), [note_key]))
    return path


def read_receipt(data: bytes, verifiers: Iterable[NoteVerifier]) -> tuple[Receipt, list[NoteVerifier]]:
    """Return a receipt and those of the keys that signed it; raises FormatError."""
    text, signed_by = open_note_keys(data, verifiers)
    return Receipt.parse(text), signed_by


def _value(line: str, word: str) -> str:
    found, _, value = line.partition(" ")
    if found != word:
        raise FormatError(f"receipt: {line[:80]!r} is not the line of {word!r}")
    return value


def _made(value: str) -> tuple[str, int, int]:
    match = _MADE.match(value)
    if match is None:
        raise FormatError(f"receipt: {value[:80]!r} does not say what was made anew")
    return match[1], int(match[2]), int(match[3])
