"""The words of pixel pictures: what may be said of one, and the numbers of its words. Closed vocabulary, no model."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import NamedTuple

from worldloom.generators.errors import GeneratorError
from worldloom.generators.vocabulary import COLOURS, THINGS

from .grounds import PATTERNS
from .palette import GROUNDS
from .textures import TEXTURES

PAD, START, UNUSED, END = 0, 1, 2, 3
"""END is not 2 on purpose: transformers' CLIP text model reads `eos_token_id=2` as "pool at the highest number"."""
WORDS: tuple[str, ...] = (
    "<pad>",
    "<start>",
    "<unused>",
    "<end>",
    *("a", "on", "ground", "texture"),
    *THINGS,
    *COLOURS,
    *PATTERNS,
    *GROUNDS,
    *(f"{name}-texture" for name in TEXTURES),
)
"""Every word; its place is its number. Weights depend on this order."""
NUMBERS = {word: number for number, word in enumerate(WORDS)}
LENGTH = 10
"""Tokens of every caption, padding included: one shape, so that no caption changes how another is computed."""


class Caption(NamedTuple):
    """What is said of a picture; an empty field is not said. Either `thing` or `texture` is given, or nothing is."""

    thing: str = ""
    colour: str = ""
    ground: str = ""
    pattern: str = ""
    texture: str = ""

    @property
    def text(self) -> str:
        """The caption as words: `a red boat on striped dusk ground`, `red brick-texture`; empty for no caption."""
        if self.texture:
            return " ".join(word for word in (self.colour, f"{self.texture}-texture") if word)
        behind = ("on", self.pattern, self.ground, "ground") if self.ground or self.pattern else ()
        named = ("a", self.colour, self.thing) if self.thing else (self.colour,)
        return " ".join(word for word in (*named, *behind) if word)


def tokens(text: str) -> list[int]:
    """Return the numbers of a caption's words, LENGTH of them; raises GeneratorError for unknown or too many words."""
    words = text.split()
    unknown = [word[:40] for word in words if NUMBERS.get(word, PAD) <= END]
    if unknown:
        raise GeneratorError(
            f"{unknown[0]!r} is not a word of pixel pictures; they know: {', '.join(WORDS[END + 1 :])}"
        )
    if len(words) > LENGTH - 2:
        raise GeneratorError(f"a caption of {len(words)} words; at most {LENGTH - 2}")
    numbers = [START, *(NUMBERS[word] for word in words), END]
    return numbers + [PAD] * (LENGTH - len(numbers))


def words_digest(words: Sequence[str] = WORDS) -> str:
    """Hex digest of the vocabulary in its order: weights trained on another one mean nothing here."""
    return hashlib.sha256("\n".join(words).encode()).hexdigest()
