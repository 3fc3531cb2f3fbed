"""Credentials: signed for every media type, read by two verifiers, and never an exception for bad evidence."""

import datetime as dt
import importlib
import io
import json
import random
import resource
import threading
import zipfile
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import ClassVar

import c2pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worldloom.provenance import jumbf
from worldloom.provenance.credential import Credential
from worldloom.provenance.errors import CredentialError, FormatError, KeystoreError
from worldloom.provenance.frames import unhashed
from worldloom.provenance.keys import Keystore, RunAuthority
from worldloom.provenance.media import EXTENSIONS, embeds
from worldloom.provenance.profile import generation, lineage
from worldloom.provenance.reading import read_credential
from worldloom.provenance.signing import CredentialSigner
from worldloom.provenance.trust import chain_faults

KINDS = sorted(EXTENSIONS)
EMBEDDED = [kind for kind in KINDS if embeds(kind)]
BESIDE = [kind for kind in KINDS if not embeds(kind)]
BINDINGS = {"application/zip": "c2pa.hash.collection.data", "video/mp4": "c2pa.hash.bmff.v3"}
NOW = dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)  # tests make their certificates after this line has run


@pytest.fixture(scope="module")
def anchors(keystore):
    return keystore.anchors()


@pytest.fixture(scope="module")
def signed(signer, payloads, making):
    """Every payload, signed."""
    return {kind: signer.sign(payloads[kind], making(kind)) for kind in KINDS}


@pytest.fixture(scope="module")
def outside(independent_verifier):
    """A module of the independent verifier, by name."""
    return lambda name: importlib.import_module(f"{independent_verifier.__package__}.{name}")


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_signed_reads_as_trusted_and_says_what_was_made(signed, payloads, making, anchors, run_key, kind):
    file = signed[kind]
    read = read_credential(file.data, kind, file.sidecar, anchors)
    assert (read.state, read.failures) == ("Trusted", ())
    assert read.holds
    assert (read.manifest, read.serial) == (file.manifest, file.serial)
    assert read.serial == run_key.serial
    assert read.chain_pem == run_key.chain_pem
    assert read.generation == generation(making(kind), unhashed(payloads[kind], kind))
    assert read.lineage == lineage(making(kind))
    assert read.action == "c2pa.created"
    assert read.source_type.endswith("/trainedAlgorithmicMedia")
    assert read.title == "A letter to Wren"
    assert chain_faults(read.chain_pem, anchors, NOW) == []


@pytest.mark.parametrize("kind", KINDS)
def test_all_that_a_manifest_says_is_the_signers_own_word(signed, anchors, kind):
    read = read_credential(signed[kind].data, kind, signed[kind].sidecar, anchors)
    assert read.gathered == ()
    wanted = {
        "c2pa.actions.v2",
        "c2pa.ai-disclosure",
        "org.worldloom.generation",
        "org.worldloom.lineage",
        "cawg.training-mining",
        "c2pa.ingredient.v3",
        "c2pa.ingredient.v3__1",
        "c2pa.embedded-data",
    }
    assert set(read.created) == wanted | {BINDINGS.get(kind, "c2pa.hash.data")}
    prompt, model = read.ingredients
    assert (prompt.title, prompt.bound, prompt.failures) == ("prompt", True, ())
    assert (model.title, model.instance, model.failures) == ("mesh-programs-1", "sha256:" + "5a" * 32, ())


@pytest.mark.parametrize("kind", KINDS)
def test_the_second_verifier_accepts_what_was_signed(independent_verifier, signed, anchors, kind):
    file = signed[kind]
    result = independent_verifier.verify_bytes(file.data, kind, file.sidecar, anchors, NOW)
    assert result.problems == []
    assert result.manifest == file.manifest


@pytest.mark.parametrize("kind", KINDS)
def test_a_making_by_rules_without_prompt_is_accepted_by_both(
    independent_verifier, signer, payloads, making, ruled, anchors, kind
):
    file = signer.sign(payloads[kind], making(kind, generator=ruled, prompt="", parents=(), inputs=(), parameters={}))
    read = read_credential(file.data, kind, file.sidecar, anchors)
    assert read.state == "Trusted"
    assert read.ingredients == ()
    assert "c2pa.ai-disclosure" not in read.created
    assert independent_verifier.verify_bytes(file.data, kind, file.sidecar, anchors, NOW).problems == []


@pytest.mark.parametrize("kind", BESIDE)
def test_a_file_with_a_sidecar_keeps_its_bytes(signed, payloads, kind):
    assert signed[kind].data == payloads[kind]
    assert signed[kind].sidecar


