"""Talk: what one may tell whom, what an utterance is worth to its hearer, and the words of a reply. Decides nothing.

News has no flag: it is a memory, and it passes on when somebody says its text. `Told` keeps who has heard what from
whom, so that nobody tells the same person the same thing twice, or tells it back.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from worldloom.worlds.clock import DAY, HOUR, time_of_day

from .errors import MindStateError
from .memory import Memory, MemoryStream, one_line
from .retrieval import retrieve
from .sayings import once
from .view import Guide, Labels

TURNS = 8
"""Turns of a talk within one step, after the first words."""

MAX_WORDS = 300
"""Characters of one utterance."""

NEWS = 6
"""From this importance on a memory is news: looked for first when there is somebody to tell."""

APPOINTMENT = 8
"""What is worth so much and names a time and a place may change a plan."""

PROMISE = 5
"""What it is worth that somebody promised one a thing."""

TELLABLE = 3
"""Memories below this importance are not worth telling."""

STALE = DAY
"""Seconds after which news is no news any more."""

LISTENERS, THINGS = 160, 64
"""How many people, and how many things for each, somebody keeps in mind having talked about."""

_KEY = 6
"""Bytes of what tells two sayings apart."""

_GOSSIP = re.compile(r"^\S+ \S+ (saw|made|put up|gave|read|sang|met|heard|promised|did not come) ")
"""Begins what somebody saw or did."""

_PROMISE = re.compile(r"\bI will make you an? [a-z]+, ")
"""How an order is promised: put together by code (`words_of`)."""

_KINDS = ("knows", "told", "seen", "did", "read", "reflection")
_SPOKEN_TO = re.compile(r"\b(i|me|my|we|us|our|you|your)\b", re.IGNORECASE)
_WHEN = re.compile(
    r"\b([01]?[0-9]|2[0-3]):[0-5][0-9]\b|\b(tonight|tomorrow|today|noon|midnight|dawn|dusk|o'clock)\b"
    r"|\bat (one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b",
    re.IGNORECASE,
)


@once
def key_of(text: str) -> str:
    """Return what tells two sayings apart, whatever their letters' case: a short digest."""
    return hashlib.blake2b(text.casefold().encode(), digest_size=_KEY).hexdigest()


class Told:
    """What somebody and others have said to each other, by listener: keys of the last things, newest last.

    The keys of a listener stand in one string of bytes: dictionaries took more than twice the memory.
    """

    def __init__(self) -> None:
        self._keys: dict[str, bytes] = {}

    def knows(self, listener: str, key: str) -> bool:
        """Whether a listener has heard it from the agent, or has said it to the agent."""
        return _place_of(bytes.fromhex(key), self._keys.get(listener, b"")) >= 0

    def mark(self, listeners: Iterable[str], key: str) -> None:
        """Note that these people have heard it."""
        added = bytes.fromhex(key)
        for listener in listeners:
            keys = self._keys.pop(listener, b"")
            at = _place_of(added, keys)
            if at >= 0:
                keys = keys[:at] + keys[at + _KEY :]
            self._keys[listener] = (keys + added)[-THINGS * _KEY :]
        while len(self._keys) > LISTENERS:
            del self._keys[next(iter(self._keys))]

    def state(self) -> list[list[Any]]:
        """Return it as a JSON value: [listener, [keys]], in order."""
        return [
            [listener, [keys[at : at + _KEY].hex() for at in range(0, len(keys), _KEY)]]
            for listener, keys in self._keys.items()
        ]

    def restore(self, state: Sequence[Sequence[Any]]) -> None:
        """Read what `state` gave; raises MindStateError."""
        try:
            read = {listener: [bytes.fromhex(key) for key in keys] for listener, keys in state}
            if any(len(key) != _KEY for keys in read.values() for key in keys):
                raise ValueError(f"keys are not of {_KEY} bytes")
        except (TypeError, ValueError) as error:
            raise MindStateError(f"not what was told: {error}") from error
        self._keys = {listener: b"".join(dict.fromkeys(keys)) for listener, keys in read.items()}


def _place_of(key: bytes, keys: bytes) -> int:
    """Return where a key stands among others, -1 where it does not."""
    at = keys.find(key)
    while at >= 0 and at % _KEY:
        at = keys.find(key, at + 1)
    return at


@once
def is_personal(text: str) -> bool:
    """Whether a saying is about the two who talk: out of their mouths it would mean something else."""
    return _SPOKEN_TO.search(text) is not None


