"""Tune programs as tokens and back, and sections written out in full. No theory, no sound."""

from __future__ import annotations

from itertools import pairwise

from worldloom.generators.errors import GeneratorError

from .grammar import Follower
from .vocabulary import END, HEADER, SECTION, TOKENS, WORDS, Bar, Note, Section, Tune


def header_tokens(form: str, mood: str) -> list[int]:
    """Return the two tokens that a request gives; raises GeneratorError for an unknown word."""
    try:
        return [TOKENS[f"form:{form}"], TOKENS[f"mood:{mood}"]]
    except KeyError as error:
        raise GeneratorError(f"{error.args[0]} is not a word of the tune model") from None


def encode(tune: Tune) -> list[int]:
    """Return a tune's tokens, END included; raises GeneratorError if it does not follow the grammar."""
    words = [f"{slot}:{getattr(tune, slot)}" for slot in HEADER]
    for section in tune.sections:
        words.append(section.kind if section.kind == "new" else f"{section.kind}:{section.of}")
        for bar in section.bars:
            words.append(f"chord:{bar.chord}")
            for note in bar.notes:
                words += ["rest" if note.degree is None else f"degree:{note.degree}", f"length:{note.length}"]
    words.append(END)
    follower, tokens = Follower(), []
    for place, word in enumerate(words):
        token = TOKENS.get(word)
        if token is None or not follower.feed(token):
            raise GeneratorError(f"{tune.mood} {tune.form}: {word!r} cannot stand at place {place} of a tune")
        tokens.append(token)
    return tokens


def decode(tokens: list[int]) -> Tune:
    """Read what `encode` wrote; raises GeneratorError when the tokens follow no tune's grammar."""
    follower = Follower()
    for place, token in enumerate(tokens):
        if not follower.feed(token):
            raise GeneratorError(f"these {len(tokens)} tokens are no tune: {token} cannot stand at place {place}")
    if not follower.ended:
        raise GeneratorError(f"these {len(tokens)} tokens are no tune: it has no end")
    words = [WORDS[token].partition(":")[::2] for token in tokens[:-1]]
    head = dict(words[: len(HEADER)])
    names = {slot: word for slot, word in head.items() if slot not in ("tempo", "bars")}
    sections = tuple(_sections(words[len(HEADER) :]))
    return Tune(**names, tempo=int(head["tempo"]), bars=int(head["bars"]), sections=sections)


def _sections(words: list[tuple[str, str]]) -> list[Section]:
    starts = [at for at, (name, _) in enumerate(words) if name in ("new", "again", "turn")] + [len(words)]
    return [
        Section(words[at][0], int(words[at][1] or 0), tuple(_bars(words[at + 1 : until])))
        for at, until in pairwise(starts)
    ]


def _bars(words: list[tuple[str, str]]) -> list[Bar]:
    starts = [at for at, (name, _) in enumerate(words) if name == "chord"] + [len(words)]
    return [Bar(int(words[at][1]), tuple(_notes(words[at + 1 : until]))) for at, until in pairwise(starts)]


def _notes(words: list[tuple[str, str]]) -> list[Note]:
    pairs = zip(words[::2], words[1::2], strict=True)
    return [Note(None if name == "rest" else int(degree), int(length)) for (name, degree), (_, length) in pairs]


def written_out(tune: Tune) -> list[Bar]:
    """Return all bars as they are played, repeats written out."""
    sections: list[tuple[Bar, ...]] = []
    for section in tune.sections:
        if section.kind == "new":
            sections.append(section.bars)
        elif section.kind == "again":
            sections.append(sections[section.of - 1])
        else:
            sections.append(sections[section.of - 1][: SECTION - 1] + section.bars)
    return [bar for section in sections for bar in section]
