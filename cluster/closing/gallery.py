"""Made things as the report shows them: picture or words, maker, model, credential, lineage. No markup here."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from worldloom.provenance.lineage import Lineage, NodeKind
from worldloom.provenance.storage import Storage
from worldloom.provenance.text import clean_text
from worldloom.worlds.clock import clock_text

from .naming import Names, hue, listed
from .record import PUT_UP, Record, Thing
from .summary import craft_of, model_name
from .thumbnail import draw_prop
from .verdict import Verdict

PICTURES = ("image/png", "image/svg+xml", "image/jpeg")
MOST_BYTES = 8_000_000
"""Bytes of pictures on the page, before base64; what comes after is shown without its picture, and that is said."""
MOST_CARDS = 600
LONGEST_WORDS = 4_000
_LINKED = re.compile(r"artifacts/[0-9a-f]{2}/[0-9a-f]{64}\.[a-z0-9]{1,8}\Z")
_MET = (("give", "given to"), ("see", "seen by"), ("read", "read by"), ("take", "taken by"), ("use", "used by"))
_DRAWN = 120
"""Props that get a drawn picture."""
_ORDER = ("emblem", "sign", "letter", "prop")
_HEADINGS = {"emblem": "Emblems", "sign": "Signs", "letter": "Letters", "prop": "Props"}


@dataclass(frozen=True)
class Card:
    """One made thing. `picture` is a data: URI or "", `words` a letter's text, `note` why there is neither."""

    digest: str
    path: str
    title: str
    media_type: str
    size: int
    maker: str
    agent: str
    hue: int
    time: str
    model: str
    credential: str
    sound: bool
    picture: str
    drawn: bool
    words: str
    note: str
    met: str
    rests_on: tuple[tuple[str, str], ...]
    prompt: str

    @property
    def link(self) -> bool:
        """Whether the path is one that a page beside the run's files may link to."""
        return bool(_LINKED.match(self.path))


@dataclass(frozen=True)
class Wall:
    """All cards of one craft, with how many there are beyond those shown."""

    craft: str
    heading: str
    cards: tuple[Card, ...]
    total: int


class Hanging:
    """Hangs up artifacts: keeps count of the bytes that pictures may take."""

    def __init__(self, storage: Storage, names: Names, lineage: Lineage, verdict: Verdict) -> None:
        self._storage = storage
        self._names = names
        self._lineage = lineage
        self._verdict = verdict
        self._left = MOST_BYTES
        self._drawn = 0

    def walls(self, record: Record) -> tuple[Wall, ...]:
        """Return the walls, known crafts first, each in the order in which its things were made."""
        by_craft: dict[str, list[Thing]] = {}
        for thing in record.artifacts:
            by_craft.setdefault(craft_of(thing.body["recipe"]), []).append(thing)
        order = sorted(by_craft, key=lambda craft: (_ORDER.index(craft) if craft in _ORDER else len(_ORDER), craft))
        return tuple(self._wall(craft, by_craft[craft], record) for craft in order)

    def picture(self, path: str, media_type: str) -> tuple[str, str]:
        """Return a stored picture as a data: URI, or "" and why it is not shown."""
        if not self._storage.exists(path):
            return "", f"{path} is missing"
        if self._storage.size(path) > self._left:
            return "", f"not shown: this page holds {MOST_BYTES // 1_000_000} MB of pictures at most; see {path}"
        return self._uri(self._storage.read(path), media_type), ""

    def _wall(self, craft: str, things: list[Thing], record: Record) -> Wall:
        cards = tuple(self._card(thing, record) for thing in things[:MOST_CARDS])
        return Wall(craft, _HEADINGS.get(craft, f"{craft[:1].upper()}{craft[1:]}"), cards, len(things))

    def _card(self, thing: Thing, record: Record) -> Card:
        body, recipe = thing.body, thing.body["recipe"]
        path = str(thing.evidence.get("path", ""))
        picture, words, note = self._shown(body, path)
        credential, sound = self._verdict.of_file(path)
        return Card(
            digest=thing.name,
            path=path,
            title=body["title"] or craft_of(recipe),
            media_type=body["media_type"],
            size=self._storage.size(path) if path and self._storage.exists(path) else 0,
            maker=self._names.person(recipe["agent"]),
            agent=recipe["agent"],
            hue=hue(recipe["agent"]),
            time=clock_text(recipe["time"]),
            model=model_name(recipe["generator"]),
            credential=credential,
            sound=sound,
            picture=picture,
            drawn=bool(picture) and body["media_type"] not in PICTURES,
            words=words,
            note=note,
            met=self._met(record.noticed.get(thing.name, {}), recipe["agent"]),
            rests_on=self._rests_on(thing.name, recipe),
            prompt=recipe["prompt"][:LONGEST_WORDS],
        )

    def _shown(self, body: Mapping[str, Any], path: str) -> tuple[str, str, str]:
        """Return picture, words and note of an artifact."""
        media_type = body["media_type"]
        if media_type in PICTURES:
            picture, note = self.picture(path, media_type) if path else ("", "its file was erased")
            return picture, "", note
        if not path or not self._storage.exists(path):
            return "", "", f"{path or 'its file'} is missing"
        payload = self._storage.read(path)  # its credential stands beside it, so these are the unsigned bytes
        if media_type.startswith("text/"):
            return "", clean_text(payload.decode(errors="replace"), LONGEST_WORDS).strip(), ""
        return (*self._drawing(payload), "") if media_type == "model/gltf-binary" else ("", "", media_type)

    def _drawing(self, payload: bytes) -> tuple[str, str]:
        if self._drawn >= _DRAWN:
            return "", ""
        self._drawn += 1
        png = draw_prop(payload)
        return (self._uri(png, "image/png"), "") if png is not None and len(png) <= self._left else ("", "")

    def _uri(self, data: bytes, media_type: str) -> str:
        self._left -= len(data)
        return f"data:{media_type};base64,{base64.b64encode(data).decode()}"

    def _met(self, noticed: Mapping[str, Mapping[str, None]], maker: str) -> str:
        """`put up at the inn; seen by Ida and 3 others`: what became of it, in the events."""
        told = []
        if places := noticed.get(PUT_UP):
            told.append(f"put up at {listed([self._names.place(place) for place in places])}")
        for kind, verb in _MET:
            agents = [agent for agent in noticed.get(kind, ()) if agent != maker]
            if agents:
                told.append(f"{verb} {listed([self._names.person(agent) for agent in agents])}")
        return "; ".join(told)

    def _rests_on(self, digest: str, recipe: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
        """Return the line back from a thing to the scenario, as pairs of what and which."""
        graph = self._lineage.graph
        decisions = [cause for cause in graph.successors(digest) if graph.nodes[cause]["kind"] == NodeKind.DECISION]
        memories = [
            cause
            for decision in decisions
            for cause in graph.successors(decision)
            if graph.nodes[cause]["kind"] == NodeKind.MEMORY
        ]
        weights = recipe["generator"]["weights"]
        steps = [("prompt", f"request {recipe['request'][:12]}…")] if recipe["request"] else []
        steps.append(("model", model_name(recipe["generator"])))
        steps.append(("weights", f"{weights[:12]}…" if weights else "none: a program of rules"))
        steps += [("decision", decision) for decision in decisions]
        steps += [("memories", listed(memories, 3))] if memories else []
        steps.append(("persona", f"{recipe['agent']}, {self._names.person(recipe['agent'])}"))
        scenario = self._lineage.body("scenario")
        steps.append(("scenario", scenario["scenario"]["name"] if scenario else "erased"))
        return tuple(steps)
