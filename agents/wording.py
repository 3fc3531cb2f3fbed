"""Labels in what letters and songs are asked for, and names in their place afterwards. Asks nobody, makes nothing.

Whoever writes points at people, places and likings by labels (`view`); a reader wants names. What was replaced goes
into the recipe, so that the words can be told from the names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from worldloom.provenance.text import clean_text

from .cast import Cast
from .errors import StudioError
from .mentions import Mentions
from .persona import Persona
from .view import Labels, cell, label_likes

LONGEST_LETTER = 4000
LONGEST_SONG = 1000
MOST_LINES = 12
"""Lines of a song; what follows is cut off."""
_LABEL = re.compile(r"\b[epl][1-9][0-9]?\b")


class Matter(NamedTuple):
    """What a song is about, with labels for names, and the lines that say whom and what they stand for."""

    about: str
    people: str
    places: str
    labels: Labels


def letter_labels(cast: Cast, writer: Persona, to: str) -> Labels:
    """Return the labels of a letter: e1 who receives it, e2 who writes it, l1.. what the writer likes."""
    labels = Labels()
    labels.add("e", to, _given_name(cast.name(to)))
    labels.add("e", writer.agent, _given_name(writer.name))
    label_likes(labels, writer)
    return labels


def song_matter(cast: Cast, mentions: Mentions, sentence: str, place: str) -> Matter:
    """Return the matter of a song about a sentence, sung at a place: people and places in the sentence's order."""
    labels, people, places = Labels(), [], []
    parts, end = [], 0
    for start, stop, referent in mentions.find(sentence):
        known = labels.label(referent)
        if not known and referent in cast.agents:
            known, line = _person(cast, labels, referent)
            people.append(line)
        elif not known:
            known, line = _place(cast, labels, referent)
            places.append(line)
        parts += [sentence[end:start], known]
        end = stop
    if place in cast.places and not labels.label(place):
        places.append(_place(cast, labels, place)[1])
    about = cell("".join([*parts, sentence[end:]]))
    return Matter(about, "\n".join(people), "\n".join(places), labels)


def _person(cast: Cast, labels: Labels, agent: str) -> tuple[str, str]:
    person = cast.person(agent)
    label = labels.add("e", agent, _given_name(person.name))
    return label, f"{label} {cell(person.job)} |  |  | {cell(person.name)}"


def _place(cast: Cast, labels: Labels, place: str) -> tuple[str, str]:
    spot = cast.place(place)
    label = labels.add("p", place, cell(spot.name))
    return label, f"{label} {cell(spot.kind)} |  | {cell(spot.name)}"


def _given_name(name: str) -> str:
    return cell(name).partition(" ")[0]


def letter_text(text: str, labels: Labels, where: str) -> tuple[bytes, Mapping[str, str]]:
    """Return a letter's bytes with names in the place of labels, and what was replaced; raises StudioError."""
    if len(text) > LONGEST_LETTER:
        raise StudioError(f"{where} has {len(text)} characters, more than {LONGEST_LETTER}")
    return _finished(text, labels, where)


def song_text(text: str, labels: Labels, where: str) -> tuple[bytes, Mapping[str, str]]:
    """Return a song's words, at most MOST_LINES lines, as `letter_text` does; raises StudioError."""
    if len(text) > LONGEST_SONG:
        raise StudioError(f"{where} has {len(text)} characters, more than {LONGEST_SONG}")
    lines = [line for each in clean_text(text).split("\n") if (line := " ".join(each.split()))]
    return _finished("\n".join(lines[:MOST_LINES]), labels, where)


def _finished(text: str, labels: Labels, where: str) -> tuple[bytes, Mapping[str, str]]:
    clean = clean_text(text).strip()
    if not clean:
        raise StudioError(f"{where} is empty")
    written, known = dict.fromkeys(_LABEL.findall(clean)), labels.words
    strange = [label for label in written if label not in known]
    if strange:
        raise StudioError(f"{where} names {strange[0]}, whom or what nobody showed its writer")
    return (labels.expand(clean) + "\n").encode(), {label: known[label] for label in written}
