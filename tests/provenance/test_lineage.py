"""Lineage of a hand-made log: everything leads back, everything is found, talk is followed, bad input says so."""

import json
import xml.etree.ElementTree as ElementTree
from itertools import pairwise

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from worldloom.provenance.artifact import Artifact
from worldloom.provenance.digests import PROMPT, digest_bytes, file_digest
from worldloom.provenance.entry import EntryKind
from worldloom.provenance.errors import FormatError, LineageError
from worldloom.provenance.events_block import EventBlock
from worldloom.provenance.folder import RunFile, artifact_path, body_segment, write_run
from worldloom.provenance.lineage import Lineage, NodeKind, find_run
from worldloom.provenance.lineage.told import Knower, Talk, Telling
from worldloom.provenance.log import LogReader, LogWriter
from worldloom.provenance.making import Making
from worldloom.provenance.note import NoteKey
from worldloom.provenance.recipe import Identity, Recipe
from worldloom.provenance.segments import decode_segment, encode_segment
from worldloom.provenance.storage import LocalDisk, Storage

TEXT = Identity("rules", "village-1", template="aa" * 32)
MESH = Identity("embedded", "props-1", weights="5a" * 32, source_type="trainedAlgorithmicMedia")
WORLD = Identity("worldloom", "export-glb-1", source_type="compositeSynthetic")
ORIGIN = "worldloom.run/lineage"
START = 21600


def key():
    private = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    return NoteKey(ORIGIN, private.public_key().public_bytes_raw(), private.sign)


def persona(number, name):
    return {"agent": f"agent-{number}", "name": name, "age": 30 + number, "job": "baker", "home": "place-1"}


