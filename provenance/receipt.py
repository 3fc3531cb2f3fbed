"""`<run>.replay`: the operator's signed word on a replay, beside the run folder. Replaying is cluster's.

Text, in one byte form only:

    worldloom/replay/2
    <origin>
    content <content root of the log>
    replayed <content root of the replay, or - for a sample>
    mode <recorded, regenerated or sampled>
    class <digest of this machine's numeric class, or ->
    logged <digests of the classes on which the run was made, sorted, or ->
    wall <ISO 8601>
    sample <size asked for> <drawn> <of how many answers> <digest over the drawn>      only of a sample
    made <kind:backend> <answers made anew> <of them as recorded>      sorted
    left <kind:backend> <answers not made anew> <why>                  sorted

A receipt without `logged`, `sample` and `left` is of the form before, `worldloom/replay/1`, and so written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from .digests import from_hex
from .errors import FormatError
from .note import NoteKey, NoteVerifier, open_note_keys, sign_note
from .sample import Sample
from .storage import Storage

HEADER = "worldloom/replay/1"
HEADER_2 = "worldloom/replay/2"
REPLAY = ".replay"
"""What is added to the name of a run folder for its receipt."""

RECORDED, REGENERATED, SAMPLED = "recorded", "regenerated", "sampled"

_WALL = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{5,15}(Z|[+-][0-9]{2}:[0-9]{2})\Z")
_NUMBER = r"(0|[1-9][0-9]{0,17})"
_KEY = r"([a-z][A-Za-z0-9_.:@-]{0,99})"
_MADE = re.compile(rf"{_KEY} {_NUMBER} {_NUMBER}\Z")
_LEFT = re.compile(rf"{_KEY} {_NUMBER} ([^\x00-\x1f\x7f]{{1,300}})\Z")
_SAMPLE = re.compile(rf"([0-9.]{{1,12}}%?) {_NUMBER} {_NUMBER} ([0-9a-f]{{64}})\Z")


@dataclass(frozen=True)
class Left:
    """Answers that were not made anew: how many, and why."""

    count: int
    why: str


@dataclass(frozen=True)
class Receipt:
    """What a replay found: both content roots (hex), and by `kind:backend` how many answers were made anew and agree.

    `numeric_class` is the hex digest of the machine's numeric class, or empty, `logged_classes` those on which the run
    was made; `wall` ISO 8601 with its offset. Of a sample `replayed_root` is empty. `left` tells what could not be made
    anew.
    """

    origin: str
    content_root: str
    replayed_root: str
    mode: str
    wall: str
    numeric_class: str = ""
    regenerated: Mapping[str, int] = field(default_factory=dict)
    agreeing: Mapping[str, int] = field(default_factory=dict)
    logged_classes: tuple[str, ...] = ()
    sample: Sample | None = None
    left: Mapping[str, Left] = field(default_factory=dict)

    @property
    def equal(self) -> bool:
        """Whether the replay gave the run's content; of a sample, whether all that was made anew is as recorded."""
        if self.mode == SAMPLED:
            return self.made > 0 and self.made == self.made_equal
        return self.content_root == self.replayed_root

    @property
    def made(self) -> int:
        """How many answers were made anew."""
        return sum(self.regenerated.values())

    @property
    def made_equal(self) -> int:
        """How many of them are as recorded."""
        return sum(self.agreeing.values())

    @property
    def other_class(self) -> bool:
        """Whether it is known that the machine is of another numeric class than those that made the run."""
        return bool(self.numeric_class and self.logged_classes) and self.logged_classes != (self.numeric_class,)

    def text(self) -> str:
        """Return the text that is signed."""
        second = bool(self.logged_classes or self.sample or self.left)
        lines = [
            HEADER_2 if second else HEADER,
            self.origin,
            f"content {self.content_root}",
            f"replayed {self.replayed_root or '-'}",
            f"mode {self.mode}",
            f"class {self.numeric_class or '-'}",
            *([f"logged {' '.join(self.logged_classes) or '-'}"] if second else []),
            f"wall {self.wall}",
            *([] if self.sample is None else [f"sample {' '.join(map(str, self.sample))}"]),
            *(f"made {key} {self.regenerated[key]} {self.agreeing.get(key, 0)}" for key in sorted(self.regenerated)),
            *(f"left {key} {self.left[key].count} {self.left[key].why}" for key in sorted(self.left)),
        ]
        return "\n".join(lines) + "\n"

    @classmethod
    def parse(cls, text: str) -> Receipt:
        """Read the text in its one byte form; raises FormatError."""
        lines = text.split("\n")
        words = _WORDS_2 if lines[0] == HEADER_2 else _WORDS
        if len(lines) < len(words) + 3 or lines[0] not in (HEADER, HEADER_2):
            raise FormatError(f"receipt: does not begin with {HEADER!r} or {HEADER_2!r}")
        said = dict(zip(words, map(_value, lines[2:], words), strict=False))
        rest = lines[2 + len(words) : -1]
        sample = _sample(rest.pop(0)) if rest and rest[0].startswith("sample ") else None
        made = [_made(_value(line, "made")) for line in rest if not line.startswith("left ")]
        left = [_left(_value(line, "left")) for line in rest if line.startswith("left ")]
        classes = said.get("logged", "-")
        receipt = cls(
            origin=lines[1],
            content_root=said["content"],
            replayed_root="" if said["replayed"] == "-" else said["replayed"],
            mode=said["mode"],
            wall=said["wall"],
            numeric_class="" if said["class"] == "-" else said["class"],
            regenerated={key: count for key, count, _ in made},
            agreeing={key: count for key, _, count in made},
            logged_classes=() if classes == "-" else tuple(classes.split(" ")),
            sample=sample,
            left=dict(left),
        )
        receipt._check()
        if receipt.text() != text:
            raise FormatError("receipt: not in its one byte form")
        return receipt

    def _check(self) -> None:
        """Raise FormatError for values that do not fit together."""
        sampled = self.mode == SAMPLED
        replayed = [self.replayed_root] if not sampled else []
        for digest in (self.content_root, *replayed, *filter(None, [self.numeric_class]), *self.logged_classes):
            from_hex(digest)
        if self.mode not in (RECORDED, REGENERATED, SAMPLED) or not _WALL.match(self.wall):
            raise FormatError(f"receipt: mode {self.mode[:80]!r} or wall time {self.wall[:80]!r} is malformed")
        if sampled != (self.sample is not None) or (sampled and self.replayed_root):
            raise FormatError("receipt: of a sample it has a sample and no replayed root, else the other way round")
        if list(self.logged_classes) != sorted(set(self.logged_classes)):
            raise FormatError("receipt: its logged classes are not sorted, or stand there twice")
        if any(self.agreeing.get(key, 0) > count for key, count in self.regenerated.items()):
            raise FormatError("receipt: says that more answers agree than were made")


_WORDS = ("content", "replayed", "mode", "class", "wall")
_WORDS_2 = ("content", "replayed", "mode", "class", "logged", "wall")


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


def _left(value: str) -> tuple[str, Left]:
    match = _LEFT.match(value)
    if match is None:
        raise FormatError(f"receipt: {value[:80]!r} does not say what was left, and why")
    return match[1], Left(int(match[2]), match[3])


def _sample(line: str) -> Sample:
    match = _SAMPLE.match(_value(line, "sample"))
    if match is None:
        raise FormatError(f"receipt: {line[:80]!r} does not say what was drawn")
    return Sample(match[1], int(match[2]), int(match[3]), match[4])
