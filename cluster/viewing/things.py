"""Made things as the live page tells of them: a card, what a credential says, what it rests on. No markup."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from worldloom.cluster.closing.record import Thing
from worldloom.cluster.closing.summary import craft_of, model_name
from worldloom.provenance.credential import INVALID, MISSING, TRUSTED, VALID
from worldloom.provenance.errors import ProvenanceError
from worldloom.provenance.folder import sidecar
from worldloom.provenance.lineage import Lineage
from worldloom.provenance.media import embeds
from worldloom.provenance.reading import read_credential
from worldloom.provenance.storage import Storage
from worldloom.provenance.text import clean_text
from worldloom.worlds.clock import clock_text

from .as_of import AsOf
from .story import Story

PICTURES = ("image/png", "image/svg+xml", "image/jpeg")
SOUNDS = ("audio/wav",)
PROP = "model/gltf-binary"
LONGEST_WORDS = 4_000

_STATES = {
    TRUSTED: ("good", "Credential valid, signer trusted"),
    VALID: ("fair", "Credential valid, signer unknown to your keystore"),
    INVALID: ("bad", "Credential does not hold"),
    MISSING: ("bad", "No credential"),
}


class Card(NamedTuple):
    """What a card shows. `show` says how: picture, drawn, sound, words or none; `address` is where the file is got."""

    digest: str
    craft: str
    title: str
    agent: str
    maker: str
    time: str
    show: str
    address: str
    path: str


def card_of(thing: Thing, story: Story, key: str) -> Card:
    """Return the card of a thing in the run of that key."""
    recipe, media_type = thing.body["recipe"], thing.body["media_type"]
    path = str(thing.evidence.get("path", ""))
    show = "none"
    if path:
        show = "picture" if media_type in PICTURES else "sound" if media_type in SOUNDS else show
        show = "drawn" if media_type == PROP else "words" if media_type.startswith("text/") else show
    folder = "drawn" if show == "drawn" else "files"
    return Card(
        digest=thing.name,
        craft=craft_of(recipe),
        title=clean_text(str(thing.body["title"] or craft_of(recipe)), 200),
        agent=str(recipe["agent"]),
        maker=clean_text(story.name(recipe["agent"]), 100),
        time=clock_text(recipe["time"]),
        show=show,
        address=f"/{folder}/{quote(key)}/{quote(path)}" if path else "",
        path=path,
    )


def portrait_of(story: Story, agent: str, key: str) -> str:
    """Return the address of the portrait that somebody has from the beginning, "" where there is no picture."""
    painted = story.portraits.get(agent)
    path = (
        "" if painted is None or painted.body["media_type"] not in PICTURES else str(painted.evidence.get("path", ""))
    )
    return f"/files/{quote(key)}/{quote(path)}" if path else ""


def words_of(thing: Thing, story: Story, storage: Storage) -> str:
    """Return the text of a letter, or the words that a song is sung to; "" for other things."""
    body: Thing | None = thing
    if thing.body["media_type"] in SOUNDS:
        body = next((story.words[read] for read in thing.body["recipe"]["inputs"] if read in story.words), None)
    elif not thing.body["media_type"].startswith("text/"):
        return ""
    path = "" if body is None else str(body.evidence.get("path", ""))
    try:
        return clean_text(storage.read(path).decode(errors="replace"), LONGEST_WORDS).strip() if path else ""
    except ProvenanceError:
        return ""


@dataclass(frozen=True)
class Told:
    """What the dialog of a thing tells: state of its credential (good, fair, bad) in words, then names and values."""

    mark: str
    state: str
    faults: tuple[str, ...]
    credential: tuple[tuple[str, str], ...]
    recipe: tuple[tuple[str, str], ...]
    prompt: str


def told_of(thing: Thing, storage: Storage, anchors: Sequence[bytes]) -> Told:
    """Read and judge a thing's credential now; bad evidence is in the result."""
    body, path = thing.body, str(thing.evidence.get("path", ""))
    recipe = body["recipe"]
    try:
        data = storage.read(path)
        beside = None if embeds(body["media_type"]) else storage.read(sidecar(path))
        credential = read_credential(data, body["media_type"], beside, anchors)
    except ProvenanceError as error:
        return Told("bad", "The file or its credential is missing", (str(error),), (), _recipe(thing), "")
    mark, state = _STATES.get(credential.state, ("bad", "Credential cannot be read"))
    rows = (
        ("Manifest", credential.manifest),
        ("Certificate", credential.serial),
        ("Source type", credential.source_type.rpartition("/")[2]),
        ("On behalf of", str(credential.generation.get("on_behalf", ""))),
        ("Content digest", thing.name),
        ("File", path),
    )
    return Told(
        mark=mark,
        state=state,
        faults=credential.failures,
        credential=tuple(row for row in rows if row[1]),
        recipe=_recipe(thing),
        prompt=clean_text(str(recipe["prompt"]), LONGEST_WORDS),
    )


def _recipe(thing: Thing) -> tuple[tuple[str, str], ...]:
    recipe = thing.body["recipe"]
    generator = recipe["generator"]
    chosen = {name: value for name, value in recipe["parameters"].items() if not isinstance(value, dict | list)}
    rows = (
        ("Made by", model_name(generator)),
        ("Weights", generator["weights"] or "none: a program of rules"),
        ("Licence", generator.get("output_licence", "")),
        ("Purpose", recipe["purpose"]),
        ("Seed", recipe["seed"]),
        ("When", clock_text(recipe["time"])),
        ("Parameters", ", ".join(f"{name} {value}" for name, value in sorted(chosen.items()))),
    )
    return tuple((name, clean_text(str(value), 500)) for name, value in rows if value)


def lineage_of(folder: Path, digest: str) -> str:
    """Return what a thing rests on as a tree of lines. Reads the whole log: a second for a day of a village."""
    try:
        return Lineage.of(Storage(AsOf(folder))).tree(digest)
    except ProvenanceError as error:
        return f"The lineage cannot be read: {error}"