@pytest.mark.parametrize("kind", EMBEDDED)
def test_an_embedded_credential_needs_no_sidecar(signed, payloads, kind):
    assert signed[kind].sidecar is None
    assert signed[kind].data != payloads[kind]


def covered(outside, kind, file):
    """Offsets of the bytes that a hash covers."""
    carried = outside("containers").find_store(file.data, kind, file.sidecar)
    inside = range(0)
    if carried.span is not None:
        inside = range(carried.span[0], sum(carried.span))
    elif carried.archive is not None:
        (mine,) = [each for each in carried.archive.members if each.name.endswith(".c2pa")]
        inside = range(mine.start, carried.archive.directory)  # with the SDK's remnant before the directory
    if carried.boxes:
        inside = range(carried.boxes[0].start + 8, sum(carried.span))  # what `ftyp` says is not hashed either
    return [place for place in range(len(file.data)) if place not in inside]


@pytest.mark.parametrize("kind", KINDS)
def test_a_bit_flipped_in_the_covered_bytes_is_seen_by_both(independent_verifier, outside, signed, anchors, kind):
    file, chance = signed[kind], random.Random(f"covered {kind}")
    places = covered(outside, kind, file)
    for place in chance.sample(places, min(20, len(places))):
        bad = file.data[:place] + bytes([file.data[place] ^ 1 << chance.randrange(8)]) + file.data[place + 1 :]
        assert not independent_verifier.verify_bytes(bad, kind, file.sidecar, anchors, NOW).ok, place
        if kind != "application/zip":  # of a directory's bytes c2pa-rs rebuilds some instead of comparing them
            assert not read_credential(bad, kind, file.sidecar, anchors).holds, place


def test_a_flipped_member_of_a_zip_is_seen_by_the_sdk_too(signed, anchors):
    data = signed["application/zip"].data
    bad = data.replace(b"hello", b"hellp")
    assert bad != data
    assert not read_credential(bad, "application/zip", None, anchors).holds


@pytest.mark.parametrize("kind", EMBEDDED)
def test_a_file_without_its_credential_is_missing_one(payloads, kind):
    assert read_credential(payloads[kind], kind, None).state == "Missing"


@pytest.mark.parametrize("kind", [*BESIDE, "audio/ogg", "", "x" * 900])
def test_a_file_whose_sidecar_is_gone_is_missing_one(kind):
    assert read_credential(b"text", kind, None) == Credential("Missing", ("worldloom.sidecar.missing",))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("sidecar", [b"", b"x", b"\0" * 64, b"\0\0\0\x10jumb\0\0\0\x08jumd"])
def test_a_sidecar_of_garbage_is_unreadable(payloads, kind, sidecar):
    assert read_credential(payloads[kind], kind, sidecar).state == "Unreadable"


@pytest.mark.parametrize("kind", EMBEDDED)
@pytest.mark.parametrize("data", [b"", b"garbage", b"\x89PNG\r\n\x1a\n", b"PK\x05\x06", b"RIFF\xff\xff\xff\xffWAVE"])
def test_a_file_that_is_not_what_it_claims_never_holds(kind, data):
    assert read_credential(data, kind, None).state in ("Missing", "Unreadable")


def test_the_sidecar_of_another_file_does_not_hold(signed, anchors):
    letter, source = signed["text/plain"], signed["text/x-python"]
    read = read_credential(letter.data, "text/plain", source.sidecar, anchors)
    assert read.state == "Invalid"
    assert "assertion.dataHash.mismatch" in read.failures


def test_without_anchors_a_good_credential_is_valid_and_its_signer_unknown(signed, tmp_path):
    file = signed["image/png"]
    for anchors in ((), Keystore.open(tmp_path).anchors()):
        read = read_credential(file.data, "image/png", None, anchors)
        assert read.state == "Valid"
        assert read.failures == ("signingCredential.untrusted",)
        assert read.holds


def test_an_anchor_that_is_no_certificate_is_the_callers_mistake(signed):
    with pytest.raises(KeystoreError):
        read_credential(signed["image/png"].data, "image/png", None, [b"garbage"])


@settings(max_examples=120, deadline=None)
@given(st.data())
def test_hostile_sidecars_never_raise_and_never_say_something_else(signed, making, anchors, data):
    file = signed["text/plain"]
    mutated = bytearray(file.sidecar)
    for _ in range(data.draw(st.integers(1, 3))):
        mutated[data.draw(st.integers(0, len(mutated) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(mutated)) | st.just(len(mutated)))
    read = read_credential(file.data, "text/plain", bytes(mutated[:cut]), anchors)
    if read.holds:
        assert read.generation == generation(making())
        assert read.serial == file.serial


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(EMBEDDED), st.data())
def test_hostile_files_never_raise(signed, anchors, kind, data):
    whole = signed[kind].data
    place = data.draw(st.integers(0, len(whole) - 1))
    end = data.draw(st.integers(place, len(whole)))
    read_credential(whole[:place] + whole[end:], kind, None, anchors)


