"""Each named step of the second verifier finds something that no other step finds."""

from __future__ import annotations

import datetime as dt
import zlib

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.x509.oid import ExtendedKeyUsageOID
from throwaway_certificates import Holder, issue

TEXT = b"some text\n"


@pytest.fixture
def sidecar(files):
    return files["txt"][2]


@pytest.fixture
def chain(signer):
    return [signer.leaf, signer.middle]


@pytest.fixture
def steps(independent_verifier, signer):
    """Names of the steps that find something in a text with this sidecar."""

    def run(sidecar, *, text=TEXT, anchors=None, at=None):
        found = independent_verifier.verify_bytes(text, "text/plain", sidecar, anchors or signer.anchors, at)
        return found.steps

    return run


def link(draft, group, label):
    return next(each for each in draft.claim[group] if each["url"].endswith(label))


def test_the_forge_itself_makes_good_sidecars(steps, forge, sidecar, chain, signer):
    forged = forge(sidecar, lambda draft: None, chain)
    assert steps(forged) == set()
    assert signer.sdk_state("text/plain", TEXT, forged) == "Trusted"


def test_container_only_wrong_chunk_crc(independent_verifier, signer, files):
    _, data, _ = files["png"]
    at = data.index(b"caBX")
    end = at + 4 + int.from_bytes(data[at - 4 : at], "big")
    bad = data[:end] + (zlib.crc32(data[at:end]) ^ 1).to_bytes(4, "big") + data[end + 4 :]
    assert independent_verifier.verify_bytes(bad, "image/png", None, signer.anchors).steps == {"container"}


def test_container_only_no_manifest_at_all(independent_verifier, making, signer):
    for kind, data in (("image/png", making.png()), ("text/plain", TEXT), ("zip", making.archive())):
        assert independent_verifier.verify_bytes(data, kind, None, signer.anchors).steps == {"container"}


def test_boxes_only_stray_bytes_after_the_store(steps, sidecar):
    assert steps(sidecar + b"\0") == {"boxes"}


def test_manifests_only_manifest_of_another_type(steps, sidecar):
    assert steps(sidecar.replace(b"c2ma", b"c2mb", 1)) == {"manifests"}


def test_manifests_only_same_manifest_twice(steps, forge, sidecar, chain):
    twin = sidecar[38:]
    assert steps(forge(sidecar, lambda draft: None, chain, extra=twin)) == {"manifests"}


def test_claim_only_no_claim_generator(steps, forge, sidecar, chain):
    assert steps(forge(sidecar, lambda draft: draft.claim.pop("claim_generator_info"), chain)) == {"claim"}


def test_redactions_only_of_a_manifest_that_is_not_there(steps, forge, sidecar, chain):
    def edit(draft):
        draft.claim["redacted_assertions"] = ["self#jumbf=/c2pa/urn:c2pa:other/c2pa.assertions/c2pa.embedded-data"]

    assert steps(forge(sidecar, edit, chain)) == {"redactions"}


def test_claim_only_points_to_a_foreign_signature(steps, forge, sidecar, chain):
    def edit(draft):
        draft.claim["signature"] = "self#jumbf=/c2pa/urn:c2pa:other/c2pa.signature"

    assert steps(forge(sidecar, edit, chain)) == {"claim"}


def test_assertions_only_changed_after_the_claim(steps, forge, sidecar, chain):
    def edit(draft):
        draft.assertions["org.worldloom.generation"] = {"seed": 8}

    assert steps(forge(sidecar, edit, chain, rehash=False)) == {"assertions"}


def test_assertions_only_removed_from_the_store(steps, forge, sidecar, chain):
    assert steps(forge(sidecar, lambda draft: draft.assertions.pop("org.worldloom.note"), chain)) == {"assertions"}


def test_unclaimed_only_assertion_that_nobody_claims(steps, forge, sidecar, chain):
    def edit(draft):
        draft.claim["gathered_assertions"].remove(link(draft, "gathered_assertions", "org.worldloom.note"))

    assert steps(forge(sidecar, edit, chain)) == {"unclaimed"}


def test_actions_only_made_from_nothing_known(steps, forge, sidecar, chain):
    def edit(draft):
        draft.assertions["c2pa.actions.v2"] = {"actions": [{"action": "c2pa.created"}]}

    assert steps(forge(sidecar, edit, chain)) == {"actions"}


def test_actions_only_gathered_and_not_by_the_signer(steps, forge, sidecar, chain):
    def edit(draft):
        moved = link(draft, "created_assertions", "c2pa.actions.v2")
        draft.claim["created_assertions"].remove(moved)
        draft.claim["gathered_assertions"].append(moved)

    assert steps(forge(sidecar, edit, chain)) == {"actions"}


def test_hidden_only_message_in_the_padding(steps, signer, sidecar):
    at = sidecar.rindex(b"\0" * 600)
    bad = sidecar[:at] + b"meet me at the mill" + sidecar[at + 19 :]
    assert signer.sdk_state("text/plain", TEXT, bad) == "Trusted"  # which is why this step exists
    assert steps(bad) == {"hidden"}


def test_signature_only_changed_claim(steps, sidecar):
    assert steps(sidecar.replace(b"verifier-tests", b"verifier-toast")) == {"signature"}


def test_signature_only_key_of_somebody_else(steps, forge, making, sidecar, signer):
    thief = Holder(signer.leaf.certificate, Ed25519PrivateKey.generate())
    assert steps(forge(sidecar, lambda draft: None, [thief, signer.middle])) == {"signature"}


def other_leaf(making, signer, **profile):
    profile = {"authority": False, **profile}
    return [
        issue("other", signer.middle, Ed25519PrivateKey.generate(), **profile),
        signer.middle,
    ]


