"""The workshop: a song is words and then a tune, or nothing; everybody's portrait fills a slot of genesis."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from worldloom.agents.cast import Cast
from worldloom.agents.persona import make_cast
from worldloom.agents.portraits import mood_of
from worldloom.agents.turns import Decision
from worldloom.cluster.ledger import Ledger
from worldloom.cluster.parts import Parts
from worldloom.cluster.rehearsal import rehearse
from worldloom.cluster.scenario import Scenario
from worldloom.cluster.village import Village
from worldloom.cluster.workshop import Commission, Workshop
from worldloom.generators.registry import resolve
from worldloom.generators.requests import Answer, Status
from worldloom.provenance.digests import ARTIFACT, digest_json
from worldloom.provenance.entry import EntryKind
from worldloom.provenance.log import LogWriter
from worldloom.provenance.log_reader import LogReader
from worldloom.provenance.note import NoteKey
from worldloom.provenance.power_loss import PowerLossDisk
from worldloom.provenance.storage import Storage
from worldloom.worlds.action import Action
from worldloom.worlds.settlement import found_settlement
from worldloom.worlds.terrain import make_terrain

NOON, GENESIS, DIGEST = 43_200, "01" * 32, "ab" * 32


class Broken:
    """A generator that makes nothing, and counts what it was asked."""

    identity = resolve("image", "procedural").identity

    def __init__(self):
        self.asked = []

    def generate(self, requests):
        self.asked += requests
        return [Answer(status=Status.FAILED, detail="no paint, no breath") for _ in requests]


class Shop(NamedTuple):
    """A workshop with its log."""

    workshop: Workshop
    ledger: Ledger
    storage: Storage

    def carry_out(self, *commissions):
        return self.workshop.carry_out(commissions, self.ledger, NOON)

    @property
    def logged(self):
        """Bodies of what was recorded, in its order."""
        self.ledger.writer.commit()
        log = LogReader(self.storage)
        return [log.content(index) for index, entry in enumerate(log.entries()) if entry.has_content]


@pytest.fixture(scope="module")
def village() -> Village:
    settlement = found_settlement(make_terrain(3, 96), 3)
    personas = make_cast(3, 5, settlement)
    return Village(personas, Cast.of(personas, settlement), GENESIS)


@pytest.fixture
def open_shop(village) -> Callable[..., Shop]:
    def shop(**makers) -> Shop:
        storage = Storage(PowerLossDisk())
        key = Ed25519PrivateKey.generate()
        log = LogWriter.create(storage, "o", NoteKey("o", key.public_key().public_bytes_raw(), key.sign))
        log.append(EntryKind.START, NOON, None, {"type": "start"})
        real = {"text": resolve("text", "rules"), "image": resolve("image", "procedural")}
        real["sound"] = resolve("sound", "procedural")
        chosen = {kind: maker for kind, maker in {**real, **makers}.items() if maker is not None}
        return Shop(Workshop(chosen, village, None, 7, Parts()), Ledger(log), storage)

    return shop


def commission(agent, craft="song", **arguments):
    told = {"craft": craft, "subject": "merry", "mood": "merry", "about": "memory-0-3", "to": "place-0", "seconds": 60}
    text = "There is a feast tonight."
    action = Action(f"agent-{agent}", "make", {**told, "text": text, "colour": "red", "size": "", **arguments})
    name = f"decision-{NOON}-{agent}-0"
    return Commission(Decision(name, f"agent-{agent}", NOON, 0, "make", "r", "a", "p", "t", action), DIGEST)


def test_a_song_is_its_words_and_then_the_tune_that_was_made_from_them(open_shop):
    shop = open_shop()
    action = shop.carry_out(commission(1))["agent-1"]
    words, tune = shop.logged
    assert (words["media_type"], words["recipe"]["purpose"]) == ("text/plain", "song")
    assert (tune["media_type"], tune["recipe"]["purpose"]) == ("audio/wav", "tune")
    assert tune["recipe"]["inputs"] == [words["payload"]]
    assert words["recipe"]["parents"] == tune["recipe"]["parents"] == [DIGEST]
    assert tune["recipe"]["generator"]["model"] == resolve("sound", "procedural").identity.model
    assert action.kind == "make"
    assert action.arguments["artifact"] == digest_json(ARTIFACT, tune).hex()
    assert (action.arguments["media_type"], action.arguments["title"]) == ("audio/wav", tune["title"])
    assert shop.workshop.made == 2


def test_makes_are_recorded_by_their_makers_number_a_song_in_its_two_halves(open_shop):
    orders = [commission(3), commission(0, "tile", subject="boat"), commission(1)]
    one, other = open_shop(), open_shop()
    assert one.carry_out(*orders) == other.carry_out(*orders[::-1])
    assert one.logged == other.logged
    made = [(body["recipe"]["agent"], body["recipe"]["purpose"]) for body in one.logged]
    assert made == [
        ("agent-0", "tile"),
        ("agent-1", "song"),
        ("agent-1", "tune"),
        ("agent-3", "song"),
        ("agent-3", "tune"),
    ]


@pytest.mark.parametrize(
    ("makers", "why"),
    [
        ({"sound": None}, "nobody here makes anything of the kind sound"),
        ({"sound": Broken()}, "no paint, no breath"),
        ({"text": Broken()}, "no paint, no breath"),
    ],
)
def test_half_a_song_is_none(open_shop, makers, why):
    shop = open_shop(**makers)
    action = shop.carry_out(commission(1))["agent-1"]
    assert (action.kind, shop.logged, shop.workshop.made) == ("wait", [], 0)
    assert why in action.arguments["reason"]


def test_one_make_that_comes_to_nothing_leaves_the_others_as_they_are(open_shop):
    shop, alone = open_shop(sound=None), open_shop()
    actions = shop.carry_out(commission(0, "tile", subject="boat"), commission(1), commission(2, "tile", to="x"))
    assert [actions[f"agent-{at}"].kind for at in range(3)] == ["make", "wait", "wait"]
    assert actions["agent-0"] == alone.carry_out(commission(0, "tile", subject="boat"))["agent-0"]


def test_everybody_is_painted_by_number_and_descends_from_genesis(open_shop, village):
    shop = open_shop()
    shop.workshop.paint_portraits(shop.ledger, NOON)
    recipes = [body["recipe"] for body in shop.logged]
    assert [recipe["agent"] for recipe in recipes] == [who.agent for who in village.personas]
    assert shop.workshop.made == len(village.personas)
    for recipe, who in zip(recipes, village.personas, strict=True):
        assert (recipe["parents"], recipe["time"], recipe["parameters"]["slot"]) == ([GENESIS], NOON, "genesis")
        assert recipe["parameters"]["mood"] == mood_of(who.traits)
        assert recipe["parameters"]["name"] == who.name


def test_who_cannot_be_painted_has_no_portrait_and_the_run_goes_on(open_shop):
    broken = Broken()
    shop = open_shop(image=broken)
    shop.workshop.paint_portraits(shop.ledger, NOON)
    assert len(broken.asked) == 5
    assert (shop.logged, shop.workshop.made) == ([], 0)


def test_a_scenario_says_whether_there_are_portraits():
    small = Scenario(name="small", agents=3, hours=1, step_seconds=1800, start="22:00", seed=4, world={"size": 96})
    painted, bare = rehearse(small), rehearse(small.folded(portraits=False))
    assert (painted.conductor.made, bare.conductor.made) == (3, 0)
    assert painted.root != bare.root
    assert rehearse(small).root == painted.root
    assert small.content()["portraits"] is True