def sdk_file(run_key, definition, parts=()):
    """A PNG signed through the SDK by hand, with one real key and any definition."""
    signer = c2pa.Signer.from_info(c2pa.C2paSignerInfo(b"ed25519", run_key.chain_pem, run_key.private_pem(), None))
    settings_ = {"version": 1, "verify": {"verify_after_sign": False}, "builder": {"thumbnail": {"enabled": False}}}
    builder = c2pa.Builder(definition, context=c2pa.Context(c2pa.Settings.from_dict(settings_)))
    for part in parts:
        builder.add_ingredient({"title": "part", "relationship": "componentOf"}, "image/png", io.BytesIO(part))
    return builder, signer


def sdk_png(run_key, payload, definition, parts=()):
    builder, signer = sdk_file(run_key, definition, parts)
    written = io.BytesIO()
    builder.sign(signer, "image/png", io.BytesIO(payload), written)
    return written.getvalue()


CREATED = {
    "label": "c2pa.actions.v2",
    "created": True,
    "data": {"actions": [{"action": "c2pa.created", "digitalSourceType": "http://c2pa.org/digitalsourcetype/empty"}]},
}


def test_an_assertion_that_is_not_the_signers_own_word_is_not_reported_as_one(run_key, payloads, anchors):
    gathered = {"label": "org.worldloom.generation", "data": {"content": "c0" * 32}}
    claimed = {"label": "org.worldloom.lineage", "data": {"origin": "x"}}
    data = sdk_png(run_key, payloads["image/png"], {"title": "t", "assertions": [CREATED, gathered, claimed]})
    read = read_credential(data, "image/png", None, anchors)
    assert read.state == "Trusted"
    assert (read.generation, read.lineage) == ({}, {})
    assert {"org.worldloom.generation", "org.worldloom.lineage"} <= set(read.gathered)


def test_a_tampered_ingredient_is_reported_although_its_child_is_trusted(run_key, signed, payloads, anchors):
    part = signed["image/png"].data
    place = part.rindex(b"IDAT") + 20
    bad = part[:place] + bytes([part[place] ^ 1]) + part[place + 1 :]
    for given_part, failures in ((part, ()), (bad, ("assertion.dataHash.mismatch",))):
        data = sdk_png(run_key, payloads["image/png"], {"title": "t", "assertions": [CREATED]}, [given_part])
        read = read_credential(data, "image/png", None, anchors)
        assert read.state == "Trusted"
        (found,) = [each for each in read.ingredients if each.relation == "componentOf"]
        assert found.manifest == signed["image/png"].manifest
        assert [code for code in found.failures if "untrusted" not in code] == list(failures)
        assert {each.of for each in read.ingredients if each.title == "prompt"} == {signed["image/png"].manifest}


def test_a_tampered_prompt_is_seen(signed, making, anchors):
    file = signed["text/plain"]
    prompt = making().prompt.encode()
    assert file.sidecar.count(prompt) == 1
    read = read_credential(file.data, "text/plain", file.sidecar.replace(prompt, prompt[::-1]), anchors)
    assert not read.holds


def test_lists_of_small_integers_read_back_as_lists(signer, making, anchors):
    # The SDK's other reports turn [1, 2, 3] into base64 text, and cut 300 to a byte.
    numbers = {"bytes": [1, 2, 3], "mixed": [300, 2], "none": [], "deep": [[1], [255, 0]]}
    file = signer.sign(b"x", making(parameters=numbers))
    assert read_credential(b"x", "text/plain", file.sidecar, anchors).generation["parameters"] == numbers


class Ear(BaseHTTPRequestHandler):
    heard: ClassVar[list[str]] = []

    def do_GET(self):
        self.heard.append(self.path)
        self.send_response(404)
        self.end_headers()

    def log_message(self, *_):
        pass


def test_reading_a_hostile_file_asks_no_network(run_key, payloads):
    server = HTTPServer(("127.0.0.1", 0), Ear)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    builder, signer = sdk_file(run_key, {"title": "t", "assertions": [CREATED]})
    builder.set_no_embed()
    builder.set_remote_url(f"http://127.0.0.1:{server.server_port}/far.c2pa")
    written = io.BytesIO()
    builder.sign(signer, "image/png", io.BytesIO(payloads["image/png"]), written)
    assert b"far.c2pa" in written.getvalue()
    assert read_credential(written.getvalue(), "image/png", None).state in ("Missing", "Unreadable")
    server.shutdown()
    server.server_close()
    assert Ear.heard == []


