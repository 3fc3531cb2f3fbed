"""Made things as the report shows them: picture, sound, words, maker, credential, lineage. No markup here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from worldloom.provenance.lineage import Lineage, NodeKind
from worldloom.provenance.storage import Storage
from worldloom.provenance.text import clean_text
from worldloom.worlds.clock import clock_text

from .ancestry import Ancestry, ancestry
from .cards import Card, Face, Wall
from .media import MOST_FACES, MOST_PICTURES, MOST_SOUNDS, PICTURES, SOUNDS, Budget, Shown
from .naming import Names, hue, listed
from .record import HEARD, PUT_UP, SUNG, Record, Thing
from .sound_copy import smaller
from .summary import craft_of, model_name
from .thumbnail import draw_prop
from .verdict import Verdict

MOST_CARDS = 600
LONGEST_WORDS = 4_000
_AT = ((PUT_UP, "put up at"), (SUNG, "sung at"))
_MET = (
    ("give", "given to"),
    ("see", "seen by"),
    ("read", "read by"),
    (HEARD, "heard by"),
    ("take", "taken by"),
    ("use", "used by"),
)
MOST_CHARTS = 400
"""Things whose lineage is drawn; others have it in words."""
_DRAWN = 120
"""Props that get a drawn picture."""
_ORDER = ("portrait", "emblem", "sign", "tile", "song", "letter", "prop")
_HEADINGS = {
    "portrait": "Portraits",
    "emblem": "Emblems",
    "sign": "Signs",
    "tile": "Tiles",
    "song": "Songs",
    "letter": "Letters",
    "prop": "Props",
}
_LAYOUT = {"letter": "letters", "song": "letters"}
"""Walls of words are wider than walls of pictures."""


class _Contents(NamedTuple):
    """What of an artifact the page holds."""

    picture: str = ""
    sound: str = ""
    copied: bool = False
    words: str = ""
    note: str = ""


class Hanging:
    """Hangs up artifacts: keeps count of the bytes that portraits, pictures and sounds may take."""

    def __init__(self, storage: Storage, names: Names, lineage: Lineage, verdict: Verdict) -> None:
        self._storage = storage
        self._names = names
        self._lineage = lineage
        self._verdict = verdict
        self._faces = Budget(MOST_FACES, "portraits")
        self._pictures = Budget(MOST_PICTURES, "pictures")
        self._sounds = Budget(MOST_SOUNDS, "sound")
        self._drawn = self._charted = 0
        self._whole = True
        """Whether all songs of the run fit on the page as they are; else it has smaller copies of all."""

    def walls(self, record: Record) -> tuple[Wall, ...]:
        """Return the walls, known crafts first, each in the order in which its things were made."""
        by_craft: dict[str, list[Thing]] = {}
        for thing in record.artifacts:
            by_craft.setdefault(craft_of(thing.body["recipe"]), []).append(thing)
        self._whole = self._size_of_sounds(record) <= MOST_SOUNDS
        order = sorted(by_craft, key=lambda craft: (_ORDER.index(craft) if craft in _ORDER else len(_ORDER), craft))
        return tuple(self._wall(craft, by_craft[craft], record) for craft in order)

    def faces(self, record: Record) -> dict[str, Face]:
        """Return the portraits that everybody has from the beginning, by agent."""
        found = {}
        for agent, thing in record.portraits.items():
            path, media_type = str(thing.evidence.get("path", "")), thing.body["media_type"]
            shown = self._faces.file(self._storage, path, media_type) if media_type in PICTURES else Shown("")
            found[agent] = Face(shown.uri, path, model_name(thing.body["recipe"]["generator"]))
        return found

    def _wall(self, craft: str, things: list[Thing], record: Record) -> Wall:
        cards = tuple(self._card(thing, record) for thing in things[:MOST_CARDS])
        heading = _HEADINGS.get(craft, f"{craft[:1].upper()}{craft[1:]}")
        return Wall(craft, _LAYOUT.get(craft, "pictures"), heading, cards, len(things))

    def _card(self, thing: Thing, record: Record) -> Card:
        body, recipe = thing.body, thing.body["recipe"]
        path = str(thing.evidence.get("path", ""))
        holds = self._contents(body, path, record)
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
            holds=sound,
            picture=holds.picture,
            drawn=bool(holds.picture) and body["media_type"] not in PICTURES,
            coarse=craft_of(recipe) == "tile",
            sound=holds.sound,
            copied=holds.copied,
            words=holds.words,
            note=holds.note,
            met=self._met(record.noticed.get(thing.name, {}), recipe["agent"]),
            rests_on=self._rests_on(thing.name, recipe),
            prompt=recipe["prompt"][:LONGEST_WORDS],
            ancestry=self._ancestry(thing.name),
            signed=_signed(thing, record),
        )

    def _ancestry(self, digest: str) -> Ancestry | None:
        if self._charted >= MOST_CHARTS:
            return None
        self._charted += 1
        return ancestry(self._lineage, self._names, digest)

    def _contents(self, body: Mapping[str, Any], path: str, record: Record) -> _Contents:
        media_type = body["media_type"]
        if media_type in PICTURES:
            shown = self._pictures.file(self._storage, path, media_type)
            return _Contents(picture=shown.uri, note=shown.note)
        if media_type in SOUNDS:
            words, copy = self._words(body, record), self._copy(path)
            if copy:
                return _Contents(sound=copy, copied=True, words=words)
            shown = self._sounds.file(self._storage, path, media_type)
            return _Contents(sound=shown.uri, words=words, note=shown.note)
        if not path or not self._storage.exists(path):
            return _Contents(note=f"{path or 'its file'} is missing")
        payload = self._storage.read(path)  # its credential stands beside it, so these are the unsigned bytes
        if media_type.startswith("text/"):
            return _Contents(words=_text(payload))
        return _Contents(picture=self._drawing(payload)) if media_type == "model/gltf-binary" else _Contents()

    def _size_of_sounds(self, record: Record) -> int:
        songs = (thing for thing in record.artifacts if thing.body["media_type"] in SOUNDS)
        paths = (str(song.evidence.get("path", "")) for song in songs)
        return sum(self._storage.size(path) for path in paths if path and self._storage.exists(path))

    def _copy(self, path: str) -> str:
        """Return a smaller copy of a song where not all songs have room; "" where none is needed or it has none."""
        if self._whole or not path or not self._storage.exists(path):
            return ""
        copy = smaller(self._storage.read(path))
        return "" if copy is None else self._sounds.take(copy, "audio/wav")

    def _words(self, body: Mapping[str, Any], record: Record) -> str:
        """Return the words to which a tune is sung: those that it was made from."""
        words = next((record.words[read] for read in body["recipe"]["inputs"] if read in record.words), None)
        path = "" if words is None else str(words.evidence.get("path", ""))
        return _text(self._storage.read(path)) if path and self._storage.exists(path) else ""

    def _drawing(self, payload: bytes) -> str:
        if self._drawn >= _DRAWN:
            return ""
        self._drawn += 1
        png = draw_prop(payload)
        return self._pictures.take(png, "image/png") if png is not None else ""

    def _met(self, noticed: Mapping[str, Mapping[str, None]], maker: str) -> str:
        """`put up at the inn; seen by Ida and 3 others`: what became of it, in the events."""
        told = []
        for kind, verb in _AT:
            if places := noticed.get(kind):
                told.append(f"{verb} {listed([self._names.place(place) for place in places])}")
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


def _signed(thing: Thing, record: Record) -> tuple[tuple[str, str], ...]:
    """Return what a thing's credential says, from the evidence of its entry and its recipe."""
    evidence, recipe = thing.evidence, thing.body["recipe"]
    if not evidence:
        return (("state", "its evidence was erased"),)
    serial = str(evidence.get("serial", ""))
    signer = record.certificates.get(serial, {})
    beside = "in a sidecar beside the file" if evidence.get("sidecar") else "inside the file"
    told = (
        ("where", beside),
        ("manifest", str(evidence.get("manifest", ""))),
        ("signed by", f"{signer.get('role', 'unknown')}, certificate {serial[:16]}…" if serial else ""),
        ("signed at", str(evidence.get("wall", ""))),
        ("source type", str(recipe["generator"].get("source_type", ""))),
        ("licence", str(recipe["generator"].get("output_licence", ""))),
        ("file digest", str(evidence.get("file", ""))),
    )
    return tuple((what, which) for what, which in told if which)


def _text(payload: bytes) -> str:
    return clean_text(payload.decode(errors="replace"), LONGEST_WORDS).strip()