@once
def names_a_time(text: str) -> bool:
    """Whether a text says when something is, so that a plan may have to heed it."""
    return _WHEN.search(text) is not None


def is_inferred(source: str) -> bool:
    """Whether what has this source was neither seen nor heard: somebody came to think it, by a decision."""
    return source.startswith("decision-")


def importance_of(text: str, source: str, places: Sequence[str], *, to_me: bool) -> int:
    """Return what an utterance is worth to its hearer (0..10): news of a time and a place most, small talk least.

    `places` are those that the text names. What two say about themselves is worth remembering only to those two; what
    has no source is small talk.
    """
    if text.endswith("?"):
        return 1
    when, where = names_a_time(text), bool(places)
    if is_personal(text):
        if not to_me:
            return 1
        return APPOINTMENT if when and where else PROMISE if _PROMISE.search(text) else 1
    # What somebody saw, did or made of it goes no further than one telling.
    if _GOSSIP.match(text) or is_inferred(source):
        return TELLABLE - 1
    if when and where:
        return APPOINTMENT
    return 4 if source else 2


def is_appointment(memory: Memory, guide: Guide) -> bool:
    """Whether a memory names a time and a place, so that a plan may have to heed it."""
    if memory.kind not in ("knows", "told", "plan") or memory.importance < APPOINTMENT:
        return False
    return names_a_time(memory.text) and bool(guide.places_of(memory))


def may_tell(memory: Memory, time: int) -> bool:
    """Whether a memory can be told to anybody at a time."""
    importance = memory.importance
    if importance < TELLABLE or memory.kind not in _KINDS or (importance >= NEWS and time - memory.time > STALE):
        return False
    # What one saw or did is kept in the third person; words may be about those two who spoke them.
    return memory.kind not in ("told", "knows") or not is_personal(memory.text)


def to_tell(
    stream: MemoryStream, news: Sequence[str], told: Told, listeners: Sequence[str], query: str, time: int, count: int
) -> list[tuple[Memory, list[str]]]:
    """Return up to `count` memories that come to mind, news first, each with those listeners to whom it is new.

    Memories that are new to nobody here, or not for telling, come last and only if there is room: they may be needed
    for understanding, not for saying.
    """
    found: dict[str, Memory] = {}
    for name in reversed(news):
        memory = stream.find(name)
        if memory is not None:
            found[memory.id] = memory
    for memory in retrieve(stream, query, time, 2 * count):
        found.setdefault(memory.id, memory)
    rows = [(memory, _new_to(memory, told, listeners, time)) for memory in found.values()]
    rows.sort(key=lambda row: (not row[1], row[0].importance < NEWS))
    # The same said twice is one thing to say.
    distinct = {key_of(memory.text): (memory, fresh) for memory, fresh in reversed(rows)}
    return list(reversed(distinct.values()))[:count]


def _new_to(memory: Memory, told: Told, listeners: Sequence[str], time: int) -> list[str]:
    if not listeners or not may_tell(memory, time):
        return []
    key = key_of(memory.text)
    return [
        other for other in listeners if other != memory.via and other not in memory.about and not told.knows(other, key)
    ]


def greeting_of(time: int) -> str:
    """Return the greeting of an hour."""
    hour = time_of_day(time) // HOUR
    return "Good morning" if hour < 12 else "Good day" if hour < 18 else "Good evening"


def words_of(answer: Mapping[str, str], listener: str, time: int, place: str, labels: Labels) -> str:
    """Return what a reply says when it tells no memory: the model's own words, else the plainest ones of its kind.

    What binds (a time, a place, a thing) is said by code, so that what was meant is what is heard.
    """
    name, do = listener.partition(" ")[0], answer["do"]
    own = labels.expand(one_line(answer["say"], 200))
    bound = {
        "agree": f"I will meet you at {place} at {answer['at']}, {name}.",
        "invite": f"Will you meet me at {place} at {answer['at']}, {name}?",
        "order": f"Will you make me {a_thing(answer['thing'])}, {name}?",
        "promise": f"I will make you {a_thing(answer['thing'])}, {name}.",
    }
    if do in bound:
        return f"{own} {bound[do]}"[:MAX_WORDS] if own else bound[do]
    plain = {
        "greet": f"{greeting_of(time)}, {name}.",
        "ask": f"How are you, {name}?",
        "decline": f"I am sorry, {name}, I cannot.",
    }
    return own or plain.get(do, "")


def a_thing(thing: str) -> str:
    """Return a thing with its article."""
    return f"{'an' if thing[:1] in 'aeiou' else 'a'} {thing}"
