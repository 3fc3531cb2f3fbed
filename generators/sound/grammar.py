"""Which token may follow which: the mask that makes every sampled tune readable, its bars whole. Not for taste."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from .vocabulary import END, HEADER, LENGTHS, METRES, MOST_NOTES, SECTION, TOKENS, WORDS

_SLOTS = tuple(HEADER)
_HEAD = [tuple(TOKENS[f"{slot}:{word}"] for word in HEADER[slot]) for slot in _SLOTS]
_CHORDS = tuple(number for number, word in enumerate(WORDS) if word.startswith("chord:"))
_PITCHES = tuple(number for number, word in enumerate(WORDS) if word.startswith("degree:") or word == "rest")
_END = (TOKENS[END],)

Choice = Callable[[str, Mapping[str, str], Sequence[str]], Sequence[str]]
"""(header slot, words of the slots before it, all its words) -> those that are wanted; never none."""


def _fewest(units: int) -> int:
    """How few notes fill so many sixteenths."""
    return min((1 + _fewest(units - length) for length in LENGTHS if length <= units), default=0)


_FEWEST = [_fewest(units) for units in range(max(METRES.values()) + 1)]


class Follower:
    """Reads a program token by token and knows what may come next; `choice` narrows the header."""

    def __init__(self, choice: Choice | None = None) -> None:
        self._choice = choice
        self._head: dict[str, str] = {}
        self._section = 0  # sections begun
        self._bars_left = 0  # bars still to be written in this section, the open one not counted
        self._units_left = 0  # sixteenths still to be filled in the open bar
        self._notes = 0
        self._pitched = False
        self._ended = False

    def allowed(self) -> tuple[int, ...]:
        """Return the tokens that may come next; none after END."""
        if self._ended:
            return ()
        if len(self._head) < len(_SLOTS):
            return self._headers()
        if self._pitched:
            return self._lengths()
        if self._units_left:
            return _PITCHES
        if self._bars_left:
            return _CHORDS
        return self._openings()

    def feed(self, token: int) -> bool:
        """Take the next token; return False, and change nothing, if it may not stand here."""
        if token not in self.allowed():
            return False
        name, _, value = WORDS[token].partition(":")
        if len(self._head) < len(_SLOTS):
            self._head[name] = value
        elif name == END:
            self._ended = True
        elif name in ("new", "again", "turn"):
            self._section += 1
            self._bars_left = {"new": SECTION, "again": 0, "turn": 1}[name]
        elif name == "chord":
            self._bars_left -= 1
            self._units_left, self._notes = METRES[self._head["metre"]], 0
        elif name == "length":
            self._units_left -= int(value)
            self._pitched = False
        else:
            self._pitched, self._notes = True, self._notes + 1
        return True

    @property
    def ended(self) -> bool:
        """Whether END has been read."""
        return self._ended

    def _headers(self) -> tuple[int, ...]:
        slot = _SLOTS[len(self._head)]
        if self._choice is None:
            return _HEAD[len(self._head)]
        return tuple(TOKENS[f"{slot}:{word}"] for word in self._choice(slot, self._head, HEADER[slot]))

    def _lengths(self) -> tuple[int, ...]:
        left, notes = self._units_left, MOST_NOTES - self._notes
        return tuple(TOKENS[f"length:{n}"] for n in LENGTHS if n <= left and _FEWEST[left - n] <= notes)

    def _openings(self) -> tuple[int, ...]:
        if self._section == int(self._head["bars"]) // SECTION:
            return _END
        earlier = range(1, self._section + 1)
        return (TOKENS["new"], *(TOKENS[f"{kind}:{of}"] for kind in ("again", "turn") for of in earlier))


def following(choice: Choice | None = None) -> Callable[[list[int]], Sequence[int]]:
    """Return the mask for one sampling: prefix -> tokens that may follow. Prefixes must grow; cheap for that."""
    follower, read = Follower(choice), 0

    def allowed(tokens: list[int]) -> Sequence[int]:
        nonlocal read
        for token in tokens[read:]:
            follower.feed(token)
        read = len(tokens)
        return follower.allowed()

    return allowed
