"""Every signed file of a real run holds in the SDK of C2PA and in the verifier that shares no code with it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import pytest
from worldloom.cluster import RunResult
from worldloom.provenance.folder import REPORT, SCENARIO_PY, sidecar
from worldloom.provenance.media import media_type_of
from worldloom.provenance.reading import read_credential


class Signed(NamedTuple):
    name: str
    media_type: str
    data: bytes
    sidecar: bytes | None


@pytest.fixture(scope="module")
def signed(crafts: object) -> list[Signed]:
    """Scenario, artifacts, exports, report and zip."""
    logged = [body["file"] for body in (*crafts.artifacts, *crafts.exports)]
    paths = [crafts.path / name for name in (SCENARIO_PY, *logged, REPORT)]
    paths.append(crafts.path.with_name(f"{crafts.path.name}.zip"))
    return [read(path) for path in paths]


def read(path: Path) -> Signed:
    beside = path.with_name(sidecar(path.name))
    store = beside.read_bytes() if beside.is_file() else None
    return Signed(path.name, media_type_of(path.name), path.read_bytes(), store)


def test_there_is_one_of_everything_that_a_run_signs(signed: list[Signed], crafts_run: RunResult) -> None:
    kinds = {"text/plain", "image/svg+xml", "image/png", "model/gltf-binary", "audio/wav"}
    assert {each.media_type for each in signed} == kinds | {"text/x-python", "text/html", "application/zip"}
    assert len(signed) == crafts_run.artifacts + 5


def test_all_of_them_are_trusted_by_both(
    signed: list[Signed], independent_verifier: ModuleType, anchors: list[bytes]
) -> None:
    for each in signed:
        credential = read_credential(*each[2:3], each.media_type, each.sidecar, anchors)
        assert (credential.state, credential.failures) == ("Trusted", ()), each.name
        result = independent_verifier.verify_bytes(each.data, each.media_type, each.sidecar, anchors)
        assert result.problems == [], each.name
        assert result.manifest == credential.manifest, each.name


def test_none_of_them_is_trusted_by_either_without_the_anchor(
    signed: list[Signed], independent_verifier: ModuleType
) -> None:
    for each in signed:
        assert read_credential(each.data, each.media_type, each.sidecar).state == "Valid", each.name
        result = independent_verifier.verify_bytes(each.data, each.media_type, each.sidecar, [])
        assert result.steps == {"trust"}, each.name


def test_all_of_them_hold_after_400_days_and_none_after_11_years(
    signed: list[Signed], independent_verifier: ModuleType, anchors: list[bytes]
) -> None:
    now = datetime.now(UTC)
    for each in signed:
        later = now + timedelta(days=400)
        assert independent_verifier.verify_bytes(each.data, each.media_type, each.sidecar, anchors, later).ok, each.name
        later = now + timedelta(days=11 * 366)
        assert not independent_verifier.verify_bytes(each.data, each.media_type, each.sidecar, anchors, later).ok


@pytest.mark.parametrize("part", [0.3, 0.6, 0.97])
def test_a_changed_payload_fails_in_both(
    signed: list[Signed], independent_verifier: ModuleType, anchors: list[bytes], part: float
) -> None:
    """The payload is what the answers recorded; in a file that carries its credential it lies around it."""
    for each in signed:
        at = payload_place(each, part)
        data = each.data[:at] + bytes([each.data[at] ^ 1]) + each.data[at + 1 :]
        said = read_credential(data, each.media_type, each.sidecar, anchors)
        assert said.state not in ("Trusted", "Valid"), (each.name, at)
        result = independent_verifier.verify_bytes(data, each.media_type, each.sidecar, anchors)
        assert not result.ok, (each.name, at)


def payload_place(each: Signed, part: float) -> int:
    """A place in the payload: where the credential is embedded, one that does not fall into it."""
    at = int(len(each.data) * part)
    begin = each.data.find(b"jumb")
    if each.sidecar is not None or begin < 0:
        return at
    before, after = range(8, begin - 16), range(len(each.data) - 16, len(each.data))
    return before[int(len(before) * part)] if len(before) > 32 else after[int(len(after) * part)]


def test_a_sidecar_says_nothing_of_another_file(
    signed: list[Signed], independent_verifier: ModuleType, anchors: list[bytes]
) -> None:
    beside = [each for each in signed if each.sidecar is not None]
    for each, other in zip(beside, [*beside[1:], beside[0]], strict=True):
        assert read_credential(each.data, each.media_type, other.sidecar, anchors).state == "Invalid", each.name
        assert not independent_verifier.verify_bytes(each.data, each.media_type, other.sidecar, anchors).ok, each.name


def test_each_credential_names_the_content_that_the_log_holds(crafts: object, anchors: list[bytes]) -> None:
    for body in crafts.artifacts:
        each = read(crafts.path / body["file"])
        said = read_credential(each.data, each.media_type, each.sidecar, anchors)
        assert said.generation["content"] == Path(body["file"]).stem
        assert said.generation["media_type"] == body["media_type"]
        assert said.title == body["title"]
        assert said.source_type.endswith(body["recipe"]["generator"]["source_type"])
