"""Signed parts: embedded while they are few, hashed references beyond; a tampered part fails what it is part of."""

from __future__ import annotations

import datetime as dt

import pytest
from worldloom.provenance import parts as parts_module
from worldloom.provenance.audit.made_steps import ingredient_faults, ingredient_signer_faults, references_of
from worldloom.provenance.audit.profile_steps import lint_manifest
from worldloom.provenance.digests import file_digest
from worldloom.provenance.errors import CredentialError
from worldloom.provenance.parts import LIMIT, Part
from worldloom.provenance.reading import read_credential

NOW = dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)


@pytest.fixture(scope="module")
def picture(signer, payloads, making):
    return Part(
        "an emblem", "image/png", signer.sign(payloads["image/png"], making("image/png")).data, content="c0" * 32
    )


@pytest.fixture(scope="module")
def letter(signer, payloads, making):
    signed = signer.sign(payloads["text/plain"], making())
    return Part("a letter", "text/plain", signed.data, signed.sidecar, "inputTo", "c1" * 32)


def assembled(signer, making, payloads, *parts):
    return signer.sign(payloads["application/zip"], making("application/zip", parts=parts)).data


def read(data, keystore):
    return read_credential(data, "application/zip", None, keystore.anchors())


def test_a_part_with_its_credential_inside_is_embedded(
    signer, making, payloads, picture, keystore, independent_verifier
):
    data = assembled(signer, making, payloads, picture)
    found = read(data, keystore)
    (part,) = [each for each in found.ingredients if each.relation == "componentOf"]
    assert (found.state, part.title, part.bound) == ("Trusted", "an emblem", True)
    assert list(ingredient_signer_faults(found, keystore.anchors(), NOW)) == []
    assert len(list(ingredient_signer_faults(found, [], NOW))) == 1
    assert part.manifest == read_credential(picture.data, "image/png", None).manifest
    assert list(ingredient_faults(found)) == []
    assert list(lint_manifest(found, "application/zip")) == []
    assert "ingredients" not in found.lineage
    assert independent_verifier.verify_bytes(data, "application/zip", None, keystore.anchors(), NOW).problems == []


def test_a_part_with_a_sidecar_is_embedded_as_well(signer, making, payloads, letter, keystore, independent_verifier):
    data = assembled(signer, making, payloads, letter)
    found = read(data, keystore)
    (part,) = [each for each in found.ingredients if each.title == "a letter"]
    assert (found.state, part.relation, part.bound) == ("Trusted", "inputTo", True)
    assert part.manifest == read_credential(letter.data, "text/plain", letter.sidecar).manifest
    assert (list(ingredient_faults(found)), references_of(found)) == ([], [])
    assert list(lint_manifest(found, "application/zip")) == []
    assert independent_verifier.verify_bytes(data, "application/zip", None, keystore.anchors(), NOW).problems == []


def test_a_part_leaves_its_prompt_at_home(signer, making, payloads, picture, letter, keystore):
    prompt = making().prompt.encode()
    assert prompt in letter.sidecar
    data = assembled(signer, making, payloads, picture, letter)
    assert data.count(prompt) == 1  # the zip's own
    found = read(data, keystore)
    (actions,) = [said["actions"] for label, said in found.said.items() if label.startswith("c2pa.actions")]
    assert [each["action"] for each in actions] == ["c2pa.created", "c2pa.placed", "c2pa.redacted", "c2pa.redacted"]


@pytest.mark.parametrize("first", [True, False])
def test_a_part_of_a_part_may_be_a_part_itself(
    signer, making, payloads, picture, letter, keystore, independent_verifier, first
):
    """The page shows a picture, and the world in which it hangs, whose copy of its manifest has no prompt."""
    world = signer.sign(payloads["image/jpeg"], making("image/jpeg", parts=(picture,), prompt="another"))
    whole = Part("world", "image/jpeg", world.data)
    data = assembled(signer, making, payloads, *((picture, whole) if first else (whole, picture)), letter)
    found = read(data, keystore)
    assert (found.state, list(ingredient_faults(found))) == ("Trusted", [])
    inside = {each.title for each in found.ingredients if each.relation == "componentOf"}
    named = [each["title"] for each in references_of(found)]
    assert (inside | {*named}, len(named)) == ({"an emblem", "world"}, 1)
    assert data.count(making().prompt.encode()) == 1
    assert b"another" not in data
    assert list(lint_manifest(found, "application/zip")) == []
    assert independent_verifier.verify_bytes(data, "application/zip", None, keystore.anchors(), NOW).problems == []