class HandMade:
    """A log in which a fact is told from agent to agent and agent-1 makes a barrel because of it."""

    def __init__(self, storage, signer=None, names=("Wren Tull", "Ida Marsh", "Bo Fisk", "Una Holm")):
        self.storage, self.signer = storage, signer
        write_run(storage, RunFile("lineage"))
        self.log = LogWriter.create(storage, ORIGIN, key())
        self.personas = [persona(number, name) for number, name in enumerate(names)]
        self._begin()
        self.decision = self._decide(
            START + 60, 1, {"kind": "make", "arguments": {"craft": "prop", "subject": "an oak barrel"}}
        )
        self.artifact, self.path = self._make()
        self._talk()
        self._export()
        self.log.append(EntryKind.END, START + 600, {"type": "end", "state": "00" * 32, "counts": {}})
        self.log.commit()

    def _file(self, path, data, sidecar=b""):
        if sidecar:
            self.storage.write(path + ".c2pa", sidecar)
        self.storage.write(path, data)
        beside = file_digest(sidecar).hex() if sidecar else ""
        return {"type": "file", "path": path, "file": file_digest(data).hex(), "sidecar": beside}

    def _begin(self):
        source = b"scenario = ..."
        body = {
            "type": "scenario",
            "scenario": {"name": "saltmarsh", "seed": 7},
            "source": file_digest(source).hex(),
            "generators": {"mesh": MESH.content(), "text": TEXT.content()},
        }
        self.log.append(EntryKind.START, START, None, {"type": "start", "wall": "2026-01-01T00:00:00+00:00"})
        digest = self.log.append(EntryKind.SCENARIO, START, body, self._file("scenario.py", source)).content_digest
        genesis = {
            "type": "genesis",
            "terrain": "01" * 32,
            "settlement": "02" * 32,
            "state": "03" * 32,
            "personas": self.personas,
            "parents": [digest.hex()],
        }
        self.genesis = self.log.append(EntryKind.GENESIS, START, genesis).content_digest.hex()

    def _decide(self, time, agent, action, memories=(), observed=()):
        body = {
            "type": "decision",
            "id": f"decision-{time}-{agent}-0",
            "agent": f"agent-{agent}",
            "round": 0,
            "purpose": "act",
            "request": digest_bytes(b"", f"request {time} {agent}".encode()).hex(),
            "answer": "04" * 32,
            "prompt": digest_bytes(PROMPT, b"What now?").hex(),
            "template": "aa" * 32,
            "action": action,
            "status": "ok",
            "reason": "",
            "memories": [{"id": memory, "source": source} for memory, source in memories],
            "observed": list(observed),
            "generator": "text",
            "parents": [self.genesis],
        }
        return self.log.append(EntryKind.DECISION, time, body).content_digest.hex()

    def _make(self):
        recipe = Recipe(
            kind="prop",
            generator=MESH,
            request="0d" * 32,
            prompt="oak barrel",
            agent="agent-1",
            time=START + 60,
            purpose="make",
            occurrence=0,
            seed=2**63,
            parents=(self.decision,),
        )
        artifact = Artifact(b"glTF barrel", "model/gltf-binary", recipe, "An oak barrel")
        path = artifact_path(artifact.digest, "glb")
        data, sidecar = artifact.payload, b"beside"
        if self.signer is not None:
            signed = self.signer.sign(artifact.payload, Making.of(artifact, ORIGIN))
            data, sidecar = signed.data, signed.sidecar
        self.log.append(EntryKind.ARTIFACT, START + 60, artifact.content(), self._file(path, data, sidecar))
        return artifact, path

    def _talk(self):
        """agent-0 is told by the scenario, tells agent-1, who tells 2 (and 0 again); agent-3 hears nothing of it."""
        tell = [START, 0, "scenario", "tell", "agent-0", None, "scenario", {"text": "A feast tonight."}]
        self.log.append(EntryKind.EVENTS, START, EventBlock(START, -1, [tell]))
        self.told = f"event-{START}-w-0"
        first = self._say(START + 60, 0, 1, self.told)
        self._say(START + 120, 1, 2, first)
        self._say(START + 180, 1, 0, first)
        self._say(START + 240, 3, 2, "")
        make = {"thing": "prop", "name": "An oak barrel", "artifact": self.artifact.digest}
        rows = [
            [START + 300, 600, "agent-1", "make", "item-9", "place-1", f"decision-{START + 60}-1-0", make],
            [START + 300, 0, "agent-2", "take", "item-9", "place-1", None, {}],
        ]
        self.log.append(EntryKind.EVENTS, START + 300, EventBlock(START + 300, 0, rows))

    def _say(self, time, speaker, hearer, source):
        action = {"kind": "say", "arguments": {"to": f"agent-{hearer}", "text": "Come to the feast!"}}
        memories = [(f"memory-{speaker}-4", source)] if source else []
        self._decide(time, speaker, action, memories, [source] if source else [])
        detail = {"text": "Come to the feast!", "source": source, "heard": [f"agent-{hearer}"]}
        cause = f"decision-{time}-{speaker}-0"
        row = [time, 5, f"agent-{speaker}", "say", f"agent-{hearer}", "place-1", cause, detail]
        self.log.append(EntryKind.EVENTS, time, EventBlock(time, 0, [row]))
        return f"event-{time}-0-0"

    def _export(self):
        recipe = Recipe("world", WORLD, "", "", "world", START + 600, "export", 0, 0, parents=(self.genesis,))
        body = {"type": "export", "path": "world/world.glb", "media_type": "model/gltf-binary", "state": "03" * 32}
        body |= {"recipe": recipe.content()}
        self.log.append(EntryKind.EXPORT, START + 600, body, self._file("world/world.glb", b"glTF world", b"w"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("runs") / "a run"


@pytest.fixture(scope="module")
def made(folder, signer):
    folder.mkdir()
    return HandMade(Storage(LocalDisk(folder)), signer)


@pytest.fixture(scope="module")
def lineage(made):
    return Lineage.of(made.storage)


def kinds(lineage, names):
    return {lineage.graph.nodes[name]["kind"] for name in names}


def test_an_artifact_leads_to_persona_prompt_weights_and_scenario(made, lineage):
    rests_on = lineage.ancestors(made.artifact.digest)
    wanted = {NodeKind.PERSONA, NodeKind.REQUEST, NodeKind.MODEL, NodeKind.SCENARIO, NodeKind.DECISION}
    assert kinds(lineage, rests_on) >= wanted
    models = [lineage.graph.nodes[name] for name in rests_on if lineage.graph.nodes[name]["kind"] == NodeKind.MODEL]
    assert "5a" * 32 in {model["weights"] for model in models}
    prompts = {lineage.graph.nodes[name].get("prompt") for name in rests_on}
    assert digest_bytes(PROMPT, b"oak barrel").hex() in prompts
    assert digest_bytes(PROMPT, b"What now?").hex() in prompts
    assert "agent-1" in rests_on
    assert "agent-3" not in rests_on


def test_edges_bear_relations_of_prov_and_every_thing_leads_to_the_scenario(made, lineage):
    import networkx as nx

    assert nx.is_directed_acyclic_graph(lineage.graph)
    relations = {
        (lineage.graph.nodes[effect]["kind"], lineage.graph.nodes[cause]["kind"]): relation
        for effect, cause, relation in lineage.graph.edges(data="relation")
    }
    assert relations["artifact", "decision"] == "wasGeneratedBy"
    assert relations["artifact", "persona"] == "wasAttributedTo"
    assert relations["artifact", "model"] == "wasDerivedFrom"
    assert relations["decision", "memory"] == "used"
    assert relations["decision", "persona"] == "wasAssociatedWith"
    assert relations["memory", "event"] == "wasDerivedFrom"
    assert relations["event", "decision"] == "wasInformedBy"
    for node, kind in lineage.graph.nodes(data="kind"):
        if kind not in (NodeKind.MODEL, NodeKind.REQUEST, NodeKind.SCENARIO):
            assert "scenario" in lineage.ancestors(node), node
    assert NodeKind.MISSING not in kinds(lineage, lineage.graph)


def test_descendants_are_ancestors_the_other_way_round(made, lineage):
    for node in lineage.graph:
        for cause in lineage.ancestors(node):
            assert node in lineage.descendants(cause)
    assert made.artifact.digest in lineage.descendants("agent-1")
    assert lineage.ancestors("scenario") == ()


def test_an_item_named_once_leads_later_events_to_its_artifact(made, lineage):
    assert made.artifact.digest in lineage.ancestors(f"event-{START + 300}-0-1")


def test_a_path_goes_from_effect_to_cause_and_is_empty_the_other_way(made, lineage):
    path = lineage.path(made.artifact.digest, "scenario")
    assert path[0] == made.artifact.digest
    assert path[-1] == "scenario"
    assert all(lineage.graph.has_edge(*edge) for edge in pairwise(path))
    assert lineage.path("scenario", made.artifact.digest) == ()


def test_names_digests_prefixes_paths_and_bytes_are_found(made, lineage, folder):
    digest, data = made.artifact.digest, made.storage.read(made.path)
    body = LogReader(made.storage)
    logged = next(entry.content.hex() for entry in body.entries() if entry.kind == EntryKind.ARTIFACT)
    found = {
        "id": digest,
        "prefix": digest[:10],
        "digest": logged,
        "path": made.path,
    }
    for by, name in found.items():
        assert lineage.find(name) == (digest, by)
    assert lineage.find(data) == (digest, "file")
    assert lineage.resolve(made.artifact.payload) == digest
    assert lineage.resolve(folder / made.path) == digest
    assert lineage.resolve(folder / f"{made.path}.c2pa") == digest
    assert lineage.resolve(str(folder / "world/world.glb")) == "world/world.glb"
    assert lineage.resolve("scenario.py") == lineage.resolve(b"scenario = ...") == "scenario"


def test_a_changed_file_is_found_by_its_credential_and_by_its_place_and_says_so(made, lineage, folder, tmp_path):
    stray = tmp_path / "stray.glb"
    stray.write_bytes(made.artifact.payload + b"!")
    (tmp_path / "stray.glb.c2pa").write_bytes((folder / f"{made.path}.c2pa").read_bytes())
    assert lineage.find(stray) == (made.artifact.digest, "credential")
    place = folder / "world" / "world.glb"
    kept = place.read_bytes()
    try:
        place.write_bytes(b"other bytes")
        assert lineage.find(place) == ("world/world.glb", "path")
    finally:
        place.write_bytes(kept)


@pytest.mark.parametrize("name", ["agent-99", "ffffffff", "5a5", "", "\x1b[2J", "../../none/passwd", b"unknown"])
def test_what_is_not_in_the_log_is_said_to_be_missing(lineage, name):
    with pytest.raises(LineageError, match="holds nothing"):
        lineage.find(name)


def test_an_ambiguous_prefix_names_its_candidates(lineage):
    lineage.graph.add_node("abcdef01" + "0" * 56, kind="artifact")
    lineage.graph.add_node("abcdef02" + "0" * 56, kind="artifact")
    try:
        with pytest.raises(LineageError, match="2 things begin so"):
            lineage.find("abcdef")
    finally:
        lineage.graph.remove_nodes_from(["abcdef01" + "0" * 56, "abcdef02" + "0" * 56])


def test_find_run_climbs_to_the_folder_and_says_where_there_is_none(made, folder, tmp_path):
    assert find_run(folder / made.path) == find_run(folder) == folder.resolve()
    with pytest.raises(LineageError, match=r"run\.json"):
        find_run(tmp_path / "x.png")


def test_a_told_chain_names_teller_and_hearer_once_each_and_nobody_else(made, lineage):
    knowers = lineage.knowers(made.told)
    chain = [(knower.agent, knower.teller, knower.depth) for knower in knowers]
    assert chain == [("agent-0", "", 0), ("agent-1", "agent-0", 1), ("agent-2", "agent-1", 2)]
    assert [knower.via for knower in knowers] == ["", made.told, f"event-{START + 60}-0-0"]
    assert lineage.facts() == ((made.told, 3),)
    with pytest.raises(LineageError, match="no event"):
        lineage.knowers("agent-1")


def test_whoever_tells_of_an_event_from_itself_was_there():
    first = Knower("agent-0", 0, "event-0-0-0", "", "", 0, "")
    talk = Talk(
        [
            Telling("event-60-0-0", 60, "agent-1", "place-1", ("agent-0", "agent-2"), "event-0-0-0"),
            Telling("event-120-0-0", 120, "agent-2", "place-1", ("agent-1", "agent-3"), "event-60-0-0"),
        ]
    )
    chain = [(knower.agent, knower.teller) for knower in talk.spread("event-0-0-0", [first])]
    assert chain == [("agent-0", ""), ("agent-1", ""), ("agent-2", "agent-1"), ("agent-3", "agent-2")]


def test_talk_that_goes_round_in_a_circle_ends():
    talk = Talk(
        [
            Telling("event-60-0-0", 60, "agent-0", "", ("agent-1",), "event-120-0-0"),
            Telling("event-120-0-0", 120, "agent-1", "", ("agent-0",), "event-60-0-0"),
        ]
    )
    assert talk.roots() == []
    assert {knower.agent for knower in talk.spread("event-60-0-0", [])} == {"agent-0", "agent-1"}


def test_the_tree_is_plain_text_with_names_times_and_words(made, lineage):
    tree = lineage.tree(made.artifact.digest)
    first = tree.splitlines()[0]
    assert first.startswith(
        f"artifact {made.artifact.digest[:12]}…, prop An oak barrel, day 1, 06:01, agent-1 (Ida Marsh)"
    )
    assert "weights" not in tree
    assert "model embedded/props-1@5a5a5a5a5a5a…" in tree
    assert f"prompt {digest_bytes(PROMPT, b'oak barrel').hex()[:12]}…" in tree
    assert "an oak barrel" in tree
    assert tree.endswith("\n")
    assert lineage.tree(made.artifact.digest) == tree
    assert "look deeper" in lineage.tree(made.artifact.digest, depth=1)
    assert len(lineage.tree(made.artifact.digest, depth=0).splitlines()) == 2


def test_graphml_and_json_hold_the_node_and_all_that_it_rests_on(made, lineage):
    digest = made.artifact.digest
    value = json.loads(json.dumps(lineage.to_json(digest)))
    names = [node["id"] for node in value["nodes"]]
    assert value["of"] == digest
    assert set(names) == {digest, *lineage.ancestors(digest)}
    assert all(edge["from"] in names and edge["to"] in names for edge in value["edges"])
    root = ElementTree.fromstring(lineage.to_graphml(digest))
    assert len(root.findall(".//{*}node")) == len(names)
    assert lineage.to_graphml(digest) == Lineage.of(made.storage).to_graphml(digest)
    assert lineage.to_json(digest) == Lineage.of(made.storage).to_json(digest)


def test_bodies_are_read_from_the_log_when_asked_for(made, lineage):
    assert lineage.body(made.artifact.digest) == made.artifact.content()
    assert lineage.body("agent-2") == made.personas[2]
    assert lineage.body(made.told).detail == {"text": "A feast tonight."}
    assert lineage.body("memory-0-4") is None
    assert not any("prompt" in facts and len(str(facts["prompt"])) > 64 for _, facts in lineage.graph.nodes(data=True))


def test_names_that_look_like_markup_stay_text(tmp_path):
    hostile = "<b>]]>&\"' \N{HEBREW LETTER ALEF}\nbreak"
    made = HandMade(Storage(LocalDisk(tmp_path)), names=(hostile, hostile, "c", "d"))
    lineage = Lineage.of(made.storage)
    ElementTree.fromstring(lineage.to_graphml(made.artifact.digest))
    tree = lineage.tree(made.artifact.digest)
    assert hostile.split("\n", maxsplit=1)[0] in tree
    assert not any(line.startswith("break") for line in tree.splitlines())


def test_an_erased_decision_leaves_a_gap_that_is_named(tmp_path):
    made = HandMade(Storage(LocalDisk(tmp_path)))
    path = body_segment(0)
    erase(made.storage, path, made.decision)
    lineage = Lineage.of(made.storage)
    rests_on = lineage.ancestors(made.artifact.digest)
    assert f"content:{made.decision}" in rests_on
    assert lineage.graph.nodes[f"content:{made.decision}"]["what"] == "erased"
    assert "scenario" in rests_on
    assert "erased" in lineage.tree(made.artifact.digest)


def erase(storage, path, digest):
    items = decode_segment(storage.read(path))
    assert digest in [item.digest.hex() for item in items]
    storage.write(path, encode_segment(item.erased() if item.digest.hex() == digest else item for item in items))


def test_a_body_of_the_wrong_shape_is_an_error_that_names_the_entry(tmp_path):
    storage = Storage(LocalDisk(tmp_path))
    log = LogWriter.create(storage, ORIGIN, key())
    log.append(EntryKind.DECISION, 0, {"type": "decision", "id": "decision-0-0-0"})
    log.commit()
    with pytest.raises(LineageError, match="log entry 0"):
        Lineage.of(storage)
    storage.write(body_segment(0), b"nonsense")
    with pytest.raises(FormatError):
        Lineage.of(storage)


def test_content_of_a_plug_in_stands_in_the_graph_under_its_digest(tmp_path):
    storage = Storage(LocalDisk(tmp_path))
    log = LogWriter.create(storage, ORIGIN, key())
    first = log.append(0x8001, 0, {"type": "weather"}).content_digest.hex()
    log.append(0x8001, 60, {"type": "weather", "parents": [first]})
    log.commit()
    lineage = Lineage.of(storage)
    assert len(lineage.descendants(f"content:{first}")) == 1
    assert lineage.graph.nodes[f"content:{first}"]["what"] == "weather"