def test_certificate_only_for_web_servers(steps, forge, making, sidecar, signer):
    chain = other_leaf(making, signer, purpose=ExtendedKeyUsageOID.SERVER_AUTH)
    assert steps(forge(sidecar, lambda draft: None, chain)) == {"certificate"}


def test_time_only_leaf_expired_but_root_alive(steps, forge, making, sidecar, signer):
    chain = other_leaf(making, signer, days=100)
    forged = forge(sidecar, lambda draft: None, chain)
    assert steps(forged) == set()
    assert steps(forged, at=dt.datetime.now(dt.UTC) + dt.timedelta(days=200)) == {"time"}


def test_trust_only_wrong_anchor(steps, making, sidecar):
    assert steps(sidecar, anchors=making.Signer().anchors) == {"trust"}


def test_trust_only_no_anchor_given(independent_verifier, sidecar):
    assert independent_verifier.verify_bytes(TEXT, "text/plain", sidecar, []).steps == {"trust"}


def test_trust_holds_with_the_intermediate_as_anchor(steps, making, signer, sidecar):
    assert steps(sidecar, anchors=[signer.middle.pem]) == set()


def test_trust_only_leaf_signed_by_a_leaf(steps, forge, making, sidecar, signer):
    below = issue("below", signer.leaf, Ed25519PrivateKey.generate(), authority=False)
    assert steps(forge(sidecar, lambda draft: None, [below, signer.leaf, signer.middle])) == {"trust"}


def test_trust_only_authority_below_a_path_length_of_zero(steps, forge, making, sidecar, signer):
    fresh = Ed25519PrivateKey.generate
    narrow = issue("narrow", signer.root, fresh(), authority=True, room=0)
    deeper = issue("deeper", narrow, fresh(), authority=True)
    leaf = issue("leaf", deeper, fresh(), authority=False)
    assert steps(forge(sidecar, lambda draft: None, [leaf, deeper, narrow])) == {"trust"}


def test_binding_only_not_made_by_the_signer(steps, forge, sidecar, chain):
    def edit(draft):
        moved = link(draft, "created_assertions", "c2pa.hash.data")
        draft.claim["created_assertions"].remove(moved)
        draft.claim["gathered_assertions"].append(moved)

    assert "binding" in steps(forge(sidecar, edit, chain))


def test_binding_only_exclusion_that_leaves_out_part_of_the_text(steps, forge, sidecar, chain):
    def edit(draft):
        draft.assertions["c2pa.hash.data"]["exclusions"] = [{"start": 10, "length": 0}]

    assert steps(forge(sidecar, edit, chain)) == {"binding"}


def test_bytes_only_changed_text(steps, sidecar):
    assert steps(sidecar, text=b"Some text\n") == {"bytes"}


def test_bytes_only_sidecar_of_another_file(steps, signer):
    _, foreign = signer.sign("text/plain", b"another text\n", embed=False)
    assert steps(foreign) == {"bytes"}


def test_ingredients_only_embedded_manifest_with_another_hash(steps, forge, signer, files, chain):
    _, store = signer.sign("text/plain", TEXT, embed=False, part=files["png"][1])
    assert steps(store) == set()

    def edit(draft):
        (label,) = [each for each, value in draft.assertions.items() if value and "activeManifest" in value]
        draft.assertions[label]["activeManifest"]["hash"] = bytes(32)

    assert steps(forge(store, edit, chain)) == {"ingredients"}


def test_ingredients_only_embedded_data_with_another_hash(steps, forge, sidecar, chain):
    def edit(draft):
        draft.assertions["c2pa.ingredient.v3"]["data"]["hash"] = bytes(32)

    assert steps(forge(sidecar, edit, chain)) == {"ingredients"}


def test_ingredient_signed_by_a_stranger_is_not_trusted(steps, making, signer):
    stranger = making.Signer()
    part, _ = stranger.sign("image/png", making.png())
    _, store = signer.sign("text/plain", TEXT, embed=False, part=part)
    assert steps(store) == {"trust"}


@pytest.fixture
def withdrawn(signer, sidecar):
    return signer.withdraw(TEXT, sidecar)


def test_an_update_that_takes_the_prompt_out_is_read(steps, signer, sidecar, withdrawn):
    assert b"a red fox" in sidecar
    assert b"a red fox" not in withdrawn
    assert steps(withdrawn) == set()
    assert steps(withdrawn, text=b"Some text\n") == {"bytes"}
    assert signer.sdk_state("text/plain", TEXT, withdrawn) == "Trusted"


def test_updates_only_an_update_that_edits(steps, forge, chain, withdrawn):
    def edit(draft):
        draft.assertions["c2pa.actions.v2"]["actions"].append({"action": "c2pa.edited"})

    assert steps(forge(withdrawn, edit, chain)) == {"updates"}


def test_an_update_without_its_parent_binds_nothing(steps, forge, chain, withdrawn):
    def edit(draft):
        draft.assertions["c2pa.ingredient.v3"]["relationship"] = "inputTo"

    assert {"updates", "binding"} <= steps(forge(withdrawn, edit, chain))


def test_strays_only_manifest_that_nothing_leads_to(steps, forge, signer, sidecar, chain):
    _, foreign = signer.sign("text/plain", b"another text\n", embed=False)
    assert steps(forge(sidecar, lambda draft: None, chain, extra=foreign[38:])) == {"strays"}


def test_every_step_has_a_case_of_its_own(independent_verifier, request):
    names = " ".join(item.name for item in request.session.items if "test_steps" in item.nodeid)
    if "test_strays_only" not in names:
        pytest.skip("needs the whole file to be collected")
    for step in [*independent_verifier.READING, *independent_verifier.CHECKS]:
        assert f"test_{step}_only" in names
