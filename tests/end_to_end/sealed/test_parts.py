"""What the world and the page of a run are put together from: parts of their credentials, which the audit walks."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from worldloom.cluster import RunResult
from worldloom.provenance.audit import audit
from worldloom.provenance.audit.made_steps import references_of
from worldloom.provenance.credential import Credential
from worldloom.provenance.parts import LIMIT
from worldloom.provenance.reading import read_credential

WORLD, PAGE = "world/world.glb", "report.html"
TYPES = {WORLD: "model/gltf-binary", PAGE: "text/html"}


@pytest.fixture(scope="module")
def told(crafts_run: RunResult, anchors: list[bytes]) -> Callable[[str], Credential]:
    def read(path: str) -> Credential:
        file = crafts_run.run / path
        return read_credential(file.read_bytes(), TYPES[path], Path(f"{file}.c2pa").read_bytes(), anchors)

    return read


def parts_of(credential: Credential) -> list[str]:
    """Titles of all parts, those inside first."""
    own = [each for each in credential.ingredients if each.of == credential.manifest]
    inside = [each.title for each in own if each.relation == "componentOf"]
    return inside + [str(each["title"]) for each in references_of(credential)]


def test_all_that_stands_in_the_world_is_a_part_of_it(crafts_run: RunResult, told: Callable) -> None:
    data = (crafts_run.run / WORLD).read_bytes()
    tree = json.loads(data[20 : 20 + int.from_bytes(data[12:16], "little")])
    nodes = [each for each in tree["nodes"] if each.get("extras", {}).get("kind") == "made"]
    shown = {
        each["extras"]["artifact"]: each["name"]
        for each in nodes
        if not each["extras"]["media_type"].startswith("text/")
    }
    assert shown
    assert len(parts_of(told(WORLD))) == len(shown)


def test_the_page_is_made_of_map_world_and_every_picture_that_it_shows(
    crafts_run: RunResult, crafts: object, told: Callable
) -> None:
    parts = parts_of(told(PAGE))
    assert {"world/map.png", WORLD} <= set(parts)
    pictures = [body for body in crafts.artifacts if body["media_type"] == "image/svg+xml"]
    assert len(parts) >= 2 + len(pictures)


@pytest.mark.parametrize("path", [WORLD, PAGE])
def test_parts_stay_within_their_budget_and_bring_no_prompts(
    crafts_run: RunResult, crafts: object, path: str, told: Callable
) -> None:
    store = (crafts_run.run / f"{path}.c2pa").read_bytes()
    assert len(store) < LIMIT + 16_384
    assert told(path).state == "Trusted"
    prompts = [body["recipe"]["prompt"].encode() for body in crafts.artifacts if body["recipe"]["prompt"]]
    assert prompts
    assert not [prompt for prompt in prompts if prompt in store]


def test_the_world_alone_is_clean_and_says_which_parts_only_its_run_shows(
    crafts_run: RunResult, anchors: list[bytes]
) -> None:
    result = audit(crafts_run.run / WORLD, anchors=anchors)
    assert result.exit_code == 0
    assert result.levels["ingredients"] == "pass"


@pytest.mark.parametrize("inside", [True, False])
def test_a_tampered_part_fails_what_it_is_part_of(
    crafts_run: RunResult, told: Callable, anchors: list[bytes], copy: Callable, crafts: object, inside: bool
) -> None:
    moved, credential = copy(crafts_run.run), told(PAGE)
    if inside:
        labels = {each.manifest for each in credential.ingredients if each.relation == "componentOf"}
        evidence = [crafts.log.evidence(at) for at in range(crafts.log.size)]
        path = next(each["path"] for each in evidence if each and each.get("manifest") in labels)
    else:
        path = WORLD  # too large a history to be inside
        assert WORLD in [each["title"] for each in references_of(credential)]
    data = (moved / path).read_bytes()
    at = data.index(b"</") if path.endswith(".svg") else len(data) // 2
    (moved / path).write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
    result = audit(moved, anchors=anchors)
    assert result.exit_code == 10
    assert ("ingredients", PAGE) in {(each.step, each.path) for each in result.faults}


def test_a_part_edited_inside_the_credential_fails_the_world(
    crafts_run: RunResult, told: Callable, anchors: list[bytes], tmp_path: Path
) -> None:
    """A word of a part's manifest is changed in the sidecar of the world, which lies alone."""
    label = next(each.manifest for each in told(WORLD).ingredients if each.relation == "componentOf")
    store = (crafts_run.run / f"{WORLD}.c2pa").read_bytes()
    at = store.index(b"output_licence", store.index(label.encode()))
    (tmp_path / "world.glb").write_bytes((crafts_run.run / WORLD).read_bytes())
    (tmp_path / "world.glb.c2pa").write_bytes(store[:at] + b"outpxt_licence" + store[at + 14 :])
    result = audit(tmp_path / "world.glb", anchors=anchors)
    assert result.exit_code == 10
    assert {each.path for each in result.faults} == {"world.glb"}