def test_nothing_cannot_be_signed(signer, making):
    for kind in KINDS:
        with pytest.raises(CredentialError, match="empty"):
            signer.sign(b"", making(kind))


@pytest.mark.parametrize("kind", EMBEDDED)
def test_bytes_that_are_not_of_their_type_cannot_be_signed(signer, making, kind):
    with pytest.raises(CredentialError, match="cannot be signed as"):
        signer.sign(b"garbage", making(kind))


def test_a_compressed_zip_cannot_be_signed(signer, making):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("a.txt", "hello" * 99)
    with pytest.raises(CredentialError):
        signer.sign(stream.getvalue(), making("application/zip"))


def test_a_media_type_of_others_cannot_be_signed(signer, making):
    with pytest.raises(CredentialError, match="audio/ogg"):
        signer.sign(b"x", making("audio/ogg"))


def test_two_signings_of_one_payload_differ_and_both_hold(signer, making, anchors):
    one, two = (signer.sign(b"x", making()) for _ in range(2))
    assert one.manifest != two.manifest
    assert {read_credential(b"x", "text/plain", each.sidecar, anchors).state for each in (one, two)} == {"Trusted"}
    assert read_credential(b"x", "text/plain", one.sidecar, anchors).manifest == one.manifest


def test_a_destroyed_key_signs_nothing_and_its_neighbour_does(keystore, making):
    authority = RunAuthority(keystore.operator, "a", 1)
    gone, alive = authority.issue("cohort-0"), authority.issue("cohort-1")
    dead, living = CredentialSigner(gone), CredentialSigner(alive)
    before = dead.sign(b"x", making())
    gone.destroy()
    with pytest.raises(KeystoreError, match="cohort-0"):
        dead.sign(b"x", making())
    with pytest.raises(KeystoreError):
        CredentialSigner(gone)
    living.sign(b"x", making())
    # What it signed while it lived stays good.
    assert read_credential(b"x", "text/plain", before.sidecar, keystore.anchors()).state == "Trusted"


def test_one_signer_serves_several_threads(signer, making, anchors):
    def work(number):
        text = b"letter %d" % number
        file = signer.sign(text, making(seed=number))
        return read_credential(text, "text/plain", file.sidecar, anchors).generation["seed"]

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(work, range(60))) == [str(number) for number in range(60)]


STATM = Path("/proc/self/statm")


def resident():
    """Kilobytes of memory that this process holds now."""
    return int(STATM.read_text().split()[1]) * resource.getpagesize() // 1024


@pytest.mark.skipif(not STATM.exists(), reason="needs Linux's /proc")
def test_many_signings_do_not_leak(signer, making, payloads, anchors):
    def work(count):
        for _ in range(count):
            file = signer.sign(payloads["image/png"], making("image/png"))
            read_credential(file.data, "image/png", None, anchors)
            with pytest.raises(CredentialError):
                signer.sign(b"garbage", making("image/png"))

    work(100)
    before = resident()
    work(400)
    # A leak of one manifest a call would be 400 x 7 kB.
    assert resident() - before < 1400


def test_the_chain_is_found_in_the_store_by_our_own_reading(signed, run_key):
    store = signed["text/plain"].sidecar
    assert jumbf.active_manifest(store) == signed["text/plain"].manifest
    assert len(jumbf.certificate_chain(store, signed["text/plain"].manifest)) == 2
    with pytest.raises(FormatError, match="no box"):
        jumbf.certificate_chain(store, "urn:c2pa:other")


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=60) | st.integers(0, 5000), st.integers(0, 255))
def test_our_own_reading_of_a_store_fails_only_as_a_format_error(signed, change, byte):
    store, label = signed["text/plain"].sidecar, signed["text/plain"].manifest
    if isinstance(change, int):
        place = change % len(store)
        store = store[:place] + bytes([byte]) + store[place + 1 :]
    else:
        store = change
    try:
        jumbf.active_manifest(store)
        jumbf.certificate_chain(store, label)
    except FormatError:
        pass


def test_a_report_of_the_sdk_is_plain_json_of_integers_and_text(signed, anchors):
    read = read_credential(signed["image/png"].data, "image/png", None, anchors)
    json.dumps(read.generation, allow_nan=False)
    assert "." not in json.dumps(list(read.generation["parameters"].values()))
