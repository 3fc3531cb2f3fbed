"""What a request wishes of a song, read and checked, and how it narrows a tune's header. Writes no tune."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from worldloom.generators.errors import GeneratorError
from worldloom.generators.vocabulary import MOODS

from .draws import Draws
from .forms import FORM
from .grammar import Choice
from .performing import VOICES
from .singing.setting import setting
from .singing.syllables import Syllable, syllables_of
from .theory import milliseconds
from .vocabulary import BARS, FORMS, METRES

SHORTEST, LONGEST = 4, 120
"""Seconds that may be wished for."""
ENCODINGS = ("wav", "flac")
MOST_LINES, LONGEST_LINE = 24, 200


class Wish(NamedTuple):
    """A song that is wished for. `seconds` 0: as long as it gets; no lines: played, not sung."""

    form: str
    mood: str
    voice: str
    seconds: int
    lines: tuple[tuple[Syllable, ...], ...]
    encoding: str = "wav"


def wish_of(parameters: Mapping[str, Any], seed: int) -> Wish:
    """Return the wish of a request; mood, form and voice come from the seed where they are not named.

    Raises GeneratorError for a craft, word or length that no song has.
    """
    craft = parameters.get("craft", "song")
    if craft != "song":
        raise GeneratorError(f"craft {str(craft)[:40]!r} is not one of this backend: it makes a 'song'")
    draws = Draws("wish", seed)
    return Wish(
        _word(parameters, "form", FORMS) or draws.pick(FORMS),
        _word(parameters, "mood", MOODS) or draws.pick(MOODS),
        _word(parameters, "voice", tuple(VOICES)) or draws.pick(tuple(VOICES)),
        _seconds(parameters.get("seconds")),
        _lines(parameters.get("words")),
        _word(parameters, "encoding", ENCODINGS) or "wav",
    )


def choice_for(wish: Wish) -> Choice:
    """Return what narrows metre and bars so that the words have room and the length comes near the wish."""
    counts = [len(line) for line in wish.lines]

    def cost(tempo: int, metre: str, bars: int) -> tuple[bool, int]:
        plan = setting(counts, bars, METRES[metre])
        length = milliseconds(bars * plan.verses, tempo, metre)
        return not plan.roomy, abs(length - 1000 * wish.seconds) if wish.seconds else 0

    def choose(slot: str, before: Mapping[str, str], words: Sequence[str]) -> Sequence[str]:
        if slot == "metre":
            costs = {m: min(cost(int(before["tempo"]), m, bars) for bars in BARS) for m in FORM[wish.form].cells}
            tight, off = min(costs.values())
            return [m for m, each in costs.items() if each <= (tight, max(off, 250 * wish.seconds))]
        if slot == "bars":
            fits = {word: cost(int(before["tempo"]), before["metre"], int(word)) for word in words}
            return [word for word in words if fits[word] == min(fits.values())]
        return words

    return choose


def _word(parameters: Mapping[str, Any], name: str, words: tuple[str, ...]) -> str | None:
    value = parameters.get(name)
    if value is None or value == "":
        return None
    if not isinstance(value, str) or value not in words:
        raise GeneratorError(f"{name} {str(value)[:40]!r} is not known; a song's {name} is one of: {', '.join(words)}")
    return value


def _seconds(value: object) -> int:
    if value is None:
        return 0
    if not isinstance(value, int) or isinstance(value, bool) or not SHORTEST <= value <= LONGEST:
        raise GeneratorError(
            f"seconds is {str(value)[:40]!r}: a song lasts a whole number of them, {SHORTEST} to {LONGEST}"
        )
    return value


def _lines(value: object) -> tuple[tuple[Syllable, ...], ...]:
    if value is None:
        return ()
    if not isinstance(value, str):
        raise GeneratorError(f"words is {type(value).__name__}, not text")
    lines = value.splitlines()
    if len(lines) > MOST_LINES or max(map(len, lines), default=0) > LONGEST_LINE:
        raise GeneratorError(f"words of {len(lines)} lines: at most {MOST_LINES} lines of {LONGEST_LINE} characters")
    return tuple(tuple(sung) for line in lines if (sung := syllables_of(line)))