def test_a_part_beyond_the_limit_is_named_by_its_hashes(signer, making, payloads, picture, letter, keystore):
    found = read(assembled(signer, making, payloads, *[picture] * 12, letter), keystore)
    reference = references_of(found)[-1]
    assert reference == {
        "title": "a letter",
        "relation": "used",
        "content": "c1" * 32,
        "file": file_digest(letter.data).hex(),
        "manifest": read_credential(letter.data, "text/plain", letter.sidecar).manifest,
        "manifest_sha256": file_digest(letter.sidecar).hex(),
    }
    assert list(lint_manifest(found, "application/zip")) == []


def test_embedding_ends_at_the_limit_and_nothing_is_lost(signer, making, payloads, picture, keystore):
    count = 16
    data = assembled(signer, making, payloads, *[picture] * count)
    found = read(data, keystore)
    inside = [each for each in found.ingredients if each.relation == "componentOf" and each.of == found.manifest]
    assert found.state == "Trusted"
    assert 0 < len(inside) < count
    assert len(inside) + len(references_of(found)) == count
    assert len(data) < LIMIT + 40_000


def test_a_history_that_builds_on_itself_stays_bounded(signer, making, payloads, picture, keystore):
    part, sizes = picture, []
    for number in range(14):
        data = signer.sign(payloads["image/png"], making("image/png", parts=(part,), seed=number)).data
        sizes.append(len(data))
        part = Part(f"stage {number}", "image/png", data)
    assert max(sizes) < len(payloads["image/png"]) + LIMIT + 30_000
    assert read_credential(part.data, "image/png", None, keystore.anchors()).state == "Trusted"


def flipped(part):
    place = part.data.rindex(b"IDAT") + 20
    return Part(part.title, part.media_type, part.data[:place] + bytes([part.data[place] ^ 1]) + part.data[place + 1 :])


@pytest.mark.parametrize("bare", [True, False])
def test_nothing_is_built_on_a_part_that_does_not_hold(signer, making, payloads, picture, bare):
    bad = Part("bare", "image/png", payloads["image/png"]) if bare else flipped(picture)
    with pytest.raises(CredentialError, match="part"):
        assembled(signer, making, payloads, bad)


def test_a_tampered_part_inside_fails_what_it_is_part_of(signer, making, payloads, picture, keystore, monkeypatch):
    # Another signer than ours might embed it all the same.
    monkeypatch.setattr(parts_module, "_require_whole", lambda part, read: None)
    found = read(assembled(signer, making, payloads, flipped(picture)), keystore)
    assert found.state == "Trusted"  # the SDK does not count it against the whole
    assert any("does not hold: assertion.dataHash.mismatch" in each for each in ingredient_faults(found))


def test_a_tampered_part_is_found_however_deep_it_lies(signer, making, payloads, picture, keystore, monkeypatch):
    honest = parts_module._require_whole
    monkeypatch.setattr(parts_module, "_require_whole", lambda part, read: None)
    deep = flipped(picture)
    for number in range(3):
        data = signer.sign(payloads["image/png"], making("image/png", parts=(deep,), seed=number)).data
        deep = Part(f"stage {number}", "image/png", data)
    monkeypatch.setattr(parts_module, "_require_whole", honest)
    found = read(assembled(signer, making, payloads, deep), keystore)
    assert any("does not hold" in each for each in ingredient_faults(found))


def test_a_relation_that_is_none_is_refused(signer, making, payloads, picture):
    with pytest.raises(CredentialError, match="relation"):
        assembled(signer, making, payloads, Part("x", "image/png", picture.data, relation="friendOf"))
